"""互相点: two neighbours who praise hardly anybody but each other. What they give each other earns nothing until HQ has looked.

Found by db/ring_watch.py. HQ says 「没问题」, with a reason, or leaves it as it is; whoever was
cleared is looked at anew after a while.
"""

from datetime import timedelta

from peewee import Check, DateTimeField, ForeignKeyField, IntegerField

from db import audit
from db.base import Refused, Table, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User

CLEARED_FOR = timedelta(days=30)


class Ring(Table):
    """`one` has the smaller id. Of the `total` likes and taps the two gave lately, `mutual` went to each other."""

    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    one = ForeignKeyField(Membership, backref="+", index=False)
    other = ForeignKeyField(Membership, backref="+")
    mutual = IntegerField()
    total = IntegerField()
    found_at = DateTimeField()
    cleared_at = DateTimeField(null=True)
    cleared_by = ForeignKeyField(User, null=True, backref="+", index=False)

    class Meta:
        indexes = ((("one", "other"), True), (("cleared_at", "id"), False))
        constraints = [Check("mutual >= 0 AND mutual <= total", name="ring_counts")]


def between(one, other):
    """Whether these two memberships are thought to be a ring."""
    low, high = sorted((one.id, other.id))
    pair = (Ring.one == low) & (Ring.other == high) & Ring.cleared_at.is_null()
    return Ring.select().where(pair).exists()


def note(neighborhood_id, one, other, mutual, total, now):
    """The watch has found these two (ids, in any order): new numbers, and a new look where they were cleared long ago. In the
    caller's transaction; returns whether HQ has to look."""
    low, high = sorted((one, other))
    fresh = {"mutual": mutual, "total": total, "found_at": now}
    pair = (Ring.one == low) & (Ring.other == high)
    row = {"neighborhood": neighborhood_id, "one": low, "other": high} | fresh
    if Ring.insert(**row).on_conflict_ignore().as_rowcount().execute():
        return True
    Ring.update(**fresh).where(pair & Ring.cleared_at.is_null()).execute()
    stale = pair & (Ring.cleared_at < now - CLEARED_FOR)
    return bool(Ring.update(cleared_at=None, cleared_by=None, **fresh).where(stale).execute())


def listed(limit=100):
    """Those HQ has not cleared, the latest found first, with both neighbours."""
    wanted = Ring.select().where(Ring.cleared_at.is_null()).order_by(Ring.found_at.desc(), Ring.id.desc()).limit(limit)
    found = list(wanted)
    ids = [each for ring in found for each in (ring.one_id, ring.other_id)]
    rows = (Membership.select(Membership, User, Neighborhood).join(User).switch(Membership).join(Neighborhood)).where(
        Membership.id.in_(ids)
    )
    known = {row.id: row for row in rows}
    for ring in found:
        ring.one, ring.other = known[ring.one_id], known[ring.other_id]
    return found


def count():
    """How many wait for HQ."""
    return Ring.select().where(Ring.cleared_at.is_null()).count()


def clear(ring_id, by, now, reason):
    """HQ has looked: these two are fine, and what they give each other earns from now on. Audited. Refused where it is done."""
    reason = audit.reason_of(reason)
    with writing():
        ring = Ring.get_or_none(Ring.id == ring_id)
        waiting = (Ring.id == ring_id) & Ring.cleared_at.is_null()
        if not Ring.update(cleared_at=now, cleared_by=by).where(waiting).execute():
            raise Refused("moved-on", "这一对已经看过了")
        audit.record("clear ring", ring, actor=by, now=now, reason=reason, neighborhood=ring.neighborhood_id)


def forget(line, her, now):
    """Act of db/belongings.py: nobody is thought to praise somebody who is gone."""
    Ring.delete().where(Ring.one.in_(her.members) | Ring.other.in_(her.members)).execute()


def fold(member):
    """Two memberships become one (db/merging.py): the watch will see for itself."""
    Ring.delete().where((Ring.one == member.id) | (Ring.other == member.id)).execute()
