"""A neighbourhood of any size, written in bulk: rows as the rules of db/ would have left them, without asking the rules."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from db import base, hosts, members, neighborhoods, people, posts, schema, topics
from db.base import database
from db.comments import Comment
from db.likes import Like
from db.photos import Photo
from db.posts import Post, PostPhoto

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
CALLED = ("阿姨", "叔叔", "奶奶", "师傅", "姐", "大哥", "老师", "爷爷")
OPENINGS = ("今天早上", "昨晚下楼", "刚从菜场回来", "孩子放学以后", "趁着天晴", "晚饭后", "周末在家", "快递柜旁边")
THINGS = (
    "包了一锅荠菜馄饨",
    "看见樱花开了半树",
    "捡到一把钥匙",
    "种的番茄结果了",
    "学会了腌笃鲜",
    "遇到三只小猫",
    "翻出一盒老照片",
    "把旧书理了两箱",
)
ENDINGS = (
    "谁想尝尝来敲门。",
    "大家路过可以看看。",
    "有人知道是谁家的吗？",
    "明天还想再来一次。",
    "想要的邻居说一声。",
    "真是一个好天气。",
)
KINDS = ("chat", "chat", "chat", "question", "help", "meetup", "howto", "chat", "chat", "promo")


def moment():
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def insert(table, names, rows):
    """Rows by the fastest way each database has: COPY, or one prepared statement in one transaction. Columns that are not
    named take the default that the code gives them."""
    usual = {field.name: value for field, value in table._meta.defaults.items() if field.name not in names}
    names, rows = (*names, *usual), ((*row, *usual.values()) for row in rows)
    columns = ", ".join(f'"{table._meta.fields[name].column_name}"' for name in names)
    into = f'"{table._meta.table_name}" ({columns})'
    cursor = database.cursor()
    if base.on_sqlite():
        with database.atomic():
            cursor.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(names))})", rows)
        return
    with database.atomic(), cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _unchecked():
    """Foreign keys are right by construction: looking each of them up would take most of the time."""
    off, on = ("PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1")
    if not base.on_sqlite():
        off, on = ("SET session_replication_role = replica", "SET session_replication_role = DEFAULT")
    database.execute_sql(off)
    yield
    database.execute_sql(on)


def ordinary_words(n):
    return f"{OPENINGS[n % 8]}，{THINGS[n // 8 % 8]}。{OPENINGS[n // 3 % 8]}{THINGS[n // 5 % 8]}，{ENDINGS[n % 6]}" * (1 + n % 3)


def title(n):
    """The title of post n, counted from 0: only some kinds have one."""
    return THINGS[n % 8] if KINDS[n % 10] in posts.TITLED_KINDS else ""


def _people(place, count, now):
    """`count` neighbours; their user and membership ids follow those that are there. Returns the memberships' ids."""
    first_user = (people.User.select(people.User.id).order_by(people.User.id.desc()).limit(1).scalar() or 0) + 1
    first = (members.Membership.select(members.Membership.id).order_by(members.Membership.id.desc()).limit(1).scalar() or 0) + 1
    named = (
        (first_user + n, SURNAMES[n % 20] + CALLED[n // 20 % 8], "", "standard", "auto", "active", now) for n in range(count)
    )
    insert(people.User, ("id", "name", "staff", "look", "scheme", "status", "created_at"), named)
    belong = (
        (first + n, first_user + n, place.id, "resident", f"{n % 30 + 1}栋", "", "active", "page", 3, now, now)
        for n in range(count)
    )
    names = ("id", "user", "neighborhood", "role", "building", "face", "status", "source", "approved_posts", "joined_at")
    insert(members.Membership, (*names, "last_active_at"), belong)
    return range(first, first + count)


def _posts(place, authors, count, now, topic_ids, open_share, words):
    """Posts 1 … count, the newest last; every `open_share`-th ten are for guests too, every third has photos."""
    names = (
        "id", "neighborhood", "author", "kind", "title", "body", "state", "visibility", "topic", "is_promo", "likes", "comments",
        "comments_open", "version", "op_id", "return_reason", "created_at", "published_at",
    )  # fmt: skip
    step = min(timedelta(minutes=7), timedelta(days=700) / count)

    def rows():
        for n in range(count):
            kind = KINDS[n % 10]
            at = now - (count - n) * step
            topic = topic_ids[n % len(topic_ids)] if n % 4 == 0 else None
            open_to = "neighborhood" if n // 10 % open_share else "public"
            counts = (10, 4) if n % 2 else (0, 0)
            author = authors[n * 7919 % len(authors)]
            yield (
                n + 1, place.id, author, kind, title(n), words(n), "published", open_to, topic, kind == "promo", *counts,
                True, 1, f"bench{n}", "", at, at,
            )  # fmt: skip

    insert(Post, names, rows())


def _pictures(place, authors, count, now):
    """Two pictures (rows only, no files) for every third post."""
    owners, thirds = len(authors), range(0, count, 3)
    names = ("id", "code", "neighborhood", "owner", "width", "height", "colour", "sha256", "audience", "consent", "used")
    photos = (
        (n + 1, f"{n:032x}", place.id, authors[n % owners], 1200, 900, "#aabbcc", "", "public", True, True, now)
        for n in range(2 * len(thirds))
    )
    insert(Photo, (*names, "created_at"), photos)
    shown = ((third + 1, 2 * n + k + 1, k) for n, third in enumerate(thirds) for k in (0, 1))
    insert(PostPhoto, ("post", "photo", "position"), shown)


def _talk(authors, post_count, comment_count, like_count, now):
    said = (
        (n * 13 % post_count + 1, authors[n * 31 % len(authors)], ENDINGS[n % 6], "published", f"bench{n}", now)
        for n in range(comment_count)
    )
    insert(Comment, ("post", "author", "body", "state", "op_id", "created_at"), said)
    # Every neighbour likes the same number of different posts, the newest among them.
    each = like_count // len(authors)
    liked = ((post_count - (n * 17 + k * 11) % post_count, who, now) for n, who in enumerate(authors) for k in range(each))
    insert(Like, ("post", "member", "at"), liked)


def neighborhood(*, posts=50_000, persons=5_000, comments=200_000, likes=500_000, open_share=1, words=ordinary_words, now=None):
    """Migrate the connected empty database and fill 翠湖花园; returns (place, host, neighbour)."""
    now = now or moment()
    schema.migrate()
    with base.writing():
        place = neighborhoods.found("cuihu", "翠湖花园", now)
        host = members.join(place, now, name="李姐", building="2栋", consent=True)
        members.appoint(host, "host", None, now, "量一量任命主理人")
        hosts.describe(members.Membership.get_by_id(host.id), now, title="绿洲生活主理人", mission=hosts.MISSIONS[0])
        until = now + timedelta(days=20)
        asked = [
            topics.schedule(host, now, prompt=prompt, blurb="说一句就好", opens_at=now, closes_at=until).id
            for prompt in topics.PRESETS
        ]
    with _unchecked():
        authors = _people(place, persons, now)
        _posts(place, authors, posts, now, asked, open_share, words)
        _pictures(place, authors, posts, now)
        _talk(authors, posts, comments, likes, now)
    with base.writing():
        pinned = Post.update(pinned_until=until).where(Post.id == posts // 2)
        pinned.execute()
        for topic in asked:
            topics.count_post(topic, posts // 12)
        neighborhoods.Neighborhood.update(members=persons + 1).where(neighborhoods.Neighborhood.id == place.id).execute()
    if not base.on_sqlite():
        database.execute_sql("ANALYZE")  # what autovacuum does within a minute; nobody does it for SQLite
    users = {member: members.Membership.get_by_id(member).user for member in (host.id, authors[0])}
    place = neighborhoods.by_slug("cuihu")
    return place, members.of(users[host.id], place), members.of(users[authors[0]], place)
