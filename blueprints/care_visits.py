"""看望老人: who is visited, for those who run it alone; the others read code names."""

from flask import Blueprint, g, url_for

from db import care_visits
from db.base import Refused
from web import event_page
from web.access import resident
from web.event_page import VisitForm, again, run
from web.render import go

pages = Blueprint("care_visits", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


@pages.post("/visits")
@resident
def add(event_id):
    event, form = run(event_id), VisitForm()
    if not form.validate():
        return event_page.manage(event, 422, visit=form)
    try:
        visit = care_visits.add(event, g.member, g.now, form.who.data)
    except Refused as refused:
        return again(form, refused, lambda: event_page.manage(event, visit=form))
    return go(url_for("events.manage", event_id=event_id), f"记下了，代号「{visit.code_name}」")


@pages.post("/visits/<id:visit_id>/drop")
@resident
def drop(event_id, visit_id):
    care_visits.drop(run(event_id), visit_id, g.member)
    return go(url_for("events.manage", event_id=event_id), "从名单里去掉了")
