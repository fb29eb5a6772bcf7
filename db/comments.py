"""评论: short answers under a post, oldest first. One that goes leaves a stone, so that replies keep their sense."""

from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField, IntegrityError, TextField

from db import activity, blocks, groups, limits, notices, points, screening
from db.base import Refused, Table, hold, writing
from db.members import Membership
from db.neighborhoods import refresh
from db.people import User
from db.posts import SEEN as POST_SEEN
from db.posts import Post
from db.words import clean_text

LONGEST = 1000
PAGE = 50

TRANSITIONS = {
    ("pending", "published"),  # the host approves
    ("pending", "returned"),  # … or gives it back with a reason
    ("pending", "rejected"),
    ("pending", "withdrawn"),
    ("returned", "pending"),  # said again in other words
    ("returned", "withdrawn"),
    ("published", "hidden"),  # the host with a reason, or three reporters until somebody looks
    ("published", "withdrawn"),  # the author takes it back
    ("hidden", "published"),
    ("hidden", "removed"),
}
UNDONE = {("published", "pending"), ("returned", "pending"), ("rejected", "pending")}
SEEN = ("published", "withdrawn", "hidden", "removed")  # the last three as a stone


class Comment(Table):
    post = ForeignKeyField(Post, backref="+")
    author = ForeignKeyField(Membership, backref="+")
    answers = ForeignKeyField("self", null=True, backref="+")
    body = TextField()
    state = CharField(max_length=10, default="published")  # see TRANSITIONS
    held_for = CharField(max_length=10, default="")  # why it waits or waited (db/screening.py: WHY)
    return_reason = CharField(max_length=200, default="")
    op_id = CharField(max_length=40)
    created_at = DateTimeField()

    class Meta:
        indexes = ((("post", "id"), False), (("state", "id"), False), (("author", "op_id"), True))

    @property
    def neighborhood_id(self):
        return self.post.neighborhood_id

    def deletable_by(self, member):
        return member is not None and member.id == self.author_id and self.state in {"published", "pending", "returned"}

    def stands(self):
        """Whether its words are there to be read; a stone stands in the place of those that are gone."""
        return self.state in {"published", "pending", "returned"}


class Page(NamedTuple):
    comments: list
    answered: dict  # {comment id: name of its author} for the comments that the listed ones answer
    more: int  # the id to go on after, 0 on the last page


def page(post, after=0, *, last=False, member=None):
    """One page of comments with their authors, oldest first: those after the id `after`, or the last ones. What waits is seen
    by who wrote it; those of whom this neighbour has blocked she does not see."""
    if not groups.hears(post, member):
        return Page([], {}, 0)
    seen = Comment.state.in_(SEEN)
    if member is not None:
        seen |= Comment.state.in_(("pending", "returned")) & (Comment.author == member.id)
        if without := blocks.blocked_by(member):
            seen &= Comment.author.not_in(without)
    wanted = Comment.select(Comment, Membership, User).join(Membership).join(User).where((Comment.post == post.id) & seen)
    if last:
        found = list(wanted.order_by(Comment.id.desc()).limit(PAGE))[::-1]
    else:
        found = list(wanted.where(Comment.id > after).order_by(Comment.id).limit(PAGE + 1))
    more, found = not last and len(found) > PAGE, found[:PAGE]
    answers = [each.answers_id for each in found if each.answers_id]
    rows = Comment.select(Comment, Membership, User).join(Membership).join(User).where(Comment.id.in_(answers))
    return Page(found, {row.id: row.author.user.name for row in rows} if answers else {}, found[-1].id if more else 0)


def find(post, comment_id):
    """A comment under this post, or None."""
    wanted = Comment.select(Comment, Membership, User).join(Membership).join(User)
    comment = wanted.where((Comment.id == comment_id) & (Comment.post == post.id)).first()
    if comment is not None:
        comment.post = post
    return comment


def find_here(neighborhood, comment_id):
    """A comment of this 小区 with its author and post, or None (G1)."""
    return (
        Comment.select(Comment, Post, Membership, User)
        .join(Post)
        .switch(Comment)
        .join(Membership)
        .join(User)
        .where((Comment.id == comment_id) & (Post.neighborhood == neighborhood.id))
        .first()
    )


def say(member, post, now, *, body, op_id, answers=None):
    """Comment on a post; the same `op_id` again gives the first comment back (G5). Seen at once, unless db/screening.py
    would have the host read it first.

    Refused beside `body`: empty or over 1 000 characters; as a conflict: the post takes no comments (any more)."""
    body = _checked(body)
    if not member.neighborhood.open:
        raise Refused("not-open", "这个小区现在只能看，不能发言")
    first = (Comment.author == member.id) & (Comment.op_id == op_id)
    try:
        with writing():
            return Comment.get_or_none(first) or _write(member, post, now, body, op_id, answers)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Comment.get(first)


def _checked(body):
    body = clean_text(body, LONGEST, "body", "评论")
    if not body:
        raise Refused("empty", "说点什么吧，一句问候也好", field="body")
    screening.check(body, "body")
    return body


def _write(member, post, now, body, op_id, answers):
    limits.spend("newcomer-comment" if member.is_newcomer(now) else "comment", f"member {member.id}", now)
    hold(Post, Post.id == post.id)
    takes = (Post.id == post.id) & Post.state.in_(POST_SEEN) & (Post.comments_open == True)  # noqa: E712
    if not Post.select().where(takes).exists() or not groups.hears(post, member):
        raise Refused("no-comments", "这条帖子现在不能评论了")
    held_for = screening.why_wait(member, body, now)
    comment = Comment.create(
        post=post,
        author=member,
        answers=answers,
        body=body,
        state="pending" if held_for else "published",
        held_for=held_for,
        op_id=op_id,
        created_at=now,
    )
    if not held_for:
        went_public(comment, now)
    return comment


def count(comment, by):
    """One comment more, or less, under its post."""
    Post.update(comments=Post.comments + by, version=Post.version + 1).where(Post.id == comment.post_id).execute()


def went_public(comment, now):
    """What follows from a comment being seen: the post's count, the author's action, fresh pages. In the caller's transaction."""
    count(comment, 1)
    if not activity.took_part(comment.author, "comment", comment.id):  # seen for the first time
        _tell(comment, now)
    activity.record(comment.author, "comment", comment.id, now)
    points.earn(comment.author, "comment", "Comment", comment.id, now, by=comment.post.author)  # not under one's own post
    refresh(comment.neighborhood_id)


def _tell(comment, now):
    """The author of what was answered, and the author of the post, hear of it once each; nobody hears of herself, or of whom
    she has blocked."""
    member, post, answers = comment.author, comment.post, comment.answers
    told = {post.author: (f"post {post.id}", f"{member.name}评论了您的{notices.quoted(post.title or post.body, '帖子')}")}
    if answers and answers.state == "published":
        told[answers.author] = (f"comment {answers.id}", f"{member.name}回复了您的{notices.quoted(answers.body, '评论')}")
    url = f"/n/{member.neighborhood.slug}/posts/{post.id}#comments"
    for author, (key, sentence) in sorted(told.items(), key=lambda each: each[0].user_id):  # lines are taken in one order
        if author.id == member.id or author.status != "active" or not groups.hears(post, author):
            continue
        if member.id not in blocks.blocked_by(author):
            notices.tell([author.user_id], "talk", sentence, url, now, neighborhood=post.neighborhood_id, key=key)


def went_away(comment, now, why="评论看不到了，积分收回"):
    """What follows from a comment no longer being seen. In the caller's transaction, after `move`."""
    count(comment, -1)
    points.reverse("Comment", comment.id, now, why)


def came_back(comment, now):
    """What follows from a hidden comment being seen again. In the caller's transaction, after `move`."""
    count(comment, 1)
    points.pay_back("Comment", comment.id, now)


def moved_on():
    """The refusal for whoever acts on a comment that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这条评论刚刚变了，请刷新看看")


def move(comment, to, *, arrows=TRANSITIONS, **values):
    """Carry a comment along one arrow of TRANSITIONS, in the caller's transaction, who refreshes the 小区 in the end.

    Refused when the comment is not where it was any more, or the arrow is not drawn."""
    hold(Post, Post.id == comment.post_id)
    sources = [source for source, target in arrows if target == to]
    as_it_was = (Comment.id == comment.id) & (Comment.state == comment.state) & Comment.state.in_(sources)
    if not Comment.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()


def resubmit(comment, member, now, *, body):
    """The author says a returned comment in other words; it waits for the host again."""
    if member is None or member.id != comment.author_id:
        raise Refused("not-yours", "只有作者可以改这条评论", status=403)
    body = _checked(body)
    with writing():
        move(comment, "pending", body=body, return_reason="")


def withdraw(comment, member, now):
    """The author takes a comment back; a second time is a conflict."""
    if member is None or member.id != comment.author_id:
        raise Refused("not-yours", "只有作者可以删除这条评论", status=403)
    if comment.state == "withdrawn":
        raise Refused("moved-on", "这条评论已经删除了")
    with writing():
        move(comment, "withdrawn", body="")
        if comment.state == "published":
            went_away(comment, now, "评论删除了，积分收回")
        refresh(comment.neighborhood_id)
