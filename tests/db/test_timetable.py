"""Jobs run once a slot, may be run again without harm, and show that they are alive (S7, I14)."""

from datetime import timedelta

import pytest

import jobs
from db import schema, timetable
from db.base import database
from db.timetable import JobRun
from tests import make
from tests.make import at_once

DAY = timedelta(days=1)


def test_a_slot_is_claimed_once(db, now):
    assert timetable.claim("purge posts", "2026-03-20", now)
    assert not timetable.claim("purge posts", "2026-03-20", now)
    assert timetable.claim("purge posts", "2026-03-21", now)
    assert timetable.claim("forget codes", "2026-03-20", now)


def test_claimed_by_eight_at_once_one_has_it(db, now):
    assert at_once(8, lambda _: timetable.claim("purge posts", "2026-03-20", now)).count(True) == 1


def test_the_heart_beats_for_three_minutes(db, now):
    assert not timetable.alive(now)
    timetable.beat(now)
    assert timetable.alive(now + timedelta(minutes=3) - timedelta(seconds=1))
    assert not timetable.alive(now + timedelta(minutes=3))
    timetable.beat(now + timedelta(minutes=5))
    assert timetable.alive(now + timedelta(minutes=6))


def test_beating_and_probing_at_once_do_no_harm(db, now):
    at_once(8, lambda number: (timetable.beat if number % 2 else timetable.probe)(now))
    assert timetable.alive(now)


def test_a_probe_is_no_heartbeat(db, now):
    timetable.probe(now)
    assert not timetable.alive(now)


def test_old_claims_are_forgotten(db, now):
    timetable.claim("purge posts", "old", now - 15 * DAY)
    timetable.claim("purge posts", "new", now)
    assert timetable.forget_old(now) == 1
    assert [run.slot for run in JobRun.select()] == ["new"]


def everything():
    return {table: list(table.select().order_by(*table._meta.get_primary_keys()).dicts()) for table in schema.tables()}


@pytest.mark.parametrize("line", jobs.LINES, ids=lambda line: line.name)
def test_every_line_runs_twice_and_four_at_once_without_harm(cast, now, line):
    make.post(cast.zhao, now, photo_codes=[make.photo(cast.zhao, now).code], consent=True)
    make.photo(cast.wang, now)
    at = now + 40 * DAY
    line.act(at)
    once = everything()
    line.act(at)
    at_once(4, lambda _: line.act(at))
    assert everything() == once


def test_two_schedulers_do_a_slot_once(db, now):
    done = []
    line = jobs.Line("count", "0 3 * * *", lambda now: done.append(now) or "done")
    assert sorted(at_once(4, lambda _: jobs.run(line, now, "2026-03-20T03:00")), key=str) == [None, None, None, "done"]
    assert len(done) == 1


def test_a_line_run_by_hand_asks_for_no_slot(db, now):
    line = jobs.Line("count", "0 3 * * *", lambda now: "done")
    assert [jobs.run(line, now), jobs.run(line, now)] == ["done", "done"]
    assert not database.is_closed()


@pytest.mark.parametrize("line", jobs.LINES, ids=lambda line: line.name)
def test_every_line_says_when_in_shanghai(line):
    assert str(jobs.trigger(line).timezone) == "Asia/Shanghai"
