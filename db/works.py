"""What a host may pick, and what may then go outside with its author's consent: posts, and works of a decided contest.

Picks, records, showcase, poster and feed know a work only by what stands in RULES. A further kind is one more line there.
"""

from datetime import datetime
from typing import NamedTuple

from db import entries, points, posts, reviews, stories
from db.base import Refused, writing
from db.contests import Contest
from db.entries import Entry
from db.photos import Photo
from db.posts import Post

TITLE = 24


class Work(NamedTuple):
    """A work as a page outside shows it. There is one for what everybody may read, and for nothing else."""

    title: str
    headed: bool  # whether the author gave it that title, or it is only how the words begin
    body: str
    photos: list  # those whose author said that whoever is in them agrees
    path: str  # inside its 小区
    at: datetime
    changed_at: datetime


class Rules(NamedTuple):
    """What one kind of works can be asked."""

    called: str
    find: object  # (neighborhood, id): the row, or None
    asked: object  # (row): the membership that is asked, or None where nobody can be
    pick: object  # (row, host, now, on, reason): marks it inside the 小区, audited; refuses what is not seen
    standing: object  # (): a query of the ids that everybody may read
    picked: object  # (): those of them that are marked
    told: object  # (ids): {id: Work} of those standing


def _asked_for_post(post):
    """Its author; for a story the neighbour it tells about, and nobody where she has no account."""
    if post.visibility != "public":
        return None
    if post.kind != "story":
        return post.author
    story = stories.of(post)
    return story and story.subject_member


_OPEN = (Post.state == "published") & (Post.visibility == "public")


def _standing_posts():
    return Post.select(Post.id).where(_OPEN)


def _picked_posts():
    return _standing_posts().where(Post.featured_at.is_null(False))


def _told_posts(ids):
    hung = posts.photos_of(ids)
    rows = Post.select().where(Post.id.in_(ids) & _OPEN)
    return {post.id: _as_work(post, hung.get(post.id, ())) for post in rows}


def _beginning(words):
    """The first words, up to a mark where there is one, as the title of what has none."""
    words = " ".join(words.split())
    if len(words) <= TITLE:
        return words or "照片"
    cut = max(words[: TITLE + 1].rfind(mark) for mark in "。！？；，")
    return words[:cut] if cut > TITLE // 3 else words[:TITLE] + "…"


def _as_work(post, photos):
    return Work(
        title=post.title or _beginning(post.body),
        headed=bool(post.title),
        body=post.body,
        photos=[photo for photo in photos if photo.consent and photo.audience == "public"],
        path=f"posts/{post.id}",
        at=post.published_at,
        changed_at=post.edited_at or post.published_at,
    )


_DECIDED = Contest.state.in_(("published", "archived"))


def _standing_entries():
    hung = (Entry.state == "approved") & Entry.veiled_at.is_null() & _DECIDED
    return Entry.select(Entry.id).join(Contest).where(hung)


def _picked_entries():
    return _standing_entries().where(Entry.featured_at.is_null(False))


def _pick_entry(entry, host, now, on, reason="选为精选"):
    """Mark a work of a contest as one of the best once its result is known: before, a host's word would sway the vote."""
    if not entry.shown or entry.contest.state not in {"published", "archived"}:
        raise Refused("not-decided", "揭晓以后再选精选，免得影响投票")
    with writing():
        wanted = (Entry.id == entry.id) & Entry.featured_at.is_null(bool(on))
        if not Entry.update(featured_at=now if on else None).where(wanted).execute():
            return
        if on:
            points.earn(entry.author, "feature", "Entry", entry.id, now, by=host)
        else:
            points.reverse("Entry", entry.id, now, "不再是精选，积分收回", rule="feature")
        entries.record("feature" if on else "unfeature", entry, host, now, reason if on else "取消精选")


def _told_entries(ids):
    rows = Entry.select(Entry, Photo).join(Photo).where(Entry.id.in_(ids) & Entry.id.in_(_standing_entries()))
    return {
        entry.id: Work(
            title=entry.caption,
            headed=True,
            body=entry.spot,
            photos=[entry.photo] if entry.photo.consent and entry.photo.audience == "public" else [],
            path=f"contests/entries/{entry.id}",
            at=entry.approved_at,
            changed_at=entry.approved_at,
        )
        for entry in rows
    }


RULES = {
    "entry": Rules(
        "参赛作品", entries.find, lambda entry: entry.author, _pick_entry, _standing_entries, _picked_entries, _told_entries
    ),
    "post": Rules("帖子", posts.find, _asked_for_post, reviews.feature, _standing_posts, _picked_posts, _told_posts),
}


def stand(pick):
    """The condition that everybody may read the work of a row of `pick` (db/picks.py: Pick)."""
    return _any_kind(pick, "standing")


def are_picked(pick):
    """The condition that everybody may read it, and the host's mark is still on it."""
    return _any_kind(pick, "picked")


def _any_kind(pick, name):
    found = None
    for kind, rules in RULES.items():
        one = (pick.object_type == kind) & pick.object_id.in_(getattr(rules, name)())
        found = one if found is None else found | one
    return found


def told(picks):
    """{pick id: Work} for those whose work everybody may read: two queries for each kind, however many."""
    found = {}
    for kind, rules in RULES.items():
        mine = {pick.object_id: pick.id for pick in picks if pick.object_type == kind}
        found |= {mine[number]: work for number, work in (rules.told(list(mine)) if mine else {}).items()}
    return found
