"""What belongs to each kind of event, on its pages: tastes, wishes, shifts, code names, photos (R39–R41)."""

from datetime import timedelta

import pytest
import time_machine

from db import care_visits, checkins, event_photos, shifts, tastings, wishes
from tests import make
from tests.blueprints.answers import beside, led_to, toast, typed, words

BASE = "/n/cuihu/events/"


@pytest.fixture
def on(cast, now):
    """on(kind) is an event of 李姐's that has begun, with 王阿姨 checked in."""
    with time_machine.travel((now + timedelta(hours=49)).strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):

        def made(kind):
            event = make.event(cast.li, now, kind=kind, allergy="含花生")
            checkins.by_host(event, make.registered(cast.wang, event, now, named=True), cast.li, event.starts_at)
            return event

        yield made


def test_tastes_are_said_once_there(web, cast, on):
    event = on("tasting")
    url, host, browser = f"{BASE}{event.id}", web.as_(cast.li), web.as_(cast.wang)
    odd = host.post(url + "/items", {"items": " "})
    assert odd.status_code == 422 and beside(odd, "table-items")
    assert led_to(host.post(url + "/items", {"items": "赣南脐橙\n米酒"}), url + "/manage")
    item = tastings.items(event)[0]
    rate = f"{url}/items/{item.id}/rate"
    assert "赣南脐橙" in words(web.guest().get(url)) and rate in words(browser.get(url))
    assert rate not in words(web.as_(cast.chen).get(url)) and web.as_(cast.chen).post(rate, {"face": "3"}).status_code == 409
    odd = browser.post(rate, {"face": "9", "words": "真甜"})
    assert odd.status_code == 422 and beside(odd, "face") and typed(odd, "words") == "真甜"
    answer = browser.post(rate, {"face": "3", "words": "真甜"}, part=True)
    assert toast(answer) == "记下了，谢谢您尝过" and "100% 喜欢" in words(answer)
    assert led_to(browser.post(rate, {"face": "2"}), url + "#tastes")
    assert "真甜" not in words(web.guest().get(url)) and browser.post(f"{url}/items/999/rate", {"face": "3"}).status_code == 404


def test_who_was_at_a_workshop_is_asked(web, cast, on):
    event = on("workshop")
    url, browser = f"{BASE}{event.id}", web.as_(cast.wang)
    assert "还想学什么" in words(browser.get(url)) and "还想学什么" not in words(web.as_(cast.chen).get(url))
    odd = browser.post(url + "/wish", {"words": " "})
    assert odd.status_code == 422 and beside(odd, "words")
    assert led_to(browser.post(url + "/wish", {"words": "插花"}), url) and wishes.listed(event) == ["插花"]
    assert "插花" in words(web.as_(cast.li).get(url + "/manage"))
    assert web.as_(cast.chen).post(url + "/wish", {"words": "插花"}).status_code == 409


def test_shifts_are_taken_confirmed_and_certified(web, cast, now, on):
    event = make.event(cast.li, now + timedelta(days=1), kind="charity")
    make.registered(cast.wang, event, now, named=True)
    url, host, browser = f"{BASE}{event.id}", web.as_(cast.li), web.as_(cast.wang)
    told = {"role": "捡垃圾", "starts_at": "2026-03-23T12:00", "ends_at": "2026-03-23T14:00", "wanted": "2"}
    odd = host.post(url + "/shifts", told | {"wanted": "0"})
    assert odd.status_code == 422 and beside(odd, "shift-wanted") and typed(odd, "role") == "捡垃圾"
    assert led_to(host.post(url + "/shifts", told), url + "/manage")
    shift = shifts.listed(event)[0].shift
    for _ in range(2):
        assert led_to(browser.post(f"{url}/shifts/{shift.id}/sign"), url + "#shifts")
    assert web.as_(cast.chen).post(f"{url}/shifts/{shift.id}/sign").status_code == 409
    place = shifts.listed(event)[0].places[0]
    confirm = f"{url}/shifts/places/{place.id}/hours"
    assert web.as_(cast.chen).post(f"{url}/shifts/places/{place.id}/leave").status_code == 403
    assert browser.post(confirm, {"hours_done": "2"}).status_code == 403
    with time_machine.travel("2026-03-23T06:00:00+00:00", tick=False):
        host = web.as_(cast.li)
        for odd in ("", "-1", "13", "1e309", "abc"):
            answer = host.post(confirm, {"hours_done": odd})
            assert answer.status_code == 422 and beside(answer, "hours_done"), odd
        assert led_to(host.post(confirm, {"hours_done": "1.5"}), url + "/manage")
        assert host.post(confirm, {"hours_done": "1"}).status_code == 422  # without a reason
        page = words(web.as_(cast.wang).get(BASE + "hours"))
        assert "1.5 小时" in page and event.title in page


def test_who_is_visited_is_read_by_those_who_run_it_alone(web, cast, on):
    event = on("charity")
    url, host = f"{BASE}{event.id}", web.as_(cast.li)
    odd = host.post(url + "/visits", {"who": ""})
    assert odd.status_code == 422 and beside(odd, "visit-who")
    assert led_to(host.post(url + "/visits", {"who": "张桂芳 2栋"}), url + "/manage")
    assert "张桂芳" in words(host.get(url + "/manage"))
    for browser in (web.guest(), web.as_(cast.wang), host):
        page = words(browser.get(url))
        assert "松" in page and "张桂芳" not in page
    assert led_to(host.post(f"{url}/visits/{care_visits.listed(event)[0].id}/drop"), url + "/manage")


def test_photos_hang_for_neighbours_and_come_down(web, cast, now, on):
    event = on("workshop")
    url, browser, photo = f"{BASE}{event.id}", web.as_(cast.wang), make.photo(cast.wang, now)
    assert web.as_(cast.chen).get(url + "/photos/new").status_code == 409 and browser.get(url + "/photos/new").status_code == 200
    odd = browser.post(url + "/photos/new", {"photo": photo.code})
    assert odd.status_code == 422 and beside(odd, "consent") and photo.code in words(odd)
    assert led_to(browser.post(url + "/photos/new", {"photo": photo.code, "consent": "y"}), url + "#photos")
    assert photo.code in words(web.as_(cast.chen).get(url)) and photo.code not in words(web.guest().get(url))
    hung = event_photos.listed(event)[0]
    assert web.as_(cast.chen).post(f"{url}/photos/{hung.id}/drop").status_code == 403
    assert led_to(browser.post(f"{url}/photos/{hung.id}/drop"), url + "#photos") and event_photos.listed(event) == []
