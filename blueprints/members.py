"""Joining, the welcome, one's own page, and the host's list of neighbours."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import (
    ambassadors,
    ballots,
    doors,
    entries,
    events,
    farewells,
    group_leaders,
    groups,
    handovers,
    hosts,
    likes,
    limits,
    markets,
    members,
    needs,
    people,
    phones,
    photos,
    posts,
    privacy,
    recommends,
    registrations,
    scans,
    services,
    sessions,
    stamps,
)
from db.base import Refused
from web import qr, uploads, voting
from web.access import address, claim_ballot, device, enter, host, public, resident, safe_next
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId
from web.render import go

pages = Blueprint("members", __name__, url_prefix="/n/<slug:slug>")


def _sit_down(member, group, on, now):
    if not group_leaders.join(group, member, now):
        return "跟组长说了，TA 点头就请您进来"
    return "坐下啦，和大家打个招呼吧"


def _vote(member, entry, on, now):
    told = {"venue": voting.here(entry.contest), "trace": voting.trace()}
    ballot = ballots.cast(entry.contest, entry, now, member=member, **told)
    voting.cast(entry.contest, ballot)
    return "先记下了，还差一步" if ballot.kind == "waiting" else ""


def _stamp(member, booth, on, now):
    row = stamps.ask(booth, now, member=member, device=device(), word=request.cookies.get("stamp", "")[:200])
    return "章盖好了" if row.state == "stamped" else ""


# What a guest may tap before we know her name: how it is found, what it does, what is said.
INTENTS = {
    "like": (posts.find, likes.set_like, "您的赞已经送到"),
    "recommend": (services.find, recommends.set_recommend, "您的推荐记下了"),
    "need": (needs.find, needs.set_support, "记下了，您也需要"),
    "event": (events.find, registrations.come, "记下了，看看您的位置"),
    "stamp": (markets.find_booth, _stamp, "摊主看到您了，请 TA 点一下"),
    "interest": (groups.find, groups.set_interest, "记下了，您也想要"),
    "group": (groups.find, _sit_down, ""),
    "vote": (entries.find, _vote, "您的一票投好了"),
}


class JoinForm(Form):
    name = Line("怎么称呼您", 12)
    building = Line("楼栋（可以不写）", 12)
    consent = BooleanField("同意")
    next = HiddenField()
    intent = HiddenField()
    source = HiddenField()
    op_id = OpId()


class ReasonForm(Form):
    reason = Line("为什么要看完整号码", 200)


class MeForm(Form):
    name = Line("称呼", 12)
    building = Line("楼栋", 12)


def _join_page(form, status=200):
    device()  # this browser gets its name now, before it posts anything
    return make_response(render_template("members/join.html", form=form, card=hosts.card(g.neighborhood)), status)


@pages.get("/join")
@public
def join():
    if g.member:
        return redirect(safe_next(request.args.get("next"), url_for("living_room.index")), 303)
    asked = {name: request.args.get(name, "")[:300] for name in ("next", "intent", "source")}
    return _join_page(JoinForm(formdata=None, **asked))


@pages.post("/join")
@public
def do_join():
    form = JoinForm()
    if not form.validate():
        return _join_page(form, 422)
    back = safe_next(form.next.data, "")
    if g.member is None:
        try:
            limits.spend("join-device", device(), g.now)
            limits.spend("join-address", address(), g.now)
            member = members.join(
                g.neighborhood,
                g.now,
                user=g.user,
                name=form.name.data,
                building=form.building.data,
                consent=form.consent.data,
                source=form.source.data,
                form_key=phones.digest("join", f"{device()} {form.op_id.data}"),
            )
        except Refused as refused:
            form.refuse(refused, "building" if g.user else "name")
            return said_no(_join_page(form), refused)
        if g.user is None:
            _keep_look(member.user)
            enter(member.user)
        g.member = member
        claim_ballot(member)
    said = _carry_out(form.intent.data)
    if back:
        return go(back, said or f"欢迎来到{g.neighborhood.name}")
    return go(url_for(".welcome"), said)


def _keep_look(user):
    """How she read as a guest on this browser is how she reads from now on (G11)."""
    look, scheme = request.cookies.get("look", "standard"), request.cookies.get("scheme", "auto")
    if look in people.LOOKS and scheme in people.SCHEMES:
        people.choose_look(user, look, scheme)


def _carry_out(intent):
    """What she was about to do when we asked her name: done in the same POST (X1). Says what happened."""
    what, _, number = (intent or "").partition(":")
    if what in INTENTS and number.isascii() and number.isdigit() and len(number) < 16:
        find, act, said = INTENTS[what]
        thing = find(g.neighborhood, int(number))
        if thing and thing.readable_by(g.member):
            try:
                told = act(g.member, thing, True, g.now)
            except Refused as refused:  # gone meanwhile: she is in all the same
                return refused.sentence
            return told if isinstance(told, str) and told else said
    return ""


@pages.get("/welcome")
@resident
def welcome():
    return render_template("members/welcome.html", card=hosts.card(g.neighborhood), best=services.best(g.neighborhood))


@pages.get("/me/")
@resident
def me():
    return render_template(
        "members/me.html",
        mine=posts.by_author(g.member),
        my_needs=needs.by_author(g.member),
        my_services=services.by_member(g.member),
        my_groups=groups.of_member(g.member),
        my_calls=ambassadors.of_member(g.member, g.now),
        devices=sessions.of(g.user),
        places=members.places(g.user),
        handover=handovers.waiting_for(g.member),
        leaving=farewells.waiting(g.user),
    )


def _me_form(form, status=200, wrong_face=""):
    return make_response(render_template("members/edit.html", form=form, wrong_face=wrong_face), status)


@pages.get("/me/edit")
@resident
def edit():
    return _me_form(MeForm(formdata=None, name=g.user.name, building=g.member.building))


@pages.post("/me/edit")
@resident
def save():
    form = MeForm()
    if not form.validate():
        return _me_form(form, 422)
    try:
        members.describe(g.member, name=form.name.data, building=form.building.data)
        posts.redraw_of(g.member)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return _me_form(form, refused.status)
    return go(url_for(".me"), "改好了")


@pages.post("/me/face")
@resident
def save_face():
    """A face of one's own: the photo is public, as the name beside it is."""
    try:
        photo = uploads.take("file")
    except Refused as refused:
        form = MeForm(formdata=None, name=g.user.name, building=g.member.building)
        return said_no(_me_form(form, wrong_face=refused.sentence), refused)
    photos.use_as_face(g.member, photo)
    posts.redraw_of(g.member)
    return go(url_for(".me"), "头像换好了")


@pages.get("/desk/members")
@host
def listed():
    name, after = request.args.get("name", "")[:12], request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    source = request.args.get("source", "")[:10]
    found = members.listed(g.neighborhood, name, number, source=source)
    return render_template(
        "members/listed.html",
        listed=found,
        name=name,
        source=source,
        more=found[-1].id if len(found) == 30 else 0,
        out=members.sent_out(g.neighborhood),
    )


def _load(member_id):
    return members.get(g.neighborhood, member_id) or abort(404)


def _in_our_hands(member_id):
    """A neighbour whose key a host may make anew: nobody with an office, here or in another 小区."""
    member = _load(member_id)
    if members.hosts_anywhere(member.user) or member.user.staff:
        abort(403)
    return member


@pages.get("/desk/members/<id:member_id>")
@host
def show(member_id):
    member = _load(member_id)
    form = ReasonForm(formdata=None)
    return render_template("members/show.html", member=member, twins=members.with_same_name(member), form=form)


@pages.post("/desk/members/<id:member_id>/vouch")
@host
def vouch(member_id):
    members.vouch(_load(member_id), g.member, g.now)
    return go(url_for(".show", member_id=member_id), "记下了：您当面见过这位邻居")


class WhyForm(Form):
    reason = Line("为什么（4–200 个字，TA 会看到）", 200)


def _because(member_id, act, title, toast):
    """Something done to a neighbour with a reason she reads; without one the host is asked again."""
    member, form = _load(member_id), WhyForm()
    try:
        if not form.validate():
            raise Refused("bad-reason", next(iter(form.errors.values()))[0], field="reason")
        act(member, g.member, g.now, form.reason.data)
    except Refused as refused:
        if refused.field != "reason":
            raise
        form.reason.errors = [refused.sentence]
        page = render_template("members/why.html", form=form, title=title, member=member, action=request.path)
        return said_no(make_response(page), refused)
    return go(url_for(".listed"), toast)


@pages.post("/desk/members/<id:member_id>/watch")
@host
def watch(member_id):
    return _because(member_id, members.watch, "先审后发", "以后 TA 发的先给您看")


@pages.post("/desk/members/<id:member_id>/release")
@host
def release(member_id):
    members.release(_load(member_id), g.member, g.now)
    return go(url_for(".show", member_id=member_id), "TA 发的不用先给您看了")


@pages.post("/desk/members/<id:member_id>/remove")
@host
def remove(member_id):
    return _because(member_id, members.remove, "请出小区", "TA 已经不在小区里了，随时可以请回来")


@pages.post("/desk/sent-out/<id:member_id>/readmit")
@host
def readmit(member_id):
    members.readmit(members.find_sent_out(g.neighborhood, member_id) or abort(404), g.member, g.now)
    return go(url_for(".listed"), "请回来了")


@pages.post("/desk/members/<id:member_id>/recovery")
@host
def recovery(member_id):
    """The 找回码 is shown on this answer and never again."""
    member = _in_our_hands(member_id)
    return render_template("members/recovery.html", member=member, code=doors.issue_recovery(member, g.member, g.now))


@pages.post("/desk/members/<id:member_id>/card")
@host
def card(member_id):
    """A paper card to print now: its code is shown on this answer and never again."""
    member = _in_our_hands(member_id)
    code = scans.issue_card(member, g.member, g.now)
    drawing = qr.inline_svg(qr.link(url_for("scan.show", code=code)))
    return render_template("members/card.html", member=member, drawing=drawing)


@pages.post("/desk/members/<id:member_id>/phone")
@host
def phone(member_id):
    """The whole number stands on this answer and nowhere else; she is told who saw it, and why."""
    member, form = _load(member_id), ReasonForm()
    values = {"member": member, "form": form}
    if not form.validate():
        return make_response(render_template("members/phone.html", **values, phone=""), 422)
    try:
        seen = privacy.see_phone(member.user, g.user, g.now, reason=form.reason.data, neighborhood=g.neighborhood)
    except Refused as refused:
        form.refuse(refused, "reason")
        return said_no(make_response(render_template("members/phone.html", **values, phone="")), refused)
    return render_template("members/phone.html", **values, phone=seen)
