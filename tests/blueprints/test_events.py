"""活动, page by page: who may do what, with htmx and without, with words kept and one effect (R04, G1–G5)."""

from datetime import timedelta

import pytest
from flask import render_template

from db import event_plans, events, registrations, reports, shifts, subjects
from db.events import Event
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, typed, words

HOUR = timedelta(hours=1)
BASE = "/n/cuihu/events/"


@pytest.fixture
def event(cast, now):
    return make.event(cast.zhao, now, body="走到湖边。")


def form(**told):
    usual = {"event_kind": "gathering", "title": "周末徒步", "starts_at": "2026-03-22T08:00", "place": "东门", "capacity": "12"}
    return usual | {"op_id": "eventform01"} | told


def one():
    return Event.get()


def test_a_resident_starts_a_gathering_once(web, cast):
    browser = web.as_(cast.zhao)
    for _ in range(2):
        answer = browser.post(BASE + "new", form())
        assert led_to(answer, f"{BASE}{one().id}")
    assert flash_after(browser, answer) == "发出去了，邻居们看得到了" and Event.select().count() == 1
    page = words(web.guest().get(f"{BASE}{one().id}"))
    assert "周末徒步" in page and "居民发起" in page and "3月22日 周日 08:00–10:00" in page
    assert "周末徒步" in words(web.guest().get(BASE)) and "周末徒步" not in words(web.guest().get("/n/yangguangli/events/"))


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        ("title", "x"),
        ("starts_at", "2026-03-20T11:59"),
        ("starts_at", "not a time"),
        ("ends_at", "2026-03-22T08:00"),
        ("place", " "),
        *(("capacity", odd) for odd in ("0", "-1", "10001", "", "1e309", "NaN", "２", "2147483648")),
        *(("fee", odd) for odd in ("-1", "abc", "1001", "1.234", ".")),
        ("event_kind", "market"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_the_words_stay(web, cast, field, odd):
    answer = web.as_(cast.zhao).post(BASE + "new", form(**{field: odd}))
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, field) and Event.select().count() == 0
    assert typed(answer, "title") == form(**{field: odd})["title"]


def test_a_newcomers_event_is_let_in_on_the_desk(web, cast):
    answer = web.as_(cast.wang).post(BASE + "new", form())
    url = answer.headers["Location"]
    assert web.as_(cast.zhao).get(url).status_code == 404 and web.guest().get(url + "/event.ics").status_code == 404
    host, desk = web.as_(cast.li), "/n/cuihu/desk/events/"
    assert "周末徒步" in words(host.get(desk)) and "周末徒步" in words(host.get("/n/cuihu/desk/"))
    assert web.as_(cast.zhao).post(f"{desk}{one().id}/approve").status_code == 403
    assert host.post(f"{desk}{one().id}/return", {"reason": "短"}).status_code == 422
    assert led_to(host.post(f"{desk}{one().id}/return", {"reason": "请写具体一点"}), desk)
    assert "请写具体一点" in words(web.as_(cast.wang).get(url))
    assert led_to(web.as_(cast.wang).post(url + "/edit", form(place="东门花坛边")), url)
    done = host.post(f"{desk}{one().id}/approve", part=True)
    assert done.status_code == 200 and toast(done) == "发布了，邻居们看得到了"
    assert host.post(f"{desk}{one().id}/approve").status_code == 409
    assert web.guest().get(url).status_code == 200


def test_a_seat_with_htmx_and_without(web, cast, event):
    url, browser = f"{BASE}{event.id}", web.as_(cast.wang)
    answer = browser.post(url + "/register", {"op_id": "seatform01"}, part=True)
    assert answer.status_code == 200 and not is_whole(answer) and "已报名" in words(answer)
    assert toast(answer) == "报上名了，到时候见"
    assert "已报名" in words(browser.post(url + "/register", {"op_id": "seatform01"}, part=True))
    assert browser.post(url + "/register", {"op_id": "seatform02"}).status_code == 409
    assert led_to(browser.post(url + "/give-up"), url)
    assert registrations.of(event, cast.wang).state == "cancelled"
    odd = browser.post(url + "/register", {"op_id": "seatform03", "adults": "0", "note": "晚到"})
    assert odd.status_code == 422 and beside(odd, "adults") and typed(odd, "note") == "晚到"
    party = {"op_id": "seatform04", "adults": "2", "children": "1", "ages": "4", "named": "y"}
    assert led_to(browser.post(url + "/register", party), url)
    assert "王阿姨" in words(web.guest().get(url)) and "还有 7 个位置" in words(web.guest().get(url))


def test_full_it_makes_a_line_and_offers(web, cast, now):
    event = make.event(cast.li, now, capacity=1)
    url = f"{BASE}{event.id}"
    make.registered(cast.zhao, event, now)
    browser = web.as_(cast.wang)
    assert "排队候补" in words(browser.get(url))
    assert toast(browser.post(url + "/register", {}, part=True)).startswith("位置满了")
    assert browser.post(url + "/accept").status_code == 409
    web.as_(cast.zhao).post(url + "/give-up")
    assert "有位置了" in words(browser.get(url)) and "有位置了" in words(browser.get(BASE + "?tab=mine"))
    assert toast(browser.post(url + "/accept", part=True)) == "位置是您的了，到时候见"
    assert web.as_(cast.chen).post(url + "/accept").status_code == 404


def test_a_guest_is_asked_who_she_is_and_has_her_seat_then(web, cast, event):
    url, guest = f"{BASE}{event.id}", web.guest()
    assert f"intent=event:{event.id}" in words(guest.get(url))
    assert shown_the_door(guest.get(url + "/register"), "/n/cuihu/join", url + "/register")
    told = {"name": "孙奶奶", "consent": "y", "intent": f"event:{event.id}", "next": url, "op_id": "joinform01"}
    assert led_to(guest.post("/n/cuihu/join", told), url) and "已报名" in words(guest.get(url))


def test_one_sees_and_keeps_ones_own(web, cast, now, event):
    browser = web.as_(cast.wang)
    make.registered(cast.wang, event, now)
    page = words(browser.get(f"{BASE}{event.id}/ticket"))
    code = registrations.of(event, cast.wang).code
    assert code in page and page.count("<svg") >= 4
    assert "<svg" in words(browser.get(f"{BASE}{event.id}/ticket/steps", part=True))
    assert web.as_(cast.chen).get(f"{BASE}{event.id}/ticket").status_code == 404
    assert event.title in words(browser.get(BASE + "?tab=mine"))
    assert led_to(browser.post("/calendar/new"), BASE + "?tab=mine")
    feed = words(browser.get(BASE + "?tab=mine")).partition("http://localhost/calendar/")[2].partition("<")[0]
    answer = web.guest().get("/calendar/" + feed)
    assert answer.mimetype == "text/calendar" and event.title in words(answer)
    browser.post("/calendar/close")
    assert web.guest().get("/calendar/" + feed).status_code == 404
    for url in (BASE + "calendar.ics", f"{BASE}{event.id}/event.ics"):
        assert event.title in words(web.guest().get(url))


def test_only_who_runs_it_has_the_tools(web, cast, event):
    url = f"{BASE}{event.id}"
    acts = ("reschedule", "cancel", "recap", "close", "edit", "items", "shifts", "visits", "paper", f"walk-in/{cast.chen.id}")
    for act in acts:
        assert web.as_(cast.wang).post(f"{url}/{act}").status_code == 403, act
        assert web.as_(cast.zhou).post(f"{url}/{act}").status_code == 404, act
        assert web.as_(cast.zhou).post(f"/n/yangguangli/events/{event.id}/{act}").status_code == 404, act
        assert shown_the_door(web.guest().post(f"{url}/{act}", part=True), "/n/cuihu/join", "/n/cuihu/", part=True), act
    for page in ("manage", "edit", "check-in", "check-in/sheet", "check-in/steps", "check-in/count"):
        assert web.as_(cast.wang).get(f"{url}/{page}").status_code == 403, page
        assert web.as_(cast.zhao).get(f"{url}/{page}").status_code == web.as_(cast.li).get(f"{url}/{page}").status_code == 200


def test_another_time_and_called_off(web, cast, now, event):
    url, browser = f"{BASE}{event.id}", web.as_(cast.zhao)
    make.registered(cast.wang, event, now)
    odd = browser.post(url + "/reschedule", {"starts_at": "2026-03-19T08:00", "reason": "下雨改期"})
    assert odd.status_code == 422 and beside(odd, "move-starts_at") and typed(odd, "reason") == "下雨改期"
    assert led_to(browser.post(url + "/reschedule", {"starts_at": "2026-03-23T08:00", "reason": "下雨改期"}), url)
    assert "改到 3月23日 08:00：下雨改期" in words(web.guest().get(url))
    assert browser.post(url + "/cancel", {"reason": "雨"}).status_code == 422
    assert led_to(browser.post(url + "/cancel", {"reason": "雨太大了"}), url)
    assert "雨太大了" in words(web.guest().get(url)) and event.title not in words(web.guest().get(BASE))
    assert browser.post(url + "/cancel", {"reason": "雨太大了"}).status_code == 409


def test_reported_it_is_hidden_and_shown_again(web, cast, now, event):
    url = f"{BASE}{event.id}"
    assert f"/report/event/{event.id}" in words(web.as_(cast.wang).get(url))
    answer = web.as_(cast.wang).post(f"/n/cuihu/report/event/{event.id}", {"why": "child"})
    assert led_to(answer, "/n/cuihu/me/reports") and web.guest().get(url).status_code == 404
    report = reports.Report.get()
    assert subjects.hidden(reports.thing_of(report))
    page = words(web.as_(cast.li).get("/n/cuihu/desk/reports"))
    assert "现在看不到" in page and "走到湖边" in page
    reports.decide(report, cast.li.user, now, uphold=False, answer="没有孩子的照片")
    assert web.guest().get(url).status_code == 200
    assert led_to(web.as_(cast.li).post(f"/n/cuihu/desk/events/{event.id}/hide", {"reason": "不太安全"}), url)
    assert events.coming_up(cast.cuihu, now) == []
    assert led_to(web.as_(cast.li).post(f"/n/cuihu/desk/events/{event.id}/restore"), url)


def test_it_is_found(web, cast, event):
    page = words(web.guest().get("/n/cuihu/search?q=环湖"))
    assert f"{BASE}{event.id}" in page and "活动" in page


def test_the_teaser_for_the_living_room_is_one_query_and_says_when_and_where(web, cast, now, event, queries):
    with web.app.test_request_context():
        page = render_template("events/_teaser.html", teasers=events.upcoming(cast.cuihu, now), place=cast.cuihu)
    assert len(queries) == 1 and "周六环湖走一走" in page and "3月22日 周日 12:00–14:00 · 东门花坛" in page


def test_the_honour_roll_is_for_neighbours(web, cast, now):
    day = make.event(cast.li, now, kind="charity", starts_at=now + timedelta(days=2), hours=12)
    told = {"starts_at": day.starts_at, "ends_at": day.starts_at + timedelta(hours=9)}
    row = shifts.add(day, cast.li, now, role="捡垃圾", wanted=2, **told)
    signed = make.registered(cast.zhao, day, now, named=True)
    place = shifts.sign(cast.zhao, day, row, now)
    assert signed and "光荣榜" not in words(web.as_(cast.wang).get("/n/cuihu/events/?tab=past"))
    shifts.confirm(day, place, cast.li, day.ends_at, minutes=540)
    page = words(web.as_(cast.wang).get("/n/cuihu/events/?tab=past"))
    assert "光荣榜" in page and "赵敏" in page and "9 小时" in page
    assert "光荣榜" not in words(web.guest().get("/n/cuihu/events/?tab=past"))


def test_an_example_fills_the_form_and_is_sent_as_it_is(web, cast, now):
    browser = web.as_(cast.zhao)
    for key, (name, told) in event_plans.EXAMPLES.items():
        page = browser.get(f"{BASE}new?like={key}")
        assert name in words(page) and typed(page, "title") == told["title"] and typed(page, "starts_at") == "2026-03-21T10:00"
        fields = ("op_id", "title", "starts_at", "place", "capacity", "bring", "ages", "allergy")
        form = {field: typed(page, field) for field in fields} | {"event_kind": told.get("event_kind", "gathering")}
        assert browser.post(BASE + "new", form).status_code == 303, key
    assert Event.select().count() == len(event_plans.EXAMPLES)
