"""活动: what a plan may say, who is seen at once, what each phase allows, and what the clock makes of it (R04, G4, G7)."""

import itertools
from datetime import timedelta

import pytest

from db import belongings, event_days, event_plans, event_reviews, events, forgetting, members, registrations, reviews, search
from db.activity import Action
from db.base import Refused, writing
from db.event_plans import Plan
from db.events import PHASES, TRANSITIONS, Event
from db.members import Membership
from db.neighborhoods import version_of
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def plan(now, **told):
    usual = {"kind": "gathering", "title": "周末徒步", "place": "东门", "starts_at": now + 48 * HOUR, "ends_at": None}
    return Plan(**usual | told)


def again(event):
    return Event.get_by_id(event.id)


def told(member, kind="event"):
    mine = (Notice.user == member.user_id) & (Notice.kind == kind)
    return [line.sentence for line in Notice.select().where(mine).order_by(Notice.id)]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("event_kind", {"kind": "party"}),
        ("event_kind", {"kind": "market"}),  # the host's
        ("title", {"title": " 走 "}),
        ("title", {"title": "走" * 31}),
        ("starts_at", {"starts_at": None}),
        ("starts_at", {"hours": 0}),
        ("starts_at", {"hours": 24 * 401}),
        ("ends_at", {"end": 48}),
        ("ends_at", {"end": 47}),
        ("ends_at", {"end": 48 + 73}),
        ("place", {"place": "\u3164 "}),
        *(("capacity", {"capacity": odd}) for odd in (0, -1, 10_001, None, "6", 1e309)),
        *(("fee", {"fee_cents": odd}) for odd in (-1, 100_001, None)),
        ("bring", {"bring": "带" * 101}),
        ("body", {"body": "坏\0"}),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(cast, now, field, wrong):
    wrong = dict(wrong)
    if "hours" in wrong:
        wrong["starts_at"] = now + wrong.pop("hours") * HOUR
    if "end" in wrong:
        wrong["ends_at"] = now + wrong.pop("end") * HOUR
    with pytest.raises(Refused) as met:
        event_plans.create(cast.zhao, now, op_id="op000001", plan=plan(now, **wrong))
    assert (met.value.field, met.value.status) == (field, 422)
    assert Event.select().count() == 0


def test_a_tasting_says_what_is_in_it_and_what_is_online_needs_no_place(cast, now):
    with refused("no-allergy", 422):
        event_plans.create(cast.li, now, op_id="op000001", plan=plan(now, kind="tasting"))
    assert event_plans.create(cast.li, now, op_id="op000002", plan=plan(now, kind="live", place="")).state == "published"


def test_the_same_form_makes_one_event(cast, now):
    made = at_once(6, lambda _: event_plans.create(cast.zhao, now, op_id="op000001", plan=plan(now)).id)
    assert len(set(made)) == 1 == Event.select().count()


def test_an_event_of_the_trusted_is_seen_at_once_and_badged(cast, now):
    before = version_of(cast.cuihu.id)
    event = again(event_plans.create(cast.zhao, now, op_id="op000001", plan=plan(now)))
    assert (event.phase(now), event.by_resident) == ("published", True) and version_of(cast.cuihu.id) > before
    assert event.ends_at == event.starts_at + 2 * HOUR
    assert [each.id for each in events.upcoming(cast.cuihu, now)] == [event.id] and not events.upcoming(cast.yangguangli, now)
    assert [hit.path for hit in search.find(cast.cuihu, None, "徒步", now).hits] == [f"events/{event.id}"]
    assert Action.select().where((Action.kind == "event") & (Action.membership == cast.zhao.id)).count() == 1
    assert not event_plans.create(cast.li, now, op_id="op000001", plan=plan(now)).by_resident


def test_a_newcomers_event_waits_for_the_host_who_is_reminded_after_a_day(cast, now):
    event = event_plans.create(cast.wang, now, op_id="op000001", plan=plan(now))
    assert event.state == "review" and not again(event).readable_by(cast.zhao) and again(event).readable_by(cast.li)
    assert reviews.count_waiting(cast.cuihu) == 1 and [each.id for each in event_reviews.waiting(cast.cuihu)] == [event.id]
    assert event_days.chase_due(now + 24 * HOUR - SECOND) == 0
    assert event_days.chase_due(now + 24 * HOUR) == 1 and event_days.chase_due(now + 25 * HOUR) == 0
    assert told(cast.li, "desk") == ["活动「周末徒步」等您看，已经过了一天"]
    event_reviews.give_back(event, cast.li, now, "请写清楚在哪里")
    with refused("moved-on"):
        event_reviews.approve(event, cast.li, now)
    event_plans.send(again(event), cast.wang, now, plan(now, place="东门花坛边"))
    event_reviews.approve(event, cast.li, now)
    assert again(event).phase(now) == "published" and not reviews.count_waiting(cast.cuihu)
    assert told(cast.wang, "review")[-1] == "您发起的活动「周末徒步」发布了，邻居们看得到了"


def test_who_has_carried_one_through_is_trusted_and_who_is_watched_is_not(cast, now):
    make.event(cast.wang, now, days=1)
    assert not event_plans.trusts(cast.wang, now + 26 * HOUR - SECOND) and event_plans.trusts(cast.wang, now + 26 * HOUR)
    members.watch(cast.wang, cast.li, now, "先看看她写的")
    assert not event_plans.trusts(make.again(cast.wang), now + 26 * HOUR)


def test_phases_change_to_the_second(cast, now):
    event = make.event(cast.li, now)
    start, end = event.starts_at, event.ends_at
    moments = (start - SECOND, start, end - SECOND, end)
    assert [event.phase(each) for each in moments] == ["published", "ongoing", "ongoing", "completed"]
    assert [event.takes_people(each) for each in moments] == [True, False, False, False]


def test_the_timetable_catches_up_once(cast, now):
    event = make.event(cast.li, now, capacity=1)
    make.registered(cast.wang, event, now)
    assert make.registered(cast.zhao, event, now).state == "waitlisted"
    late = event.ends_at + 20 * HOUR  # nobody was here for a day
    assert [event_days.advance_due(late) for _ in range(2)] == [1, 0]
    assert again(event).state == "completed"
    assert registrations.of(event, cast.zhao).state == "lapsed" and "没有轮到" in told(cast.zhao)[-1]
    assert [event_days.note_no_shows(late) for _ in range(2)] == [1, 0]
    assert registrations.of(event, cast.wang).state == "no_show"


@pytest.mark.parametrize(("source", "to"), sorted(itertools.product(PHASES, PHASES)))
def test_every_arrow_that_is_drawn_works_and_no_other(cast, now, source, to):
    event = make.event(cast.li, now)
    Event.update(state=source).where(Event.id == event.id).execute()
    with writing():
        if (source, to) in TRANSITIONS:
            events.move(event, source, to)
            assert again(event).state == to
        else:
            with refused("moved-on"):
                events.move(event, source, to)


def test_another_time_is_told_once_and_the_seat_may_go_back_freely(cast, now):
    event = make.event(cast.zhao, now, days=0.5)
    going, other = make.registered(cast.wang, event, now), make.registered(cast.chen, event, now)
    assert registrations.cancel(other, cast.chen, now).state == "cancelled_late"
    moment = event.starts_at + 3 * HOUR
    event_days.reschedule(event, cast.zhao, now + SECOND, starts_at=moment, ends_at=None, note="下雨，晚点出门")
    assert len(told(cast.wang)) == 1 and "改到 3月20日 19:00" not in told(cast.wang)[0] and "下雨" in told(cast.wang)[0]
    assert registrations.cancel(going, cast.wang, now + HOUR).state == "cancelled"
    assert again(event).starts_at == moment and again(event).version == 1
    with refused("too-late"):
        event_days.reschedule(event, cast.zhao, moment, starts_at=moment + HOUR, ends_at=None, note="再晚一点点")
    with refused("not-yours", 403):
        event_days.reschedule(event, cast.wang, now, starts_at=moment + HOUR, ends_at=None, note="我想改个时间")


def test_who_comes_is_reminded_the_day_before_and_again_when_it_moves(cast, now):
    event = make.event(cast.zhao, now, days=3, bring="水和帽子")
    make.registered(cast.wang, event, now)
    eve = event.starts_at - 24 * HOUR
    assert [event_days.remind_due(each) for each in (eve - SECOND, eve, eve + HOUR)] == [0, 1, 0]
    assert told(cast.wang)[-1].endswith("在东门花坛，记得带水和帽子。来不了请早点取消，把位置让给邻居")
    event_days.reschedule(event, cast.zhao, eve, starts_at=event.starts_at + 48 * HOUR, ends_at=None, note="推迟两天再走")
    assert [event_days.remind_due(each) for each in (eve + 47 * HOUR, eve + 48 * HOUR)] == [0, 1]


def test_called_off_with_a_reason_everybody_reads(cast, now):
    event = make.event(cast.zhao, now)
    make.registered(cast.wang, event, now)
    with refused("reason-needed", 422):
        event_days.cancel(event, cast.zhao, now, "雨")
    event_days.cancel(event, cast.zhao, now, "雨太大了")
    with refused("moved-on"):
        event_days.cancel(event, cast.zhao, now, "雨太大了")
    assert told(cast.wang) == ["「周六环湖走一走」取消了：雨太大了"] and not events.upcoming(cast.cuihu, now)
    assert [note.sentence for note in events.notes_of(event)] == ["已取消：雨太大了"]
    assert not search.find(cast.cuihu, None, "环湖", now).hits
    with refused("not-open"):
        registrations.register(cast.chen, event, now, op_id="op000009")


def test_words_neighbours_have_read_are_changed_by_somebody_they_know(cast, now):
    event = make.event(cast.wang, now)
    make.registered(cast.chen, event, now)
    same = plan(now, title=event.title, capacity=event.capacity, place="西门")
    event_days.rewrite(event, cast.wang, now, same)
    assert again(event).place == "西门" and told(cast.chen) == ["「周六环湖走一走」换地方了：西门"]
    with refused("words-stay", 422):
        event_days.rewrite(event, cast.wang, now, same._replace(title="低价甩卖"))
    event_days.rewrite(event, cast.li, now, same._replace(title="环湖慢走"))
    assert again(event).title == "环湖慢走" and [each.id for each in events.upcoming(cast.cuihu, now)] == [event.id]
    with refused("too-few", 422):
        make.registered(cast.zhao, event, now, adults=4)
        event_days.rewrite(event, cast.li, now, same._replace(capacity=4))


def test_hidden_it_is_gone_for_neighbours_and_removed_it_is_called_off(cast, now):
    event = make.event(cast.zhao, now)
    make.registered(cast.wang, event, now)
    event_reviews.hide(event, cast.li, now, "有人说不太安全")
    assert not again(event).readable_by(cast.wang) and again(event).readable_by(cast.zhao)
    assert not events.coming_up(cast.cuihu, now) and not events.upcoming(cast.cuihu, now)
    event_reviews.restore(event, cast.li, now)
    with refused("moved-on"):
        event_reviews.remove(event, cast.li, now, "直接删掉不行")
    event_reviews.hide(again(event), cast.li, now, "有人说不太安全")
    event_reviews.remove(event, cast.li, now, "确实不太安全")
    assert again(event).state == "cancelled" and told(cast.wang)[-1].startswith("「周六环湖走一走」取消了")
    assert not again(event).readable_by(cast.li)


def test_told_about_afterwards(cast, now):
    event = make.event(cast.zhao, now)
    with refused("not-over"):
        event_days.recap(event, cast.zhao, event.ends_at - SECOND, "走了八公里，看见三只白鹭")
    event_days.recap(event, cast.zhao, event.ends_at, "走了八公里，看见三只白鹭")
    assert again(event).phase(event.ends_at) == "recapped"
    listed, after = events.past(cast.cuihu, event.ends_at)
    assert [each.id for each in listed] == [event.id] and after is None


def test_who_leaves_for_good_is_waited_for_by_nobody(cast, now):
    hers, other = make.event(cast.zhao, now), make.event(cast.li, now, capacity=1)
    make.registered(cast.wang, hers, now)
    make.registered(cast.zhao, other, now)
    assert make.registered(cast.wang, other, now).state == "waitlisted"
    event_days.let_go([cast.zhao.id], now)
    assert again(hers).state == "cancelled" and registrations.of(other, cast.wang).state == "offered"
    assert Membership.get_by_id(cast.zhao.id).status == "active"


def test_forgotten_she_leaves_numbers_alone(cast, now):
    hers, other = make.event(cast.zhao, now, body="敲赵敏的门", place="8栋 301"), make.event(cast.li, now, capacity=1)
    make.registered(cast.zhao, other, now, note="腿脚不好", named=True)
    waits = make.registered(cast.wang, other, now)
    her = forgetting.person(cast.zhao.user, keeps=False)
    belongings.begin(her, now)
    with writing():
        belongings.forget(her, now)
    row = registrations.Registration.get(registrations.Registration.member == cast.zhao.id)
    assert (row.state, row.note, row.named) == ("cancelled", "", False)
    assert registrations.find(cast.cuihu, waits.id).state == "offered"
    event = again(hers)
    assert (event.state, event.title, event.body, event.place) == ("cancelled", "一场活动", "", "")
    assert len(search.find(cast.cuihu, None, "环湖", now).hits) == 1  # the other one
