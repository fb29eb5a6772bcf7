"""集章: a stamp says that somebody stood at a booth; what a full card is worth is db/stamp_prizes.py (R48, R42).

The poster of a booth may be photographed and passed on, so it only lets one ask: whoever keeps the booth presses the stamp. The
code on her phone changes every half minute (S8) and stamps by itself. A guest's stamps lie under the name of her device until
she joins on it.
"""

import hashlib
from datetime import UTC, timedelta
from typing import NamedTuple

from peewee import JOIN, CharField, Check, DateTimeField, ForeignKeyField

from db import activity, audit, checkins, limits, links, markets, notices, rotating
from db.base import Refused, Table, hold, writing
from db.event_days import only_who_runs
from db.events import Event, path, taken
from db.markets import Booth, Market
from db.members import Membership
from db.people import User

TRANSITIONS = {("asked", "stamped")}  # whoever asked in vain, or was stamped by a slip, has no row any more
WAYS = {"code": "扫现场码", "keeper": "摊主盖的", "name": "报名字盖的", "paper": "纸卡补录"}
PURPOSE = "stamp"
ARRIVED = timedelta(minutes=10)  # from the scan to the button: time enough to join first
WAITS = timedelta(minutes=30)  # so long somebody who asked stands at the booth, as far as one can tell
GUESTS_KEPT = timedelta(days=30)
SHOWN = 40


class Stamp(Table):
    booth = ForeignKeyField(Booth, backref="+", index=False, on_delete="CASCADE")
    event = ForeignKeyField(Event, backref="+", on_delete="CASCADE")
    member = ForeignKeyField(Membership, null=True, backref="+")
    device = CharField(max_length=64, null=True, index=True)  # of a guest, as a digest
    state = CharField(max_length=8)  # see TRANSITIONS
    way = CharField(max_length=8, default="")  # see WAYS
    by = ForeignKeyField(Membership, null=True, backref="+")  # who pressed it
    at = DateTimeField()  # when she stood there

    class Meta:
        indexes = ((("booth", "member"), True), (("booth", "device"), True), (("booth", "state", "at"), False))
        constraints = [Check("(member_id IS NULL) <> (device IS NULL)", name="stamp_whose")]

    @property
    def way_name(self):
        return WAYS.get(self.way, "")

    @property
    def letters(self):
        """How a keeper tells guests apart: four letters that the guest's phone shows as well."""
        return (self.device or "")[:4].upper()


class Card(NamedTuple):
    """What one has of a market's stamps."""

    market: Market
    stamped: frozenset  # ids of booths
    mine: object = None  # her stamp, or wish for one, at the booth that was asked about

    @property
    def full(self):
        return 0 < self.market.wanted <= len(self.stamped)


def _digest(device):
    """A device's name as it stands in a row: no cookie can be made from it."""
    return hashlib.sha256(f"stamp {device}".encode()).hexdigest()


def _whose(member, device):
    return Stamp.member == member.id if member is not None else Stamp.device == _digest(device)


def card(event, booth=None, *, member=None, device=""):
    """The card of this neighbour, or of the device in a guest's hand."""
    rows = list(Stamp.select().where((Stamp.event == event.id) & _whose(member, device)))
    mine = next((row for row in rows if booth is not None and row.booth_id == booth.id), None)
    return Card(markets.of(event), frozenset(row.booth_id for row in rows if row.state == "stamped"), mine)


# At the booth


def steps(booth, now):
    """[(code, seconds from now until it goes)] of the next ten minutes, as db/checkins.py gives them for a screen."""
    slot, left = rotating.slot_at(now), rotating.left(now)
    every = range(checkins.STEPS)
    return [(rotating.code(PURPOSE, (booth.id,), slot + step), left + step * rotating.SLOT) for step in every]


def arrive(booth, code, device, now):
    """A word that says that this device saw the keeper's code just now, or None for a code that is not of now. Changes
    nothing."""
    if not rotating.check(PURPOSE, (booth.id,), code, now):
        return None
    return links.sign(PURPOSE, booth.id, device, int(now.replace(tzinfo=UTC).timestamp()))


def was_there(booth, word, device, now):
    """Whether `arrive` gave this word to this device, lately."""
    booth_id, its, moment = links.read(PURPOSE, word or "", 3) or (None, None, 0)
    age = now.replace(tzinfo=UTC).timestamp() - moment
    return (booth_id, its) == (booth.id, device) and -1 <= age <= ARRIVED.total_seconds()


def ask(booth, now, *, member=None, device, word=""):
    """Ask for the stamp of this booth, as a neighbour or by the device in a guest's hand; however often, it is one. With the
    word of `arrive` it is pressed at once, unless she keeps the booth herself; otherwise it waits for whoever keeps it. Refused
    where there is no market now."""
    limits.spend("stamp", f"member {member.id}" if member is not None else f"device {device}", now)
    _check_open(booth.event, now)
    there = was_there(booth, word, device, now) and not booth.kept_by(member)
    with writing():
        if member is None:
            taken(booth.event)
        else:
            hold(Event, (Event.id == booth.event_id) | Event.id.in_(_of_device(device, member).select(Stamp.event)))
            _carry_over(device, member, now)
        row = _asked(booth, now, member, device)
        if there and row.state == "asked":
            row = _press(row, "code", None, now)
    return row


def is_open(event, now):
    """Whether there is a market now at which one collects stamps, from half an hour before it to half an hour after."""
    return event.kind == "market" and checkins.is_open(event, now)


def _check_open(event, at):
    if not is_open(event, at):
        early = event.state != "cancelled" and at < checkins.opens_at(event)
        raise Refused("not-now", "市集还没开始，到时候再来盖" if early else "市集已经散了，谢谢您惦记")


def _asked(booth, at, member, device=None):
    """Her row at this booth as it stands, made where there is none; asked again, she stands there now. In a transaction that
    holds the market, as does whoever merges or forgets her."""
    if member is not None and Membership.get_by_id(member.id).status != "active":
        raise Refused("moved-away", "这位邻居已经不在小区了")
    whose = {"member": member.id} if member is not None else {"device": _digest(device)}
    Stamp.insert(booth=booth.id, event=booth.event_id, state="asked", at=at, **whose).on_conflict_ignore().execute()
    hers = (Stamp.booth == booth.id) & _whose(member, device)
    Stamp.update(at=at).where(hers & (Stamp.state == "asked")).execute()
    return Stamp.get(hers)


def _press(row, way, by, at, now=None):
    """asked → stamped, once; the latest of so many fills her card, and she hears of it. In the caller's transaction, which holds
    the market: two stamps in one moment would both not be the last."""
    asked = (Stamp.id == row.id) & (Stamp.state == "asked")
    pressed = Stamp.update(state="stamped", way=way, by=by and by.id, at=at).where(asked).execute()
    row = Stamp.get_or_none(Stamp.id == row.id)
    if row is None:
        raise Refused("gone", "这个章刚刚撤了")
    if pressed and row.member_id is not None:
        _counted(row.member, row, at, now or at)
    return row


def _counted(member, row, at, now):
    event = Event.get_by_id(row.event_id)
    theirs = card(event, member=member)
    if theirs.market.wanted and len(theirs.stamped) == theirs.market.wanted:
        tell_full(event, member, theirs.market, now)
    activity.record(member, "stamp", row.booth_id, at)


def tell_full(event, member, market, now):
    """She hears that her card is full. In the caller's transaction."""
    tell(event, member, f"集齐了 {market.wanted} 个章，到服务台领{market.prize}", now)


def tell(event, member, said, now):
    """She hears about her card; lines that she has not read become one. In the caller's transaction."""
    url, key = path(event) + "/market", f"stamps {event.id}"
    notices.tell([member.user_id], "event", said, url, now, neighborhood=event.neighborhood_id, key=key, anew=True)


def _only_who_keeps(booth, by):
    if not booth.kept_by(by):
        raise Refused("not-yours", "这里由摊主和发起人管", status=403)


def find(booth, stamp_id):
    """A stamp of this booth, or None."""
    return Stamp.get_or_none((Stamp.id == stamp_id) & (Stamp.booth == booth.id))


def _at(booth, state):
    whole = Stamp.select(Stamp, Membership, User).join(Membership, JOIN.LEFT_OUTER, on=Stamp.member).join(User, JOIN.LEFT_OUTER)
    return whole.where((Stamp.booth == booth.id) & (Stamp.state == state))


def waiting(booth, now):
    """Who asked lately and stands at the booth, the first one first; guests, who have no member, after the neighbours."""
    asked = _at(booth, "asked").where(Stamp.at > now - WAITS).order_by(Stamp.at, Stamp.id)
    guests = Stamp.member.is_null()
    return [*asked.where(~guests).limit(SHOWN), *asked.where(guests).limit(SHOWN)]


def pressed(booth, limit=12):
    """Whose stamps were pressed here, the latest first: a slip of the finger is taken back from this list."""
    return list(_at(booth, "stamped").order_by(Stamp.at.desc(), Stamp.id.desc()).limit(limit))


def press(booth, stamp, by, now):
    """Whoever keeps the booth sees her and presses the stamp; twice is once. Nobody presses her own."""
    _only_who_keeps(booth, by)
    _check_open(booth.event, now)
    if stamp.member_id == by.id:
        raise _own()
    with writing():
        taken(booth.event)
        return _press(stamp, "keeper", by, now)


def _own():
    return Refused("own", "自己的章，请别人来盖")


def turn_away(booth, stamp, by, now):
    """Whoever asked does not stand there, or the finger slipped: the stamp is gone. A pressed one only by those who run the
    market, audited (db/stamp_prizes.py asks first whether its card was worth a prize)."""
    _only_who_keeps(booth, by)
    with writing():
        taken(booth.event)
        stamp = Stamp.get_or_none(Stamp.id == stamp.id)
        if stamp is None:
            return
        if stamp.state == "stamped":
            only_who_runs(booth.event, by)
            member = stamp.member_id and Membership.get_by_id(stamp.member_id)
            if member:
                _audit("undo stamp", booth, member, by, now, "点错了，撤销集章")
                mine = (activity.Action.membership == member.id) & (activity.Action.object_id == booth.id)
                activity.Action.delete().where(mine & (activity.Action.kind == "stamp")).execute()
        Stamp.delete().where(Stamp.id == stamp.id).execute()


def _audit(action, booth, member, by, now, reason, after=None):
    place = booth.neighborhood_id
    audit.record(action, booth, actor=by.user, now=now, reason=reason, neighborhood=place, subject=member.user_id, after=after)


def people(booth, name, limit=8):
    """Neighbours of this 小区 whose name holds `name`: who stands at the booth with a phone that is dead, or with none."""
    name = "".join(filter(str.isprintable, name or "")).strip()[:12]
    if not name:
        return []
    here = (Membership.neighborhood == booth.neighborhood_id) & (Membership.status == "active") & User.name.contains(name)
    rows = Membership.select(Membership, User).join(User).where(here).order_by(User.name, Membership.id)
    return list(rows.limit(limit))


def by_name(booth, member, by, now):
    """Stamp a neighbour without a phone, by her name; audited, and twice is once."""
    _only_who_keeps(booth, by)
    _check_open(booth.event, now)
    return _for(booth, member, by, now, now, "name")


def on_paper(booth, member, by, now, at):
    """A stamp on a card of paper is entered later, with the time that stands on it (UTC), for a week; audited."""
    only_who_runs(booth.event, by)
    event = booth.event
    if at is None or not checkins.opens_at(event) <= at <= min(checkins.closes_at(event), now):
        raise Refused("bad-time", "请填纸上写的时间：开始前半小时到结束后半小时之间", field="at")
    if now > event.ends_at + checkins.PAPER_UNTIL:
        raise Refused("too-late", "市集过去一个星期了，不能再补录")
    _check_open(event, at)
    return _for(booth, member, by, now, at, "paper")


def _for(booth, member, by, now, at, way):
    if member.id == by.id:
        raise _own()
    with writing():
        taken(booth.event)
        row = _asked(booth, at, member)
        if row.state == "asked":
            row = _press(row, way, by, at, now)
            action, reason = ("paper stamp", "纸质集章补录") if way == "paper" else ("stamp by name", "替没带手机的邻居盖章")
            _audit(action, booth, member, by, now, reason, {"at": at})
    return row


# A guest becomes a neighbour


def carry_over(device, member, now):
    """What this device collected in her 小区 before she came in on it is hers."""
    if _of_device(device, member).exists():
        with writing():
            hold(Event, Event.id.in_(_of_device(device, member).select(Stamp.event)))
            _carry_over(device, member, now)


def _of_device(device, member):
    here = Event.select(Event.id).where(Event.neighborhood == member.neighborhood_id)
    return Stamp.select().where((Stamp.device == _digest(device)) & Stamp.event.in_(here)).order_by(Stamp.id)


def _carry_over(device, member, now):
    for row in list(_of_device(device, member)):
        other = Stamp.get_or_none((Stamp.booth == row.booth_id) & (Stamp.member == member.id))
        if other is not None and (other.state == "stamped" or row.state == "asked"):
            Stamp.delete().where(Stamp.id == row.id).execute()
            continue
        if other is not None:
            Stamp.delete().where(Stamp.id == other.id).execute()
        guests = (Stamp.id == row.id) & Stamp.member.is_null()
        if Stamp.update(member=member.id, device=None).where(guests).execute() and row.state == "stamped":
            _counted(member, row, row.at, now)


def drop_booth(booth, by, now):
    """Take a booth off the list; refused while somebody has its stamp."""
    only_who_runs(booth.event, by)
    with writing():
        taken(booth.event)
        if Stamp.select().where((Stamp.booth == booth.id) & (Stamp.state == "stamped")).exists():
            raise Refused("in-use", "已经有人集了这个摊位的章，不能删掉")
        markets.drop_booth(booth, by, now)


def forget_guests(now):
    """A month after a market nobody needs to know which device was where (the clock calls it daily)."""
    over = Event.select(Event.id).where(Event.ends_at < now - GUESTS_KEPT)
    with writing():
        return Stamp.delete().where(Stamp.device.is_null(False) & Stamp.event.in_(over)).execute()


def fold(member, into):
    """What one membership collected is the other's; where both have it, the pressed one stays (db/merging.py)."""
    hold(Stamp, Stamp.member.in_((member.id, into.id)))
    theirs = {row.booth_id: row for row in Stamp.select().where(Stamp.member == into.id)}
    hers = list(Stamp.select().where(Stamp.member == member.id).order_by(Stamp.id))
    for row in hers:
        if other := theirs.get(row.booth_id):
            worse = other if row.state == "stamped" else row
            Stamp.delete().where(Stamp.id == worse.id).execute()
    Stamp.update(member=into.id).where(Stamp.member == member.id).execute()
    Stamp.update(by=into.id).where(Stamp.by == member.id).execute()
    markets.fold(member, into)
