"""Messages to the outside are sent once, tried again when that fails, and their words forgotten afterwards."""

import threading
from datetime import timedelta

import pytest

from db import outbox
from db.base import writing
from db.outbox import TRIES, OutboxMessage
from tests.make import at_once

MINUTE = timedelta(minutes=1)


class Post:
    """Somebody who carries messages, or stumbles as often as asked."""

    def __init__(self, stumbles=0):
        self.carried, self.stumbles, self.lock = [], stumbles, threading.Lock()

    def __call__(self, channel, to, text):
        with self.lock:
            if self.stumbles:
                self.stumbles -= 1
                raise OSError("the line is dead")
            self.carried.append((channel, to, text))


def _put(now, text="您的验证码是 123456"):
    return outbox.put("sms", "13812345678", text, now, now + 5 * MINUTE)


def test_a_message_rests_sealed_and_goes_out_once(db, now):
    _put(now)
    assert "138" not in OutboxMessage.get().sealed
    post = Post()
    assert outbox.deliver(now, post) == 1
    assert outbox.deliver(now, post) == 0
    assert outbox.deliver(now + 2 * MINUTE, post) == 0
    assert post.carried == [("sms", "13812345678", "您的验证码是 123456")]
    assert (OutboxMessage.get().state, OutboxMessage.get().sealed) == ("sent", "")


def test_two_senders_at_once_send_everything_once(db, now):
    for number in range(12):
        _put(now, f"第 {number} 条")
    post = Post()
    assert sum(at_once(4, lambda _: outbox.deliver(now, post))) == 12
    assert sorted(text for _, _, text in post.carried) == sorted(f"第 {number} 条" for number in range(12))


def test_what_came_too_late_is_not_sent(db, now):
    _put(now)
    post = Post()
    assert outbox.deliver(now + 5 * MINUTE, post) == 0
    assert (OutboxMessage.get().state, OutboxMessage.get().sealed, post.carried) == ("failed", "", [])


def test_a_failure_is_tried_again_later(db, now):
    _put(now)
    post = Post(stumbles=1)
    assert outbox.deliver(now, post) == 0
    assert OutboxMessage.get().sealed
    assert outbox.deliver(now + timedelta(seconds=10), post) == 0
    assert outbox.deliver(now + timedelta(seconds=20), post) == 1
    assert len(post.carried) == 1


def test_after_five_failures_it_is_given_up_and_its_words_forgotten(db, now):
    outbox.put("sms", "13812345678", "不急", now, now + timedelta(days=1))
    post = Post(stumbles=100)
    for minutes in range(20):
        outbox.deliver(now + minutes * MINUTE, post)
    assert post.stumbles == 100 - TRIES
    assert (OutboxMessage.get().state, OutboxMessage.get().tries, OutboxMessage.get().sealed) == ("failed", TRIES, "")


def test_what_a_sender_died_over_is_taken_up_after_a_minute(db, now):
    _put(now)

    def die(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(now, die)
    post = Post()
    assert outbox.deliver(now + timedelta(seconds=59), post) == 0
    assert outbox.deliver(now + MINUTE, post) == 1


def test_one_bad_message_does_not_hold_up_the_next(db, now):
    _put(now, "第一条")
    _put(now, "第二条")
    post = Post(stumbles=1)
    assert outbox.deliver(now, post) == 1
    assert [text for _, _, text in post.carried] == ["第二条"]


def test_what_was_sent_a_month_ago_is_forgotten(db, now):
    with writing():
        outbox.put("sms", "13800000000", "旧的", now - timedelta(days=40), now)
        outbox.put("sms", "13800000000", "新的", now, now + timedelta(minutes=5))
    outbox.deliver(now, lambda *message: None)
    assert outbox.forget_old(now) == 1
    assert outbox.OutboxMessage.select().count() == 1
