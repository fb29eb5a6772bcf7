"""生活大使: so many neighbours carry a big day with the host; who said yes, and how far each of them is (R46, I5).

The list is exact: the one who says yes when it is full stands in line, and moves up when somebody steps back.
"""

from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db import audit, event_days, notices, screening
from db.base import Refused, Table, hold, writing
from db.events import Event, called, path, taken
from db.members import Membership
from db.people import User
from db.posts import Post
from db.words import clean_line, clean_text

USUAL, QUOTA, MOST = "生活大使", 10, 100
BEFORE = timedelta(days=2)  # answers are wanted by then, unless the host says otherwise
WAITS = timedelta(days=14)  # so long an invitation stands
QUIET = timedelta(days=90)  # whoever said no is not asked again for so long
NUDGED = timedelta(days=1)
STATES = {
    "invited": "等 TA 回话", "accepted": "答应了", "waitlisted": "候补", "declined": "这次不了", "lapsed": "没有回话",
    "withdrawn": "退出了",
}  # fmt: skip
TRANSITIONS = {
    *(("invited", to) for to in ("accepted", "waitlisted", "declined", "lapsed")),
    ("waitlisted", "accepted"),  # somebody stepped back, or there are more places
    ("accepted", "withdrawn"),
    ("waitlisted", "withdrawn"),
    *((gone, "invited") for gone in ("declined", "lapsed", "withdrawn")),
}
OPEN = ("invited", "accepted", "waitlisted")


class AmbassadorCall(Table):
    event = ForeignKeyField(Event, unique=True, backref="+", on_delete="CASCADE")
    name = CharField(max_length=12, default=USUAL)
    what = CharField(max_length=200, default="")  # what they do
    quota = IntegerField(default=QUOTA)
    accepted = IntegerField(default=0)
    last_no = IntegerField(default=0)  # the number the latest one in line was given
    until = DateTimeField()  # answers are taken till then
    nudged_at = DateTimeField(null=True)
    reminded_at = DateTimeField(null=True)

    class Meta:
        constraints = [Check("quota BETWEEN 1 AND 100 AND accepted BETWEEN 0 AND quota", name="ambassador_call_quota")]


class Ambassador(Table):
    call = ForeignKeyField(AmbassadorCall, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    state = CharField(max_length=10)  # see TRANSITIONS
    words = CharField(max_length=100)  # why she is asked
    named = BooleanField(default=False)  # her name may be read on the page of the event
    no = IntegerField(null=True)  # in line
    kit_at = DateTimeField(null=True)  # when she was given what she tries out
    post = ForeignKeyField(Post, null=True, backref="+", on_delete="SET NULL")  # what she prepared
    slot = CharField(max_length=40, default="")  # when and where she is on the day
    invited_at = DateTimeField()
    answered_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("call", "member"), True), (("call", "state"), False))

    @property
    def state_name(self):
        return STATES[self.state]

    @property
    def ready(self):
        """Whether what she prepared is there to be read."""
        return self.post_id is not None and self.post.state == "published"


def of(event):
    """The call of an event, or None."""
    call = AmbassadorCall.get_or_none(AmbassadorCall.event == event.id)
    if call is not None:
        call.event = event
    return call


def _with_people():
    whole = Ambassador.select(Ambassador, Membership, User, Post).join(Membership).join(User)
    return whole.switch(Ambassador).left_outer_join(Post)


def listed(call):
    """Everybody who was asked: who said yes, who waits in line, who has not answered, who is out."""
    rows = list(_with_people().where(Ambassador.call == call.id).order_by(Ambassador.no, Ambassador.id))
    order = ("accepted", "waitlisted", "invited", "withdrawn", "declined", "lapsed")
    return sorted(rows, key=lambda row: order.index(row.state))


def find(call, row_id):
    """One of them, or None."""
    return _with_people().where((Ambassador.id == row_id) & (Ambassador.call == call.id)).first()


def mine(call, member):
    """This neighbour's own place on the list, or None."""
    if call is None or member is None:
        return None
    return _with_people().where((Ambassador.call == call.id) & (Ambassador.member == member.id)).first()


def of_member(member, now):
    """[(call with its event, her place)] of what lies ahead, for her own page."""
    rows = Ambassador.select(Ambassador, AmbassadorCall, Event).join(AmbassadorCall).join(Event)
    ahead = Event.sight.in_(("shown", "within")) & (Event.state != "cancelled") & (Event.ends_at > now)
    wanted = (Ambassador.member == member.id) & Ambassador.state.in_(OPEN) & ahead
    return [(row.call, row) for row in rows.where(wanted).order_by(Event.starts_at)]


def names_of(event):
    """(what they are called, the names that may be read) for the page of the event."""
    rows = Ambassador.select(Ambassador, AmbassadorCall, Membership, User).join(AmbassadorCall).switch(Ambassador)
    rows = rows.join(Membership).join(User).where(AmbassadorCall.event == event.id)
    seen = (Ambassador.state == "accepted") & (Ambassador.named == True) & (Membership.status == "active")  # noqa: E712
    found = list(rows.where(seen).order_by(Ambassador.id))
    return (found[0].call.name if found else "", [row.member.user.name for row in found])


def ahead_of(row):
    """How many stand in line before her."""
    before = (Ambassador.call == row.call_id) & (Ambassador.state == "waitlisted") & (Ambassador.no < row.no)
    return Ambassador.select().where(before).count()


def _only_hosts(event, by):
    event_days.only_who_runs(event, by)
    if not by.is_host:
        raise Refused("not-yours", "大使由主理人来请", status=403)


def _ahead(event, now):
    """The event, taken, while it lies ahead; else refused."""
    event = taken(event)
    if event.phase(now) not in {"published", "closed_reg", "ongoing"} or not event.for_all:
        raise Refused("over", "活动取消了，或者已经办完了")
    return event


def plan(event, by, now, *, name, what, quota, until):
    """Open the call, or change it: what they are called, what they do, how many (1–100), and till when answers are taken (UTC;
    None: two days before). With more places the line moves up. Refused for fewer places than said yes."""
    _only_hosts(event, by)
    name, what = clean_line(name, 12, "name", "称呼") or USUAL, clean_text(what, 200, "what", "做什么")
    for text, field in ((name, "name"), (what, "what")):
        screening.check(text, field)
    if not isinstance(quota, int) or not 1 <= quota <= MOST:
        raise Refused("bad-quota", f"请几位？填 1–{MOST}", field="quota")
    until = until or max(event.starts_at - BEFORE, min(event.starts_at, now + timedelta(hours=1)))
    there = of(event)
    if not now < until <= event.starts_at and not (there and until == there.until.replace(second=0, microsecond=0)):
        raise Refused("bad-until", "回话的截止要在现在以后、活动开始以前", field="until")
    with writing():
        event = _ahead(event, now)
        AmbassadorCall.insert(event=event.id, until=until).on_conflict_ignore().execute()
        call = held(event)
        if quota < call.accepted:
            raise Refused("too-few", f"已经有 {call.accepted} 位答应了，不能比这个少", field="quota")
        if until == call.until.replace(second=0, microsecond=0):  # as the form had it
            until = call.until
        values = {"name": name, "what": what, "quota": quota, "until": until}
        before = {key: getattr(call, key) for key in values}
        AmbassadorCall.update(**values).where(AmbassadorCall.id == call.id).execute()
        if before != values:
            _record("plan ambassadors", event, by, now, "定大使名额", before=before, after=values)
        move_up(call, event, now)


def held(event):
    """The call of an event, its row taken until this transaction ends."""
    hold(AmbassadorCall, AmbassadorCall.event == event.id)
    call = AmbassadorCall.get_or_none(AmbassadorCall.event == event.id) or _not_asked()
    call.event = event
    return call


def _record(action, event, by, now, reason, **more):
    audit.record(action, event, actor=by.user, now=now, reason=reason, neighborhood=event.neighborhood_id, **more)


def tell(event, users, sentence, now, key):
    """Tell these users something about their place; unread lines of one kind become one. In the caller's transaction."""
    url = f"{path(event)}/ambassadors"
    notices.tell(users, "event", sentence, url, now, neighborhood=event.neighborhood_id, key=f"{key} {event.id}", anew=True)


def invite(event, by, member_ids, now, words):
    """Ask these neighbours, with a word each of them reads; who is on the list already is not asked twice. Returns how many were
    asked. Refused: no word, nobody, or one who said no less than ninety days ago."""
    _only_hosts(event, by)
    words = clean_line(words, 100, "words", "想说的话")
    if len(words) < 4:
        raise Refused("no-words", "写一句为什么请 TA（4–100 个字）", field="words")
    screening.check(words, "words")
    with writing():
        event = _ahead(event, now)
        call = held(event)
        if now >= call.until:
            raise Refused("closed", "回话的时间过了，先把截止往后放")
        people = Membership.select(Membership, User).join(User).where(Membership.id.in_(member_ids))
        people = list(people.where((Membership.neighborhood == event.neighborhood_id) & (Membership.status == "active")))
        if not people:
            raise Refused("nobody", "请选至少一位邻居", field="whom")
        asked = [each for each in people if _ask(call, each, now, words)]
        said = f"{by.name}请您当{called(event)}的{call.name}：{words}"[:160]
        tell(event, [each.user_id for each in asked], said, now, "ambassador")
        for each in asked:
            _record("invite ambassador", event, by, now, words, subject=each.user)
        return len(asked)


def _ask(call, member, now, words):
    no = (Ambassador.member == member.id) & (Ambassador.state == "declined") & (Ambassador.answered_at > now - QUIET)
    if Ambassador.select().where(no).exists():
        raise Refused("said-no", f"{member.user.name}不久前婉拒过，过三个月再请吧", field="whom")
    row = mine(call, member)
    if row is None:
        Ambassador.create(call=call, member=member, state="invited", words=words, invited_at=now)
    elif row.state in OPEN:
        return False
    else:
        anew = {"answered_at": None, "no": None, "kit_at": None, "post": None, "slot": "", "named": False}
        move(row, "invited", words=words, invited_at=now, **anew)
    return True


def moved_on():
    """The refusal for whoever acts on a place that changed meanwhile (409)."""
    return Refused("moved-on", "名单刚刚变了，请刷新看看")


def move(row, to, **values):
    """Carry a place along one arrow of TRANSITIONS, in the caller's transaction; anything not drawn is refused."""
    as_it_was = (Ambassador.id == row.id) & (Ambassador.state == row.state)
    if (row.state, to) not in TRANSITIONS or not Ambassador.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()
    row.state = to


def seat(call, many=1):
    """Take a place, or give it back where it is negative; False where there is none (G6, I5)."""
    room = (AmbassadorCall.id == call.id) & (AmbassadorCall.accepted + many <= AmbassadorCall.quota)
    return bool(AmbassadorCall.update(accepted=AmbassadorCall.accepted + many).where(room).execute())


def move_up(call, event, now):
    """Whoever stands first in line has a place now, while there is one. In the caller's transaction."""
    waits = (Ambassador.call == call.id) & (Ambassador.state == "waitlisted") & (Membership.status == "active")
    while (first := _with_people().where(waits).order_by(Ambassador.no).first()) and seat(call):
        move(first, "accepted", no=None)
        tell(event, [first.member.user_id], f"{called(event)}的{call.name}有位置了，您在名单上", now, "ambassador place")


def may_answer(call, row, now):
    """Whether an invitation still waits for her word."""
    return row.state == "invited" and now < min(call.until, row.invited_at + WAITS)


def answer(event, member, yes, now, *, named=False):
    """Say yes or no. A yes takes a place, or stands in line where all are taken; said twice, it is said. Returns the state."""
    with writing():
        event = _ahead(event, now)
        call = held(event)
        row = mine(call, member) or _not_asked()
        if row.state in ({"accepted", "waitlisted"} if yes else {"declined"}):
            return row.state
        if row.state == "invited" and not may_answer(call, row, now):
            raise Refused("closed", "回话的时间过了，可以跟主理人说一声")
        values = {"answered_at": now, "named": bool(named)}
        if not yes:
            move(row, "declined", **values)
        elif seat(call):
            move(row, "accepted", **values)
        else:
            AmbassadorCall.update(last_no=AmbassadorCall.last_no + 1).where(AmbassadorCall.id == call.id).execute()
            move(row, "waitlisted", no=call.last_no + 1, **values)
        return row.state


def _not_asked():
    raise Refused("not-asked", "现在没有请您当大使，请刷新看看")


def withdraw(event, member, now):
    """Step back, from a place or from the line; who stands first in line moves up. Twice is once."""
    with writing():
        event = _ahead(event, now)
        call = held(event)
        row = mine(call, member) or _not_asked()
        if row.state == "withdrawn":
            return
        was = row.state
        move(row, "withdrawn", no=None)
        if was == "accepted":
            seat(call, -1)
            move_up(call, event, now)


def choose_post(event, row, by, post, now):
    """What she prepared: one of her own posts that everybody sees; None takes it off."""
    if by.id != row.member_id:
        raise Refused("not-yours", "请 TA 自己来选", status=403)
    if post is not None and (post.author_id != row.member_id or post.state != "published"):
        raise Refused("not-hers", "请选 TA 自己已经发出来的帖子", field="post")
    with writing():
        _ahead(event, now)
        chosen = (Ambassador.id == row.id) & (Ambassador.state == "accepted")
        if not Ambassador.update(post=post and post.id).where(chosen).execute():
            raise moved_on()


def note(event, row, by, now, *, kit, slot):
    """What the host ticks off: whether she was given her kit, and when and where she is on the day."""
    _only_hosts(event, by)
    slot = clean_line(slot, 40, "slot", "当天时段")
    screening.check(slot, "slot")
    with writing():
        _ahead(event, now)
        values = {"kit_at": (row.kit_at or now) if kit else None, "slot": slot}
        if not Ambassador.update(**values).where((Ambassador.id == row.id) & (Ambassador.state == "accepted")).execute():
            raise moved_on()
        said = {"kit": kit, "slot": slot}
        _record("note ambassador", event, by, now, "记大使的体验包和时段", subject=row.member.user, after=said)
        if slot and slot != row.slot:
            tell(event, [row.member.user_id], f"{called(event)}当天，您在：{slot}", now, "ambassador slot")


def without_content(call):
    """The users on the list who have nothing to be read yet."""
    there = (Ambassador.call == call.id) & (Ambassador.state == "accepted") & (Membership.status == "active")
    return [row.member.user_id for row in _with_people().where(there) if not row.ready]


def nudge(event, by, now):
    """Remind whoever has nothing prepared yet, once a day at most. Returns how many."""
    _only_hosts(event, by)
    with writing():
        event = _ahead(event, now)
        call = held(event)
        if call.nudged_at and now - call.nudged_at < NUDGED:
            raise Refused("today", "今天提醒过了，明天再说")
        people = without_content(call)
        AmbassadorCall.update(nudged_at=now).where(AmbassadorCall.id == call.id).execute()
        tell(event, people, f"{called(event)}快到了，您的内容准备好了吗？发出来，在这里选上就好", now, "ambassador content")
        return len(people)
