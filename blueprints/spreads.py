"""精选和传播 on the host's desk: what may go outside, where it went, and what has to come down again."""

from flask import Blueprint, abort, g, make_response, render_template, request, send_file, url_for

from db import photos, picks, pictures, spreads, works
from db.base import Refused
from web import uploads
from web.access import host, resident
from web.errors import said_no
from web.forms import Form, HiddenField, Line, OpId
from web.render import go, local, wants_part

pages = Blueprint("spreads", __name__, url_prefix="/n/<slug:slug>")

DESK = "/desk/spreads"


class SpreadForm(Form):
    op_id = OpId()
    channel = HiddenField()
    url = Line("链接", spreads.LONGEST_URL)
    went_on = Line("哪天发的", 10)
    credit = Line("署名", 40)
    photo = HiddenField()  # where what is wrong with the picture is said


def _load(pick_id):
    return picks.find(g.neighborhood, pick_id) or abort(404)


@pages.get(f"{DESK}/")
@host
def index():
    after = request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    listed, more = picks.listed(g.neighborhood, number)
    waiting = spreads.to_take_down(g.neighborhood)
    return render_template(
        "spreads/index.html",
        listed=listed,
        more=more,
        works=works.told([*listed, *(each.pick for each in waiting)]),
        waiting=waiting,
        figures=spreads.figures(g.neighborhood, g.now),
    )


def _page(pick, form, tray):
    values = {"pick": pick, "form": form, "tray": tray, "channels": {way: spreads.CHANNELS[way] for way in _open(pick)}}
    if wants_part():
        return make_response(render_template("spreads/_form.html", **values))
    values |= {"work": works.told([pick]).get(pick.id), "picked": picks.is_picked(pick), "spreads": spreads.of([pick])}
    return make_response(render_template("spreads/show.html", **values))


def _open(pick):
    return [way for way in pick.allowed if way in spreads.CHANNELS]


@pages.get(f"{DESK}/<id:pick_id>")
@host
def show(pick_id):
    pick = _load(pick_id)
    channels = _open(pick)
    today = f"{local(g.now):%Y-%m-%d}"
    form = SpreadForm(formdata=None, channel=channels[0] if channels else "", went_on=today, credit=pick.credit)
    return _page(pick, form, [])


@pages.post(f"{DESK}/<id:pick_id>")
@host
def note(pick_id):
    pick, form = _load(pick_id), SpreadForm()
    codes = [code for code in uploads.codes() if code != request.form.get("drop")]
    try:
        if request.files.get("file") and request.files["file"].filename:
            codes = [uploads.take("file").code]
        if "add" in request.form or "drop" in request.form:
            return _page(pick, form, photos.in_tray(g.member, codes))
        if not form.validate():
            return said_no(_page(pick, form, photos.in_tray(g.member, codes)), Refused("bad", "", field="url"))
        told = {name: form[name].data or "" for name in ("channel", "url", "went_on", "credit")}
        spreads.note(pick, g.member, g.now, op_id=form.op_id.data, photo_code=codes[0] if codes else "", **told)
    except Refused as refused:
        if not form.refuse(refused, "photo" if refused.field else ""):
            raise
        return said_no(_page(pick, form, photos.in_tray(g.member, codes)), refused)
    return go(url_for(".show", pick_id=pick.id), "记下了，作者会看到")


@pages.post(f"{DESK}/records/<id:spread_id>/down")
@host
def take_down(spread_id):
    spread = spreads.find(g.neighborhood, spread_id) or abort(404)
    spreads.take_down(spread, g.member, g.now)
    return go(url_for(".index"), "记下了：已撤下。作者会看到")


@pages.get("/spreads/<id:spread_id>/<int:width>.webp")
@resident
def screenshot(spread_id, width):
    """How it looked outside, for the host and for whoever made it."""
    spread = spreads.find(g.neighborhood, spread_id)
    if spread is None or width not in pictures.WIDTHS or not (g.member.is_host or spread.pick.author_id == g.member.id):
        abort(404)
    if spread.screenshot_id is None or not photos.file_of(spread.screenshot.code, width).exists():
        abort(404)
    path = photos.file_of(spread.screenshot.code, width)
    answer = send_file(path, mimetype="image/webp", conditional=True, etag=spread.screenshot.code)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
