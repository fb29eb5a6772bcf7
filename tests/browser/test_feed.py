"""The feed: more of it, nothing twice, and every address of it a whole page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests import make


@pytest.fixture
def forty_five(cast, now):
    return [make.post(cast.zhao, now - timedelta(minutes=number), f"第 {number + 1} 条").id for number in range(45)]


def _shown(page):
    return [int(each.removeprefix("post-")) for each in page.locator("article.card").evaluate_all("all => all.map(e => e.id)")]


def test_more_comes_in_place_without_doubles_and_without_gaps(phone, cast, now, forty_five):
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    expect(page.locator("article.card")).to_have_count(20)
    make.post(cast.li, now, "这条是刚刚来的，不能挤掉别的")
    for count in (40, 45):
        page.get_by_role("link", name="看更多", exact=True).tap()
        expect(page.locator("article.card")).to_have_count(count)
        expect(page.locator("article.card").nth(20 * ((count - 1) // 20))).to_be_focused()
    assert _shown(page) == forty_five
    expect(page.get_by_text("到底了")).to_be_visible()
    page.locator(f"#post-{forty_five[44]} .like").tap()
    expect(page.locator(f"#post-{forty_five[44]} .like")).to_contain_text("1")


def test_more_is_a_plain_link_to_a_whole_page(phone, forty_five):
    page = phone(js=False)
    page.goto("/n/cuihu/")
    seen = _shown(page)
    for _ in range(2):
        page.get_by_role("link", name="看更多", exact=True).click()
        expect(page.locator("nav.bar")).to_be_visible()
        seen += _shown(page)
    assert seen == forty_five
    page.get_by_role("link", name="回到最新").click()
    assert _shown(page) == forty_five[:20]


def test_a_part_opened_by_hand_is_a_page(phone, cast, now, forty_five):
    page = phone()
    for part in ("/n/cuihu/feed", "/n/cuihu/feed?tab=howto", f"/n/cuihu/posts/{forty_five[0]}/comments"):
        page.goto(part)
        expect(page.locator("header.top")).to_be_visible()
        expect(page.locator("nav.bar")).to_be_visible()
        assert page.url.split("?")[0].endswith(("/n/cuihu/", f"/posts/{forty_five[0]}", "#comments"))


def test_back_from_a_post_returns_to_the_whole_feed_and_refresh_too(phone, cast, forty_five):
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    page.get_by_role("link", name="看更多", exact=True).tap()
    expect(page.locator("article.card")).to_have_count(40)
    page.locator(f"#post-{forty_five[3]} .open").tap()
    expect(page.locator("article.whole")).to_be_visible()
    page.go_back()
    expect(page.locator(f"#post-{forty_five[3]}")).to_be_visible()
    expect(page.locator("header.top")).to_be_visible()
    page.reload()
    expect(page.locator("article.card")).to_have_count(20)
