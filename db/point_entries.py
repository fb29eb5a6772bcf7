"""The book of 积分: append-only entries, and the balance kept beside them on the membership (S4, I4).

Only db/points.py writes here. An entry is never changed nor deleted, the database sees to it; Σ of them is the balance at every
step, and `differences` recounts it. Only a clawback may leave a balance below zero.

A `reason` is a fixed sentence without names or words of people, for entries outlive those who are forgotten (I18): titles are
looked up when a page is shown, and what was written along with an adjustment stands in the audit line it points to.
"""

import hashlib
import json
from typing import NamedTuple

from peewee import JOIN, Case, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, fn

from db import base
from db.base import Table
from db.members import Membership
from db.people import User

PAGE = 30

# What an entry does to (points, points_held), times its delta.
EFFECT = {
    "earn": (1, 0),
    "adjust": (1, 0),
    "reverse": (1, 0),
    "expire": (1, 0),
    "hold": (0, -1),
    "release": (0, -1),
    "capture": (1, 1),
}


class OtherParameters(Exception):
    """A key that is used already came again with other parameters: a mistake of ours, never of a person."""


class PointEntry(Table):
    """One line of the book. The database refuses to change or delete it (db/migrations/0012)."""

    membership = ForeignKeyField(Membership, backref="+", index=False)
    delta = IntegerField()
    kind = CharField(max_length=8)
    rule = CharField(max_length=12, default="")
    source_type = CharField(max_length=20)
    source_id = IntegerField()
    reason = CharField(max_length=60)
    idem_key = CharField(max_length=90, unique=True)
    digest = CharField(max_length=32)
    answers = ForeignKeyField("self", null=True, unique=True, backref="+")  # what it reverses, pays back or settles
    created_by = ForeignKeyField(User, null=True, backref="+", index=False)  # who adjusted it, or whose tap it was
    at = DateTimeField()
    vests_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("membership", "id"), False),
            (("membership", "rule", "at"), False),
            (("source_type", "source_id", "rule"), False),
        )
        constraints = [
            Check("delta <> 0 AND delta BETWEEN -1000000000 AND 1000000000", name="point_entry_size"),
            Check(
                "kind = 'adjust' OR kind IN ('earn', 'release') AND delta > 0"
                " OR kind IN ('reverse', 'expire', 'hold', 'capture') AND delta < 0",
                name="point_entry_sign",
            ),
        ]


PointEntry.add_index(PointEntry.membership, PointEntry.vests_at, where=PointEntry.vests_at.is_null(False), name="point_vesting")


class Account(NamedTuple):
    """What a neighbour has: `points` in all, of which some are held for what she has asked for, some wait to be usable."""

    points: int
    held: int
    waiting: int

    @property
    def available(self):
        return self.points - self.held - self.waiting


def lock(*ids):
    """{id: membership} of these accounts, held until the transaction ends."""
    base.hold(Membership, Membership.id.in_(ids))
    return {each.id: each for each in Membership.select(Membership, User).join(User).where(Membership.id.in_(ids))}


def digest_of(*parameters):
    """What a key is about: the same key with another digest is another thing."""
    return hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:32]


def known(key, digest):
    """The entry of this key, or None; OtherParameters where it was about something else."""
    entry = PointEntry.get_or_none(PointEntry.idem_key == key)
    if entry and entry.digest != digest:
        raise OtherParameters(key)
    return entry


def live(account):
    """The membership that stands for this one now: itself, or what it was merged into."""
    user = account.user
    while user.status == "merged":
        user = user.merged_into
    if user.id == account.user_id:
        return account
    return Membership.get((Membership.user == user.id) & (Membership.neighborhood == account.neighborhood_id))


def _move(account_id, kind, delta, guard=None):
    """Carry the balance along with an entry. All but a hold may leave it below zero: what is missing then is owed, and the
    CHECK of the table lets nothing be held of it."""
    points, held = (side * delta for side in EFFECT[kind])
    changes = {"points": Membership.points + points, "points_held": Membership.points_held + held}
    if kind != "hold":
        left = changes["points"] - changes["points_held"]
        changes["points_owed"] = Case(None, [(left < 0, 0 - left)], 0)
    mine = Membership.id == account_id
    return Membership.update(**changes).where(mine if guard is None else mine & guard).execute()


def write(account, kind, delta, now, key, *, digest=None, guard=None, **values):
    """In the caller's transaction: one entry and the balance with it; None where the `guard` on the account says no."""
    if not _move(account.id, kind, delta, guard):
        return None
    digest = digest or digest_of(account.id, kind, delta)
    entry = PointEntry.create(membership=account.id, delta=delta, kind=kind, idem_key=key, digest=digest, at=now, **values)
    if account.user.status == "merged":
        _pass_on(account, now)
    return entry


def _pass_on(account, now, into=None):
    """What is free on a membership that was merged into another goes there, or is taken from there: a pair of entries."""
    free = Membership.select(Membership.points - Membership.points_held).where(Membership.id == account.id).scalar()
    if not free:
        return
    into = into or live(account)
    last = PointEntry.select(fn.MAX(PointEntry.id)).where(PointEntry.membership == account.id).scalar()
    for number, (each, delta) in enumerate(((account, -free), (into, free))):
        _move(each.id, "adjust", delta)
        PointEntry.create(
            membership=each.id, delta=delta, kind="adjust", rule="merge", source_type="Membership", source_id=account.id,
            reason="两个身份合并，积分并到一起", idem_key=f"merge {account.id} after {last} {number}",
            digest=digest_of(each.id, delta), at=now,
        )  # fmt: skip


def fold(member, into, now):
    """Two memberships of one person become one (db/merging.py): what is free goes along, what is held follows when settled."""
    lock(member.id, into.id)
    _pass_on(member, now, into)


def waiting(member_id, now):
    """How much of it cannot be spent yet; what was reversed meanwhile is not counted."""
    mine = (PointEntry.membership == member_id) & PointEntry.vests_at.is_null(False) & (PointEntry.vests_at > now)
    return max(0, PointEntry.select(fn.COALESCE(fn.SUM(PointEntry.delta), 0)).where(mine).scalar())


def account(member, now):
    """What this neighbour has just now."""
    points, held = Membership.select(Membership.points, Membership.points_held).where(Membership.id == member.id).tuples().get()
    return Account(points, held, waiting(member.id, now))


def lines(member, before=0, limit=PAGE):
    """(entries, id to go on before or 0): a page of this neighbour's book, the latest first."""
    mine = PointEntry.membership == member.id
    if before:
        mine &= PointEntry.id < before
    found = list(PointEntry.select().where(mine).order_by(PointEntry.id.desc()).limit(limit + 1))
    return found[:limit], found[limit - 1].id if len(found) > limit else 0


def totals():
    """{小区 id: (given, spent)}: what was earned and adjusted less what was taken back, and what was spent (R37); what neighbours
    have is the one less the other. The pairs of a merge add up to nothing."""
    spent = PointEntry.kind == "capture"
    counted = PointEntry.kind.in_(("earn", "adjust", "reverse", "expire"))
    rows = (
        PointEntry.select(
            Membership.neighborhood,
            fn.COALESCE(fn.SUM(Case(None, [(counted, PointEntry.delta)], 0)), 0),
            fn.COALESCE(fn.SUM(Case(None, [(spent, 0 - PointEntry.delta)], 0)), 0),
        )
        .join(Membership)
        .group_by(Membership.neighborhood)
        .tuples()
    )
    return {place: (given, gone) for place, given, gone in rows}


def _signs(side):
    return [(kind, effect[side]) for kind, effect in EFFECT.items()]


def differences():
    """Recount every account from its entries: [(membership id, kept, counted), …] of those that do not agree, each as
    (points, held). One statement, so that what neighbours earn meanwhile is in both or in neither."""
    sums = [fn.COALESCE(fn.SUM(PointEntry.delta * Case(PointEntry.kind, _signs(side))), 0) for side in (0, 1)]
    left = Membership.points - Membership.points_held
    owed = Case(None, [(left < 0, 0 - left)], 0)
    kept = (Membership.points, Membership.points_held, Membership.points_owed)
    rows = (
        Membership.select(Membership.id, *kept, *sums)
        .join(PointEntry, on=PointEntry.membership == Membership.id, join_type=JOIN.LEFT_OUTER)
        .group_by(Membership.id, *kept)
        .having((sums[0] != kept[0]) | (sums[1] != kept[1]) | (Membership.points_owed != owed))
        .order_by(Membership.id)
        .tuples()
    )
    return [(row[0], (row[1], row[2]), (row[4], row[5])) for row in rows]
