"""公益的班次: made and confirmed by whoever leads, taken and given back by the volunteers."""

from flask import Blueprint, abort, g, url_for

from db import shifts
from db.base import Refused
from web import event_page
from web.access import resident
from web.event_page import HoursForm, ShiftForm, again, load, run
from web.forms import whole
from web.render import go, parse_local

pages = Blueprint("shifts", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


def _shift(event, shift_id):
    return shifts.find(event, shift_id) or abort(404)


def _place(event, place_id):
    return shifts.find_place(event, place_id) or abort(404)


def _minutes(text):
    """「1.5」 hours in minutes, None for anything else."""
    hours, _, rest = (text or "").strip().partition(".")
    if not (hours + rest).isascii() or not hours.isdigit() or not (rest or "0").isdigit() or len(hours) > 3 or len(rest) > 2:
        return None
    return int(hours) * 60 + round(float(f"0.{rest or 0}") * 60)


@pages.post("/shifts")
@resident
def add(event_id):
    event, form = run(event_id), ShiftForm()
    if not form.validate():
        return event_page.manage(event, 422, shift=form)
    try:
        shifts.add(
            event,
            g.member,
            g.now,
            role=form.role.data,
            starts_at=parse_local(form.starts_at.data),
            ends_at=parse_local(form.ends_at.data),
            wanted=whole(form.wanted.data),
        )
    except Refused as refused:
        return again(form, refused, lambda: event_page.manage(event, shift=form))
    return go(url_for("events.manage", event_id=event_id), "加了一个班次")


@pages.post("/shifts/<id:shift_id>/drop")
@resident
def drop(event_id, shift_id):
    event = run(event_id)
    shifts.drop(event, _shift(event, shift_id), g.member, g.now)
    return go(url_for("events.manage", event_id=event_id), "班次删掉了")


@pages.post("/shifts/<id:shift_id>/sign")
@resident
def sign(event_id, shift_id):
    event = load(event_id)
    shift = _shift(event, shift_id)
    try:
        shifts.sign(g.member, event, shift, g.now)
    except Refused as refused:
        raise Refused(refused.code, refused.sentence) from refused  # beside no field of this page: a conflict, said in words
    return go(url_for("events.show", event_id=event_id, _anchor="shifts"), f"「{shift.role}」记上您了")


@pages.post("/shifts/places/<id:place_id>/leave")
@resident
def leave(event_id, place_id):
    event = load(event_id)
    shifts.leave(g.member, event, _place(event, place_id), g.now)
    return go(url_for("events.show", event_id=event_id, _anchor="shifts"), "退掉了")


@pages.post("/shifts/places/<id:place_id>/hours")
@resident
def confirm(event_id, place_id):
    event, form = run(event_id), HoursForm()
    place = _place(event, place_id)
    if not form.validate():
        return event_page.manage(event, 422, hours=form, hours_of=place)
    try:
        minutes = _minutes(form.hours_done.data)
        shifts.confirm(event, place, g.member, g.now, minutes=minutes, reason=form.reason.data)
    except Refused as refused:
        return again(form, refused, lambda: event_page.manage(event, hours=form, hours_of=place))
    return go(url_for("events.manage", event_id=event_id), f"{place.registration.member.user.name} 的时长确认了")
