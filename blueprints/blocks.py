"""屏蔽TA: `state=on|off` says what to reach; the list of whom one has blocked."""

from flask import Blueprint, abort, g, render_template, request, url_for

from db import blocks, members
from db.base import Refused
from web.access import resident
from web.render import go

pages = Blueprint("blocks", __name__, url_prefix="/n/<slug:slug>")


@pages.post("/blocks/<id:member_id>")
@resident
def block(member_id):
    other, state = members.get(g.neighborhood, member_id), request.form.get("state")
    if other is None:
        abort(404)
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次", field="state")
    blocks.set_block(g.member, other, state == "on", g.now)
    name = other.user.name
    return go(url_for(".index"), f"不再看到{name}的内容了" if state == "on" else f"又能看到{name}的内容了")


@pages.get("/me/blocks")
@resident
def index():
    return render_template("blocks/index.html", listed=blocks.listed(g.member))
