"""The main road as a neighbour walks it in WeChat: look, like, join, show a dish, be let in, talk; without JavaScript too."""

import re

import pytest
from playwright.sync_api import expect

from tests import make


def _join(page):
    """From the join page to a chair in three touches: the name, the tick, 坐下."""
    page.get_by_label("怎么称呼您").fill("新邻居小陈")
    page.get_by_text("我同意保存我的称呼和楼栋").tap()
    page.get_by_role("button", name="坐下").tap()


def _approve(desk):
    desk.goto("/n/cuihu/desk/")
    expect(desk.locator(".card.waiting")).to_contain_text("昨晚的红烧肉")
    desk.locator(".card.waiting").get_by_role("button", name="通过", exact=True).tap()
    expect(desk.get_by_text("处理好了").or_(desk.get_by_text("都看完了"))).to_be_visible()


@pytest.fixture
def blossom(cast, now):
    return make.post(cast.zhao, now, "窗外的樱花开了")


def test_a_guest_likes_joins_posts_and_talks(phone, cast, blossom, pictures):
    page = phone()
    page.goto("/n/cuihu/")
    page.locator(f"#post-{blossom.id} .like").tap()
    expect(page).to_have_url(re.compile("/join"))
    _join(page)
    expect(page).to_have_url(re.compile(f"/posts/{blossom.id}"))
    expect(page.locator(".like")).to_have_attribute("aria-pressed", "true")

    page.locator("[data-opens=compose-sheet]").tap()
    page.get_by_role("link", name="晒一晒").tap()
    page.get_by_role("textbox").fill("昨晚的红烧肉，小火慢炖两个钟头")
    tray = page.locator(".tray")
    expect(page.get_by_text("我已征得同意")).to_be_hidden()
    for count, picture in enumerate((pictures.dish, pictures.balcony, pictures.flower), start=1):
        tray.locator("input[type=file]").set_input_files(picture)
        expect(tray.locator("img")).to_have_count(count, timeout=20_000)
    tray.locator("li").nth(1).get_by_role("button", name="去掉").tap()
    expect(tray.locator("img")).to_have_count(2)
    page.get_by_text("我已征得同意").tap()
    page.get_by_role("button", name="发出去").tap()
    expect(page.get_by_role("note")).to_contain_text("待审核")
    expect(page.locator(".shot img")).to_have_count(2)
    post_url = page.url

    _approve(phone(cast.li))

    page.goto("/n/cuihu/")
    card = page.locator(".card", has_text="昨晚的红烧肉")
    expect(card.locator(".shots img")).to_have_count(2)
    card.locator(".tap", has_text="评论").tap()
    card.get_by_role("textbox", name="评论").fill("放了冰糖")
    card.get_by_role("button", name="发送").tap()
    expect(card.locator(".comments")).to_contain_text("放了冰糖")
    card.get_by_role("link", name="回复").tap()
    card.get_by_label("回复 新邻居小陈").fill("补一句：先焯水")
    card.get_by_role("button", name="发送").tap()
    expect(card.locator(".comments li")).to_have_count(2)
    expect(card.locator(".comments li").nth(1)).to_contain_text("回复 新邻居小陈")

    page.goto(post_url)
    page.go_back()
    expect(page.locator(".hero h1")).to_be_visible()
    expect(page.locator(".card", has_text="窗外的樱花开了")).to_be_visible()
    page.reload()
    expect(page.locator("nav.bar")).to_be_visible()
    expect(page.locator(".card", has_text="昨晚的红烧肉")).to_be_visible()


def test_the_same_road_without_javascript(phone, cast, blossom, pictures):
    page = phone(js=False)
    page.goto("/n/cuihu/")
    page.locator(f"#post-{blossom.id} .like").click()
    _join(page)
    expect(page.locator(".like")).to_have_attribute("aria-pressed", "true")
    page.locator(".like").click()
    expect(page.locator(".like")).to_have_attribute("aria-pressed", "false")

    page.locator(".bar-plus").click()
    page.get_by_role("textbox").fill("昨晚的红烧肉，小火慢炖两个钟头")
    for count, picture in enumerate((pictures.dish, pictures.balcony), start=1):
        page.locator("input[type=file]").set_input_files(picture)
        page.get_by_role("button", name="上传这张照片").click()
        expect(page.locator(".tray img")).to_have_count(count)
    page.locator(".tray li").nth(1).get_by_role("button", name="去掉").click()
    expect(page.locator(".tray img")).to_have_count(1)
    expect(page.get_by_role("textbox")).to_have_value("昨晚的红烧肉，小火慢炖两个钟头")
    page.get_by_text("我已征得同意").click()
    page.get_by_role("button", name="发出去").click()
    expect(page.get_by_role("note")).to_contain_text("待审核")

    _approve(phone(cast.li, js=False))

    page.goto("/n/cuihu/")
    page.locator(".card", has_text="昨晚的红烧肉").get_by_role("link", name="评论").click()
    page.get_by_role("textbox", name="评论").fill("放了冰糖")
    page.get_by_role("button", name="发送").click()
    page.get_by_role("link", name="回复").click()
    page.get_by_label("回复 新邻居小陈").fill("补一句：先焯水")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".comments li")).to_have_count(2)
    page.go_back()
    expect(page.locator("nav.bar")).to_be_visible()
    page.reload()
    expect(page.locator("header.top")).to_be_visible()
