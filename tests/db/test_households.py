"""户: the same door is the same home however it is written, and nobody reads it back (G10)."""

import pytest

from db import households
from tests.make import refused


@pytest.mark.parametrize("building", ["3栋", "３ 栋", "三栋", "3号楼"])
@pytest.mark.parametrize("door", ["2单元501", "2-501", "二单元 0501 室", "2 单元－５０１"])
def test_one_door_is_one_home(app, building, door):
    assert households.key(1, building, door) == households.key(1, "3栋", "2单元501")


def test_other_doors_are_other_homes(app):
    doors = [(1, "3", "2-501"), (1, "3", "2-502"), (1, "32", "501"), (1, "3", "2501"), (2, "3", "2-501"), (1, "A3", "2-501")]
    assert len({households.key(*door) for door in doors}) == len(doors)
    assert all(len(households.key(*door)) == 64 and households.key(*door) != "501" for door in doors)


@pytest.mark.parametrize(("said", "figures"), [
    ("十栋", "10栋"), ("十二栋", "12栋"), ("二十栋", "20栋"), ("三十二栋", "32栋"), ("二〇一栋", "201栋"), ("两栋", "2栋"),
    ("一百零五栋", "105栋"), ("一百一十二栋", "112栋"), ("一百十二栋", "112栋"), ("二百栋", "200栋"), ("二百三十栋", "230栋"),
])  # fmt: skip
def test_numbers_are_read_as_they_are_said(app, said, figures):
    assert households.key(1, said, "501") == households.key(1, figures, "501") == households.key(1, figures, "五〇一")


def test_tens_are_other_homes_than_their_ones(app):
    said = ("二", "十", "十二", "二十", "二十二", "三十二", "三")
    assert len({households.key(1, f"{number}栋", "501") for number in said}) == len(said)


@pytest.mark.parametrize(("building", "door", "field"), [
    ("", "501", "building"), ("栋", "501", "building"), ("3栋", "", "door"), ("3栋", "我家", "door"),
    ("长" * 13, "501", "building"), ("3栋", "5" * 13, "door"), ("3\0", "501", "building"),
])  # fmt: skip
def test_what_is_no_door_is_refused_beside_it(app, building, door, field):
    with pytest.raises(households.Refused) as met:
        households.key(1, building, door)
    assert met.value.field == field and met.value.status == 422


def test_a_home_is_asked_for_in_words(app):
    with refused("bad-home", 422) as met:
        households.key(1, "3栋", "")
    assert "单元" in met.value.sentence
