"""小报: one a day for whoever has something new: the best of her 小区, what they talk about, what she has not read (G13).

A page for everybody, and a letter for those who confirmed an address. Written in batches of so many ids, with the same
number of queries for each; a batch and day is claimed, so that two schedulers and a restart do no harm.
"""

import json
from datetime import datetime, time, timedelta

from peewee import Case, CharField, DateTimeField, ForeignKeyField, TextField, fn

from db import blocks, links, mailboxes, notices, outbox, timetable
from db.base import Table, writing
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI, Notice, NoticePref
from db.people import User
from db.posts import Post
from db.topics import Topic

AT = time(18, 30)  # Shanghai time
EVENING, MORNING = time(22, 30), (time(7, 30), time(12, 0))  # until then today's, between those yesterday's is made up for
DAY = timedelta(days=1)
BATCH = 200
SHOWN, TOPICS = 4, 3  # posts and topics of one 小区
READ_AHEAD = 2  # posts more than are shown: her own are left out
KEPT = timedelta(days=14)
ASKING = ("question", "help")


class Digest(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE", index=False)
    day = CharField(max_length=10)  # 2026-03-20, Shanghai
    content = TextField()  # {"posts": [ids], "topics": [ids]}: read again for every look, as words may be taken back
    made_at = DateTimeField(index=True)

    class Meta:
        indexes = ((("user", "day"), True),)


class Local:
    """What a digest says of one 小区."""

    def __init__(self, place, posts=(), topics=()):
        self.place, self.posts, self.topics = place, list(posts), list(topics)


def due_day(now):
    """The day whose digest is due now, or None: today's in the evening, after a night without a scheduler yesterday's in
    the morning, and none while people sleep."""
    here = now + SHANGHAI
    if AT <= here.time() < EVENING:
        return here.date()
    return here.date() - DAY if MORNING[0] <= here.time() < MORNING[1] else None


def write_due(now):
    """Write the digests that are due, once for each day; returns how many people got one (the clock calls it)."""
    day = due_day(now)
    if day is None or timetable.claimed("digests", day.isoformat()):
        return 0
    until = datetime.combine(day, AT) - SHANGHAI
    picks, written = _Picks(until - DAY, until), 0
    for number in range((User.select(fn.MAX(User.id)).scalar() or 0) // BATCH + 1):
        with writing():  # the claim and its effect stand or fall together (S7)
            if timetable.claim("digests", f"{day} {number}", now):
                written += _write_batch(day.isoformat(), number, picks, now)
    timetable.claim("digests", day.isoformat(), now)
    return written


class _Picks:
    """The best of every 小区 in one day, looked for once each."""

    def __init__(self, since, until):
        self.since, self.until, self.found = since, until, {}

    def of(self, places):
        """[(小区 row)] → {id: Local}; two queries for all that are not known yet."""
        new = {place.id: Local(place) for place in places if place.id not in self.found}
        if new:
            self.found |= new
            for post in _best_posts(list(new), self.since, self.until):
                new[post.neighborhood_id].posts.append(post)
            for topic in _running_topics(list(new), self.until):
                new[topic.neighborhood_id].topics.append(topic)
        return self.found

    def fresh(self, local, member_id, without):
        """(what neither this neighbour nor those of `without` wrote, whether any of it is new)."""
        posts = [post for post in local.posts if post.author_id != member_id and post.author_id not in without]
        people, products = [post for post in posts if not post.is_promo], [post for post in posts if post.is_promo]
        started = any(topic.opens_at >= self.since and topic.created_by_id != member_id for topic in local.topics)
        return Local(local.place, people[:SHOWN] + products, local.topics), bool(people or started)


def _best_posts(place_ids, since, until):
    """Of each 小区 the posts of these hours that neighbours answered and liked most, and questions nobody has answered yet;
    people first, and at most one product behind them (R01)."""
    unanswered = Case(None, [(Post.kind.in_(ASKING) & (Post.comments == 0), 3)], 0)
    best_first = [(Post.likes + Post.comments * 2 + unanswered).desc(), Post.id.desc()]
    place = fn.ROW_NUMBER().over(partition_by=[Post.neighborhood, Post.is_promo], order_by=best_first).alias("place")
    # is_promo is named so that the index of the living room's list serves here, too.
    said = Post.neighborhood.in_(place_ids) & (Post.state == "published") & Post.is_promo.in_((False, True))
    ranked = Post.select(Post.id, place).where(said & (Post.published_at >= since) & (Post.published_at < until)).alias("ranked")
    people = (Post.is_promo == False) & (ranked.c.place <= SHOWN + READ_AHEAD)  # noqa: E712
    query = Post.select(Post, Membership, User).join(Membership).join(User).switch(Post).join(ranked, on=ranked.c.id == Post.id)
    return list(query.where(people | (ranked.c.place == 1)).order_by(Post.neighborhood, Post.is_promo, ranked.c.place))


def _running_topics(place_ids, until):
    youngest = fn.ROW_NUMBER().over(partition_by=[Topic.neighborhood], order_by=[Topic.opens_at.desc(), Topic.id.desc()])
    there = Topic.neighborhood.in_(place_ids) & (Topic.opens_at <= until) & (Topic.closes_at > until)
    ranked = Topic.select(Topic.id, youngest.alias("place")).where(there).alias("ranked")
    query = Topic.select().join(ranked, on=ranked.c.id == Topic.id).where(ranked.c.place <= TOPICS)
    return list(query.order_by(Topic.neighborhood, ranked.c.place))


def _readers(number):
    """Those of the BATCH people with these ids who live somewhere and want a digest."""
    lives = Membership.select(Membership.id).where((Membership.user == User.id) & (Membership.status == "active"))
    off = NoticePref.select(NoticePref.id).where((NoticePref.user == User.id) & (NoticePref.kind == "digest"))
    here = User.id.between(number * BATCH, number * BATCH + BATCH - 1) & (User.status == "active")
    query = User.select(User.id, User.name).where(here & fn.EXISTS(lives) & ~fn.EXISTS(off))
    return {user.id: user for user in query}


def _homes(users):
    """Where these people live, with the 小区, first joined first."""
    lives = Membership.user.in_(users) & (Membership.status == "active") & (Neighborhood.status != "closed")
    return list(Membership.select(Membership, Neighborhood).join(Neighborhood).where(lives).order_by(Membership.joined_at))


def _write_batch(day, number, picks, now):
    """Digests for the people with these ids, in the caller's transaction; returns how many."""
    readers = _readers(number)
    if not readers:
        return 0
    homes = _homes(list(readers))
    blocked = blocks.of_many(homes)
    known = picks.of([home.neighborhood for home in homes])
    unread, told = _unread(list(readers), picks.since)
    papers = {user: [] for user in readers}
    for home in homes:
        local, new = picks.fresh(known[home.neighborhood_id], home.id, blocked.get(home.id, ()))
        papers[home.user_id].append(local)
        if new:
            told.add(home.user_id)
    written = sorted(told)
    _keep(day, {user: papers[user] for user in written}, now)
    notices.tell(written, "digest", "今天的小报来了，看看邻居们聊了什么", f"/inbox/digest/{day}", now, key="daily", anew=True)
    addresses = mailboxes.confirmed(written)
    letters = [(address, _letter(readers[user], day, papers[user], unread.get(user))) for user, address in addresses.items()]
    outbox.put_all("mail", letters, now, now + DAY / 2)
    return len(written)


def _unread(users, since):
    """({person: {kind: count}}, people who were told something since then and have not read it); digests do not count."""
    counts = notices.unread_by_kind(users)
    for told in counts.values():
        told.pop("digest", None)
    lately = Notice.user.in_(users) & Notice.read_at.is_null() & (Notice.at >= since) & (Notice.kind != "digest")
    return counts, {row.user_id for row in Notice.select(Notice.user).where(lately).distinct()}


def _keep(day, papers, now):
    rows = []
    for user, locals_ in papers.items():
        said = {
            "posts": [post.id for local in locals_ for post in local.posts],
            "topics": [topic.id for local in locals_ for topic in local.topics],
        }
        rows.append({"user": user, "day": day, "content": json.dumps(said), "made_at": now})
    if rows:
        Digest.insert_many(rows).on_conflict_ignore().execute()


def of(user, day):
    """This person's digest of a day such as 2026-03-20, or None."""
    return Digest.get_or_none((Digest.user == user.id) & (Digest.day == day))


def latest(user):
    """This person's last digest, or None."""
    return Digest.select().where(Digest.user == user.id).order_by(Digest.day.desc()).first()


def read(digest):
    """What a digest shows now: [Local] of the 小区 she still lives in, without what was taken back since."""
    said = json.loads(digest.content)
    homes = {home.neighborhood_id: home for home in _homes([digest.user_id])}
    found = {place: Local(home.neighborhood) for place, home in homes.items()}
    here = Post.id.in_(said["posts"]) & (Post.state == "published") & Post.neighborhood.in_(list(found))
    posts = {post.id: post for post in Post.select(Post, Membership, User).join(Membership).join(User).where(here)}
    blocked = blocks.of_many(homes.values())
    for post in filter(None, map(posts.get, said["posts"])):
        if post.author_id not in blocked.get(homes[post.neighborhood_id].id, ()):
            found[post.neighborhood_id].posts.append(post)
    asked = Topic.id.in_(said["topics"]) & Topic.neighborhood.in_(list(found))
    for topic in Topic.select().where(asked).order_by(Topic.opens_at.desc()):
        found[topic.neighborhood_id].topics.append(topic)
    return [local for local in found.values() if local.posts or local.topics]


def _letter(user, day, locals_, unread):
    sections = []
    if unread:
        said = "、".join(f"{notices.KINDS[kind]} {count} 条" for kind, count in unread.items())
        sections.append({"title": "您还没看的消息", "lines": [[said, links.absolute("/inbox")]]})
    for local in locals_:
        base = links.absolute(f"/n/{local.place.slug}")
        lines = [[headline(post), f"{base}/posts/{post.id}"] for post in local.posts]
        if lines:
            sections.append({"title": local.place.name, "lines": lines})
        if local.topics:
            lines = [[f"#{topic.prompt}", f"{base}/topics/{topic.id}"] for topic in local.topics]
            sections.append({"title": f"{local.place.name}在聊", "lines": lines})
    where = locals_[0].place.name if locals_ else "邻里客厅"
    letter = {
        "subject": f"{where}今天的小报",
        "lead": f"{user.name}，晚上好。",
        "sections": sections,
        "foot": f"在网页上看：{links.absolute(f'/inbox/digest/{day}')}",
        "unsubscribe": links.absolute(notices.unsubscribe_path(user.id, "digest")),
    }
    return json.dumps(letter, ensure_ascii=False)


def headline(post):
    """One line for one post: who, and how it begins."""
    words = " ".join((post.title or post.body).split())
    return f"{post.author.name}：{words[:40]}{'…' if len(words) > 40 else ''}" if words else f"{post.author.name}发了照片"


def forget_old(now):
    """Digests of two weeks ago are not kept (the clock calls it daily)."""
    with writing():
        return Digest.delete().where(Digest.made_at < now - KEPT).execute()
