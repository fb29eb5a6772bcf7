"""生活大使: exactly so many, in the order of their yes; a line that moves up; nobody is asked too often (R46, I5)."""

import itertools
from datetime import timedelta

import pytest

from db import ambassador_ends, ambassadors, belongings, candidates, event_days, forgetting, merging
from db.ambassadors import STATES, TRANSITIONS, Ambassador
from db.base import writing
from db.events import Event
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

DAY = timedelta(days=1)


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, days=9, kind="market", title="春日邻里市集", capacity=300)


def plan(event, by, now, quota=10, **told):
    values = {"name": "春日生活大使", "what": "发一条种植日记", "until": None} | told
    ambassadors.plan(event, by, now, quota=quota, **values)
    return ambassadors.of(event)


def ask(event, by, people, now, words="您种得好，来教教大家"):
    return ambassadors.invite(event, by, [each.id for each in people], now, words)


def row(event, member):
    return ambassadors.mine(ambassadors.of(event), member)


def said(member):
    return [line.sentence for line in Notice.select().where(Notice.user == member.user_id)]


@pytest.mark.parametrize(("source", "to"), sorted(itertools.product(STATES, STATES)))
def test_every_arrow_that_is_drawn_works_and_no_other(cast, now, event, source, to):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.wang], now)
    Ambassador.update(state=source).execute()
    place = row(event, cast.wang)
    with writing():
        if (source, to) in TRANSITIONS:
            ambassadors.move(place, to)
            assert row(event, cast.wang).state == to
        else:
            with refused("moved-on"):
                ambassadors.move(place, to)


def test_who_says_yes_when_it_is_full_stands_in_line_and_moves_up(cast, now, event):
    plan(event, cast.li, now, quota=1)
    people = (cast.wang, cast.zhao, cast.chen)
    assert ask(event, cast.li, people, now) == 3 and ask(event, cast.li, people, now) == 0
    told = [ambassadors.answer(event, each, True, now, named=True) for each in people for _ in range(2)]
    assert told == ["accepted"] * 2 + ["waitlisted"] * 4
    assert ambassadors.ahead_of(row(event, cast.chen)) == 1 and ambassadors.names_of(event) == ("春日生活大使", ["王阿姨"])
    for _ in range(2):
        ambassadors.withdraw(event, cast.wang, now)
    assert [row(event, each).state for each in people] == ["withdrawn", "accepted", "waitlisted"]
    assert any("有位置了" in line for line in said(cast.zhao))
    plan(event, cast.li, now, quota=5)
    assert row(event, cast.chen).state == "accepted" and ambassadors.of(event).accepted == 2
    with refused("too-few", 422):
        plan(event, cast.li, now, quota=1)


def test_sixteen_at_once_are_ten_and_six(cast, now, event):
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(16)]
    plan(event, cast.li, now)
    ask(event, cast.li, crowd, now)
    told = at_once(16, lambda number: ambassadors.answer(event, crowd[number], True, now))
    assert sorted(told) == ["accepted"] * 10 + ["waitlisted"] * 6 and ambassadors.of(event).accepted == 10
    numbers = [each.no for each in ambassadors.listed(ambassadors.of(event)) if each.state == "waitlisted"]
    assert numbers == [1, 2, 3, 4, 5, 6]
    at_once(6, lambda number: ambassadors.withdraw(event, crowd[number], now))
    states = [each.state for each in ambassadors.listed(ambassadors.of(event))]
    assert states.count("accepted") == 10 == ambassadors.of(event).accepted


def test_who_said_no_is_left_in_peace_for_three_months(cast, now, event):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.wang], now)
    assert ambassadors.answer(event, cast.wang, False, now) == "declined"
    with refused("said-no", 422):
        ask(event, cast.li, [cast.wang], now + DAY)
    Ambassador.update(answered_at=now - 91 * DAY).execute()
    assert ask(event, cast.li, [cast.wang], now) == 1 and row(event, cast.wang).state == "invited"


def test_what_a_call_may_not_say(cast, now, event):
    for wrong, code in (({"quota": 0}, "bad-quota"), ({"quota": 101}, "bad-quota"), ({"quota": None}, "bad-quota")):
        with refused(code, 422):
            plan(event, cast.li, now, **wrong)
    with refused("bad-until", 422):
        plan(event, cast.li, now, until=event.starts_at + DAY)
    with refused("not-yours", 403):
        plan(event, cast.wang, now)
    plan(event, cast.li, now)
    for words, people, code in (("来", [cast.wang], "no-words"), ("您种得好", [], "nobody"), ("您种得好", [cast.zhou], "nobody")):
        with refused(code, 422):
            ask(event, cast.li, people, now, words)


def test_kit_content_and_slot_are_ticked_off(cast, now, event):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.zhao, cast.wang], now)
    for each in (cast.zhao, cast.wang):
        ambassadors.answer(event, each, True, now)
    mine, other = make.post(cast.zhao, now, "豆苗出来了"), make.post(cast.li, now, "不是她的")
    with refused("not-hers", 422):
        ambassadors.choose_post(event, row(event, cast.zhao), cast.zhao, other, now)
    ambassadors.choose_post(event, row(event, cast.zhao), cast.zhao, mine, now)
    ambassadors.note(event, row(event, cast.zhao), cast.li, now, kit=True, slot="10:00 分享角")
    place = row(event, cast.zhao)
    assert (place.post_id, place.kit_at, place.slot) == (mine.id, now, "10:00 分享角")
    assert ambassadors.nudge(event, cast.li, now) == 1 and any("准备好了吗" in line for line in said(cast.wang))
    with refused("today"):
        ambassadors.nudge(event, cast.li, now + DAY / 2)


def test_the_clock_lets_old_invitations_lapse_and_reminds_once(cast, now, event):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.zhao, cast.wang], now)
    ambassadors.answer(event, cast.zhao, True, now)
    eve = event.starts_at - DAY / 2
    at_once(2, lambda _: ambassador_ends.settle_due(eve))
    assert ambassador_ends.settle_due(eve) == 0 and row(event, cast.wang).state == "lapsed"
    assert sum("还没选上" in line for line in said(cast.zhao)) == 1
    with refused("closed"):
        ask(event, cast.li, [cast.chen], eve)


def test_a_cancelled_day_is_told_to_the_list_and_takes_no_more_answers(cast, now, event):
    plan(event, cast.li, now)
    ask(event, cast.li, [cast.zhao], now)
    event_days.cancel(event, cast.li, now, "台风要来了，改到下个月")
    assert any("台风" in line for line in said(cast.zhao))
    with refused("over"):
        ambassadors.answer(event, cast.zhao, True, now)


def test_candidates_are_found_by_what_they_did_for_others(cast, now, event):
    for number in range(3):
        make.post(cast.zhao, now, f"第 {number} 条")
    make.post(cast.chen, now, "一条")
    plan(event, cast.li, now)
    found = candidates.of(event, now)
    assert found[0].member.id == cast.zhao.id and found[0].why == "近三个月发帖 3 次"
    ask(event, cast.li, [cast.zhao], now)
    assert cast.zhao.id not in [each.member.id for each in candidates.of(event, now)]


def test_who_is_forgotten_leaves_her_place_to_the_next(cast, now, event):
    plan(event, cast.li, now, quota=1)
    ask(event, cast.li, [cast.zhao, cast.wang], now)
    for each in (cast.zhao, cast.wang):
        ambassadors.answer(event, each, True, now)
    with writing():
        belongings.forget(forgetting.person(cast.zhao.user), now)
    assert row(event, cast.zhao) is None
    assert row(event, cast.wang).state == "accepted" and ambassadors.of(event).accepted == 1


def test_one_person_has_one_place(cast, now, event):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    plan(event, cast.li, now, quota=1)
    ask(event, cast.li, [twin, cast.wang, cast.chen], now)
    for each in (twin, cast.wang, cast.chen):
        ambassadors.answer(event, each, True, now)
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert row(event, cast.wang).state == "accepted" and row(event, cast.chen).state == "waitlisted"
    assert Ambassador.select().count() == 2 and Event.get_by_id(event.id) and ambassadors.of(event).accepted == 1
