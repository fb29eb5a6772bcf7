"""投票: one tap for a neighbour, two for a visitor at the market; moved until the vote ends, undone for ten seconds."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import ballots, entries, limits
from db.base import Refused
from web import voting
from web.access import address, public, show_the_door
from web.errors import said_no
from web.forms import Form, Line
from web.render import part_or_redirect, wants_part

pages = Blueprint("ballots", __name__, url_prefix="/n/<slug:slug>/contests/entries/<id:entry_id>")


class VisitForm(Form):
    code = Line("今天的 6 位投票码", 12)


def _load(entry_id):
    entry = entries.find(g.neighborhood, entry_id)
    return entry if entry is not None and entry.shown else abort(404)


def _answer(entry, ballot, told, undo=""):
    """The part as it is now, or the work's page again; the receipt goes into this browser."""
    entry = _load(entry.id)  # as it stands now: the first ballot of all has opened the vote
    voting.cast(entry.contest, ballot)
    url = url_for("entries.show", entry_id=entry.id, undo=undo or None) + "#ballot"
    return part_or_redirect("ballots/_box.html", url, toast=told, **(voting.box(entry, undo=undo) if wants_part() else {}))


def _visit(entry, form, refused=None):
    """Today's code is asked for, on a page of its own or in the place of the button."""
    template = "ballots/_visit.html" if wants_part() else "ballots/visit.html"
    page = make_response(render_template(template, entry=entry, contest=entry.contest, form=form))
    return said_no(page, refused) if refused else page


@pages.get("/vote")
@public
def visit(entry_id):
    """The second step of a visitor: she stands at the market, or types the code that hangs there."""
    entry = _load(entry_id)
    return _visit(entry, VisitForm(formdata=None))


@pages.post("/vote")
@public
def vote(entry_id):
    """`state=on|off` says what to reach."""
    entry, form, state = _load(entry_id), VisitForm(), request.form.get("state", "on")
    contest = entry.contest
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次", field="state")
    if g.member is None and contest.takes_votes(g.now) and not contest.open_to_visitors:
        return show_the_door(joining=True)
    if g.member is None:
        limits.spend("vote-address", address(), g.now)  # here, where a wrong code spends one too
    voting.arrive(contest, (form.code.data or "")[:12])
    if state == "off":
        ballot = ballots.let_go(contest, entry, g.now, **voting.who())
        return _answer(entry, ballot, "取消了，可以投给别的作品")
    try:
        ballot = ballots.cast(contest, entry, g.now, venue=voting.here(contest), trace=voting.trace(), **voting.who())
    except Refused as refused:
        if refused.code != "no-venue-code":
            raise
        if not request.form.get("asked"):
            return _visit(entry, VisitForm(formdata=None))
        form.code.errors = ["这不是今天的投票码，请看看现场墙上的 6 个字"]
        return _visit(entry, form, Refused(refused.code, form.code.errors[0], field="code"))
    return _answer(entry, ballot, _said(ballot), undo=ballot.receipt)


def _said(ballot):
    if ballot.kind == "waiting":
        return "先记下了"
    return "投好了，谢谢您来" if ballot.channel == "visitor" else "投好了"


@pages.post("/vote/undo")
@public
def undo(entry_id):
    entry = _load(entry_id)
    ballot = ballots.take_back(entry.contest, request.form.get("receipt", "")[:20], g.now, **voting.who())
    return _answer(entry, ballot, "撤回了")
