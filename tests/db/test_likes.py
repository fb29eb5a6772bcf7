"""赞: one a person and post, however often and by however many hands it is asked for (R02)."""

import pytest

from db import likes, posts
from db.activity import Action
from db.likes import Like, liked_by, set_like
from db.neighborhoods import by_slug
from db.posts import Post
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def post(cast, now):
    return make.post(cast.zhao, now)


def counted(post):
    """(what the post says, how many there are)."""
    return Post.get_by_id(post.id).likes, Like.select().where(Like.post == post.id).count()


def test_a_like_is_a_state_to_reach(cast, now, post):
    version = by_slug("cuihu").version
    assert [set_like(cast.wang, post, on, now) for on in (True, True, False, False, True)] == [1, 1, 0, 0, 1]
    assert counted(post) == (1, 1)
    assert Post.get_by_id(post.id).version == post.version + 3
    assert by_slug("cuihu").version == version + 3
    assert Action.select().where(Action.kind == "like").count() == 1


def test_twenty_threads_liking_once_make_one_like(cast, now, post):
    assert set(at_once(20, lambda _: set_like(cast.wang, post, True, now))) == {1}
    assert counted(post) == (1, 1)


def test_twenty_threads_of_four_neighbours_make_four(cast, now, post):
    crowd = [cast.li, cast.wang, cast.zhao, cast.chen]
    at_once(20, lambda number: set_like(crowd[number % 4], post, True, now))
    assert counted(post) == (4, 4)


def test_however_on_and_off_race_the_count_is_that_of_the_rows(cast, now, post):
    crowd = [cast.li, cast.wang]
    at_once(20, lambda number: set_like(crowd[number % 2], post, number % 3 > 0, now))
    assert len(set(counted(post))) == 1


def test_one_may_like_ones_own(cast, now, post):
    assert set_like(cast.zhao, post, True, now) == 1


def test_what_is_not_seen_is_not_liked(cast, now, post):
    waiting = make.post(cast.wang, now)
    set_like(cast.wang, post, True, now)
    posts.withdraw(post, cast.zhao, now)
    for member, gone, on in ((cast.wang, waiting, True), (cast.li, post, True), (cast.wang, post, False)):
        with refused("not-published"):
            set_like(member, gone, on, now)
    assert (counted(waiting), counted(post)) == ((0, 0), (1, 1))


def test_the_liked_ones_of_a_page_in_one_query(cast, now, queries):
    page = [make.post(cast.zhao, now).id for _ in range(5)]
    for number in (0, 3):
        set_like(cast.wang, posts.find(cast.cuihu, page[number]), True, now)
    queries.clear()
    assert liked_by(cast.wang, page) == {page[0], page[3]}
    assert len(queries) == 1
    assert liked_by(cast.chen, page) == set()
    assert liked_by(cast.wang, page[1:3]) == set()


def test_guests_and_empty_pages_ask_nothing(cast, now, queries):
    queries.clear()
    assert likes.liked_by(None, [1, 2]) == likes.liked_by(cast.wang, []) == set()
    assert queries == []
