"""市集 in a stranger's hand: from a poster to a stamp in three touches, name and all (issue 6)."""

from playwright.sync_api import expect

from db import scans, stamps
from db.stamps import Stamp
from tests import stalls


def _three_touches(page):
    """盖章, the tick, 坐下: the name is typed into a field that is touched by nobody but the keyboard's 下一项."""
    touches = 0

    def tap(target):
        nonlocal touches
        touches += 1
        target.tap()

    tap(page.get_by_role("link", name="盖章", exact=True))
    page.get_by_label("怎么称呼您").fill("新来的小林")
    tap(page.get_by_text("我同意保存我的称呼和楼栋"))
    tap(page.get_by_role("button", name="坐下"))
    return touches


def test_a_stranger_scans_the_poster_and_is_a_stamped_member_in_three_touches(phone, cast, now):
    booth = stalls.booth(stalls.market(cast.li, now), cast.li, now, "赵敏的酵素")
    page = phone()
    page.goto(f"/q/{scans.codes_for(cast.cuihu, 'booth', [booth.id])[booth.id]}")
    assert _three_touches(page) == 3
    expect(page.locator("#mine")).to_contain_text("请摊主点一下")
    keeper = phone(cast.li)
    keeper.goto(f"/n/cuihu/booths/{booth.id}/keep")
    keeper.locator("#waiting li", has_text="新来的小林").get_by_role("button", name="盖章").tap()
    expect(keeper.locator("#waiting")).not_to_contain_text("新来的小林")
    expect(page.locator("#mine")).to_contain_text("您有了", timeout=15_000)  # by itself
    assert Stamp.get().way == "keeper" and Stamp.get().member.user.name == "新来的小林"


def test_the_keepers_code_stamps_with_the_same_three(phone, cast, now):
    booth = stalls.booth(stalls.market(cast.li, now), cast.li, now, "赵敏的酵素")
    page = phone()
    page.goto(f"/n/cuihu/booths/{booth.id}/here/{stamps.steps(booth, now)[0][0]}")
    assert _three_touches(page) == 3
    expect(page.locator("#mine")).to_contain_text("您有了")
