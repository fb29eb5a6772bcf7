"""我做了 and 收藏: once a neighbour, the author told, a newcomer's photo seen by the host first (R25)."""

from datetime import timedelta

import pytest

from db import farewells, howtos, makings, merging, photos, posts, privacy
from db.activity import Action
from db.howtos import Howto
from db.makings import Made, Saved
from db.notices import Notice
from db.photos import Photo
from db.posts import Post
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def recipe(cast, now):
    return posts.find(cast.cuihu, make.howto(cast.zhao, now, minutes=30).id)


def counts(post):
    howto = Howto.get(Howto.post == post.id)
    return howto.made, howto.saves


def test_it_is_said_once_and_the_author_is_told(cast, now, recipe):
    made = makings.say(cast.li, recipe, now, op_id="saidonce", words="全家抢着吃")
    assert makings.say(cast.li, recipe, now, op_id="saidonce", words="别的").id == made.id
    with refused("made-already"):
        makings.say(cast.li, recipe, now, op_id="saidtwice", words="又做了一次")
    assert counts(recipe) == (1, 0) and Post.get_by_id(recipe.id).aside == "30 分钟 · 2 步 · 1 人做过"
    (told,) = Notice.select().where(Notice.user == cast.zhao.user_id)
    assert told.kind == "talk" and "李姐照着您的「荠菜馄饨」做了" in told.sentence
    assert Action.select().where((Action.kind == "made") & (Action.membership == cast.li.id)).count() == 1


def test_at_once_it_is_still_once(cast, now, recipe):
    answers = at_once(8, lambda n: makings.say(cast.li, recipe, now, op_id=f"form number {n}", words="好吃"))
    assert sum(isinstance(each, Made) for each in answers) == 1
    assert {each.code for each in answers if not isinstance(each, Made)} == {"made-already"}
    same = at_once(8, lambda _: makings.say(cast.chen, recipe, now, op_id="the same form", words="好吃").id)
    assert len(set(same)) == 1 and counts(recipe) == (2, 0)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"words": " "}, "empty", "words"),
        ({"words": "好" * 141}, "too-long", "words"),
        ({"words": "好\0"}, "bad-letters", "words"),
        ({"words": "看这里 www.example.com"}, "words-wait", "words"),
        ({"photos": 1}, "consent-needed", "consent"),
        ({"photos": 2, "consent": True}, "too-many-photos", "photos"),
    ],
)
def test_what_cannot_be_said(cast, now, recipe, values, code, field):
    codes = [make.photo(cast.wang, now).code for _ in range(values.pop("photos", 0))]
    with refused(code, 422) as met:
        makings.say(cast.wang, recipe, now, op_id="oddoddodd", photo_codes=codes, **values)
    assert met.value.field == field and Made.select().count() == 0 and counts(recipe) == (0, 0)


def test_nobody_makes_her_own_or_what_is_gone(cast, now, recipe):
    with refused("own"):
        makings.say(cast.zhao, recipe, now, op_id="ownownown", words="我真棒")
    posts.withdraw(recipe, cast.zhao, now)
    with refused("not-published"):
        makings.say(cast.wang, recipe, now, op_id="gonegone", words="好吃")
    with refused("not-published"):
        makings.set_saved(cast.wang, recipe, True, now)


def test_a_newcomers_photo_is_seen_by_her_and_the_host_first(cast, now, recipe):
    photo = make.photo(cast.wang, now)
    made = make.made(cast.wang, recipe, now, photo_codes=[photo.code], consent=True)
    (shown,) = makings.listed(Howto.get(), None)
    assert [shown.photo_for(each) for each in (None, cast.chen, cast.wang, cast.li)] == [False, False, True, True]
    photo = Photo.get_by_id(photo.id)
    assert [photos.visible_to(photo, each) for each in (None, cast.chen, cast.wang, cast.li)] == [False, False, True, True]
    assert Notice.select().where((Notice.user == cast.li.user_id) & (Notice.kind == "desk")).count() == 1
    makings.let_photo_in(makings.find(cast.cuihu, made.id), cast.li, now)
    assert photos.visible_to(Photo.get_by_id(photo.id), None) and makings.listed(Howto.get(), None)[0].photo_for(None)
    with refused("moved-on"):
        makings.let_photo_in(makings.find(cast.cuihu, made.id), cast.li, now)


def test_she_takes_it_back_photo_and_all_and_may_say_it_anew(cast, now, recipe):
    photo = make.photo(cast.li, now)
    made = make.made(cast.li, recipe, now, photo_codes=[photo.code], consent=True)
    with refused("not-yours", 403):
        makings.take_back(makings.find(cast.cuihu, made.id), cast.wang, now)
    makings.take_back(makings.find(cast.cuihu, made.id), cast.li, now)
    assert counts(recipe) == (0, 0) and Photo.select().count() == 0 and "做过" not in Post.get_by_id(recipe.id).aside
    make.made(cast.li, recipe, now)
    assert counts(recipe) == (1, 0)


def test_the_host_takes_one_down_with_a_reason_that_is_told(cast, now, recipe):
    made = makings.find(cast.cuihu, make.made(cast.wang, recipe, now).id)
    with refused("reason-needed", 422):
        makings.take_down(made, cast.li, now, "不")
    makings.take_down(made, cast.li, now, "照片里有别人家的孩子")
    assert counts(recipe) == (0, 0) and "别人家的孩子" in Notice.get(Notice.user == cast.wang.user_id).sentence
    with refused("moved-on"):
        makings.take_down(made, cast.li, now, "照片里有别人家的孩子")


def test_saving_is_a_state_and_only_ones_own(cast, now, recipe):
    for on, many in ((True, 1), (True, 1), (False, 0), (False, 0), (True, 1)):
        makings.set_saved(cast.wang, recipe, on, now)
        assert counts(recipe) == (0, many) and makings.has_saved(cast.wang, recipe) is on
    at_once(6, lambda _: makings.set_saved(cast.chen, recipe, True, now))
    assert counts(recipe) == (0, 2)
    plain = make.post(cast.zhao, now + timedelta(hours=1), kind="howto", title="老的一篇")
    makings.set_saved(cast.wang, plain, True, now)
    assert [each.id for each in makings.saved_by(cast.wang)[0]] == [plain.id, recipe.id]
    posts.withdraw(recipe, cast.zhao, now)
    assert [each.id for each in makings.saved_by(cast.wang)[0]] == [plain.id]
    makings.set_saved(cast.wang, recipe, False, now)
    assert counts(recipe) == (0, 1)


def test_two_accounts_of_one_person_count_once(cast, now, recipe):
    twin = make.neighbor(cast.cuihu, "王阿姨", now + timedelta(days=1))
    other = posts.find(cast.cuihu, make.howto(cast.li, now).id)
    for member in (cast.wang, twin):
        make.made(member, recipe, now)
        makings.set_saved(member, recipe, True, now)
    make.made(twin, other, now)
    makings.set_saved(twin, other, True, now)
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert counts(recipe) == counts(other) == (1, 1)
    assert {made.member_id for made in Made.select()} == {saved.member_id for saved in Saved.select()} == {cast.wang.id}


def test_when_the_words_are_forgotten_so_are_the_parts(cast, now, recipe):
    photo = make.photo(cast.li, now)
    make.made(cast.li, recipe, now, photo_codes=[photo.code], consent=True)
    makings.set_saved(cast.wang, recipe, True, now)
    posts.withdraw(recipe, cast.zhao, now)
    later = now + timedelta(days=31)
    assert makings.purge_due(later) == 0 and posts.purge_due(later) == 1 and makings.purge_due(later) == 1
    assert Made.select().count() == Saved.select().count() == Howto.select().count() == Photo.select().count() == 0
    assert howtos.HowtoStep.select().count() == 0 and makings.purge_due(later) == 0


@pytest.mark.parametrize("words", ["keep", "delete"])
def test_who_leaves_for_good_takes_photos_and_saves_along(cast, now, words):
    hers = posts.find(cast.cuihu, make.howto(cast.zhao, now, "赵敏的秘方", "下锅").id)
    other = posts.find(cast.cuihu, make.howto(cast.li, now).id)
    photo = make.photo(cast.zhao, now)
    make.made(cast.zhao, other, now, "赵敏做的", photo_codes=[photo.code], consent=True)
    makings.set_saved(cast.zhao, other, True, now)
    farewells.ask(cast.zhao.user, now, traces=words, confirm="赵敏", op_id="farewell1")
    privacy.erase_due(now + farewells.SECOND_THOUGHT)
    assert counts(other) == (0, 0) and Made.select().count() == Saved.select().count() == Photo.select().count() == 0
    post = Post.get_by_id(hers.id)
    assert howtos.HowtoText.select().join(Howto).where(Howto.post == hers.id).count() == 0
    assert ("搬走的邻居的秘方" in post.body) is (words == "keep") and "赵敏" not in post.body
