"""话题: what the 小区 is talking about, one page each; hosts schedule and end them."""

from datetime import timedelta

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import living_room, topics
from db.base import Refused
from web import cards
from web.access import host, public
from web.forms import Form, HiddenField, Line
from web.render import go, local, parse_local, wants_part

pages = Blueprint("topics", __name__, url_prefix="/n/<slug:slug>")


class TopicForm(Form):
    prompt = Line("话题", 40)
    blurb = Line("补充一句", 200)
    opens_at = Line("开始", 20)
    closes_at = Line("结束", 20)
    twin_ok = HiddenField()


def _load(topic_id):
    return topics.find(g.neighborhood, topic_id) or abort(404)


@pages.get("/topics/")
@public
def index():
    return render_template("topics/index.html", listed=topics.listed(g.neighborhood))


@pages.get("/topics/<id:topic_id>")
@public
def show(topic_id):
    topic = _load(topic_id)
    after = request.args.get("after", "")[:40]
    found = living_room.topic_feed(topic, g.member, after=after)
    if wants_part():
        return render_template("topics/_feed.html", topic=topic, feed=cards.drawn(found.listed, found.liked), after=found.after)
    best = living_room.topic_feed(topic, g.member, best=True)
    return render_template(
        "topics/show.html",
        topic=topic,
        feed=cards.drawn(found.listed, found.liked),
        best=cards.drawn(best.listed, best.liked) if not after else "",
        after=found.after,
        people=living_room.participants(topic),
    )


def _form(form, status=200):
    template = "topics/new.html"
    return make_response(render_template(template, form=form, presets=topics.PRESETS), status)


@pages.get("/desk/topics/new")
@host
def new():
    start = local(g.now).replace(second=0, microsecond=0)
    form = TopicForm(formdata=None, prompt=request.args.get("prompt", "")[:40])
    form.opens_at.data = start.strftime("%Y-%m-%dT%H:%M")
    form.closes_at.data = (start + timedelta(days=7)).replace(hour=21, minute=0).strftime("%Y-%m-%dT%H:%M")
    return _form(form)


@pages.post("/desk/topics/new")
@host
def create():
    form = TopicForm()
    opens, closes = parse_local(form.opens_at.data), parse_local(form.closes_at.data)
    try:
        if opens is None or closes is None:
            raise Refused("bad-dates", "请选择开始和结束的日期时间", field="opens_at" if opens is None else "closes_at")
        if not form.validate():
            return _form(form, 422)
        topic = topics.schedule(
            g.member,
            g.now,
            prompt=form.prompt.data,
            blurb=form.blurb.data,
            opens_at=opens,
            closes_at=closes,
            twin_ok=form.twin_ok.data == form.prompt.data,
        )
    except Refused as refused:
        if refused.code == "twin":
            form.twin_ok.data = form.prompt.data
        form.refuse(refused)
        return _form(form, refused.status)
    return go(url_for(".show", topic_id=topic.id), "话题安排好了")


@pages.post("/desk/topics/<id:topic_id>/close")
@host
def close(topic_id):
    topic = _load(topic_id)
    topics.close(topic, g.now)
    return go(url_for(".show", topic_id=topic.id), "话题结束了，大家的话都还在")
