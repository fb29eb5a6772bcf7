"""兑换柜台 over HTTP: scanned, typed or found by name; handed over once; and lists for paper (R38)."""

import io
import re
import zipfile

import pytest

from db import counter, limits, redemptions
from db.audit import AuditLog
from db.members import Membership
from db.notices import Notice
from db.redemptions import Redemption
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, typed, words

DESK = "/n/cuihu/desk/counter/"
PAGES = ("", "for", "list", "stock", "stock.xlsx")


@pytest.fixture
def asked(cast, now):
    return make.redeemed(make.rich(cast.wang, now), make.reward(cast.li, now), now)


@pytest.fixture
def li(web, cast):
    return web.as_(cast.li)


def at(asked, what=""):
    return f"{DESK}{asked.id}{'/' if what else ''}{what}"


def again(asked):
    return Redemption.get_by_id(asked.id)


def test_a_scan_opens_the_hosts_page_and_changes_nothing(web, cast, li, asked):
    link = f"/n/cuihu/redeem/{asked.code}"
    assert led_to(li.get(link), at(asked)) and led_to(li.get(link.replace(asked.code, asked.code.lower())), at(asked))
    assert led_to(web.as_(cast.wang).get(link), f"/n/cuihu/store/mine/{asked.id}")
    assert again(asked).state == "ready" and "交给 TA 了" in words(li.get(at(asked)))


def test_whoever_else_scans_learns_nothing(web, cast, asked, now):
    for browser in (web.guest(), web.as_(cast.zhao), web.as_(make.host(cast.yangguangli, "钱主理", now))):
        real, forged = (browser.get(f"/n/cuihu/redeem/{code}") for code in (asked.code, "AAAAAA"))
        hidden = [re.sub(r'value="[^"]+"|redeem/\w+|redeem%2F\w+', "", words(answer)) for answer in (real, forged)]
        assert real.status_code == forged.status_code == 404 and hidden[0] == hidden[1] and "领取码" in hidden[0]
        assert "手工荠菜馄饨" not in words(real) and "王阿姨" not in words(real)
    other = web.as_(make.host(cast.yangguangli, "孙主理", now))
    answer = other.get(f"/n/yangguangli/redeem/{asked.code}")
    assert answer.status_code == 404 and "别的小区" in words(answer)


def test_codes_are_not_guessed(web, cast, li):
    limits.enabled = True
    try:
        answers = [li.get(f"{DESK}?code=AAAAA{letter}") for letter in "34679ACDEFGHJKMNPQRTU"]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429] and answers[-1].headers["Retry-After"]
        guest = web.guest()
        assert {guest.get("/n/cuihu/redeem/AAAAAA").status_code for _ in range(21)} == {404, 429}
    finally:
        limits.enabled = False


def test_a_code_is_typed_as_it_is_read(li, asked):
    for code in (
        asked.code.lower(),
        f" {asked.code} ",
        f"{asked.code[:3]} {asked.code[3:]}",
        f"{asked.code[:3]}-{asked.code[3:]}",
    ):
        assert led_to(li.get(f"{DESK}?code={code}"), at(asked))


@pytest.mark.parametrize("code", ["ABC", "000000", "长" * 40, "<script>", "' OR 1=1"])
def test_what_is_no_code_is_said_beside_the_field(li, asked, code):
    answer = li.client.get(DESK, query_string={"code": code})
    assert answer.status_code == 422 and beside(answer, "code")


def test_it_is_handed_over_once(li, cast, asked, now):
    first, second = li.post(at(asked, "hand-over")), li.post(at(asked, "hand-over"))
    assert led_to(first, at(asked)) and led_to(second, at(asked))
    page = words(li.get(at(asked)))
    assert "已于 3月20日 12:" in page and "由 李姐 核销" in page and "交给 TA 了" not in page
    assert Membership.get_by_id(cast.wang.id).points == 70 and again(asked).state == "fulfilled"
    assert "王阿姨" in words(li.get(DESK)) and told_to_load(li.post(at(asked, "hand-over"), part=True), at(asked))


def test_the_counter_finds_by_name(li, asked):
    assert "王阿姨" in words(li.get(f"{DESK}?name=王")) and "没有找到" in words(li.get(f"{DESK}?name=张"))


def test_what_is_to_be_prepared_is_called_ready(li, cast, now):
    asked = make.redeemed(make.rich(cast.wang, now), make.reward(cast.li, now, prepare=True), now)
    assert "要您备好" in words(li.get(DESK))
    assert "王阿姨" in flash_after(li, li.post(at(asked, "ready"))) and li.post(at(asked, "ready")).status_code == 409
    line = AuditLog.get(AuditLog.action == "ready redemption")
    assert (line.actor_id, line.subject_id) == (cast.li.user_id, cast.wang.user_id) and "expires_at" in line.after
    assert "备好了" in Notice.get((Notice.user == cast.wang.user_id) & (Notice.kind == "store")).sentence


def test_a_no_needs_a_reason(li, cast, asked):
    answer = li.post(at(asked, "refuse"), {"own_reason": "嗯"})
    assert answer.status_code == 422 and beside(answer, "reason") and typed(answer, "reason") == "嗯"
    assert led_to(li.post(at(asked, "refuse"), {"own_reason": "今天摔碎了"}), DESK) and again(asked).state == "refused"
    assert li.post(at(asked, "refuse"), {"own_reason": "今天摔碎了"}).status_code == 409
    assert "退回了：今天摔碎了" in words(li.get(at(asked)))


def test_a_neighbour_without_a_phone_gets_hers_too(li, cast, asked, now):
    chen = make.rich(cast.chen, now)
    choose = f"{DESK}for/{chen.id}"
    assert choose in words(li.get(f"{DESK}for?name=陈")) and "100" in words(li.get(choose))
    url = f"{choose}/{asked.reward_id}"
    form = {"op_id": "tilinjuduihuan", "price": typed(li.get(url), "price")}
    assert url in words(li.get(choose))
    for _ in range(2):
        answer = li.post(url, form)
    hers = Redemption.get(Redemption.member == chen.id)
    assert led_to(answer, at(hers)) and Redemption.select().count() == 2
    assert AuditLog.get(AuditLog.action == "redeem for").subject_id == chen.user_id
    assert li.post(url, form | {"op_id": "tilinjuduihuan2", "price": "29"}).status_code == 409


def test_another_one_for_a_home_is_given_with_a_reason(li, cast, now):
    gift = make.reward(cast.li, now, kind="gift")
    home = {"building": "3栋", "door": "501"}
    make.redeemed(cast.wang, gift, now, **home)
    url, form = f"{DESK}for/{cast.chen.id}/{gift.id}", {"op_id": "tilinjuduihuan", "price": "0", **home}
    assert 'name="own_reason"' not in words(li.get(url)) and beside(li.post(url, form | {"door": ""}), "door")
    answer = li.post(url, form)
    assert answer.status_code == 409 and 'name="own_reason"' in words(answer) and typed(answer, "door") == "501"
    assert beside(li.post(url, form | {"own_reason": "嗯"}), "own_reason")
    assert li.post(url, form | {"own_reason": "合租的两家人"}).status_code == 303
    assert AuditLog.get(AuditLog.action == "another for a home").reason == "合租的两家人"


def test_lists_are_pages_and_spreadsheets(li, cast, asked, now):
    make.redeemed(make.rich(make.neighbor(cast.cuihu, "=1+1", now), now), asked.reward, now)
    page = li.get(f"{DESK}list")
    assert is_whole(page) and "王阿姨" in words(page) and asked.code in words(page) and "list.xlsx" in words(page)
    assert "手工荠菜馄饨" in words(li.get(f"{DESK}stock"))
    answer = li.post(f"{DESK}list.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet and "'=1+1" in strings and "王阿姨" in strings and answer.headers["Content-Disposition"].isascii()
    assert zipfile.is_zipfile(io.BytesIO(li.get(f"{DESK}stock.xlsx").data))


def test_an_empty_counter_invites(web, cast, now):
    assert "喝口茶" in words(web.as_(cast.li).get(DESK)) and "还没有" in words(web.as_(cast.li).get(f"{DESK}list"))


@pytest.mark.parametrize("person", ["guest", "wang", "zhou"])
def test_the_counter_is_the_hosts(web, cast, asked, person):
    browser = web.guest() if person == "guest" else web.as_(getattr(cast, person))
    more = (f"{asked.id}", f"for/{cast.chen.id}", f"for/{cast.chen.id}/{asked.reward_id}")
    for path in (*PAGES, *more):
        answer = browser.get(DESK + path)
        assert {
            "guest": shown_the_door(answer, "/signin", DESK + path),
            "wang": answer.status_code == 403,
            "zhou": answer.status_code == 404,
        }[person]
    for path in (at(asked, "hand-over"), at(asked, "ready"), at(asked, "refuse"), DESK + more[2]):
        assert browser.post(path, {"price": "30"}).status_code == {"guest": 303, "wang": 403, "zhou": 404}[person]
    assert again(asked).state == "ready" and Redemption.select().count() == 1


def test_a_host_of_another_place_has_no_counter_here(web, cast, asked, now):
    other = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert other.get(at(asked)).status_code == 404 and other.get(f"/n/yangguangli/desk/counter/{asked.id}").status_code == 404
    assert other.post(f"/n/yangguangli/desk/counter/{asked.id}/hand-over").status_code == 404
    answer = other.get(f"/n/yangguangli/desk/counter/?code={asked.code}")
    assert answer.status_code == 422 and "王阿姨" not in words(answer) and again(asked).state == "ready"
    assert redemptions.find(cast.yangguangli, asked.id) is None


def test_a_long_list_asks_the_database_no_more_than_a_short_one(web, cast, now, queries):
    li, zhao = web.as_(cast.li), make.rich(cast.zhao, now, 1000)
    hers = web.as_(zhao)
    pages = [(li, DESK), (li, f"{DESK}list"), (li, f"{DESK}stock"), (hers, "/n/cuihu/store/"), (hers, "/n/cuihu/store/mine/")]

    def asked(many):
        for number in range(many):
            reward = make.reward(cast.li, now, f"第 {number} 样", price=1, photo_code=make.photo(cast.li, now).code)
            make.redeemed(zhao, reward, now)
            counter.hand_over(make.redeemed(zhao, reward, now), cast.li, now)
        counts = []
        for browser, url in pages:
            queries.clear()
            browser.get(url)
            counts.append(len(queries))
        return counts

    few, many = asked(1), asked(8)
    more = [after - before for before, after in zip(few, many, strict=True)]
    assert max(more) <= 1 and max(many) <= 12, (few, many)  # one more where the door asks first whether it has the page


def test_the_list_with_names_is_taken_on_record_and_so_many_times_a_day(cast, li, asked, now, monkeypatch):
    li.post(f"{DESK}list.xlsx")
    line = AuditLog.get(AuditLog.action == "take list")
    assert (line.actor_id, line.object_id, line.neighborhood_id) == (cast.li.user_id, cast.cuihu.id, cast.cuihu.id)
    monkeypatch.setattr(limits, "enabled", True)
    for _ in range(limits.RULES["sheet"][0]):
        limits.spend("sheet", f"user {cast.li.user_id}", now)
    answer = li.post(f"{DESK}list.xlsx")
    assert answer.status_code == 429 and answer.headers["Retry-After"]
    assert AuditLog.select().where(AuditLog.action == "take list").count() == 1
