"""主理人工作台: what waits for the host, and what a host may do with a post."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import audit, invitations, mixes, posts, reviews
from db.base import Refused
from web.access import host
from web.errors import said_no
from web.forms import Form, Line
from web.render import go, part_or_redirect, wants_part

pages = Blueprint("reviews", __name__, url_prefix="/n/<slug:slug>/desk")


class ReasonForm(Form):
    """A reason picked from a list, or written by oneself, which counts more."""

    reason = Line("原因（4–200 个字）", 200)
    own_reason = Line("或者自己写一句", 200)

    def checked(self):
        if not self.validate():
            raise Refused("bad-reason", next(iter(self.errors.values()))[0], field="reason")
        return (self.own_reason.data or "").strip() or self.reason.data


def _again(form, refused, title):
    """Ask for the reason once more, with what was typed; htmx still has the form and only needs the sentence."""
    if refused.field != "reason" or wants_part():
        raise refused
    form.reason.data = (form.own_reason.data or "").strip() or form.reason.data
    form.reason.errors = [refused.sentence]
    page = render_template("reviews/reason.html", form=form, title=title, action=request.path)
    return said_no(make_response(page), refused)


def _load(post_id):
    return posts.find(g.neighborhood, post_id) or abort(404)


@pages.get("/")
@host
def index():
    waiting = reviews.waiting(g.neighborhood)
    return render_template(
        "reviews/index.html",
        waiting=waiting,
        photos=posts.photos_of([post.id for post in waiting]),
        edits=reviews.waiting_edits(g.neighborhood),
        reasons=reviews.RETURN_REASONS,
        mix=mixes.of_week(g.neighborhood, g.now),
        quiet=invitations.count(g.neighborhood, g.now),
    )


@pages.get("/log")
@host
def log():
    """What was done in this 小区 with a host's right, and why."""
    return render_template("reviews/log.html", lines=audit.latest(g.neighborhood))


@pages.post("/posts/<id:post_id>/approve")
@host
def approve(post_id):
    reviews.approve(_load(post_id), g.member, g.now)
    return _done("通过了，邻居们看得到了")


@pages.post("/posts/<id:post_id>/return")
@host
def give_back(post_id):
    post, form = _load(post_id), ReasonForm()
    try:
        reviews.give_back(post, g.member, g.now, form.checked())
    except Refused as refused:
        return _again(form, refused, "请作者改一改")
    return _done("退回了，作者会看到原因")


def _done(toast):
    left = reviews.count_waiting(g.neighborhood)
    return part_or_redirect("reviews/_done.html", url_for(".index"), toast=toast, left=left)


@pages.post("/edits/<id:revision_id>/<any(approve,drop):decision>")
@host
def decide_edit(revision_id, decision):
    revision = reviews.find_edit(g.neighborhood, revision_id) or abort(404)
    reason = ReasonForm().checked() or "修改没有通过"
    reviews.decide_edit(revision, g.member, g.now, accept=decision == "approve", reason=reason)
    return _done("修改通过了" if decision == "approve" else "保留了原来的文字")


@pages.post("/posts/<id:post_id>/pin")
@host
def pin(post_id):
    post, form = _load(post_id), ReasonForm()
    try:
        reviews.pin(post, g.member, g.now, form.checked())
    except Refused as refused:
        return _again(form, refused, "为什么置顶")
    return go(url_for("living_room.index"), "置顶了，最多 72 小时")


@pages.post("/posts/<id:post_id>/unpin")
@host
def unpin(post_id):
    reviews.unpin(_load(post_id), g.member, g.now)
    return go(url_for("posts.show", post_id=post_id), "取消置顶了")


@pages.post("/posts/<id:post_id>/feature")
@host
def feature(post_id):
    on = request.form.get("state") != "off"
    reviews.feature(_load(post_id), g.member, g.now, on)
    return go(url_for("posts.show", post_id=post_id), "选为话题佳作了" if on else "不再是话题佳作")


@pages.post("/posts/<id:post_id>/comments")
@host
def hold_comments(post_id):
    on = request.form.get("state") != "off"
    reviews.hold_comments(_load(post_id), g.member, g.now, comments_open=on)
    return go(url_for("posts.show", post_id=post_id), "评论打开了" if on else "评论关上了，已有的都还在")
