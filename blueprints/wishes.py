"""「还想学什么」: one line of whoever was at the workshop."""

from flask import Blueprint, g, url_for

from db import wishes
from db.base import Refused
from web import event_page
from web.access import resident
from web.event_page import WishForm, again, load
from web.render import go

pages = Blueprint("wishes", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


@pages.post("/wish")
@resident
def wish(event_id):
    event, form = load(event_id), WishForm()
    if not form.validate():
        return event_page.show(event, 422, wish=form, wishes=True)
    try:
        wishes.wish(g.member, event, g.now, form.words.data)
    except Refused as refused:
        return again(form, refused, lambda: event_page.show(event, wish=form, wishes=True))
    return go(url_for("events.show", event_id=event_id), "记下了，下次工作坊会想着您")
