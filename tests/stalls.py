"""A market for tests: one that is on, with booths in two zones, and rows of it for the walker."""

from datetime import timedelta

from db import events, markets, stamps
from db.events import Event
from db.registrations import Registration
from tests import make

HOUR = timedelta(hours=1)
CODE = "123456"  # as probes.GOOD has it


def market(by, now, *, begun=HOUR / 2, lasts=3 * HOUR, capacity=30):
    """A market of `by` that began a while ago; whoever makes it runs it."""
    event = make.event(by, now, title="春日邻里市集", capacity=capacity)
    times = {"starts_at": now - begun, "ends_at": now - begun + lasts}
    Event.update(kind="market", **times).where(Event.id == event.id).execute()
    return events.find(by.neighborhood, event.id)


def booth(event, by, now, name, zone="产品体验区", **told):
    made = markets.add_booth(event, by, now, zone=zone, name=name, **told)
    return markets.find_booth(by.neighborhood, made.id)


def stamped(booth, member, now):
    """A stamp that was pressed, whoever stood there."""
    return stamps.Stamp.create(booth=booth.id, event=booth.event_id, member=member, state="stamped", way="keeper", at=now)


def going(member, event, now, code="ABCDEF"):
    """A registration of a market that has begun already."""
    number = make.secrets.token_hex(8)
    return Registration.create(event=event, member=member, people=1, state="going", code=code, op_id=number, at=now)


def kept(booth, member, now):
    """The booth with this neighbour, who comes, behind it."""
    going(member, booth.event, now, "KEEPER")
    markets.Booth.update(keeper=member).where(markets.Booth.id == booth.id).execute()
    return markets.find_booth(member.neighborhood, booth.id)


def rows(cast, now):
    """{endpoint: its arguments}."""
    zhao, event = cast.zhao, market(cast.zhao, now)
    one, two, unwanted = (booth(event, zhao, now, name) for name in ("酵素", "剪纸", "空的"))
    markets.add_item(event, zhao, now, starts_at=event.starts_at, title="开市")
    markets.plan_card(event, zhao, now, wanted=2, prize="一盆薄荷", prizes=9)
    full = make.neighbor(cast.cuihu, "集齐的", now)
    for each in (one, two):
        stamped(each, full, now)
    asked = stamps.ask(one, now, member=cast.wang, device="a device")
    going(cast.chen, event, now, CODE)
    later = market(zhao, now, begun=-HOUR, lasts=96 * HOUR)  # the programme of a form is on another day
    here = {"event_id": event.id, "booth_id": one.id}
    return {
        "markets.": here | {"item_id": markets.programme(event)[0].id, "member_id": full.id},
        "markets.add_item": {"event_id": later.id}, "markets.drop_booth": {"booth_id": unwanted.id},
        "stamps.": {"booth_id": one.id, "stamp_id": asked.id, "code": "ABCDEF"},
        "stamps.by_name": {"booth_id": two.id, "member_id": cast.chen.id},
    }  # fmt: skip
