"""签到, page by page: the screen, the scan, the door, the list, the paper; a GET changes nothing (R42, S8, abuse 9, 10, 15)."""

import re
from datetime import timedelta

import pytest
import time_machine

from db import checkins, registrations
from db.registrations import Registration
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, typed, words

BASE = "/n/cuihu/events/"


@pytest.fixture
def event(cast, now):
    return make.event(cast.zhao, now, capacity=3)


@pytest.fixture
def start(event):
    """It begins now."""
    with time_machine.travel(event.starts_at.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        yield event.starts_at


def code(event, moment):
    return checkins.steps(event, moment)[0][0]


def state_of(event, member):
    row = registrations.of(event, member)
    return row.state if row else None


def test_the_screen_shows_twenty_codes_and_a_scan_then_a_tap_checks_in(web, cast, now, event, start):
    make.registered(cast.wang, event, now)
    url = f"{BASE}{event.id}"
    page = words(web.as_(cast.zhao).get(url + "/check-in"))
    shown = re.findall(r'class="big-code">(\w{6})<', page)
    assert len(shown) == 20 and shown[0] == code(event, start) and page.count("<svg") > 20 and "http-equiv" in page
    browser = web.as_(cast.wang)
    assert browser.client.head(f"{url}/here/{shown[0]}").status_code == 200
    scanned = browser.get(f"{url}/here/{shown[0]}")
    assert state_of(event, cast.wang) == "going" and 'name="code"' not in words(scanned)
    word = re.search(r'name="word" value="([^"]+)"', words(scanned)).group(1)
    for _ in range(2):
        assert led_to(browser.post(url + "/here", {"word": word}), url)
    assert state_of(event, cast.wang) == "checked_in" and "已签到" in words(browser.get(url))
    other = web.as_(cast.chen).post(url + "/here", {"word": word})  # forwarded to another phone
    assert other.status_code == 422 and Registration.select().count() == 1


def test_a_code_is_typed_and_an_old_one_is_said_so_beside_it(web, cast, now, event, start):
    make.registered(cast.wang, event, now)
    url, browser = f"{BASE}{event.id}/here", web.as_(cast.wang)
    old = code(event, start - timedelta(seconds=61))
    assert "这个码已经换了" in words(browser.get(f"{url}/{old}"))
    answer = browser.post(url, {"code": old})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, "code") and typed(answer, "code") == old
    assert led_to(browser.post(url, {"code": code(event, start).lower()}), f"{BASE}{event.id}")


def test_a_stranger_scans_joins_and_is_in_three_taps(web, cast, event, start):
    url, guest = f"{BASE}{event.id}", web.guest()
    page = words(guest.get(f"{url}/here/{code(event, start)}"))
    back = re.search(r'href="/n/cuihu/join\?next=([^"]+)"', page).group(1)  # 1: 我是邻居
    join = guest.get("/n/cuihu/join?next=" + back)
    kept = re.search(r'name="next" value="([^"]+)"', words(join)).group(1)
    answer = guest.post("/n/cuihu/join", {"name": "新来的", "consent": "y", "next": kept, "op_id": "joinform01"})  # 2: 加入
    here = guest.get(answer.headers["Location"])
    word = re.search(r'name="word" value="([^"]+)"', words(here)).group(1)
    assert led_to(guest.post(url + "/here", {"word": word, "adults": "2"}), url)  # 3: 我到了
    assert Registration.get().people == 2 and Registration.get().walk_in


def test_full_it_says_so_and_keeps_the_party(web, cast, now, event, start):
    make.registered(cast.chen, event, now, adults=3)
    answer = web.as_(cast.wang).post(f"{BASE}{event.id}/here", {"code": code(event, start)})
    assert answer.status_code == 409 and "坐满了" in words(answer)
    odd = web.as_(cast.wang).post(f"{BASE}{event.id}/here", {"code": code(event, start), "adults": "99"})
    assert odd.status_code == 422 and beside(odd, "adults") and typed(odd, "adults") == "99"


def test_the_organiser_scans_calls_by_name_and_takes_it_back(web, cast, now, event, start):
    row = make.registered(cast.wang, event, now)
    url, host = f"{BASE}{event.id}", web.as_(cast.zhao)
    assert "王阿姨" in words(host.get(f"{url}/door/{row.code.lower()}")) and state_of(event, cast.wang) == "going"
    assert "可能是截图" in words(host.get(f"{url}/door/{row.code}"))
    fresh, later = (each for each, _ in checkins.ticket_steps(row, start)[:3:2])
    assert "可能是截图" not in words(host.get(f"{url}/door/{row.code}?now={fresh}"))
    assert "可能是截图" in words(host.get(f"{url}/door/{row.code}?now={later}"))
    assert led_to(web.as_(cast.wang).get(f"{url}/door/{row.code}"), f"{url}/ticket")
    assert web.as_(cast.chen).get(f"{url}/door/{row.code}").status_code == 403
    assert shown_the_door(web.guest().get(f"{url}/door/{row.code}"), "/n/cuihu/join", f"{url}/door/{row.code}")
    answer = host.post(f"{url}/people/{row.id}/check-in", part=True)
    assert toast(answer) == "王阿姨 签到了" and "到了 1 人" in words(answer) and not is_whole(answer)
    assert led_to(host.post(f"{url}/people/{row.id}/undo"), url + "/check-in") and state_of(event, cast.wang) == "going"
    assert host.post(f"{url}/people/{row.id}/undo").status_code == 409
    assert toast(host.post(f"{url}/people/{row.id}/fee", {"state": "on"}, part=True)) == "记下了，材料费收到了"
    assert "陈奶奶" in words(host.get(url + "/check-in?name=陈")) and "没有找到" in words(host.get(url + "/check-in?name=无名"))
    assert led_to(host.post(f"{url}/walk-in/{cast.chen.id}"), url + "/check-in") and state_of(event, cast.chen) == "checked_in"
    for path in (f"people/{row.id}/check-in", f"people/{row.id}/excuse", f"walk-in/{cast.li.id}"):
        assert web.as_(cast.wang).post(f"{url}/{path}", {"reason": "家里有事"}).status_code == 403
    assert host.post(f"{url}/walk-in/{cast.zhou.id}").status_code == 404
    other = make.event(cast.zhao, start)
    assert host.post(f"{BASE}{other.id}/people/{row.id}/check-in").status_code == 404


def test_paper_is_entered_later_and_who_did_not_come_is_excused(web, cast, now, event):
    row, absent = make.registered(cast.wang, event, now), make.registered(cast.chen, event, now)
    url = f"{BASE}{event.id}"
    assert row.code in words(web.as_(cast.zhao).get(url + "/check-in/sheet"))
    with time_machine.travel((event.ends_at + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        host = web.as_(cast.zhao)
        Registration.update(state="no_show").execute()
        odd = host.post(url + "/paper", {"code": "XXXXXX", "at": "2026-03-22T12:05"})
        assert odd.status_code == 422 and beside(odd, "code") and typed(odd, "at") == "2026-03-22T12:05"
        late = host.post(url + "/paper", {"code": row.code, "at": "2026-03-22T14:31"})
        assert late.status_code == 422 and beside(late, "at")
        for _ in range(2):
            assert led_to(host.post(url + "/paper", {"code": row.code.lower(), "at": "2026-03-22T12:05"}), url + "/check-in")
        assert state_of(event, cast.wang) == "checked_in"
        assert host.post(f"{url}/people/{absent.id}/excuse", {"reason": "病"}).status_code == 422
        assert led_to(host.post(f"{url}/people/{absent.id}/excuse", {"reason": "生病住院了"}), url + "/check-in")
        assert state_of(event, cast.chen) == "excused"
