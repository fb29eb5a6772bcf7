"""What the host does with posts: let the first ones in, pin, feature, close the comments. Each with a reason on record (G8)."""

from datetime import timedelta

from peewee import JOIN, fn

from db import audit
from db.base import Refused, hold, writing
from db.compiled import compiled
from db.members import Membership
from db.neighborhoods import refresh
from db.people import User
from db.posts import Post, PostRevision, move, moved_on, rewrite, went_public
from db.topics import Topic

LONGEST_PIN = timedelta(hours=72)
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
    return (Post.neighborhood == neighborhood_id) & (Post.state == "published") & (PostRevision.state == "pending")


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


@compiled
def _waiting(neighborhood):
    posts = Post.select(fn.COUNT(Post.id)).where((Post.neighborhood == neighborhood) & (Post.state == "pending"))
    edits = PostRevision.select(fn.COUNT(PostRevision.id)).join(Post).where(_edit_waits(neighborhood))
    return posts.union_all(edits)


def count_waiting(neighborhood):
    """How many posts and edits wait for the host. Asked on every page she opens, so it is a compiled query."""
    return sum(count for (count,) in _waiting(neighborhood=neighborhood.id))


def _record(action, post, host, now, reason, before=None, after=None):
    audit.record(
        action,
        post,
        actor=host.user,
        now=now,
        reason=reason,
        neighborhood=post.neighborhood_id,
        subject=post.author.user_id,
        before=before,
        after=after,
    )


def approve(post, host, now):
    """Let a waiting post be seen. Approving it twice is a conflict (409), like every arrow that is not drawn."""
    with writing():
        move(post, "published", published_at=now)
        went_public(post, now)
        _record("approve", post, host, now, "首帖审核通过")


def give_back(post, host, now, reason):
    """Return a waiting post with a reason the author reads on the post itself; she can mend and send it again."""
    reason = audit.reason_of(reason)
    with writing():
        move(post, "returned", return_reason=reason)
        refresh(post.neighborhood_id)
        _record("return", post, host, now, reason)


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


def feature(post, host, now, on):
    """Mark a published post as one of the best of its topic (R26); asking twice changes nothing."""
    if not post.published:
        raise Refused("not-published", "只能推荐大家看得到的帖子")
    wanted = (Post.id == post.id) & (Post.state == "published") & Post.featured_at.is_null(bool(on))
    with writing():
        changed = Post.update(featured_at=now if on else None, version=Post.version + 1).where(wanted).execute()
        if changed:
            refresh(post.neighborhood_id)
            _record("feature" if on else "unfeature", post, host, now, "选为话题佳作" if on else "取消话题佳作")


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
