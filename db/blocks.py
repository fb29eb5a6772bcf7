"""屏蔽TA: whose posts and comments a neighbour does not want to see. Her own business: nobody is told."""

from peewee import DateTimeField, ForeignKeyField

from db.base import Refused, Table, writing
from db.compiled import compiled
from db.members import Membership
from db.people import User


class Block(Table):
    member = ForeignKeyField(Membership, backref="+")
    blocked = ForeignKeyField(Membership, backref="+")
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "blocked"), True),)


@compiled
def _blocked(member):
    return Block.select(Block.blocked).where(Block.member == member)


def blocked_by(member):
    """The ids of the memberships this neighbour does not want to see; empty for a guest and for nearly everybody."""
    if member is None or not member.blocks:
        return frozenset()
    return frozenset(row[0] for row in _blocked(member=member.id))


def of_many(members):
    """{neighbour's membership id: ids she does not want to see} for those of these who have blocked anybody; one query."""
    found = {}
    for block in Block.select().where(Block.member.in_([member.id for member in members if member.blocks])):
        found.setdefault(block.member_id, set()).add(block.blocked_id)
    return found


def set_block(member, other, on, now):
    """See nothing of this neighbour any more, or again; asked twice, nothing changes. Hosts cannot be blocked: what a host
    says concerns everybody."""
    if other.id == member.id or other.neighborhood_id != member.neighborhood_id:
        raise Refused("not-oneself", "不用屏蔽自己")
    if on and other.is_host:
        raise Refused("host-stays", "主理人的话关系到大家，屏蔽不了。有不对的地方请举报，片区运营官会看")
    mine = (Block.member == member.id) & (Block.blocked == other.id)
    with writing():
        if on:
            Block.insert(member=member.id, blocked=other.id, at=now).on_conflict_ignore().execute()
        else:
            Block.delete().where(mine).execute()
        count = Block.select().where(Block.member == member.id).count()
        Membership.update(blocks=count).where(Membership.id == member.id).execute()


def listed(member):
    """Whom this neighbour has blocked, latest first."""
    return list(
        Block.select(Block, Membership, User)
        .join(Membership, on=Block.blocked == Membership.id)
        .join(User)
        .where(Block.member == member.id)
        .order_by(Block.id.desc())
    )
