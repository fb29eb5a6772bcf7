"""我的 → 隐私, as a person walks it: what is kept, her number, the record, taking along, leaving and thinking again."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
import time_machine

from db import audit, consents, exports, farewells, members, people, privacy
from db.audit import AuditLog
from db.exports import Export
from db.farewells import Farewell
from db.people import User
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

HOME, LOG, EXPORTS, LEAVE, STAY = (f"/me/privacy{end}" for end in ("", "/log", "/exports", "/leave", "/stay"))
PAGES = (HOME, LOG, EXPORTS, LEAVE)
MINE = "/n/cuihu/me/"
PHONE = "13812345678"
GOING = {"traces": "keep", "confirm": "王阿姨", "op_id": "leaving00001"}


@pytest.fixture
def wang(cast):
    people.bind_phone(cast.wang.user, PHONE)
    return make.again(cast.wang)


@pytest.fixture
def limited(monkeypatch):
    monkeypatch.setattr("db.limits.enabled", True)


def later(now, **by):
    return time_machine.travel((now + timedelta(**by)).strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True)


# What is kept


def test_she_gets_there_from_her_own_page_and_from_the_about_page(web, wang):
    browser = web.as_(wang)
    assert f'href="{HOME}"' in words(browser.get(MINE)) and f'href="{HOME}"' in words(web.guest().get("/about"))
    page = words(browser.get(HOME))
    assert all(f'href="{url}"' in page for url in (LOG, EXPORTS, LEAVE, "/me/phone", "/n/cuihu/me/edit", MINE))


def test_everything_that_is_kept_is_counted(web, wang, now):
    make.post(wang, now)
    page = words(web.as_(wang).get(HOME))
    assert "王阿姨" in page and "翠湖花园 3栋" in page and "138****5678" in page and PHONE not in page
    assert re.search(r"发过的帖子\S*<b>1</b>", page) and "登录过的设备" in page


@pytest.mark.parametrize("url", PAGES)
def test_the_pages_are_whole_for_whoever_is_signed_in_and_lead_guests_to_the_door(web, cast, url):
    for person in (cast.wang, cast.li, cast.zhou, cast.lin):
        for part in (False, True):
            assert is_whole(web.as_(person).get(url, part=part))
    assert shown_the_door(web.guest().get(url), "/signin", url)


def test_who_has_left_every_place_still_finds_her_things(web, cast, now):
    members.leave(cast.wang, now)
    for url in PAGES:
        assert is_whole(web.as_(cast.wang).get(url))


@pytest.mark.parametrize("part", [False, True])
def test_her_own_number_is_shown_on_the_answer_alone_and_goes_on_record(web, wang, part):
    browser = web.as_(wang)
    answer = browser.post(f"{HOME}/phone", part=part)
    assert answer.status_code == 200 and "138 1234 5678" in words(answer) and is_whole(answer) is not part
    assert answer.headers["Cache-Control"] == "no-store" and "138 1234" not in words(browser.get(HOME))
    assert "看完整手机号" in words(browser.get(LOG)) and "本人查看" in words(browser.get(LOG))
    assert web.as_(wang).get(f"{HOME}/phone").status_code == 405


def test_without_a_number_there_is_none_to_show(web, cast):
    assert "看完整号码" not in words(web.as_(cast.wang).get(HOME))
    assert web.as_(cast.wang).post(f"{HOME}/phone").status_code == 409


def test_what_is_ticked_is_what_is_kept(web, cast):
    """The words on the forms are those of the log: whoever changes one changes the other, and the version."""
    assert consents.WORDS["join"].words in words(web.guest().get("/n/cuihu/join"))
    assert consents.WORDS["photos"].words in words(web.as_(cast.wang).get("/n/cuihu/posts/new"))
    assert consents.WORDS["join"].words in words(web.as_(cast.wang).get(LOG))


# A host and a number


def of(member):
    return f"/n/cuihu/desk/members/{member.id}"


@pytest.mark.parametrize("part", [False, True])
def test_a_host_says_why_and_sees_the_number_once(web, cast, wang, part):
    li = web.as_(cast.li)
    page = words(li.get(of(wang)))
    assert "138****5678" in page and "看完整号码" in page and "13812345678" not in page
    answer = li.post(of(wang) + "/phone", {"reason": "送药上门找不到人"}, part=part)
    assert answer.status_code == 200 and "138 1234 5678" in words(answer) and "1234" not in words(li.get(of(wang)))
    her = web.as_(wang)
    assert "李姐 看了您的完整手机号：送药上门找不到人" in words(her.get("/inbox"))
    assert "送药上门找不到人" in words(her.get(LOG)) and "李姐" in words(her.get(LOG))


@pytest.mark.parametrize("reason", ["", "送药", "长" * 201, "a\x1bbcd"])
def test_without_a_reason_no_number(web, cast, wang, reason):
    lines = AuditLog.select().count()
    answer = web.as_(cast.li).post(of(wang) + "/phone", {"reason": reason})
    assert answer.status_code == 422 and beside(answer, "reason") and typed(answer, "reason") == reason
    assert "1234" not in words(answer) and AuditLog.select().count() == lines


def test_a_number_is_for_the_host_of_this_place_alone(web, cast, wang, now):
    url, form = of(wang) + "/phone", {"reason": "随便看看"}
    qian = make.host(cast.yangguangli, "钱主理", now)
    assert web.as_(cast.zhao).post(url, form).status_code == 403
    for stranger in (cast.zhou, cast.lin, qian):
        assert web.as_(stranger).post(url, form).status_code == 404
    assert web.as_(qian).post(url.replace("cuihu", "yangguangli"), form).status_code == 404
    assert shown_the_door(web.guest().post(url, form), "/signin", "/n/cuihu/")
    assert "看完整号码" not in words(web.as_(cast.li).get(of(cast.zhao)))
    answer = web.as_(cast.li).post(of(cast.zhao) + "/phone", form)
    assert answer.status_code == 409 and beside(answer, "reason") == "没有绑定手机号"


def test_after_ten_numbers_a_host_waits(web, cast, wang, limited):
    li = web.as_(cast.li)
    for _ in range(10):
        li.post(of(wang) + "/phone", {"reason": "送药上门"})
    answer = li.post(of(wang) + "/phone", {"reason": "送药上门"})
    assert answer.status_code == 429 and answer.headers["Retry-After"] and typed(answer, "reason") == "送药上门"


# Taking along


def test_an_export_is_asked_for_watched_and_taken_home(web, wang, now):
    browser = web.as_(wang)
    form = {"op_id": typed(browser.get(EXPORTS), "op_id")}
    answer = browser.post(EXPORTS, form)
    assert led_to(answer, EXPORTS) and flash_after(browser, answer).startswith("开始打包了")
    export = Export.get()
    page = browser.get(EXPORTS)
    assert "排队中" in words(page) and f'hx-get="{EXPORTS}/{export.id}"' in words(page)
    assert f"{EXPORTS}/{export.id}/file" not in words(page)
    assert browser.get(f"{EXPORTS}/{export.id}/file").status_code == 404
    Export.update(state="working", done=3, of=9).execute()
    part = browser.get(f"{EXPORTS}/{export.id}", part=True)
    assert "3 / 9" in words(part) and 'hx-trigger="every 2s"' in words(part) and "<html" not in words(part)
    Export.update(state="waiting").execute()
    privacy.make_exports(now)
    part = words(browser.get(f"{EXPORTS}/{export.id}", part=True))
    assert "打包好了" in part and "hx-trigger" not in part and is_whole(browser.get(f"{EXPORTS}/{export.id}"))
    file = browser.get(f"{EXPORTS}/{export.id}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=linli-20260320.zip"
    assert file.mimetype == "application/zip" and file.headers["Cache-Control"] == "no-store"
    data = json.loads(zipfile.ZipFile(io.BytesIO(file.data)).read("data.json"))
    assert (data["称呼"], data["手机号"]) == ("王阿姨", PHONE)
    assert "打包好了" in words(browser.get("/inbox"))


def test_the_same_form_makes_one_export_and_htmx_loads_the_list(web, cast):
    browser = web.as_(cast.wang)
    for part in (False, True):
        answer = browser.post(EXPORTS, {"op_id": "export000001"}, part=part)
        assert told_to_load(answer, EXPORTS) if part else led_to(answer, EXPORTS)
    assert Export.select().count() == 1


def test_what_is_hers_is_nobody_elses(web, cast, now):
    mine = exports.ask(cast.wang.user, now, op_id="export000001")
    privacy.make_exports(now)
    for url in (f"{EXPORTS}/{mine.id}", f"{EXPORTS}/{mine.id}/file", f"{EXPORTS}/99999/file"):
        for stranger in (cast.zhao, cast.li, cast.lin):
            assert web.as_(stranger).get(url).status_code == 404
        assert shown_the_door(web.guest().get(url), "/signin", url)
    assert "打包好了" not in words(web.as_(cast.zhao).get(EXPORTS))


def test_three_a_day_and_after_seven_days_it_is_gone(web, cast, now, limited):
    browser = web.as_(cast.wang)
    for number in range(4):
        answer = browser.post(EXPORTS, {"op_id": f"export00000{number}"}, part=number == 3)
        privacy.make_exports(now)
    assert answer.status_code == 429 and answer.headers["Retry-After"] and "太快" in toast(answer)
    with later(now, days=7, minutes=1):
        assert browser.get(f"{EXPORTS}/{Export.get().id}/file").status_code == 404
        exports.drop_old(now + timedelta(days=7, minutes=1))
        assert "已经过期" in words(browser.get(EXPORTS))


# Leaving


@pytest.mark.parametrize("part", [False, True])
def test_she_leaves_and_may_think_again(web, cast, part):
    browser = web.as_(cast.wang)
    form = browser.get(LEAVE)
    assert "7 天" in words(form) and "搬走的邻居" in words(form)
    for _ in range(2):
        answer = browser.post(LEAVE, GOING, part=part)
        assert told_to_load(answer, LEAVE) if part else led_to(answer, LEAVE)
    assert Farewell.select().count() == 1 and "7 天之内" in flash_after(browser, answer)
    for url in (LEAVE, HOME, MINE):
        page = words(browser.get(url))
        assert "还有 7 天生效" in page and "不走了" in page and "申请注销</button>" not in page
    answer = browser.post(STAY, part=part)
    assert told_to_load(answer, MINE) if part else led_to(answer, MINE)
    assert "留下来了" in flash_after(browser, answer) and "不走了" not in words(browser.get(MINE))
    assert browser.post(STAY).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("traces", ""), ("traces", "burn"), ("traces", "长" * 11),
        ("confirm", ""), ("confirm", "王阿"), ("confirm", "长" * 21), ("confirm", "a\x1b"),
    ],
)  # fmt: skip
def test_a_bad_field_is_given_back_with_the_sentence_beside_it(web, cast, field, value):
    for part in (False, True):
        answer = web.as_(cast.wang).post(LEAVE, GOING | {field: value}, part=part)
        assert answer.status_code == 422 and beside(answer, field) and Farewell.select().count() == 0
        if field == "confirm":
            assert typed(answer, "confirm") == value and 'value="keep" checked' in words(answer)
        else:
            assert typed(answer, "confirm") == "王阿姨"


def test_a_host_reads_that_she_hands_over_first(web, cast):
    for person, name in ((cast.li, "李姐"), (cast.lin, "林总部")):
        browser = web.as_(person)
        page = words(browser.get(LEAVE))
        assert "才能注销" in page and "申请注销</button>" not in page
        assert browser.post(LEAVE, GOING | {"confirm": name}).status_code == 409
    assert Farewell.select().count() == 0


def test_a_guest_leaves_nothing(web, cast):
    for url in (LEAVE, STAY, EXPORTS, f"{HOME}/phone"):
        assert web.guest().post(url, GOING).status_code == 303
        assert web.guest().post(url, GOING, part=True).status_code == 401


def test_when_it_is_over_her_devices_are_out_and_pages_name_a_neighbour_who_moved(web, cast, now):
    zhao, neighbor = web.as_(cast.zhao), web.as_(cast.wang)
    post = make.post(cast.zhao, now, "留给大家的话")
    assert "赵敏" in words(web.guest().get("/n/cuihu/")) and "赵敏" in words(neighbor.get("/n/cuihu/"))
    farewells.ask(cast.zhao.user, now, traces="keep", confirm="赵敏", op_id="leaving00001")
    privacy.erase_due(now + timedelta(days=7))
    assert shown_the_door(zhao.get(HOME), "/signin", HOME)
    for browser in (web.guest(), neighbor):
        for url in ("/n/cuihu/", f"/n/cuihu/posts/{post.id}"):
            page = words(browser.get(url))
            assert "留给大家的话" in page and "搬走的邻居" in page and "赵敏" not in page
    assert User.get_by_id(cast.zhao.user_id).status == "erased"
    assert "注销" in words(web.as_(cast.lin).get("/hq/")) and audit.about(cast.zhao.user)[0].action == "erase"
