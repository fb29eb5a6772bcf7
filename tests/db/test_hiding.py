"""Hidden, restored, removed: out of sight in every list at once, counted right, with a reason for the author (X2)."""

from itertools import product

import pytest

from db import comments, hiding, living_room, posts, topics
from db.comments import TRANSITIONS, Comment
from db.posts import Post
from tests import make
from tests.make import at_once, refused

STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


def fresh(post):
    return posts.find(post.author.neighborhood, post.id)


def said(cast, post, now, who=None, body="好看"):
    comment = comments.say(who or cast.wang, post, now, body=body, op_id=make.secrets.token_hex(8))
    return comments.find_here(cast.cuihu, comment.id)


@pytest.mark.parametrize(("source", "target"), sorted(product(STATES, STATES)))
def test_a_comment_goes_along_drawn_arrows_only(cast, now, source, target):
    comment = said(cast, make.post(cast.zhao, now), now)
    Comment.update(state=source).where(Comment.id == comment.id).execute()
    comment = comments.find_here(cast.cuihu, comment.id)
    if (source, target) in TRANSITIONS:
        with comments.writing():
            comments.move(comment, target)
    else:
        with refused("moved-on"), comments.writing():
            comments.move(comment, target)
    assert Comment.get_by_id(comment.id).state == (target if (source, target) in TRANSITIONS else source)


def test_a_hidden_post_is_in_no_list_and_comes_back_as_it_was(cast, now):
    topic, photo = make.topic(cast.li, now), make.photo(cast.zhao, now)
    post = fresh(make.post(cast.zhao, now, topic=topic, photo_codes=[photo.code], consent=True))
    hiding.hide(post, cast.li.user, now, "照片里有孩子")
    assert living_room.feed(cast.cuihu, cast.wang).listed == [] and topics.find(cast.cuihu, topic.id).posts == 0
    assert not fresh(post).readable_by(cast.wang) and not fresh(post).readable_by(None)
    assert fresh(post).readable_by(cast.zhao) and fresh(post).readable_by(cast.li)
    assert posts.photos_of([post.id])[post.id][0].audience == "owner"
    hiding.restore(fresh(post), cast.li.user, now)
    assert [each.id for each in living_room.feed(cast.cuihu, cast.wang).listed] == [post.id]
    assert topics.find(cast.cuihu, topic.id).posts == 1 and posts.photos_of([post.id])[post.id][0].audience == "public"


def test_a_hidden_comment_leaves_a_stone_and_is_not_counted(cast, now):
    post = make.post(cast.zhao, now)
    comment = said(cast, post, now, body="难听的话")
    hiding.hide(comment, cast.li.user, now, "请好好说话")
    assert Post.get_by_id(post.id).comments == 0
    (stone,) = comments.page(fresh(post)).comments
    assert not stone.stands()
    hiding.restore(comments.find_here(cast.cuihu, comment.id), cast.li.user, now)
    assert Post.get_by_id(post.id).comments == 1


def test_hiding_needs_a_reason(cast, now):
    post = fresh(make.post(cast.zhao, now))
    with refused("reason-needed", 422):
        hiding.hide(post, cast.li.user, now, "不")
    assert fresh(post).published


def test_hidden_and_withdrawn_at_once_it_is_one_of_them(cast, now):
    topic = make.topic(cast.li, now)
    post = fresh(make.post(cast.zhao, now, topic=topic))
    met = at_once(
        8,
        lambda number: hiding.hide(post, cast.li.user, now, "先收起来") if number % 2 else posts.withdraw(post, cast.zhao, now),
    )
    assert met.count(None) == 1 and topics.find(cast.cuihu, topic.id).posts == 0


def test_a_returned_comment_is_said_again_and_waits(cast, now):
    from db import reviews

    post = make.post(cast.zhao, now)
    comment = said(cast, post, now, body="看 https://a.example")
    assert comment.state == "pending" and reviews.count_waiting(cast.cuihu) == 1
    assert [each.id for each in comments.page(fresh(post), member=cast.wang).comments] == [comment.id]
    assert comments.page(fresh(post), member=cast.chen).comments == comments.page(fresh(post)).comments == []
    reviews.give_back(comment, cast.li, now, "请不要放链接")
    comment = comments.find_here(cast.cuihu, comment.id)
    with refused("not-yours", 403):
        comments.resubmit(comment, cast.chen, now, body="不带链接了")
    comments.resubmit(comment, cast.wang, now, body="不带链接了")
    reviews.approve(comments.find_here(cast.cuihu, comment.id), cast.li, now)
    assert Post.get_by_id(post.id).comments == 1 and comments.page(fresh(post)).comments[0].body == "不带链接了"
