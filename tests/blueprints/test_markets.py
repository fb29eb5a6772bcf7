"""市集, page by page: everybody reads, whoever runs it plans, prints and watches; other 小区 see nothing (R48)."""

import pytest
import time_machine

from db import markets
from db.markets import Booth
from db.stamp_prizes import StampPrize
from tests import make, stalls
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, typed, words

BASE = "/n/cuihu/events/"


@pytest.fixture(autouse=True)
def noon(now):
    """The market is on."""
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        yield


@pytest.fixture
def event(cast, now):
    return stalls.market(cast.li, now)


def test_everybody_reads_the_map_the_booths_and_the_programme(web, cast, now, event):
    url = f"{BASE}{event.id}/market"
    assert "摊位还在路上" in words(web.guest().get(url))
    booth = stalls.booth(event, cast.li, now, "赵敏的酵素", words="尝一口再走")
    markets.add_item(event, cast.li, now, starts_at=now, title="剪纸")
    markets.plan_card(event, cast.li, now, wanted=1, prize="一盆薄荷", prizes=9)
    markets.draw_map(event, cast.li, now, make.photo(cast.li, now).code)
    page = web.guest().get(url)
    for told in ("赵敏的酵素", "尝一口再走", "剪纸", "一盆薄荷", "市集地图", f"/booths/{booth.id}"):
        assert told in words(page)
    assert f"{url}" in words(web.guest().get(f"{BASE}{event.id}")) and "布置" not in words(page)
    assert web.guest().get(f"/n/yangguangli/events/{event.id}/market").status_code == 404
    assert web.guest().get(f"{BASE}{make.event(cast.li, now).id}/market").status_code == 404


def test_the_plan_is_for_who_runs_it(web, cast, now, event):
    booth = stalls.booth(event, cast.li, now, "酵素")
    url = f"{BASE}{event.id}/market"
    for path in ("plan", "posters", "console", "console/now", f"booths/{booth.id}/edit"):
        assert web.as_(cast.li).get(f"{url}/{path}").status_code == 200, path
        assert web.as_(cast.wang).get(f"{url}/{path}").status_code == 403, path
        assert shown_the_door(web.guest().get(f"{url}/{path}"), "/n/cuihu/join", f"{url}/{path}"), path
    for path in ("booths", f"booths/{booth.id}", f"booths/{booth.id}/drop", "programme", "card", "map", f"prizes/{cast.wang.id}"):
        assert web.as_(cast.wang).post(f"{url}/{path}").status_code == 403, path
        assert web.as_(cast.zhou).post(f"{url}/{path}").status_code == 404, path


def test_booths_are_added_changed_and_taken_off(web, cast, now, event):
    url, host = f"{BASE}{event.id}/market", web.as_(cast.li)
    form = {"zone": "分享角", "name": "酵素", "words": "尝一口"}
    for _ in range(2):
        assert led_to(host.post(url + "/booths", form), url + "/plan")
    booth = Booth.get()
    odd = host.post(url + "/booths", form | {"zone": "", "name": "剪纸"})
    assert odd.status_code == 422 and is_whole(odd) and beside(odd, "zone") and typed(odd, "name") == "剪纸"
    assert host.post(url + "/booths", form | {"name": "长" * 21}).status_code == 422 and Booth.select().count() == 1
    assert led_to(host.post(f"{url}/booths/{booth.id}", form | {"name": "酵素和茶"}), url + "/plan")
    assert "酵素和茶" in words(host.get(url + "/plan")) and "<svg" in words(host.get(url + "/posters"))
    other = stalls.market(cast.li, now)
    assert host.post(f"{BASE}{other.id}/market/booths/{booth.id}/drop").status_code == 404
    assert led_to(host.post(f"{url}/booths/{booth.id}/drop"), url + "/plan") and not Booth.select().exists()


def test_programme_card_and_map_are_filled_in(web, cast, now, event):
    url, host = f"{BASE}{event.id}/market", web.as_(cast.li)
    booth = stalls.booth(event, cast.li, now, "酵素")
    odd = host.post(url + "/programme", {"starts_at": "2026-03-21T12:00", "title": "剪纸"})
    assert odd.status_code == 422 and beside(odd, "starts_at") and typed(odd, "title") == "剪纸"
    assert led_to(host.post(url + "/programme", {"starts_at": "2026-03-20T12:10", "title": "剪纸"}), url + "/plan")
    item = markets.programme(event)[0]
    assert led_to(host.post(f"{url}/programme/{item.id}/drop"), url + "/plan") and not markets.programme(event)
    odd = host.post(url + "/card", {"wanted": "2", "prize": "薄荷", "gifts": "9"})
    assert odd.status_code == 422 and beside(odd, "wanted") and typed(odd, "prize") == "薄荷"
    assert led_to(host.post(url + "/card", {"wanted": "1", "prize": "薄荷", "gifts": "9"}), url + "/plan")
    assert host.post(url + "/map", {"photo": "0" * 32}).status_code == 422
    assert host.post(url + "/map").status_code == 422
    assert led_to(host.post(url + "/map", {"photo": make.photo(cast.li, now).code}), url + "/plan")
    assert markets.of(event).map_photo
    stalls.stamped(booth, cast.wang, now)
    assert "王阿姨" in words(host.get(url + "/console"))
    assert host.post(f"{url}/prizes/{cast.chen.id}").status_code == 409
    for _ in range(2):
        assert led_to(host.post(f"{url}/prizes/{cast.wang.id}"), url + "/console")
    assert StampPrize.select().count() == 1 and "礼物领过了" in words(web.as_(cast.wang).get(url))


def test_the_console_is_a_part_that_renews_itself(web, cast, now, event):
    stalls.booth(event, cast.li, now, "酵素")
    part = web.as_(cast.li).get(f"{BASE}{event.id}/market/console/now", part=True)
    assert not is_whole(part) and "现在到了 0 人" in words(part) and "every 15s" in words(part)
