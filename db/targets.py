"""Where view codes lead: one line for each kind of thing a sheet can be printed for. A later feature adds its line to KINDS."""

from typing import NamedTuple

from db.base import Table
from db.contests import Contest
from db.entries import Entry
from db.events import Event
from db.groups import InterestGroup
from db.markets import Booth
from db.posts import Post
from db.rewards import Reward
from db.topics import Topic


class Kind(NamedTuple):
    """How a code finds its thing; every table of these has a `neighborhood`."""

    table: type[Table]
    purpose: str  # what is written into QrToken.purpose
    called: str
    path: str  # below /n/<slug>/
    name: object  # what the host reads: its title, or its first words
    stands: object = lambda thing: True  # whether a scan still finds it
    for_all: object = lambda thing: True  # or only for neighbours, who are asked in first
    along: type[Table] | None = None  # what is read together with it, to know whether it stands


def _first_words(post):
    words = " ".join((post.title or post.body).split())
    return words[:23] + "…" if len(words) > 24 else words or "照片"


KINDS = {
    "topic": Kind(Topic, "topic", "话题", "topics/{}", lambda topic: topic.prompt),
    "post": Kind(
        Post, "post", "帖子", "posts/{}", _first_words, lambda post: post.state == "published",
        lambda post: post.visibility == "public",
    ),
    "contest": Kind(
        Contest, "wall", "比赛", "contests/{}", lambda contest: contest.title, lambda contest: contest.state != "draft"
    ),
    "group": Kind(InterestGroup, "group", "小组", "groups/{}", lambda group: group.name, lambda group: group.shown),
    "event": Kind(Event, "event", "活动", "events/{}", lambda event: event.title, lambda event: event.for_all),
    "feedback": Kind(
        Event, "feedback", "活动反馈", "events/{}/feedback", lambda event: event.title, lambda event: event.for_all
    ),
    "booth": Kind(
        Booth, "booth", "摊位", "booths/{}", lambda booth: booth.name, lambda booth: booth.event.for_all, along=Event
    ),
    "entry": Kind(
        Entry, "work", "作品", "contests/entries/{}", lambda entry: f"{entry.no or '–'} 号《{entry.caption}》",
        lambda entry: entry.shown,
    ),
    "reward": Kind(
        Reward, "store", "积分商店", "store/{}", lambda reward: reward.title, lambda reward: reward.state == "open"
    ),
}  # fmt: skip


class Target(NamedTuple):
    """A thing a code leads to, as host and visitor meet it."""

    type: str
    id: int
    called: str
    name: str
    path: str
    stands: bool
    for_all: bool

    @property
    def word(self):
        """As a form names it: post-12."""
        return f"{self.type}-{self.id}"


def of(neighborhood, wanted):
    """{(type, id): Target} for those of these pairs that are in this 小区, one query a kind; others do not exist here (G1)."""
    found = {}
    for name in dict.fromkeys(each[0] for each in wanted if each[0] in KINDS):
        kind = KINDS[name]
        ids = [number for type_, number in wanted if type_ == name and number is not None]
        for row in _rows(kind, neighborhood).where(kind.table.id.in_(ids)):
            found[name, row.id] = _seen(name, kind, row, neighborhood.slug)
    return found


def _rows(kind, neighborhood):
    rows = kind.table.select(kind.table, kind.along).join(kind.along) if kind.along else kind.table.select()
    return rows.where(kind.table.neighborhood == neighborhood.id)


def _seen(name, kind, row, slug):
    path = f"/n/{slug}/{kind.path.format(row.id)}"
    return Target(name, row.id, kind.called, kind.name(row), path, kind.stands(row), kind.for_all(row))


def find(neighborhood, target_type, target_id):
    """One of them, or None."""
    return of(neighborhood, [(target_type, target_id)]).get((target_type, target_id))


def named(neighborhood, word):
    """The thing a form names as `post-12`, or None."""
    target_type, _, number = (word or "").partition("-")
    known = number.isascii() and number.isdigit() and len(number) < 16
    return find(neighborhood, target_type, int(number)) if known else None


def latest(neighborhood, limit=20):
    """What a new sheet is most often printed for: {called: [Target]}, the newest of each kind that still stand."""
    found = {}
    for name, kind in KINDS.items():
        rows = _rows(kind, neighborhood).order_by(kind.table.id.desc()).limit(limit)
        found[kind.called] = [each for each in (_seen(name, kind, row, neighborhood.slug) for row in rows) if each.stands]
    return {called: listed for called, listed in found.items() if listed}
