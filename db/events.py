"""活动: neighbours meet, at a time and a place (R04, R39–R41). Which phase one is in is what the clock says of its times.

`Event.phase(now)` is the one place that knows; the column `state` only follows it (db/event_days.py). How many seats are taken
is a counter that only a conditional UPDATE moves (`seat`): nobody is ever the one too many (I5).
"""

from datetime import timedelta
from typing import NamedTuple

from peewee import BooleanField, Case, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, TextField, Tuple

from db import activity, audit, groups, notices, search
from db.base import Refused, Table, hold
from db.compiled import compiled, moment
from db.groups import InterestGroup
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood, refresh
from db.notices import SHANGHAI
from db.people import User

KINDS = {
    "gathering": "聚会",
    "workshop": "工作坊",
    "charity": "公益",
    "tasting": "品鉴会",
    "market": "市集",
    "live": "直播",
    "session": "专家问答",
}
BY_RESIDENTS = ("gathering", "workshop", "charity")  # the others are the host's
ONLINE = ("live", "session")  # these may have no place in the 小区
PHASES = {
    "draft": "草稿",
    "review": "等主理人看",
    "published": "报名中",
    "closed_reg": "报名截止",
    "ongoing": "进行中",
    "completed": "已结束",
    "recapped": "有回顾",
    "cancelled": "已取消",
}
TRANSITIONS = {
    ("draft", "review"),  # of those the host does not know yet
    ("draft", "published"),
    ("review", "published"),  # the host lets it in
    ("review", "draft"),  # … or gives it back with a reason
    ("published", "closed_reg"),  # its organiser takes no more
    ("closed_reg", "published"),
    ("published", "ongoing"),  # by the clock, as the next two are
    ("closed_reg", "ongoing"),
    ("ongoing", "completed"),
    ("completed", "recapped"),
    *((phase, "cancelled") for phase in ("draft", "review", "published", "closed_reg", "ongoing")),
}
STANDING = ("published", "closed_reg", "ongoing", "completed", "recapped")  # neighbours see these; the cancelled, by address
SEEN = ("shown", "within")
ANSWERED_WITHIN = timedelta(hours=24)  # so long a newcomer waits for the host at most
PAGE = 20


class Event(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    creator = ForeignKeyField(Membership, backref="+", index=False)
    kind = CharField(max_length=10)
    by_resident = BooleanField(default=True)  # 「居民发起」
    title = CharField(max_length=30)
    body = TextField(default="")
    starts_at = DateTimeField()
    ends_at = DateTimeField()
    place = CharField(max_length=40, default="")
    bring = CharField(max_length=100, default="")
    allergy = CharField(max_length=200, default="")  # what is in it that somebody may not bear
    ages = CharField(max_length=20, default="")  # for whom, as 「6–12 岁」
    fee_cents = IntegerField(default=0)  # of materials, paid on the spot; the house only notes that it was
    capacity = IntegerField()  # people, not registrations
    taken = IntegerField(default=0)  # people who have a seat, or are being offered one; see `seat`
    last_no = IntegerField(default=0)  # the number the latest one in the waiting line was given
    state = CharField(max_length=10)  # as far as it was carried; ask phase(now)
    sight = CharField(max_length=8, default="shown")  # shown | within (its private group, docs/decisions/0022) | hidden | removed
    group = ForeignKeyField(InterestGroup, null=True, backref="+")  # whose it is
    held_for = CharField(max_length=10, default="")  # why it waits or waited (db/screening.py: WHY)
    reason = CharField(max_length=200, default="")  # why it was given back, cancelled or hidden
    recap = TextField(default="")
    helped = IntegerField(default=0)  # people a charity event was good for, as its organiser says
    version = IntegerField(default=0)  # grows with every change that a calendar should take over
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    published_at = DateTimeField(null=True)
    moved_at = DateTimeField(null=True)  # when it was put off last: who had a seat before may give it back freely
    reminded_at = DateTimeField(null=True)  # when those who come were reminded
    chased_at = DateTimeField(null=True)  # when the host was reminded that it waits

    class Meta:
        indexes = (
            (("neighborhood", "ends_at", "id"), False),
            (("neighborhood", "state", "starts_at"), False),
            (("state", "ends_at"), False),
            (("creator", "op_id"), True),
        )
        constraints = [
            Check("starts_at < ends_at", name="event_dates"),
            Check("capacity BETWEEN 1 AND 10000 AND taken BETWEEN 0 AND capacity", name="event_seats"),
            Check("fee_cents BETWEEN 0 AND 100000", name="event_fee"),
            Check("helped BETWEEN 0 AND 10000", name="event_helped"),
            Check("sight <> 'within' OR group_id IS NOT NULL", name="event_within"),
        ]

    def phase(self, now):
        """Where it stands at this moment; every banner, rule and job asks here (G15)."""
        if self.state not in {"published", "closed_reg", "ongoing", "completed"}:
            return self.state
        if now >= self.ends_at:
            return "completed"
        return "ongoing" if now >= self.starts_at else self.state

    def phase_name(self, now):
        return PHASES[self.phase(now)]

    @property
    def kind_name(self):
        return KINDS[self.kind]

    @property
    def author(self):
        return self.creator

    @property
    def author_id(self):
        return self.creator_id

    @property
    def seen(self):
        """Whether nobody has taken it out of sight."""
        return self.sight in SEEN

    @property
    def shown(self):
        """Whether it is there for those it is for."""
        return self.seen and self.state in STANDING

    @property
    def for_all(self):
        """Whether everybody sees it."""
        return self.sight == "shown" and self.state in STANDING

    @property
    def seen_as(self):
        """How it is in sight, or would be: a private group's is seen by its people alone."""
        return "within" if self.group_id and self.group.private else "shown"

    @property
    def free(self):
        return self.capacity - self.taken

    def takes_people(self, now):
        """Whether one may sign up, or into the waiting line."""
        return self.seen and self.phase(now) == "published"

    def changeable(self, now):
        """Whether its times, place and seats may still change."""
        return self.phase(now) in {"draft", "review", "published", "closed_reg"}

    def is_of(self, member):
        return member is not None and member.id == self.creator_id

    def run_by(self, member):
        """Who looks after it: whoever made it, and the host."""
        return member is not None and (self.is_of(member) or member.is_host)

    def readable_by(self, member):
        """What stands, or stood, for everybody, that of a private group for its people; what waits or was hidden for those who
        look after it."""
        if self.sight == "removed" or self.run_by(member):
            return self.sight != "removed"
        within = self.sight == "within" and groups.seated(self.group_id, member)
        return (self.sight == "shown" or within) and self.state not in {"draft", "review"}


class EventNote(Table):
    """What everybody may read about an event that went differently: another time, another place, and why it was cancelled."""

    event = ForeignKeyField(Event, backref="notes", on_delete="CASCADE")
    sentence = CharField(max_length=260)
    at = DateTimeField()


def _with_people():
    return Event.select(Event, Membership, User).join(Membership).join(User)


def find(neighborhood, event_id):
    """An event of this 小区 with whoever made it, or None (G1)."""
    return _with_people().where((Event.id == event_id) & (Event.neighborhood == neighborhood.id)).first()


def _seen_here(neighborhood_id):
    return (Event.neighborhood == neighborhood_id) & Event.state.in_(STANDING) & (Event.sight == "shown")


def coming_up(neighborhood, now, limit=60):
    """What is on, and what comes, the nearest first."""
    here = _seen_here(neighborhood.id) & (Event.ends_at > now)
    return list(_with_people().where(here).order_by(Event.starts_at, Event.id).limit(limit))


def past(neighborhood, now, after=None, limit=PAGE):
    """What was, the latest first, and the cursor (ends_at, id) of the next page or None."""
    here = _seen_here(neighborhood.id) & (Event.ends_at <= now)
    if after:
        here &= Tuple(Event.ends_at, Event.id) < Tuple(*after)
    rows = list(_with_people().where(here).order_by(Event.ends_at.desc(), Event.id.desc()).limit(limit + 1))
    listed = rows[:limit]
    return listed, (listed[-1].ends_at, listed[-1].id) if len(rows) > limit else None


def made_by(member, limit=30):
    """What this neighbour has made, latest first, whatever became of it."""
    mine = (Event.creator == member.id) & (Event.sight != "removed")
    return list(Event.select().where(mine).order_by(Event.id.desc()).limit(limit))


def notes_of(event):
    """What everybody may read about changes, the latest first."""
    return list(event.notes.order_by(EventNote.id.desc()))


class Teaser(NamedTuple):
    """An event as the living room announces it: nothing that a sign-up changes, so that pages kept for guests stay good."""

    id: int
    kind: str
    title: str
    starts_at: object
    ends_at: object
    place: str
    by_resident: bool

    @property
    def kind_name(self):
        return KINDS[self.kind]


def next_three(neighborhood, now, midnight):
    """The query behind `upcoming`, for who asks it together with others (db/living_room.py); `teaser` reads its rows. A market
    of the day that ends at `midnight` is among the three, whatever comes before it."""
    resident = Case(None, [(Event.by_resident, 1)], 0)
    told = (Event.kind, Event.id, Event.starts_at, Event.ends_at, Event.title, Event.place, resident)
    here = _seen_here(neighborhood) & (Event.ends_at > now)
    today = Case(None, [((Event.kind == "market") & (Event.starts_at < midnight), 0)], 1)
    return Event.select(*told).where(here).order_by(today, Event.starts_at, Event.id).limit(3)


_upcoming = compiled(next_three)


def teaser(row):
    """A row of `next_three` as a Teaser."""
    kind, number, starts_at, ends_at, title, place, resident = row
    return Teaser(number, kind, title, moment(starts_at), moment(ends_at), place, bool(resident))


def upcoming(neighborhood, now):
    """The next three events as Teasers, the soonest first: one compiled query."""
    rows = _upcoming(neighborhood=neighborhood.id, now=now, midnight=midnight(now))
    return sorted((teaser(row) for row in rows), key=lambda each: (each.starts_at, each.id))


def midnight(now):
    """When this day in Shanghai ends, in UTC."""
    return (now + SHANGHAI + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0) - SHANGHAI


def taken(event):
    """The event as it stands now, its row taken until this transaction ends: sign-ups, offers and changes go one after the
    other. In every transaction about an event it is the first row taken."""
    hold(Event, Event.id == event.id)
    return Event.get_by_id(event.id)


def seat(event, people):
    """Take seats for so many, or give them back where it is negative; False where there are not so many (G6, I5)."""
    room = (Event.id == event.id) & (Event.taken + people <= Event.capacity) & (Event.taken + people >= 0)
    return bool(Event.update(taken=Event.taken + people).where(room).execute())


def moved_on():
    """The refusal for whoever acts on an event that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这个活动刚刚变了，请刷新看看")


def move(event, source, to, **values):
    """Carry an event along one arrow of TRANSITIONS, in the caller's transaction; Refused where it is not there any more."""
    if (source, to) not in TRANSITIONS:
        raise moved_on()
    if not Event.update(state=to, **values).where((Event.id == event.id) & (Event.state == source)).execute():
        raise moved_on()
    event.state = to


def went_public(event, now, *, by_clock=False):
    """It is seen from now on: found, counted as its organiser's deed (not what the clock made in her name), on the living room's
    wall; the people of its group hear."""
    if event.group_id:
        others = [each.user_id for each in groups.members_of(event.group) if each.id != event.creator_id]
        tell(event, others, f"{groups.called(event.group)}有活动了：{event.title}，{said(event.starts_at)}", now)
    if not by_clock:
        activity.record(Membership.get_by_id(event.creator_id), "event", event.id, now)
    found(event)
    refresh(event.neighborhood_id)


def found(event):
    """Let an event be found while it is seen. In the transaction that changes it."""
    event = Event.get_by_id(event.id)
    if not event.for_all:
        return search.drop("event", event.id)
    return search.put(
        "event", event.id, neighborhood=event.neighborhood_id, author=event.creator_id, title=event.title, at=event.created_at,
        text=f"{event.body}\n{event.place}", audience="public", path=f"events/{event.id}",
    )  # fmt: skip


def record(action, event, by, now, reason, **more):
    """A line in the audit book, about whoever made the event; `by` is a member or a user. In the caller's transaction."""
    user, place = getattr(by, "user", by), event.neighborhood_id
    subject = Membership.select(Membership.user).where(Membership.id == event.creator_id).scalar()
    audit.record(action, event, actor=user, now=now, reason=reason, neighborhood=place, subject=subject, **more)


def tell(event, users, sentence, now, key=""):
    """Tell these users something about an event; unread lines about it become one, that of the latest words."""
    key = key or f"event {event.id}"
    if event.sight == "within":  # whoever has got up from the group meanwhile hears no more of it
        users = groups.seated_among(event.group_id, event.neighborhood_id, users)
    notices.tell(users, "event", sentence, path(event), now, neighborhood=event.neighborhood_id, key=key, anew=True)


def tell_hosts(event, sentence, now):
    """Tell those who look after the 小区 that something waits on their desk."""
    url = path(event).rpartition("events/")[0] + "desk/events/"
    hosts = hosts_of(event.neighborhood_id)
    notices.tell(hosts, "desk", sentence, url, now, neighborhood=event.neighborhood_id, key=f"event {event.id}")


def hosts_of(neighborhood_id):
    """The ids of the people who look after a 小区."""
    here = (Membership.neighborhood == neighborhood_id) & (Membership.status == "active") & Membership.role.in_(HOSTS)
    return [each.user_id for each in Membership.select(Membership.user).where(here)]


def called(event):
    """「周六环湖走一走」: how a sentence names it."""
    return f"「{event.title}」"


def said(moment):
    """A moment in Shanghai as a notice says it: 3月20日 12:00."""
    there = moment + SHANGHAI
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def path(event):
    """Where its page is."""
    slug = Neighborhood.select(Neighborhood.slug).where(Neighborhood.id == event.neighborhood_id).scalar()
    return f"/n/{slug}/events/{event.id}"
