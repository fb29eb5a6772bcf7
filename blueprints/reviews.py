"""主理人工作台: what waits for the host, and what a host may do with a post or comment."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import (
    audit,
    comments,
    entries,
    event_reviews,
    hiding,
    invitations,
    mixes,
    needs,
    picks,
    posts,
    reports,
    reviews,
    screening,
    services,
    spreads,
    subjects,
)
from db.base import Refused
from web import desk
from web.access import host
from web.desk import ReasonForm, asked_again
from web.errors import said_no
from web.forms import Form, Line, Text
from web.render import go, part, wants_part

pages = Blueprint("reviews", __name__, url_prefix="/n/<slug:slug>/desk")

THING = "/<any(post,comment):kind>/<id:thing_id>"


class MendForm(Form):
    title = Line("标题", 60)
    body = Text("内容", posts.LONGEST)


def _load(post_id):
    return posts.find(g.neighborhood, post_id) or abort(404)


def _thing(kind, thing_id):
    return (comments.find_here if kind == "comment" else posts.find)(g.neighborhood, thing_id) or abort(404)


@pages.get("/")
@host
def index():
    waiting = reviews.waiting(g.neighborhood)
    return render_template(
        "reviews/index.html",
        waiting=waiting,
        photos=posts.photos_of([post.id for post in waiting]),
        edits=reviews.waiting_edits(g.neighborhood),
        said=reviews.waiting_comments(g.neighborhood),
        waiting_services=services.waiting(g.neighborhood),
        service_reasons=services.RETURN_REASONS,
        waiting_needs=needs.waiting(g.neighborhood),
        need_reasons=needs.RETURN_REASONS,
        waiting_entries=entries.waiting(g.neighborhood),
        entry_reasons=entries.RETURN_REASONS,
        waiting_events=event_reviews.waiting(g.neighborhood),
        event_reasons=event_reviews.RETURN_REASONS,
        left=desk.left(),
        reported=reports.count_open(g.neighborhood),
        reasons=reviews.RETURN_REASONS,
        mix=mixes.of_week(g.neighborhood, g.now),
        quiet=invitations.count(g.neighborhood, g.now),
        to_take_down=spreads.count_to_take_down(g.neighborhood),
        why=screening.WHY,
        undo=reviews.last_decision(g.neighborhood, g.member, g.now),
    )


@pages.get("/log")
@host
def log():
    """What was done in this 小区 with a host's right, and why."""
    return render_template("reviews/log.html", lines=audit.latest(g.neighborhood))


@pages.post(f"{THING}/approve")
@host
def approve(kind, thing_id):
    line = reviews.approve(_thing(kind, thing_id), g.member, g.now)
    return _done("通过了，邻居们看得到了", line)


@pages.post("/approve")
@host
def approve_ticked():
    """Several at once: what is ticked, or everything on the page."""
    things = [_found(name) for name in request.form.getlist("thing")[:100]]
    done = reviews.approve_all([thing for thing in things if thing], g.member, g.now)
    return go(url_for(".index"), f"{len(done)} 条通过了" if done else "没有勾选，或者都有人处理过了")


def _found(name):
    """The thing that `post-12` names, or None."""
    kind, _, number = name.partition("-")
    if kind not in {"post", "comment"} or not (number.isascii() and number.isdigit() and 0 < len(number) < 16):
        return None
    return (comments.find_here if kind == "comment" else posts.find)(g.neighborhood, int(number))


@pages.post(f"{THING}/return")
@host
def give_back(kind, thing_id):
    return _against(reviews.give_back, _thing(kind, thing_id), "请作者改一改", "退回了，作者会看到原因")


@pages.post(f"{THING}/reject")
@host
def reject(kind, thing_id):
    return _against(reviews.reject, _thing(kind, thing_id), "不通过", "没有通过，作者会看到原因")


def _against(act, thing, title, toast):
    form = ReasonForm()
    try:
        line = act(thing, g.member, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, title)
    return _done(toast, line)


@pages.get("/post/<id:post_id>/mend")
@host
def ask_mend(post_id):
    post = _load(post_id)
    if post.state != "pending":
        raise posts.moved_on()
    return _mender(post, MendForm(formdata=None, title=post.title, body=post.body))


def _mender(post, form, status=200):
    titled = post.kind in posts.MAY_HAVE_TITLE
    return make_response(render_template("reviews/mend.html", post=post, form=form, titled=titled), status)


@pages.post("/post/<id:post_id>/mend")
@host
def mend(post_id):
    post, form = _load(post_id), MendForm()
    if not form.validate():
        return _mender(post, form, 422)
    try:
        reviews.mend(post, g.member, g.now, title=form.title.data, body=form.body.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_mender(post, form), refused)
    return go(url_for(".index"), "改好发布了，作者会看到改了哪里")


@pages.post("/undo/<id:line_id>")
@host
def undo(line_id):
    line = reviews.find_decision(g.neighborhood, line_id) or abort(404)
    reviews.undo(g.neighborhood, line, g.member, g.now)
    return go(url_for(".index"), "撤销了，它又在等您看")


def _done(toast, line=None):
    """Handled: with htmx a line in its place that can be undone for ten seconds, otherwise the desk, which offers the same."""
    if wants_part():
        return part("reviews/_done.html", toast=toast, left=desk.left(), line=line)
    return go(url_for(".index"), toast)


@pages.get(f"{THING}/hide")
@host
def ask_hide(kind, thing_id):
    """A reason first: its author reads it."""
    thing = _thing(kind, thing_id)
    if thing.state not in posts.SEEN:
        raise reviews.rules_of(thing).moved_on()
    return render_template("reviews/hide.html", thing=thing, called=reviews.called(thing), reasons=hiding.HIDE_REASONS)


@pages.post(f"{THING}/hide")
@host
def hide(kind, thing_id):
    thing, form = _thing(kind, thing_id), ReasonForm()
    if thing.author.is_host and thing.author_id != g.member.id:
        abort(403)  # another host's words are the district officer's business
    try:
        hiding.hide(thing, g.user, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, "为什么隐藏")
    return go(url_for("posts.show", post_id=_post_of(thing)), "隐藏了，作者会看到原因")


@pages.post(f"{THING}/restore")
@host
def restore(kind, thing_id):
    thing = _thing(kind, thing_id)
    hiding.restore(thing, g.user, g.now)
    return go(url_for("posts.show", post_id=_post_of(thing)), "又看得到了")


def _post_of(thing):
    return thing.post_id if subjects.kind_of(thing) == "comment" else thing.id


@pages.post("/edits/<id:revision_id>/<any(approve,drop):decision>")
@host
def decide_edit(revision_id, decision):
    revision = reviews.find_edit(g.neighborhood, revision_id) or abort(404)
    reason = ReasonForm().checked() or "修改没有通过"
    reviews.decide_edit(revision, g.member, g.now, accept=decision == "approve", reason=reason)
    return _done("修改通过了" if decision == "approve" else "保留了原来的文字")


@pages.post("/post/<id:post_id>/pin")
@host
def pin(post_id):
    post, form = _load(post_id), ReasonForm()
    try:
        reviews.pin(post, g.member, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, "为什么置顶")
    return go(url_for("living_room.index"), "置顶了，最多 72 小时")


@pages.post("/post/<id:post_id>/unpin")
@host
def unpin(post_id):
    reviews.unpin(_load(post_id), g.member, g.now)
    return go(url_for("posts.show", post_id=post_id), "取消置顶了")


@pages.post("/post/<id:post_id>/feature")
@host
def feature(post_id):
    post, form = _load(post_id), ReasonForm()
    if request.form.get("state") == "off":
        picks.unpick("post", post, g.member, g.now)
        return go(url_for("posts.show", post_id=post_id), "不再是精选了")
    try:
        picks.pick("post", post, g.member, g.now, form.checked())
    except Refused as refused:
        return asked_again(form, refused, "为什么选为精选")
    return go(url_for("posts.show", post_id=post_id), "选为精选了，作者会看到")


@pages.post("/post/<id:post_id>/comments")
@host
def hold_comments(post_id):
    on = request.form.get("state") != "off"
    reviews.hold_comments(_load(post_id), g.member, g.now, comments_open=on)
    return go(url_for("posts.show", post_id=post_id), "评论打开了" if on else "评论关上了，已有的都还在")
