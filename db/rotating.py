"""Codes that grow old by themselves: a few letters made from a secret, a purpose and the hour; no row holds them (S8, R42).

A code opens nothing by itself: it says that somebody stood where it was shown, and whoever acts is known by other means.
"""

import hmac
import json
import unicodedata
from datetime import timedelta
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.base import CODE_LETTERS

LENGTH = 6  # 244 million: typed from a wall, and nobody guesses one while it lasts
SLOT = 30  # seconds that a code on a screen lives; it is taken for one slot more, as people need time to aim
DAY_BEGINS = timedelta(hours=8 - 4)  # 04:00 in Shanghai: a market that ends after midnight keeps its code
EPOCH_DAY = 719163  # 1970-01-01 as an ordinal

_house = {"secrets": ()}


def use(secret, older=()):
    """The secrets of this process: the first one makes codes, all of them are taken."""
    _house["secrets"] = (secret, *older)


@lru_cache(64)
def _key(secret, purpose):
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"linli code {purpose}".encode()).derive(secret.encode())


def _made(secret, purpose, ids, slot):
    told = json.dumps([*ids, slot], separators=(",", ":")).encode()
    number = int.from_bytes(hmac.digest(_key(secret, purpose), told, "sha256"))
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[rest])
    return "".join(letters)


def code(purpose, ids, slot):
    """The code of a purpose for these ids (numbers or words) in a slot: a number from `slot_at`, or a day from `venue_day`."""
    return _made(_house["secrets"][0], purpose, ids, slot)


def typed(given):
    """What a person typed or read aloud as a code: capitals, half-width, no blanks or dashes."""
    text = unicodedata.normalize("NFKC", given or "")
    return "".join(letter for letter in text if not letter.isspace() and letter not in "-—–·.").upper()


def _is_one_of(purpose, ids, given, slots):
    """Compared with every code it might be, always all of them: how long it takes tells nothing."""
    given = typed(given).encode()
    might_be = [_made(secret, purpose, ids, slot).encode() for secret in _house["secrets"] for slot in slots]
    return sum(hmac.compare_digest(given, each) for each in might_be) > 0


def slot_at(now, seconds=SLOT):
    """The number of the slot of so many seconds in which `now` lies."""
    return _seconds(now) // seconds


def left(now, seconds=SLOT):
    """How many seconds this slot still has: when a screen should show the next code."""
    return seconds - _seconds(now) % seconds


def _seconds(now):
    return (now.toordinal() - EPOCH_DAY) * 86_400 + now.hour * 3600 + now.minute * 60 + now.second


def check(purpose, ids, given, now, seconds=SLOT):
    """Whether this is the code of now, or of the slot before."""
    slot = slot_at(now, seconds)
    return _is_one_of(purpose, ids, given, (slot, slot - 1))


def venue_day(now):
    """The day of a venue, as 2026-03-20: it begins at 04:00 in Shanghai."""
    return f"{now + DAY_BEGINS:%Y-%m-%d}"


def todays(purpose, ids, now):
    """The code that hangs at the venue today."""
    return code(purpose, ids, venue_day(now))


def is_todays(purpose, ids, given, now):
    """Whether this is today's code of the venue; yesterday's photo of it is worth nothing."""
    return _is_one_of(purpose, ids, given, (venue_day(now),))
