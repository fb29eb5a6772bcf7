"""干货: a form of steps that works by buttons alone, the library, the sheet to print."""

from typing import NamedTuple

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import howtos, likes, photos, posts
from db.base import Refused
from web import cards, qr, uploads
from web.access import public, resident
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.paid import plus
from web.render import go, wants_part

pages = Blueprint("howtos", __name__, url_prefix="/n/<slug:slug>")


class HowtoForm(Form):
    op_id = OpId()
    title = Line("做什么", 60)
    minutes = Line("大约要多少分钟", 8)
    materials = Text("要准备什么", howtos.LONGEST_NOTE)
    steps = HiddenField()  # for the sentences about the steps; they themselves are lists: step, position, step_photo
    tips = Text("小贴士", howtos.LONGEST_NOTE)
    season = HiddenField(default="")
    visibility = HiddenField(default="public")
    consent = BooleanField("照片里如果有别人（尤其是孩子），我已征得同意")


class Row(NamedTuple):
    words: str = ""
    code: str = ""  # of its photo


def _rows():
    """The steps as sent, with a photo that was chosen but not uploaded yet. Returns (rows, the refusal of what was wrong)."""
    words, codes = request.form.getlist("step"), request.form.getlist("step_photo")
    places, rows, wrong = request.form.getlist("position"), [], None
    for number, said in enumerate(words, start=1):
        code = codes[number - 1] if number <= len(codes) and uploads.CODE.fullmatch(codes[number - 1]) else ""
        chosen = request.files.get(f"file{number}")
        if chosen and chosen.filename:
            try:
                code = uploads.take(f"file{number}").code
            except Refused as refused:
                wrong = Refused(refused.code, f"第 {number} 步的照片：{refused.sentence}", field="steps", status=refused.status)
        rows.append(Row(said, code))
    if places != [str(number) for number in range(1, len(words) + 1)] or len(codes) != len(words):
        wrong = Refused("bad-order", "步骤的顺序乱了，请看一看，再按一次", field="steps")
    return rows, wrong


def _rearranged(rows, act):
    """The rows after one of the little buttons: `add`, `up 3`, `down 3`, `drop 3`, `bare 3`; anything else leaves them."""
    rows, (do, _, place) = list(rows), act.partition(" ")
    if do == "add" and len(rows) < howtos.MOST_STEPS:
        rows.append(Row())
    at = int(place) - 1 if place.isascii() and place.isdigit() and len(place) < 4 else -1
    if 0 <= at < len(rows):
        to = at + {"up": -1, "down": 1}.get(do, 0)
        if do == "drop":
            del rows[at]
        elif do == "bare":
            rows[at] = Row(rows[at].words)
        elif 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
    return rows or [Row()]


def _sheet(form, rows):
    return howtos.Sheet(form.title.data, form.minutes.data, form.materials.data, tuple(rows), form.tips.data, form.season.data)


def _page(form, rows, post=None, status=200):
    codes = [row.code for row in rows if row.code]
    shown = {photo.code: photo for photo in photos.in_tray(g.member, codes)}
    if post:
        shown |= {photo.code: photo for photo in posts.photos_of([post.id]).get(post.id, ())}
    values = {
        "form": form, "post": post, "most": howtos.MOST_STEPS, "seasons": howtos.SEASONS, "act": request.form.get("act", ""),
        "rows": [(row.words, shown.get(row.code)) for row in rows[: howtos.MOST_STEPS + 10]],
    }  # fmt: skip
    template = "howtos/_form.html" if wants_part() else "howtos/form.html"
    return make_response(render_template(template, **values), status)


def _handled(save, post=None):
    """A sent form: a little button gives it back changed, the big one saves it; what is wrong gives it back with the words."""
    form, (rows, wrong) = HowtoForm(), _rows()
    if "act" in request.form and not wrong:
        return _page(form, _rearranged(rows, request.form.get("act", "")), post)
    try:
        if wrong:
            raise wrong
        if not form.validate():
            return _page(form, rows, post, 422)
        return save(form, _sheet(form, rows))
    except Refused as refused:
        form.refuse(refused, "steps")
        return said_no(_page(form, rows or [Row()], post), refused)


@pages.get("/howtos/new")
@resident
def new():
    return _page(HowtoForm(formdata=None), [Row()] * 3)


@pages.post("/howtos/new")
@resident
def create():
    def save(form, sheet):
        post = howtos.write(
            g.member, g.now, op_id=form.op_id.data, sheet=sheet, consent=form.consent.data, visibility=form.visibility.data
        )
        said = "发布了，谢谢您的手艺" if post.published else "发出来了，等主理人看一眼，大家就能看到"
        return go(url_for("posts.show", post_id=post.id), plus(said, "post", "Post", post.id))

    return _handled(save)


def _mine(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or not post.readable_by(g.member):
        abort(404)
    if not post.editable_by(g.member):
        abort(403)
    return post, howtos.sheet_of(post)


@pages.get("/howtos/<id:post_id>/edit")
@resident
def edit(post_id):
    post, sheet = _mine(post_id)
    if sheet is None:  # written in one piece: the plain form knows how
        return redirect(url_for("posts.edit", post_id=post.id), 303)
    form = HowtoForm(formdata=None, data=sheet._asdict() | {"steps": "", "minutes": str(sheet.minutes or "")})
    return _page(form, [Row(*step) for step in sheet.steps], post)


@pages.post("/howtos/<id:post_id>/edit")
@resident
def save(post_id):
    post, _ = _mine(post_id)

    def save_sheet(form, sheet):
        state = howtos.edit(post, g.member, g.now, sheet, consent=form.consent.data)
        return go(url_for("posts.show", post_id=post.id), "改好了" if state == "published" else "改好了，等主理人看一眼")

    return _handled(save_sheet, post)


@pages.get("/howtos/")
@public
def library():
    asked = {name: request.args.get(name, "")[:40] for name in ("sort", "season", "time")}
    listed, after = howtos.library(g.neighborhood, g.member, **asked, after=request.args.get("after", "")[:40])
    feed = cards.drawn(listed, likes.liked_by(g.member, [each.id for each in listed]))
    template = "howtos/_feed.html" if wants_part() else "howtos/library.html"
    values = {"feed": feed, "after": after, "asked": asked, "seasons": howtos.SEASONS, "times": howtos.TIMES}
    return render_template(template, **values)


@pages.get("/posts/<id:post_id>/print")
@public
def sheet(post_id):
    """A how-to on paper, for the kitchen wall: what to prepare with boxes to tick, then step by step."""
    post = posts.find(g.neighborhood, post_id)
    if post is None or post.kind != "howto" or not post.published or not post.readable_by(g.member):
        abort(404)
    parts = howtos.of(post)
    drawing = qr.inline_svg(qr.link(url_for("posts.show", post_id=post.id)))
    return render_template("howtos/print.html", post=post, parts=parts, took=howtos.took, drawing=drawing)
