"""照片墙: photos of an event by those who were there."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import event_photos, photos
from db.base import Refused
from web import uploads
from web.access import resident
from web.event_page import again, load
from web.forms import BooleanField, Form
from web.render import go

pages = Blueprint("event_photos", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>")


class HangForm(Form):
    consent = BooleanField("照片里的人同意了；有孩子的，家长同意了")


def _form(event, form, tray, status=200):
    values = {"event": event, "form": form, "tray": tray, "most": event_photos.MOST_EACH}
    return make_response(render_template("event_photos/form.html", **values), status)


@pages.get("/photos/new")
@resident
def new(event_id):
    event = load(event_id)
    if not event_photos.may_hang(event, g.member, g.now):
        raise Refused("not-there", "来过现场的邻居才能贴照片")
    return _form(event, HangForm(formdata=None), [])


@pages.post("/photos/new")
@resident
def hang(event_id):
    event, form, tray = load(event_id), HangForm(), []
    try:
        codes = [code for code in uploads.codes() if code != request.form.get("drop")]
        if request.files.get("file") and request.files["file"].filename:
            codes.append(uploads.take("file").code)
        tray = photos.in_tray(g.member, codes)
        if "add" in request.form or "drop" in request.form:
            return _form(event, form, tray)
        event_photos.hang(g.member, event, g.now, [photo.code for photo in tray], form.consent.data)
    except Refused as refused:
        if refused.field in {"photos", "photo"}:  # the tray is no field of the form
            refused.field = "consent"
        return again(form, refused, lambda: _form(event, form, tray))
    return go(url_for("events.show", event_id=event_id, _anchor="photos"), "贴上墙了")


@pages.post("/photos/<id:photo_id>/drop")
@resident
def take_down(event_id, photo_id):
    event = load(event_id)
    hung = event_photos.find(event, photo_id) or abort(404)
    event_photos.take_down(event, hung, g.member)
    return go(url_for("events.show", event_id=event_id, _anchor="photos"), "取下来了")
