"""公益: shifts that never overlap, confirmed hours of twelve a day at most, names that stay sealed (R41)."""

from datetime import timedelta

import pytest

from db import care_visits, merging, registrations, shifts
from db.audit import AuditLog
from db.base import Refused
from db.care_visits import CareVisit
from db.shifts import ShiftPlace
from tests import make
from tests.make import at_once, refused

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def day(cast, now):
    """A charity day of 李姐's that lasts twelve hours, 08:00 to 20:00 in Shanghai."""
    return make.event(cast.li, now, kind="charity", starts_at=now + 44 * HOUR, hours=12)


def shift(event, by, now, start, end, wanted=2):
    told = {"starts_at": event.starts_at + start * HOUR, "ends_at": event.starts_at + end * HOUR}
    return shifts.add(event, by, now, role="捡垃圾", wanted=wanted, **told)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("role", {"role": " "}),
        ("ends_at", {"end": 1}),
        ("starts_at", {"start": -13}),
        ("ends_at", {"end": 14}),
        ("wanted", {"wanted": 0}),
    ],
)
def test_a_shift_that_cannot_be_is_refused_beside_its_field(cast, now, day, field, wrong):
    told = {"start": 1, "end": 3, "role": "扫地", "wanted": 2} | wrong
    times = {"starts_at": day.starts_at + told["start"] * HOUR, "ends_at": day.starts_at + told["end"] * HOUR}
    with pytest.raises(Refused) as met:
        shifts.add(day, cast.li, now, role=told["role"], wanted=told["wanted"], **times)
    assert (met.value.field, met.value.status) == (field, 422)


def test_shifts_of_one_person_touch_and_never_overlap(cast, now, day):
    first, touching, crossing = (shift(day, cast.li, now, *hours) for hours in ((0, 2), (2, 4), (1, 3)))
    with refused("not-signed-up"):
        shifts.sign(cast.wang, day, first, now)
    make.registered(cast.wang, day, now)
    for _ in range(2):
        shifts.sign(cast.wang, day, first, now)
    shifts.sign(cast.wang, day, touching, now)
    with refused("overlap"):
        shifts.sign(cast.wang, day, crossing, now)
    other = make.event(cast.zhao, now, kind="charity", starts_at=day.starts_at)
    make.registered(cast.wang, other, now)
    with refused("overlap"):
        shifts.sign(cast.wang, other, shift(other, cast.zhao, now, 1, 2), now)
    assert ShiftPlace.select().count() == 2


def test_twelve_hours_a_day_and_not_a_minute_more(cast, now, day):
    make.registered(cast.wang, day, now)
    long, short = shift(day, cast.li, now, 0, 11), shift(day, cast.li, now, 11, 12)
    more = shifts.add(day, cast.li, now, role="收尾", starts_at=day.ends_at, ends_at=day.ends_at + timedelta(minutes=1), wanted=1)
    place = shifts.sign(cast.wang, day, long, now)
    shifts.sign(cast.wang, day, short, now)
    with refused("too-long", 422):
        shifts.sign(cast.wang, day, more, now)
    with refused("not-begun"):
        shifts.confirm(day, place, cast.li, long.starts_at - SECOND, minutes=60)
    with refused("too-long", 422):
        shifts.confirm(day, place, cast.li, long.starts_at, minutes=661)  # with the hour that she will do
    with refused("bad-hours", 422):
        shifts.confirm(day, place, cast.li, day.ends_at, minutes=721)
    with refused("not-yours", 403):
        shifts.confirm(day, place, cast.wang, day.ends_at, minutes=60)
    shifts.confirm(day, place, cast.li, day.ends_at, minutes=600)
    with refused("reason-needed", 422):
        shifts.confirm(day, place, cast.li, day.ends_at, minutes=540)
    shifts.confirm(day, place, cast.li, day.ends_at, minutes=540, reason="中间回家吃饭")
    assert [(line.before, line.after) for line in AuditLog.select().where(AuditLog.action == "confirm hours")] == [
        ('{"minutes": null}', '{"minutes": 600}'), ('{"minutes": 600}', '{"minutes": 540}'),
    ]  # fmt: skip
    assert [each.minutes for each in shifts.hours_of(cast.wang)] == [540] and shifts.given(cast.cuihu) == 540
    assert shifts.honours(cast.cuihu) == []  # she has not said that her name may be read


def test_the_last_place_is_taken_once_and_given_back_with_the_registration(cast, now, day):
    row = shift(day, cast.li, now, 0, 2, wanted=1)
    crowd = [cast.wang, cast.chen, cast.zhao]
    for member in crowd:
        make.registered(member, day, now)
    told = at_once(3, lambda number: shifts.sign(crowd[number], day, row, now))
    first = next(number for number, each in enumerate(told) if isinstance(each, ShiftPlace))
    assert [each.code for number, each in enumerate(told) if number != first] == ["full", "full"]
    registrations.cancel(registrations.of(day, crowd[first]), crowd[first], now)
    assert shifts.listed(day)[0].free == 1
    other = crowd[first - 1]
    place = shifts.find_place(day, shifts.sign(other, day, row, now).id)
    with refused("in-use"):
        shifts.drop(day, row, cast.li, now)
    with refused("not-yours", 403):
        shifts.leave(cast.li, day, place, now)
    shifts.leave(other, day, place, now)
    assert shifts.listed(day)[0].free == 1


def test_hours_follow_a_person_whose_two_accounts_become_one(cast, now, day):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    row = shift(day, cast.li, now, 0, 2)
    make.registered(cast.wang, day, now)
    make.registered(twin, day, now, named=True)
    place = shifts.find_place(day, shifts.sign(twin, day, row, now).id)
    shifts.confirm(day, place, cast.li, day.starts_at, minutes=120)
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert [each.minutes for each in shifts.hours_of(cast.wang)] == [120]


def test_who_is_visited_stays_sealed_and_is_forgotten_after_a_month(cast, now, day):
    for who in ("张桂芳奶奶 2栋", "李国强爷爷 5栋"):
        care_visits.add(day, cast.li, now, who)
    first, second = care_visits.listed(day)
    assert (first.code_name, second.code_name) == ("松", "竹") and "桂芳" not in first.sealed
    assert care_visits.who_is(first, cast.li) == "张桂芳奶奶 2栋" and care_visits.who_is(first, cast.wang) == ""
    with refused("no-name", 422):
        care_visits.add(day, cast.li, now, " ")
    month = day.ends_at + timedelta(days=30)
    assert [care_visits.forget_old(each) for each in (month - SECOND, month, month)] == [0, 2, 0]
    assert care_visits.who_is(CareVisit.get_by_id(first.id), cast.li) == ""
    care_visits.drop(day, first.id, cast.li)
    with refused("moved-on"):
        care_visits.drop(day, first.id, cast.li)
