"""导出: one file, made once by whichever worker, hers alone, gone after seven days (X6, S15)."""

import os
import zipfile
from datetime import UTC, timedelta

import pytest

from db import exports
from db.exports import LEASE, LIFE, TRANSITIONS, TRIES, Export
from db.notices import Notice
from tests.make import at_once, refused

DAY = timedelta(days=1)
STATES = ("waiting", "working", "ready", "failed", "expired")


@pytest.fixture(autouse=True)
def shelf(db, tmp_path):
    before = exports._shelf["path"]
    exports.shelve_under(tmp_path / "exports")
    yield tmp_path / "exports"
    exports._shelf["path"] = before


def ask(cast, now, op_id="export001"):
    return exports.ask(cast.wang.user, now, op_id=op_id)


def things(user):
    return [("data.json", f"{{{user.name}}}".encode())]


def boom(user):
    raise OSError("disk full")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_only_what_is_drawn_happens(cast, now, state, to):
    export = ask(cast, now)
    Export.update(state=state).execute()
    drawn = (state, to) in TRANSITIONS
    export = Export.get_by_id(export.id)
    if drawn:
        assert exports._move(export, to)
        assert not exports._move(export, to, done=0, of=0) or to == state
    else:
        with pytest.raises(AssertionError):
            exports._move(export, to)
    assert Export.get().state == (to if drawn else state)


def test_it_is_made_read_and_gone_after_seven_days(cast, now, shelf):
    asked = ask(cast, now)
    assert exports.make_due(now, things) == 1 and exports.make_due(now, things) == 0
    export = exports.find(cast.wang.user, asked.id)
    path = exports.file_of(export, now)
    assert (export.state, export.done, export.of, export.size) == ("ready", 1, 1, path.stat().st_size)
    assert zipfile.ZipFile(path).read("data.json").decode() == "{王阿姨}"
    assert (path.stat().st_mode & 0o777, shelf.stat().st_mode & 0o777) == (0o600, 0o700)
    assert Notice.select().where(Notice.user == cast.wang.user_id).count() == 1
    assert exports.find(cast.zhao.user, asked.id) is None
    assert exports.drop_old(now + LIFE - DAY) == 0 and exports.file_of(export, now + LIFE) is None
    assert exports.drop_old(now + LIFE) == 1 and exports.drop_old(now + LIFE) == 0
    assert list(shelf.iterdir()) == [] and exports.of(cast.wang.user)[0].state == "expired"
    exports.drop_old(now + 40 * DAY)
    assert exports.of(cast.wang.user) == []


def test_one_at_a_time_and_the_same_form_once(cast, now):
    first = ask(cast, now)
    assert {each.id for each in at_once(8, lambda n: ask(cast, now, f"export1{n:02}"))} == {first.id}
    exports.make_due(now, things)
    assert ask(cast, now).id == first.id and ask(cast, now, "export002").id != first.id


def test_three_a_day(cast, now, limited):
    for number in range(3):
        ask(cast, now, f"export00{number}")
        exports.make_due(now, things)
    with refused("too-fast", 429):
        ask(cast, now, "export009")
    assert ask(cast, now + DAY, "export010").state == "waiting"


def test_many_workers_make_it_once(cast, now, shelf):
    ask(cast, now)
    assert sum(at_once(6, lambda _: exports.make_due(now, things))) == 1
    assert len(list(shelf.iterdir())) == 1


def test_what_a_dead_worker_left_is_done_again_three_times_at_most(cast, now, shelf):
    ask(cast, now)
    for number in range(TRIES):
        with pytest.raises(OSError):
            exports.make_due(now + number * (LEASE + DAY), boom)
        assert exports.make_due(now + number * (LEASE + DAY), things) == 0  # the claim holds
    assert exports.make_due(now + 9 * DAY, things) == 0
    assert Export.get().state == "failed" and list(shelf.iterdir()) == []


def test_a_worker_that_was_given_up_leaves_nothing(cast, now, shelf):
    ask(cast, now)

    def slowly(user):
        assert exports.make_due(now + LEASE + DAY, things) == 1  # meanwhile another one took over
        return things(user)

    assert exports.make_due(now, slowly) == 0
    assert [path.name for path in shelf.iterdir()] == [Export.get().file]


def test_a_picture_that_is_gone_meanwhile_is_left_out_and_strays_are_swept(cast, now, shelf):
    ask(cast, now)
    exports.make_due(now, lambda user: [("a.webp", shelf / "nothing.webp"), ("b.txt", b"b")])
    assert zipfile.ZipFile(shelf / Export.get().file).namelist() == ["b.txt"]
    stray = shelf / "stray.zip"
    stray.write_bytes(b"half")
    for age, there in ((0.5, True), (1.5, False)):
        moment = (now - age * DAY).replace(tzinfo=UTC).timestamp()
        os.utime(stray, (moment, moment))
        exports.drop_old(now)
        assert stray.exists() is there
