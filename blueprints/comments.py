"""Comments under a post: read in place, said in place, taken back."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import comments, posts
from db.base import Refused
from web.access import public, resident
from web.errors import said_no
from web.forms import Form, HiddenField, OpId, Text
from web.paid import plus
from web.render import go, part, part_or_redirect, wants_part

pages = Blueprint("comments", __name__, url_prefix="/n/<slug:slug>/posts/<id:post_id>/comments")


class CommentForm(Form):
    op_id = OpId()
    answers = HiddenField()
    body = Text("评论", comments.LONGEST)


def _load(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or not post.readable_by(g.member):
        abort(404)
    return post


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _values(post, page, form=None):
    reply = comments.find(post, _number(form.answers.data if form else request.args.get("answers")))
    return {"post": post, "page": page, "form": form or CommentForm(formdata=None), "reply": reply}


@pages.get("")
@public
def index(post_id):
    """The comments as a piece to open in place; without htmx the post page has them."""
    post = _load(post_id)
    after = _number(request.args.get("after"))
    if not wants_part():
        return redirect(url_for("posts.show", post_id=post.id, after=after or None) + "#comments", 303)
    template = "comments/_more.html" if after else "comments/_section.html"
    return render_template(template, **_values(post, comments.page(post, after, member=g.member)))


@pages.get("/say")
@resident
def ask(post_id):
    """The form alone, to answer one comment; with htmx the comments with that form."""
    post = _load(post_id)
    template = "comments/_section.html" if wants_part() else "comments/say.html"
    return render_template(template, **_values(post, comments.page(post, last=True, member=g.member)))


@pages.post("")
@resident
def say(post_id):
    post = _load(post_id)
    form = CommentForm()
    if not form.validate():
        return _again(post, form)
    answers = comments.find(post, _number(form.answers.data))
    try:
        said = comments.say(g.member, post, g.now, body=form.body.data, op_id=form.op_id.data, answers=answers)
    except Refused as refused:
        form.refuse(refused, "body")
        return said_no(_again(post, form), refused)
    toast = "说好了" if said.state == "published" else "收到了，主理人看一眼，大家就能看到"
    told = plus(toast, "comment", "Comment", said.id)
    if not wants_part():
        return go(url_for("posts.show", post_id=post.id) + "#comments", None if told == "说好了" else told)
    post = _load(post_id)
    return part("comments/_section.html", toast=told, **_values(post, comments.page(post, last=True, member=g.member)))


def _again(post, form):
    template = "comments/_section.html" if wants_part() else "comments/say.html"
    return make_response(render_template(template, **_values(post, comments.page(post, last=True, member=g.member), form)), 422)


def _returned(post, comment_id):
    """A comment of her own that the host gave back."""
    comment = comments.find(post, comment_id)
    if comment is None or comment.author_id != g.member.id:
        abort(404)
    return comment


@pages.get("/<id:comment_id>/edit")
@resident
def edit(post_id, comment_id):
    post = _load(post_id)
    comment = _returned(post, comment_id)
    return _editor(post, comment, CommentForm(formdata=None, body=comment.body))


def _editor(post, comment, form, status=200):
    return make_response(render_template("comments/edit.html", post=post, comment=comment, form=form), status)


@pages.post("/<id:comment_id>/edit")
@resident
def save(post_id, comment_id):
    post, form = _load(post_id), CommentForm()
    comment = _returned(post, comment_id)
    if not form.validate():
        return _editor(post, comment, form, 422)
    try:
        comments.resubmit(comment, g.member, g.now, body=form.body.data)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return said_no(_editor(post, comment, form), refused)
    return go(url_for("posts.show", post_id=post.id) + "#comments", "改好了，等主理人看一眼")


@pages.post("/<id:comment_id>/delete")
@resident
def delete(post_id, comment_id):
    post = _load(post_id)
    comment = comments.find(post, comment_id)
    if comment is None:
        abort(404)
    comments.withdraw(comment, g.member, g.now)
    url = url_for("posts.show", post_id=post.id) + "#comments"
    post = _load(post_id)
    return part_or_redirect(
        "comments/_section.html", url, toast="已删除", **_values(post, comments.page(post, last=True, member=g.member))
    )
