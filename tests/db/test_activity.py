"""有效互动: the book of who took part, each thing once (mission.md 1.10)."""

from datetime import timedelta

import pytest

from db import activity
from db.activity import Action
from db.members import Membership
from tests.make import at_once


def test_the_same_thing_counts_once(cast, now):
    activity.record(cast.wang, "comment", 7, now)
    activity.record(cast.wang, "comment", 7, now + timedelta(days=1))
    activity.record(cast.wang, "comment", 8, now)
    activity.record(cast.wang, "like", 7, now)
    activity.record(cast.zhao, "comment", 7, now)
    assert Action.select().count() == 4
    first = Action.select().order_by(Action.id).get()
    assert (first.membership_id, first.neighborhood_id, first.at) == (cast.wang.id, cast.cuihu.id, now)


def test_the_same_thing_at_once_counts_once(cast, now):
    at_once(8, lambda _: activity.record(cast.wang, "comment", 7, now))
    assert Action.select().count() == 1


def test_the_neighbour_was_here(cast, now):
    later = now + timedelta(days=3)
    activity.record(cast.wang, "like", 7, later)
    activity.record(cast.wang, "like", 99, now)  # from paper, days later
    assert Membership.get_by_id(cast.wang.id).last_active_at == later


def test_only_what_the_metrics_know_is_written(cast, now):
    with pytest.raises(AssertionError):
        activity.record(cast.wang, "visit", 7, now)
