"""搜一搜: a box, and what in this 小区 holds its words; guests find what is public."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import blocks, limits, posts, search
from db.base import Refused
from web.access import address, device, public
from web.forms import Form, Line
from web.render import wants_part

pages = Blueprint("search", __name__, url_prefix="/n/<slug:slug>")

# What one may filter by, and how a hit is called.
SORTS = posts.KINDS | {"service": "便民服务", "need": "需求", "entry": "参赛作品", "event": "活动", "group": "小组"}


class SearchForm(Form):
    q = Line("找什么", search.LONGEST)


def _pace():
    if g.user:
        limits.spend("search", f"user {g.user.id}", g.now)
    else:
        limits.spend("search", f"guest {device()} {address()}", g.now)
        limits.spend("search-address", address(), g.now)


def _asked():
    """(kind, author's id or None, cursor): a filter that does not exist is an unknown address."""
    kind, author = request.args.get("kind", ""), request.args.get("author", "")
    if (kind and kind not in SORTS) or (author and not (author.isascii() and author.isdigit() and len(author) < 16)):
        abort(404)
    return kind, int(author or 0) or None, request.args.get("after", "")[:20]


@pages.get("/search")
@public
def index():
    kind, author, after = _asked()
    form = SearchForm(formdata=None, q=request.args.get("q", ""))
    found, status = None, 200
    try:
        if form.q.data or kind or author:
            _pace()
        hidden = blocks.blocked_by(g.member)
        found = search.find(g.neighborhood, g.member, form.q.data, g.now, kind=kind, author=author, after=after, without=hidden)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        status = refused.status

    def here(**other):
        """This search with something else in one of its places."""
        asked = {"q": form.q.data, "kind": kind, "author": author} | other
        return url_for(".index", **{name: value or None for name, value in asked.items()})

    template = "search/_list.html" if wants_part() and found else "search/index.html"
    page = render_template(template, form=form, found=found, kind=kind, author=author, after=after, sorts=SORTS, here=here)
    return make_response(page, status)
