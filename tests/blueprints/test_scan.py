"""What a printed code opens: looking changes nothing, the button does, and a dead code is no dead end for a person."""

from datetime import timedelta

import pytest
import time_machine

from db import members, neighborhoods, scans, schema
from db.limits import Limit
from db.members import Membership
from db.people import User
from db.scans import QrToken
from db.sessions import Session
from tests import make
from tests.blueprints.answers import flash_after, is_whole, led_to, toast, told_to_load, words

HOME, MINE = "/n/cuihu/", "/n/cuihu/me/"


@pytest.fixture
def card(cast, now):
    """The address on 陈奶奶's paper card."""
    return "/q/" + scans.issue_card(cast.chen, cast.li, now)


@pytest.fixture
def poster(cast, now):
    return "/q/" + scans.join_code(cast.cuihu, now)


def rows():
    return {table.__name__: list(table.select().order_by(table._meta.primary_key).tuples()) for table in schema.tables()}


def dead(answer, status, *said):
    return answer.status_code == status and is_whole(answer) and all(each in words(answer) for each in said)


def test_with_her_card_an_elder_is_in_by_one_button(web, cast, card):
    guest = web.guest()
    page = guest.get(card)
    assert page.status_code == 200 and is_whole(page) and "我是陈奶奶，进客厅" in words(page) and "翠湖花园" in words(page)
    answer = guest.post(card)
    assert led_to(answer, HOME) and flash_after(guest, answer) == "陈奶奶，欢迎回来"
    assert "陈奶奶" in words(guest.get(MINE))
    assert told_to_load(web.guest().post(card, part=True), HOME)


def test_looking_changes_nothing_whoever_looks(web, cast, card, poster):
    browsers = [web.guest(), web.as_(cast.wang), web.as_(cast.li)]
    before = rows()
    for browser in browsers:
        for path in (card, poster, "/q/FORGED4U"):
            browser.get(path), browser.get(path, part=True), browser.client.head(path)
    assert rows() == before
    assert "陈奶奶" not in words(browsers[1].get(MINE))


def test_a_card_opens_again_and_again_until_a_new_one_is_made(web, cast, card, now):
    for _ in range(2):
        assert led_to(web.guest().post(card), HOME)
    scans.issue_card(cast.chen, cast.li, now)
    for answer in (web.guest().get(card), web.guest().post(card), web.guest().post(card, part=True)):
        assert dead(answer, 410, "停用", "去翠湖花园", "/n/cuihu/join", "请主理人当面再做一张")


def test_a_card_sent_twice_leaves_one_session_open(web, cast, card):
    guest = web.guest()
    guest.post(card)
    guest.get("/look")
    guest.post(card)
    assert Session.select().where(Session.ended_at.is_null()).count() == 1


def test_small_letters_do(web, cast, card):
    assert led_to(web.guest().post("/q/" + card[3:].lower()), HOME)


def test_a_card_is_over_after_a_year(web, cast, card, now):
    with time_machine.travel((now + timedelta(days=366)).strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        assert dead(web.guest().get(card), 410, "过期", "去翠湖花园")
        assert dead(web.guest().post(card), 410, "过期")


@pytest.mark.parametrize("path", ["/q/FORGED4U", "/q/" + "A" * 24, "/q/%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF%E9%95%BF"])
def test_a_forged_code_is_unknown_in_words(web, cast, path):
    assert dead(web.guest().get(path), 404, "这个码我们不认识", 'href="/"')
    assert dead(web.guest().post(path), 404, "这个码我们不认识")
    assert Session.select().count() == 0


@pytest.mark.parametrize("path", ["/q/", "/q/ABC", "/q/" + "A" * 25, "/q/../hq/"])
def test_what_is_no_code_is_no_page(web, cast, path):
    assert web.guest().get(path).status_code in {303, 404}
    assert web.guest().post(path).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        lambda chen: User.update(status="suspended").where(User.id == chen.user_id),
        lambda chen: User.update(status="merged").where(User.id == chen.user_id),
        lambda chen: User.update(staff="hq").where(User.id == chen.user_id),
        lambda chen: Membership.update(status="removed").where(Membership.id == chen.id),
        lambda chen: Membership.update(role="acting_host").where(Membership.id == chen.id),
    ],
)
def test_a_card_of_who_is_sent_away_or_has_an_office_opens_nothing(web, cast, card, change):
    change(cast.chen).execute()
    assert dead(web.guest().get(card), 410) and dead(web.guest().post(card), 410)
    assert Session.select().count() == 0


def test_who_became_host_elsewhere_does_not_come_in_by_card(web, cast, card, now):
    abroad = members.join(cast.yangguangli, now, user=cast.chen.user)
    members.appoint(abroad, "host", cast.lin, now, "阳光里换届")
    assert dead(web.guest().post(card), 410)


def test_a_card_opens_for_reading_in_a_place_at_rest(web, cast, card):
    neighborhoods.set_status(cast.cuihu, "readonly", "正在换主理人")
    guest = web.guest()
    answer = guest.post(card)
    assert led_to(answer, HOME) and "正在换主理人" in words(guest.get(HOME))


def test_on_a_borrowed_phone_the_one_before_is_out(web, cast, card):
    phone = web.as_(cast.wang)
    phone.get(card)
    assert led_to(phone.post(card), HOME)
    assert "陈奶奶" in words(phone.get(MINE))
    assert Session.select().where(Session.user == cast.wang.user_id, Session.ended_at.is_null()).count() == 0


def test_the_poster_leads_to_the_door_and_remembers_where_from(web, cast, poster):
    guest = web.guest()
    assert led_to(guest.get(poster), "/n/cuihu/join?source=qr")
    guest.get("/n/cuihu/join?source=qr")
    guest.post("/n/cuihu/join", {"name": "新邻居", "consent": "y", "source": "qr"})
    assert Membership.select().order_by(Membership.id.desc()).get().source == "qr"
    assert led_to(web.as_(cast.wang).client.get("/n/cuihu/join?source=qr"), HOME)


def test_the_posters_code_signs_nobody_in(web, cast, poster):
    assert web.guest().post(poster).status_code == 410
    assert Session.select().count() == 0


def test_a_poster_taken_down_says_so(web, cast, poster, now):
    QrToken.update(revoked_at=now).where(QrToken.purpose == "join").execute()
    assert dead(web.guest().get(poster), 410, "停用", "去翠湖花园")


def test_the_button_wants_its_token(web, cast, card):
    assert web.guest().post(card, token=False).status_code == 403
    assert web.guest().post(card, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert Session.select().count() == 0


def test_guessing_codes_is_slowed_down(web, cast, card, monkeypatch, now):
    monkeypatch.setattr("db.limits.enabled", True)
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        for n in range(60):
            assert web.guest().client.get(f"/q/GUESS{n:03}").status_code == 404
        answer = web.guest().client.get(card)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "2" and "请 2 秒后再试" in words(answer)
        assert "秒后再试" in toast(web.guest().get(card, part=True))
    assert "陈奶奶" not in "".join(limit.key for limit in Limit.select())


def test_a_member_made_twice_has_cards_of_her_own(web, cast, now):
    twin = make.neighbor(cast.cuihu, "陈奶奶", now, building="2栋")
    one, other = ("/q/" + scans.issue_card(each, cast.li, now) for each in (cast.chen, twin))
    assert led_to(web.guest().post(one), HOME) and led_to(web.guest().post(other), HOME)
    assert {session.user_id for session in Session.select()} == {cast.chen.user_id, twin.user_id}
