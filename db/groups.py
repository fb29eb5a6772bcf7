"""兴趣小组: from 「我也想」 to a small living room of its own with somebody who looks after it (R52).

An idea gathers those who want it too. The host asks a neighbour to lead; where five want it and she says yes, it hatches. Whether
a group is awake is no state but what its people did: `awake_until` is the thirtieth day after the third latest of them did
something (db/group_rooms.py: tend). A leader may go; the group stays, and the host finds the next one.

What is said in a private group stays with those who sit in it and the host (`seated`, and docs/decisions/0022).
"""

from datetime import timedelta
from typing import NamedTuple

from peewee import JOIN, BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, fn

from db import activity, audit, limits, notices, screening, search
from db.base import Refused, Table, hold, writing
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_line

ENOUGH = 5  # so many want it before it hatches
QUIET = timedelta(days=30)
OFFERED = timedelta(days=30)  # so long it is quiet before its leader is asked whether to lay it to rest
STATES = {"idea": "在找同好", "hatching": "刚起步", "active": "常来常往", "archived": "歇着"}
TRANSITIONS = {
    ("idea", "hatching"),  # five want it, and somebody leads
    ("hatching", "active"),  # three of them have done something
    ("hatching", "archived"),
    ("active", "archived"),
    ("archived", "active"),
}
ROOMS = ("hatching", "active", "archived")  # these have a page with posts, events and members


class InterestGroup(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    name = CharField(max_length=12)
    blurb = CharField(max_length=200, default="")
    private = BooleanField(default=False)  # what is said in it is for those who sit in it, and the host
    state = CharField(max_length=10)  # see TRANSITIONS
    sight = CharField(max_length=8, default="shown")  # shown | hidden | removed
    reason = CharField(max_length=200, default="")  # why it was hidden
    created_by = ForeignKeyField(Membership, backref="+", index=False)
    leader = ForeignKeyField(Membership, null=True, backref="+")
    asked = ForeignKeyField(Membership, null=True, backref="+")  # who is asked to lead, with a word
    asked_words = CharField(max_length=100, default="")
    awake_until = DateTimeField(null=True)
    origin_event = IntegerField(null=True)  # the event whose form for feedback brought the idea
    nudged = IntegerField(default=0)  # 1: its leader was told that it is quiet; 2: and asked whether it should rest
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    hatched_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("neighborhood", "state", "id"), False),
            (("state", "awake_until"), False),
            (("created_by", "op_id"), True),
        )
        constraints = [Check("nudged BETWEEN 0 AND 2", name="interest_group_nudged")]

    @property
    def shown(self):
        return self.sight == "shown"

    @property
    def author(self):
        return self.created_by

    @property
    def author_id(self):
        return self.created_by_id

    @property
    def has_room(self):
        return self.state in ROOMS

    def quiet(self, now):
        """Whether fewer than three of its people have done something in thirty days."""
        return self.state in {"hatching", "active"} and now >= self.awake_until

    def may_rest(self, now):
        """Whether it has been quiet for so long that it may be laid to rest."""
        return self.quiet(now) and now >= self.awake_until + OFFERED

    def stage(self, now):
        """Its state in words; a quiet one says so."""
        return "安静了一阵" if self.quiet(now) else STATES[self.state]

    def led_by(self, member):
        return member is not None and member.id == self.leader_id

    def run_by(self, member):
        """Who looks after it: its leader, and the host."""
        return member is not None and (self.led_by(member) or member.is_host)

    def readable_by(self, member):
        hers = member is not None and member.id == self.created_by_id
        return self.shown or (self.sight == "hidden" and (hers or self.run_by(member)))


class GroupInterest(Table):
    """「我也想」, the first one's own among them."""

    group = ForeignKeyField(InterestGroup, backref="+", index=False)
    member = ForeignKeyField(Membership, backref="+")
    origin_event = IntegerField(null=True)  # the event whose form for feedback brought it
    at = DateTimeField()

    class Meta:
        indexes = ((("group", "member"), True),)


class GroupSeat(Table):
    """A neighbour in a group. Who was sent away keeps the row, and does not walk in again."""

    group = ForeignKeyField(InterestGroup, backref="+", index=False)
    member = ForeignKeyField(Membership, backref="+")
    state = CharField(max_length=8)  # in | asked (to be let in) | invited | left | removed
    backs = ForeignKeyField(Membership, null=True, backref="+")  # whom she would have lead, while nobody does
    at = DateTimeField()

    class Meta:
        indexes = ((("group", "member"), True), (("group", "state", "at"), False))


class Counted(NamedTuple):
    """A group in a list: how many want it, how many are in it."""

    group: InterestGroup
    wanted: int
    members: int


def path(group):
    """Its address."""
    return f"/n/{group.neighborhood.slug}/groups/{group.id}"


def called(group):
    """「阳台种菜」: its name in a sentence."""
    return f"「{group.name}」"


def find(neighborhood, group_id):
    """A group of this 小区, or None (G1)."""
    row = InterestGroup.get_or_none((InterestGroup.id == group_id) & (InterestGroup.neighborhood == neighborhood.id))
    if row is not None:
        row.neighborhood = neighborhood
    return row


def counted(groups):
    """Each of these with how many neighbours want it and how many are in it; those who have moved away do not count."""
    ids = [group.id for group in groups]

    def many(table, *more):
        here = table.select(table.group, fn.COUNT(table.id)).join(Membership, on=table.member == Membership.id)
        wanted = table.group.in_(ids) & (Membership.status == "active")
        for each in more:
            wanted &= each
        return dict(here.where(wanted).group_by(table.group).tuples())

    wanted, members = many(GroupInterest), many(GroupSeat, GroupSeat.state == "in")
    return [Counted(group, wanted.get(group.id, 0), members.get(group.id, 0)) for group in groups]


def listed(neighborhood, limit=100):
    """The groups that neighbours see, those with a room first, then ideas; in each what most are in or want."""
    here = (InterestGroup.neighborhood == neighborhood.id) & (InterestGroup.sight == "shown")
    leads = InterestGroup.select(InterestGroup, Membership, User).join(Membership, JOIN.LEFT_OUTER, on=InterestGroup.leader)
    leads = leads.join(User, JOIN.LEFT_OUTER)
    rows = list(leads.where(here).order_by(InterestGroup.id.desc()).limit(limit))
    order = {"active": 0, "hatching": 0, "idea": 1, "archived": 2}
    return sorted(counted(rows), key=lambda each: (order[each.group.state], -(each.members or each.wanted), -each.group.id))


def of_desk(neighborhood, limit=100):
    """What the host looks at: ideas, what most want first; groups without a leader; hidden ones."""
    here = (InterestGroup.neighborhood == neighborhood.id) & (InterestGroup.sight != "removed")
    wanted = (InterestGroup.state == "idea") | InterestGroup.leader.is_null() | (InterestGroup.sight == "hidden")
    rows = list(InterestGroup.select().where(here & wanted).order_by(InterestGroup.id.desc()).limit(limit))
    return sorted(counted(rows), key=lambda each: (-each.wanted, -each.group.id))


def of_member(member):
    """(group, her seat or nothing): those she is in or invited to, and those she is asked to lead, for her own page."""
    mine = (GroupSeat.member == member.id) & GroupSeat.state.in_(("in", "invited"))
    seats = dict(GroupSeat.select(GroupSeat.group, GroupSeat.state).where(mine).tuples())
    wanted = (InterestGroup.id.in_(list(seats)) | (InterestGroup.asked == member.id)) & (InterestGroup.sight == "shown")
    return [(group, seats.get(group.id, "")) for group in InterestGroup.select().where(wanted).order_by(InterestGroup.id)]


def _people(table, group, *more, limit=200):
    wanted = (table.group == group.id) & (Membership.status == "active")
    for each in more:
        wanted &= each
    rows = Membership.select(Membership, User).join(User).switch(Membership).join(table, on=table.member == Membership.id)
    return list(rows.where(wanted).order_by(table.at, table.id).limit(limit))


def members_of(group):
    """The neighbours in it, the first ones first."""
    return _people(GroupSeat, group, GroupSeat.state == "in")


def wanted_by(group):
    """The neighbours who want it, the first ones first; the host asks one of them to lead."""
    return _people(GroupInterest, group)


def wants(group, member):
    """Whether this neighbour has said 「我也想」."""
    mine = (GroupInterest.group == group.id) & (GroupInterest.member == (member.id if member else 0))
    return GroupInterest.select().where(mine).exists()


def seat_of(group, member):
    """How this neighbour stands to it: in, asked, invited, left, removed, or nothing."""
    mine = (GroupSeat.group == group.id) & (GroupSeat.member == (member.id if member else 0))
    return GroupSeat.select(GroupSeat.state).where(mine).scalar() or ""


def sits_in(group, member):
    """Whether this neighbour is in it."""
    return seat_of(group, member) == "in"


def seated(group_id, member):
    """Whether this neighbour reads what is said in a private group: she sits in it, or looks after the 小区."""
    return member is not None and (member.is_host or sits_in(InterestGroup(id=group_id), member))


def seated_among(group_id, neighborhood_id, users):
    """Those of these users (ids) who read what is said in a private group."""
    seats = GroupSeat.select(GroupSeat.member).where((GroupSeat.group == group_id) & (GroupSeat.state == "in"))
    here = (Membership.neighborhood == neighborhood_id) & Membership.user.in_(list(users)) & (Membership.status == "active")
    rows = Membership.select(Membership.user).where(here & (Membership.id.in_(seats) | Membership.role.in_(HOSTS)))
    return [row.user_id for row in rows]


def hears(post, member):
    """Whether this neighbour hears what is said under a post: in a private group who sits in it, not its author sent away."""
    return post.visibility != "group" or seated(post.group_id, member)


def opens_to(group, member):
    """Whether posts, album, events and people of a group are for this neighbour (None: a guest)."""
    return not group.private or seated(group.id, member)


def may_write(group, member):
    """Whether this neighbour may write in its room: she is in it, and it does not rest."""
    return group.state in {"hatching", "active"} and group.shown and sits_in(group, member)


def to_write_in(group, member):
    """The group as it stands now, taken, for whoever puts something in it. In the caller's transaction; Refused for others."""
    group = taken(group)
    if not may_write(group, member):
        raise Refused("not-in", "先坐进小组，就能在这里说话了", field="group")
    return group


def moved_on():
    """The refusal for whoever acts on a group that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这个小组刚刚变了，请刷新看看")


def taken(group):
    """The group as it stands now, its row taken until this transaction ends."""
    hold(InterestGroup, InterestGroup.id == group.id)
    fresh = InterestGroup.get_by_id(group.id)
    fresh.neighborhood = group.neighborhood
    return fresh


def move(group, to, **values):
    """Carry a group along one arrow of TRANSITIONS, in the caller's transaction; anything not drawn is refused."""
    sources = [source for source, target in TRANSITIONS if target == to]
    standing = (InterestGroup.id == group.id) & (InterestGroup.state == group.state) & InterestGroup.state.in_(sources)
    if not InterestGroup.update(state=to, **values).where(standing).execute():
        raise moved_on()


def change(group, where, **values):
    """Change a group where it stands as it should, in the caller's transaction; refused otherwise."""
    if not InterestGroup.update(**values).where((InterestGroup.id == group.id) & where).execute():
        raise moved_on()


def tell_leader(group, sentence, now, key):
    """A line for its leader, or, where nobody leads, for whoever looks after the 小区. In the caller's transaction."""
    if group.leader_id is None:
        return tell_hosts(group, sentence, now, key)
    told = {"neighborhood": group.neighborhood_id, "key": key}
    return notices.tell([group.leader.user_id], "group", sentence, path(group), now, **told)


def tell_hosts(group, sentence, now, key):
    """A line for whoever looks after the 小区, in the caller's transaction."""
    here = (Membership.neighborhood == group.neighborhood_id) & Membership.role.in_(HOSTS) & (Membership.status == "active")
    hosts = [row.user_id for row in Membership.select(Membership.user).where(here)]
    notices.tell(hosts, "desk", sentence, path(group), now, neighborhood=group.neighborhood_id, key=key)


def tell(group, users, sentence, now):
    """Tell these users something about a group; unread lines about it become one, that of the latest words."""
    key = f"group {group.id}"
    notices.tell(users, "group", sentence, path(group), now, neighborhood=group.neighborhood_id, key=key, anew=True)


def record(action, thing, by, now, reason):
    """A line in the audit book, in the caller's transaction."""
    audit.record(action, thing, actor=by.user, now=now, reason=reason, neighborhood=thing.neighborhood_id)


def found(group):
    """Let a group be found while it is seen. In the transaction that changes it."""
    if not group.shown:
        return search.drop("group", group.id)
    return search.put(
        "group", group.id, neighborhood=group.neighborhood_id, author=group.created_by_id, title=group.name,
        at=group.created_at, text=group.blurb, audience="public", path=f"groups/{group.id}",
    )  # fmt: skip


def suggest(member, now, *, op_id, name, blurb="", private=False, origin=None):
    """An idea for a group, seen at once; the same `op_id` again gives the first one back. Whoever has it wants it too. `origin`
    is the id of the event whose form for feedback brought it.

    Refused: a neighbour the host does not know yet; a name that stands here already, or that has to be looked at first."""
    first = (InterestGroup.created_by == member.id) & (InterestGroup.op_id == op_id)
    try:
        with writing():
            return InterestGroup.get_or_none(first) or _suggest(member, now, op_id, name, blurb, private, origin)
    except (IntegrityError, Refused):  # the same form, sent at the same moment, may have been quicker
        if there := InterestGroup.get_or_none(first):
            return there
        raise


def _suggest(member, now, op_id, name, blurb, private, origin):
    if not member.neighborhood.open:
        raise Refused("not-open", "这个小区现在只能看，不能发：" + member.neighborhood.closed_reason)
    name, blurb = clean_line(name, 12, "name", "名字"), clean_line(blurb, 200, "blurb", "一句话")
    if len(name) < 2:
        raise Refused("bad-name", "名字请写 2–12 个字，像「阳台种菜」", field="name")
    screening.check(name, "name")
    screening.check(blurb, "blurb")
    same = (InterestGroup.neighborhood == member.neighborhood_id) & (InterestGroup.name == name)
    if InterestGroup.select().where(same & (InterestGroup.sight == "shown")).exists():
        raise Refused("twin", "已经有人想到了，去那里点「我也想」就好", field="name")
    limits.spend("group", f"member {member.id}", now)
    if not member.trusted or screening.why_wait(member, f"{name}\n{blurb}", now):
        raise Refused("not-known", "和主理人当面认识一下，就能提新的小组了。也可以先写在需求墙上", field="name")
    group = InterestGroup.create(
        neighborhood=member.neighborhood_id, name=name, blurb=blurb, private=private, state="idea", created_by=member,
        origin_event=origin, op_id=op_id, created_at=now,
    )  # fmt: skip
    group.neighborhood = member.neighborhood
    GroupInterest.create(group=group, member=member, origin_event=origin, at=now)
    found(group)
    activity.record(member, "interest", group.id, now)
    return group


def set_interest(member, group, on, now, origin=None):
    """Want it too, or not any more; asked twice, nothing changes. At the fifth the host is told. Returns how many want it.
    `origin` is the id of the event whose form for feedback brought her to it."""
    with writing():
        group = taken(group)
        if on and (group.state != "idea" or not group.shown):
            raise moved_on()
        mine = (GroupInterest.group == group.id) & (GroupInterest.member == member.id)
        if on:
            row = GroupInterest.insert(group=group.id, member=member.id, origin_event=origin, at=now).on_conflict_ignore()
            changed = row.as_rowcount().execute()
        else:
            changed = GroupInterest.delete().where(mine).execute()
        wanted = counted([group])[0].wanted
        if on and changed:
            if wanted >= ENOUGH and group.leader_id is None:
                told = f"{wanted} 位邻居想要{called(group)}，请一位来当组长吧"
                tell_hosts(group, told, now, f"group wanted {group.id}")
            activity.record(member, "interest", group.id, now)
        return wanted
