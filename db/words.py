"""Words people type: one normal form, nothing that cannot be stored or seen, never longer than their column (S16)."""

import unicodedata

from opencc import OpenCC

from db.base import Refused

_simplified = OpenCC("t2s")

BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters by name, nothing to the eye


def clean_text(text, longest, field, called):
    """Several lines: NFC, newlines as \\n, no control characters; Refused beside `field` when longer than `longest`."""
    text = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > longest:
        raise Refused("too-long", f"{called}最多 {longest} 个字，现在有 {len(text)} 个", field=field)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text):
        raise Refused("bad-letters", f"{called}里有看不见的控制字符，请删掉再试", field=field)
    return text if any(_is_seen(letter) for letter in text) else ""


def _is_seen(letter):
    return letter not in BLANK_LETTERS and unicodedata.category(letter) not in {"Cf", "Co", "Mn", "Zs", "Zl", "Zp"}


def clean_line(text, longest, field, called):
    """One line with single spaces, otherwise like `clean_text`."""
    return clean_text(" ".join((text or "").split()), longest, field, called)


def fold(text):
    """What a reader takes for the same is the same: full-width and half-width letters, capitals, traditional characters."""
    return _simplified.convert(unicodedata.normalize("NFKC", text)).casefold()
