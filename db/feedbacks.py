"""反馈: how an event was, said in three touches, and what those who were there would like to do with their neighbours (R52).

Faces and words are read without names. What somebody ticks is 「我也想」 in an idea for a group, under her name as everywhere; a
listed name becomes an idea when the first neighbour ticks it. A guest says face and words, once a device, counted apart.
"""

import hashlib
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Value, fn

from db import activity, groups, notices, points, registrations, screening
from db.base import Refused, Table, writing
from db.event_days import only_who_runs
from db.events import Event, called, path, taken
from db.groups import InterestGroup
from db.members import HOSTS, Membership
from db.notices import SHANGHAI
from db.registrations import Registration
from db.words import clean_line, clean_text

FACES = {3: "很喜欢", 2: "还不错", 1: "不太满意"}
USUAL = ("阳台种菜", "亲子烘焙", "夜跑", "读书会", "摄影")
MOST = 8  # names a host lists
SHOWN = 12  # groups of the 小区 beside them
OPEN_FOR = timedelta(days=14)
ASKED_AFTER = timedelta(hours=2)
ASKED_WITHIN = timedelta(days=3)  # a scheduler that slept longer asks nobody about what is long past
DAY = range(9, 21)  # nobody is asked at night


class FeedbackForm(Table):
    """What the form of one event asks beyond the usual, and when those who came were asked to fill it in."""

    event = ForeignKeyField(Event, backref="+", unique=True, on_delete="CASCADE")
    names = CharField(max_length=120, null=True)  # a name a line; NULL: the usual ones
    asked_at = DateTimeField(null=True)


class Feedback(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, null=True, backref="+")
    device = CharField(max_length=64, null=True)  # of a guest, as a digest
    face = IntegerField()  # see FACES
    words = CharField(max_length=200, default="")
    at = DateTimeField()

    class Meta:
        indexes = ((("event", "member"), True), (("event", "device"), True))
        constraints = [
            Check("(member_id IS NULL) <> (device IS NULL)", name="feedback_whose"),
            Check("face BETWEEN 1 AND 3", name="feedback_faces"),
        ]


class FeedbackTick(Table):
    """Something she would like to do with neighbours."""

    feedback = ForeignKeyField(Feedback, backref="+", index=False, on_delete="CASCADE")
    name = CharField(max_length=12)
    group = ForeignKeyField(InterestGroup, null=True, backref="+")  # none where a name did not become an idea

    class Meta:
        indexes = ((("feedback", "name"), True),)


class Told(NamedTuple):
    """What those who were there said, without names."""

    count: int
    faces: Counter
    words: list

    def share(self, face):
        """How many of a hundred chose this face."""
        return round(100 * self.faces[face] / self.count) if self.count else 0


def standing(event, now):
    """early | open | closed | cancelled: whether one may say something about it now."""
    phase = event.phase(now)
    if phase == "cancelled" or not event.shown:
        return "cancelled"
    if now < event.starts_at:
        return "early"
    return "open" if now <= event.ends_at + OPEN_FOR else "closed"


WHY_NOT = {
    "early": "活动还没开始，来过以后再说说吧",
    "closed": "反馈已经收好了，谢谢您惦记。有话想说，可以找主理人",
    "cancelled": "这场活动没有办成，就不用填反馈了",
}


def asks(event, member, now):
    """Whether the page of an event asks this neighbour how it was: she came, and may still say."""
    row = registrations.of(event, member) if member is not None and standing(event, now) == "open" else None
    return row is not None and row.state == "checked_in"


def names_of(event):
    """The names the host has listed for this event, or the usual ones."""
    form = FeedbackForm.get_or_none(FeedbackForm.event == event.id)
    return list(USUAL) if form is None or form.names is None else form.names.split("\n") if form.names else []


def options(event):
    """{name: its group, or None} of what one may tick: what the host listed, then what neighbours see in the 小区."""
    here = (each.group for each in groups.listed(event.neighborhood))
    seen = {group.name: group for group in here if group.state != "archived" and not group.private}
    listed = {name: seen.pop(name, None) for name in names_of(event)}
    return listed | dict(list(seen.items())[:SHOWN])


def _name(text, field):
    name = clean_line(text, 12, field, "每个名字")
    if name and len(name) < 2:
        raise Refused("bad-name", "名字请写 2–12 个字，像「阳台种菜」", field=field)
    screening.check(name, field)
    return name


def list_names(event, by, text):
    """The names to tick for this event, one a line, from now on; none at all is allowed. What was ticked stays ticked."""
    only_who_runs(event, by)
    names = list(dict.fromkeys(filter(None, (_name(line, "names") for line in (text or "").splitlines()))))
    if len(names) > MOST:
        raise Refused("too-many", f"最多列 {MOST} 个，一行一个", field="names")
    with writing():
        taken(event)
        row = FeedbackForm.insert(event=event.id, names="\n".join(names))
        row.on_conflict(conflict_target=[FeedbackForm.event], update={"names": "\n".join(names)}).execute()


def _digest(device):
    return hashlib.sha256(f"feedback {device}".encode()).hexdigest()


def _whose(event, member, device):
    mine = Feedback.member == member.id if member is not None else Feedback.device == _digest(device)
    return (Feedback.event == event.id) & mine


def of(event, *, member=None, device=""):
    """What this neighbour, or the device in a guest's hand, has said; hers from before she joined, too. None: nothing yet."""
    row = Feedback.get_or_none(_whose(event, member, device))
    return row or (Feedback.get_or_none(_whose(event, None, device)) if device else None)


def ticked(feedback):
    """{name: its group, or None} of what she has ticked."""
    if feedback is None:
        return {}
    rows = FeedbackTick.select(FeedbackTick, InterestGroup).left_outer_join(InterestGroup)
    return {row.name: row.group for row in rows.where(FeedbackTick.feedback == feedback.id).order_by(FeedbackTick.id)}


def say(event, now, *, member=None, device, face, words="", wants=(), own=""):
    """Say how it was, as a neighbour or by the device in a guest's hand; said again, it takes the place of the first one. What a
    guest wants is not kept: she comes in first. Pays once, and only whoever checked in. Refused outside its time (409)."""
    if face not in FACES:
        raise Refused("bad-face", "请选一个表情", field="face")
    words, own = clean_text(words, 200, "words", "想说的话"), _name(own, "own")
    screening.check(words, "words")
    with writing():
        event = _open(event, now)
        said = {"face": face, "words": words, "at": now}
        whose = {"member": member.id} if member is not None else {"device": _digest(device)}
        target = [Feedback.event, Feedback.member if member is not None else Feedback.device]
        Feedback.insert(event=event.id, **whose, **said).on_conflict(conflict_target=target, update=said).execute()
        row = Feedback.get(_whose(event, member, device))
        if member is not None:
            Feedback.delete().where(_whose(event, None, device)).execute()  # what she said before she came in
            _tick(event, row, member, now, wants, own)
            _count(event, member, row, now)
    return row


def _open(event, now):
    place, event = event.neighborhood, taken(event)
    event.neighborhood = place
    if reason := WHY_NOT.get(standing(event, now)):
        raise Refused("not-now", reason)
    return event


def _tick(event, row, member, now, wants, own):
    """Her ticks as they are now. What stands already comes first, by number, so that no two writers wait for each other; a 「我也
    想」 that she takes off here stays in its group, where she takes it back herself."""
    known, before = options(event), ticked(row)
    wanted = [name for name in dict.fromkeys(wants) if name in known or name in before]
    groups_of = {name: known.get(name) or before.get(name) for name in wanted + ([own] if own else [])}
    for name in sorted(groups_of, key=lambda each: getattr(groups_of[each], "id", 2**62)):
        if groups_of[name] is None:
            groups_of[name] = _idea(event, _host(event) if name in known else member, now, name)
    FeedbackTick.delete().where(FeedbackTick.feedback == row.id).execute()
    for name, group in sorted(groups_of.items(), key=lambda each: getattr(each[1], "id", 2**62)):
        FeedbackTick.create(feedback=row.id, name=name, group=group and group.id)
        if group is not None and group.state == "idea":
            with suppress(Refused):  # it has just hatched: the page of thanks leads there
                groups.set_interest(member, group, True, now, origin=event.id)


def _idea(event, by, now, name):
    """The idea of this name, made in `by`'s where there is none; None where it may not be: then it stays a word."""
    same = (InterestGroup.neighborhood == event.neighborhood_id) & (InterestGroup.name == name)
    seen = (InterestGroup.sight == "shown") & (InterestGroup.state != "archived") & (InterestGroup.private == False)  # noqa: E712
    if there := InterestGroup.get_or_none(same & seen):
        there.neighborhood = event.neighborhood
        return there
    if by is None:
        return None
    with suppress(Refused):
        by.neighborhood = event.neighborhood
        group = groups.suggest(by, now, op_id=f"feedback {event.id} {name}", name=name, origin=event.id)
        _catch_up(event, group, now)
        return group
    return None


def _catch_up(event, group, now):
    """Who ticked this name while it could not become an idea (too many in one day, or her own word) wants it too."""
    mine = (Feedback.event == event.id) & (FeedbackTick.name == group.name) & FeedbackTick.group.is_null()
    for row in list(FeedbackTick.select(FeedbackTick, Feedback).join(Feedback).where(mine)):
        FeedbackTick.update(group=group.id).where(FeedbackTick.id == row.id).execute()
        with suppress(Refused):
            groups.set_interest(Membership.get_by_id(row.feedback.member_id), group, True, now, origin=event.id)


def _host(event):
    here = (Membership.neighborhood == event.neighborhood_id) & Membership.role.in_(HOSTS) & (Membership.status == "active")
    return Membership.select().where(here).order_by(Membership.id).first()


def _count(event, member, row, now):
    activity.record(member, "feedback", event.id, now)
    came = registrations.of(event, member)
    if came is not None and came.state == "checked_in":
        points.earn(member, "feedback", "Registration", came.id, now)  # undone with the check-in itself (db/checkins.py)


def told(event, *, guests):
    """A Told of the neighbours, or of the guests; their words in no order that tells who came when."""
    rows = list(Feedback.select().where((Feedback.event == event.id) & Feedback.member.is_null(guests)))
    return Told(len(rows), Counter(row.face for row in rows), sorted(row.words for row in rows if row.words))


def tally(event):
    """[(name, its group or None, how many want it)], what most want first."""
    many = fn.COUNT(FeedbackTick.id)
    rows = FeedbackTick.select(FeedbackTick.name, fn.MAX(FeedbackTick.group), many).join(Feedback)
    counted = list(rows.where(Feedback.event == event.id).group_by(FeedbackTick.name).tuples())
    seen = {group.id: group for group in InterestGroup.select().where(InterestGroup.id.in_([each[1] for each in counted]))}
    listed = [(name, seen.get(group), count) for name, group, count in counted]
    return sorted(listed, key=lambda each: (-each[2], each[0]))


def came(event):
    """How many registrations of an event were checked in, and how many of these neighbours have said something."""
    there = (Registration.event == event.id) & (Registration.state == "checked_in")
    mine = (Feedback.event == Registration.event) & (Feedback.member == Registration.member)
    rows = Registration.select().where(there)
    return rows.count(), rows.join(Feedback, on=mine).count()


def ask_due(now):
    """Two hours after the end, by day, whoever checked in and has said nothing yet is asked, once (the clock calls it). Returns
    how many events."""
    if (now + SHANGHAI).hour not in DAY:
        return 0
    done = FeedbackForm.select(FeedbackForm.event).where(FeedbackForm.asked_at.is_null(False))
    over = (Event.ends_at <= now - ASKED_AFTER) & (Event.ends_at > now - ASKED_WITHIN) & Event.id.not_in(done)
    over &= Event.state.in_(("completed", "recapped")) & (Event.sight == "shown")
    due = list(Event.select().where(over).order_by(Event.id))
    for event in due:
        with writing():
            _ask(taken(event), now)
    return len(due)


def _ask(event, now):
    FeedbackForm.insert(event=event.id).on_conflict_ignore().execute()
    first = (FeedbackForm.event == event.id) & FeedbackForm.asked_at.is_null()
    if not FeedbackForm.update(asked_at=now).where(first).execute():
        return
    said = Feedback.select(Feedback.member).where((Feedback.event == event.id) & Feedback.member.is_null(False))
    there = (Registration.event == event.id) & (Registration.state == "checked_in")
    silent = Membership.select(Membership.user).join(Registration, on=Registration.member == Membership.id)
    users = [row.user_id for row in silent.where(there & Membership.id.not_in(said) & (Membership.status == "active"))]
    words = f"{called(event)}怎么样？点一个表情就好，也说说还想和邻居一起做什么"
    key = f"feedback {event.id}"
    notices.tell(users, "event", words, path(event) + "/feedback", now, neighborhood=event.neighborhood_id, key=key)


def forget_guests(now):
    """Once a form is closed nobody needs to know which device said what; faces and words stay (the clock calls it daily)."""
    over = Event.select(Event.id).where(Event.ends_at < now - OPEN_FOR - timedelta(days=1))
    nameless = fn.LENGTH(Feedback.device) == 64
    with writing():
        gone = Value("gone ").concat(Feedback.id.cast("TEXT"))
        return Feedback.update(device=gone).where(Feedback.event.in_(over) & nameless).execute()


def fold(member, into):
    """What one membership said is the other's; where both did, the other's stays (db/merging.py)."""
    both = [row.event_id for row in Feedback.select(Feedback.event).where(Feedback.member == into.id)]
    Feedback.delete().where((Feedback.member == member.id) & Feedback.event.in_(both)).execute()
    Feedback.update(member=into.id).where(Feedback.member == member.id).execute()
