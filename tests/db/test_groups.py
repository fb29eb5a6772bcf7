"""Interest groups: wanted, led, awake, quiet, at rest, and without a leader (R52)."""

from datetime import timedelta

import pytest

from db import comments, group_leaders, group_rooms, groups, members, merging, notices, posts, registrations, subjects
from db.groups import GroupSeat, InterestGroup
from tests import make

DAY = timedelta(days=1)


@pytest.fixture
def room(cast, now):
    return make.group(cast.zhao, cast.li, now)


def again(group):
    return groups.find(group.neighborhood, group.id)


def lines(member):
    return [each.sentence for each in notices.inbox(member.user)[0]]


def say(member, group, now, body="番茄发芽了", **values):
    return make.post(member, now, body, **group_rooms.joins(group, member, now), **values)


def test_only_the_drawn_arrows_are_walked(cast, now, room):
    for state in groups.STATES:
        for to in groups.STATES:
            InterestGroup.update(state=state).where(InterestGroup.id == room.id).execute()
            if (state, to) in groups.TRANSITIONS:
                groups.move(again(room), to)
                assert again(room).state == to
            else:
                with make.refused("moved-on"):
                    groups.move(again(room), to)


def test_an_idea_is_wanted_once_a_neighbor(cast, now):
    idea = make.idea(cast.zhao, now)
    assert groups.set_interest(cast.zhao, idea, True, now) == 1
    make.at_once(8, lambda _: groups.set_interest(cast.wang, idea, True, now))
    assert groups.counted([idea])[0].wanted == 2
    assert groups.set_interest(cast.wang, idea, False, now) == 1
    with make.refused("twin", 422):
        make.idea(cast.li, now)
    with make.refused("not-known", 422):
        make.idea(cast.wang, now, "夜跑")
    made = make.at_once(8, lambda _: groups.suggest(cast.zhao, now, op_id="eighttimes", name="亲子烘焙"))
    assert len({group.id for group in made}) == 1


def test_five_and_a_leader_who_says_yes_make_a_group(cast, now):
    others = [make.neighbor(cast.cuihu, f"想种菜的{number}", now) for number in range(3)]
    idea = make.idea(cast.zhao, now, wanted=others)
    with make.refused("not-yours", 403):
        group_leaders.ask(idea, cast.wang, cast.zhao, now, "您种得最好")
    group_leaders.ask(idea, cast.li, cast.zhao, now, "您种得最好")
    with make.refused("not-asked"):
        group_leaders.answer(idea, cast.wang, True, now)
    with make.refused("too-few"):
        group_leaders.answer(idea, cast.zhao, True, now)
    assert not groups.sits_in(idea, cast.zhao)  # nothing of it happened
    groups.set_interest(cast.wang, idea, True, now)
    assert any("5 位邻居想要「阳台种菜」" in line for line in lines(cast.li))
    group_leaders.answer(idea, cast.zhao, True, now)
    begun = again(idea)
    assert (begun.state, begun.leader_id, begun.asked_id) == ("hatching", cast.zhao.id, None)
    assert any("开张了" in line for line in lines(cast.wang))
    with make.refused("not-asked"):
        group_leaders.answer(begun, cast.zhao, False, now)


def test_what_three_people_do_keeps_it_awake(cast, now, room):
    for member in (cast.wang, cast.li):
        group_leaders.join(room, member, now)
    said = say(cast.zhao, room, now)
    assert again(room).state == "hatching" and group_rooms.people_lately(room, now) == 1
    comments.say(cast.li, said, now + DAY, body="真好", op_id="a" * 12)
    event = make.event(cast.zhao, now + DAY, days=5)
    group_rooms.take_event(again(room), event, cast.zhao, now + DAY)
    registrations.register(cast.chen, event, now + 2 * DAY, op_id="b" * 12)
    group_rooms.tend(again(room), now + 2 * DAY)
    awake = again(room)
    assert awake.state == "active" and group_rooms.people_lately(awake, now + 2 * DAY) == 3
    assert not awake.quiet(now + 30 * DAY) and awake.quiet(now + 32 * DAY)
    with make.refused("awake"):
        group_leaders.rest(awake, cast.zhao, now + 40 * DAY)


def test_a_quiet_group_is_asked_once_and_may_rest_and_wake(cast, now, room):
    assert [group_rooms.tend_due(now + days * DAY) for days in (29, 31, 32, 61, 62)] == [0, 1, 0, 1, 0]
    assert any("60 天" in line for line in lines(cast.zhao))
    with make.refused("not-yours", 403):
        group_leaders.rest(again(room), cast.wang, now + 62 * DAY)
    group_leaders.rest(again(room), cast.zhao, now + 62 * DAY)
    with make.refused("moved-on"):
        group_leaders.join(again(room), cast.wang, now + 62 * DAY)
    group_leaders.wake(again(room), cast.li, now + 63 * DAY)
    assert again(room).state == "active" and not again(room).quiet(now + 90 * DAY)


def test_a_leader_who_goes_leaves_the_group_to_the_next(cast, now, room):
    group_leaders.leave(room, cast.zhao, now)
    assert again(room).leader_id is None and any("没有组长" in line for line in lines(cast.li))
    assert room.id in [each.group.id for each in groups.of_desk(cast.cuihu)]
    group_leaders.ask(again(room), cast.li, cast.wang, now, "您来接着带大家")
    group_leaders.answer(again(room), cast.wang, True, now)
    assert again(room).led_by(cast.wang)
    members.remove(make.again(cast.wang), cast.li, now, "说过好几次了")
    assert group_rooms.tend_due(now) == 1 and again(room).leader_id is None


def test_its_people_may_choose_who_leads(cast, now, room):
    for member in (cast.wang, cast.chen):
        group_leaders.join(room, member, now)
    with make.refused("moved-on"):
        group_leaders.back(room, cast.wang, cast.chen, now)  # somebody leads
    group_leaders.leave(room, cast.zhao, now)
    with make.refused("not-in"):
        group_leaders.back(room, cast.zhao, cast.chen, now)
    group_leaders.back(room, cast.wang, cast.wang, now)
    assert again(room).asked_id is None  # one of two is not more than half
    make.at_once(2, lambda number: group_leaders.back(room, (cast.wang, cast.chen)[number], cast.chen, now))
    assert again(room).asked_id == cast.chen.id and group_leaders.named(room) == {cast.chen.id: 2}
    group_leaders.answer(again(room), cast.chen, True, now)
    assert again(room).led_by(cast.chen) and group_leaders.named(room) == {}


def test_who_was_sent_away_does_not_walk_in_again(cast, now, room):
    group_leaders.join(room, cast.wang, now)
    with make.refused("not-yours", 403):
        group_leaders.send_away(room, cast.wang, cast.zhao.id, now, "不想见到你")
    with make.refused("leader"):
        group_leaders.send_away(room, cast.li, cast.zhao.id, now, "请您先离开")
    group_leaders.send_away(room, cast.zhao, cast.wang.id, now, "总在这里卖东西")
    assert any("总在这里卖东西" in line for line in lines(cast.wang))
    with make.refused("sent-away"):
        group_leaders.join(room, cast.wang, now)
    with make.refused("not-in", 422):
        say(cast.wang, room, now)


def test_a_room_shows_its_own_posts_pinned_first(cast, now, room):
    first, second = say(cast.zhao, room, now), say(cast.zhao, room, now, "只给邻居", visibility="neighborhood")
    make.post(cast.zhao, now, "不在小组里")
    group_rooms.pin(room, cast.zhao, first.id, True, now)
    pinned, found, after = group_rooms.feed(room, cast.wang)
    assert ([each.id for each in pinned], [each.id for each in found], after) == ([first.id], [second.id], 0)
    assert group_rooms.feed(room, None)[1] == []
    posts.withdraw(posts.find(cast.cuihu, first.id), cast.zhao, now)
    assert group_rooms.feed(room, cast.wang)[0] == []
    group_rooms.tick(room, cast.zhao, 0, True, now)
    assert [done for *_, done in group_rooms.plan(room)][:2] == [True, False]


def test_reported_hidden_and_merged_like_everything_else(cast, now, room):
    subjects.hide(groups.find(cast.cuihu, room.id), cast.li.user, cast.cuihu, now, "先收起来看看")
    assert not again(room).readable_by(None) and again(room).readable_by(cast.li)
    assert room.id not in [each.group.id for each in groups.listed(cast.cuihu)]
    subjects.show(again(room), cast.li.user, cast.cuihu, now, "看过了")
    double = make.neighbor(cast.cuihu, "赵敏", now)
    group_leaders.join(room, double, now)
    merging.merge(double.user, cast.zhao.user, cast.li.user, now, "同一个人两次加入")
    assert GroupSeat.select().where(GroupSeat.group == room.id).count() == 1 and again(room).led_by(cast.zhao)
