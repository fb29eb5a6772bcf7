"""参赛作品: sent in from a phone, read by the host, looked at by everybody."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import contests, entries, photos, picks, withdrawals
from db.base import Refused
from web import desk, uploads, voting
from web.access import host, public, resident
from web.desk import ReasonForm
from web.errors import said_no
from web.forms import BooleanField, Form, Line, OpId
from web.render import go

pages = Blueprint("entries", __name__, url_prefix="/n/<slug:slug>")


class EntryForm(Form):
    op_id = OpId()
    caption = Line("作品名", 60)
    spot = Line("在小区哪里拍的（可不填）", 30)
    signed = Line("署名", 20)
    show_consent = BooleanField("是我拍的，可以展示；照片里如果有别人，我已征得同意")
    print_consent = BooleanField("也可以打印出来，在市集上展览")


def _load_contest(contest_id):
    contest = contests.find(g.neighborhood, contest_id)
    return contest if contest is not None and contest.seen_by(g.member) else abort(404)


def _load(entry_id):
    entry = entries.find(g.neighborhood, entry_id)
    return entry if entry is not None and entry.readable_by(g.member) else abort(404)


def _form(contest, form, tray, entry=None, status=200):
    left = contest.entries_each - len(entries.of_author(contest, g.member))
    values = {"contest": contest, "form": form, "tray": tray, "entry": entry, "left": left}
    return make_response(render_template("entries/form.html", **values), status)


def _tray():
    """The one photo of the form as it was sent: what lies in its tray, or the file that came along."""
    codes = [code for code in uploads.codes() if code != request.form.get("drop")][-1:]
    if request.files.get("file") and request.files["file"].filename:
        codes = [uploads.take("file").code]
    return photos.in_tray(g.member, codes)


@pages.get("/contests/<id:contest_id>/enter")
@resident
def new(contest_id):
    contest = _load_contest(contest_id)
    return _form(contest, EntryForm(formdata=None, signed=g.user.name[:20]), [])


@pages.post("/contests/<id:contest_id>/enter")
@resident
def create(contest_id):
    contest, form, tray = _load_contest(contest_id), EntryForm(), []
    try:
        tray = _tray()
        if "add" in request.form or "drop" in request.form:
            return _form(contest, form, tray)
        if not form.validate():
            return _form(contest, form, tray, status=422)
        entry = entries.enter(
            g.member,
            contest,
            g.now,
            op_id=form.op_id.data,
            photo_code=tray[0].code if tray else "",
            caption=form.caption.data,
            spot=form.spot.data,
            signed=form.signed.data,
            show_consent=form.show_consent.data,
            print_consent=form.print_consent.data,
        )
    except Refused as refused:
        form.refuse(refused, "caption")
        return said_no(_form(contest, form, tray), refused)
    said = f"上墙了，您的作品是 {entry.no} 号" if entry.shown else "送到了，主理人看一眼就上墙"
    return go(url_for(".show", entry_id=entry.id), said)


@pages.get("/contests/entries/<id:entry_id>")
@public
def show(entry_id):
    entry = _load(entry_id)
    box = voting.box(entry, undo=request.args.get("undo", "")[:12])
    return render_template("entries/show.html", **box)


def _mine(entry_id):
    entry = _load(entry_id)
    return entry if entry.is_of(g.member) else abort(403)


@pages.get("/contests/entries/<id:entry_id>/edit")
@resident
def edit(entry_id):
    entry = _mine(entry_id)
    if not entry.editable_by(g.member, g.now):
        raise Refused("not-editable", "这幅作品现在不能修改了")
    return _form(entry.contest, EntryForm(formdata=None, obj=entry, show_consent=True), [], entry)


@pages.post("/contests/entries/<id:entry_id>/edit")
@resident
def save(entry_id):
    entry, form, tray = _mine(entry_id), EntryForm(), []
    try:
        tray = _tray()
        if "add" in request.form or "drop" in request.form:
            return _form(entry.contest, form, tray, entry)
        if not form.validate():
            return _form(entry.contest, form, tray, entry, 422)
        entries.mend(
            entry,
            g.member,
            g.now,
            caption=form.caption.data,
            spot=form.spot.data,
            signed=form.signed.data,
            photo_code=tray[0].code if tray else "",
            print_consent=form.print_consent.data,
        )
    except Refused as refused:
        form.refuse(refused, "caption")
        return said_no(_form(entry.contest, form, tray, entry), refused)
    return go(url_for(".show", entry_id=entry.id), "改好了，主理人会再看一眼")


@pages.post("/contests/entries/<id:entry_id>/print")
@resident
def allow_print(entry_id):
    entry, on = _mine(entry_id), request.form.get("state") == "on"
    entries.allow_print(entry, g.member, on, g.now)
    return go(url_for(".show", entry_id=entry.id), "好的，会打印出来展览" if on else "好的，不打印")


@pages.get("/contests/entries/<id:entry_id>/withdraw")
@resident
def ask_withdraw(entry_id):
    entry = _mine(entry_id)
    if not entry.withdrawable_by(g.member, g.now):
        raise Refused("not-withdrawable", "这幅作品现在不能撤回了")
    return render_template("entries/withdraw.html", entry=entry, phase=entry.contest.phase(g.now))


@pages.post("/contests/entries/<id:entry_id>/withdraw")
@resident
def withdraw(entry_id):
    entry = _mine(entry_id)
    withdrawals.withdraw(entry, g.member, g.now)
    return go(url_for("contests.show", contest_id=entry.contest_id), "撤回了")


# The host's desk


@pages.post("/desk/entries/<id:entry_id>/approve")
@host
def approve(entry_id):
    entry, seen = _load(entry_id), request.form.get("seen")
    if seen and entry.photo and entry.photo.code != seen:
        raise Refused("moved-on", "作者刚刚换了照片，请刷新再看一眼")
    entries.approve(entry, g.member, g.now)
    return desk.done("reviews.index", f"上墙了，编号 {entry.no}")


@pages.post("/desk/entries/<id:entry_id>/return")
@host
def give_back(entry_id):
    entry, form = _load(entry_id), ReasonForm()
    try:
        entries.give_back(entry, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "请作者改一改")
    return desk.done("reviews.index", "退回了，作者会看到原因")


@pages.post("/desk/entries/<id:entry_id>/feature")
@host
def feature(entry_id):
    entry, form = _load(entry_id), ReasonForm()
    page = url_for(".show", entry_id=entry.id)
    if request.form.get("state") == "off":
        picks.unpick("entry", entry, g.member, g.now)
        return go(page, "不再是精选了")
    try:
        picks.pick("entry", entry, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么选为精选")
    return go(page, "选为精选了，作者会看到")


@pages.post("/desk/entries/<id:entry_id>/disqualify")
@host
def disqualify(entry_id):
    entry, form = _load(entry_id), ReasonForm()
    try:
        withdrawals.disqualify(entry, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, f"为什么《{entry.caption}》不能参赛")
    return go(url_for("contests.show", contest_id=entry.contest_id), "拿下了，作者会看到原因")
