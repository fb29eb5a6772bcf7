"""The door before Flask: a page that is ready, and still right for who asks, needs nobody woken (design.md §7).

Rights are not kept here either: a neighbour's session, name, look and membership are read from the database for every answer.
Where anything does not fit what is ready, Flask is asked.
"""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

import brotli
from flask import current_app, g, request
from werkzeug.http import parse_cookie

from db import likes, standings
from db.base import connected
from db.neighborhoods import version_of
from web.forms import signed
from web.kept import Frame, Kept, chosen_look, minute_of
from web.render import unread_mark

HTML = ("Content-Type", "text/html; charset=utf-8")

_ready = Kept(800)


class ForGuests(NamedTuple):
    """A whole page for guests, compressed once; it holds until something in its 小区 changes, a minute at most."""

    neighborhood: int
    version: int
    minute: datetime
    plain: bytes
    squeezed: bytes
    etag: str

    def right(self, now):
        return self.minute == minute_of(now) and self.version == version_of(self.neighborhood)

    def answer(self, environ):
        """(status, headers, body) for who asks: nothing where the browser has it, compressed where it can read that."""
        headers = [HTML, ("ETag", self.etag), ("Cache-Control", "no-cache")]
        if environ.get("HTTP_IF_NONE_MATCH") == self.etag:
            return "304 NOT MODIFIED", headers, b""
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return "200 OK", [*headers, ("Content-Encoding", "br")], self.squeezed
        return "200 OK", headers, self.plain


class ForNeighbors(NamedTuple):
    """A page as all neighbours of one look see it: a frame, and each card as liked and as not. What is each one's own is
    filled in for every answer: her name, the token of her forms, her likes."""

    version: int
    minute: datetime
    frame: Frame
    cards: dict  # name of a hole: [(post id, HTML, HTML when liked)]

    def answer(self, environ, standing, token):
        """(status, headers, body); nobody on the way may keep it (web/render.py says so)."""
        liked = likes.liked_by(standing, [post for listed in self.cards.values() for post, _, _ in listed])
        holes = {
            name: b"".join([loved if post in liked else plain for post, plain, loved in listed])
            for name, listed in self.cards.items()
        }
        own = {"name": standing.name, "csrf": token, "mark": unread_mark(standing.unread), "points": standing.points}
        body = self.frame.filled(**holes, **own)
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return "200 OK", [HTML, ("Content-Encoding", "br")], brotli.compress(body, quality=1)
        return "200 OK", [HTML], body


def _address(environ):
    """What is asked for, or None for what is no plain GET of a whole page."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_HX_REQUEST" in environ:
        return None
    return environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def for_guests(plain):
    """Answer a guest with this page, and let the door give it to the next ones who read as she does."""
    etag = f'"{hashlib.md5(plain).hexdigest()}"'
    place, cookies = g.neighborhood, request.cookies
    ready = ForGuests(place.id, place.version, minute_of(g.now), plain, brotli.compress(plain, quality=5), etag)
    address = _address(request.environ)
    if address and current_app.config["SESSION_COOKIE_NAME"] not in cookies:
        _ready.put(("guest", chosen_look(cookies.get("look"), cookies.get("scheme")), *address), ready)
    status, headers, body = ready.answer(request.environ)
    return current_app.response_class(body, status, headers)


def for_neighbors(frame, **cards):
    """Let the door give this page to neighbours who read as she does. A host sees who waits for her: not for the door."""
    address = _address(request.environ)
    if address and not g.member.is_host:
        look = chosen_look(g.user.look, g.user.scheme)
        _ready.put(("neighbor", look, *address), ForNeighbors(g.neighborhood.version, minute_of(g.now), frame, cards))


class Door:
    def __init__(self, app, inside):
        self.inside, self.secret, self.cookie = inside, app.secret_key, app.config["SESSION_COOKIE_NAME"]
        self.known = app.session_interface.known  # cookies whose signature was looked at, and what they say

    def __call__(self, environ, start_response):
        answer = self._answer(environ)
        if answer is None:
            return self.inside(environ, start_response)
        status, headers, body = answer
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ):
        """What is ready for who asks, or None where Flask should be asked."""
        address = _address(environ)
        if address is None or not address[1].startswith("/n/"):
            return None
        chosen = parse_cookie(environ.get("HTTP_COOKIE", ""))
        now = datetime.now(UTC).replace(tzinfo=None)
        try:
            with connected():
                if self.cookie in chosen:
                    return self._for_neighbor(environ, address, chosen[self.cookie], now)
                ready = _ready.get(("guest", chosen_look(chosen.get("look"), chosen.get("scheme")), *address))
                return ready.answer(environ) if ready and ready.right(now) else None
        except Exception:  # a database that is gone, most likely: inside it fails again, and there are words for it
            return None

    def _for_neighbor(self, environ, address, cookie, now):
        says = self.known.get(cookie) or {}  # a message to show is no text, so such a cookie is not known
        if "_user_id" not in says or "csrf_token" not in says:
            return None
        standing = standings.standing(says["_user_id"], address[1].split("/")[2], now)
        if standing is None or standing.role != "resident" or standing.blocks:
            return None
        ready = _ready.get(("neighbor", chosen_look(standing.look, standing.scheme), *address))
        if ready is None or (ready.version, ready.minute) != (standing.version, minute_of(now)):
            return None
        return ready.answer(environ, standing, signed(self.secret, says["csrf_token"]))


def init_app(app):
    app.wsgi_app = Door(app, app.wsgi_app)
