"""报名: a neighbour and those she brings have seats at an event, or wait in line for some (R39–R41).

Seats are counted in people. Who signs up later gets one only where nobody who waits could take it; seats that come free are
offered down the line to the first party that fits, for two hours of daytime. States are TRANSITIONS, the rest is refused.
"""

import re
from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, Value, fn

from db import activity, events, screening
from db.base import Refused, Table, hold, new_code, writing
from db.events import Event, called, seat, taken, tell
from db.members import Membership
from db.notices import SHANGHAI
from db.people import User
from db.words import clean_line

GONE = ("cancelled", "cancelled_late", "lapsed")  # whoever went may sign up again
TRANSITIONS = {
    ("going", "cancelled"),
    ("going", "cancelled_late"),  # within a day of the beginning
    ("going", "checked_in"),
    ("going", "no_show"),  # by the clock, twelve hours after the end
    ("no_show", "excused"),  # by the host, with a reason
    ("no_show", "checked_in"),  # she was there, says the sheet of paper
    ("checked_in", "going"),  # a slip of the finger
    ("checked_in", "cancelled"),  # … with one who had come without signing up
    ("waitlisted", "offered"),
    ("waitlisted", "cancelled"),
    ("waitlisted", "lapsed"),  # it has begun
    ("offered", "going"),
    ("offered", "lapsed"),
    ("offered", "cancelled"),
    ("offered", "checked_in"),
    *((gone, back) for gone in GONE for back in ("going", "waitlisted", "checked_in")),
    ("waitlisted", "checked_in"),  # at the door, while there is room
}
STATES = {
    "going": "已报名",
    "waitlisted": "候补中",
    "offered": "有位置了，等您确认",
    "checked_in": "已签到",
    "cancelled": "已取消",
    "cancelled_late": "已取消（不足一天）",
    "lapsed": "候补没轮到",
    "no_show": "没有来",
    "excused": "请过假",
}
SEATED = ("going", "offered", "checked_in", "no_show", "excused")  # their people are in Event.taken
OPEN = ("going", "waitlisted", "offered")  # one is on it already
LATE = timedelta(hours=24)
OFFER = timedelta(hours=2)
DAYTIME = (8, 22)  # hours in Shanghai in which an offer grows old
MOST_ADULTS = MOST_CHILDREN = 10


class Registration(Table):
    event = ForeignKeyField(Event, backref="+", index=False)
    member = ForeignKeyField(Membership, backref="+", index=False)
    adults = IntegerField(default=1)
    children = IntegerField(default=0)
    ages = CharField(max_length=40, default="")  # of the children, as 「4、7」
    people = IntegerField()  # adults and children
    note = CharField(max_length=60, default="")  # for those who prepare it: 「坐轮椅」
    named = BooleanField(default=False)  # her name may be read by the neighbours
    state = CharField(max_length=14)  # see TRANSITIONS
    queue_no = IntegerField(null=True)  # her number in the waiting line
    offer_until = DateTimeField(null=True)
    code = CharField(max_length=6)  # on her QR, and on the sheet of paper
    walk_in = BooleanField(default=False)
    fee_paid_at = DateTimeField(null=True)
    checked_in_at = DateTimeField(null=True)
    checked_in_by = ForeignKeyField(Membership, null=True, backref="+")  # none where she did it herself
    op_id = CharField(max_length=40)
    at = DateTimeField()  # when she signed up, the last time

    class Meta:
        indexes = (
            (("event", "member"), True),
            (("event", "code"), True),
            (("event", "state", "queue_no"), False),
            (("member", "op_id"), True),
            (("state", "offer_until"), False),
        )
        constraints = [Check("people = adults + children AND adults >= 1 AND children >= 0", name="registration_people")]

    @property
    def state_name(self):
        return STATES[self.state]

    @property
    def open(self):
        return self.state in OPEN

    def standing(self, now):
        """Its state as everybody should see it: an offer that has run out is over, whether or not the timetable was here."""
        return "lapsed" if self.state == "offered" and now >= self.offer_until else self.state

    def cancels_late(self, event, now):
        """Whether giving the seat back now is noted as late; never where the event was moved after she had signed up."""
        free = event.moved_at is not None and event.moved_at > self.at
        return self.state == "going" and event.starts_at - now < LATE and not free

    def has_seat(self):
        return self.state in {"going", "checked_in"}


def with_people():
    """Registrations with their events, neighbours and users."""
    whole = Registration.select(Registration, Event, Membership, User).join(Event).switch(Registration)
    return whole.join(Membership, on=Registration.member).join(User)


def find(neighborhood, registration_id):
    """A registration of this 小区 with event and neighbour, or None (G1)."""
    mine = (Registration.id == registration_id) & (Event.neighborhood == neighborhood.id)
    return with_people().where(mine).first()


def by_code(event, code):
    """The registration with this code, in capitals or not, or None."""
    code = "".join((code or "").split()).upper()
    return with_people().where((Registration.event == event.id) & (Registration.code == code)).first()


def of(event, member):
    """This neighbour's own registration, or None."""
    if member is None:
        return None
    return with_people().where((Registration.event == event.id) & (Registration.member == member.id)).first()


def listed(event, *states):
    """The registrations of an event in these states (all where none is named), by name; the waiting line in its order."""
    here = Registration.event == event.id
    if states:
        here &= Registration.state.in_(states)
    return list(with_people().where(here).order_by(fn.COALESCE(Registration.queue_no, 0), User.name, Registration.id))


def users_of(event, *states):
    """The ids of the people in these states, for a notice."""
    here = (Registration.event == event.id) & Registration.state.in_(states)
    people = Registration.select(Registration.id, Membership.user).join(Membership, on=Registration.member)
    return [row.member.user_id for row in people.where(here)]


def ahead_of(registration):
    """How many parties stand before this one in the waiting line."""
    before = (Registration.event == registration.event_id) & (Registration.state == "waitlisted")
    return Registration.select().where(before & (Registration.queue_no < registration.queue_no)).count()


def checked_party(event, adults, children, ages, note):
    """The columns of a party; Refused beside the field for too many, too few, or children without their ages in a workshop."""
    if not isinstance(adults, int) or not 1 <= adults <= MOST_ADULTS:
        raise Refused("bad-adults", f"大人 1–{MOST_ADULTS} 位；孩子要有一位大人陪着", field="adults")
    if not isinstance(children, int) or not 0 <= children <= MOST_CHILDREN:
        raise Refused("bad-children", f"孩子 0–{MOST_CHILDREN} 位", field="children")
    if adults + children > event.capacity:
        raise Refused("too-many", f"这场一共 {event.capacity} 个位置", field="adults")
    told = [int(each) for each in re.findall(r"\d+", clean_line(ages, 60, "ages", "孩子几岁"), re.ASCII)] if children else []
    if (told or event.kind == "workshop") and (len(told) != children or any(age > 17 for age in told)):
        raise Refused("bad-ages", f"请写下 {children} 个孩子各几岁，比如「4、7」", field="ages")
    note = clean_line(note, 60, "note", "备注")
    screening.check(note, "note")
    return {"adults": adults, "children": children, "people": adults + children, "ages": "、".join(map(str, told)), "note": note}


def register(member, event, now, *, op_id, adults=1, children=0, ages="", note="", named=False):
    """Sign up, or get in line where it is full; the same `op_id` again gives the first answer back (G5). `state` says which.

    Refused: one is on it already, it takes no more people (409), or the party is none (beside the field)."""
    first = (Registration.member == member.id) & (Registration.op_id == op_id)
    if done := Registration.get_or_none(first):
        return done
    values = checked_party(event, adults, children, ages, note) | {"named": bool(named)}
    try:
        with writing():
            return Registration.get_or_none(first) or _sign_up(member, taken(event), now, op_id, values)
    except IntegrityError as error:  # the same form, or her other tab, was quicker
        if done := Registration.get_or_none(first):
            return done
        raise already() from error


def come(member, event, on, now):
    """What a guest had pressed before she said who she is: 「我要来」, alone (blueprints/members.py)."""
    before = of(event, member)
    again = f" {before.at:%d%H%M%S}" if before is not None and before.state in GONE else ""
    return register(member, event, now, op_id=f"joined {event.id}{again}")


def _sign_up(member, event, now, op_id, values):
    mine = (Registration.event == event.id) & (Registration.member == member.id)
    before = Registration.get_or_none(mine)
    if before is not None and before.op_id == op_id:  # the same form was quicker, while this one waited for the event
        return before
    if not event.takes_people(now):
        raise Refused("not-open", closed_because(event, now))
    settle(event, now)  # an offer to her that has run out is over
    before = Registration.get_or_none(mine)
    if before is not None and before.state not in GONE:
        raise already()
    people = values["people"]
    served = not _first_who_fits(event) and seat(event, people)
    place = {"state": "going", "queue_no": None} if served else {"state": "waitlisted", "queue_no": _next_no(event)}
    values |= place | {"op_id": op_id, "at": now, "offer_until": None, "fee_paid_at": None}
    if before is None:
        row = Registration.create(event=event, member=member, code=free_code(event), **values)
    else:
        move(before, values.pop("state"), **values)
        row = Registration.get_by_id(before.id)
    activity.record(member, "register", event.id, now)
    return row


def already():
    """The refusal for whoever is on it already, or in line, or is offered a seat (409)."""
    return Refused("already", "您已经报过名了，在活动页上看得到")


def closed_because(event, now):
    """Why an event takes no more people, in a sentence."""
    phase = event.phase(now)
    words = {"closed_reg": "报名截止了", "ongoing": "活动已经开始了，可以直接去现场看看", "cancelled": "这个活动取消了"}
    return words.get(phase, "活动已经结束了" if phase in {"completed", "recapped"} else "这个活动还不能报名")


def free_code(event):
    """A code nobody at this event has. In the transaction that holds it."""
    while True:
        code = new_code(6)
        if not Registration.select().where((Registration.event == event.id) & (Registration.code == code)).exists():
            return code


def _next_no(event):
    Event.update(last_no=Event.last_no + 1).where(Event.id == event.id).execute()
    return Event.select(Event.last_no).where(Event.id == event.id).scalar()


def moved_on():
    """The refusal for whoever acts on a registration that changed meanwhile (409)."""
    return Refused("moved-on", "这个报名刚刚变了，请刷新看看")


def move(registration, to, **values):
    """Carry a registration along one arrow of TRANSITIONS, in the caller's transaction; Refused where it is not there any
    more."""
    if (registration.state, to) not in TRANSITIONS:
        raise moved_on()
    as_it_was = (Registration.id == registration.id) & (Registration.state == registration.state)
    if not Registration.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()
    registration.state = to


def cancel(registration, member, now):
    """Give the seat, the offer or the place in line back, whenever one likes before the end (R40); asked twice, it is done
    already. Whoever waits and fits is offered the seat."""
    if member.id != registration.member_id:
        raise Refused("not-yours", "只能取消自己的报名", status=403)
    with writing():
        event = taken(registration.event)
        registration = Registration.get_by_id(registration.id)
        if registration.state in {"cancelled", "cancelled_late"}:
            return registration
        if event.phase(now) in {"completed", "recapped", "cancelled"}:
            raise Refused("over", "活动已经结束了，不用取消" if event.state != "cancelled" else "这个活动已经取消了")
        was = registration.state
        move(registration, "cancelled_late" if registration.cancels_late(event, now) else "cancelled", offer_until=None)
        if was in SEATED:
            seat(event, -registration.people)
        settle(event, now)
        return registration


def accept(registration, member, now):
    """Say yes to an offered seat, before it runs out; asked twice, it is hers already."""
    if member.id != registration.member_id:
        raise Refused("not-yours", "这个位置是留给别的邻居的", status=403)
    with writing():
        event = taken(registration.event)
        registration = Registration.get_by_id(registration.id)
        if registration.state in {"going", "checked_in"}:
            return registration
        if registration.standing(now) != "offered" or not event.seen:
            raise Refused("lapsed", "这个位置已经让给下一位了，可以再排一次")
        move(registration, "going", offer_until=None)
        return registration


def offer_until(now, starts_at):
    """When an offer made now runs out: after two hours between 8 and 22 o'clock in Shanghai, and never after the beginning."""
    there, (morning, night) = now + SHANGHAI, DAYTIME
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    start = max(there, midnight + timedelta(hours=morning))
    evening = midnight + timedelta(hours=night)
    end = start + OFFER
    if end > evening:  # what is left of it begins in the morning
        end = evening + timedelta(hours=24 - night + morning) + (end - max(start, evening))
    return min(end - SHANGHAI, starts_at)


def _first_who_fits(event):
    room = Event.select(Event.capacity - Event.taken).where(Event.id == event.id).scalar()
    waits = (Registration.event == event.id) & (Registration.state == "waitlisted") & (Registration.people <= room)
    return Registration.select().where(waits).order_by(Registration.queue_no).first() if room > 0 else None


def settle(event, now):
    """Offers that have run out lapse, and free seats are offered down the line. In the transaction that holds the event;
    whoever changes its seats ends with this, and so does the clock."""
    here = Registration.event == event.id
    for late in list(Registration.select().where(here & (Registration.state == "offered") & (Registration.offer_until <= now))):
        move(late, "lapsed", offer_until=None)
        seat(event, -late.people)
        tell(event, _user(late), f"{called(event)}的位置过了时间，让给了下一位；想来可以再排", now)
    if event.phase(now) not in {"published", "closed_reg"}:
        return
    while (nearest := _first_who_fits(event)) and seat(event, nearest.people):
        until = offer_until(now, event.starts_at)
        move(nearest, "offered", offer_until=until)
        tell(event, _user(nearest), f"{called(event)}有位置了，请在 {events.said(until)} 前确认", now)


def _user(registration):
    return [Membership.select(Membership.user).where(Membership.id == registration.member_id).scalar()]


def settle_due(now):
    """Offers that have run out, and seats that nobody was offered while nobody was here (the clock calls it); returns how many
    events had some."""
    run_out = Registration.select(Registration.event).where((Registration.state == "offered") & (Registration.offer_until <= now))
    fits = (Registration.state == "waitlisted") & (Registration.people <= Event.capacity - Event.taken)
    open_still = Event.state.in_(("published", "closed_reg")) & (Event.starts_at > now)
    waits = Registration.select(Registration.event).join(Event).where(fits & open_still)
    due = list(Event.select().where(Event.id.in_(run_out) | Event.id.in_(waits)).order_by(Event.id))
    for event in due:
        with writing():
            settle(taken(event), now)
    return len(due)


def pay_fee(registration, paid, now):
    """The organiser notes that the materials were paid for on the spot, or that it was a slip. The house holds no money."""
    with writing():
        Registration.update(fee_paid_at=now if paid else None).where(Registration.id == registration.id).execute()


def fold(member, into):
    """What one membership signed up for becomes the other's; where both did, the better one stays (db/merging.py)."""
    rank = ("checked_in", "going", "excused", "no_show", "offered", "waitlisted", "cancelled_late", "cancelled", "lapsed")
    theirs = {row.event_id: row for row in Registration.select().where(Registration.member == into.id)}
    hers = list(Registration.select().where(Registration.member == member.id).order_by(Registration.event))
    hold(Event, Event.id.in_([row.event_id for row in hers if row.event_id in theirs]))
    for row in hers:
        if other := theirs.get(row.event_id):
            better, worse = sorted((row, other), key=lambda each: rank.index(each.state))
            if worse.state in SEATED:
                seat(Event(id=worse.event_id), -worse.people)
            Registration.delete().where(Registration.id == row.id).execute()
            if better is row:  # what hangs on the row that stays, stays
                told = {name: value for name, value in row.__data__.items() if name not in {"id", "member", "op_id"}}
                Registration.update(**told).where(Registration.id == other.id).execute()
    moved = Registration.member == member.id
    Registration.update(member=into.id, op_id=Value("merged ").concat(Registration.id.cast("TEXT"))).where(moved).execute()
    Registration.update(checked_in_by=into.id).where(Registration.checked_in_by == member.id).execute()
