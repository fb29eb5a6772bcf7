"""展示页: picked works whose authors agree to be seen by anybody; each with a page of its own, a poster, and all as a feed."""

import hashlib

from flask import Blueprint, abort, current_app, g, render_template, request, url_for

from db import picks, posters, works
from web import drawing, feeds, qr
from web.access import public

pages = Blueprint("showcase", __name__, url_prefix="/n/<slug:slug>")

EXCERPT = 120


def _work(pick_id, way):
    pick = picks.shown(g.neighborhood, pick_id, way) or abort(404)
    return pick, works.told([pick]).get(pick.id) or abort(404)


def _picture(work, width=800):
    """The address of the first photo for the world outside, or nothing."""
    return qr.link(url_for("photos.show", code=work.photos[0].code, width=width)) if work.photos else ""


def _excerpt(work):
    words = " ".join(work.body.split())
    return words[:EXCERPT] + ("…" if len(words) > EXCERPT else "")


@pages.get("/showcase")
@public
def index():
    after = request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    listed, more = picks.released(g.neighborhood, number)
    told = works.told(listed)
    return render_template(
        "showcase/index.html",
        listed=[(pick, told[pick.id], _excerpt(told[pick.id])) for pick in listed if pick.id in told],
        more=more,
        feed=qr.link(url_for(".feed")),
    )


@pages.get("/showcase/<id:pick_id>")
@public
def show(pick_id):
    pick, work = _work(pick_id, "showcase")
    return render_template(
        "showcase/show.html",
        pick=pick,
        work=work,
        excerpt=_excerpt(work),
        address=qr.link(url_for(".show", pick_id=pick.id)),
        picture=_picture(work),
        feed=qr.link(url_for(".feed")),
    )


@pages.get("/showcase/<id:pick_id>/poster.png")
@public
def poster(pick_id):
    """One picture with her name under it; its QR leads to the work's page, or to where it stands in the living room."""
    pick, work = _work(pick_id, "poster")
    inside = url_for("living_room.index") + work.path
    text = " ".join(posters.calm(work.body).split())
    return drawing.answer(
        drawing.poster,
        place=g.neighborhood.name,
        title=posters.calm(work.title) if work.headed else "",
        text=text[:200] + ("……" if len(text) > 200 else ""),
        author=pick.credit,
        photo_code=work.photos[0].code if work.photos else "",
        link=qr.link(url_for(".show", pick_id=pick.id) if "showcase" in pick.allowed else inside),
    )


@pages.get("/showcase.atom")
@public
def feed():
    """The latest of them for feed readers, and for whoever looks after the 公众号."""
    listed, _ = picks.released(g.neighborhood)
    told = works.told(listed)
    items = [
        feeds.Item(
            link=qr.link(url_for(".show", pick_id=pick.id)),
            title=work.title,
            author=pick.credit,
            published=pick.agreed_at,
            updated=max(pick.decided_at, work.changed_at),
            text=_excerpt(work),
            picture=_picture(work),
        )
        for pick in listed
        if (work := told.get(pick.id))
    ]
    made = feeds.atom(
        title=f"{g.neighborhood.name} · 邻里精选",
        author=f"{g.neighborhood.name}邻里客厅",
        link=qr.link(url_for(".index")),
        itself=qr.link(url_for(".feed")),
        since=g.neighborhood.created_at,
        items=items,
    )
    response = current_app.response_class(made, mimetype="application/atom+xml")
    response.set_etag(hashlib.md5(made).hexdigest())
    response.headers["Cache-Control"] = "no-cache"  # a reader asks each time: what was taken back is gone at once
    return response.make_conditional(request)
