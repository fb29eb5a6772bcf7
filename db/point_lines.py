"""The lines of 我的积分 as one reads them: entries with the title of what they are about, as it is called now.

Entries hold no words of people (I18); what is gone or hidden has no title here either.
"""

from typing import NamedTuple

from db import point_entries, point_rules, points
from db.audit import AuditLog
from db.comments import Comment
from db.entries import Entry
from db.events import Event
from db.mutual_aid import Aid
from db.point_entries import PointEntry
from db.posts import SEEN, Post
from db.redemptions import Redemption
from db.registrations import Registration
from db.rewards import Reward

PAGE = point_entries.PAGE


class Shown(NamedTuple):
    entry: PointEntry
    title: str
    path: str  # below the 小区, or empty


class Earning(NamedTuple):
    """One way to earn, for somebody who reads how."""

    called: str
    how: str
    points: int
    daily_cap: int
    left: int  # today; with no cap as much as it pays
    waits: bool


def _titles(kind, ids, member):
    """{id: (title, path)} of the things of one kind that this neighbour may read now."""
    if kind in {"Post", "Made"}:
        here = Post.id.in_(ids) & Post.state.in_((*SEEN, "hidden"))
        found = [post for post in Post.select().where(here) if post.readable_by(member)]
        return {post.id: ((post.title or post.body)[:24] or "照片", f"posts/{post.id}") for post in found}
    if kind == "Comment":
        here = Comment.id.in_(ids) & (Comment.state == "published") & Post.state.in_(SEEN)
        rows = Comment.select(Comment, Post).join(Post).where(here)
        return {row.id: (row.body[:24], f"posts/{row.post_id}#comments") for row in rows if row.post.readable_by(member)}
    if kind == "Aid":
        rows = Aid.select(Aid, Post).join(Post).where(Aid.id.in_(ids) & (Post.state == "published"))
        return {row.id: (row.post.title[:24], f"posts/{row.post_id}") for row in rows if row.post.readable_by(member)}
    if kind == "Entry":
        rows = Entry.select().where(Entry.id.in_(ids) & (Entry.state == "approved") & Entry.veiled_at.is_null())
        return {row.id: (row.caption[:24], f"contests/entries/{row.id}") for row in rows}
    if kind == "Redemption":
        rows = Redemption.select(Redemption, Reward).join(Reward).where(Redemption.id.in_(ids))
        return {row.id: (row.reward.title, f"store/{row.reward_id}") for row in rows}
    if kind == "Registration":
        rows = Registration.select(Registration, Event).join(Event).where(Registration.id.in_(ids))
        return {row.id: (row.event.title, f"events/{row.event_id}") for row in rows if row.event.readable_by(member)}
    if kind == "AuditLog":
        return {row.id: (row.reason, "") for row in AuditLog.select().where(AuditLog.id.in_(ids))}
    return {}


def page(member, before=0):
    """(lines, id to go on before or 0), the latest first: the entries of a page, and one query for each kind of thing there."""
    entries, more = point_entries.lines(member, before)
    wanted = {}
    for entry in entries:
        wanted.setdefault(entry.source_type, set()).add(entry.source_id)
    titles = {kind: _titles(kind, ids, member) for kind, ids in wanted.items()}
    return [Shown(entry, *titles[entry.source_type].get(entry.source_id, ("", ""))) for entry in entries], more


def ways(member, now):
    """How this neighbour can earn here, and what is left of today's caps; only what can pay her (G16)."""
    found, today = [], points.all_earned_today(member, now)
    for action, terms in point_rules.shown(member.neighborhood_id, now).items():
        rule = point_rules.RULES[action]
        if rule.hosts or not member.is_host:
            cap = terms.daily_cap
            left = max(0, cap - today.get(action, 0)) if cap else terms.points
            found.append(Earning(rule.called, rule.how, terms.points, cap, left, rule.given))
    return found
