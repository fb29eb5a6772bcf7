"""二维码: what the host has printed, where it leads, how often it was opened; a new one, another way, an end."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import codes, neighborhoods, scans, targets
from db.base import Refused
from web import qr
from web.access import district, host
from web.errors import said_no
from web.forms import Form, Line
from web.render import go, parse_local

pages = Blueprint("codes", __name__)
AT = "/n/<slug:slug>/codes"


class CodeForm(Form):
    target = Line("扫了去哪儿", 40)
    label = Line("印在纸上的话", 40)
    opens_at = Line("从什么时候起", 20)
    closes_at = Line("到什么时候止", 20)


class PointForm(Form):
    target = Line("改成去哪儿", 40)
    reason = Line("原因（4–200 个字）", 200)


class EndForm(Form):
    end_reason = Line("原因（4–200 个字）", 200)


def _load(code_id):
    return codes.one(g.neighborhood, code_id, g.now) or abort(404)


def _after():
    after = request.args.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0


def _listed(place):
    """One page of them, and where the next begins (0 where there is none)."""
    sheets = codes.listed(place, g.now, _after())
    return {"sheets": sheets, "more": sheets[-1].token.id if len(sheets) == codes.PAGE else 0}


@pages.get(AT)
@host
def index():
    return render_template("codes/index.html", **_listed(g.neighborhood))


@pages.get("/district/codes")
@district
def district_index():
    """The same to read, for the officer of the 小区 and for HQ: one 小区 at a time."""
    places = neighborhoods.everywhere() if g.user.staff == "hq" else neighborhoods.of_officer(g.user)
    wanted = request.args.get("place", "")[:40]
    place = next((each for each in places if wanted in ("", each.slug)), None)
    if wanted and place is None:
        abort(404)
    listed = _listed(place) if place else {"sheets": [], "more": 0}
    return render_template("codes/district.html", places=places, at=place, **listed)


def _choose(form):
    """What the list of things to lead to holds: the newest, and the one that is chosen already."""
    chosen = targets.named(g.neighborhood, form.target.data)
    latest = targets.latest(g.neighborhood)
    if chosen and chosen.stands and all(chosen not in listed for listed in latest.values()):
        latest = {"选好的": [chosen], **latest}
    return latest


def _new(form, status=200):
    return make_response(render_template("codes/new.html", form=form, groups=_choose(form)), status)


@pages.get(f"{AT}/new")
@host
def new():
    return _new(CodeForm(formdata=None, target=request.args.get("target", "")[:40]))


@pages.post(f"{AT}/new")
@host
def create():
    form = CodeForm()
    opens, closes = parse_local(form.opens_at.data), parse_local(form.closes_at.data)
    try:
        for field, read in (("opens_at", opens), ("closes_at", closes)):
            if read is None and form[field].data:
                raise Refused("bad-dates", "请选择日期和时间，或者空着", field=field)
        if not form.validate():
            return _new(form, 422)
        token, fresh = codes.make(g.member, form.target.data, g.now, label=form.label.data, opens_at=opens, closes_at=closes)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_new(form), refused)
    said = "码做好了，印一张贴出去吧" if fresh else "它已经有码了，就用这一个"
    return go(url_for(".show", code_id=token.id), said)


def _show(sheet, status=200, point=None, end=None):
    point = point or PointForm(formdata=None, target=sheet.target.word if sheet.target else "")
    values = {
        "sheet": sheet,
        "days": codes.days_of(sheet, g.now),
        "address": _address(sheet),
        "point": point,
        "end": end or EndForm(formdata=None),
        "groups": _choose(point),
    }
    return make_response(render_template("codes/show.html", **values), status)


def _address(sheet):
    return qr.link(url_for("scan.show", code=sheet.token.code))


@pages.get(f"{AT}/<id:code_id>")
@host
def show(code_id):
    return _show(_load(code_id))


@pages.get(f"{AT}/<id:code_id>.png")
@host
def picture(code_id):
    """The bare code, for whoever lays out a sheet of her own."""
    return qr.png(_address(_load(code_id)), scale=12)


@pages.post(f"{AT}/<id:code_id>/target")
@host
def point(code_id):
    sheet, form = _load(code_id), PointForm()
    try:
        if not form.validate():
            return _show(sheet, 422, point=form)
        codes.point(sheet.token, g.member, form.target.data, g.now, form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_show(sheet, point=form), refused)
    return go(url_for(".show", code_id=code_id), "改好了，已经贴出去的纸不用换")


@pages.post(f"{AT}/<id:code_id>/revoke")
@host
def revoke(code_id):
    sheet, form = _load(code_id), EndForm()
    try:
        if not form.validate():
            return _show(sheet, 422, end=form)
        scans.revoke(sheet.token, g.member, g.now, form.end_reason.data)
    except Refused as refused:
        if refused.field is None:
            raise
        form.refuse(refused, otherwise="end_reason")
        return said_no(_show(sheet, end=form), refused)
    return go(url_for(".show", code_id=code_id), "停用了，扫到的人会被请进客厅")


def _drawn(sheets):
    """[(sheet, drawing)]: with what is printed below a code for whoever cannot scan it."""
    return [(sheet, qr.inline_svg(_address(sheet))) for sheet in sheets]


def _where_to_type():
    """The short address for whoever cannot scan."""
    return qr.link(url_for("scan.type_in")).partition("://")[2]


@pages.get(f"{AT}/<id:code_id>/print")
@host
def print_one(code_id):
    sheet = _load(code_id)
    if not sheet.printable:
        abort(404)
    size = "a6" if request.args.get("size") == "a6" else "a4"
    return render_template("codes/print.html", drawn=_drawn([sheet]), size=size, typed_at=_where_to_type())


@pages.get(f"{AT}/print")
@host
def print_many():
    """The codes of a page of the list that work, on as few sheets as they need."""
    living = [sheet for sheet in codes.listed(g.neighborhood, g.now, _after()) if sheet.printable]
    return render_template("codes/print.html", drawn=_drawn(living), size="cells", typed_at=_where_to_type())
