"""户: one home's share, where a gift or a scarce reward is for each home once (R29, I5).

A neighbour says her building and door when she asks for such a thing, and at no other time. What is kept is a keyed digest that
nobody can read back (G10): it tells only whether the same home asked before, and goes away when the thing is over.
"""

import re
import unicodedata

from db import phones
from db.base import Refused
from db.words import clean_line

_DIGITS = str.maketrans("零〇一二三四五六七八九两", "001234567892")
_TENS = re.compile(r"(?<![0-9百])([1-9]?)十([0-9]?)(?![0-9])")
_HUNDREDS = re.compile(r"(?<![0-9])([1-9])百(?:([1-9]?)十([1-9]?)|0([1-9]))?(?![0-9十])")


def _hundred(found):
    hundreds, tens, ones, one = found.groups()
    return f"{hundreds}{0 if tens is None else tens or 1}{ones or one or 0}"


def _figures(text):
    """「十二」, 「三十二」, 「一百零五」 and 「二〇一」 are said in figures: 12, 32, 105 and 201."""
    written = _HUNDREDS.sub(_hundred, text.translate(_DIGITS))
    return _TENS.sub(lambda found: f"{found[1] or 1}{found[2] or 0}", written)


def _parts(text):
    """「3栋 2单元 0501」 and 「3-2-501」 are the same door: its letters and numbers, in their order."""
    folded = _figures(unicodedata.normalize("NFKC", text).upper())
    return [part.lstrip("0") or "0" for part in re.findall(r"[0-9]+|[A-Z]+", folded)]


def key(neighborhood_id, building, door):
    """The digest of a home in this 小区; Refused beside the field where building or door is missing."""
    building, door = clean_line(building, 12, "building", "楼栋"), clean_line(door, 12, "door", "门牌")
    if not _parts(building):
        raise Refused("bad-home", "请写楼栋，比如「3栋」", field="building")
    if not re.search(r"[0-9]", _figures(unicodedata.normalize("NFKC", door))):
        raise Refused("bad-home", "请写单元和门牌号，比如「2单元501」", field="door")
    return phones.digest("household", f"{neighborhood_id} {'-'.join(_parts(building) + _parts(door))}")
