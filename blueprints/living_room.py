"""The front page of a 小区, its further pages, and the door of the whole site."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from db import likes, living_room, members, neighborhoods
from web import cards, desk, door, kept, season
from web.access import home_of, public
from web.forms import csrf
from web.render import local, wants_part

pages = Blueprint("living_room", __name__)


@pages.get("/")
@public
def start():
    if g.user and (members.places(g.user) or g.user.staff):
        return redirect(home_of(g.user), 303)
    return render_template("living_room/start.html")


def _asked():
    if not request.query_string:
        return "", ""
    tab = request.args.get("tab", "")
    if tab not in living_room.TABS:
        abort(404)
    return tab, request.args.get("after", "")[:60]


@pages.get("/n/<slug:slug>/")
@public
def index():
    tab, after = _asked()
    waiting = desk.left() if g.member and g.member.is_host else 0
    told = kept.has_message()  # drawn into her page, and into nobody else's
    frame, pinned, listed = kept.kept((waiting, *kept.page_key()), lambda: _frame(tab, after, waiting))
    page = _filled(frame, pinned, listed)
    if g.user is None:
        return door.for_guests(page)
    if g.member and not told and not g.member.blocks:
        door.for_neighbors(frame, pinned=cards.both_drawn(pinned), feed=cards.both_drawn(listed))
    return page


def _frame(tab, after, waiting):
    """The page as everybody sees it who may read the same, and the cards that belong into its holes."""
    page = living_room.front_page(g.neighborhood, g.now, tab, after, guest=g.member is None)
    with kept.seen_by_many():
        html = render_template(
            "living_room/index.html",
            page=page,
            tab=tab,
            after=after,
            tabs=living_room.TABS,
            waiting=waiting,
            season=season.today(local(g.now).date()),
            name=kept.hole("name"),
            pinned=kept.hole("pinned") if page.pinned else "",
            feed=kept.hole("feed"),
            csrf=lambda: kept.hole("csrf"),
        )
    return kept.Frame(html), page.pinned, page.listed


def _filled(frame, pinned, listed):
    """… and what is the visitor's own: name, token, and the cards as liked or not."""
    pinned, listed = living_room.unblocked(pinned, g.member), living_room.unblocked(listed, g.member)
    liked = likes.liked_by(g.member, [each.id for each in pinned + listed])
    drawn = cards.each_drawn(pinned + listed, liked)
    own = {"name": g.user.name, "csrf": csrf(), "mark": g.mark} if g.user else {}
    own["points"] = g.member.free_points if g.member else 0
    return frame.filled(pinned=b"".join(drawn[: len(pinned)]), feed=b"".join(drawn[len(pinned) :]), **own)


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
