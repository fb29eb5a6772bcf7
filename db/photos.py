"""Photos neighbours have handed in: a row each, and three WebP files under the data directory with random names (G9)."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, chunked

from db import consents, groups, limits, pictures
from db.base import Refused, Table, database, writing
from db.groups import InterestGroup
from db.members import Membership, show_face
from db.neighborhoods import Neighborhood
from db.pictures import WIDTHS

TRAY_LIFE = timedelta(hours=24)  # a photo handed in but never posted is forgotten after this

_shelf = {"path": None}


def shelve_under(path):
    """Where the files of this process stand."""
    path = Path(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _shelf["path"] = path


class Photo(Table):
    code = CharField(max_length=32, unique=True)
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    owner = ForeignKeyField(Membership, backref="+")
    width = IntegerField()
    height = IntegerField()
    colour = CharField(max_length=7)
    sha256 = CharField(max_length=64, index=True)
    audience = CharField(max_length=12, default="owner")  # owner | group | neighborhood | public | nobody
    group = ForeignKeyField(InterestGroup, null=True, backref="+", index=False)  # whose people see it, where those alone do
    consent = BooleanField(default=False)  # 「画面中有他人/儿童已征得同意」
    used = BooleanField(default=False)
    created_at = DateTimeField(index=True)

    class Meta:
        constraints = [Check("audience <> 'group' OR group_id IS NOT NULL", name="photo_group")]


def file_of(code, width):
    """Where a photo of this width lies on the shelf; nobody asks here whether it does."""
    return _shelf["path"] / code[:2] / f"{code}-{width}.webp"


def look_of(photo):
    """What it looks like (db/pictures.py), read from the shelf: outside any transaction (S3)."""
    return pictures.look(file_of(photo.code, WIDTHS[0]).read_bytes())


def keep(member, reduced, now, *, original=b""):
    """Put a reduced picture on the shelf; only its owner sees it until it is used in a post. 60 a day each (S15)."""
    limits.spend("photo", f"member {member.id}", now)
    code = secrets.token_hex(16)
    file_of(code, WIDTHS[0]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for width, blob in reduced.files.items():
        file_of(code, width).write_bytes(blob)
    with writing():
        return Photo.create(
            code=code,
            neighborhood=member.neighborhood_id,
            owner=member,
            width=reduced.width,
            height=reduced.height,
            colour=reduced.colour,
            sha256=hashlib.sha256(original or reduced.files[WIDTHS[-1]]).hexdigest(),
            created_at=now,
        )


def find(neighborhood, code):
    """A photo of this 小区 by its code, or None (G1)."""
    return Photo.get_or_none((Photo.code == code) & (Photo.neighborhood == neighborhood.id))


def visible_to(photo, member):
    """Public ones to all, 小区-only ones to its neighbours, those of a private group to its people, unposted ones to their
    owner (and those of a waiting post to the host who is to look at it), withdrawn ones to nobody."""
    if photo.audience == "public":
        return True
    if member is None:
        return False
    if photo.audience == "owner":
        return photo.owner_id == member.id or (photo.used and member.is_host)
    if photo.audience == "group":
        return photo.owner_id == member.id or groups.seated(photo.group_id, member)
    return photo.audience == "neighborhood"


def in_tray(member, codes):
    """The unposted photos of this neighbour among `codes`, in that order; whatever is not theirs is left out."""
    found = {
        photo.code: photo
        for photo in Photo.select().where(
            Photo.code.in_(list(codes)[:30]) & (Photo.owner == member.id) & (Photo.used == False)  # noqa: E712
        )
    }
    return [found[code] for code in dict.fromkeys(codes) if code in found]


def use(photos, audience, ticked_at=None, group=None):
    """Mark photos as part of something others see; `ticked_at` is when their owner said 「已征得同意」, for her consent log;
    `group` is the one whose people alone see them (audience group). Refused where one was used meanwhile."""
    ids = [photo.id for photo in photos]
    free = Photo.id.in_(ids) & (Photo.used == False)  # noqa: E712
    with writing():
        if Photo.update(used=True, consent=True, audience=audience, group=group).where(free).execute() != len(ids):
            raise Refused("photo-used", "有一张照片已经发出去了，请重新选一下", field="photos")
        if ids and ticked_at:
            owner, place = photos[0].owner.user_id, photos[0].neighborhood_id
            consents.note(owner, "photos", ticked_at, neighborhood=place, about=f"{len(ids)} 张照片")


def show_to(ids, audience, group=None):
    """Change who may see these photos, in the caller's transaction."""
    if ids:
        Photo.update(audience=audience, group=group).where(Photo.id.in_(ids)).execute()


def use_as_face(member, photo):
    """Show this photo as the neighbour's face, public as the name beside it; the one before is forgotten."""
    before = Photo.select(Photo.id).where((Photo.code == member.face) & (Photo.owner == member.id)).scalar()
    with writing():
        use([photo], "public")
        show_face(member, photo.code)
        if before:
            drop([before], used=True)


def drop(photo_ids, *, used=False):
    """Forget photos for good, rows first, files after the commit. Those in use only when asked for; returns how many."""
    dropped = []
    with writing():
        for photo in list(Photo.select().where(Photo.id.in_(photo_ids))):
            if Photo.delete().where((Photo.id == photo.id) & (Photo.used == used)).execute():
                dropped.append(photo.code)
        database.after_commit(lambda: _clear_shelf(dropped))
    return len(dropped)


def _clear_shelf(codes):
    for code in codes:
        for width in WIDTHS:
            file_of(code, width).unlink(missing_ok=True)


def drop_unposted(now):
    """Forget what lay in trays for over a day (the clock calls it hourly). Faces in use stay."""
    old = Photo.select(Photo.id).where((Photo.used == False) & (Photo.created_at < now - TRAY_LIFE)).limit(500)  # noqa: E712
    return drop([photo.id for photo in old])


def sweep(now):
    """Files of photos that are in no row: their process died between the commit and the clearing, or before it. The clock
    calls it daily; returns how many files went. What is younger than a day may still be on its way."""
    found, swept = {}, 0
    for path in _shelf["path"].rglob("*.webp"):
        if now - datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None) > TRAY_LIFE:
            found.setdefault(path.name.partition("-")[0], []).append(path)
    for codes in chunked(found, 500):
        known = {photo.code for photo in Photo.select(Photo.code).where(Photo.code.in_(codes))}
        for path in [path for code in codes if code not in known for path in found[code]]:
            path.unlink(missing_ok=True)
            swept += 1
    return swept
