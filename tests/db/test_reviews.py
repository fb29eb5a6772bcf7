"""What the host may do with a post: each thing once, each with a reason on record (G8, I9)."""

import json
from datetime import timedelta

import pytest

from db import living_room, posts, reviews, revisions, topics
from db.activity import Action
from db.audit import AuditLog
from db.posts import Post
from tests import make
from tests.make import at_once, refused

HOUR = timedelta(hours=1)


def fresh(post):
    return posts.find(post.author.neighborhood, post.id)


def lines(action):
    """(actor, subject, object, reason) of what was recorded under this action."""
    wanted = AuditLog.select().where(AuditLog.action == action).order_by(AuditLog.id)
    return [(line.actor.name, line.subject.name, line.object_id, line.reason) for line in wanted]


@pytest.fixture
def edited(cast, now):
    """王阿姨's published post, and her edit of it that waits."""
    post = make.post(cast.wang, now, "一")
    reviews.approve(post, cast.li, now)
    revisions.edit(fresh(post), cast.wang, now, body="二")
    return fresh(post)


def test_the_longest_waiting_comes_first_and_next_door_does_not_come(cast, now):
    first, second = make.post(cast.wang, now, "先来的"), make.post(cast.chen, now, "后来的")
    make.post(cast.zhao, now, "不用等的")
    make.post(cast.zhou, now, "隔壁的")
    assert reviews.waiting(cast.cuihu) == [first, second]
    assert reviews.waiting(cast.cuihu)[0].author.user.name == "王阿姨"
    assert (reviews.count_waiting(cast.cuihu), reviews.count_waiting(cast.yangguangli)) == (2, 1)


def test_an_approved_post_is_seen_and_counted(cast, now):
    topic = make.topic(cast.li, now)
    photo = make.photo(cast.wang, now)
    post = make.post(cast.wang, now, topic=topic, photo_codes=[photo.code], consent=True, visibility="neighborhood")
    reviews.approve(fresh(post), cast.li, now + HOUR)
    post = fresh(post)
    assert (post.state, post.published_at) == ("published", now + HOUR)
    assert posts.photos_of([post.id])[post.id][0].audience == "neighborhood"
    assert topics.find(cast.cuihu, topic.id).posts == 1
    assert make.again(cast.wang).approved_posts == 1
    assert Action.get().kind == "topic_reply"
    assert lines("approve") == [("李姐", "王阿姨", post.id, "审核通过")]
    assert reviews.count_waiting(cast.cuihu) == 0


def test_approving_twice_is_a_conflict(cast, now):
    post = make.post(cast.wang, now)
    reviews.approve(post, cast.li, now)
    for stale in (post, fresh(post)):
        with refused("moved-on"):
            reviews.approve(stale, cast.li, now)
    assert make.again(cast.wang).approved_posts == 1


def test_approved_eight_times_at_once_it_counts_once(cast, now):
    topic = make.topic(cast.li, now)
    post = make.post(cast.wang, now, topic=topic)
    assert sum(isinstance(each, AuditLog) for each in at_once(8, lambda _: reviews.approve(post, cast.li, now))) == 1
    assert (topics.find(cast.cuihu, topic.id).posts, make.again(cast.wang).approved_posts, len(lines("approve"))) == (1, 1, 1)


def test_a_post_goes_back_with_a_reason(cast, now):
    post = make.post(cast.wang, now)
    for reason in ("", "不行", "x" * 201):
        with pytest.raises(reviews.Refused) as met:
            reviews.give_back(post, cast.li, now, reason)
        assert met.value.field == "reason"
    assert fresh(post).state == "pending"
    reviews.give_back(post, cast.li, now, " 请不要写门牌号和电话 ")
    assert (fresh(post).state, fresh(post).return_reason) == ("returned", "请不要写门牌号和电话")
    assert lines("return") == [("李姐", "王阿姨", post.id, "请不要写门牌号和电话")]
    with refused("moved-on"):
        reviews.give_back(fresh(post), cast.li, now, "请不要写门牌号和电话")


def test_an_edit_is_taken_over_once(cast, now, edited):
    (revision,) = reviews.waiting_edits(cast.cuihu)
    assert reviews.count_waiting(cast.cuihu) == 1
    reviews.decide_edit(revision, cast.li, now + HOUR, accept=True)
    assert (fresh(edited).body, fresh(edited).edited_at) == ("二", now + HOUR)
    assert [old.body for old in revisions.history(edited)] == ["一"]
    line = AuditLog.select().where(AuditLog.action == "approve edit").get()
    assert (json.loads(line.before), json.loads(line.after)) == ({"body": "一"}, {"body": "二"})
    with refused("moved-on"):
        reviews.decide_edit(revision, cast.li, now, accept=True)
    assert reviews.count_waiting(cast.cuihu) == 0


def test_an_edit_is_dropped_with_a_reason(cast, now, edited):
    (revision,) = reviews.waiting_edits(cast.cuihu)
    with refused("reason-needed", 422):
        reviews.decide_edit(revision, cast.li, now, accept=False, reason="")
    assert reviews.count_waiting(cast.cuihu) == 1
    reviews.decide_edit(revision, cast.li, now, accept=False, reason="原来的更好些")
    assert (fresh(edited).body, revisions.waiting_edit(edited), revisions.history(edited)) == ("一", None, [])
    assert lines("return edit") == [("李姐", "王阿姨", edited.id, "原来的更好些")]


def test_an_edit_decided_eight_times_at_once_is_decided_once(cast, now, edited):
    (revision,) = reviews.waiting_edits(cast.cuihu)
    met = at_once(8, lambda number: reviews.decide_edit(revision, cast.li, now, accept=number % 2 == 0, reason="原来的更好些"))
    assert met.count(None) == 1


def test_an_edit_of_a_post_that_was_taken_down_waits_no_more_and_brings_nothing_back(cast, now, edited):
    (revision,) = reviews.waiting_edits(cast.cuihu)
    posts.withdraw(edited, cast.wang, now)
    assert (reviews.waiting_edits(cast.cuihu), reviews.count_waiting(cast.cuihu)) == ([], 0)
    for stale in (revision, reviews.find_edit(cast.cuihu, revision.id)):
        with refused("moved-on"):
            reviews.decide_edit(stale, cast.li, now, accept=True)
    assert fresh(edited).body == "一"


def test_next_door_an_edit_does_not_exist(cast, now, edited):
    (revision,) = reviews.waiting_edits(cast.cuihu)
    assert reviews.find_edit(cast.cuihu, revision.id) == revision
    assert reviews.find_edit(cast.yangguangli, revision.id) is None
    assert reviews.waiting_edits(cast.yangguangli) == []


def pinned(cast, now, guest=False):
    return [each.id for each in living_room.front_page(cast.cuihu, now, guest=guest).pinned]


def test_one_post_is_pinned_for_72_hours_at_most(cast, now):
    post = make.post(cast.zhao, now)
    reviews.pin(post, cast.li, now, "大家都来看", hours=1000)
    assert pinned(cast, now) == [post.id]
    assert pinned(cast, now + 72 * HOUR - timedelta(seconds=1)) == [post.id]
    assert pinned(cast, now + 72 * HOUR) == []
    assert lines("pin") == [("李姐", "赵敏", post.id, "大家都来看")]


def test_the_newer_pin_replaces_the_older_and_leaves_next_door_alone(cast, now):
    old, new = make.post(cast.zhao, now), make.post(cast.li, now)
    there = make.post(make.neighbor(cast.yangguangli, "钱奶奶", now, trusted=True), now)
    reviews.pin(there, cast.zhou, now, "大家都来看")
    reviews.pin(old, cast.li, now, "大家都来看")
    reviews.pin(new, cast.li, now, "这个更要紧")
    assert pinned(cast, now) == [new.id]
    assert fresh(old).pinned_until is None
    assert fresh(there).pinned_until


def test_pins_need_a_reason_and_a_post_that_is_seen(cast, now):
    post, waiting = make.post(cast.zhao, now), make.post(cast.wang, now)
    with refused("reason-needed", 422):
        reviews.pin(post, cast.li, now, "看看")
    with refused("not-published"):
        reviews.pin(waiting, cast.li, now, "大家都来看")
    stale = fresh(post)
    posts.withdraw(post, cast.zhao, now)
    with refused("not-published"):
        reviews.pin(stale, cast.li, now, "大家都来看")
    assert pinned(cast, now) == []
    assert lines("pin") == []


def test_a_pin_comes_down_once(cast, now):
    post = make.post(cast.zhao, now)
    reviews.pin(post, cast.li, now, "大家都来看")
    reviews.unpin(post, cast.li, now)
    reviews.unpin(post, cast.li, now)
    assert pinned(cast, now) == []
    assert len(lines("unpin")) == 1


def test_guests_are_not_shown_a_pin_for_neighbours(cast, now):
    post = make.post(cast.zhao, now, visibility="neighborhood")
    reviews.pin(post, cast.li, now, "大家都来看")
    assert pinned(cast, now) == [post.id]
    assert pinned(cast, now, guest=True) == []


def test_a_best_answer_is_marked_once_and_unmarked_once(cast, now):
    post = make.post(cast.zhao, now, topic=make.topic(cast.li, now))
    for _ in range(2):
        reviews.feature(post, cast.li, now, True)
    assert (fresh(post).featured_at, fresh(post).version, len(lines("feature"))) == (now, post.version + 1, 1)
    for _ in range(2):
        reviews.feature(post, cast.li, now, False)
    assert (fresh(post).featured_at, len(lines("unfeature"))) == (None, 1)


def test_only_what_is_seen_is_a_best_answer(cast, now):
    post = make.post(cast.zhao, now)
    stale = fresh(post)
    posts.withdraw(post, cast.zhao, now)
    with refused("not-published"):
        reviews.feature(fresh(post), cast.li, now, True)
    reviews.feature(stale, cast.li, now, True)
    assert fresh(post).featured_at is None
    assert lines("feature") == []


def test_comments_are_closed_once_and_opened_once(cast, now):
    post = make.post(cast.zhao, now)
    for _ in range(2):
        reviews.hold_comments(post, cast.li, now, comments_open=False)
    assert not fresh(post).comments_open
    for _ in range(2):
        reviews.hold_comments(post, cast.li, now, comments_open=True)
    assert fresh(post).comments_open
    assert (len(lines("close comments")), len(lines("open comments"))) == (1, 1)
    assert Post.get_by_id(post.id).version == post.version + 2
