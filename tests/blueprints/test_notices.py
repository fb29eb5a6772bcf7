"""消息: one's own inbox over HTTP, the switches, the address for the daily letter, and the link that ends it."""

import json
import re
from datetime import timedelta

import pytest

from db import mailboxes, members, notices, phones
from db.notices import Notice
from db.outbox import OutboxMessage
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

INBOX, SETTINGS, MAIL = "/inbox", "/inbox/settings", "/inbox/mail"


def tell(person, now, sentence="有人找您", url="/about", key="", kind="talk"):
    notices.tell([person.user], kind, sentence, url, now, key=key)
    return Notice.select().order_by(Notice.id.desc()).get()


def mark(page):
    """The number beside 消息."""
    found = re.search(r'<span class="count">([^<]+)<span class="unseen"> 条未读', words(page))
    return found.group(1) if found else ""


def unread(person):
    return Notice.select().where((Notice.user == person.user_id) & Notice.read_at.is_null()).count()


def letter_path():
    """The path of the link in the letter that waits."""
    text = json.loads(phones.unseal(OutboxMessage.select().order_by(OutboxMessage.id.desc()).get().sealed))["text"]
    return json.loads(text)["sections"][0]["lines"][0][1].removeprefix("http://localhost")


# Reading


def test_an_empty_inbox_invites(web, cast):
    page = web.as_(cast.wang).get(INBOX)
    assert is_whole(page) and "没有新消息" in words(page) and 'href="/n/cuihu/">去客厅坐坐' in words(page)
    assert "全部标为已读" not in words(page) and SETTINGS in words(page)


def test_a_line_is_opened_with_a_button_and_read(web, cast, now):
    line = tell(cast.wang, now, "<b>赵敏</b>评论了", "/n/cuihu/?tab=howto")
    wang = web.as_(cast.wang)
    page = wang.get(INBOX)
    assert (
        "&lt;b&gt;赵敏&lt;/b&gt;评论了" in words(page) and mark(page) == "1" and f'formaction="/inbox/{line.id}"' in words(page)
    )
    assert unread(cast.wang) == 1  # to look at the list reads nothing
    for _ in range(2):
        assert led_to(wang.post(f"{INBOX}/{line.id}"), "/n/cuihu/?tab=howto")
    page = wang.get(INBOX)
    assert mark(page) == "" and "（未读）" not in words(page) and "赵敏" in words(page)


def test_with_htmx_the_page_of_a_line_is_loaded_whole(web, cast, now):
    line = tell(cast.wang, now)
    assert told_to_load(web.as_(cast.wang).post(f"{INBOX}/{line.id}", part=True), "/about")


def test_a_line_that_leads_nowhere_any_more_leads_back(web, cast, now):
    for url in ("https://evil.example/", "/no/such/page"):
        assert led_to(web.as_(cast.wang).post(f"{INBOX}/{tell(cast.wang, now, url=url).id}"), INBOX)


def test_other_peoples_lines_do_not_exist(web, cast, now):
    line = tell(cast.wang, now, "只对王阿姨说的")
    for person in (cast.zhao, cast.zhou, cast.li, cast.lin):
        browser = web.as_(person)
        assert browser.post(f"{INBOX}/{line.id}").status_code == browser.post(f"{INBOX}/{line.id}", part=True).status_code == 404
        assert "只对王阿姨说的" not in words(browser.get(INBOX))
    assert unread(cast.wang) == 1


def test_guests_are_shown_the_way_in(web, cast, now):
    line = tell(cast.wang, now)
    guest = web.guest()
    for path in (INBOX, SETTINGS, "/inbox/digest/2026-03-20"):
        assert shown_the_door(guest.get(path), "/signin", path)
    for path in (f"{INBOX}/{line.id}", f"{INBOX}/read", SETTINGS, MAIL, f"{MAIL}/remove"):
        assert guest.post(path).headers["Location"].startswith("/signin?") and unread(cast.wang) == 1
        assert guest.post(path, part=True).status_code == 401


def test_what_is_older_comes_page_by_page(web, cast, now):
    for number in range(notices.PAGE + 2):
        tell(cast.wang, now + timedelta(seconds=number), f"第 {number} 句。", key=f"{number}", kind="desk")
    wang = web.as_(cast.wang)
    page = wang.get(INBOX)
    more = re.search(r'href="(/inbox\?after=[\d.]+)"', words(page)).group(1)
    assert "第 2 句。" in words(page) and "第 1 句。" not in words(page)
    part, whole = wang.get(more, part=True), wang.get(more)
    assert not is_whole(part) and is_whole(whole) and "看最新的" in words(whole)
    for rest in (part, whole):
        assert "第 1 句。" in words(rest) and "第 0 句。" in words(rest) and "第 2 句。" not in words(rest)
    assert "看更早的" not in words(part)
    assert "没有更早的了" in words(wang.get(f"{INBOX}?after=1.1"))
    for odd in ("x", "1", "1.x", "9" * 30 + ".1", ".", "-1.1"):
        assert f"第 {notices.PAGE + 1} 句。" in words(wang.get(f"{INBOX}?after={odd}"))


def test_all_is_read_but_what_came_while_she_looked(web, cast, now):
    tell(cast.wang, now, key="1")
    wang = web.as_(cast.wang)
    newest = typed(wang.get(INBOX), "newest")
    tell(cast.wang, now + timedelta(seconds=1), "刚来的", key="2")
    answer = wang.post(f"{INBOX}/read", {"newest": newest})
    assert led_to(answer, INBOX) and flash_after(wang, answer) == "1 条都标为已读了" and unread(cast.wang) == 1
    answer = wang.post(f"{INBOX}/read", {"newest": newest}, part=True)
    assert told_to_load(answer, INBOX) and flash_after(wang, answer) == "没有未读的消息"


def test_a_thousand_unread_ones_are_read_with_one_tap(web, cast, now):
    same = {"user": cast.wang.user_id, "at": now, "kind": "talk", "sentence": "有人找您", "url": "/"}
    Notice.insert_many([same | {"collapsed_key": f"talk {number}"} for number in range(1000)]).execute()
    wang = web.as_(cast.wang)
    page = wang.get(INBOX)
    assert mark(page) == "99+"
    answer = wang.post(f"{INBOX}/read", {"newest": typed(page, "newest")})
    assert flash_after(wang, answer) == "1000 条都标为已读了" and mark(wang.get(INBOX)) == ""


def test_the_number_is_fresh_on_the_living_room_though_the_door_answers(web, cast, now):
    make.post(cast.zhao, now)
    wang, zhao = web.as_(cast.wang), web.as_(cast.zhao)
    for browser in (wang, wang, zhao, zhao):
        browser.get("/n/cuihu/")
    for number in ("1", "2"):
        tell(cast.wang, now, key=number)
        page = wang.get("/n/cuihu/")
        assert mark(page) == number and "X-Request-Id" not in page.headers
        assert mark(zhao.get("/n/cuihu/")) == "" and mark(web.guest().get("/n/cuihu/")) == ""
    notices.read_all(cast.wang.user, now)
    page = wang.get("/n/cuihu/")
    assert mark(page) == "" and "X-Request-Id" not in page.headers


# Switches


def test_switches_are_remembered_and_what_must_be_known_has_none(web, cast, now):
    wang = web.as_(cast.wang)
    page = words(wang.get(SETTINGS))
    assert is_whole(wang.get(SETTINGS)) and "一直会通知" in page and "我的账号和隐私" in page and "工作台" not in page
    assert page.count(" checked") == len(notices.KINDS) - len(notices.ALWAYS) and 'value="account"' not in page
    for _ in range(2):
        answer = wang.post(SETTINGS, {"told": ["talk", "digest"]})
        assert led_to(answer, SETTINGS) and flash_after(wang, answer) == "记下了"
    assert words(wang.get(SETTINGS)).count(" checked") == 2 and "like" in notices.turned_off(cast.wang.user)
    assert told_to_load(wang.post(SETTINGS, {"told": ["nonsense", "account", "长" * 10000, "a\0b"]}, part=True), SETTINGS)
    assert notices.turned_off(cast.wang.user) == notices.KINDS.keys() - set(notices.ALWAYS)
    assert notices.turned_off(cast.zhao.user) == set()
    assert "工作台有事等我" in words(web.as_(cast.li).get(SETTINGS))


# The address for the daily letter


def test_an_address_is_confirmed_by_the_button_behind_its_letter(web, cast):
    wang = web.as_(cast.wang)
    for _ in range(2):  # a double tap
        assert led_to(wang.post(MAIL, {"email": "wang@example.com"}), SETTINGS + "#mail")
    assert OutboxMessage.select().count() == 1 and "确认信已寄到 w***@example.com" in words(wang.get(SETTINGS))
    assert "wang@example.com" not in words(wang.get(SETTINGS))
    guest, path = web.guest(), letter_path()
    for _ in range(2):  # mail programs look at every link
        assert "对，就寄到这里" in words(guest.get(path)) and mailboxes.of(cast.wang.user).confirmed_at is None
    for _ in range(2):
        assert led_to(guest.post(path), path) and "邮箱确认好了" in words(guest.get(path))
    assert "也寄到 w***@example.com" in words(wang.get(SETTINGS))
    assert mailboxes.of(cast.zhao.user) is None
    assert led_to(wang.post(f"{MAIL}/remove"), SETTINGS + "#mail") and mailboxes.of(cast.wang.user) is None
    assert guest.get(path).status_code == guest.post(path).status_code == 404


@pytest.mark.parametrize("odd", ["wang", "", "长" * 300, "a@b.cn\r\nBcc: x@y.cn", "<script>@example.com"])
def test_what_is_no_address_comes_back_with_a_sentence(web, cast, odd):
    wang = web.as_(cast.wang)
    for part in (False, True):
        answer = wang.post(MAIL, {"email": odd}, part=part)
        assert answer.status_code == 422 and beside(answer, "email") and "<script>@" not in words(answer)
    if odd == "wang":
        assert typed(answer, "email") == "wang"
    assert mailboxes.of(cast.wang.user) is None


def test_a_house_without_mail_offers_none(web, cast, monkeypatch):
    monkeypatch.setattr(mailboxes, "sends", False)
    wang = web.as_(cast.wang)
    assert 'name="email"' not in words(wang.get(SETTINGS))
    assert wang.post(MAIL, {"email": "wang@example.com"}).status_code == 409
    assert "没有开通邮件" in toast(wang.post(MAIL, {"email": "wang@example.com"}, part=True))


# The link that ends it


def test_a_link_ends_one_kind_without_signing_in_and_begins_it_again(web, cast):
    path, guest = notices.unsubscribe_path(cast.wang.user_id, "digest"), web.guest()
    page = guest.get(path)
    assert is_whole(page) and "每天傍晚一份小报" in words(page) and "王阿姨" not in words(page)
    assert notices.turned_off(cast.wang.user) == set()  # to look changes nothing
    for _ in range(2):
        assert led_to(guest.post(path, {"state": "off"}), path)
    assert "已经关掉了" in words(guest.get(path)) and notices.turned_off(cast.wang.user) == {"digest"}
    assert told_to_load(guest.post(path, {"state": "on"}, part=True), path) and notices.turned_off(cast.wang.user) == set()
    zhao = web.as_(cast.zhao)
    zhao.post(path, {"state": "off"})  # whoever holds the link: it is about 王阿姨
    assert notices.turned_off(cast.wang.user) == {"digest"} and notices.turned_off(cast.zhao.user) == set()


def test_a_forged_link_is_a_friendly_dead_end(web, cast, now):
    right = notices.unsubscribe_path(cast.wang.user_id, "digest")
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    other = letter_path().rpartition("/")[2]
    guest = web.guest()
    for path in (right[:-1] + ("A" if right[-1] != "A" else "B"), "/unsubscribe/0123456789", f"/unsubscribe/{other}"):
        answer = guest.get(path)
        assert answer.status_code == 404 and is_whole(answer) and "打不开了" in words(answer)
        assert guest.post(path, {"state": "off"}).status_code == 404
    crossed = right.replace("/unsubscribe/", f"{MAIL}/")
    assert guest.get(crossed).status_code == guest.post(crossed).status_code == 404
    assert notices.turned_off(cast.wang.user) == set() and mailboxes.of(cast.wang.user).confirmed_at is None


def test_a_button_that_is_neither_on_nor_off_is_refused(web, cast):
    path = notices.unsubscribe_path(cast.wang.user_id, "digest")
    for odd in ("", "OFF", "<script>alert(1)</script>", "长" * 10000):
        answer = web.guest().post(path, {"state": odd})
        assert answer.status_code == 422 and is_whole(answer) and "请再点一次" in words(answer)
    assert web.guest().post(path, {"state": "off"}, token=False).status_code == 403
    assert notices.turned_off(cast.wang.user) == set()


def test_who_moved_away_still_reads_her_lines(web, cast, now):
    tell(cast.wang, now, "搬家以前的话")
    browser = web.as_(cast.wang)
    members.leave(cast.wang, now)
    assert "搬家以前的话" in words(browser.get(INBOX))
