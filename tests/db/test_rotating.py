"""Codes that grow old: good to the second, for one purpose and one thing, and through a change of the house's secret."""

from datetime import datetime, timedelta

import pytest

from db import rotating
from db.base import CODE_LETTERS

SECOND = timedelta(seconds=1)
SLOT_BEGINS = datetime(2026, 3, 20, 4, 0, 30)
DAY_BEGINS = datetime(2026, 3, 19, 20, 0)  # 04:00 on the 20th in Shanghai


@pytest.fixture(autouse=True)
def house():
    ours = rotating._house["secrets"]
    rotating.use("the secret of this house")
    yield
    rotating.use(*ours[:1], ours[1:])


def test_a_code_is_six_letters_that_nobody_misreads_and_always_the_same():
    code = rotating.code("check in", (7,), 1)
    assert len(code) == 6 and set(code) <= set(CODE_LETTERS) and code == rotating.code("check in", (7,), 1)
    many = {rotating.code("check in", (event,), slot) for event in range(40) for slot in range(40)}
    assert len(many) == 1600


@pytest.mark.parametrize("seconds", [30, 60])
def test_a_code_on_a_screen_lives_for_its_slot_and_the_next_to_the_second(seconds):
    begins = SLOT_BEGINS.replace(second=0)
    code = rotating.code("check in", (7,), rotating.slot_at(begins, seconds))

    def good(at):
        return rotating.check("check in", (7,), code, at, seconds=seconds)

    ends = begins + timedelta(seconds=2 * seconds)
    assert [good(at) for at in (begins - SECOND, begins, ends - SECOND, ends)] == [False, True, True, False]
    assert rotating.left(begins, seconds) == seconds and rotating.left(begins - SECOND, seconds) == 1


def test_the_code_of_a_venue_changes_at_four_in_the_morning_in_shanghai():
    code = rotating.todays("venue", (3,), DAY_BEGINS)

    def good(at):
        return rotating.is_todays("venue", (3,), code, at)

    ends = DAY_BEGINS + timedelta(days=1)
    assert [good(at) for at in (DAY_BEGINS - SECOND, DAY_BEGINS, ends - SECOND, ends)] == [False, True, True, False]
    assert rotating.venue_day(DAY_BEGINS) == "2026-03-20" and rotating.venue_day(DAY_BEGINS - SECOND) == "2026-03-19"


def test_a_code_is_worth_nothing_elsewhere():
    now = SLOT_BEGINS
    slot = rotating.slot_at(now)
    code = rotating.code("check in", (1, 23), slot)
    assert rotating.check("check in", (1, 23), code, now)
    for purpose, ids in (("stamp", (1, 23)), ("check in", (12, 3)), ("check in", (1, 24)), ("check in", (1,)), ("check in", ())):
        assert not rotating.check(purpose, ids, code, now)
    assert not rotating.is_todays("check in", (1, 23), code, now)


def test_it_may_be_typed_as_people_type():
    now = SLOT_BEGINS
    code = rotating.code("venue", (3,), rotating.slot_at(now))
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    for given in (code.lower(), f" {code[:3]} {code[3:]} ", f"{code[:3]}-{code[3:]}", wide):
        assert rotating.check("venue", (3,), given, now)
    for given in ("", None, code[:5], code + "A", "樱花", "\0", "A" * 10_000, code[::-1] if code != code[::-1] else "AAAAAA"):
        assert not rotating.check("venue", (3,), given, now)


def test_a_new_secret_makes_new_codes_and_takes_the_old_ones():
    now = SLOT_BEGINS
    old, venue = rotating.code("check in", (7,), rotating.slot_at(now)), rotating.todays("venue", (3,), now)
    rotating.use("a new secret", ["the secret of this house"])
    assert rotating.code("check in", (7,), rotating.slot_at(now)) != old
    assert rotating.check("check in", (7,), old, now) and rotating.is_todays("venue", (3,), venue, now)
    rotating.use("a new secret")
    assert not rotating.check("check in", (7,), old, now) and not rotating.is_todays("venue", (3,), venue, now)
