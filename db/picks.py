"""精选: a work the host picked and why, and what its author says to its going outside the 小区 (R36).

The mark inside the 小区 needs nobody's consent. Everything outside does: `release` is hers alone (db/releases.py), and without it
nothing of the work is shown, drawn or recorded outside.
"""

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, fn

from db import audit, notices, works
from db.base import Table, hold, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User

WAYS = {"article": "公众号", "video": "视频号", "poster": "海报", "showcase": "展示页"}
RELEASES = {"asked": "等 TA 回话", "given": "TA 同意了", "refused": "TA 没有同意", "withdrawn": "TA 收回了同意"}
LONGEST_CREDIT = 20
PAGE = 24


class Pick(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    object_type = CharField(max_length=10)  # a key of works.RULES
    object_id = IntegerField()
    author = ForeignKeyField(Membership, backref="+")  # who made it, and is asked
    reason = CharField(max_length=200)
    release = CharField(max_length=10, default="asked")  # see db/releases.py: TRANSITIONS
    ways = CharField(max_length=40, default="")  # those of WAYS she has ticked
    credit = CharField(max_length=LONGEST_CREDIT, default="")  # her name under it, as she wants it
    picked_at = DateTimeField()
    agreed_at = DateTimeField(null=True)  # since when her yes has held
    decided_at = DateTimeField(null=True)  # her last answer

    class Meta:
        indexes = ((("object_type", "object_id"), True), (("neighborhood", "release", "id"), False))

    @property
    def allowed(self):
        """The ways she allows now."""
        return [way for way in WAYS if way in self.ways.split()] if self.release == "given" else []

    @property
    def release_name(self):
        return RELEASES[self.release]

    @property
    def allowed_names(self):
        return "、".join(WAYS[way] for way in self.allowed)


def pick(kind, row, host, now, reason):
    """Mark a work as one of the best, with a reason of 4 letters or more. Its author is told and, the first time, asked whether
    it may go outside; a no is not asked about again. Twice changes nothing. Refused for what not everybody here can see."""
    rules, reason, table = works.RULES[kind], audit.reason_of(reason), type(row)
    with writing():
        hold(table, table.id == row.id)
        row = rules.find(row.neighborhood, row.id)
        before, asked = of(kind, row.id), rules.asked(row)
        marked = table.select().where((table.id == row.id) & table.id.in_(rules.picked())).exists()
        if asked and before is None:
            before = Pick.create(
                neighborhood=row.neighborhood_id, object_type=kind, object_id=row.id, author=asked, reason=reason, picked_at=now
            )
            _tell(before, f"{host.name}把您的作品选为精选：{reason}。想问问，可不可以也给外面的人看？", now)
        elif before and not marked:
            Pick.update(reason=reason, picked_at=now).where(Pick.id == before.id).execute()
            _tell(before, f"{host.name}又把您的作品选为精选：{reason}", now)
        rules.pick(row, host, now, True, reason)
    return before


def unpick(kind, row, host, now):
    """Take the mark off: page, poster and feed entry are gone with it. What is outside already may stay there."""
    works.RULES[kind].pick(row, host, now, False)


def page_of(pick):
    """Where its author answers."""
    return f"/n/{pick.neighborhood.slug}/picks/{pick.id}"


def _tell(pick, sentence, now):
    user, place = pick.author.user_id, pick.neighborhood_id
    notices.tell([user], "review", sentence, page_of(pick), now, neighborhood=place, key=f"pick {pick.id}")


def of(kind, number):
    """The pick of this work, or None where nobody ever asked its author."""
    return Pick.get_or_none((Pick.object_type == kind) & (Pick.object_id == number))


def _found(which):
    return (
        Pick.select(Pick, Membership, User, Neighborhood)
        .join(Membership)
        .join(User)
        .switch(Pick)
        .join(Neighborhood)
        .where(which)
        .order_by(Pick.id.desc())
    )


def find(neighborhood, pick_id):
    """A pick of this 小区, or None (G1)."""
    return _found((Pick.id == pick_id) & (Pick.neighborhood == neighborhood.id)).first()


def find_mine(member, pick_id):
    """A pick of this neighbour's own work, or None."""
    return _found((Pick.id == pick_id) & (Pick.author == member.id)).first()


def by_author(member, limit=50):
    """The works of this neighbour that were picked, latest first."""
    return list(_found(Pick.author == member.id).limit(limit))


def listed(neighborhood, after=0, limit=PAGE):
    """One page of the picks of a 小区, latest first, and the cursor of the next."""
    wanted = (Pick.neighborhood == neighborhood.id) & ((Pick.id < after) if after else True)
    return _paged(wanted, limit)


def released(neighborhood, after=0, limit=PAGE):
    """One page of those anybody may see on the showcase: picked, for all to read, and its author agreed; and the cursor."""
    wanted = (Pick.neighborhood == neighborhood.id) & open_for("showcase") & ((Pick.id < after) if after else True)
    return _paged(wanted, limit)


def stands():
    """The condition that a work may be outside at all: everybody may read it here, its author agrees to something, and is still a
    neighbour here, as nobody else could take that back."""
    here = Membership.select(Membership.id).where((Membership.id == Pick.author) & (Membership.status == "active"))
    return (Pick.release == "given") & works.stand(Pick) & fn.EXISTS(here)


def open_for(way):
    """The condition that a work may be shown this way."""
    return stands() & Pick.ways.contains(way) & works.are_picked(Pick)


def _paged(wanted, limit):
    rows = list(_found(wanted).limit(limit + 1))
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else 0


def shown(neighborhood, pick_id, way):
    """A pick of this 小区 whose work may be shown this way just now, or None."""
    return _found((Pick.id == pick_id) & (Pick.neighborhood == neighborhood.id) & open_for(way)).first()


def is_picked(pick):
    """Whether the mark is on it, and everybody may read it."""
    return Pick.select().where((Pick.id == pick.id) & works.are_picked(Pick)).exists()


def follow(member, into):
    """Two memberships of one person become one (db/merging.py)."""
    Pick.update(author=into.id).where(Pick.author == member.id).execute()
