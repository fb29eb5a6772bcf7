"""Changes to the editions of a series (db/series.py): to one, to this one and the following, or to all that have not begun.

Events come before their series, each by its id (db/base.py: writing).
"""

from datetime import timedelta

from db import event_days
from db.base import hold, writing
from db.events import Event, moved_on, record
from db.notices import SHANGHAI
from db.series import WORDS, EventEdition, EventSeries, kept_by, latest, length, only_who_keeps, place_of, taken

SCOPES = {"one": "只改这一期", "following": "这一期和以后的", "all": "还没开始的每一期"}


def scopes(event, by):
    """How far a change of hers may go; nothing to choose where the event comes but once, or is not hers."""
    place = place_of(event)
    return SCOPES if place and kept_by(place.series, by) else {}


def _scope_of(event, by, scope):
    """The Place of an event and the scope that counts: without a series there is but one."""
    place = place_of(event)
    if place is None or scope not in {"following", "all"}:
        return place, "one"
    only_who_keeps(place.series, by)
    return place, scope


def _others(place, scope, now):
    """The other editions that this scope takes along: announced, in sight, and not begun."""
    which = (EventEdition.series == place.series.id) & (EventEdition.no != place.no)
    if scope == "following":
        which &= EventEdition.no > place.no
    rows = EventEdition.select(EventEdition, Event).join(Event).where(which).order_by(Event.id)
    return [row for row in rows if row.event.seen and row.event.phase(now) in {"review", "published", "closed_reg"}]


def _take(event, place, scope, now):
    """(the series, the other editions), all rows taken. An edition that the clock has made meanwhile is not among them."""
    expected = {event.id, *(row.event_id for row in _others(place, scope, now))}
    hold(Event, Event.id.in_(expected))
    series, rest = taken(place.series), _others(place, scope, now)
    if not expected.issuperset(row.event_id for row in rest):
        raise moved_on()
    return series, rest


def rewrite(event, by, now, plan, scope="one"):
    """Other words for one edition, for this and the following, or for all that have not begun; all of them or none. The others
    take over what was changed and keep the rest. What the clock makes later says the new words too; also where somebody else
    mended the last edition alone: what the host took out does not come back."""
    place, scope = _scope_of(event, by, scope)
    with writing():
        if scope == "one":
            hold(Event, Event.id == event.id)
        else:
            series, rest = _take(event, place, scope, now)
        before = Event.get_by_id(event.id)
        event_days.rewrite(event, by, now, plan)
        changed = _changed(before, Event.get_by_id(event.id))
        if not place or not changed:
            return
        if scope == "one":
            if not before.is_of(by) and latest(place.series).id == event.id:
                series = taken(place.series)
                was = {name: getattr(series, name) for name in changed}
                _say_anew(series, changed)
                record("edit series", event, by, now, "主理人改了固定活动的说明", before=was, after=changed)
            return
        _say_anew(series, changed)
        for row in rest:
            words = {name: getattr(row.event, name) for name in WORDS} | changed
            event_days.rewrite(row.event, by, now, plan._replace(**words))


def _changed(before, after):
    return {name: getattr(after, name) for name in WORDS if getattr(after, name) != getattr(before, name)}


def _say_anew(series, words):
    EventSeries.update(**words).where(EventSeries.id == series.id).execute()


def reschedule(event, by, now, *, starts_at, ends_at, note, scope="one"):
    """Another time for one edition, or from this one on: the others keep their rhythm, reckoned from the new moment. Those who
    come hear of their own edition."""
    place, scope = _scope_of(event, by, scope)
    with writing():
        if scope != "one":
            series, rest = _take(event, place, scope, now)
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
