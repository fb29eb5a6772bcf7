"""企业微信群 over HTTP: the host connects her group's robot, tries it and removes it; nobody else sees that there is one."""

import pytest

from db import hooks, limits
from db.hooks import WecomHook
from db.outbox import OutboxMessage
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

PAGE = "/n/cuihu/desk/wecom"
KEY = "693a91f6-7c2e-4bc4-97a0-0ec2512345ab"
WEBHOOK = {"webhook": f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"}


def test_a_host_connects_tries_and_removes(web, cast):
    li = web.as_(cast.li)
    assert PAGE in words(li.get("/n/cuihu/desk/")) and is_whole(li.get(PAGE)) and "接上" in words(li.get(PAGE))
    for _ in range(2):
        answer = li.post(PAGE, WEBHOOK)
        assert led_to(answer, PAGE) and flash_after(li, answer) == "接上了，发一条测试看看"
    page = words(li.get(PAGE))
    assert WecomHook.select().count() == 1 and "已经接上" in page and KEY not in page
    assert led_to(li.post(f"{PAGE}/test"), PAGE) and OutboxMessage.select().where(OutboxMessage.channel == "wecom").count() == 1
    for _ in range(2):
        assert led_to(li.post(f"{PAGE}/remove"), PAGE)
    assert WecomHook.select().count() == 0 and "已经接上" not in words(li.get(PAGE))
    assert "接上企业微信群" in words(li.get("/n/cuihu/desk/log"))


def test_with_htmx_the_page_is_loaded_whole(web, cast):
    li = web.as_(cast.li)
    assert told_to_load(li.post(PAGE, WEBHOOK, part=True), PAGE)
    assert told_to_load(li.post(f"{PAGE}/test", part=True), PAGE)
    assert told_to_load(li.post(f"{PAGE}/remove", part=True), PAGE)


@pytest.mark.parametrize(
    "odd", ["", "hello", "https://evil.example/?key=" + KEY, "长" * 10000, "a\0b", "<script>alert(1)</script>"]
)
def test_another_address_comes_back_with_a_sentence(web, cast, odd):
    for part in (False, True):
        answer = web.as_(cast.li).post(PAGE, {"webhook": odd}, part=part)
        assert answer.status_code == 422 and beside(answer, "webhook") and "<script>alert" not in words(answer)
    if odd == "hello":
        assert typed(answer, "webhook") == "hello"
    assert WecomHook.select().count() == 0


def test_nobody_else_gets_near(web, cast, now):
    hooks.connect(cast.li, WEBHOOK["webhook"], now)
    guest, zhao, foreign = web.guest(), web.as_(cast.zhao), web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert shown_the_door(guest.get(PAGE), "/signin", PAGE)
    for path in (PAGE, f"{PAGE}/test", f"{PAGE}/remove"):
        assert guest.post(path, WEBHOOK).status_code == 303 and zhao.post(path, WEBHOOK).status_code == 403
        assert foreign.post(path, WEBHOOK).status_code == web.as_(cast.zhou).post(path, WEBHOOK).status_code == 404
    assert zhao.get(PAGE).status_code == 403 and foreign.get(PAGE).status_code == 404
    assert "已经接上" not in words(foreign.get("/n/yangguangli/desk/wecom"))
    assert hooks.of(cast.cuihu) and OutboxMessage.select().count() == 0


def test_no_robot_is_a_conflict_and_too_many_tests_a_pause(web, cast, now, monkeypatch):
    li = web.as_(cast.li)
    assert li.post(f"{PAGE}/test").status_code == 409 and "还没有接上" in toast(li.post(f"{PAGE}/test", part=True))
    hooks.connect(cast.li, WEBHOOK["webhook"], now)
    monkeypatch.setattr(limits, "enabled", True)
    li.post(f"{PAGE}/test")
    answer = li.post(f"{PAGE}/test")
    assert answer.status_code == 429 and answer.headers["Retry-After"] and OutboxMessage.select().count() == 1


def test_a_robot_that_is_gone_is_said(web, cast, now):
    hooks.connect(cast.li, WEBHOOK["webhook"], now)
    WecomHook.update(paused=True).execute()
    page = words(web.as_(cast.li).get(PAGE))
    assert "请重新贴一次地址" in page and "发一条测试" not in page
