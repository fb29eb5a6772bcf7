"""Numbers people type, and those in addresses: whole ones in plain digits (S16)."""

import re

from db.base import Refused


def whole(text, field):
    """「12」, 「-5」 as an int; Refused beside `field` for anything else."""
    text = (text or "").strip()
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text, re.ASCII):
        raise Refused("bad-number", "请写一个整数，比如 10", field=field)
    return int(text)


def before(text):
    """The id a page goes on before; 0, the first page, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
