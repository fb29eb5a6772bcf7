"""A name people can call, a password nobody can guess, a phone that is one person's."""

import pytest

from db import people, phones
from db.people import User
from tests.make import at_once, refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王阿姨", "王阿姨"),
        ("  王   阿姨 ", "王 阿姨"),
        ("樱花🌸", "樱花🌸"),
        ("小明👨\u200d👩\u200d👧", "小明👨\u200d👩\u200d👧"),
        ("❤️妈妈", "❤️妈妈"),
        ("👋🏽", "👋🏽"),
        ("cafe\u0301", "café"),
        ("一二三四五六七八九十甲乙", "一二三四五六七八九十甲乙"),
        ("<b>王</b>", "<b>王</b>"),
        ("3栋老李", "3栋老李"),
        ("刘\u3000姐", "刘 姐"),
    ],
)
def test_these_are_names(typed, kept):
    assert people.clean_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", None, "   ", "\u3000", "一二三四五六七八九十甲乙丙", "好" * 10_000,
     "王\0阿姨", "王\x07", "王\u200b阿姨", "\u200d", "王\u202e姨",
     "\ufeff王", "\u3164", "\u2800", "\ufe0f", "王\u200d姨", "\ue000", "\ud800"],
)  # fmt: skip
def test_these_are_not(typed):
    with refused("bad-name", 422) as met:
        people.clean_name(typed)
    assert met.value.field == "name"


@pytest.mark.parametrize("typed", ["官方小助手", "翠湖管理员", "绿洲总部", "客服001", "官 方"])
def test_nobody_is_called_like_an_office(typed):
    with refused("bad-name", 422):
        people.clean_name(typed)


def test_a_new_account_asks_for_no_phone_and_no_password(db, now):
    user = User.get_by_id(people.create("王阿姨", now).id)
    assert (user.name, user.staff, user.status, user.look) == ("王阿姨", "", "active", "standard")
    assert (user.phone_digest, user.password_hash, user.masked_phone) == (None, None, "")
    assert (user.created_at, user.consented_at) == (now, now)


def test_one_can_take_another_name(cast):
    people.rename(cast.wang.user, "王大姐")
    assert User.get_by_id(cast.wang.user_id).name == "王大姐"
    with refused("bad-name", 422):
        people.rename(cast.wang.user, "")
    assert User.get_by_id(cast.wang.user_id).name == "王大姐"


def test_the_look_is_remembered_and_an_unknown_one_refused(cast):
    people.choose_look(cast.chen.user, "elder", "dark")
    chen = User.get_by_id(cast.chen.user_id)
    assert (chen.look, chen.scheme) == ("elder", "dark")
    for look, scheme in (("huge", "dark"), ("elder", "pink"), ("", "")):
        with refused("bad-look", 422):
            people.choose_look(cast.chen.user, look, scheme)


def test_a_phone_finds_its_person_in_any_spelling(cast):
    people.bind_phone(cast.wang.user, "138 1234 5678")
    assert people.by_phone("+86 138-1234-5678").id == cast.wang.user_id
    assert people.by_phone("13812345679") is None
    wang = User.get_by_id(cast.wang.user_id)
    assert wang.masked_phone == "138****5678"
    assert "13812345678" not in wang.phone_sealed
    assert phones.unseal(wang.phone_sealed) == "13812345678"


def test_a_phone_is_one_persons(cast):
    people.bind_phone(cast.wang.user, "13812345678")
    people.bind_phone(cast.wang.user, "13812345678")  # her own again
    with refused("phone-taken", 422):
        people.bind_phone(cast.zhao.user, "13812345678")
    assert people.by_phone("13812345678").id == cast.wang.user_id


def test_two_who_claim_a_phone_at_once_do_not_both_get_it(cast):
    crowd = [cast.wang, cast.zhao, cast.chen, cast.zhou]
    met = at_once(4, lambda number: people.bind_phone(crowd[number].user, "13812345678"))
    assert met.count(None) == 1
    assert [each.code for each in met if each] == ["phone-taken"] * 3


def test_a_closed_account_is_not_found_by_its_phone(cast):
    people.bind_phone(cast.wang.user, "13812345678")
    User.update(status="suspended").where(User.id == cast.wang.user_id).execute()
    assert people.by_phone("13812345678") is None


def test_the_password_opens_and_a_wrong_one_does_not(cast):
    people.bind_phone(cast.li.user, "13900000001")
    people.keep_password(cast.li.user, people.hash_password("八个字符的密码呀"))
    assert people.check_password("139 0000 0001", "八个字符的密码呀").id == cast.li.user_id
    for wrong in ("八个字符的密码", "", None, "x" * 100_000):
        assert people.check_password("13900000001", wrong) is None


def test_who_has_no_password_or_does_not_exist_gets_the_same_answer(cast):
    people.bind_phone(cast.wang.user, "13812345678")
    for phone in ("13812345678", "13700000000"):
        for guess in ("", None, "nobody has this password", "whatever it is"):
            assert people.check_password(phone, guess) is None


def test_a_suspended_person_is_not_let_in_with_the_right_password(cast):
    people.bind_phone(cast.li.user, "13900000001")
    people.keep_password(cast.li.user, people.hash_password("long enough"))
    User.update(status="suspended").where(User.id == cast.li.user_id).execute()
    assert people.check_password("13900000001", "long enough") is None


def test_a_password_has_8_to_128_characters_and_rests_as_scrypt():
    assert people.hash_password("12345678").startswith("scrypt:")
    assert people.hash_password("密" * 128)
    for wrong in ("", None, "1234567", "密" * 129):
        with refused("bad-password", 422):
            people.hash_password(wrong)
