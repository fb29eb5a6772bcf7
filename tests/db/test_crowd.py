"""Many hands at once on the same few things: nobody waits for somebody who waits for him, and every count is true."""

import random
from datetime import timedelta

import pytest

from db import activity, comments, likes, members, merging, posts, reviews, revisions, topics
from db.base import Refused
from db.comments import Comment
from db.likes import Like
from db.members import Membership
from db.neighborhoods import by_slug
from db.people import User
from db.posts import Post
from tests import make
from tests.make import at_once


def merge_a_twin(me, at):
    """She joined once more, likes what she liked before, and is made one again."""
    twin = make.neighbor(me.neighborhood, "分身", at)
    for post in list(Post.select().where(Post.state == "published").order_by(Post.id).limit(2)):
        attempt(likes.set_like, twin, post, True, at)
    lin = User.get(User.staff == "hq")
    merging.merge(twin.user, me.user, lin, at, "同一个人，当面确认过")


def attempt(act, *args, **kwargs):
    try:
        act(*args, **kwargs)
    except Refused:
        pass


@pytest.mark.parametrize("seed", range(3))
def test_a_lively_evening(cast, now, seed):
    topic = make.topic(cast.li, now)
    mine = [
        make.post(cast.zhao, now, topic=topic),
        make.post(cast.wang, now, topic=topic),
        make.post(cast.chen, now, topic=topic),
    ]
    crowd = [cast.li, cast.wang, cast.zhao, cast.chen]
    said = [comments.say(who, mine[0], now, body="真好看", op_id="first") for who in crowd]

    def evening(number):
        dice, me = random.Random(100 * seed + number), crowd[number % 4]
        for step in range(12):
            at, post = now + timedelta(seconds=step), posts.find(cast.cuihu, dice.choice(mine).id)
            act = dice.choice(
                [
                    lambda post=post, at=at: likes.set_like(me, post, dice.random() < 0.6, at),
                    lambda post=post, at=at, n=step: comments.say(
                        me, post, at, body="好", op_id=f"{number} {n}", answers=said[0]
                    ),
                    lambda at=at, n=step: posts.create(me, at, op_id=f"{number} {n}", kind="chat", body="来了", topic=topic),
                    lambda post=post, at=at: reviews.approve(post, cast.li, at),
                    lambda post=post, at=at, n=step: revisions.edit(post, post.author, at, body=f"改 {number} {n}"),
                    lambda at=at: comments.withdraw(comments.find(mine[0], dice.choice(said).id), me, at),
                    lambda post=post, at=at: reviews.feature(post, cast.li, at, dice.random() < 0.5),
                    lambda post=post, at=at: reviews.pin(post, cast.li, at, "大家都来看"),
                    lambda at=at: members.vouch(cast.chen, cast.li, at),
                    lambda: posts.redraw_of(me),
                    lambda post=post, at=at: posts.withdraw(post, post.author, at) if dice.random() < 0.2 else None,
                    lambda at=at: topics.close(topic, at) if dice.random() < 0.1 else None,
                    lambda at=at: activity.record(me, "like", 10**6, at),
                    lambda at=at: merge_a_twin(me, at),
                ]
            )
            attempt(act)

    assert at_once(12, evening) == [None] * 12
    for post in Post.select():
        assert post.likes == Like.select().where(Like.post == post.id).count()
        assert post.comments == Comment.select().where((Comment.post == post.id) & (Comment.state == "published")).count()
    published = Post.select().where((Post.topic == topic.id) & (Post.state == "published")).count()
    assert topics.find(cast.cuihu, topic.id).posts == published
    living = Membership.select().where((Membership.neighborhood == cast.cuihu.id) & (Membership.status == "active")).count()
    assert by_slug("cuihu").members == living
