"""便民服务名录: read by everybody, suggested and recommended by neighbours, looked after by the host."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import recommends, screening, services
from db.base import Refused
from web import desk
from web.access import host, public, resident
from web.desk import ReasonForm
from web.errors import said_no
from web.forms import BooleanField, Form, Line, OpId, Text
from web.render import go, part, part_or_redirect, wants_part

pages = Blueprint("services", __name__, url_prefix="/n/<slug:slug>")


class ServiceForm(Form):
    category = Line("哪一类", 10)
    name = Line("店名或师傅的称呼", 30)
    phone = Line("电话", 30)
    hours = Line("什么时候在", 40)
    address = Line("在哪里", 60)
    note = Text("您的感受", 200)
    paid = BooleanField("推广")
    op_id = OpId()

    def words(self):
        return {name: field.data for name, field in self._fields.items() if name != "op_id"}


def _load(service_id):
    service = services.find(g.neighborhood, service_id)
    return service if service is not None and service.readable_by(g.member) else abort(404)


def _mine(listed):
    """What this neighbour has said of the listed ones: (those she recommends, those of which she said 「还在」)."""
    ids = [service.id for service in listed]
    return {"mine": recommends.recommended_by(g.member, ids), "said": recommends.still_said_by(g.member, ids)}


def _cursor(text):
    """The cursor `recommends.id` of the last one seen, or None."""
    count, _, number = text.partition(".")
    good = all(each.isascii() and each.isdigit() and len(each) < 10 for each in (count, number))
    return (int(count), int(number)) if good else None


@pages.get("/services/")
@public
def index():
    category = request.args.get("category", "")
    if not category:
        groups = services.groups(g.neighborhood)
        listed = [service for _, best, _ in groups for service in best]
        return render_template("services/index.html", groups=groups, categories=services.CATEGORIES, **_mine(listed))
    if category not in services.CATEGORIES:
        abort(404)
    listed, mark = services.page(g.neighborhood, category, _cursor(request.args.get("after", "")))
    values = {"listed": listed, "category": category, "after": "{}.{}".format(*mark) if mark else "", **_mine(listed)}
    if wants_part():
        return render_template("services/_list.html", **values)
    return render_template("services/category.html", categories=services.CATEGORIES, **values)


@pages.get("/services/<id:service_id>")
@public
def show(service_id):
    service = _load(service_id)
    return render_template("services/show.html", service=service, **_mine([service]))


def _form(form, service=None, status=200, twin=None):
    twin = twin if twin is not None and twin.readable_by(g.member) else None
    page = render_template("services/form.html", form=form, service=service, twin=twin, categories=services.CATEGORIES)
    return make_response(page, status)


@pages.get("/services/new")
@resident
def new():
    asked = request.args.get("category", "")
    return _form(ServiceForm(formdata=None, category=asked if asked in services.CATEGORIES else ""))


def _no(form, refused, service=None):
    """The form again; where the shop is there already, with the way to it."""
    if not form.refuse(refused):
        raise refused
    twin = services.twin(g.neighborhood, form.name.data, form.phone.data) if refused.code == "twin" else None
    return said_no(_form(form, service, twin=twin), refused)


@pages.post("/services/new")
@resident
def create():
    form = ServiceForm()
    if not form.validate():
        return _form(form, status=422)
    try:
        service = services.suggest(g.member, g.now, op_id=form.op_id.data, **form.words())
    except Refused as refused:
        return _no(form, refused)
    said = "放进名录了" if service.state == "published" else "谢谢您，主理人看过就放进名录"
    return go(url_for(".show", service_id=service.id), said)


def _editable(service_id):
    service = _load(service_id)
    return service if service.editable_by(g.member) else abort(403)


@pages.get("/services/<id:service_id>/edit")
@resident
def edit(service_id):
    service = _editable(service_id)
    return _form(ServiceForm(formdata=None, obj=service), service)


@pages.post("/services/<id:service_id>/edit")
@resident
def save(service_id):
    service, form = _editable(service_id), ServiceForm()
    if not form.validate():
        return _form(form, service, 422)
    try:
        state = services.rewrite(service, g.member, g.now, **form.words())
    except Refused as refused:
        return _no(form, refused, service)
    return go(url_for(".show", service_id=service_id), "改好了，主理人会再看一眼" if state == "pending" else "改好了")


@pages.post("/services/<id:service_id>/recommend")
@resident
def recommend(service_id):
    service, state = _load(service_id), request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次「推荐」", field="state")
    service.recommends = recommends.set_recommend(g.member, service, state == "on", g.now)
    mine = {service.id} if state == "on" else set()
    return part_or_redirect("services/_recommend.html", url_for(".show", service_id=service_id), service=service, mine=mine)


@pages.post("/services/<id:service_id>/still")
@resident
def still(service_id):
    service = recommends.say_still(g.member, _load(service_id), g.now)
    toast = "记下了，谢谢您" if service.stale(g.now) else "核实好了，谢谢大家"
    if not wants_part():
        return go(url_for(".show", service_id=service_id), toast)
    return part("services/_card.html", toast=toast, service=service, **_mine([service]))


# The host's desk


@pages.get("/desk/services/")
@host
def on_desk():
    stale, hidden = services.to_look_after(g.neighborhood, g.now)
    return render_template(
        "services/desk.html",
        waiting_services=services.waiting(g.neighborhood),
        service_reasons=services.RETURN_REASONS,
        coverage=services.coverage(g.neighborhood),
        categories=services.CATEGORIES,
        stale=stale,
        hidden=hidden,
        why=screening.WHY,
        left=desk.left(),
    )


@pages.post("/desk/services/<id:service_id>/approve")
@host
def approve(service_id):
    services.approve(_load(service_id), g.member, g.now)
    return desk.done(".on_desk", "放进名录了，推荐的邻居会知道")


@pages.post("/desk/services/<id:service_id>/return")
@host
def give_back(service_id):
    service, form = _load(service_id), ReasonForm()
    try:
        services.give_back(service, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "请推荐的邻居改一改")
    return desk.done(".on_desk", "退回了，推荐的邻居会看到原因")


@pages.post("/desk/services/<id:service_id>/reject")
@host
def reject(service_id):
    service, form = _load(service_id), ReasonForm()
    try:
        services.reject(service, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么不收")
    return desk.done(".on_desk", "没有收进名录，推荐的邻居会看到原因")


@pages.post("/desk/services/<id:service_id>/verify")
@host
def verify(service_id):
    recommends.verify(_load(service_id), g.member, g.now)
    return go(url_for(".show", service_id=service_id), "核实好了，从今天算起")


@pages.post("/desk/services/<id:service_id>/hide")
@host
def hide(service_id):
    service, form = _load(service_id), ReasonForm()
    try:
        services.hide(service, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, "为什么收起来")
    return go(url_for(".show", service_id=service_id), "收起来了，邻居们看不到了")


@pages.post("/desk/services/<id:service_id>/restore")
@host
def restore(service_id):
    services.restore(_load(service_id), g.member, g.now)
    return go(url_for(".show", service_id=service_id), "又看得到了")
