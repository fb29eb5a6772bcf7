"""The ＋ sheet, and how one reads: chosen once, remembered everywhere."""

import re

import pytest
from playwright.sync_api import expect

from db import doors
from tests import make

LEAVE = {
    "先不发了": lambda page: page.get_by_role("button", name="先不发了").tap(),
    "Escape": lambda page: page.keyboard.press("Escape"),
    "a tap outside": lambda page: page.touchscreen.tap(195, 60),
}


@pytest.mark.parametrize("way", LEAVE)
def test_the_sheet_opens_and_closes_and_the_focus_returns(phone, cast, way):
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    plus = page.locator("[data-opens=compose-sheet]")
    plus.tap()
    sheet = page.get_by_role("dialog", name="发一条")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("link")).to_have_count(6)
    LEAVE[way](page)
    expect(sheet).to_be_hidden()
    expect(plus).to_be_focused()
    expect(page).to_have_url(re.compile("/n/cuihu/$"))


def test_a_tap_between_two_lines_of_the_sheet_does_not_close_it(phone, cast):
    page = phone(cast.li)
    page.goto("/n/cuihu/")
    page.locator("[data-opens=compose-sheet]").tap()
    sheet = page.get_by_role("dialog")
    box = sheet.bounding_box()
    page.touchscreen.tap(box["x"] + 4, box["y"] + box["height"] / 2)
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("link", name="发公告")).to_be_visible()


def test_back_after_choosing_from_the_sheet_finds_it_closed(phone, cast):
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    page.locator("[data-opens=compose-sheet]").tap()
    page.get_by_role("link", name="问一问").tap()
    expect(page.get_by_role("textbox")).to_be_visible()
    page.go_back()
    expect(page.locator(".hero h1")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def _look(page):
    return page.locator("html").get_attribute("data-look")


def test_the_elders_look_is_chosen_once_and_stays(phone, cast, now):
    code = doors.issue_recovery(cast.wang, cast.li, now)
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    page.get_by_role("link", name="长辈版").tap()
    page.get_by_role("button", name=re.compile("换成长辈版")).tap()
    expect(page).to_have_url(re.compile("/n/cuihu/"))
    assert _look(page) == "elder"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"
    page.goto("/n/cuihu/me/")
    page.get_by_role("button", name="退出登录").tap()
    expect(page.get_by_text("已退出")).to_be_visible()
    assert _look(page) == "elder"
    page.context.clear_cookies(name="look")
    page.goto("/signin/recover")
    page.get_by_label("找回码").fill(code)
    page.get_by_role("button", name="找回").tap()
    expect(page.locator("nav.bar")).to_be_visible()
    assert _look(page) == "elder"


def test_in_the_elders_look_a_message_stays_until_it_is_closed(phone, cast, now):
    post = make.post(cast.zhao, now)
    page = phone(cast.wang, look="elder")
    page.clock.install()
    page.goto(f"/n/cuihu/posts/{post.id}")
    page.get_by_role("textbox", name="评论").fill("好看")
    page.get_by_role("button", name="发送").tap()
    toast = page.locator("#toast")
    expect(toast).to_contain_text("说好了")
    page.clock.fast_forward("01:00:00")
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="知道了").tap()
    expect(toast).to_be_hidden()


def test_in_the_ordinary_look_a_message_goes_by_itself(phone, cast, now):
    post = make.post(cast.zhao, now)
    page = phone(cast.wang)
    page.clock.install()
    page.goto(f"/n/cuihu/posts/{post.id}")
    page.get_by_role("textbox", name="评论").fill("好看")
    page.get_by_role("button", name="发送").tap()
    expect(page.locator("#toast")).to_contain_text("说好了")
    page.clock.fast_forward(5000)
    expect(page.locator("#toast")).to_be_hidden()


def test_dark_by_choice_and_dark_by_the_phone_are_the_same_dark(phone):
    read = """() => {
      const style = getComputedStyle(document.documentElement);
      return Object.fromEntries(["ground","surface","ink","ink-2","line","green","green-ink","green-soft","apricot","apricot-ink",
        "apricot-soft","gold","gold-soft","red","red-ink","border","focus","hero","shadow"].map(
          name => [name, style.getPropertyValue("--" + name)]).concat([["scheme", style.colorScheme]]));
    }"""
    for look in ("standard", "elder"):
        chosen, phones = phone(look=look, scheme="dark"), phone(look=look, dark=True)
        light = phone(look=look, scheme="light", dark=True)
        for page in (chosen, phones, light):
            page.goto("/about")
        assert chosen.evaluate(read) == phones.evaluate(read)
        assert light.evaluate(read)["ground"] != chosen.evaluate(read)["ground"]
