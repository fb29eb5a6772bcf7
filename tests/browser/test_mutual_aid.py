"""互助 in a hand: one asks, one comes, and they can reach each other."""

from db import people
from tests import make


def test_two_neighbours_find_each_other(phone, cast):
    people.bind_phone(cast.wang.user, "13800138000")
    asker = phone(cast.zhao)
    asker.goto("/n/cuihu/")
    asker.locator("[data-opens]").click()
    asker.locator("dialog a", has_text="帮个忙").click()
    notice = asker.locator(".for-childcare")
    assert not notice.is_visible()
    asker.get_by_label("照看孩子").check()
    assert notice.is_visible()
    asker.get_by_label("要什么、有什么").fill("周三帮忙接孩子")
    asker.get_by_label("说说是什么事").fill("四点半，东门小学")
    with asker.expect_navigation():
        asker.get_by_role("button", name="发出去").click()
    helper = phone(make.again(cast.wang))
    helper.goto(asker.url)
    helper.locator("summary", has_text="捎句话").click()
    helper.get_by_label("捎句话", exact=True).fill("我每天都去接孙子")
    helper.get_by_label("给 TA 看我的手机号").check()
    helper.get_by_role("button", name="我来帮忙").click()
    helper.get_by_text("您说了「我来帮忙」").wait_for()
    asker.reload()
    asker.locator("summary", has_text="请 TA 来帮忙").click()
    assert "13800138000" not in asker.content()
    asker.get_by_role("button", name="请 TA 来帮忙").click()
    asker.get_by_role("link", name="打电话 13800138000").wait_for()
    asker.get_by_role("textbox", name="给王阿姨留言").fill("太好了，谢谢您")
    asker.get_by_role("button", name="留言").click()
    asker.get_by_text("太好了，谢谢您").wait_for()
    helper.reload()
    helper.get_by_text("太好了，谢谢您").wait_for()
    for page in (helper, asker):
        page.reload()
        page.get_by_role("button", name="完成了").click()
        page.locator("#aid", has_text="完成了").wait_for()
    asker.get_by_label("写句谢谢吧").wait_for()
