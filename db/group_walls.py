"""What a group closes behind it when it becomes private, and when it may be open again (R52, docs/decisions/0022)."""

from db import events, groups, posts, topics
from db.base import Refused, hold, writing
from db.event_photos import EventPhoto
from db.events import Event
from db.groups import InterestGroup
from db.neighborhoods import refresh
from db.photos import Photo
from db.posts import Post


def _only_who_runs(group, by):
    if not group.run_by(by):
        raise Refused("not-yours", "只有组长和主理人能改谁看得到", status=403)


def close(group, by, now):
    """From now on what was said here is for its people and the host: off every list of the 小区, photos too. Twice is once.

    Refused while an event is still to come: whoever signed up, from outside too, has been promised it."""
    with writing():
        hold(Event, Event.group == group.id)
        group = groups.taken(group)
        _only_who_runs(group, by)
        if group.private:
            return
        ahead = Event.state.in_(("review", "published", "closed_reg", "ongoing")) & (Event.ends_at > now)
        if Event.select().where((Event.group == group.id) & ahead).exists():
            raise Refused("event-ahead", "小组还有没办完的活动，大家都看得到。办完再改成私密吧")
        groups.change(group, InterestGroup.private == False, private=True)  # noqa: E712
        _close_posts(group)
        _close_events(group)
        people = [each.user_id for each in groups.members_of(group) if each.id != by.id]
        groups.tell(group, people, f"{groups.called(group)}改成私密的了，说过的话只有组里人和主理人看得到", now)
        groups.record("close group", group, by, now, "改成私密小组")
        refresh(group.neighborhood_id)


def _close_posts(group):
    hold(Post, Post.group == group.id)
    for post in list(Post.select().where(Post.group == group.id).order_by(Post.id)):
        values = {"visibility": "group", "topic": None, "pinned_until": None, "featured_at": None, "aside": ""}
        if post.state == "published":
            posts.move(post, "within", **values)
            if post.topic_id:
                topics.count_post(post.topic_id, -1)
        else:
            Post.update(version=Post.version + 1, **values).where(Post.id == post.id).execute()


def _close_events(group):
    theirs = Event.group == group.id
    hold(Event, theirs)
    Event.update(sight="within", version=Event.version + 1).where(theirs & (Event.sight == "shown")).execute()
    for event in list(Event.select().where(theirs).order_by(Event.id)):
        events.found(event)
    hung = EventPhoto.select(EventPhoto.photo).join(Event).where(theirs)
    Photo.update(audience="group", group=group.id).where(Photo.id.in_(hung) & (Photo.audience == "neighborhood")).execute()


def may_open(group):
    """Whether nothing stands in a private group that was meant for few."""
    said = Post.select().where((Post.group == group.id) & (Post.state != "purged")).exists()
    return not said and not Event.select().where(Event.group == group.id).exists()


def open_up(group, by, now):
    """Let everybody in again, as long as nobody has said anything here that was meant for few. Twice is once."""
    with writing():
        group = groups.taken(group)
        _only_who_runs(group, by)
        if not group.private:
            return
        if not may_open(group):
            raise Refused("was-said", "组里已经有人说过话了，当时只说给组里人听，不能再打开")
        groups.change(group, InterestGroup.private == True, private=False)  # noqa: E712
        groups.record("open group", group, by, now, "改成人人看得到的小组")
