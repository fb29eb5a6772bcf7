"""活动: what comes, what was, one of them; started, mended, put off, called off and told about by whoever runs it."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import attendance, calendars, editions, event_days, event_plans, events, groups, shifts
from db.base import Refused
from web import event_page, qr
from web.access import public, resident
from web.event_page import CancelForm, MoveForm, RecapForm, again, load, run
from web.forms import Form, HiddenField, Line, OpId, Text, whole
from web.render import go, iso, local, parse_local, wants_part

pages = Blueprint("events", __name__, url_prefix="/n/<slug:slug>/events")

TABS = {"coming": "将要", "mine": "我的", "past": "往期"}
FIELD = "%Y-%m-%dT%H:%M"


class EventForm(Form):
    op_id = OpId()
    event_kind = Line("一起做什么", 10)
    title = Line("名称", 30)
    starts_at = Line("什么时候开始", 20)
    ends_at = Line("什么时候结束（不填就是两小时）", 20)
    place = Line("在哪里碰面", 40)
    capacity = Line("最多几个人（大人孩子都算）", 6)
    body = Text("说明（可不填）", 2000)
    bring = Line("要带什么（可不填）", 100)
    ages = Line("适合年龄（可不填）", 20)
    allergy = Line("过敏提醒", 200)
    fee = Line("材料费，元（现场付，没有就空着）", 8)
    scope = Line("改哪几期", 10)
    group = HiddenField()


def cents(text):
    """An amount in 元, as 「25」 or 「25.5」, in cents; None for anything else, 0 for nothing."""
    text = (text or "").strip().removesuffix("元").strip()
    if not text:
        return 0
    yuan, _, rest = text.partition(".")
    digits = yuan + rest
    good = yuan and len(yuan) < 8 and len(rest) < 3 and digits.isascii() and digits.isdigit()
    return int(yuan) * 100 + int(rest.ljust(2, "0")) if good else None


def _cursor(text):
    """The cursor `seconds.id` of the last one seen, or None."""
    seconds, _, row = text.partition(".")
    if not all(each.isascii() and each.isdigit() and len(each) < 11 for each in (seconds, row)):
        return None
    return datetime(1970, 1, 1) + timedelta(seconds=int(seconds)), int(row)


@pages.get("/")
@public
def index():
    tab = request.args.get("tab", "coming")
    if tab not in TABS:
        abort(404)
    if tab == "mine" and g.member is None:
        return redirect(url_for("members.join", next=request.full_path), 303)
    values = {"listed": [], "after": "", "mine": [], "made": [], "been": [], "feed": ""}
    if tab == "past":
        values["listed"], mark = events.past(g.neighborhood, g.now, _cursor(request.args.get("after", "")))
        values["after"] = f"{int((mark[0] - datetime(1970, 1, 1)).total_seconds())}.{mark[1]}" if mark else ""
        if wants_part():
            return render_template("events/_past.html", **values)
        if g.member:  # their names are for neighbours
            values |= {"given": shifts.given(g.neighborhood), "honours": shifts.honours(g.neighborhood)}
    elif tab == "mine":
        feed = calendars.feed_path(g.user)
        values |= {"mine": attendance.mine(g.member, g.now), "made": events.made_by(g.member)}
        values |= {"been": attendance.been(g.member, g.now), "hours": shifts.hours_of(g.member)}
        values["feed"] = qr.link(feed) if feed else ""
    else:
        values["listed"] = events.coming_up(g.neighborhood, g.now)
    return render_template("events/index.html", tab=tab, tabs=TABS if g.member else {"coming": "将要", "past": "往期"}, **values)


@pages.get("/<id:event_id>")
@public
def show(event_id):
    return event_page.show(load(event_id))


def _group(text):
    """The group a form names, where this neighbour may start something in it; None for anything else."""
    named = text and text.isascii() and text.isdigit() and len(text) < 16
    group = groups.find(g.neighborhood, int(text)) if named else None
    return group if group and groups.may_write(group, g.member) else None


def _meant_for_few(text):
    """Whether a form names a private group: what was planned for it never becomes everybody's."""
    group = groups.find(g.neighborhood, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    return group is not None and group.private


def _form(form, event=None, status=200):
    group = _group(form.group.data) if event is None else None
    all_kinds = g.member.is_host and not (group and group.private)
    kinds = {kind: name for kind, name in events.KINDS.items() if all_kinds or kind in events.BY_RESIDENTS}
    values = {"examples": event_plans.EXAMPLES, "group": group, "scopes": event_page.scopes(event), "scope": form.scope.data}
    return make_response(render_template("events/form.html", form=form, event=event, kinds=kinds, **values), status)


def _plan(form):
    return event_plans.Plan(
        kind=form.event_kind.data or "",
        title=form.title.data,
        starts_at=parse_local(form.starts_at.data),
        ends_at=parse_local(form.ends_at.data),
        place=form.place.data,
        capacity=whole(form.capacity.data),
        body=form.body.data,
        bring=form.bring.data,
        allergy=form.allergy.data,
        ages=form.ages.data,
        fee_cents=cents(form.fee.data),
    )


@pages.get("/new")
@resident
def new():
    asked = request.args.get("kind", "")
    values = {
        "event_kind": asked if asked in events.KINDS else "gathering",
        "capacity": "10",
        "group": request.args.get("group", ""),
    }
    _, told = event_plans.EXAMPLES.get(request.args.get("like", ""), ("", None))
    if told:
        values |= {"starts_at": iso(event_plans.next_saturday(g.now))[:16]} | told
    return _form(EventForm(formdata=None, **values))


@pages.post("/new")
@resident
def create():
    form = EventForm()
    if not form.validate():
        return _form(form, status=422)
    group = _group(form.group.data)
    try:
        if form.group.data and group is None:
            if _meant_for_few(form.group.data):
                raise Refused("not-in", "您现在不在这个私密小组里，活动没有发出去", field="title")
            form.group.data = ""  # sent again it is everybody's, as the sentence says
            raise Refused("not-in", "您现在不在这个小组里。再按一次，就办给整个小区", field="title")
        event = event_plans.create(g.member, g.now, op_id=form.op_id.data, plan=_plan(form), group=group)
    except Refused as refused:
        return again(form, refused, lambda: _form(form))
    who = "组里的邻居" if event.sight == "within" else "邻居们"
    said = f"发出去了，{who}看得到了" if event.shown else "谢谢您张罗，主理人看过就发布，一天之内"
    return go(url_for(".show", event_id=event.id), said)


@pages.get("/<id:event_id>/edit")
@resident
def edit(event_id):
    event = run(event_id)
    if not event.changeable(g.now):
        raise Refused("not-editable", "这个活动现在不能修改了")
    fee = f"{event.fee_cents / 100:g}" if event.fee_cents else ""
    times = {name: f"{local(getattr(event, name)):{FIELD}}" for name in ("starts_at", "ends_at")}
    words = {name: getattr(event, name) for name in ("title", "place", "body", "bring", "ages", "allergy")}
    return _form(EventForm(formdata=None, fee=fee, event_kind=event.kind, capacity=str(event.capacity), **times, **words), event)


@pages.post("/<id:event_id>/edit")
@resident
def save(event_id):
    event, form = run(event_id), EventForm()
    if not form.validate():
        return _form(form, event, 422)
    try:
        if event.state == "draft":
            event_plans.send(event, g.member, g.now, _plan(form))
        else:
            editions.rewrite(event, g.member, g.now, _plan(form), form.scope.data)
    except Refused as refused:
        return again(form, refused, lambda: _form(form, event))
    return go(url_for(".show", event_id=event_id), "改好了")


@pages.get("/<id:event_id>/manage")
@resident
def manage(event_id):
    return event_page.manage(run(event_id))


def _carry_out(event, name, form, act, said):
    """One of the tools: do it, or show the page again with the sentence beside its field."""
    if not form.validate():
        return event_page.manage(event, 422, **{name: form})
    try:
        act()
    except Refused as refused:
        return again(form, refused, lambda: event_page.manage(event, **{name: form}))
    return go(url_for(".show", event_id=event.id), said)


@pages.post("/<id:event_id>/reschedule")
@resident
def reschedule(event_id):
    event, form = run(event_id), MoveForm()

    def act():
        times = {"starts_at": parse_local(form.starts_at.data), "ends_at": parse_local(form.ends_at.data)}
        editions.reschedule(event, g.member, g.now, note=form.reason.data, scope=form.scope.data, **times)

    return _carry_out(event, "move", form, act, "改好了，报名的邻居都会知道")


@pages.post("/<id:event_id>/cancel")
@resident
def cancel(event_id):
    event, form = run(event_id), CancelForm()

    def act():
        event_days.cancel(event, g.member, g.now, form.reason.data)

    return _carry_out(event, "cancel", form, act, "取消了，报名的邻居都会知道")


@pages.post("/<id:event_id>/recap")
@resident
def recap(event_id):
    event, form = run(event_id), RecapForm()

    def act():
        event_days.recap(event, g.member, g.now, form.recap.data, whole(form.helped.data, 0))

    return _carry_out(event, "recap", form, act, "写好了，没来的邻居也看得到")


@pages.post("/<id:event_id>/close")
@resident
def close(event_id):
    event, on = run(event_id), request.form.get("state") == "on"
    event_days.close(event, g.member, g.now, on)
    return go(url_for(".manage", event_id=event_id), "报名截止了，排着队的邻居位置还在" if on else "又可以报名了")


@pages.get("/hours")
@resident
def hours():
    """What one has done for the others, as a certificate to print."""
    lines = shifts.hours_of(g.member)
    return render_template("shifts/hours.html", lines=lines, minutes=sum(line.minutes for line in lines))
