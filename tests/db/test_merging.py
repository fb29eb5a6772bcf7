"""One person who joined twice becomes one again: everything moves, nothing counts double (X1)."""

import threading
from datetime import timedelta

import pytest

from db import (
    ballots,
    comments,
    contests,
    counter,
    likes,
    living_room,
    members,
    merging,
    people,
    photos,
    point_entries,
    points,
    posts,
    redemptions,
    scans,
    sessions,
)
from db.activity import Action
from db.audit import AuditLog
from db.base import on_sqlite
from db.likes import Like
from db.members import Membership
from db.neighborhoods import by_slug
from db.people import User
from db.posts import Post
from tests import make
from tests.make import at_once, refused

REASON = "同一个人，当面确认过"


@pytest.fixture
def twin(cast, now):
    """王阿姨 once more, on another phone, a day later."""
    return make.neighbor(cast.cuihu, "王阿姨", now + timedelta(days=1))


def merge(twin, cast, now, *, into=None):
    merging.merge(twin.user, (into or cast.wang).user, cast.li.user, now, REASON)


def test_what_she_wrote_and_did_is_hers_again(cast, now, twin):
    photo = make.photo(twin, now)
    post = make.post(twin, now, "第二个号写的", photo_codes=[photo.code], consent=True)
    said = comments.say(twin, make.post(cast.zhao, now), now, body="真好看", op_id="c1")
    merge(twin, cast, now)
    post = posts.find(cast.cuihu, post.id)
    assert (post.author_id, post.author.user_id) == (cast.wang.id, cast.wang.user_id)
    assert post.editable_by(make.again(cast.wang))
    assert comments.find(said.post, said.id).author_id == cast.wang.id
    assert photos.find(cast.cuihu, photo.code).owner_id == cast.wang.id


def test_two_likes_of_one_person_are_one(cast, now, twin):
    both, hers, its = (make.post(cast.zhao, now) for _ in range(3))
    for member, post in ((cast.wang, both), (twin, both), (cast.wang, hers), (twin, its), (cast.li, both)):
        likes.set_like(member, post, True, now)
    merge(twin, cast, now)
    assert [Post.get_by_id(post.id).likes for post in (both, hers, its)] == [2, 1, 1]
    assert Like.select().count() == 4
    assert likes.liked_by(cast.wang, [both.id, hers.id, its.id]) == {both.id, hers.id, its.id}


def test_what_both_did_is_one_deed(cast, now, twin):
    post = make.post(cast.zhao, now)
    for member in (cast.wang, twin):
        likes.set_like(member, post, True, now)
    merge(twin, cast, now)
    assert Action.select().where((Action.kind == "like") & (Action.membership == cast.wang.id)).count() == 1
    assert Action.select().where(Action.membership == twin.id).count() == 0


def test_the_place_counts_one_neighbour_less(cast, now, twin):
    before = by_slug("cuihu").members
    merge(twin, cast, now)
    assert by_slug("cuihu").members == before - 1
    assert members.get(cast.cuihu, twin.id) is None
    assert [each.name for each in members.listed(cast.cuihu)].count("王阿姨") == 1


def test_the_other_account_is_closed_and_signed_out(cast, now, twin):
    token = sessions.start(twin.user, now)
    merge(twin, cast, now)
    closed = User.get_by_id(twin.user_id)
    assert (closed.status, closed.merged_into_id) == ("merged", cast.wang.user_id)
    assert sessions.visitor(token, now) is None


def test_its_card_opens_nothing_any_more(cast, now, twin):
    code = scans.issue_card(twin, cast.li, now)
    merge(twin, cast, now)
    assert scans.find(code).state(now) == "revoked"


def test_a_phone_moves_along_where_there_was_none(cast, now, twin):
    people.bind_phone(twin.user, "13812345678")
    twin = make.again(twin)
    merge(twin, cast, now)
    assert people.by_phone("13812345678").id == cast.wang.user_id
    assert User.get_by_id(cast.wang.user_id).masked_phone == "138****5678"


def test_her_own_phone_stays(cast, now, twin):
    people.bind_phone(twin.user, "13812345678")
    people.bind_phone(cast.wang.user, "13900000000")
    merge(make.again(twin), cast, now, into=make.again(cast.wang))
    assert people.by_phone("13900000000").id == cast.wang.user_id
    assert people.by_phone("13812345678") is None


def test_trust_adds_up(cast, now, twin):
    members.vouch(twin, cast.li, now)
    Membership.update(approved_posts=2, face="f" * 32, building="9栋").where(Membership.id == twin.id).execute()
    Membership.update(approved_posts=2).where(Membership.id == cast.wang.id).execute()
    merge(make.again(twin), cast, now)
    wang = make.again(cast.wang)
    assert (wang.approved_posts, wang.vouched_at, wang.vouched_by_id) == (4, now, cast.li.user_id)
    assert (wang.face, wang.building, wang.joined_at) == ("f" * 32, "3栋", now)


@pytest.mark.parametrize(
    ("hers", "its", "stays", "fewer"),
    [
        ("active", "active", "active", 1),
        ("active", "left", "active", 0),
        ("left", "active", "active", 0),
        ("left", "left", "left", 0),
        ("banned", "active", "banned", 1),
        ("removed", "active", "removed", 1),
        ("active", "removed", "active", 0),
    ],
)
def test_who_was_sent_away_does_not_come_back_this_way(cast, now, twin, hers, its, stays, fewer):
    for member, status in ((cast.wang, hers), (twin, its)):
        if status != "active":
            members.leave(member, now)
            Membership.update(status=status).where(Membership.id == member.id).execute()
    before = by_slug("cuihu").members
    merge(twin, cast, now)
    assert Membership.get_by_id(cast.wang.id).status == stays
    assert by_slug("cuihu").members == before - fewer
    active = Membership.select().where((Membership.neighborhood == cast.cuihu.id) & (Membership.status == "active")).count()
    assert by_slug("cuihu").members == active


def test_where_only_the_other_lived_the_membership_moves_whole(cast, now, twin):
    there = members.join(cast.yangguangli, now, user=twin.user, building="7栋")
    post = make.post(make.again(there), now)
    before = by_slug("yangguangli").members
    merge(twin, cast, now)
    assert members.of(cast.wang.user, cast.yangguangli).id == there.id
    assert posts.find(cast.yangguangli, post.id).author.user_id == cast.wang.user_id
    assert by_slug("yangguangli").members == before


def test_every_card_that_shows_a_name_is_drawn_anew(cast, now, twin):
    post = make.post(cast.zhao, now)
    mine = make.post(twin, now)
    before = by_slug("cuihu").version
    merge(twin, cast, now)
    assert Post.get_by_id(mine.id).version > mine.version
    assert Post.get_by_id(post.id).version == post.version
    assert by_slug("cuihu").version > before
    assert living_room.cards([mine.id], "cuihu")[mine.id].member_id == cast.wang.id


def test_two_forms_with_one_number_do_not_meet(cast, now, twin):
    post = make.post(cast.zhao, now)
    for member in (cast.wang, twin):
        posts.create(member, now, op_id="the same", kind="chat", body="一样的号")
        comments.say(member, post, now, body="一样的号", op_id="the same")
    merge(twin, cast, now)
    assert Post.select().where(Post.author == cast.wang.id).count() == 2
    assert posts.create(cast.wang, now, op_id="the same", kind="chat", body="再来").author_id == cast.wang.id
    assert Post.select().where(Post.author == cast.wang.id).count() == 2


def test_it_is_written_down_and_she_can_read_it(cast, now, twin):
    merge(twin, cast, now)
    line = AuditLog.select().where(AuditLog.action == "merge").get()
    assert (line.actor_id, line.subject_id, line.reason) == (cast.li.user_id, cast.wang.user_id, REASON)


def test_without_a_reason_nothing_moves(cast, now, twin):
    with refused("reason-needed", 422):
        merging.merge(twin.user, cast.wang.user, cast.li.user, now, "")
    assert User.get_by_id(twin.user_id).status == "active"
    assert members.get(cast.cuihu, twin.id)


def test_twice_or_in_circles_is_refused(cast, now, twin):
    merge(twin, cast, now)
    with refused("moved-on"):
        merge(twin, cast, now)
    with refused("moved-on"):
        merge(cast.wang, cast, now, into=twin)
    with refused("same-person"):
        merge(cast.wang, cast, now)


def test_both_ways_at_once_only_one_is_closed(cast, now, twin):
    pair = (twin, cast.wang)
    at_once(8, lambda number: merge(pair[number % 2], cast, now, into=pair[1 - number % 2]))
    assert sorted(User.get_by_id(each.user_id).status for each in pair) == ["active", "merged"]


def test_hosts_and_staff_are_not_merged_away(cast, now):
    sun = members.join(cast.cuihu, now, user=cast.sun)
    for appointed in (cast.li, sun):
        with refused("host-stays"):
            merging.merge(appointed.user, cast.wang.user, cast.lin, now, REASON)


def test_a_host_opens_no_greater_account_by_merging_into_it(cast, now, twin):
    """The phone of the closed account moves along: a host could walk into HQ through her own second number."""
    lin = members.join(cast.cuihu, now, user=cast.lin)
    for greater in (cast.li, lin):
        with refused("host-stays"):
            merge(twin, cast, now, into=greater)
    merging.merge(twin.user, cast.li.user, cast.lin, now, REASON)  # HQ may
    assert User.get_by_id(twin.user_id).merged_into_id == cast.li.user_id


@pytest.mark.parametrize("meets", ["a vote", "a hand-over"])
def test_a_merge_waits_its_turn(cast, now, twin, monkeypatch, meets):
    """Each holds what it takes first when the other comes: taken in one order (base.writing), one waits and both are done."""
    began, met = threading.Event(), threading.Event()

    def late(real):
        def held(*args, **more):
            began.set()
            met.wait(0.2 if on_sqlite() else 5)  # SQLite has one writer at a time: nobody comes in the middle
            return real(*args, **more)

        return held

    def marked(real):
        def asked(*args, **more):
            if began.is_set():
                met.set()
            return real(*args, **more)

        return asked

    if meets == "a vote":
        contest, works = make.vote(cast.li, [cast.zhao, cast.chen], now)
        monkeypatch.setattr(ballots.activity, "record", late(ballots.activity.record))
        monkeypatch.setattr(contests, "taken", marked(contests.taken))

        def other():
            ballots.cast(contest, works[0], now, member=cast.wang, venue=True)
    else:
        asked = make.redeemed(make.rich(twin, now), make.reward(cast.li, now), now)
        monkeypatch.setattr(points, "capture", late(points.capture))
        monkeypatch.setattr(redemptions, "fold", marked(redemptions.fold))

        def other():
            assert counter.hand_over(asked, cast.li, now)

    def merge_then():
        assert began.wait(5)
        merge(twin, cast, now)

    at_once(2, lambda number: (other, merge_then)[number]())
    assert on_sqlite() or met.is_set()
    assert User.get_by_id(twin.user_id).status == "merged" and point_entries.differences() == []
