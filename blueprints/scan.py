"""`/q/<code>`: what a printed QR opens. Looking changes nothing but a tally; the button on the page does (S8)."""

import re

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request, url_for

from db import members, scans, targets
from db.rotating import typed
from web.access import address, device, enter, public
from web.render import go

pages = Blueprint("scan", __name__, url_prefix="/q")

# 409 where another time would do, 410 where it is over, 404 for what never was.
STATUS = {"unknown": 404, "early": 409, "used": 409, "expired": 410, "revoked": 410, "gone": 410, "closed": 410}
# Whatever opens links for somebody else: previews, checkers, crawlers, scripts.
MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|url-manager|facebookexternalhit|headless|curl|wget|python|go-http|^$", re.I
)


def _dead_end(why, token, code):
    """The page that says why not, with one step to go on; noted without a word about who came."""
    told = {"scan": why, "purpose": token.purpose if token else "", "token": token.id if token else 0}
    current_app.logger.info("scan refused", extra={"told": told})
    hint = scans.hint(code) if why == "unknown" else ""
    return make_response(render_template("scan/dead_end.html", why=why, token=token, hint=hint), STATUS[why])


def _opens(member):
    """A card is for a neighbour: whoever holds an office since, or was removed, does not come in by it."""
    user = member.user
    return member.status == "active" and user.status == "active" and not (members.hosts_anywhere(user) or user.staff)


def _live(code):
    """(token, None), or (None, the friendly page that says what to do next)."""
    scans.slow_down(address(), g.now)
    token = scans.find(code)
    if token is None:
        return None, _dead_end("unknown", None, code)
    state = token.state(g.now)
    if state == "active" and token.purpose == "card" and not _opens(token.membership):
        state = "closed"
    return (token, None) if state == "active" else (None, _dead_end(state, token, code))


def _looked_at():
    """Whether a person looks, as far as one can tell: no machine that follows links, nothing fetched beforehand."""
    beforehand = {request.headers.get(name, "").lower() for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")}
    fetched = any("prefetch" in each or "preview" in each for each in beforehand)
    return request.method == "GET" and not fetched and not MACHINES.search(request.user_agent.string)


@pages.get("/")
@public
def type_in():
    """For whoever cannot scan: the letters below the code, typed."""
    code = typed(request.args.get("code", "")[:60])
    wrong = ""
    if code:
        wrong = scans.hint(code) or ("" if 6 <= len(code) <= 24 else "码是 8 个字母和数字，请对着纸上再看一遍")
        if not wrong:
            return redirect(url_for(".show", code=code), 303)
    return make_response(render_template("scan/type_in.html", code=code, wrong=wrong), 422 if wrong else 200)


@pages.get("/<string(minlength=6,maxlength=24):code>")
@public
def show(code):
    token, stop = _live(code)
    if stop:
        return stop
    if token.purpose == "card":
        device()
        return render_template("scan/card.html", token=token, name=token.membership.user.name, code=code)
    place = token.neighborhood
    if token.purpose == "join":
        page = url_for("members.join", slug=place.slug, source="qr")
    elif token.target_type not in targets.KINDS:
        return _dead_end("unknown", token, code)
    else:
        target = targets.find(place, token.target_type, token.target_id)
        if target is None or not target.stands:
            return _dead_end("gone", token, code)
        page = target.path if target.for_all else url_for("members.join", slug=place.slug, next=target.path, source="qr")
    if _looked_at():
        scans.count(token, g.now)
    return redirect(page, 303)


@pages.post("/<string(minlength=6,maxlength=24):code>")
@public
def enter_by_card(code):
    token, stop = _live(code)
    if stop:
        return stop
    if token.purpose != "card":
        return _dead_end("closed", token, code)
    enter(token.membership.user)
    name = token.membership.user.name
    return go(url_for("living_room.index", slug=token.neighborhood.slug), f"{name}，欢迎回来")
