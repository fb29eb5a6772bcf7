"""交接 on pages: ask, answer, take back, lay down."""

import pytest

from db import handovers, people
from db.handovers import Handover
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

DESK, ME = "/n/cuihu/desk/handover", "/n/cuihu/me/"
DOWN = DESK + "/step-down"
FORM = {"op_id": "askedaskedasked1", "note": "交给你我放心"}


@pytest.fixture
def ready(cast):
    people.bind_phone(cast.zhao.user, "13800000001")
    cast.zhao = make.again(cast.zhao)


def asking(member):
    return f"/n/cuihu/desk/members/{member.id}/handover"


def role(member):
    return make.again(member).role


@pytest.mark.parametrize("part", [False, True])
def test_a_host_asks_and_a_neighbour_takes_over(web, cast, ready, part):
    li, zhao = web.as_(cast.li), web.as_(cast.zhao)
    assert asking(cast.zhao) in words(li.get(DESK + "?name=赵敏")) and asking(cast.zhao) in words(
        li.get(f"/n/cuihu/desk/members/{cast.zhao.id}")
    )
    page = li.get(asking(cast.zhao))
    assert is_whole(page) and "一起交过去的" in words(page) and typed(page, "op_id")
    for _ in range(2):  # a form sent twice asks once
        answer = li.post(asking(cast.zhao), FORM, part=part)
        assert told_to_load(answer, DESK) if part else led_to(answer, DESK)
    assert "问过赵敏了" in flash_after(li, answer) and "正在等 TA 回话" in words(li.get(DESK))
    url = Handover.get().url
    assert url in words(zhao.get(ME)) and url not in words(web.as_(cast.wang).get(ME))
    assert "交给你我放心" in words(zhao.get(url)) and is_whole(zhao.get(url, part=True)) and is_whole(li.get(url))
    answer = zhao.post(url + "/accept", part=part)
    assert told_to_load(answer, "/n/cuihu/desk/") if part else led_to(answer, "/n/cuihu/desk/")
    assert "您是翠湖花园的主理人了" in flash_after(zhao, answer)  # still signed in, with a host's rights
    assert (role(cast.zhao), role(cast.li)) == ("host", "resident") and li.get(DESK).status_code == 303
    assert zhao.post(url + "/accept").status_code == 409 and "已经接任了" in words(zhao.get(url))
    assert "李姐 → 赵敏" in words(zhao.get(DESK)) and "赵敏" in words(web.guest().get("/n/cuihu/host"))
    assert "交接" in words(web.as_(cast.lin).get("/hq/"))


def test_a_neighbour_says_no_and_a_host_takes_back(web, cast, now, ready):
    url = make.handover(cast.li, cast.zhao, now).url
    zhao, li = web.as_(cast.zhao), web.as_(cast.li)
    assert led_to(zhao.post(url + "/decline"), ME) and "这次不方便" in words(zhao.get(url))
    again = make.handover(cast.li, cast.zhao, now)
    assert led_to(li.post(f"{DESK}/{again.id}/cancel"), DESK) and "已经收回" in words(zhao.get(again.url))
    assert li.post(f"{DESK}/{again.id}/cancel").status_code == 409
    assert zhao.post(again.url + "/accept").status_code == 409 and role(cast.li) == "host"


def test_without_a_phone_she_is_shown_where_to_bind_one(web, cast, now):
    url = make.handover(cast.li, cast.wang, now).url
    wang = web.as_(cast.wang)
    assert "/me/phone" in words(wang.get(url))
    answer = wang.post(url + "/accept")
    assert answer.status_code == 409 and "绑定手机号" in words(answer) and role(cast.li) == "host"


@pytest.mark.parametrize("part", [False, True])
def test_what_does_not_go_is_said_with_the_words_kept(web, cast, now, ready, part):
    li = web.as_(cast.li)
    answer = li.post(asking(cast.zhao), FORM | {"note": "长" * 201}, part=part)
    assert answer.status_code == 422 and beside(answer, "note") and typed(answer, "note") == "长" * 201
    answer = li.post(DOWN, {"reason": "累"}, part=part)
    assert answer.status_code == 422 and beside(answer, "reason") and typed(answer, "reason") == "累"
    make.handover(cast.li, cast.zhao, now)
    answer = li.post(asking(cast.wang), FORM, part=part)
    assert answer.status_code == 409 and "先把那一份收回" in (toast(answer) if part else words(answer))
    assert li.post(asking(cast.li), FORM).status_code == 409
    assert Handover.select().count() == 1 and role(cast.li) == "host"


@pytest.mark.parametrize("part", [False, True])
def test_who_lays_it_down_stays_signed_in_as_a_neighbour(web, cast, part):
    li = web.as_(cast.li)
    answer = li.post(DOWN, {"reason": "要搬去女儿家了"}, part=part)
    assert told_to_load(answer, "/n/cuihu/") if part else led_to(answer, "/n/cuihu/")
    assert "谢谢您" in flash_after(li, answer) and li.get(DESK).status_code == 403
    assert role(cast.li) == "resident" and "林总部" in words(web.guest().get("/n/cuihu/host"))
    assert web.as_(cast.lin).get(DESK).status_code == 200


def test_the_desk_is_the_hosts_of_this_place_alone(web, cast, now, ready):
    handover = make.handover(cast.li, cast.zhao, now)
    qian = make.host(cast.yangguangli, "钱主理", now)
    acts = [(DOWN, {"reason": "要搬去女儿家了"}), (asking(cast.wang), FORM), (f"{DESK}/{handover.id}/cancel", {})]
    for url, form in [*acts, (DESK, None), (asking(cast.wang), None)]:

        def ask(browser, url=url, form=form):
            return browser.get(url) if form is None else browser.post(url, form)

        assert ask(web.as_(cast.wang)).status_code == 403
        for stranger in (cast.zhou, cast.lin, qian):
            assert ask(web.as_(stranger)).status_code == 404
        assert shown_the_door(ask(web.guest()), "/signin", url if form is None else "/n/cuihu/")
    away = f"/n/yangguangli/desk/handover/{handover.id}/cancel"
    assert web.as_(qian).post(away).status_code == 404
    assert handovers.waiting(cast.cuihu).id == handover.id


def test_a_handover_is_between_two(web, cast, now, ready):
    url = make.handover(cast.li, cast.zhao, now).url
    assert web.as_(cast.wang).get(url).status_code == 404
    for act in ("/accept", "/decline"):
        assert web.as_(cast.wang).post(url + act).status_code == 403
        assert web.as_(cast.zhou).post(url + act).status_code == 404
        assert web.as_(cast.zhao).post(url.replace("cuihu", "yangguangli") + act).status_code == 404
    assert handovers.waiting(cast.cuihu) is not None
