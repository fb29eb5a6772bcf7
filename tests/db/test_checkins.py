"""签到: by a code that grows old, by a scan, by name, by paper; once each, while there is room, to the second (R42, S8, I5)."""

from datetime import timedelta

import pytest

from db import checkins, event_days, point_lines, registrations, rotating
from db.activity import Action
from db.audit import AuditLog
from db.events import Event
from db.registrations import Registration
from tests import make
from tests.make import at_once, refused

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def secret():
    ours = rotating._house["secrets"]
    rotating.use("a secret of the tests, long enough")
    yield
    rotating.use(*ours[:1], ours[1:])


@pytest.fixture
def event(cast, now):
    return make.event(cast.zhao, now, capacity=3)


def code(event, moment):
    return checkins.steps(event, moment)[0][0]


def state_of(event, member):
    return registrations.of(event, member).state


def test_the_code_of_now_and_the_one_before_are_taken(cast, now, event):
    make.registered(cast.wang, event, now)
    start = event.starts_at
    shown = code(event, start)
    for moment in (start - SECOND, start + 60 * SECOND):
        with refused("old-code", 422):
            checkins.by_code(cast.wang, event, moment, code=shown)
    with refused("old-code", 422):
        checkins.by_code(cast.wang, make.event(cast.zhao, now), start, code=shown)
    for _ in range(2):
        assert checkins.by_code(cast.wang, event, start + 59 * SECOND, code=f" {shown.lower()} ").state == "checked_in"
    assert Action.select().where(Action.kind == "check_in").count() == 1


def test_a_screen_knows_the_codes_of_the_next_ten_minutes(cast, now, event):
    make.registered(cast.wang, event, now)
    steps = checkins.steps(event, event.starts_at + 7 * SECOND)
    assert len(steps) == 20 and [left for _, left in steps[:2]] == [23, 53]
    assert steps[19][0] == code(event, event.starts_at + 7 * SECOND + 19 * 30 * SECOND)


def test_whoever_scanned_has_ten_minutes_to_say_who_she_is(cast, now, event):
    start = event.starts_at
    word = checkins.arrive(event, code(event, start), "her phone", start)
    assert checkins.arrive(event, code(event, start), "her phone", start + MINUTE) is None
    for device, moment in (("another", start), ("her phone", start + 10 * MINUTE + SECOND)):
        with refused("old-code", 422):
            checkins.by_code(cast.wang, event, moment, word=word, device=device)
    row = checkins.by_code(cast.wang, event, start + 10 * MINUTE, word=word, device="her phone", adults=2)
    assert (row.state, row.walk_in, row.people) == ("checked_in", True, 2)


@pytest.mark.parametrize("edge", ["opens_at", "closes_at"])
def test_one_checks_in_from_half_an_hour_before_to_half_an_hour_after(cast, now, event, edge):
    make.registered(cast.wang, event, now)
    moment = getattr(checkins, edge)(event)
    assert moment == (event.starts_at - 30 * MINUTE if edge == "opens_at" else event.ends_at + 30 * MINUTE)
    outside = moment + (-SECOND if edge == "opens_at" else SECOND)
    with refused("not-now"):
        checkins.by_host(event, registrations.of(event, cast.wang), cast.zhao, outside)
    checkins.by_host(event, registrations.of(event, cast.wang), cast.li, moment)
    assert registrations.of(event, cast.wang).checked_in_by_id == cast.li.id


def test_only_who_runs_it_checks_others_in(cast, now, event):
    row = make.registered(cast.wang, event, now)
    for act in (
        lambda: checkins.by_host(event, row, cast.wang, event.starts_at),
        lambda: checkins.walk_in(event, cast.chen, cast.wang, event.starts_at),
        lambda: checkins.on_paper(event, row, cast.wang, event.starts_at, at=event.starts_at),
        lambda: checkins.undo(row, cast.wang, event.starts_at),
        lambda: event_days.excuse(row, cast.wang, event.starts_at, "家里有事情"),
    ):
        with refused("not-yours", 403):
            act()


def test_who_has_no_seat_comes_in_while_there_is_room(cast, now, event):
    start = event.starts_at
    make.registered(cast.wang, event, now, adults=2)
    assert [each.id for each in checkins.strangers(event, "陈")] == [cast.chen.id]
    with refused("full"):
        checkins.walk_in(event, cast.chen, cast.zhao, start, adults=2)
    checkins.walk_in(event, cast.chen, cast.zhao, start)
    with refused("full"):
        checkins.by_code(cast.li, event, start, code=code(event, start))
    assert Event.get_by_id(event.id).taken == 3
    checkins.undo(registrations.of(event, cast.chen), cast.zhao, start)
    assert state_of(event, cast.chen) == "cancelled" and Event.get_by_id(event.id).taken == 2
    assert checkins.by_code(cast.li, event, start, code=code(event, start)).walk_in


def test_the_last_seat_at_the_door_is_taken_once(cast, now, event):
    make.registered(cast.wang, event, now, adults=2)
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(6)]
    start = event.starts_at
    told = at_once(6, lambda number: checkins.by_code(crowd[number], event, start, code=code(event, start)))
    assert sum(isinstance(each, Registration) for each in told) == 1 and Event.get_by_id(event.id).taken == 3


def test_one_scan_sent_ten_times_counts_once(cast, now, event):
    make.registered(cast.wang, event, now)
    start = event.starts_at
    rows = at_once(10, lambda _: checkins.by_code(cast.wang, event, start, code=code(event, start)))
    assert {row.state for row in rows} == {"checked_in"} and Registration.select().count() == 1
    assert Action.select().where(Action.kind == "check_in").count() == 1


def test_a_slip_of_the_finger_is_undone_and_on_record(cast, now, event):
    row, start = make.registered(cast.wang, event, now), event.starts_at
    checkins.by_host(event, row, cast.zhao, start)
    assert [(line.entry.delta, line.title) for line in point_lines.page(cast.wang)[0]] == [(10, event.title)]
    checkins.undo(row, cast.zhao, start)
    assert sum(line.entry.delta for line in point_lines.page(cast.wang)[0]) == 0
    assert state_of(event, cast.wang) == "going" and not Action.select().where(Action.kind == "check_in").exists()
    assert AuditLog.get(AuditLog.action == "undo check-in").subject_id == cast.wang.user_id
    with refused("moved-on"):
        checkins.undo(registrations.of(event, cast.wang), cast.zhao, start)


def test_who_did_not_come_is_noted_after_twelve_hours_and_may_be_excused_or_found_on_paper(cast, now, event):
    rows = [make.registered(member, event, now) for member in (cast.wang, cast.chen)]
    late = event.ends_at + 12 * HOUR
    event_days.advance_due(late)
    assert [event_days.note_no_shows(each) for each in (late - SECOND, late)] == [0, 2]
    event_days.excuse(registrations.find(cast.cuihu, rows[0].id), cast.zhao, late, "孩子发烧了")
    at = event.starts_at - 10 * MINUTE
    with refused("bad-time", 422):
        checkins.on_paper(event, rows[1], cast.zhao, late, at=event.ends_at + 31 * MINUTE)
    with refused("too-late"):
        checkins.on_paper(event, rows[1], cast.zhao, event.ends_at + timedelta(days=7, seconds=1), at=at)
    checkins.on_paper(event, rows[1], cast.zhao, late, at=at)
    row = registrations.of(event, cast.chen)
    assert (row.state, row.checked_in_at) == ("checked_in", at) and state_of(event, cast.wang) == "excused"
    assert Action.get(Action.kind == "check_in").at == at
    with refused("moved-on"):
        event_days.excuse(row, cast.zhao, late, "孩子发烧了")


def test_nobody_comes_to_what_is_called_off(cast, now, event):
    row = make.registered(cast.wang, event, now)
    event_days.cancel(event, cast.zhao, now, "下大雨了")
    with refused("cancelled"):
        checkins.by_host(registrations.of(event, cast.wang).event, row, cast.zhao, event.starts_at)
