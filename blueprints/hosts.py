"""The host card: a face, a title, a signed mission, a QR to come in by."""

from flask import Blueprint, g, make_response, render_template, url_for

from db import hosts, scans
from db.base import Refused
from web import qr
from web.access import host, public
from web.forms import Form, Line, Text
from web.render import go

pages = Blueprint("hosts", __name__, url_prefix="/n/<slug:slug>")


class HostForm(Form):
    title = Line("称谓", 16)
    mission = Text("使命宣言", 80)
    greeting = Line("对新邻居说的话", 120)
    skills = Line("专长", 60)
    hours = Line("服务时间", 40)
    story = Text("自我介绍", 600)


@pages.get("/host")
@public
def show():
    card = hosts.card(g.neighborhood)
    return render_template("hosts/show.html", card=card, missions=hosts.missions_of(card.member_id) if card else [])


@pages.get("/join.png")
@public
def join_qr():
    """The QR of this 小区's door, the same on every poster."""
    answer = qr.png(qr.link(url_for("scan.show", code=scans.join_code(g.neighborhood, g.now))))
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@pages.get("/desk/poster")
@host
def poster():
    """An A4 sheet for the notice board: who we are, and the QR to come in."""
    return render_template("hosts/poster.html", card=hosts.card(g.neighborhood))


def _form(form, status=200):
    values = {"form": form, "titles": hosts.title_choices(g.neighborhood), "missions": hosts.MISSIONS}
    return make_response(render_template("hosts/edit.html", **values), status)


@pages.get("/desk/card")
@host
def edit():
    return _form(HostForm(formdata=None, obj=hosts.profile_of(g.member)))


@pages.post("/desk/card")
@host
def save():
    form = HostForm()
    if not form.validate():
        return _form(form, 422)
    try:
        hosts.describe(g.member, g.now, **form.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return _form(form, refused.status)
    return go(url_for(".show"), "名片更新了")
