"""帖子: what neighbours say and show each other. Its states are TRANSITIONS; anything not drawn there is refused (R02)."""

import re
from contextlib import suppress
from datetime import timedelta

from peewee import JOIN, BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, TextField

from db import activity, groups, limits, photos, points, screening, search, topics
from db.base import Refused, Table, hold, writing
from db.groups import InterestGroup
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.photos import Photo
from db.topics import Topic
from db.words import clean_line, clean_text

KINDS = {
    "chat": "晒一晒",
    "question": "问一问",
    "help": "帮个忙",
    "meetup": "约活动",
    "howto": "干货",
    "notice": "公告",
    "promo": "团购",
    "story": "故事",
}
HOST_KINDS = ("notice", "promo", "story")
TITLED_KINDS = ("howto", "notice", "promo", "meetup", "story")
MAY_HAVE_TITLE = (*TITLED_KINDS, "help")
GROUP_KINDS = ("chat", "question", "meetup")  # what is said in a group
LONGEST, LONGEST_HOWTO, MOST_PHOTOS, KEPT_WITHDRAWN = 5000, 12_000, 9, timedelta(days=30)

# Whoever hurries neighbours into buying does it elsewhere: the living room has no countdown talk (R12d).
PRESSURE = re.compile(r"最后\s*[\d一二三四五六七八九十两几半]+\s*个?(小时|分钟|天)|快拼单|手慢无|马上涨价|仅剩\s*\d+")

TRANSITIONS = {
    ("draft", "withdrawn"),  # a story nobody has agreed to yet; what else becomes of it is in db/stories.py
    ("pending", "published"),  # the host approves
    ("pending", "returned"),  # … or gives it back with a reason
    ("pending", "rejected"),  # … or turns it down for good
    ("pending", "withdrawn"),
    ("returned", "pending"),  # the author writes it again
    ("returned", "withdrawn"),
    ("published", "hidden"),  # the host with a reason, or three reporters until somebody looks
    ("published", "withdrawn"),  # the author takes it down
    ("pending", "within"),  # seen, but in its private group only: on no list of the 小区 (docs/decisions/0022)
    ("published", "within"),  # its group becomes private
    ("within", "hidden"),
    ("within", "withdrawn"),
    ("hidden", "within"),
    ("hidden", "published"),  # restored
    ("hidden", "removed"),  # by district or HQ
    ("withdrawn", "purged"),  # 30 days later
    ("rejected", "purged"),
    ("removed", "purged"),
}
# What a host may take back for a moment (db/reviews.py: undo); to everybody else these arrows are not there.
UNDONE = {("published", "pending"), ("within", "pending"), ("returned", "pending"), ("rejected", "pending")}
SEEN = ("published", "within")

# What the operator asks of a person before she may post: none, phone or vouch (LINLI_POSTING_REQUIRES).
requires = "none"


class Post(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    author = ForeignKeyField(Membership, backref="posts", index=False)
    kind = CharField(max_length=12)
    title = CharField(max_length=60, default="")
    body = TextField(default="")
    state = CharField(max_length=10)  # see TRANSITIONS
    held_for = CharField(max_length=10, default="")  # why it waits or waited (db/screening.py: WHY)
    visibility = CharField(max_length=12, default="public")  # public | neighborhood | group
    group = ForeignKeyField(InterestGroup, null=True, backref="+", index=False)  # in whose room it stands
    topic = ForeignKeyField(Topic, null=True, backref="+", index=False)
    is_promo = BooleanField(default=False)
    likes = IntegerField(default=0)
    comments = IntegerField(default=0)
    comments_open = BooleanField(default=True)
    version = IntegerField(default=1)  # grows with whatever its card shows
    op_id = CharField(max_length=40)
    return_reason = CharField(max_length=200, default="")  # of whatever was last decided against it
    aside = CharField(max_length=120, default="")  # a line its card shows: what a how-to takes, how far a request for help is
    created_at = DateTimeField()
    published_at = DateTimeField(null=True)
    edited_at = DateTimeField(null=True)
    withdrawn_at = DateTimeField(null=True, index=True)
    pinned_until = DateTimeField(null=True)
    featured_at = DateTimeField(null=True)

    class Meta:
        # One for each list of db/living_room.py, for neighbours and for guests: a page then reads only the rows it shows.
        indexes = (
            (("neighborhood", "state", "is_promo", "published_at", "id"), False),
            (("neighborhood", "state", "visibility", "is_promo", "published_at", "id"), False),
            (("neighborhood", "state", "kind", "published_at", "id"), False),
            (("neighborhood", "state", "visibility", "kind", "published_at", "id"), False),
            (("topic", "state", "published_at", "id"), False),
            (("topic", "state", "visibility", "published_at", "id"), False),
            (("neighborhood", "pinned_until"), False),
            (("author", "id"), False),
            (("author", "op_id"), True),
        )
        constraints = [
            Check("likes >= 0 AND comments >= 0", name="post_counts"),
            Check(
                "CASE visibility WHEN 'group' THEN group_id IS NOT NULL AND state <> 'published' ELSE state <> 'within' END",
                name="post_within",
            ),
        ]

    @property
    def published(self):
        """Whether it is there to be read, by whoever may read it."""
        return self.state in SEEN

    @property
    def seen_as(self):
        """The state it is in, or would be in, when it is seen."""
        return "within" if self.visibility == "group" else "published"

    @property
    def kind_name(self):
        return KINDS[self.kind]

    def editable_by(self, member):
        mine = member is not None and member.id == self.author_id and self.kind != "story"  # db/stories.py: edit
        return mine and self.state in {"pending", "returned", *SEEN}

    def readable_by(self, member):
        """Published ones for all or for neighbours, those of a private group for its people; withdrawn ones too, as a stone; the
        others for author and host."""
        if self.state in {*SEEN, "withdrawn"} and self.visibility == "group":
            return member is not None and (member.id == self.author_id or groups.seated(self.group_id, member))
        if self.state in {*SEEN, "withdrawn"}:
            return self.visibility == "public" or member is not None
        return self.state != "purged" and member is not None and (member.id == self.author_id or member.is_host)

    def takes_comments(self):
        return self.published and self.comments_open


# Few posts answer a topic, fewer are featured: small indexes of those alone.
_newest = (Post.state, Post.published_at, Post.id)
Post.add_index(Post.neighborhood, *_newest, where=Post.topic.is_null(False), name="post_on_a_topic")
Post.add_index(Post.neighborhood, Post.visibility, *_newest, where=Post.topic.is_null(False), name="post_on_a_topic_for_all")
Post.add_index(Post.topic, *_newest, where=Post.featured_at.is_null(False), name="post_featured")
Post.add_index(Post.group, Post.state, Post.id, where=Post.group.is_null(False), name="post_in_a_group")


class PostPhoto(Table):
    post = ForeignKeyField(Post, backref="+")
    photo = ForeignKeyField(Photo, unique=True, backref="+")
    position = IntegerField()

    class Meta:
        indexes = ((("post", "position"), False),)


class PostRevision(Table):
    """How a post read before an edit (kept), or a newcomer's edit that waits for the host (pending)."""

    post = ForeignKeyField(Post, backref="revisions")
    title = CharField(max_length=60, default="")
    body = TextField(default="")
    state = CharField(max_length=10, default="kept")  # kept | pending | dropped
    at = DateTimeField()

    class Meta:
        indexes = ((("state", "id"), False),)


def find(neighborhood, post_id):
    """A post of this 小区 with its author and topic, or None (G1)."""
    return (
        Post.select(Post, Membership, User, Topic)
        .join(Membership)
        .join(User)
        .switch(Post)
        .join(Topic, JOIN.LEFT_OUTER)
        .where((Post.id == post_id) & (Post.neighborhood == neighborhood.id))
        .first()
    )


def photos_of(post_ids):
    """{post id: [photos in order]} for the listed posts, in one query."""
    found = {}
    rows = PostPhoto.select(PostPhoto, Photo).join(Photo).where(PostPhoto.post.in_(post_ids))
    for row in rows.order_by(PostPhoto.post, PostPhoto.position):
        found.setdefault(row.post_id, []).append(row.photo)
    return found


def by_author(member, limit=50):
    """What this neighbour wrote, latest first, for their own page: with its state and a reason where it was returned."""
    mine = (Post.author == member.id) & Post.state.not_in(("withdrawn", "purged"))
    return list(Post.select().where(mine).order_by(Post.id.desc()).limit(limit))


def checked_words(member, kind, title, body, photo_count, *, has=False):
    """Title and body as they may stand; Refused beside the field for what a post of this kind cannot say. A post that `has`
    its kind already keeps it, even one that only hosts may begin (db/mixes.py: retag)."""
    if kind not in KINDS:
        raise Refused("bad-kind", "没有这种帖子", field="kind")
    if kind in HOST_KINDS and not (member.is_host or has):
        raise Refused("host-only", "公告、团购和邻居故事由主理人来发", field="kind")
    title = clean_line(title, 60, "title", "标题") if kind in MAY_HAVE_TITLE else ""
    body = clean_text(body, LONGEST_HOWTO if kind == "howto" else LONGEST, "body", "内容")
    if kind in TITLED_KINDS and not title:
        raise Refused("title-needed", "写个标题吧，邻居一眼就知道说的是什么", field="title")
    if not body and not photo_count:
        raise Refused("empty", "写几个字，或放一张照片吧", field="body")
    screening.check(title, "title", priceless=kind == "help")
    screening.check(body, "body", priceless=kind == "help")
    if kind == "promo" and PRESSURE.search(f"{title}\n{body}"):
        raise Refused("pressure", "邻里客厅里不催单，请去掉「最后几小时」「手慢无」这类字眼", field="body")
    return title, body


def too_many_photos(most=MOST_PHOTOS):
    """The refusal for one photo too many (422, beside the photos)."""
    return Refused("too-many-photos", f"一次最多 {most} 张照片，前 {most} 张都还在", field="photos")


def _may_post(member):
    if not member.neighborhood.open:
        raise Refused("not-open", "这个小区现在只能看，不能发：" + member.neighborhood.closed_reason)
    if member.is_host or requires == "none":
        return
    if requires == "phone" and member.user.phone_digest is None and member.vouched_at is None:
        raise Refused("phone-needed", "发帖前请先在「我的」里绑定手机号，或请主理人当面核验")
    if requires == "vouch" and member.vouched_at is None:
        raise Refused("vouch-needed", "发帖前请主理人当面核验一下，认识认识")


def create(
    member, now, *, op_id, kind, title="", body="", photo_codes=(), consent=False, topic=None, visibility="public",
    most=MOST_PHOTOS, draft=False, also=None, group=None,
):  # fmt: skip
    """Write a post; the same `op_id` again gives the first post back (G5). `also(post)` writes what belongs to it along with it.
    In a private `group` it is for its people alone, whatever `visibility` says.

    Hosts, vouched neighbours and those with three approved posts are seen at once; others wait for the host (R02).
    Refused: nothing in it, over 5 000 characters, a tenth photo, no consent for photos, promo pressure, topic not open."""
    _may_post(member)
    codes = list(dict.fromkeys(photo_codes))
    if len(codes) > most:
        raise too_many_photos(most)
    if (kind == "story") != draft:
        raise Refused("bad-kind", "邻居的故事，请从工作台写：发布前要 TA 本人同意", field="kind")
    if visibility not in {"public", "neighborhood"}:
        raise Refused("bad-visibility", "请选择谁可以看", field="visibility")
    first = (Post.author == member.id) & (Post.op_id == op_id)
    try:
        with writing():
            new = (member, now, op_id, kind, title, body, codes, consent, topic, visibility, draft, also, group)
            return Post.get_or_none(first) or _write(*new)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Post.get(first)


def _write(member, now, op_id, kind, title, body, codes, consent, topic, visibility, draft, also, group):
    if group is not None:
        group = groups.to_write_in(group, member)
        if kind not in GROUP_KINDS:
            raise Refused("bad-kind", "小组里聊聊天、问问题、约活动；别的请发在客厅", field="kind")
        topic, visibility = None, "group" if group.private else visibility
    tray = photos.in_tray(member, codes)
    title, body = checked_words(member, kind, title, body, len(tray))
    if tray and not consent:
        raise Refused("consent-needed", "照片里如果有别人，请先征得同意，再勾选这里", field="consent")
    if topic is not None and topic.phase(now) != "open":
        said = "还没开始" if topic.phase(now) == "coming" else "已经结束了"
        raise Refused("topic-closed", f"这个话题{said}，不过您可以发一条普通的帖子")
    limits.spend("newcomer-post" if member.is_newcomer(now) else "post", f"member {member.id}", now)
    held_for = screening.why_wait(member, f"{title}\n{body}", now) or ("" if member.trusted else "first")
    state = "draft" if draft else "pending" if held_for else Post(visibility=visibility).seen_as
    post = Post.create(
        neighborhood=member.neighborhood_id, author=member, kind=kind, title=title, body=body, state=state, held_for=held_for,
        visibility=visibility, group=group, topic=topic, is_promo=kind == "promo", op_id=op_id, created_at=now,
        published_at=now if state in SEEN else None,
    )  # fmt: skip
    photos.use(tray, visibility if state in SEEN else "owner", now, group)
    for position, photo in enumerate(tray):
        PostPhoto.create(post=post, photo=photo, position=position)
    if also:
        also(post)
    if state in SEEN:
        went_public(post, now)
        search.follow("post", post)
    return post


def went_public(post, now):
    """What follows from a post being seen: the topic's count, the author's action, fresh pages. In the caller's transaction."""
    if post.topic_id:
        topics.count_post(post.topic_id, 1)
    activity.record(post.author, "topic_reply" if post.topic_id else "post", post.id, now)
    Membership.update(approved_posts=Membership.approved_posts + 1).where(Membership.id == post.author_id).execute()
    if post.kind not in HOST_KINDS:
        points.earn(post.author, "post", "Post", post.id, now)
    refresh(post.neighborhood_id)


def went_away(post, now, why="帖子看不到了，积分收回"):
    """What follows from a post no longer being seen: the topic's count first, then whatever it was paid for (I8). In the
    caller's transaction, after `move`."""
    if post.topic_id:
        topics.count_post(post.topic_id, -1)
    points.reverse("Post", post.id, now, why)


def came_back(post, now):
    """What follows from a hidden post being seen again. In the caller's transaction, after `move`."""
    if post.topic_id:
        topics.count_post(post.topic_id, 1)
    points.pay_back("Post", post.id, now, rule="post")


def moved_on():
    """The refusal for whoever acts on a post that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这条帖子刚刚变了，请刷新看看")


def move(post, to, *, arrows=TRANSITIONS, **values):
    """Carry a post along one arrow of TRANSITIONS, in the caller's transaction, who refreshes the 小区 in the end.

    What comes to be seen in a private group is seen there only. Refused when the post is not where it was any more, or the arrow
    is not drawn."""
    to = post.seen_as if to == "published" else to
    sources = [source for source, target in arrows if target == to]
    standing = (Post.id == post.id) & (Post.state == post.state) & Post.state.in_(sources)
    standing &= Post.visibility == post.visibility
    if not Post.update(state=to, version=Post.version + 1, **values).where(standing).execute():
        raise moved_on()
    kept = ("pending", "returned", "rejected", "hidden")  # for the author, and the host who has to look at it
    audience = values.get("visibility", post.visibility) if to in SEEN else "owner" if to in kept else "nobody"
    mine = [photo.id for photo in photos_of([post.id]).get(post.id, ())]
    photos.show_to(mine, audience, post.group_id if audience == "group" else None)
    search.follow("post", post)


def withdraw(post, member, now):
    """The author takes the post down: words and photos are gone for everybody at once, replies stay (R02)."""
    if member is None or member.id != post.author_id:
        raise Refused("not-yours", "只有作者可以删除这条帖子", status=403)
    with writing():
        move(post, "withdrawn", withdrawn_at=now, pinned_until=None, featured_at=None)
        if post.published:
            went_away(post, now, "帖子删除了，积分收回")
        refresh(post.neighborhood_id)


def forget(post, now):
    """Its author is forgotten, and so are the words, whatever state they are in: as if she had taken the post down long ago.
    In the caller's transaction; photos and history go by db/belongings.py."""
    if (post.state, "withdrawn") in TRANSITIONS:
        withdraw(post, post.author, now)
        post.state = "withdrawn"
    if (post.state, "purged") in TRANSITIONS:
        move(post, "purged")
    Post.update(title="", body="", return_reason="", aside="").where(Post.id == post.id).execute()


def redraw(post_id, neighborhood_id, aside=None):
    """Something a post's card shows has changed; `aside` is its new line. In the caller's transaction."""
    values = {} if aside is None else {"aside": aside[:120]}
    Post.update(version=Post.version + 1, **values).where(Post.id == post_id).execute()
    refresh(neighborhood_id)


def redraw_of(member):
    """The author's name, building or face has changed: every card that shows it is stale, in every 小区 she lives in."""
    theirs = list(Membership.select().where(Membership.user == member.user_id).order_by(Membership.neighborhood))
    written = Post.author.in_([each.id for each in theirs])
    with writing():
        hold(Post, written)
        Post.update(version=Post.version + 1).where(written).execute()
        for each in theirs:
            refresh(each.neighborhood_id)


def purge_due(now, most=200):
    """Forget the words and photos of posts that went over 30 days ago; returns how many (the clock calls it daily)."""
    due = Post.state.in_(("withdrawn", "rejected", "removed")) & (Post.withdrawn_at < now - KEPT_WITHDRAWN)
    purged = 0
    for post in list(Post.select().where(due).order_by(Post.id).limit(most)):
        mine = [photo.id for photo in photos_of([post.id]).get(post.id, ())]
        with suppress(Refused), writing():  # refused: another scheduler was quicker
            move(post, "purged", title="", body="", aside="", return_reason="")
            PostRevision.delete().where(PostRevision.post == post.id).execute()
            PostPhoto.delete().where(PostPhoto.post == post.id).execute()
            photos.drop(mine, used=True)
            refresh(post.neighborhood_id)
            purged += 1
    return purged
