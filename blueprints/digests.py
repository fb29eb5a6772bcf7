"""小报: a day's digest as a page, for whom it was written."""

from flask import Blueprint, abort, g, render_template

from db import digests, notices
from web.access import signed_in

pages = Blueprint("digests", __name__)


@pages.get("/inbox/digest/<string(length=10):day>")
@signed_in
def show(day):
    digest = digests.of(g.user, day) or abort(404)
    unread = notices.unread_by_kind([g.user.id]).get(g.user.id, {})
    return render_template("digests/show.html", digest=digest, locals=digests.read(digest), unread=unread, kinds=notices.KINDS)
