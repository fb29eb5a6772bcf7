"""The host card: a face, a title, a signed mission, a QR to come in by."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, url_for

from db import habits, hosts, members, scans
from db.base import Refused
from web import drawing, qr, vcards
from web.access import host, public
from web.forms import BooleanField, Form, Line, Text
from web.render import go, local

pages = Blueprint("hosts", __name__, url_prefix="/n/<slug:slug>")


class HostForm(Form):
    title = Line("称谓", 16)
    mission = Text("使命宣言", 80)
    greeting = Line("对新邻居说的话", 120)
    skills = Line("专长", 60)
    hours = Line("服务时间", 40)
    lived = Line("在这里住了几年？", 40)
    why = Line("为什么愿意做主理人？", 120)
    talks = Line("邻居可以找您聊什么？", 120)
    story = Text("还想说的（可以不写）", 600)
    phone_on_card = BooleanField("名片里放我的手机号")


@pages.get("/host")
@public
def show():
    card = hosts.card(g.neighborhood)
    return render_template(
        "hosts/show.html",
        card=card,
        missions=hosts.missions_of(card.member_id) if card else [],
        habits=habits.of(card.member_id, g.neighborhood, g.now) if card else None,
    )


@pages.get("/host/<id:member_id>")
@public
def scanned(member_id):
    """Where the QR on a host's e-card leads: to her, or, where she is no host any more, to whoever is (R16)."""
    if not hosts.was_host(g.neighborhood, member_id):
        abort(404)
    card = hosts.card(g.neighborhood)
    still = card is not None and card.member_id == member_id
    if still and g.member:
        return redirect(url_for(".show"), 303)
    return render_template("hosts/scanned.html", card=card, still=still)


def _card_or_404():
    return hosts.card(g.neighborhood) or abort(404)


@pages.get("/host.png")
@public
def picture():
    """The e-card as one picture."""
    card = _card_or_404()
    signed = local(card.signed_at) if card.signed_at else None
    lines = [f"擅长：{card.skills}" if card.skills else "", f"常在：{card.hours}" if card.hours else ""]
    return drawing.answer(
        drawing.host_card,
        place=g.neighborhood.name,
        name=card.name,
        title=card.title,
        mission=card.mission or "",
        signed=f"{card.name} 签于 {signed.year}年{signed.month}月{signed.day}日" if signed else "",
        lines=tuple(filter(None, lines)),
        face=card.face,
        number=card.member_id,
        link=qr.link(url_for(".scanned", member_id=card.member_id)),
    )


@pages.get("/host.vcf")
@public
def contact():
    """The same for an address book; the phone only where the host put it there herself."""
    card = _card_or_404()
    answer = make_response(
        vcards.of(
            name=card.name,
            title=card.title,
            place=g.neighborhood.name,
            note=card.mission or "",
            url=qr.link(url_for(".show")),
            phone=hosts.phone_on_card(card),
        )
    )
    answer.headers["Content-Type"] = "text/vcard; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="host.vcf"'
    return answer


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
    values = {
        "form": form,
        "titles": hosts.title_choices(g.neighborhood),
        "missions": hosts.MISSIONS,
        "came": members.count_from(g.neighborhood, "ecard"),
    }
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
