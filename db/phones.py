"""Phone numbers: one spelling, encrypted where they rest, found again by a keyed digest, shown masked (S14, G10)."""

import base64
import hashlib
import hmac
import re
import unicodedata

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.base import Refused

_keys = {}


def _derive(secret, purpose):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def use_secret(secret, older=()):
    """Derive the keys of this process; `older` secrets still open what they sealed."""
    boxes = [Fernet(base64.urlsafe_b64encode(_derive(each, "linli phones"))) for each in (secret, *older)]
    _keys["box"] = MultiFernet(boxes)
    _keys["digest"] = _derive(secret, "linli digests")


def normalize(text):
    """The 11 digits of a mainland mobile number, whatever way it was typed; Refused beside the field `phone` otherwise."""
    # An address book adds marks of writing direction that nobody sees.
    digits = re.sub(r"[\s\-()\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", unicodedata.normalize("NFKC", text or ""))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    if not re.fullmatch(r"1[3-9]\d{9}", digits, re.ASCII):
        raise Refused("bad-phone", "请填写 11 位手机号码", field="phone")
    return digits


def digest(purpose, text):
    """A keyed digest: equal texts give equal digests, and nobody without the key can try them all."""
    return hmac.new(_keys["digest"], f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def seal(text):
    """Encrypted, for keeping; only `unseal` with one of our keys reads it again."""
    return _keys["box"].encrypt(text.encode()).decode()


def unseal(token):
    """What was sealed, in clear; raises InvalidToken when none of our keys made it."""
    return _keys["box"].decrypt(token.encode()).decode()


def mask(phone):
    """「138****8000」, for logs and pages."""
    return f"{phone[:3]}****{phone[-4:]}"
