"""What becomes of a post: the arrows of TRANSITIONS and no others, edits with their history, and what is forgotten (2.2)."""

from datetime import timedelta
from itertools import product

import pytest

from db import comments, likes, photos, posts, reviews, revisions, topics
from db.base import Refused, writing
from db.neighborhoods import by_slug
from db.photos import Photo, file_of
from db.posts import TRANSITIONS, Post, PostPhoto, PostRevision
from tests import make
from tests.make import at_once, refused

DAY = timedelta(days=1)
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


def fresh(post):
    return posts.find(post.author.neighborhood, post.id)


def in_state(cast, now, state, to=""):
    """A waiting post, put into a state: in a private group where it is, or comes to be, seen there only."""
    post, values = make.post(cast.wang, now), {"state": state}
    if "within" in {state, to}:
        values |= {"group": make.idea(cast.li, now).id, "visibility": "public" if state == "published" else "group"}
    Post.update(**values).where(Post.id == post.id).execute()
    return fresh(post)


@pytest.mark.parametrize(("source", "target"), sorted(TRANSITIONS))
def test_every_drawn_arrow_works(cast, now, source, target):
    post = in_state(cast, now, source, target)
    values = {"published": {"published_at": now}, "within": {"visibility": "group"}}
    with writing():
        posts.move(post, target, **values.get(target, {}))
    assert fresh(post).state == target
    assert fresh(post).version == post.version + 1


@pytest.mark.parametrize(("source", "target"), sorted(set(product(STATES, [*STATES, "nowhere"])) - TRANSITIONS))
def test_every_other_arrow_is_refused(cast, now, source, target):
    post = in_state(cast, now, source)
    with refused("moved-on"), writing():
        posts.move(post, target)
    assert fresh(post).state == source


def test_who_was_slower_is_refused(cast, now):
    post = make.post(cast.wang, now)
    met = at_once(8, lambda number: reviews.approve(post, cast.li, now) if number % 2 else posts.withdraw(post, cast.wang, now))
    refusals = [each for each in met if isinstance(each, Refused)]
    assert len(refusals) == len(met) - 1 and {each.code for each in refusals} == {"moved-on"}


@pytest.mark.parametrize("state", ["pending", "returned", "published"])
def test_the_author_takes_it_down_from_wherever_it_is(cast, now, state):
    post = in_state(cast, now, state)
    posts.withdraw(post, cast.wang, now)
    assert (fresh(post).state, fresh(post).withdrawn_at) == ("withdrawn", now)
    with refused("moved-on"):
        posts.withdraw(fresh(post), cast.wang, now)


def test_nobody_takes_down_somebody_elses(cast, now):
    post = make.post(cast.zhao, now)
    for who in (None, cast.wang, cast.li, cast.zhou):
        with refused("not-yours", 403):
            posts.withdraw(post, who, now)
    assert fresh(post).published


def test_replies_stay_and_photos_are_gone_at_once(cast, now):
    topic, photo = make.topic(cast.li, now), make.photo(cast.zhao, now)
    post = make.post(cast.zhao, now, topic=topic, photo_codes=[photo.code], consent=True)
    comments.say(cast.wang, post, now, body="真好看", op_id="c1")
    likes.set_like(cast.wang, post, True, now)
    reviews.pin(post, cast.li, now, "大家都来看")
    reviews.feature(post, cast.li, now, True)
    version = by_slug("cuihu").version
    posts.withdraw(fresh(post), cast.zhao, now)
    post = fresh(post)
    assert (post.comments, post.likes, post.pinned_until, post.featured_at) == (1, 1, None, None)
    assert [comment.body for comment in comments.page(post).comments] == ["真好看"]
    assert topics.find(cast.cuihu, topic.id).posts == 0
    photo = photos.find(cast.cuihu, photo.code)
    assert [photos.visible_to(photo, who) for who in (None, cast.wang, cast.li, cast.zhao)] == [False] * 4
    assert by_slug("cuihu").version > version


def test_an_edit_keeps_what_was_read_before(cast, now):
    post = make.post(cast.zhao, now, "一")
    assert revisions.edit(post, cast.zhao, now + DAY, body="二") == "published"
    assert revisions.edit(fresh(post), cast.zhao, now + 2 * DAY, body="三") == "published"
    assert (fresh(post).body, fresh(post).edited_at) == ("三", now + 2 * DAY)
    assert [(old.body, old.at) for old in revisions.history(post)] == [("二", now + DAY), ("一", now)]


def test_an_edit_that_changes_nothing_leaves_no_trace(cast, now):
    post = make.post(cast.zhao, now, "一")
    revisions.edit(post, cast.zhao, now + DAY, body=" 一 ")
    assert (fresh(post).edited_at, fresh(post).version, revisions.history(post)) == (None, post.version, [])


@pytest.mark.parametrize("body", ["", "好" * 5001, "好\0"])
def test_an_edit_obeys_the_rules_of_a_post(cast, now, body):
    post = make.post(cast.zhao, now, "一")
    with pytest.raises(Refused) as met:
        revisions.edit(post, cast.zhao, now, body=body)
    assert met.value.field == "body"
    assert fresh(post).body == "一"


def test_a_photo_alone_may_lose_its_words(cast, now):
    post = make.post(cast.zhao, now, "一", photo_codes=[make.photo(cast.zhao, now).code], consent=True)
    revisions.edit(post, cast.zhao, now, body="")
    assert fresh(post).body == ""


def test_a_product_is_not_edited_into_a_hurry(cast, now):
    post = make.post(cast.li, now, "很甜", kind="promo", title="草莓")
    with refused("pressure", 422):
        revisions.edit(post, cast.li, now, title="草莓", body="手慢无")


def test_nobody_edits_somebody_elses_or_what_is_gone(cast, now):
    post = make.post(cast.zhao, now, "一")
    for who in (None, cast.wang, cast.li):
        with refused("not-editable"):
            revisions.edit(post, who, now, body="二")
    posts.withdraw(post, cast.zhao, now)
    with refused("not-editable"):
        revisions.edit(fresh(post), cast.zhao, now, body="二")


def test_an_edit_that_comes_after_the_post_was_taken_down_brings_nothing_back(cast, now):
    post = make.post(cast.zhao, now, "一")
    stale = fresh(post)
    posts.withdraw(post, cast.zhao, now)
    with refused("moved-on"):
        revisions.edit(stale, cast.zhao, now, body="二")
    assert fresh(post).body == "一"


def test_of_eight_edits_at_once_none_is_lost_unseen(cast, now):
    post = make.post(cast.zhao, now, "零")
    met = at_once(8, lambda number: revisions.edit(post, cast.zhao, now, body=f"第 {number} 稿"))
    assert met.count("published") == 1
    assert {each.code for each in met if each != "published"} == {"moved-on"}
    assert [old.body for old in revisions.history(post)] == ["零"]


def test_words_nobody_had_read_are_not_in_the_history(cast, now):
    post = make.post(cast.wang, now, "我家门牌是 301")
    assert revisions.edit(post, cast.wang, now, body="欢迎来坐坐") == "pending"
    reviews.approve(fresh(post), cast.li, now)
    assert (fresh(post).body, revisions.history(post)) == ("欢迎来坐坐", [])


def test_a_returned_post_is_mended_and_waits_again(cast, now):
    post = make.post(cast.wang, now, "一")
    reviews.give_back(post, cast.li, now, "照片看不清，换一张更好")
    assert (fresh(post).state, fresh(post).return_reason) == ("returned", "照片看不清，换一张更好")
    assert revisions.edit(fresh(post), cast.wang, now, body="二") == "pending"
    assert (fresh(post).state, fresh(post).body, fresh(post).return_reason) == ("pending", "二", "")
    reviews.approve(fresh(post), cast.li, now)
    assert fresh(post).published


def test_a_newcomers_edit_waits_while_the_old_words_stay(cast, now):
    post = make.post(cast.wang, now, "一")
    reviews.approve(post, cast.li, now)
    assert revisions.edit(fresh(post), cast.wang, now, body="二") == "pending"
    assert (fresh(post).state, fresh(post).body, revisions.waiting_edit(post).body) == ("published", "一", "二")
    revisions.edit(fresh(post), cast.wang, now, body="三")
    assert revisions.waiting_edit(post).body == "三"
    assert PostRevision.select().where(PostRevision.state == "pending").count() == 1
    assert revisions.history(post) == []


def test_an_edit_by_somebody_trusted_meanwhile_replaces_the_waiting_one(cast, now):
    post = make.post(cast.wang, now, "一")
    reviews.approve(post, cast.li, now)
    revisions.edit(fresh(post), cast.wang, now, body="二")
    wang = make.again(cast.wang)
    wang.vouched_at = now
    assert revisions.edit(fresh(post), wang, now, body="三") == "published"
    assert (fresh(post).body, revisions.waiting_edit(post)) == ("三", None)


def test_after_30_days_words_and_photos_are_forgotten(cast, now):
    photo = make.photo(cast.zhao, now)
    post = make.post(cast.zhao, now, "一", photo_codes=[photo.code], consent=True)
    kept = make.post(cast.zhao, now, "还在的")
    revisions.edit(post, cast.zhao, now, body="二")
    comments.say(cast.wang, post, now, body="真好看", op_id="c1")
    posts.withdraw(fresh(post), cast.zhao, now)
    assert posts.purge_due(now + 30 * DAY) == 0
    assert posts.purge_due(now + 30 * DAY + timedelta(seconds=1)) == 1
    assert posts.purge_due(now + 31 * DAY) == 0
    assert (fresh(post).state, fresh(post).title, fresh(post).body, revisions.history(post)) == ("purged", "", "", [])
    assert (PostPhoto.select().count(), Photo.select().count()) == (0, 0)
    assert not any(file_of(photo.code, width).exists() for width in (400, 800, 1600))
    assert fresh(kept).body == "还在的"
    assert comments.page(post).comments[0].body == "真好看"


def test_four_who_purge_at_once_do_no_harm(cast, now):
    for number in range(10):
        post = make.post(cast.zhao, now, f"第 {number} 条", photo_codes=[make.photo(cast.zhao, now).code], consent=True)
        posts.withdraw(post, cast.zhao, now)
    assert sum(at_once(4, lambda _: posts.purge_due(now + 31 * DAY))) == 10
    assert Photo.select().count() == 0
