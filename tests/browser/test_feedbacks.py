"""反馈 in a stranger's hand: from the exit poster to having said it in three touches at most."""

from playwright.sync_api import expect

from db import scans
from db.feedbacks import Feedback
from tests import stalls


def test_a_stranger_scans_the_poster_and_has_said_it_in_two_touches(phone, cast, now):
    event = stalls.market(cast.li, now)
    code = scans.view_code(cast.cuihu, "feedback", "feedback", event.id, cast.li, now, "活动反馈")
    page, touches = phone(), 0
    page.goto(f"/q/{code}")
    for target in (page.get_by_text("很喜欢"), page.get_by_role("button", name="说好了").first):
        target.tap()
        touches += 1
    expect(page.get_by_role("heading", name="记下了，谢谢您")).to_be_visible()
    assert touches <= 3 and Feedback.get().face == 3
