"""兑换 over HTTP: asked once more, held, shown as a code, taken back (R38, R29)."""

import re
from datetime import timedelta

import pytest

from db import counter, redemptions
from db.redemptions import Redemption
from db.rewards import Reward
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

MINE = "/n/cuihu/store/mine/"
FORM = {"op_id": "duihuanduihuan", "price": "30", "building": "3栋", "door": "2单元501"}


@pytest.fixture
def reward(cast, now):
    return make.reward(cast.li, now)


@pytest.fixture
def wang(web, cast, now):
    cast.wang = make.rich(cast.wang, now)
    return web.as_(cast.wang)


def ask(reward):
    return f"/n/cuihu/store/{reward.id}/redeem"


def again(reward):
    return Reward.get_by_id(reward.id)


def test_a_neighbour_redeems_and_gets_a_code(wang, reward, cast):
    page = wang.get(ask(reward))
    assert (
        is_whole(page) and "换完还剩 70 积分" in words(page) and typed(page, "price") == "30" and 'name="door"' not in words(page)
    )
    answers = [wang.post(ask(reward), FORM) for _ in range(2)]
    asked = Redemption.get()
    assert all(led_to(answer, f"{MINE}{asked.id}") for answer in answers) and again(reward).sold == 1
    shown = words(wang.get(f"{MINE}{asked.id}"))
    assert f"{asked.code[:3]} {asked.code[3:]}" in shown and "<svg" in shown and "东门驿站" in shown
    assert "手工荠菜馄饨" in words(wang.get(MINE)) and "还没有换过" not in words(wang.get(MINE))
    assert told_to_load(wang.post(ask(reward), FORM, part=True), f"{MINE}{asked.id}")
    assert f'href="/n/cuihu/store/{reward.id}"' in words(wang.get("/n/cuihu/points"))


def test_a_price_that_changed_is_shown_before_it_is_paid(wang, reward):
    Reward.update(price=50).where(Reward.id == reward.id).execute()
    answer = wang.post(ask(reward), FORM)
    assert answer.status_code == 409 and is_whole(answer) and "现在是 50 积分" in words(answer) and typed(answer, "price") == "50"
    assert "用 50 积分兑换" in words(answer) and not Redemption.select().count()
    assert wang.post(ask(reward), FORM | {"price": typed(answer, "price")}).status_code == 303
    assert Redemption.get().price_at == 50


@pytest.mark.parametrize("price", ["", "0", "-1", "１２", "1e309", "NaN", str(2**63), "长" * 5000])
def test_a_price_nobody_named_is_asked_again(wang, reward, price):
    assert wang.post(ask(reward), FORM | {"price": price}).status_code == 409 and not Redemption.select().count()


@pytest.mark.parametrize(("values", "said"), [
    ({"sold": 3}, "换完了"), ({"state": "closed"}, "下架"), ({"price": 101}, "改了价"),
])  # fmt: skip
def test_a_no_is_a_page_with_a_sentence(wang, reward, values, said):
    Reward.update(**values).where(Reward.id == reward.id).execute()
    answer = wang.post(ask(reward), FORM)
    assert answer.status_code == 409 and is_whole(answer) and said in words(answer)
    part = wang.post(ask(reward), FORM, part=True)
    assert part.status_code == 409 and said in toast(part)


def test_too_few_points_say_how_many_are_missing(web, cast, reward, now):
    answer = web.as_(make.rich(cast.zhao, now, 10)).post(ask(reward), FORM)
    assert answer.status_code == 409 and "还差 20 积分" in words(answer) and "用 30 积分兑换" not in words(answer)


def test_a_gift_asks_for_the_home_and_says_why(web, cast, now):
    gift = make.reward(cast.li, now, "中秋月饼", kind="gift")
    wang, zhao = web.as_(cast.wang), web.as_(cast.zhao)
    page = wang.get(ask(gift))
    assert "主理人也看不到" in words(page) and typed(page, "building") == "3栋"
    answer = wang.post(ask(gift), FORM | {"price": "0", "door": "我家"})
    assert answer.status_code == 422 and beside(answer, "door") and typed(answer, "building") == "3栋"
    assert wang.post(ask(gift), FORM | {"price": "0"}).status_code == 303
    answer = zhao.post(ask(gift), FORM | {"price": "0"})
    assert answer.status_code == 409 and "当面和主理人说一声" in words(answer) and "王阿姨" not in words(answer)
    kept = Redemption.get()
    assert "501" not in str(kept.__data__) and again(gift).sold == 1


def test_she_may_change_her_mind(wang, reward, cast, now):
    asked = make.redeemed(cast.wang, reward, now)
    answer = wang.post(f"{MINE}{asked.id}/cancel")
    assert led_to(answer, f"{MINE}{asked.id}") and "30 积分退回来了" in flash_after(wang, answer)
    assert wang.post(f"{MINE}{asked.id}/cancel").status_code == 409 and again(reward).sold == 0


@pytest.mark.parametrize(("state", "said"), [
    ("held", "备好了就告诉您"), ("fulfilled", "领到"), ("refused", "没能给到您"), ("expired", "过了领取时间"),
    ("cancelled", "已取消"),
])  # fmt: skip
def test_every_state_has_its_words(wang, reward, cast, now, state, said):
    asked = make.redeemed(cast.wang, reward, now)
    Redemption.update(state=state, ended_at=now, reason="今天没有货").where(Redemption.id == asked.id).execute()
    page = words(wang.get(f"{MINE}{asked.id}"))
    assert said in page and ('class="qr"' in page) == (state == "held")


def test_what_ran_out_says_so_before_the_clock_has_been(wang, reward, cast, now):
    asked = make.redeemed(cast.wang, reward, now - timedelta(days=20))
    page = words(wang.get(f"{MINE}{asked.id}"))
    assert "过了领取时间" in page and "/cancel" not in page and counter.expire_due(now) == 1


def test_the_list_goes_on(wang, cast, now, monkeypatch):
    monkeypatch.setattr(redemptions, "PAGE", 2)
    reward = make.reward(cast.li, now, price=1, stock=9)
    for _ in range(3):
        make.redeemed(cast.wang, reward, now)
    first = words(wang.get(MINE))
    (older,) = re.findall(r'href="(/n/cuihu/store/mine/\?before=\d+)"', first)
    assert words(wang.get(older)).count("topic-line") == 1
    assert wang.get(f"{MINE}?before=1e309").status_code == 200


def test_guests_are_shown_in_and_others_find_nothing(web, cast, reward, now):
    asked = make.redeemed(make.rich(cast.wang, now), reward, now)
    guest, zhao, zhou = web.guest(), web.as_(cast.zhao), web.as_(cast.zhou)
    assert shown_the_door(guest.get(ask(reward)), "/n/cuihu/join", ask(reward))
    assert guest.post(ask(reward), FORM).status_code == 303 and zhou.post(ask(reward), FORM).status_code == 404
    for browser in (zhao, web.as_(cast.li)):  # what is hers is nobody else's; the host has the counter
        assert browser.get(f"{MINE}{asked.id}").status_code == 404
        assert browser.post(f"{MINE}{asked.id}/cancel").status_code == 404
    assert zhou.post(f"/n/yangguangli/store/{reward.id}/redeem", FORM).status_code == 404
    assert Redemption.select().count() == 1 and Redemption.get().state == "ready"
