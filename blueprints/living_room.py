"""The front page of a 小区, its further pages, and the door of the whole site."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from db import living_room, members, neighborhoods
from web import cards, season
from web.access import home_of, public
from web.render import kept_for_guests, local, wants_part

pages = Blueprint("living_room", __name__)


@pages.get("/")
@public
def start():
    if g.user and (members.places(g.user) or g.user.staff):
        return redirect(home_of(g.user), 303)
    return render_template("living_room/start.html")


def _asked():
    tab = request.args.get("tab", "")
    if tab not in living_room.TABS:
        abort(404)
    return tab, request.args.get("after", "")[:60]


@pages.get("/n/<slug:slug>/")
@public
def index():
    tab, after = _asked()
    if g.member or g.user:
        return _whole(tab, after)
    look = request.cookies.get("look", ""), request.cookies.get("scheme", "")
    minute = int(g.now.timestamp() // 60)
    # The whole address is in the key: the page links back to it.
    key = g.neighborhood.id, g.neighborhood.version, minute, request.full_path, *look
    return kept_for_guests(key, lambda: _whole(tab, after))


def _whole(tab, after):
    page = living_room.front_page(g.neighborhood, g.member, g.now, tab, after)
    return render_template(
        "living_room/index.html",
        page=page,
        tab=tab,
        after=after,
        tabs=living_room.TABS,
        pinned=cards.drawn(page.pinned, page.feed.liked) if page.pinned else "",
        feed=cards.drawn(page.feed.listed, page.feed.liked),
        season=season.today(local(g.now).date()),
    )


@pages.get("/n/<slug:slug>/feed")
@public
def feed():
    """The next cards for 看更多; opened by hand it is a page like any other."""
    tab, after = _asked()
    if not wants_part():
        return redirect(url_for(".index", tab=tab or None, after=after or None), 303)
    found = living_room.feed(g.neighborhood, g.member, tab, after)
    return render_template("living_room/_feed.html", feed=cards.drawn(found.listed, found.liked), after=found.after, tab=tab)


@pages.get("/about")
@public
def about():
    """What this place is, what is stored, and what is not."""
    return render_template("living_room/about.html", places=neighborhoods.everywhere() if g.user else [])
