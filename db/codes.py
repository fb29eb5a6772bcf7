"""二维码 as the host of a 小区 has them printed: what each leads to, how often it was opened, and where else it may lead."""

from datetime import timedelta
from typing import NamedTuple

from db import scans, targets
from db.base import Refused
from db.scans import QrToken
from db.targets import Target
from db.words import clean_line

PAGE = 30
LATELY = timedelta(days=6)  # today and the six days before


class Sheet(NamedTuple):
    """A printed code as its host sees it."""

    token: QrToken
    state: str  # as QrToken.state, or gone: what it led to is not there any more
    target: Target | None  # None where the thing is not to be found, and for the door of the 小区
    scans: int
    lately: int

    @property
    def door(self):
        return self.token.purpose == "join"

    @property
    def title(self):
        """What stands above the code on paper."""
        if self.door:
            return "来邻里客厅坐坐"
        return self.token.label or (self.target.name if self.target else "")

    @property
    def printable(self):
        """Whether paper with it is good for something, now or soon."""
        return self.state in {"active", "early"}

    @property
    def changeable(self):
        """Whether it may still be led somewhere else."""
        return self.token.revoked_at is None and not self.door

    @property
    def letters(self):
        """The code in two halves, to be read and typed."""
        half = len(self.token.code) // 2
        return f"{self.token.code[:half]}-{self.token.code[half:]}"


def _sheets(neighborhood, tokens, now):
    there = targets.of(neighborhood, [(each.target_type, each.target_id) for each in tokens])
    counted = scans.sums([each.id for each in tokens], scans.day_of(now - LATELY))
    sheets = []
    for token in tokens:
        target, state = there.get((token.target_type, token.target_id)), token.state(now)
        if state == "active" and token.target_type and not (target and target.stands):
            state = "gone"
        sheets.append(Sheet(token, state, target, *counted.get(token.id, (0, 0))))
    return sheets


def listed(neighborhood, now, after=0):
    """One page of the codes of a 小区, the latest first, in one query a kind of thing and two more."""
    return _sheets(neighborhood, scans.listed(neighborhood, after, PAGE), now)


def one(neighborhood, token_id, now):
    """One of them, or None."""
    token = scans.find_here(neighborhood, token_id)
    return _sheets(neighborhood, [token], now)[0] if token else None


def days_of(sheet, now):
    """[(day, scans)] of the last seven days, today last; days without a scan too."""
    days = [scans.day_of(now - LATELY + timedelta(days=number)) for number in range(7)]
    counted = scans.tallies([sheet.token.id], days[0]).get(sheet.token.id, {})
    return [(day, counted.get(day, 0)) for day in days]


def _found(host, word):
    target = targets.named(host.neighborhood, word)
    if target is None or not target.stands:
        raise Refused("no-target", "请选一个还在的内容，扫码的人才看得到", field="target")
    return target


def make(host, word, now, *, label="", opens_at=None, closes_at=None):
    """(token, whether it is new): the code of the thing a form names as `post-12`. A thing has one code: it keeps the label
    and the days it was made with. Refused beside the field: nothing of this 小区 that everybody may see, an end that is over."""
    target = _found(host, word)
    label = clean_line(label, 40, "label", "印在纸上的话")
    if closes_at is not None and closes_at <= max(opens_at or now, now):
        raise Refused("bad-dates", "结束要晚于开始，也要晚于现在", field="closes_at")
    purpose = targets.KINDS[target.type].purpose
    had = scans.codes_for(host.neighborhood, target.type, [target.id]).get(target.id)
    code = scans.view_code(
        host.neighborhood, purpose, target.type, target.id, host, now, label, not_before=opens_at, expires_at=closes_at
    )
    return scans.find(code), code != had


def point(token, host, word, now, reason):
    """Let what is printed lead to another thing of this 小区, with a reason (R42)."""
    target = _found(host, word)
    if (target.type, target.id) == (token.target_type, token.target_id):
        raise Refused("same-target", "它现在就是去这里的", field="target")
    purpose = targets.KINDS[target.type].purpose
    scans.retarget(token, target.type, target.id, host, now, reason, purpose=purpose)
