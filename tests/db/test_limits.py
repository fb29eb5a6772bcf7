"""So many in so many seconds, for one key, and no more by being quick (S15)."""

from datetime import timedelta

import pytest

from db import limits
from db.base import Refused
from db.limits import Limit, spend
from tests.make import at_once, refused


def test_the_last_one_is_given_and_the_next_refused_with_the_time_to_wait(limited, now):
    for _ in range(10):
        spend("sign-in", "王阿姨", now)
    with refused("too-fast", 429) as met:
        spend("sign-in", "王阿姨", now)
    assert 85 <= met.value.retry_after <= 91  # a tenth of 15 minutes
    assert f"请 {met.value.retry_after} 秒后再试" in met.value.sentence


def test_waiting_as_long_as_told_is_enough(limited, now):
    for _ in range(10):
        spend("sign-in", "王阿姨", now)
    with refused("too-fast", 429) as met:
        spend("sign-in", "王阿姨", now)
    spend("sign-in", "王阿姨", now + timedelta(seconds=met.value.retry_after))
    with refused("too-fast", 429):
        spend("sign-in", "王阿姨", now + timedelta(seconds=met.value.retry_after))


def test_after_the_whole_time_everything_may_be_spent_again(limited, now):
    for later in (timedelta(0), timedelta(minutes=15)):
        for _ in range(10):
            spend("sign-in", "王阿姨", now + later)


def test_the_allowance_does_not_pile_up(limited, now):
    spend("sign-in", "王阿姨", now)
    for _ in range(10):
        spend("sign-in", "王阿姨", now + timedelta(days=30))
    with refused("too-fast", 429):
        spend("sign-in", "王阿姨", now + timedelta(days=30))


def test_one_neighbour_does_not_use_up_the_other_nor_one_rule_the_other(limited, now):
    for _ in range(3):
        spend("newcomer-post", "王阿姨", now)
    spend("newcomer-post", "赵敏", now)
    spend("newcomer-comment", "王阿姨", now)
    with refused("too-fast", 429):
        spend("newcomer-post", "王阿姨", now)


@pytest.mark.parametrize("rule", limits.RULES)
def test_every_rule_gives_exactly_what_it_says(limited, now, rule):
    many = min(limits.RULES[rule][0], 25)
    for _ in range(many):
        spend(rule, "王阿姨", now)
    if many == limits.RULES[rule][0]:
        with refused("too-fast", 429):
            spend(rule, "王阿姨", now)


def test_twenty_at_once_get_exactly_ten(limited, now):
    met = at_once(20, lambda _: spend("sign-in", "王阿姨", now))
    assert met.count(None) == 10
    assert sum(isinstance(each, Refused) for each in met) == 10


def test_switched_off_it_counts_nothing(db, now):
    for _ in range(50):
        spend("sign-in", "王阿姨", now)
    assert Limit.select().count() == 0


def test_rows_that_hold_nobody_back_are_forgotten(limited, now):
    spend("sign-in", "王阿姨", now)
    spend("code-phone", "赵敏", now)
    assert limits.forget_idle(now + timedelta(hours=1)) == 1
    assert [row.key for row in Limit.select()] == ["code-phone:赵敏"]
