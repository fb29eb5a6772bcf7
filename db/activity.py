"""有效互动 (mission.md 1.10): the append-only book of who took part in what, and the only source of the metrics."""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField

from db.base import Table
from db.compiled import compiled
from db.members import Membership
from db.neighborhoods import Neighborhood

KINDS = (
    "post",
    "topic_reply",
    "comment",
    "like",
    "made",
    "service",
    "recommend",
    "still",
    "need",
    "support",
    "aid",
    "entry",
    "vote",
    "redeem",
    "event",
    "register",
    "check_in",
    "interest",
    "question",
    "stamp",
    "feedback",
)


class Action(Table):
    membership = ForeignKeyField(Membership, backref="actions")
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    kind = CharField(max_length=20)
    object_id = IntegerField()
    at = DateTimeField()

    class Meta:
        indexes = ((("membership", "kind", "object_id"), True), (("neighborhood", "at"), False))


def took_part(member, kind, object_id):
    """Whether this is noted already."""
    same = (Action.membership == member.id) & (Action.kind == kind) & (Action.object_id == object_id)
    return Action.select().where(same).exists()


@compiled
def _note(member, neighborhood, kind, object_id, at):
    return Action.insert(
        membership=member, neighborhood=neighborhood, kind=kind, object_id=object_id, at=at
    ).on_conflict_ignore()  # fmt: skip


@compiled
def _seen(member, at):
    # Only forward: what was on paper is written down days later.
    return Membership.update(last_active_at=at).where((Membership.id == member) & (Membership.last_active_at < at))


def record(member, kind, object_id, now):
    """Note that this person took part; the same thing twice counts once. Called in the transaction of the thing itself."""
    assert kind in KINDS
    _note(member=member.id, neighborhood=member.neighborhood_id, kind=kind, object_id=object_id, at=now)
    _seen(member=member.id, at=now)
