"""What a report may be about: posts, comments, shops, needs; each is found, named, hidden and shown by its own rules."""

from typing import NamedTuple

from db import audit, comments, hiding, needs, posts, reviews, services
from db.base import hold, writing
from db.comments import Comment
from db.needs import Need
from db.posts import Post
from db.services import Service

# What may be reported: how it is called in an address, where it is found, and whose rules it follows.
FIND = {"post": posts.find, "comment": comments.find_here, "service": services.find, "need": needs.find}
RULES = {"service": services, "need": needs}


class Hand(NamedTuple):
    """Whoever decides, as the rules of shops and needs want to see a host; nobody where reporters did it."""

    user: object
    neighborhood: object


def kind_of(thing):
    """post, comment, service or need, as it stands in a report and in an address."""
    return {Comment: "comment", Service: "service", Need: "need"}.get(type(thing), "post")


def words_of(thing):
    """What it says, for whoever has to decide."""
    return f"{thing.name} {thing.phone} {thing.note}" if isinstance(thing, Service) else thing.body


def author_of(thing):
    """Whose it is, as the desks may read it: an anonymous need has no name there either."""
    return thing.signed(None) if isinstance(thing, Need) else thing.author.user.name


def called(thing):
    """「帖子《…》」, 「便民服务「…」」: what it is, for a notice."""
    if isinstance(thing, Service):
        return f"便民服务「{thing.name}」"
    return f"需求{needs.called(thing)}" if isinstance(thing, Need) else reviews.called(thing)


def stands(thing):
    """Whether everybody may see it."""
    return thing.shown if isinstance(thing, Need) else thing.state == "published"


def hide(thing, actor, place, now, reason):
    """Take it out of sight, by its own rules; `actor` is a User, or None where reporters did it."""
    if rules := RULES.get(kind_of(thing)):
        rules.hide(thing, Hand(actor, place), now, reason)
    else:
        hiding.hide(thing, actor, now, reason)


def show(thing, actor, place, now, reason):
    """Show it again, by its own rules."""
    if rules := RULES.get(kind_of(thing)):
        rules.restore(thing, Hand(actor, place), now)
    else:
        hiding.restore(thing, actor, now, reason)


def remove(thing, actor, place, now, reason):
    """Remove it for good once it is hidden, by its own rules."""
    if rules := RULES.get(kind_of(thing)):
        with writing():
            rules.move(thing, "hidden", "removed", return_reason=audit.reason_of(reason))
            rules.record("remove", thing, Hand(actor, place), now, reason)
    else:
        hiding.remove(thing, actor, now, reason)


def held(thing):
    """Take its row until this transaction ends: two reporters at once are counted one after the other."""
    if kind_of(thing) in RULES:
        hold(type(thing), type(thing).id == thing.id)
    else:
        hold(Post, Post.id == (thing.post_id if isinstance(thing, Comment) else thing.id))
