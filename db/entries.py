"""参赛作品: a photo, a few words, where it was taken, and the name its author wants under it (R35, R45, R49).

Its states are TRANSITIONS. What may be chosen from is fixed when the vote begins: nothing is let in after that (I3)."""

import hashlib

from peewee import JOIN, BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, IntegrityError

from db import activity, audit, contests, limits, notices, photos, pictures, points, screening, search
from db.base import Refused, Table, writing
from db.contests import Contest
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.photos import Photo
from db.words import clean_line

TRANSITIONS = {
    ("submitted", "approved"),
    ("submitted", "returned"),
    ("submitted", "disqualified"),
    ("submitted", "withdrawn"),
    ("returned", "submitted"),  # the author mends it
    ("returned", "withdrawn"),
    ("approved", "disqualified"),  # with a reason; votes for it become void (db/ballots.py)
    ("approved", "withdrawn"),
    ("withdrawn", "purged"),  # 30 days later (db/entry_ends.py)
    ("disqualified", "purged"),
    *((state, "purged") for state in ("submitted", "returned", "approved")),  # its author is forgotten
}
STATES = {
    "submitted": "等主理人看",
    "approved": "已上墙",
    "returned": "请改一改",
    "disqualified": "未入选",
    "withdrawn": "已撤回",
    "purged": "已删除",
}
HANGS = ("submitted", "approved", "returned", "disqualified")  # these take one of the places their author has
RETURN_REASONS = ("照片看不清，换一张更好", "请用自己拍的照片", "照片里有人，请先征得同意", "和这次的主题不太合")


class Entry(Table):
    contest = ForeignKeyField(Contest, backref="entries", index=False)
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    author = ForeignKeyField(Membership, backref="+", index=False)
    photo = ForeignKeyField(Photo, unique=True, null=True, backref="+", on_delete="SET NULL")
    no = IntegerField(null=True)  # 作品编号, given when it is let in
    place_no = IntegerField()  # the author's first, second … work
    caption = CharField(max_length=60)
    spot = CharField(max_length=30, default="")  # where in the 小区
    signed = CharField(max_length=20)  # the name under it, as its author wishes
    print_consent = BooleanField(default=False)  # may be printed and hung up at the market
    state = CharField(max_length=12)  # see TRANSITIONS
    held_for = CharField(max_length=10, default="")  # why it waits or waited (db/screening.py: WHY), or twin
    return_reason = CharField(max_length=200, default="")
    look = CharField(max_length=16, default="")  # 64 bits of what the picture looks like
    veiled_at = DateTimeField(null=True)  # its photo is out of sight until somebody has looked at a report
    twin = ForeignKeyField("self", null=True, backref="+", on_delete="SET NULL")  # a work that looks the same
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    approved_at = DateTimeField(null=True)
    gone_at = DateTimeField(null=True, index=True)  # taken back or taken out
    featured_at = DateTimeField(null=True)  # the host's pick, once the result is known (db/works.py)

    class Meta:
        indexes = (
            (("contest", "state", "no"), False),
            (("contest", "no"), True),
            (("author", "op_id"), True),
            (("neighborhood", "state", "id"), False),
        )

    @property
    def shown(self):
        return self.state == "approved"

    @property
    def state_name(self):
        return STATES[self.state]

    @property
    def veiled(self):
        return self.veiled_at is not None

    def readable_by(self, member):
        """Those on the wall for all; the others for author and host; withdrawn ones for nobody."""
        if self.shown:
            return True
        mine = member is not None and (member.id == self.author_id or member.is_host)
        return mine and self.state in {"submitted", "returned", "disqualified"}

    def is_of(self, member):
        return member is not None and member.id == self.author_id

    def withdrawable_by(self, member, now):
        return self.is_of(member) and self.state in {"submitted", "returned", "approved"} and not _over(self.contest, now)

    def editable_by(self, member, now):
        waits = self.state in {"submitted", "returned"} and self.contest.phase(now) in {"collecting", "screening"}
        return self.is_of(member) and waits


Entry.add_index(
    Entry.contest, Entry.author, Entry.place_no, unique=True, where=Entry.state.in_(HANGS), name="entry_each_has_places"
)


def _over(contest, now):
    return contest.phase(now) in {"published", "archived", "cancelled"}


def _with_people():
    return (
        Entry.select(Entry, Contest, Photo, Membership, User)
        .join(Contest)
        .switch(Entry)
        .join(Photo, JOIN.LEFT_OUTER)
        .switch(Entry)
        .join(Membership)
        .join(User)
    )


def find(neighborhood, entry_id):
    """A work of this 小区 with its contest, photo and author, or None (G1)."""
    return _with_people().where((Entry.id == entry_id) & (Entry.neighborhood == neighborhood.id)).first()


def on_the_wall(contest):
    """All works of a contest that hang, in the order of their numbers, each with its photo."""
    hung = (Entry.contest == contest.id) & (Entry.state == "approved")
    return list(Entry.select(Entry, Photo).join(Photo, JOIN.LEFT_OUTER).where(hung).order_by(Entry.no))


def hung_for(viewer, contest, now):
    """The works on the wall in the order this viewer sees them: each another one, so that none is always first; by number
    when the result is known."""
    wall = on_the_wall(contest)
    if contest.phase(now) in {"published", "archived", "cancelled"}:
        return wall
    return sorted(wall, key=lambda entry: hashlib.sha256(f"{viewer} {entry.id}".encode()).digest())


def titles(ids):
    """Number and name of these works."""
    return list(Entry.select(Entry.id, Entry.no, Entry.caption).where(Entry.id.in_(ids)).order_by(Entry.no)) if ids else []


def of_author(contest, member):
    """What this neighbour has sent in, first to last, withdrawn ones left out."""
    mine = (Entry.contest == contest.id) & (Entry.author == member.id) & Entry.state.in_(HANGS)
    return list(Entry.select(Entry, Photo).join(Photo, JOIN.LEFT_OUTER).where(mine).order_by(Entry.place_no))


def waiting(neighborhood, limit=50):
    """Works that wait for the host, the longest waiting first."""
    waits = (Entry.neighborhood == neighborhood.id) & (Entry.state == "submitted")
    return list(_with_people().where(waits).order_by(Entry.id).limit(limit))


def waiting_in(contest):
    """Those of one contest."""
    return list(_with_people().where((Entry.contest == contest.id) & (Entry.state == "submitted")).order_by(Entry.id))


def authors_of(contest):
    """The users who have a work in it."""
    mine = (Entry.contest == contest.id) & Entry.state.in_(HANGS)
    return sorted({row.author.user_id for row in Entry.select(Entry.author, Membership.user).join(Membership).where(mine)})


def _twin(contest_id, photo, look, but=0):
    """The first work of this contest with the same picture: the same file, or one that looks so."""
    others = (Entry.contest == contest_id) & Entry.state.in_(HANGS) & (Entry.id != but)
    for other in Entry.select(Entry.id, Entry.look, Photo.sha256).join(Photo).where(others).order_by(Entry.id):
        if other.photo.sha256 == photo.sha256 or pictures.alike(look, other.look):
            return other.id
    return None


def _checked(member, caption, spot, signed):
    caption = clean_line(caption, 60, "caption", "作品名")
    if not caption:
        raise Refused("no-caption", "给作品起个名字吧，几个字就好", field="caption")
    spot, signed = clean_line(spot, 30, "spot", "地点"), clean_line(signed, 20, "signed", "署名") or member.name[:20]
    for words, field in ((caption, "caption"), (spot, "spot"), (signed, "signed")):
        screening.check(words, field)
    return {"caption": caption, "spot": spot, "signed": signed}


def enter(member, contest, now, *, op_id, photo_code, caption, spot="", signed="", show_consent=False, print_consent=False):
    """Send in a work; the same `op_id` again gives the first one back (G5, R45). Works of the trusted hang at once; those of
    others, with words the list knows, or that look like another one, wait for the host.

    Refused: not collecting any more (409, to the second); no photo, no name for it, no consent to show it (beside the field);
    as many works sent as one may send (409)."""
    first = (Entry.author == member.id) & (Entry.op_id == op_id)
    if done := Entry.get_or_none(first):
        return done
    if not contest.takes_entries(now):
        raise Refused("not-collecting", "还没开始征集" if contest.phase(now) == "coming" else "征集已经截止了，下次早点来")
    if not member.neighborhood.open:
        raise Refused("not-open", "这个小区现在只能看，不能发：" + member.neighborhood.closed_reason)
    values = _checked(member, caption, spot, signed)
    tray = photos.in_tray(member, [photo_code] if photo_code else [])
    if not tray:
        if done := Entry.get_or_none(first):  # the same form was quicker, and has taken the photo out of the tray
            return done
        raise Refused("no-photo", "请选一张照片", field="photos")
    if not show_consent:
        raise Refused("consent-needed", "照片是您拍的、里面的人也同意了，请勾选这里", field="show_consent")
    look = photos.look_of(tray[0])
    try:
        with writing():
            return Entry.get_or_none(first) or _hang(member, contest, now, op_id, tray[0], look, print_consent, values)
    except IntegrityError as error:  # the same form, or another work for the same place, was quicker
        if done := Entry.get_or_none(first):
            return done
        raise Refused("moved-on", "刚刚有另一幅作品先到了，请再按一次") from error


def _hang(member, contest, now, op_id, photo, look, print_consent, values):
    contest = contests.taken(contest)
    if not contest.takes_entries(now):
        raise Refused("not-collecting", "征集已经截止了，下次早点来")
    free = set(range(1, contest.entries_each + 1)) - {each.place_no for each in of_author(contest, member)}
    if not free:
        raise Refused("no-place", f"每人最多 {contest.entries_each} 幅，您已经送满了")
    limits.spend("entry", f"member {member.id}", now)
    twin = _twin(contest.id, photo, look)
    held_for = screening.why_wait(member, " ".join(values.values()), now) or ("" if member.trusted else "first")
    entry = Entry.create(
        contest=contest, neighborhood=contest.neighborhood_id, author=member, photo=photo, place_no=min(free), look=look,
        twin=twin, print_consent=bool(print_consent), state="submitted", held_for="twin" if twin else held_for, op_id=op_id,
        created_at=now, **values,
    )  # fmt: skip
    photos.use([photo], "owner", now)
    if not entry.held_for:
        _let_in(entry, contest, now)
    return entry


def _let_in(entry, contest, now, host=None):
    """Give it its number and its place on the wall; in the transaction that holds its contest. Its author hears of what a
    host decided."""
    number = contest.last_no + 1
    as_it_was = (Entry.id == entry.id) & (Entry.state == "submitted") & (Entry.photo == entry.photo_id)
    if not Entry.update(state="approved", no=number, approved_at=now, return_reason="").where(as_it_was).execute():
        raise moved_on()
    entry.state, entry.no = "approved", number
    Contest.update(approved=Contest.approved + 1, last_no=number).where(Contest.id == contest.id).execute()
    photos.show_to([entry.photo_id], "public")
    found(entry)
    if host:
        tell_author(entry, f"您的作品《{entry.caption}》上墙了，编号 {entry.no}", now)
        record("approve entry", entry, host, now, "作品审核通过")
    activity.record(entry.author, "entry", entry.id, now)
    points.earn(entry.author, "entry", "Entry", entry.id, now)
    refresh(contest.neighborhood_id)


def found(entry):
    """Let a work be found while it hangs. In the transaction that changes it."""
    entry = Entry.get_by_id(entry.id)
    if not entry.shown or entry.veiled:
        return search.drop("entry", entry.id)
    return search.put(
        "entry", entry.id, neighborhood=entry.neighborhood_id, author=entry.author_id, title=entry.caption,
        text=f"{entry.spot} {entry.signed}", at=entry.approved_at, audience="public", path=f"contests/entries/{entry.id}",
    )  # fmt: skip


def moved_on():
    """The refusal for whoever acts on a work that changed meanwhile (409)."""
    return Refused("moved-on", "这幅作品刚刚变了，请刷新看看")


def move(entry, to, **values):
    """Carry a work along one arrow of TRANSITIONS, in the caller's transaction, who holds the contest. Where it hung, it is
    taken off the wall."""
    if (entry.state, to) not in TRANSITIONS:
        raise moved_on()
    if not Entry.update(state=to, **values).where((Entry.id == entry.id) & (Entry.state == entry.state)).execute():
        raise moved_on()
    if entry.state == "approved":
        Contest.update(approved=Contest.approved - 1).where(Contest.id == entry.contest_id).execute()
    if entry.photo_id:
        photos.show_to([entry.photo_id], "nobody" if to in {"withdrawn", "purged"} else "owner")
    entry.state = to
    found(entry)
    refresh(entry.neighborhood_id)


def approve(entry, host, now):
    """Let a waiting work onto the wall, as the host has seen it, before the vote begins; its author is told its number."""
    with writing():
        contest = contests.taken(entry.contest)
        if contest.phase(now) not in {"collecting", "screening"} or now >= contest.voting_closes_at:
            raise Refused("frozen", "投票的时间已经到了，作品不能再增加了")
        _let_in(entry, contest, now, host)


def give_back(entry, host, now, reason):
    """Return a waiting work with a reason; its author may mend it while works are taken or read."""
    reason = audit.reason_of(reason)
    with writing():
        contests.taken(entry.contest)
        tell_author(entry, f"请改一改您的作品《{entry.caption}》：{reason}", now)
        record("return entry", entry, host, now, reason)
        move(entry, "returned", return_reason=reason)


def mend(entry, member, now, *, caption, spot="", signed="", photo_code="", print_consent=False):
    """The author's other words, or another photo, while it waits or was given back; then it waits (again)."""
    if not entry.is_of(member):
        raise Refused("not-yours", "只有作者能改", status=403)
    values = _checked(member, caption, spot, signed) | {"print_consent": bool(print_consent)}
    tray = photos.in_tray(member, [photo_code] if photo_code else [])
    look = photos.look_of(tray[0]) if tray else ""
    with writing():
        entry.contest = contests.taken(entry.contest)
        if not entry.editable_by(member, now):
            raise Refused("not-editable", "这幅作品现在不能修改了")
        if tray:
            values |= {"photo": tray[0], "look": look, "twin": _twin(entry.contest_id, tray[0], look, but=entry.id)}
        before = entry.photo_id
        if entry.state == "returned":
            move(entry, "submitted", return_reason="", **values)
        elif not Entry.update(**values).where((Entry.id == entry.id) & (Entry.state == "submitted")).execute():
            raise moved_on()
        if tray:
            photos.use(tray, "owner", now)
            photos.drop([before], used=True)


def allow_print(entry, member, on, now):
    """The author's yes or no to printing and hanging it up, whenever she likes."""
    if not entry.is_of(member):
        raise Refused("not-yours", "只有作者能改", status=403)
    with writing():
        Entry.update(print_consent=bool(on)).where(Entry.id == entry.id).execute()


def veil(entry, on, now):
    """Take its photo out of sight while a report is looked into, or show it again. It stays in the contest, and keeps its
    votes. In the caller's transaction."""
    changed = Entry.update(veiled_at=now if on else None).where((Entry.id == entry.id) & (Entry.state == "approved")).execute()
    if changed and entry.photo_id:
        photos.show_to([entry.photo_id], "owner" if on else "public")
        found(entry)
        refresh(entry.neighborhood_id)


def send_back_the_rest(contest, now):
    """Works nobody has read when the vote begins cannot join it; their authors are told. In the transaction that begins it."""
    waits = list(_with_people().where((Entry.contest == contest.id) & (Entry.state == "submitted")))
    for entry in waits:
        tell_author(entry, f"很抱歉，您的作品《{entry.caption}》没赶上初筛，这次没能上墙", now)
    for entry in waits:
        move(entry, "returned", return_reason="投票开始前没来得及看，这次没能上墙")


def tell_author(entry, sentence, now):
    """Tell whoever sent it in; several decisions on one work are one line. In the caller's transaction."""
    place = entry.neighborhood_id
    notices.tell([entry.author.user_id], "review", sentence, path(entry), now, neighborhood=place, key=f"Entry {entry.id}")


def record(action, entry, host, now, reason, **more):
    """The host's line in the audit book, about whoever sent it in. In the caller's transaction."""
    user, place = getattr(host, "user", host), entry.neighborhood_id
    audit.record(action, entry, actor=user, now=now, reason=reason, neighborhood=place, subject=entry.author.user_id, **more)


def path(entry):
    """Where its page is."""
    slug = Neighborhood.select(Neighborhood.slug).where(Neighborhood.id == entry.neighborhood_id).scalar()
    return f"/n/{slug}/contests/entries/{entry.id}"
