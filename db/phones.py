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


# What shops and offices are called at: mobile and landline, 400 and 800, 95xxx, 10086 and 12345, 120.
_PUBLIC = re.compile(
    r"1[3-9]\d{9}|0(?:10|2\d)[2-9]\d{7}|0[3-9]\d{2}[2-9]\d{6,7}|[48]00\d{7}|[2-9]\d{6,7}|9[56]\d{3,4}|1[0-2]\d{3}|11[0-9]|12[0-2]",
    re.ASCII,
)


def normalize_public(text):
    """The digits of a number that a shop or an office gives to everybody, with 「转801」 where it has an extension; Refused
    beside the field `phone` otherwise."""
    typed = re.sub(r"[\s\-()·./\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]", "", unicodedata.normalize("NFKC", text or ""))
    number, turn, extension = re.sub(r"ext|分机|#|,", "转", typed.lower()).partition("转")
    if abroad := re.match(r"(?:\+|00)86", number):
        number = number[abroad.end() :]
        number = number if re.match(r"1[3-9]\d{9}$|0", number) else f"0{number}"
    number = re.sub(r"^86(?=1[3-9]\d{9}$)", "", number)
    if not _PUBLIC.fullmatch(number) or (turn and not re.fullmatch(r"\d{1,5}", extension, re.ASCII)):
        raise Refused("bad-phone", "请填写店里的电话：手机、带区号的座机，或 400、95 开头的号码", field="phone")
    return number + turn + extension


def spoken(number):
    """A public number in the pieces people read it in: 「021-6234 5678 转 801」."""
    digits, turn, extension = number.partition("转")
    if len(digits) == 11 and digits[0] == "1":
        digits = f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    elif digits[0] == "0":
        area = 3 if digits[1] in "12" else 4
        digits = f"{digits[:area]}-{digits[area:-4]} {digits[-4:]}"
    elif len(digits) == 10:
        digits = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    elif len(digits) > 6:
        digits = f"{digits[:-4]} {digits[-4:]}"
    return f"{digits} 转 {extension}" if turn else digits


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
