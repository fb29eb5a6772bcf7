"""我做了 and 收藏: what neighbours do with a how-to."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import howtos, likes, makings, photos, posts
from db.base import Refused
from web import cards, uploads
from web.access import host, resident
from web.errors import said_no
from web.forms import BooleanField, Form, Line, OpId
from web.paid import plus
from web.render import go, part, part_or_redirect, wants_part

pages = Blueprint("makings", __name__, url_prefix="/n/<slug:slug>")


class MadeForm(Form):
    op_id = OpId()
    said = Line("做得怎么样？", makings.LONGEST)
    consent = BooleanField("照片里如果有别人（尤其是孩子），我已征得同意")


class DownForm(Form):
    reason = Line("原因（4–200 个字，TA 看得到）", 200)


def _load(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or post.kind != "howto" or not post.readable_by(g.member):
        abort(404)
    return post


def _load_made(made_id):
    return makings.find(g.neighborhood, made_id) or abort(404)


def _page_of(post_id):
    return url_for("posts.show", post_id=post_id)


@pages.post("/posts/<id:post_id>/save")
@resident
def save(post_id):
    """`state=on|off` says what to reach; the answer is the button as it now is."""
    post, state = _load(post_id), request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次「收藏」", field="state")
    makings.set_saved(g.member, post, state == "on", g.now)
    said = "收藏了，在「我的」里找得到" if state == "on" else "不收藏了"
    return part_or_redirect("makings/_save.html", _page_of(post.id), toast=said, url=_page_of(post.id), saved=state == "on")


@pages.get("/saved")
@resident
def saved():
    listed, after = makings.saved_by(g.member, request.args.get("after", "")[:20])
    feed = cards.drawn(listed, likes.liked_by(g.member, [each.id for each in listed]))
    return render_template("makings/_feed.html" if wants_part() else "makings/saved.html", feed=feed, after=after)


def _section(post):
    """What the part about who made it needs."""
    parts = howtos.of(post) or abort(404)
    return {
        "post": post,
        "howto": parts.howto,
        "made": makings.listed(parts.howto, g.member),
        "mine": makings.of(parts.howto, g.member),
    }


@pages.get("/posts/<id:post_id>/made")
@resident
def ask(post_id):
    """The form alone, for whoever comes from the button without htmx."""
    post = _load(post_id)
    return _form(post, MadeForm(formdata=None), [])


def _form(post, form, tray):
    if wants_part():
        return make_response(render_template("makings/_section.html", form=form, tray=tray, **_section(post)))
    return make_response(render_template("makings/say.html", post=post, form=form, tray=tray))


@pages.post("/posts/<id:post_id>/made")
@resident
def say(post_id):
    post, form = _load(post_id), MadeForm()
    codes = [code for code in uploads.codes() if code != request.form.get("drop")]
    try:
        if request.files.get("file") and request.files["file"].filename:
            codes = [uploads.take("file").code]
        if "add" in request.form or "drop" in request.form:
            return _form(post, form, photos.in_tray(g.member, codes))
        if not form.validate():
            return said_no(_form(post, form, photos.in_tray(g.member, codes)), Refused("bad", "", field="said"))
        makings.say(
            g.member, post, g.now, op_id=form.op_id.data, words=form.said.data, photo_codes=codes, consent=form.consent.data
        )
    except Refused as refused:
        form.refuse(refused, "said")
        return said_no(_form(post, form, photos.in_tray(g.member, codes)), refused)
    told = plus("谢谢您，作者会很高兴", "made", "Made", post.id)
    if not wants_part():
        return go(_page_of(post.id) + "#made", told)
    return part("makings/_section.html", toast=told, **_section(_load(post_id)))


@pages.post("/made/<id:made_id>/remove")
@resident
def remove(made_id):
    made = _load_made(made_id)
    makings.take_back(made, g.member, g.now)
    return go(_page_of(made.howto.post_id) + "#made", "收回了")


@pages.post("/desk/made/<id:made_id>/show")
@host
def show_photo(made_id):
    made = _load_made(made_id)
    makings.let_photo_in(made, g.member, g.now)
    return go(_page_of(made.howto.post_id) + "#made", "照片大家看得到了")


@pages.post("/desk/made/<id:made_id>/remove")
@host
def take_down(made_id):
    made, form = _load_made(made_id), DownForm()
    try:
        if not form.validate():
            raise Refused("bad-reason", "请写下原因（4–200 个字）", field="reason")
        makings.take_down(made, g.member, g.now, form.reason.data)
    except Refused as refused:
        if refused.field != "reason" or wants_part():
            raise
        form.reason.errors = [refused.sentence]
        page = render_template("makings/reason.html", form=form, made=made)
        return said_no(make_response(page), refused)
    return go(_page_of(made.howto.post_id) + "#made", "拿下了，TA 会看到原因")
