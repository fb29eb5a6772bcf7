"""活动 on the host's desk: let in, given back, hidden and shown again."""

from flask import Blueprint, abort, g, render_template, url_for

from db import event_reviews, events, screening
from db.base import Refused
from web import desk
from web.access import host
from web.desk import ReasonForm
from web.render import go

pages = Blueprint("event_reviews", __name__, url_prefix="/n/<slug:slug>/desk/events")


def _load(event_id):
    event = events.find(g.neighborhood, event_id)
    return event if event is not None and event.readable_by(g.member) else abort(404)


@pages.get("/")
@host
def index():
    return render_template(
        "event_reviews/index.html",
        waiting_events=event_reviews.waiting(g.neighborhood),
        event_reasons=event_reviews.RETURN_REASONS,
        hidden=event_reviews.hidden(g.neighborhood),
        why=screening.WHY,
        left=desk.left(),
    )


@pages.post("/<id:event_id>/approve")
@host
def approve(event_id):
    event_reviews.approve(_load(event_id), g.member, g.now)
    return desk.done(".index", "发布了，邻居们看得到了")


@pages.post("/<id:event_id>/return")
@host
def give_back(event_id):
    event, form = _load(event_id), ReasonForm()
    try:
        event_reviews.give_back(event, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "请发起人改一改")
    return desk.done(".index", "退回了，发起人会看到原因")


@pages.post("/<id:event_id>/hide")
@host
def hide(event_id):
    event, form = _load(event_id), ReasonForm()
    try:
        event_reviews.hide(event, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么收起来")
    return go(url_for("events.show", event_id=event_id), "收起来了，邻居们看不到了")


@pages.post("/<id:event_id>/restore")
@host
def restore(event_id):
    event_reviews.restore(_load(event_id), g.member, g.now)
    return go(url_for("events.show", event_id=event_id), "又看得到了")
