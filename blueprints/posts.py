"""Write, read, mend and take down posts."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import (
    aid_matches,
    comments,
    group_rooms,
    groups,
    howtos,
    likes,
    makings,
    mixes,
    mutual_aid,
    photos,
    picks,
    posts,
    reviews,
    revisions,
    stories,
    topics,
)
from db.base import Refused
from web import uploads
from web.access import public, resident
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.paid import plus
from web.render import go, wants_part

pages = Blueprint("posts", __name__, url_prefix="/n/<slug:slug>/posts")

HINTS = {
    "chat": "今天有什么想和邻居分享的？",
    "question": "想问什么？邻居里一定有人知道",
    "help": "需要搭把手？说说什么事、什么时候",
    "meetup": "想约邻居一起做点什么？写上时间、地点",
    "howto": "把您的拿手本事写下来，一步一步来",
    "notice": "有什么要告诉大家的？",
    "promo": "说说这样东西的来历，和您自己用过的感受",
}


class PostForm(Form):
    op_id = OpId()
    kind = HiddenField(default="chat")
    title = Line("标题", 60)
    body = Text("内容", posts.LONGEST)
    topic = HiddenField()
    group = HiddenField()
    visibility = HiddenField(default="public")
    consent = BooleanField("照片里如果有别人（尤其是孩子），我已征得同意")
    promo_ok = BooleanField("知道了，还是要发")


def _load(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or not post.readable_by(g.member):
        abort(404)
    return post


def _topic(text):
    return topics.find(g.neighborhood, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def _group(text):
    """The group a form names, where this neighbour may write in it; None for anything else."""
    named = text and text.isascii() and text.isdigit() and len(text) < 16
    group = groups.find(g.neighborhood, int(text)) if named else None
    return group if group and groups.may_write(group, g.member) else None


def _meant_for_few(text):
    """Whether a form names a private group: what was written for it never becomes a plain post."""
    group = groups.find(g.neighborhood, int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    return group is not None and group.private


def _composer(form, tray, status=200):
    kinds = {kind: name for kind, name in posts.KINDS.items() if g.member.is_host or kind not in posts.HOST_KINDS}
    template = "posts/_composer.html" if wants_part() else "posts/new.html"
    values = {
        "form": form, "tray": tray, "kinds": kinds, "topic": _topic(form.topic.data), "group": _group(form.group.data),
        "most": posts.MOST_PHOTOS,
        "hint": HINTS.get(form.kind.data, ""), "titled": form.kind.data in posts.TITLED_KINDS,
    }  # fmt: skip
    return make_response(render_template(template, **values), status)


@pages.get("/new")
@resident
def new():
    """The composer; what has a form of its own is written there."""
    kind = request.args.get("kind")
    if kind == "howto" and not request.args.get("topic"):
        return redirect(url_for("howtos.new"), 303)
    if kind == "story" and g.member.is_host:
        return redirect(url_for("stories.new"), 303)
    if kind == "help":
        return redirect(url_for("mutual_aid.new"), 303)
    form = PostForm(formdata=None)
    form.kind.data = request.args.get("kind", "chat") if request.args.get("kind") in posts.KINDS else "chat"
    form.topic.data = request.args.get("topic", "")
    form.group.data = request.args.get("group", "")
    return _composer(form, [])


@pages.post("")
@resident
def create():
    form = PostForm()
    codes = [code for code in uploads.codes() if code != request.form.get("drop")]
    try:
        if request.files.get("file") and request.files["file"].filename:
            if len(photos.in_tray(g.member, codes)) >= posts.MOST_PHOTOS:
                raise posts.too_many_photos()
            codes.append(uploads.take("file").code)
        tray = photos.in_tray(g.member, codes)
        if "add" in request.form or "drop" in request.form:
            return _composer(form, tray)
        if not form.validate():
            return _composer(form, tray, 422)
        group = _group(form.group.data)
        if form.group.data and group is None:
            if _meant_for_few(form.group.data):
                raise Refused("not-in", "您现在不在这个私密小组里，这些话没有发出去")
            form.group.data = ""  # sent again it is a plain post, as the sentence says
            raise Refused("not-in", "您现在不在这个小组里。再按一次，就发成一条普通的帖子")
        post = mixes.publish(
            g.member,
            g.now,
            promo_ok=form.promo_ok.data,
            op_id=form.op_id.data,
            kind=form.kind.data,
            title=form.title.data,
            body=form.body.data,
            photo_codes=codes,
            consent=form.consent.data,
            topic=_topic(form.topic.data),
            visibility=form.visibility.data,
            **(group_rooms.joins(group, g.member, g.now) if group else {}),
        )
    except Refused as refused:
        if refused.code == "topic-closed":
            form.topic.data = ""  # sent again it is a plain post, as the sentence says
        form.refuse(refused, "body")
        return said_no(_composer(form, photos.in_tray(g.member, codes)), refused)
    who = "组里的邻居" if post.visibility == "group" else "邻居们都"
    said = f"发布了，{who}能看到" if post.published else "发出来了，等主理人看一眼，大家就能看到"
    return go(url_for(".show", post_id=post.id), plus(said, "post", "Post", post.id))


@pages.get("/<id:post_id>")
@public
def show(post_id):
    post = _load(post_id)
    aid = mutual_aid.find(g.neighborhood, post.id) if post.kind == "help" else None
    return render_template(
        "posts/show.html",
        post=post,
        group=groups.find(g.neighborhood, post.group_id) if post.group_id else None,
        photos=posts.photos_of([post.id]).get(post.id, []) if post.state != "withdrawn" else [],
        liked=post.id in likes.liked_by(g.member, [post.id]),
        waiting=revisions.waiting_edit(post) if post.editable_by(g.member) else None,
        reasons=reviews.RETURN_REASONS,
        side=aid and aid_matches.seen_by(aid, g.member, g.now),
        pick=picks.of("post", post.id) if post.featured_at else None,
        **_parts(post),
        page=comments.page(post, _after(), member=g.member),
    )


def _parts(post):
    """What a how-to or a story shows beside its words."""
    if post.kind == "howto":
        parts = howtos.of(post)
        made = {"made": makings.listed(parts.howto, g.member), "mine": makings.of(parts.howto, g.member)} if parts else {}
        return {"parts": parts, "saved": makings.has_saved(g.member, post), "took": howtos.took, **made}
    return {"story": stories.of(post)} if post.kind == "story" else {}


def _after():
    after = request.args.get("after", "")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0


@pages.get("/<id:post_id>/edit")
@resident
def edit(post_id):
    post = _load(post_id)
    if not post.editable_by(g.member):
        abort(403)
    if howtos.sheet_of(post):
        return redirect(url_for("howtos.edit", post_id=post.id), 303)
    form = PostForm(formdata=None, title=post.title, body=post.body)
    return _editor(post, form)


def _editor(post, form, status=200):
    titled = post.kind in posts.MAY_HAVE_TITLE
    template = "posts/_editor.html" if wants_part() else "posts/edit.html"
    return make_response(render_template(template, post=post, form=form, titled=titled), status)


@pages.post("/<id:post_id>/edit")
@resident
def save(post_id):
    post = _load(post_id)
    if not post.editable_by(g.member):
        abort(403)
    form = PostForm()
    if not form.validate():
        return _editor(post, form, 422)
    try:
        state = revisions.edit(post, g.member, g.now, title=form.title.data, body=form.body.data)
    except Refused as refused:
        form.refuse(refused, "body")
        return said_no(_editor(post, form), refused)
    return go(url_for(".show", post_id=post.id), "改好了" if state in posts.SEEN else "改好了，等主理人看一眼")


@pages.get("/<id:post_id>/history")
@public
def history(post_id):
    post = _load(post_id)
    if not post.published:
        abort(404)
    return render_template("posts/history.html", post=post, earlier=revisions.history(post))


@pages.get("/<id:post_id>/delete")
@resident
def ask_delete(post_id):
    post = _load(post_id)
    if post.author_id != g.member.id:
        abort(403)
    if post.state == "withdrawn":
        raise posts.moved_on()
    return render_template("posts/delete.html", post=post)


@pages.post("/<id:post_id>/delete")
@resident
def delete(post_id):
    posts.withdraw(_load(post_id), g.member, g.now)
    return go(url_for("living_room.index"), "已删除")
