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


def test_the_door_of_a_private_group_and_what_its_leader_does_there(web, cast, now, room):
    url = f"{BASE}{room.id}"
    zhao, wang, guest = web.as_(cast.zhao), web.as_(cast.wang), web.guest()
    acts = {"private": {"state": "on"}, "blurb": {"blurb": "夜里读一章"}, "invite": {"guest": cast.chen.id}}
    for act, form in acts.items():
        assert wang.post(f"{url}/{act}", form).status_code == 403, act
        assert web.as_(cast.zhou).post(f"{url}/{act}", form).status_code == 404, act
        assert web.as_(cast.zhou).post(f"/n/yangguangli/groups/{room.id}/{act}", form).status_code == 404, act
        assert guest.post(f"{url}/{act}", form).status_code in {303, 401}, act
        assert answers.led_to(zhao.post(f"{url}/{act}", form), url), act
    for reader in (wang, guest):
        door = answers.words(reader.get(url))
        assert "私密小组" in door and "夜里读一章" in door and "赵敏" in door and "大家说的" not in door
        assert "私密" in answers.words(reader.get(BASE))
    assert answers.led_to(wang.post(f"{url}/join"), url) and "等 TA 点头" in answers.words(wang.get(url))
    assert "王阿姨" in answers.words(zhao.get(url)) and "请进来" in answers.words(zhao.get(url))
    assert wang.post(f"{url}/let-in/{cast.wang.id}", {"state": "on"}).status_code == 403
    for status in (303, 409):
        assert zhao.post(f"{url}/let-in/{cast.wang.id}", {"state": "on"}).status_code == status
    assert "大家说的" in answers.words(wang.get(url))
    chen = web.as_(cast.chen)
    assert "请您来坐坐" in answers.words(chen.get("/n/cuihu/me/"))
    assert "组里请您来坐坐" in answers.words(chen.get(url)) and chen.post(f"{url}/join").status_code == 303
    assert "大家说的" in answers.words(chen.get(url))
    wrong = zhao.post(f"{url}/invite", {"guest": "999999"})
    assert wrong.status_code == 422 and answers.beside(wrong, "guest")
    long = zhao.post(f"{url}/blurb", {"blurb": "长" * 201})
    assert long.status_code == 422 and answers.beside(long, "blurb") and answers.written(long, "blurb") == "长" * 201


def test_an_event_begun_in_the_room_and_words_meant_for_few(web, cast, now, room):
    group_leaders.join(room, cast.wang, now)
    groups.InterestGroup.update(private=True).where(groups.InterestGroup.id == room.id).execute()
    zhao, wang = web.as_(cast.zhao), web.as_(cast.wang)
    assert "阳台种菜小组的活动" in answers.words(zhao.get(f"/n/cuihu/events/new?group={room.id}"))
    plan = {
        "op_id": "0123456789ab", "event_kind": "gathering", "title": "换苗", "starts_at": "2027-03-22T09:00",
        "place": "天台", "capacity": "8", "group": room.id,
    }  # fmt: skip
    sent = zhao.post("/n/cuihu/events/new", plan)
    address = sent.headers["Location"]
    assert answers.led_to(zhao.post("/n/cuihu/events/new", plan), address)  # the same form again
    assert "换苗" in answers.words(wang.get(address)) and web.as_(cast.chen).get(address).status_code == 404
    said = {"body": "只说给你们", "group": room.id, "op_id": "abcdefabcdef", "visibility": "public", "kind": "chat"}
    for _ in range(2):  # pressed again it still does not become everybody's
        assert web.as_(cast.chen).post("/n/cuihu/posts", said | {"op_id": "cccccccccccc"}).status_code == 409
        assert web.as_(cast.chen).post("/n/cuihu/events/new", plan | {"op_id": "dddddddddddd"}).status_code == 422
