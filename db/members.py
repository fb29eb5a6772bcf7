"""Belonging: a person in a 小区. Who may do what there is asked here, in one wording, by routes and templates alike."""

from datetime import timedelta

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError

from db import audit, consents, notices, people, sessions
from db.base import Refused, Table, writing
from db.compiled import as_row, compiled
from db.neighborhoods import Neighborhood, refresh
from db.people import User

HOSTS = ("host", "acting_host")
SOURCES = ("page", "qr", "card", "host", "ecard", "office")
NEWCOMER = timedelta(hours=72)
FIRST_POSTS = 3  # this many are read by the host before neighbours see them (R02)


class Membership(Table):
    user = ForeignKeyField(User, backref="memberships")
    neighborhood = ForeignKeyField(Neighborhood, backref="memberships")
    role = CharField(max_length=12, default="resident")  # resident | host | acting_host
    building = CharField(max_length=12, default="")
    face = CharField(max_length=32, default="")  # code of a Photo, or empty: initials are drawn
    status = CharField(max_length=10, default="active")  # active | left | removed | banned
    source = CharField(max_length=10, default="page")
    approved_posts = IntegerField(default=0)
    vouched_at = DateTimeField(null=True)
    vouched_by = ForeignKeyField(User, null=True, backref="+")
    watched_at = DateTimeField(null=True)  # the host wants to see her words first again
    blocks = IntegerField(default=0)  # how many neighbours she does not want to see
    points = IntegerField(default=0)  # kept beside the ledger, and only by it (db/points.py); below zero after a clawback
    points_held = IntegerField(default=0)  # of these, promised to what is not picked up yet
    points_owed = IntegerField(default=0)  # how far below zero a clawback went: nothing else may
    joined_at = DateTimeField()
    last_active_at = DateTimeField()

    class Meta:
        indexes = (
            (("user", "neighborhood"), True),
            (("neighborhood", "status", "id"), False),
            (("neighborhood", "role"), False),
        )
        constraints = [
            Check("points_held >= 0 AND points_owed >= 0 AND points - points_held + points_owed >= 0", name="membership_points")
        ]

    @property
    def free_points(self):
        """What is not promised to anything; below zero after a clawback."""
        return self.points - self.points_held

    @property
    def name(self):
        return self.user.name

    @property
    def is_host(self):
        return self.role in HOSTS

    @property
    def trusted(self):
        """Posts of the trusted are seen at once: hosts, people the host has met, and who had three posts approved; not those
        of whom the host wants to see the words first again."""
        known = self.vouched_at is not None or self.approved_posts >= FIRST_POSTS
        return self.is_host or (known and self.watched_at is None)

    def is_newcomer(self, now):
        return now - self.joined_at < NEWCOMER and not self.trusted


def clean_building(text):
    """「12 栋」「A3」: the building, never the door (G10); at most 12 characters, Refused beside the field otherwise."""
    building = " ".join((text or "").split())
    if len(building) > 12 or not building.isprintable():
        raise Refused("bad-building", "楼栋最多 12 个字，比如「12栋」，不用写门牌号", field="building")
    return building


@compiled
def _of(user, neighborhood):
    return Membership.select().where(
        (Membership.user == user) & (Membership.neighborhood == neighborhood) & (Membership.status == "active")
    )


def of(user, neighborhood):
    """This person's active membership here, or None. Rights are read on every request and never kept (S2)."""
    rows = _of(user=user.id, neighborhood=neighborhood.id)
    if not rows:
        return None
    member = as_row(Membership, rows[0])
    member.user, member.neighborhood = user, neighborhood
    return member


@compiled
def _at(slug, user):
    here = (Membership.neighborhood == Neighborhood.id) & (Membership.user == user) & (Membership.status == "active")
    return (
        Neighborhood.select(*Neighborhood._meta.sorted_fields, *Membership._meta.sorted_fields)
        .join(Membership, JOIN.LEFT_OUTER, on=here)
        .where(Neighborhood.slug == slug)
    )


def at(slug, user):
    """(小区, membership): the place of a URL and what this person is in it, each None where there is none. Like `of`, it is
    read on every request and never kept; one query instead of two."""
    rows = _at(slug=slug, user=user.id)
    if not rows:
        return None, None
    width = len(Neighborhood._meta.sorted_fields)
    place = as_row(Neighborhood, rows[0][:width])
    if rows[0][width] is None:
        return place, None
    member = as_row(Membership, rows[0][width:])
    member.user, member.neighborhood = user, place
    return place, member


def places(user):
    """Where this person lives, first joined first."""
    return list(
        Membership.select(Membership, Neighborhood)
        .join(Neighborhood)
        .where((Membership.user == user.id) & (Membership.status == "active"))
        .order_by(Membership.joined_at)
    )


def hosts_anywhere(user):
    """Whether this person holds the office of a host in any 小区; her sessions are short then (S13)."""
    return (
        Membership.select()
        .where((Membership.user == user.id) & (Membership.status == "active") & Membership.role.in_(HOSTS))
        .exists()
    )


def get(neighborhood, member_id):
    """A membership of this 小区 with its user, or None (G1)."""
    return (
        Membership.select(Membership, User)
        .join(User)
        .where((Membership.id == member_id) & (Membership.neighborhood == neighborhood.id) & (Membership.status == "active"))
        .first()
    )


def _with_places():
    return Membership.select(Membership, User, Neighborhood).join(User).switch(Membership).join(Neighborhood)


def anywhere(member_id):
    """An active membership of whatever 小区, or None: for HQ alone (G1)."""
    return _with_places().where((Membership.id == member_id) & (Membership.status == "active")).first()


def named(name, limit=30):
    """Active memberships of people with this in their name, in all 小区: for HQ alone (G1)."""
    wanted = User.name.contains("".join(filter(str.isprintable, name))) & (Membership.status == "active")
    return list(_with_places().where(wanted).order_by(Membership.id.desc()).limit(limit))


def listed(neighborhood, name="", after=0, limit=30, source=""):
    """Neighbours for the host's list, newest first, with names containing `name`, or who came by one `source` only; `after` is
    the last id of the page before."""
    query = (
        Membership.select(Membership, User)
        .join(User)
        .where((Membership.neighborhood == neighborhood.id) & (Membership.status == "active"))
    )
    if name:
        query = query.where(User.name.contains("".join(filter(str.isprintable, name))))
    if source in SOURCES:
        query = query.where(Membership.source == source)
    if after:
        query = query.where(Membership.id < after)
    return list(query.order_by(Membership.id.desc()).limit(limit))


def count_from(neighborhood, source):
    """How many of today's neighbours came by this way."""
    here = (Membership.neighborhood == neighborhood.id) & (Membership.status == "active")
    return Membership.select().where(here & (Membership.source == source)).count()


def join(neighborhood, now, *, user=None, name="", building="", consent=False, source="page", form_key=None):
    """Become a neighbour: a nickname, a building if one likes, and consent (R03, X1). Without `user` an account is made.

    Joining twice gives the same membership, and so does the same form sent twice (`form_key`, G5).
    Refused: consent missing, bad name, 小区 not open, removed before."""
    if not neighborhood.open:
        raise Refused("not-open", "这个小区现在不接受新邻居：" + (neighborhood.closed_reason or "暂停使用"))
    building = clean_building(building)
    source = source if source in SOURCES else "page"
    if user is None:
        name = people.clean_name(name)
        if not consent:
            raise Refused("consent-needed", "请先勾选同意，我们才能保存您的称呼", field="consent")

    def sit_down(key):
        with writing():
            who = user or people.of_form(form_key, name, now)
            if who is None:
                who = people.create(name, now, form_key=key)
                consents.note(who.id, "join", now, neighborhood=neighborhood)
            return _welcome(neighborhood, who, building, source, now)

    try:
        return sit_down(form_key)
    except IntegrityError:  # the same form was quicker by a moment, or has lain about for long
        return sit_down(None)


def _welcome(neighborhood, user, building, source, now):
    """The membership of this person here, new, as it was, or come back. In the caller's transaction."""
    fresh = {"building": building, "source": source, "joined_at": now, "last_active_at": now}
    member, new = Membership.get_or_create(user=user, neighborhood=neighborhood, defaults=fresh)
    if member.status in {"removed", "banned"}:
        raise Refused("removed", "您已不在这个小区的名单里，请联系主理人")
    back = (Membership.id == member.id) & (Membership.status == "left")
    if new or Membership.update(status="active", joined_at=now).where(back).execute():
        Neighborhood.update(members=Neighborhood.members + 1).where(Neighborhood.id == neighborhood.id).execute()
        refresh(neighborhood.id)
    member = Membership.get_by_id(member.id)
    member.user, member.neighborhood = user, neighborhood
    return member


def describe(member, *, name, building):
    """Change one's own name and building. Cards that show them are redrawn by the caller (db/posts.py: redraw_of)."""
    building = clean_building(building)
    with writing():
        people.rename(member.user, name)
        Membership.update(building=building).where(Membership.id == member.id).execute()
        refresh(member.neighborhood_id)


def show_face(member, code):
    """Make the photo with this code the face of a neighbor; cards that show it are made afresh."""
    with writing():
        Membership.update(face=code).where(Membership.id == member.id).execute()
        refresh(member.neighborhood_id)


def vouch(member, by, now, reason="当面核验"):
    """The host has met this neighbour in person: trusted from now on (X1). Doing it twice changes nothing."""
    with writing():
        done = (
            Membership.update(vouched_at=now, vouched_by=by.user)
            .where((Membership.id == member.id) & Membership.vouched_at.is_null())
            .execute()
        )
        if done:
            audit.record(
                "vouch", member, actor=by.user, now=now, reason=reason, neighborhood=member.neighborhood_id, subject=member.user
            )


def watch(member, by, now, reason):
    """The host wants to see this neighbour's words before others do, from now on; `release` ends it. Audited, with a reason."""
    if member.is_host:
        raise Refused("host-stays", "主理人的内容由片区运营官来看")
    _mark(member, "watch", by, now, reason, Membership.watched_at.is_null(), watched_at=now)


def release(member, by, now):
    """What this neighbour says is seen at once again, as far as she is trusted."""
    _mark(member, "release", by, now, "不用再先审后发", Membership.watched_at.is_null(False), watched_at=None)


def _mark(member, action, by, now, reason, as_it_was, **values):
    with writing():
        if Membership.update(**values).where((Membership.id == member.id) & as_it_was).execute():
            audit.record(
                action, member, actor=by.user, now=now, reason=reason, neighborhood=member.neighborhood_id, subject=member.user
            )


def remove(member, by, now, reason):
    """Send a neighbour out of the 小区, with a reason she reads at its door; hosts and staff stay. Audited. `readmit` takes it
    back."""
    lend_no_key(member)
    reason = audit.reason_of(reason)
    with writing():
        gone = Membership.update(status="removed").where((Membership.id == member.id) & (Membership.status == "active"))
        if not gone.execute():
            raise Refused("moved-on", "TA 已经不在名单里了")
        notices.tell([member.user_id], "account", f"您被请出了{member.neighborhood.name}：{reason}", "/inbox", now)
        place = member.neighborhood_id
        audit.record("remove member", member, actor=by.user, now=now, reason=reason, neighborhood=place, subject=member.user)
        Neighborhood.update(members=Neighborhood.members - 1).where(Neighborhood.id == member.neighborhood_id).execute()
        refresh(member.neighborhood_id)


def find_sent_out(neighborhood, member_id):
    """A membership of this 小区 that was ended by a host, or None (G1)."""
    out = (Membership.id == member_id) & (Membership.neighborhood == neighborhood.id) & (Membership.status == "removed")
    return Membership.get_or_none(out)


def readmit(member, by, now):
    """Take a neighbour who was sent out back in, as she was. Audited."""
    neighborhood = member.neighborhood
    with writing():
        out = (Membership.id == member.id) & (Membership.status == "removed")
        if not Membership.update(status="active").where(out).execute():
            raise Refused("moved-on", "TA 不在被请出的名单里")
        notices.tell([member.user_id], "account", f"欢迎回到{neighborhood.name}", f"/n/{neighborhood.slug}/", now)
        audit.record(
            "readmit", member, actor=by.user, now=now, reason="请 TA 回来", neighborhood=neighborhood.id, subject=member.user
        )
        Neighborhood.update(members=Neighborhood.members + 1).where(Neighborhood.id == neighborhood.id).execute()
        refresh(neighborhood.id)


def sent_out(neighborhood, limit=100):
    """The 小区's list of those who were sent out, latest first."""
    wanted = (Membership.neighborhood == neighborhood.id) & (Membership.status == "removed")
    return list(Membership.select(Membership, User).join(User).where(wanted).order_by(Membership.id.desc()).limit(limit))


def appoint(member, role, actor, now, reason):
    """Make someone host, acting host or resident again; their other devices sign in anew (S13). Audited."""
    if role not in ("resident", *HOSTS):
        raise Refused("bad-role", "没有这种身份", field="role")
    with writing():
        before = Membership.get_by_id(member.id).role
        Membership.update(role=role).where(Membership.id == member.id).execute()
        sessions.end_all(member.user, now)
        refresh(member.neighborhood_id)
        audit.record(
            "appoint",
            member,
            actor=actor,
            now=now,
            reason=reason,
            neighborhood=member.neighborhood_id,
            subject=member.user,
            before={"role": before},
            after={"role": role},
        )


def lend_no_key(member):
    """A host hands keys to neighbours only: a card or code for the account of staff, or of a host anywhere, would carry
    more rights than the one who gives it has (G2)."""
    if member.user.staff or hosts_anywhere(member.user):
        raise Refused("host-stays", "主理人和工作人员请用手机号登录", status=403)


def leave(member, now):
    """Move away: the membership ends, what was written stays under the name (erasing is db/privacy.py's)."""
    if member.is_host:
        raise Refused("host-stays", "主理人要先交接，才能离开小区：在「我的 → 主理人工作台 → 交接」里请一位邻居接任")
    with writing():
        left = Membership.update(status="left").where((Membership.id == member.id) & (Membership.status == "active")).execute()
        if left:
            Neighborhood.update(members=Neighborhood.members - 1).where(Neighborhood.id == member.neighborhood_id).execute()
            refresh(member.neighborhood_id)


def with_same_name(member):
    """Other active neighbours here with the same name and building: perhaps the same person twice (X1)."""
    return list(
        Membership.select(Membership, User)
        .join(User, JOIN.INNER)
        .where(
            (Membership.neighborhood == member.neighborhood_id)
            & (Membership.status == "active")
            & (User.name == member.user.name)
            & (Membership.building == member.building)
            & (Membership.id != member.id)
        )
    )
