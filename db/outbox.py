"""What is to be sent to the outside world. The domain writes a row; a job carries it out, once, and forgets its words."""

import json
from datetime import timedelta

from peewee import CharField, DateTimeField, IntegerField, TextField

from db import phones
from db.base import Table, writing

TRIES = 5


class OutboxMessage(Table):
    channel = CharField(max_length=10)  # sms
    sealed = TextField()  # encrypted {"to": …, "text": …}; emptied once it is sent
    state = CharField(max_length=10, default="waiting")  # waiting | sending | sent | failed
    tries = IntegerField(default=0)
    created_at = DateTimeField()
    due_at = DateTimeField(index=True)
    expires_at = DateTimeField()


def put(channel, to, text, now, expires_at):
    """Queue a message, in the transaction of what caused it. After `expires_at` it is not worth sending."""
    return OutboxMessage.create(
        channel=channel,
        sealed=phones.seal(json.dumps({"to": to, "text": text}, ensure_ascii=False)),
        created_at=now,
        due_at=now,
        expires_at=expires_at,
    )


def _claim(now):
    """Take one due message that nobody else took, or None. A sender that died leaves its claim for one minute."""
    due = OutboxMessage.state.in_(("waiting", "sending")) & (OutboxMessage.due_at <= now)
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


def deliver(now, send):
    """Send what is due through `send(channel, to, text)`; returns how many went. Failures are tried again later, five times."""
    sent = 0
    while message := _claim(now):
        state = "failed"
        if message.expires_at > now:
            content = json.loads(phones.unseal(message.sealed))
            try:
                send(message.channel, content["to"], content["text"])
                state, sent = "sent", sent + 1
            except OSError:
                state = "failed" if message.tries >= TRIES else "waiting"
        with writing():
            OutboxMessage.update(
                state=state,
                sealed=message.sealed if state == "waiting" else "",
                due_at=now + timedelta(seconds=20 * message.tries),
            ).where(OutboxMessage.id == message.id).execute()
    return sent


def forget_to(to):
    """Words that wait to be sent to this number are not sent any more; in the caller's transaction. There are never many."""
    for message in list(OutboxMessage.select().where(OutboxMessage.state.in_(("waiting", "sending")))):
        if message.sealed and json.loads(phones.unseal(message.sealed))["to"] == to:
            OutboxMessage.update(state="failed", sealed="").where(OutboxMessage.id == message.id).execute()


def forget_old(now):
    """Messages that went or failed a month ago are not kept, not even without their words (the clock calls it daily)."""
    done = OutboxMessage.state.in_(("sent", "failed")) & (OutboxMessage.created_at < now - timedelta(days=30))
    with writing():
        return OutboxMessage.delete().where(done).execute()
