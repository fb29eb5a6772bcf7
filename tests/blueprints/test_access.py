"""Who may come in: policies, the forms' token, sessions, headers; asked on real routes, for people as they come."""

from datetime import timedelta

import pytest
import time_machine

from db import members, neighborhoods, scans
from db.likes import Like
from db.members import Membership
from db.people import User
from db.sessions import Session
from tests import make
from tests.blueprints.answers import is_whole, led_to, shown_the_door, toast, told_to_load, words
from web.render import HEADERS

MINE = "/n/cuihu/me/"
DESK = "/n/cuihu/desk/members"


# The door


def test_who_is_signed_out_is_shown_the_door_of_the_place_and_comes_back(web, cast):
    assert shown_the_door(web.guest().get(MINE + "edit"), "/n/cuihu/join", MINE + "edit")
    assert shown_the_door(web.guest().get(DESK + "?name=li"), "/signin", DESK + "?name=li")


def test_a_part_asked_for_by_somebody_signed_out_loads_the_door_whole(web, cast):
    answer = web.guest().get(MINE, part=True, **{"HX-Current-URL": "http://localhost/n/cuihu/?tab=chat"})
    assert told_to_load(answer, "/n/cuihu/join?next=/n/cuihu/?tab%3Dchat", 401)
    answer = web.guest().post("/me/phone", {}, part=True, **{"HX-Current-URL": "http://localhost/me/phone"})
    assert shown_the_door(answer, "/signin", "/me/phone", part=True)


@pytest.mark.parametrize("url", ["http://evil.example/n/cuihu/", "http://[", "", "http://localhost/no/such/page"])
def test_the_way_back_is_never_a_foreign_page(web, cast, url):
    answer = web.guest().get(MINE, part=True, **{"HX-Current-URL": url})
    assert answer.headers["HX-Redirect"] in {"/n/cuihu/join?next=/n/cuihu/", "/n/cuihu/join?next=/"}


def test_a_neighbour_of_another_place_finds_its_door_but_nothing_to_act_on(web, cast):
    zhou = web.as_(cast.zhou)
    assert shown_the_door(zhou.get(MINE), "/n/cuihu/join", MINE)
    assert zhou.get(MINE, part=True).status_code == 404
    assert zhou.post(MINE + "edit", {"name": "周师傅"}).status_code == 404
    assert zhou.get(DESK).status_code == zhou.get("/n/nowhere/me/").status_code == 404


def test_a_neighbour_without_the_right_is_told_so_in_words(web, cast):
    for path in (DESK, "/hq/", "/district/", "/hq/health"):
        answer = web.as_(cast.wang).get(path)
        assert answer.status_code == 403 and is_whole(answer) and "这个操作需要别的身份" in words(answer)
        assert toast(web.as_(cast.wang).get(path, part=True)) == "这个操作需要别的身份。如果您觉得不对，请问问主理人。"


def test_a_view_without_a_policy_is_closed_to_everybody(app, web, cast, monkeypatch):
    view = app.view_functions["people.look"]
    monkeypatch.setitem(app.view_functions, "people.look", lambda: view())
    assert web.guest().client.get("/look").status_code == 403
    assert web.as_(cast.lin).client.get("/look").status_code == 403


# Where `next` may lead


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/", "/\\evil.example", "\\/evil.example", "/%09/evil.example", "/\t/evil.example", "https:evil.example",
        "https://evil.example/", "javascript:alert(1)", "/no/such/page", "/n/cuihu/\r\nSet-Cookie: a=b", "/signout", "", " /look",
        "/n/" + "a" * 600 + "/", "//[", "/../evil", "/n/cuihu/posts/99999999999999999999",
    ],
)  # fmt: skip
def test_next_leads_nowhere_but_to_our_own_pages(web, cast, target):
    answer = web.guest().post("/look", {"look": "elder", "next": target})
    assert led_to(answer, "/")
    assert led_to(web.as_(cast.wang).client.get("/signin", query_string={"next": target}), "/n/cuihu/")


@pytest.mark.parametrize(
    ("target", "leads"),
    [
        ("/n/cuihu/?tab=chat", "/n/cuihu/?tab=chat"),
        ("/about#top", "/about#top"),
        ("/n/cuihu/desk/members?name=王阿姨", "/n/cuihu/desk/members?name=%E7%8E%8B%E9%98%BF%E5%A7%A8"),
    ],
)
def test_next_leads_to_our_own_pages_in_plain_letters(web, cast, target, leads):
    assert led_to(web.guest().post("/look", {"look": "elder", "next": target}), leads)


# Forms of ours only


def test_a_form_without_its_token_does_nothing_and_says_why(web, cast):
    answer = web.as_(cast.wang).post(MINE + "edit", {"name": "别人"}, token=False)
    assert answer.status_code == 403 and is_whole(answer) and "开得太久了" in words(answer)
    assert User.get_by_id(cast.wang.user_id).name == "王阿姨"
    answer = web.as_(cast.wang).post(MINE + "edit", {"name": "别人"}, token=False, part=True)
    assert answer.status_code == 403 and "刷新" in toast(answer) and answer.headers["HX-Reswap"] == "none"


@pytest.mark.parametrize(
    "path", ["/signin", "/signin/password", "/signin/recover", "/signout", "/n/cuihu/join", "/look", "/demo"]
)
def test_the_open_doors_want_the_token_too(web, cast, path):
    assert (
        web.guest().post(path, {"name": "新邻居", "consent": "y", "look": "elder", "key": "guest"}, token=False).status_code
        == 403
    )
    assert User.select().where(User.name == "新邻居").count() == 0


def test_anothers_token_is_worth_nothing(web, cast):
    wang, zhao = web.as_(cast.wang), web.as_(cast.zhao)
    zhao.get("/look"), wang.get("/look")
    wang.token = zhao.token
    assert wang.post(MINE + "edit", {"name": "别人"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://["}, {"Origin": "http://localhost:8000"},
    ],
)  # fmt: skip
def test_a_form_on_a_foreign_page_is_refused_though_its_token_is_right(web, cast, headers):
    assert web.as_(cast.wang).post(MINE + "edit", {"name": "别人"}, **headers).status_code == 403
    assert User.get_by_id(cast.wang.user_id).name == "王阿姨"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, {"Origin": "null"}, {}])
def test_a_form_on_our_page_is_taken(web, cast, headers):
    assert led_to(web.as_(cast.wang).post(MINE + "edit", {"name": "王姨"}, **headers), MINE)


def test_only_bodies_of_forms_are_read(web, cast):
    wang = web.as_(cast.wang)
    wang.get("/look")
    answer = wang.client.post(MINE + "edit", json={"name": "别人"}, headers={"X-CSRFToken": wang.token})
    assert answer.status_code == 415 and "请从页面上的表单提交" in words(answer)


def test_the_token_may_come_in_the_header_as_htmx_sends_it(web, cast):
    wang = web.as_(cast.wang)
    wang.get("/look")
    answer = wang.client.post(MINE + "edit", data={"name": "王姨"}, headers={"X-CSRFToken": wang.token, "HX-Request": "true"})
    assert told_to_load(answer, MINE)


# Sessions


def test_a_cookie_without_a_row_is_nobody(web, cast):
    wang = web.as_(cast.wang)
    Session.delete().execute()
    assert shown_the_door(wang.get(MINE), "/n/cuihu/join", MINE)


def test_a_forged_cookie_is_nobody(web, cast):
    guest = web.guest()
    guest.client.set_cookie("linli", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")
    assert shown_the_door(guest.get(MINE), "/n/cuihu/join", MINE)


def test_a_session_left_alone_ends_by_the_clock(web, cast, now):
    for person, hours in ((cast.wang, 30 * 24), (cast.li, 12), (cast.lin, 2)):
        for later, open_now in ((hours - 0.1, True), (hours + 0.1, False)):
            browser = web.as_(person)
            Session.update(seen_at=now - timedelta(hours=later)).execute()
            assert (browser.get("/me/phone").status_code == 200) == open_now


def test_signing_in_makes_a_new_session_and_ends_the_one_before(web, cast, now):
    browser = web.as_(cast.wang)
    old = {cookie.key: cookie.value for cookie in browser.client._cookies.values()}["linli"]
    card = scans.issue_card(cast.chen, cast.li, now)
    browser.get(f"/q/{card}")
    assert led_to(browser.post(f"/q/{card}"), "/n/cuihu/")
    copy = web.guest()
    copy.client.set_cookie("linli", old)
    assert shown_the_door(copy.get(MINE), "/n/cuihu/join", MINE)
    assert "陈奶奶" in words(browser.get(MINE))


def test_rights_are_asked_on_every_request(web, cast, now):
    li = web.as_(cast.li)
    assert li.get(DESK).status_code == 200
    Membership.update(role="resident").where(Membership.id == cast.li.id).execute()
    assert li.get(DESK).status_code == 403
    Membership.update(status="removed").where(Membership.id == cast.li.id).execute()
    assert li.get(DESK).status_code == 404


def test_a_host_taken_out_of_office_is_signed_out_too(web, cast, now):
    li = web.as_(cast.li)
    members.appoint(cast.li, "resident", cast.lin, now, "换届了，谢谢李姐")
    assert shown_the_door(li.get(DESK), "/signin", DESK)


def test_who_is_suspended_is_out_at_once(web, cast):
    wang = web.as_(cast.wang)
    assert wang.get(MINE).status_code == 200
    User.update(status="suspended").where(User.id == cast.wang.user_id).execute()
    assert shown_the_door(wang.get(MINE), "/n/cuihu/join", MINE)
    assert wang.post("/me/password", {"password": "一句长一点的密码"}).status_code == 303
    assert User.get_by_id(cast.wang.user_id).password_hash is None


def test_the_cookies_are_for_us_alone(web, cast):
    answer = web.guest().post("/n/cuihu/join", {"name": "新邻居", "consent": "y"})
    cookies = answer.headers.getlist("Set-Cookie")
    assert {each.split("=")[0] for each in cookies} == {"linli", "did"}
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in cookies)


# A place that only may be read


def test_a_place_at_rest_is_read_with_the_reason_and_changed_by_nobody(web, cast, now):
    post = make.post(cast.zhao, now)
    neighborhoods.set_status(cast.cuihu, "readonly", "正在换主理人")
    wang, guest = web.as_(cast.wang), web.guest()
    for browser, path in ((wang, MINE), (wang, "/n/cuihu/"), (guest, "/n/cuihu/"), (guest, "/n/cuihu/join")):
        answer = browser.get(path)
        assert answer.status_code == 200 and "正在换主理人" in words(answer)
    for browser, path, form in (
        (wang, f"/n/cuihu/posts/{post.id}/like", {"state": "on"}),
        (wang, MINE + "edit", {"name": "王姨"}),
        (guest, "/n/cuihu/join", {"name": "新邻居", "consent": "y"}),
    ):
        answer = browser.post(path, form)
        assert answer.status_code == 409 and "正在换主理人" in words(answer)
        assert "正在换主理人" in toast(browser.post(path, form, part=True))
    assert Like.select().count() == 0 and User.select().where(User.name.in_(["新邻居", "王姨"])).count() == 0


def test_one_may_sign_out_and_leave_a_place_at_rest(web, cast):
    neighborhoods.set_status(cast.cuihu, "readonly", "正在换主理人")
    assert led_to(web.as_(cast.wang).post("/signout"), "/")


# Headers


def dressed(answer):
    assert all(answer.headers[name] == value for name, value in HEADERS.items())
    assert answer.headers.getlist("Vary") == ["Cookie, HX-Request, Accept-Encoding"]
    return answer.headers["Cache-Control"]


def test_pages_errors_redirects_and_parts_all_wear_the_headers(web, cast):
    guest, wang = web.guest(), web.as_(cast.wang)
    assert dressed(guest.get("/n/cuihu/")) == "no-cache"
    for answer in (
        guest.get("/signin"), guest.get("/no/such/page"), guest.get(MINE), guest.post("/signout", token=False),
        guest.client.post("/about"), wang.get(MINE), wang.get("/n/cuihu/"), wang.get(DESK), wang.get(MINE, part=True),
        wang.post("/look", {"look": "x"}), guest.get("/healthz"), guest.get("/q/NOTACODE"),
    ):  # fmt: skip
        assert dressed(answer) == "no-store", answer.status_code


def test_static_files_are_kept_for_a_year_and_wear_the_headers(app, web):
    answer = web.guest().get(app.jinja_env.globals["asset"]("css/app.css"))
    assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]
    assert all(answer.headers[name] == value for name, value in HEADERS.items())


def test_the_pages_rules_forbid_strangers_scripts():
    rules = dict(rule.split(" ", 1) for rule in HEADERS["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["form-action"] == "'self'"


@pytest.mark.parametrize("header", ["HX-History-Restore-Request", "HX-Boosted"])
def test_the_back_button_and_boosted_links_get_a_whole_page(web, cast, header):
    for path in ("/n/cuihu/", "/n/cuihu/feed", MINE, DESK):
        answer = web.as_(cast.li).client.get(path, headers={"HX-Request": "true", header: "true"}, follow_redirects=True)
        assert answer.status_code == 200 and is_whole(answer)
    answer = web.as_(cast.li).get("/hq/", part=True, **{header: "true"})
    assert answer.status_code == 403 and is_whole(answer)
    assert shown_the_door(web.guest().get(MINE, part=True, **{header: "true"}), "/n/cuihu/join", MINE)


def test_an_unknown_address_and_a_wrong_way_say_so_in_words(web, cast):
    for path, status in (
        ("/no/such/page", 404),
        ("/n/cuihu/posts/99999999999999999999", 404),
        ("/signout", 405),
        ("/look%00", 400),
    ):
        answer = web.guest().get(path)
        assert answer.status_code == status and is_whole(answer) and "回客厅" in words(answer)
    assert "POST" in web.guest().get("/signout").headers["Allow"]


# Pace


def test_after_120_forms_in_a_minute_one_is_asked_to_rest(web, cast, now, monkeypatch):
    monkeypatch.setattr("db.limits.enabled", True)
    wang = web.as_(cast.wang)
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        assert {wang.post("/look", {"look": "elder"}).status_code for _ in range(120)} == {303}
        answer = wang.post("/look", {"look": "elder"})
        assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1
        assert "请 1 秒后再试" in words(answer) and is_whole(answer)
        answer = wang.post(MINE + "edit", {"name": "写了半天"}, part=True)
        assert answer.status_code == 429 and "秒后再试" in toast(answer) and answer.headers["HX-Reswap"] == "none"
        assert web.as_(cast.zhao).post("/look", {"look": "elder"}).status_code == 303
        assert wang.get("/look").status_code == 200
