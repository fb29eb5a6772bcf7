"""Joining, the welcome, one's own page, and what a host does for a neighbour."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from db import members, people, scans
from db.audit import AuditLog
from db.likes import Like
from db.members import Membership
from db.people import User
from db.scans import QrToken
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

JOIN, WELCOME, MINE = "/n/cuihu/join", "/n/cuihu/welcome", "/n/cuihu/me/"
DESK = "/n/cuihu/desk/members"
NEW = {"name": "新邻居", "building": "12栋", "consent": "y"}


@pytest.fixture
def limited(monkeypatch):
    monkeypatch.setattr("db.limits.enabled", True)


def joined(name="新邻居"):
    return list(Membership.select().join(User, on=Membership.user).where(User.name == name))


# Joining


def test_a_name_and_a_tick_are_enough_to_sit_down(web, cast):
    guest = web.guest()
    page = guest.get(JOIN)
    assert page.status_code == 200 and is_whole(page) and "李姐" in words(page)
    assert led_to(guest.post(JOIN, NEW), WELCOME)
    welcome = words(guest.get(WELCOME))
    assert "新邻居，请坐" in welcome and "欢迎来到翠湖花园" in welcome and "李姐" in welcome and "先做这三件小事" in welcome
    (member,) = joined()
    assert (member.building, member.source, member.role) == ("12栋", "page", "resident")
    assert member.user.consented_at is not None


def test_with_htmx_the_welcome_is_loaded_whole(web, cast):
    assert told_to_load(web.guest().post(JOIN, NEW, part=True), WELCOME)
    assert len(joined()) == 1


def test_a_like_that_was_meant_is_given_in_the_same_form(web, cast, now):
    post = make.post(cast.zhao, now)
    back = f"/n/cuihu/posts/{post.id}"
    guest = web.guest()
    page = guest.get(f"{JOIN}?next={back}&intent=like:{post.id}&source=qr")
    form = NEW | {name: typed(page, name) for name in ("next", "intent", "source")}
    assert form["intent"] == f"like:{post.id}"
    answer = guest.post(JOIN, form)
    assert led_to(answer, back) and flash_after(guest, answer) == "您的赞已经送到"
    (member,) = joined()
    assert [(like.post_id, like.member_id) for like in Like.select()] == [(post.id, member.id)]
    assert member.source == "qr"


def test_sent_twice_one_neighbour_has_joined_and_liked_once(web, cast, now):
    post = make.post(cast.zhao, now)
    guest = web.guest()
    for _ in range(2):
        assert led_to(guest.post(JOIN, NEW | {"intent": f"like:{post.id}", "next": "/about"}), "/about")
        guest.get("/look")
    assert len(joined()) == 1 and Like.select().count() == 1
    assert led_to(guest.get(JOIN), "/n/cuihu/") and led_to(guest.get(JOIN + "?next=/about"), "/about")


@pytest.mark.parametrize("intent", ["like:", "like:²", "like:99999", "like:-1", "like:" + "9" * 20, "vote:1", "like:1:2", "\x1b"])
def test_an_odd_intent_is_left_aside_and_she_is_in(web, cast, intent):
    guest = web.guest()
    answer = guest.post(JOIN, NEW | {"intent": intent, "next": "/about"})
    if answer.status_code == 303:
        assert flash_after(guest, answer) == "欢迎来到翠湖花园" and len(joined()) == 1
    else:
        assert answer.status_code == 422 and intent == "\x1b"
    assert Like.select().count() == 0


def test_what_is_not_hers_to_read_is_not_hers_to_like(web, cast, now):
    elsewhere = make.post(cast.zhou, now)
    assert web.guest().post(JOIN, NEW | {"intent": f"like:{elsewhere.id}"}).status_code == 303
    assert Like.select().count() == 0


def test_without_the_tick_nothing_is_kept_but_what_she_typed(web, cast, now):
    before = User.select().count()
    for part in (False, True):
        answer = web.guest().post(JOIN, {"name": "新邻居", "building": "12栋", "next": "/about", "intent": "like:1"}, part=part)
        assert answer.status_code == 422 and is_whole(answer)
        assert beside(answer, "consent") == "请先勾选同意，我们才能保存您的称呼"
        assert (typed(answer, "name"), typed(answer, "building")) == ("新邻居", "12栋")
        assert (typed(answer, "next"), typed(answer, "intent")) == ("/about", "like:1")
        assert 'value="y" checked' not in words(answer)
    assert User.select().count() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "   "), ("name", "长" * 13), ("name", "\u3164"), ("name", "总部客服"), ("name", "a\0b"),
        ("building", "长" * 13), ("building", "3栋\x1b"),
    ],
)  # fmt: skip
def test_a_bad_field_is_given_back_with_the_sentence_beside_it(web, cast, field, value):
    answer = web.guest().post(JOIN, NEW | {field: value})
    assert answer.status_code == 422 and beside(answer, field)
    other = "building" if field == "name" else "name"
    assert typed(answer, other) == NEW[other] and 'value="y" checked' in words(answer)
    assert User.select().where(User.consented_at.is_null(False), User.name == "新邻居").count() == 0


def test_who_lives_elsewhere_joins_with_one_tap_and_keeps_both(web, cast):
    zhou = web.as_(cast.zhou)
    page = zhou.get(JOIN)
    assert "您是 <b>周师傅</b>，也想加入翠湖花园" in words(page) and typed(page, "name") is None
    assert led_to(zhou.post(JOIN, {"building": "5栋", "name": "别人"}), WELCOME)
    assert [each.neighborhood.slug for each in members.places(cast.zhou.user)] == ["yangguangli", "cuihu"]
    assert "去阳光里" in words(zhou.get(MINE)) and User.get_by_id(cast.zhou.user_id).name == "周师傅"


def test_who_was_sent_away_reads_why_she_does_not_come_in(web, cast, now):
    Membership.update(status="removed").where(Membership.id == cast.wang.id).execute()
    answer = web.as_(cast.wang).post(JOIN, {"building": "3栋"})
    assert answer.status_code == 409 and "请联系主理人" in beside(answer, "building") and typed(answer, "building") == "3栋"
    assert "请联系主理人" in toast(web.as_(cast.wang).post(JOIN, {}, part=True))


def test_the_look_she_chose_as_a_guest_stays_hers(web, cast):
    guest = web.guest()
    guest.post("/look", {"look": "elder", "scheme": "dark"})
    guest.post(JOIN, NEW)
    page = words(guest.get(WELCOME))
    assert 'data-look="elder"' in page and 'data-scheme="dark"' in page


def test_a_look_nobody_offers_keeps_nobody_out(web, cast):
    guest = web.guest()
    guest.client.set_cookie("look", "huge")
    assert led_to(guest.post(JOIN, NEW), WELCOME)
    assert joined()[0].user.look == "standard"


def test_one_device_brings_six_neighbours_an_hour(web, cast, limited):
    guest = web.guest()
    for n in range(6):
        guest.get(JOIN)
        assert guest.post(JOIN, NEW | {"name": f"邻居{n}"}).status_code == 303
        guest.get("/look")
        guest.post("/signout")
    guest.get(JOIN)
    answer = guest.post(JOIN, NEW)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 1
    assert "秒后再试" in beside(answer, "name") and typed(answer, "name") == "新邻居" and typed(answer, "building") == "12栋"
    assert "秒后再试" in toast(guest.post(JOIN, NEW, part=True))
    assert joined() == []
    assert web.guest().post(JOIN, NEW).status_code == 303


def test_the_welcome_is_for_neighbours(web, cast):
    assert shown_the_door(web.guest().get(WELCOME), JOIN, WELCOME)
    assert shown_the_door(web.as_(cast.zhou).get(WELCOME), JOIN, WELCOME)
    assert web.as_(cast.zhou).get(WELCOME, part=True).status_code == 404


# One's own page


def test_one_sees_what_is_ones_own_and_only_that(web, cast, now):
    make.post(cast.wang, now, "我家的馄饨"), make.post(cast.zhao, now, "赵敏的樱花")
    page = web.as_(cast.wang).get(MINE)
    assert is_whole(page) and "我家的馄饨" in words(page) and "赵敏的樱花" not in words(page)
    assert "这台" in words(page) and "主理人工作台" not in words(page)
    assert "主理人工作台" in words(web.as_(cast.li).get(MINE))


def test_a_new_name_stands_on_every_card_at_once(web, cast, now):
    make.post(cast.zhao, now)
    zhao, guest = web.as_(cast.zhao), web.guest()
    assert "赵敏" in words(guest.get("/n/cuihu/"))
    answer = zhao.post(MINE + "edit", {"name": "敏敏", "building": "9栋"})
    assert led_to(answer, MINE) and flash_after(zhao, answer) == "改好了"
    assert "敏敏" in words(guest.get("/n/cuihu/")) and "赵敏" not in words(guest.get("/n/cuihu/"))
    assert told_to_load(zhao.post(MINE + "edit", {"name": "赵敏", "building": ""}, part=True), MINE)


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "长" * 13), ("name", "官方"), ("building", "长" * 13)])
def test_a_bad_name_is_given_back_and_nothing_changes(web, cast, part, field, value):
    form = {"name": "王姨", "building": "4栋"} | {field: value}
    answer = web.as_(cast.wang).post(MINE + "edit", form, part=part)
    assert answer.status_code == 422 and beside(answer, field)
    assert (typed(answer, "name"), typed(answer, "building")) == (form["name"], form["building"])
    wang = make.again(cast.wang)
    assert (User.get_by_id(wang.user_id).name, wang.building) == ("王阿姨", "3栋")


def test_a_face_of_ones_own_is_a_picture(web, cast):
    picture = io.BytesIO()
    Image.new("RGB", (300, 200), "#e88").save(picture, "JPEG")
    wang = web.as_(cast.wang)
    answer = wang.post(MINE + "face", {"file": (io.BytesIO(picture.getvalue()), "我.jpg")})
    assert led_to(answer, MINE) and flash_after(wang, answer) == "头像换好了"
    assert make.again(cast.wang).face in words(wang.get(MINE))


@pytest.mark.parametrize("form", [{}, {"file": (b"not a picture", "x.jpg")}])
def test_what_is_no_picture_is_refused_beside_the_field(web, cast, form):
    form = {name: (io.BytesIO(data), filename) for name, (data, filename) in form.items()}
    answer = web.as_(cast.wang).post(MINE + "face", form)
    assert answer.status_code == 422 and beside(answer, "face") and typed(answer, "name") == "王阿姨"
    assert make.again(cast.wang).face == ""


def test_ones_own_page_is_nobody_elses(web, cast):
    for path, form in ((MINE + "edit", {"name": "别人"}), (MINE + "face", {})):
        assert shown_the_door(web.guest().post(path, form), JOIN, "/n/cuihu/")
        assert shown_the_door(web.guest().post(path, form, part=True), JOIN, "/n/cuihu/", part=True)
        assert web.as_(cast.zhou).post(path, form).status_code == 404
        assert web.as_(cast.lin).post(path, form).status_code == 404
    assert User.select().where(User.name == "别人").count() == 0


# The host's list


def test_a_host_finds_neighbours_by_name_and_leafs_through_all(web, cast, now):
    for n in range(35):
        make.neighbor(cast.cuihu, f"邻居{n:02}", now)
    li = web.as_(cast.li)
    first = words(li.get(DESK))
    assert "邻居34" in first and "邻居05" in first and "邻居04" not in first and "周师傅" not in first
    more = first.split(f'href="{DESK}?name=&amp;after=')[1].split('"')[0]
    second = words(li.get(f"{DESK}?after={more}"))
    assert "邻居04" in second and "王阿姨" in second and "邻居05" not in second and "看更多" not in second
    found = words(li.client.get(DESK, query_string={"name": "王阿"}))
    assert "王阿姨" in found and "赵敏" not in found and 'value="王阿"' in found
    assert "没有找到叫「%」的邻居" in words(li.client.get(DESK, query_string={"name": "%"}))
    assert "邻居34" in words(li.get(DESK + "?after=x")) and is_whole(li.get(DESK, part=True, **{"HX-Boosted": "true"}))


def test_a_host_sees_a_neighbour_with_the_number_masked_and_twins_named(web, cast, now):
    people.bind_phone(cast.wang.user, "13812345678")
    twin = make.neighbor(cast.cuihu, "王阿姨", now, building="3栋")
    page = words(web.as_(cast.li).get(f"{DESK}/{cast.wang.id}"))
    assert "138****5678" in page and "13812345678" not in page
    assert "可能是同一个人" in page and f"{DESK}/{twin.id}" in page


def test_vouching_is_written_down_once(web, cast):
    li, url = web.as_(cast.li), f"{DESK}/{cast.wang.id}"
    for _ in range(2):
        answer = li.post(url + "/vouch")
        assert led_to(answer, url) and flash_after(li, answer) == "记下了：您当面见过这位邻居"
    assert make.again(cast.wang).trusted and AuditLog.select().where(AuditLog.action == "vouch").count() == 1
    assert told_to_load(li.post(url + "/vouch", part=True), url)
    assert "/vouch" not in words(li.get(url))


def test_a_paper_card_is_shown_once_and_ends_the_one_before(web, cast, now):
    old = scans.issue_card(cast.chen, cast.li, now)
    li = web.as_(cast.li)
    answer = li.post(f"{DESK}/{cast.chen.id}/card")
    assert answer.status_code == 200 and is_whole(answer)
    assert "陈奶奶" in words(answer) and "<svg" in words(answer) and answer.headers["Cache-Control"] == "no-store"
    assert QrToken.select().where(QrToken.purpose == "card", QrToken.revoked_at.is_null()).count() == 1
    answer = web.guest().get(f"/q/{old}")
    assert answer.status_code == 410 and "停用" in words(answer)
    assert li.get(f"{DESK}/{cast.chen.id}/card").status_code == 405


def test_a_host_gives_no_key_to_who_holds_an_office_here_or_elsewhere(web, cast, now):
    boss = members.join(cast.cuihu, now, user=cast.lin)
    qian = make.host(cast.yangguangli, "钱主理", now)
    abroad = members.join(cast.cuihu, now, user=qian.user)
    li = web.as_(cast.li)
    for member in (cast.li, boss, abroad):
        for key in ("card", "recovery"):
            answer = li.post(f"{DESK}/{member.id}/{key}")
            assert answer.status_code == 403 and "这个操作需要别的身份" in words(answer)
    assert QrToken.select().count() == 0


@pytest.mark.parametrize("what", ["", "/vouch", "/recovery", "/card"])
def test_the_desk_is_the_hosts_of_this_place_alone(web, cast, now, what):
    url = f"{DESK}/{cast.chen.id}{what}"

    def ask(browser, url=url, part=False):
        return browser.post(url, part=part) if what else browser.get(url, part=part)

    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert ask(web.as_(cast.wang)).status_code == 403
    assert "这个操作需要别的身份" in toast(ask(web.as_(cast.wang), part=True))
    assert ask(web.as_(cast.zhou)).status_code == ask(qian).status_code == ask(web.as_(cast.lin)).status_code == 404
    assert ask(qian, url.replace("cuihu", "yangguangli")).status_code == 404
    assert ask(web.as_(cast.li), f"{DESK}/99999{what}").status_code == 404
    assert shown_the_door(ask(web.guest()), "/signin", "/n/cuihu/" if what else url)
    assert shown_the_door(ask(web.guest(), part=True), "/signin", "/n/cuihu/", part=True)
    assert not make.again(cast.chen).vouched_at and QrToken.select().count() == 0


def test_who_moved_away_is_no_neighbour_any_more(web, cast, now):
    members.leave(cast.chen, now)
    assert web.as_(cast.li).get(f"{DESK}/{cast.chen.id}").status_code == 404
    assert "陈奶奶" not in words(web.as_(cast.li).get(DESK))


def test_a_card_lives_a_year(web, cast, now):
    code = scans.issue_card(cast.chen, cast.li, now)
    with time_machine.travel((now + timedelta(days=366)).strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        answer = web.guest().get(f"/q/{code}")
    assert answer.status_code == 410 and "过期" in words(answer)


def test_a_join_form_tapped_twice_makes_one_neighbor(web, cast):
    first, second = web.guest(), web.guest()
    page = first.get(JOIN).get_data(as_text=True)
    form = {**NEW, "name": "小陈", "op_id": re.search(r'name="op_id" value="([^"]+)"', page).group(1)}
    for name in ("linli", "did"):  # the second tap leaves before the first is answered: it brings the same cookies
        second.client.set_cookie(name, first.client.get_cookie(name).value)
    second.token = first.token
    assert first.post(JOIN, form).status_code == second.post(JOIN, form).status_code == 303
    assert User.select().where(User.name == "小陈").count() == 1
