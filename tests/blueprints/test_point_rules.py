"""总部的积分页 over HTTP: rules from a day on, budgets, a hand for every neighbour; for HQ alone."""

import pytest

from db import point_rules, points
from db.members import Membership
from db.point_rules import PointRule
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, told_to_load, typed, words

HQ, POST = "/hq/points", "/hq/points/rules/post"
RULE = {"points": "6", "daily_cap": "30", "hq_max": "12", "active_from": "", "reason": "春天多鼓励一点"}
BY_HAND = {"points": "1000", "reason": "年度好邻居", "op_id": "zongbujifen1"}


def test_the_page_shows_what_is_given_and_what_is_left(web, cast, now):
    points.adjust(cast.wang, 90, cast.lin, now, "年度好邻居", op_id="one")
    points.capture(points.hold(cast.wang, 30, "Redemption", 1, now, "兑换"), now, "领取了")
    page = web.as_(cast.lin).get(HQ)
    assert is_whole(page) and "发出 90 · 用掉 30 · 邻居手里 60" in words(page)
    off = [rule.called for rule in point_rules.RULES.values() if not rule.live]
    assert not any(called in words(page) for called in off)  # nothing pays those yet (G16)
    assert f'href="{HQ}"' in words(web.as_(cast.lin).get("/hq/"))
    assert f'href="{HQ}/members/{cast.wang.id}"' in words(web.as_(cast.lin).get(HQ + "?name=王"))
    assert "没有叫" in words(web.as_(cast.lin).get(HQ + "?name=赵钱孙"))


@pytest.mark.parametrize("part", [False, True])
def test_a_rule_changes_from_a_day_on(web, cast, now, part):
    lin = web.as_(cast.lin)
    assert [typed(lin.get(POST), name) for name in ("points", "daily_cap", "hq_max")] == ["5", "20", "10"]
    answer = lin.post(POST, RULE | {"active_from": "2999-01-01"}, part=part)
    assert answer.status_code == 422 and beside(answer, "active_from")  # at most a year ahead
    answer = lin.post(POST, RULE, part=part)
    assert (told_to_load if part else led_to)(answer, HQ)
    assert PointRule.get().points == 6 and "+6" in words(lin.get(HQ)) and "春天多鼓励一点" in words(lin.get("/hq/"))
    assert lin.get("/hq/points/rules/nothing").status_code == lin.post("/hq/points/rules/nothing", RULE).status_code == 404


@pytest.mark.parametrize(
    ("field", "odd"),
    [("points", "-1"), ("points", "1.5"), ("points", ""), ("daily_cap", "1e309"), ("hq_max", "5"), ("reason", ""),
     ("active_from", "明天"), ("active_from", "2020-01-01")],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_comes_back(web, cast, field, odd):
    answer = web.as_(cast.lin).post(POST, RULE | {field: odd})
    assert answer.status_code == 422 and beside(answer, field) and typed(answer, field) == odd
    assert PointRule.select().count() == 0


def test_a_budget_is_set(web, cast):
    lin, path = web.as_(cast.lin), f"{HQ}/budgets/{cast.cuihu.id}"
    assert typed(lin.get(path), "allowed") == "500"
    assert led_to(lin.post(path, {"allowed": "800", "reason": "春日邻里节"}), HQ)
    assert "额度 800" in words(lin.get(HQ))
    for odd in ({"allowed": "x"}, {"allowed": "100001"}, {"reason": ""}):
        answer = lin.post(path, {"allowed": "900", "reason": "春日邻里节"} | odd)
        assert answer.status_code == 422 and beside(answer, *odd)
    assert lin.get(f"{HQ}/budgets/999").status_code == 404


def test_hq_gives_and_takes_by_hand(web, cast):
    lin, path = web.as_(cast.lin), f"{HQ}/members/{cast.li.id}"
    for _ in range(2):
        assert led_to(lin.post(path, BY_HAND), path)
    assert Membership.get_by_id(cast.li.id).points == 1000
    answer = lin.post(path, BY_HAND | {"points": "-1001", "op_id": "zongbujifen2"})
    assert answer.status_code == 422 and beside(answer, "points") and typed(answer, "points") == "-1001"
    assert lin.get(f"{HQ}/members/999").status_code == 404
    assert "年度好邻居" in words(lin.get(path)) and lin.get(path + "?before=1", part=True).status_code == 200


def test_for_hq_alone(web, cast):
    for path in (HQ, POST, f"{HQ}/budgets/{cast.cuihu.id}", f"{HQ}/members/{cast.wang.id}", f"{HQ}/rings"):
        for person in (cast.li, cast.wang, cast.sun):
            assert web.as_(person).get(path).status_code == 403
        assert shown_the_door(web.guest().get(path), "/signin", path)
    assert web.as_(cast.li).post(POST, RULE).status_code == 403 and not point_rules.coming("post", cast.li.joined_at)


def test_a_form_that_was_used_is_not_used_again_for_something_else(web, cast):
    browser, path = web.as_(cast.lin), f"{HQ}/members/{cast.wang.id}"
    assert led_to(browser.post(path, BY_HAND), path)
    had = Membership.get_by_id(cast.wang.id).points
    answer = browser.post(path, BY_HAND | {"points": "30"})
    assert answer.status_code == 409 and "这张表已经用过了" in words(answer)
    assert Membership.get_by_id(cast.wang.id).points == had
