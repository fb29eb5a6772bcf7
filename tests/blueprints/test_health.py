"""Machines ask whether we are well, and get numbers, not pages."""

from collections import namedtuple

import pytest

from db import base, timetable
from db.timetable import Heartbeat
from tests.blueprints.answers import words

Disk = namedtuple("Disk", "total used free")


@pytest.fixture(autouse=True)
def half_empty(monkeypatch):
    """The disk of whoever runs the tests is not the question."""
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(100, 50, 50))


def test_alive_means_that_the_database_takes_a_write(web, cast, now):
    answer = web.guest().get("/healthz")
    assert answer.status_code == 200 and answer.get_json() == {"status": "ok"}
    assert abs((Heartbeat.get_by_id("probe").at - now).total_seconds()) < 60
    assert web.guest().get("/healthz").status_code == 200


def test_a_database_that_takes_nothing_is_told(web, cast):
    read_only = "PRAGMA query_only = {}" if base.on_sqlite() else "SET default_transaction_read_only = {}"
    base.database.execute_sql(read_only.format(1))
    try:
        answer = web.guest().get("/healthz")
        assert answer.status_code == 503 and "Traceback" not in words(answer)
        assert web.guest().get("/n/cuihu/").status_code == 200
    finally:
        base.database.execute_sql(read_only.format(0))
    assert web.guest().get("/healthz").status_code == 200


def test_ready_only_while_the_scheduler_is_alive(web, cast, now):
    answer = web.guest().get("/readyz")
    assert answer.status_code == 503 and answer.get_json() == {"migrations": True, "disk": True, "scheduler": False}
    timetable.beat(now)
    answer = web.guest().get("/readyz")
    assert answer.status_code == 200 and answer.get_json() == {"migrations": True, "disk": True, "scheduler": True}


def test_not_ready_with_a_full_disk(web, cast, now, monkeypatch):
    timetable.beat(now)
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk(100, 90, 10))
    answer = web.guest().get("/readyz")
    assert answer.status_code == 503 and answer.get_json()["disk"] is False


def test_not_ready_before_the_migrations_are_done(web, cast, now):
    timetable.beat(now)
    with base.database.atomic() as undone:
        base.database.execute_sql("DELETE FROM schema_migration")
        assert web.guest().get("/readyz").get_json()["migrations"] is False
        undone.rollback()
    assert web.guest().get("/readyz").get_json()["migrations"] is True


def test_they_need_nobody_signed_in_and_take_no_forms(web, cast):
    for path in ("/healthz", "/readyz"):
        answer = web.guest().get(path)
        assert answer.mimetype == "application/json" and answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert web.guest().post(path).status_code == 405
