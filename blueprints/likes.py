"""赞: `state=on|off` says what to reach; the answer is the button as it now is."""

from flask import Blueprint, abort, g, request, url_for

from db import likes, posts
from db.base import Refused
from web.access import resident
from web.render import part_or_redirect

pages = Blueprint("likes", __name__, url_prefix="/n/<slug:slug>/posts/<id:post_id>")


@pages.post("/like")
@resident
def like(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or not post.readable_by(g.member):
        abort(404)
    state = request.form.get("state")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次那颗心", field="state")
    on = state == "on"
    count = likes.set_like(g.member, post, on, g.now)
    back = url_for("posts.show", post_id=post_id) + "#like"
    return part_or_redirect("likes/_button.html", back, url=url_for("posts.show", post_id=post_id), liked=on, count=count)
