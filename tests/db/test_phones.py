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
