"""The demo's own door: sign in as anyone of the cast with one tap. Only there with LINLI_DEMO=1, never in production."""

from flask import Blueprint, abort, render_template, request, url_for

from db import demo
from web.access import enter, go_out, public
from web.render import go

pages = Blueprint("demo", __name__)


@pages.get("/demo")
@public
def index():
    return render_template("demo/index.html", cast=demo.cast())


@pages.post("/demo")
@public
def enter_as():
    key = request.form.get("key", "")
    if key == "guest":
        go_out()
        return go(url_for("living_room.index", slug="cuihu"), "您现在是访客")
    person = next((each for each in demo.cast() if each.key == key), None) or abort(404)
    enter(person.user)
    return go(person.home, f"您现在是{person.user.name}（{person.role}）")
