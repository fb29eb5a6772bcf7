"""What waits for the host, and what she does with it: let in, mend, give back, turn down; pin, feature. With a reason (G8)."""

import json
from datetime import timedelta

from peewee import JOIN, fn

from db import audit, comments, howtos, notices, points, posts
from db.activity import Action
from db.audit import AuditLog
from db.base import Refused, hold, writing
from db.comments import Comment
from db.compiled import compiled
from db.entries import Entry
from db.events import Event
from db.members import Membership
from db.needs import Need
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.posts import Post, PostRevision, moved_on
from db.revisions import rewrite
from db.services import Service
from db.topics import Topic

LONGEST_PIN = timedelta(hours=72)
UNDOABLE = ("approve", "return", "reject")
UNDO = timedelta(seconds=10)
UNDO_GRACE = timedelta(seconds=3)  # the button was pressed in time, the network took its own
RETURN_REASONS = ("照片看不清，换一张更好", "像是广告，请写写自己的体会", "请不要写门牌号和电话", "请换个友善些的说法")


def waiting(neighborhood, limit=50):
    """Posts that wait for the host, the longest waiting first."""
    return list(
        Post.select(Post, Membership, User, Topic)
        .join(Membership)
        .join(User)
        .switch(Post)
        .join(Topic, JOIN.LEFT_OUTER)
        .where((Post.neighborhood == neighborhood.id) & (Post.state == "pending"))
        .order_by(Post.id)
        .limit(limit)
    )


def _edit_waits(neighborhood_id):
    return (Post.neighborhood == neighborhood_id) & Post.state.in_(posts.SEEN) & (PostRevision.state == "pending")


def waiting_edits(neighborhood, limit=50):
    """Newcomers' edits of published posts that wait, each with its post."""
    return list(
        PostRevision.select(PostRevision, Post, Membership, User)
        .join(Post)
        .join(Membership)
        .join(User)
        .where(_edit_waits(neighborhood.id))
        .order_by(PostRevision.id)
        .limit(limit)
    )


def waiting_comments(neighborhood, limit=50):
    """Comments that wait for the host with the post they stand under, the longest waiting first."""
    return list(
        Comment.select(Comment, Post, Membership, User)
        .join(Post)
        .switch(Comment)
        .join(Membership)
        .join(User)
        .where((Post.neighborhood == neighborhood.id) & (Comment.state == "pending"))
        .order_by(Comment.id)
        .limit(limit)
    )


@compiled
def _waiting(neighborhood):
    edits = PostRevision.select(fn.COUNT(PostRevision.id)).join(Post).where(_edit_waits(neighborhood))
    here = (Post.neighborhood == neighborhood) & (Comment.state == "pending")
    counts = edits.union_all(Comment.select(fn.COUNT(Comment.id)).join(Post).where(here))
    states = ((Post, "pending"), (Need, "pending"), (Service, "pending"), (Entry, "submitted"), (Event, "review"))
    for table, state in states:
        here = (table.neighborhood == neighborhood) & (table.state == state)
        counts = counts.union_all(table.select(fn.COUNT(table.id)).where(here))
    return counts


def count_waiting(neighborhood):
    """How much waits for the host: posts, edits, comments, needs, shops, works, events. Asked on every page of hers: one
    query."""
    return sum(count for (count,) in _waiting(neighborhood=neighborhood.id))


def _record(action, thing, host, now, reason, before=None, after=None):
    return audit.record(
        action,
        thing,
        actor=getattr(host, "user", host),
        now=now,
        reason=reason,
        neighborhood=thing.neighborhood_id,
        subject=thing.author.user_id,
        before=before,
        after=after,
    )


def seen_as(thing):
    """The state a post or comment is in when it is seen."""
    return "published" if isinstance(thing, Comment) else thing.seen_as


def rules_of(thing):
    """The module whose rules this thing follows: db/posts.py or db/comments.py."""
    return comments if isinstance(thing, Comment) else posts


def tell_author(thing, sentence, now):
    """Tell who wrote it what became of it; several decisions on one thing are one line. In the caller's transaction."""
    post = thing.post_id if isinstance(thing, Comment) else thing.id
    place = thing.neighborhood_id
    url = f"/n/{Neighborhood.get_by_id(place).slug}/posts/{post}"
    notices.tell([thing.author.user_id], "review", sentence, url, now, neighborhood=place, key=_key(thing))


def _key(thing):
    return f"{type(thing).__name__} {thing.id}"


def called(thing):
    """「帖子《荠菜馄饨》」, 「评论《好香啊》」: what it is and how it begins, for a notice or a line."""
    words = " ".join((getattr(thing, "title", "") or thing.body).split())[:16]
    kind = "评论" if isinstance(thing, Comment) else "帖子"
    return f"{kind}《{words}》" if words else kind


def approve(thing, host, now):
    """Let a waiting post or comment be seen; returns the audit line, by which it can be undone for ten seconds. Approving it
    twice is a conflict (409), like every arrow that is not drawn."""
    rules = rules_of(thing)
    with writing():
        rules.move(thing, "published", **({} if rules is comments else {"published_at": now}))
        tell_author(thing, f"您的{called(thing)}通过了，邻居们看得到了", now)
        rules.went_public(thing, now)
        return _record("approve", thing, host, now, "审核通过", {"state": thing.state}, {"state": seen_as(thing)})


def approve_all(things, host, now):
    """Approve several at once; those that somebody else was quicker with are left out. Returns the audit lines."""
    done = []
    for thing in things:
        try:
            done.append(approve(thing, host, now))
        except Refused:
            continue
    return done


def mend(post, host, now, *, title="", body=""):
    """Approve a waiting post in words the host has mended; the author is told, and both texts stay in the history (X2)."""
    count = len(posts.photos_of([post.id]).get(post.id, ()))
    title, body = posts.checked_words(post.author, post.kind, title, body, count, has=True)
    if (title, body) == (post.title, post.body):
        return approve(post, host, now)
    with writing():
        posts.move(post, "published", published_at=now, title=title, body=body, edited_at=now)
        PostRevision.create(post=post, title=post.title, body=post.body, at=post.created_at)
        howtos.settle(post.id)
        tell_author(post, f"您的{called(post)}发布了，主理人改了几个字，点「已编辑」看改了哪里", now)
        posts.went_public(post, now)
        before, after = {"title": post.title, "body": post.body[:200]}, {"title": title, "body": body[:200]}
        return _record("mend", post, host, now, "改过后通过", before, after)


def give_back(thing, host, now, reason):
    """Return a waiting post or comment with a reason the author reads on it; she can mend and send it again."""
    return _decide_against(thing, "returned", "return", f"请改一改您的{called(thing)}", host, now, reason)


def reject(thing, host, now, reason):
    """Turn a waiting post or comment down for good, with a reason; its author may ask the district officer to look again."""
    return _decide_against(thing, "rejected", "reject", f"您的{called(thing)}没有通过", host, now, reason)


def let_in_after_all(thing, officer, now, reason):
    """The district officer lets in what the host had turned down (an appeal)."""
    rules = rules_of(thing)
    with writing():
        rules.move(thing, "pending", arrows=rules.UNDONE, return_reason="")
        thing.state = "pending"
        rules.move(thing, "published", **({} if rules is comments else {"published_at": now, "withdrawn_at": None}))
        tell_author(thing, f"您的{called(thing)}还是通过了：{reason}", now)
        rules.went_public(thing, now)
        _record("approve", thing, officer, now, reason, {"state": "rejected"}, {"state": seen_as(thing)})


def lately_said(many=1000):
    """The latest posts and comments of all 小区 that stand on its lists, for HQ to see what a list of words would hold up."""
    said = Post.select(Post.title, Post.body).where(Post.state == "published").order_by(Post.id.desc()).limit(many)
    seen = (Comment.state == "published") & (Post.state == "published")
    answered = Comment.select(Comment.body).join(Post).where(seen).order_by(Comment.id.desc()).limit(many)
    return [f"{post.title} {post.body}" for post in said] + [comment.body for comment in answered]


def _decide_against(thing, to, action, sentence, host, now, reason):
    reason = audit.reason_of(reason)
    rules = rules_of(thing)
    gone = {"withdrawn_at": now} if to == "rejected" and rules is posts else {}
    with writing():
        rules.move(thing, to, return_reason=reason, **gone)
        tell_author(thing, f"{sentence}：{reason}", now)
        refresh(thing.neighborhood_id)
        return _record(action, thing, host, now, reason, {"state": thing.state}, {"state": to})


def find_decision(neighborhood, line_id):
    """A line of the book of this 小区, or None (G1)."""
    return AuditLog.get_or_none((AuditLog.id == line_id) & (AuditLog.neighborhood == neighborhood.id))


def undo(neighborhood, line, host, now):
    """Take one's own decision back within ten seconds: the thing waits again, and its author has been told nothing.

    Refused when it is too late, or somebody has gone on with it meanwhile."""
    if line.actor_id != host.user_id or line.action not in UNDOABLE or now - line.at > UNDO + UNDO_GRACE:
        raise Refused("too-late", "已经过了十秒，撤销不了。可以打开它再处理")
    find = comments.find_here if line.object_type == "Comment" else posts.find
    thing = find(neighborhood, line.object_id)
    rules, was = rules_of(thing), json.loads(line.after)["state"]
    if thing.state != was:
        raise rules.moved_on()
    with writing():
        rules.move(thing, "pending", arrows=rules.UNDONE, return_reason="")
        if was in posts.SEEN:
            _went_nowhere(thing, rules, now)
        notices.take_back("review", _key(thing))
        refresh(neighborhood.id)
        _record("undo", thing, host, now, "十秒内撤销", {"state": was}, {"state": "pending"})
    return thing


def last_decision(neighborhood, host, now):
    """This host's own latest decision while it can be undone, or None: the desk offers it to a browser without JavaScript."""
    mine = (AuditLog.neighborhood == neighborhood.id) & (AuditLog.actor == host.user_id) & (AuditLog.at > now - UNDO)
    line = AuditLog.select().where(mine).order_by(AuditLog.id.desc()).first()
    return line if line and line.action in UNDOABLE else None


def _went_nowhere(thing, rules, now):
    """Undo what followed from being seen: the counts, and the action on record."""
    rules.went_away(thing, now)
    kinds = ("comment",) if rules is comments else ("post", "topic_reply")
    mine = (Action.membership == thing.author_id) & Action.kind.in_(kinds) & (Action.object_id == thing.id)
    Action.delete().where(mine).execute()
    if rules is posts:
        Membership.update(approved_posts=Membership.approved_posts - 1).where(Membership.id == thing.author_id).execute()


def decide_edit(revision, host, now, *, accept, reason=""):
    """Take over a newcomer's waiting edit, or drop it with a reason."""
    post = revision.post
    with writing():
        hold(Post, Post.id == post.id)
        mine = (PostRevision.id == revision.id) & (PostRevision.state == "pending")
        if not PostRevision.update(state="dropped").where(mine).execute():
            raise moved_on()
        if accept:
            rewrite(post, revision.title, revision.body, now)
            howtos.settle(post.id)
        _record(
            "approve edit" if accept else "return edit",
            post,
            host,
            now,
            "修改审核通过" if accept else reason,
            before={"body": post.body[:200]},
            after={"body": revision.body[:200]},
        )


def find_edit(neighborhood, revision_id):
    """A waiting edit of this 小区, or None."""
    return (
        PostRevision.select(PostRevision, Post, Membership, User)
        .join(Post)
        .join(Membership)
        .join(User)
        .where((PostRevision.id == revision_id) & (Post.neighborhood == neighborhood.id))
        .first()
    )


def pin(post, host, now, reason, *, hours=72):
    """Put one published post on top of the living room for up to 72 hours; the one pinned before comes down (R12)."""
    until = now + min(timedelta(hours=max(1, hours)), LONGEST_PIN)
    pinned = (Post.neighborhood == post.neighborhood_id) & Post.pinned_until.is_null(False)
    with writing():
        before = [each.id for each in Post.select(Post.id).where(pinned)]
        hold(Post, Post.id.in_([*before, post.id]))
        Post.update(pinned_until=None).where(Post.id.in_(before)).execute()
        if not Post.update(pinned_until=until).where((Post.id == post.id) & (Post.state == "published")).execute():
            raise Refused("not-published", "只能置顶大家看得到的帖子")
        refresh(post.neighborhood_id)
        _record("pin", post, host, now, reason, after={"until": until})


def unpin(post, host, now):
    """Take the pin from a post and note who did; a post without a pin is left as it is."""
    with writing():
        if Post.update(pinned_until=None).where((Post.id == post.id) & Post.pinned_until.is_null(False)).execute():
            refresh(post.neighborhood_id)
            _record("unpin", post, host, now, "取消置顶")


def feature(post, host, now, on, reason="选为话题佳作"):
    """Mark a published post as one of the best, with a reason (R26, R36); asking twice changes nothing."""
    if post.state != "published":
        raise Refused("not-published", "只能推荐大家看得到的帖子")
    wanted = (Post.id == post.id) & (Post.state == "published") & Post.featured_at.is_null(bool(on))
    with writing():
        changed = Post.update(featured_at=now if on else None, version=Post.version + 1).where(wanted).execute()
        if changed:
            if on:
                points.earn(post.author, "feature", "Post", post.id, now, by=host)
            else:
                points.reverse("Post", post.id, now, "不再是精选，积分收回", rule="feature")
            refresh(post.neighborhood_id)
            _record("feature" if on else "unfeature", post, host, now, reason if on else "取消精选")


def hold_comments(post, host, now, *, comments_open):
    """Close or open the comments under a post; asking twice changes nothing."""
    with writing():
        changed = (
            Post.update(comments_open=comments_open, version=Post.version + 1)
            .where((Post.id == post.id) & (Post.comments_open != comments_open))
            .execute()
        )
        if changed:
            refresh(post.neighborhood_id)
            _record("open comments" if comments_open else "close comments", post, host, now, "主理人调整评论开关")
