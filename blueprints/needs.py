"""需求墙: said and supported by neighbours, answered by the host with something to open."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for

from db import answers, needs, posts, screening, topics
from db.base import Refused
from web import desk
from web.access import host, public, resident, safe_next
from web.desk import ReasonForm
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.render import go, part_or_redirect, wants_part

pages = Blueprint("needs", __name__, url_prefix="/n/<slug:slug>")


class NeedForm(Form):
    category = Line("哪一方面", 10)
    body = Text("您需要什么", needs.LONGEST)
    anonymous = BooleanField("匿名")
    alike_ok = HiddenField()
    op_id = OpId()


class AnswerForm(Form):
    note = Text("怎么回应的", 200)
    link = Line("在哪里看", 500)
    own_link = Line("或者贴一个本小区的页面地址", 500)


def _load(need_id):
    need = needs.find(g.neighborhood, need_id)
    return need if need is not None and need.readable_by(g.member) else abort(404)


def _cursor(text):
    """The cursor `supports.id` of the last one seen, or None."""
    count, _, number = text.partition(".")
    good = all(each.isascii() and each.isdigit() and len(each) < 10 for each in (count, number))
    return (int(count), int(number)) if good else None


def _mine(listed):
    return needs.supported_by(g.member, [need.id for need in listed])


@pages.get("/needs/")
@public
def index():
    state, category = request.args.get("state", "open"), request.args.get("category", "")
    if state not in needs.STATES or (category and category not in needs.CATEGORIES):
        abort(404)
    listed, mark = needs.page(g.neighborhood, state, category, _cursor(request.args.get("after", "")))
    values = {"listed": listed, "mine": _mine(listed), "after": "{}.{}".format(*mark) if mark else ""}
    template = "needs/_list.html" if wants_part() else "needs/index.html"
    names = {"states": needs.STATES, "categories": needs.CATEGORIES}
    return render_template(template, state=state, category=category, **names, **values)


@pages.get("/needs/<id:need_id>")
@public
def show(need_id):
    need = needs.find(g.neighborhood, need_id) or abort(404)
    if need.state == "merged":
        return redirect(url_for(".show", need_id=need.merged_into_id), 303)
    return _page(_load(need_id), AnswerForm(formdata=None))


def _page(need, form):
    """One need; for the host with what it could be answered with and what it could be merged with."""
    values = {"alike": [], "answers": []}
    if g.member and g.member.is_host and need.state in {"open", "pending"}:
        own = [post for post in posts.by_author(g.member, 8) if post.state == "published"]
        values["answers"] = [(f"posts/{post.id}", post.title or post.body[:24] or "照片") for post in own]
        values["answers"] += [(f"topics/{topic.id}", topic.prompt) for topic in topics.current(g.neighborhood, g.now)]
        values["alike"] = needs.alike(g.neighborhood, need.body, but=need.id)
    return render_template("needs/show.html", need=need, form=form, mine=_mine([need]), **values)


def _form(form, need=None, status=200, alike=()):
    values = {"alike": alike, "mine": _mine(alike), "categories": needs.CATEGORIES}
    return make_response(render_template("needs/form.html", form=form, need=need, **values), status)


@pages.get("/needs/new")
@resident
def new():
    asked = request.args.get("category", "")
    return _form(NeedForm(formdata=None, category=asked if asked in needs.CATEGORIES else ""))


@pages.post("/needs/new")
@resident
def create():
    form = NeedForm()
    if not form.validate():
        return _form(form, status=422)
    try:
        need = needs.create(
            g.member,
            g.now,
            op_id=form.op_id.data,
            category=form.category.data,
            body=form.body.data,
            anonymous=form.anonymous.data,
            alike_ok=bool(form.alike_ok.data),
        )
    except Refused as refused:
        return _no(form, refused)
    said = "上墙了，看看还有谁也需要" if need.shown else "谢谢您说出来，主理人看过就上墙"
    return go(url_for(".show", need_id=need.id), said)


def _no(form, refused, need=None):
    """The form again; where nearly the same stands on the wall already, with that to support instead."""
    alike = ()
    if refused.code == "alike":
        form.alike_ok.data = "y"
        alike = needs.alike(g.neighborhood, form.body.data, least=needs.ALIKE, limit=3)
    if not form.refuse(refused):
        raise refused
    return said_no(_form(form, need, alike=alike), refused)


def _editable(need_id):
    need = _load(need_id)
    return need if need.editable_by(g.member) else abort(403)


@pages.get("/needs/<id:need_id>/edit")
@resident
def edit(need_id):
    need = _editable(need_id)
    return _form(NeedForm(formdata=None, obj=need), need)


@pages.post("/needs/<id:need_id>/edit")
@resident
def save(need_id):
    need, form = _editable(need_id), NeedForm()
    if not form.validate():
        return _form(form, need, 422)
    try:
        needs.rewrite(need, g.member, g.now, category=form.category.data, body=form.body.data)
    except Refused as refused:
        return _no(form, refused, need)
    return go(url_for(".show", need_id=need_id), "改好了，主理人会再看一眼")


@pages.post("/needs/<id:need_id>/support")
@resident
def support(need_id):
    need, state = _load(need_id), request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次「我也需要」", field="state")
    need.supports = needs.set_support(g.member, need, state == "on", g.now)
    mine = {need.id} if state == "on" else set()
    return part_or_redirect("needs/_support.html", url_for(".show", need_id=need_id), need=need, mine=mine)


@pages.post("/needs/<id:need_id>/close")
@resident
def close(need_id):
    needs.close(_load(need_id), g.member, g.now)
    return go(url_for(".index"), "关掉了。再有需要，随时来说")


# The host's desk


@pages.get("/desk/needs/")
@host
def on_desk():
    done, of = answers.answered_in_time(g.neighborhood, g.now)
    return render_template(
        "needs/desk.html",
        waiting_needs=needs.waiting(g.neighborhood),
        need_reasons=needs.RETURN_REASONS,
        done=done,
        of=of,
        unmet=needs.page(g.neighborhood, "open", limit=30)[0],
        hidden=needs.hidden(g.neighborhood),
        why=screening.WHY,
        left=desk.left(),
    )


@pages.post("/desk/needs/<id:need_id>/approve")
@host
def approve(need_id):
    needs.approve(_load(need_id), g.member, g.now)
    return desk.done(".on_desk", "上墙了，邻居们看得到了")


@pages.post("/desk/needs/<id:need_id>/return")
@host
def give_back(need_id):
    need, form = _load(need_id), ReasonForm()
    try:
        needs.give_back(need, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "请提出的邻居改一改")
    return desk.done(".on_desk", "退回了，提出的邻居会看到原因")


def _page_to_open(link):
    """The path of a page of this 小区 that a neighbour can open, or "". It may be pasted whole from the browser's own line."""
    link = (link or "").strip()
    for home in (current_app.config["PUBLIC_URL"].rstrip("/"), request.host_url.rstrip("/")):
        link = link.removeprefix(home)
    url = safe_next(link, "")
    if not url:
        return ""
    endpoint, values = current_app.url_map.bind("localhost").match(urlsplit(url).path)
    everybodys = current_app.view_functions[endpoint].policy in {"public", "resident"}
    return url if everybodys and values.get("slug") == g.neighborhood.slug else ""


@pages.post("/desk/needs/<id:need_id>/answer")
@host
def answer(need_id):
    need, form = _load(need_id), AnswerForm()
    try:
        if not form.validate():
            return make_response(_page(need, form), 422)
        url = _page_to_open((form.own_link.data or "").strip() or form.link.data)
        answers.answer(need, g.member, g.now, url=url, note=form.note.data)
    except Refused as refused:
        if wants_part() or not form.refuse(refused):
            raise
        return said_no(make_response(_page(need, form)), refused)
    return go(url_for(".show", need_id=need_id), "回应好了，需要的邻居都会知道")


@pages.post("/desk/needs/<id:need_id>/reopen")
@host
def reopen(need_id):
    need, form = _load(need_id), ReasonForm()
    try:
        answers.reopen(need, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么重新打开")
    return go(url_for(".show", need_id=need_id), "又在等回应了")


@pages.post("/desk/needs/<id:need_id>/merge/<id:into_id>")
@host
def merge(need_id, into_id):
    into = _load(into_id)
    answers.merge(_load(need_id), into, g.member, g.now)
    return go(url_for(".show", need_id=into_id), "合在一起了，需要的邻居一个不少")


@pages.post("/desk/needs/<id:need_id>/hide")
@host
def hide(need_id):
    need, form = _load(need_id), ReasonForm()
    try:
        needs.hide(need, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么收起来")
    return go(url_for(".show", need_id=need_id), "收起来了，邻居们看不到了")


@pages.post("/desk/needs/<id:need_id>/restore")
@host
def restore(need_id):
    needs.restore(_load(need_id), g.member, g.now)
    return go(url_for(".show", need_id=need_id), "又看得到了")
