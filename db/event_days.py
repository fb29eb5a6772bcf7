"""What becomes of an event: other words, another day, called off, begun and over by the clock, told about afterwards.

Whoever comes hears of what changes; the timetable does what the clock has said already (`Event.phase`), and catches up (G7, I14).
"""

from contextlib import suppress
from datetime import timedelta

from peewee import Value

from db import audit, screening
from db.base import Refused, writing
from db.event_plans import check_kind, checked, checked_times, trusts, words_of
from db.events import (
    ANSWERED_WITHIN,
    SEEN,
    Event,
    EventNote,
    called,
    found,
    move,
    moved_on,
    record,
    said,
    taken,
    tell,
    tell_hosts,
)
from db.members import Membership
from db.neighborhoods import refresh
from db.registrations import OPEN, Registration, settle, users_of
from db.registrations import cancel as give_up
from db.registrations import move as move_registration
from db.words import clean_text

REMINDED_BEFORE = timedelta(hours=24)
NO_SHOW_AFTER = timedelta(hours=12)
WORDS = ("title", "body", "bring", "allergy", "ages")

# Modules that come later put in here what they know of an event (`event_days.moves_along.append(…)`).
moves_along = []  # act(event, by how much): in the transaction that moves it, what stands at an hour of it moves too
also_told = []  # users(event): who hears that it was moved or called off, beside those who signed up
goes_on = []  # words(event, now): what the notice that it is called off ends with


def only_who_runs(event, by):
    """Refused (403) for everybody but whoever made the event and the host."""
    if not event.run_by(by):
        raise Refused("not-yours", "只有发起人和主理人可以这样做", status=403)


def rewrite(event, by, now, plan):
    """Other words, another place and other seats before it begins; times change by `reschedule`. Those who come hear of a new
    place, and more seats are offered down the line. What neighbours have read already is changed by somebody they know: a
    newcomer asks the host."""
    only_who_runs(event, by)
    plan = plan._replace(starts_at=max(event.starts_at, now + timedelta(seconds=1)), ends_at=None)
    values = checked(by, plan, now)
    del values["starts_at"], values["ends_at"]
    with writing():
        event = taken(event)
        if event.state == "draft" or not event.changeable(now):
            raise Refused("not-editable", "这个活动现在不能修改了")
        check_kind(event.group, values["kind"])
        told = [name for name in WORDS if values[name] != getattr(event, name)]
        if event.state != "review":
            _check_seen(event, by, now, values, told)
        if values["capacity"] < event.taken:
            raise Refused("too-few", f"已经有 {event.taken} 个人的位置了，不能再少", field="capacity")
        before = {name: getattr(event, name) for name in values if values[name] != getattr(event, name)}
        Event.update(version=Event.version + 1, **values).where(Event.id == event.id).execute()
        if event.state == "review":
            return
        if not event.is_of(by) and before:
            after = {name: values[name] for name in before}
            record("edit event", event, by, now, "主理人改了活动的说明", before=before, after=after)
        if "place" in before:
            EventNote.create(event=event, sentence=f"地点改为：{values['place'] or '线上'}", at=now)
            tell(event, users_of(event, *OPEN), f"{called(event)}换地方了：{values['place'] or '线上'}", now)
        settle(taken(event), now)
        found(event)
        refresh(event.neighborhood_id)


def _check_seen(event, by, now, values, told):
    """What may change of an event that neighbours have read."""
    if values["kind"] != event.kind:
        raise Refused("bad-kind", "发布以后，活动的种类就不改了", field="event_kind")
    if told and not by.is_host and not trusts(by, now):
        raise Refused("words-stay", "发布以后要改文字，请主理人帮您改；地点和人数您可以自己改", field=told[0])
    if not by.is_host and screening.hits(words_of(values)):
        raise Refused("bad-words", "里面有要主理人先看一看的词，请换个说法", field=told[0] if told else "place")


def reschedule(event, by, now, *, starts_at, ends_at, note):
    """Another time, before it has begun, with a word why (4–200 characters) that everybody reads. Those who come are told once;
    who cannot come then gives the seat back freely."""
    only_who_runs(event, by)
    note = audit.reason_of(note)
    screening.check(note, "reason")
    if starts_at is not None and ends_at is None:  # as long as it was
        ends_at = starts_at + (event.ends_at - event.starts_at)
    starts_at, ends_at = checked_times(starts_at, ends_at, now)
    with writing():
        event = taken(event)
        if event.phase(now) not in {"published", "closed_reg"}:
            raise Refused("too-late", "活动已经开始或者不在了，不能改期")
        if (starts_at, ends_at) == (event.starts_at, event.ends_at):
            raise Refused("same-time", "时间和原来一样", field="starts_at")
        before = {"starts_at": event.starts_at, "ends_at": event.ends_at}
        fresh = {"starts_at": starts_at, "ends_at": ends_at, "moved_at": now, "reminded_at": None}
        Event.update(version=Event.version + 1, **fresh).where(Event.id == event.id).execute()
        for act in moves_along:
            act(event, starts_at - event.starts_at)
        EventNote.create(event=event, sentence=f"改到 {said(starts_at)}：{note}", at=now)
        # An offer never outlasts the beginning.
        early = (Registration.event == event.id) & (Registration.state == "offered") & (Registration.offer_until > starts_at)
        Registration.update(offer_until=starts_at).where(early).execute()
        sentence = f"{called(event)}改到 {said(starts_at)}：{note[:60]}。来不了可以随时取消"
        tell(event, _audience(event), sentence, now)
        record("reschedule event", event, by, now, note, before=before, after={"starts_at": starts_at, "ends_at": ends_at})
        refresh(event.neighborhood_id)


def cancel(event, by, now, reason):
    """Call it off before it is over, with a reason everybody reads; those who come or wait are told."""
    only_who_runs(event, by)
    reason = audit.reason_of(reason)
    screening.check(reason, "reason")
    with writing():
        call_off(taken(event), by, now, reason)


def call_off(event, by, now, reason):
    """What `cancel` does, in the caller's transaction, which holds the event; `by` may be nobody."""
    if event.phase(now) in {"completed", "recapped"}:
        raise Refused("over", "活动已经结束了，不能取消")
    seen = event.state not in {"draft", "review"}
    move(event, event.state, "cancelled", reason=reason, version=Event.version + 1)
    if seen:
        EventNote.create(event=event, sentence=f"已取消：{reason}", at=now)
        last = "".join(words(event, now) for words in goes_on) if by else ""  # whoever leaves calls off the others too
        tell(event, _audience(event), f"{called(event)}取消了：{reason[: 90 if last else 200]}{last}", now)
    record("cancel event", event, by, now, reason)
    found(event)
    refresh(event.neighborhood_id)


def _audience(event):
    """Who hears that it is another day, or not at all."""
    return sorted({*users_of(event, *OPEN), *(user for users in also_told for user in users(event))})


def close(event, by, now, on):
    """Take no more people, or take them again; who waits keeps her place in line. Asked twice, nothing changes."""
    only_who_runs(event, by)
    to = "closed_reg" if on else "published"
    with writing():
        event = taken(event)
        if event.phase(now) not in {"published", "closed_reg"}:
            raise moved_on()
        if event.state != to:
            move(event, event.state, to)


def recap(event, by, now, text, helped=0):
    """A few words on how it was, once it is over, and how many people it was good for; written again, they take the place of
    the first ones."""
    only_who_runs(event, by)
    text = clean_text(text, 2000, "recap", "回顾")
    if len(text) < 4:
        raise Refused("too-short", "写几句吧（4–2000 个字），没来的邻居也想知道", field="recap")
    if not isinstance(helped, int) or not 0 <= helped <= 10_000:
        raise Refused("bad-number", "帮到了几位？填 0–10000", field="helped")
    screening.check(text, "recap")
    if not by.is_host and screening.hits(text):
        raise Refused("bad-words", "里面有要主理人先看一看的词，请换个说法", field="recap")
    with writing():
        event = taken(event)
        if event.phase(now) not in {"completed", "recapped"}:
            raise Refused("not-over", "活动结束以后再写回顾")
        carry(event, now)
        if event.state == "completed":
            move(event, "completed", "recapped", recap=text, helped=helped)
        else:
            Event.update(recap=text, helped=helped).where(Event.id == event.id).execute()
        refresh(event.neighborhood_id)


def carry(event, now):
    """Bring the column after the clock, arrow by arrow, with what follows. In the transaction that holds the event."""
    if event.state in {"published", "closed_reg"} and event.phase(now) in {"ongoing", "completed"}:
        move(event, event.state, "ongoing")
        _let_the_line_go(event, now)
    if event.state == "ongoing" and event.phase(now) == "completed":
        move(event, "ongoing", "completed")
        refresh(event.neighborhood_id)


def _let_the_line_go(event, now):
    settle(event, now)  # offers that ran out at its beginning
    waiting = Registration.select().where((Registration.event == event.id) & (Registration.state == "waitlisted"))
    told = users_of(event, "waitlisted")
    for each in list(waiting):
        move_registration(each, "lapsed")
    tell(event, told, f"{called(event)}开始了，这次没有轮到；可以去现场看看有没有空位", now)


def advance_due(now):
    """Events that have begun or ended (the clock calls it); returns how many."""
    begun = Event.state.in_(("published", "closed_reg")) & (Event.starts_at <= now)
    ended = (Event.state == "ongoing") & (Event.ends_at <= now)
    due = list(Event.select().where(begun | ended).order_by(Event.id))
    for event in due:
        with writing():
            carry(taken(event), now)
    return len(due)


def remind_due(now):
    """Whoever comes tomorrow is reminded, once (the clock calls it); also after it was moved. Returns how many events."""
    ahead = Event.state.in_(("published", "closed_reg")) & (Event.starts_at > now) & (Event.starts_at <= now + REMINDED_BEFORE)
    due = list(Event.select().where(ahead & Event.reminded_at.is_null() & Event.sight.in_(SEEN)).order_by(Event.id))
    for event in due:
        with writing():
            event = taken(event)
            still = (Event.id == event.id) & Event.reminded_at.is_null() & (Event.starts_at == event.starts_at)
            if event.state in {"published", "closed_reg"} and Event.update(reminded_at=now).where(still).execute():
                where = f"，在{event.place}" if event.place else ""
                bring = f"，记得带{event.bring[:40]}" if event.bring else ""
                words = f"{called(event)} {said(event.starts_at)} 开始{where}{bring}。来不了请早点取消，把位置让给邻居"
                tell(event, users_of(event, "going"), words, now, key=f"event soon {event.id}")
    return len(due)


def chase_due(now):
    """A newcomer's event that has waited for a day: the host is reminded, once (R04; the clock calls it)."""
    waits = (Event.state == "review") & (Event.created_at <= now - ANSWERED_WITHIN) & Event.chased_at.is_null()
    due = list(Event.select().where(waits).order_by(Event.id))
    for event in due:
        with writing():
            still = (Event.id == event.id) & (Event.state == "review") & Event.chased_at.is_null()
            if Event.update(chased_at=now).where(still).execute():
                tell_hosts(event, f"活动{called(event)}等您看，已经过了一天", now)
    return len(due)


def note_no_shows(now):
    """Twelve hours after the end, whoever had a seat and did not check in has not come (the clock calls it); the host may excuse
    her. Returns how many."""
    over = (Event.ends_at <= now - NO_SHOW_AFTER) & Event.state.in_(("completed", "recapped"))
    waits = (Registration.state == "going") & Registration.event.in_(Event.select(Event.id).where(over))
    due = sorted({row.event_id for row in Registration.select(Registration.event).where(waits)})
    noted = 0
    for event_id in due:
        with writing():
            taken(Event(id=event_id))
            mine = (Registration.event == event_id) & (Registration.state == "going")
            noted += Registration.update(state="no_show").where(mine).execute()
    return noted


def excuse(registration, by, now, reason):
    """She did not come, and had a reason the organiser knows; audited."""
    only_who_runs(registration.event, by)
    reason = audit.reason_of(reason)
    with writing():
        move_registration(registration, "excused")
        _record_about(registration, "excuse", by, now, reason)


def _record_about(registration, action, by, now, reason):
    """A line in the audit book about whoever signed up."""
    place, subject = registration.event.neighborhood_id, registration.member.user_id
    audit.record(action, registration, actor=by.user, now=now, reason=reason, neighborhood=place, subject=subject)


def follow(member, into):
    """Events that one membership started are the other's (db/merging.py)."""
    number = Value("merged ").concat(Event.id.cast("TEXT"))
    Event.update(creator=into.id, op_id=number).where(Event.creator == member.id).execute()


def let_go(member_ids, now):
    """Whoever leaves for good is waited for by nobody: what she started and is still to come is called off, and her seats are
    free for others."""
    for event in list(Event.select().where(Event.creator.in_(member_ids)).order_by(Event.id)):
        if event.phase(now) not in {"completed", "recapped", "cancelled"}:
            with suppress(Refused), writing():  # somebody was quicker
                call_off(taken(event), None, now, "发起人离开了小区")
    mine = Registration.select(Registration, Event).join(Event).where(Registration.member.in_(member_ids))
    for row in list(mine.where(Registration.state.in_(OPEN)).order_by(Registration.event)):
        with suppress(Refused):  # it is over already
            give_up(row, Membership.get_by_id(row.member_id), now)
