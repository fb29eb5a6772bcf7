"""How a place among the 生活大使 ends: by the clock, with the day that moves, and with whoever leaves (R46, I14)."""

from datetime import timedelta

from db import event_days
from db.ambassadors import OPEN, WAITS, Ambassador, AmbassadorCall, held, move, move_up, seat, tell, without_content
from db.base import writing
from db.events import Event, called, taken
from db.members import Membership


def settle_due(now):
    """By the clock: invitations nobody answered lapse, and the day before whoever has nothing prepared is reminded, once.
    Returns how many calls had some."""
    old = (Ambassador.state == "invited") & ((Ambassador.invited_at <= now - WAITS) | (AmbassadorCall.until <= now))
    old |= Ambassador.state.in_(OPEN) & (Membership.status != "active") & (Event.ends_at > now)
    rows = Ambassador.select(Ambassador.call).join(AmbassadorCall).join(Event).switch(Ambassador).join(Membership)
    due = {row.call_id for row in rows.where(old)}
    soon = (Event.starts_at > now) & (Event.starts_at <= now + timedelta(days=1)) & (Event.state.in_(("published", "closed_reg")))
    soon &= (Event.sight == "shown") & AmbassadorCall.reminded_at.is_null()
    eve = {row.id for row in AmbassadorCall.select(AmbassadorCall.id).join(Event).where(soon)}
    for number in sorted(due | eve):
        with writing():
            event = taken(AmbassadorCall.get_by_id(number).event)
            call = held(event)
            gone = (Ambassador.call == call.id) & (Ambassador.state == "invited")
            gone &= (Ambassador.invited_at <= now - WAITS) | (now >= call.until)
            Ambassador.update(state="lapsed").where(gone).execute()
            _let_go(call, event, now)
            if number in eve and call.reminded_at is None:
                AmbassadorCall.update(reminded_at=now).where(AmbassadorCall.id == call.id).execute()
                tell(event, without_content(call), f"{called(event)}快到了，您的内容还没选上", now, "ambassador content")
    return len(due | eve)


def _let_go(call, event, now):
    """Whoever has left the 小区 leaves her place as well."""
    left = Ambassador.select().join(Membership).where((Ambassador.call == call.id) & (Membership.status != "active"))
    for row in list(left.where(Ambassador.state.in_(OPEN)).order_by(Ambassador.id)):
        was, to = row.state, "lapsed" if row.state == "invited" else "withdrawn"
        move(row, to, no=None)
        if was == "accepted":
            seat(call, -1)
    if event.for_all and event.phase(now) in {"published", "closed_reg", "ongoing"}:
        move_up(call, event, now)


def _moves(event, by_how_much):
    """The day was put off, or brought forward: so is the time to answer, and the reminder is owed again."""
    for call in list(AmbassadorCall.select().where(AmbassadorCall.event == event.id)):
        starts_at = Event.get_by_id(event.id).starts_at
        moved = {"until": max(call.until + by_how_much, min(call.until, starts_at)), "reminded_at": None}
        AmbassadorCall.update(**moved).where(AmbassadorCall.id == call.id).execute()


event_days.moves_along.append(_moves)


def with_call(places):
    """Events of these 小区 that have a call: rows to hold before anything of their lists changes (db/base.py: writing)."""
    return Event.neighborhood.in_(places) & Event.id.in_(AmbassadorCall.select(AmbassadorCall.event))


def _users(event):
    """Who of the list hears that the day was moved or called off (db/event_days.py)."""
    rows = Ambassador.select(Ambassador, Membership).join(Membership).switch(Ambassador).join(AmbassadorCall)
    wanted = (AmbassadorCall.event == event.id) & Ambassador.state.in_(OPEN) & (Membership.status == "active")
    return [row.member.user_id for row in rows.where(wanted)]


event_days.also_told.append(_users)


def forget(line, her, now):
    """Her place is free, and what was said of her goes (db/belongings.py)."""
    for row in list(Ambassador.select().where(Ambassador.member.in_(her.members)).order_by(Ambassador.id)):
        _free(row, now)
    Ambassador.delete().where(Ambassador.member.in_(her.members)).execute()


def _free(row, now):
    if row.state == "accepted":
        seat(row.call, -1)
        Ambassador.update(state="withdrawn").where(Ambassador.id == row.id).execute()
        if row.call.event.phase(now) in {"published", "closed_reg", "ongoing"}:
            move_up(row.call, row.call.event, now)


def fold(member, into, now):
    """One person has one place, the better of two (db/merging.py)."""
    theirs = {row.call_id: row for row in Ambassador.select().where(Ambassador.member == into.id)}
    order = ("accepted", "waitlisted", "declined", "invited", "withdrawn", "lapsed")  # a no is kept
    for row in list(Ambassador.select().where(Ambassador.member == member.id).order_by(Ambassador.call)):
        if other := theirs.get(row.call_id):
            worse = max(row, other, key=lambda each: order.index(each.state))
            _free(worse, now)
            Ambassador.delete().where(Ambassador.id == worse.id).execute()
    Ambassador.update(member=into.id).where(Ambassador.member == member.id).execute()
