"""小区 and 片区: the places. A 小区 is found by the slug in the URL; everything else hangs on it (G1)."""

import re

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError

from db.base import Refused, Table, writing
from db.compiled import as_row, compiled
from db.people import User
from db.words import clean_line


class District(Table):
    name = CharField(max_length=30)
    officer = ForeignKeyField(User, null=True, backref="+")


class Neighborhood(Table):
    slug = CharField(max_length=40, unique=True)
    name = CharField(max_length=20)
    district = ForeignKeyField(District, null=True, backref="neighborhoods")
    status = CharField(max_length=10, default="open")  # open | readonly | closed
    closed_reason = CharField(max_length=200, default="")
    members = IntegerField(default=0)
    version = IntegerField(default=1)  # grows with every change a guest could see on the front page
    created_at = DateTimeField()

    class Meta:
        constraints = [Check("members >= 0", name="neighborhood_counts")]

    @property
    def open(self):
        return self.status == "open"


@compiled
def _by_slug(slug):
    return Neighborhood.select().where(Neighborhood.slug == slug)


@compiled
def _version(neighborhood):
    return Neighborhood.select(Neighborhood.version).where(Neighborhood.id == neighborhood)


def version_of(neighborhood_id):
    """How often what a guest could see has changed. Cheap: asked before every page that is kept for guests."""
    return _version(neighborhood=neighborhood_id)[0][0]


def by_slug(slug):
    """The 小区 of a URL, or None. Read on every request, so it is a compiled query."""
    rows = _by_slug(slug=slug)
    return as_row(Neighborhood, rows[0]) if rows else None


def found(slug, name, now, district=None):
    """Open a new 小区. Refused for a slug that is taken or not of small letters, digits and dashes."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,38}", slug):
        raise Refused("bad-slug", "网址只能用小写字母、数字和短横线", field="slug")
    name = clean_line(name, 20, "name", "小区名称")
    if not name:
        raise Refused("bad-name", "请写小区的名称", field="name")
    try:
        with writing():
            return Neighborhood.create(slug=slug, name=name, district=district, created_at=now)
    except IntegrityError as error:
        raise Refused("slug-taken", "这个网址已经有小区在用", field="slug") from error


def refresh(neighborhood_id):
    """Something a guest can see has changed: pages kept for guests are stale from this transaction on."""
    Neighborhood.update(version=Neighborhood.version + 1).where(Neighborhood.id == neighborhood_id).execute()


def set_status(neighborhood, status, reason):
    """open | readonly (look, don't touch) | closed (gone, with the reason shown) — R01's edge."""
    if status not in {"open", "readonly", "closed"}:
        raise Refused("bad-status", "没有这种状态", field="status")
    reason = clean_line(reason, 200, "reason", "原因")
    if status != "open" and len(reason) < 4:
        raise Refused("reason-needed", "请写下原因（至少 4 个字），居民会看到", field="reason")
    with writing():
        Neighborhood.update(status=status, closed_reason=reason, version=Neighborhood.version + 1).where(
            Neighborhood.id == neighborhood.id
        ).execute()


def look_after(neighborhood, officer):
    """Make this person the officer of the 小区's district, made where there is none; the caller writes the audit line."""
    with writing():
        district = neighborhood.district or District.create(name=f"{neighborhood.name}片区")
        District.update(officer=officer.id).where(District.id == district.id).execute()
        Neighborhood.update(district=district.id).where(Neighborhood.id == neighborhood.id).execute()


def everywhere():
    """All 小区 by name; only HQ pages and the demo may list them (G1)."""
    return list(Neighborhood.select().order_by(Neighborhood.id))


def of_officer(user):
    """The 小区 a district officer looks after."""
    return list(Neighborhood.select().join(District).where(District.officer == user.id).order_by(Neighborhood.name))
