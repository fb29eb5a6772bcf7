"""互助: ask for a hand, lend one, and what the two of a match say to each other."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import aid_board, aid_ends, aid_matches, mutual_aid, photos, posts
from db.base import Refused
from web import cards, uploads
from web.access import public, resident
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.paid import plus
from web.render import go, part_or_redirect, wants_part

pages = Blueprint("mutual_aid", __name__, url_prefix="/n/<slug:slug>/aid")


class AidForm(Form):
    op_id = OpId()
    aid_kind = HiddenField(default="ask")
    category = HiddenField()
    title = Line("要什么、有什么", 60)
    body = Text("说说是什么事", posts.LONGEST)
    when_text = Line("什么时候", 40)
    building = Line("在哪儿", 12)
    days = HiddenField(default=str(mutual_aid.USUAL_DAYS))
    visibility = HiddenField(default="neighborhood")
    consent = BooleanField("照片里如果有别人（尤其是孩子），我已征得同意")


class OfferForm(Form):
    words = Line("捎句话", mutual_aid.LONGEST_WORDS)
    contact = HiddenField(default="here")


class ChoiceForm(Form):
    contact = HiddenField(default="here")


class NoteForm(Form):
    op_id = OpId()
    words = Line("留言", mutual_aid.LONGEST_NOTE)


class ThanksForm(Form):
    words = Line("谢谢的话", mutual_aid.LONGEST_WORDS)


def _load(post_id):
    aid = mutual_aid.find(g.neighborhood, post_id)
    if aid is None or not aid.post.readable_by(g.member):
        abort(404)
    return aid


def _after():
    after = request.args.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0


@pages.get("/")
@public
def index():
    kind = request.args.get("kind", "")
    kind = kind if kind in mutual_aid.KINDS else ""
    after = _after()
    board = aid_board.open_now(g.neighborhood, g.member, g.now, aid_kind=kind, after=after)
    values = {"feed": cards.drawn(board.listed, board.liked), "after": board.after, "kind": kind}
    if wants_part():
        return render_template("mutual_aid/_feed.html", **values)
    mine = g.member and not after and not kind
    return render_template(
        "mutual_aid/index.html",
        kinds=mutual_aid.KINDS,
        first=not after,
        asked=aid_board.asked_by(g.member) if mine else [],
        taken=aid_board.taken_by(g.member) if mine else [],
        figures=aid_board.figures(g.neighborhood, g.now) if mine and g.member.is_host else None,
        **values,
    )


def _composer(form, tray, status=200):
    template = "mutual_aid/_composer.html" if wants_part() else "mutual_aid/new.html"
    values = {
        "form": form, "tray": tray, "most": posts.MOST_PHOTOS, "kinds": mutual_aid.KINDS, "hints": mutual_aid.HINTS,
        "categories": mutual_aid.CATEGORIES, "safety": mutual_aid.SAFETY, "days": mutual_aid.DAYS,
    }  # fmt: skip
    return make_response(render_template(template, **values), status)


@pages.get("/new")
@resident
def new():
    form = AidForm(formdata=None, building=g.member.building)
    if request.args.get("kind") in mutual_aid.KINDS:
        form.aid_kind.data = request.args.get("kind")
    return _composer(form, [])


@pages.post("/new")
@resident
def create():
    form = AidForm()
    codes = [code for code in uploads.codes() if code != request.form.get("drop")]
    try:
        if request.files.get("file") and request.files["file"].filename:
            if len(photos.in_tray(g.member, codes)) >= posts.MOST_PHOTOS:
                raise posts.too_many_photos()
            codes.append(uploads.take("file").code)
        tray = photos.in_tray(g.member, codes)
        if "add" in request.form or "drop" in request.form:
            return _composer(form, tray)
        if not form.validate():
            return _composer(form, tray, 422)
        post = mutual_aid.ask(
            g.member,
            g.now,
            op_id=form.op_id.data,
            aid_kind=form.aid_kind.data,
            category=form.category.data,
            title=form.title.data,
            body=form.body.data,
            when_text=form.when_text.data,
            building=form.building.data,
            days={str(each): each for each in mutual_aid.DAYS}.get(form.days.data),
            photo_codes=codes,
            consent=form.consent.data,
            visibility=form.visibility.data,
        )
    except Refused as refused:
        form.refuse(refused, "body")
        return said_no(_composer(form, photos.in_tray(g.member, codes)), refused)
    said = "发出去了，有人响应就告诉您" if post.published else "发出来了，等主理人看一眼，大家就能看到"
    return go(url_for("posts.show", post_id=post.id), plus(said, "post", "Post", post.id))


def _answer(aid, toast):
    """The section of the post page as it now is."""
    url = url_for("posts.show", post_id=aid.post_id) + "#aid"
    side = aid_matches.seen_by(mutual_aid.find(g.neighborhood, aid.post_id), g.member, g.now)
    return part_or_redirect("mutual_aid/_on_post.html", url, toast=toast, post=aid.post, side=side)


def _again(aid, form, refused=None):
    """The same section with the form as it was filled in; without htmx on a page of its own."""
    if refused and not form.refuse(refused):
        raise refused
    side = aid_matches.seen_by(mutual_aid.find(g.neighborhood, aid.post_id), g.member, g.now)
    template = "mutual_aid/_on_post.html" if wants_part() else "mutual_aid/answer.html"
    return make_response(render_template(template, post=aid.post, side=side, form=form), 422)


@pages.post("/<id:post_id>/offer")
@resident
def offer(post_id):
    aid, form = _load(post_id), OfferForm()
    if not form.validate():
        return _again(aid, form)
    try:
        aid_matches.offer(aid, g.member, g.now, words=form.words.data, shares_phone=form.contact.data == "phone")
    except Refused as refused:
        return _again(aid, form, refused)
    return _answer(aid, "告诉 TA 了，选中您就会通知您")


@pages.post("/<id:post_id>/back-out")
@resident
def back_out(post_id):
    aid = _load(post_id)
    aid_matches.back_out(aid, g.member, g.now)
    return _answer(aid, "好的，收回了")


@pages.post("/<id:post_id>/offers/<id:offer_id>/accept")
@resident
def accept(post_id, offer_id):
    aid, form = _load(post_id), ChoiceForm()
    chosen = aid_matches.find_offer(aid, offer_id) or abort(404)
    try:
        aid_matches.accept(aid, chosen, g.member, g.now, shares_phone=form.contact.data == "phone")
    except Refused as refused:
        return _again(aid, form, refused)
    return _answer(aid, "约好了，现在可以互相联系")


@pages.post("/<id:post_id>/notes")
@resident
def note(post_id):
    aid, form = _load(post_id), NoteForm()
    if not form.validate():
        return _again(aid, form)
    try:
        aid_matches.note(aid, g.member, form.words.data, g.now, op_id=form.op_id.data)
    except Refused as refused:
        return _again(aid, form, refused)
    return _answer(aid, "留好了")


@pages.post("/<id:post_id>/done")
@resident
def done(post_id):
    aid = _load(post_id)
    aid_matches.confirm(aid, g.member, g.now)
    return _answer(aid, plus("好的，记下了", "help", "Aid", aid.id))


@pages.post("/<id:post_id>/thanks")
@resident
def thank(post_id):
    aid, form = _load(post_id), ThanksForm()
    if not form.validate():
        return _again(aid, form)
    try:
        aid_matches.thank(aid, g.member, form.words.data, g.now)
    except Refused as refused:
        return _again(aid, form, refused)
    return _answer(aid, "谢谢已经送到")


@pages.post("/<id:post_id>/reopen")
@resident
def reopen(post_id):
    aid = _load(post_id)
    aid_matches.reopen(aid, g.member, g.now)
    return _answer(aid, "重新找人了")


@pages.post("/<id:post_id>/cancel")
@resident
def cancel(post_id):
    aid = _load(post_id)
    aid_ends.cancel(aid, g.member, g.now)
    return _answer(aid, "收起来了")


@pages.post("/<id:post_id>/renew")
@resident
def renew(post_id):
    aid = _load(post_id)
    aid_ends.renew(aid, g.member, g.now)
    return _answer(aid, "又可以等 14 天")
