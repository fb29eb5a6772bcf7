"""「还想学什么」: asked of those who were at a workshop, so that the next one is what they want (R40)."""

from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField

from db import registrations, screening
from db.base import Refused, Table, writing
from db.events import Event
from db.members import Membership
from db.words import clean_line

ASKED_FOR = timedelta(days=30)


class LearnWish(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    words = CharField(max_length=60)
    at = DateTimeField()

    class Meta:
        indexes = ((("event", "member"), True),)


def may_wish(event, member, now):
    """Whether this neighbour is asked: she is, or was, at the workshop; for a month."""
    if event.kind != "workshop" or member is None:
        return False
    row = registrations.of(event, member)
    return row is not None and row.state == "checked_in" and now <= event.ends_at + ASKED_FOR


def wish(member, event, now, words):
    """Say what one would like to learn next; said again, it takes the place of the first one."""
    words = clean_line(words, 60, "words", "想学的")
    if not words:
        raise Refused("no-words", "写一样您想学的", field="words")
    screening.check(words, "words")
    if not may_wish(event, member, now):
        raise Refused("not-there", "来过这次工作坊的邻居才能写")
    said = {"words": words, "at": now}
    with writing():
        row = LearnWish.insert(event=event.id, member=member.id, **said)
        row.on_conflict(conflict_target=[LearnWish.event, LearnWish.member], update=said).execute()


def of(event, member):
    """What this neighbour wished for, or an empty text."""
    mine = (LearnWish.event == event.id) & (LearnWish.member == (member.id if member else 0))
    return LearnWish.select(LearnWish.words).where(mine).scalar() or ""


def listed(event):
    """All wishes of a workshop, without names, for whoever plans the next one."""
    return [row.words for row in LearnWish.select().where(LearnWish.event == event.id).order_by(LearnWish.id)]


def fold(member, into):
    """What one membership wished for is the other's; where both did, the other's stays (db/merging.py)."""
    both = [row.event_id for row in LearnWish.select(LearnWish.event).where(LearnWish.member == into.id)]
    LearnWish.delete().where((LearnWish.member == member.id) & LearnWish.event.in_(both)).execute()
    LearnWish.update(member=into.id).where(LearnWish.member == member.id).execute()
