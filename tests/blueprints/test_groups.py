"""The pages of interest groups: with htmx and without, for strangers, guests, neighbours, leader and host."""

import pytest

from db import group_leaders, group_rooms, groups
from tests import make
from tests.blueprints import answers

BASE = "/n/cuihu/groups/"


@pytest.fixture
def room(cast, now):
    return make.group(cast.zhao, cast.li, now)


def test_from_an_idea_to_a_post_in_the_room(web, cast, now):
    zhao, wang, li, guest = web.as_(cast.zhao), web.as_(cast.wang), web.as_(cast.li), web.guest()
    assert "还没有小组" in answers.words(guest.get(BASE))
    form = {"name": "阳台种菜", "blurb": "每周聊一次", "op_id": "0123456789ab"}
    sent = zhao.post(BASE + "new", form)
    url = sent.headers["Location"]
    assert answers.led_to(zhao.post(BASE + "new", form), url)  # the same form again
    assert "阳台种菜" in answers.words(guest.get(BASE)) and "/join?next=" in answers.words(guest.get(url))
    assert 'aria-pressed="true"' in answers.words(wang.post(url + "/interest", {"state": "on"}, part=True))
    idea = groups.listed(cast.cuihu)[0].group
    for number in range(3):
        groups.set_interest(make.neighbor(cast.cuihu, f"邻居{number}", now), idea, True, now)
    assert "5 人想要阳台种菜" in answers.words(li.get("/n/cuihu/desk/groups/"))
    wrong = li.post(url + "/ask", {"whom": cast.zhao.id, "words": "请"})
    assert wrong.status_code == 422 and answers.beside(wrong, "words") and answers.typed(wrong, "words") == "请"
    assert answers.led_to(li.post(url + "/ask", {"whom": cast.zhao.id, "words": "您种得最好"}), url)
    assert "想请您当组长" in answers.words(zhao.get("/n/cuihu/me/"))
    assert answers.led_to(zhao.post(url + "/answer", {"state": "on"}), url)
    assert "头 30 天" in answers.words(zhao.get(url)) and "头 30 天" not in answers.words(wang.get(url))
    assert "阳台种菜小组" in answers.words(zhao.get(f"/n/cuihu/posts/new?group={idea.id}"))
    said = {"body": "番茄发芽了", "group": idea.id, "op_id": "abcdefabcdef", "visibility": "public", "kind": "chat"}
    assert wang.post("/n/cuihu/posts", said | {"op_id": "bbbbbbbbbbbb"}).status_code == 409
    assert zhao.post("/n/cuihu/posts", said).status_code == 303
    assert "番茄发芽了" in answers.words(guest.get(url))


def test_who_may_do_what(web, cast, now, room):
    url = f"{BASE}{room.id}"
    group_leaders.join(room, cast.wang, now)
    post = make.post(cast.zhao, now, **group_rooms.joins(room, cast.zhao, now))
    event = make.event(cast.zhao, now)
    acts = {
        "ask": {"whom": cast.wang.id, "words": "您来带大家"}, f"pin/{post.id}": {"state": "on"},
        "plan": {"state": "on", "step": "0"},
        f"away/{cast.wang.id}": {"reason": "总在这里卖东西"}, "rest": {}, "wake": {}, f"events/{event.id}": {},
    }  # fmt: skip
    for act, form in acts.items():
        assert web.as_(cast.wang).post(f"{url}/{act}", form).status_code == 403, act
        assert web.as_(cast.zhou).post(f"{url}/{act}", form).status_code == 404, act
        assert web.as_(cast.zhou).post(f"/n/yangguangli/groups/{room.id}/{act}", form).status_code == 404, act
        assert web.guest().post(f"{url}/{act}", form).status_code in {303, 401}, act
        wanted = 409 if act in {"rest", "wake"} else 303
        assert web.as_(cast.zhao).post(f"{url}/{act}", form).status_code == wanted, act
    assert web.as_(cast.zhao).post(f"/n/cuihu/desk/groups/{room.id}/hide", {"reason": "先收起来"}).status_code == 403
    li = web.as_(cast.li)
    assert li.post(f"/n/cuihu/desk/groups/{room.id}/hide", {"reason": "短"}).status_code == 422
    assert li.post(f"/n/cuihu/desk/groups/{room.id}/hide", {"reason": "先收起来看看"}).status_code == 303
    assert web.as_(cast.wang).get(url).status_code == 404 and "先收起来看看" in answers.words(li.get(url))
    assert li.post(f"/n/cuihu/desk/groups/{room.id}/restore").status_code == 303


def test_bad_input_stands_beside_its_field(web, cast, now, room):
    zhao = web.as_(cast.zhao)
    for form, field in (({"name": "菜", "blurb": "我的话"}, "name"), ({"name": "阳台种菜", "blurb": "我的话"}, "name")):
        given = zhao.post(BASE + "new", form)
        assert given.status_code == 422 and answers.beside(given, field) and answers.written(given, "blurb") == "我的话"
    assert zhao.post(f"{BASE}{room.id}/leave").status_code == 303
    assert "位子空着" in answers.words(web.guest().get(f"{BASE}{room.id}"))
