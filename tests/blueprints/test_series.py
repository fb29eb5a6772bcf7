"""固定的活动, page by page: begun, skipped, stopped, noted, and changed as far as one says (R53)."""

from db import series
from tests import make
from tests.blueprints.answers import beside, led_to, words, written

BASE = "/n/cuihu/events/"


def test_fixed_skipped_stopped_and_noted(web, cast, now):
    event = make.event(cast.zhao, now)
    url, browser = f"{BASE}{event.id}/series", web.as_(cast.zhao)
    assert url in words(browser.get(f"{BASE}{event.id}/manage"))
    odd = browser.post(url, {"rhythm": "daily"})
    assert odd.status_code == 422 and "请选多久一次" in words(odd)
    assert browser.post(url + "/skip").status_code == 409
    for _ in range(2):
        assert led_to(browser.post(url, {"rhythm": "monthly"}), url)
    assert series.EventSeries.select().count() == 1 and "每月一期，第 1 期" in words(web.guest().get(f"{BASE}{event.id}"))
    long = browser.post(url + "/lesson", {"lesson": "长" * 501})
    assert long.status_code == 422 and beside(long, "lesson") and written(long, "lesson") == "长" * 501
    assert led_to(browser.post(url + "/lesson", {"lesson": "多备两把伞"}), url) and "多备两把伞" in words(browser.get(url))
    assert 'name="no" value="3"' in words(browser.get(url))
    assert led_to(browser.post(url + "/skip", {"no": "3"}), url) and "跳过" in words(browser.get(url))
    for odd in ("3", "", "x", "9" * 9):  # sent twice, it leaves out one
        assert browser.post(url + "/skip", {"no": odd}).status_code == 409
    for act in ("", "/skip", "/stop", "/lesson"):
        assert web.as_(cast.wang).post(url + act).status_code == 403, act
        assert web.as_(cast.zhou).post(f"/n/yangguangli/events/{event.id}/series{act}").status_code == 404, act
    assert web.as_(cast.wang).get(url).status_code == 403
    assert led_to(web.as_(cast.li).post(url + "/stop"), url) and "已经停了" in words(browser.get(url))
    assert led_to(browser.post(url, {"rhythm": "weekly"}), url) and "每周一期" in words(browser.get(url))


def test_a_change_goes_to_this_one_or_on(web, cast, now):
    event = make.event(cast.zhao, now, days=2)
    found = series.start(event, cast.zhao, now, "weekly")
    url, browser = f"{BASE}{event.id}", web.as_(cast.zhao)
    assert "这一期和以后的" in words(browser.get(url + "/edit")) and "这一期和以后的" in words(browser.get(url + "/manage"))
    assert "这一期和以后的" not in words(web.as_(cast.li).get(url + "/edit"))
    form = {"event_kind": "gathering", "title": event.title, "place": "南门", "capacity": "12", "scope": "following"}
    assert led_to(browser.post(url + "/edit", form), url)
    assert {row.event.place for row in series.editions(found)} == {"南门"}
    moved = {"starts_at": "2026-03-22T08:00", "reason": "早点出门凉快", "scope": "following"}
    assert led_to(browser.post(url + "/reschedule", moved), url)
    assert {f"{row.event.starts_at:%H:%M}" for row in series.editions(found)} == {"00:00"}
    odd = browser.post(url + "/reschedule", moved | {"reason": "早"})
    assert odd.status_code == 422 and 'value="following" checked' in words(odd)
