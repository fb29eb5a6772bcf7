"""活动 in a neighbour's hand: started in six touches, checked in by a screen that goes on without the network (issue 6)."""

from datetime import timedelta

from playwright.sync_api import expect

from db import checkins
from db.events import Event
from tests import make


def test_a_gathering_is_started_in_six_touches_and_a_seat_is_taken_in_one(phone, watch, cast, now):
    watch.allow(422)
    page, touches = phone(cast.zhao), 0
    page.goto("/n/cuihu/")

    def tap(target):
        nonlocal touches
        touches += 1
        target.tap()

    tap(page.locator("[data-opens=compose-sheet]"))
    tap(page.get_by_role("link", name="约活动"))
    for field, typed in (("名称", "周六环湖走一走"), ("什么时候开始", "2099-01-01T08:00"), ("在哪里碰面", "东门")):
        tap(page.get_by_label(field))
        page.get_by_label(field).fill(typed)
    tap(page.get_by_role("button", name="发起", exact=True))
    assert touches == 6
    expect(page.locator("#starts_at-error")).to_contain_text("一年以内")  # the words stay
    assert page.get_by_label("名称").input_value() == "周六环湖走一走" and not Event.select().exists()
    page.get_by_label("什么时候开始").fill(f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="发起", exact=True).tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("周六环湖走一走")
    other = phone(cast.wang)
    other.goto(page.url)
    other.get_by_role("button", name="我要来").tap()
    expect(other.locator("#seat")).to_contain_text("已报名")
    other.get_by_text("不去了").tap()
    other.get_by_role("button", name="确定取消").tap()
    expect(other.get_by_role("button", name="我要来")).to_be_visible()


def test_the_screen_shows_the_next_code_by_itself_without_the_network(phone, watch, cast, now):
    event = make.event(cast.zhao, now, days=0, starts_at=now + timedelta(minutes=5))
    page = phone(cast.zhao)
    page.clock.install()
    page.goto(f"/n/cuihu/events/{event.id}/check-in")
    watch.allow("offline")
    shown = page.locator("#steps .big-code")
    codes = [each.text_content() for each in shown.all()]
    assert len(codes) == checkins.STEPS
    seen = [page.locator("#steps .big-code:visible").text_content()]
    page.context.set_offline(True)
    for _ in range(2):
        page.clock.fast_forward(31_000)
        seen.append(page.locator("#steps .big-code:visible").text_content())
    places = [codes.index(each) for each in seen]
    assert places[0] == 0 and places[1] in {1, 2} and places[2] in {2, 3} and places == sorted(set(places))
    page.clock.fast_forward(600_000)
    expect(page.locator("[data-over]")).to_be_visible()
