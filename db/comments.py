"""评论: short answers under a post, oldest first. A deleted one leaves 「该评论已删除」 so that replies keep their sense."""

from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField, IntegrityError, TextField

from db import activity, limits, notices
from db.base import Refused, Table, hold, writing
from db.members import Membership
from db.neighborhoods import refresh
from db.people import User
from db.posts import Post
from db.words import clean_text

LONGEST = 1000
PAGE = 50


class Comment(Table):
    post = ForeignKeyField(Post, backref="+")
    author = ForeignKeyField(Membership, backref="+")
    answers = ForeignKeyField("self", null=True, backref="+")
    body = TextField()
    state = CharField(max_length=10, default="published")  # published | withdrawn
    op_id = CharField(max_length=40)
    created_at = DateTimeField()

    class Meta:
        indexes = ((("post", "id"), False), (("author", "op_id"), True))

    def deletable_by(self, member):
        return member is not None and member.id == self.author_id and self.state == "published"


class Page(NamedTuple):
    comments: list
    answered: dict  # {comment id: name of its author} for the comments that the listed ones answer
    more: int  # the id to go on after, 0 on the last page


def page(post, after=0, *, last=False):
    """One page of comments with their authors, oldest first: those after the id `after`, or the last ones."""
    wanted = Comment.select(Comment, Membership, User).join(Membership).join(User).where(Comment.post == post.id)
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
    return wanted.where((Comment.id == comment_id) & (Comment.post == post.id)).first()


def say(member, post, now, *, body, op_id, answers=None):
    """Comment on a post; the same `op_id` again gives the first comment back (G5).

    Refused beside `body`: empty or over 1 000 characters; as a conflict: the post takes no comments (any more)."""
    body = clean_text(body, LONGEST, "body", "评论")
    if not body:
        raise Refused("empty", "说点什么吧，一句问候也好", field="body")
    if not member.neighborhood.open:
        raise Refused("not-open", "这个小区现在只能看，不能发言")
    first = (Comment.author == member.id) & (Comment.op_id == op_id)
    try:
        with writing():
            return Comment.get_or_none(first) or _write(member, post, now, body, op_id, answers)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Comment.get(first)


def _write(member, post, now, body, op_id, answers):
    limits.spend("newcomer-comment" if member.is_newcomer(now) else "comment", f"member {member.id}", now)
    counted = (
        Post.update(comments=Post.comments + 1, version=Post.version + 1)
        .where((Post.id == post.id) & (Post.state == "published") & (Post.comments_open == True))  # noqa: E712
        .execute()
    )
    if not counted:
        raise Refused("no-comments", "这条帖子现在不能评论了")
    comment = Comment.create(post=post, author=member, answers=answers, body=body, op_id=op_id, created_at=now)
    _tell(comment, member, post, answers, now)
    activity.record(member, "comment", comment.id, now)
    refresh(post.neighborhood_id)
    return comment


def _tell(comment, member, post, answers, now):
    """The author of what was answered, and the author of the post, hear of it once each; nobody hears of herself."""
    told = {}
    if comment.state == "published":
        said = notices.quoted(post.title or post.body, "帖子")
        told[post.author] = (f"post {post.id}", f"{member.name}评论了您的{said}")
        if answers and answers.state == "published":
            said = notices.quoted(answers.body, "评论")
            told[answers.author] = (f"comment {answers.id}", f"{member.name}回复了您的{said}")
    url = f"/n/{member.neighborhood.slug}/posts/{post.id}#comments"
    for author, (key, sentence) in sorted(told.items(), key=lambda each: each[0].user_id):  # lines are taken in one order
        if author.id != member.id and author.status == "active":
            notices.tell([author.user_id], "talk", sentence, url, now, neighborhood=post.neighborhood_id, key=key)


def withdraw(comment, member, now):
    """The author takes a comment back; a second time is a conflict."""
    if member is None or member.id != comment.author_id:
        raise Refused("not-yours", "只有作者可以删除这条评论", status=403)
    with writing():
        hold(Post, Post.id == comment.post_id)
        mine = (Comment.id == comment.id) & (Comment.state == "published")
        if not Comment.update(state="withdrawn", body="").where(mine).execute():
            raise Refused("moved-on", "这条评论已经删除了")
        Post.update(comments=Post.comments - 1, version=Post.version + 1).where(Post.id == comment.post_id).execute()
        refresh(comment.post.neighborhood_id)
