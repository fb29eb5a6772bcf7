"""便民服务: who repairs, cures and feeds around here. Neighbours suggest, the host lets in, neighbours say what is good (R03)."""

from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, Tuple, fn

from db import activity, audit, limits, notices, phones, screening, search
from db.base import Refused, Table, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_line, clean_text, fold

CATEGORIES = {
    "repair": "修理",
    "home": "家政",
    "medical": "医疗",
    "food": "餐饮",
    "school": "教育",
    "parcel": "快递",
    "utility": "水电物业",
    "other": "其他",
}
RETURN_REASONS = (
    "电话打不通，请核对一下",
    "请写写您自己用过的感受",
    "像是广告，收了好处请勾选「推广」",
    "请写店里的电话，不写私人号码",
)
STALE = timedelta(days=180)
PAGE = 30
FIRST_OF_EACH = 4  # of a category, on the page of all of them

TRANSITIONS = {
    ("pending", "published"),  # the host approves
    ("pending", "returned"),  # … or gives it back with a reason
    ("pending", "rejected"),
    ("returned", "pending"),  # whoever suggested it mends it
    ("published", "hidden"),
    ("hidden", "published"),
    ("hidden", "removed"),
}
LIVE = ("pending", "published")  # of these there is one of a name and number in a 小区


class Service(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    category = CharField(max_length=10)
    name = CharField(max_length=30)
    phone = CharField(max_length=20)
    hours = CharField(max_length=40, default="")
    address = CharField(max_length=60, default="")
    note = CharField(max_length=200, default="")
    paid = BooleanField(default=False)  # whoever is paid for it says so: 「推广」
    twin_key = CharField(max_length=60)
    state = CharField(max_length=10)  # see TRANSITIONS
    held_for = CharField(max_length=10, default="")  # what the host should look at (db/screening.py: WHY)
    return_reason = CharField(max_length=200, default="")
    suggested_by = ForeignKeyField(Membership, backref="+", index=False)
    op_id = CharField(max_length=40)
    recommends = IntegerField(default=0)
    created_at = DateTimeField()
    verified_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("neighborhood", "state", "category", "recommends", "id"), False),
            (("suggested_by", "op_id"), True),
        )
        constraints = [Check("recommends >= 0", name="service_counts")]

    @property
    def author(self):
        return self.suggested_by

    @property
    def author_id(self):
        return self.suggested_by_id

    @property
    def category_name(self):
        return CATEGORIES[self.category]

    @property
    def spoken(self):
        return phones.spoken(self.phone)

    @property
    def tel(self):
        return "tel:" + self.phone.replace("转", ",")

    def stale(self, now):
        """Nobody has looked for half a year whether it is still there: 「待核实」."""
        return self.verified_at is None or now - self.verified_at > STALE

    def readable_by(self, member):
        """Published ones for everybody, the others for the host and for whoever suggested them."""
        if self.state == "published":
            return True
        return self.state != "removed" and member is not None and (member.is_host or member.id == self.suggested_by_id)

    def editable_by(self, member):
        if member is None:
            return False
        if member.is_host:
            return self.state in {"pending", "published", "hidden"}
        return member.id == self.suggested_by_id and self.state in {"pending", "returned"}


Service.add_index(Service.neighborhood, Service.twin_key, unique=True, where=Service.state.in_(LIVE), name="service_twin")


def _with_people():
    return Service.select(Service, Membership, User).join(Membership).join(User)


def find(neighborhood, service_id):
    """An entry of this 小区 with whoever suggested it, or None (G1)."""
    return _with_people().where((Service.id == service_id) & (Service.neighborhood == neighborhood.id)).first()


def groups(neighborhood):
    """[(category, its most recommended entries, how many there are)] in the order of CATEGORIES, without the empty ones."""
    best = fn.ROW_NUMBER().over(partition_by=[Service.category], order_by=[Service.recommends.desc(), Service.id.desc()])
    ranked = Service.select(
        Service.id, best.alias("place"), fn.COUNT(Service.id).over(partition_by=[Service.category]).alias("total")
    ).where((Service.neighborhood == neighborhood.id) & (Service.state == "published"))
    shown = (
        Service.select(Service, ranked.c.total)
        .join(ranked, on=(ranked.c.id == Service.id))
        .where(ranked.c.place <= FIRST_OF_EACH)
        .order_by(Service.recommends.desc(), Service.id.desc())
    )
    found = {}
    for service in shown.objects():
        found.setdefault(service.category, ([], service.total))[0].append(service)
    return [(category, *found[category]) for category in CATEGORIES if category in found]


def page(neighborhood, category, after=None):
    """One page of a category, most recommended first, and the cursor (recommends, id) of the next, or None."""
    wanted = (Service.neighborhood == neighborhood.id) & (Service.state == "published") & (Service.category == category)
    if after:
        wanted &= Tuple(Service.recommends, Service.id) < Tuple(*after)
    rows = list(Service.select().where(wanted).order_by(Service.recommends.desc(), Service.id.desc()).limit(PAGE + 1))
    listed = rows[:PAGE]
    return listed, (listed[-1].recommends, listed[-1].id) if len(rows) > PAGE else None


def best(neighborhood, limit=3):
    """The entries neighbours recommend most, for whoever is new here."""
    wanted = (Service.neighborhood == neighborhood.id) & (Service.state == "published")
    return list(Service.select().where(wanted).order_by(Service.recommends.desc(), Service.id.desc()).limit(limit))


def by_member(member, limit=20):
    """What this neighbour suggested that is not simply there: waiting, given back, turned down or hidden, latest first."""
    mine = (Service.suggested_by == member.id) & Service.state.not_in(("published", "removed"))
    return list(Service.select().where(mine).order_by(Service.id.desc()).limit(limit))


def waiting(neighborhood, limit=50):
    """Suggestions that wait for the host, the longest waiting first."""
    wanted = (Service.neighborhood == neighborhood.id) & (Service.state == "pending")
    return list(_with_people().where(wanted).order_by(Service.id).limit(limit))


def coverage(neighborhood):
    """{category: how many published entries}, every category named: what is covered, and what is still missing (R03)."""
    wanted = (Service.neighborhood == neighborhood.id) & (Service.state == "published")
    query = Service.select(Service.category, fn.COUNT(Service.id)).where(wanted).group_by(Service.category)
    found = dict(query.tuples())
    return {category: found.get(category, 0) for category in CATEGORIES}


def to_look_after(neighborhood, now, limit=50):
    """(stale entries, the oldest first; hidden ones): what the host may want to look at again."""
    here = Service.neighborhood == neighborhood.id
    old = here & (Service.state == "published") & (Service.verified_at < now - STALE)
    stale = list(Service.select().where(old).order_by(Service.verified_at).limit(limit))
    return stale, list(Service.select().where(here & (Service.state == "hidden")).order_by(Service.id.desc()).limit(limit))


def _twin_key(name, phone):
    """The same to a reader's eye and ear: letters of the name as they read, and the number without its extension."""
    folded = fold(name)
    letters = "".join(letter for letter in folded if letter.isalnum()) or "".join(folded.split())
    return f"{phone.partition('转')[0]} {letters[:40]}"


def _twins():
    return Refused("twin", "这一家已经有邻居推荐过了，不用再写一遍", field="name")


def twin(neighborhood, name, phone):
    """The entry that stands for this name and number already, published or waiting, or None."""
    key = _twin_key(name, phones.normalize_public(phone))
    wanted = (Service.neighborhood == neighborhood.id) & (Service.twin_key == key) & Service.state.in_(LIVE)
    return Service.get_or_none(wanted)


def _checked(category, name, phone, hours, address, note, paid):
    """The columns an entry is made of, clean; Refused beside the field."""
    if category not in CATEGORIES:
        raise Refused("bad-category", "请选一个类别", field="category")
    name = clean_line(name, 30, "name", "名称")
    if len(name) < 2:
        raise Refused("bad-name", "店名或师傅的称呼，2–30 个字", field="name")
    phone = phones.normalize_public(phone)
    words = {
        "name": name,
        "hours": clean_line(hours, 40, "hours", "营业时间"),
        "address": clean_line(address, 60, "address", "地址"),
        "note": clean_text(note, 200, "note", "说明"),
    }
    for field, text in words.items():
        screening.check(text, field)
    return words | {"category": category, "phone": phone, "paid": bool(paid), "twin_key": _twin_key(name, phone)}


def suggest(member, now, *, op_id, category, name, phone, hours="", address="", note="", paid=False):
    """Put a service forward; the same `op_id` again gives the first one back (G5). The host's own stand at once, all others
    wait for the host. Refused beside the field: bad number, no name, a twin that is there already (R03)."""
    values = _checked(category, name, phone, hours, address, note, paid)
    first = (Service.suggested_by == member.id) & (Service.op_id == op_id)
    try:
        with writing():
            return Service.get_or_none(first) or _write(member, now, op_id, values)
    except IntegrityError:  # the same form, or another neighbour with the same shop, was quicker
        if mine := Service.get_or_none(first):
            return mine
        raise _twins() from None


def _write(member, now, op_id, values):
    limits.spend("service", f"member {member.id}", now)
    said = "\n".join([values["name"], values["address"], values["note"]])
    service = Service.create(
        neighborhood=member.neighborhood_id,
        suggested_by=member,
        op_id=op_id,
        created_at=now,
        held_for=screening.why_wait(member, said, now),
        state="published" if member.is_host else "pending",
        verified_at=now if member.is_host else None,
        **values,
    )
    if member.is_host:
        activity.record(member, "service", service.id, now)
        found(service)
    return service


def found(service):
    """Let an entry be found while it is in the directory, as it reads now. In the transaction that changes it."""
    service = Service.get_by_id(service.id)
    if service.state != "published":
        return search.drop("service", service.id)
    said = (service.category_name, service.address, service.hours, service.note)
    return search.put(
        "service", service.id, neighborhood=service.neighborhood_id, author=service.suggested_by_id, title=service.name,
        text="\n".join(filter(None, said)), at=service.created_at, audience="public", path=f"services/{service.id}",
    )  # fmt: skip


def moved_on():
    """The refusal for whoever acts on an entry that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这家服务的信息刚刚变了，请刷新看看")


def move(service, source, to, **values):
    """Carry an entry along one arrow of TRANSITIONS, in the caller's transaction.

    Refused when it is not where it was any more, or the arrow is not drawn."""
    if service.state != source or (source, to) not in TRANSITIONS:
        raise moved_on()
    as_it_was = (Service.id == service.id) & (Service.state == source)
    try:
        changed = Service.update(state=to, **values).where(as_it_was).execute()
    except IntegrityError:
        raise _twins() from None
    if not changed:
        raise moved_on()
    found(service)


def rewrite(service, member, now, **words):
    """Other words for an entry: whoever suggested it mends what waits or was given back, which then waits (again); the
    host's changes stand at once and are on record. Returns the state it is in."""
    if not service.editable_by(member):
        raise Refused("not-editable", "这家服务现在不能修改")
    values = _checked(**words)
    with writing():
        if service.state == "returned":
            move(service, "returned", "pending", return_reason="", **values)
            return "pending"
        try:
            done = Service.update(**values).where((Service.id == service.id) & (Service.state == service.state)).execute()
        except IntegrityError:
            raise _twins() from None
        if not done:
            raise moved_on()
        found(service)
        if member.id != service.suggested_by_id or service.state != "pending":
            changed = [name for name in words if getattr(service, name) != values[name]]
            before, after = {name: getattr(service, name) for name in changed}, {name: values[name] for name in changed}
            record("edit service", service, member, now, "修改便民服务信息", before=before, after=after)
        return service.state


def record(action, service, host, now, reason, **more):
    """The host's line in the audit book, about whoever suggested the entry. In the caller's transaction."""
    subject = service.suggested_by.user_id
    audit.record(
        action, service, actor=host.user, now=now, reason=reason, neighborhood=service.neighborhood_id, subject=subject, **more
    )


def _tell(service, sentence, now, place):
    """Tell whoever suggested it what the host decided."""
    url = f"/n/{place.slug}/services/{service.id}"
    notices.tell([service.suggested_by.user_id], "review", sentence, url, now, neighborhood=place)


def approve(service, host, now):
    """Let a suggestion into the directory; the host has looked at it, so it counts as verified today."""
    with writing():
        move(service, "pending", "published", verified_at=now)
        _tell(service, f"您推荐的「{service.name}」进了便民服务名录，谢谢您", now, host.neighborhood)
        record("approve service", service, host, now, "便民服务审核通过")
        activity.record(service.suggested_by, "service", service.id, now)


def _turn(service, host, now, reason, arrow, action, said):
    reason = audit.reason_of(reason)
    with writing():
        move(service, *arrow, return_reason=reason)
        _tell(service, f"您推荐的「{service.name}」{said}：{reason}", now, host.neighborhood)
        record(action, service, host, now, reason)


def give_back(service, host, now, reason):
    """Return a suggestion with a reason; whoever made it can mend it and send it again."""
    _turn(service, host, now, reason, ("pending", "returned"), "return service", "请改一改")


def reject(service, host, now, reason):
    """Turn a suggestion down for good, with a reason its maker reads."""
    _turn(service, host, now, reason, ("pending", "rejected"), "reject service", "没有收进名录")


def hide(service, host, now, reason):
    """Take a published entry out of sight, with a reason."""
    _turn(service, host, now, reason, ("published", "hidden"), "hide service", "暂时看不到了")


def restore(service, host, now):
    """Show a hidden entry again. Refused where the same shop was put in anew meanwhile."""
    with writing():
        move(service, "hidden", "published", return_reason="")
        _tell(service, f"您推荐的「{service.name}」又看得到了", now, host.neighborhood)
        record("restore service", service, host, now, "看过了，恢复显示")
