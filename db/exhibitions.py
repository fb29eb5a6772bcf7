"""The printed exhibition of a contest and its screen at the market: what hangs, in which order, and what it may say (R49, X7).

Only works on the wall whose authors said yes to printing; a no said later holds from then on, on paper and on the screen.
"""

import re
from datetime import date, timedelta
from typing import NamedTuple

from peewee import JOIN, fn

from db import links, rotating, scans
from db.base import Refused
from db.entries import Entry
from db.members import Membership
from db.photos import Photo
from db.scans import QrToken, ScanTally

ORDERS = {"no": "编号", "spot": "拍摄地点", "building": "作者楼栋"}
VENUE = "venue"  # the purpose of the code that hangs at the market, new every day (db/rotating.py)
DAYS_AHEAD = 14  # no more sheets with a code of the day than these
TURN = 15  # seconds a work stays on the screen


class Hung(NamedTuple):
    """A work as it hangs."""

    place: int  # 1, 2, 3 … in the order of hanging
    id: int
    no: int
    caption: str
    signed: str
    spot: str
    building: str
    photo: str  # the code of its photo
    width: int
    height: int
    code: str  # of its QR; empty until it is made

    @property
    def wide(self):
        """Whether its sheet lies across; the photo decides."""
        return self.width > self.height


def _may_hang(contest):
    """Approved, printable, and not veiled while a report is looked into."""
    shown = (Entry.state == "approved") & Entry.veiled_at.is_null()
    return (Entry.contest == contest.id) & shown & (Entry.print_consent == True)  # noqa: E712


def hanging(contest, order="no"):
    """The works that may be printed, in this order (see ORDERS), those without a place or building last; with their codes."""
    rows = (
        Entry.select(
            *(Entry.id, Entry.no, Entry.caption, Entry.signed, Entry.spot, Membership.building),
            *(Photo.code, Photo.width, Photo.height),
        )
        .join(Photo)
        .switch(Entry)
        .join(Membership)
        .where(_may_hang(contest))
        .order_by(Entry.no)
        .tuples()
    )
    codes = scans.codes_for(contest.neighborhood, "entry", [row[0] for row in rows])
    works = [Hung(0, *row, codes.get(row[0], "")) for row in rows]
    if order in {"spot", "building"}:
        works.sort(key=lambda work: _natural(getattr(work, order)))  # of the same place by number, as they were
    return [work._replace(place=place) for place, work in enumerate(works, 1)]


def _natural(words):
    """3栋 stands before 11栋, and what says nothing stands last."""
    parts = re.split(r"(\d+)", words)
    return not words, [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def left_out(contest):
    """[(how many, why)]: works that were sent in and cannot be printed."""
    why = {"submitted": "等您看，通过了才上墙", "returned": "退回给作者修改了"}
    found = {}
    sent = (Entry.contest == contest.id) & Entry.state.in_(("approved", *why))
    rows = Entry.select(Entry.state, Entry.print_consent, Entry.veiled_at, Photo.id).join(Photo, JOIN.LEFT_OUTER).where(sent)
    for state, consent, veiled, photo in rows.tuples():
        if state == "approved" and consent and photo and not veiled:
            continue
        told = why.get(state) or ("有人举报，看过再说" if veiled else "作者没有同意打印" if photo else "照片已经撤下")
        found[told] = found.get(told, 0) + 1
    return [(many, told) for told, many in found.items()]


def make_codes(contest, host, now):
    """A code for each work that hangs and for the wall, where there is none; returns how many are new. A code once printed
    stays the code of its work."""
    missing = [work for work in hanging(contest) if not work.code]
    labels = {work.id: f"{work.no} 号《{work.caption}》"[:40] for work in missing}
    place = contest.neighborhood
    if missing:
        scans.view_codes(place, "work", "entry", list(labels), host, now, labels)
    if not code_of_wall(contest):
        scans.view_code(place, "wall", "contest", contest.id, host, now, f"{contest.title}：展览墙"[:40])
        return len(missing) + 1
    return len(missing)


def code_of_wall(contest):
    """The code that leads to the contest itself; empty until it is made."""
    return scans.codes_for(contest.neighborhood, "contest", [contest.id]).get(contest.id, "")


def refuse_unshown(contest, now):
    """Refused where there is nothing to hang yet, or no more (409)."""
    if contest.phase(now) in {"draft", "cancelled"}:
        raise Refused("nothing-hangs", "比赛还没开始，先不用印" if contest.state == "draft" else "这场比赛取消了，作品不再展出")


# At the market: today's code says that somebody is there; the screen shows it only where the host opened it.


def venue_code(contest, day):
    """The code that hangs at the market on this day (`rotating.venue_day`)."""
    return rotating.code(VENUE, [contest.id], day)


def is_venue_code(contest, given, now):
    """Whether somebody who says this stood at the market today."""
    return rotating.is_todays(VENUE, [contest.id], given, now)


def venue_path(contest, code):
    """Where the QR of the venue leads: the wall, with today's code in its hand."""
    return f"/n/{contest.neighborhood.slug}/contests/{contest.id}?venue={code}"


def venue_days(contest, now):
    """The days on which visitors vote, from today on, as 2026-03-20; none where the vote is over or called off."""
    if contest.phase(now) not in {"coming", "collecting", "screening", "voting"}:
        return []
    first = date.fromisoformat(rotating.venue_day(max(now, contest.voting_opens_at)))
    last = date.fromisoformat(rotating.venue_day(contest.voting_closes_at - timedelta(seconds=1)))
    many = min((last - first).days + 1, DAYS_AHEAD)
    return [(first + timedelta(days=number)).isoformat() for number in range(many)]


def screen_key(contest, day):
    """What lets a screen without an account show the code of this one day."""
    return links.sign("board", contest.id, day)


def opens_screen(contest, key, now):
    """Whether this key is for this contest and today."""
    return links.read("board", key, 2) == [contest.id, rotating.venue_day(now)]


class Screen(NamedTuple):
    """The figures of the market's screen: never a vote, never a rank."""

    works: int  # all on the wall
    scans: int  # of the codes of this contest, today
    code: str  # of today, where this screen may show it and people may vote


def screen(contest, now, *, may_show_code):
    """The figures as they are now."""
    code = venue_code(contest, rotating.venue_day(now)) if may_show_code and contest.takes_votes(now) else ""
    return Screen(contest.approved, scans_today(contest, now), code)


def scans_today(contest, now):
    """How often the printed codes of a contest and of its works were opened today; a number about nobody (db/scans.py)."""
    works = Entry.select(Entry.id).where(Entry.contest == contest.id)
    to_wall = (QrToken.target_type == "contest") & (QrToken.target_id == contest.id)
    to_work = (QrToken.target_type == "entry") & QrToken.target_id.in_(works)
    mine = (QrToken.neighborhood == contest.neighborhood_id) & (to_wall | to_work)
    counted = ScanTally.select(fn.SUM(ScanTally.scans)).join(QrToken).where(mine & (ScanTally.day == scans.day_of(now)))
    return int(counted.scalar() or 0)


def on_screen(contest, now):
    """The work whose turn it is: each as long and as often as the others, by the clock, so that all screens show the same."""
    shown = Entry.select(Entry, Photo).join(Photo).where(_may_hang(contest))
    if not (many := shown.count()):
        return None
    return shown.order_by(Entry.no).offset(rotating.slot_at(now, TURN) % many).limit(1).first()
