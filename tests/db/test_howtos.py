"""干货: steps in order and within bounds; parts are shown only where they say what the body says (R25)."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from db import howtos, photos, posts, reviews, revisions
from db.base import database
from db.howtos import Howto, HowtoStep, HowtoText, Sheet
from db.photos import Photo
from db.posts import Post, PostRevision
from tests import make
from tests.make import at_once, refused

STEPS = (("荠菜焯水十秒", ""), ("挤干切碎", ""), ("包六十个", ""))
SHEET = Sheet("荠菜馄饨", "40", "荠菜 500 克\n肉糜 300 克", STEPS, "马上过凉水才绿", "春")


def write(member, now, sheet=SHEET, **values):
    return howtos.write(member, now, op_id=make.secrets.token_hex(8), sheet=sheet, **values)


def fresh(post):
    return posts.find(post.neighborhood, post.id)


def parts_of(post):
    return howtos.of(fresh(post))


def said(post):
    parts = parts_of(post)
    return [step.body for step in parts.steps]


def test_a_howto_is_a_post_whose_body_says_everything(cast, now):
    post = fresh(write(cast.zhao, now))
    assert (post.kind, post.title, post.state, post.aside) == ("howto", "荠菜馄饨", "published", "40 分钟 · 3 步 · 春")
    for words in (
        "荠菜 500 克",
        "1. 荠菜焯水十秒\n2. 挤干切碎",
        "小贴士：马上过凉水才绿",
        "大约 40 分钟 · 春天做正好",
    ):
        assert words in post.body
    parts = parts_of(post)
    assert (parts.text.minutes, parts.text.season, parts.howto.steps) == (40, "春", 3)
    assert [(step.position, step.body) for step in parts.steps] == [(n, words) for n, (words, _) in enumerate(STEPS, start=1)]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"steps": ()}, "bad-steps", "steps"),
        ({"steps": ((" ", ""), ("\u200b", ""))}, "bad-steps", "steps"),
        ({"steps": (("走", ""),) * 31}, "bad-steps", "steps"),
        ({"steps": (("长" * 301, ""),)}, "too-long", "steps"),
        ({"steps": (("a\0b", ""),)}, "bad-letters", "steps"),
        ({"title": " "}, "title-needed", "title"),
        ({"materials": "菜" * 501}, "too-long", "materials"),
        ({"tips": "菜" * 501}, "too-long", "tips"),
        ({"season": "雨"}, "bad-season", "season"),
        *(({"minutes": odd}, "bad-minutes", "minutes") for odd in ("0", "-1", "2881", "1e309", "NaN", "１２", "²", "9" * 30)),
    ],
)  # fmt: skip
def test_what_is_no_howto_is_refused_beside_its_field(cast, now, change, code, field):
    with refused(code, 422) as met:
        write(cast.zhao, now, SHEET._replace(**change))
    assert met.value.field == field
    assert Post.select().count() == Howto.select().count() == 0


def test_thirty_steps_as_long_as_they_may_be_all_fit(cast, now):
    post = write(cast.zhao, now, Sheet("搬家", "2880", "箱" * 500, (("步" * 300, ""),) * 30, "慢" * 500, "冬"))
    assert len(said(post)) == 30 and fresh(post).aside == "48 小时 · 30 步 · 冬"
    write(cast.zhao, now, Sheet("一步", "1", steps=(("走", ""),)))


def test_rows_left_empty_are_nothing_but_a_photo_wants_a_word(cast, now):
    post = write(cast.zhao, now, SHEET._replace(steps=(("", ""), ("揉面", ""), (" ", ""), ("醒面", ""))))
    assert said(post) == ["揉面", "醒面"]
    with refused("empty-step", 422):
        write(cast.zhao, now, SHEET._replace(steps=(("", make.photo(cast.zhao, now).code),)), consent=True)


def test_photos_stand_at_their_steps_with_consent_and_once_each(cast, now):
    one, two = (make.photo(cast.zhao, now).code for _ in range(2))
    with refused("consent-needed", 422):
        write(cast.zhao, now, SHEET._replace(steps=(("摘", one),)))
    with refused("bad-steps", 422):
        write(cast.zhao, now, SHEET._replace(steps=(("摘", one), ("洗", one))), consent=True)
    post = write(cast.zhao, now, SHEET._replace(steps=(("摘", one), ("洗", ""), ("切", two))), consent=True)
    assert [step.photo and step.photo.code for step in parts_of(post).steps] == [one, None, two]
    assert [photo.code for photo in posts.photos_of([post.id])[post.id]] == [one, two]
    assert {photo.audience for photo in Photo.select()} == {"public"}


def test_the_photo_of_somebody_else_is_left_out(cast, now):
    theirs = make.photo(cast.li, now)
    post = write(cast.zhao, now, SHEET._replace(steps=(("摘", theirs.code),)), consent=True)
    assert parts_of(post).steps[0].photo is None and not Photo.get_by_id(theirs.id).used


def test_the_same_form_at_once_makes_one(cast, now):
    made = at_once(8, lambda _: howtos.write(cast.zhao, now, op_id="onceonce", sheet=SHEET).id)
    assert len(set(made)) == 1 and Howto.select().count() == HowtoText.select().count() == 1


def test_an_edit_rewrites_the_steps_and_the_old_text_stays_in_the_history(cast, now):
    post = write(cast.zhao, now)
    before = fresh(post)
    later = now + timedelta(hours=1)
    sheet = SHEET._replace(minutes="", season="", steps=(STEPS[2], STEPS[0]))
    assert howtos.edit(before, cast.zhao, later, sheet) == "published"
    post = fresh(post)
    assert said(post) == ["包六十个", "荠菜焯水十秒"] and post.aside == "2 步" and post.edited_at == later
    assert [each.body for each in revisions.history(post)] == [before.body] and post.version > before.version
    assert howtos.sheet_of(post) == sheet._replace(minutes=None)


def test_only_the_author_edits_and_no_bad_edit_changes_anything(cast, now):
    post = fresh(write(cast.zhao, now))
    with refused("not-editable"):
        howtos.edit(post, cast.li, now, SHEET._replace(steps=(("别的", ""),)))
    with refused("bad-steps", 422):
        howtos.edit(post, cast.zhao, now, SHEET._replace(steps=()))
    assert said(post) == [words for words, _ in STEPS] and PostRevision.select().count() == 0


def test_the_steps_of_a_newcomer_wait_with_her_words(cast, now):
    post = write(cast.wang, now)
    reviews.approve(fresh(post), cast.li, now)
    sheet = SHEET._replace(minutes="5", steps=(("先打电话 加微信", ""),))
    assert howtos.edit(fresh(post), cast.wang, now, sheet) == "pending"
    assert said(post) == [words for words, _ in STEPS] and fresh(post).aside == "40 分钟 · 3 步 · 春"
    assert howtos.sheet_of(fresh(post)).steps == sheet.steps  # her form goes on from what waits
    revision = revisions.waiting_edit(fresh(post))
    assert "先打电话" in revision.body
    reviews.decide_edit(reviews.find_edit(cast.cuihu, revision.id), cast.li, now, accept=True)
    assert said(post) == ["先打电话 加微信"] and fresh(post).aside == "5 分钟 · 1 步 · 春"


def test_a_dropped_edit_leaves_the_steps_that_stood(cast, now):
    post = write(cast.wang, now)
    reviews.approve(fresh(post), cast.li, now)
    howtos.edit(fresh(post), cast.wang, now, SHEET._replace(steps=(("广告", ""),)))
    revision = revisions.waiting_edit(fresh(post))
    reviews.decide_edit(reviews.find_edit(cast.cuihu, revision.id), cast.li, now, accept=False, reason="像是广告")
    assert said(post) == [words for words, _ in STEPS]


def test_a_newcomers_new_photo_is_not_seen_unseen_but_one_taken_away_is_gone_at_once(cast, now):
    code = make.photo(cast.wang, now).code
    post = write(cast.wang, now, SHEET._replace(steps=(("摘", code), ("洗", ""))), consent=True)
    reviews.approve(fresh(post), cast.li, now)
    with refused("photos-wait", 422):
        new = make.photo(cast.wang, now).code
        howtos.edit(fresh(post), cast.wang, now, SHEET._replace(steps=(("摘", code), ("洗", new))), consent=True)
    howtos.edit(fresh(post), cast.wang, now, SHEET._replace(steps=(("摘", ""), ("洗", ""))))
    assert Photo.get_or_none(Photo.code == code) is None and parts_of(post).steps[0].photo is None


def test_known_neighbours_change_photos_and_what_goes_is_forgotten(cast, now):
    one, two = (make.photo(cast.zhao, now).code for _ in range(2))
    post = write(cast.zhao, now, SHEET._replace(steps=(("摘", one), ("洗", ""))), consent=True)
    version = fresh(post).version
    with refused("consent-needed", 422):
        howtos.edit(fresh(post), cast.zhao, now, SHEET._replace(steps=(("摘", ""), ("洗", two))))
    howtos.edit(fresh(post), cast.zhao, now, SHEET._replace(steps=(("摘", ""), ("洗", two))), consent=True)
    assert [step.photo and step.photo.code for step in parts_of(post).steps] == [None, two]
    assert Photo.get_or_none(Photo.code == one) is None and not photos.file_of(one, 400).exists()
    assert fresh(post).version > version


def test_words_changed_another_way_are_never_hidden_behind_old_steps(cast, now):
    post = write(cast.wang, now)
    reviews.mend(fresh(post), cast.li, now, title="荠菜馄饨", body="1. 主理人改过的一步")
    assert parts_of(post).text is None and "主理人改过" in fresh(post).body


def test_a_returned_howto_is_sent_again_with_its_new_steps(cast, now):
    post = write(cast.wang, now)
    reviews.give_back(fresh(post), cast.li, now, "照片看不清，换一张")
    assert howtos.edit(fresh(post), make.again(cast.wang), now, SHEET._replace(steps=(("新的一步", ""),))) == "pending"
    assert said(post) == ["新的一步"]


def test_the_library_sorts_narrows_and_goes_on(cast, now):
    plain = make.post(cast.zhao, now, kind="howto", title="老的一篇")
    quick = make.howto(cast.zhao, now + timedelta(minutes=1), minutes=20, season="春")
    slow = make.howto(cast.zhao, now + timedelta(minutes=2), minutes=120, season="冬", visibility="neighborhood")
    make.howto(cast.zhou, now)
    make.made(cast.wang, quick, now)

    def ids(member=cast.wang, **how):
        return [each.id for each in howtos.library(cast.cuihu, member, **how)[0]]

    assert ids() == [slow.id, quick.id, plain.id] and ids(None) == [quick.id, plain.id]
    assert ids(sort="made") == [quick.id, slow.id]
    assert ids(season="春") == ids(time="30") == [quick.id] and ids(time="more") == [slow.id]
    for odd in ("x", "²", "-1", "9" * 30, str(2**53)):
        assert ids(season=odd, time=odd, sort=odd, after=odd) == ids()
    for number in range(25):
        make.howto(cast.li, now + timedelta(hours=1, minutes=number))
    first, after = howtos.library(cast.cuihu, None)
    second, end = howtos.library(cast.cuihu, None, after=after)
    assert (len(first), len(second), end) == (20, 7, "") and not {each.id for each in first} & {each.id for each in second}


def test_the_database_knows_the_bounds_too(cast, now):
    howto = parts_of(write(cast.zhao, now)).howto
    text = HowtoText.get(HowtoText.howto == howto.id)
    for bad in (
        lambda: Howto.update(made=-1).execute(),
        lambda: Howto.update(minutes=0).execute(),
        lambda: HowtoStep.create(text=text, position=31, body="x"),
        lambda: HowtoStep.create(text=text, position=1, body="x"),
    ):
        with pytest.raises(IntegrityError), database.atomic():
            bad()
