"""Photos in and out: one by one into the tray of a form, and to those who may see them."""

from flask import Blueprint, abort, g, make_response, render_template, send_file

from db import photos, pictures, posts
from db.base import Refused
from web import uploads
from web.access import public, resident
from web.errors import said_no
from web.render import wants_part, with_toast

pages = Blueprint("photos", __name__, url_prefix="/n/<slug:slug>/photos")


@pages.post("")
@resident
def add():
    """One photo for a tray: the answer is its place in the tray, or the sentence why not (also in the tray)."""
    codes = uploads.codes()
    try:
        if len(photos.in_tray(g.member, codes)) >= posts.MOST_PHOTOS:
            raise posts.too_many_photos()
        photo = uploads.take("file")
    except Refused as refused:
        if not wants_part():
            raise
        return said_no(with_toast(make_response(""), refused.sentence, "error"), refused)
    return render_template("posts/_tray_photo.html", photo=photo)


@pages.post("/<photo:code>/remove")
@resident
def remove(code):
    """Take a photo out of the tray again; one that is posted already stays."""
    photo = photos.find(g.neighborhood, code)
    if photo is None or photo.owner_id != g.member.id:
        abort(404)
    if not photo.used:
        photos.drop([photo.id])
    return ""


@pages.get("/<photo:code>/<int:width>.webp")
@public
def show(code, width):
    photo = photos.find(g.neighborhood, code)
    if width not in pictures.WIDTHS or photo is None or not photos.visible_to(photo, g.member):
        abort(404)
    file = photos.file_of(code, width)
    if not file.exists():
        abort(404)
    answer = send_file(file, mimetype="image/webp", conditional=True, etag=code)
    everyone = photo.audience == "public"
    # Public pictures never change under their name; others are kept by this browser only, for an hour.
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if everyone else "private, max-age=3600"
    return answer
