"""我的 → 隐私: what is kept about her, what she takes with her, how she is forgotten. Hers in every 小区, so under /me."""

from flask import Blueprint, abort, g, make_response, render_template, send_file, url_for

from db import exports, farewells, members, privacy
from db.base import Refused
from web.access import home_of, signed_in
from web.errors import said_no
from web.forms import Form, Line, OpId
from web.render import go, local, wants_part

pages = Blueprint("privacy", __name__)


class LeaveForm(Form):
    traces = Line("您发过的帖子和评论怎么办", 10)
    confirm = Line("写下您的称呼，确认是您本人", 20)
    op_id = OpId()


class ExportForm(Form):
    op_id = OpId()


def _home():
    places = members.places(g.user)
    return url_for("members.me", slug=places[0].neighborhood.slug) if places else home_of(g.user)


def _index(phone=""):
    return render_template(
        "privacy/index.html",
        kept=privacy.overview(g.user),
        places=members.places(g.user),
        leaving=farewells.waiting(g.user),
        phone=phone,
        home=_home(),
    )


@pages.get("/me/privacy")
@signed_in
def index():
    return _index()


@pages.post("/me/privacy/phone")
@signed_in
def own_phone():
    """Her whole number stands on this answer and on no page that can be opened again."""
    phone = privacy.see_phone(g.user, g.user, g.now, reason="")
    return render_template("privacy/_phone.html", phone=phone) if wants_part() else _index(phone)


@pages.get("/me/privacy/log")
@signed_in
def log():
    return render_template("privacy/log.html", agreed=privacy.agreed(g.user), handled=privacy.handled(g.user))


@pages.get("/me/privacy/exports")
@signed_in
def listed():
    return render_template("privacy/exports.html", listed=exports.of(g.user))


@pages.post("/me/privacy/exports")
@signed_in
def export():
    exports.ask(g.user, g.now, op_id=ExportForm().op_id.data)
    return go(url_for(".listed"), "开始打包了，可以先去忙别的")


@pages.get("/me/privacy/exports/<id:export_id>")
@signed_in
def progress(export_id):
    """How far it is: a part that htmx asks for again while it is under way, the whole list for a plain reload."""
    each = exports.find(g.user, export_id) or abort(404)
    if wants_part():
        return render_template("privacy/_export.html", each=each)
    return render_template("privacy/exports.html", listed=exports.of(g.user))


@pages.get("/me/privacy/exports/<id:export_id>/file")
@signed_in
def download(export_id):
    each = exports.find(g.user, export_id)
    file = (each and exports.file_of(each, g.now)) or abort(404)
    name = f"linli-{local(each.created_at):%Y%m%d}.zip"
    answer = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"  # send_file would have browsers keep it and ask again
    return answer


def _leave(form, status=200):
    values = {"leaving": farewells.waiting(g.user), "office": farewells.office_of(g.user), "choices": farewells.CHOICES}
    return make_response(render_template("privacy/leave.html", form=form, **values), status)


@pages.get("/me/privacy/leave")
@signed_in
def leave():
    return _leave(LeaveForm(formdata=None))


@pages.post("/me/privacy/leave")
@signed_in
def ask_to_leave():
    form = LeaveForm()
    if not form.validate():
        return _leave(form, 422)
    try:
        farewells.ask(g.user, g.now, traces=form.traces.data, confirm=form.confirm.data, op_id=form.op_id.data)
    except Refused as refused:
        form.refuse(refused, "confirm")
        return said_no(_leave(form), refused)
    return go(url_for(".leave"), "记下了。7 天之内，随时可以改主意")


@pages.post("/me/privacy/stay")
@signed_in
def stay():
    farewells.stay(g.user, g.now)
    return go(_home(), "太好了，您留下来了。什么都没有变")
