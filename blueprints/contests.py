"""比赛: the wall of works for everybody; made, mended, given more time and called off by the host."""

from datetime import timedelta

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import ballots, contests, entries, screening, tallies, voters
from db.base import Refused
from web import voting
from web.access import device, host, public
from web.desk import ReasonForm, asked_again
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.render import go, local, parse_local

pages = Blueprint("contests", __name__, url_prefix="/n/<slug:slug>")

DATES = ("opens_at", "entries_close_at", "voting_opens_at", "voting_closes_at")
FIELD = "%Y-%m-%dT%H:%M"


class ContestForm(Form):
    op_id = OpId()
    preset = HiddenField(default="blank")
    title = Line("名称", 30)
    rules = Text("说明（邻居送作品前会读）", 2000)
    prizes = Line("奖励（没有就空着）", 200)
    opens_at = Line("开始征集", 20)
    entries_close_at = Line("征集截止", 20)
    voting_opens_at = Line("开始投票", 20)
    voting_closes_at = Line("投票截止", 20)
    entries_each = Line("每人最多几幅作品", 3)
    choices = Line("每人可以选几幅", 3)
    voters = HiddenField(default="known")
    visitors = HiddenField(default="apart")
    paper = BooleanField("也发纸质选票（给不用手机的邻居）")


class PostponeForm(Form):
    until = Line("延长到", 20)
    reason = Line("为什么（4–200 个字，大家都看得到）", 200)


def _load(contest_id):
    contest = contests.find(g.neighborhood, contest_id)
    return contest if contest is not None and contest.seen_by(g.member) else abort(404)


def viewer():
    """Who looks, for an order of works that is each viewer's own."""
    return f"member {g.member.id}" if g.member else f"device {device()}"


@pages.get("/contests/")
@public
def index():
    hosting = g.member is not None and g.member.is_host
    return render_template("contests/index.html", listed=contests.listed(g.neighborhood, drafts=hosting))


@pages.get("/contests/<id:contest_id>")
@public
def show(contest_id):
    contest = _load(contest_id)
    voting.arrive(contest, request.args.get("venue", "")[:12])
    mine = entries.of_author(contest, g.member) if g.member else []
    return render_template(
        "contests/show.html",
        contest=contest,
        phase=contest.phase(g.now),
        wall=entries.hung_for(viewer(), contest, g.now),
        mine=mine,
        notes=contests.notes_of(contest),
        ballot=ballots.of(contest, **voting.who()) if contest.takes_votes(g.now) else None,
        here=voting.here(contest),
        receipt=voting.receipt(contest),
        waiting=len(entries.waiting_in(contest)) if g.member and g.member.is_host else 0,
        results=tallies.results(contest) if tallies.readable_by(contest, g.member) else [],
    )


def _page(form, contest=None, status=200):
    how = contest is None or contest.state == "draft"
    values = {"how": how, "presets": contests.PRESETS, "voters": contests.VOTERS, "visitors": contests.VISITORS}
    return make_response(render_template("contests/form.html", form=form, contest=contest, **values), status)


def _planned(now):
    """Dates that suit most: ten days for photos, then a weekend and a day for votes, evenings at nine."""
    start = local(now).replace(second=0, microsecond=0)
    close = (start + timedelta(days=10)).replace(hour=21, minute=0)
    return dict(zip(DATES, (start, close, close + timedelta(hours=12), close + timedelta(days=4)), strict=True))


@pages.get("/desk/contests/new")
@host
def new():
    preset = request.args.get("preset", "photo")
    title, rules, prizes = contests.PRESETS.get(preset) or abort(404)
    dates = {name: moment.strftime(FIELD) for name, moment in _planned(g.now).items()}
    form = ContestForm(
        formdata=None, preset=preset, title=title, rules=rules, prizes=prizes, entries_each="2", choices="1", paper=True, **dates
    )
    return _page(form)


def _number(field):
    text = (field.data or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _values(form, *, how=True):
    """What the form says, in the domain's words; Refused beside a date that is none."""
    values = {"title": form.title.data, "rules": form.rules.data, "prizes": form.prizes.data}
    if not how:
        return values
    for name in DATES:
        values[name] = parse_local(form[name].data)
        if values[name] is None:
            raise Refused("bad-dates", "请选择日期和时间", field=name)
    chosen = {"voters": form.voters.data, "visitors": form.visitors.data, "paper": form.paper.data}
    return values | chosen | {"entries_each": _number(form.entries_each), "choices": _number(form.choices)}


@pages.post("/desk/contests/new")
@host
def create():
    form = ContestForm()
    if not form.validate():
        return _page(form, status=422)
    try:
        contest = contests.create(g.member, g.now, op_id=form.op_id.data, preset=form.preset.data, **_values(form))
    except Refused as refused:
        if not form.refuse(refused, "title"):
            raise
        return said_no(_page(form), refused)
    return go(url_for(".show", contest_id=contest.id), "存成草稿了，看一遍，没问题就开始征集")


@pages.get("/desk/contests/<id:contest_id>/edit")
@host
def edit(contest_id):
    contest = _load(contest_id)
    told = {name: getattr(contest, name) for name in ("preset", "title", "rules", "prizes", "voters", "visitors", "paper")}
    told |= {name: str(getattr(contest, name)) for name in ("entries_each", "choices")}
    told |= {name: local(getattr(contest, name)).strftime(FIELD) for name in DATES}
    return _page(ContestForm(formdata=None, **told), contest)


@pages.post("/desk/contests/<id:contest_id>/edit")
@host
def save(contest_id):
    contest, form = _load(contest_id), ContestForm()
    if not form.validate():
        return _page(form, contest, 422)
    try:
        contests.rewrite(contest, g.member, g.now, **_values(form, how=contest.state == "draft"))
    except Refused as refused:
        if not form.refuse(refused, "title"):
            raise
        return said_no(_page(form, contest), refused)
    return go(url_for(".show", contest_id=contest.id), "改好了")


@pages.post("/desk/contests/<id:contest_id>/start")
@host
def start(contest_id):
    contest = _load(contest_id)
    try:
        contests.start(contest, g.member, g.now)
    except Refused as refused:
        if refused.field is None:
            raise
        raise Refused(refused.code, f"{refused.sentence}。请先改一改日期") from refused
    return go(url_for(".show", contest_id=contest.id), "开始征集了，邻居们看得到了")


@pages.get("/desk/contests/<id:contest_id>/manage")
@host
def manage(contest_id):
    return _managed(_load(contest_id), PostponeForm(formdata=None))


def _managed(contest, form):
    if not form.until.data and (deadline := contest.deadline(g.now)):
        form.until.data = (local(deadline) + timedelta(days=2)).strftime(FIELD)
    values = {"contest": contest, "phase": contest.phase(g.now), "form": form, "waiting": entries.waiting_in(contest)}
    return make_response(render_template("contests/manage.html", reasons=entries.RETURN_REASONS, why=screening.WHY, **values))


@pages.post("/desk/contests/<id:contest_id>/postpone")
@host
def postpone(contest_id):
    contest, form = _load(contest_id), PostponeForm()
    try:
        until = parse_local(form.until.data)
        if until is None:
            raise Refused("bad-dates", "请选择日期和时间", field="until")
        if not form.validate():
            raise Refused("bad-reason", "请写下原因（4–200 个字）", field="reason")
        contests.postpone(contest, g.member, g.now, until=until, note=form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_managed(contest, form), refused)
    return go(url_for(".show", contest_id=contest.id), "延长了，大家看得到为什么")


@pages.post("/desk/contests/<id:contest_id>/cancel")
@host
def cancel(contest_id):
    contest, form = _load(contest_id), ReasonForm()
    try:
        contests.cancel(contest, g.member, g.now, form.checked(), tell={*entries.authors_of(contest), *voters.told_of(contest)})
    except Refused as refused:
        return asked_again(form, refused, f"为什么取消《{contest.title}》")
    return go(url_for(".show", contest_id=contest.id), "取消了，参加的邻居都会收到消息")
