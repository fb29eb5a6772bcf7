"""积分商店: what a 小区 gives for 积分, and the small gifts of its festivals (R38, R29).

A gift is a reward that costs nothing and is for each 户 once: the same stock, code and counter keep both (I5). Whether one may be
had now is what the clock says of its window: `Reward.standing(now)` is the one place that knows (G15).
"""

from datetime import timedelta

from peewee import (
    JOIN,
    BooleanField,
    CharField,
    Check,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    IntegrityError,
    TextField,
    fn,
)

from db import audit, photos, screening
from db.base import Refused, Table, hold, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.photos import Photo
from db.words import clean_line, clean_text

KINDS = {"goods": "好物", "service": "服务", "coupon": "兑换券", "gift": "节日小礼物"}
STANDINGS = {
    "draft": "草稿",
    "coming": "还没开始",
    "open": "可以兑换",
    "sold-out": "换完了",
    "over": "已经结束",
    "closed": "已经下架",
}
TRANSITIONS = {
    ("draft", "open"),
    ("open", "closed"),
    ("closed", "open"),
}
DEAREST, MOST, MOST_EACH, LONGEST_KEPT = 1_000_000, 100_000, 99, 60
KEPT_DAYS = {"gift": 7}  # how long a thing waits at the pickup place before it goes back
KEPT_OTHERWISE = 14
SHELF = 100


class Reward(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    kind = CharField(max_length=10)  # see KINDS
    title = CharField(max_length=30)
    words = TextField(default="")
    photo = ForeignKeyField(Photo, unique=True, null=True, backref="+", on_delete="SET NULL")
    price = IntegerField()  # in points
    stock = IntegerField()
    sold = IntegerField(default=0)  # asked for and not given back
    per_person = IntegerField(default=0)  # 0: as many as one likes
    per_household = IntegerField(default=0)  # 0: nobody is asked for her home
    prepare = BooleanField(default=False)  # the host makes it ready first, and says so
    opens_at = DateTimeField(null=True)
    closes_at = DateTimeField(null=True)
    place = CharField(max_length=40)  # where it is handed over
    hours = CharField(max_length=40, default="")
    keep_days = IntegerField()
    state = CharField(max_length=10, default="draft")  # see TRANSITIONS
    position = IntegerField(default=0)  # the host's order: the smaller stands first
    created_by = ForeignKeyField(Membership, backref="+", index=False)
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    closed_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("neighborhood", "state", "position"), False), (("created_by", "op_id"), True))
        constraints = [
            Check("sold >= 0 AND sold <= stock AND stock <= 100000", name="reward_stock"),
            Check("price BETWEEN 0 AND 1000000 AND (kind = 'gift') = (price = 0)", name="reward_price"),
            Check(
                "per_person BETWEEN 0 AND 99 AND per_household BETWEEN 0 AND 99 AND keep_days BETWEEN 3 AND 60"
                " AND (kind <> 'gift' OR per_household = 1)",
                name="reward_limits",
            ),
            Check("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="reward_window"),
        ]

    @property
    def left(self):
        return self.stock - self.sold

    @property
    def gift(self):
        return self.kind == "gift"

    @property
    def kind_name(self):
        return KINDS[self.kind]

    @property
    def verb(self):
        """What one does with it."""
        return "登记" if self.gift else "兑换"

    def standing(self, now):
        """Whether it may be had at this moment, a key of STANDINGS; every banner and rule asks here."""
        if self.state != "open":
            return self.state
        if self.opens_at and now < self.opens_at:
            return "coming"
        if self.closes_at and now >= self.closes_at:
            return "over"
        return "open" if self.left else "sold-out"

    def standing_name(self, now):
        standing = self.standing(now)
        if self.gift and standing in {"open", "sold-out"}:
            return {"open": "可以领取", "sold-out": "领完了"}[standing]
        return STANDINGS[standing]

    def seen_by(self, member):
        """Drafts are the host's; the rest is for all, what is off the shelf too: somebody may still have to fetch it."""
        return self.state != "draft" or (member is not None and member.is_host)


def _with_photo():
    return Reward.select(Reward, Photo).join(Photo, JOIN.LEFT_OUTER)


def find(neighborhood, reward_id):
    """The reward with this id in this 小区, or None (G1)."""
    return _with_photo().where((Reward.id == reward_id) & (Reward.neighborhood == neighborhood.id)).first()


def shelf(neighborhood, *states):
    """The rewards of a 小区 in these states, in the host's order; the open ones where none is named."""
    wanted = (Reward.neighborhood == neighborhood.id) & Reward.state.in_(states or ("open",))
    return list(_with_photo().where(wanted).order_by(Reward.position, Reward.id.desc()).limit(SHELF))


def last_place(neighborhood):
    """(place, hours) where the host had things fetched last: what a new form begins with."""
    here = Reward.select(Reward.place, Reward.hours).where(Reward.neighborhood == neighborhood.id)
    return here.order_by(Reward.id.desc()).tuples().first() or ("", "")


def _number(value, least, most, field, called):
    if type(value) is not int or not least <= value <= most:
        raise Refused("bad-number", f"{called}请写 {least}–{most} 的整数", field=field)
    return value


def _checked(kind, title, words, price, stock, per_person, per_household, opens_at, closes_at, place, hours, keep_days):
    """The columns a reward is made of, clean; Refused beside the field."""
    if kind not in KINDS:
        raise Refused("bad-kind", "请选一类", field="kind")
    gift = kind == "gift"
    title = clean_line(title, 30, "title", "名称")
    if len(title) < 2:
        raise Refused("bad-title", "给它起个名字吧（2–30 个字）", field="title")
    place = clean_line(place, 40, "place", "领取地点")
    if len(place) < 2:
        raise Refused("bad-place", "写一句到哪里领，邻居才找得到", field="place")
    told = {
        "title": title,
        "words": clean_text(words, 1000, "words", "说明"),
        "place": place,
        "hours": clean_line(hours, 40, "hours", "领取时间"),
    }
    for field, text in told.items():
        screening.check(text, field)
    if opens_at and closes_at and closes_at <= opens_at:
        raise Refused("bad-dates", "结束要晚于开始", field="closes_at")
    return told | {
        "price": 0 if gift else _number(price, 1, DEAREST, "price", "积分"),
        "stock": _number(stock, 0, MOST, "stock", "数量"),
        "per_person": 1 if gift else _number(per_person, 0, MOST_EACH, "per_person", "每人几件"),
        "per_household": 1 if gift else _number(per_household, 0, MOST_EACH, "per_household", "每户几件"),
        "keep_days": _number(keep_days, 3, LONGEST_KEPT, "keep_days", "保留几天"),
        "opens_at": opens_at,
        "closes_at": closes_at,
    }


def _photo(host, code):
    tray = photos.in_tray(host, [code] if code else [])
    if code and not tray:
        raise Refused("no-photo", "这张照片不在了，请再选一次", field="photo")
    return tray


def create(
    host, now, *, op_id, kind, title, words="", photo_code="", price=0, stock, per_person=0, per_household=0, prepare=False,
    opens_at=None, closes_at=None, place, hours="", keep_days=None,
):  # fmt: skip
    """A reward as its host plans it, still a draft; the same `op_id` again gives the first one back. Times UTC."""
    keep_days = KEPT_DAYS.get(kind, KEPT_OTHERWISE) if keep_days is None else keep_days
    values = _checked(kind, title, words, price, stock, per_person, per_household, opens_at, closes_at, place, hours, keep_days)
    first = (Reward.created_by == host.id) & (Reward.op_id == op_id)
    if done := Reward.get_or_none(first):
        return done
    tray = _photo(host, photo_code)
    try:
        with writing():
            if done := Reward.get_or_none(first):
                return done
            photos.use(tray, "owner")
            return Reward.create(
                neighborhood=host.neighborhood_id, kind=kind, photo=tray[0] if tray else None, prepare=bool(prepare),
                position=_front(host.neighborhood_id), created_by=host, op_id=op_id, created_at=now, **values,
            )  # fmt: skip
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Reward.get(first)


def _front(neighborhood_id):
    return (Reward.select(fn.MIN(Reward.position)).where(Reward.neighborhood == neighborhood_id).scalar() or 0) - 1


def taken(reward_id):
    """The reward as it stands now, its row taken until this transaction ends: what changes its stock goes one by one."""
    hold(Reward, Reward.id == reward_id)
    return Reward.get_by_id(reward_id)


def rewrite(reward, host, now, *, photo_code="", **told):
    """The host's other words, price, stock or limits; what was asked for already keeps its price. Refused beside `stock` where
    more are gone than there would be. What neighbours have seen is changed on record."""
    values = _checked(reward.kind, **{name: told[name] for name in told if name != "prepare"})
    values["prepare"] = bool(told.get("prepare"))
    tray = _photo(host, photo_code)
    with writing():
        before = taken(reward.id)
        if values["stock"] < before.sold:
            raise Refused("too-few", f"已经有 {before.sold} 件被要走了，总数不能比这个少", field="stock")
        if tray:
            photos.use(tray, "owner" if before.state == "draft" else "public")
            values["photo"] = tray[0]
        Reward.update(**values).where(Reward.id == reward.id).execute()
        if tray and before.photo_id:
            photos.drop([before.photo_id], used=True)
        changed = [name for name in values if name != "photo" and getattr(before, name) != values[name]]
        if before.state != "draft" and changed:
            was, is_now = (
                {name: _short(getattr(before, name)) for name in changed},
                {name: _short(values[name]) for name in changed},
            )
            _record("edit reward", before, host, now, "修改商店里的东西", before=was, after=is_now)


def _short(value):
    return value[:100] if isinstance(value, str) else value


def _record(action, reward, host, now, reason, **more):
    audit.record(action, reward, actor=host.user, now=now, reason=reason, neighborhood=reward.neighborhood_id, **more)


def move(reward, to, now):
    """Carry a reward along one arrow of TRANSITIONS, in the caller's transaction; refused where it is not there any more."""
    if (reward.state, to) not in TRANSITIONS:
        raise moved_on()
    values = {"state": to, "closed_at": now if to == "closed" else None}
    if not Reward.update(**values).where((Reward.id == reward.id) & (Reward.state == reward.state)).execute():
        raise moved_on()
    reward.state = to


def moved_on():
    """The refusal for whoever acts on a reward that changed meanwhile (409)."""
    return Refused("moved-on", "这件东西刚刚变了，请刷新看看")


def put_up(reward, host, now):
    """Show it in the store, for the first time or again. Refused where its window is over."""
    if reward.closes_at and reward.closes_at <= now:
        raise Refused("over", "结束时间已经过了，请先改一改再上架")
    with writing():
        move(reward, "open", now)
        if reward.photo_id:
            photos.show_to([reward.photo_id], "public")
        _record("open reward", reward, host, now, "在积分商店上架")


def take_down(reward, host, now):
    """Take it off the shelf; whoever has asked for it still gets it."""
    with writing():
        move(reward, "closed", now)
        _record("close reward", reward, host, now, "从积分商店下架")


def put_first(reward, host, now):
    """Let it stand first in the store."""
    with writing():
        Reward.update(position=_front(reward.neighborhood_id)).where(Reward.id == reward.id).execute()
        _record("put reward first", reward, host, now, "在积分商店排到最前面")


def take_one(reward, price, now):
    """One piece leaves the stock, in the caller's transaction, for the price its asker has seen. Refused, with the reason in
    words, where it cannot be had now (409): two hands never take the last one (G6)."""
    window = (Reward.opens_at.is_null() | (Reward.opens_at <= now)) & (Reward.closes_at.is_null() | (Reward.closes_at > now))
    there = (Reward.id == reward.id) & (Reward.state == "open") & (Reward.sold < Reward.stock) & window
    if Reward.update(sold=Reward.sold + 1).where(there & (Reward.price == price)).execute():
        return
    now_is = Reward.get_by_id(reward.id)
    standing = now_is.standing(now)
    if standing == "open":
        raise Refused("price-changed", f"刚刚改了价：现在是 {now_is.price} 积分。您看还要吗？")
    said = {
        "sold-out": f"来晚了一步，{'领' if now_is.gift else '换'}完了",
        "coming": "还没开始呢，到时候再来",
        "over": "已经结束了，谢谢您惦记",
    }
    raise Refused(standing, said.get(standing, "主理人刚刚把它下架了"))


def put_back(reward_id):
    """The piece is on the shelf again, in the caller's transaction."""
    Reward.update(sold=Reward.sold - 1).where(Reward.id == reward_id).execute()


def over_since(now, length=timedelta()):
    """The condition for rewards that nobody can ask for any more, and could not for so long."""
    return ((Reward.state == "closed") & (Reward.closed_at <= now - length)) | (Reward.closes_at <= now - length)
