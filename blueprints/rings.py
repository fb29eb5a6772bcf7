"""互相点赞的: HQ looks at pairs of neighbours who praise hardly anybody else."""

from flask import Blueprint, g, make_response, render_template, url_for

from db import rings
from db.base import Refused
from web.access import hq
from web.errors import said_no
from web.forms import Form, Line
from web.render import go

pages = Blueprint("rings", __name__, url_prefix="/hq/points/rings")


class ClearForm(Form):
    reason = Line("看过了，为什么没问题（4–200 个字）", 200)


def _page(form, status=200, wrong=0):
    return make_response(render_template("rings/index.html", form=form, listed=rings.listed(), wrong=wrong), status)


@pages.get("")
@hq
def index():
    return _page(ClearForm(formdata=None))


@pages.post("/<id:ring_id>/clear")
@hq
def clear(ring_id):
    form = ClearForm()
    try:
        if not form.validate():
            return _page(form, 422, ring_id)
        rings.clear(ring_id, g.user, g.now, form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(form, wrong=ring_id), refused)
    return go(url_for(".index"), "记下了，TA 们互相给的又算分了")
