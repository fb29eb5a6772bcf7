"""揭晓: the host reads the count and publishes it with her words; anybody checks it, ballot by ballot."""

from flask import Blueprint, Response, abort, g, make_response, render_template, request

from db import ballots, bursts, contests, tallies
from db.base import Refused
from web.access import host, public
from web.errors import said_no
from web.forms import Form, Text
from web.render import go

pages = Blueprint("tallies", __name__, url_prefix="/n/<slug:slug>")


class OutcomeForm(Form):
    outcome = Text("结果说几句（谁得了奖、什么时候领、谢谢谁）", 1000)


def _contest(contest_id):
    contest = contests.find(g.neighborhood, contest_id)
    return contest if contest is not None and contest.seen_by(g.member) else abort(404)


def _published(contest_id):
    contest = _contest(contest_id)
    return contest if contest.state in {"published", "archived"} else abort(404)


def _outcome(contest, form, status=200):
    known = tallies.readable_by(contest, g.member)
    return make_response(
        render_template(
            "tallies/outcome.html",
            contest=contest,
            phase=contest.phase(g.now),
            form=form,
            waits=tallies.waits_for(contest, g.now),
            results=tallies.results(contest) if known else [],
        ),
        status,
    )


@pages.get("/desk/contests/<id:contest_id>/outcome")
@host
def outcome(contest_id):
    return _outcome(_contest(contest_id), OutcomeForm(formdata=None))


@pages.post("/desk/contests/<id:contest_id>/outcome")
@host
def publish(contest_id):
    contest, form = _contest(contest_id), OutcomeForm()
    if not form.validate():
        return _outcome(contest, form, 422)
    try:
        tallies.publish(contest, g.member, g.now, form.outcome.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_outcome(contest, form), refused)
    return go(contests.path(contest), "揭晓了，作者和投过票的邻居都会收到消息")


@pages.get("/contests/<id:contest_id>/receipts")
@public
def receipts(contest_id):
    contest = _published(contest_id)
    asked, after = ballots.typed(request.args.get("receipt", "")[:40]), _place(request.args.get("after", ""))
    found = tallies.seals(contest, after, tallies.PAGE + 1, asked)
    return render_template(
        "tallies/receipts.html",
        contest=contest,
        seals=found[: tallies.PAGE],
        more=found[tallies.PAGE - 1].seq if len(found) > tallies.PAGE else None,
        asked=ballots.grouped(asked),
        after=after,
        results=tallies.results(contest, gone=True),
        sums=tallies.sums(contest),
        roll=tallies.electorate(contest),
        head=tallies.head(contest),
        holds=tallies.holds_by_receipt(contest),
        rules=bursts.RULES,
        states=tallies.COUNTED,
        beginning=tallies.BEGINNING,
    )


@pages.get("/contests/<id:contest_id>/receipts.txt")
@public
def chain(contest_id):
    """The very lines the chain is made of, each with its hash, for whoever counts and hashes by a program."""
    contest = _published(contest_id)
    lines = "".join(f"{seal.line} {seal.hash}\n" for seal in tallies.seals(contest))
    return Response(lines, mimetype="text/plain")


def _place(text):
    """The place in the chain to go on after; the beginning for anything odd."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
