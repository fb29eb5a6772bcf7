"""The front page of a 小区, read from everything else: people first, the same number of queries at any size (R01, G12)."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from peewee import JOIN, Case, Tuple, Value

from db import blocks, contests, events, hosts, likes
from db.compiled import compiled, moment
from db.contests import Contest
from db.entries import Entry
from db.members import Membership
from db.people import User
from db.photos import Photo
from db.posts import KINDS, Post, photos_of
from db.tallies import Tally
from db.topics import RunningTopic, Topic

TABS = {
    "": "全部",
    "topic": "话题",
    "howto": "干货",
    "help": "互助",
    "meetup": "活动",
    "promo": "团购",
    "story": "故事",
}
PAGE = 20
PROMO_EVERY = 5  # at most one product in any five cards, and never in the first four (R01)
EPOCH = datetime(1970, 1, 1)
TOP = (datetime(9999, 12, 31), 2**53)  # before the newest
EXCERPT = 220
TEASED = (
    Contest.id, Contest.title, Contest.state, Contest.opens_at, Contest.entries_close_at, Contest.voting_opens_at,
    Contest.voting_closes_at, Contest.approved, Contest.outcome,
)  # fmt: skip


class Listed(NamedTuple):
    id: int
    version: int
    at: datetime


class Feed(NamedTuple):
    listed: list
    after: str  # the cursor of the next page, empty on the last
    liked: set


class FrontPage(NamedTuple):
    """What everybody sees who may read the same; which cards are liked is each neighbour's own."""

    host: object
    topics: list
    events: list  # events.Teaser
    contest: object
    pinned: list
    listed: list
    after: str

    def market(self, now):
        """The market of this day, from midnight in Shanghai to its end, or None: the page stands under its sign."""
        tonight = events.midnight(now)
        return next((each for each in self.events if each.kind == "market" and each.starts_at < tonight), None)


@cache
def _listing(tab, guest):
    """One compiled query for each kind of list; a page costs the same at a thousand and at a million posts."""

    def build(neighborhood, at, id):
        wanted = (Post.neighborhood == neighborhood) & (Post.state == "published")
        if tab == "topic":
            wanted &= Post.topic.is_null(False)
        elif tab:
            wanted &= Post.kind == tab
        else:
            wanted &= Post.is_promo == False  # noqa: E712
        if guest:
            wanted &= Post.visibility == "public"
        older = Tuple(Post.published_at, Post.id) < Tuple(at, id)
        query = Post.select(Post.id, Post.version, Post.published_at).where(wanted & older)
        return query.order_by(Post.published_at.desc(), Post.id.desc()).limit(PAGE + 1)

    return compiled(build)


def _list(tab, guest, neighborhood, mark):
    at, post_id = mark
    rows = _listing(tab, guest)(neighborhood=neighborhood.id, at=at, id=post_id)
    return [_listed(row) for row in rows]


def _listed(row):
    return Listed(row[0], row[1], moment(row[2]))


def _mark(text):
    """The cursor `microseconds.id` in a URL; None for anything else."""
    at, _, post_id = text.partition(".")
    if at.isascii() and at.isdigit() and post_id.isascii() and post_id.isdigit() and len(at) < 18 and len(post_id) < 17:
        return (EPOCH + timedelta(microseconds=int(at)), int(post_id))
    return None


def _cursor(listed):
    return f"{(listed.at - EPOCH) // timedelta(microseconds=1)}.{listed.id}"


def feed(neighborhood, member, tab="", after=""):
    """One page of the feed, as this neighbour (None: a guest) sees it."""
    listed, after = _page(neighborhood, member is None, tab, after)
    listed = unblocked(listed, member)
    return Feed(listed, after, likes.liked_by(member, [each.id for each in listed]))


def unblocked(listed, member):
    """The listed posts without those of neighbours this one has blocked."""
    without = blocks.blocked_by(member)
    if not without:
        return listed
    theirs = Post.select(Post.id).where(Post.id.in_([each.id for each in listed]) & Post.author.in_(without))
    gone = {post.id for post in theirs}
    return [each for each in listed if each.id not in gone]


def _page(neighborhood, guest, tab, after):
    """(cards, next cursor). In 全部 a product stands only in every fifth place, next to what was said around that time."""
    people_after, _, promo_after = after.partition("~")
    people = _list(tab, guest, neighborhood, _mark(people_after) or TOP)
    more = len(people) > PAGE
    listed = people[:PAGE]
    last = _cursor(listed[-1]) if listed else ""
    if not tab and listed:
        listed, promo_last = _with_promos(listed, neighborhood, guest, _mark(promo_after), more)
        last = f"{last}~{promo_last}"
    return listed, last if more else ""


def _with_promos(people, neighborhood, guest, mark, more):
    promos = _list("promo", guest, neighborhood, mark or TOP)
    mixed, promo_last = [], _text(mark)
    for place, card in enumerate(people, start=1):
        mixed.append(card)
        if place % (PROMO_EVERY - 1) == 0 and promos and (promos[0].at >= people[-1].at or not more):
            promo_last = _cursor(promos[0])
            mixed.append(promos.pop(0))
    return mixed, promo_last


def _text(mark):
    return _cursor(Listed(mark[1], 0, mark[0])) if mark else ""


@cache
def _pinned(guest):
    def build(neighborhood, now):
        wanted = (Post.neighborhood == neighborhood) & (Post.pinned_until > now) & (Post.state == "published")
        if guest:
            wanted &= Post.visibility == "public"
        return Post.select(Post.id, Post.version, Post.published_at).where(wanted).order_by(Post.pinned_until.desc()).limit(1)

    return compiled(build)


def front_page(neighborhood, now, tab="", after="", *, guest):
    """Everything `/n/<slug>/` shows to guests or to neighbours, piece by piece from the features that own it."""
    pinned = [] if tab or after else [_listed(row) for row in _pinned(guest)(neighborhood=neighborhood.id, now=now)]
    listed, after = _page(neighborhood, guest, tab, after)
    return FrontPage(hosts.card(neighborhood), *_soon(neighborhood, now), _contest(neighborhood, now), pinned, listed, after)


@compiled
def _soon_rows(neighborhood, now, midnight):
    """The open topics and the next events, in one question: both are a few words and two dates."""
    open_ones = (Topic.neighborhood == neighborhood) & (Topic.opens_at <= now) & (Topic.closes_at > now)
    told = (Value("topic"), Topic.id, Topic.opens_at, Topic.closes_at, Topic.prompt, Topic.blurb, Topic.posts)
    asked = Topic.select(*told).where(open_ones).order_by(Topic.opens_at.desc(), Topic.id.desc()).limit(6)
    return asked.union_all(events.next_three(neighborhood, now, midnight))


def _soon(neighborhood, now):
    """(open topics, the youngest first; the next events, the soonest first)."""
    rows = _soon_rows(neighborhood=neighborhood.id, now=now, midnight=events.midnight(now))
    rows = sorted(rows, key=lambda row: (row[2], row[1]))
    asked = [RunningTopic(row[1], row[4], row[5], row[3], row[6]) for row in reversed(rows) if row[0] == "topic"]
    return asked, [events.teaser(row) for row in rows if row[0] != "topic"]


class ContestTeaser(NamedTuple):
    """The contest that runs, or has just been decided, with a few of its works."""

    contest: Contest
    works: list  # (id, number, name, code of its photo, width, height)


@compiled
def _contest_rows(neighborhood, now, seen_since):
    running = Contest.state.in_(("collecting", "screening", "voting", "counting")) & (Contest.opens_at <= now)
    told = (Contest.state == "published") & (Contest.published_at > seen_since)
    votes = (Contest.voting_opens_at <= now) & (Contest.voting_closes_at > now) & Contest.state.in_(("screening", "voting"))
    soonest = Case(None, [(votes, 0), (Contest.state.in_(("collecting", "screening")), 1), (Contest.state == "counting", 2)], 3)
    best_first = Case(None, [(Contest.state == "published", Tally.rank)], 0)
    hung = (Entry.contest == Contest.id) & (Entry.state == "approved") & Entry.veiled_at.is_null()
    return (
        Contest.select(*TEASED, Entry.id, Entry.no, Entry.caption, Photo.code, Photo.width, Photo.height)
        .join(Entry, JOIN.LEFT_OUTER, on=hung)
        .join(Photo, JOIN.LEFT_OUTER)
        .switch(Entry)
        .join(Tally, JOIN.LEFT_OUTER, on=Tally.entry == Entry.id)
        .where((Contest.neighborhood == neighborhood) & (running | told))
        .order_by(soonest, Contest.opens_at.desc(), Contest.id.desc(), best_first, Entry.no.desc())
        .limit(3)
    )


def _contest(neighborhood, now):
    rows = _contest_rows(neighborhood=neighborhood.id, now=now, seen_since=now - contests.IN_SIGHT)
    if not rows:
        return None
    size = len(TEASED)
    contest = Contest(**{field.name: field.python_value(value) for field, value in zip(TEASED, rows[0], strict=False)})
    return ContestTeaser(contest, [row[size:] for row in rows if row[0] == contest.id and row[size]])


class Card:
    """What a card shows. Slots: a page makes twenty of them."""

    __slots__ = (
        "aside", "author", "building", "comments", "comments_open", "edited", "excerpt", "face", "featured", "host", "id", "kind",
        "kind_name", "likes", "longer", "member_id", "photos", "published_at", "title", "topic", "topic_id", "url", "version",
        "visibility",
    )  # fmt: skip


def cards(ids, slug):
    """{id: Card} for the listed posts: two queries, asked only for cards that are not kept already."""
    rows = (
        Post.select(Post, Membership, User.name, Topic.id, Topic.prompt)
        .join(Membership)
        .join(User)
        .switch(Post)
        .join(Topic, JOIN.LEFT_OUTER)
        .where(Post.id.in_(ids))
    )
    pictures = photos_of(ids)
    made = {}
    for post in rows:
        card = made[post.id] = Card()
        card.id, card.version, card.kind, card.kind_name = post.id, post.version, post.kind, KINDS[post.kind]
        card.url = f"/n/{slug}/posts/{post.id}"
        card.title, card.excerpt = post.title, post.body[:EXCERPT]
        card.longer = len(post.body) > EXCERPT
        card.author, card.building = post.author.user.name, post.author.building
        card.face, card.host, card.member_id = post.author.face, post.author.is_host, post.author_id
        card.published_at = post.published_at or post.created_at
        card.likes, card.comments, card.comments_open = post.likes, post.comments, post.comments_open
        card.edited, card.featured = post.edited_at is not None, post.featured_at is not None
        card.topic_id, card.topic = post.topic_id, post.topic.prompt if post.topic_id else ""
        card.photos, card.visibility, card.aside = pictures.get(post.id, []), post.visibility, post.aside
    return made


@cache
def _topic_listing(guest, best):
    def build(topic, at, id):
        wanted = (Post.topic == topic) & (Post.state == "published")
        if best:
            wanted &= Post.featured_at.is_null(False)
        if guest:
            wanted &= Post.visibility == "public"
        older = Tuple(Post.published_at, Post.id) < Tuple(at, id)
        query = Post.select(Post.id, Post.version, Post.published_at).where(wanted & older)
        return query.order_by(Post.published_at.desc(), Post.id.desc()).limit(PAGE + 1)

    return compiled(build)


def topic_feed(topic, member, *, best=False, after=""):
    """What was said to a topic, latest first; `best` gives the host's picks (R26)."""
    at, post_id = _mark(after) or TOP
    rows = _topic_listing(member is None, best)(topic=topic.id, at=at, id=post_id)
    listed = [_listed(row) for row in rows]
    more, listed = len(listed) > PAGE, listed[:PAGE]
    after = _cursor(listed[-1]) if more else ""
    listed = unblocked(listed, member)
    return Feed(listed, after, likes.liked_by(member, [each.id for each in listed]))


def participants(topic, limit=60):
    """The neighbours who said something to a topic, the first ones first."""
    spoke = (
        Post.select(Post.author)
        .where((Post.topic == topic.id) & (Post.state == "published") & (Post.visibility == "public"))
        .distinct()
    )
    return list(
        Membership.select(Membership, User).join(User).where(Membership.id.in_(spoke)).order_by(Membership.id).limit(limit)
    )
