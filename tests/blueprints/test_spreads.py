"""精选和传播 on the host's desk."""

import io

import pytest

from db import photos, releases, spreads
from db.spreads import Spread
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, typed, words
from tests.browser.scene import picture

DESK = "/n/cuihu/desk/spreads/"
OUT = {
    "op_id": "spread000001", "channel": "article", "url": "https://mp.weixin.qq.com/s/abc", "went_on": "2026-03-20",
    "credit": "敏敏",
}  # fmt: skip


@pytest.fixture
def pick(cast, now):
    return make.picked(cast.li, make.post(cast.zhao, now, "阳台上的月季"), now, "article", "poster", credit="敏敏")


@pytest.mark.parametrize("part", [False, True])
def test_a_record_from_the_form_to_both_who_may_see_it(web, cast, pick, part):
    li, url = web.as_(cast.li), f"{DESK}{pick.id}"
    assert url in words(li.get(DESK)) and DESK in words(li.get("/n/cuihu/desk/"))
    form = li.get(url)
    assert typed(form, "credit") == "敏敏" and typed(form, "went_on") == "2026-03-20"
    assert "视频号" not in words(form).split("记一次")[1]
    for _ in range(2):
        answer = li.post(url, OUT, part=part)
        assert told_to_load(answer, url) if part else led_to(answer, url)
    assert Spread.select().count() == 1 and "记下了" in flash_after(li, answer)
    for page in (li.get(url), web.as_(cast.zhao).get("/n/cuihu/me/works"), web.as_(cast.zhao).get(f"/n/cuihu/picks/{pick.id}")):
        assert 'href="https://mp.weixin.qq.com/s/abc"' in words(page) and "署名：敏敏" in words(page)
    assert "记了 1 次传播，署名率 100%（1 ÷ 1）" in words(li.get(DESK))


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("change", "field"),
    [({"channel": "showcase"}, "channel"), ({"url": "javascript:alert(1)"}, "url"), ({"url": "长" * 301}, "url"),
     ({"went_on": "2026-04-01"}, "went_on"), ({"credit": ""}, "credit"), ({"credit": "某人"}, "credit")],
)  # fmt: skip
def test_a_bad_record_is_given_back_with_its_words(web, cast, pick, part, change, field):
    form = OUT | change
    answer = web.as_(cast.li).post(f"{DESK}{pick.id}", form, part=part)
    assert answer.status_code == 422 and is_whole(answer) is not part and beside(answer, field)
    assert (typed(answer, "url"), typed(answer, "credit")) == (form["url"], form["credit"]) and Spread.select().count() == 0


def test_a_screenshot_is_for_the_host_and_the_author_and_goes_when_it_comes_down(web, cast, pick, now):
    li, zhao, url = web.as_(cast.li), web.as_(cast.zhao), f"{DESK}{pick.id}"
    shot = (io.BytesIO(picture(90, 160, 200)), "shot.jpg")
    added = li.post(url, OUT | {"file": shot, "add": "1"})
    code = typed(added, "photo")
    assert photos.find(cast.cuihu, code) and typed(added, "url") == OUT["url"] and Spread.select().count() == 0
    assert typed(li.post(url, OUT | {"photo": code, "drop": code}), "photo") is None
    bad = li.post(url, OUT | {"file": (io.BytesIO(b"no picture"), "x.jpg")})
    assert bad.status_code == 422 and beside(bad, "photo")
    li.post(url, OUT | {"photo": code})
    seen = f"/n/cuihu/spreads/{Spread.get().id}/400.webp"
    assert li.get(seen).status_code == zhao.get(seen).status_code == 200
    assert seen.replace("400", "1600") in words(zhao.get("/n/cuihu/me/works"))
    assert web.as_(cast.wang).get(seen).status_code == zhao.get(seen.replace("400", "401")).status_code == 404
    for browser in (zhao, web.guest()):
        assert browser.get(f"/n/cuihu/photos/{code}/400.webp").status_code == 404
    assert led_to(li.post(f"{DESK}records/{Spread.get().id}/down"), DESK) and li.get(seen).status_code == 404


def test_without_consent_it_is_a_conflict_and_taken_back_it_is_a_task(web, cast, pick, now):
    li, zhao, url = web.as_(cast.li), web.as_(cast.zhao), f"{DESK}{pick.id}"
    spread = make.spread(cast.li, pick, now)
    releases.answer(pick, "withdrawn", now)
    for part in (False, True):
        assert li.post(url, OUT, part=part).status_code == 409
    assert "记一次传播" not in words(li.get(url)) and "要从外面撤下来" in words(li.get("/n/cuihu/desk/"))
    assert all("已请求撤下" in words(page) for page in (li.get(DESK), zhao.get("/n/cuihu/me/works")))
    assert "撤下来" in words(li.get("/inbox"))
    down = f"{DESK}records/{spread.id}/down"
    answer = li.post(down)
    assert led_to(answer, DESK) and "已撤下" in flash_after(li, answer) and li.post(down).status_code == 409
    assert "要从外面撤下来" not in words(li.get("/n/cuihu/desk/")) and "已撤下" in words(zhao.get("/n/cuihu/me/works"))
    assert spreads.count_to_take_down(cast.cuihu) == 0


def test_the_desk_is_the_hosts_of_this_place_alone(web, cast, pick, now):
    spread = make.spread(cast.li, pick, now)
    qian, down = make.host(cast.yangguangli, "钱主理", now), f"{DESK}records/{spread.id}/down"
    for url in (DESK, f"{DESK}{pick.id}"):
        assert web.as_(cast.wang).get(url).status_code == 403 and web.as_(qian).get(url).status_code == 404
        assert shown_the_door(web.guest().get(url), "/signin", url)
    for who, status in ((cast.wang, 403), (qian, 404)):
        assert web.as_(who).post(f"{DESK}{pick.id}", OUT).status_code == web.as_(who).post(down).status_code == status
    there = web.as_(qian)
    assert there.get(f"/n/yangguangli/desk/spreads/{pick.id}").status_code == 404
    assert there.post(f"/n/yangguangli/desk/spreads/records/{spread.id}/down").status_code == 404
    assert "还没有选过" in words(there.get("/n/yangguangli/desk/spreads/")) and Spread.get().state == "out"
