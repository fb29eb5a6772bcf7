"""纸票: the host enters a heap of slips and shows a code; whoever scans it counts again, and confirms or sends it back."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import contests, entries, links, paper_batches, tallies
from db.base import Refused
from web import qr
from web.access import host, resident
from web.desk import ReasonForm, asked_again
from web.errors import said_no
from web.forms import Form, Line, OpId, Text
from web.render import go

pages = Blueprint("paper_batches", __name__, url_prefix="/n/<slug:slug>")


class HeapForm(Form):
    op_id = OpId()
    counts = Line("每幅作品有几张纸票投给它", 10)  # a place for its sentence; the numbers come one a work
    spoiled = Line("没写清楚、不能算的有几张", 6)
    slips = Line("写清楚的纸票一共几张", 6)
    names = Text("交了纸票、手机上也有账号的邻居（一行一位，没有就空着）", 2000)


def _contest(contest_id):
    contest = contests.find(g.neighborhood, contest_id)
    return contest if contest is not None and contest.paper and contest.state != "draft" else abort(404)


def _number(text):
    """A typed number, 0 for nothing, None for what is none."""
    text = (text or "").strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _page(contest, form, typed, status=200):
    return make_response(
        render_template(
            "paper_batches/form.html",
            contest=contest,
            form=form,
            typed=typed,
            open=paper_batches.taken_now(contest, g.now),
            wall=entries.on_the_wall(contest),
            heaps=[(heap, url_for(".show", token=_token(heap))) for heap in paper_batches.of_contest(contest)],
        ),
        status,
    )


@pages.get("/desk/contests/<id:contest_id>/paper")
@host
def index(contest_id):
    return _page(_contest(contest_id), HeapForm(formdata=None), {})


@pages.post("/desk/contests/<id:contest_id>/paper")
@host
def enter(contest_id):
    contest, form = _contest(contest_id), HeapForm()
    typed = dict(zip(request.form.getlist("work"), request.form.getlist("many"), strict=False))
    try:
        if not form.validate():
            return _page(contest, form, typed, 422)
        batch = paper_batches.enter(
            contest, g.member, g.now, op_id=form.op_id.data, names=form.names.data, **_numbers(form, typed)
        )
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(contest, form, typed), refused)
    return go(url_for(".show", token=_token(batch)), "录好了，请另一位邻居扫码核对")


def _numbers(form, typed):
    counts = {int(work): _number(many) for work, many in typed.items() if work.isascii() and work.isdigit() and len(work) < 16}
    spoiled, slips = _number(form.spoiled.data), _number(form.slips.data)
    for field, number in (("counts", None if None in counts.values() else 0), ("spoiled", spoiled), ("slips", slips)):
        if number is None:
            raise Refused("bad-number", "请填数字，没有就空着", field=field)
    return {"counts": counts, "spoiled": spoiled, "slips": slips}


def _token(batch):
    return links.sign("paper", batch.id)


def _batch(token):
    """The heap of a link that somebody was shown; its numbers are a part of the result, and no address to be guessed."""
    (batch_id,) = links.read("paper", token, 1) or abort(404)
    return paper_batches.find(g.neighborhood, batch_id) or abort(404)


@pages.get("/contests/paper/<token>")
@resident
def show(token):
    batch = _batch(token)
    second = batch.state == "entered" and paper_batches.may_confirm(batch, g.member)
    mine = batch.state == "entered" and batch.entered_by_id == g.member.id
    known = second or mine or tallies.readable_by(batch.contest, g.member)  # nobody else reads a number before the end
    return render_template(
        "paper_batches/show.html",
        batch=batch,
        counts=paper_batches.counts_of(batch) if known else [],
        names=paper_batches.names_of(batch) if known else [],
        second=second,
        known=known,
        url=url_for(".show", token=token),
        drawing=qr.inline_svg(qr.link(url_for(".show", token=token))),
    )


@pages.post("/contests/paper/<token>/confirm")
@resident
def confirm(token):
    paper_batches.confirm(_batch(token), g.member, g.now)
    return go(url_for(".show", token=token), "谢谢您，这批纸票算数了")


@pages.post("/contests/paper/<token>/reject")
@resident
def reject(token):
    batch, form = _batch(token), ReasonForm()
    try:
        paper_batches.reject(batch, g.member, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, "哪里对不上")
    return go(url_for(".show", token=token), "退回了，请再数一遍")
