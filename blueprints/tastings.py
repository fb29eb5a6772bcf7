"""品鉴会: the list of what is on the table, and how each was liked."""

from flask import Blueprint, abort, g, render_template, request, url_for

from db import tastings
from db.base import Refused
from web import event_page
from web.access import host, resident
from web.event_page import ItemsForm, RateForm, again, load, run
from web.forms import whole
from web.render import go, part_or_redirect

pages = Blueprint("tastings", __name__, url_prefix="/n/<slug:slug>")


@pages.post("/events/<id:event_id>/items")
@resident
def lay_table(event_id):
    event, form = run(event_id), ItemsForm()
    if not form.validate():
        return event_page.manage(event, 422, table=form)
    try:
        tastings.lay_table(event, g.member, g.now, form.items.data)
    except Refused as refused:
        return again(form, refused, lambda: event_page.manage(event, table=form))
    return go(url_for("events.manage", event_id=event_id), "清单写好了")


@pages.post("/events/<id:event_id>/items/<id:item_id>/rate")
@resident
def rate(event_id, item_id):
    event, form = load(event_id), RateForm()
    item = tastings.find(event, item_id) or abort(404)
    if not form.validate():
        return event_page.show(event, 422, rate=form, item=item)
    try:
        tastings.rate(g.member, event, item, g.now, face=whole(form.face.data), words=form.words.data)
    except Refused as refused:
        return again(form, refused, lambda: event_page.show(event, rate=form, item=item))
    values = {"event": event, "result": next(each for each in tastings.results(event) if each.item.id == item.id)}
    values |= {"rated": tastings.mine(event, g.member), "faces": tastings.FACES, "rates": True, "rate": None, "item": None}
    back = url_for("events.show", event_id=event_id, _anchor="tastes")
    return part_or_redirect("tastings/_item.html", back, toast="记下了，谢谢您尝过", **values)


@pages.get("/desk/tastings")
@host
def liked():
    best = request.args.get("by") == "liked"
    products = tastings.liked(g.neighborhood, best=best)
    return render_template("tastings/liked.html", products=products, best=best, faces=tastings.FACES, enough=tastings.ENOUGH)
