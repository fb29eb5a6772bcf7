"""Who comes into a private group, who closes it, and what is done at the same moment (R52, docs/decisions/0022)."""

from datetime import timedelta

import pytest

from db import (
    attendance,
    calendars,
    comments,
    event_days,
    events,
    group_leaders,
    group_rooms,
    group_seats,
    group_walls,
    groups,
    hiding,
    likes,
    merging,
    notices,
    photos,
    posts,
    reviews,
)
from db import event_reviews as desk
from db.base import Refused
from db.groups import GroupInterest, InterestGroup
from db.photos import Photo
from db.posts import Post
from tests import make
from tests.db.test_groups import again, lines, room, say  # noqa: F401
from tests.make import refused


@pytest.fixture
def den(cast, now, room):  # noqa: F811
    group_walls.close(room, cast.zhao, now)
    return again(room)


def test_whom_nobody_invited_asks_and_is_let_in_or_not(cast, now, den):
    assert group_leaders.join(den, cast.wang, now) is False and groups.seat_of(den, cast.wang) == "asked"
    group_leaders.join(den, cast.wang, now)
    assert [line for line in lines(cast.zhao) if "想坐进" in line] == ["王阿姨想坐进「阳台种菜」，请您看看"]
    with make.refused("not-yours", 403):
        group_seats.let_in(den, cast.chen, cast.wang.id, True, now)
    group_seats.let_in(den, cast.zhao, cast.wang.id, False, now)
    with make.refused("moved-on"):
        group_seats.let_in(den, cast.zhao, cast.wang.id, True, now)
    group_leaders.join(den, cast.wang, now)
    group_seats.let_in(den, cast.zhao, cast.wang.id, True, now)
    assert groups.sits_in(den, cast.wang) and groups.opens_to(den, cast.wang) and not groups.opens_to(den, cast.chen)


def test_who_is_invited_walks_in_also_after_being_sent_away(cast, now, den):
    with make.refused("not-yours", 403):
        group_seats.invite(den, cast.wang, cast.chen, now)
    with make.refused("not-here", 422):
        group_seats.invite(den, cast.zhao, cast.zhou, now)
    for _ in range(2):
        group_seats.invite(den, cast.zhao, cast.wang, now)
    assert lines(cast.wang).count("赵敏请您来「阳台种菜」坐坐") == 1 and not groups.opens_to(den, cast.wang)
    assert group_leaders.join(den, cast.wang, now) and groups.sits_in(den, cast.wang)
    with make.refused("in-already", 422):
        group_seats.invite(den, cast.zhao, cast.wang, now)
    group_leaders.send_away(den, cast.zhao, cast.wang.id, now, "总在这里卖东西")
    with make.refused("sent-away"):
        group_leaders.join(den, cast.wang, now)
    group_seats.invite(den, cast.zhao, cast.wang, now)
    assert group_leaders.join(den, cast.wang, now)


def test_those_who_wanted_a_private_group_need_not_ask(cast, now):
    others = [make.neighbor(cast.cuihu, f"想读书的{number}", now) for number in range(4)]
    idea = make.idea(cast.zhao, now, "读书", wanted=others)
    InterestGroup.update(private=True).where(InterestGroup.id == idea.id).execute()
    group_leaders.ask(again(idea), cast.li, cast.zhao, now, "您读得最多")
    group_leaders.answer(again(idea), cast.zhao, True, now)
    assert group_leaders.join(again(idea), others[0], now) and not group_leaders.join(again(idea), cast.wang, now)


def test_closing_takes_what_was_said_off_every_list_and_only_an_unused_room_opens(cast, now, room):  # noqa: F811
    group_leaders.join(room, cast.wang, now)
    photo = make.photo(cast.zhao, now)
    said = say(cast.zhao, room, now, photo_codes=[photo.code], consent=True)
    waits = say(cast.wang, room, now, "等主理人看")  # a newcomer's
    event = make.event(cast.zhao, now, group=room)
    assert any("有活动了" in line for line in lines(cast.wang))
    with make.refused("event-ahead"):
        group_walls.close(room, cast.zhao, now)
    with make.refused("not-yours", 403):
        group_walls.close(room, cast.wang, now)
    over = event.ends_at + timedelta(hours=1)
    for _ in range(2):
        group_walls.close(room, cast.zhao, over)
    fresh = [posts.find(cast.cuihu, each.id) for each in (said, waits)]
    assert [(each.state, each.visibility) for each in fresh] == [("within", "group"), ("pending", "group")]
    shown = photos.find(cast.cuihu, photo.code)
    readers = (None, cast.chen, cast.wang, cast.zhao, cast.li)
    for readable in (fresh[0].readable_by, lambda member: photos.visible_to(shown, member)):
        assert [readable(member) for member in readers] == [False, False, True, True, True]
    assert [events.find(cast.cuihu, event.id).readable_by(member) for member in readers] == [False, False, True, True, True]
    assert group_rooms.feed(again(room), cast.chen)[1] == group_rooms.feed(again(room), None)[1] == []
    with make.refused("was-said"):
        group_walls.open_up(again(room), cast.zhao, over)
    empty = make.group(cast.zhao, cast.li, now, "夜跑")
    group_walls.close(empty, cast.li, now)
    group_walls.open_up(again(empty), cast.li, now)
    assert not again(empty).private


def test_what_is_within_is_looked_at_like_everything_else(cast, now, den):
    group_leaders.sit(den, cast.wang, now)
    waits = say(cast.wang, den, now)
    reviews.approve(posts.find(cast.cuihu, waits.id), cast.li, now)
    post = posts.find(cast.cuihu, waits.id)
    assert post.state == "within" and post.published
    comments.say(cast.zhao, post, now, body="真好", op_id="a" * 12)
    line = reviews.last_decision(cast.cuihu, cast.li, now)
    with make.refused("not-published"):
        reviews.feature(post, cast.li, now, True)
    with make.refused("not-published"):
        reviews.pin(post, cast.li, now, "大家看看")
    hiding.hide(post, cast.li.user, now, "先收起来看看")
    hiding.restore(posts.find(cast.cuihu, post.id), cast.li.user, now)
    assert posts.find(cast.cuihu, post.id).state == "within"
    reviews.undo(cast.cuihu, line, cast.li, now)
    assert posts.find(cast.cuihu, post.id).state == "pending"
    event = make.event(cast.zhao, now, group=den)
    with make.refused("bad-kind", 422):
        make.event(cast.li, now, kind="market", group=den) if group_leaders.join(den, cast.li, now) else None
    desk.hide(event, cast.li, now, "先收起来看看")
    desk.restore(events.find(cast.cuihu, event.id), cast.li, now)
    assert events.find(cast.cuihu, event.id).sight == "within"


def test_who_was_sent_away_hears_no_more_of_an_event_she_signed_up_for(cast, now, den):
    group_leaders.sit(den, cast.wang, now)
    event = make.event(cast.zhao, now, group=den, title="换苗")
    make.registered(cast.wang, event, now)
    assert attendance.mine(cast.wang, now) and "换苗" in calendars.of_person(cast.wang.user, now)
    group_leaders.send_away(den, cast.zhao, cast.wang.id, now, "总在这里卖东西")
    assert not attendance.mine(cast.wang, now) and "换苗" not in calendars.of_person(cast.wang.user, now)
    told = len(lines(cast.wang))
    event_days.cancel(event, cast.zhao, now, "那天下雨，改天再说")
    assert len(lines(cast.wang)) == told


def test_closing_and_writing_at_the_same_moment_leave_nothing_outside(cast, now, room):  # noqa: F811
    def act(number):
        if number == 3:
            return group_walls.close(groups.find(cast.cuihu, room.id), cast.li, now)
        return say(cast.zhao, groups.find(cast.cuihu, room.id), now, f"第 {number} 句")

    make.at_once(8, act)
    assert {(each.state, each.visibility) for each in Post.select()} == {("within", "group")}
    assert not Photo.select().where(Photo.audience == "group").exists()


def test_the_fifth_interest_and_the_leaders_yes_at_once(cast, now):
    others = [make.neighbor(cast.cuihu, f"想种菜的{number}", now) for number in range(3)]
    idea = make.idea(cast.zhao, now, wanted=others)
    group_leaders.ask(idea, cast.li, cast.zhao, now, "您种得最好")

    def act(number):
        if number:
            return groups.set_interest(cast.wang, idea, True, now)
        return group_leaders.answer(idea, cast.zhao, True, now)

    met = make.at_once(2, act)
    fresh = again(idea)
    early = isinstance(met[0], Refused)
    assert (fresh.state, fresh.leader_id) == (("idea", None) if early else ("hatching", cast.zhao.id))
    assert GroupInterest.select().where(GroupInterest.group == idea.id).count() == 5
    if early:  # nothing was lost: she says yes once more
        group_leaders.answer(fresh, cast.zhao, True, now)
    assert again(idea).led_by(cast.zhao)


def test_two_joins_and_a_leader_who_leaves_while_the_next_says_yes(cast, now, room):  # noqa: F811
    make.at_once(8, lambda _: group_leaders.join(room, cast.wang, now))
    assert groups.counted([room])[0].members == 2
    group_leaders.ask(room, cast.zhao, cast.wang, now, "您来接着带大家")

    def act(number):
        if number:
            return group_leaders.leave(again(room), cast.zhao, now)
        return group_leaders.answer(again(room), cast.wang, True, now)

    assert make.at_once(2, act) == [None, None]
    assert again(room).led_by(cast.wang) and not groups.sits_in(room, cast.zhao)
    assert groups.listed(cast.cuihu)[0].group.leader.user.name == "王阿姨"
    group_leaders.leave(again(room), cast.wang, now)
    assert groups.listed(cast.cuihu)[0].group.leader_id is None


def test_whoever_is_sent_away_hears_and_says_no_more_under_what_she_wrote(cast, now, room):  # noqa: F811
    her = make.neighbor(cast.cuihu, "邻居", now, trusted=True)
    group_walls.close(room, cast.zhao, now)
    shut = groups.find(cast.cuihu, room.id)
    group_seats.invite(shut, cast.zhao, her, now)
    group_leaders.join(shut, her, now)
    hers = make.post(her, now, "番茄", **group_rooms.joins(shut, make.again(her), now))
    group_leaders.send_away(shut, cast.li, her.id, now, "总在这里卖东西")
    hers = posts.find(cast.cuihu, hers.id)
    comments.say(cast.zhao, hers, now, body="组里的话", op_id="saidinside01")
    likes.set_like(cast.zhao, hers, True, now)
    assert not [line for line in notices.inbox(her.user)[0] if "番茄" in line.sentence]
    assert hers.readable_by(her) and not comments.page(hers, member=her).comments
    with refused("no-comments"):
        comments.say(her, hers, now, body="我还在", op_id="saidoutside1")
    with refused("not-in"):
        likes.set_like(her, hers, True, now)


def test_two_seats_of_one_person_become_the_nearer_one_and_sent_away_stays_away(cast, now, room):  # noqa: F811
    twin, bad = (make.neighbor(cast.cuihu, name, now, trusted=True) for name in ("赵敏", "王阿姨"))
    group_leaders.join(room, twin, now)
    group_leaders.leave(room, twin, now)
    merging.merge(cast.zhao.user, twin.user, None, now, "同一个人，当面确认过")
    assert groups.find(cast.cuihu, room.id).leader_id == twin.id and groups.seat_of(room, twin) == "in"
    for each in (bad, cast.wang):
        group_leaders.join(room, each, now)
    group_leaders.send_away(room, cast.li, bad.id, now, "总在这里卖东西")
    merging.merge(bad.user, cast.wang.user, None, now, "同一个人，当面确认过")
    assert groups.seat_of(room, cast.wang) == "removed"
