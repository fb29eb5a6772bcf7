"""积分规则: dated lines of HQ and of hosts, never for what has been; and a budget that is kept."""

from datetime import timedelta

import pytest

from db import point_rules, points
from db.audit import AuditLog
from db.point_rules import PointBudget, PointRule, budget, terms
from tests.make import at_once, refused


def pays(member, number, now, rule="win"):
    entry = points.earn(member, rule, "Entry", number, now)
    return entry and entry.delta


def test_a_change_begins_when_it_says_and_what_was_paid_stays(cast, now):
    later = now + timedelta(days=7)
    assert pays(cast.wang, 1, now) == 100
    point_rules.change("win", cast.lin, now, points=50, daily_cap=0, hq_max=80, reason="奖品换成实物", active_from=later)
    assert pays(cast.wang, 2, later - timedelta(seconds=1)) == 100
    assert pays(cast.wang, 3, later) == 50
    assert [line.points for line in point_rules.coming("win", now)] == [50]
    line = AuditLog.get(AuditLog.action == "change point rule")
    assert '"points": 100' in line.before and line.reason == "奖品换成实物"
    points.reverse("Entry", 1, later, "作品撤下了")
    assert [entry.delta for entry in points.pay_back("Entry", 1, later)] == [100]  # as it was


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"points": -1}, "points"),
        ({"points": 10_001}, "points"),
        ({"points": 1.5}, "points"),
        ({"daily_cap": -1}, "daily_cap"),
        ({"points": 50, "hq_max": 49}, "hq_max"),
        ({"reason": "好"}, "reason"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(cast, now, values, field):
    said = {"points": 5, "daily_cap": 20, "hq_max": 10, "reason": "春天多鼓励一点"} | values
    with refused("reason-needed" if field == "reason" else "bad-number", 422) as met:
        point_rules.change("post", cast.lin, now, **said)
    assert met.value.field == field and PointRule.select().count() == 0


def test_no_rule_begins_before_today(cast, now):
    said = {"points": 5, "daily_cap": 20, "hq_max": 10, "reason": "春天多鼓励一点"}
    with refused("in-the-past", 422):
        point_rules.change("post", cast.lin, now, active_from=now - timedelta(days=1), **said)
    line = point_rules.change("post", cast.lin, now, active_from=point_rules.midnight(now), **said)
    assert line.active_from == now  # today means from this moment


def test_a_host_gives_half_to_twice_under_hq_s_ceiling(cast, now):
    for percent, paid in ((50, 50), (150, 150), (200, 200)):
        point_rules.scale(cast.li, "win", percent, now, "春日邻里节")
        assert pays(cast.wang, percent, now) == paid
    assert pays(cast.zhou, 1, now) == 100  # another 小区
    point_rules.change("win", cast.lin, now, points=100, daily_cap=0, hq_max=120, reason="封顶低一些")
    assert pays(cast.wang, 4, now) == 120
    for percent in (49, 201, 0, "150", None):
        with refused("bad-percent", 422):
            point_rules.scale(cast.li, "win", percent, now, "春日邻里节")


def test_what_is_given_on_top_stays_within_the_month(cast, now):
    point_rules.scale(cast.li, "win", 200, now, "春日邻里节")
    point_rules.allow(cast.cuihu, cast.lin, now, allowed=250, reason="三月的额度")
    crowd = (cast.wang, cast.zhao, cast.chen)
    found = at_once(6, lambda number: points.earn(crowd[number % 3], "win", "Entry", number, now))
    assert sorted(entry.delta for entry in found) == [100] * 4 + [200] * 2  # spent, it pays what HQ says
    assert budget(cast.cuihu.id, now) == (250, 200)
    assert budget(cast.cuihu.id, now + timedelta(days=31)) == (250, 0)
    with refused("spent-more", 422):
        point_rules.allow(cast.cuihu, cast.lin, now, allowed=199, reason="少给一点")
    assert PointBudget.select().count() == 1


def test_a_cap_cuts_what_is_over_it(cast, now):
    point_rules.change("post", cast.lin, now, points=5, daily_cap=8, hq_max=10, reason="一天八分")
    assert [pays(cast.wang, number, now, "post") for number in range(3)] == [5, 3, None]


def test_a_rule_of_nothing_pays_nothing_and_is_not_shown(cast, now):
    point_rules.change("post", cast.lin, now, points=0, daily_cap=0, hq_max=10, reason="先停一停")
    assert pays(cast.wang, 1, now, "post") is None
    assert "post" not in point_rules.shown(cast.cuihu.id, now)
    assert "feedback" in point_rules.shown(cast.cuihu.id, now)
    assert terms(cast.cuihu.id, "comment", now).points == 1
