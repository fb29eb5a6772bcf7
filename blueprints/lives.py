"""直播间: the page everybody watches from, what it asks for every few seconds, and the host's side of it."""

from flask import Blueprint, abort, g, render_template, request, url_for

from db import lives
from db.base import Refused
from web import live_door, live_page, qr
from web.access import public, resident
from web.event_page import again
from web.live_page import ReplayForm, RoomForm, found
from web.render import go

pages = Blueprint("lives", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/live")


def _run(event_id):
    event = found(event_id)
    return event if event.run_by(g.member) else abort(403)


@pages.get("")
@public
def show(event_id):
    return live_page.show(event_id)


@pages.get("/now")
@public
def now(event_id):
    """Stage and questions, the same for all neighbours, or for all guests; web/live_door.py gives it out."""
    pulse, event = live_page.pulse(event_id), found(event_id)
    if pulse is None:
        abort(404)
    values = live_page.stage(event) | live_page.board(event, neighbor=request.args.get("view", "") == "neighbor")
    return live_door.keep(pulse, render_template("lives/_now.html", **values), g.now)


@pages.get("/code.png")
@public
def code(event_id):
    """The code to print: it leads here, wherever the room is by then."""
    return qr.png(qr.link(url_for(".show", event_id=found(event_id).id)))


@pages.post("/remind")
@resident
def remind(event_id):
    on = request.form.get("state") == "on"
    lives.remind(g.member, found(event_id), on, g.now)
    return go(url_for(".show", event_id=event_id), "好，开播前 15 分钟叫您" if on else "不提醒了")


@pages.get("/desk")
@resident
def desk(event_id):
    return live_page.desk(_run(event_id))


@pages.post("/desk")
@resident
def furnish(event_id):
    event, form = _run(event_id), RoomForm()
    if not form.validate():
        return live_page.desk(event, 422, furnish=form)
    try:
        told = {name: form[name].data for name in ("room_name", "room_url", "stream_url", "rain")}
        lives.furnish(event, g.member, g.now, **told)
    except Refused as refused:
        return again(form, refused, lambda: live_page.desk(event, furnish=form))
    return go(url_for(".show", event_id=event_id), "改好了，印出去的二维码照样能用")


@pages.post("/replay")
@resident
def replay(event_id):
    event, form = _run(event_id), ReplayForm()
    if not form.validate():
        return live_page.desk(event, 422, again=form)
    try:
        lives.show_again(event, g.member, g.now, replay_url=form.replay_url.data, text=form.highlights.data)
    except Refused as refused:
        return again(form, refused, lambda: live_page.desk(event, again=form))
    return go(url_for(".show", event_id=event_id), "放好了")
