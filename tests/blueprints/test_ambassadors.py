"""生活大使, page by page: the host's list, each ambassador's own page, and nothing for anybody else (R46)."""

import pytest

from db import ambassadors
from tests import envoys, make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, typed, words

BASE = "/n/cuihu/events/"


@pytest.fixture
def event(cast, now):
    return envoys.called(cast.li, [cast.zhao, cast.wang], now, quota=1)


def state_of(event, member):
    return ambassadors.mine(ambassadors.of(event), member).state


def test_a_neighbour_is_asked_says_yes_prepares_and_steps_back(web, cast, now, event):
    url, zhao, wang = f"{BASE}{event.id}/ambassadors", web.as_(cast.zhao), web.as_(cast.wang)
    assert url in words(zhao.get("/n/cuihu/me/")) and "我愿意" in words(zhao.get(url))
    for _ in range(2):
        assert led_to(zhao.post(url + "/answer", {"state": "on", "named": "y"}), url)
    assert "赵敏" in words(wang.get(f"{BASE}{event.id}"))
    assert led_to(wang.post(url + "/answer", {"state": "on"}), url) and "候补" in words(wang.get(url))
    post = make.post(cast.zhao, now, "豆苗出来了")
    assert led_to(zhao.post(url + "/post", {"post": post.id}), url) and "内容准备好了" in words(zhao.get(url))
    wrong = zhao.post(url + "/post", {"post": make.post(cast.li, now).id})
    assert wrong.status_code == 422 and beside(wrong, "post") and is_whole(wrong)
    assert led_to(zhao.post(url + "/withdraw"), url) and state_of(event, cast.wang) == "accepted"


def test_the_host_plans_asks_ticks_off_and_prints(web, cast, now):
    event, li = make.event(cast.li, now, days=9), web.as_(cast.li)
    url = f"{BASE}{event.id}/ambassadors/"
    assert url + "desk" in words(li.get(f"{BASE}{event.id}/manage")) and is_whole(li.get(url + "desk"))
    assert li.get(url + "sheet").status_code == 404
    form = {"name": "春日生活大使", "what": "聊半小时", "quota": "10", "until": ""}
    wrong = li.post(url + "desk", form | {"quota": "0"})
    assert wrong.status_code == 422 and beside(wrong, "quota") and typed(wrong, "name") == "春日生活大使"
    assert led_to(li.post(url + "desk", form), url + "desk")
    make.post(cast.zhao, now, "第一条")
    assert "近三个月发帖 1 次" in words(li.get(url + "desk"))
    wrong = li.post(url + "invite", {"whom": [cast.zhao.id], "words": "来"})
    assert wrong.status_code == 422 and beside(wrong, "words") and f'value="{cast.zhao.id}" checked' in words(wrong)
    assert led_to(li.post(url + "invite", {"whom": [cast.zhao.id], "words": "您种得好"}), url + "desk")
    ambassadors.answer(event, cast.zhao, True, now)
    place = ambassadors.mine(ambassadors.of(event), cast.zhao)
    assert led_to(li.post(f"{url}{place.id}/note", {"kit": "y", "slot": "10:00 分享角"}), url + "desk")
    page = words(li.get(url + "desk"))
    assert "10:00 分享角" in page and "还差 1 份内容" in page and "赵敏" in words(li.get(url + "sheet"))
    assert led_to(li.post(url + "nudge"), url + "desk") and li.post(url + "nudge").status_code == 409


def test_it_is_nobody_elses(web, cast, event):
    url = f"{BASE}{event.id}/ambassadors"
    place = ambassadors.mine(ambassadors.of(event), cast.zhao)
    assert shown_the_door(web.guest().get(url), "/n/cuihu/join", url) and web.as_(cast.chen).get(url).status_code == 404
    assert web.as_(cast.chen).post(url + "/answer", {"state": "on"}).status_code == 409
    for act in ("/desk", "/invite", "/nudge", f"/{place.id}/note"):
        assert web.as_(cast.zhao).post(url + act).status_code == 403, act
        assert web.as_(cast.zhou).post(url + act).status_code == 404, act
    assert web.as_(cast.zhou).get(f"/n/yangguangli/events/{event.id}/ambassadors").status_code == 404


def test_no_call_and_no_word_are_no_answer(web, cast, now, event):
    other, zhao = make.event(cast.li, now), web.as_(cast.zhao)
    for act in ("answer", "withdraw"):
        assert zhao.post(f"{BASE}{other.id}/ambassadors/{act}", {"state": "on"}).status_code == 409
    for state in ("", "maybe"):
        assert zhao.post(f"{BASE}{event.id}/ambassadors/answer", {"state": state}).status_code == 422
    assert state_of(event, cast.zhao) == "invited"
