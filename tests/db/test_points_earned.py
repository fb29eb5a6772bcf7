"""What earns, wired: a thing pays when neighbours see it, and its points go and come with it (R37, I8)."""

from datetime import timedelta

import pytest

from db import aid_matches, comments, hiding, makings, mutual_aid, point_lines, posts, reviews, stories
from db.members import Membership
from db.point_entries import PointEntry, account
from tests import make
from tests.db.test_points import has


def fresh(post):
    return posts.find(post.neighborhood, post.id)


def earned(member):
    """[(rule, delta), …] of this neighbour's book."""
    mine = PointEntry.select().where(PointEntry.membership == member.id).order_by(PointEntry.id)
    return [(entry.rule, entry.delta) for entry in mine]


def test_a_post_pays_when_it_is_seen_and_not_before(cast, now):
    post = make.post(cast.wang, now)
    assert post.state == "pending" and earned(cast.wang) == []
    line = reviews.approve(fresh(post), cast.li, now)
    assert earned(cast.wang) == [("post", 5)]
    reviews.undo(cast.cuihu, line, cast.li, now)
    assert has(cast.wang) == (0, 0)
    reviews.approve(fresh(post), cast.li, now)
    assert earned(cast.wang) == [("post", 5), ("post", -5), ("post", 5)]


def test_hidden_and_shown_again(cast, now):
    post = make.post(cast.zhao, now)
    reviews.feature(fresh(post), cast.li, now, True)
    assert has(cast.zhao) == (25, 0)
    hiding.hide(fresh(post), cast.li.user, now, "先收起来看看")
    assert has(cast.zhao) == (0, 0)
    hiding.restore(fresh(post), cast.li.user, now)
    assert has(cast.zhao) == (5, 0)  # it is no pick any more
    reviews.feature(fresh(post), cast.li, now, True)
    assert has(cast.zhao) == (25, 0)
    posts.withdraw(fresh(post), cast.zhao, now)
    assert has(cast.zhao) == (0, 0)


def test_who_decides_pays_herself_nothing(cast, now):
    post = make.post(cast.li, now)
    reviews.feature(fresh(post), cast.li, now, True)
    make.post(cast.li, now, kind="notice", title="停水通知")
    comments.say(cast.li, post, now, body="补一句", op_id="a-comment")
    assert earned(cast.li) == []


def test_a_comment_pays_once_seen_and_not_under_ones_own_post(cast, now):
    post = make.post(cast.zhao, now)
    comments.say(cast.zhao, post, now, body="补一句", op_id="a-comment")
    said = comments.say(cast.chen, fresh(post), now, body="真好看", op_id="b-comment")
    assert (earned(cast.zhao), earned(cast.chen)) == ([("post", 5)], [("comment", 1)])
    said = comments.find_here(cast.cuihu, said.id)
    hiding.hide(said, cast.li.user, now, "先收起来看看")
    said = comments.find_here(cast.cuihu, said.id)
    hiding.restore(said, cast.li.user, now)
    comments.withdraw(comments.find_here(cast.cuihu, said.id), cast.chen, now)
    assert earned(cast.chen) == [("comment", 1), ("comment", -1), ("comment", 1), ("comment", -1)]


def test_a_how_to_pays_who_makes_it_and_who_wrote_it(cast, now):
    post = make.howto(cast.zhao, now)
    made = make.made(cast.wang, post, now)
    assert earned(cast.wang) == [("made", 2)]
    assert earned(cast.zhao) == [("post", 5), ("useful", 10)]
    assert account(cast.zhao, now).waiting == 10
    hiding.hide(fresh(post), cast.li.user, now, "先收起来看看")
    assert (has(cast.zhao), has(cast.wang)) == ((0, 0), (2, 0))
    hiding.restore(fresh(post), cast.li.user, now)
    assert has(cast.zhao) == (15, 0)
    makings.take_back(makings.find(cast.cuihu, made.id), cast.wang, now)
    hiding.hide(fresh(post), cast.li.user, now, "先收起来看看")
    hiding.restore(fresh(post), cast.li.user, now)
    assert (has(cast.zhao), has(cast.wang)) == ((5, 0), (0, 0))  # what she took back does not come back with it
    make.made(cast.wang, post, now)
    assert (has(cast.zhao), has(cast.wang)) == ((15, 0), (2, 0))


@pytest.mark.parametrize("kind", ["ask", "offer"])
def test_help_that_both_call_done_pays_the_helper(cast, now, kind):
    aid = make.aid(cast.zhao, now, aid_kind=kind)
    aid_matches.accept(aid, aid_matches.offer(aid, cast.wang, now), cast.zhao, now)
    aid = mutual_aid.find(cast.cuihu, aid.post_id)
    helper = cast.wang if kind == "ask" else cast.zhao
    before = has(helper)[0]
    for member in (cast.zhao, cast.wang):
        aid_matches.confirm(aid, member, now)
    assert has(helper)[0] - before == 20
    assert account(helper, now + timedelta(days=2)).waiting == 0


def test_a_story_is_told_for_its_own_sake(cast, now):
    story = make.story(cast.li, now, subject=cast.wang)
    assert stories.find(cast.cuihu, story.id) and earned(cast.li) == earned(cast.wang) == []
    assert Membership.select().where(Membership.points != 0).count() == 0


def test_a_line_says_what_it_is_about_while_one_may_read_it(cast, now):
    entry = make.entry(cast.zhao, make.contest(cast.li, now), now)
    post = make.post(cast.zhao, now, "窗外的樱花开了")
    shown = {line.entry.rule: (line.title, line.path) for line in point_lines.page(cast.zhao)[0]}
    wanted = {"post": ("窗外的樱花开了", f"posts/{post.id}"), "entry": ("东门的玉兰", f"contests/entries/{entry.id}")}
    assert shown == wanted
    posts.withdraw(fresh(post), cast.zhao, now)
    assert [line.title for line in point_lines.page(cast.zhao)[0]] == ["", "", "东门的玉兰"]
