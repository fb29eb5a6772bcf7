"""Who comes to an event, and where one goes oneself: what is read of registrations."""

from typing import NamedTuple

from peewee import fn

from db.events import SEEN, Event
from db.members import Membership
from db.people import User
from db.registrations import OPEN, Registration, with_people


def mine(member, now, limit=60):
    """What this neighbour has signed up for and is not over, the nearest first; where she waits, too."""
    hers = (Registration.member == member.id) & Registration.state.in_((*OPEN, "checked_in"))
    ahead = (Event.ends_at > now) & (Event.state != "cancelled") & Event.sight.in_(SEEN)
    rows = with_people().where(hers & ahead).order_by(Event.starts_at, Event.id).limit(limit)
    return [row for row in rows if row.event.readable_by(member)]


def been(member, now, limit=60):
    """Where this neighbour has been, the latest first."""
    hers = (Registration.member == member.id) & (Registration.state == "checked_in") & (Event.ends_at <= now)
    hers &= Event.sight.in_(SEEN)
    rows = with_people().where(hers).order_by(Event.starts_at.desc(), Event.id.desc()).limit(limit)
    return [row for row in rows if row.event.readable_by(member)]


class Coming(NamedTuple):
    """Who comes, as everybody may read it."""

    people: int
    children: int
    waiting: int
    here: int  # people who are there
    names: list


def coming(event, names=12):
    """How many come, wait and are there, and the first names of those who allow it."""
    totals = fn.SUM(Registration.people), fn.SUM(Registration.children)
    grouped = Registration.select(Registration.state, *totals).where(Registration.event == event.id).group_by(Registration.state)
    sums = {state: (people, children) for state, people, children in grouped.tuples()}
    seated = [sums.get(state, (0, 0)) for state in ("going", "checked_in")]
    shown = (Registration.event == event.id) & Registration.named & Registration.state.in_(("going", "checked_in"))
    named = Registration.select(Registration.id, User.name).join(Membership, on=Registration.member).join(User).where(shown)
    told = [row.member.user.name for row in named.order_by(Registration.at, Registration.id).limit(names)]
    people, children = (sum(pair[at] for pair in seated) for at in (0, 1))
    return Coming(people, children, sums.get("waitlisted", (0, 0))[0], sums.get("checked_in", (0, 0))[0], told)
