"""市集: the map, the booths and the programme for everybody; the plan, the posters and the live console of whoever runs it."""

from flask import Blueprint, abort, g, make_response, render_template, url_for

from db import attendance, heat, markets, members, scans, stamp_prizes, stamps
from db.base import Refused
from web import qr, uploads
from web.access import device, public, resident
from web.event_page import again, load, run
from web.forms import Form, Line, whole
from web.render import go, iso, parse_local, part

pages = Blueprint("markets", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/market")


class BoothForm(Form):
    zone = Line("哪个展区", 12)
    name = Line("摊位叫什么", 20)
    words = Line("一句话介绍（可不填）", 100)
    keeper = Line("谁来看摊", 16)


class ItemForm(Form):
    starts_at = Line("几点开始", 20)
    title = Line("是什么", 40)


class CardForm(Form):
    wanted = Line("集几个章", 3)
    prize = Line("集齐了送什么", 30)
    gifts = Line("一共几份", 6)


class MapForm(Form):
    photo = Line("地图", 32)


def _load(event_id):
    """A market that this viewer may read of, or 404."""
    event = load(event_id)
    return event if event.kind == "market" else abort(404)


def _run(event_id):
    event = run(event_id)
    return event if event.kind == "market" else abort(404)


def _booth(event, booth_id):
    booth = markets.find_booth(g.neighborhood, booth_id)
    return booth if booth is not None and booth.event_id == event.id else abort(404)


@pages.get("")
@public
def show(event_id):
    event = _load(event_id)
    listed = markets.booths(event)
    values = {"booths": listed, "zones": markets.zones(listed), "programme": markets.programme(event)}
    values["card"] = stamps.card(event, member=g.member, device=device())
    values["prized"] = stamp_prizes.of(event, g.member)
    return render_template("markets/show.html", event=event, runs=event.run_by(g.member), **values)


# The plan


@pages.get("/plan")
@resident
def plan(event_id):
    return _plan(_run(event_id))


def _plan(event, status=200, **refused):
    """The tools; a form that was refused comes by its name, and a booth that is changed as `changed`."""
    market = markets.of(event)
    card = {"wanted": str(market.wanted), "prize": market.prize, "gifts": str(market.prizes)}
    values = {
        "booth": BoothForm(formdata=None, zone=markets.ZONES[0]),
        "item": ItemForm(formdata=None, starts_at=iso(event.starts_at)[:16]),
        "card": CardForm(formdata=None, **card),
        "map": MapForm(formdata=None),
        "changed": None,
        "booths": markets.booths(event),
        "programme": markets.programme(event),
        "helpers": markets.helpers(event),
        "zones": markets.ZONES,
        "opened": next(iter(refused), ""),
    }
    page = render_template("markets/plan.html", event=event, market=market, **values | refused)
    return make_response(page, status)


def _told(form):
    words = {name: form[name].data for name in ("zone", "name", "words")}
    return words | {"keeper_id": whole(form.keeper.data, 0)}


def _done(event, said):
    return go(url_for(".plan", event_id=event.id), said)


@pages.post("/booths")
@resident
def add_booth(event_id):
    event, form = _run(event_id), BoothForm()
    if not form.validate():
        return _plan(event, 422, booth=form)
    try:
        booth = markets.add_booth(event, g.member, g.now, **_told(form))
    except Refused as refused:
        return again(form, refused, lambda: _plan(event, booth=form))
    return _done(event, f"「{booth.name}」加上了，海报上的码也做好了")


@pages.post("/booths/<id:booth_id>")
@resident
def save_booth(event_id, booth_id):
    event, form = _run(event_id), BoothForm()
    booth = _booth(event, booth_id)
    if not form.validate():
        return _plan(event, 422, booth=form, changed=booth)
    try:
        markets.rewrite_booth(booth, g.member, g.now, **_told(form))
    except Refused as refused:
        return again(form, refused, lambda: _plan(event, booth=form, changed=booth))
    return _done(event, "改好了，贴出去的码不用换")


@pages.get("/booths/<id:booth_id>/edit")
@resident
def edit_booth(event_id, booth_id):
    event = _run(event_id)
    booth = _booth(event, booth_id)
    told = {name: getattr(booth, name) for name in ("zone", "name", "words")}
    return _plan(event, booth=BoothForm(formdata=None, keeper=str(booth.keeper_id or ""), **told), changed=booth)


@pages.post("/booths/<id:booth_id>/drop")
@resident
def drop_booth(event_id, booth_id):
    event = _run(event_id)
    stamps.drop_booth(_booth(event, booth_id), g.member, g.now)
    return _done(event, "删掉了")


@pages.post("/programme")
@resident
def add_item(event_id):
    event, form = _run(event_id), ItemForm()
    if not form.validate():
        return _plan(event, 422, item=form)
    try:
        markets.add_item(event, g.member, g.now, starts_at=parse_local(form.starts_at.data), title=form.title.data)
    except Refused as refused:
        return again(form, refused, lambda: _plan(event, item=form))
    return _done(event, "节目加上了")


@pages.post("/programme/<id:item_id>/drop")
@resident
def drop_item(event_id, item_id):
    event = _run(event_id)
    markets.drop_item(event, markets.find_item(event, item_id) or abort(404), g.member, g.now)
    return _done(event, "删掉了")


@pages.post("/card")
@resident
def card(event_id):
    event, form = _run(event_id), CardForm()
    if not form.validate():
        return _plan(event, 422, card=form)
    try:
        told = {"wanted": whole(form.wanted.data), "prizes": whole(form.gifts.data, 0)}
        stamp_prizes.plan_card(event, g.member, g.now, prize=form.prize.data, **told)
    except Refused as refused:
        return again(form, refused, lambda: _plan(event, card=form))
    return _done(event, "集章卡定好了" if told["wanted"] else "没有集章卡了")


@pages.post("/map")
@resident
def draw_map(event_id):
    event, form = _run(event_id), MapForm(formdata=None)
    try:
        code = next(iter(uploads.codes()), "") or uploads.take("file").code
        markets.draw_map(event, g.member, g.now, code)
    except Refused as refused:
        return again(form, refused, lambda: _plan(event, map=form))
    return _done(event, "地图换好了")


@pages.get("/posters")
@resident
def posters(event_id):
    """A sheet for each booth, to print and hang: its code shows the booth, and lets one ask for its stamp."""
    event = _run(event_id)
    listed = markets.booths(event)
    codes = scans.codes_for(g.neighborhood, "booth", [booth.id for booth in listed])
    drawn = [(each, codes[each.id], qr.inline_svg(_address(codes[each.id]))) for each in listed if each.id in codes]
    typed_at = qr.link(url_for("scan.type_in")).partition("://")[2]
    stopped = [each for each in listed if each.id not in codes]
    return render_template("markets/posters.html", event=event, drawn=drawn, stopped=stopped, typed_at=typed_at)


def _address(code):
    return qr.link(url_for("scan.show", code=code))


# The live console


def _now(event):
    """How it goes just now."""
    listed = markets.booths(event)
    return {
        "event": event,
        "booths": listed,
        "heat": heat.heat(event, listed, g.now),
        "coming": attendance.coming(event, 0),
        "cards": stamp_prizes.full_cards(event),
        "market": markets.of(event),
    }


@pages.get("/console")
@resident
def console(event_id):
    return render_template("markets/console.html", **_now(_run(event_id)))


@pages.get("/console/now")
@resident
def now(event_id):
    return part("markets/_now.html", **_now(_run(event_id)))


@pages.post("/prizes/<id:member_id>")
@resident
def give_prize(event_id, member_id):
    event, member = _run(event_id), members.get(g.neighborhood, member_id) or abort(404)
    stamp_prizes.give_prize(event, member, g.member, g.now)
    return go(url_for(".console", event_id=event_id), f"{member.user.name} 的集章礼，给了")
