"""Signing in and out, as it is done on a phone: code, password, 找回码, the number that is hers, the devices she is on."""

import json
import re
from datetime import timedelta

import pytest
import time_machine

from db import doors, members, people, phones, sessions
from db.doors import RecoveryCode, SignInCode
from db.outbox import OutboxMessage
from db.people import User
from db.sessions import Session
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

PHONE, OTHER, UNKNOWN = "13812345678", "13987654321", "13700000000"
PASSWORD = "春天的樱花开了 2026"
HOME, MINE = "/n/cuihu/", "/n/cuihu/me/"


@pytest.fixture
def wang(cast):
    """王阿姨 with a phone and a password."""
    people.bind_phone(cast.wang.user, PHONE)
    people.keep_password(cast.wang.user, people.hash_password(PASSWORD))
    return make.again(cast.wang)


@pytest.fixture
def limited(monkeypatch):
    monkeypatch.setattr("db.limits.enabled", True)


def sent(phone=PHONE):
    """The code in the last message to this phone, as she reads it there."""
    for message in OutboxMessage.select().order_by(OutboxMessage.id.desc()):
        content = json.loads(phones.unseal(message.sealed))
        if content["to"] == phone:
            return re.search(r"\d{6}", content["text"]).group()
    return None


def later(now, **by):
    return time_machine.travel((now + timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True)


def is_in(browser, name="王阿姨"):
    return f'<h1 class="me-name">{name}</h1>' in words(browser.get(MINE))


# A code to the phone


def test_with_a_code_from_the_phone_one_is_in_and_where_one_wanted_to_go(web, wang):
    guest = web.guest()
    page = guest.get("/signin?next=/n/cuihu/posts/new")
    assert typed(page, "next") == "/n/cuihu/posts/new"
    page = guest.post("/signin", {"phone": "138 1234-5678", "next": typed(page, "next")})
    assert page.status_code == 200 and is_whole(page) and "填验证码" in words(page)
    form = {"phone": typed(page, "phone"), "next": typed(page, "next"), "code": sent()}
    answer = guest.post("/signin/code", form)
    assert led_to(answer, "/n/cuihu/posts/new")
    assert flash_after(guest, answer) == "王阿姨，欢迎回来"
    assert is_in(guest)


def test_with_htmx_the_new_page_is_loaded_whole(web, wang):
    guest = web.guest()
    guest.post("/signin", {"phone": PHONE}, part=True)
    assert told_to_load(guest.post("/signin/code", {"phone": PHONE, "code": sent()}, part=True), HOME)


def test_a_code_opens_once(web, wang):
    guest = web.guest()
    guest.post("/signin", {"phone": PHONE})
    code = sent()
    assert led_to(guest.post("/signin/code", {"phone": PHONE, "code": code}), HOME)
    guest.get("/look")
    assert guest.post("/signin/code", {"phone": PHONE, "code": code}).status_code == 422


def test_a_wrong_code_is_given_back_with_the_sentence_beside_it(web, wang):
    guest = web.guest()
    guest.post("/signin", {"phone": PHONE, "next": "/about"})
    wrong = f"{(int(sent()) + 1) % 1_000_000:06}"
    answer = guest.post("/signin/code", {"phone": PHONE, "code": wrong, "next": "/about"})
    assert answer.status_code == 422 and is_whole(answer)
    assert beside(answer, "code") == "验证码不对或已过期，请看清楚再试，或重新获取"
    assert (typed(answer, "code"), typed(answer, "phone"), typed(answer, "next")) == (wrong, PHONE, "/about")
    assert led_to(guest.post("/signin/code", {"phone": PHONE, "code": sent(), "next": "/about"}), "/about")


def test_a_code_told_to_a_stranger_opens_nothing_there(web, wang):
    web.guest().post("/signin", {"phone": PHONE})
    stranger = web.guest()
    assert stranger.post("/signin/code", {"phone": PHONE, "code": sent()}).status_code == 422
    assert stranger.get(MINE).status_code == 303


def test_an_unknown_number_is_answered_as_a_known_one_and_sent_nothing(web, wang):
    known, unknown = web.guest(), web.guest()
    pages = [words(browser.post("/signin", {"phone": phone})) for browser, phone in ((known, PHONE), (unknown, UNKNOWN))]
    assert re.sub(r'value="[^"]+"|1\d{10}', "", pages[0]) == re.sub(r'value="[^"]+"|1\d{10}', "", pages[1])
    assert OutboxMessage.select().count() == 1 and sent(UNKNOWN) is None
    refused = [
        browser.post("/signin/code", {"phone": phone, "code": "12345x"})
        for browser, phone in ((known, PHONE), (unknown, UNKNOWN))
    ]
    assert {answer.status_code for answer in refused} == {422}
    assert beside(refused[0], "code") == beside(refused[1], "code") != ""


def test_from_one_way_in_to_the_next_the_way_back_is_kept(web, cast):
    guest, back = web.guest(), "/n/cuihu/posts/new?kind=tip"
    for path in ("/signin", "/signin/password", "/signin/recover"):
        page = words(guest.client.get(path, query_string={"next": back}))
        links = re.findall(r'href="(/signin[^"]*)"', page.split("<main")[1])
        assert links and all(link.endswith("?next=/n/cuihu/posts/new%3Fkind%3Dtip") for link in links), (path, links)
    page = words(guest.post("/signin", {"phone": PHONE, "next": back}))
    assert 'href="/signin?next=/n/cuihu/posts/new%3Fkind%3Dtip">没收到' in page


@pytest.mark.parametrize("phone", ["", "12345", "138123456789012345678901234567890", "一三八", "<script>"])
def test_what_is_no_number_is_given_back(web, cast, phone):
    answer = web.guest().post("/signin", {"phone": phone, "next": "/about"})
    assert answer.status_code == 422 and beside(answer, "phone") and typed(answer, "next") == "/about"
    assert typed(answer, "phone") == phone.replace("<", "&lt;").replace(">", "&gt;")
    assert SignInCode.select().count() == 0


def test_asked_twice_within_a_minute_one_message_goes_out_and_one_is_told_when(web, wang):
    guest = web.guest()
    guest.post("/signin", {"phone": PHONE})
    answer = guest.post("/signin", {"phone": PHONE})
    assert answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= 61
    assert re.search(r"请 \d+ 秒后再试", words(answer)) and typed(answer, "phone") == PHONE and "填验证码" in words(answer)
    assert "秒后再试" in toast(guest.post("/signin", {"phone": PHONE}, part=True))
    answer = web.guest().post("/signin", {"phone": PHONE})  # somebody else, who has no code to type
    assert answer.status_code == 429 and "秒后再试" in beside(answer, "phone") and typed(answer, "phone") == PHONE
    assert OutboxMessage.select().count() == 1
    assert led_to(guest.post("/signin/code", {"phone": PHONE, "code": sent()}), HOME)


def test_where_no_texts_can_be_sent_the_other_ways_are_named(web, wang, monkeypatch):
    monkeypatch.setattr("db.doors.sends", False)
    answer = web.guest().post("/signin", {"phone": PHONE})
    assert answer.status_code == 422 and "请用密码或找回码" in beside(answer, "phone")


def test_who_is_in_already_goes_on(web, cast):
    assert led_to(web.as_(cast.wang).get("/signin?next=/about"), "/about")
    assert led_to(web.as_(cast.wang).get("/signin"), HOME)
    assert led_to(web.as_(cast.lin).get("/signin"), "/hq/")
    assert led_to(web.as_(cast.sun).get("/signin"), "/district/")


# A password


def test_with_the_right_password_one_is_in(web, wang):
    guest = web.guest()
    assert typed(guest.get("/signin/password?next=/about"), "next") == "/about"
    answer = guest.post("/signin/password", {"phone": "+86 138 1234 5678", "password": PASSWORD, "next": "/about"})
    assert led_to(answer, "/about") and is_in(guest)
    assert told_to_load(web.guest().post("/signin/password", {"phone": PHONE, "password": PASSWORD}, part=True), HOME)


def test_wrong_password_unknown_number_and_no_number_are_answered_alike(web, wang, cast):
    people.bind_phone(cast.zhao.user, OTHER)  # has no password
    told = []
    for phone, password in ((PHONE, "wrong password"), (UNKNOWN, PASSWORD), (OTHER, ""), ("阿姨", PASSWORD), (PHONE, "x" * 999)):
        guest = web.guest()
        answer = guest.post("/signin/password", {"phone": phone, "password": password, "next": "/about"})
        assert typed(answer, "phone") == phone and typed(answer, "next") == "/about" and is_whole(answer)
        assert typed(answer, "password") == "" and "x" * 999 not in words(answer)
        assert guest.get(MINE).status_code == 303
        told.append((answer.status_code, beside(answer, "password"), re.sub(r'value="[^"]*"', "", words(answer))))
    assert told[0][:2] == (422, "手机号或密码不对")
    assert len(set(told)) == 1


def test_ten_wrong_passwords_and_the_number_rests_however_it_is_written(web, wang, limited):
    for _ in range(10):
        assert web.guest().post("/signin/password", {"phone": PHONE, "password": "wrong password"}).status_code == 422
    answer = web.guest().post("/signin/password", {"phone": "+86 " + PHONE, "password": PASSWORD})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 60
    assert "秒后再试" in beside(answer, "phone") and typed(answer, "phone") == "+86 " + PHONE
    assert web.guest().post("/signin/password", {"phone": OTHER, "password": PASSWORD}).status_code == 422


def test_a_suspended_person_has_no_way_in(web, wang, cast, now):
    code = doors.issue_recovery(wang, cast.li, now)
    User.update(status="suspended").where(User.id == wang.user_id).execute()
    guest = web.guest()
    assert guest.post("/signin/password", {"phone": PHONE, "password": PASSWORD}).status_code == 422
    assert guest.post("/signin/recover", {"code": code}).status_code == 422
    guest.post("/signin", {"phone": PHONE})
    assert sent() is None


def test_a_password_is_set_and_ends_the_other_devices(web, wang):
    here, there = web.as_(wang), web.as_(wang)
    answer = here.post("/me/password", {"current": PASSWORD, "password": "另一句长长的密码"})
    assert led_to(answer, MINE) and flash_after(here, answer) == "密码设好了，其他设备已退出"
    assert is_in(here) and shown_the_door(there.get(MINE), "/n/cuihu/join", MINE)
    assert led_to(web.guest().post("/signin/password", {"phone": PHONE, "password": "另一句长长的密码"}), HOME)
    assert web.guest().post("/signin/password", {"phone": PHONE, "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("password", ["", "short", "x" * 129])
def test_a_password_too_short_or_long_is_refused_and_not_shown_again(web, cast, password):
    for part in (False, True):
        answer = web.as_(cast.wang).post("/me/password", {"password": password}, part=part)
        assert answer.status_code == 422 and beside(answer, "password") == "密码请用 8–128 个字符"
        assert typed(answer, "password") == ""
    assert User.get_by_id(cast.wang.user_id).password_hash is None


# 找回码


def test_a_recovery_code_from_the_hosts_hand_opens_once(web, cast):
    li, guest = web.as_(cast.li), web.guest()
    page = li.post(f"/n/cuihu/desk/members/{cast.chen.id}/recovery")
    code = re.search(r'class="big-code"[^>]*>([^<]+)<', words(page)).group(1)
    answer = guest.post("/signin/recover", {"code": code.lower(), "next": MINE})
    assert led_to(answer, MINE) and flash_after(guest, answer) == "陈奶奶，找回来了"
    assert is_in(guest, "陈奶奶")
    again = web.guest()
    answer = again.post("/signin/recover", {"code": code})
    assert answer.status_code == 422 and "用过了" in beside(answer, "code") and typed(answer, "code") == code
    assert again.get(MINE).status_code == 303


def test_a_recovery_code_lives_a_day_and_until_the_next(web, cast, now):
    first, second = (doors.issue_recovery(cast.chen, cast.li, now) for _ in range(2))
    assert web.guest().post("/signin/recover", {"code": first}).status_code == 422
    with later(now, hours=25):
        assert web.guest().post("/signin/recover", {"code": second}).status_code == 422
    assert told_to_load(web.guest().post("/signin/recover", {"code": second}, part=True), HOME)


@pytest.mark.parametrize("code", ["", "ABCD EFGH", "长" * 30, "' OR 1=1 --"])
def test_a_made_up_recovery_code_is_given_back(web, cast, code):
    answer = web.guest().post("/signin/recover", {"code": code, "next": "/about"})
    assert answer.status_code == 422 and beside(answer, "code") and typed(answer, "next") == "/about"


def test_who_was_appointed_since_comes_in_by_phone(web, cast, now):
    code = doors.issue_recovery(cast.chen, cast.li, now)
    members.appoint(cast.chen, "acting_host", cast.lin, now, "代班一个月")
    answer = web.guest().post("/signin/recover", {"code": code})
    assert answer.status_code == 422 and beside(answer, "code") == "主理人和工作人员请用手机号登录"
    assert Session.select().count() == 0


def test_guessing_codes_on_one_device_is_slowed_down(web, cast, limited):
    guest = web.guest()
    guest.get("/signin/recover")
    for _ in range(10):
        assert guest.post("/signin/recover", {"code": "ABCDEFGH"}).status_code == 422
    answer = guest.post("/signin/recover", {"code": "ABCDEFGH"})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 1
    assert "秒后再试" in beside(answer, "code") and typed(answer, "code") == "ABCDEFGH"


# Out


def test_signing_out_is_a_form_and_never_a_link(web, cast):
    wang = web.as_(cast.wang)
    assert wang.get("/signout").status_code == 405 and is_in(wang)
    answer = wang.post("/signout")
    assert led_to(answer, "/") and "已退出" in flash_after(wang, answer)
    assert shown_the_door(wang.get(MINE), "/n/cuihu/join", MINE)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(web, cast):
    wang, thief = web.as_(cast.wang), web.guest()
    thief.client.set_cookie("linli", next(each.value for each in wang.client._cookies.values() if each.key == "linli"))
    assert is_in(thief)
    assert told_to_load(wang.post("/signout", part=True), "/")
    assert shown_the_door(thief.get(MINE), "/n/cuihu/join", MINE)


def test_signing_out_twice_or_as_nobody_does_no_harm(web, cast):
    guest = web.guest()
    for _ in range(2):
        guest.get("/look")
        assert led_to(guest.post("/signout"), "/")
    assert shown_the_door(guest.post("/signout-everywhere"), "/signin", "/")


def test_one_signs_out_everywhere_and_only_oneself(web, cast):
    here, there, zhao = web.as_(cast.wang), web.as_(cast.wang), web.as_(cast.zhao)
    answer = here.post("/signout-everywhere")
    assert led_to(answer, "/") and flash_after(here, answer) == "所有设备都已退出"
    assert here.get(MINE).status_code == there.get(MINE).status_code == 303
    assert is_in(zhao, "赵敏")


def test_one_device_is_ended_from_another(web, cast):
    lost = web.as_(cast.wang)
    lost_id = sessions.of(cast.wang.user)[0].id
    here = web.as_(cast.wang)
    assert f"/devices/{lost_id}/end" in words(here.get(MINE))
    for _ in range(2):
        answer = here.post(f"/devices/{lost_id}/end")
        assert led_to(answer, MINE) and flash_after(here, answer) == "那台设备已退出"
    assert is_in(here) and lost.get(MINE).status_code == 303
    assert f"/devices/{lost_id}/end" not in words(here.get(MINE))


def test_nobody_ends_anothers_device(web, cast):
    zhao = web.as_(cast.zhao)
    web.as_(cast.wang).post(f"/devices/{sessions.of(cast.zhao.user)[0].id}/end")
    assert is_in(zhao, "赵敏")
    assert shown_the_door(web.guest().post("/devices/1/end"), "/signin", "/")


# Her number


def test_binding_a_phone_ends_the_other_devices_and_shows_it_masked(web, cast):
    here, there = web.as_(cast.wang), web.as_(cast.wang)
    assert "绑定手机号" in words(here.get("/me/phone"))
    page = here.post("/me/phone", {"phone": PHONE})
    assert page.status_code == 200 and 'action="/me/phone/code"' in words(page)
    answer = here.post("/me/phone/code", {"phone": PHONE, "code": sent()})
    assert led_to(answer, MINE) and flash_after(here, answer) == "手机号绑好了，换了手机也能回来"
    assert people.by_phone(PHONE) == cast.wang.user
    page = words(here.get(MINE))
    assert "138****5678" in page and PHONE not in page
    assert there.get(MINE).status_code == 303


def test_binding_asked_for_twice_keeps_the_page_for_the_code(web, cast):
    wang = web.as_(cast.wang)
    wang.post("/me/phone", {"phone": PHONE})
    answer = wang.post("/me/phone", {"phone": PHONE})
    assert answer.status_code == 429 and 'action="/me/phone/code"' in words(answer) and "秒后再试" in words(answer)
    assert led_to(wang.post("/me/phone/code", {"phone": PHONE, "code": sent()}), MINE)


@pytest.mark.parametrize("part", [False, True])
def test_a_wrong_code_binds_nothing(web, cast, part):
    wang = web.as_(cast.wang)
    assert beside(wang.post("/me/phone", {"phone": "123"}, part=part), "phone") == "请填写 11 位手机号码"
    wang.post("/me/phone", {"phone": PHONE})
    answer = wang.post("/me/phone/code", {"phone": PHONE, "code": "1"}, part=part)
    assert answer.status_code == 422 and beside(answer, "code") and typed(answer, "code") == "1"
    assert people.by_phone(PHONE) is None


def test_a_code_for_signing_in_binds_nothing(web, wang, cast):
    guest = web.guest()
    guest.post("/signin", {"phone": PHONE})
    zhao = web.as_(cast.zhao)
    assert zhao.post("/me/phone/code", {"phone": PHONE, "code": sent()}).status_code == 422
    assert people.by_phone(PHONE) == wang.user


def test_her_own_older_account_is_found_by_its_phone_and_the_two_are_one(web, wang, cast, now):
    twin = make.neighbor(cast.cuihu, "王阿姨", now, building="3栋")
    post = make.post(twin, now, "换了手机，又来了")
    browser, old = web.as_(twin), web.as_(wang)
    browser.post("/me/phone", {"phone": PHONE})
    answer = browser.post("/me/phone/code", {"phone": PHONE, "code": sent()})
    assert led_to(answer, MINE) and flash_after(browser, answer) == "找到了您以前的身份，已经合在一起"
    assert User.get_by_id(twin.user_id).status == "merged"
    assert type(post).get_by_id(post.id).author_id == wang.id
    assert "换了手机，又来了" in words(browser.get(MINE)) and is_in(old)


def test_a_hosts_number_opens_her_account_to_nobody(web, cast):
    people.bind_phone(cast.li.user, PHONE)
    wang = web.as_(cast.wang)
    wang.post("/me/phone", {"phone": PHONE})
    answer = wang.post("/me/phone/code", {"phone": PHONE, "code": sent()})
    assert answer.status_code == 409 and "请联系总部" in words(answer) and is_whole(answer)
    assert is_in(wang) and User.get_by_id(cast.wang.user_id).status == "active"


def test_the_pages_of_her_own_want_her_signed_in(web, cast):
    for path in ("/me/phone", "/me/password"):
        assert shown_the_door(web.guest().get(path), "/signin", path)
        assert shown_the_door(web.guest().post(path, part=True), "/signin", "/", part=True)
        assert is_whole(web.as_(cast.lin).get(path))
    assert RecoveryCode.select().count() == 0


def test_a_password_changes_only_for_who_knows_it(web, wang):
    browser = web.as_(wang)
    assert "现在的密码" in words(browser.get("/me/password"))
    answer = browser.post("/me/password", {"current": "not this one", "password": "a new long one"})
    assert answer.status_code == 422 and "不对" in beside(answer, "current")
    assert browser.post("/me/password", {"current": PASSWORD, "password": "a new long one"}).status_code == 303
    assert people.check_password(PHONE, "a new long one") and not people.check_password(PHONE, PASSWORD)
