"""兑换柜台: handed over once, refused with a reason, back on the shelf when nobody comes (R38)."""

from datetime import timedelta

import pytest

from db import counter, redemptions
from db.audit import AuditLog
from db.notices import Notice
from db.point_entries import PointEntry
from tests import make
from tests.db.test_redemptions import again, purse, sold, told
from tests.make import at_once, refused

SECOND = timedelta(seconds=1)


@pytest.fixture
def wang(cast, now):
    return make.rich(cast.wang, now)


@pytest.fixture
def asked(cast, wang, now):
    return make.redeemed(wang, make.reward(cast.li, now), now)


def test_handing_over_spends_the_points_once(cast, wang, asked, now):
    done = at_once(8, lambda _: counter.hand_over(asked, cast.li, now))
    assert sorted(done) == [False] * 7 + [True] and purse(wang) == (70, 0)
    had = again(asked)
    assert (had.state, had.ended_at, had.hand.name) == ("fulfilled", now, "李姐")
    assert PointEntry.select().where(PointEntry.kind == "capture").count() == 1
    assert AuditLog.select().where(AuditLog.action == "fulfil redemption").count() == 1
    assert told(wang) == ["「手工荠菜馄饨」领到了，用了 30 积分"] and counter.handed_over(cast.cuihu) == [had]


def test_what_is_cancelled_is_not_handed_over(cast, wang, asked, now):
    redemptions.cancel(asked, wang, now)
    with refused("moved-on") as met:
        counter.hand_over(asked, cast.li, now)
    assert "取消" in met.value.sentence and purse(wang) == (100, 0)


def test_handing_over_and_cancelling_at_once_ends_one_way(cast, wang, asked, now):
    acts = (lambda: counter.hand_over(asked, cast.li, now), lambda: redemptions.cancel(asked, wang, now))
    at_once(8, lambda number: acts[number % 2]())
    assert (again(asked).state, purse(wang), sold(asked.reward)) in {
        ("fulfilled", (70, 0), 1),
        ("cancelled", (100, 0), 0),
    }


def test_its_last_second_is_good_and_the_next_is_not(cast, asked, now):
    with refused("expired"):
        counter.hand_over(asked, cast.li, asked.expires_at)
    assert again(asked).shown_state(asked.expires_at) == "expired" and again(asked).state == "ready"
    assert counter.hand_over(asked, cast.li, asked.expires_at - SECOND)


def test_what_is_to_be_prepared_is_called_ready_and_has_its_days_from_then(cast, wang, now):
    asked = make.redeemed(wang, make.reward(cast.li, now, prepare=True), now)
    desk = Notice.get((Notice.user == cast.li.user_id) & (Notice.kind == "desk"))
    assert asked.state == "held" and "请备好" in desk.sentence
    later = now + timedelta(days=3)
    counter.ready(asked, cast.li, later)
    assert again(asked).state == "ready" and again(asked).expires_at == later + timedelta(days=14)
    assert told(wang) == ["「手工荠菜馄饨」备好了，可以去东门驿站领了"]
    with refused("moved-on"):
        counter.ready(asked, cast.li, later)


def test_what_nobody_called_ready_can_be_handed_over_at_once(cast, wang, now):
    asked = make.redeemed(wang, make.reward(cast.li, now, prepare=True), now)
    assert counter.hand_over(asked, cast.li, now) and again(asked).state == "fulfilled"


def test_a_no_has_a_reason_and_gives_everything_back(cast, wang, asked, now):
    with refused("reason-needed", 422):
        counter.refuse(asked, cast.li, now, "没了")
    counter.refuse(asked, cast.li, now, "今天摔碎了，对不起")
    assert (again(asked).state, again(asked).reason) == ("refused", "今天摔碎了，对不起")
    assert purse(wang) == (100, 0) and sold(asked.reward) == 0
    assert told(wang) == ["「手工荠菜馄饨」没能给到您，30 积分退回来了：今天摔碎了，对不起"]


def test_what_nobody_fetches_goes_back_once(cast, wang, asked, now):
    assert counter.expire_due(asked.expires_at - SECOND) == 0
    assert sum(at_once(4, lambda _: counter.expire_due(asked.expires_at))) == 1
    assert (again(asked).state, purse(wang), sold(asked.reward)) == ("expired", (100, 0), 0)
    assert told(wang) == ["「手工荠菜馄饨」过了领取时间，30 积分退回来了"]
    assert counter.expire_due(asked.expires_at + timedelta(days=9)) == 0


def test_a_reminder_comes_two_days_before_and_once(wang, asked, now):
    before = asked.expires_at - timedelta(days=2)
    assert counter.remind_due(before - SECOND) == 0
    assert sum(at_once(4, lambda _: counter.remind_due(before))) == 1 and counter.remind_due(before + SECOND) == 0
    assert told(wang) == ["「手工荠菜馄饨」还在东门驿站等您，领到 4月3日 12:00 为止"]


def test_a_code_is_found_here_and_nowhere_else(cast, asked):
    assert counter.by_code(cast.cuihu, asked.code) == asked and counter.by_code(cast.yangguangli, asked.code) is None
    assert [counter.by_code(cast.cuihu, code) for code in ("", "34679", "0OI1LZ", asked.code + "3")] == [None] * 4


def test_lists_say_what_waits_and_what_was_fetched(cast, wang, asked, now):
    other = make.redeemed(make.rich(cast.zhao, now), asked.reward, now)
    counter.hand_over(other, cast.li, now)
    assert counter.waiting(cast.cuihu, now) == [asked] and counter.waiting(cast.cuihu, now, "赵") == []
    assert counter.waiting(cast.cuihu, asked.expires_at) == [] and len(counter.listed(cast.cuihu)) == 2
    ((reward, waits, fetched),) = counter.stock(cast.cuihu)
    assert (reward.left, waits, fetched) == (1, 1, 1) and counter.stock(cast.yangguangli) == []
