"""The heart answers at once, and tells the truth a moment later."""

import re

import pytest
from playwright.sync_api import expect

from db import doors, likes, sessions
from tests import make


@pytest.fixture
def heart(phone, cast, now):
    """王阿姨's phone with one post of 赵敏 on it, and the heart under it."""
    post = make.post(cast.zhao, now, "窗外的樱花开了")
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    heart = page.locator(f"#post-{post.id} .like")
    heart.post, heart.liked = post, lambda: likes.liked_by(cast.wang, [post.id])
    return heart


def test_the_heart_turns_before_the_answer_comes(heart):
    held = []
    heart.page.route("**/like", lambda route: held.append(route))
    heart.tap()
    expect(heart).to_have_attribute("aria-pressed", "true")
    assert not heart.liked()
    held[0].continue_()
    expect(heart).to_contain_text("1")
    assert heart.liked()


def test_the_heart_turns_back_when_the_answer_is_no(heart, watch):
    watch.allow(503)
    heart.page.route("**/like", lambda route: route.fulfill(status=503))
    heart.tap()
    expect(heart.page.get_by_role("status")).to_contain_text("没有成功")
    expect(heart).to_have_attribute("aria-pressed", "false")


def test_the_heart_turns_back_without_a_network_and_works_later(heart, watch):
    watch.allow("offline")
    heart.page.context.set_offline(True)
    heart.tap()
    expect(heart.page.get_by_role("status")).to_contain_text("网络不好")
    expect(heart).to_have_attribute("aria-pressed", "false")
    heart.page.context.set_offline(False)
    heart.tap()
    expect(heart).to_contain_text("1")


def test_five_quick_taps_leave_one_like_or_none(heart):
    for _ in range(5):
        heart.dispatch_event("click")
    heart.page.wait_for_load_state("networkidle")
    pressed = heart.get_attribute("aria-pressed") == "true"
    assert bool(heart.liked()) == pressed
    assert likes.Like.select().count() == int(pressed)


def test_a_post_that_vanished_says_so(heart, watch, cast, now):
    watch.allow(404, 409)
    from db import posts

    posts.withdraw(heart.post, make.again(cast.zhao), now)
    heart.tap()
    expect(heart.page.get_by_role("status")).to_contain_text("看不到")
    expect(heart).to_have_attribute("aria-pressed", "false")


def test_signed_out_elsewhere_a_tap_leads_to_the_door_and_back(heart, watch, cast, now):
    watch.allow(401)
    code = doors.issue_recovery(cast.wang, cast.li, now)
    sessions.end_all(cast.wang.user, now)
    heart.tap()
    page = heart.page
    expect(page).to_have_url(re.compile(r"/join\?next=/n/cuihu/"))
    page.get_by_role("link", name="以前来过？登录").tap()
    page.get_by_role("link", name="用找回码").tap()
    page.get_by_label("找回码").fill(code)
    page.get_by_role("button", name="找回").tap()
    expect(page).to_have_url(re.compile(r"/n/cuihu/$"))
    heart.tap()
    expect(heart).to_contain_text("1")
