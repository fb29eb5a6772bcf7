"""赞 over HTTP: a state to reach, and the button as it now is."""

import pytest

from db import posts
from db.likes import Like
from db.posts import Post
from tests import make
from tests.blueprints.answers import is_whole, led_to, shown_the_door, toast, words


@pytest.fixture
def post(cast, now):
    return make.post(cast.zhao, now)


def page_of(post):
    return f"/n/cuihu/posts/{post.id}"


def like(browser, post, state="on", part=False, place="cuihu"):
    return browser.post(f"/n/{place}/posts/{post.id}/like", {"state": state} if state is not None else {}, part=part)


def count(post):
    return Post.get_by_id(post.id).likes, Like.select().count()


def test_without_javascript_the_post_comes_back_with_the_like(web, cast, post):
    wang = web.as_(cast.wang)
    for _ in range(2):
        assert led_to(like(wang, post), page_of(post) + "#like") and count(post) == (1, 1)
    assert 'aria-pressed="true"' in words(wang.get(page_of(post)))
    for _ in range(2):
        assert led_to(like(wang, post, "off"), page_of(post) + "#like") and count(post) == (0, 0)
    assert 'aria-pressed="false"' in words(wang.get(page_of(post)))


def test_with_htmx_the_button_comes_back_as_it_is(web, cast, post):
    wang = web.as_(cast.wang)
    like(web.as_(cast.li), post)
    first, second = like(wang, post, part=True), like(wang, post, part=True)
    assert words(first) == words(second) and words(first).lstrip().startswith("<button") and count(post) == (2, 2)
    assert 'aria-pressed="true"' in words(first) and 'value="off"' in words(first) and "<span>2<" in words(first)
    last = like(wang, post, "off", part=True)
    assert 'aria-pressed="false"' in words(last) and 'value="on"' in words(last) and count(post) == (1, 1)


def test_taking_back_what_was_never_given_changes_nothing(web, cast, post):
    assert like(web.as_(cast.wang), post, "off").status_code == 303 and count(post) == (0, 0)


def test_ones_own_post_may_be_liked(web, cast, post):
    assert like(web.as_(cast.zhao), post).status_code == 303 and count(post) == (1, 1)


@pytest.mark.parametrize("state", [None, "", "toggle", "ON", "1", "on\0", "长" * 10000, "<script>alert(1)</script>"])
def test_another_state_is_refused_in_words(web, cast, post, state):
    wang = web.as_(cast.wang)
    answer = like(wang, post, state)
    assert answer.status_code == 422 and is_whole(answer) and "请再点一次那颗心" in words(answer)
    answer = like(wang, post, state, part=True)
    assert answer.status_code == 422 and "请再点一次" in toast(answer) and answer.headers["HX-Reswap"] == "none"
    assert "<script>alert" not in words(answer) and count(post) == (0, 0)


def test_guests_are_shown_the_way_in_and_back(web, cast, post):
    assert shown_the_door(like(web.guest(), post), "/n/cuihu/join", "/n/cuihu/")
    assert shown_the_door(like(web.guest(), post, part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    assert f"join?intent=like:{post.id}" in words(web.guest().get(page_of(post))) and count(post) == (0, 0)


def test_what_one_may_not_read_one_may_not_like(web, cast, now, post):
    waiting = make.post(cast.wang, now)
    for browser in (web.as_(cast.zhou), web.as_(cast.lin)):
        assert like(browser, post).status_code == like(browser, post, part=True).status_code == 404
    assert like(web.as_(cast.zhou), post, place="yangguangli").status_code == 404
    assert like(web.as_(cast.chen), waiting).status_code == 404
    post.id = 99999
    assert like(web.as_(cast.wang), post).status_code == 404 and Like.select().count() == 0


@pytest.mark.parametrize("gone", [True, False])
def test_what_is_not_out_cannot_be_liked(web, cast, now, post, gone):
    if gone:
        posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    else:
        post = make.post(cast.wang, now)
    browser = web.as_(cast.li)
    answer = like(browser, post)
    assert answer.status_code == 409 and is_whole(answer) and "已经看不到了" in words(answer)
    assert "已经看不到了" in toast(like(browser, post, part=True)) and count(post) == (0, 0)


def test_a_like_without_the_token_of_the_page_is_none(web, cast, post):
    answer = web.as_(cast.wang).post(page_of(post) + "/like", {"state": "on"}, token=False)
    assert answer.status_code == 403 and "请返回刷新" in words(answer) and count(post) == (0, 0)


def test_the_living_room_shows_ones_own_like_and_nobody_elses(web, cast, post):
    like(web.as_(cast.wang), post)
    assert 'aria-pressed="true"' in words(web.as_(cast.wang).get("/n/cuihu/"))
    assert 'aria-pressed="true"' not in words(web.as_(cast.li).get("/n/cuihu/"))
    assert "aria-pressed" not in words(web.guest().get("/n/cuihu/"))
