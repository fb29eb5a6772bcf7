"""How whoever holds a cookie stands in a 小区, in one compiled query: all that a page which is ready depends on (web/door.py)."""

from typing import NamedTuple

from db import sessions
from db.compiled import compiled, moment
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.notices import unread
from db.people import User
from db.sessions import Session


class Standing(NamedTuple):
    """What a page of a 小区 depends on about the neighbour who looks at it; `id` is her membership's."""

    name: str
    look: str
    scheme: str
    id: int
    role: str
    blocks: int
    unread: int
    points: int  # that are hers to use, as the chip in the header says
    version: int  # of the 小区


@compiled
def _standing(token_hash, slug):
    here = (Membership.neighborhood == Neighborhood.id) & (Membership.user == User.id) & (Membership.status == "active")
    person = (User.name, User.look, User.scheme, Membership.id, Membership.role, Membership.blocks, unread(User.id))
    free = Membership.points - Membership.points_held
    return (
        Session.select(Session.seen_at, *person, free, Neighborhood.version)
        .join(User)
        .join(Neighborhood, on=Neighborhood.slug == slug)
        .join(Membership, on=here)
        .where((Session.token_hash == token_hash) & Session.ended_at.is_null() & (User.status == "active"))
    )


def standing(token, slug, now):
    """How whoever holds this cookie stands in this 小区 right now, or None where she is no neighbour here, her session is over,
    or it is time to note that it is still in use (db/sessions.py: visitor does). Read on every request, never kept (S2)."""
    rows = _standing(token_hash=sessions.hash_of(token), slug=slug)
    if not rows or now - moment(rows[0][0]) > sessions.NOTED_EVERY:
        return None
    return Standing(*rows[0][1:])
