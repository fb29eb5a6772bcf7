"""Who changed what with whose right, when, before and after, and why (G8, S22). Rows are added, never changed."""

import json

from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from db.base import Refused, Table
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_line


class AuditLog(Table):
    at = DateTimeField(index=True)
    actor = ForeignKeyField(User, null=True, backref="+")
    neighborhood = ForeignKeyField(Neighborhood, null=True, backref="+")
    action = CharField(max_length=40)
    object_type = CharField(max_length=20)
    object_id = IntegerField()
    subject = ForeignKeyField(User, null=True, backref="+")  # the person it is about, who may read it
    before = TextField(default="")
    after = TextField(default="")
    reason = CharField(max_length=200)


def reason_of(text):
    """A reason of 4 to 200 characters; Refused beside the field `reason` otherwise."""
    reason = clean_line(text, 200, "reason", "原因")
    if len(reason) < 4:
        raise Refused("reason-needed", "请写下原因（4–200 个字）", field="reason")
    return reason


def record(action, thing, *, actor, now, reason, neighborhood=None, subject=None, before=None, after=None):
    """Write one line, in the transaction of the change itself, and give it back. `thing` is the changed row; before/after are
    small dicts."""
    return AuditLog.create(
        at=now,
        actor=actor,
        neighborhood=neighborhood,
        action=action,
        object_type=type(thing).__name__,
        object_id=thing.id,
        subject=subject,
        before=json.dumps(before or {}, ensure_ascii=False, default=str),
        after=json.dumps(after or {}, ensure_ascii=False, default=str),
        reason=reason_of(reason),
    )


def latest(neighborhood=None, limit=100):
    """Newest lines of one 小区, or of all of them for HQ."""
    query = AuditLog.select(AuditLog, User).join(User, JOIN.LEFT_OUTER, on=AuditLog.actor)
    if neighborhood is not None:
        query = query.where(AuditLog.neighborhood == neighborhood.id)
    return list(query.order_by(AuditLog.id.desc()).limit(limit))


def about(user, limit=50):
    """What was done to this person's things, for that person to read; under a name that was merged into this one, too."""
    names = User.select(User.id).where((User.id == user.id) | (User.merged_into == user.id))
    return list(AuditLog.select().where(AuditLog.subject.in_(names)).order_by(AuditLog.id.desc()).limit(limit))
