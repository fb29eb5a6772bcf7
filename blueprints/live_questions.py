"""提问: asked and pushed by neighbours, answered and hidden by whoever runs the event."""

from flask import Blueprint, abort, g, request, url_for

from db import live_questions
from db.base import Refused
from web import live_page
from web.access import resident
from web.event_page import again
from web.live_page import AnswerForm, AskForm, found
from web.render import go, part_or_redirect

pages = Blueprint("live_questions", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/live/questions")


def _run(event_id):
    event = found(event_id)
    return event if event.run_by(g.member) else abort(403)


def _of(event, question_id):
    return live_questions.find(event, question_id) or abort(404)


@pages.get("/")
@resident
def index(event_id):
    return live_page.answers(_run(event_id))


@pages.post("/")
@resident
def ask(event_id):
    event, form = found(event_id), AskForm()
    if not form.validate():
        return live_page.show(event_id, 422, form)
    told = {"op_id": form.op_id.data, "body": form.body.data, "anonymous": form.anonymous.data}
    try:
        question = live_questions.ask(g.member, event, g.now, **told)
    except Refused as refused:
        return again(form, refused, lambda: live_page.show(event_id, form=form))
    said = "主理人看过就出现" if question.state == "waiting" else "问好了，邻居们可以一起顶"
    return go(url_for("lives.show", event_id=event_id), said)


@pages.post("/<id:question_id>/push")
@resident
def push(event_id, question_id):
    event = found(event_id)
    question = _of(event, question_id)
    if question.state not in live_questions.SEEN:
        abort(404)
    on = request.form.get("state") == "on"
    question.votes = live_questions.push(g.member, event, question, on, g.now)
    values = {"event": event, "question": question, "takes": True, "neighbor": True, "pushed": {question.id} if on else set()}
    return part_or_redirect("live_questions/_question.html", url_for("lives.show", event_id=event_id), **values)


@pages.post("/<id:question_id>/answer")
@resident
def answer(event_id, question_id):
    event, form = _run(event_id), AnswerForm()
    question = _of(event, question_id)
    if not form.validate():
        return live_page.answers(event, 422, form, question)
    try:
        live_questions.answer(event, question, g.member, g.now, form.answer.data)
    except Refused as refused:
        return again(form, refused, lambda: live_page.answers(event, form=form, wrong=question))
    return go(url_for(".index", event_id=event_id), "答好了，提问的邻居会知道")


@pages.post("/<id:question_id>/hide")
@resident
def hide(event_id, question_id):
    event = _run(event_id)
    live_questions.hide(event, _of(event, question_id), g.member, g.now)
    return go(url_for(".index", event_id=event_id), "收起来了")


@pages.post("/<id:question_id>/show")
@resident
def show(event_id, question_id):
    event = _run(event_id)
    live_questions.show(event, _of(event, question_id), g.member, g.now)
    return go(url_for(".index", event_id=event_id), "大家看得到了")
