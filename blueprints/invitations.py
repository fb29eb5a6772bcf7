"""好久没来的邻居: who has been quiet, and one kind word at a time."""

from flask import Blueprint, abort, g, render_template, request, url_for

from db import invitations, members
from web.access import host
from web.render import go

pages = Blueprint("invitations", __name__, url_prefix="/n/<slug:slug>/desk/dormant")


@pages.get("")
@host
def index():
    after = request.args.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    listed = invitations.listed(g.neighborhood, g.now, number)
    return render_template(
        "invitations/index.html",
        listed=listed,
        count=invitations.count(g.neighborhood, g.now),
        sent=[] if number else invitations.sent(g.neighborhood, g.now),
        more=listed[-1].member.id if len(listed) == invitations.PAGE else 0,
    )


def _load(member_id):
    return members.get(g.neighborhood, member_id) or abort(404)


@pages.get("/<id:member_id>")
@host
def show(member_id):
    quiet = invitations.one(_load(member_id), g.now)
    fitting = invitations.fitting(g.member, quiet, g.now) if quiet and quiet.may_be_asked else []
    return render_template("invitations/show.html", member=_load(member_id), quiet=quiet, fitting=fitting)


@pages.post("/<id:member_id>/<any(topics,posts):what>/<id:goal_id>")
@host
def invite(member_id, what, goal_id):
    member = _load(member_id)
    invitation = invitations.to(g.member, what, goal_id, g.now) or abort(404)
    invitations.invite(g.member, member, invitation, g.now)
    return go(url_for(".index"), f"带到了。{member.name}来不来都好")
