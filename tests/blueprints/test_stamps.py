"""集章, page by page: the poster, the keeper's code, her list; a guest's stamps come along when she joins (R48, S8)."""

import re

import pytest
import time_machine

from db import markets, scans, stamps
from db.stamps import Stamp
from tests import stalls
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, typed, words


@pytest.fixture(autouse=True)
def noon(now):
    """The market is on."""
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        yield


@pytest.fixture
def booth(cast, now):
    return stalls.booth(stalls.market(cast.li, now), cast.li, now, "赵敏的酵素")


def url_of(booth):
    return f"/n/cuihu/booths/{booth.id}"


def test_a_poster_leads_to_the_booth_where_one_asks_and_a_look_changes_nothing(web, cast, now, booth):
    url, browser = url_of(booth), web.as_(cast.wang)
    code = scans.codes_for(cast.cuihu, "booth", [booth.id])[booth.id]
    assert led_to(browser.get(f"/q/{code}"), url)
    assert "盖章" in words(browser.get(url)) and not Stamp.select().exists()
    answer = browser.post(url + "/stamp", part=True)
    assert toast(answer) == "摊主看到您了，请 TA 点一下" and not is_whole(answer) and "every 6s" in words(answer)
    assert led_to(browser.post(url + "/stamp"), url) and Stamp.select().count() == 1
    row = Stamp.get()
    host = web.as_(cast.li)
    assert "王阿姨" in words(host.get(url + "/keep"))
    answer = host.post(f"{url}/stamps/{row.id}/press", part=True)
    assert toast(answer) == "盖好了" and "王阿姨" not in words(answer)
    part = browser.get(url + "/mine", part=True)
    assert "您有了" in words(part) and "every 6s" not in words(part)


def test_the_keepers_code_stamps_in_one_tap(web, cast, now, booth):
    url, browser = url_of(booth), web.as_(cast.wang)
    shown = re.search(r'class="big-code">(\w{6})<', words(web.as_(cast.li).get(url + "/keep"))).group(1)
    assert "这个码已经换了" in words(browser.get(f"{url}/here/AAAAAA"))
    assert browser.get(f"{url}/here/{shown}").status_code == 200 and not Stamp.select().exists()
    assert led_to(browser.post(url + "/stamp"), url) and Stamp.get().way == "code"


def test_a_guest_collects_on_her_phone_and_takes_it_along(web, cast, now, booth):
    event = booth.event
    markets.plan_card(event, cast.li, now, wanted=1, prize="一盆薄荷", prizes=9)
    url, guest = url_of(booth), web.guest()
    page = words(guest.get(url))
    assert f"join?intent=stamp:{booth.id}" in page
    assert led_to(guest.post(url + "/stamp"), url)
    row = Stamp.get()
    assert row.member_id is None and row.letters in words(guest.get(url))
    assert f"访客 {row.letters}" in words(web.as_(cast.li).get(url + "/keep/waiting", part=True))
    stamps.press(booth, row, cast.li, now)
    assert "把章带走" in words(guest.get(f"/n/cuihu/events/{event.id}/market"))
    guest.get("/n/cuihu/join")
    guest.post("/n/cuihu/join", {"name": "新来的", "consent": "y", "next": url, "op_id": "joinform01"})
    assert Stamp.get().member.user.name == "新来的" and "集齐了" in words(guest.get(f"/n/cuihu/events/{event.id}/market"))


def test_the_wish_for_a_stamp_comes_through_joining(web, cast, now, booth):
    url, guest = url_of(booth), web.guest()
    guest.get(f"{url}/here/{stamps.steps(booth, now)[0][0]}")
    join = {"name": "新来的", "consent": "y", "next": url, "intent": f"stamp:{booth.id}", "op_id": "joinform01"}
    assert led_to(guest.post("/n/cuihu/join", join), url)
    row = Stamp.get()
    assert (row.state, row.way, row.member.user.name) == ("stamped", "code", "新来的")


def test_only_the_keeper_and_the_host_keep_it(web, cast, now, booth):
    url, row = url_of(booth), stamps.ask(booth, now, member=cast.wang, device="hers")
    stalls.kept(booth, cast.zhao, now)
    for path in ("keep", "keep/steps", "keep/waiting"):
        assert web.as_(cast.zhao).get(f"{url}/{path}").status_code == 200
        assert web.as_(cast.wang).get(f"{url}/{path}").status_code == 403
        assert shown_the_door(web.guest().get(f"{url}/{path}"), "/n/cuihu/join", f"{url}/{path}")
    acts = ("now", "paper", f"stamps/{row.id}/press", f"stamps/{row.id}/drop", f"members/{cast.chen.id}/stamp")
    for path in acts:
        assert web.as_(cast.wang).post(f"{url}/{path}").status_code == 403
        assert web.as_(cast.zhou).post(f"{url}/{path}").status_code == 404
    assert web.as_(cast.zhao).post(url + "/paper").status_code == 403
    assert web.guest().get(f"/n/yangguangli/booths/{booth.id}").status_code == 404
    other = stalls.booth(booth.event, cast.li, now, "剪纸")
    assert web.as_(cast.li).post(f"{url_of(other)}/stamps/{row.id}/press").status_code == 404


def test_the_keeper_says_how_it_goes_and_stamps_by_name(web, cast, now, booth):
    url, host = url_of(booth), web.as_(cast.li)
    odd = host.post(url + "/now", {"queue": "-1", "stock": "9"})
    assert odd.status_code == 422 and beside(odd, "queue") and typed(odd, "stock") == "9"
    assert beside(host.post(url + "/now", {"queue": "1", "stock": "很多"}), "stock")
    assert led_to(host.post(url + "/now", {"queue": "3", "stock": ""}), url + "/keep")
    assert "3 人在排队" in words(web.guest().get(url)) and "还剩" not in words(web.guest().get(url))
    host.post(url + "/now", {"queue": "0", "stock": "0"})
    assert "没有了" in words(web.guest().get(f"/n/cuihu/events/{booth.event_id}/market"))
    assert "陈奶奶" in words(host.get(url + "/keep?name=陈")) and "没有找到" in words(host.get(url + "/keep?name=无名"))
    for _ in range(2):
        assert led_to(host.post(f"{url}/members/{cast.chen.id}/stamp"), url + "/keep")
    assert Stamp.get().way == "name"
    assert host.post(f"{url}/members/{cast.zhou.id}/stamp").status_code == 404


def test_paper_is_entered_with_its_own_time(web, cast, now, booth):
    url, host = url_of(booth), web.as_(cast.li)
    row = stalls.going(cast.wang, booth.event, now)
    odd = host.post(url + "/paper", {"code": "XXXXXX", "at": "2026-03-20T11:50"})
    assert odd.status_code == 422 and beside(odd, "code") and typed(odd, "at") == "2026-03-20T11:50"
    assert beside(host.post(url + "/paper", {"code": row.code, "at": "2026-03-20T09:00"}), "at")
    for _ in range(2):
        assert led_to(host.post(url + "/paper", {"code": row.code.lower(), "at": "2026-03-20T11:50"}), url + "/keep")
    assert Stamp.get().at == now - stalls.HOUR / 6
