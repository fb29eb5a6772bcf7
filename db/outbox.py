"""What is to be sent to the outside world. The domain writes a row; a job carries it out, once, and forgets its words."""

import json
from datetime import timedelta

from peewee import CharField, DateTimeField, IntegerField, TextField

from db import phones
from db.base import Table, writing

TRIES = 5
PAUSE = {"sms": 20, "mail": 600, "wecom": 30}  # seconds before the next try, times the tries so far


class Later(OSError):
    """Not now: come again after so many seconds. That is no failure, and does not count as a try."""

    def __init__(self, seconds):
        super().__init__(f"come again in {seconds} s")
        self.retry_after = seconds


class Never(OSError):
    """It will not go, however often it is tried."""

    final = True


class OutboxMessage(Table):
    channel = CharField(max_length=10)  # sms | mail | wecom
    sealed = TextField()  # encrypted {"to": …, "text": …}; emptied once it is sent
    state = CharField(max_length=10, default="waiting")  # waiting | sending | sent | failed
    tries = IntegerField(default=0)
    created_at = DateTimeField()
    due_at = DateTimeField()
    expires_at = DateTimeField()

    class Meta:
        indexes = ((("state", "due_at"), False),)


def put(channel, to, text, now, expires_at):
    """Queue a message, in the transaction of what caused it. After `expires_at` it is not worth sending."""
    put_all(channel, [(to, text)], now, expires_at)


def put_all(channel, messages, now, expires_at):
    """The same for many (to, text), in one statement."""
    same = {"channel": channel, "created_at": now, "due_at": now, "expires_at": expires_at}
    rows = [same | {"sealed": phones.seal(json.dumps({"to": to, "text": text}, ensure_ascii=False))} for to, text in messages]
    if rows:
        OutboxMessage.insert_many(rows).execute()


def _claim(now, channel):
    """Take one due message that nobody else took, or None. A sender that died leaves its claim for one minute."""
    due = OutboxMessage.state.in_(("waiting", "sending")) & (OutboxMessage.due_at <= now)
    if channel:
        due &= OutboxMessage.channel == channel
    # All read before the first is taken: SQLite lets nobody write whose reading began before another's write.
    for message in list(OutboxMessage.select().where(due).order_by(OutboxMessage.id).limit(10)):
        with writing():
            mine = (
                OutboxMessage.update(state="sending", tries=OutboxMessage.tries + 1, due_at=now + timedelta(minutes=1))
                .where((OutboxMessage.id == message.id) & due)
                .execute()
            )
        if mine:
            return OutboxMessage.get_by_id(message.id)
    return None


def deliver(now, send, *, channel=None, most=None):
    """Send what is due through `send(channel, to, text)`, of one channel or all, trying so many at most; returns how many went.

    Failures are tried again later, five times. An OSError that says `retry_after` is no failure, one that is `final` is the
    last. A claim holds for a minute from `now`: whoever sends slowly takes one at a time, each at its own moment."""
    tried = sent = 0
    while (most is None or tried < most) and (message := _claim(now, channel)):
        state, tries, pause = "failed", message.tries, PAUSE.get(message.channel, 20) * message.tries
        if message.expires_at > now:
            content, tried = json.loads(phones.unseal(message.sealed)), tried + 1
            try:
                send(message.channel, content["to"], content["text"])
                state, sent = "sent", sent + 1
            except OSError as trouble:
                if wait := getattr(trouble, "retry_after", None):
                    state, tries, pause = "waiting", message.tries - 1, wait
                elif message.tries < TRIES and not getattr(trouble, "final", False):
                    state = "waiting"
        with writing():
            OutboxMessage.update(
                state=state,
                sealed=message.sealed if state == "waiting" else "",
                tries=tries,
                due_at=now + timedelta(seconds=pause),
            ).where(OutboxMessage.id == message.id).execute()
    return sent


def forget_to(channel, to):
    """Words that wait to be sent to this number or address are not sent any more; in the caller's transaction."""
    waiting = OutboxMessage.state.in_(("waiting", "sending")) & (OutboxMessage.channel == channel)
    for message in list(OutboxMessage.select().where(waiting)):
        if message.sealed and json.loads(phones.unseal(message.sealed))["to"] == to:
            OutboxMessage.update(state="failed", sealed="").where(OutboxMessage.id == message.id).execute()


def forget_old(now):
    """Messages that went or failed a month ago are not kept, not even without their words (the clock calls it daily)."""
    done = OutboxMessage.state.in_(("sent", "failed")) & (OutboxMessage.created_at < now - timedelta(days=30))
    with writing():
        return OutboxMessage.delete().where(done).execute()
