"""From the outbox to the world: every channel has its own line of the timetable, so that a slow one holds up no other."""

import json
from datetime import timedelta

import pytest
import time_machine

import jobs
from db import hooks, mailboxes, outbox
from db.outbox import OutboxMessage
from providers.mail import SmtpMail
from providers.sms import ConsoleSms
from providers.wecom import Wecom
from tests.providers import fakes

KEY = "693a91f6-7c2e-4bc4-97a0-0ec2512345ab"
LINES = {line.name: line for line in jobs.LINES}


@pytest.fixture(autouse=True)
def noon(now):
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True):
        yield


def test_each_message_goes_its_own_way(cast, now, monkeypatch, capsys):
    outbox.put("sms", "13800138000", "您的验证码是 123456", now, now + timedelta(minutes=5))
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    hooks.connect(cast.li, f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", now)
    hooks.urgent(cast.cuihu, "急事", now)
    with fakes.mail_server() as server, fakes.robots(KEY) as robots:
        monkeypatch.setattr(jobs, "text_messages", ConsoleSms())
        monkeypatch.setattr(jobs, "letters", SmtpMail(f"smtp://127.0.0.1:{server.port}", "no-reply@linli.example"))
        monkeypatch.setattr(jobs, "groups", Wecom(robots.url))
        for name, left in (("send letters", {"sms", "wecom"}), ("tell groups", {"sms"}), ("send messages", set())):
            assert LINES[name].act(now) == 1
            assert {message.channel for message in OutboxMessage.select().where(OutboxMessage.state == "waiting")} == left
        assert [to for to, _ in server.got] == ["wang@example.com"] and "急事" in str(robots.got)


def test_a_letter_that_does_not_go_ends_the_round_and_not_the_others(cast, now, monkeypatch):
    letter = json.dumps({"subject": "信", "lead": "您好", "sections": [], "foot": "再见"})
    for address in ("gone@example.com", "wang@example.com"):
        outbox.put("mail", address, letter, now, now + timedelta(hours=12))
    with fakes.mail_server() as server:
        server.refuses["gone@example.com"] = "451 come again"
        monkeypatch.setattr(jobs, "letters", SmtpMail(f"smtp://127.0.0.1:{server.port}", "no-reply@linli.example"))
        assert [LINES["send letters"].act(now) for _ in range(3)] == [0, 1, 0]
        assert [to for to, _ in server.got] == ["wang@example.com"]
    assert OutboxMessage.get(OutboxMessage.state == "waiting").due_at >= now + timedelta(minutes=10)


def test_a_house_without_mail_gives_letters_up(cast, now, monkeypatch):
    outbox.put("mail", "wang@example.com", "{}", now, now + timedelta(hours=12))
    monkeypatch.setattr(jobs, "letters", jobs.mail.NoMail())
    assert LINES["send letters"].act(now) == 0 and OutboxMessage.get().state == "failed"
