"""主理人工作台 on a phone at the bus stop: a dozen let in with a few taps, one taken back, without JavaScript too."""

import pytest

from db.posts import Post
from tests import make

DESK = "/n/cuihu/desk/"


class Taps:
    """Counts every tap of a finger on this page."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def __call__(self, name, role="button"):
        self.page.get_by_role(role, name=name, exact=True).first.tap()
        self.count += 1


@pytest.fixture
def dozen(cast, now):
    return [make.post(make.neighbor(cast.cuihu, f"新邻居{number}", now), now, f"第 {number} 句您好") for number in range(12)]


def waiting():
    return Post.select().where(Post.state == "pending").count()


def test_a_dozen_one_by_one_take_no_more_than_fourteen_taps(phone, cast, dozen):
    page = phone(cast.li)
    page.goto(DESK)
    taps = Taps(page)
    for left in range(11, -1, -1):
        taps("通过")
        page.locator("#left", has_text=str(left)).wait_for()
    assert taps.count <= 14 and waiting() == 0


def test_a_dozen_together_take_two(phone, cast, dozen):
    page = phone(cast.li)
    page.goto(DESK)
    page.get_by_label("全选").tap()
    with page.expect_navigation():
        page.get_by_role("button", name="通过勾选的").tap()
    assert page.get_by_text("12 条通过了").is_visible() and page.get_by_text("都看完了").is_visible() and waiting() == 0


def test_a_slip_is_taken_back_within_ten_seconds(phone, cast, dozen):
    page = phone(cast.li)
    page.goto(DESK)
    page.get_by_role("button", name="通过", exact=True).first.tap()
    with page.expect_navigation():
        page.get_by_role("button", name="撤销").tap()
    assert page.get_by_text("撤销了").is_visible() and waiting() == 12


def test_without_javascript_too(phone, cast, dozen):
    page = phone(cast.li, js=False)
    page.goto(DESK)
    page.get_by_role("button", name="通过", exact=True).first.tap()
    page.get_by_text("通过了，邻居们看得到了").wait_for()
    page.get_by_role("button", name="撤销").tap()
    page.get_by_text("撤销了").wait_for()
    for box in page.get_by_role("checkbox").all()[:3]:
        if box.is_visible():
            box.tap()
    page.get_by_role("button", name="通过勾选的").tap()
    page.get_by_text("条通过了").wait_for()
    assert waiting() < 12
