"""消息: like things are one line, a loud day stays quiet, and what is turned off stays off, by a switch or by a link."""

from datetime import timedelta

import pytest

from db import comments, likes, links, mailboxes, members, merging, notices, people, posts
from db.notices import A_DAY, ALWAYS, KINDS, Notice, NoticePref
from tests import make
from tests.make import at_once, refused

MINUTE = timedelta(minutes=1)


def lines(person, *, read=False):
    """[(sentence, times)] of this person's unread lines, oldest first."""
    mine = (Notice.user == person.user_id) & Notice.read_at.is_null(not read)
    return [(line.sentence, line.times) for line in Notice.select().where(mine).order_by(Notice.id)]


def tell(people, now, sentence="有人找您", url="/about", kind="talk", **values):
    notices.tell([each.user_id for each in people], kind, sentence, url, now, **values)


def say(member, post, now, body="好香啊", answers=None):
    return comments.say(member, post, now, body=body, op_id=make.secrets.token_hex(8), answers=answers)


# One line


def test_what_is_told_again_before_it_is_read_is_one_line(cast, now):
    tell([cast.wang], now, "第一句")
    tell([cast.wang], now + MINUTE, "第二句")
    tell([cast.wang], now, "别的事", "/look")
    assert lines(cast.wang) == [("第二句", 2), ("别的事", 1)]
    assert Notice.get(Notice.sentence == "第二句").at == now + MINUTE
    notices.read_all(cast.wang.user, now + MINUTE)
    tell([cast.wang], now + 2 * MINUTE, "第三句")
    assert lines(cast.wang) == [("第三句", 1)]


def test_twenty_threads_telling_one_thing_make_one_line_of_twenty(cast, now):
    at_once(20, lambda _: tell([cast.wang, cast.zhao], now, key="post 1"))
    assert lines(cast.wang) == lines(cast.zhao) == [("有人找您", 20)]


def test_telling_and_reading_at_once_loses_nothing(cast, now):
    def act(number):
        return notices.read_all(cast.wang.user, now) and None if number % 4 == 0 else tell([cast.wang], now)

    at_once(20, act)
    assert sum(line.times for line in Notice.select()) == 15


def test_a_long_address_is_told_apart_by_its_end(cast, now):
    for number in (1, 2):
        tell([cast.wang], now, url="/n/" + "a" * 90 + f"/posts/{number}")
    assert len(lines(cast.wang)) == 2


def test_a_sentence_that_counts_for_itself_is_not_counted(cast, now):
    for number in (1, 2, 3):
        tell([cast.wang], now, f"{number} 位邻居", key="likes", anew=True)
    assert lines(cast.wang) == [("3 位邻居", 1)]


def test_a_loud_day_becomes_one_line_more_a_known_one_goes_on_and_tomorrow_is_new(cast, now):
    yesterday = now - timedelta(days=1)
    tell([cast.wang], yesterday, key="昨天的")
    for number in range(A_DAY + 12):
        tell([cast.wang, cast.zhao] if number < 3 else [cast.wang], now, key=f"{number}")
    assert len(lines(cast.wang)) == A_DAY + 2 and lines(cast.wang)[-1] == ("有人找您", 12)
    tell([cast.wang], now, key="昨天的")  # unread since yesterday: still its own line
    assert lines(cast.wang)[0] == ("有人找您", 2)
    tell([cast.wang], now, kind="like")
    tell([cast.wang, cast.zhao], now + timedelta(days=1), key="明天的")
    assert lines(cast.wang)[-1][1] == lines(cast.zhao)[-1][1] == 1
    for number in range(A_DAY + 5):
        tell([cast.wang], now, key=f"{number}", kind="review")
    assert Notice.select().where(Notice.kind == "review").count() == A_DAY + 5  # must be known, each by itself


def test_a_crowd_is_told_with_the_same_few_statements(cast, now, queries):
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(30)]
    queries.clear()
    tell(crowd[:1], now, kind="place")
    few = len(queries)
    tell(crowd[1:], now, kind="place")
    assert len(queries) == 2 * few <= 6 and Notice.select().count() == 30


def test_who_is_gone_is_told_nothing(cast, now):
    people.User.update(status="erased").where(people.User.id == cast.wang.user_id).execute()
    tell([cast.wang, cast.zhao], now)
    assert not lines(cast.wang) and lines(cast.zhao)


# Reading


def test_pages_go_on_where_the_last_one_ended(cast, now):
    for number in range(notices.PAGE + 5):
        tell([cast.wang], now + number * MINUTE, key=f"{number}", kind="desk")
    tell([cast.zhao], now)
    first, more = notices.inbox(cast.wang.user)
    rest, end = notices.inbox(cast.wang.user, (first[-1].at, first[-1].id))
    assert (len(first), more, len(rest), end) == (notices.PAGE, True, 5, False)
    assert [line.at for line in first + rest] == sorted((line.at for line in first + rest), reverse=True)


def test_only_ones_own_lines_are_read_and_a_thousand_in_one_statement(cast, now, queries):
    same = {"user": cast.wang.user_id, "at": now, "kind": "talk", "sentence": "有人找您", "url": "/"}
    Notice.insert_many([same | {"collapsed_key": f"talk {number}"} for number in range(1000)]).execute()
    line = Notice.select().first()
    assert notices.read(cast.zhao.user, line.id, now) is None and len(lines(cast.wang)) == 1000
    assert notices.read(cast.wang.user, line.id, now).read_at == now
    queries.clear()
    assert notices.read_all(cast.wang.user, now) == 999 and notices.read_all(cast.wang.user, now) == 0
    assert sum("UPDATE" in sql for sql in queries) == 2


def test_what_came_while_she_looked_stays_unread(cast, now):
    tell([cast.wang], now, key="1")
    tell([cast.wang], now + MINUTE, "刚来的", key="2")
    assert notices.read_all(cast.wang.user, now + 2 * MINUTE, until=now) == 1
    assert lines(cast.wang) == [("刚来的", 1)]


def test_a_mistake_is_taken_back_while_it_is_unread(cast, now):
    tell([cast.wang, cast.zhao], now, key="post 1")
    notices.read_all(cast.zhao.user, now)
    notices.take_back("talk", "post 1")
    assert not lines(cast.wang) and lines(cast.zhao, read=True)


def test_old_lines_are_forgotten(cast, now):
    for days, read in ((400, False), (200, False), (200, True), (10, True)):
        at = now - timedelta(days=days)
        same = {"user": cast.wang.user, "kind": "talk", "sentence": "有人找您", "url": "/"}
        Notice.create(collapsed_key=f"{days} {read}", at=at, read_at=at if read else None, **same)
    assert notices.forget_old(now) == 2 and Notice.select().count() == 2


# Switches


def test_what_is_turned_off_is_not_told_and_always_is_always(cast, now):
    notices.choose(cast.wang.user, ["like"])
    for kind in KINDS:
        tell([cast.wang], now, kind, kind=kind)
    assert {sentence for sentence, _ in lines(cast.wang)} == {*ALWAYS, "like"}
    notices.choose(cast.wang.user, [kind for kind in KINDS if kind not in ALWAYS])
    assert notices.turned_off(cast.wang.user) == set()


def test_a_link_turns_off_one_kind_of_one_person_and_on_again(cast, now):
    token = notices.unsubscribe_path(cast.wang.user_id, "digest").removeprefix("/unsubscribe/")
    found = notices.subscription(token)
    assert (found.user_id, found.kind, found.on) == (cast.wang.user_id, "digest", True)
    for on in (False, False, True, True):
        notices.listen(found.user_id, found.kind, on)
        assert notices.subscription(token).on is on
    assert NoticePref.select().count() == 0


def test_a_link_is_good_for_nothing_else_and_a_changed_one_for_nothing(cast, now):
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    token = notices.unsubscribe_path(cast.wang.user_id, "digest").removeprefix("/unsubscribe/")
    other = links.sign("confirm mail", cast.wang.user_id, mailboxes.of(cast.wang.user).digest)
    assert mailboxes.asked_by(other, now) and mailboxes.asked_by(token, now) is None
    for wrong in (other, token[:-1], token[1:], token.swapcase(), "", "x" * 300, "中文.中文", links.sign("unsubscribe", 1)):
        assert notices.subscription(wrong) is None
    for kind in (*ALWAYS, "nothing"):
        assert notices.subscription(links.sign("unsubscribe", cast.wang.user_id, kind)) is None
        with refused("always", 422):
            notices.listen(cast.wang.user_id, kind, False)
    people.User.update(status="erased").where(people.User.id == cast.wang.user_id).execute()
    assert notices.subscription(token) is None


def test_a_link_signed_with_an_earlier_secret_still_opens(cast, config):
    token = links.sign("unsubscribe", 1, "digest")
    try:
        links.use("a new secret, long enough to be one", [config.secret_key])
        assert links.read("unsubscribe", token, 2) == [1, "digest"]
        links.use("another one, and the old one is gone")
        assert links.read("unsubscribe", token, 2) is None
    finally:
        links.use(config.secret_key, public_url=config.public_url)


# What people are told of


def test_the_author_and_whom_one_answers_hear_of_a_comment_and_nobody_of_herself(cast, now):
    post = make.post(cast.zhao, now, "窗外的樱花开了，下楼走走看看去吧去吧")
    said = say(cast.wang, post, now)
    say(cast.li, post, now)
    assert lines(cast.zhao) == [("李姐评论了您的「窗外的樱花开了，下楼走走看看去吧…」", 2)]
    assert Notice.get(Notice.user == cast.zhao.user_id).url == f"/n/cuihu/posts/{post.id}#comments"
    say(cast.zhao, post, now, answers=said)
    assert lines(cast.wang) == [("赵敏回复了您的「好香啊」", 1)] and len(lines(cast.zhao)) == 1
    mine = say(cast.zhao, post, now)
    say(cast.li, post, now, answers=mine)  # she wrote the post and the comment: told once, of the answer
    assert lines(cast.zhao)[1:] == [("李姐回复了您的「好香啊」", 1)]
    assert not lines(cast.li)


def test_who_moved_away_or_took_her_words_back_hears_nothing(cast, now):
    post = make.post(cast.zhao, now)
    said = say(cast.wang, post, now)
    comments.withdraw(comments.find(post, said.id), cast.wang, now)
    say(cast.li, post, now, answers=comments.find(post, said.id))
    members.leave(cast.zhao, now)
    say(cast.li, posts.find(cast.cuihu, post.id), now)
    likes.set_like(cast.li, posts.find(cast.cuihu, post.id), True, now)
    assert not lines(cast.wang) and lines(cast.zhao) == [("李姐评论了您的「窗外的樱花开了」", 2)]


def test_one_line_says_how_many_like_a_post_and_rings_once_a_person(cast, now):
    post = make.post(cast.zhao, now)
    for member in (cast.wang, cast.zhao, cast.chen, cast.li):
        likes.set_like(member, post, True, now)
    assert lines(cast.zhao) == [("李姐 等 3 位邻居赞了您的「窗外的樱花开了」", 1)]
    likes.set_like(cast.li, post, False, now)
    assert lines(cast.zhao) == [("陈奶奶 等 2 位邻居赞了您的「窗外的樱花开了」", 1)]
    notices.read_all(cast.zhao.user, now)
    for on in (True, False, True):
        likes.set_like(cast.li, post, on, now)
    assert not lines(cast.zhao)


def test_a_like_taken_back_before_it_was_read_was_none(cast, now):
    post = make.post(cast.zhao, now, "", photo_codes=[make.photo(cast.zhao, now).code], consent=True)
    likes.set_like(cast.wang, post, True, now)
    assert lines(cast.zhao) == [("王阿姨赞了您的照片", 1)]
    likes.set_like(cast.wang, post, False, now)
    assert not lines(cast.zhao)


def test_twenty_likes_at_once_are_one_line_that_says_twenty(cast, now):
    post = make.post(cast.zhao, now)
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(20)]
    at_once(20, lambda number: likes.set_like(crowd[number], post, True, now))
    ((sentence, times),) = lines(cast.zhao)
    assert "等 20 位邻居" in sentence and times == 1


@pytest.mark.parametrize("both", [True, False])
def test_two_accounts_of_one_person_have_one_inbox(cast, now, both):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    tell([twin, cast.wang] if both else [twin], now, key="post 1")
    tell([twin], now, "只有她", key="post 2")
    notices.choose(twin.user, ["talk"])
    mailboxes.ask(twin.user, "wang@example.com", now)
    merging.merge(twin.user, cast.wang.user, cast.lin, now, "同一位邻居")
    assert [sentence for sentence, _ in lines(cast.wang)][-1] == "只有她" and len(lines(cast.wang)) == 2
    assert "like" in notices.turned_off(cast.wang.user) and mailboxes.of(cast.wang.user).address == "wang@example.com"
    assert not Notice.select().where(Notice.user == twin.user_id).exists()
