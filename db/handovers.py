"""交接: who looks after a 小区 hands it to the next one; an open 小区 is never without somebody who does (R08, I15)."""

from contextlib import suppress
from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField, IntegrityError

from db import audit, doors, members, notices, redemptions, reviews, topics
from db.base import Refused, Table, hold, writing
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.scans import QrToken
from db.words import clean_line

TRANSITIONS = {
    ("proposed", "done"),  # the one who was asked takes over
    ("proposed", "declined"),  # … or would rather not
    ("proposed", "cancelled"),  # the host asks somebody else, or is gone
}
REASON = "主理人交接"


class Handover(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    outgoing = ForeignKeyField(Membership, backref="+", index=False)
    incoming = ForeignKeyField(Membership, backref="+")
    state = CharField(max_length=10, default="proposed")  # proposed | done | declined | cancelled
    note = CharField(max_length=200, default="")
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    decided_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("neighborhood", "id"), False), (("outgoing", "op_id"), True))

    @property
    def url(self):
        return f"/n/{self.neighborhood.slug}/handover/{self.id}"


# A 小区 asks one neighbour at a time.
Handover.add_index(Handover.neighborhood, unique=True, where=Handover.decided_at.is_null(), name="handover_open")


def _with_people():
    """Handovers with both neighbours and their names."""
    outgoing, incoming = Membership.alias(), Membership.alias()
    leaving, coming = User.alias(), User.alias()
    return (
        Handover.select(Handover, Neighborhood, outgoing, leaving, incoming, coming)
        .join(Neighborhood)
        .switch(Handover)
        .join(outgoing, on=(Handover.outgoing == outgoing.id))
        .join(leaving, on=(outgoing.user == leaving.id))
        .switch(Handover)
        .join(incoming, on=(Handover.incoming == incoming.id))
        .join(coming, on=(incoming.user == coming.id))
    )


def find(neighborhood, handover_id):
    """A handover of this 小区, or None (G1)."""
    return _with_people().where((Handover.id == handover_id) & (Handover.neighborhood == neighborhood.id)).first()


def waiting(neighborhood):
    """The handover of this 小区 that waits for an answer, or None."""
    return _with_people().where((Handover.neighborhood == neighborhood.id) & Handover.decided_at.is_null()).first()


def waiting_for(member):
    """The handover that waits for this neighbour's answer, or None."""
    return _with_people().where((Handover.incoming == member.id) & Handover.decided_at.is_null()).first()


def earlier(neighborhood, limit=20):
    """How this 小区 went from hand to hand, latest first."""
    done = (Handover.neighborhood == neighborhood.id) & (Handover.state == "done")
    return list(_with_people().where(done).order_by(Handover.id.desc()).limit(limit))


class Checklist(NamedTuple):
    """What goes along with a 小区; all of it hangs on the 小区 already, nothing on its host."""

    waiting: int
    topics: list
    members: int
    card_holders: list  # names
    to_fetch: int  # what neighbours have redeemed and not fetched


def checklist(neighborhood, now):
    """What the next host finds: what waits, what is being talked about, who lives here, who comes in by a paper card."""
    live = (QrToken.purpose == "card") & QrToken.revoked_at.is_null() & (QrToken.expires_at > now)
    cards = QrToken.select(User.name).join(Membership, on=QrToken.membership).join(User, on=Membership.user)
    here = (QrToken.neighborhood == neighborhood.id) & (Membership.status == "active")
    names = [name for (name,) in cards.where(live & here).order_by(QrToken.id).tuples()]
    waiting, current = reviews.count_waiting(neighborhood), topics.current(neighborhood, now)
    return Checklist(waiting, current, neighborhood.members, names, redemptions.count_open(neighborhood))


def propose(outgoing, incoming, now, *, op_id, note=""):
    """A host asks a neighbour of the same 小区 to take over; the same `op_id` again gives the first one back (G5).

    Refused as a conflict: somebody is asked already, or this neighbour hosts already or is gone."""
    note = clean_line(note, 200, "note", "想说的话")
    place = outgoing.neighborhood
    if not outgoing.is_host:
        raise Refused("not-host", "只有主理人可以交接", status=403)
    if incoming.neighborhood_id != place.id or incoming.status != "active" or incoming.user.status != "active":
        raise Refused("gone", "这位邻居已经不在这个小区了")
    if incoming.is_host:
        raise Refused("host-already", "TA 已经在做主理人了")
    first = (Handover.outgoing == outgoing.id) & (Handover.op_id == op_id)
    try:
        with writing():
            if found := Handover.get_or_none(first):
                return found
            made = Handover.create(
                neighborhood=place, outgoing=outgoing, incoming=incoming, note=note, op_id=op_id, created_at=now
            )
            said = f"{outgoing.name}想请您接任{place.name}的主理人，看看愿不愿意"
            notices.tell([incoming.user_id], "account", said, made.url, now, neighborhood=place, key=_key(made))
            return made
    except IntegrityError:
        if found := Handover.get_or_none(first):  # the same form, sent at the same moment, was quicker
            return found
    raise Refused("asked-already", "已经请了一位邻居，正在等 TA 回话。要请别人，先把那一份收回")


def _key(handover):
    return f"handover {handover.id}"


def _move(handover, to, now):
    """Carry a handover along one arrow of TRANSITIONS; Refused when it is not where it was, or the arrow is not drawn."""
    sources = [source for source, target in TRANSITIONS if target == to]
    there = (Handover.id == handover.id) & (Handover.state == handover.state) & Handover.state.in_(sources)
    if not Handover.update(state=to, decided_at=now).where(there).execute():
        raise Refused("moved-on", "这份交接刚刚变了，请刷新看看")


def _only(member, allowed_id):
    if member is None or member.id != allowed_id:
        raise Refused("not-yours", "这份交接不是给您的", status=403)


def accept(handover, member, now):
    """The neighbour who was asked takes over: host and resident change places in one transaction, the 小区 is told once.

    Her other devices sign in anew, so where texts are sent she needs a phone number first."""
    _only(member, handover.incoming_id)
    if doors.sends and not member.user.phone_digest:
        raise Refused("phone-needed", "主理人要用手机号登录。请先在「我的」里绑定手机号，再回来接任")
    place, outgoing = handover.neighborhood, handover.outgoing
    reason = f"{REASON}：{handover.note}"[:200] if handover.note else REASON
    with writing():
        _move(handover, "done", now)
        if outgoing.status != "active" or not outgoing.is_host or member.is_host:
            raise Refused("moved-on", "这份交接已经不作数了，请问问片区运营官")
        said = f"{outgoing.user.name}把{place.name}交给了{member.name}，有事找新主理人"
        _tell_neighbors(place, said, now, _key(handover), but={member.user_id, outgoing.user_id})
        thanks = f"{member.name}接任了，谢谢您照看{place.name}这些日子"
        notices.tell([outgoing.user_id], "account", thanks, f"/n/{place.slug}/host", now, neighborhood=place, key=_key(handover))
        hold(Membership, Membership.id.in_((outgoing.id, member.id)))
        members.appoint(member, "host", outgoing.user, now, reason)
        _retire(outgoing, outgoing.user, now, reason)
        for each in _officers_here(place):
            if each.id != outgoing.id:
                _retire(each, None, now, "新主理人到任")
        _record("hand over", handover, member.user, now, reason)


def decline(handover, member, now):
    """The neighbour who was asked would rather not; the host is told."""
    _only(member, handover.incoming_id)
    place = handover.neighborhood
    with writing():
        _move(handover, "declined", now)
        said = f"{member.name}这次不方便接任，可以再请别的邻居"
        url = f"/n/{place.slug}/desk/handover"
        notices.tell([handover.outgoing.user_id], "desk", said, url, now, neighborhood=place, key=_key(handover))
        _record("decline handover", handover, member.user, now, "这次不方便接任")


def cancel(handover, host, now):
    """A host of the 小区 takes the question back; whoever has not read it never needs to."""
    with writing():
        _move(handover, "cancelled", now)
        notices.take_back("account", _key(handover))
        _record("cancel handover", handover, host.user, now, "收回了交接")


def _record(action, handover, actor, now, reason):
    place, subject = handover.neighborhood_id, handover.incoming.user_id
    audit.record(action, handover, actor=actor, now=now, reason=reason, neighborhood=place, subject=subject)


def _tell_neighbors(place, said, now, key, but=()):
    living = (Membership.neighborhood == place.id) & (Membership.status == "active") & Membership.user.not_in(list(but))
    users = Membership.select(Membership.user).where(living)
    notices.tell_all(users, "place", said, f"/n/{place.slug}/host", now, neighborhood=place, key=key)


# Never without somebody


def _hosting(place):
    """Everybody with the office of a host here, whether she can still fill it or not."""
    wanted = Membership.select(Membership, User).join(User).where(Membership.neighborhood == place.id)
    return list(wanted.where(Membership.role.in_(HOSTS)).order_by(Membership.id))


def _works(member):
    return member.status == "active" and member.user.status == "active"


def _officers_here(place):
    """Officers who only came to stand in."""
    return [each for each in _hosting(place) if each.role == "acting_host" and each.source == "office"]


def _officer_for(place, but=0):
    """Who may look after a 小区 for a while: the officer of its district, else HQ; nobody who was sent away from here."""
    sent_away = Membership.select(Membership.user).where(
        (Membership.neighborhood == place.id) & Membership.status.in_(("removed", "banned"))
    )
    able = User.select().where((User.status == "active") & (User.id != but) & User.id.not_in(sent_away))
    officer = able.where(User.id == place.district.officer_id).first() if place.district_id else None
    return officer or able.where(User.staff == "hq").order_by(User.id).first()


def _retire(member, actor, now, reason):
    """No host any more; an officer who only stood in goes home."""
    members.appoint(member, "resident", actor, now, reason)
    if member.source == "office" and member.status == "active":
        members.leave(Membership.get_by_id(member.id), now)


def _stand_in(place, user, actor, now, reason):
    """Make this officer acting host, with a membership if she has none."""
    lives_here = members.of(user, place) is not None
    member = members.join(place, now, user=user, source="office")
    if not lives_here:
        Membership.update(source="office").where(Membership.id == member.id).execute()
    members.appoint(member, "acting_host", actor, now, reason)


def _announce_stand_in(place, gone, user, now):
    key = f"stand in {place.id} {now:%y%m%d%H%M}"
    said = f"{gone}卸任了，{user.name}先照看着{place.name}" if gone else f"{user.name}先照看着{place.name}，等新主理人到任"
    _tell_neighbors(place, said, now, key, but={user.id})
    desk, said = f"/n/{place.slug}/desk/handover", f"{place.name}暂时没有主理人，请您代管，再请一位邻居接任"
    notices.tell([user.id], "desk", said, desk, now, neighborhood=place, key=key)


def _cancel_waiting(place, now):
    if handover := waiting(place):
        with suppress(Refused):  # answered a moment ago
            cancel(handover, handover.outgoing, now)


def step_down(member, now, reason):
    """A host lays down the office where no neighbour takes over: the district's officer, or HQ, stands in from this moment.

    Refused: no reason; nobody could stand in; or it is the stand-in who asks."""
    reason = audit.reason_of(reason)
    place = member.neighborhood
    with writing():
        _cancel_waiting(place, now)
        alone = not any(each.id != member.id and _works(each) for each in _hosting(place))
        officer = _officer_for(place, but=member.user_id) if alone else None
        if alone and (officer is None or member.source == "office"):
            raise Refused("nobody-there", "现在没有人能代管，请先请一位邻居接任")
        if officer:
            _announce_stand_in(place, member.name, officer, now)
        _retire(member, member.user, now, reason)
        if officer:
            _stand_in(place, officer, member.user, now, reason)


def settle(place, now):
    """Make it true again that an open 小区 has a host who can act, and that no officer stands in where one can (I15).

    Whoever was suspended, erased or removed is no host any more. Doing it twice changes nothing. Returns whether it did."""
    with writing():
        hosting = _hosting(place)
        lapsed = [each for each in hosting if not _works(each)]
        working = [each for each in hosting if _works(each)]
        officer = _officer_for(place) if place.open and not working else None
        relieved = _officers_here(place) if any(each.role == "host" for each in working) else []
        if not lapsed and not relieved and not officer:
            return False
        if lapsed:
            _cancel_waiting(place, now)
        if officer:
            hold(User, User.id == officer.id)  # two schedulers: the second one finds her in office
            if any(map(_works, _hosting(place))):
                return False
            _announce_stand_in(place, lapsed[0].user.name if lapsed else "", officer, now)
        for each in lapsed:
            _retire(each, None, now, "主理人不在了，由系统卸任")
        for each in relieved:
            _retire(each, None, now, "新主理人到任")
        if officer:
            _stand_in(place, officer, None, now, "小区没有主理人，先行代管")
        return True


def let_go(user, now):
    """An account was just suspended or erased: each 小区 it hosted gets somebody else, in the same transaction."""
    hosted = Membership.select(Membership, Neighborhood).join(Neighborhood)
    mine = list(hosted.where((Membership.user == user.id) & Membership.role.in_(HOSTS)).order_by(Membership.neighborhood))
    with writing():
        for each in mine:
            settle(each.neighborhood, now)


def vacant():
    """Open 小区 that nobody can act for: what must never last (I15)."""
    acting = Membership.select(Membership.neighborhood).join(User)
    acting = acting.where(Membership.role.in_(HOSTS) & (Membership.status == "active") & (User.status == "active"))
    wanted = (Neighborhood.status == "open") & Neighborhood.id.not_in(acting)
    return list(Neighborhood.select().where(wanted).order_by(Neighborhood.id))


def fill_vacancies(now):
    """See to every 小区 whose host is gone, or whose officer may go home; returns how many (the clock calls it often)."""
    unfit = Membership.select(Membership.neighborhood).join(User).where(Membership.role.in_(HOSTS))
    unfit = unfit.where((Membership.status != "active") | (User.status != "active") | (Membership.source == "office"))
    places = {place.id: place for place in vacant()}
    places |= {place.id: place for place in Neighborhood.select().where(Neighborhood.id.in_(unfit))}
    return sum(settle(places[number], now) for number in sorted(places))
