"""Signed-in devices: one row each, so that signing out means signed out (S13). The cookie holds a secret, the row its hash."""

import hashlib
import secrets
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField

from db.base import Table, writing
from db.compiled import as_row, compiled, moment
from db.notices import unread
from db.people import User

NOTED_EVERY = timedelta(minutes=30)  # reading a page should not cost a write
IDLE_HOURS = {"": 30 * 24, "host": 12, "district": 12, "hq": 2}


class Session(Table):
    user = ForeignKeyField(User, backref="sessions", on_delete="CASCADE")
    token_hash = CharField(max_length=64, unique=True)
    device = CharField(max_length=60, default="")
    idle_hours = IntegerField()
    created_at = DateTimeField()
    seen_at = DateTimeField()
    ended_at = DateTimeField(null=True)


def hash_of(token):
    """What stands in the row for the secret of a cookie."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(user, now, *, device="", hosting=False):
    """A new signed-in device; returns the secret for its cookie. Hosts stay 12 h without a visit, HQ 2 h, others 30 days."""
    token = secrets.token_urlsafe(24)
    idle = IDLE_HOURS[user.staff or ("host" if hosting else "")]
    with writing():
        Session.create(user=user, token_hash=hash_of(token), device=device[:60], idle_hours=idle, created_at=now, seen_at=now)
    return token


@compiled
def _live(token_hash):
    return (
        Session.select(Session.id, Session.idle_hours, Session.seen_at, unread(User.id), *User._meta.sorted_fields)
        .join(User)
        .where((Session.token_hash == token_hash) & Session.ended_at.is_null() & (User.status == "active"))
    )


def visitor(token, now):
    """(user, session id, unread notices) behind a cookie's secret, or None when it ended or idled out. One query on every
    signed-in request."""
    rows = _live(token_hash=hash_of(token))
    if not rows:
        return None
    session_id, idle_hours, seen_at, told, *values = rows[0]
    seen_at = moment(seen_at)
    if now - seen_at > timedelta(hours=idle_hours):
        return None
    if now - seen_at > NOTED_EVERY:
        with writing():
            Session.update(seen_at=now).where(Session.id == session_id).execute()
    return as_row(User, values), session_id, told


def of(user):
    """The devices this person is signed in on, latest first."""
    return list(Session.select().where((Session.user == user.id) & Session.ended_at.is_null()).order_by(Session.seen_at.desc()))


def end(session_id, user, now):
    """Sign out one device of this person."""
    with writing():
        Session.update(ended_at=now).where(
            (Session.id == session_id) & (Session.user == user.id) & Session.ended_at.is_null()
        ).execute()


def end_all(user, now, *, keep=None):
    """Sign out everywhere; `keep` is the session that may stay (after a change of password or phone). Returns how many."""
    ended = (Session.user == user.id) & Session.ended_at.is_null()
    with writing():
        return Session.update(ended_at=now).where(ended & (Session.id != (keep or 0))).execute()


def forget_old(now):
    """Rows of devices that ended or idled out over 30 days ago are not kept (the clock calls it daily)."""
    old = now - timedelta(days=30)
    with writing():
        return Session.delete().where((Session.ended_at < old) | (Session.seen_at < old - timedelta(days=30))).execute()
