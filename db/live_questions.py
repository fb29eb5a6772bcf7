"""提问: neighbours ask before and while it runs, the others push what they want to know too, the host answers (R47).

Whoever asks without her name stays unnamed to everybody; only the row knows her, so that she can be told and can be forgotten.
"""

from peewee import BooleanField, Case, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, Value

from db import activity, audit, limits, lives, notices, screening
from db.activity import Action
from db.base import Refused, Table, hold, writing
from db.event_days import only_who_runs
from db.events import Event, called, hosts_of, path, taken
from db.lives import stir
from db.members import Membership
from db.people import User
from db.words import clean_line, clean_text

STATES = {"waiting": "等主理人看", "open": "等回答", "answered": "答过了", "hidden": "收起了"}
TRANSITIONS = {
    ("waiting", "open"),
    ("waiting", "answered"),
    ("waiting", "hidden"),
    ("open", "answered"),
    ("open", "hidden"),
    ("answered", "hidden"),
    ("hidden", "open"),
}
SEEN = ("open", "answered")
MOST = 100


class LiveQuestion(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+", index=False)
    body = CharField(max_length=200)
    anonymous = BooleanField(default=False)
    state = CharField(max_length=8)  # see TRANSITIONS
    votes = IntegerField(default=0)
    answer = CharField(max_length=500, default="")  # empty: it was answered aloud
    op_id = CharField(max_length=40)
    at = DateTimeField()
    told_at = DateTimeField(null=True)  # when whoever asked heard that it was answered

    class Meta:
        indexes = ((("event", "state"), False), (("member", "op_id"), True))
        constraints = [Check("votes >= 0", name="live_question_votes")]

    @property
    def state_name(self):
        return STATES[self.state]

    @property
    def name(self):
        return "一位邻居" if self.anonymous else self.member.user.name


class LiveVote(Table):
    question = ForeignKeyField(LiveQuestion, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")

    class Meta:
        indexes = ((("question", "member"), True),)


def _with_people():
    return LiveQuestion.select(LiveQuestion, Membership, User).join(Membership).join(User)


def listed(event, *states):
    """Questions in these states (what neighbours see where none is named): what waits for an answer first, then by votes."""
    return list(_sorted(event, states or SEEN).limit(MOST))


def desk(event):
    """All that waits to be seen or answered, and the latest of what is done, for whoever runs the event."""
    return [*_sorted(event, ("waiting", "open")), *listed(event, "answered", "hidden")]


def _sorted(event, states):
    here = (LiveQuestion.event == event.id) & LiveQuestion.state.in_(states)
    rank = Case(LiveQuestion.state, [(state, number) for number, state in enumerate(STATES)])
    return _with_people().where(here).order_by(rank, LiveQuestion.votes.desc(), LiveQuestion.id)


def find(event, question_id):
    """A question about this event, or None."""
    return _with_people().where((LiveQuestion.id == question_id) & (LiveQuestion.event == event.id)).first()


def pushed_by(event, member):
    """Which questions of this event this neighbour has pushed."""
    if member is None:
        return set()
    mine = LiveVote.select(LiveVote.question).join(LiveQuestion)
    return {row.question_id for row in mine.where((LiveQuestion.event == event.id) & (LiveVote.member == member.id))}


def takes(event, now):
    """Whether one may ask and push: from the day it is announced to its end."""
    return event.sight == "shown" and lives.has_room(event) and lives.stage_of(event, now) in {"before", "on"}


def ask(member, event, now, *, op_id, body, anonymous=False):
    """Ask something, with one's name or without; the same `op_id` again gives the first one back (G5). What the host should see
    first waits for her."""
    first = (LiveQuestion.member == member.id) & (LiveQuestion.op_id == op_id)
    if done := LiveQuestion.get_or_none(first):
        return done
    body = clean_line(body, 200, "body", "问题")
    if len(body) < 2:
        raise Refused("too-short", "想问点什么？写一句吧", field="body")
    screening.check(body, "body")
    try:
        with writing():
            return LiveQuestion.get_or_none(first) or _ask(member, taken(event), now, op_id, body, anonymous)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return LiveQuestion.get(first)


def _ask(member, event, now, op_id, body, anonymous):
    if not takes(event, now):
        raise Refused("closed", "提问已经结束了")
    limits.spend("question", f"member {member.id}", now)
    state = "waiting" if screening.why_wait(member, body, now) else "open"
    values = {"body": body, "anonymous": bool(anonymous), "state": state, "op_id": op_id, "at": now}
    question = LiveQuestion.create(event=event, member=member, **values)
    if state == "open":
        stir(event.id, now)
        activity.record(member, "question", question.id, now)
    else:
        organiser = Membership.select(Membership.user).where(Membership.id == event.creator_id).scalar()
        people, url, key = (
            {organiser, *hosts_of(event.neighborhood_id)},
            f"{path(event)}/live/questions/",
            f"questions {event.id}",
        )
        sentence = f"{called(event)}里有一个问题，等您看一眼"
        notices.tell(people, "desk", sentence, url, now, neighborhood=event.neighborhood_id, key=key)
    return question


def push(member, event, question, on, now):
    """Want to know it too, or not any more; once each, and asked twice nothing changes. Returns how many do."""
    with writing():
        hold(LiveQuestion, LiveQuestion.id == question.id)
        if not takes(event, now):
            raise Refused("closed", "提问已经结束了")
        if on:
            changed = LiveVote.insert(question=question.id, member=member.id).on_conflict_ignore().as_rowcount().execute()
        else:
            mine = (LiveVote.question == question.id) & (LiveVote.member == member.id)
            changed = -LiveVote.delete().where(mine).execute()
        if changed:
            open_still = (LiveQuestion.id == question.id) & (LiveQuestion.state == "open")
            if not LiveQuestion.update(votes=LiveQuestion.votes + changed).where(open_still).execute():
                raise moved_on()
            stir(event.id, now)
        return LiveQuestion.select(LiveQuestion.votes).where(LiveQuestion.id == question.id).scalar()


def moved_on():
    """The refusal for whoever acts on a question that changed meanwhile (409)."""
    return Refused("moved-on", "这个问题刚刚变了，请刷新看看")


def _move(question, to, now, **values):
    if (question.state, to) not in TRANSITIONS:
        raise moved_on()
    as_it_was = (LiveQuestion.id == question.id) & (LiveQuestion.state == question.state)
    if not LiveQuestion.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()
    stir(question.event_id, now, urgent=to == "hidden")


def answer(event, question, by, now, words):
    """Say that it was answered, in a few words or aloud; said again, the words are others. Whoever asked is told once."""
    only_who_runs(event, by)
    words = clean_text(words, 500, "answer", "回答")
    screening.check(words, "answer")
    with writing():
        hold(LiveQuestion, LiveQuestion.id == question.id)
        question = find(event, question.id) or _gone()
        if question.state == "answered":
            LiveQuestion.update(answer=words).where(LiveQuestion.id == question.id).execute()
            stir(event.id, now)
            return
        _move(question, "answered", now, answer=words)
        if question.state == "waiting":
            activity.record(question.member, "question", question.id, now)
        if question.member_id != by.id and question.told_at is None and event.sight == "shown":
            LiveQuestion.update(told_at=now).where(LiveQuestion.id == question.id).execute()
            key, url = f"question {question.id}", f"{path(event)}/live"
            sentence = f"您在{called(event)}问的有回答了：{words[:60] or '在直播里答过了'}"
            notices.tell([question.member.user_id], "event", sentence, url, now, neighborhood=event.neighborhood_id, key=key)


def _gone():
    raise moved_on()


def hide(event, question, by, now):
    """Take a question out of sight: it is off the point, or unfriendly. Audited; it counts as no deed of whoever asked."""
    only_who_runs(event, by)
    with writing():
        _move(question, "hidden", now)
        mine = (Action.membership == question.member_id) & (Action.kind == "question") & (Action.object_id == question.id)
        Action.delete().where(mine).execute()
        _record("hide question", event, question, by, now, "收起提问")


def show(event, question, by, now):
    """Let a question that waited or was hidden be seen. Audited."""
    only_who_runs(event, by)
    with writing():
        _move(question, "open", now)
        activity.record(question.member, "question", question.id, now)
        _record("show question", event, question, by, now, "放出提问")


def _record(action, event, question, by, now, reason):
    place, subject = event.neighborhood_id, question.member.user_id
    audit.record(action, question, actor=by.user, now=now, reason=reason, neighborhood=place, subject=subject)


def figures(event):
    """(asked, answered) as the host counts them; what is hidden counts as neither."""
    states = [row.state for row in LiveQuestion.select(LiveQuestion.state).where(LiveQuestion.event == event.id)]
    return sum(state != "hidden" for state in states), states.count("answered")


def forget(line, her, now):
    """Her questions go, and nobody sees them a moment longer (db/belongings.py)."""
    mine = line.rows(her)
    events = _asked_at(mine)
    LiveQuestion.delete().where(mine).execute()
    for event_id in events:
        stir(event_id, now, urgent=True)


def _asked_at(which):
    return sorted({row.event_id for row in LiveQuestion.select(LiveQuestion.event).where(which)})


def fold(member, into, now):
    """What one membership asked and pushed is the other's; pushed by both, it counts once (db/merging.py)."""
    for event_id in _asked_at(LiveQuestion.member == member.id):
        stir(event_id, now, urgent=True)  # another name stands there
    number = Value("merged ").concat(LiveQuestion.id.cast("TEXT"))
    LiveQuestion.update(member=into.id, op_id=number).where(LiveQuestion.member == member.id).execute()
    both = [row.question_id for row in LiveVote.select(LiveVote.question).where(LiveVote.member == into.id)]
    doubled = (LiveVote.member == member.id) & LiveVote.question.in_(both)
    twice = [row.question_id for row in LiveVote.select(LiveVote.question).where(doubled)]
    hold(LiveQuestion, LiveQuestion.id.in_(twice))
    LiveVote.delete().where(doubled).execute()
    LiveQuestion.update(votes=LiveQuestion.votes - 1).where(LiveQuestion.id.in_(twice)).execute()
    LiveVote.update(member=into.id).where(LiveVote.member == member.id).execute()
