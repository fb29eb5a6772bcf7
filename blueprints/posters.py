"""A public post on its way into a 微信群: one picture for everybody, and for the host the words to go with it."""

from flask import Blueprint, abort, g, render_template, url_for

from db import posters, posts
from web import drawing, qr
from web.access import host, public

pages = Blueprint("posters", __name__, url_prefix="/n/<slug:slug>")


@pages.get("/posts/<id:post_id>/poster.png")
@public
def poster(post_id):
    post = posts.find(g.neighborhood, post_id)
    if post is None or not posters.may_go_out(post):
        abort(404)
    author, shown = post.author, posts.photos_of([post.id]).get(post.id)
    return drawing.answer(
        drawing.poster,
        place=g.neighborhood.name,
        title=posters.calm(post.title),
        text=posters.opening(post, 200),
        author=" · ".join(filter(None, (author.user.name, author.building))),
        photo_code=shown[0].code if shown else "",
        link=qr.link(url_for("posts.show", post_id=post.id)),
    )


@pages.get("/posts/<id:post_id>/poster")
@public
def show(post_id):
    """The picture on a page of its own: WeChat saves what one presses long."""
    post = posts.find(g.neighborhood, post_id)
    if post is None or not posters.may_go_out(post):
        abort(404)
    return render_template("posters/show.html", post=post)


@pages.get("/desk/posts/<id:post_id>/announce")
@host
def announce(post_id):
    post = posts.find(g.neighborhood, post_id) or abort(404)
    text = posters.announcement(post, g.neighborhood, qr.link(url_for("posts.show", post_id=post.id)))
    return render_template("posters/announce.html", post=post, text=text)
