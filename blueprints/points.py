"""积分: one's own page, and the host's: a neighbour's points, and how generous her 小区 is."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import members, point_entries, point_lines, point_rules, points
from db.base import Refused
from web.access import host, resident
from web.errors import said_no
from web.forms import Form, Line, OpId
from web.numbers import before, whole
from web.render import go, wants_part

pages = Blueprint("points", __name__, url_prefix="/n/<slug:slug>")


class AdjustForm(Form):
    points = Line("加多少分？减分前面加减号", 8)
    reason = Line("为什么（4–200 个字，TA 会看到）", 200)
    op_id = OpId()


class ScaleForm(Form):
    action = Line("哪一项", 12)
    percent = Line("倍数", 3)
    reason = Line("为什么（4–200 个字）", 200)


@pages.get("/points")
@resident
def mine():
    """A balance in words, how to earn, and every line with its reason."""
    start = before(request.args.get("before", ""))
    lines, more = point_lines.page(g.member, start)
    url = url_for(".mine", before=more)
    if wants_part():
        return render_template("points/_lines.html", lines=lines, more=more, url=url)
    account = point_entries.account(g.member, g.now)
    values = {"first": not start, "lines": lines, "more": more, "url": url}
    return render_template("points/mine.html", account=account, ways=point_lines.ways(g.member, g.now), **values)


def _neighbour(member_id):
    return members.get(g.neighborhood, member_id) or abort(404)


def _of_neighbour(member, form, status=200):
    lines, more = point_lines.page(member, before(request.args.get("before", "")))
    url = url_for(".of_neighbour", member_id=member.id, before=more)
    if wants_part() and request.method == "GET":
        return make_response(render_template("points/_lines.html", lines=lines, more=more, url=url))
    values = {"member": member, "account": point_entries.account(member, g.now), "lines": lines, "more": more, "url": url}
    action = url_for(".adjust", member_id=member.id)
    most = points.MOST_BY_HOST
    page = render_template("points/neighbour.html", form=form, action=action, most=most, desk=True, **values)
    return make_response(page, status)


@pages.get("/desk/members/<id:member_id>/points")
@host
def of_neighbour(member_id):
    return _of_neighbour(_neighbour(member_id), AdjustForm(formdata=None))


@pages.post("/desk/members/<id:member_id>/points")
@host
def adjust(member_id):
    member, form = _neighbour(member_id), AdjustForm()
    try:
        if not form.validate():
            return _of_neighbour(member, form, 422)
        points.adjust(member, whole(form.points.data, "points"), g.member, g.now, form.reason.data, op_id=form.op_id.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_of_neighbour(member, form), refused)
    return go(url_for(".of_neighbour", member_id=member.id), "改好了，TA 会收到一条消息")


def _rules(form, status=200):
    allowed, given = point_rules.budget(g.neighborhood.id, g.now)
    values = {"shown": point_rules.shown(g.neighborhood.id, g.now), "rules": point_rules.RULES, "percents": point_rules.PERCENTS}
    return make_response(render_template("points/rules.html", form=form, allowed=allowed, given=given, **values), status)


@pages.get("/desk/points")
@host
def rules():
    return _rules(ScaleForm(formdata=None))


@pages.post("/desk/points")
@host
def scale():
    form = ScaleForm()
    try:
        if not form.validate():
            return _rules(form, 422)
        point_rules.scale(g.member, form.action.data, whole(form.percent.data, "percent"), g.now, form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_rules(form), refused)
    return go(url_for(".rules"), "从现在起按这个给分，以前的不变")
