"""签到: the organiser's screen with its code, the page a scan opens, the door, the list, and the sheet of paper."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import attendance, checkins, event_days, members, registrations
from db.base import Refused
from web import qr
from web.access import device, public, resident
from web.desk import ReasonForm, asked_again
from web.event_page import again, load, run
from web.forms import Form, HiddenField, Line, whole
from web.render import go, parse_local, part, part_or_redirect

pages = Blueprint("checkins", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


class HereForm(Form):
    code = Line("现场屏幕上的 6 个字母", 12)
    word = HiddenField()
    adults = Line("几位大人", 3, default="1")
    children = Line("几个孩子", 3, default="0")
    ages = Line("孩子几岁（比如 4、7）", 40)


class PaperForm(Form):
    code = Line("纸上的编号", 12)
    at = Line("纸上写的时间", 20)


def _row(event, row_id):
    row = registrations.find(g.neighborhood, row_id)
    return row if row is not None and row.event_id == event.id else abort(404)


def _steps(event):
    """The codes of the next ten minutes, each as a drawing: a screen goes on without the network."""
    told = checkins.steps(event, g.now)
    return [(code, left, qr.inline_svg(qr.link(url_for(".arrive", event_id=event.id, code=code)))) for code, left in told]


# The organiser's screen


@pages.get("/check-in")
@resident
def screen(event_id):
    event = run(event_id)
    return _screen(event, PaperForm(formdata=None))


def _screen(event, paper, status=200):
    name = request.args.get("name", "")[:20]
    values = {
        "listed": registrations.listed(event, "going", "offered", "checked_in", "no_show", "excused"),
        "coming": attendance.coming(event),
        "steps": _steps(event) if checkins.is_open(event, g.now) else [],
        "strangers": checkins.strangers(event, name),
        "name": name,
        "opens_at": checkins.opens_at(event),
        "paper": paper,
    }
    return make_response(render_template("checkins/screen.html", event=event, phase=event.phase(g.now), **values), status)


@pages.get("/check-in/steps")
@resident
def steps(event_id):
    event = run(event_id)
    return part("checkins/_steps.html", event=event, steps=_steps(event) if checkins.is_open(event, g.now) else [])


@pages.get("/check-in/count")
@resident
def count(event_id):
    event = run(event_id)
    return part("checkins/_count.html", event=event, coming=attendance.coming(event))


@pages.get("/check-in/sheet")
@resident
def sheet(event_id):
    """A list on paper, for a place without a network: names, codes, and room for a time."""
    event = run(event_id)
    listed = registrations.listed(event, "going", "offered", "checked_in")
    return render_template("checkins/sheet.html", event=event, listed=listed)


def _back(event, said):
    return go(url_for(".screen", event_id=event.id), said)


def _line(event, row, said):
    values = {"event": event, "row": registrations.find(g.neighborhood, row.id), "coming": attendance.coming(event)}
    return part_or_redirect("checkins/_line.html", url_for(".screen", event_id=event.id), toast=said, fresh=True, **values)


@pages.post("/people/<id:row_id>/check-in")
@resident
def by_name(event_id, row_id):
    event = run(event_id)
    row = _row(event, row_id)
    checkins.by_host(event, row, g.member, g.now)
    return _line(event, row, f"{row.member.user.name} 签到了")


@pages.post("/people/<id:row_id>/undo")
@resident
def undo(event_id, row_id):
    event = run(event_id)
    row = _row(event, row_id)
    checkins.undo(row, g.member, g.now)
    return _line(event, row, "撤销了")


@pages.post("/people/<id:row_id>/fee")
@resident
def fee(event_id, row_id):
    event = run(event_id)
    row, paid = _row(event, row_id), request.form.get("state") == "on"
    registrations.pay_fee(row, paid, g.now)
    return _line(event, row, "记下了，材料费收到了" if paid else "改回没收")


@pages.post("/people/<id:row_id>/excuse")
@resident
def excuse(event_id, row_id):
    event, form = run(event_id), ReasonForm()
    try:
        event_days.excuse(_row(event, row_id), g.member, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, "为什么没来")
    return _back(event, "记成请假了")


@pages.post("/walk-in/<id:member_id>")
@resident
def walk_in(event_id, member_id):
    event, member = run(event_id), members.get(g.neighborhood, member_id) or abort(404)
    checkins.walk_in(event, member, g.member, g.now)
    return _back(event, f"{member.user.name} 签到了")


@pages.post("/paper")
@resident
def paper(event_id):
    event, form = run(event_id), PaperForm()
    try:
        if not form.validate():
            return _screen(event, form, 422)
        row = registrations.by_code(event, form.code.data)
        if row is None:
            raise Refused("no-code", "没有这个编号，对着纸再看一眼", field="code")
        at = parse_local(form.at.data)
        checkins.on_paper(event, row, g.member, g.now, at=at)
    except Refused as refused:
        return again(form, refused, lambda: _screen(event, form))
    return _back(event, f"{row.member.user.name} 补上了")


# Whoever comes


@pages.get("/here/<string(maxlength=32):code>")
@public
def arrive(event_id, code):
    """What the code on the screen opens. A look changes nothing; it gives this device ten minutes to say who is there (S8)."""
    event = load(event_id)
    word = checkins.arrive(event, code, device(), g.now)
    return _here(event, HereForm(formdata=None, word=word or "", code="" if word else code), scanned=word is not None)


@pages.get("/here")
@resident
def here(event_id):
    """The same for who types the code; and with the word of a scan, for who had to join in between."""
    word = request.args.get("word", "")[:200]
    return _here(load(event_id), HereForm(formdata=None, word=word), scanned=bool(word))


def _here(event, form, scanned=False, status=200):
    values = {"event": event, "mine": registrations.of(event, g.member), "form": form, "scanned": scanned}
    return make_response(render_template("checkins/here.html", open=checkins.is_open(event, g.now), **values), status)


@pages.post("/here")
@resident
def check_in(event_id):
    event, form = load(event_id), HereForm()
    try:
        if not form.validate():
            return _here(event, form, status=422)
        checkins.by_code(
            g.member,
            event,
            g.now,
            code=form.code.data,
            word=form.word.data,
            device=device(),
            adults=whole(form.adults.data, 1),
            children=whole(form.children.data, 0),
            ages=form.ages.data,
        )
    except Refused as refused:
        scanned = bool(form.word.data) and refused.field != "code"
        return again(form, refused, lambda: _here(event, form, scanned))
    return go(url_for("events.show", event_id=event_id), "签到好了，欢迎")


@pages.get("/door/<string(maxlength=32):code>")
@resident
def door(event_id, code):
    """What a neighbour's own QR opens for whoever runs the event; for herself, her ticket; for anybody else, nothing."""
    event = load(event_id)
    row = registrations.by_code(event, code) or abort(404)
    if not event.run_by(g.member):
        if row.member_id != g.member.id:
            abort(403)
        return redirect(url_for("registrations.ticket", event_id=event.id), 303)
    fresh = checkins.is_fresh(row, request.args.get("now", ""), g.now)
    return render_template("checkins/door.html", event=event, row=row, open=checkins.is_open(event, g.now), fresh=fresh)
