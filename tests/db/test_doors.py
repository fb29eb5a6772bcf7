"""A code to the phone opens once, for the one who asked; a 找回码 from the host opens once, for the one it was given to."""

import json
import re
from datetime import timedelta

import pytest

from db import doors, members, people, phones
from db.audit import AuditLog
from db.base import Refused
from db.doors import RecoveryCode, SignInCode
from db.outbox import OutboxMessage
from db.people import User
from tests.make import at_once, refused

PHONE = "13812345678"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def wang(cast):
    people.bind_phone(cast.wang.user, PHONE)
    return cast.wang


def _ask(now, phone=PHONE, purpose="sign-in", asked_by="her browser", address="1.2.3.4"):
    doors.ask_code(phone, purpose, asked_by, address, now)


def _sent(phone=PHONE):
    """The code in the last message to this phone, or None."""
    for message in OutboxMessage.select().order_by(OutboxMessage.id.desc()):
        content = json.loads(phones.unseal(message.sealed))
        if content["to"] == phone:
            return re.search(r"\d{6}", content["text"]).group()
    return None


def _check(code, now, phone=PHONE, purpose="sign-in", asked_by="her browser"):
    return doors.check_code(phone, purpose, code, asked_by, now)


def _wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_right_code_opens_once(wang, now):
    _ask(now)
    assert _check(_sent(), now)
    with refused("wrong-code", 422):
        _check(_sent(), now)


@pytest.mark.parametrize("way", [" {} ", "{0:.3} {0[3]}{0[4]}{0[5]}", "{0:.3}-{0[3]}{0[4]}{0[5]}"])
def test_it_may_be_typed_with_gaps(wang, now, way):
    _ask(now)
    assert _check(way.format(_sent()), now)


def test_it_may_be_typed_full_width(wang, now):
    _ask(now)
    assert _check(_sent().translate({48 + n: 0xFF10 + n for n in range(10)}), now)


def test_it_is_not_stored_as_it_is(wang, now):
    _ask(now)
    stored = str(SignInCode.select().dicts().get())
    assert _sent() not in stored
    assert PHONE not in stored


@pytest.mark.parametrize("code", ["", None, "000000x", "abc", "\0", "1" * 10_000, "¹²³⁴⁵⁶"])
def test_nonsense_is_a_wrong_code(wang, now, code):
    _ask(now)
    with refused("wrong-code", 422) as met:
        _check(code, now)
    assert met.value.field == "code"


def test_four_mistakes_are_forgiven(wang, now):
    _ask(now)
    for _ in range(4):
        with refused("wrong-code", 422):
            _check(_wrong(_sent()), now)
    assert _check(_sent(), now)


def test_after_five_mistakes_the_right_code_is_worth_nothing(wang, now):
    _ask(now)
    for _ in range(5):
        with refused("wrong-code", 422):
            _check(_wrong(_sent()), now)
    with refused("wrong-code", 422):
        _check(_sent(), now)


def test_twenty_guesses_at_once_are_still_five(wang, now):
    _ask(now)
    at_once(20, lambda _: _check(_wrong(_sent()), now))
    assert SignInCode.get().tries == 5


def test_eight_who_type_the_right_code_at_once_are_one(wang, now):
    _ask(now)
    code = _sent()
    met = at_once(8, lambda _: _check(code, now))
    assert met.count(True) == 1


def test_it_lives_five_minutes(wang, now):
    _ask(now)
    with refused("wrong-code", 422):
        _check(_sent(), now + 5 * MINUTE)
    assert _check(_sent(), now + 5 * MINUTE - SECOND)


def test_a_code_told_to_a_stranger_opens_nothing_there(wang, now):
    _ask(now)
    with refused("wrong-code", 422):
        _check(_sent(), now, asked_by="a stranger's browser")
    with refused("wrong-code", 422):
        _check(_sent(), now, purpose="bind")
    assert _check(_sent(), now)


def test_within_a_minute_there_is_no_second_code(wang, now):
    _ask(now)
    first = _sent()
    with refused("too-fast", 429) as met:
        _ask(now + 59 * SECOND)
    assert met.value.retry_after in (1, 2)
    assert OutboxMessage.select().count() == 1
    assert _check(first, now + 59 * SECOND)


def test_a_newer_code_replaces_the_older(wang, now):
    _ask(now)
    first = _sent()
    _ask(now + MINUTE)
    second = _sent()
    assert SignInCode.select().count() == 1
    if first != second:  # one time in a million they are equal
        with refused("wrong-code", 422):
            _check(first, now + MINUTE)
    assert _check(second, now + MINUTE)


def test_a_newer_code_has_its_own_five_tries(wang, now):
    _ask(now)
    for _ in range(5):
        with refused("wrong-code", 422):
            _check("x", now)
    _ask(now + MINUTE)
    assert _check(_sent(), now + MINUTE)


def test_eight_who_ask_at_once_cause_one_message(wang, now):
    met = at_once(8, lambda _: _ask(now))
    assert met.count(None) == 1
    assert {each.code for each in met if each} == {"too-fast"}
    assert OutboxMessage.select().count() == 1


def test_an_unknown_number_gets_the_same_answer_and_no_message(wang, now):
    assert _ask(now) == _ask(now, phone="13700000000")
    assert _sent("13700000000") is None
    for phone in (PHONE, "13700000000"):
        with refused("wrong-code", 422):
            _check("x", now, phone=phone)
        with refused("too-fast", 429):
            _ask(now + SECOND, phone=phone)


def test_binding_sends_to_a_number_nobody_has(cast, now):
    _ask(now, phone="13700000000", purpose="bind")
    assert _check(_sent("13700000000"), now, phone="13700000000", purpose="bind")


def test_a_bad_number_is_refused_beside_the_field(cast, now):
    with refused("bad-phone", 422):
        _ask(now, phone="12345")
    with refused("bad-phone", 422):
        _check("123456", now, phone="12345")


def test_five_codes_a_day_for_one_phone(wang, now, limited):
    for number in range(5):
        _ask(now + number * MINUTE)
    with refused("too-fast", 429):
        _ask(now + 5 * MINUTE)
    assert OutboxMessage.select().count() == 5


def test_a_refused_question_leaves_the_code_before_it_alone(wang, now, limited):
    for number in range(5):
        _ask(now + number * MINUTE)
    with refused("too-fast", 429):
        _ask(now + 5 * MINUTE)
    assert _check(_sent(), now + 5 * MINUTE)


def test_twenty_codes_a_day_for_one_address(cast, now, limited):
    for number in range(20):
        _ask(now, phone=f"137000000{number:02}")
    with refused("too-fast", 429):
        _ask(now, phone="13700000099")
    _ask(now, phone="13700000099", address="5.6.7.8")


def test_a_flood_of_messages_is_stopped_for_all(cast, now, limited):
    for number in range(100):
        _ask(now, phone=f"13700000{number:03}", address=f"10.0.0.{number}")
    with refused("too-fast", 429):
        _ask(now, phone="13700000999", address="10.0.1.1")


def test_a_recovery_code_from_the_host_opens_once(cast, now):
    code = doors.issue_recovery(cast.chen, cast.li, now)
    typed = f" {code[:4].lower()}-{code[4:].lower()} "
    assert doors.redeem_recovery(typed, now) == cast.chen.user
    with refused("wrong-code", 422):
        doors.redeem_recovery(code, now)
    line = AuditLog.select().where(AuditLog.action == "issue recovery").get()
    assert (line.actor_id, line.subject_id) == (cast.li.user_id, cast.chen.user_id)
    assert code not in line.before + line.after + line.reason
    assert RecoveryCode.get().code_digest != code


def test_eight_who_redeem_at_once_are_one(cast, now):
    code = doors.issue_recovery(cast.chen, cast.li, now)
    met = at_once(8, lambda _: doors.redeem_recovery(code, now))
    assert sum(isinstance(each, User) for each in met) == 1
    assert sum(isinstance(each, Refused) for each in met) == 7


def test_it_lives_a_day(cast, now):
    code = doors.issue_recovery(cast.chen, cast.li, now)
    with refused("wrong-code", 422):
        doors.redeem_recovery(code, now + timedelta(hours=24))
    assert doors.redeem_recovery(code, now + timedelta(hours=24) - SECOND)


def test_a_newer_one_replaces_it_even_when_asked_for_twice_at_once(cast, now):
    first = doors.issue_recovery(cast.chen, cast.li, now)
    doors.redeem_recovery(doors.issue_recovery(cast.chen, cast.li, now), now)
    at_once(4, lambda _: doors.issue_recovery(cast.chen, cast.li, now))
    assert RecoveryCode.select().count() == 1
    with refused("wrong-code", 422):
        doors.redeem_recovery(first, now)
    assert doors.redeem_recovery(doors.issue_recovery(cast.chen, cast.li, now), now)


@pytest.mark.parametrize("code", ["", None, "  ", "ABCDEFGH", "\0", "x" * 10_000, "' OR 1=1"])
def test_a_forged_one_opens_nothing(cast, now, code):
    doors.issue_recovery(cast.chen, cast.li, now)
    with refused("wrong-code", 422):
        doors.redeem_recovery(code, now)


def test_it_opens_no_closed_account_and_is_not_used_up_by_the_try(cast, now):
    code = doors.issue_recovery(cast.chen, cast.li, now)
    User.update(status="suspended").where(User.id == cast.chen.user_id).execute()
    with refused("wrong-code", 422):
        doors.redeem_recovery(code, now)
    assert RecoveryCode.get().used_at is None


def test_a_host_gives_no_key_to_more_rights_than_her_own(cast, now):
    """A neighbour here may be host in the next 小区, or work at HQ: her code would open that too (G2)."""
    members.appoint(members.join(cast.yangguangli, now, user=cast.wang.user), "host", cast.lin, now, "隔壁请她帮忙")
    sun = members.join(cast.cuihu, now, user=cast.sun)
    for stronger in (cast.wang, sun, cast.li):
        with refused("host-stays", 403):
            doors.issue_recovery(stronger, cast.li, now)
    assert RecoveryCode.select().count() == 0


def test_old_codes_are_forgotten(wang, cast, now):
    _ask(now)
    doors.issue_recovery(cast.chen, cast.li, now)
    doors.forget_old(now + timedelta(hours=12))
    assert (SignInCode.select().count(), RecoveryCode.select().count()) == (1, 1)
    doors.forget_old(now + timedelta(hours=30))
    assert (SignInCode.select().count(), RecoveryCode.select().count()) == (0, 1)
    doors.forget_old(now + timedelta(hours=49))
    assert RecoveryCode.select().count() == 0


def test_a_house_without_text_messages_says_so(wang, now, monkeypatch):
    monkeypatch.setattr(doors, "sends", False)
    with refused("no-texts", 422):
        _ask(now)
    assert not OutboxMessage.select().exists()
