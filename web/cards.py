"""Feed cards as finished HTML: kept per post and version, with the viewer's own likes laid over (design.md §7)."""

from flask import current_app, g

from db import living_room
from web.kept import Kept
from web.render import local, safe

_kept = Kept(6000)


def _macro():
    return current_app.jinja_env.get_template("posts/_card.html").module.card


def drawn(listed, liked):
    """The cards of `listed` in order, as one piece of HTML."""
    return safe(b"".join(each_drawn(listed, liked)).decode())


def each_drawn(listed, liked):
    """The HTML of each card of `listed`, in bytes. A card changes with its version, the day, and three kinds of viewer: a
    guest, a neighbour who likes it, a neighbour who does not."""
    today = local(g.now).date()
    place = g.neighborhood
    kind = "member" if g.member else "guest"
    keys = [(each.id, each.version, today, "liked" if each.id in liked else kind) for each in listed]
    found = [_kept.get(key) for key in keys]
    if None in found:
        missing = [key for key, html in zip(keys, found, strict=True) if html is None]
        fresh = living_room.cards([key[0] for key in missing], place.slug)
        draw = _macro()
        for number, version, day, _ in missing:
            if card := fresh.get(number):
                for each in ("member", "liked") if g.member else ("guest",):  # the one who likes it comes soon enough
                    _kept.put((number, version, day, each), draw(card, each, g.now).encode())
        found = [_kept.get(key) or b"" for key in keys]
    return found


def both_drawn(listed):
    """[(post id, HTML for a neighbour who does not like it, HTML for one who does)] of each card."""
    ids = [each.id for each in listed]
    return list(zip(ids, each_drawn(listed, set()), each_drawn(listed, set(ids)), strict=True))
