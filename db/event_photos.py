"""照片墙: what those who were there have photographed, for the neighbours (R40)."""

from peewee import DateTimeField, ForeignKeyField

from db import photos, registrations
from db.base import Refused, Table, writing
from db.events import Event, taken
from db.members import Membership
from db.people import User
from db.photos import Photo

MOST_EACH, MOST = 9, 200


class EventPhoto(Table):
    event = ForeignKeyField(Event, backref="+", on_delete="CASCADE")
    photo = ForeignKeyField(Photo, unique=True, backref="+", on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    at = DateTimeField()


def listed(event, limit=60):
    """The photos of an event, the latest first, each with whoever took it."""
    whole = EventPhoto.select(EventPhoto, Photo, Membership, User).join(Photo).switch(EventPhoto)
    whole = whole.join(Membership, on=EventPhoto.member).join(User)
    return list(whole.where(EventPhoto.event == event.id).order_by(EventPhoto.id.desc()).limit(limit))


def find(event, photo_id):
    """A photo on the wall of this event, or None."""
    return EventPhoto.get_or_none((EventPhoto.id == photo_id) & (EventPhoto.event == event.id))


def may_hang(event, member, now):
    """Whether this neighbour may hang photos: she was there, or runs it, and it has begun."""
    if member is None or event.phase(now) not in {"ongoing", "completed", "recapped"}:
        return False
    row = registrations.of(event, member)
    return event.run_by(member) or (row is not None and row.state == "checked_in")


def hang(member, event, now, codes, consent):
    """Hang photos of one's tray, up to nine each, for the neighbours of the 小区; who is on them has agreed (G9)."""
    tray = photos.in_tray(member, codes)
    if not tray:
        raise Refused("no-photo", "请选一张照片", field="photos")
    if not consent:
        raise Refused("consent-needed", "照片里的人同意了，请勾选这里", field="consent")
    if not may_hang(event, member, now):
        raise Refused("not-there", "来过现场的邻居才能贴照片")
    with writing():
        event = taken(event)
        mine = EventPhoto.event == event.id
        if EventPhoto.select().where(mine & (EventPhoto.member == member.id)).count() + len(tray) > MOST_EACH:
            raise Refused("too-many", f"每人最多贴 {MOST_EACH} 张", field="photos")
        if EventPhoto.select().where(mine).count() + len(tray) > MOST:
            raise Refused("too-many", "照片墙贴满了", field="photos")
        within = event.group_id if event.seen_as == "within" else None
        photos.use(tray, "group" if within else "neighborhood", now, within)
        EventPhoto.insert_many([{"event": event.id, "photo": each.id, "member": member.id, "at": now} for each in tray]).execute()


def take_down(event, hung, by):
    """Take a photo off the wall, and forget it: whoever hung it, and those who run the event."""
    if hung.member_id != by.id and not event.run_by(by):
        raise Refused("not-yours", "只有贴照片的邻居和发起人能取下", status=403)
    photos.drop([hung.photo_id], used=True)


def fold(member, into):
    """What one membership hung is the other's (db/merging.py)."""
    EventPhoto.update(member=into.id).where(EventPhoto.member == member.id).execute()
