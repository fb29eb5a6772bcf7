"""兴趣小组: ideas and 「我也想」, the room of a group, what its leader does, and the host's desk."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import events, group_leaders, group_rooms, group_seats, group_walls, groups, likes, living_room, members
from db.base import Refused
from web import cards, desk
from web.access import host, public, resident
from web.desk import ReasonForm
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.render import go, part_or_redirect

pages = Blueprint("groups", __name__, url_prefix="/n/<slug:slug>")


class GroupForm(Form):
    op_id = OpId()
    name = Line("叫什么", 12)
    blurb = Text("一句话说说（可以不写）", 200)
    private = BooleanField("私密小组：说的话只有组里人和主理人看得到")


class BlurbForm(Form):
    blurb = Text("一句话说说", 200)


class InviteForm(Form):
    guest = Line("请哪位邻居", 12)


class LeaderForm(Form):
    whom = HiddenField()
    words = Line("对 TA 说一句（4–100 个字）", 100)


def _load(group_id):
    group = groups.find(g.neighborhood, group_id)
    return group if group is not None and group.readable_by(g.member) else abort(404)


def _run(group_id):
    group = _load(group_id)
    return group if group.run_by(g.member) else abort(403)


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _state():
    state = request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次", field="state")
    return state == "on"


@pages.get("/groups/")
@public
def index():
    return render_template("groups/index.html", listed=groups.listed(g.neighborhood), enough=groups.ENOUGH)


@pages.get("/groups/new")
@resident
def new():
    return render_template("groups/new.html", form=GroupForm(formdata=None))


@pages.post("/groups/new")
@resident
def create():
    form = GroupForm()
    try:
        if not form.validate():
            return make_response(render_template("groups/new.html", form=form), 422)
        words = {"name": form.name.data, "blurb": form.blurb.data, "private": bool(form.private.data)}
        group = groups.suggest(g.member, g.now, op_id=form.op_id.data, **words)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(make_response(render_template("groups/new.html", form=form)), refused)
    return go(url_for(".show", group_id=group.id), f"提出来了，凑够 {groups.ENOUGH} 位就能开张")


def _page(group, status=200, **refused):
    """The page of an idea, the room of a group, or the door of a private one; for those who look after it with their tools. A
    form that was refused comes as `form`, `invite` or `blurb`."""
    runs, opens = group.run_by(g.member), groups.opens_to(group, g.member)
    seat = groups.seat_of(group, g.member)
    values = {"group": group, "counted": groups.counted([group])[0], "enough": groups.ENOUGH, "runs": runs}
    values |= {"wants": groups.wants(group, g.member), "seat": seat, "sits": seat == "in"}
    values |= {"form": LeaderForm(formdata=None), "invite": InviteForm(formdata=None)}
    values["blurb"] = BlurbForm(formdata=None, blurb=group.blurb)
    values["people"] = groups.members_of(group) if group.has_room and opens else []
    if runs:
        values["wanting"] = groups.wanted_by(group)
        values["asking"] = [each for each in values["people"] or values["wanting"] if each.id != group.leader_id]
    values["leader"] = members.get(g.neighborhood, group.leader_id) if group.leader_id else None
    values["asked"] = members.get(g.neighborhood, group.asked_id) if group.asked_id else None
    template = "groups/idea.html"
    if group.has_room:
        template = "groups/room.html" if opens else "groups/door.html"
        values |= _room(group) if opens else {}
    return make_response(render_template(template, **values | refused), status)


def _room(group):
    after = _number(request.args.get("after"))
    pinned, found, after = group_rooms.feed(group, g.member, after)
    pinned, found = living_room.unblocked(pinned, g.member), living_room.unblocked(found, g.member)
    liked = likes.liked_by(g.member, [each.id for each in [*pinned, *found]])
    ahead, past = group_rooms.events_of(group, g.member, g.now)
    own, runs = groups.may_write(group, g.member), group.run_by(g.member)
    return {
        "pinned": pinned,
        "pinned_cards": cards.drawn(pinned, liked),
        "pinnable": found,
        "feed": cards.drawn(found, liked),
        "after": after,
        "album": group_rooms.album(group, g.member),
        "ahead": ahead,
        "past": past,
        "takeable": group_rooms.events_to_take(group, g.member, g.now) if own else [],
        "named": group_leaders.named(group) if group.leader_id is None else {},
        "plan": group_rooms.plan(group) if runs else [],
        "knocking": group_seats.knocking(group) if runs else [],
        "invitable": group_seats.to_invite(group) if runs and group.state != "archived" else [],
        "may_open": runs and group.private and group_walls.may_open(group),
        "lately": group_rooms.people_lately(group, g.now),
        "writes": own,
    }


@pages.get("/groups/<id:group_id>")
@public
def show(group_id):
    return _page(_load(group_id))


@pages.post("/groups/<id:group_id>/interest")
@resident
def interest(group_id):
    group, on = _load(group_id), _state()
    wanted = groups.set_interest(g.member, group, on, g.now)
    values = {"group": group, "wanted": wanted, "wants": on, "enough": groups.ENOUGH}
    return part_or_redirect("groups/_want.html", url_for(".show", group_id=group.id), **values)


@pages.post("/groups/<id:group_id>/join")
@resident
def join(group_id):
    inside = group_leaders.join(_load(group_id), g.member, g.now)
    return go(url_for(".show", group_id=group_id), "坐下啦，和大家打个招呼吧" if inside else "跟组长说了，TA 点头就请您进来")


@pages.post("/groups/<id:group_id>/leave")
@resident
def leave(group_id):
    group = _load(group_id)
    said = "您离开了小组，随时可以再来" if groups.sits_in(group, g.member) else "好的，什么时候想来再说"
    group_leaders.leave(group, g.member, g.now)
    return go(url_for(".show", group_id=group_id), said)


@pages.post("/groups/<id:group_id>/ask")
@resident
def ask(group_id):
    group, form = _run(group_id), LeaderForm()
    try:
        if not form.validate():
            return _page(group, 422, form=form)
        whom = members.get(g.neighborhood, _number(form.whom.data))
        if whom is None:
            raise Refused("not-here", "请选一位还在小区里的邻居", field="whom")
        group_leaders.ask(group, g.member, whom, g.now, form.words.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(group, form=form), refused)
    return go(url_for(".show", group_id=group_id), f"问过{whom.name}了，TA 答应了就开始")


@pages.post("/groups/<id:group_id>/answer")
@resident
def answer(group_id):
    group, yes = _load(group_id), _state()
    group_leaders.answer(group, g.member, yes, g.now)
    return go(url_for(".show", group_id=group_id), "谢谢您愿意当组长" if yes else "好的，告诉主理人了")


@pages.post("/groups/<id:group_id>/back/<id:member_id>")
@resident
def back(group_id, member_id):
    group, whom = _load(group_id), members.get(g.neighborhood, member_id) or abort(404)
    group_leaders.back(group, g.member, whom, g.now)
    return go(url_for(".show", group_id=group_id), f"您推举了{whom.name}")


@pages.post("/groups/<id:group_id>/pin/<id:post_id>")
@resident
def pin(group_id, post_id):
    group, on = _run(group_id), _state()
    group_rooms.pin(group, g.member, post_id, on, g.now)
    return go(url_for(".show", group_id=group_id), "置顶了" if on else "放下来了")


def _step():
    step = request.form.get("step", "")
    if not step.isascii() or not step.isdigit() or len(step) > 2:
        raise Refused("bad-step", "请再点一次", field="step")
    return int(step)


@pages.post("/groups/<id:group_id>/plan")
@resident
def tick(group_id):
    group, on = _run(group_id), _state()
    group_rooms.tick(group, g.member, _step(), on, g.now)
    return go(url_for(".show", group_id=group_id), "做到了，真好" if on else "又放回去了")


@pages.post("/groups/<id:group_id>/events/<id:event_id>")
@resident
def take_event(group_id, event_id):
    event = events.find(g.neighborhood, event_id)
    if event is None or not event.readable_by(g.member):
        abort(404)
    group_rooms.take_event(_load(group_id), event, g.member, g.now)
    return go(url_for(".show", group_id=group_id), "放进小组了，组员一眼就看到")


@pages.post("/groups/<id:group_id>/away/<id:member_id>")
@resident
def send_away(group_id, member_id):
    group, form = _run(group_id), ReasonForm()
    if members.get(g.neighborhood, member_id) is None:
        abort(404)
    try:
        group_leaders.send_away(group, g.member, member_id, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么请 TA 离开小组")
    return go(url_for(".show", group_id=group_id), "好了，TA 会看到原因")


@pages.post("/groups/<id:group_id>/invite")
@resident
def invite(group_id):
    group, form = _run(group_id), InviteForm()
    try:
        if not form.validate():
            return _page(group, 422, invite=form)
        whom = members.get(g.neighborhood, _number(form.guest.data))
        if whom is None:
            raise Refused("not-here", "请选一位还在小区里的邻居", field="guest")
        group_seats.invite(group, g.member, whom, g.now)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(group, invite=form), refused)
    return go(url_for(".show", group_id=group_id), f"请过{whom.name}了，TA 坐进来就看得到")


@pages.post("/groups/<id:group_id>/let-in/<id:member_id>")
@resident
def let_in(group_id, member_id):
    group, yes = _run(group_id), _state()
    group_seats.let_in(group, g.member, member_id, yes, g.now)
    return go(url_for(".show", group_id=group_id), "请进来了" if yes else "好的，跟 TA 说了")


@pages.post("/groups/<id:group_id>/blurb")
@resident
def describe(group_id):
    group, form = _run(group_id), BlurbForm()
    try:
        if not form.validate():
            return _page(group, 422, blurb=form)
        group_leaders.describe(group, g.member, g.now, form.blurb.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(group, blurb=form), refused)
    return go(url_for(".show", group_id=group_id), "改好了")


@pages.post("/groups/<id:group_id>/private")
@resident
def private(group_id):
    group, on = _run(group_id), _state()
    (group_walls.close if on else group_walls.open_up)(group, g.member, g.now)
    return go(url_for(".show", group_id=group_id), "改成私密的了，只有组里人看得到" if on else "打开了，邻居们都看得到")


@pages.post("/groups/<id:group_id>/rest")
@resident
def rest(group_id):
    group_leaders.rest(_run(group_id), g.member, g.now)
    return go(url_for(".show", group_id=group_id), "小组歇下了，写过的都还在")


@pages.post("/groups/<id:group_id>/wake")
@resident
def wake(group_id):
    group_leaders.wake(_run(group_id), g.member, g.now)
    return go(url_for(".show", group_id=group_id), "小组又开张了")


# The host's desk


@pages.get("/desk/groups/")
@host
def on_desk():
    return render_template("groups/desk.html", listed=groups.of_desk(g.neighborhood), enough=groups.ENOUGH, left=desk.left())


@pages.post("/desk/groups/<id:group_id>/hide")
@host
def hide(group_id):
    group, form = _load(group_id), ReasonForm()
    try:
        group_leaders.hide(group, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么收起来")
    return go(url_for(".show", group_id=group_id), "收起来了，邻居们看不到了")


@pages.post("/desk/groups/<id:group_id>/restore")
@host
def restore(group_id):
    group_leaders.restore(_load(group_id), g.member, g.now)
    return go(url_for(".show", group_id=group_id), "又看得到了")
