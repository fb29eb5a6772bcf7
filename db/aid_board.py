"""The page of a 小区 that shows who needs a hand: the open requests, one's own, and how well it works (R28)."""

from datetime import timedelta
from statistics import median
from typing import NamedTuple

from db import blocks, likes
from db.members import Membership
from db.mutual_aid import KINDS, Aid, AidOffer
from db.people import User
from db.posts import Post

PAGE = 20
LOOKED_BACK = timedelta(days=90)


class Board(NamedTuple):
    listed: list  # posts, thin: id and version
    after: int  # the id to go on after, 0 on the last page
    liked: set


def open_now(neighborhood, member, now, *, aid_kind="", after=0):
    """One page of what waits for a neighbour, latest first: what a guest (None) may see, or all but whom she has blocked."""
    wanted = (Aid.neighborhood == neighborhood.id) & (Aid.state == "open") & (Aid.expires_at > now) & (Post.state == "published")
    wanted &= Post.kind == "help"  # the host may have put it elsewhere (db/mixes.py)
    if aid_kind in KINDS:
        wanted &= Aid.aid_kind == aid_kind
    if member is None:
        wanted &= Post.visibility == "public"
    if without := blocks.blocked_by(member):
        wanted &= Post.author.not_in(without)
    if after:
        wanted &= Aid.id < after
    rows = list(Aid.select(Aid.id, Post.id, Post.version).join(Post).where(wanted).order_by(Aid.id.desc()).limit(PAGE + 1))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    listed = [row.post for row in rows]
    return Board(listed, rows[-1].id if more else 0, likes.liked_by(member, [post.id for post in listed]))


def asked_by(member, limit=20):
    """What this neighbour has asked for or held out, latest first."""
    hers = (Post.author == member.id) & Post.state.not_in(("withdrawn", "rejected", "removed", "purged"))
    return list(Aid.select(Aid, Post).join(Post).where(hers).order_by(Post.id.desc()).limit(limit))


def taken_by(member, limit=20):
    """What she has offered to do, latest first: each offer with its request and who asked. Posts out of sight are left out."""
    found = AidOffer.select(AidOffer, Aid, Post, Membership, User).join(Aid).join(Post).join(Membership).join(User)
    hers = (AidOffer.helper == member.id) & (AidOffer.state != "withdrawn") & (Post.state == "published")
    return list(found.where(hers).order_by(AidOffer.id.desc()).limit(limit))


class Figures(NamedTuple):
    """`rate` = found ÷ (found + run out without anybody), of what was asked in the last 90 days, or None."""

    found: int
    missed: int
    rate: int | None  # percent
    minutes: float | None  # the median from being seen to being matched


def figures(neighborhood, now):
    """How well the 小区 helps itself, for its host."""
    lately = (Aid.neighborhood == neighborhood.id) & (Post.published_at > now - LOOKED_BACK)
    rows = Aid.select(Aid.state, Aid.matched_at, Post.published_at).join(Post).where(lately).order_by(Aid.id.desc()).limit(5000)
    waits, missed = [], 0
    for state, matched_at, published_at in rows.tuples():
        if matched_at:
            waits.append((matched_at - published_at).total_seconds() / 60)
        else:
            missed += state == "expired"
    decided = len(waits) + missed
    rate = round(100 * len(waits) / decided) if decided else None
    return Figures(len(waits), missed, rate, median(waits) if waits else None)
