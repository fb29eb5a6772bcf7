"""Who might be asked to be a 生活大使: found by what she did for others, never by what she bought (R46, R32)."""

from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from peewee import fn

from db.activity import Action
from db.ambassadors import OPEN, QUIET, Ambassador, AmbassadorCall
from db.members import Membership
from db.people import User

LOOKS_BACK = timedelta(days=90)
MOST_READ = 3000  # neighbours of one 小区
# What shows that a neighbour cares for others, and how the host reads it.
DEEDS = {
    "aid": "帮忙", "event": "办活动", "post": "发帖", "topic_reply": "回话题", "made": "跟着做", "comment": "评论",
    "check_in": "来活动",
}  # fmt: skip


class Candidate(NamedTuple):
    member: Membership
    why: str


def of(event, now, limit=60):
    """Neighbours who may be asked: first those who did most for others in ninety days, each with the reason in a sentence, then
    the others. Who is asked, is in or has said no just now is not among them."""
    lately = (Action.neighborhood == event.neighborhood_id) & (Action.at > now - LOOKS_BACK) & Action.kind.in_(list(DEEDS))
    rows = Action.select(Action.membership, Action.kind, fn.COUNT(Action.id)).where(lately)
    did = {}
    for member, kind, many in rows.group_by(Action.membership, Action.kind).tuples():
        did.setdefault(member, Counter())[kind] = many
    said_no = (Ambassador.state == "declined") & (Ambassador.answered_at > now - QUIET)
    out = Ambassador.select(Ambassador.member).join(AmbassadorCall).where(AmbassadorCall.event == event.id)
    out = out.where(Ambassador.state.in_(OPEN) | said_no)
    here = (Membership.neighborhood == event.neighborhood_id) & (Membership.status == "active") & (Membership.role == "resident")
    people = Membership.select(Membership, User).join(User).where(here & Membership.id.not_in(out))
    none = Counter()
    best = sorted(people.limit(MOST_READ), key=lambda member: (-did.get(member.id, none).total(), member.id))[:limit]
    return [Candidate(member, _why(did[member.id]) if member.id in did else "") for member in best]


def _why(deeds):
    told = sorted(deeds.items(), key=lambda each: (-each[1], list(DEEDS).index(each[0])))[:3]
    return "近三个月" + "、".join(f"{DEEDS[kind]} {many} 次" for kind, many in told)
