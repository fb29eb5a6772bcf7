"""What may be found, kind by kind, put in again from what is there: `flask search reindex`, and where words change in bulk."""

from functools import partial

from peewee import fn

from db import entries, events, groups, needs, search, services
from db.base import hold, writing
from db.entries import Entry
from db.events import Event
from db.groups import InterestGroup
from db.needs import Need
from db.posts import Post
from db.services import Service

SOURCES = {
    "post": (Post, partial(search.follow, "post")),
    "service": (Service, services.found),
    "need": (Need, needs.found),
    "event": (Event, events.found),
    "group": (InterestGroup, groups.found),
    "entry": (Entry, entries.found),
}


def again(kind, object_id):
    """Let this one be found as it is now, or not at all where it is gone. In the caller's transaction."""
    table, put = SOURCES[kind]
    if row := table.get_or_none(table.id == object_id):
        put(row)
    else:
        search.drop(kind, object_id)


def everything(most=200):
    """Every kind from its first row to its last, some in each transaction; yields (kind, id reached, last id). The rows are held
    meanwhile; those that are written later see to themselves."""
    for kind, (table, put) in SOURCES.items():
        reached, last = 0, table.select(fn.MAX(table.id)).scalar() or 0
        while reached < last:
            with writing():
                rows = list(table.select(table.id).where(table.id > reached).order_by(table.id).limit(most))
                hold(table, table.id.in_(rows))
                for row in rows:
                    put(row)
            reached = rows[-1].id
            yield kind, reached, last
