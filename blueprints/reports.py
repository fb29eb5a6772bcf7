"""举报: say what is wrong, read the answer, appeal; the host's desk of reports, and the district officer's."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import neighborhoods, reports, subjects
from db.base import Refused
from web.access import district, host, resident
from web.errors import said_no
from web.forms import Form, HiddenField, Line, Text
from web.render import go, wants_part

pages = Blueprint("reports", __name__)

AT = "/n/<slug:slug>"
THING = f"{AT}/report/<any(post,comment,service,need,entry,event):kind>/<id:thing_id>"


class ReportForm(Form):
    why = HiddenField()
    words = Text("补充几句（可以不写）", 200)


class AppealForm(Form):
    words = Text("说说为什么（4–200 个字）", 200)


class AnswerForm(Form):
    answer = Line("答复（4–200 个字，举报的邻居看得到）", 200)


def _thing(kind, thing_id):
    """What she may read of this 小区."""
    thing = subjects.FIND[kind](g.neighborhood, thing_id)
    read = thing.post if thing and kind == "comment" else thing
    if read is None or not read.readable_by(g.member):
        abort(404)
    return thing


def _home(thing):
    kind = subjects.kind_of(thing)
    if kind in {"service", "need", "event", "group"}:
        return url_for(f"{kind}s.show", **{f"{kind}_id": thing.id})
    if kind == "entry":
        return url_for("entries.show", entry_id=thing.id)
    return url_for("posts.show", post_id=thing.post_id if kind == "comment" else thing.id)


def _form(thing, form, status=200):
    values = {
        "reasons": reports.REASONS,
        "home": _home(thing),
        "who": subjects.author_of(thing),
        "words": subjects.words_of(thing),
    }
    page = render_template("reports/new.html", thing=thing, form=form, **values)
    return make_response(page, status)


@pages.get(THING)
@resident
def new(kind, thing_id):
    return _form(_thing(kind, thing_id), ReportForm(formdata=None))


@pages.post(THING)
@resident
def create(kind, thing_id):
    thing, form = _thing(kind, thing_id), ReportForm()
    if not form.validate():
        return _form(thing, form, 422)
    try:
        reports.file(g.member, thing, g.now, reason=form.why.data, words=form.words.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_form(thing, form), refused)
    return go(url_for(".mine"), "收到了，谢谢您。会有人看，并且告诉您结果")


@pages.get(f"{AT}/me/reports")
@resident
def mine():
    return render_template("reports/mine.html", listed=reports.by(g.member), against=reports.against(g.member))


@pages.post(f"{AT}/me/reports/<id:report_id>/appeal")
@resident
def appeal(report_id):
    report = reports.of_mine(g.member, report_id) or abort(404)
    return _appeal(lambda words: reports.appeal(report, g.member, g.now, words))


@pages.post(f"{AT}/appeal/<any(post,comment):kind>/<id:thing_id>")
@resident
def appeal_decision(kind, thing_id):
    """The author of something hidden or turned down asks the district officer."""
    thing = _thing(kind, thing_id)
    return _appeal(lambda words: reports.appeal_decision(g.member, thing, g.now, words))


def _appeal(act):
    form = AppealForm()
    try:
        if not form.validate():
            raise Refused("too-long", next(iter(form.errors.values()))[0], field="words")
        act(form.words.data)
    except Refused as refused:
        if refused.field != "words" or wants_part():
            raise
        form.words.errors = [refused.sentence]
        return said_no(make_response(render_template("reports/appeal.html", form=form, action=request.path)), refused)
    return go(url_for(".mine"), "申诉交给片区运营官了，有了答复会告诉您")


@pages.get(f"{AT}/desk/reports")
@host
def desk():
    return render_template(
        "reports/desk.html",
        listed=_with_things(reports.on_desk(g.neighborhood)),
        done=reports.on_desk(g.neighborhood, done=True),
        answers=ANSWERS,
    )


ANSWERS = {"uphold": ("已经处理，谢谢您告诉我们", "请作者改过了"), "dismiss": ("看过了，这样说没有违反约定", "已经和双方聊过了")}


def _with_things(listed):
    """[(report, what it is about, whose it is, what it says)]"""
    found = [(report, reports.thing_of(report)) for report in listed]
    return [(report, thing, thing and subjects.author_of(thing), thing and subjects.words_of(thing)) for report, thing in found]


@pages.post(f"{AT}/desk/reports/<id:report_id>/take")
@host
def take(report_id):
    report = reports.find(g.neighborhood, report_id, "host") or abort(404)
    reports.take(report, g.user, g.now)
    return go(url_for(".desk"), "这条由您来处理")


@pages.post(f"{AT}/desk/reports/<id:report_id>/<any(uphold,dismiss):verdict>")
@host
def decide(report_id, verdict):
    report = reports.find(g.neighborhood, report_id, "host") or abort(404)
    return _decide(report, verdict, url_for(".desk"))


def _decide(report, verdict, home):
    form = AnswerForm()
    try:
        if not form.validate():
            raise Refused("too-long", next(iter(form.errors.values()))[0], field="reason")
        if report.state == "appealed":
            reports.settle(report, g.user, g.now, uphold=verdict == "uphold", answer=form.answer.data)
        else:
            reports.decide(report, g.user, g.now, uphold=verdict == "uphold", answer=form.answer.data)
    except Refused as refused:
        if refused.field != "reason" or wants_part():
            raise
        form.answer.errors = [refused.sentence]
        page = render_template("reports/answer.html", form=form, action=request.path, home=home, verdict=verdict)
        return said_no(make_response(page), refused)
    return go(home, "答复了，举报的邻居会看到")


def _my_places():
    return neighborhoods.everywhere() if g.user.staff == "hq" else neighborhoods.of_officer(g.user)


def _load_for_officer(report_id):
    """A report on this officer's desk: of her own 小区 only."""
    return reports.find_for_officer(_my_places(), report_id) or abort(404)


@pages.get("/district/reports")
@district
def district_desk():
    places = _my_places()
    return render_template(
        "reports/district.html",
        listed=_with_things(reports.for_officer(places)),
        done=reports.for_officer(places, done=True),
        answers=ANSWERS,
    )


@pages.post("/district/reports/<id:report_id>/take")
@district
def district_take(report_id):
    reports.take(_load_for_officer(report_id), g.user, g.now)
    return go(url_for(".district_desk"), "这条由您来处理")


@pages.post("/district/reports/<id:report_id>/<any(uphold,dismiss):verdict>")
@district
def district_decide(report_id, verdict):
    return _decide(_load_for_officer(report_id), verdict, url_for(".district_desk"))


@pages.post("/district/reports/<id:report_id>/remove")
@district
def district_remove(report_id):
    """Remove for good what was reported and is hidden."""
    report = _load_for_officer(report_id)
    form = AnswerForm()
    reports.remove(report, g.user, g.now, form.answer.data if form.validate() else "")
    return go(url_for(".district_desk"), "彻底删除了")
