"""赞: one a person and post, held by a unique index. On and off are states to reach, not switches to flip."""

from peewee import DateTimeField, ForeignKeyField

from db import activity, blocks, groups, notices
from db.base import Refused, Table, hold, writing
from db.compiled import compiled
from db.members import Membership
from db.neighborhoods import refresh
from db.people import User
from db.posts import SEEN, Post


class Like(Table):
    post = ForeignKeyField(Post, backref="+")
    member = ForeignKeyField(Membership, backref="+")
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "post"), True),)


@compiled
def _liked(member, post_ids):
    return Like.select(Like.post).where((Like.member == member) & Like.post.in_(post_ids))


def liked_by(member, post_ids):
    """Which of the listed posts (at most a page) this neighbour likes."""
    if member is None or not post_ids:
        return set()
    return {row[0] for row in _liked(member=member.id, post_ids=post_ids)}


def set_like(member, post, on, now):
    """Like a post or not; asked twice, nothing changes (R02). Returns how many like it now. Own posts may be liked too.

    Refused as a conflict when the post is not to be seen any more."""
    with writing():
        hold(Post, Post.id == post.id)
        if on and not groups.hears(post, member):
            raise Refused("not-in", "您现在不在这个小组里")
        if on:
            changed = Like.insert(post=post.id, member=member.id, at=now).on_conflict_ignore().as_rowcount().execute()
        else:
            changed = -Like.delete().where((Like.member == member.id) & (Like.post == post.id)).execute()
        if changed:
            seen = (
                Post.update(likes=Post.likes + changed, version=Post.version + 1)
                .where((Post.id == post.id) & Post.state.in_(SEEN))
                .execute()
            )
            if not seen:
                raise Refused("not-published", "这条帖子已经看不到了")
            _tell_author(post, member, now, fresh=on and not activity.took_part(member, "like", post.id))
            if on:
                activity.record(member, "like", post.id, now)
            refresh(post.neighborhood_id)
        return Post.select(Post.likes).where(Post.id == post.id).scalar()


def _tell_author(post, member, now, *, fresh):
    """The author's one line on who likes this post. A like taken back, or given again, changes its words and rings no bell."""
    author, key = post.author, f"post {post.id}"
    if author.id == member.id or author.status != "active" or not groups.hears(post, author):
        return
    others = (Like.post == post.id) & Like.member.not_in([author.id, *blocks.blocked_by(author)])
    last = Like.select(Like, Membership, User).join(Membership).join(User).where(others).order_by(Like.id.desc()).first()
    if last is None:
        notices.take_back("like", key)
        return
    count = Like.select().where(others).count()
    who = last.member.name if count == 1 else f"{last.member.name} 等 {count} 位邻居"
    sentence = f"{who}赞了您的{notices.quoted(post.title or post.body, '照片')}"
    if fresh and last.member_id == member.id:
        url = f"/n/{member.neighborhood.slug}/posts/{post.id}"
        notices.tell([author.user_id], "like", sentence, url, now, neighborhood=post.neighborhood_id, key=key, anew=True)
    else:
        notices.reword(author.user_id, "like", key, sentence)
