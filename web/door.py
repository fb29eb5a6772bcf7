"""The door before Flask: a page that is ready, and still right for who asks, needs nobody woken (design.md §7).

Rights are not kept here either: every answer first asks the database whether place, person and membership are as they were
when Flask made the page. Where anything differs, Flask is asked again.
"""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

import brotli
from flask import current_app, g, request, session
from markupsafe import escape
from werkzeug.http import parse_cookie

from db import likes, members
from db.base import connected
from db.neighborhoods import version_of
from web.forms import csrf
from web.kept import Frame, Kept, chosen_look, minute_of

SESSION_COOKIE = "linli="
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


class ForNeighbor(NamedTuple):
    """A neighbour's page: the frame, each card as liked and as not, and what of it is hers. Her likes are read anew."""

    token: str
    slug: str
    standing: tuple  # db/members.py: standing, when the page was made
    minute: datetime
    member: object
    frame: Frame
    cards: dict  # name of a hole: [(post id, HTML, HTML when liked)]
    own: dict  # name of a hole: HTML

    def right(self, now):
        return self.minute == minute_of(now) and self.standing == members.standing(self.token, self.slug, now)

    def answer(self, environ):
        """(status, headers, body); a page of her own is never kept by anybody on the way."""
        liked = likes.liked_by(self.member, [post for listed in self.cards.values() for post, _, _ in listed])
        holes = {
            name: b"".join([loved if post in liked else plain for post, plain, loved in listed])
            for name, listed in self.cards.items()
        }
        body = self.frame.filled(**holes, **self.own)
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return "200 OK", [HTML, ("Content-Encoding", "br")], brotli.compress(body, quality=1)
        return "200 OK", [HTML], body


def _asked(environ):
    """What is asked for, and by whom: by look for guests, by cookie for those who have a session. None for what is no plain
    GET of a page."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_HX_REQUEST" in environ:
        return None
    cookie = environ.get("HTTP_COOKIE", "")
    if SESSION_COOKIE not in cookie:
        chosen = parse_cookie(cookie) if cookie else {}
        cookie = chosen_look(chosen.get("look"), chosen.get("scheme"))
    return environ.get("HTTP_HOST"), environ["PATH_INFO"], environ.get("QUERY_STRING", ""), cookie


def for_guests(plain):
    """Answer a guest with this page, and let the door give it to the next ones."""
    etag = f'"{hashlib.md5(plain).hexdigest()}"'
    place = g.neighborhood
    ready = ForGuests(place.id, place.version, minute_of(g.now), plain, brotli.compress(plain, quality=5), etag)
    asked = _asked(request.environ)
    if asked and isinstance(asked[-1], tuple):
        _ready.put(asked, ready)
    status, headers, body = ready.answer(request.environ)
    return current_app.response_class(body, status, headers)


def for_neighbor(frame, **cards):
    """Let the door give this page to her when she comes again, as long as it is right. Hosts see who waits: not for them."""
    asked = _asked(request.environ)
    if asked is None or isinstance(asked[-1], tuple) or "_flashes" in session or g.member.is_host:
        return
    token, place, user = session["_user_id"], g.neighborhood, g.user
    standing = members.standing(token, place.slug, g.now)
    if standing != (user.name, user.look, user.scheme, g.member.id, g.member.role, place.version):
        return  # something changed while the page was made
    own = {"name": escape(user.name).encode(), "csrf": escape(csrf()).encode()}
    _ready.put(asked, ForNeighbor(token, place.slug, standing, minute_of(g.now), g.member, frame, cards, own))


class Door:
    def __init__(self, inside):
        self.inside = inside

    def __call__(self, environ, start_response):
        answer = self._answer(environ)
        if answer is None:
            return self.inside(environ, start_response)
        status, headers, body = answer
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _answer(self, environ):
        """What is ready for who asks, or None where Flask should be asked."""
        ready = _ready.get(_asked(environ))
        if ready is None:
            return None
        try:
            with connected():
                return ready.answer(environ) if ready.right(datetime.now(UTC).replace(tzinfo=None)) else None
        except Exception:  # a database that is gone, most likely: inside it fails again, and there are words for it
            return None


def init_app(app):
    app.wsgi_app = Door(app.wsgi_app)
