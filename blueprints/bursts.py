"""留着的票: what the rules held, for the host to decide while she counts."""

from flask import Blueprint, abort, g, render_template, url_for

from db import bursts, contests
from db.base import Refused
from web.access import host
from web.desk import ReasonForm, asked_again
from web.render import go

pages = Blueprint("bursts", __name__, url_prefix="/n/<slug:slug>/desk/contests")


@pages.get("/<id:contest_id>/held")
@host
def index(contest_id):
    contest = contests.find(g.neighborhood, contest_id) or abort(404)
    return render_template(
        "bursts/index.html",
        contest=contest,
        counting=contest.phase(g.now) == "counting" and contest.settled_at is None,
        held=bursts.listed(contest),
        rules=bursts.RULES,
    )


def _decide(hold_id, *, count):
    hold, form = bursts.find(g.neighborhood, hold_id) or abort(404), ReasonForm()
    try:
        bursts.decide(hold, g.member, g.now, count=count, reason=form.checked())
    except Refused as refused:
        return asked_again(form, refused, "为什么计入这张票" if count else "为什么不计入这张票")
    return go(url_for(".index", contest_id=hold.contest_id), "计入了" if count else "不计入，原因大家都看得到")


@pages.post("/held/<id:hold_id>/count")
@host
def count(hold_id):
    return _decide(hold_id, count=True)


@pages.post("/held/<id:hold_id>/leave-out")
@host
def leave_out(hold_id):
    return _decide(hold_id, count=False)
