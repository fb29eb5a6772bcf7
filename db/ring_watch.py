"""The nightly look at who praises whom: pairs whose likes and taps go mostly to each other are listed for HQ (abuse case 14)."""

from datetime import timedelta

from peewee import fn

from db import notices, points, rings
from db.base import writing
from db.likes import Like
from db.members import Membership
from db.people import User
from db.point_entries import PointEntry
from db.posts import Post

LATELY = timedelta(days=14)
SHARE = 0.7  # of all that the two gave
LEAST = 3  # each to the other: two neighbours who like each other's one post are no ring


def _given(now):
    """{(who, to whom): how often} of likes, and of taps that earned, in these two weeks; nobody counts for herself."""
    since = now - LATELY
    liked = (
        Like.select(Like.member, Post.author, fn.COUNT(Like.id))
        .join(Post)
        .where((Like.at >= since) & (Like.member != Post.author))
        .group_by(Like.member, Post.author)
    )
    giver = Membership.alias()
    tapped = (
        PointEntry.select(giver.id, PointEntry.membership, fn.COUNT(PointEntry.id))
        .join(Membership, on=PointEntry.membership == Membership.id)
        .join(giver, on=(giver.user == PointEntry.created_by) & (giver.neighborhood == Membership.neighborhood))
        .where(PointEntry.rule.in_(points.GIVEN) & (PointEntry.kind == "earn") & PointEntry.answers.is_null())
        .where(PointEntry.at >= since)
        .group_by(giver.id, PointEntry.membership)
    )
    found = {}
    for query in (liked, tapped):
        for who, to, many in query.tuples():
            found[who, to] = found.get((who, to), 0) + many
    return found


def watch(now):
    """Note every pair of whose likes and taps at least SHARE went to each other; HQ is told once a night. Returns how many are
    new (the clock calls it)."""
    given = _given(now)
    all_of = {}
    for (who, _), many in given.items():
        all_of[who] = all_of.get(who, 0) + many
    pairs = []
    for (one, other), there in given.items():
        back = given.get((other, one), 0)
        mutual, total = there + back, all_of[one] + all_of.get(other, 0)
        if one < other and min(there, back) >= LEAST and mutual >= SHARE * total:
            pairs.append((one, other, mutual, total))
    homes = {row.id: row.neighborhood_id for row in Membership.select().where(Membership.id.in_([pair[0] for pair in pairs]))}
    with writing():
        new = sum(rings.note(homes[one], one, other, mutual, total, now) for one, other, mutual, total in pairs)
        if new:
            hq = [user.id for user in User.select(User.id).where(User.staff == "hq")]
            notices.tell(hq, "desk", f"有 {new} 对邻居总是互相点赞，请看一眼", "/hq/points/rings", now, key="rings")
    return new
