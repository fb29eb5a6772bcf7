"""固定的活动: every week, month or quarter at the same hour in Shanghai; the clock makes the next edition ahead of time (R53).

A series knows its words and one moment (`anchor`); every other edition is reckoned from there, so that the 31st is the month's
end in February and the 31st again in March, and a skipped edition moves no other. What was prepared for one edition (shifts,
booths, programme, the room) is prepared for the next one.
"""

import calendar
from datetime import timedelta
from typing import NamedTuple

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, TextField

from db import event_days, event_plans, lives, markets, notices, screening, shifts
from db.base import Refused, Table, hold, writing
from db.event_plans import Plan, trusts
from db.events import Event, called, moved_on, path, record, said, tell
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI
from db.registrations import users_of
from db.words import clean_text

RHYTHMS = {"weekly": "每周", "monthly": "每月", "quarterly": "每季度"}
MONTHS = {"monthly": 1, "quarterly": 3}
AHEAD = {"weekly": timedelta(days=10), "monthly": timedelta(days=35), "quarterly": timedelta(days=60)}
SCOPES = {"one": "只改这一期", "following": "这一期和以后的", "all": "还没开始的每一期"}
WORDS = ("kind", "title", "place", "capacity", "body", "bring", "allergy", "ages", "fee_cents")


class EventSeries(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    creator = ForeignKeyField(Membership, backref="+")
    rhythm = CharField(max_length=10)
    anchor_at = DateTimeField()  # when edition `anchor_no` begins
    anchor_no = IntegerField(default=1)
    day = IntegerField()  # of the month, as it was meant: 31 also where the anchor is on the 28th
    minutes = IntegerField()
    kind = CharField(max_length=10)
    title = CharField(max_length=30)
    place = CharField(max_length=40, default="")
    capacity = IntegerField()
    body = TextField(default="")
    bring = CharField(max_length=100, default="")
    allergy = CharField(max_length=200, default="")
    ages = CharField(max_length=20, default="")
    fee_cents = IntegerField(default=0)
    closed_at = DateTimeField(null=True, index=True)
    created_at = DateTimeField()

    class Meta:
        constraints = [Check("day BETWEEN 1 AND 31 AND minutes > 0", name="event_series_day")]

    @property
    def rhythm_name(self):
        return RHYTHMS[self.rhythm]

    def begins(self, no):
        """When edition `no` begins, naive UTC."""
        there, steps = self.anchor_at + SHANGHAI, no - self.anchor_no
        if self.rhythm == "weekly":
            return self.anchor_at + timedelta(weeks=steps)
        years, month = divmod(there.month - 1 + steps * MONTHS[self.rhythm], 12)
        year = there.year + years
        day = min(self.day, calendar.monthrange(year, month + 1)[1])
        return there.replace(year=year, month=month + 1, day=day) - SHANGHAI


class EventEdition(Table):
    series = ForeignKeyField(EventSeries, backref="+", index=False, on_delete="CASCADE")
    no = IntegerField()
    event = ForeignKeyField(Event, null=True, unique=True, backref="+", on_delete="CASCADE")  # none: it was skipped
    lesson = CharField(max_length=500, default="")  # for whoever prepares the next one

    class Meta:
        indexes = ((("series", "no"), True),)


class Place(NamedTuple):
    """Where an event stands in its series."""

    series: EventSeries
    no: int
    lesson: str


def place_of(event):
    """The Place of an event, or None where it is no edition of anything."""
    row = EventEdition.select(EventEdition, EventSeries).join(EventSeries).where(EventEdition.event == event.id).first()
    return Place(row.series, row.no, row.lesson) if row else None


def editions(series, limit=12):
    """The editions of a series, the latest first, each with its event (none where it was skipped)."""
    whole = EventEdition.select(EventEdition, Event).join(Event, JOIN.LEFT_OUTER)
    return list(whole.where(EventEdition.series == series.id).order_by(EventEdition.no.desc()).limit(limit))


def lessons(place, limit=3):
    """What was noted after earlier editions, the latest first: [(number, words)]."""
    before = (EventEdition.series == place.series.id) & (EventEdition.no < place.no) & (EventEdition.lesson != "")
    rows = EventEdition.select().where(before).order_by(EventEdition.no.desc()).limit(limit)
    return [(row.no, row.lesson) for row in rows]


def _last_no(series):
    return max(row.no for row in EventEdition.select(EventEdition.no).where(EventEdition.series == series.id))


def coming_dates(series, count=3):
    """When the editions begin that are not made yet: [(number, moment)]."""
    last = _last_no(series)
    return [] if series.closed_at else [(no, series.begins(no)) for no in range(last + 1, last + 1 + count)]


def _only_hers(event, by):
    if not event.is_of(by):
        raise Refused("not-yours", "只有发起人能把活动固定下来", status=403)


def start(event, by, now, rhythm):
    """Let an event come again and again, in its organiser's words as they stand; asked twice, it is the same series. Refused for
    newcomers: what is made by the clock is seen by nobody first."""
    _only_hers(event, by)
    if rhythm not in RHYTHMS:
        raise Refused("bad-rhythm", "请选多久一次", field="rhythm")
    if not by.is_host and not trusts(by, now):
        raise Refused("not-yet", "先顺利办完一场，再把它固定下来")
    if not event.shown:
        raise moved_on()
    if length(event) > timedelta(days=3):
        raise moved_on()
    words = {name: getattr(event, name) for name in WORDS}
    minutes = int(length(event).total_seconds() // 60) or 1
    day = (event.starts_at + SHANGHAI).day
    try:
        with writing():
            if there := place_of(event):
                return there.series
            made = EventSeries.create(
                neighborhood=event.neighborhood_id, creator=by, rhythm=rhythm, anchor_at=event.starts_at, day=day,
                minutes=minutes, created_at=now, **words,
            )  # fmt: skip
            EventEdition.create(series=made, no=1, event=event)
            _go_on_from_here(made, now)
            _fill(made, now)
            return made
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return place_of(event).series


def _go_on_from_here(series, now):
    """The second edition of what was over long ago is the next one, in its rhythm."""
    no = 2
    while series.begins(no) <= now:
        no += 1
    if no > 2:
        series.anchor_at, series.anchor_no = series.begins(no), 2
        series.save(only=[EventSeries.anchor_at, EventSeries.anchor_no])


def length(event):
    """How long an event takes."""
    return event.ends_at - event.starts_at


def _taken(series):
    hold(EventSeries, EventSeries.id == series.id)
    return EventSeries.get_by_id(series.id)


def _open(series):
    series = _taken(series)
    if series.closed_at:
        raise Refused("closed", "这个固定活动已经停了")
    return series


def _fill(series, now):
    """Make the editions that are due, in the transaction that holds the series; those whose time has passed meanwhile were
    skipped. Returns [(number, event)]."""
    creator, made, no = Membership.get_by_id(series.creator_id), [], _last_no(series) + 1
    while (begins := series.begins(no)) <= now + AHEAD[series.rhythm]:
        event = _edition(series, creator, no, begins, now) if begins > now else None
        EventEdition.create(series=series, no=no, event=event)
        made += [(no, event)] if event else []
        no += 1
    return made


def _edition(series, creator, no, begins, now):
    words = {name: getattr(series, name) for name in WORDS}
    plan = Plan(starts_at=begins, ends_at=begins + timedelta(minutes=series.minutes), **words)
    held = EventEdition.select(EventEdition, Event).join(Event).where(EventEdition.series == series.id)
    before = held.order_by(EventEdition.no.desc()).first()
    group = before.event.group if before else None  # what a group began stays in it, private or not
    event = event_plans.create(creator, now, op_id=f"series {series.id} {no}", plan=plan, group=group)
    if before:
        _prepare(before.event, event, now)
    if before and before.no == no - 1 and before.event.state == "cancelled" and event.shown:
        people = users_of(before.event, "going", "waitlisted", "offered")
        tell(event, people, f"上一期{called(event)}取消了，下一期在 {said(begins)}，想来请报名", now)
    return event


def _prepare(source, event, now):
    """What was prepared for the last edition is prepared for this one: shifts, booths, the room."""
    if source.kind != event.kind:
        return
    if event.kind in shifts.WITH_SHIFTS:
        shifts.copy(source, event)
    if event.kind == "market":
        markets.copy(source, event, now)
    if lives.has_room(event):
        lives.copy(source, event)


def make_due(now):
    """The next editions of every series (the clock calls it); returns how many. Whose organiser has left stands still. One that
    may not be made as it is written (a word that is on a list now) is told to its organiser, and the others are made."""
    made = 0
    for series in list(EventSeries.select().where(EventSeries.closed_at.is_null()).order_by(EventSeries.id)):
        if series.begins(_last_no(series) + 1) > now + AHEAD[series.rhythm]:
            continue
        try:
            with writing():
                series = _taken(series)
                creator = Membership.get_by_id(series.creator_id)
                if series.closed_at is None and creator.status == "active":
                    for no, event in _fill(series, now):
                        kept = lessons(Place(series, no, ""), limit=1)
                        noted = f"。上次记下的：{kept[0][1][:60]}" if kept else ""
                        tell(event, [creator.user_id], f"{called(event)}第 {no} 期排好了，{said(event.starts_at)}{noted}", now)
                        made += 1
        except Refused as refused:
            with writing():
                _say_why(series, refused, now)
    return made


def _say_why(series, refused, now):
    user = Membership.select(Membership.user).where(Membership.id == series.creator_id).scalar()
    latest = EventEdition.select(EventEdition.event).where((EventEdition.series == series.id) & EventEdition.event.is_null(False))
    url = f"{path(Event.get_by_id(latest.order_by(EventEdition.no.desc()).limit(1).scalar()))}/series"
    sentence = f"「{series.title}」的下一期没有排出来：{refused.sentence}"
    notices.tell([user], "event", sentence, url, now, neighborhood=series.neighborhood_id, key=f"series {series.id}", anew=True)


def skip(event, by, now):
    """Leave out the next edition that is not made yet; the others stay where they were. One that is made is called off instead,
    with a reason for those who come."""
    _only_hers(event, by)
    with writing():
        series = _open(_series_of(event))
        no = _last_no(series) + 1
        EventEdition.create(series=series, no=no)
        return series.begins(no)


def stop(event, by, now):
    """Make no more; what is announced takes place. The host may do it too, which is audited. Asked twice, it is done."""
    event_days.only_who_runs(event, by)
    with writing():
        open_still = (EventSeries.id == _series_of(event).id) & EventSeries.closed_at.is_null()
        if EventSeries.update(closed_at=now).where(open_still).execute() and not event.is_of(by):
            record("stop series", event, by, now, "主理人停了固定活动")


def _series_of(event):
    there = place_of(event)
    if there is None:
        raise Refused("no-series", "这个活动还没有固定下来")
    return there.series


def note_lesson(event, by, now, words):
    """What should be done otherwise next time, for whoever prepares it."""
    event_days.only_who_runs(event, by)
    words = clean_text(words, 500, "lesson", "下次注意")
    screening.check(words, "lesson")
    if not EventEdition.update(lesson=words).where(EventEdition.event == event.id).execute():
        raise Refused("no-series", "这个活动还没有固定下来")


def _others(place, scope, now):
    """The other editions that this scope takes along: announced, and not begun."""
    which = (EventEdition.series == place.series.id) & (EventEdition.no != place.no)
    if scope == "following":
        which &= EventEdition.no > place.no
    rows = EventEdition.select(EventEdition, Event).join(Event).where(which).order_by(Event.id)
    return [row for row in rows if row.event.phase(now) in {"review", "published", "closed_reg"}]


def _scope_of(event, by, scope):
    """The Place of an event and the scope that counts: without a series there is but one."""
    place = place_of(event)
    if place is None or scope not in {"following", "all"}:
        return place, "one"
    _only_hers(event, by)
    return place, scope


def rewrite(event, by, now, plan, scope="one"):
    """Other words for one edition, for this and the following, or for all that have not begun; all of them or none. What the
    clock makes later says the new words too."""
    place, scope = _scope_of(event, by, scope)
    with writing():
        if scope != "one":
            series = _taken(place.series)
            rest = _others(place, scope, now)
        event_days.rewrite(event, by, now, plan)
        if scope == "one":
            return
        fresh = Event.get_by_id(event.id)
        words = {name: getattr(fresh, name) for name in WORDS}
        EventSeries.update(**words).where(EventSeries.id == series.id).execute()
        for row in rest:
            event_days.rewrite(row.event, by, now, plan)


def reschedule(event, by, now, *, starts_at, ends_at, note, scope="one"):
    """Another time for one edition, or from this one on: the others keep their rhythm, reckoned from the new moment. Those who
    come hear of their own edition."""
    place, scope = _scope_of(event, by, scope)
    with writing():
        if scope != "one":
            series = _taken(place.series)
            rest = _others(place, scope, now)
            was = series.begins(place.no)
        event_days.reschedule(event, by, now, starts_at=starts_at, ends_at=ends_at, note=note)
        if scope == "one":
            return
        fresh = Event.get_by_id(event.id)
        same_day = (was + SHANGHAI).date() == (fresh.starts_at + SHANGHAI).date()
        series.day = series.day if same_day else (fresh.starts_at + SHANGHAI).day
        series.anchor_at, series.anchor_no = fresh.starts_at, place.no
        series.minutes = int(length(fresh).total_seconds() // 60) or 1
        series.save(only=[EventSeries.day, EventSeries.anchor_at, EventSeries.anchor_no, EventSeries.minutes])
        for row in rest:
            begins = series.begins(row.no)
            ends = begins + timedelta(minutes=series.minutes)
            if begins > now and (begins, ends) != (row.event.starts_at, row.event.ends_at) and row.event.state != "review":
                event_days.reschedule(row.event, by, now, starts_at=begins, ends_at=ends, note=note)


def forget(line, her, now):
    """What she had fixed is made no more, and her words for it go (db/belongings.py)."""
    mine = line.rows(her)
    EventSeries.update(title="", place="", bring="", allergy="", ages="", body="").where(mine).execute()
    EventSeries.update(closed_at=now).where(mine & EventSeries.closed_at.is_null()).execute()


def follow(member, into):
    """The series of one membership are the other's (db/merging.py)."""
    EventSeries.update(creator=into.id).where(EventSeries.creator == member.id).execute()
