"""好久没来的邻居: who they are, and one kind word in thirty days at most (R10)."""

from datetime import timedelta

import pytest

from db import comments, invitations, likes, members, notices, reviews
from db.invitations import Invitation
from db.notices import Notice
from tests import make
from tests.make import refused

MONTH = timedelta(days=30)


@pytest.fixture
def later(now):
    return now + timedelta(days=40)


def names(cast, at):
    return [each.member.user.name for each in invitations.listed(cast.cuihu, at)]


def test_who_did_nothing_for_thirty_days_is_listed_until_she_does(cast, now, later):
    assert names(cast, now + MONTH) == [] and invitations.count(cast.cuihu, now + MONTH) == 0
    post = make.post(cast.zhao, later - timedelta(days=1))
    assert names(cast, later) == ["陈奶奶", "王阿姨"] and invitations.count(cast.cuihu, later) == 2  # no host, no 周师傅
    likes.set_like(cast.wang, post, True, later)
    assert names(cast, later) == ["陈奶奶"] and invitations.one(make.again(cast.wang), later) is None
    members.leave(cast.chen, later)
    assert names(cast, later) == []


def test_the_host_sees_what_she_did_last_and_what_she_likes(cast, now, later):
    fix = make.post(cast.zhao, now, kind="help")
    walk = make.post(cast.zhao, now, kind="meetup", title="走一走")
    for post in (walk, fix, make.post(cast.zhao, now, kind="help")):
        likes.set_like(cast.wang, post, True, now)
    comments.say(cast.wang, walk, now + timedelta(hours=1), body="算我一个", op_id="one comment")
    wang, chen = (invitations.one(make.again(each), later) for each in (cast.wang, cast.chen))
    assert (wang.deed, wang.interest, chen.deed, chen.interest) == ("评论了", "help", "", "")


def test_the_queries_are_as_many_for_thirty_as_for_three(cast, now, later, queries):
    def cost():
        del queries[:]
        return len(invitations.listed(cast.cuihu, later)), len(queries)

    (few, before) = cost()
    for number in range(35):
        make.neighbor(cast.cuihu, f"邻居{number}", now)
    many, after = cost()
    assert (few, many) == (3, invitations.PAGE) and before == after
    last = invitations.listed(cast.cuihu, later)[-1].member.id
    assert len(invitations.listed(cast.cuihu, later, last)) == 38 - invitations.PAGE


def invite(cast, at, member=None):
    topic = make.topic(cast.li, at - timedelta(hours=1), "聊聊 " + make.secrets.token_hex(4))
    found = invitations.to(cast.li, "topics", topic.id, at)
    return invitations.invite(cast.li, make.again(member or cast.wang), found, at)


def test_one_kind_word_arrives_with_a_way_in(cast, later):
    invite(cast, later)
    told = Notice.get()
    assert (
        told.user_id == cast.wang.user_id
        and told.kind == "place"
        and "李姐想听听您怎么说" in told.sentence
        and "/topics/" in told.url
    )
    assert not invitations.one(make.again(cast.wang), later).may_be_asked


def test_one_word_a_person_in_thirty_days_even_from_many_hosts_at_once(cast, later):
    topic = make.topic(cast.li, later)
    found, wang = invitations.to(cast.li, "topics", topic.id, later), make.again(cast.wang)
    answers = make.at_once(8, lambda n: invitations.invite(cast.li, wang, found, later))
    assert answers.count(None) == 1 and Notice.select().count() == Invitation.select().count() == 1
    with refused("asked-lately"):
        invite(cast, later + MONTH - timedelta(seconds=1))
    invite(cast, later + MONTH)


def test_who_came_back_or_wants_quiet_is_left_alone(cast, now, later):
    with refused("not-quiet"):
        invite(cast, now)
    with refused("not-quiet"):
        invite(cast, later, cast.li)
    notices.choose(cast.wang.user, set())
    assert not invitations.one(make.again(cast.wang), later).may_be_asked
    with refused("left-alone"):
        invite(cast, later)
    assert not Invitation.select().exists() and not Notice.select().exists()


def test_what_fits_her_comes_first_and_nothing_is_sold(cast, now, later):
    make.post(cast.li, later, kind="promo", title="橙子")
    make.post(cast.zhao, later, "借个梯子", kind="help")
    walk = make.post(cast.zhao, later, kind="meetup", title="走一走")
    topic = make.topic(cast.li, later)
    likes.set_like(cast.wang, make.post(cast.zhao, now, kind="meetup", title="去年的春游"), True, now)
    quiet = invitations.one(make.again(cast.wang), later)
    fitting = invitations.fitting(cast.li, quiet, later)
    assert [(each.what, each.id) for each in fitting[:2]] == [("posts", walk.id), ("topics", topic.id)] and len(fitting) == 3
    promo = make.post(cast.li, later, kind="promo", title="橙子")
    assert invitations.to(cast.li, "posts", promo.id, later) is None and invitations.to(cast.li, "topics", 999, later) is None


def test_who_came_back_is_counted(cast, later):
    invite(cast, later)
    assert [each.came_back for each in invitations.sent(cast.cuihu, later)] == [False]
    make.post(cast.wang, later + timedelta(days=1))
    reviews.approve(reviews.waiting(cast.cuihu)[0], cast.li, later + timedelta(days=1))
    assert [each.came_back for each in invitations.sent(cast.cuihu, later)] == [True]
    assert invitations.sent(cast.yangguangli, later) == []
