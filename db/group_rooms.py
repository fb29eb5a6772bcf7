"""What is in the room of a group: its posts, photos and events, the plan of its first month, and whether it is awake (R52).

Posts and events are those of the 小区 and follow the rules of those; they name the group they stand in, and those of a private
group are on no list but its own (docs/decisions/0022).
"""

from datetime import timedelta

from peewee import JOIN, DateTimeField, ForeignKeyField, IntegerField, Value, fn

from db import events, groups
from db.base import Refused, Table, writing
from db.comments import Comment
from db.events import Event
from db.group_leaders import without_leader
from db.groups import QUIET, GroupInterest, GroupSeat, InterestGroup, opens_to
from db.photos import Photo
from db.posts import SEEN, Post, PostPhoto
from db.registrations import Registration

PAGE = 20
ALBUM = 24
MOST_PINNED = 3
AWAKE = 3  # so many people who did something in thirty days
# What a group may do in its first month: after so many days, and in these words.
PLAN = (
    (2, "发第一条帖子：说说为什么想做这件事"),
    (5, "请每位邻居介绍一下自己"),
    (10, "约一次线下见面，发起一场小活动"),
    (17, "把见面的照片发上来"),
    (24, "请一位邻居讲讲自己的拿手本事"),
    (30, "一起商量下个月做什么"),
)


class GroupPin(Table):
    """A post that stands first in its group."""

    post = ForeignKeyField(Post, backref="+", unique=True)
    at = DateTimeField()


class GroupStep(Table):
    """A line of the plan that is done."""

    group = ForeignKeyField(InterestGroup, backref="+", index=False)
    number = IntegerField()
    done_at = DateTimeField()

    class Meta:
        indexes = ((("group", "number"), True),)


def joins(group, member, now):
    """What puts a new post into this group (db/posts.py: create). Refused there for whoever is not in it."""

    def put(post):
        if post.visibility != "group":  # one that stands in its room alone need not say where it comes from
            Post.update(aside=f"来自{group.name}小组").where(Post.id == post.id).execute()
        if post.published:
            tend(group, now)

    return {"group": group, "also": put}


def _in_room(group, member):
    """Its posts as this neighbour (None: a guest) may read them; whether the room opens to her is asked before."""
    wanted = (Post.group == group.id) & Post.state.in_(SEEN)
    return wanted if member else wanted & (Post.visibility == "public")


def feed(group, member, after=0):
    """(pinned posts, the others, the cursor of the next page or 0), the latest first; nothing of a private group for those who do
    not sit in it. The pinned ones are on the first page only."""
    if not opens_to(group, member):
        return [], [], 0
    rows = Post.select(Post.id, Post.version, Post.title, Post.body).join(GroupPin, JOIN.LEFT_OUTER)
    wanted = _in_room(group, member)
    pinned = [] if after else list(rows.where(wanted & GroupPin.id.is_null(False)).order_by(GroupPin.at.desc()))
    older = wanted & GroupPin.id.is_null()
    if after:
        older &= Post.id < after
    found = list(rows.where(older).order_by(Post.id.desc()).limit(PAGE + 1))
    more, found = len(found) > PAGE, found[:PAGE]
    return pinned, found, found[-1].id if more else 0


def album(group, member):
    """The latest photos of its posts, with the post each stands in, for whom the room opens to."""
    if not opens_to(group, member):
        return []
    rows = PostPhoto.select(PostPhoto, Photo).join(Photo).switch(PostPhoto).join(Post)
    return list(rows.where(_in_room(group, member)).order_by(Post.id.desc(), PostPhoto.position).limit(ALBUM))


def pin(group, by, post_id, on, now):
    """Let a post stand first in the room, three at most; asked twice, nothing changes. For the leader and the host."""
    with writing():
        group = groups.taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能置顶", status=403)
        if not on:
            GroupPin.delete().where(GroupPin.post.in_(_ids(group)) & (GroupPin.post == post_id)).execute()
            return
        if not _ids(group).where(Post.id == post_id).exists():
            raise groups.moved_on()
        others = GroupPin.select().join(Post).where(_in_room(group, by) & (GroupPin.post != post_id))
        if others.count() >= MOST_PINNED:
            raise Refused("too-many", f"最多置顶 {MOST_PINNED} 条，先放下一条吧")
        GroupPin.insert(post=post_id, at=now).on_conflict_ignore().execute()


def _ids(group):
    return Post.select(Post.id).where((Post.group == group.id) & Post.state.in_(SEEN))


def events_of(group, member, now, limit=20):
    """(its events to come, the next one first; those that were, the latest first), for whom the room opens to."""
    if not opens_to(group, member):
        return [], []
    seen = (Event.group == group.id) & Event.sight.in_(events.SEEN) & Event.state.in_(events.STANDING)
    rows = Event.select().where(seen).limit(limit)
    ahead, past = rows.where(Event.ends_at > now), rows.where(Event.ends_at <= now)
    return list(ahead.order_by(Event.starts_at, Event.id)), list(past.order_by(Event.starts_at.desc(), Event.id.desc()))


def events_to_take(group, member, now, limit=8):
    """Events still to come that this neighbour made, or anybody's for the host, and that belong to no group yet. A private group
    takes none: everybody knows of them."""
    if group.private:
        return []
    wanted = (Event.neighborhood == group.neighborhood_id) & (Event.sight == "shown") & (Event.ends_at > now)
    wanted &= Event.state.in_(("published", "closed_reg", "ongoing")) & Event.group.is_null()
    if not member.is_host:
        wanted &= Event.creator == member.id
    return list(Event.select().where(wanted).order_by(Event.starts_at).limit(limit))


def take_event(group, event, member, now):
    """Make an event the group's; twice is once. For whoever made it and is in the group, and for the host. Refused in a private
    group: everybody knows of the event already."""
    with writing():
        event = events.taken(event)  # events come before groups (db/base.py: writing)
        event.neighborhood, group = group.neighborhood, groups.taken(group)
        if not event.run_by(member) or not (member.is_host or groups.sits_in(group, member)):
            raise Refused("not-yours", "请活动的发起人来放，TA 要先坐进小组", status=403)
        if group.state not in {"hatching", "active"} or not event.shown:
            raise groups.moved_on()
        if group.private:
            raise Refused("private", "这个活动大家都看得到，放不进私密小组。请在小组里另发起一场")
        Event.update(group=group.id).where((Event.id == event.id) & Event.group.is_null()).execute()
        if Event.get_by_id(event.id).group_id != group.id:
            raise Refused("other-group", "这个活动已经是另一个小组的了")
        tend(group, now)


def plan(group):
    """[(number, its day, words, done)] of the first thirty days."""
    done = {row.number for row in GroupStep.select().where(GroupStep.group == group.id)}
    begun = group.hatched_at
    return [(number, begun + timedelta(days=day), words, number in done) for number, (day, words) in enumerate(PLAN)]


def tick(group, by, number, on, now):
    """Note a line of the plan as done, or not; asked twice, nothing changes. For the leader and the host."""
    if not group.run_by(by):
        raise Refused("not-yours", "只有组长和主理人能勾选", status=403)
    if not group.has_room or not 0 <= number < len(PLAN):
        raise groups.moved_on()
    with writing():
        if on:
            GroupStep.insert(group=group.id, number=number, done_at=now).on_conflict_ignore().execute()
        else:
            GroupStep.delete().where((GroupStep.group == group.id) & (GroupStep.number == number)).execute()


def _latest_of_each(group):
    """When each of its people last did something in it, the latest first: wrote, answered, signed up for its events."""
    posts = Post.select(Post.id).where(Post.group == group.id)
    theirs = Event.select(Event.id).where(Event.group == group.id)
    stays = Registration.state.in_(("going", "checked_in"))
    deeds = (
        (Post, Post.author, Post.published_at, (Post.group == group.id) & Post.state.in_(SEEN)),
        (Comment, Comment.author, Comment.created_at, Comment.post.in_(posts) & (Comment.state == "published")),
        (Registration, Registration.member, Registration.at, Registration.event.in_(theirs) & stays),
        (Event, Event.creator, Event.created_at, Event.group == group.id),
    )
    latest = {}
    for table, who, at, which in deeds:
        for person, moment in table.select(who, fn.MAX(at)).where(which).group_by(who).tuples():
            moment = at.python_value(moment)
            latest[person] = max(latest.get(person, moment), moment)
    return sorted(latest.values(), reverse=True)


def people_lately(group, now):
    """How many different people did something in it in the last thirty days."""
    return sum(moment > now - QUIET for moment in _latest_of_each(group))


def tend(group, now):
    """Note how long it is awake by what its people did. A group that just began becomes one of those that go on."""
    latest = _latest_of_each(group)
    until = latest[AWAKE - 1] + QUIET if len(latest) >= AWAKE else None
    with writing():
        group = groups.taken(group)
        if until is None or group.state not in {"hatching", "active"}:
            return
        if group.state == "hatching" and until > now:
            groups.move(group, "active")
        if until > group.awake_until:
            InterestGroup.update(awake_until=until, nudged=0).where(InterestGroup.id == group.id).execute()


def tend_due(now):
    """By the clock: every group that goes on is looked at. A quiet one's leader is told once after thirty days and asked once
    after sixty; one whose leader has left the 小区 has none. Returns how many were told of."""
    told = 0
    for group in list(InterestGroup.select().where(InterestGroup.state.in_(("hatching", "active"))).order_by(InterestGroup.id)):
        tend(group, now)
        with writing():
            group = groups.taken(group)
            told += _leaderless(group, now) or _nudged(group, now)
    return told


def _leaderless(group, now):
    if group.leader_id is None or group.leader.status == "active":
        return False
    without_leader(group, now)
    return True


def _nudged(group, now):
    step = 2 if group.may_rest(now) else 1 if group.quiet(now) else 0
    if group.leader_id is None or step <= group.nudged:
        return False
    InterestGroup.update(nudged=step).where(InterestGroup.id == group.id).execute()
    name = groups.called(group)
    said = f"{name}安静满 60 天了，要歇一歇吗？" if step == 2 else f"{name}安静了 30 天，发起一场小活动吧"
    groups.tell(group, [group.leader.user_id], said, now)
    return True


def forget(line, her, now):
    """She leads no group and is asked for none any more; what it is called and for stays with those who are in it."""
    for group in list(InterestGroup.select().where(InterestGroup.leader.in_(her.members))):
        without_leader(group, now)
    InterestGroup.update(asked=None, asked_words="").where(InterestGroup.asked.in_(her.members)).execute()
    GroupSeat.update(backs=None).where(GroupSeat.backs.in_(her.members)).execute()
    InterestGroup.update(reason="", asked_words="").where(line.rows(her)).execute()
    if not her.keeps:
        InterestGroup.update(blurb="").where(line.rows(her)).execute()


def fold(member, into):
    """What one membership wants, is in and leads is the other's (db/merging.py)."""
    for row in list(GroupSeat.select().where(GroupSeat.member == member.id)):
        other = GroupSeat.get_or_none((GroupSeat.group == row.group_id) & (GroupSeat.member == into.id))
        if other:  # who was sent away stays away; else the nearer of the two
            state = min(row.state, other.state, key=("removed", "in", "invited", "asked", "left").index)
            GroupSeat.update(state=state).where(GroupSeat.id == other.id).execute()
    for table in (GroupInterest, GroupSeat):
        both = table.group.in_(table.select(table.group).where(table.member == into.id))
        table.delete().where((table.member == member.id) & both).execute()
        table.update(member=into.id).where(table.member == member.id).execute()
    GroupSeat.update(backs=into.id).where(GroupSeat.backs == member.id).execute()
    for column in (InterestGroup.leader, InterestGroup.asked):
        InterestGroup.update({column: into.id}).where(column == member.id).execute()
    InterestGroup.update(created_by=into.id, op_id=Value("merged ").concat(InterestGroup.id.cast("TEXT"))).where(
        InterestGroup.created_by == member.id
    ).execute()
