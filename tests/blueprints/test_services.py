"""便民服务名录 over HTTP: everybody reads and calls, neighbours suggest and recommend, the host looks after it."""

from datetime import timedelta

import pytest
import time_machine

from db import recommends, services
from db.audit import AuditLog
from db.services import Service
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

ALL, DESK = "/n/cuihu/services/", "/n/cuihu/desk/services/"
SHOP = {
    "op_id": "wangtuojie0001",
    "category": "food",
    "name": "巷口馄饨",
    "phone": "0571-87654321",
    "hours": "早上",
    "note": "馅大",
}
REASON = "电话打不通，请核对一下"
ACTS = ("approve", "return", "reject", "verify", "hide", "restore")


def page_of(service):
    return f"{ALL}{service.id}"


def act(service, what):
    return f"{DESK}{service.id}/{what}"


def again(service):
    return services.find(service.neighborhood, service.id)


# Reading


def test_everybody_reads_and_calls(web, cast, now):
    shop = make.service(cast.li, now, hours="每天 9–18 点", address="东门", note="<script>alert(1)</script>", paid=True)
    make.service(cast.wang, now, "还没看过的", "13900139000")
    for path in (ALL, ALL + "?category=repair", page_of(shop)):
        page = web.guest().get(path)
        assert is_whole(page) and "老王修鞋" in words(page) and 'href="tel:02162345678"' in words(page)
        assert "推广" in words(page) and "还没看过的" not in words(page) and "<script>alert" not in words(page)
        assert f"join?intent=recommend:{shop.id}" in words(page)
    assert web.guest().get(ALL + "?category=nothing").status_code == 404


def test_an_empty_directory_invites_and_every_way_leads_there(web, cast):
    assert "名录还空着" in words(web.guest().get(ALL)) and "还没有人推荐餐饮" in words(web.guest().get(ALL + "?category=food"))
    wang = web.as_(cast.wang)
    for path in ("/n/cuihu/", "/n/cuihu/welcome", "/n/cuihu/me/"):
        assert f'href="{ALL}"' in words(wang.get(path))
    assert f'href="{DESK}"' in words(web.as_(cast.li).get("/n/cuihu/desk/"))


def test_a_newcomer_is_welcomed_with_what_neighbours_recommend(web, cast, now):
    make.service(cast.li, now)
    page = words(web.as_(cast.wang).get("/n/cuihu/welcome"))
    assert "老王修鞋" in page and "021-6234 5678" in page


def test_more_is_a_part_and_the_whole_page_without_htmx(web, cast, now, monkeypatch):
    monkeypatch.setattr(services, "PAGE", 1)
    for number in range(2):
        make.service(cast.li, now, f"第{number}家", f"1380013800{number}")
    guest = web.guest()
    first = words(guest.get(ALL + "?category=repair"))
    more = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "第1家" in first and "第0家" not in first
    assert "<html" not in words(guest.get(more, part=True)) and "第0家" in words(guest.get(more, part=True))
    assert is_whole(guest.get(more))


# Suggesting


@pytest.mark.parametrize("part", [False, True])
def test_a_suggestion_waits_and_the_hosts_own_stands(web, cast, part):
    for who, said in ((cast.wang, "谢谢您，主理人看过就放进名录"), (cast.li, "放进名录了")):
        browser = web.as_(who)
        for _ in range(2):  # sent twice, one entry
            answer = browser.post(ALL + "new", SHOP | {"name": f"{who.name}推荐的"}, part=part)
            url = f"{ALL}{Service.select().count()}"
            assert told_to_load(answer, url) if part else led_to(answer, url)
        assert flash_after(browser, answer) == said
    assert Service.select().count() == 2 and "待审核" in words(web.as_(cast.wang).get(f"{ALL}1"))
    assert "待审核" in words(web.as_(cast.wang).get("/n/cuihu/me/")) and web.as_(cast.zhao).get(f"{ALL}1").status_code == 404


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("field", "odd"), [("name", ""), ("phone", "123"), ("category", "x"), ("note", "长" * 201), ("hours", "长" * 41)]
)
def test_bad_input_comes_back_with_the_words_kept(web, cast, part, field, odd):
    answer = web.as_(cast.wang).post(ALL + "new", SHOP | {field: odd}, part=part)
    assert answer.status_code == 422 and beside(answer, field) and not Service.select().count()
    assert typed(answer, "address") == "" and (typed(answer, "name") == "巷口馄饨" or field == "name")


def test_a_shop_that_is_there_is_offered_to_be_recommended(web, cast, now):
    shop, zhao = make.service(cast.li, now, "巷口馄饨", "057187654321"), web.as_(cast.zhao)
    answer = zhao.post(ALL + "new", SHOP)
    assert answer.status_code == 422 and beside(answer, "name") and f'href="{page_of(shop)}"' in words(answer)
    assert f'action="{page_of(shop)}/recommend"' in words(answer) and Service.select().count() == 1
    Service.update(state="pending").execute()
    assert page_of(shop) not in words(zhao.post(ALL + "new", SHOP))  # it waits: not for her eyes


def test_given_back_it_is_mended_by_whoever_suggested_it(web, cast, now):
    shop, wang = make.service(cast.wang, now), web.as_(cast.wang)
    web.as_(cast.li).post(act(shop, "return"), {"reason": REASON})
    assert REASON in words(wang.get(page_of(shop))) and typed(wang.get(page_of(shop) + "/edit"), "name") == "老王修鞋"
    assert wang.post(page_of(shop) + "/edit", SHOP | {"phone": "x"}).status_code == 422
    answer = wang.post(page_of(shop) + "/edit", SHOP)
    assert led_to(answer, page_of(shop)) and (again(shop).state, again(shop).name) == ("pending", "巷口馄饨")
    for method in ("get", "post"):
        assert getattr(web.as_(cast.zhao), method)(page_of(shop) + "/edit").status_code == 404
    web.as_(cast.li).post(act(shop, "approve"))
    assert wang.post(page_of(shop) + "/edit", SHOP).status_code == 403  # from now on it is the host's
    assert led_to(web.as_(cast.li).post(page_of(shop) + "/edit", SHOP | {"name": "馄饨"}), page_of(shop))
    assert AuditLog.select().where(AuditLog.action == "edit service").count() == 1


# What neighbours say of it


def test_a_recommendation_is_a_button_that_says_how_many(web, cast, now):
    shop, wang = make.service(cast.li, now), web.as_(cast.wang)
    for _ in range(2):
        answer = wang.post(page_of(shop) + "/recommend", {"state": "on"}, part=True)
        assert "1 人推荐" in words(answer) and 'aria-pressed="true"' in words(answer) and not is_whole(answer)
    assert led_to(wang.post(page_of(shop) + "/recommend", {"state": "off"}), page_of(shop)) and again(shop).recommends == 0
    assert wang.post(page_of(shop) + "/recommend", {"state": "x"}).status_code == 422
    services.hide(again(shop), cast.li, now, REASON)
    assert wang.post(page_of(shop) + "/recommend", {"state": "on"}).status_code == 404


def test_who_joins_to_recommend_has_recommended(web, cast, now):
    shop, guest = make.service(cast.li, now), web.guest()
    answer = guest.post(
        "/n/cuihu/join", {"name": "新来的", "consent": "y", "intent": f"recommend:{shop.id}", "next": page_of(shop)}
    )
    assert led_to(answer, page_of(shop)) and again(shop).recommends == 1


def test_an_old_entry_is_said_to_be_still_there(web, cast, now):
    shop, later = make.service(cast.li, now), now + timedelta(days=200)
    with time_machine.travel(later.strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        assert "待核实" in words(web.guest().get(page_of(shop)))
        for member, said in ((cast.wang, "记下了，谢谢您"), (cast.zhao, "记下了，谢谢您"), (cast.chen, "核实好了，谢谢大家")):
            answer = web.as_(member).post(page_of(shop) + "/still", part=True)
            assert toast(answer) == said and f'id="service-{shop.id}"' in words(answer) and not is_whole(answer)
        assert led_to(web.as_(cast.chen).post(page_of(shop) + "/still"), page_of(shop))
        assert "待核实" not in words(web.guest().get(page_of(shop)))


# The host's desk


def test_the_desk_shows_what_waits_and_what_is_missing(web, cast, now):
    make.service(cast.wang, now, note="馅大"), make.service(cast.li, now, "李姐的裁缝", "13900139000")
    page = words(web.as_(cast.li).get(DESK))
    assert "老王修鞋" in page and "覆盖 1/8 类" in page and "医疗：还没有，加一家" in page and 'id="left">1<' in page


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("what", "state"), [("approve", "published"), ("return", "returned"), ("reject", "rejected")])
def test_a_suggestion_is_decided_once(web, cast, now, part, what, state):
    shop, li = make.service(cast.wang, now), web.as_(cast.li)
    answer = li.post(act(shop, what), {"own_reason": "这家搬走了吧"}, part=part)
    assert ("处理好了" in words(answer) and 'id="left" hx-swap-oob="true">0<' in words(answer)) if part else led_to(answer, DESK)
    assert again(shop).state == state and li.post(act(shop, what), {"reason": REASON}).status_code == 409


@pytest.mark.parametrize("what", ["return", "reject", "hide"])
@pytest.mark.parametrize("reason", ["", "不好", "长" * 201])
def test_without_a_good_reason_she_is_asked_again(web, cast, now, what, reason):
    shop = make.service(cast.li if what == "hide" else cast.wang, now)
    answer = web.as_(cast.li).post(act(shop, what), {"reason": reason})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, "reason") and typed(answer, "reason") == reason
    assert web.as_(cast.li).post(act(shop, what), {"reason": reason}, part=True).status_code == 422
    assert again(shop).state == shop.state


def test_hidden_it_is_gone_for_neighbours_and_comes_back(web, cast, now):
    shop, li = make.service(cast.li, now), web.as_(cast.li)
    assert led_to(li.post(act(shop, "hide"), {"reason": REASON}), page_of(shop))
    assert web.as_(cast.wang).get(page_of(shop)).status_code == 404 and "老王修鞋" in words(li.get(DESK))
    assert led_to(li.post(act(shop, "restore")), page_of(shop)) and led_to(li.post(act(shop, "verify")), page_of(shop))
    assert web.guest().get(page_of(shop)).status_code == 200 and "收起便民服务" in words(li.get("/n/cuihu/desk/log"))


@pytest.mark.parametrize("what", ["", *ACTS])
def test_nobody_else_has_the_hosts_hand(web, cast, now, what):
    shop = make.service(cast.li, now)
    url, method = (act(shop, what), "post") if what else (DESK, "get")
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert getattr(web.as_(cast.zhao), method)(url).status_code == 403
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin)):
        assert getattr(stranger, method)(url).status_code == 404
    if what:
        assert qian.post(url.replace("cuihu", "yangguangli")).status_code == 404
    assert shown_the_door(getattr(web.guest(), method)(url), "/signin", "/n/cuihu/" if what else DESK)
    assert again(shop).state == "published" and not AuditLog.select().where(AuditLog.object_type == "Service").count()


@pytest.mark.parametrize("what", ["recommend", "still", "edit"])
def test_who_does_not_live_here_leaves_it_alone(web, cast, now, what):
    shop = make.service(cast.li, now)
    assert web.as_(cast.zhou).post(f"{page_of(shop)}/{what}", {"state": "on"}).status_code == 404
    assert web.as_(cast.zhou).post(f"/n/yangguangli/services/{shop.id}/{what}", {"state": "on"}).status_code == 404
    assert shown_the_door(web.guest().post(f"{page_of(shop)}/{what}", {"state": "on"}), "/n/cuihu/join", "/n/cuihu/")
    assert recommends.ServiceRecommend.select().count() == 0
    assert web.guest().get(f"/n/yangguangli/services/{shop.id}").status_code == 404
