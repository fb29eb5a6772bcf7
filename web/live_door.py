"""The door of a live page: a thousand viewers ask every few seconds whether anything is new, and hardly ever is.

What they get is the same for everybody who sees the event, so it is made once and given out before Flask wakes. Once a second
at most a process asks the database whether it is still right (db/lives.py: pulse); no thread is held for anybody. What the pulse
does not know of, another name of somebody who asked, is seen a minute later.
"""

import re
from datetime import UTC, datetime, timedelta

import brotli
from flask import current_app, request

from db import lives
from db.base import connected
from web.kept import Kept

LOOKS_AGAIN = timedelta(seconds=1)
LASTS = timedelta(minutes=1)
VIEWS = ("", "view=neighbor")
_ADDRESS = re.compile(r"/n/([a-z][a-z0-9-]{1,38})/events/([1-9][0-9]{0,14})/live/now")
_ready = Kept(200)


class Ready:
    """A finished answer, and when it was made and looked after last."""

    def __init__(self, tag, plain, made):
        self.tag, self.plain, self.made, self.looked = tag, plain, made, made
        self.squeezed = brotli.compress(plain, quality=5)
        self.etag = f'"{tag}"'

    def answer(self, environ):
        """(status, headers, body) for who asks: nothing where the browser has it."""
        headers = [("Content-Type", "text/html; charset=utf-8"), ("ETag", self.etag), ("Cache-Control", "no-cache")]
        if environ.get("HTTP_IF_NONE_MATCH") == self.etag:
            return "304 NOT MODIFIED", headers, b""
        if "br" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return "200 OK", [*headers, ("Content-Encoding", "br")], self.squeezed
        return "200 OK", headers, self.plain


def _key(environ):
    """What one answer is for; None for addresses that no page of ours asks for: they do not fill the memory."""
    view = environ.get("QUERY_STRING", "")
    if view in VIEWS and _ADDRESS.fullmatch(environ["PATH_INFO"]):
        return environ.get("HTTP_HOST"), environ["PATH_INFO"], view
    return None


def keep(tag, html, now):
    """Answer with this, and let the door give it to the next ones."""
    key, ready = _key(request.environ), Ready(tag, html.encode(), now)
    if key:
        _ready.put(key, ready)
    status, headers, body = ready.answer(request.environ)
    return current_app.response_class(body, status, headers)


class LiveDoor:
    def __init__(self, inside):
        self.inside = inside

    def __call__(self, environ, start_response):
        if not environ["PATH_INFO"].endswith("/live/now") or environ["REQUEST_METHOD"] != "GET":
            return self.inside(environ, start_response)
        key = _key(environ)
        ready = _ready.get(key) if key else None
        if ready is None or not self._right(ready, environ["PATH_INFO"]):
            return self.inside(environ, start_response)
        status, headers, body = ready.answer(environ)
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _right(self, ready, address):
        now = datetime.now(UTC).replace(tzinfo=None)
        if not timedelta(0) <= now - ready.made < LASTS:
            return False
        if timedelta(0) <= now - ready.looked < LOOKS_AGAIN:
            return True
        found = _ADDRESS.fullmatch(address)
        try:
            with connected():
                pulse = found and lives.pulse(found[1], int(found[2]), now)
        except Exception:  # a database that is gone, most likely: inside it fails again, and there are words for it
            return False
        if not pulse or pulse != ready.tag:
            return False
        ready.looked = now
        return True


def init_app(app):
    app.wsgi_app = LiveDoor(app.wsgi_app)
