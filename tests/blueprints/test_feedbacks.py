"""反馈, page by page: everybody who was there says, whoever runs the event reads, other 小区 see nothing (R52)."""

import pytest
import time_machine

from db import checkins, feedbacks, groups, tastings
from db.events import Event
from db.feedbacks import Feedback
from tests import make, stalls
from tests.blueprints.answers import beside, is_whole, led_to, told_to_load, typed, words, written

BASE = "/n/cuihu/events/"


@pytest.fixture(autouse=True)
def noon(now):
    """The event is on."""
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        yield


@pytest.fixture
def event(cast, now):
    return stalls.market(cast.li, now)


def test_a_neighbour_says_it_and_may_change_it(web, cast, now, event):
    url, browser = f"{BASE}{event.id}/feedback", web.as_(cast.wang)
    assert url not in words(browser.get(f"{BASE}{event.id}"))  # she has not come
    checkins.by_host(event, stalls.going(cast.wang, event, now), cast.li, now)
    assert url in words(browser.get(f"{BASE}{event.id}"))
    assert is_whole(browser.get(url))
    told = {"face": "3", "words": "真好<b>", "want": ["夜跑"], "own": ""}
    for answer in (browser.post(url, told), browser.post(url, told)):
        assert led_to(answer, url + "/thanks")
    assert told_to_load(browser.post(url, told, part=True), url + "/thanks")
    assert Feedback.select().count() == 1
    assert "夜跑" in words(browser.get(url + "/thanks"))
    again = browser.get(url)
    assert written(again, "words") == "真好<b>" and 'value="夜跑" checked' in words(again)
    wrong = browser.post(url, told | {"face": "", "words": "留着的话"})
    assert wrong.status_code == 422 and beside(wrong, "face") and written(wrong, "words") == "留着的话"
    wrong = browser.post(url, told | {"own": "我"})
    assert wrong.status_code == 422 and beside(wrong, "own") and typed(wrong, "own") == "我"


def test_a_guests_wish_goes_with_her_to_the_door_and_back(web, cast, event):
    url, guest = f"{BASE}{event.id}/feedback", web.guest()
    answer = guest.post(url, {"face": "2", "words": "热闹", "want": ["夜跑"], "own": ""})
    thanks = words(guest.get(answer.headers["Location"]))
    assert "坐下来" in thanks and "%3Fwant%3D" in thanks
    assert 'value="夜跑" checked' in words(guest.get(url + "?want=夜跑"))
    assert web.guest().get(url + "/thanks").status_code == 303  # who has said nothing


def test_closed_and_other_places(web, cast, now, event):
    url = f"{BASE}{event.id}/feedback"
    assert web.guest().get(f"/n/yangguangli/events/{event.id}/feedback").status_code == 404
    Event.update(state="cancelled").where(Event.id == event.id).execute()
    assert feedbacks.WHY_NOT["cancelled"] in words(web.guest().get(url))
    assert web.guest().post(url, {"face": "3"}).status_code == 409


def test_whoever_runs_it_reads_it_without_names(web, cast, now, event):
    url = f"{BASE}{event.id}/feedback"
    for number, member in enumerate((cast.wang, cast.chen)):
        feedbacks.say(event, now, member=member, device="d", face=3 - number, words=f"话{number}", wants=["夜跑"])
    feedbacks.say(event, now, device="guest", face=1, words="路过")
    host = web.as_(cast.li)
    page = words(host.get(url + "/said"))
    for told in ("话0", "话1", "路过", "2 人想要夜跑", "一共 2 位邻居", "1 位访客", f"codes/new?target=feedback-{event.id}"):
        assert told in page
    assert cast.wang.user.name not in page
    assert url + "/said" in words(host.get(f"{BASE}{event.id}/manage"))
    assert web.as_(cast.wang).get(url + "/said").status_code == 403
    assert web.guest().get(url + "/said").status_code == 303
    assert web.as_(cast.zhou).get(url + "/said").status_code in {303, 404}
    names = url + "/names"
    assert led_to(host.post(names, {"names": "下棋\n拉二胡"}), url + "/said") and feedbacks.names_of(event) == ["下棋", "拉二胡"]
    wrong = host.post(names, {"names": "一"})
    assert wrong.status_code == 422 and beside(wrong, "names") and written(wrong, "names") == "一"
    assert web.as_(cast.wang).post(names, {"names": "下棋"}).status_code == 403
    idea = next(each.group for each in groups.listed(cast.cuihu) if each.group.name == "夜跑")
    assert f"/groups/{idea.id}" in page


def test_what_was_liked_at_every_tasting(web, cast, now):
    event = make.event(cast.li, now, kind="tasting", title="春天的第一口", allergy="无")
    tastings.lay_table(event, cast.li, now, "脐橙\n米酒\n豆腐")
    orange, wine, _ = tastings.items(event)
    people = [make.neighbor(cast.cuihu, f"尝{number}", now) for number in range(5)]
    for member in people:
        tastings.TastingRating.create(item=orange, member=member, face=3, words="甜", at=now)
    tastings.TastingRating.create(item=wine, member=people[0], face=3, at=now)
    page = words(web.as_(cast.li).get("/n/cuihu/desk/tastings?by=liked"))
    assert "100% 喜欢" in page and "还太少" in page and "豆腐" not in page and f"events/{event.id}" in page
    assert page.index("脐橙") < page.index("米酒")
    assert web.as_(cast.wang).get("/n/cuihu/desk/tastings").status_code == 403
    assert "desk/tastings" in words(web.as_(cast.li).get("/n/cuihu/desk/"))
