"""注销: a person asks to be forgotten, and has seven days to think again. What is then done is told in db/belongings.py."""

import unicodedata
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, IntegrityError

from db import members, notices
from db.base import Refused, Table, writing
from db.people import User

SECOND_THOUGHT = timedelta(days=7)
GONE = "搬走的邻居"  # who wrote what she leaves behind
PAGE = "/me/privacy/leave"

# What becomes of her posts and comments.
CHOICES = {"keep": f"留下，署名「{GONE}」", "delete": "全部删掉"}

TRANSITIONS = {
    ("waiting", "called_off"),  # she stays; or she holds an office by now
    ("waiting", "leaving"),  # the seven days are over: from here on there is no way back
    ("leaving", "done"),
}


class Farewell(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    traces = CharField(max_length=10)  # a key of CHOICES
    state = CharField(max_length=10, default="waiting")  # see TRANSITIONS
    op_id = CharField(max_length=40)
    asked_at = DateTimeField()
    due_at = DateTimeField(index=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("user", "op_id"), True),)

    def days_left(self, now):
        """How many days she may still think again; the last one counts until it is over."""
        return max(1, -((now - self.due_at) // timedelta(days=1)))


Farewell.add_index(Farewell.user, unique=True, where=Farewell.state == "waiting", name="farewell_waiting")


def office_of(user):
    """The office that keeps this person here until it is handed over, in words; empty for everybody else."""
    if user.staff:
        return "工作人员要先卸任，才能注销。请联系总部"
    return "主理人要先交接，才能注销。在「主理人工作台 → 交接」里请一位邻居接任，再来" if members.hosts_anywhere(user) else ""


def waiting(user):
    """Her request that waits, or None."""
    return Farewell.get_or_none((Farewell.user == user.id) & (Farewell.state == "waiting"))


def ask(user, now, *, traces, confirm, op_id):
    """She wants to be forgotten in seven days. The same form again, or another one while she waits, gives the first request.

    Refused beside the field: no choice about her words, not her name; as a conflict: she holds an office."""
    if traces not in CHOICES:
        raise Refused("choice-needed", "请选一下，您写过的内容怎么办", field="traces")
    if unicodedata.normalize("NFC", " ".join((confirm or "").split())) != user.name:
        raise Refused("not-your-name", f"请写您现在的称呼「{user.name}」，我们好确认是您本人", field="confirm")
    if office := office_of(user):
        raise Refused("host-stays", office)
    before = (Farewell.user == user.id) & ((Farewell.op_id == op_id) | (Farewell.state == "waiting"))
    try:
        with writing():
            if first := Farewell.get_or_none(before):
                return first
            due = now + SECOND_THOUGHT
            asked = Farewell.create(user=user, traces=traces, op_id=op_id, asked_at=now, due_at=due)
            notices.tell([user], "account", "您申请了注销，7 天后生效。这几天随时可以改主意", PAGE, now)
            return asked
    except IntegrityError:  # another tap of hers was quicker
        return Farewell.get(before)


def move(farewell, to, now):
    """Carry a request along one arrow of TRANSITIONS, in the caller's transaction. Refused where it waits no more."""
    sources = [source for source, target in TRANSITIONS if target == to]
    mine = (Farewell.id == farewell.id) & (Farewell.state == farewell.state) & Farewell.state.in_(sources)
    if not Farewell.update(state=to, ended_at=now).where(mine).execute():
        raise Refused("moved-on", "这个申请已经结束了")
    farewell.state = to


def stay(user, now):
    """「不走了」: nothing has happened yet, so nothing needs to be mended. Refused where no request waits any more."""
    with writing():
        farewell = waiting(user)
        if farewell is None:
            raise Refused("moved-on", "没有等着生效的注销申请")
        move(farewell, "called_off", now)


def due(now, limit=50):
    """The requests whose seven days are over, the oldest first; those that were begun and not finished, too."""
    over = Farewell.state.in_(("waiting", "leaving")) & (Farewell.due_at <= now)
    return list(Farewell.select(Farewell, User).join(User).where(over).order_by(Farewell.due_at, Farewell.id).limit(limit))
