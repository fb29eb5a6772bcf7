"""Finished HTML that is kept: cards, whole pages for guests, and pages with holes for what is a neighbour's own (design.md §7).

Rights are never kept: place, person and membership are read on every request, and everything is kept by what they say.
"""

import secrets
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace

from flask import g, request, session
from markupsafe import escape

from web.render import safe

_MARK = secrets.token_hex(8)  # stands around the name of a hole; nobody can guess it and write it into a post


class Kept:
    """A small memory of finished things, by key; when it is full the older half goes."""

    everywhere = []

    def __init__(self, most):
        self.most, self.items, self.lock = most, {}, Lock()
        Kept.everywhere.append(self)

    def get(self, key):
        return self.items.get(key)

    def put(self, key, value):
        with self.lock:
            if len(self.items) >= self.most:
                for old in list(self.items)[: self.most // 2]:
                    self.items.pop(old, None)
            self.items[key] = value
        return value


_frames = Kept(400)


def forget():
    """Keep nothing of what was made so far (after another database was put in the place of this one)."""
    for memory in Kept.everywhere:
        memory.items.clear()


def hole(name):
    """Stands in a kept page for what is each visitor's own; `Frame.filled` puts that in."""
    return safe(f"{_MARK}{name}{_MARK}")


class Frame:
    """A page with holes: the same for many, finished for one by joining a few pieces. All in bytes, so nothing is encoded."""

    def __init__(self, html):
        pieces = html.split(_MARK)  # text, name of a hole, text, …
        self.texts, self.holes = [text.encode() for text in pieces[0::2]], pieces[1::2]

    def filled(self, **own):
        """The page for one visitor: words are escaped, bytes are HTML that was kept."""
        pieces = [None] * (len(self.texts) + len(self.holes))
        pieces[0::2] = self.texts
        pieces[1::2] = [own[name] if isinstance(own[name], bytes) else escape(own[name]).encode() for name in self.holes]
        return b"".join(pieces)


@contextmanager
def seen_by_many():
    """While a frame is made the visitor is nobody in particular: templates see only what is in `page_key`, and holes."""
    user, member, mark = g.user, g.member, g.mark
    g.user = user and SimpleNamespace(look=user.look, scheme=user.scheme)
    g.member = member and SimpleNamespace(is_host=member.is_host, free_points=hole("points"))
    g.mark = user and hole("mark")
    try:
        yield
    finally:
        g.user, g.member, g.mark = user, member, mark


def page_key():
    """All that a page of a 小区 depends on beside its visitor's own words: the place and its version, the address, the kind
    of visitor, how they want to read, and the minute, because topics open and pins end by the clock."""
    place, user, member = g.neighborhood, g.user, g.member
    kind = "guest" if user is None else "outsider" if member is None else "host" if member.is_host else "neighbor"
    if user:
        look = chosen_look(user.look, user.scheme)
    else:
        look = chosen_look(request.cookies.get("look"), request.cookies.get("scheme"))
    return place.id, place.version, request.path, request.query_string, kind, look, minute_of(g.now)


def chosen_look(look, scheme):
    """What of a chosen look makes a page different."""
    return look == "elder", scheme if scheme in {"light", "dark"} else ""


def minute_of(moment):
    """The minute a page holds for."""
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def has_message():
    """Whether this visitor's page will show a message: asked before it is drawn, for then the message is gone."""
    return "_flashes" in session


def kept(key, make):
    """What `make` gives, made once for each key; made afresh for a visitor whose page has a message to show."""
    if has_message():
        return make()
    return _frames.get(key) or _frames.put(key, make())
