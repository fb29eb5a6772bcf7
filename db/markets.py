"""市集: the booths of a market day in their zones, the map, the programme, the prize of a full stamp card, and how it goes at
each booth just now (R48). A market hangs on an event of that kind; who comes, and who is there, is a matter of registrations.
"""

from datetime import timedelta

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db import audit, photos, registrations, scans, screening
from db.base import Refused, Table, writing
from db.event_days import moves_along, only_who_runs
from db.events import Event, taken
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.photos import Photo
from db.words import clean_line

ZONES = ("产品体验区", "亲子游戏区", "分享角")  # as a new market suggests them; a host may name others
MOST_BOOTHS, MOST_ITEMS = 60, 40
MOST_PRIZES = 10_000
COMES = ("going", "checked_in")


class Market(Table):
    event = ForeignKeyField(Event, unique=True, backref="+", on_delete="CASCADE")
    map_photo = ForeignKeyField(Photo, unique=True, null=True, backref="+", on_delete="SET NULL")
    wanted = IntegerField(default=0)  # stamps that fill a card; 0: there is no card
    prize = CharField(max_length=30, default="")
    prizes = IntegerField(default=0)
    given = IntegerField(default=0)

    class Meta:
        constraints = [
            Check("wanted BETWEEN 0 AND 60 AND given BETWEEN 0 AND prizes AND prizes <= 10000", name="market_prizes"),
        ]

    @property
    def left(self):
        return self.prizes - self.given


class Booth(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+")  # as every table a printed code leads to (db/targets.py)
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    zone = CharField(max_length=12)
    name = CharField(max_length=20)
    words = CharField(max_length=100, default="")
    keeper = ForeignKeyField(Membership, null=True, backref="+")  # who presses its stamp, beside those who run the event
    queue = IntegerField(default=0)  # people in line, as the keeper says
    stock = IntegerField(null=True)  # what is left, as the keeper says; nothing where nobody counts
    told_at = DateTimeField(null=True)  # when she said so

    class Meta:
        indexes = ((("event", "name"), True),)
        constraints = [Check("queue BETWEEN 0 AND 999 AND (stock IS NULL OR stock BETWEEN 0 AND 9999)", name="booth_counts")]

    def kept_by(self, member):
        """Who may press its stamp and say how it goes there: those who run the market, and its keeper while she comes."""
        if member is None or self.event.run_by(member):
            return member is not None
        mine = registrations.of(self.event, member) if member.id == self.keeper_id else None
        return mine is not None and mine.state in COMES

    def readable_by(self, member):
        """Who may read of it: whoever may read of the market."""
        return self.event.readable_by(member)


class ProgrammeItem(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    starts_at = DateTimeField()
    title = CharField(max_length=40)

    class Meta:
        indexes = ((("event", "starts_at", "title"), True),)


def of(event):
    """The market of an event of that kind, with its map; as one that nobody has planned yet where there is no row."""
    row = Market.select(Market, Photo).join(Photo, JOIN.LEFT_OUTER).where(Market.event == event.id).first()
    return row or Market(event=event.id)


def find_booth(neighborhood, booth_id):
    """A booth of this 小区, with its event and whoever made that, or None (G1)."""
    whole = Booth.select(Booth, Event, Membership, User).join(Event).join(Membership).join(User)
    return whole.where((Booth.id == booth_id) & (Booth.neighborhood == neighborhood.id)).first()


def booths(event):
    """All booths, zone by zone in the order in which the zones were first named, each with its keeper's name to read."""
    rows = Booth.select(Booth, Membership, User).join(Membership, JOIN.LEFT_OUTER).join(User, JOIN.LEFT_OUTER)
    listed = list(rows.where(Booth.event == event.id).order_by(Booth.id))
    for each in listed:
        each.event = event
    order = list(dict.fromkeys(each.zone for each in listed))
    return sorted(listed, key=lambda each: order.index(each.zone))


def zones(booths):
    """{zone: its booths} of what `booths` gave, in that order."""
    return {zone: [each for each in booths if each.zone == zone] for zone in dict.fromkeys(each.zone for each in booths)}


def programme(event):
    """What happens when, in its order."""
    return list(ProgrammeItem.select().where(ProgrammeItem.event == event.id).order_by(ProgrammeItem.starts_at, ProgrammeItem.id))


def find_item(event, item_id):
    """A line of this programme, or None."""
    return ProgrammeItem.get_or_none((ProgrammeItem.id == item_id) & (ProgrammeItem.event == event.id))


def helpers(event, limit=200):
    """[(membership id, name)] of those who come: one of them may keep a booth."""
    rows = registrations.listed(event, *COMES)[:limit]
    return [(row.member_id, row.member.user.name) for row in rows]


def _said(text, longest, field, called, example):
    text = clean_line(text, longest, field, called)
    if not text:
        raise Refused("no-words", example, field=field)
    screening.check(text, field)
    return text


def _checked(event, zone, name, words, keeper_id):
    values = {
        "zone": _said(zone, 12, "zone", "展区", "写一下在哪个区，比如「亲子游戏区」"),
        "name": _said(name, 20, "name", "名称", "写一下摊位叫什么，比如「赵敏的酵素」"),
        "words": clean_line(words, 100, "words", "介绍"),
        "keeper": keeper_id or None,
    }
    screening.check(values["words"], "words")
    if keeper_id != 0 and keeper_id not in {number for number, _ in helpers(event)}:
        raise Refused("no-keeper", "请从报名来的邻居里选一位", field="keeper")
    return values


def _market_of(event):
    """The event, held; refused where it is no market or is called off. In the transaction of what changes it."""
    event = taken(event)
    if event.kind != "market":
        raise Refused("no-market", "只有市集有摊位")
    if event.state == "cancelled":
        raise Refused("cancelled", "这场市集取消了")
    return event


def add_booth(event, by, now, *, zone, name, words="", keeper_id=0):
    """One booth more, and the code its poster shows; the same form sent twice gives the first one back (G5)."""
    only_who_runs(event, by)
    values = _checked(event, zone, name, words, keeper_id)
    with writing():
        _market_of(event)
        if there := Booth.get_or_none((Booth.event == event.id) & (Booth.name == values["name"])):
            if (there.zone, there.words, there.keeper_id) == (values["zone"], values["words"], values["keeper"]):
                return there
            raise Refused("same-name", "已经有叫这个名字的摊位了", field="name")
        if Booth.select().where(Booth.event == event.id).count() >= MOST_BOOTHS:
            raise Refused("too-many", f"一场市集最多 {MOST_BOOTHS} 个摊位", field="name")
        booth = Booth.create(neighborhood=event.neighborhood_id, event=event, **values)
        scans.view_code(by.neighborhood, "booth", "booth", booth.id, by, now, f"摊位：{booth.name}")
        return booth


def rewrite_booth(booth, by, now, *, zone, name, words="", keeper_id=0):
    """Other words, another zone or keeper; the poster's code stays. Audited, as neighbours may have read it."""
    event = booth.event
    only_who_runs(event, by)
    values = _checked(event, zone, name, words, keeper_id)
    with writing():
        _market_of(event)
        same = (Booth.event == event.id) & (Booth.name == values["name"]) & (Booth.id != booth.id)
        if Booth.select().where(same).exists():
            raise Refused("same-name", "已经有叫这个名字的摊位了", field="name")
        before = {"zone": booth.zone, "name": booth.name, "words": booth.words, "keeper": booth.keeper_id}
        if before != values:
            Booth.update(**values).where(Booth.id == booth.id).execute()
            _record("edit booth", booth, by, now, "修改摊位", before=before, after=values)


def drop_booth(booth, by, now):
    """Take a booth off the list while nobody has its stamp (db/stamps.py asks that first), and the others fill a card; its
    printed code leads nowhere."""
    only_who_runs(booth.event, by)
    with writing():
        event = _market_of(booth.event)
        if of(event).wanted > Booth.select().where((Booth.event == event.id) & (Booth.id != booth.id)).count():
            raise Refused("card-too-big", "剩下的摊位集不满一张卡了，先把集章卡改小")
        Booth.delete().where(Booth.id == booth.id).execute()
        _record("drop booth", booth, by, now, "删掉摊位", before={"zone": booth.zone, "name": booth.name})


def _record(action, thing, by, now, reason, **more):
    audit.record(action, thing, actor=by.user, now=now, reason=reason, neighborhood=by.neighborhood_id, **more)


def add_item(event, by, now, *, starts_at, title):
    """One line of the programme, on the day of the market; the same one twice is one (G5)."""
    only_who_runs(event, by)
    title = _said(title, 40, "title", "节目", "写一下是什么，比如「非遗剪纸，人人能做」")
    if starts_at is None or not event.starts_at <= starts_at < event.ends_at:
        raise Refused("bad-time", "时间要在市集开始和结束之间", field="starts_at")
    with writing():
        _market_of(event)
        if ProgrammeItem.select().where(ProgrammeItem.event == event.id).count() >= MOST_ITEMS:
            raise Refused("too-many", f"一场市集最多 {MOST_ITEMS} 个节目", field="title")
        ProgrammeItem.insert(event=event.id, starts_at=starts_at, title=title).on_conflict_ignore().execute()


def drop_item(event, item, by, now):
    """Take a line off the programme."""
    only_who_runs(event, by)
    with writing():
        _market_of(event)
        ProgrammeItem.delete().where(ProgrammeItem.id == item.id).execute()


def _row(event):
    """The market's own row, made where there is none. In the transaction that holds its event."""
    Market.insert(event=event.id).on_conflict_ignore().execute()
    return Market.get(Market.event == event.id)


def draw_map(event, by, now, code):
    """Show this photo of one's tray as the map; the one before is forgotten."""
    only_who_runs(event, by)
    tray = photos.in_tray(by, [code])
    if not tray:
        raise Refused("no-photo", "这张照片不在了，请再选一次", field="photo")
    with writing():
        _market_of(event)
        before = _row(event).map_photo_id
        photos.use(tray, "public", now)
        Market.update(map_photo=tray[0]).where(Market.event == event.id).execute()
        if before:
            photos.drop([before], used=True)


def plan_card(event, by, now, *, wanted, prize, prizes):
    """So many stamps for this prize, of which there are so many; 0 stamps: no card. Not more stamps than booths, and not fewer
    prizes than were given already. Audited, as those who collect have read it."""
    only_who_runs(event, by)
    if not isinstance(wanted, int) or not 0 <= wanted <= MOST_BOOTHS:
        raise Refused("bad-number", f"集几个章？填 0–{MOST_BOOTHS}，0 就是没有集章卡", field="wanted")
    if not isinstance(prizes, int) or not 0 <= prizes <= MOST_PRIZES:
        raise Refused("bad-number", f"一共几份？填 0–{MOST_PRIZES}", field="gifts")
    prize = _said(prize, 30, "prize", "礼物", "集齐了送什么？比如「一盆薄荷」") if wanted else ""
    with writing():
        _market_of(event)
        if wanted > Booth.select().where(Booth.event == event.id).count():
            raise Refused("too-many", "章比摊位还多，集不齐的；先把摊位加上", field="wanted")
        before = _row(event)
        if prizes < before.given:
            raise Refused("too-few", f"已经发出去 {before.given} 份了，不能比这个少", field="gifts")
        if wanted and not prizes:
            raise Refused("bad-number", "一共几份？至少 1 份，集齐了才有得领", field="gifts")
        values = {"wanted": wanted, "prize": prize, "prizes": prizes}
        was = {name: getattr(before, name) for name in values}
        if was != values:
            Market.update(**values).where(Market.event == event.id).execute()
            _record("plan stamp card", event, by, now, "定集章卡", before=was, after=values)


def tell_state(booth, by, now, *, queue, stock):
    """How many stand in line and how much is left, as whoever keeps the booth says just now."""
    if not booth.kept_by(by):
        raise Refused("not-yours", "这里由摊主和发起人管", status=403)
    if not isinstance(queue, int) or not 0 <= queue <= 999:
        raise Refused("bad-number", "排队人数填 0–999", field="queue")
    if stock is not None and (not isinstance(stock, int) or not 0 <= stock <= 9999):
        raise Refused("bad-number", "剩几份填 0–9999，不数就空着", field="stock")
    with writing():
        Booth.update(queue=queue, stock=stock, told_at=now).where(Booth.id == booth.id).execute()


def copy(source, event, now):
    """The booths, the programme and the card of one edition for the next one (db/series.py). Who keeps a booth says so anew."""
    later = event.starts_at - source.starts_at
    if card := Market.get_or_none(Market.event == source.id):
        Market.create(event=event.id, wanted=card.wanted, prize=card.prize, prizes=card.prizes)
    for item in programme(source):
        ProgrammeItem.create(event=event, starts_at=item.starts_at + later, title=item.title)
    for booth in list(Booth.select().where(Booth.event == source.id).order_by(Booth.id)):
        words = {"zone": booth.zone, "name": booth.name, "words": booth.words}
        fresh = Booth.create(neighborhood=event.neighborhood_id, event=event, **words)
        scans.view_code(event.neighborhood, "booth", "booth", fresh.id, None, now, f"摊位：{booth.name}")


def _move_along(event, later):
    items = programme(event)
    for item in reversed(items) if later > timedelta(0) else items:  # none may meet another on the way
        ProgrammeItem.update(starts_at=item.starts_at + later).where(ProgrammeItem.id == item.id).execute()


moves_along.append(_move_along)


def fold(member, into):
    """Booths that one membership keeps are the other's (db/merging.py)."""
    Booth.update(keeper=into.id).where(Booth.keeper == member.id).execute()
