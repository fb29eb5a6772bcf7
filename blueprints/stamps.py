"""集章: the page of a booth that its poster opens, and the keeper's own page with the code that changes."""

from flask import Blueprint, abort, current_app, g, make_response, render_template, request, url_for

from db import limits, markets, members, registrations, stamp_prizes, stamps
from db.base import Refused
from web import qr
from web.access import address, device, public, resident
from web.event_page import again
from web.forms import Form, Line, whole
from web.render import go, parse_local, part, part_or_redirect

pages = Blueprint("stamps", __name__, url_prefix="/n/<slug:slug>/booths/<id:booth_id>")

COOKIE = "stamp"  # the word of a scan, until she is done joining


class StateForm(Form):
    queue = Line("几个人在排队", 4)
    stock = Line("还剩几份（不数就空着）", 5)


class PaperForm(Form):
    code = Line("签到表上的编号", 12)
    at = Line("纸上写的时间", 20)


def _load(booth_id):
    """A booth whose market this viewer may read of, or 404."""
    booth = markets.find_booth(g.neighborhood, booth_id)
    return booth if booth is not None and booth.readable_by(g.member) else abort(404)


def _keep(booth_id):
    booth = _load(booth_id)
    return booth if booth.kept_by(g.member) else abort(403)


def _run(booth_id):
    booth = _load(booth_id)
    return booth if booth.event.run_by(g.member) else abort(403)


def scanned():
    """The word that a scan of a keeper's code left with this browser, if one did."""
    return request.cookies.get(COOKIE, "")[:200]


def _mine(booth, word=None):
    card = stamps.card(booth.event, booth, member=g.member, device=device())
    there = stamps.was_there(booth, scanned() if word is None else word, device(), g.now)
    return {"booth": booth, "card": card, "there": there, "open": stamps.is_open(booth.event, g.now)}


@pages.get("")
@public
def show(booth_id):
    return _show(_load(booth_id))


def _show(booth, word=None, late=False):
    return make_response(render_template("stamps/show.html", late=late, **_mine(booth, word)))


@pages.get("/here/<string(maxlength=32):code>")
@public
def arrive(booth_id, code):
    """What the keeper's code opens. A look changes nothing; the browser keeps for ten minutes that it was there (S8)."""
    booth = _load(booth_id)
    word = stamps.arrive(booth, code, device(), g.now) or ""
    page = _show(booth, word, late=not word)
    if word:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        page.set_cookie(COOKIE, word, max_age=600, httponly=True, samesite="Lax", secure=secure)
    return page


@pages.get("/mine")
@public
def mine(booth_id):
    return part("stamps/_mine.html", **_mine(_load(booth_id)))


@pages.post("/stamp")
@public
def ask(booth_id):
    booth = _load(booth_id)
    if g.member is None:
        limits.spend("stamp-address", address(), g.now)  # whoever throws her cookie away each time
    row = stamps.ask(booth, g.now, member=g.member, device=device(), word=scanned())
    said = "章盖好了" if row.state == "stamped" else "摊主看到您了，请 TA 点一下"
    return part_or_redirect("stamps/_mine.html", url_for(".show", booth_id=booth.id), toast=said, **_mine(booth))


# Whoever keeps the booth


def _steps(booth):
    told = stamps.steps(booth, g.now) if stamps.is_open(booth.event, g.now) else []
    address = [qr.link(url_for(".arrive", booth_id=booth.id, code=code)) for code, _ in told]
    return [(code, left, qr.inline_svg(link)) for (code, left), link in zip(told, address, strict=True)]


@pages.get("/keep")
@resident
def keep(booth_id):
    return _kept(_keep(booth_id))


def _kept(booth, status=200, form=None, paper=None):
    name = request.args.get("name", "")[:20]
    stock = "" if booth.stock is None else str(booth.stock)
    values = {
        "booth": booth,
        "steps": _steps(booth),
        "waiting": stamps.waiting(booth, g.now),
        "form": form or StateForm(formdata=None, queue=str(booth.queue), stock=stock),
        "paper": paper or PaperForm(formdata=None),
        "pressed": stamps.pressed(booth) if booth.event.run_by(g.member) else None,  # only those who run it take any back
        "name": name,
        "people": stamps.people(booth, name),
    }
    return make_response(render_template("stamps/keep.html", **values), status)


@pages.get("/keep/steps")
@resident
def steps(booth_id):
    booth = _keep(booth_id)
    return part("stamps/_steps.html", booth=booth, steps=_steps(booth))


@pages.get("/keep/waiting")
@resident
def waiting(booth_id):
    booth = _keep(booth_id)
    return part("stamps/_waiting.html", booth=booth, waiting=stamps.waiting(booth, g.now))


@pages.post("/now")
@resident
def tell(booth_id):
    booth, form = _keep(booth_id), StateForm()
    if not form.validate():
        return _kept(booth, 422, form=form)
    try:
        counted = (form.stock.data or "").strip()  # nothing typed: nobody counts
        stock = (whole(counted) if whole(counted) is not None else -1) if counted else None
        told = {"queue": whole(form.queue.data), "stock": stock}
        markets.tell_state(booth, g.member, g.now, **told)
    except Refused as refused:
        return again(form, refused, lambda: _kept(booth, form=form))
    return go(url_for(".keep", booth_id=booth_id), "记下了，大家都看得到")


def _answer(booth, said):
    url, told = url_for(".keep", booth_id=booth.id), stamps.waiting(booth, g.now)
    return part_or_redirect("stamps/_waiting.html", url, toast=said, booth=booth, waiting=told)


def _stamp(booth, stamp_id):
    return stamps.find(booth, stamp_id) or abort(404)


@pages.post("/stamps/<id:stamp_id>/press")
@resident
def press(booth_id, stamp_id):
    booth = _keep(booth_id)
    stamps.press(booth, _stamp(booth, stamp_id), g.member, g.now)
    return _answer(booth, "盖好了")


@pages.post("/stamps/<id:stamp_id>/drop")
@resident
def turn_away(booth_id, stamp_id):
    booth = _keep(booth_id)
    stamp_prizes.turn_away(booth, _stamp(booth, stamp_id), g.member, g.now)
    return _answer(booth, "撤掉了")


@pages.post("/members/<id:member_id>/stamp")
@resident
def by_name(booth_id, member_id):
    booth, member = _keep(booth_id), members.get(g.neighborhood, member_id) or abort(404)
    stamps.by_name(booth, member, g.member, g.now)
    return go(url_for(".keep", booth_id=booth.id), f"{member.user.name} 的章盖好了")


@pages.post("/paper")
@resident
def paper(booth_id):
    booth, form = _run(booth_id), PaperForm()
    if not form.validate():
        return _kept(booth, 422, paper=form)
    try:
        row = registrations.by_code(booth.event, form.code.data)
        if row is None:
            raise Refused("no-code", "没有这个编号，对着纸再看一眼", field="code")
        stamps.on_paper(booth, row.member, g.member, g.now, parse_local(form.at.data))
    except Refused as refused:
        return again(form, refused, lambda: _kept(booth, paper=form))
    return go(url_for(".keep", booth_id=booth.id), f"{row.member.user.name} 的章补上了")
