"""公益的班次: who does what and when, the hours their leader confirms, and the certificate that adds them up (R41).

A place on a shift hangs on a registration: who gives that back is on no shift any more. Shifts of one person never overlap, and
nobody works more than twelve hours a day."""

from datetime import timedelta
from typing import NamedTuple

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, fn

from db import audit, screening
from db.base import Refused, Table, hold, writing
from db.event_days import moves_along, only_who_runs
from db.events import Event, taken
from db.members import Membership
from db.notices import SHANGHAI
from db.people import User
from db.registrations import Registration
from db.words import clean_line

WITH_SHIFTS = ("charity", "market")  # kinds of events that volunteers carry
MOST_A_DAY = 12 * 60  # minutes
MOST_SHIFTS = 20
THERE = ("going", "checked_in")  # registrations that count


class Shift(Table):
    event = ForeignKeyField(Event, backref="+", on_delete="CASCADE")
    role = CharField(max_length=20)
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    wanted = IntegerField()

    class Meta:
        constraints = [Check("starts_at < ends_at AND wanted BETWEEN 1 AND 1000", name="shift_counts")]


class ShiftPlace(Table):
    shift = ForeignKeyField(Shift, backref="+", index=False, on_delete="CASCADE")
    registration = ForeignKeyField(Registration, backref="+", on_delete="CASCADE")
    minutes = IntegerField(null=True)  # as its leader has confirmed
    confirmed_by = ForeignKeyField(Membership, null=True, backref="+")
    at = DateTimeField()

    class Meta:
        indexes = ((("shift", "registration"), True),)
        constraints = [Check("minutes IS NULL OR minutes BETWEEN 0 AND 720", name="shift_minutes")]


class Row(NamedTuple):
    """A shift with those who are on it."""

    shift: Shift
    places: list

    @property
    def free(self):
        return self.shift.wanted - len(self.places)


def find(event, shift_id):
    """A shift of this event, or None."""
    return Shift.get_or_none((Shift.id == shift_id) & (Shift.event == event.id))


def find_place(event, place_id):
    """Somebody's place on a shift of this event, with her registration, or None."""
    return _places().where((ShiftPlace.id == place_id) & (Shift.event == event.id)).first()


def _places():
    whole = ShiftPlace.select(ShiftPlace, Shift, Registration, Membership, User).join(Shift).switch(ShiftPlace).join(Registration)
    return whole.join(Membership, on=Registration.member).join(User)


def listed(event):
    """The shifts of an event by time, each with who is on it."""
    on = {}
    here = (Shift.event == event.id) & Registration.state.in_(THERE)
    for place in _places().where(here).order_by(ShiftPlace.id):
        on.setdefault(place.shift_id, []).append(place)
    shifts = Shift.select().where(Shift.event == event.id).order_by(Shift.starts_at, Shift.id)
    return [Row(shift, on.get(shift.id, [])) for shift in shifts]


def add(event, by, now, *, role, starts_at, ends_at, wanted):
    """One shift more: what is done, from when to when (within half a day around the event), by how many."""
    only_who_runs(event, by)
    role = clean_line(role, 20, "role", "做什么")
    if not role:
        raise Refused("no-role", "写一下做什么，比如「捡垃圾」「陪聊天」", field="role")
    screening.check(role, "role")
    if starts_at is None or ends_at is None or ends_at <= starts_at:
        raise Refused("bad-times", "结束要晚于开始", field="ends_at")
    around = timedelta(hours=12)
    if starts_at < event.starts_at - around or ends_at > event.ends_at + around:
        raise Refused("bad-times", "班次要在活动前后半天以内", field="starts_at")
    if ends_at - starts_at > timedelta(minutes=MOST_A_DAY):
        raise Refused("too-long", "一个班次最长 12 小时", field="ends_at")
    if not isinstance(wanted, int) or not 1 <= wanted <= 1000:
        raise Refused("bad-number", "需要几个人？填 1–1000", field="wanted")
    with writing():
        if taken(event).kind not in WITH_SHIFTS:
            raise Refused("no-charity", "只有公益活动和市集分班次")
        if Shift.select().where(Shift.event == event.id).count() >= MOST_SHIFTS:
            raise Refused("too-many", f"一场活动最多 {MOST_SHIFTS} 个班次")
        return Shift.create(event=event, role=role, starts_at=starts_at, ends_at=ends_at, wanted=wanted)


def copy(source, event):
    """The shifts of one edition for the next one, as far from its beginning (db/series.py)."""
    later = event.starts_at - source.starts_at
    for shift in list(Shift.select().where(Shift.event == source.id).order_by(Shift.id)):
        times = {"starts_at": shift.starts_at + later, "ends_at": shift.ends_at + later}
        Shift.create(event=event, role=shift.role, wanted=shift.wanted, **times)


def _move_along(event, later):
    for shift in list(Shift.select().where(Shift.event == event.id).order_by(Shift.id)):
        times = {"starts_at": shift.starts_at + later, "ends_at": shift.ends_at + later}
        Shift.update(**times).where(Shift.id == shift.id).execute()


moves_along.append(_move_along)


def drop(event, shift, by, now):
    """Take a shift off the list while nobody is on it."""
    only_who_runs(event, by)
    with writing():
        taken(event)
        if ShiftPlace.select().where(ShiftPlace.shift == shift.id).exists():
            raise Refused("in-use", "已经有人报了这个班次，不能删掉")
        Shift.delete().where(Shift.id == shift.id).execute()


def _hers(member):
    return (
        ShiftPlace.select(ShiftPlace, Shift)
        .join(Shift)
        .switch(ShiftPlace)
        .join(Registration)
        .where((Registration.member == member.id) & Registration.state.in_(THERE))
    )


def day_of(moment):
    """The day in Shanghai, for counting the hours of one."""
    return (moment + SHANGHAI).date()


def _minutes(place):
    if place.minutes is not None:
        return place.minutes
    return int((place.shift.ends_at - place.shift.starts_at).total_seconds() // 60)


def sign(member, event, shift, now):
    """Take a place on a shift; asked twice, it is hers already. Refused: not signed up for the event, full, it has begun, at the
    same time as another one of hers, or more than twelve hours that day (R41)."""
    with writing():
        event = taken(event)
        hold(Membership, Membership.id == member.id)  # her shifts at two events go one after the other
        row = Registration.get_or_none((Registration.event == event.id) & (Registration.member == member.id))
        if row is None or row.state not in THERE:
            raise Refused("not-signed-up", "先报名这场活动，再选班次")
        place = ShiftPlace.get_or_none((ShiftPlace.shift == shift.id) & (ShiftPlace.registration == row.id))
        if place is not None:
            return place
        if shift.starts_at <= now:
            raise Refused("begun", "这个班次已经开始了")
        there = (ShiftPlace.shift == shift.id) & Registration.state.in_(THERE)
        if ShiftPlace.select().join(Registration).where(there).count() >= shift.wanted:
            raise Refused("full", "这个班次人够了，看看别的")
        others = list(_hers(member))
        if any(each.shift.starts_at < shift.ends_at and shift.starts_at < each.shift.ends_at for each in others):
            raise Refused("overlap", "和您报的另一个班次撞在一起了")
        fresh = ShiftPlace(shift=shift, registration=row, at=now)
        _check_day(others, fresh, _minutes(fresh))
        fresh.save(force_insert=True)
        return fresh


def _check_day(others, place, minutes):
    same = [each for each in others if each.id != place.id and day_of(each.shift.starts_at) == day_of(place.shift.starts_at)]
    if sum(map(_minutes, same)) + minutes > MOST_A_DAY:
        raise Refused("too-long", "一天最多 12 小时，身体要紧", field="hours_done")


def leave(member, event, place, now):
    """Give a place on a shift back before it begins."""
    if place.registration.member_id != member.id:
        raise Refused("not-yours", "只能退自己的班次", status=403)
    with writing():
        taken(event)
        if place.shift.starts_at <= now:
            raise Refused("begun", "这个班次已经开始了，来不了请告诉发起人")
        ShiftPlace.delete().where((ShiftPlace.id == place.id) & ShiftPlace.minutes.is_null()).execute()


def confirm(event, place, by, now, *, minutes, reason=""):
    """The leader confirms how long somebody was there, once the shift has begun; another figure later needs a reason. Audited."""
    only_who_runs(event, by)
    if not isinstance(minutes, int) or not 0 <= minutes <= MOST_A_DAY:
        raise Refused("bad-hours", "时长请填 0–12 小时", field="hours_done")
    with writing():
        taken(event)
        hold(Membership, Membership.id == place.registration.member_id)
        place = _places().where(ShiftPlace.id == place.id).get()
        if place.shift.starts_at > now:
            raise Refused("not-begun", "班次开始以后再确认时长")
        if place.minutes == minutes:
            return
        reason = audit.reason_of(reason) if place.minutes is not None else "确认公益时长"
        _check_day(_hers(place.registration.member), place, minutes)
        before = {"minutes": place.minutes}
        ShiftPlace.update(minutes=minutes, confirmed_by=by.id).where(ShiftPlace.id == place.id).execute()
        audit.record(
            "confirm hours", place, actor=by.user, now=now, reason=reason, neighborhood=event.neighborhood_id,
            subject=place.registration.member.user_id, before=before, after={"minutes": minutes},
        )  # fmt: skip


def hours_of(member):
    """What this neighbour has done, confirmed, the latest first: the lines of her certificate."""
    done = ShiftPlace.select(ShiftPlace, Shift, Event).join(Shift).join(Event).switch(ShiftPlace).join(Registration)
    mine = (Registration.member == member.id) & ShiftPlace.minutes.is_null(False) & (ShiftPlace.minutes > 0)
    return list(done.where(mine).order_by(Shift.starts_at.desc(), ShiftPlace.id.desc()))


def honours(neighborhood, limit=30):
    """[(name, minutes)] of those who let their names be read, the longest first: the honour roll of a 小区."""
    total = fn.SUM(ShiftPlace.minutes)
    here = (Membership.neighborhood == neighborhood.id) & Registration.named & (ShiftPlace.minutes > 0)
    rows = ShiftPlace.select(User.name, total).join(Registration).join(Membership, on=Registration.member).join(User)
    return list(rows.where(here).group_by(Membership.id, User.name).order_by(total.desc(), Membership.id).limit(limit).tuples())


def given(neighborhood):
    """Confirmed minutes of all volunteers of a 小区, ever (R41)."""
    here = Event.neighborhood == neighborhood.id
    rows = ShiftPlace.select(fn.SUM(ShiftPlace.minutes)).join(Shift).join(Event, JOIN.INNER).where(here)
    return rows.scalar() or 0


def fold(member, into):
    """Shifts of one membership are the other's, and so is what it confirmed. Before db/registrations.py folds (db/merging.py)."""
    theirs = {row.event_id: row.id for row in Registration.select().where(Registration.member == into.id)}
    both = (Registration.member == member.id) & Registration.event.in_(list(theirs))
    for row in list(Registration.select().where(both)):
        doubled = ShiftPlace.select(ShiftPlace.shift).where(ShiftPlace.registration == theirs[row.event_id])
        on = (ShiftPlace.registration == row.id) & ShiftPlace.shift.not_in([place.shift_id for place in doubled])
        ShiftPlace.update(registration=theirs[row.event_id]).where(on).execute()
    ShiftPlace.update(confirmed_by=into.id).where(ShiftPlace.confirmed_by == member.id).execute()
