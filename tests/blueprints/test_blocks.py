"""屏蔽TA over HTTP: one tap on a post, her words are gone from one's own pages, one tap on the list, they are back."""

import pytest

from db import blocks
from tests import make
from tests.blueprints.answers import is_whole, led_to, shown_the_door, told_to_load, words

HOME = "/n/cuihu/"
LIST = f"{HOME}me/blocks"


@pytest.fixture
def post(cast, now):
    return make.post(cast.zhao, now, "赵敏说的话")


def block(browser, member, state="on", **how):
    return browser.post(f"{HOME}blocks/{member.id}", {"state": state} if state else {}, **how)


def test_blocked_she_is_gone_from_every_page_also_from_the_one_before_flask(web, cast, post):
    wang = web.as_(cast.wang)
    assert f"{HOME}blocks/{cast.zhao.id}" in words(wang.get(f"{HOME}posts/{post.id}"))
    wang.get(HOME), wang.get(HOME)
    assert "赵敏说的话" in words(wang.get(HOME))
    assert led_to(block(wang, cast.zhao), LIST) and told_to_load(block(wang, cast.zhao, part=True), LIST)
    assert "赵敏" in words(wang.get(LIST)) and is_whole(wang.get(LIST))
    for _ in range(3):
        assert "赵敏说的话" not in words(wang.get(HOME)) and "赵敏说的话" in words(web.as_(cast.chen).get(HOME))
    assert "赵敏说的话" not in words(wang.get(f"{HOME}feed", part=True))
    block(wang, cast.zhao, "off")
    assert "赵敏说的话" in words(wang.get(HOME)) and "没有屏蔽过谁" in words(wang.get(LIST))


def test_nobody_is_told(web, cast, post):
    block(web.as_(cast.wang), cast.zhao)
    assert "没有新消息" in words(web.as_(cast.zhao).get("/inbox"))


@pytest.mark.parametrize("state", [None, "", "ON", "长" * 10000])
def test_another_state_is_refused(web, cast, state):
    assert block(web.as_(cast.wang), cast.zhao, state).status_code == 422 and blocks.listed(cast.wang) == []


def test_who_may_not(web, cast):
    assert block(web.as_(cast.wang), cast.li).status_code == block(web.as_(cast.wang), cast.wang).status_code == 409
    assert block(web.as_(cast.wang), cast.zhou).status_code == block(web.as_(cast.zhou), cast.wang).status_code == 404
    assert shown_the_door(block(web.guest(), cast.zhao), f"{HOME}join", HOME)
