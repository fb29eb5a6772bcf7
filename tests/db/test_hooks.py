"""企业微信群: what waits rings once an hour by day, what is urgent at once; the key stays secret; never over 20 a minute."""

import json
from datetime import timedelta

import pytest

from db import hooks, outbox, phones, reviews
from db.audit import AuditLog
from db.hooks import WecomHook
from db.notices import Notice
from db.outbox import OutboxMessage
from providers.wecom import Wecom
from tests import make
from tests.make import at_once, refused
from tests.providers import fakes

KEY = "693a91f6-7c2e-4bc4-97a0-0ec2512345ab"
WEBHOOK = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
HOUR = timedelta(hours=1)


@pytest.fixture
def hook(cast, now):
    hooks.connect(cast.li, WEBHOOK, now)
    return hooks.of(cast.cuihu)


@pytest.fixture
def robots():
    with fakes.robots(KEY) as there:
        yield there


def carry(robots, now):
    """What the job does, at this moment."""
    robots.now = now
    send = Wecom(robots.url).send
    return outbox.deliver(now, lambda channel, to, text: hooks.carry(to, text, now, send), channel="wecom")


def texts(robots):
    return [body[body["msgtype"]]["content"] for _, body in robots.got]


def states():
    return [message.state for message in OutboxMessage.select().order_by(OutboxMessage.id)]


def test_a_robot_is_connected_changed_and_removed_on_record(cast, now, hook):
    assert KEY not in hook.sealed and phones.unseal(hook.sealed) == KEY
    hooks.connect(cast.li, WEBHOOK.replace("693a", "000a"), now)
    assert WecomHook.select().count() == 1 and phones.unseal(hooks.of(cast.cuihu).sealed).startswith("000a")
    for _ in range(2):
        hooks.remove(cast.li, now)
    assert hooks.of(cast.cuihu) is None and hooks.of(cast.yangguangli) is None
    lines = [line for line in AuditLog.select().order_by(AuditLog.id) if "wecom" in line.action]
    assert [line.action for line in lines] == ["connect wecom", "connect wecom", "remove wecom"]
    assert not any(KEY in f"{line.before}{line.after}{line.reason}" for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "", KEY, f"http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", f"https://evil.example/cgi-bin/webhook/send?key={KEY}",
        f"https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key={KEY}", WEBHOOK[:-20], "https://[",
        f"https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key={KEY}", WEBHOOK.replace(KEY, "../" * 10),
    ],
)  # fmt: skip
def test_what_is_no_webhook_is_refused_beside_it(cast, now, text):
    with refused("bad-webhook", 422):
        hooks.connect(cast.li, text, now)
    assert WecomHook.select().count() == 0


def test_what_waits_rings_once_an_hour_by_day(cast, now, hook, robots):
    assert hooks.tell_waiting(now) == 0
    post = make.post(cast.wang, now)
    make.post(cast.chen, now)
    assert [hooks.tell_waiting(now + later * HOUR) for later in (0, 0, 0.9, 1, 1.5)] == [1, 0, 0, 1, 0]
    night = now + 11 * HOUR
    assert [hooks.tell_waiting(night + later * HOUR) for later in (0, 8, 9)] == [0, 0, 1]
    carry(robots, now)
    assert "有 2 条内容等您看" in texts(robots)[0] and "http://localhost/n/cuihu/desk/" in texts(robots)[0]
    reviews.approve(post, cast.li, now)


def test_eight_schedulers_at_once_ring_once(cast, now, hook):
    make.post(cast.wang, now)
    assert sum(at_once(8, lambda _: hooks.tell_waiting(now))) == 1 and states() == ["waiting"]


def test_what_is_urgent_goes_at_once_and_calls_everybody(cast, now, hook, robots):
    night = now + 14 * HOUR
    assert hooks.urgent(cast.cuihu, "有人说看到孩子独自在水边", night) is True
    assert hooks.urgent(cast.yangguangli, "别的小区", night) is False
    assert carry(robots, night) == 1
    assert "孩子独自在水边" in texts(robots)[0] and robots.got[0][1]["text"]["mentioned_list"] == ["@all"]
    assert "阳光里" not in str(robots.got)


def test_never_over_twenty_a_minute_and_nothing_lost(cast, now, hook, robots, limited):
    for number in range(40):
        hooks.urgent(cast.cuihu, f"第 {number} 件", now)
    for second in range(0, 400, 5):
        carry(robots, now + timedelta(seconds=second))
    assert sorted(states()) == ["sent"] * 40 and len(robots.got) == 40
    assert {message.tries for message in OutboxMessage.select()} == {1}  # to wait is no failed try


def test_what_the_other_side_slows_down_goes_a_minute_later(cast, now, hook, robots):
    for number in range(25):
        hooks.urgent(cast.cuihu, f"第 {number} 件", now)
    assert carry(robots, now) == 20 and states().count("waiting") == 5
    assert carry(robots, now + timedelta(seconds=59)) == 0
    assert carry(robots, now + timedelta(seconds=61)) == 5


def test_a_robot_that_is_gone_is_paused_and_its_host_told_once(cast, now, hook, robots):
    robots.keys = frozenset()
    for _ in range(3):
        hooks.urgent(cast.cuihu, "急事", now)
    assert carry(robots, now) == 0 and set(states()) == {"failed"} and hooks.of(cast.cuihu).paused
    ((line),) = Notice.select().where(Notice.kind == "desk")
    assert (line.user_id, line.url, line.times) == (cast.li.user_id, "/n/cuihu/desk/wecom", 1)
    assert hooks.urgent(cast.cuihu, "急事", now) is False and hooks.tell_waiting(now) == 0
    hooks.connect(cast.li, WEBHOOK, now)
    assert not hooks.of(cast.cuihu).paused


def test_what_is_under_way_to_a_removed_robot_is_not_sent(cast, now, hook, robots):
    hooks.urgent(cast.cuihu, "急事", now)
    hooks.remove(cast.li, now)
    assert carry(robots, now) == 0 and robots.got == [] and states() == ["failed"]


def test_what_is_an_hour_old_is_not_worth_sending(cast, now, hook, robots):
    robots.status = 502
    hooks.urgent(cast.cuihu, "急事", now)
    carry(robots, now)
    robots.status = 200
    assert carry(robots, now + HOUR) == 0 and states() == ["failed"]


def test_a_test_message_once_in_ten_seconds(cast, now, hook, robots, limited):
    hooks.test(cast.li, now)
    with refused("too-fast", 429):
        hooks.test(cast.li, now + timedelta(seconds=5))
    assert carry(robots, now) == 1 and "接上了" in texts(robots)[0]
    hooks.remove(cast.li, now)
    with refused("no-hook"):
        hooks.test(cast.li, now)


def test_the_words_rest_sealed_until_they_go(cast, now, hook):
    hooks.urgent(cast.cuihu, "急事", now)
    sealed = OutboxMessage.get().sealed
    assert "急事" not in sealed and json.loads(phones.unseal(sealed))["to"] == str(hook.id)
