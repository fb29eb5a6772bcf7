"""One transaction or nothing, one way to say no, and no write lost between processes and threads."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from db import base
from db.base import CODE_LETTERS, Refused, database, hold, new_code, writing
from db.neighborhoods import Neighborhood
from db.timetable import JobRun
from tests.make import at_once


def test_what_is_written_together_is_kept_together(db, now):
    with writing():
        JobRun.create(job="tea", slot="1", at=now)
        JobRun.create(job="tea", slot="2", at=now)
    assert JobRun.select().count() == 2


def test_a_refusal_undoes_everything_around_it(db, now):
    with pytest.raises(Refused), writing():
        JobRun.create(job="tea", slot="1", at=now)
        with writing():
            JobRun.create(job="tea", slot="2", at=now)
        raise Refused("no", "不行")
    assert JobRun.select().count() == 0


def test_an_inner_writing_belongs_to_the_outer_one(db, now):
    with pytest.raises(ZeroDivisionError), writing():
        with writing():
            JobRun.create(job="tea", slot="1", at=now)
        raise ZeroDivisionError
    assert JobRun.select().count() == 0


def test_after_a_refusal_the_next_write_goes_through(db, now):
    with pytest.raises(Refused), writing():
        raise Refused("no", "不行")
    with writing():
        JobRun.create(job="tea", slot="1", at=now)
    assert JobRun.select().count() == 1


def test_a_refusal_knows_its_status():
    assert Refused("taken", "有人了").status == 409
    assert Refused("empty", "写几个字吧", field="body").status == 422
    assert Refused("too-fast", "慢一点", retry_after=3).status == 429
    assert Refused("not-yours", "不是您的", status=403).status == 403
    assert str(Refused("taken", "有人了")) == "有人了"


def test_codes_have_no_letters_that_look_alike():
    assert len(new_code()) == 8
    assert len(new_code(20)) == 20
    assert set(new_code(4000)) == set(CODE_LETTERS)
    assert not set(CODE_LETTERS) & set("01258OILZSB")


def test_an_address_of_another_kind_is_refused_in_words():
    with pytest.raises(SystemExit, match="neither sqlite nor postgresql"):
        base.connect_to("mysql://localhost/linli")


def test_sqlite_keeps_what_it_was_given(empty_file):
    pragma = {name: database.pragma(name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
    assert pragma == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_whoever_holds_a_row_counts_alone(cast):
    def count_up(_):
        for _ in range(3):
            with writing():
                hold(Neighborhood, Neighborhood.id == cast.cuihu.id)
                seen = Neighborhood.get_by_id(cast.cuihu.id).version
                Neighborhood.update(version=seen + 1).where(Neighborhood.id == cast.cuihu.id).execute()

    before = Neighborhood.get_by_id(cast.cuihu.id).version
    at_once(8, count_up)
    assert Neighborhood.get_by_id(cast.cuihu.id).version == before + 24


TIMES = 20


def _write_in_threads(url, process, place_id, now):
    """What each of two processes does: four threads, each writing a row and counting it in one transaction."""
    base.connect_to(url)

    def write(thread):
        with database.connection_context():
            for number in range(TIMES):
                with writing():
                    hold(Neighborhood, Neighborhood.id == place_id)
                    JobRun.create(job=f"{process} {thread}", slot=str(number), at=now)
                    seen = Neighborhood.get_by_id(place_id).version
                    Neighborhood.update(version=seen + 1).where(Neighborhood.id == place_id).execute()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(4)))


def test_two_processes_of_four_threads_lose_nothing(cast, database_url, now):
    before = Neighborhood.get_by_id(cast.cuihu.id).version
    apart = multiprocessing.get_context("spawn")
    crowd = [apart.Process(target=_write_in_threads, args=(database_url, name, cast.cuihu.id, now)) for name in ("甲", "乙")]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(60)
    assert [process.exitcode for process in crowd] == [0, 0]
    assert JobRun.select().count() == 2 * 4 * TIMES
    assert Neighborhood.get_by_id(cast.cuihu.id).version == before + 2 * 4 * TIMES
