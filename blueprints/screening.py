"""HQ's word lists: what waits for a host and what cannot be said; seen before it is saved, what it would hold up (X10)."""

from flask import Blueprint, g, make_response, render_template, url_for

from db import reviews, screening
from db.base import Refused
from web.access import hq
from web.errors import said_no
from web.forms import Form, HiddenField, Text
from web.render import go

pages = Blueprint("screening", __name__, url_prefix="/hq/words")


class WordsForm(Form):
    words = Text("词，一行一个", 8000)
    level = HiddenField(default="hold")


def _page(form, status=200, preview=None):
    page = render_template("screening/index.html", form=form, listed=screening.listed(), levels=screening.LEVELS, preview=preview)
    return make_response(page, status)


@pages.get("")
@hq
def index():
    return _page(WordsForm(formdata=None))


@pages.post("/preview")
@hq
def preview():
    """What these words would have found in what was said lately. Nothing is saved."""
    form = WordsForm()
    try:
        if not form.validate():
            return _page(form, 422)
        found = screening.preview(form.words.data, reviews.lately_said())
    except Refused as refused:
        form.refuse(refused)
        return said_no(_page(form), refused)
    return _page(form, preview=found)


@pages.post("")
@hq
def add():
    form = WordsForm()
    if not form.validate():
        return _page(form, 422)
    try:
        many = screening.add(form.words.data, form.level.data, g.user, g.now)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(form), refused)
    return go(url_for(".index"), f"{many} 个词在词表里了，从现在起算")


@pages.post("/<id:word_id>/remove")
@hq
def remove(word_id):
    screening.take_off(word_id, g.user, g.now)
    return go(url_for(".index"), "从词表里拿掉了")
