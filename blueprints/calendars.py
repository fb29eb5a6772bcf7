"""日历: addresses a phone's calendar takes: an event, the 小区, and one's own, which is a secret."""

from flask import Blueprint, abort, g, make_response, url_for

from db import calendars, events, members
from web.access import public, signed_in
from web.render import go

pages = Blueprint("calendars", __name__)


def _calendar(text, name):
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


@pages.get("/n/<slug:slug>/events/<id:event_id>/event.ics")
@public
def one(event_id):
    event = events.find(g.neighborhood, event_id)
    if event is None or not event.readable_by(g.member):
        abort(404)
    return _calendar(calendars.of_event(event), f"event-{event.id}")


@pages.get("/n/<slug:slug>/events/calendar.ics")
@public
def place():
    return _calendar(calendars.of_place(g.neighborhood, g.now), "events")


@pages.get("/calendar/<string(minlength=8,maxlength=200):token>.ics")
@public
def mine(token):
    user = calendars.owner(token) or abort(404)
    return _calendar(calendars.of_person(user, g.now), "mine")


def _back():
    places = members.places(g.user)
    return url_for("events.index", slug=places[0].neighborhood.slug, tab="mine") if places else "/"


@pages.post("/calendar/new")
@signed_in
def renew():
    calendars.new_feed(g.user, g.now)
    return go(_back(), "新的订阅地址好了，旧的不能用了")


@pages.post("/calendar/close")
@signed_in
def close():
    calendars.close_feed(g.user, g.now)
    return go(_back(), "订阅地址停用了")
