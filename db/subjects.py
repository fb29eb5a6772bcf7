"""What a report may be about: posts, comments, shops, needs, events; each is found, named, hidden and shown by its own rules."""

from typing import NamedTuple

from db import audit, comments, event_reviews, events, hiding, needs, posts, reviews, services
from db.base import hold, writing
from db.comments import Comment
from db.events import Event
from db.needs import Need
from db.posts import Post
from db.services import Service

# What may be reported: how it is called in an address, where it is found, and whose rules it follows.
FIND = {"post": posts.find, "comment": comments.find_here, "service": services.find, "need": needs.find, "event": events.find}
RULES = {"service": services, "need": needs, "event": event_reviews}


class Hand(NamedTuple):
    """Whoever decides, as the rules of shops and needs want to see a host; nobody where reporters did it."""

    user: object
    neighborhood: object


def kind_of(thing):
    """post, comment, service, need or event, as it stands in a report and in an address."""
    return {Comment: "comment", Service: "service", Need: "need", Event: "event"}.get(type(thing), "post")


def words_of(thing):
    """What it says, for whoever has to decide."""
    if isinstance(thing, Event):
        return f"{thing.title} {thing.body} {thing.recap}"
    return f"{thing.name} {thing.phone} {thing.note}" if isinstance(thing, Service) else thing.body


def author_of(thing):
    """Whose it is, as the desks may read it: an anonymous need has no name there either."""
    return thing.signed(None) if isinstance(thing, Need) else thing.author.user.name


def called(thing):
    """「帖子《…》」, 「便民服务「…」」: what it is, for a notice."""
    if isinstance(thing, Service):
        return f"便民服务「{thing.name}」"
    if isinstance(thing, Event):
        return f"活动{events.called(thing)}"
    return f"需求{needs.called(thing)}" if isinstance(thing, Need) else reviews.called(thing)


def stands(thing):
    """Whether everybody may see it."""
    return thing.shown if isinstance(thing, Need | Event) else thing.state == "published"


def hidden(thing):
    """Whether it was taken out of sight, and may come back."""
    return (thing.sight if isinstance(thing, Event) else thing.state) == "hidden"


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
    if isinstance(thing, Event):
        event_reviews.remove(thing, Hand(actor, place), now, reason)
    elif rules := RULES.get(kind_of(thing)):
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
