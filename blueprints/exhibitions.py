"""展览: what the host prints for the market, sheet by sheet, and the screen that stands there."""

from typing import NamedTuple

from flask import Blueprint, abort, current_app, g, make_response, render_template, request, url_for

from db import contests, entries, exhibitions, photos, pictures, rotating
from web import paper, press, qr
from web.access import host, public
from web.assets import STATIC
from web.render import go

pages = Blueprint("exhibitions", __name__, url_prefix="/n/<slug:slug>/contests/<id:contest_id>")

PART = 25  # sheets with a large photo on one page: more would make a browser wait for minutes
MOST_SLIPS = 200
LIGHT, SHARP = pictures.WIDTHS[0], pictures.WIDTHS[-1]


class Kind(NamedTuple):
    """A kind of sheet."""

    title: str
    what_for: str
    needs: str = "works"  # hanging works | wall (any work that can be voted for) | days of the vote | nothing
    coded: bool = False  # whether it carries codes that must be made first


SHEETS = {
    "works": Kind("作品页", "一幅一张 A4，照片不裁不变形，扫码就能看、能投", coded=True),
    "contact": Kind("小样", "二十幅一页，核对有没有漏"),
    "labels": Kind("编号签", "二十四枚一页（70 × 37 毫米），裁开贴在画框边"),
    "list": Kind("挂画清单", "按顺序挂，挂好一幅勾一幅"),
    "poster": Kind("展览海报", "贴在入口，扫码看整面墙", "nothing", coded=True),
    "venue": Kind("现场投票码", "每天一张，凌晨四点换码；只贴在现场", "days"),
    "slips": Kind("纸质选票", "给不用手机的邻居", "wall"),
    "tally": Kind("计票单", "两位邻居一起唱票、画正字", "wall"),
}


class Choice(NamedTuple):
    """How the host wants her sheets; what an address says otherwise is taken as the usual."""

    order: str = "no"
    signed: bool = True
    slip: str = "numbers"  # numbers to circle | blank lines to write on
    many: int = 1  # pages of slips
    part: int = 1

    def query(self):
        """What makes an address say this again."""
        told = {"order": self.order, "signed": int(self.signed), "slip": self.slip, "many": self.many, "part": self.part}
        return {name: value for name, value in told.items() if value != Choice._field_defaults[name]}


def _number(text, most):
    return min(int(text), most) if text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) else 1


def _choice():
    """From the form the host sends, or from the address of a sheet."""
    order, slip = request.values.get("order", "no"), request.values.get("slip", "numbers")
    return Choice(
        order if order in exhibitions.ORDERS else "no",
        request.values.get("signed", "1") != "0",
        slip if slip in {"numbers", "blank"} else "numbers",
        _number(request.values.get("many", "1"), MOST_SLIPS),
        _number(request.values.get("part", "1"), 999),
    )


def _load(contest_id):
    contest = contests.find(g.neighborhood, contest_id)
    if contest is None or not contest.seen_by(g.member):
        abort(404)
    contest.neighborhood = g.neighborhood
    return contest


def _qr(code):
    """The drawing of a printed code."""
    return qr.inline_svg(qr.link(url_for("scan.show", code=code)))


def _days(contest):
    """[(day, code, drawing)] of the days people vote on."""
    days = [(day, exhibitions.venue_code(contest, day)) for day in exhibitions.venue_days(contest, g.now)]
    return [(day, code, qr.inline_svg(qr.link(exhibitions.venue_path(contest, code)))) for day, code in days]


def _material(contest, choice):
    """All that any sheet is made of."""
    return {
        "contest": contest,
        "choice": choice,
        "works": exhibitions.hanging(contest, choice.order),
        "wall": entries.on_the_wall(contest),
        "wall_code": exhibitions.code_of_wall(contest),
        "days": _days(contest),
        "orders": exhibitions.ORDERS,
        "qr": _qr,
        "typed_at": qr.link(url_for("scan.type_in")).partition("://")[2],  # for whoever cannot scan
    }


def _enough(kind, material):
    """Whether there is something to put on this kind of sheet."""
    if kind.needs == "wall":
        return material["contest"].paper and material["wall"]
    return kind.needs == "nothing" or material[kind.needs]


@pages.get("/exhibition")
@host
def show(contest_id):
    contest, choice = _load(contest_id), _choice()
    material = _material(contest, choice)
    wanted = {name: kind for name, kind in SHEETS.items() if _enough(kind, material)}
    today = rotating.venue_day(g.now)
    keys = [(day, exhibitions.screen_key(contest, day)) for day in dict.fromkeys((today, *(row[0] for row in material["days"])))]
    phase, out = contest.phase(g.now), exhibitions.left_out(contest)
    return render_template("exhibitions/show.html", phase=phase, sheets=wanted, left_out=out, keys=keys, **material)


@pages.post("/exhibition")
@host
def open_sheet(contest_id):
    """Make the codes a sheet needs, then show it: what was printed before keeps its code."""
    contest, choice = _load(contest_id), _choice()
    name = request.form.get("sheet", "")
    kind = SHEETS.get(name) or abort(404)
    exhibitions.refuse_unshown(contest, g.now)
    if kind.coded:
        exhibitions.make_codes(contest, g.member, g.now)
    return go(url_for(".sheet", contest_id=contest.id, name=name, **choice.query()))


def _laid_out(contest_id, name):
    """(kind, all that its template needs) of a sheet, or 404; large photos come in parts."""
    contest, choice = _load(contest_id), _choice()
    kind = SHEETS.get(name) or abort(404)
    exhibitions.refuse_unshown(contest, g.now)
    material = _material(contest, choice)
    material |= {"kind": kind, "name": name, "parts": 1, "uncoded": 0, "enough": _enough(kind, material)}
    if name == "works":
        coded = [work for work in material["works"] if work.code]
        parts = max(1, -(-len(coded) // PART))
        if choice.part > parts:
            abort(404)
        material["uncoded"] = len(material["works"]) - len(coded)
        material |= {"works": coded[(choice.part - 1) * PART : choice.part * PART], "parts": parts}
    elif name == "poster":
        material["uncoded"] = 0 if material["wall_code"] else 1
    return kind, material


@pages.get("/exhibition/<string(maxlength=10):name>")
@host
def sheet(contest_id, name):
    _, material = _laid_out(contest_id, name)
    return render_template("exhibitions/sheet.html", pdf=paper.ready(), **material)


@pages.get("/exhibition/<string(maxlength=10):name>.pdf")
@host
def sheet_as_pdf(contest_id, name):
    """The same sheet as one file, where this machine can make one; 404 where it cannot."""
    _, material = _laid_out(contest_id, name)
    if not paper.ready() or not material["enough"]:
        abort(404)
    width = LIGHT if name == "contact" else SHARP
    url = f"/n/{g.neighborhood.slug}/contests/{contest_id}/exhibition"
    files = {f"{url}/{work.photo}/{width}.jpg": photos.file_of(work.photo, width) for work in material["works"]}
    css = (STATIC / "css/sheets.css").read_text()
    part = f"-{material['choice'].part}" if material["parts"] > 1 else ""
    return paper.pdf(render_template("exhibitions/pdf.html", **material), css, files, f"exhibition-{contest_id}-{name}{part}")


@pages.get("/exhibition/<photo:code>/<int:width>.jpg")
@host
def photo(contest_id, code, width):
    """A photo for paper: as JPEG, a browser prints it in no time."""
    _load(contest_id)
    found = photos.find(g.neighborhood, code)
    if width not in (LIGHT, SHARP) or found is None or found.audience != "public":
        abort(404)
    file = photos.file_of(code, width)
    if not file.exists():
        abort(404)
    answer = current_app.response_class(press.jpeg(file), mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


# The screen at the market: for everybody, without an account. Today's code stands on it only where the host opened it.


def _screen(contest_id):
    contest, key = _load(contest_id), request.args.get("key", "")[:200]
    hosting = g.member is not None and g.member.is_host
    figures = exhibitions.screen(contest, g.now, may_show_code=hosting or exhibitions.opens_screen(contest, key, g.now))
    path = exhibitions.venue_path(contest, figures.code) if figures.code else url_for("contests.show", contest_id=contest.id)
    return {
        "contest": contest,
        "phase": contest.phase(g.now),
        "key": key,
        "figures": figures,
        "drawing": qr.inline_svg(qr.link(path)),
    }


def _fresh(template, **values):
    """A part the screen asks for every few seconds: what has not changed is not sent again."""
    answer = make_response(render_template(template, **values))
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


@pages.get("/board")
@public
def board(contest_id):
    values = _screen(contest_id)
    return render_template("exhibitions/board.html", work=exhibitions.on_screen(values["contest"], g.now), **values)


@pages.get("/board/figures")
@public
def board_figures(contest_id):
    return _fresh("exhibitions/_figures.html", **_screen(contest_id))


@pages.get("/board/work")
@public
def board_work(contest_id):
    return _fresh("exhibitions/_work.html", work=exhibitions.on_screen(_load(contest_id), g.now))
