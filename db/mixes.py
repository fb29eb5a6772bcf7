"""How much of what a 小区 reads wants to sell something (R07, M9), and the host's way to put a post under its right kind."""

from datetime import timedelta
from typing import NamedTuple

from peewee import fn

from db import audit, notices, posts
from db.base import Refused, writing
from db.compiled import compiled
from db.neighborhoods import refresh
from db.posts import KINDS, Post

WEEK = timedelta(days=7)
MUCH, TOO_MUCH = 30, 50  # percent
# 干货 is written step by step by its author; nobody else makes it one.
KINDS_TO_GIVE = {kind: name for kind, name in KINDS.items() if kind not in {"howto", "story"}}


class Mix(NamedTuple):
    """Promo posts of all published ones; exact, the percentage is only for reading."""

    promos: int
    posts: int

    @property
    def percent(self):
        return round(100 * self.promos / self.posts)

    def reaches(self, percent):
        return 100 * self.promos >= percent * self.posts

    @property
    def level(self):
        """fine | much | too much"""
        return "too much" if self.reaches(TOO_MUCH) else "much" if self.reaches(MUCH) else "fine"


@compiled
def _counts(neighborhood, since):
    here = (Post.neighborhood == neighborhood) & (Post.state == "published") & (Post.published_at > since)
    return Post.select(Post.is_promo, fn.COUNT(Post.id)).where(here).group_by(Post.is_promo)


def of_week(neighborhood, now):
    """The mix of the last seven days, or None where nothing was published: there is no ratio of nothing."""
    counts = {bool(promo): count for promo, count in _counts(neighborhood=neighborhood.id, since=now - WEEK)}
    return Mix(counts.get(True, 0), sum(counts.values())) if counts else None


def publish(member, now, *, op_id, kind, promo_ok=False, **words):
    """Write a post (db/posts.py: create). One more promo where they are 30 % already asks first, with the figure: Refused
    beside `promo_ok` until that is ticked. A form that went through before is not asked again (G5)."""
    before = (Post.author == member.id) & (Post.op_id == op_id)
    if kind == "promo" and member.is_host and not promo_ok and not Post.select().where(before).exists():
        mix = of_week(member.neighborhood, now)
        if mix and mix.reaches(MUCH):
            said = f"近 7 天推广占比 {mix.percent}%（{mix.promos} ÷ {mix.posts}）。先聊聊家常，大家更愿意看；真要发，请勾上这里"
            raise Refused("many-promos", said, field="promo_ok")
    return posts.create(member, now, op_id=op_id, kind=kind, **words)


def retag(post, host, now, kind, reason):
    """Put a post under another kind, a promo in disguise above all. Audited, and its author is told.

    Refused beside the field: no such kind, the kind it has already, no reason; as a conflict: the post has changed."""
    if kind not in KINDS_TO_GIVE or post.kind == "story":  # she agreed to a story
        raise Refused("bad-kind", "请选一个分类", field="kind")
    if kind == post.kind:
        raise Refused("same-kind", f"这条帖子本来就在「{KINDS[kind]}」里", field="kind")
    reason = audit.reason_of(reason)
    there = (Post.id == post.id) & (Post.kind == post.kind) & Post.state.in_(("pending", "published"))
    with writing():
        changed = Post.update(kind=kind, is_promo=kind == "promo", version=Post.version + 1).where(there).execute()
        if not changed:
            raise posts.moved_on()
        if post.author_id != host.id:
            said = f"主理人把您的帖子放到了「{KINDS[kind]}」：{reason}"
            url = f"/n/{host.neighborhood.slug}/posts/{post.id}"
            notices.tell([post.author.user_id], "review", said, url, now, neighborhood=post.neighborhood_id)
        audit.record(
            "retag",
            post,
            actor=host.user,
            now=now,
            reason=reason,
            neighborhood=post.neighborhood_id,
            subject=post.author.user_id,
            before={"kind": post.kind},
            after={"kind": kind},
        )
        refresh(post.neighborhood_id)
