"""日历: events as iCalendar (RFC 5545) for the calendar of a phone: one, those of a 小区, one's own behind a secret address."""

from datetime import timedelta
from urllib.parse import urlsplit

from peewee import BooleanField, DateTimeField, ForeignKeyField, IntegerField

from db import links
from db.base import Table, writing
from db.events import SEEN, STANDING, Event
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI
from db.people import User
from db.registrations import Registration

LOOKS_BACK = timedelta(days=30)
MOST = 200
PURPOSE = "calendar"
ZONE = (
    "BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "BEGIN:STANDARD", "DTSTART:19910915T000000", "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0800", "TZNAME:CST", "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip
LISTED = ("going", "waitlisted", "offered", "checked_in")


class CalendarFeed(Table):
    """Somebody's own address; an older one, of a smaller `serial`, is worth nothing."""

    user = ForeignKeyField(User, unique=True, backref="+", on_delete="CASCADE")
    serial = IntegerField(default=1)
    open = BooleanField(default=True)
    at = DateTimeField()


def feed_path(user):
    """The secret address of this person's calendar, or an empty text while she has none."""
    feed = CalendarFeed.get_or_none((CalendarFeed.user == user.id) & CalendarFeed.open)
    return f"/calendar/{links.sign(PURPOSE, user.id, feed.serial)}.ics" if feed else ""


def new_feed(user, now):
    """A secret address for this person's calendar; the one before, if there was one, opens nothing any more."""
    with writing():
        fresh = CalendarFeed.insert(user=user.id, at=now)
        again = {CalendarFeed.serial: CalendarFeed.serial + 1, CalendarFeed.open: True, CalendarFeed.at: now}
        fresh.on_conflict(conflict_target=[CalendarFeed.user], update=again).execute()


def close_feed(user, now):
    """From now on her calendar has no address; asked twice, nothing changes. The number stays, so that no
    old one opens again."""
    with writing():
        CalendarFeed.update(open=False, at=now).where(CalendarFeed.user == user.id).execute()


def owner(token):
    """Whose calendar this address opens, or None where it is forged, replaced, or of somebody who is gone."""
    user_id, serial = links.read(PURPOSE, token, 2) or (None, None)
    if not isinstance(user_id, int):
        return None
    stands = (CalendarFeed.user == user_id) & (CalendarFeed.serial == serial) & CalendarFeed.open & (User.status == "active")
    feed = CalendarFeed.select(CalendarFeed, User).join(User).where(stands).first()
    return feed.user if feed else None


def of_event(event):
    """One event, as text."""
    return _calendar(event.title, [_entry(event, _slugs([event])[event.neighborhood_id])])


def of_place(neighborhood, now):
    """What the 小区 has coming up, and what was called off lately, as text."""
    here = (Event.neighborhood == neighborhood.id) & Event.state.in_((*STANDING, "cancelled")) & Event.published_at.is_null(False)
    lately = (Event.ends_at > now - LOOKS_BACK) & (Event.sight == "shown")
    rows = list(Event.select().where(here & lately).order_by(Event.starts_at, Event.id).limit(MOST))
    return _calendar(f"{neighborhood.name}的活动", [_entry(event, neighborhood.slug) for event in rows])


def of_person(user, now):
    """What this person has signed up for in all her 小区, as text; where she waits for a seat it says so."""
    hers = (Membership.user == user.id) & Registration.state.in_(LISTED)
    lately = (Event.ends_at > now - LOOKS_BACK) & Event.sight.in_(SEEN)
    rows = Registration.select(Registration, Event, Membership).join(Event).switch(Registration)
    rows = rows.join(Membership, on=Registration.member).where(hers & lately).order_by(Event.starts_at, Event.id).limit(MOST)
    rows = [row for row in rows if row.event.readable_by(row.member)]
    slugs = _slugs([row.event for row in rows])
    entries = [_entry(row.event, slugs[row.event.neighborhood_id], row.state in {"waitlisted", "offered"}) for row in rows]
    return _calendar("我报名的活动", entries)


def _slugs(events):
    wanted = Neighborhood.id.in_([event.neighborhood_id for event in events])
    return {place.id: place.slug for place in Neighborhood.select(Neighborhood.id, Neighborhood.slug).where(wanted)}


def _entry(event, slug, waiting=False):
    url = links.absolute(f"/n/{slug}/events/{event.id}")
    cancelled = event.state == "cancelled"
    says = [event.body, f"要带：{event.bring}" if event.bring else "", url]
    lines = [
        "BEGIN:VEVENT",
        f"UID:event-{event.id}@{urlsplit(url).hostname or 'linli'}",
        f"DTSTAMP:{event.created_at:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{event.version}",
        f"DTSTART;TZID=Asia/Shanghai:{event.starts_at + SHANGHAI:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Asia/Shanghai:{event.ends_at + SHANGHAI:%Y%m%dT%H%M%S}",
        f"SUMMARY:{_escaped('（候补）' * waiting + event.title)}",
        f"DESCRIPTION:{_escaped(chr(10).join(filter(None, says)))}",
        f"STATUS:{'CANCELLED' if cancelled else 'TENTATIVE' if waiting else 'CONFIRMED'}",
        f"URL:{url}",
    ]
    lines += [f"LOCATION:{_escaped(event.place)}"] if event.place else []
    return [*lines, "END:VEVENT"]


def _calendar(name, entries):
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//linli//events//ZH", "METHOD:PUBLISH", f"X-WR-CALNAME:{_escaped(name)}"]
    lines = [*head, *ZONE, *(line for entry in entries for line in entry), "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text):
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(letter for letter in text.replace("\n", "\\n") if letter >= " ")


def _folded(line):
    """No line of a calendar is longer than 75 bytes; one that goes on begins with a blank. No letter is cut in two."""
    pieces, size = [""], 0
    for letter in line:
        width = len(letter.encode())
        if size + width > 75:
            pieces, size = [*pieces, " "], 1
        pieces[-1] += letter
        size += width
    return "\r\n".join(pieces)
