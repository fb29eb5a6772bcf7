"""需求墙: what neighbours need, said once and supported by all who need it too; the host answers with something to open (R09).

Who said an anonymous need is known to its rows (here and in db/search.py) and to the audit book alone; who supports any need is
never listed."""

from datetime import timedelta

from peewee import (
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    IntegrityError,
    Tuple,
    Value,
)

from db import activity, audit, limits, notices, screening, search
from db.base import Refused, Table, hold, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_text, fold

CATEGORIES = {"health": "健康", "kids": "育儿", "elders": "养老", "living": "生活", "other": "其他"}
STATES = {"open": "等回应", "answered": "已回应"}  # those the wall shows
RETURN_REASONS = ("请写得具体一点", "请不要写姓名、门牌和电话", "像是广告，请写写自己的需要", "请换个友善些的说法")
LONGEST = 200
ANSWERED_WITHIN = timedelta(days=14)
PAGE = 20
ALIKE = 0.5  # so much of the shorter text stands in the other one too
FEW = 6  # pairs of letters: in fewer, one word in common proves nothing

TRANSITIONS = {
    ("pending", "open"),  # the host lets it onto the wall
    ("pending", "returned"),  # … or gives it back with a reason
    ("pending", "merged"),  # … or sees that it is there already
    ("pending", "closed"),
    ("returned", "pending"),  # the author says it in other words
    ("returned", "closed"),
    ("open", "answered"),
    ("open", "merged"),
    ("open", "closed"),  # the author does not need it any more
    ("open", "hidden"),
    ("answered", "open"),  # not solved after all
    ("answered", "hidden"),
    ("hidden", "open"),
    ("hidden", "answered"),
    ("hidden", "removed"),
}


class Need(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    author = ForeignKeyField(Membership, backref="+", index=False)
    anonymous = BooleanField(default=False)
    category = CharField(max_length=10)
    body = CharField(max_length=LONGEST)
    state = CharField(max_length=10)  # see TRANSITIONS
    held_for = CharField(max_length=10, default="")  # why it waits or waited (db/screening.py: WHY)
    return_reason = CharField(max_length=200, default="")
    supports = IntegerField(default=0)  # how many need it, its author among them
    answered_url = CharField(max_length=200, default="")
    answered_note = CharField(max_length=200, default="")
    answered_at = DateTimeField(null=True)
    merged_into = ForeignKeyField("self", null=True, backref="+")
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    answer_by = DateTimeField(null=True)  # an answer is expected 14 days after it stands on the wall

    class Meta:
        indexes = (
            (("neighborhood", "state", "supports", "id"), False),
            (("neighborhood", "state", "category", "supports", "id"), False),
            (("author", "op_id"), True),
        )
        constraints = [Check("supports >= 0", name="need_counts")]

    @property
    def shown(self):
        return self.state in STATES

    @property
    def category_name(self):
        return CATEGORIES[self.category]

    def signed(self, member):
        """The name under it, as this neighbour (None: a guest) may read it: an anonymous one has none, for the host neither."""
        if member is not None and member.id == self.author_id:
            return "我（匿名）" if self.anonymous else "我"
        return "匿名邻居" if self.anonymous else self.author.user.name

    def readable_by(self, member):
        """Those of the wall for everybody; closed ones too, by their address; the others for author and host."""
        if self.shown or self.state == "closed":
            return True
        mine = member is not None and (member.id == self.author_id or member.is_host)
        return mine and self.state != "removed"

    def editable_by(self, member):
        return member is not None and member.id == self.author_id and self.state in {"pending", "returned"}

    def closable_by(self, member):
        return member is not None and member.id == self.author_id and self.state in {"pending", "returned", "open"}

    def overdue(self, now):
        return self.state == "open" and self.answer_by <= now


class NeedSupport(Table):
    """「我也需要」, the author's own among them."""

    need = ForeignKeyField(Need, backref="+")
    member = ForeignKeyField(Membership, backref="+", index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "need"), True),)


def _with_people():
    return Need.select(Need, Membership, User).join(Membership).join(User)


def find(neighborhood, need_id):
    """A need of this 小区 with its author, or None (G1)."""
    return _with_people().where((Need.id == need_id) & (Need.neighborhood == neighborhood.id)).first()


def page(neighborhood, state="open", category="", after=None, limit=PAGE):
    """One page of the wall, what most need first, then the newest; and the cursor (supports, id) of the next, or None."""
    wanted = (Need.neighborhood == neighborhood.id) & (Need.state == state)
    if category:
        wanted &= Need.category == category
    if after:
        wanted &= Tuple(Need.supports, Need.id) < Tuple(*after)
    rows = list(_with_people().where(wanted).order_by(Need.supports.desc(), Need.id.desc()).limit(limit + 1))
    listed = rows[:limit]
    return listed, (listed[-1].supports, listed[-1].id) if len(rows) > limit else None


def supported_by(member, need_ids):
    """Which of the listed needs this neighbour has too."""
    if member is None or not need_ids:
        return set()
    mine = (NeedSupport.member == member.id) & NeedSupport.need.in_(need_ids)
    return {row.need_id for row in NeedSupport.select(NeedSupport.need).where(mine)}


def by_author(member, limit=20):
    """What this neighbour has said she needs, latest first, for her own page alone."""
    mine = (Need.author == member.id) & Need.state.not_in(("merged", "removed", "closed"))
    return list(Need.select().where(mine).order_by(Need.id.desc()).limit(limit))


def waiting(neighborhood, limit=50):
    """Needs that wait for the host, the longest waiting first."""
    wanted = (Need.neighborhood == neighborhood.id) & (Need.state == "pending")
    return list(_with_people().where(wanted).order_by(Need.id).limit(limit))


def hidden(neighborhood, limit=50):
    """What the host took off the wall, latest first."""
    wanted = (Need.neighborhood == neighborhood.id) & (Need.state == "hidden")
    return list(Need.select().where(wanted).order_by(Need.id.desc()).limit(limit))


def _pairs(text):
    letters = "".join(letter for letter in fold(text) if letter.isalnum())
    return {letters[place : place + 2] for place in range(len(letters) - 1)} or {letters}


def alike(neighborhood, body, *, but=0, least=0.0, limit=6):
    """Needs on the wall that say nearly the same, the nearest first: at least the part `least` of the shorter text is in the
    other one. Looked for among the 200 that most neighbours have."""
    pairs = _pairs(body)
    found = []
    for state in STATES:
        for need in page(neighborhood, state, limit=100)[0]:
            theirs = _pairs(need.body)
            share = len(pairs & theirs) / max(FEW, min(len(pairs), len(theirs)))
            if need.id != but and share >= least:
                found.append((share, need.supports, need.id, need))
    return [need for *_, need in sorted(found, key=lambda each: each[:3], reverse=True)[:limit]]


def _checked(category, body):
    if category not in CATEGORIES:
        raise Refused("bad-category", "请选一个类别", field="category")
    body = clean_text(body, LONGEST, "body", "需求")
    if len(body) < 4:
        raise Refused("too-short", "多写几个字吧（4–200 个字），邻居才知道您需要什么", field="body")
    screening.check(body, "body")
    return {"category": category, "body": body}


def create(member, now, *, op_id, category, body, anonymous=False, alike_ok=False):
    """Say what one needs; the same `op_id` again gives the first one back (G5). The trusted are on the wall at once.

    Warned once, beside the words, where nearly the same stands there already: one may support that instead."""
    values = _checked(category, body)
    first = (Need.author == member.id) & (Need.op_id == op_id)
    if not alike_ok and alike(member.neighborhood, body, least=ALIKE, limit=1) and not Need.get_or_none(first):
        raise Refused("alike", "已经有邻居说过差不多的，看看下面；不一样的话，再按一次就好", field="body")
    try:
        with writing():
            return Need.get_or_none(first) or _write(member, now, op_id, anonymous, values)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Need.get(first)


def _write(member, now, op_id, anonymous, values):
    limits.spend("need", f"member {member.id}", now)
    held_for = screening.why_wait(member, values["body"], now) or ("" if member.trusted else "first")
    need = Need.create(
        neighborhood=member.neighborhood_id,
        author=member,
        anonymous=bool(anonymous),
        state="pending" if held_for else "open",
        held_for=held_for,
        supports=1,
        op_id=op_id,
        created_at=now,
        answer_by=None if held_for else now + ANSWERED_WITHIN,
        **values,
    )
    NeedSupport.create(need=need, member=member, at=now)
    if not held_for:
        _took_part(need, now)
        found(need)
    return need


def found(need):
    """Let a need be found while it is on the wall. In the transaction that changes it."""
    need = Need.get_by_id(need.id)
    if not need.shown:
        return search.drop("need", need.id)
    return search.put(
        "need", need.id, neighborhood=need.neighborhood_id, author=need.author_id, text=need.body, at=need.created_at,
        audience="public", path=f"needs/{need.id}",
    )  # fmt: skip


def _took_part(need, now):
    """The author's action. An anonymous one stands in the book as one more 「我也需要」, which does not tell who said it."""
    activity.record(need.author, "support" if need.anonymous else "need", need.id, now)


def moved_on():
    """The refusal for whoever acts on a need that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这条需求刚刚变了，请刷新看看")


def move(need, source, to, **values):
    """Carry a need along one arrow of TRANSITIONS, in the caller's transaction.

    Refused when it is not where it was any more, or the arrow is not drawn."""
    if need.state != source or (source, to) not in TRANSITIONS:
        raise moved_on()
    as_it_was = (Need.id == need.id) & (Need.state == source)
    if not Need.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()
    found(need)


def rewrite(need, member, now, *, category, body):
    """The author says it in other words, while it waits or after it was given back; then it waits (again)."""
    if not need.editable_by(member):
        raise Refused("not-editable", "这条需求现在不能修改了")
    values = _checked(category, body)
    with writing():
        if need.state == "returned":
            move(need, "returned", "pending", return_reason="", **values)
        elif not Need.update(**values).where((Need.id == need.id) & (Need.state == "pending")).execute():
            raise moved_on()


def close(need, member, now):
    """The author does not need it any more: it leaves the wall, and the others who need it are told."""
    if member.id != need.author_id:
        raise Refused("not-yours", "只有提出的邻居可以关掉它", status=403)
    with writing():
        move(need, need.state, "closed")
        others = [user for user in supporters(need) if user != member.user_id]
        tell(others, "need", f"{called(need)}，提出的邻居说不需要了。您还需要的话，可以再说一条", need, member, now)


def set_support(member, need, on, now):
    """「我也需要」 or not; asked twice, nothing changes. Returns how many need it now. An author's own is never taken back."""
    if not on and member.id == need.author_id:
        raise Refused("own", "这是您提的；不需要了，可以关掉它")
    with writing():
        hold(Need, Need.id == need.id)
        if on:
            changed = NeedSupport.insert(need=need.id, member=member.id, at=now).on_conflict_ignore().as_rowcount().execute()
        else:
            mine = (NeedSupport.member == member.id) & (NeedSupport.need == need.id)
            changed = -NeedSupport.delete().where(mine).execute()
        standing = (Need.id == need.id) & (Need.state == "open")
        if changed and not Need.update(supports=Need.supports + changed).where(standing).execute():
            raise Refused("not-open", "这条需求已经有回应，或者不在墙上了")
        if changed > 0:
            activity.record(member, "support", need.id, now)
        return Need.select(Need.supports).where(Need.id == need.id).scalar()


def record(action, need, host, now, reason, **more):
    """The host's line in the audit book, about whoever said the need. In the caller's transaction."""
    place, subject = need.neighborhood_id, need.author.user_id
    audit.record(action, need, actor=host.user, now=now, reason=reason, neighborhood=place, subject=subject, **more)


def tell(users, kind, sentence, need, by, now):
    """Tell these users something about a need; its page is where they read on. In the caller's transaction."""
    place = by.neighborhood
    notices.tell(users, kind, sentence, f"/n/{place.slug}/needs/{need.id}", now, neighborhood=place)


def called(need):
    """「想要一位能上门…」: how it begins, for a notice."""
    return f"「{need.body[:24]}{'…' if len(need.body) > 24 else ''}」"


def supporters(need):
    """The users who need it, its author among them."""
    rows = NeedSupport.select(NeedSupport.member, Membership.user).join(Membership).where(NeedSupport.need == need.id)
    return [row.member.user_id for row in rows]


def approve(need, host, now):
    """Let a waiting need onto the wall."""
    with writing():
        move(need, "pending", "open", answer_by=now + ANSWERED_WITHIN)
        tell([need.author.user_id], "review", f"您说的需求{called(need)}上墙了", need, host, now)
        record("approve need", need, host, now, "需求审核通过")
        _took_part(need, now)


def give_back(need, host, now, reason):
    """Return a waiting need with a reason; its author can say it in other words."""
    reason = audit.reason_of(reason)
    with writing():
        move(need, "pending", "returned", return_reason=reason)
        tell([need.author.user_id], "review", f"您说的需求请改一改：{reason}", need, host, now)
        record("return need", need, host, now, reason)


def hide(need, host, now, reason):
    """Take a need off the wall, with a reason its author reads."""
    reason = audit.reason_of(reason)
    with writing():
        move(need, need.state, "hidden", return_reason=reason)
        tell([need.author.user_id], "review", f"您说的需求暂时看不到了：{reason}", need, host, now)
        record("hide need", need, host, now, reason)


def restore(need, host, now):
    """Show a hidden need again, as it was: open, or answered."""
    with writing():
        move(need, "hidden", "answered" if need.answered_at else "open", return_reason="")
        tell([need.author.user_id], "review", f"您说的需求{called(need)}又看得到了", need, host, now)
        record("restore need", need, host, now, "看过了，恢复显示")


def carry_over(member, into):
    """What one membership said and supported becomes the other's, once (db/merging.py). In the caller's transaction."""
    Need.update(author=into.id, op_id=Value("merged ").concat(Need.id.cast("TEXT"))).where(Need.author == member.id).execute()
    theirs = [row.need_id for row in NeedSupport.select(NeedSupport.need).where(NeedSupport.member == into.id)]
    both = (NeedSupport.member == member.id) & NeedSupport.need.in_(theirs)
    doubled = [row.need_id for row in NeedSupport.select(NeedSupport.need).where(both)]
    NeedSupport.delete().where(both).execute()
    NeedSupport.update(member=into.id).where(NeedSupport.member == member.id).execute()
    Need.update(supports=Need.supports - 1).where(Need.id.in_(doubled)).execute()
