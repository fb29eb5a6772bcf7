"""What a report may be about: posts, comments, shops, needs, works, events, groups; each follows its own rules."""

from typing import NamedTuple

from db import (
    audit,
    comments,
    entries,
    event_reviews,
    events,
    group_leaders,
    groups,
    hiding,
    needs,
    posts,
    reviews,
    services,
    withdrawals,
)
from db.base import hold, writing
from db.comments import Comment
from db.entries import Entry
from db.events import Event
from db.groups import InterestGroup
from db.needs import Need
from db.posts import Post
from db.services import Service

# What may be reported: how it is called in an address, where it is found, and whose rules it follows.
FIND = {
    "post": posts.find,
    "comment": comments.find_here,
    "service": services.find,
    "need": needs.find,
    "entry": entries.find,
    "event": events.find,
    "group": groups.find,
}
RULES = {"service": services, "need": needs, "event": event_reviews, "group": group_leaders}


class Hand(NamedTuple):
    """Whoever decides, as the rules of shops and needs want to see a host; nobody where reporters did it."""

    user: object
    neighborhood: object


def kind_of(thing):
    """post, comment, service, need, entry, event or group, as it stands in a report and in an address."""
    called = {Comment: "comment", Service: "service", Need: "need", Entry: "entry", Event: "event", InterestGroup: "group"}
    return called.get(type(thing), "post")


def words_of(thing):
    """What it says, for whoever has to decide."""
    if isinstance(thing, Entry):
        return f"参赛作品《{thing.caption}》 {thing.spot}"
    if isinstance(thing, InterestGroup):
        return f"{thing.name} {thing.blurb}"
    if isinstance(thing, Event):
        return f"{thing.title} {thing.body} {thing.recap}"
    return f"{thing.name} {thing.phone} {thing.note}" if isinstance(thing, Service) else thing.body


def author_of(thing):
    """Whose it is, as the desks may read it: an anonymous need has no name there either."""
    if isinstance(thing, Entry):
        return thing.signed
    return thing.signed(None) if isinstance(thing, Need) else thing.author.user.name


def called(thing):
    """「帖子《…》」, 「便民服务「…」」: what it is, for a notice."""
    if isinstance(thing, Service):
        return f"便民服务「{thing.name}」"
    if isinstance(thing, Entry):
        return f"参赛作品《{thing.caption}》"
    if isinstance(thing, InterestGroup):
        return f"小组{groups.called(thing)}"
    if isinstance(thing, Event):
        return f"活动{events.called(thing)}"
    return f"需求{needs.called(thing)}" if isinstance(thing, Need) else reviews.called(thing)


def stands(thing):
    """Whether everybody may see it."""
    return thing.shown if isinstance(thing, Need | Entry | Event | InterestGroup) else thing.state in posts.SEEN


def hidden(thing):
    """Whether it is out of sight until somebody has looked, or for as long as it is hidden."""
    if isinstance(thing, Entry):
        return thing.veiled
    return (thing.sight if isinstance(thing, Event | InterestGroup) else thing.state) == "hidden"


def hide(thing, actor, place, now, reason):
    """Take it out of sight, by its own rules; `actor` is a User, or None where reporters did it."""
    if isinstance(thing, Entry):
        _take_from_wall(thing, actor, place, now, reason)
    elif rules := RULES.get(kind_of(thing)):
        rules.hide(thing, Hand(actor, place), now, reason)
    else:
        hiding.hide(thing, actor, now, reason)


def _take_from_wall(entry, actor, place, now, reason):
    """Reporters veil a work's photo, and it keeps its votes; whoever decides takes it out of the contest for good. When the
    result is known, the photo alone goes out of sight."""
    if actor is None or entry.contest.state in {"published", "archived"}:
        entries.veil(entry, True, now)
    else:
        withdrawals.disqualify(entry, Hand(actor, place), now, reason)


def show(thing, actor, place, now, reason):
    """Show it again, by its own rules."""
    if isinstance(thing, Entry):
        entries.veil(thing, False, now)
    elif rules := RULES.get(kind_of(thing)):
        rules.restore(thing, Hand(actor, place), now)
    else:
        hiding.restore(thing, actor, now, reason)


def remove(thing, actor, place, now, reason):
    """Remove it for good once it is hidden, by its own rules."""
    if isinstance(thing, Event | InterestGroup):
        RULES[kind_of(thing)].remove(thing, Hand(actor, place), now, reason)
    elif rules := RULES.get(kind_of(thing)):
        with writing():
            rules.move(thing, "hidden", "removed", return_reason=audit.reason_of(reason))
            rules.record("remove", thing, Hand(actor, place), now, reason)
    else:
        hiding.remove(thing, actor, now, reason)


def held(thing):
    """Take its row until this transaction ends: two reporters at once are counted one after the other."""
    if kind_of(thing) in RULES or isinstance(thing, Entry):
        hold(type(thing), type(thing).id == thing.id)
    else:
        hold(Post, Post.id == (thing.post_id if isinstance(thing, Comment) else thing.id))
