"""便民服务: suggested by neighbours, let in by the host, one entry of a name and number (R03)."""

from datetime import timedelta

import pytest

from db import recommends, reviews, services
from db.activity import Action
from db.audit import AuditLog
from db.notices import Notice
from db.services import CATEGORIES, TRANSITIONS, Service
from tests import make
from tests.make import at_once, refused

REASON = "电话打不通，请核对一下"
SHOP = {"category": "food", "name": "巷口馄饨", "phone": "13800138000"}
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


def again(service):
    return services.find(service.neighborhood, service.id)


def in_state(cast, now, state):
    service = make.service(cast.wang, now)
    Service.update(state=state, verified_at=now).where(Service.id == service.id).execute()
    return services.find(cast.cuihu, service.id)


ACTS = {
    "approve": ("pending", "published", lambda service, cast, now: services.approve(service, cast.li, now)),
    "return": ("pending", "returned", lambda service, cast, now: services.give_back(service, cast.li, now, REASON)),
    "reject": ("pending", "rejected", lambda service, cast, now: services.reject(service, cast.li, now, REASON)),
    "hide": ("published", "hidden", lambda service, cast, now: services.hide(service, cast.li, now, REASON)),
    "restore": ("hidden", "published", lambda service, cast, now: services.restore(service, cast.li, now)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_drawn_arrow_works_and_no_other(cast, now, act, state):
    source, to, carry = ACTS[act]
    assert (source, to) in TRANSITIONS
    service = in_state(cast, now, state)
    if state != source:
        with refused("moved-on"):
            carry(service, cast, now)
        assert again(service).state == state and not AuditLog.select().where(AuditLog.object_type == "Service").count()
        return
    carry(service, cast, now)
    line = AuditLog.get(AuditLog.object_type == "Service")
    assert again(service).state == to and line.subject_id == cast.wang.user_id and line.actor_id == cast.li.user_id
    assert Notice.get(Notice.user == cast.wang.user).url == f"/n/cuihu/services/{service.id}"


def test_neighbours_suggest_and_the_host_decides(cast, now):
    hers, own = make.service(cast.zhao, now), make.service(cast.li, now, "李姐的裁缝", "13900139000")
    assert (hers.state, own.state) == ("pending", "published")  # even of the trusted
    assert reviews.count_waiting(cast.cuihu) == 1 and [each.id for each in services.waiting(cast.cuihu)] == [hers.id]
    services.approve(services.find(cast.cuihu, hers.id), cast.li, now)
    assert again(hers).verified_at == now and reviews.count_waiting(cast.cuihu) == 0
    assert Action.select().where((Action.membership == cast.zhao) & (Action.kind == "service")).count() == 1


def test_the_same_form_is_one_entry(cast, now):
    def suggest(_):
        return services.suggest(cast.wang, now, op_id="wangwang0001", **SHOP).id

    assert len(set(at_once(10, suggest))) == 1 == Service.select().count()


@pytest.mark.parametrize(
    ("name", "phone"), [("老王修鞋", "13800138000"), ("老王 修鞋！", "+86 138-0013-8000"), ("老王修鞋", "138 0013 8000")]
)
def test_a_twin_is_the_same_name_and_number_however_written(cast, now, name, phone):
    first = make.service(cast.li, now, "老王修鞋", "13800138000")
    with refused("twin", 422):
        make.service(cast.wang, now, name, phone)
    assert services.twin(cast.cuihu, name, phone).id == first.id
    assert services.twin(cast.yangguangli, name, phone) is None
    make.service(cast.wang, now, name, "13900139000"), make.service(cast.zhou, now, name, phone)


def test_two_who_suggest_one_shop_at_once_make_one(cast, now):
    crowd = [cast.wang, cast.zhao, cast.chen, cast.li]
    answers = at_once(8, lambda number: make.service(crowd[number % 4], now).id)
    assert Service.select().count() == 1 and sum(isinstance(each, int) for each in answers) == 1


def test_what_was_turned_down_may_be_suggested_again_and_what_was_put_in_anew_is_not_shown_twice(cast, now):
    old = make.service(cast.li, now)
    services.hide(again(old), cast.li, now, REASON)
    make.service(cast.li, now)
    with refused("twin", 422):
        services.restore(again(old), cast.li, now)
    assert again(old).state == "hidden"


@pytest.mark.parametrize(
    ("field", "odd"),
    [("category", "x"), ("name", ""), ("name", "王"), ("name", "长" * 31), ("phone", "123"), ("hours", "长" * 41),
     ("address", "长" * 61), ("note", "长" * 201), ("note", "a\0b")],
)  # fmt: skip
def test_what_cannot_stand_is_refused_beside_its_field(cast, now, field, odd):
    with pytest.raises(services.Refused) as met:
        services.suggest(cast.wang, now, op_id="wangwang0001", **(SHOP | {field: odd}))
    assert (met.value.status, met.value.field) == (422, field) and not Service.select().count()


def test_what_was_given_back_is_mended_and_waits_again(cast, now):
    service = make.service(cast.wang, now)
    services.give_back(again(service), cast.li, now, REASON)
    with refused("not-editable"):
        services.rewrite(again(service), cast.zhao, now, **SHOP, hours="", address="", note="", paid=False)
    words = SHOP | {"hours": "每天", "address": "东门", "note": "馅大", "paid": True}
    assert services.rewrite(again(service), cast.wang, now, **words) == "pending"
    assert (again(service).name, again(service).return_reason, again(service).paid) == ("巷口馄饨", "", True)


def test_the_hosts_change_stands_at_once_and_is_on_record(cast, now):
    service = make.service(cast.li, now)
    words = {"hours": "", "address": "", "note": "", "paid": False}
    services.rewrite(again(service), cast.li, now, category="repair", name="老王修鞋", phone="13900139000", **words)
    line = AuditLog.get(AuditLog.action == "edit service")
    assert "02162345678" in line.before and "13900139000" in line.after and "老王" not in line.after
    other = make.service(cast.li, now)
    with refused("twin", 422):
        services.rewrite(again(other), cast.li, now, category="repair", name="老王修鞋", phone="13900139000", **words)


def test_the_most_recommended_come_first_a_few_of_each_and_the_rest_behind(cast, now):
    shops = [make.service(cast.li, now, f"第{number}家", f"1380013800{number}") for number in range(6)]
    make.service(cast.li, now, "诊所", "62345678", category="medical"), make.service(cast.wang, now, "等着的", "13900139000")
    for shop in (shops[2], shops[4]):
        recommends.set_recommend(cast.wang, shop, True, now)
    recommends.set_recommend(cast.zhao, shops[4], True, now)
    (repair, best, total), (medical, *_) = services.groups(cast.cuihu)
    assert (repair, medical, total) == ("repair", "medical", 6)
    assert [each.name for each in best] == ["第4家", "第2家", "第5家", "第3家"]
    assert services.groups(cast.yangguangli) == [] and services.best(cast.cuihu, 1)[0].name == "第4家"
    services.PAGE, page = 4, services.PAGE
    first, mark = services.page(cast.cuihu, "repair")
    rest, end = services.page(cast.cuihu, "repair", mark)
    services.PAGE = page
    assert [each.name for each in first + rest] == ["第4家", "第2家", "第5家", "第3家", "第1家", "第0家"] and end is None


def test_coverage_names_what_is_missing(cast, now):
    make.service(cast.li, now), make.service(cast.wang, now, "等着的", "13900139000", category="food")
    assert services.coverage(cast.cuihu) == dict.fromkeys(CATEGORIES, 0) | {"repair": 1}


def test_after_half_a_year_it_is_looked_at_again(cast, now):
    service = make.service(cast.li, now)
    days = timedelta(days=180)
    assert not service.stale(now + days) and service.stale(now + days + timedelta(seconds=1))
    assert [each.id for each in services.to_look_after(cast.cuihu, now + 2 * days)[0]] == [service.id]
    assert services.to_look_after(cast.cuihu, now + days) == ([], [])


def test_next_door_it_does_not_exist(cast, now):
    service = make.service(cast.li, now)
    assert services.find(cast.yangguangli, service.id) is None
    assert services.best(cast.yangguangli) == services.waiting(cast.yangguangli) == []
