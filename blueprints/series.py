"""固定的活动: an event that comes every week, month or quarter, and what one keeps in mind for the next time."""

from flask import Blueprint, g, make_response, render_template, request, url_for

from db import series
from db.base import Refused
from web.access import resident
from web.event_page import again, run
from web.forms import Form, Text
from web.render import day, go

pages = Blueprint("series", __name__, url_prefix="/n/<slug:slug>/events/<id:event_id>/series")


class LessonForm(Form):
    lesson = Text("下次注意什么", 500)


def _page(event, status=200, form=None, wrong=""):
    place = series.place_of(event)
    mine = series.kept_by(place.series, g.member) if place else event.is_of(g.member)
    values = {"event": event, "edition": place, "rhythms": series.RHYTHMS, "form": form, "wrong": wrong, "mine": mine}
    if place:
        values["form"] = form or LessonForm(formdata=None, lesson=place.lesson)
        values |= {"editions": series.editions(place.series), "coming": series.coming_dates(place.series)}
        values["lessons"] = series.lessons(place)
    return make_response(render_template("series/show.html", **values), status)


@pages.get("")
@resident
def show(event_id):
    return _page(run(event_id))


@pages.post("")
@resident
def start(event_id):
    event = run(event_id)
    try:
        series.start(event, g.member, g.now, request.form.get("rhythm", ""))
    except Refused as refused:
        if refused.field != "rhythm":
            raise
        return _page(event, 422, wrong=refused.sentence)
    return go(url_for(".show", event_id=event_id), "固定下来了，下一期会自己排出来")


@pages.post("/skip")
@resident
def skip(event_id):
    no = request.form.get("no", "")
    moment = series.skip(run(event_id), g.member, g.now, int(no) if no.isdecimal() and len(no) < 6 else 0)
    return go(url_for(".show", event_id=event_id), f"{day(moment)}那一期跳过了")


@pages.post("/stop")
@resident
def stop(event_id):
    series.stop(run(event_id), g.member, g.now)
    return go(url_for(".show", event_id=event_id), "停了，已经发出去的照常")


@pages.post("/lesson")
@resident
def lesson(event_id):
    event, form = run(event_id), LessonForm()
    if not form.validate():
        return _page(event, 422, form)
    try:
        series.note_lesson(event, g.member, g.now, form.lesson.data)
    except Refused as refused:
        return again(form, refused, lambda: _page(event, form=form))
    return go(url_for(".show", event_id=event_id), "记下了，下一期会看到")
