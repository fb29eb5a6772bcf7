"""反馈: the form an exit poster leads to, the thanks after it, and what its host reads."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for

from db import feedbacks, limits
from db.base import Refused
from web import event_page
from web.access import address, device, public, resident
from web.event_page import load, run
from web.forms import Form, Line, Text, whole
from web.render import go

pages = Blueprint("feedbacks", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/feedback")


class FeedbackForm(Form):
    face = Line("这场活动怎么样", 2)
    words = Text("想说的话（可不填）", 200)
    own = Line("还想和邻居一起……（可不填）", 12)


class NamesForm(Form):
    names = Text("请大家选一选，一行一个，最多 8 个", 200)


def _wants():
    """What is ticked, as it came: at most as many as a form may list."""
    return [name[:12] for name in request.values.getlist("want")[: feedbacks.MOST + feedbacks.SHOWN]]


def _page(event, form, wants, status=200):
    standing = feedbacks.standing(event, g.now)
    values = {
        "event": event,
        "form": form,
        "faces": feedbacks.FACES,
        "why_not": feedbacks.WHY_NOT.get(standing, ""),
        "options": feedbacks.options(event) if standing == "open" else {},
        "wants": wants,
        "said": feedbacks.of(event, member=g.member, device=device()),
    }
    return make_response(render_template("feedbacks/form.html", **values), status)


@pages.get("")
@public
def form(event_id):
    event = load(event_id)
    said = feedbacks.of(event, member=g.member, device=device())
    wants = list(dict.fromkeys([*feedbacks.ticked(said), *_wants()]))
    other = [name for name in wants if name not in feedbacks.options(event)]
    own = (request.args.get("own") or next(iter(other), ""))[:12]
    told = {"face": str(said.face), "words": said.words} if said else {}
    return _page(event, FeedbackForm(formdata=None, own=own, **told), wants)


@pages.post("")
@public
def say(event_id):
    event, form, wants = load(event_id), FeedbackForm(), _wants()
    if not form.validate():
        return _page(event, form, wants, 422)
    if g.member is None:
        limits.spend("feedback-address", address(), g.now)  # whoever throws her cookie away each time
    words = {"face": whole(form.face.data), "words": form.words.data, "own": form.own.data}
    try:
        feedbacks.say(event, g.now, member=g.member, device=device(), wants=wants, **words)
    except Refused as refused:
        return event_page.again(form, refused, lambda: _page(event, form, wants))
    kept = {} if g.member else {"want": wants, "own": form.own.data or None}
    return go(url_for(".thanks", event_id=event_id, **kept))


@pages.get("/thanks")
@public
def thanks(event_id):
    event = load(event_id)
    said = feedbacks.of(event, member=g.member, device=device())
    if said is None:
        return redirect(url_for(".form", event_id=event_id), 303)
    wants, own = _wants(), request.args.get("own", "")[:12] or None
    back = url_for(".form", event_id=event_id, want=wants, own=own)
    ticked = feedbacks.ticked(said)
    return render_template("feedbacks/thanks.html", event=event, ticked=ticked, back=back, wants=[*wants, *filter(None, [own])])


@pages.get("/said")
@resident
def said(event_id):
    event = run(event_id)
    return _said(event, NamesForm(formdata=None, names="\n".join(feedbacks.names_of(event))))


def _said(event, names, status=200):
    values = {
        "event": event,
        "names": names,
        "faces": feedbacks.FACES,
        "neighbors": feedbacks.told(event, guests=False),
        "guests": feedbacks.told(event, guests=True),
        "tally": feedbacks.tally(event),
        "came": feedbacks.came(event),
        "standing": feedbacks.standing(event, g.now),
    }
    return make_response(render_template("feedbacks/said.html", **values), status)


@pages.post("/names")
@resident
def names(event_id):
    event, form = run(event_id), NamesForm()
    if not form.validate():
        return _said(event, form, 422)
    try:
        feedbacks.list_names(event, g.member, form.names.data)
    except Refused as refused:
        return event_page.again(form, refused, lambda: _said(event, form))
    return go(url_for(".said", event_id=event_id), "列好了")
