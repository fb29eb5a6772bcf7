"""生活大使: the host's list, and each ambassador's own page (R46)."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import ambassadors, candidates, posts
from db.base import Refused
from web.access import host, resident
from web.event_page import again, load
from web.forms import BooleanField, Form, Line, Text, whole
from web.render import go, iso, parse_local

pages = Blueprint("ambassadors", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/ambassadors")


class CallForm(Form):
    name = Line("怎么称呼", 12)
    what = Text("请 TA 做什么（可不填）", 200)
    quota = Line("请几位", 4)
    until = Line("什么时候前回话（不填就是活动前两天）", 20)


class InviteForm(Form):
    whom = Line("请谁", 12)
    words = Line("对 TA 说一句（4–100 个字）", 100)


class NoteForm(Form):
    kit = BooleanField("体验包给了")
    slot = Line("当天时段（比如：10:00–11:00 分享角）", 40)


class PostForm(Form):
    post = Line("选一条自己的帖子", 16)


def _call(event):
    return ambassadors.of(event) or abort(404)


def _row(event, row_id):
    return ambassadors.find(_call(event), row_id) or abort(404)


# The host's list


@pages.get("/desk")
@host
def desk(event_id):
    return _desk(load(event_id))


def _desk(event, status=200, **refused):
    """The list; a form that was refused comes by its name, a note with its `row`."""
    call = ambassadors.of(event)
    told = {"name": ambassadors.USUAL, "quota": str(ambassadors.QUOTA)}
    if call:
        told = {"name": call.name, "what": call.what, "quota": str(call.quota), "until": iso(call.until)[:16]}
    values = {
        "event": event, "call": call, "listed": ambassadors.listed(call) if call else [], "plan": CallForm(formdata=None, **told),
        "invite": InviteForm(formdata=None), "chosen": [], "candidates": candidates.of(event, g.now) if call else [],
        "note": None, "row": None, "opened": next(iter(refused), ""),
    }  # fmt: skip
    return make_response(render_template("ambassadors/desk.html", **values | refused), status)


@pages.get("/sheet")
@host
def sheet(event_id):
    event = load(event_id)
    call = _call(event)
    return render_template("ambassadors/sheet.html", event=event, call=call, listed=ambassadors.listed(call))


@pages.post("/desk")
@host
def plan(event_id):
    event, form = load(event_id), CallForm()
    if not form.validate():
        return _desk(event, 422, plan=form)
    try:
        told = {"name": form.name.data, "what": form.what.data, "quota": whole(form.quota.data)}
        ambassadors.plan(event, g.member, g.now, until=parse_local(form.until.data), **told)
    except Refused as refused:
        return again(form, refused, lambda: _desk(event, plan=form))
    return go(url_for(".desk", event_id=event_id), "定好了，请几位邻居吧")


@pages.post("/invite")
@host
def invite(event_id):
    event, form = load(event_id), InviteForm()
    _call(event)
    chosen = [whole(each) or 0 for each in request.form.getlist("whom")[: ambassadors.MOST]]
    if not form.validate():
        return _desk(event, 422, invite=form, chosen=chosen)
    try:
        many = ambassadors.invite(event, g.member, chosen, g.now, form.words.data)
    except Refused as refused:
        return again(form, refused, lambda: _desk(event, invite=form, chosen=chosen))
    return go(url_for(".desk", event_id=event_id), f"请了 {many} 位，等 TA 们回话")


@pages.post("/<id:row_id>/note")
@host
def note(event_id, row_id):
    event, form = load(event_id), NoteForm()
    row = _row(event, row_id)
    if not form.validate():
        return _desk(event, 422, note=form, row=row)
    try:
        ambassadors.note(event, row, g.member, g.now, kit=form.kit.data, slot=form.slot.data)
    except Refused as refused:
        return again(form, refused, lambda: _desk(event, note=form, row=row))
    return go(url_for(".desk", event_id=event_id), f"{row.member.user.name} 的记下了")


@pages.post("/nudge")
@host
def nudge(event_id):
    event = load(event_id)
    _call(event)
    many = ambassadors.nudge(event, g.member, g.now)
    return go(url_for(".desk", event_id=event_id), f"提醒了 {many} 位" if many else "内容都准备好了，不用提醒")


# An ambassador's own page


@pages.get("")
@resident
def show(event_id):
    return _own(load(event_id))


def _own(event, status=200, form=None):
    call = _call(event)
    row = ambassadors.mine(call, g.member) or abort(404)
    hers = [post for post in posts.by_author(g.member, 12) if post.state == "published"]
    values = {"event": event, "call": call, "row": row, "form": form or PostForm(formdata=None), "posts": hers}
    values["open"] = ambassadors.may_answer(call, row, g.now)
    values["ahead"] = ambassadors.ahead_of(row) if row.state == "waitlisted" else 0
    return make_response(render_template("ambassadors/show.html", **values), status)


@pages.post("/answer")
@resident
def answer(event_id):
    event, state = load(event_id), request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次", field="state")
    yes = state == "on"
    named = "named" in request.form
    state = ambassadors.answer(event, g.member, yes, g.now, named=named)
    said = {"accepted": "谢谢您！您在名单上了", "waitlisted": "名额满了，先记在候补，有空位马上告诉您"}
    return go(url_for(".show", event_id=event_id), said.get(state, "好的，告诉主理人了"))


@pages.post("/post")
@resident
def choose(event_id):
    event, form = load(event_id), PostForm()
    row = ambassadors.mine(_call(event), g.member) or abort(404)
    if not form.validate():
        return _own(event, 422, form)
    number = whole(form.post.data, 0) or 0
    try:
        post = posts.find(g.neighborhood, number) if number else None
        if number and post is None:
            raise Refused("not-hers", "请选自己已经发出来的帖子", field="post")
        ambassadors.choose_post(event, row, g.member, post, g.now)
    except Refused as refused:
        return again(form, refused, lambda: _own(event, form=form))
    return go(url_for(".show", event_id=event_id), "选上了，主理人看得到" if post else "拿下来了")


@pages.post("/withdraw")
@resident
def withdraw(event_id):
    event = load(event_id)
    ambassadors.withdraw(event, g.member, g.now)
    return go(url_for(".show", event_id=event_id), "好的，您退出了，名额给候补的邻居")
