"""How a host answers: read from what she said in the last thirty days, never typed in (R08)."""

from datetime import timedelta
from statistics import median
from typing import NamedTuple

from peewee import fn

from db.comments import Comment
from db.compiled import moment
from db.likes import Like
from db.members import Membership
from db.posts import Post

SPAN = timedelta(days=30)
FEWEST_ANSWERS = 5  # fewer say nothing about a habit
FEWEST_NEIGHBORS = 10
MOST = 500


class Habits(NamedTuple):
    answers: int
    usually: timedelta | None  # the median wait for an answer; None where there are too few
    met: int  # neighbours who talked to the host or liked what she wrote
    neighbors: int

    @property
    def met_percent(self):
        """None in a 小区 of a few people, where a percentage would be somebody's name."""
        return round(100 * self.met / self.neighbors) if self.neighbors >= FEWEST_NEIGHBORS else None


def of(host_id, neighborhood, now):
    """The habits of the host with this membership."""
    waits = _waits(host_id, now - SPAN)
    usually = median(waits) if len(waits) >= FEWEST_ANSWERS else None
    return Habits(len(waits), usually, _met(host_id, now - SPAN), max(neighborhood.members - 1, 0))


def _waits(host_id, since):
    """How long each question (问一问, 帮个忙) and each comment waited for the host's first answer to it."""
    mine = (Comment.author == host_id) & (Comment.state == "published") & (Comment.created_at > since)
    questions = (
        Comment.select(Post.published_at, fn.MIN(Comment.created_at))
        .join(Post)
        .where(mine & (Post.author != host_id) & Post.kind.in_(("question", "help")) & (Post.published_at > since))
        .group_by(Post.id, Post.published_at)
    )
    asked = Comment.alias()
    comments = (
        Comment.select(asked.created_at, fn.MIN(Comment.created_at))
        .join(asked, on=(Comment.answers == asked.id))
        .where(mine & (asked.author != host_id) & (asked.created_at > since))
        .group_by(asked.id, asked.created_at)
    )
    rows = [*questions.limit(MOST).tuples(), *comments.limit(MOST).tuples()]
    return [moment(answered) - moment(said) for said, answered in rows]


def _met(host_id, since):
    """How many neighbours commented on the host's posts, answered her comments or liked her posts."""
    hers, lately = Comment.alias(), Comment.created_at > since
    on_posts = Comment.select(Comment.author).join(Post).where((Post.author == host_id) & lately)
    replies = Comment.select(Comment.author).join(hers, on=(Comment.answers == hers.id)).where((hers.author == host_id) & lately)
    likes = Like.select(Like.member).join(Post).where((Post.author == host_id) & (Like.at > since))
    living = (Membership.status == "active") & (Membership.id != host_id)
    return Membership.select().where(living & Membership.id.in_(on_posts | replies | likes)).count()
