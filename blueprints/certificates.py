"""The certificate of a work, one picture to press long; for everybody, as the result is."""

from flask import Blueprint, abort, g, render_template, url_for

from db import certificates, entries
from web import drawing, qr
from web.access import public
from web.render import local

pages = Blueprint("certificates", __name__, url_prefix="/n/<slug:slug>/contests/entries/<id:entry_id>")


def _load(entry_id):
    entry = entries.find(g.neighborhood, entry_id)
    award = certificates.award(entry) if entry else None
    return (entry, award) if award else abort(404)


@pages.get("/certificate")
@public
def show(entry_id):
    entry, award = _load(entry_id)
    return render_template("certificates/show.html", entry=entry, award=award)


@pages.get("/certificate.png")
@public
def picture(entry_id):
    entry, award = _load(entry_id)
    out = local(entry.contest.published_at)
    return drawing.answer(
        drawing.certificate,
        place=g.neighborhood.name,
        contest=entry.contest.title,
        award=award,
        title=f"{entry.no} 号《{entry.caption}》",
        author=entry.signed,
        signed=f"{out.year}年{out.month}月{out.day}日 揭晓",
        photo_code=entry.photo.code if entry.photo else "",
        link=qr.link(url_for("entries.show", entry_id=entry.id)),
    )
