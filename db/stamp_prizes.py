"""集章礼: a full card of stamps is worth a prize, once, while there are some (R48, R42)."""

from peewee import DateTimeField, ForeignKeyField, fn

from db import audit, markets, stamps
from db.base import Refused, Table, writing
from db.event_days import only_who_runs
from db.events import Event, taken
from db.markets import Market
from db.members import Membership
from db.people import User
from db.stamps import Stamp


class StampPrize(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    by = ForeignKeyField(Membership, backref="+")
    at = DateTimeField()

    class Meta:
        indexes = ((("event", "member"), True),)


def of(event, member):
    """The prize this neighbour was given at that market, or None."""
    if member is None:
        return None
    return StampPrize.get_or_none((StampPrize.event == event.id) & (StampPrize.member == member.id))


def full_cards(event, limit=200):
    """[(membership, stamps, prize or None)] of those whose card is full, the ones who wait for their prize first."""
    wanted = markets.of(event).wanted
    if not wanted:
        return []
    many = fn.COUNT(Stamp.id)
    pressed = (Stamp.event == event.id) & (Stamp.state == "stamped") & Stamp.member.is_null(False)
    found = Stamp.select(Stamp.member, many).where(pressed).group_by(Stamp.member).having(many >= wanted)
    counts = dict(found.tuples())
    prizes = {row.member_id: row for row in StampPrize.select().where(StampPrize.event == event.id)}
    rows = Membership.select(Membership, User).join(User).where(Membership.id.in_(list(counts)))
    told = [(row, counts[row.id], prizes.get(row.id)) for row in rows.order_by(User.name, Membership.id)]
    return sorted(told, key=lambda each: each[2] is not None)[:limit]


def plan_card(event, by, now, *, wanted, prize, prizes):
    """Set the card (db/markets.py); whose card is full at once, as fewer stamps fill it now, hears of it."""
    with writing():
        before = markets.of(taken(event)).wanted
        markets.plan_card(event, by, now, wanted=wanted, prize=prize, prizes=prizes)
        market = markets.of(event)
        for member, many, given in full_cards(event):
            if given is None and (many < before or not before):
                stamps.tell_full(event, member, market, now)


def give_prize(event, member, by, now):
    """Hand the prize of a full card over, once each, while there are some (G5, G6); she hears of it. Audited, and nobody gives
    one to herself."""
    only_who_runs(event, by)
    if member.id == by.id:
        raise Refused("own", "自己的礼物，请别人来给")
    with writing():
        event = taken(event)
        if there := of(event, member):
            return there
        theirs = stamps.card(event, member=member)
        if not theirs.full:
            raise Refused("too-few", f"还差 {max(theirs.market.wanted - len(theirs.stamped), 0)} 个章")
        some = (Market.event == event.id) & (Market.given < Market.prizes)
        if not Market.update(given=Market.given + 1).where(some).execute():
            raise Refused("none-left", "礼物发完了")
        stamps.tell(event, member, f"领到了集章礼：{theirs.market.prize}", now)
        row = StampPrize.create(event=event, member=member, by=by, at=now)
        about = {"neighborhood": event.neighborhood_id, "subject": member.user_id}
        audit.record("give stamp prize", row, actor=by.user, now=now, reason="发集章礼", **about)
        return row


def turn_away(booth, stamp, by, now):
    """Take a stamp back (db/stamps.py); refused where its card was worth a prize already."""
    with writing():
        event = taken(booth.event)
        row = Stamp.get_or_none((Stamp.id == stamp.id) & (Stamp.state == "stamped"))
        if row is not None and event.run_by(by) and of(event, row.member):
            raise Refused("prized", "礼物已经领走了，这个章不能再撤")
        stamps.turn_away(booth, stamp, by, now)


def fold(member, into):
    """One prize of each market is left of two accounts' (db/merging.py)."""
    both = [row.event_id for row in StampPrize.select().where(StampPrize.member == into.id)]
    StampPrize.delete().where((StampPrize.member == member.id) & StampPrize.event.in_(both)).execute()
    StampPrize.update(member=into.id).where(StampPrize.member == member.id).execute()
    StampPrize.update(by=into.id).where(StampPrize.by == member.id).execute()
