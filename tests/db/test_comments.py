"""评论: under posts that take them, once a form, counted to the one, and leaving a stone when taken back."""

import pytest

from db import comments, posts, reviews
from db.activity import Action
from db.comments import PAGE, Comment
from db.neighborhoods import by_slug, set_status
from db.posts import Post
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def post(cast, now):
    return make.post(cast.zhao, now)


def say(member, post, now, body="真好看", op_id=None, **values):
    return comments.say(
        member, post, now, body=body, op_id=op_id or f"{member.id}-{Comment.select().count()}-{body[:9]}", **values
    )


def counted(post):
    """(what the post says, how many there are)."""
    rows = Comment.select().where((Comment.post == post.id) & (Comment.state == "published")).count()
    return Post.get_by_id(post.id).comments, rows


def test_a_comment_stands_under_its_post(cast, now, post):
    before = by_slug("cuihu").version
    say(cast.wang, post, now, " 真好看\r\n哪里开的？ ")
    (comment,) = comments.page(post).comments
    assert (comment.body, comment.author.user.name, comment.created_at) == ("真好看\n哪里开的？", "王阿姨", now)
    assert counted(post) == (1, 1)
    assert Post.get_by_id(post.id).version == post.version + 1
    assert by_slug("cuihu").version == before + 1
    assert Action.select().where(Action.kind == "comment").count() == 1


@pytest.mark.parametrize(
    ("body", "code"), [("", "empty"), (" \n ", "empty"), (None, "empty"), ("好" * 1001, "too-long"), ("好\0", "bad-letters")]
)
def test_what_is_no_comment_is_refused_beside_the_field(cast, now, post, body, code):
    with refused(code, 422) as met:
        comments.say(cast.wang, post, now, body=body, op_id="c1")
    assert met.value.field == "body"
    assert counted(post) == (0, 0)


def test_a_thousand_characters_are_a_comment(cast, now, post):
    assert len(say(cast.wang, post, now, "好" * 1000).body) == 1000


def test_the_same_form_makes_one_comment(cast, now, post):
    first = say(cast.wang, post, now, "一", op_id="c1")
    assert say(cast.wang, post, now, "二", op_id="c1") == first
    assert say(cast.zhao, post, now, "三", op_id="c1") != first
    assert counted(post) == (2, 2)


def test_twenty_times_at_once_it_makes_one_comment(cast, now, post):
    made = at_once(20, lambda _: say(cast.wang, post, now, op_id="c1").id)
    assert len(set(made)) == 1
    assert counted(post) == (1, 1)
    assert Action.select().where(Action.kind == "comment").count() == 1


def test_twenty_who_comment_at_once_are_twenty(cast, now, post):
    crowd = [cast.li, cast.wang, cast.zhao, cast.chen]
    at_once(20, lambda number: say(crowd[number % 4], post, now, op_id=f"c{number}"))
    assert counted(post) == (20, 20)


def test_nothing_is_said_under_what_is_not_seen(cast, now, post):
    waiting = make.post(cast.wang, now)
    stale = posts.find(cast.cuihu, post.id)
    posts.withdraw(post, cast.zhao, now)
    for gone in (waiting, stale, posts.find(cast.cuihu, post.id)):
        with refused("no-comments"):
            say(cast.wang, gone, now)
        assert counted(gone) == (0, 0)


def test_nothing_is_said_while_the_comments_are_closed(cast, now, post):
    reviews.hold_comments(post, cast.li, now, comments_open=False)
    with refused("no-comments"):
        say(cast.wang, post, now)
    reviews.hold_comments(post, cast.li, now, comments_open=True)
    say(cast.wang, post, now)


def test_nothing_is_said_in_a_place_that_is_not_open(cast, now, post):
    set_status(cast.cuihu, "readonly", "小区改造中")
    cast.wang.neighborhood = by_slug("cuihu")
    with refused("not-open"):
        say(cast.wang, post, now)


def test_pages_follow_each_other_and_lose_nothing(cast, now, post):
    said = [say(cast.wang, post, now, f"第 {number} 条").id for number in range(PAGE + 7)]
    first = comments.page(post)
    assert [comment.id for comment in first.comments] == said[:PAGE]
    second = comments.page(post, first.more)
    assert [comment.id for comment in second.comments] == said[PAGE:]
    assert second.more == 0
    assert [comment.id for comment in comments.page(post, last=True).comments] == said[-PAGE:]
    assert comments.page(post, 2**53).comments == []


def test_a_full_page_is_not_followed_by_an_empty_one(cast, now, post):
    for number in range(PAGE):
        say(cast.wang, post, now, f"第 {number} 条")
    assert comments.page(post).more == 0
    assert comments.page(post, last=True).more == 0


def test_a_reply_names_whom_it_answers(cast, now, post):
    question = say(cast.wang, post, now, "哪里开的？")
    answer = say(cast.zhao, post, now, "湖边", answers=question)
    page = comments.page(post)
    assert page.comments[1].answers_id == question.id
    assert page.answered == {question.id: "王阿姨"}
    assert comments.page(post, question.id).answered == {question.id: "王阿姨"}
    comments.withdraw(comments.find(post, question.id), cast.wang, now)
    assert [comment.id for comment in comments.page(post).comments] == [question.id, answer.id]


def test_a_comment_taken_back_leaves_a_stone_without_words(cast, now, post):
    comment = say(cast.wang, post, now)
    comments.withdraw(comment, cast.wang, now)
    (stone,) = comments.page(post).comments
    assert (stone.state, stone.body) == ("withdrawn", "")
    assert counted(post) == (0, 0)
    with refused("moved-on"):
        comments.withdraw(comment, cast.wang, now)
    assert counted(post) == (0, 0)


def test_eight_who_take_it_back_at_once_are_counted_once(cast, now, post):
    say(cast.zhao, post, now, "一")
    comment = say(cast.wang, post, now, "二")
    met = at_once(8, lambda _: comments.withdraw(comments.find(post, comment.id), cast.wang, now))
    assert met.count(None) == 1
    assert counted(post) == (1, 1)


def test_nobody_takes_back_somebody_elses(cast, now, post):
    comment = say(cast.wang, post, now)
    for who in (None, cast.zhao, cast.li, cast.zhou):
        assert not comment.deletable_by(who)
        with refused("not-yours", 403):
            comments.withdraw(comment, who, now)
    assert comment.deletable_by(cast.wang)


def test_a_comment_under_a_post_that_is_gone_can_still_be_taken_back(cast, now, post):
    comment = say(cast.wang, post, now)
    posts.withdraw(post, cast.zhao, now)
    comments.withdraw(comment, cast.wang, now)
    assert counted(post) == (0, 0)


def test_under_another_post_it_does_not_exist(cast, now, post):
    comment = say(cast.wang, post, now)
    assert comments.find(post, comment.id) == comment
    assert comments.find(make.post(cast.zhao, now), comment.id) is None
    assert comments.find(post, 2**53 - 1) is None


def test_newcomers_comment_ten_times_a_day(cast, now, post, limited):
    for number in range(10):
        say(cast.wang, post, now, f"第 {number} 条")
    with refused("too-fast", 429):
        say(cast.wang, post, now, "再来一条")
    say(cast.zhao, post, now)
