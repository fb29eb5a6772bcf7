"""Without a finger or a mouse: Tab, Enter, Space. The focus is always seen and never lost."""

import pytest
from playwright.sync_api import expect

from tests import make

WHERE = "() => document.activeElement.matches('body') ? '' : document.activeElement.outerHTML.slice(0, 80)"
SEEN = """() => {
  const here = document.activeElement, style = getComputedStyle(here.matches('input[type=file]') ? here.labels[0] : here);
  const box = here.getBoundingClientRect(), bar = document.querySelector("nav.bar")?.getBoundingClientRect();
  const under = bar && !here.closest("nav.bar") && box.height && box.top >= bar.top && box.bottom <= innerHeight + 1;
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) return "no ring: " + here.outerHTML.slice(0, 80);
  return under ? "under the bar: " + here.outerHTML.slice(0, 80) : "";
}"""


def _tab_to(page, selector, most=80):
    """Press Tab until `selector` has the focus; every stop on the way must be visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN) == ""
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab never reached {selector}; it stands at {page.evaluate(WHERE)}")


@pytest.fixture
def room(phone, lively, cast):
    page = phone(cast.zhao)
    page.goto("/n/cuihu/")
    return page


def test_the_first_tab_offers_to_skip_to_what_matters(room):
    room.keyboard.press("Tab")
    skip = room.get_by_role("link", name="跳到内容")
    expect(skip).to_be_focused()
    assert skip.bounding_box()["x"] >= 0
    room.keyboard.press("Enter")
    expect(room.locator("main")).to_be_focused()
    room.keyboard.press("Tab")
    assert room.evaluate("document.activeElement.closest('main') !== null")


def test_like_with_enter_and_space_keeps_the_focus(room, lively):
    selector = f"#post-{lively.mine.id} .like"
    _tab_to(room, selector)
    heart = room.locator(selector)
    for key, pressed in (("Enter", "true"), ("Space", "false")):
        with room.expect_response("**/like"):
            room.keyboard.press(key)
        expect(heart).to_have_attribute("aria-pressed", pressed)
        expect(heart).to_be_enabled()
        expect(heart).to_be_focused()


def test_comment_with_the_keyboard_alone(room, lively):
    card = room.locator(f"#post-{lively.mine.id}")
    _tab_to(room, f"#post-{lively.mine.id} .tap[href$='#comments']")
    room.keyboard.press("Enter")
    expect(card.get_by_role("textbox", name="评论")).to_be_visible()
    _tab_to(room, "textarea")
    room.keyboard.type("年糕真可爱")
    _tab_to(room, ".say button")
    room.keyboard.press("Enter")
    expect(card.locator(".comments > li")).to_contain_text("年糕真可爱")
    expect(card.locator(".comments > li").last).to_be_focused()
    _tab_to(room, ".small-row > a")
    room.keyboard.press("Enter")
    expect(card.get_by_role("textbox", name="回复 赵敏")).to_be_focused()


def test_the_composer_with_the_keyboard_alone(room, pictures):
    _tab_to(room, "[data-opens]", most=200)
    room.keyboard.press("Enter")
    expect(room.get_by_role("dialog")).to_be_visible()
    _tab_to(room, "dialog a[href$='kind=question']")
    room.keyboard.press("Enter")
    room.wait_for_url("**/posts/new?kind=question")
    _tab_to(room, "textarea")
    room.keyboard.type("哪里修鞋？")
    _tab_to(room, "input[type=file]")
    room.locator("input[type=file]").set_input_files(pictures.dish)
    expect(room.locator(".tray img")).to_be_visible()
    room.locator(".tray .remove").focus()
    room.keyboard.press("Enter")
    expect(room.locator(".tray img")).to_have_count(0)
    assert room.evaluate("document.activeElement.closest('.tray') !== null"), room.evaluate(WHERE)
    _tab_to(room, ".send")
    room.keyboard.press("Space")
    expect(room.locator("article.whole")).to_contain_text("哪里修鞋？")


def test_after_a_decision_at_the_desk_one_stands_where_the_post_was(phone, lively, cast):
    desk = phone(cast.li)
    desk.goto("/n/cuihu/desk/")
    _tab_to(desk, ".waiting form .button")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("处理好了")).to_be_focused()
    _tab_to(desk, ".waiting .button")


def test_focus_is_never_lost_in_a_swap_under_the_finger(phone, cast, now):
    post = make.post(cast.zhao, now)
    page = phone(cast.wang)
    page.goto(f"/n/cuihu/posts/{post.id}")
    page.locator(".like").tap()
    expect(page.locator(".like")).to_contain_text("1")
    expect(page.locator(".like")).to_be_focused()
    page.get_by_role("textbox", name="评论").fill("好看")
    page.get_by_role("button", name="发送").tap()
    expect(page.locator(".comments > li")).to_be_focused()
    page.locator("summary", has_text="删除").tap()
    page.get_by_role("button", name="确定删除").tap()
    expect(page.get_by_text("该评论已删除")).to_be_visible()
    assert page.evaluate(WHERE)
