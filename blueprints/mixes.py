"""改分类: the host puts a post under its right kind, with a reason its author reads."""

from flask import Blueprint, abort, g, make_response, render_template, url_for

from db import mixes, posts
from db.base import Refused
from web.access import host
from web.errors import said_no
from web.forms import Form, HiddenField, Line
from web.render import go

pages = Blueprint("mixes", __name__, url_prefix="/n/<slug:slug>/desk")


class KindForm(Form):
    kind = HiddenField("放到")
    reason = Line("为什么（4–200 个字，作者会看到）", 200)


def _load(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or post.state not in {"pending", "published"}:
        abort(404)
    return post


def _page(post, form, status=200):
    return make_response(render_template("mixes/kind.html", post=post, form=form, kinds=mixes.KINDS_TO_GIVE), status)


@pages.get("/posts/<id:post_id>/kind")
@host
def ask(post_id):
    return _page(_load(post_id), KindForm(formdata=None))


@pages.post("/posts/<id:post_id>/kind")
@host
def retag(post_id):
    post, form = _load(post_id), KindForm()
    if not form.validate():
        return _page(post, form, 422)
    try:
        mixes.retag(post, g.member, g.now, form.kind.data, form.reason.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_page(post, form), refused)
    return go(url_for("posts.show", post_id=post.id), "放到新的分类了，作者会收到消息")
