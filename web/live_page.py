"""What the pages of a live room share: its stage, its questions, and how a viewer stands to them."""

from flask import abort, g, make_response, render_template

from db import live_questions, lives
from web.event_page import load
from web.forms import BooleanField, Form, Line, OpId, Text


class AskForm(Form):
    op_id = OpId()
    body = Line("想问什么（最多 200 字）", 200)
    anonymous = BooleanField()


class AnswerForm(Form):
    answer = Text("回答（在直播里答过了，可以空着）", 500)


class RoomForm(Form):
    room_name = Line("在哪里直播，比如「视频号：绿洲生活」", 40)
    room_url = Line("直播间网址（可不填）", 300)
    stream_url = Line("在我们页面里播放的直播源（可不填）", 300)
    rain = Line("下雨或临时有变怎么办（可不填）", 200)


class ReplayForm(Form):
    replay_url = Line("回放网址", 300)
    highlights = Text("精彩时刻，一行一个", 3000)


def pulse(event_id):
    """The tag of what is read after this: read before it, old words would be kept under a new tag."""
    return lives.pulse(g.neighborhood.slug, event_id, g.now)


def found(event_id):
    """The event of this address, if it has a live room, as this viewer may read it, or 404."""
    event = load(event_id)
    return event if lives.has_room(event) else abort(404)


def stage(event):
    """What stands above the questions."""
    room, moments = lives.of(event), lives.highlights(event)
    values = {"event": event, "room": room, "moments": moments, "stage": lives.stage_of(event, g.now)}
    return values | {"picture": lives.picture(event, room, moments, g.now)}


def board(event, pushed=(), neighbor=True):
    """The questions as neighbours see them, or guests."""
    values = {"event": event, "questions": live_questions.listed(event), "takes": live_questions.takes(event, g.now)}
    return values | {"pushed": pushed, "neighbor": neighbor}


def show(event_id, status=200, form=None):
    """The live page, whole; a question that was refused comes along as `form`."""
    tag, event = pulse(event_id), found(event_id)
    values = stage(event) | board(event, live_questions.pushed_by(event, g.member), g.member is not None)
    form = form or AskForm(formdata=None)
    mine = {"form": form, "tag": tag, "reminded": lives.wants_reminder(event, g.member), "runs": event.run_by(g.member)}
    return make_response(render_template("lives/show.html", **values | mine), status)


def desk(event, status=200, **refused):
    """The room as whoever runs it furnishes it; a form that was refused comes by its name."""
    room = lives.of(event)
    words = {name: getattr(room, name) for name in ("room_name", "room_url", "stream_url", "rain")}
    told = "\n".join(f"{each.clock} {each.words}" for each in lives.highlights(event))
    forms = {"furnish": RoomForm(formdata=None, **words)}
    forms["again"] = ReplayForm(formdata=None, replay_url=room.replay_url, highlights=told)
    values = {"event": event, "stage": lives.stage_of(event, g.now), "streams": lives.hosts, "reminders": lives.reminders(event)}
    values["asked"], values["answered"] = live_questions.figures(event)
    return make_response(render_template("lives/desk.html", **forms | values | refused), status)


def answers(event, status=200, form=None, wrong=None):
    """All questions with the tools of whoever runs the event; an answer that was refused comes with its question."""
    values = {"event": event, "questions": live_questions.desk(event), "form": form, "wrong": wrong}
    return make_response(render_template("live_questions/desk.html", **values), status)
