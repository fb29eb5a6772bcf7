"""报名: seats are people, nobody is one too many, the line is fair, an offer rests at night (R40, I5, G5–G7)."""

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peewee import fn

from db import attendance, event_days, merging, registrations
from db.activity import Action
from db.base import Refused, writing
from db.events import Event
from db.notices import Notice
from db.registrations import SEATED, STATES, TRANSITIONS, Registration
from tests import make
from tests.make import at_once, refused

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def state_of(event, member):
    return registrations.of(event, member).state


def seats(event):
    """What the counter says, once it is known to be the truth."""
    taken = Event.get_by_id(event.id).taken
    there = (Registration.event == event.id) & Registration.state.in_(SEATED)
    assert taken == (Registration.select(fn.SUM(Registration.people)).where(there).scalar() or 0)
    return taken


def told(member):
    return [line.sentence for line in Notice.select().where(Notice.user == member.user_id).order_by(Notice.id)]


@pytest.mark.parametrize(("source", "to"), sorted(itertools.product(STATES, STATES)))
def test_every_arrow_that_is_drawn_works_and_no_other(cast, now, source, to):
    row = make.registered(cast.wang, make.event(cast.li, now), now)
    Registration.update(state=source).where(Registration.id == row.id).execute()
    row.state = source
    with writing():
        if (source, to) in TRANSITIONS:
            registrations.move(row, to)
            assert Registration.get_by_id(row.id).state == to
        else:
            with refused("moved-on"):
                registrations.move(row, to)


@pytest.mark.parametrize(
    ("field", "party"),
    [
        *(("adults", {"adults": odd}) for odd in (0, -1, 11, None, 2**31)),
        *(("children", {"children": odd}) for odd in (-1, 11, None)),
        ("adults", {"adults": 5, "children": 4}),
        ("ages", {"children": 2, "ages": "4"}),
        ("ages", {"children": 1, "ages": "41"}),
        ("note", {"note": "字" * 61}),
    ],
)
def test_a_party_that_cannot_be_is_refused_beside_its_field(cast, now, field, party):
    event = make.event(cast.li, now, kind="workshop", capacity=8)
    with pytest.raises(Refused) as met:
        make.registered(cast.wang, event, now, **party)
    assert (met.value.field, met.value.status) == (field, 422) and not Registration.select().exists()


def test_seats_are_people_and_the_same_form_counts_once(cast, now):
    event = make.event(cast.li, now, capacity=6)
    for _ in range(2):
        row = registrations.register(cast.wang, event, now, op_id="op000001", adults=2, children=1, ages="4岁")
    assert (row.state, row.people, row.ages, seats(event)) == ("going", 3, "4", 3)
    with refused("already"):
        registrations.register(cast.wang, event, now, op_id="op000002")
    assert at_once(5, lambda _: registrations.register(cast.chen, event, now, op_id="op000001").state) == ["going"] * 5
    assert seats(event) == 4 and Action.select().where(Action.kind == "register").count() == 2
    coming = attendance.coming(event)
    assert (coming.people, coming.children, coming.waiting, coming.names) == (4, 1, 0, [])


def test_the_last_seats_are_taken_once_and_the_line_is_in_order(cast, now):
    event = make.event(cast.li, now, capacity=5)
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(8)]
    rows = at_once(8, lambda number: make.registered(crowd[number], event, now, adults=1 + number % 2))
    assert seats(event) <= 5 and {row.state for row in rows} == {"going", "waitlisted"}
    numbers = sorted(row.queue_no for row in rows if row.queue_no)
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_seat_that_comes_free_goes_to_the_first_party_it_fits(cast, now):
    event = make.event(cast.li, now, capacity=3)
    first = make.registered(cast.wang, event, now, adults=2)
    make.registered(cast.zhao, event, now)
    pair, single = make.registered(cast.chen, event, now, adults=2), make.registered(cast.li, event, now)
    assert (pair.state, single.state, registrations.ahead_of(single)) == ("waitlisted", "waitlisted", 1)
    registrations.cancel(registrations.of(event, cast.zhao), cast.zhao, now)
    assert (state_of(event, cast.chen), state_of(event, cast.li)) == ("waitlisted", "offered")  # two do not fit into one
    late = make.registered(cast.zhao, event, now)
    assert late.state == "waitlisted"
    registrations.cancel(first, cast.wang, now)
    assert state_of(event, cast.chen) == "offered" and seats(event) == 3
    assert told(cast.chen) == ["「周六环湖走一走」有位置了，请在 3月20日 14:00 前确认"]


def test_who_comes_later_does_not_pass_those_who_wait(cast, now):
    event = make.event(cast.li, now, capacity=2)
    make.registered(cast.wang, event, now, adults=2)
    waits = make.registered(cast.chen, event, now)
    Event.update(capacity=3).where(Event.id == event.id).execute()  # one seat more, which nobody has been offered yet
    assert make.registered(cast.zhao, event, now).state == "waitlisted"
    assert registrations.find(cast.cuihu, waits.id).state == "offered"


def test_an_offer_is_good_for_two_hours_to_the_second(cast, now):
    event = make.event(cast.li, now, capacity=1)
    gone, row = make.registered(cast.wang, event, now), make.registered(cast.chen, event, now)
    next_one = make.registered(cast.zhao, event, now)
    registrations.cancel(gone, cast.wang, now)
    with refused("lapsed"):
        registrations.accept(row, cast.chen, now + 2 * HOUR)
    assert [registrations.settle_due(now + 2 * HOUR - SECOND), registrations.settle_due(now + 2 * HOUR)] == [0, 1]
    assert (state_of(event, cast.chen), state_of(event, cast.zhao)) == ("lapsed", "offered")
    assert registrations.settle_due(now + 2 * HOUR) == 0
    with refused("not-yours", 403):
        registrations.accept(next_one, cast.chen, now + 3 * HOUR)
    for _ in range(2):
        assert registrations.accept(next_one, cast.zhao, now + 4 * HOUR - SECOND).state == "going"
    assert make.registered(cast.chen, event, now + 5 * HOUR).state == "waitlisted" and seats(event) == 1


@pytest.mark.parametrize(
    ("made", "until"),  # in Shanghai
    [
        ((20, 12, 0), (20, 14, 0)),
        ((20, 20, 0), (20, 22, 0)),
        ((20, 20, 1), (21, 8, 1)),
        ((20, 21, 59), (21, 9, 59)),
        ((20, 22, 0), (21, 10, 0)),
        ((20, 23, 30), (21, 10, 0)),
        ((21, 3, 0), (21, 10, 0)),
        ((21, 7, 59), (21, 10, 0)),
        ((21, 8, 0), (21, 10, 0)),
    ],
)
def test_an_offer_rests_at_night(made, until):
    shanghai = [datetime(2026, 3, *each) - 8 * HOUR for each in (made, until)]
    assert registrations.offer_until(shanghai[0], shanghai[0] + 90 * HOUR) == shanghai[1]
    assert registrations.offer_until(shanghai[0], shanghai[0] + HOUR) == shanghai[0] + HOUR  # never after the beginning


def test_late_is_within_a_day_and_cancelling_is_always_possible(cast, now):
    event = make.event(cast.li, now, capacity=2)
    soon = event.starts_at - 24 * HOUR
    row, other = make.registered(cast.wang, event, now), make.registered(cast.zhao, event, now)
    waits = make.registered(cast.chen, event, now)
    assert registrations.cancel(row, cast.wang, soon).state == "cancelled"
    assert state_of(event, cast.chen) == "offered"
    assert registrations.cancel(other, cast.zhao, soon + SECOND).state == "cancelled_late"
    assert registrations.cancel(waits, cast.chen, soon + SECOND).state == "cancelled" and seats(event) == 0
    back = make.registered(cast.wang, event, soon + HOUR)
    assert (back.id, back.state) == (row.id, "going")
    with refused("not-yours", 403):
        registrations.cancel(back, cast.zhao, soon)
    assert registrations.cancel(back, cast.wang, event.starts_at + HOUR).state == "cancelled_late"
    assert registrations.cancel(back, cast.wang, event.ends_at).state == "cancelled_late"  # it is done already
    with refused("not-open"):
        make.registered(cast.wang, event, event.starts_at)


def test_closed_it_takes_nobody_more_and_still_offers_what_comes_free(cast, now):
    event = make.event(cast.li, now, capacity=1)
    row, waits = make.registered(cast.wang, event, now), make.registered(cast.chen, event, now)
    for _ in range(2):
        event_days.close(event, cast.li, now, True)
    with refused("not-open"):
        make.registered(cast.zhao, event, now)
    registrations.cancel(row, cast.wang, now)
    assert registrations.accept(waits, cast.chen, now).state == "going"
    event_days.close(event, cast.li, now, False)
    assert make.registered(cast.zhao, event, now).state == "waitlisted"


def test_two_registrations_of_one_person_become_the_better_one(cast, now):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    event, other = make.event(cast.li, now), make.event(twin, now)
    make.registered(cast.wang, event, now)
    make.registered(twin, event, now, adults=2)
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert state_of(event, cast.wang) == "going" and seats(event) in {1, 2}
    assert Registration.select().count() == 1 and Event.get_by_id(other.id).creator_id == cast.wang.id


def test_whose_offer_has_run_out_signs_up_again(cast, now):
    event = make.event(cast.li, now, days=9, capacity=1)
    first = make.registered(cast.wang, event, now)
    make.registered(cast.chen, event, now)
    registrations.cancel(first, cast.wang, now)
    make.registered(cast.chen, event, now + 3 * HOUR)
    assert state_of(event, cast.chen) == "going" and seats(event) == 1


def test_whoever_is_on_it_in_line_offered_or_there_already_does_not_sign_up_twice(cast, now):
    event = make.event(cast.li, now, capacity=1)
    first = make.registered(cast.wang, event, now)
    make.registered(cast.chen, event, now)
    for offered in (False, True):
        if offered:
            registrations.cancel(first, cast.wang, now)
        with refused("already"):
            make.registered(cast.chen, event, now)
    Event.update(capacity=9).execute()
    registrations.accept(registrations.of(event, cast.chen), cast.chen, now)
    Registration.update(state="checked_in").where(Registration.member == cast.chen.id).execute()
    with refused("already"):
        make.registered(cast.chen, event, now)
    assert seats(event) == 1


STEPS = st.lists(
    st.tuples(st.sampled_from(["join", "cancel", "accept", "wait", "more"]), st.integers(0, 5), st.integers(1, 4)), max_size=14
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(capacity=st.integers(1, 6), steps=STEPS)
def test_whatever_happens_seats_add_up_and_no_seat_is_idle_that_somebody_waits_for(cast, now, crowd, capacity, steps):
    event, clock = make.event(cast.li, now, days=5, capacity=capacity), now
    for what, who, number in steps:
        member, row = crowd[who], registrations.of(event, crowd[who])
        try:
            if what == "join":
                make.registered(member, event, clock, adults=min(number, capacity))
            elif what == "wait":
                clock += timedelta(minutes=50 * number)
                registrations.settle_due(clock)
            elif what == "more":
                Event.update(capacity=Event.capacity + 1).where(Event.id == event.id).execute()
                registrations.settle_due(clock)
            elif row:
                (registrations.cancel if what == "cancel" else registrations.accept)(row, member, clock)
        except Refused:
            pass
        free = Event.get_by_id(event.id).capacity - seats(event)
        waiting = registrations.listed(event, "waitlisted")
        assert free >= 0 and all(each.people > free for each in waiting)
        assert [each.queue_no for each in waiting] == sorted(each.queue_no for each in waiting)


@pytest.fixture
def crowd(cast, now):
    return [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(6)]


def test_whoever_came_by_the_door_and_cancelled_comes_that_way_again(cast, now):
    event = make.event(cast.li, now)
    row = registrations.come(cast.wang, event, True, now)
    registrations.pay_fee(row, True, now)
    registrations.cancel(registrations.of(event, cast.wang), cast.wang, now)
    again = registrations.come(cast.wang, event, True, now + HOUR)
    assert (again.state, again.fee_paid_at) == ("going", None) and seats(event) == 1
