"""How a place among the 生活大使 ends: with whoever leaves, with a day that moves, and what is asked anew (R46, I14)."""

from datetime import timedelta

import pytest

from db import ambassador_ends, ambassadors, candidates, event_days, groups, members, merging, posts
from db.ambassadors import Ambassador
from tests import make
from tests.db.test_ambassadors import DAY, ask, plan, row
from tests.make import refused


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, days=9, kind="market", title="春日邻里市集", capacity=300)


@pytest.fixture
def full(cast, now, event):
    """One place: 赵敏 has it, 王阿姨 waits."""
    plan(event, cast.li, now, quota=1)
    ask(event, cast.li, [cast.zhao, cast.wang], now)
    for each in (cast.zhao, cast.wang):
        ambassadors.answer(event, each, True, now)
    return event


def test_who_leaves_the_place_leaves_hers_to_the_next(cast, now, full):
    members.leave(cast.zhao, now)
    ambassador_ends.settle_due(now)
    assert row(full, cast.wang).state == "accepted" and ambassadors.of(full).accepted == 1


def test_a_day_that_moves_takes_the_time_to_answer_and_the_reminder_along(cast, now, full):
    until, eve = ambassadors.of(full).until, full.starts_at - DAY / 2
    ambassador_ends.settle_due(eve)
    event_days.reschedule(full, cast.li, eve, starts_at=full.starts_at + 7 * DAY, ends_at=None, note="台风要来了，下周")
    call = ambassadors.of(full)
    assert (call.until - until, call.reminded_at) == (7 * DAY, None)


def test_a_post_that_is_gone_is_no_content(cast, now, full):
    post = make.post(cast.zhao, now)
    ambassadors.choose_post(full, row(full, cast.zhao), cast.zhao, post, now)
    assert row(full, cast.zhao).ready
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    assert not row(full, cast.zhao).ready and ambassadors.nudge(full, cast.li, now) == 1


def test_an_old_invitation_is_over_before_the_clock_says_so(cast, now):
    event = make.event(cast.li, now, days=40, kind="market", title="春日邻里市集", capacity=300)
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.zhao], now)
    with refused("closed"):
        ambassadors.answer(event, cast.zhao, True, now + 15 * DAY)


def test_who_stepped_back_may_be_asked_again_and_starts_afresh(cast, now, full):
    ambassadors.note(full, row(full, cast.zhao), cast.li, now, kit=True, slot="10:00 分享角")
    assert cast.zhao.id not in [each.member.id for each in candidates.of(full, now)]
    ambassadors.withdraw(full, cast.zhao, now)
    assert cast.zhao.id in [each.member.id for each in candidates.of(full, now)]
    ask(full, cast.li, [cast.zhao], now)
    anew = row(full, cast.zhao)
    assert (anew.state, anew.slot, anew.kit_at) == ("invited", "", None)


def test_everybody_may_be_asked_the_quiet_ones_last(cast, now, event):
    make.post(cast.zhao, now)
    plan(event, cast.li, now)
    found = candidates.of(event, now)
    assert [found[0].member.id, found[0].why] == [cast.zhao.id, "近三个月发帖 1 次"]
    assert (cast.chen.id, "") in [(each.member.id, each.why) for each in found]


def test_more_places_are_given_after_the_time_to_answer(cast, now, full):
    until = ambassadors.of(full).until
    plan(full, cast.li, until + timedelta(hours=3), quota=2, until=until)
    assert row(full, cast.wang).state == "accepted"


def test_a_no_survives_when_two_become_one(cast, now, event):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    plan(event, cast.li, now)
    ask(event, cast.li, [twin, cast.wang], now)
    ambassadors.answer(event, cast.wang, False, now)
    Ambassador.update(state="lapsed").where(Ambassador.member == twin.id).execute()
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    with refused("said-no", 422):
        ask(event, cast.li, [make.again(cast.wang)], now + DAY)


def test_what_only_a_private_group_sees_has_no_call(cast, now):
    group = make.group(cast.zhao, cast.li, now)
    type(group).update(private=True).where(type(group).id == group.id).execute()
    event = make.event(cast.zhao, now, days=9, group=groups.find(cast.cuihu, group.id))
    with refused("over"):
        plan(event, cast.li, now)


def test_a_day_brought_forward_leaves_time_to_answer(cast, now, event):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.zhao], now)
    event_days.reschedule(event, cast.li, now, starts_at=now + DAY, ends_at=None, note="明天天气最好，提前办")
    ambassador_ends.settle_due(now)
    assert ambassadors.answer(event, cast.zhao, True, now) == "accepted"


def test_whoever_is_sent_out_is_passed_over_in_the_line(cast, now, full):
    ask(full, cast.li, [cast.chen], now)
    ambassadors.answer(full, cast.chen, True, now)
    members.Membership.update(status="removed").where(members.Membership.id == cast.wang.id).execute()
    ambassadors.withdraw(full, cast.zhao, now)
    assert row(full, cast.chen).state == "accepted"
