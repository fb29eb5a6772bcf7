"""Finished HTML that is kept: cards, whole pages for guests, and pages with holes for what is a neighbour's own (design.md §7).

Rights are never kept: place, person and membership are read on every request, and everything is kept by what they say.
"""

import hashlib
import secrets
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace

import brotli
from flask import current_app, g, request, session
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


_pages = Kept(400)


def forget():
    """Keep nothing of what was made so far (after another database was put in the place of this one)."""
    for memory in Kept.everywhere:
        memory.items.clear()


def hole(name):
    """Stands in a kept page for what is each visitor's own; `Frame.filled` puts that in."""
    return safe(f"{_MARK}{name}{_MARK}")


class Frame:
    """A page with holes: the same for many, finished for one by joining a few pieces of text."""

    def __init__(self, html):
        self.pieces = html.split(_MARK)  # text, name of a hole, text, …

    def filled(self, **own):
        pieces = self.pieces.copy()
        pieces[1::2] = [escape(own[name]) for name in pieces[1::2]]
        return "".join(pieces)


@contextmanager
def seen_by_many():
    """While a frame is made the visitor is nobody in particular: templates see only what is in `page_key`, and holes."""
    user, member = g.user, g.member
    g.user = user and SimpleNamespace(look=user.look, scheme=user.scheme)
    g.member = member and SimpleNamespace(is_host=member.is_host)
    try:
        yield
    finally:
        g.user, g.member = user, member


def page_key():
    """All that a page of a 小区 depends on beside its visitor's own words: the place and its version, the address, the kind
    of visitor, how they want to read, and the minute, because topics open and pins end by the clock."""
    kind = "guest" if g.user is None else "outsider" if g.member is None else "host" if g.member.is_host else "neighbor"
    minute = int(g.now.timestamp()) // 60
    return g.neighborhood.id, g.neighborhood.version, request.path, request.query_string, kind, _look(), minute


def _look():
    look, scheme = (g.user.look, g.user.scheme) if g.user else (request.cookies.get("look"), request.cookies.get("scheme"))
    return look == "elder", scheme if scheme in {"light", "dark"} else ""


def _message_waits():
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_flashes" in session


def kept(key, make):
    """What `make` gives, made once for each key; made afresh for a visitor whose page has a message to show."""
    if _message_waits():
        return make()
    return _pages.get(key) or _pages.put(key, make())


def kept_for_guests(key, make):
    """A whole page for people who are not signed in: made once for each key, compressed once, answered by ETag (§7)."""
    if _message_waits():
        return make()
    found = _pages.get(key)
    if found is None:
        plain = make().encode()
        found = _pages.put(key, (plain, brotli.compress(plain, quality=5), f'"{hashlib.md5(plain).hexdigest()}"'))
    plain, squeezed, etag = found
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == etag:
        return "", 304, headers
    if "br" in request.headers.get("Accept-Encoding", ""):
        return squeezed, headers | {"Content-Encoding": "br"}
    return plain, headers
