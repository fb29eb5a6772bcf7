"""`/q/<code>`: what a printed QR opens. Looking changes nothing; the button on the page does (S8)."""

from flask import Blueprint, g, make_response, redirect, render_template, url_for

from db import limits, members, scans
from web.access import address, device, enter, public
from web.render import go

pages = Blueprint("scan", __name__, url_prefix="/q")


def _dead_end(token, status):
    return make_response(render_template("scan/dead_end.html", token=token), status)


def _opens(member):
    """A card is for a neighbour: whoever holds an office since, or was removed, does not come in by it."""
    user = member.user
    return member.status == "active" and user.status == "active" and not (members.hosts_anywhere(user) or user.staff)


def _live(code):
    """(token, None), or (None, the friendly page that says what to do next)."""
    limits.spend("scan", address(), g.now)
    token = scans.find(code)
    if token is None:
        return None, _dead_end(None, 404)
    if token.state(g.now) != "active" or (token.purpose == "card" and not _opens(token.membership)):
        return None, _dead_end(token, 410)
    return token, None


@pages.get("/<string(minlength=6,maxlength=24):code>")
@public
def show(code):
    token, stop = _live(code)
    if stop:
        return stop
    if token.purpose == "join":
        return redirect(url_for("members.join", slug=token.neighborhood.slug, source="qr"), 303)
    device()
    return render_template("scan/card.html", token=token, name=token.membership.user.name, code=code)


@pages.post("/<string(minlength=6,maxlength=24):code>")
@public
def enter_by_card(code):
    token, stop = _live(code)
    if stop:
        return stop
    if token.purpose != "card":
        return _dead_end(token, 410)
    enter(token.membership.user)
    name = token.membership.user.name
    return go(url_for("living_room.index", slug=token.neighborhood.slug), f"{name}，欢迎回来")
