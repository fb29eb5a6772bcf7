"""The live page keeps itself fresh: what is new comes by itself, and what the viewer was doing stays."""

from playwright.sync_api import expect

from db import event_days, live_questions, lives
from tests import make
from web import kept


def test_a_new_link_comes_by_itself_and_what_she_pushed_stays(phone, cast, now):
    event = make.event(cast.li, now, kind="live", title="阳台上种绣球", place="")
    first, second = (make.question(cast.zhao, event, now, body) for body in ("怎么扦插", "要浇多少水"))
    page = phone(cast.wang)
    page.clock.install()
    page.goto(f"/n/cuihu/events/{event.id}/live")
    push = page.locator(f"#question-{first.id} button")
    push.tap()
    expect(push).to_have_attribute("aria-pressed", "true")
    expect(push).to_contain_text("1")
    page.get_by_label("想问什么").fill("还没写完的一句")
    lives.furnish(event, cast.li, now, room_name="视频号：绿洲生活", room_url="https://live.example.cn/1", stream_url="", rain="")
    live_questions.hide(event, second, cast.li, now)
    kept.forget()  # a second has passed
    page.clock.run_for(7000)
    expect(page.locator("#stage")).to_contain_text("视频号：绿洲生活")
    expect(page.locator(f"#question-{second.id}")).to_have_count(0)
    push = page.locator(f"#question-{first.id} button")
    expect(push).to_have_attribute("aria-pressed", "true")
    assert page.get_by_label("想问什么").input_value() == "还没写完的一句"
    push.tap()
    expect(push).to_have_attribute("aria-pressed", "false")
    assert live_questions.find(event, first.id).votes == 0


def test_called_off_the_page_says_so_by_itself(phone, watch, cast, now):
    watch.allow(404)
    event = make.event(cast.li, now, kind="live", title="阳台上种绣球", place="")
    page = phone(cast.wang)
    page.clock.install()
    page.goto(f"/n/cuihu/events/{event.id}/live")
    event_days.cancel(event, cast.li, now, "主播病了")
    kept.forget()  # a second has passed
    page.clock.run_for(7000)
    expect(page.locator("main")).to_contain_text("主播病了")
