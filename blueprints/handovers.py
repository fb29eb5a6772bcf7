"""交接: the host asks a neighbour to take over, the neighbour says yes or no."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import handovers, members
from db.base import Refused
from web.access import enter, host, resident
from web.errors import said_no
from web.forms import Form, Line, OpId
from web.render import go

pages = Blueprint("handovers", __name__, url_prefix="/n/<slug:slug>")


class NoteForm(Form):
    op_id = OpId()
    note = Line("想对 TA 说的话（可以不写）", 200)


class ReasonForm(Form):
    reason = Line("为什么放下（4–200 个字，会写进操作记录）", 200)


def _desk(form, status=200):
    name = request.args.get("name", "")[:12]
    return make_response(
        render_template(
            "handovers/desk.html",
            form=form,
            waiting=handovers.waiting(g.neighborhood),
            goods=handovers.checklist(g.neighborhood, g.now),
            name=name,
            listed=[each for each in members.listed(g.neighborhood, name) if not each.is_host] if name else [],
            earlier=handovers.earlier(g.neighborhood),
        ),
        status,
    )


@pages.get("/desk/handover")
@host
def desk():
    return _desk(ReasonForm(formdata=None))


@pages.post("/desk/handover/step-down")
@host
def step_down():
    """Lay down the office without a successor. Rights have changed, so this device signs in anew as a neighbour (S13)."""
    form = ReasonForm()
    if not form.validate():
        return _desk(form, 422)
    try:
        handovers.step_down(g.member, g.now, form.reason.data)
    except Refused as refused:
        if not form.refuse(refused, "reason"):
            raise
        return said_no(_desk(form), refused)
    enter(g.user)
    return go(url_for("living_room.index"), "放下了，谢谢您这些日子的照看")


def _load_neighbor(member_id):
    return members.get(g.neighborhood, member_id) or abort(404)


def _ask_page(member, form, status=200):
    goods = handovers.checklist(g.neighborhood, g.now)
    return make_response(render_template("handovers/ask.html", member=member, form=form, goods=goods), status)


@pages.get("/desk/members/<id:member_id>/handover")
@host
def ask(member_id):
    return _ask_page(_load_neighbor(member_id), NoteForm(formdata=None))


@pages.post("/desk/members/<id:member_id>/handover")
@host
def propose(member_id):
    member, form = _load_neighbor(member_id), NoteForm()
    if not form.validate():
        return _ask_page(member, form, 422)
    try:
        handovers.propose(g.member, member, g.now, op_id=form.op_id.data, note=form.note.data)
    except Refused as refused:
        if not form.refuse(refused, "note"):
            raise
        return said_no(_ask_page(member, form), refused)
    return go(url_for(".desk"), f"问过{member.name}了，TA 会在「消息」里看到")


def _load(handover_id):
    return handovers.find(g.neighborhood, handover_id) or abort(404)


@pages.post("/desk/handover/<id:handover_id>/cancel")
@host
def cancel(handover_id):
    handovers.cancel(_load(handover_id), g.member, g.now)
    return go(url_for(".desk"), "收回了")


@pages.get("/handover/<id:handover_id>")
@resident
def show(handover_id):
    """For the two it is between; to others it does not exist."""
    handover = _load(handover_id)
    if g.member.id not in {handover.incoming_id, handover.outgoing_id}:
        abort(404)
    return render_template("handovers/show.html", handover=handover, goods=handovers.checklist(g.neighborhood, g.now))


@pages.post("/handover/<id:handover_id>/accept")
@resident
def accept(handover_id):
    """From now on she is the host; her other devices sign in anew, this one gets a new session (S13)."""
    handovers.accept(_load(handover_id), g.member, g.now)
    enter(g.user)
    return go(url_for("reviews.index"), f"从现在起，您是{g.neighborhood.name}的主理人了")


@pages.post("/handover/<id:handover_id>/decline")
@resident
def decline(handover_id):
    handovers.decline(_load(handover_id), g.member, g.now)
    return go(url_for("members.me"), "回过话了，谢谢您告诉 TA")
