"""固定的活动: every week, month or quarter at the same hour in Shanghai; the clock makes the next edition ahead of time (R53).

A series knows its words and one moment (`anchor`); every other edition is reckoned from there, so that the 31st is the month's
end in February and the 31st again in March, and a skipped edition moves no other. What was prepared for one edition (shifts,
booths, programme, the room) is prepared for the next one. Changes to several editions at once: db/editions.py.
"""

import calendar
from datetime import timedelta
from typing import NamedTuple

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, TextField

from db import event_days, event_plans, lives, markets, notices, screening, shifts
from db.base import Refused, Table, hold, writing
from db.event_plans import Plan, trusts
from db.events import BY_RESIDENTS, SEEN, STANDING, Event, called, hosts_of, moved_on, path, record, said, tell
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI
from db.registrations import users_of
from db.words import clean_text

RHYTHMS = {"weekly": "每周", "monthly": "每月", "quarterly": "每季度"}
MONTHS = {"monthly": 1, "quarterly": 3}
AHEAD = {"weekly": timedelta(days=10), "monthly": timedelta(days=35), "quarterly": timedelta(days=60)}
MOST_SKIPPED = 6  # editions one may leave out ahead of time
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
    told_no = IntegerField(default=0)  # the last edition of which people were told that it could not be made
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


def kept_by(series, by):
    """Whether a series is in her hands: that of whoever fixed it; what only a host may begin goes with the office."""
    if by is None or series.kind in BY_RESIDENTS:
        return by is not None and by.id == series.creator_id
    return by.is_host and by.neighborhood_id == series.neighborhood_id


def only_who_keeps(series, by):
    """Refused (403) for everybody in whose hands the series is not."""
    if not kept_by(series, by):
        raise _not_yours()


def _not_yours():
    return Refused("not-yours", "只有发起人能把活动固定下来", status=403)


def start(event, by, now, rhythm):
    """Let an event come again and again, in its organiser's words as they stand; asked twice, it is the same series, and
    one that was stopped goes on from here. Refused for newcomers: what is made by the clock is seen by nobody first."""
    there = place_of(event)
    if not (kept_by(there.series, by) if there else event.is_of(by)):
        raise _not_yours()
    if rhythm not in RHYTHMS:
        raise Refused("bad-rhythm", "请选多久一次", field="rhythm")
    if not by.is_host and not trusts(by, now):
        raise Refused("not-yet", "先顺利办完一场，再把它固定下来")
    if not event.shown:
        raise moved_on()
    if length(event) > timedelta(days=3):
        raise moved_on()
    told = {name: getattr(event, name) for name in WORDS}
    told |= {"creator": by.id, "rhythm": rhythm, "anchor_at": event.starts_at, "day": (event.starts_at + SHANGHAI).day}
    told["minutes"] = int(length(event).total_seconds() // 60) or 1
    try:
        with writing():
            if there := place_of(event):
                made = taken(there.series)
                if made.closed_at is None:
                    return made
                EventSeries.update(anchor_no=there.no, closed_at=None, **told).where(EventSeries.id == made.id).execute()
                made = EventSeries.get_by_id(made.id)
            else:
                made = EventSeries.create(neighborhood=event.neighborhood_id, created_at=now, **told)
                EventEdition.create(series=made, no=1, event=event)
            _go_on_from_here(made, now)
            _fill(made, now)
            return made
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return place_of(event).series


def _go_on_from_here(series, now):
    """The next edition of what was over long ago is the next one to come, in its rhythm."""
    no = following = _last_no(series) + 1
    while series.begins(no) <= now:
        no += 1
    if no > following:
        series.anchor_at, series.anchor_no = series.begins(no), following
        series.save(only=[EventSeries.anchor_at, EventSeries.anchor_no])


def length(event):
    """How long an event takes."""
    return event.ends_at - event.starts_at


def taken(series):
    """The series as it stands now, its row taken until this transaction ends. After the events, where it takes any."""
    hold(EventSeries, EventSeries.id == series.id)
    return EventSeries.get_by_id(series.id)


def _open(series):
    series = taken(series)
    if series.closed_at:
        raise Refused("closed", "这个固定活动已经停了")
    return series


def _fill(series, now):
    """Make the editions that are due, in the transaction that holds the series; those whose time has passed meanwhile were
    skipped. Returns [(number, event)]. Refused while the last one is out of sight: what stood there is not for everybody."""
    creator, made, no = Membership.get_by_id(series.creator_id), [], _last_no(series) + 1
    if not latest(series).seen:
        raise Refused("hidden", "上一期收起来了，恢复以后接着排")
    while (begins := series.begins(no)) <= now + AHEAD[series.rhythm]:
        event = _edition(series, creator, no, begins, now) if begins > now else None
        EventEdition.create(series=series, no=no, event=event)
        made += [(no, event)] if event else []
        no += 1
    return made


def _edition(series, creator, no, begins, now):
    words = {name: getattr(series, name) for name in WORDS}
    plan = Plan(starts_at=begins, ends_at=begins + timedelta(minutes=series.minutes), **words)
    before = latest(series)
    group = before.group  # what a group began stays in it, private or not
    event = event_plans.create(creator, now, op_id=f"series {series.id} {no}", plan=plan, group=group, by_clock=True)
    _prepare(before, event, now)
    if before.state == "cancelled" and event.shown:
        people = users_of(before, "going", "waitlisted", "offered")
        tell(event, people, f"上一期{called(event)}取消了，下一期在 {said(begins)}，想来请报名", now)
    return event


def latest(series):
    """The event of the last edition that was made."""
    rows = Event.select(Event).join(EventEdition).where(EventEdition.series == series.id)
    return rows.order_by(EventEdition.no.desc()).first()


def _next_said(event, now):
    """What those who wanted to come to an edition that is called off read of the next one, where it is announced already."""
    place = place_of(event)
    if place is None:
        return ""
    later = (EventEdition.series == place.series.id) & (EventEdition.no > place.no) & Event.state.in_(STANDING)
    rows = Event.select(Event).join(EventEdition).where(later & Event.sight.in_(SEEN) & (Event.starts_at > now))
    found = rows.order_by(EventEdition.no).first()
    return f"。下一期在 {said(found.starts_at)}，想来请报名" if found else ""


event_days.goes_on.append(_next_said)


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
    """The next editions of every series (the clock calls it); returns how many. Whose organiser or 小区 is gone stands still, and
    so does one whose last edition was hidden; removed, it ends. One that may not be made as it is written (a word that is on a
    list now) is told, and the others are made."""
    _follow_office()
    made = 0
    for series in list(EventSeries.select().where(EventSeries.closed_at.is_null()).order_by(EventSeries.id)):
        if series.begins(_last_no(series) + 1) > now + AHEAD[series.rhythm]:
            continue
        try:
            with writing():
                made += _make(taken(series), now)
        except Refused as refused:
            with writing():
                _say_once(series, f"的下一期没有排出来：{refused.sentence}", now)
    return made


def _make(series, now):
    creator = Membership.get_by_id(series.creator_id)
    if series.closed_at or creator.status != "active" or not series.neighborhood.open:
        return 0
    if latest(series).sight == "removed":
        EventSeries.update(closed_at=now).where(EventSeries.id == series.id).execute()
        _say(series, "上一期删掉了，以后不排了", now)
        return 0
    made = _fill(series, now)
    for no, event in made:
        kept = lessons(Place(series, no, ""), limit=1)
        noted = f"。上次记下的：{kept[0][1][:60]}" if kept else ""
        tell(event, [creator.user_id], f"{called(event)}第 {no} 期排好了，{said(event.starts_at)}{noted}", now)
    return len(made)


def _follow_office():
    """What only a host may begin goes on in the hands of whoever holds the office now."""
    hosting = Membership.role.in_(HOSTS) & (Membership.status == "active")
    fit = Membership.select(Membership.id).where(hosting)
    orphans = EventSeries.closed_at.is_null() & EventSeries.kind.not_in(BY_RESIDENTS) & EventSeries.creator.not_in(fit)
    for series in list(EventSeries.select().where(orphans)):
        here = hosting & (Membership.neighborhood == series.neighborhood_id)
        host = Membership.select().where(here).order_by(Membership.role.desc(), Membership.id).first()  # host, acting_host
        if host:
            same = (EventSeries.id == series.id) & (EventSeries.creator == series.creator_id)
            with writing():
                EventSeries.update(creator=host.id).where(same).execute()


def _say_once(series, words, now):
    """Whoever keeps it and the hosts hear once of each edition that cannot be made."""
    no = _last_no(series) + 1
    if EventSeries.update(told_no=no).where((EventSeries.id == series.id) & (EventSeries.told_no < no)).execute():
        _say(series, words, now)


def _say(series, words, now):
    user = Membership.select(Membership.user).where(Membership.id == series.creator_id).scalar()
    last, people, key = latest(series), {user, *hosts_of(series.neighborhood_id)}, f"series {series.id}"
    url = path(last).rpartition("/")[0] + "/" if last.sight == "removed" else f"{path(last)}/series"
    notices.tell(people, "event", f"「{series.title}」{words}", url, now, neighborhood=series.neighborhood_id, key=key, anew=True)


def skip(event, by, now, no):
    """Leave out edition `no`, the next that is not made yet; the others stay where they were. One that is made is called off
    instead, with a reason for those who come. Asked twice, the second is refused."""
    with writing():
        series = _open(_series_of(event))
        only_who_keeps(series, by)
        if no != _last_no(series) + 1:
            raise Refused("moved-on", "这一期已经跳过或者排出来了，请刷新看看")
        if no > place_of(latest(series)).no + MOST_SKIPPED:
            raise Refused("too-many", f"最多跳过 {MOST_SKIPPED} 期，想停很久请按「以后不排了」")
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
    with writing():
        if not EventEdition.update(lesson=words).where(EventEdition.event == event.id).execute():
            raise Refused("no-series", "这个活动还没有固定下来")


def forget(line, her, now):
    """What she had fixed is made no more, and her words for it go (db/belongings.py)."""
    mine = line.rows(her)
    EventSeries.update(title="", place="", bring="", allergy="", ages="", body="").where(mine).execute()
    EventSeries.update(closed_at=now).where(mine & EventSeries.closed_at.is_null()).execute()


def follow(member, into):
    """The series of one membership are the other's (db/merging.py)."""
    EventSeries.update(creator=into.id).where(EventSeries.creator == member.id).execute()
