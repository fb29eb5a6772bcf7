"""A phone number has one spelling, rests encrypted, and is shown masked."""

import pytest
from cryptography.fernet import InvalidToken

from db import phones
from tests.make import refused


@pytest.mark.parametrize(
    "typed",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+8613812345678",
        "+86 138 1234 5678",
        "008613812345678",
        "8613812345678",
        "(138)12345678",
        "１３８１２３４５６７８",
        "＋８６ １３８１２３４５６７８",
        "138\u30001234\u30005678",
        "\u202d13812345678\u202c",  # as an iPhone's address book copies it
        "13812345678\n",
    ],
)
def test_the_same_number_is_the_same_however_it_is_typed(typed):
    assert phones.normalize(typed) == "13812345678"


@pytest.mark.parametrize(
    "typed",
    ["", None, "   ", "1381234567", "138123456789", "12812345678", "03812345678", "010-12345678", "+1 3812345678", "8613812345",
     "1381234567a", "一三八一二三四五六七八", "١٣٨١٢٣٤٥٦٧٨", "13812345678;1", "1" * 10_000, "13812345678\0", "-13812345678x"],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused_beside_the_field(typed):
    with refused("bad-phone", 422) as met:
        phones.normalize(typed)
    assert met.value.field == "phone"


def test_a_number_rests_sealed_and_opens_again(db):
    sealed = phones.seal("13812345678")
    assert "13812345678" not in sealed
    assert sealed != phones.seal("13812345678")
    assert phones.unseal(sealed) == "13812345678"


def test_a_digest_is_equal_for_equal_numbers_and_for_one_purpose(db):
    assert phones.digest("phone", "13812345678") == phones.digest("phone", "13812345678")
    assert phones.digest("phone", "13812345678") != phones.digest("phone", "13812345679")
    assert phones.digest("phone", "13812345678") != phones.digest("code", "13812345678")
    assert len(phones.digest("phone", "13812345678")) == 64


def test_an_older_secret_still_opens_what_it_sealed(db, config):
    sealed = phones.seal("13812345678")
    try:
        phones.use_secret("a new secret, long enough for a test", older=[config.secret_key])
        assert phones.unseal(sealed) == "13812345678"
        phones.use_secret("a new secret, long enough for a test")
        with pytest.raises(InvalidToken):
            phones.unseal(sealed)
    finally:
        phones.use_secret(config.secret_key)


def test_the_mask_hides_the_middle():
    assert phones.mask("13812345678") == "138****5678"


@pytest.mark.parametrize(
    ("typed", "kept", "spoken"),
    [
        ("138 0013 8000", "13800138000", "138 0013 8000"),
        ("+86 13800138000", "13800138000", "138 0013 8000"),
        ("021-6234 5678", "02162345678", "021-6234 5678"),
        ("（０２１）６２３４５６７８", "02162345678", "021-6234 5678"),
        ("+86 21 62345678", "02162345678", "021-6234 5678"),
        ("0571-8765432", "05718765432", "0571-876 5432"),
        ("62345678 转 801", "62345678转801", "6234 5678 转 801"),
        ("400-123-4567", "4001234567", "400-123-4567"),
        ("95338", "95338", "95338"),
        ("12345", "12345", "12345"),
        ("120", "120", "120"),
    ],
)
def test_a_shops_number_may_be_of_any_kind_that_people_call(typed, kept, spoken):
    assert phones.normalize_public(typed) == kept and phones.spoken(kept) == spoken


@pytest.mark.parametrize(
    "typed",
    ["", None, "老王", "1", "12", "12812345678", "000000", "1380013800", "138001380000", "021-12345678", "62345678转",
     "62345678转一", "+1 2125550123", "1e309", "-1", "1" * 10_000, "13800138000\0"],
)  # fmt: skip
def test_what_nobody_could_call_is_refused_beside_the_field(typed):
    with refused("bad-phone", 422) as met:
        phones.normalize_public(typed)
    assert met.value.field == "phone"
