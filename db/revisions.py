"""How a post reads after an edit, and how it read before: the author's new words, a newcomer's that wait, the history."""

from db import posts, screening, search
from db.base import Refused, hold, writing
from db.neighborhoods import refresh
from db.posts import Post, PostRevision


def edit(post, member, now, *, title="", body=""):
    """The author's new words. Returns the state it is in: a returned post waits again, a newcomer's edit of a published
    one waits as a shadow while the old text stays; otherwise the new text stands at once and the old one is in the history."""
    if not post.editable_by(member):
        raise Refused("not-editable", "这条帖子现在不能修改")
    count = len(posts.photos_of([post.id]).get(post.id, ()))
    title, body = posts.checked_words(member, post.kind, title, body, count, has=True)
    with writing():
        if post.state == "returned":
            posts.move(post, "pending", title=title, body=body, return_reason="", edited_at=now)
            return "pending"
        hold(Post, Post.id == post.id)
        PostRevision.update(state="dropped").where((PostRevision.post == post.id) & (PostRevision.state == "pending")).execute()
        if (title, body) == (post.title, post.body):
            return post.state
        if post.published and (screening.why_wait(member, f"{title}\n{body}", now) or not member.trusted):
            PostRevision.create(post=post, title=title, body=body, state="pending", at=now)
            return "pending"
        rewrite(post, title, body, now)
        return post.state


def rewrite(post, title, body, now):
    """Put new words in the place of the old, and what neighbours have read into the history. In the caller's transaction;
    Refused when somebody else has changed the post meanwhile."""
    as_it_was = (Post.state == post.state) & (Post.title == post.title) & (Post.body == post.body)
    standing = (Post.id == post.id) & Post.state.in_(("pending", *posts.SEEN)) & as_it_was
    if not Post.update(title=title, body=body, edited_at=now, version=Post.version + 1).where(standing).execute():
        raise posts.moved_on()
    if post.published:
        PostRevision.create(post=post, title=post.title, body=post.body, at=post.edited_at or post.created_at)
        search.follow("post", post)
        refresh(post.neighborhood_id)


def history(post):
    """Earlier texts of a post, latest first."""
    return list(post.revisions.where(PostRevision.state == "kept").order_by(PostRevision.id.desc()))


def waiting_edit(post):
    """The shadow of a newcomer's edit, or None."""
    return PostRevision.get_or_none((PostRevision.post == post.id) & (PostRevision.state == "pending"))
