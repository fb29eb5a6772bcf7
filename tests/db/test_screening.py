"""What is read before neighbours see it: word lists however a word is spelled, links of newcomers, the same text again (X10)."""

from datetime import timedelta

import pytest

from db import comments, posts, reviews, revisions, screening
from db.audit import AuditLog
from tests import make
from tests.make import refused

HOUR = timedelta(hours=1)


@pytest.fixture
def listed(cast, now):
    screening.add("加微信\n代开发票", "hold", cast.lin, now)
    screening.add("办证", "refuse", cast.lin, now)


@pytest.mark.parametrize(
    "text", ["请加微信看图", "加 微 信", "加·微。信", "ＡＢＣ加微信", "加\u200b微信", "請加微信", "代開發票找我", "代 開_發★票"]
)
def test_a_word_is_found_however_it_is_written(cast, now, listed, text):
    assert screening.why_wait(cast.zhao, text, now) == "words"


@pytest.mark.parametrize("text", ["今天微信里说的", "发票丢了怎么办", "", "🏮🏮"])
def test_other_words_are_left_alone(cast, now, listed, text):
    assert screening.why_wait(cast.zhao, text, now) == ""


def test_a_forbidden_word_is_refused_beside_the_field_and_named(cast, now, listed):
    for write in (lambda: make.post(cast.zhao, now, "專業辦 證"), lambda: make.post(cast.li, now, "办证")):
        with refused("bad-words", 422) as met:
            write()
        assert met.value.field == "body" and "办证" in met.value.sentence
    with refused("bad-words", 422):
        comments.say(cast.zhao, make.post(cast.zhao, now), now, body="办证", op_id="c1")


def test_what_the_host_says_does_not_wait(cast, now, listed):
    assert make.post(cast.li, now, "不要随便加微信").published


def test_a_post_with_a_listed_word_waits_even_of_a_trusted_neighbor(cast, now, listed):
    post = make.post(cast.zhao, now, "加微信看图")
    assert (post.state, post.held_for) == ("pending", "words")
    assert make.post(cast.wang, now, "第一条").held_for == "first"


def test_an_edit_that_brings_such_a_word_waits_as_a_shadow(cast, now, listed):
    post = make.post(cast.zhao, now, "樱花开了")
    assert revisions.edit(post, cast.zhao, now, body="樱花开了，加微信看图") == "pending"
    assert posts.find(cast.cuihu, post.id).body == "樱花开了"


def test_links_of_newcomers_wait_and_those_of_the_trusted_do_not(cast, now):
    post = make.post(cast.zhao, now)
    for number, text in enumerate(("看 https://a.example/x", "ＨＴＴＰ：//a.example", "上 abc.shop 看看")):
        assert comments.say(cast.wang, post, now, body=text, op_id=f"w{number}").state == "pending"
        assert comments.say(cast.zhao, post, now, body=text, op_id=f"z{number}").state == "published"
    assert comments.say(cast.wang, post, now, body="好看", op_id="plain").state == "published"


def test_the_same_text_again_and_again_waits(cast, now):
    text = "家政保洁擦玻璃专业团队欢迎来问"
    assert [make.post(cast.zhao, now, text).state for _ in range(4)] == ["published", "published", "pending", "pending"]
    assert make.post(cast.zhao, now, text.replace("家", " 家")).held_for == "repeat"
    assert make.post(cast.zhou, now, text).held_for == "first"  # next door nobody has heard it
    assert make.post(cast.zhao, now + 25 * HOUR, text).published


def test_short_words_may_be_said_every_day(cast, now):
    assert {make.post(cast.zhao, now, "早上好").state for _ in range(6)} == {"published"}


def test_whom_the_host_watches_waits_and_is_told_why(cast, now):
    from db import members

    members.watch(cast.zhao, cast.li, now, "总在深夜发广告")
    zhao = make.again(cast.zhao)
    post = make.post(zhao, now)
    assert (zhao.trusted, post.state, post.held_for) == (False, "pending", "watched")
    members.release(zhao, cast.li, now)
    assert make.post(make.again(cast.zhao), now).published
    assert [(line.action, line.reason) for line in AuditLog.select().where(AuditLog.action.in_(["watch", "release"]))] == [
        ("watch", "总在深夜发广告"), ("release", "不用再先审后发"),
    ]  # fmt: skip


def test_a_list_is_changed_by_hq_with_a_line_in_the_book(cast, now, listed):
    assert screening.add("加微信，刷单", "refuse", cast.lin, now) == 2
    assert {word.word: word.level for word in screening.listed()} == {
        "加微信": "refuse", "刷单": "refuse", "代开发票": "hold", "办证": "refuse",
    }  # fmt: skip
    word = next(word for word in screening.listed() if word.word == "刷单")
    screening.take_off(word.id, cast.lin, now)
    with refused("moved-on"):
        screening.take_off(word.id, cast.lin, now)
    assert screening.hits("刷单") == []
    assert AuditLog.select().where(AuditLog.action.in_(["add words", "remove words"])).count() == 4


@pytest.mark.parametrize("text", ["", "  \n", "字", "★★", "长" * 41, "\n".join(f"词语{number}" for number in range(201))])
def test_what_is_no_list_of_words_is_refused(cast, now, text):
    with pytest.raises(screening.Refused) as met:
        screening.add(text, "hold", cast.lin, now)
    assert met.value.status == 422 and met.value.field == "words" and screening.listed() == []


def test_hq_sees_what_a_word_would_hold_up_before_it_is_saved(cast, now):
    make.post(cast.zhao, now, "樱 花开了"), make.post(cast.zhao, now, "别的")
    make.post(cast.zhou, now, "等着的樱花")  # not seen by anybody yet
    found, shown = screening.preview("樱花\n月亮", reviews.lately_said())
    assert (found, shown) == (1, [("樱花", "樱 花开了")])
    assert screening.listed() == []


def test_what_was_said_is_forgotten_after_a_day(cast, now):
    make.post(cast.zhao, now, "家政保洁擦玻璃专业团队欢迎来问")
    assert screening.forget_old(now + 25 * HOUR) == 1
