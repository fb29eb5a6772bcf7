"""小区: found by its address, open or not, and nothing without one."""

import pytest

from db import neighborhoods
from db.neighborhoods import District, Neighborhood
from tests.make import at_once, refused


def test_a_place_is_found_by_its_slug(cast):
    assert neighborhoods.by_slug("cuihu").__data__ == Neighborhood.get_by_id(cast.cuihu.id).__data__
    assert neighborhoods.by_slug("cuihu").open
    for unknown in ("nowhere", "", "CUIHU", "翠湖", "x" * 1000):
        assert neighborhoods.by_slug(unknown) is None


@pytest.mark.parametrize(
    "slug", ["", "a", "1lake", "Lake", "lake_side", "湖边", "lake/side", "lake\n", "x" * 40, "-lake", "../x"]
)
def test_an_address_is_of_small_letters_digits_and_dashes(db, now, slug):
    with refused("bad-slug", 422):
        neighborhoods.found(slug, "湖边", now)


@pytest.mark.parametrize(
    ("name", "code"), [("", "bad-name"), ("  ", "bad-name"), ("湖" * 21, "too-long"), ("湖\0边", "bad-letters")]
)
def test_a_place_has_a_name(db, now, name, code):
    with refused(code, 422):
        neighborhoods.found("lake", name, now)


def test_an_address_is_taken_once_even_by_several_at_once(db, now):
    met = at_once(4, lambda _: neighborhoods.found("lake", "湖边", now))
    assert sum(isinstance(each, Neighborhood) for each in met) == 1
    assert [each.code for each in met if not isinstance(each, Neighborhood)] == ["slug-taken"] * 3
    assert neighborhoods.found("lake-2", "湖边", now).slug == "lake-2"


def test_what_guests_may_have_kept_is_stale_after_a_change(cast):
    before = neighborhoods.by_slug("cuihu").version
    neighborhoods.refresh(cast.cuihu.id)
    assert neighborhoods.by_slug("cuihu").version == before + 1


def test_closing_a_place_needs_a_reason_that_is_shown(cast):
    before = neighborhoods.by_slug("cuihu").version
    for reason in ("", "  ", "关", "x" * 201, "有\0原因的"):
        with pytest.raises(neighborhoods.Refused) as met:
            neighborhoods.set_status(cast.cuihu, "closed", reason)
        assert met.value.field == "reason"
    with refused("bad-status", 422):
        neighborhoods.set_status(cast.cuihu, "gone", "小区改造中")
    neighborhoods.set_status(cast.cuihu, "readonly", " 小区改造中 ")
    cuihu = neighborhoods.by_slug("cuihu")
    assert (cuihu.open, cuihu.closed_reason, cuihu.version) == (False, "小区改造中", before + 1)
    neighborhoods.set_status(cast.cuihu, "open", "")
    assert neighborhoods.by_slug("cuihu").open


def test_all_places_are_listed_for_hq_and_an_officers_own_for_the_officer(cast, now):
    east = District.create(name="城东", officer=cast.sun)
    lake = neighborhoods.found("lake", "湖边", now, district=east)
    assert [place.slug for place in neighborhoods.everywhere()] == ["cuihu", "yangguangli", "lake"]
    assert neighborhoods.of_officer(cast.sun) == [lake]
    assert neighborhoods.of_officer(cast.lin) == []
