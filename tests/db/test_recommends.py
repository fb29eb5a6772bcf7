"""推荐 and 还在: each neighbour once, however many hands and taps."""

from datetime import timedelta

import pytest

from db import recommends, services
from db.audit import AuditLog
from db.recommends import ServiceRecommend, ServiceStill, say_still, set_recommend
from db.services import Service
from tests import make
from tests.make import at_once, refused

LATER = timedelta(days=200)


@pytest.fixture
def shop(cast, now):
    return make.service(cast.li, now)


def again(shop):
    return services.find(shop.neighborhood, shop.id)


def test_a_recommendation_is_a_state_to_reach(cast, now, shop):
    assert [set_recommend(cast.wang, shop, on, now) for on in (True, True, False, False, True)] == [1, 1, 0, 0, 1]
    assert recommends.recommended_by(cast.wang, [shop.id]) == {shop.id} and recommends.recommended_by(None, [shop.id]) == set()


def test_however_it_races_the_count_is_that_of_the_rows(cast, now, shop):
    crowd = [cast.li, cast.wang, cast.zhao, cast.chen]
    at_once(20, lambda number: set_recommend(crowd[number % 4], shop, number % 3 > 0, now))
    assert again(shop).recommends == ServiceRecommend.select().count()


def test_what_is_not_shown_is_not_recommended(cast, now, shop):
    set_recommend(cast.wang, shop, True, now)
    services.hide(again(shop), cast.li, now, "关门了，先收起来")
    for act in (lambda: set_recommend(cast.zhao, shop, True, now), lambda: say_still(cast.zhao, shop, now + LATER)):
        with refused("not-published"):
            act()


def test_three_different_neighbours_make_it_verified(cast, now, shop):
    later = now + LATER
    for member in (cast.wang, cast.zhao, cast.wang):
        assert say_still(member, shop, later).stale(later)
    assert recommends.still_said_by(cast.wang, [shop.id]) == {shop.id}
    assert say_still(cast.chen, shop, later).verified_at == later
    assert say_still(cast.chen, shop, later).verified_at == later  # fresh again: nothing to say
    assert not ServiceStill.select().count()


def test_three_at_once_verify_once(cast, now, shop):
    crowd = [cast.wang, cast.zhao, cast.chen, cast.li]
    at_once(12, lambda number: say_still(crowd[number % 3], shop, now + LATER))
    assert again(shop).verified_at == now + LATER and not ServiceStill.select().count()


def test_the_host_verifies_alone_and_on_record(cast, now, shop):
    say_still(cast.wang, shop, now + LATER)
    recommends.verify(again(shop), cast.li, now + LATER)
    assert not again(shop).stale(now + LATER) and AuditLog.select().where(AuditLog.action == "verify service").count() == 1
    assert not ServiceStill.select().count()


def test_one_person_who_was_two_recommends_once(cast, now, shop):
    for member in (cast.wang, cast.zhao):
        set_recommend(member, shop, True, now)
    only = make.service(cast.li, now, "只有一个推荐", "13900139000")
    set_recommend(cast.zhao, only, True, now)
    hers = make.service(cast.zhao, now, "她推荐的", "13700137000")
    recommends.carry_over(cast.zhao, cast.wang)
    assert again(shop).recommends == again(only).recommends == 1
    assert recommends.recommended_by(cast.wang, [shop.id, only.id]) == {shop.id, only.id}
    assert Service.get_by_id(hers.id).suggested_by_id == cast.wang.id
