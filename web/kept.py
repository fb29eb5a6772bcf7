"""Finished HTML that is kept: cards, whole pages for guests, and pages with holes for what is a neighbour's own (design.md §7).

Rights are never kept: place, person and membership are read on every request, and everything is kept by what they say.
"""

import hashlib
import secrets
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from types import SimpleNamespace
from typing import NamedTuple

import brotli
from flask import current_app, g, request, session
from markupsafe import escape
from werkzeug.http import parse_cookie

from db.base import connected
from db.neighborhoods import version_of
from web.render import safe

SESSION_COOKIE = "linli="

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


_frames, _ready = Kept(400), Kept(400)


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
    place, user, member = g.neighborhood, g.user, g.member
    kind = "guest" if user is None else "outsider" if member is None else "host" if member.is_host else "neighbor"
    if user:
        look = _look(user.look, user.scheme)
    else:
        look = _look(request.cookies.get("look"), request.cookies.get("scheme"))
    return place.id, place.version, request.path, request.query_string, kind, look, _minute(g.now)


def _look(look, scheme):
    return look == "elder", scheme if scheme in {"light", "dark"} else ""


def _minute(moment):
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def kept(key, make):
    """What `make` gives, made once for each key; made afresh for a visitor whose page has a message to show."""
    if "_flashes" in session:
        return make()
    return _frames.get(key) or _frames.put(key, make())


class Ready(NamedTuple):
    """A whole page for guests, compressed once, and how long it holds: until something in its 小区 changes, a minute at most."""

    neighborhood: int
    version: int
    minute: datetime
    plain: bytes
    squeezed: bytes
    etag: str

    def fresh(self):
        if self.minute != _minute(datetime.now(UTC)):
            return False
        with connected():
            return self.version == version_of(self.neighborhood)

    def answer(self, environ):
        """(status, headers, body) for who asks: nothing where the browser has it, compressed where it can read that."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("ETag", self.etag), ("Cache-Control", "no-cache")]
        if environ.get("HTTP_IF_NONE_MATCH") == self.etag:
            return "304 NOT MODIFIED", headers, b""
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return "200 OK", [*headers, ("Content-Encoding", "br"), ("Content-Length", str(len(self.squeezed)))], self.squeezed
        return "200 OK", [*headers, ("Content-Length", str(len(self.plain)))], self.plain


def _address(environ):
    """What a guest asks for and how she wants to read it; None for whoever has a session, and for what is not a plain GET."""
    cookie = environ.get("HTTP_COOKIE", "")
    if environ["REQUEST_METHOD"] != "GET" or SESSION_COOKIE in cookie:
        return None
    chosen = parse_cookie(cookie) if cookie else {}
    look = _look(chosen.get("look"), chosen.get("scheme"))
    return environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING", ""), look


def for_guests(plain):
    """Answer a guest with this page, and let the door (below) give it to the next ones."""
    etag = f'"{hashlib.md5(plain).hexdigest()}"'
    place = g.neighborhood
    ready = Ready(place.id, place.version, _minute(g.now), plain, brotli.compress(plain, quality=5), etag)
    if address := _address(request.environ):
        _ready.put(address, ready)
    status, headers, body = ready.answer(request.environ)
    return current_app.response_class(body, status, headers)


class Door:
    """Stands before Flask, as whitenoise does for static files: a guest's page that is ready and fresh needs nobody woken."""

    def __init__(self, inside):
        self.inside = inside

    def __call__(self, environ, start_response):
        ready = _ready.get(_address(environ))
        if ready is None or not self._holds(ready):
            return self.inside(environ, start_response)
        status, headers, body = ready.answer(environ)
        start_response(status, headers)
        return [body]

    def _holds(self, ready):
        try:
            return ready.fresh()
        except Exception:  # a database that is gone, most likely: inside it fails again, and there are words for it
            return False


def init_app(app):
    app.wsgi_app = Door(app.wsgi_app)
