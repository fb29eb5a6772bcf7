"""一键复制群公告: the words land where one can paste them, whatever the browser allows; the picture is there to press long."""

import pytest
from playwright.sync_api import expect

from tests import make


def announcement(phone, cast, now, **options):
    post = make.post(cast.zhao, now, "东门集合，走到湖边。", kind="meetup", title="周六环湖走一走")
    page = phone(cast.li, **options)
    page.goto(f"/n/cuihu/desk/posts/{post.id}/announce")
    return page


@pytest.mark.parametrize("clipboard", ["allowed", "missing"])
def test_one_tap_takes_the_words_along(phone, cast, now, clipboard):
    page = announcement(phone, cast, now)
    if clipboard == "missing":  # as in WeChat, or over plain http
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    else:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="一键复制群公告").tap()
    expect(page.locator("#toast")).to_contain_text("复制好了")
    if clipboard == "allowed":
        assert page.evaluate("navigator.clipboard.readText()") == page.get_by_label("文字").input_value()


def test_the_poster_is_one_picture_of_the_page(phone, cast, now):
    page = announcement(phone, cast, now)
    assert page.locator("img.drawn").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1080


def test_without_javascript_the_words_are_there_to_select(phone, cast, now):
    page = announcement(phone, cast, now, js=False)
    assert "周六环湖走一走" in page.get_by_label("文字").input_value()
    expect(page.get_by_role("button", name="一键复制群公告")).to_have_count(0)
