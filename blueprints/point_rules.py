"""总部的积分页: what everything earns, what each 小区 may give on top, and whose points are set right by hand."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import members, neighborhoods, point_entries, point_lines, point_rules, points, rings
from db.base import Refused
from web.access import hq
from web.errors import said_no
from web.forms import Form, Line, OpId
from web.numbers import before, whole
from web.render import go, wants_part

pages = Blueprint("point_rules", __name__, url_prefix="/hq/points")


NUMBERS = ("points", "daily_cap", "hq_max")


class RuleForm(Form):
    points = Line("一次多少分", 6)
    daily_cap = Line("每人每天最多（0 表示不限）", 6)
    hq_max = Line("主理人加倍后一次最多", 6)
    active_from = Line("从哪一天起（不写就是现在）", 10)
    reason = Line("为什么（4–200 个字）", 200)


class BudgetForm(Form):
    allowed = Line("每月可以多给多少分", 6)
    reason = Line("为什么（4–200 个字）", 200)


class HandForm(Form):
    points = Line("加多少分？减分前面加减号", 8)
    reason = Line("为什么（4–200 个字，TA 会看到）", 200)
    op_id = OpId()


@pages.get("")
@hq
def index():
    places, name = neighborhoods.everywhere(), request.args.get("name", "")[:12]
    return render_template(
        "point_rules/index.html",
        names=point_rules.RULES,
        rules={action: point_rules.base_of(action, g.now) for action in point_rules.RULES},
        places=places,
        totals=point_entries.totals(),
        budgets={place.id: point_rules.budget(place.id, g.now) for place in places},
        name=name,
        found=members.named(name) if name else [],
        rings=rings.count(),
    )


def _known(action):
    return action if action in point_rules.RULES else abort(404)


def _rule(action, form, status=200):
    values = {"rule": point_rules.RULES[action], "coming": point_rules.coming(action, g.now)}
    return make_response(render_template("point_rules/edit.html", action=action, form=form, **values), status)


@pages.get("/rules/<action>")
@hq
def edit(action):
    now = point_rules.base_of(_known(action), g.now)
    return _rule(action, RuleForm(formdata=None, **{name: str(getattr(now, name)) for name in NUMBERS}))


@pages.post("/rules/<action>")
@hq
def save(action):
    action, form = _known(action), RuleForm()
    try:
        if not form.validate():
            return _rule(action, form, 422)
        numbers = {name: whole(form[name].data, name) for name in NUMBERS}
        day = (form.active_from.data or "").strip()
        begins = point_rules.day_begins(day) if day else None
        point_rules.change(action, g.user, g.now, reason=form.reason.data, active_from=begins, **numbers)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_rule(action, form), refused)
    return go(url_for(".index"), "定下来了，已经发出的积分不变")


def _budget(place, form, status=200):
    allowed, given = point_rules.budget(place.id, g.now)
    return make_response(render_template("point_rules/budget.html", at=place, form=form, allowed=allowed, given=given), status)


def _place(place_id):
    return next((place for place in neighborhoods.everywhere() if place.id == place_id), None) or abort(404)


@pages.get("/budgets/<id:place_id>")
@hq
def budget(place_id):
    place = _place(place_id)
    return _budget(place, BudgetForm(formdata=None, allowed=str(point_rules.budget(place.id, g.now)[0])))


@pages.post("/budgets/<id:place_id>")
@hq
def allow(place_id):
    place, form = _place(place_id), BudgetForm()
    try:
        if not form.validate():
            return _budget(place, form, 422)
        point_rules.allow(place, g.user, g.now, allowed=whole(form.allowed.data, "allowed"), reason=form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_budget(place, form), refused)
    return go(url_for(".index"), "额度改好了，这个月就按它")


def _person(member_id):
    return members.anywhere(member_id) or abort(404)


def _hand(member, form, status=200):
    lines, more = point_lines.page(member, before(request.args.get("before", "")))
    values = {"member": member, "lines": lines, "more": more, "url": url_for(".by_hand", member_id=member.id, before=more)}
    if wants_part() and request.method == "GET":
        return make_response(render_template("points/_lines.html", **values))
    values |= {"account": point_entries.account(member, g.now), "action": url_for(".adjust", member_id=member.id)}
    return make_response(
        render_template("points/neighbour.html", form=form, most=points.MOST_BY_HQ, desk=False, **values), status
    )


@pages.get("/members/<id:member_id>")
@hq
def by_hand(member_id):
    return _hand(_person(member_id), HandForm(formdata=None))


@pages.post("/members/<id:member_id>")
@hq
def adjust(member_id):
    member, form = _person(member_id), HandForm()
    try:
        if not form.validate():
            return _hand(member, form, 422)
        points.adjust(member, whole(form.points.data, "points"), g.user, g.now, form.reason.data, op_id=form.op_id.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_hand(member, form), refused)
    return go(url_for(".by_hand", member_id=member.id), "改好了，TA 会收到一条消息")
