"""签到: being there, said by the code on the organiser's screen, by her scan of one's own, by name, or by a sheet of paper (R42).

The code on the screen changes every half minute, and so does a neighbour's own; that of now and the one before are taken (S8).
A registration is checked in
once (I5); whoever has not signed up may come in while there is room.
"""

from datetime import UTC, timedelta

from db import activity, audit, limits, links, points, rotating
from db.activity import Action
from db.base import Refused, writing
from db.event_days import carry, only_who_runs
from db.events import Event, seat, taken
from db.members import Membership
from db.people import User
from db.registrations import SEATED, TRANSITIONS, Registration, checked_party, free_code, move, moved_on

EARLY, LATE = timedelta(minutes=30), timedelta(minutes=30)
PAPER_UNTIL = timedelta(days=7)  # sheets of paper are entered by then
STEPS = 20  # of half a minute: so long a screen goes on without the network
TICKET_STEPS = 4  # and a neighbour's own; a crowd at the door opens its tickets in one minute, and each is drawn
ARRIVED = timedelta(minutes=10)  # from the scan to the button: time enough to join first
PURPOSE, TICKET = "check-in", "ticket"


def opens_at(event):
    """When one may check in, half an hour before it begins."""
    return event.starts_at - EARLY


def closes_at(event):
    """Until when one may check in, half an hour after its end."""
    return event.ends_at + LATE


def is_open(event, now):
    """Whether one may check in now."""
    stands = event.seen and event.state in {"published", "closed_reg", "ongoing", "completed", "recapped"}
    return stands and opens_at(event) <= now <= closes_at(event)


def _check_open(event, at):
    if is_open(event, at):
        return
    if event.state == "cancelled":
        raise Refused("cancelled", "这个活动取消了")
    raise Refused("not-now", "还没到签到的时间，开始前半小时再来" if at < opens_at(event) else "签到的时间过了，请找发起人补签")


def steps(event, now):
    """[(code, seconds from now until it goes)] of the next ten minutes, for a screen that may lose the network meanwhile."""
    return _steps(PURPOSE, event.id, now, STEPS)


def ticket_steps(registration, now):
    """The same for a neighbour's own QR, for two minutes: a picture of it that was passed on is soon an old one (case 9)."""
    return _steps(TICKET, registration.id, now, TICKET_STEPS)


def is_fresh(registration, given, now):
    """Whether her QR was opened just now. An old one keeps nobody out: the organiser looks who stands there."""
    return rotating.check(TICKET, (registration.id,), given, now)


def _steps(purpose, number, now, many):
    slot, left = rotating.slot_at(now), rotating.left(now)
    return [(rotating.code(purpose, (number,), slot + step), left + step * rotating.SLOT) for step in range(many)]


def arrive(event, code, device, now):
    """Whoever opens the screen's code has ten minutes to say who she is: a word that says that this device was there, or None
    for a code that is not of now. Changes nothing."""
    if not rotating.check(PURPOSE, (event.id,), code, now):
        return None
    return links.sign(PURPOSE, event.id, device, int(now.replace(tzinfo=UTC).timestamp()))


def _was_there(event, word, device, now):
    """Whether `arrive` gave this word to this device, lately."""
    event_id, its, moment = links.read(PURPOSE, word or "", 3) or (None, None, 0)
    age = now.replace(tzinfo=UTC).timestamp() - moment
    return (event_id, its) == (event.id, device) and -1 <= age <= ARRIVED.total_seconds()


def by_code(member, event, now, *, code="", word="", device="", adults=1, children=0, ages=""):
    """Check oneself in with the code on the screen, or with the word that `arrive` gave; once, however often it is sent.

    Without a registration that stands one comes in as a party of `adults` and `children`, while there is room."""
    limits.spend("check-in", f"member {member.id}", now)
    if not _was_there(event, word, device, now) and not rotating.check(PURPOSE, (event.id,), code, now):
        raise Refused("old-code", "这个码已经换了，请看着现场屏幕上的再来一次", field="code")
    return _come_in(event, member, None, now, party=(adults, children, ages))


def by_host(event, registration, by, now):
    """The organiser checks a neighbour in: by a scan of her QR, or by name for who has no phone."""
    only_who_runs(event, by)
    return _come_in(event, registration.member, by, now)


def walk_in(event, member, by, now, *, adults=1, children=0, ages=""):
    """The organiser lets somebody in who has no seat, while there is room."""
    only_who_runs(event, by)
    return _come_in(event, member, by, now, party=(adults, children, ages))


def _come_in(event, member, by, now, party=None, at=None):
    with writing():
        row = Registration.get_or_none((Registration.event == event.id) & (Registration.member == member.id))
        if row is None or row.state != "going":  # seats may be touched: the event is held, and the row read again
            event = taken(event)
            row = Registration.get_or_none((Registration.event == event.id) & (Registration.member == member.id))
        if row is not None and row.state == "checked_in":
            return row
        _check_open(event, at or now)
        came = {"checked_in_at": at or now, "checked_in_by": by, "offer_until": None}
        if row is None or row.state not in SEATED:
            row = _find_room(event, member, row, now, party or (1, 0, ""), came)
        elif not Registration.update(state="checked_in", **came).where(_as_read(row)).execute():
            row = Registration.get_by_id(row.id)  # another tap was quicker, or she has just cancelled
            if row.state != "checked_in":
                raise moved_on()
            return row
        activity.record(member, "check_in", event.id, at or now)
        points.earn(member, "checkin", "Registration", row.id, now)
        return Registration.get_by_id(row.id)


def _as_read(row):
    if (row.state, "checked_in") not in TRANSITIONS:
        raise moved_on()
    return (Registration.id == row.id) & (Registration.state == row.state)


def _find_room(event, member, row, now, party, came):
    """A party that has no seat takes one at the door. In the transaction that holds the event."""
    values = checked_party(event, *party, row.note if row else "")
    if row is not None and row.state == "waitlisted":  # she has said already how many they are
        values = {"people": row.people}
    if not seat(event, values["people"]):
        free = Event.get_by_id(event.id).free
        raise Refused("full", f"现场还有 {free} 个位置，坐不下了" if free else "现场坐满了，请问问发起人还能不能加位置")
    came = came | {"walk_in": True}
    if row is not None:
        move(row, "checked_in", **came, **values)
        return row
    number = f"door {event.id} {member.id}"
    return Registration.create(
        event=event, member=member, code=free_code(event), state="checked_in", op_id=number, at=now, **came, **values
    )


def on_paper(event, registration, by, now, *, at, reason="纸质签到补录"):
    """A sheet of paper is entered later, with the time that stands on it (UTC), for a week; audited."""
    only_who_runs(event, by)
    if at is None or not opens_at(event) <= at <= min(closes_at(event), now):
        raise Refused("bad-time", "请填纸上写的时间：开始前半小时到结束后半小时之间", field="at")
    if now > event.ends_at + PAPER_UNTIL:
        raise Refused("too-late", "活动过去一个星期了，不能再补录")
    with writing():
        carry(taken(event), now)
        row = _come_in(event, registration.member, by, now, at=at)
        if row.checked_in_at == at:
            _record("paper check-in", registration, by, now, reason, {"at": at})
    return row


def undo(registration, by, now):
    """A slip of the finger: she is not there after all. Who had come without signing up gives the seat back. Audited."""
    event = registration.event
    only_who_runs(event, by)
    with writing():
        event = taken(event)
        registration.state, registration.walk_in = _as_it_is(registration)
        nobody = {"checked_in_at": None, "checked_in_by": None, "walk_in": False}
        if registration.walk_in:
            move(registration, "cancelled", **nobody)
            seat(event, -registration.people)
        else:
            move(registration, "going", **nobody)
        mine = (Action.membership == registration.member_id) & (Action.kind == "check_in") & (Action.object_id == event.id)
        Action.delete().where(mine).execute()
        points.reverse("Registration", registration.id, now, "签到撤销了")
        registration.event = event
        _record("undo check-in", registration, by, now, "点错了，撤销签到")


def _as_it_is(registration):
    row = Registration.get_by_id(registration.id)
    return row.state, row.walk_in


def _record(action, registration, by, now, reason, after=None):
    subject, place = registration.member.user_id, registration.event.neighborhood_id
    audit.record(action, registration, actor=by.user, now=now, reason=reason, neighborhood=place, subject=subject, after=after)


def strangers(event, name, limit=8):
    """Neighbours of this 小区 whose name holds `name` and who are not on the list: who stands at the door without a phone."""
    name = "".join(filter(str.isprintable, name or "")).strip()[:12]
    if not name:
        return []
    here = (Membership.neighborhood == event.neighborhood_id) & (Membership.status == "active") & User.name.contains(name)
    on_it = Registration.select(Registration.member).where((Registration.event == event.id) & Registration.state.in_(SEATED))
    rows = Membership.select(Membership, User).join(User).where(here & Membership.id.not_in(on_it))
    return list(rows.order_by(User.name, Membership.id).limit(limit))
