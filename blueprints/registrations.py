"""报名: a seat, a place in line, an offer to accept, and one's own QR for the door."""

from flask import Blueprint, abort, g, make_response, render_template, url_for

from db import checkins, registrations
from db.base import Refused
from web import event_page, qr
from web.access import resident
from web.event_page import again, load
from web.forms import BooleanField, Form, Line, OpId, whole
from web.render import go, part, wants_part

pages = Blueprint("registrations", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


class PartyForm(Form):
    op_id = OpId()
    adults = Line("几位大人", 3, default="1")
    children = Line("几个孩子", 3, default="0")
    ages = Line("孩子几岁（比如 4、7）", 40)
    note = Line("想告诉发起人的（可不填）", 60)
    named = BooleanField("让邻居看到我的名字")


def _mine(event):
    return registrations.of(event, g.member) or abort(404)


def _box(event, form=None, status=200, toast=None):
    values = event_page.seat(load(event.id)) | {"form": form}
    return part("registrations/_seat.html", status, toast, **values)


def _page(event, form):
    if wants_part():
        return _box(event, form)
    return make_response(render_template("registrations/form.html", event=event, form=form))


@pages.get("/register")
@resident
def ask(event_id):
    """Who is coming along: the page of those whose browser does without JavaScript, and of whoever brings somebody."""
    event = load(event_id)
    if not event.takes_people(g.now):
        raise Refused("not-open", registrations.closed_because(event, g.now))
    return make_response(render_template("registrations/form.html", event=event, form=PartyForm(formdata=None)))


@pages.post("/register")
@resident
def register(event_id):
    event, form = load(event_id), PartyForm()
    try:
        if not form.validate():
            return make_response(_page(event, form), 422)
        row = registrations.register(
            g.member,
            event,
            g.now,
            op_id=form.op_id.data,
            adults=whole(form.adults.data, 1),
            children=whole(form.children.data, 0),
            ages=form.ages.data,
            note=form.note.data,
            named=form.named.data,
        )
    except Refused as refused:
        return again(form, refused, lambda: _page(event, form))
    return _answer(event, "报上名了，到时候见" if row.state == "going" else "位置满了，先帮您排着队，有空位就告诉您")


def _answer(event, said):
    return _box(event, toast=said) if wants_part() else go(url_for("events.show", event_id=event.id), said)


@pages.post("/give-up")
@resident
def cancel(event_id):
    event = load(event_id)
    row = registrations.cancel(_mine(event), g.member, g.now)
    return _answer(event, "取消了，下次早点说更好" if row.state == "cancelled_late" else "取消了，位置让给邻居")


@pages.post("/accept")
@resident
def accept(event_id):
    event = load(event_id)
    registrations.accept(_mine(event), g.member, g.now)
    return _answer(event, "位置是您的了，到时候见")


def _steps(mine):
    """Her own QR for the next minutes, drawing by drawing."""
    told = checkins.ticket_steps(mine, g.now)
    address = [url_for("checkins.door", event_id=mine.event_id, code=mine.code, now=code) for code, _ in told]
    return [(left, qr.inline_svg(qr.link(link))) for (_, left), link in zip(told, address, strict=True)]


@pages.get("/ticket")
@resident
def ticket(event_id):
    event = load(event_id)
    mine = _mine(event)
    values = {"mine": mine, "phase": event.phase(g.now), "steps": _steps(mine)}
    return render_template("registrations/ticket.html", event=event, **values)


@pages.get("/ticket/steps")
@resident
def ticket_steps(event_id):
    event = load(event_id)
    return part("registrations/_steps.html", event=event, steps=_steps(_mine(event)))
