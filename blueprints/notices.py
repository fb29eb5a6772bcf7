"""消息: one's own inbox. Opening a line reads it; that is a POST, as a GET never changes anything."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from db import notices
from web.access import home_of, safe_next, signed_in
from web.render import go, wants_part

pages = Blueprint("notices", __name__)

EPOCH = datetime(1970, 1, 1)


def _mark(text):
    """The cursor `microseconds.id` of the last line seen, or None."""
    at, _, number = text.partition(".")
    if at.isascii() and at.isdigit() and number.isascii() and number.isdigit() and len(at) < 18 and len(number) < 16:
        return EPOCH + timedelta(microseconds=int(at)), int(number)
    return None


def _cursor(notice):
    return f"{(notice.at - EPOCH) // timedelta(microseconds=1)}.{notice.id}"


@pages.get("/inbox")
@signed_in
def index():
    listed, more = notices.inbox(g.user, _mark(request.args.get("after", "")))
    template = "notices/_list.html" if wants_part() else "notices/index.html"
    return render_template(template, listed=listed, after=_cursor(listed[-1]) if more else "", home=home_of(g.user))


@pages.post("/inbox/<id:notice_id>")
@signed_in
def open_one(notice_id):
    notice = notices.read(g.user, notice_id, g.now) or abort(404)
    return redirect(safe_next(notice.url, "/inbox"), 303)


@pages.post("/inbox/read")
@signed_in
def read_all():
    count = notices.read_all(g.user, g.now)
    return go(url_for(".index"), f"{count} 条都标为已读了" if count else "没有未读的消息")
