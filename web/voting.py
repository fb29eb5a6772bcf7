"""Who votes on this browser: a neighbour or a device, whether it stood at the market today, and the receipts it keeps.

The last two are signed cookies. No row says which ballot was whose once the count is over: only the voter's device knows (I10).
"""

import json

from flask import current_app, g, request
from itsdangerous import BadSignature, Signer

from db import ballots, entries, exhibitions, rotating
from db.ballots import LETTERS, grouped, typed
from db.traces import Trace
from web.access import address, device

KEPT = 12  # receipts of so many contests, the latest


def who():
    """The voter, as db/ballots.py wants to know her: a neighbour, or the device in a visitor's hand."""
    return {"member": g.member} if g.member else {"device": device()}


def trace():
    """Where this tap comes from, for the rules about bursts."""
    return Trace(device(), address())


def box(entry, *, undo=""):
    """What the part on a work's page needs: what one may do here, and what one has done."""
    contest = entry.contest
    phase = contest.phase(g.now)
    mine = ballots.of(contest, **who()) if phase == "voting" else None
    return {
        "entry": entry,
        "contest": contest,
        "phase": phase,
        "mine": mine,
        "others": entries.titles(mine.chosen) if mine else [],
        "receipt": mine.shown_receipt if mine else receipt(contest),
        "here": here(contest),
        "undo": undo if mine and mine.receipt == undo else "",
    }


def _signed(name):
    signer = Signer(current_app.secret_key, salt=name)
    try:
        return signer.unsign(request.cookies.get(name, "")).decode()
    except (BadSignature, UnicodeDecodeError):
        return ""


def _keep(response, name, value, age):
    signed = Signer(current_app.secret_key, salt=name).sign(value).decode()
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(name, signed, max_age=age, httponly=True, samesite="Lax", secure=secure)
    return response


def _today(contest):
    return f"{contest.id} {rotating.venue_day(g.now)}"


def arrive(contest, code):
    """Whether this is the code that hangs at the market today; noted for this request, `remember` tells the browser."""
    if code and exhibitions.is_venue_code(contest, code, g.now):
        g.arrived = _today(contest)
    return here(contest)


def here(contest):
    """Whether this browser has shown today's code of the market."""
    return (g.get("arrived") or _signed("here")) == _today(contest)


def _receipts():
    try:
        return json.loads(_signed("ballots") or "{}")
    except ValueError:
        return {}


def cast(contest, ballot):
    """Remember the receipt of a ballot on this device, or forget it where the ballot is void."""
    kept = _receipts()
    kept.pop(str(contest.id), None)
    if ballot is not None and ballot.kind != "void":
        kept[str(contest.id)] = ballot.receipt
    g.receipts = dict(list(kept.items())[-KEPT:])


def receipt(contest):
    """The receipt this device keeps of a contest, as people read it, or empty."""
    kept = g.get("receipts") or _receipts()
    found = typed(str(kept.get(str(contest.id), "")))
    return grouped(found) if len(found) == LETTERS else ""


def remember(response):
    """After a request: what was noted goes into the browser."""
    if arrived := g.get("arrived"):
        _keep(response, "here", arrived, 86_400)
    if (receipts := g.get("receipts")) is not None:
        _keep(response, "ballots", json.dumps(receipts), 400 * 86_400)
    return response


def init_app(app):
    app.after_request(remember)
