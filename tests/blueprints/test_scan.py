"""What a printed code opens: looking changes nothing, the button does, and a dead code is no dead end for a person."""

import json
import logging
from datetime import timedelta

import pytest
import time_machine

from db import base, members, neighborhoods, posts, scans, schema
from db.limits import RULES, Limit
from db.members import Membership
from db.people import User
from db.scans import QrToken, ScanTally
from db.sessions import Session
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, toast, told_to_load, typed, words

HOME, MINE = "/n/cuihu/", "/n/cuihu/me/"


@pytest.fixture
def card(cast, now):
    """The address on 陈奶奶's paper card."""
    return "/q/" + scans.issue_card(cast.chen, cast.li, now)


@pytest.fixture
def poster(cast, now):
    return "/q/" + scans.join_code(cast.cuihu, now)


@pytest.fixture
def topic(cast, now):
    return make.topic(cast.li, now)


@pytest.fixture
def sheet(cast, topic, now):
    """The address on a sheet that was printed for a topic."""
    return "/q/" + scans.view_code(cast.cuihu, "topic", "topic", topic.id, cast.li, now)


def rows():
    """Everything but the tally, which is the one thing that looking may change."""
    tables = [table for table in schema.tables() if table is not ScanTally]
    return {table.__name__: list(table.select().order_by(table._meta.primary_key).tuples()) for table in tables}


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


def test_looking_changes_nothing_whoever_looks(web, cast, card, poster, sheet):
    browsers = [web.guest(), web.as_(cast.wang), web.as_(cast.li)]
    before = rows()
    for browser in browsers:
        for path in (card, poster, sheet, "/q/FORGED4U"):
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


@pytest.mark.parametrize("path", ["/q/ABC", "/q/" + "A" * 25, "/q/../hq/"])
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
    monkeypatch.setitem(RULES, "scan", (10, 60))
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False):
        for n in range(10):
            assert web.guest().client.get(f"/q/GUESS{n:03}").status_code == 404
        answer = web.guest().client.get(card)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "7" and "请 7 秒后再试" in words(answer)
        assert "秒后再试" in toast(web.guest().get(card, part=True))
    assert "陈奶奶" not in "".join(limit.key for limit in Limit.select())


def test_a_member_made_twice_has_cards_of_her_own(web, cast, now):
    twin = make.neighbor(cast.cuihu, "陈奶奶", now, building="2栋")
    one, other = ("/q/" + scans.issue_card(each, cast.li, now) for each in (cast.chen, twin))
    assert led_to(web.guest().post(one), HOME) and led_to(web.guest().post(other), HOME)
    assert {session.user_id for session in Session.select()} == {cast.chen.user_id, twin.user_id}


# Printed for a thing


def scanned():
    return sum(row.scans for row in ScanTally.select())


def test_a_sheet_opens_its_page_for_everybody(web, cast, sheet, topic):
    page = f"/n/cuihu/topics/{topic.id}"
    for browser in (web.guest(), web.as_(cast.wang), web.as_(cast.zhou)):
        assert led_to(browser.get(sheet), page) and browser.get(page).status_code == 200
    letters = sheet[3:].lower()
    for spelling in (letters, f"{letters[:4]}-{letters[4:]}", f"{letters[:4]} {letters[4:]}"):
        assert led_to(web.guest().get("/q/" + spelling), page)
    assert scanned() == 6
    assert web.guest().post(sheet).status_code == 410 and Session.select().where(Session.user == cast.chen.user_id).count() == 0


def test_what_is_for_neighbours_asks_one_in_and_keeps_the_way(web, cast, now):
    post = make.post(cast.zhao, now, "快递柜的密码", visibility="neighborhood")
    code = "/q/" + scans.view_code(cast.cuihu, "post", "post", post.id, cast.li, now)
    url = f"/n/cuihu/posts/{post.id}"
    guest = web.guest()
    door = guest.get(code).headers["Location"]
    assert door.startswith("/n/cuihu/join?") and url in door and "快递柜" not in words(guest.get(door))
    assert led_to(guest.post("/n/cuihu/join", {"name": "新邻居", "consent": "y", "next": url}), url)
    wang = web.as_(cast.wang)
    assert led_to(wang.get(wang.get(code).headers["Location"]), url)
    assert "翠湖花园" in words(web.as_(cast.zhou).get(door))


SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def at(moment):
    return time_machine.travel(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False)


def test_each_dead_end_says_why_and_where_to_go_to_the_second(web, cast, now, topic):
    days = {"not_before": now + DAY, "expires_at": now + 2 * DAY}
    code = scans.view_code(cast.cuihu, "topic", "topic", topic.id, cast.li, now, **days)
    path, home = "/q/" + code, 'class="button wide" href="/n/cuihu/"'
    seen = []
    for moment in (now + DAY - SECOND, now + DAY, now + 2 * DAY - SECOND, now + 2 * DAY):
        with at(moment):
            seen.append(web.guest().get(path))
    assert dead(seen[0], 409, "还没到时间", "今天 12:00 起可以用", home)
    assert seen[1].status_code == seen[2].status_code == 303
    assert dead(seen[3], 410, "过期", home)
    QrToken.update(not_before=None, expires_at=None, max_uses=2, uses=2).execute()
    assert dead(web.guest().get(path), 409, "用过了", "2 次", home)
    scans.revoke(scans.find(code), cast.li, now, "海报撤下了")
    assert dead(web.guest().get(path), 410, "停用", home)
    assert scanned() == 2


def test_what_was_taken_down_leads_into_the_living_room(web, cast, now):
    post = make.post(cast.zhao, now, "窗外的樱花")
    path = "/q/" + scans.view_code(cast.cuihu, "post", "post", post.id, cast.li, now)
    assert led_to(web.guest().get(path), f"/n/cuihu/posts/{post.id}")
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    assert dead(web.guest().get(path), 410, "收起来了", 'href="/n/cuihu/"')
    QrToken.update(target_id=99_999).execute()
    assert dead(web.guest().get(path), 410, "收起来了")


def test_a_purpose_nobody_knows_and_a_thing_of_another_place_are_not_there(web, cast, now, sheet):
    elsewhere = make.topic(make.host(cast.yangguangli, "钱主理", now), now, "别处的话题")
    QrToken.update(target_id=elsewhere.id).execute()
    answer = web.guest().get(sheet)
    assert dead(answer, 410, "收起来了") and "别处的话题" not in words(answer)
    QrToken.update(target_type="spaceship", purpose="fly").execute()
    assert dead(web.guest().get(sheet), 404, "不认识")


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Baiduspider-render/2.0)"},
        {"User-Agent": "Mozilla/5.0 QQ-URL-Manager"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Moz": "prefetch"},
        {"Purpose": "preview"},
    ],
    ids=str,
)
def test_machines_that_follow_links_are_not_counted(web, sheet, topic, headers):
    assert led_to(web.guest().client.get(sheet, headers=headers), f"/n/cuihu/topics/{topic.id}")
    assert web.guest().client.head(sheet).status_code == 303
    assert scanned() == 0


@pytest.fixture
def only_reads(db):
    """Our connection takes nothing any more, until the test is over."""
    on, off = ("PRAGMA query_only = 1", "PRAGMA query_only = 0")
    if not base.on_sqlite():
        on, off = ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    yield lambda: db.execute_sql(on)
    db.execute_sql(off)


def test_a_database_that_only_reads_still_opens_the_page(web, cast, sheet, topic, monkeypatch, only_reads):
    monkeypatch.setattr("db.limits.enabled", True)
    only_reads()
    assert led_to(web.guest().get(sheet), f"/n/cuihu/topics/{topic.id}")
    assert led_to(web.guest().get(sheet.lower()), f"/n/cuihu/topics/{topic.id}")
    assert scanned() == 0


def test_a_refusal_is_noted_without_a_person_and_without_a_key(app, web, cast, card, sheet, now, caplog):
    QrToken.update(revoked_at=now).execute()
    lines, heard = [], logging.Handler()
    heard.emit = lambda record: lines.append(json.loads(app.logger.handlers[0].formatter.format(record)))
    app.logger.addHandler(heard)
    try:
        for path in (card, sheet, "/q/FORGED4U"):
            web.as_(cast.wang).get(path)
    finally:
        app.logger.removeHandler(heard)
    assert [(line["scan"], line["purpose"]) for line in lines] == [("revoked", "card"), ("revoked", "topic"), ("unknown", "")]
    told = json.dumps(lines, ensure_ascii=False)
    assert card[3:] not in told and "王阿姨" not in told and "陈奶奶" not in told and "127.0.0.1" not in told


# Typed


def test_whoever_cannot_scan_types_the_letters(web, sheet):
    page = web.guest().get("/q/")
    assert page.status_code == 200 and is_whole(page) and 'name="code"' in words(page)
    code = sheet[3:]
    assert led_to(web.guest().client.get("/q/", query_string={"code": f" {code[:4].lower()}-{code[4:]} "}), sheet)


@pytest.mark.parametrize(
    ("letters", "hint"), [("AC0DEFGH", "D、Q、C"), ("ACIDEFGH", "7、T、J"), ("ACD", "8 个字母"), ("樱花樱花樱花", "只有数字")]
)
def test_a_letter_no_code_has_gets_a_hint(web, letters, hint):
    answer = web.guest().client.get("/q/", query_string={"code": letters})
    assert answer.status_code == 422 and hint in beside(answer, "code") and typed(answer, "code") == letters
    if len(letters) > 5:
        assert dead(web.guest().get("/q/" + letters), 404, hint, 'href="/q/"')
