"""What neighbours do with a how-to: 「我做了」 with a word and a photo, once each, and 收藏 to find it again (R25)."""

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegrityError, Value

from db import activity, audit, blocks, howtos, limits, notices, photos, points, screening
from db.base import Refused, Table, hold, writing
from db.howtos import Howto, Listed
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.photos import Photo
from db.posts import Post
from db.words import clean_line

LONGEST = 140
SHOWN = 60
PAGE = 20


class Made(Table):
    howto = ForeignKeyField(Howto, backref="+", on_delete="CASCADE", index=False)
    member = ForeignKeyField(Membership, backref="+", index=False)
    words = CharField(max_length=LONGEST, default="")
    photo = ForeignKeyField(Photo, null=True, unique=True, backref="+", on_delete="SET NULL")
    photo_waits = BooleanField(default=False)  # of somebody the host does not know yet: she and the host see it
    op_id = CharField(max_length=40)
    at = DateTimeField()

    class Meta:
        indexes = ((("howto", "member"), True), (("howto", "id"), False), (("member", "op_id"), True))

    def photo_for(self, viewer):
        """Whether this neighbour (None: a guest) sees its photo."""
        known = viewer is not None and (viewer.is_host or viewer.id == self.member_id)
        return self.photo_id is not None and (known or not self.photo_waits)


class Saved(Table):
    post = ForeignKeyField(Post, backref="+")
    member = ForeignKeyField(Membership, backref="+", index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "post"), True), (("member", "id"), False))


def _gone():
    return Refused("not-published", "这篇干货已经看不到了")


def _published(post):
    """Hold the post and see that neighbours can see it, in the caller's transaction."""
    hold(Post, Post.id == post.id)
    if not Post.select().where((Post.id == post.id) & (Post.state == "published") & (Post.kind == "howto")).exists():
        raise _gone()


def has_saved(member, post):
    """Whether this neighbour has saved this how-to."""
    return member is not None and Saved.select().where((Saved.member == member.id) & (Saved.post == post.id)).exists()


def set_saved(member, post, on, now):
    """Save a how-to or not; asked twice, nothing changes. Nobody else sees who saved what. What is gone can be let go of,
    not saved (409)."""
    with writing():
        if on:
            _published(post)
            changed = Saved.insert(post=post.id, member=member.id, at=now).on_conflict_ignore().as_rowcount().execute()
        else:
            hold(Post, Post.id == post.id)
            changed = -Saved.delete().where((Saved.member == member.id) & (Saved.post == post.id)).execute()
        if changed:
            Howto.update(saves=Howto.saves + changed).where(Howto.post == post.id).execute()


def saved_by(member, after=""):
    """(cards, cursor of the next page) of what this neighbour has saved, the latest first; what is gone is left out."""
    wanted = (Saved.member == member.id) & (Post.state == "published")
    if after.isascii() and after.isdigit() and len(after) < 16:
        wanted &= Saved.id < int(after)
    rows = Saved.select(Saved.id, Post.id, Post.version).join(Post).where(wanted).order_by(Saved.id.desc()).limit(PAGE + 1)
    found = list(rows)
    listed = [Listed(row.post.id, row.post.version) for row in found[:PAGE]]
    return listed, str(found[PAGE - 1].id) if len(found) > PAGE else ""


def listed(howto, member):
    """Who made it, the latest first, without those whom this neighbour does not want to see."""
    wanted = Made.howto == howto.id
    if without := blocks.blocked_by(member):
        wanted &= Made.member.not_in(without)
    rows = Made.select(Made, Membership, User).join(Membership).join(User).where(wanted)
    found = list(rows.order_by(Made.id.desc()).limit(SHOWN))
    pictures = {
        photo.id: photo for photo in Photo.select().where(Photo.id.in_([each.photo_id for each in found if each.photo_id]))
    }
    for each in found:
        if each.photo_id:
            each.photo = pictures[each.photo_id]
    return found


def of(howto, member):
    """What this neighbour said about making it, or None."""
    return Made.get_or_none((Made.howto == howto.id) & (Made.member == member.id)) if member else None


def find(neighborhood, made_id):
    """One 「我做了」 of this 小区 with its how-to and who said it, or None (G1)."""
    return (
        Made.select(Made, Howto, Membership, User)
        .join(Howto)
        .switch(Made)
        .join(Membership)
        .join(User)
        .where((Made.id == made_id) & (Howto.neighborhood == neighborhood.id))
        .first()
    )


def say(member, post, now, *, op_id, words="", photo_codes=(), consent=False):
    """「我做了」: a word, a photo or both, once a neighbour and how-to; the author is told. The same `op_id` again gives the
    first one back (G5). The photo of somebody the host does not know yet is seen by her and the host, until she lets it in.

    Refused beside the field: nothing said, over 140 characters, a second photo, no consent; as a conflict: said before, one's
    own how-to, or it is gone."""
    words = clean_line(words, LONGEST, "words", "这句话")
    screening.check(words, "words")
    if len(set(photo_codes)) > 1:
        raise Refused("too-many-photos", "放一张照片就好", field="photos")
    howto = Howto.get_or_none(Howto.post == post.id)
    if howto is None:
        raise _gone()
    if member.id == post.author_id:
        raise Refused("own", "这是您自己写的，等邻居来照着做吧")
    first = (Made.member == member.id) & (Made.op_id == op_id)
    try:
        with writing():
            return Made.get_or_none(first) or _write(howto, post, member, now, op_id, words, photo_codes, consent)
    except IntegrityError:
        if same := Made.get_or_none(first):  # the same form, sent at the same moment, was quicker
            return same
        raise Refused("made-already", "您已经说过「我做了」了") from None


def _write(howto, post, member, now, op_id, words, photo_codes, consent):
    tray = photos.in_tray(member, photo_codes)
    if not words and not tray:
        raise Refused("empty", "说说做得怎么样，或放一张照片", field="words")
    if tray and not consent:
        raise Refused("consent-needed", "照片里如果有别人，请先征得同意，再勾选这里", field="consent")
    limits.spend("newcomer-comment" if member.is_newcomer(now) else "comment", f"member {member.id}", now)
    _published(post)
    if screening.why_wait(member, words, now):
        raise Refused("words-wait", "这句话里有链接或要留意的词，换个说法就能发", field="words")
    waits = bool(tray) and not member.trusted
    photos.use(tray, "owner" if waits else post.visibility, now)
    made = Made.create(
        howto=howto, member=member, words=words, photo=tray[0] if tray else None, photo_waits=waits, op_id=op_id, at=now
    )
    url = f"/n/{member.neighborhood.slug}/posts/{post.id}#made"
    here, title = member.neighborhood_id, post.title[:20]
    notices.tell(
        [post.author.user_id],
        "talk",
        f"{member.name}照着您的「{title}」做了",
        url,
        now,
        neighborhood=here,
        key=f"made {howto.id}",
    )
    if waits:
        hosts = Membership.select(Membership.user).where(
            (Membership.neighborhood == here) & Membership.role.in_(HOSTS) & (Membership.status == "active")
        )
        said = f"新邻居{member.name}在「{title}」下放了一张照片，等您看一眼"
        notices.tell([each.user_id for each in hosts], "desk", said, url, now, neighborhood=here, key=f"made photo {howto.id}")
    hold(Membership, Membership.id.in_([member.id, post.author_id]))  # one's deed pays the other: both, in one order
    activity.record(member, "made", howto.id, now)
    points.earn(member, "made", "Made", post.id, now)
    points.earn(post.author, "useful", "Post", post.id, now, by=member)
    _count(howto, 1)
    return made


def came_back(post, now):
    """A hidden how-to is seen again: what its author was paid for those who have made it is hers again. In the caller's
    transaction."""
    made = Made.select(Made, Membership).join(Membership).switch(Made).join(Howto).where(Howto.post == post.id)
    if givers := [each.member.user_id for each in made]:
        points.pay_back("Post", post.id, now, rule="useful", givers=givers)


def _count(howto, by):
    """One neighbour more, or less, who made it; the card and fresh pages say so. In the caller's transaction, the post held."""
    Howto.update(made=Howto.made + by).where(Howto.id == howto.id).execute()
    howtos.settle(howto.post_id)


def drop(made, now):
    """One 「我做了」 is gone, words and photo. Refused where somebody else was quicker."""
    with writing():
        hold(Post, Post.id == made.howto.post_id)
        if not Made.delete().where(Made.id == made.id).execute():
            raise Refused("moved-on", "这一条已经收回了")
        author = Post.select(Post.author).where(Post.id == made.howto.post_id).scalar()
        hold(Membership, Membership.id.in_([made.member_id, author]))
        giver = Membership.select(Membership.user).where(Membership.id == made.member_id).scalar()
        for source, rule in (("Made", "made"), ("Post", "useful")):
            points.reverse(source, made.howto.post_id, now, "「我做了」收回了，积分收回", rule=rule, givers=[giver])
        _count(made.howto, -1)
        if made.photo_id:
            photos.drop([made.photo_id], used=True)


def take_back(made, member, now):
    """Who said it takes it back, words and photo; she may say it anew."""
    if member is None or made.member_id != member.id:
        raise Refused("not-yours", "只有写的人可以收回", status=403)
    drop(made, now)


def _record(action, made, host, now, reason):
    audit.record(
        action, made, actor=host.user, now=now, reason=reason, neighborhood=host.neighborhood_id, subject=made.member.user_id
    )


def let_photo_in(made, host, now):
    """The host has looked at a newcomer's photo: all who may read the how-to see it. Done already is a conflict."""
    with writing():
        post = Post.get_by_id(made.howto.post_id)
        waiting = (Made.id == made.id) & (Made.photo_waits == True)  # noqa: E712
        if not Made.update(photo_waits=False).where(waiting).execute():
            raise Refused("moved-on", "这张照片已经处理过了")
        photos.show_to([made.photo_id], post.visibility)
        _record("show made photo", made, host, now, "看过照片，可以展示")


def take_down(made, host, now, reason):
    """The host takes a 「我做了」 down, words and photo, with a reason its author is told."""
    reason = audit.reason_of(reason)
    with writing():
        drop(made, now)
        url = f"/n/{Neighborhood.get_by_id(host.neighborhood_id).slug}/posts/{made.howto.post_id}"
        notices.tell(
            [made.member.user_id],
            "review",
            f"您的「我做了」被主理人拿下了：{reason}",
            url,
            now,
            neighborhood=host.neighborhood_id,
        )
        _record("take down made", made, host, now, reason)


def fold(member, into, now):
    """Two memberships of one person become one (db/merging.py): of two that say or save the same, one stays."""
    theirs = {row.howto_id for row in Made.select(Made.howto).where(Made.member == into.id)}
    for made in list(Made.select(Made, Howto).join(Howto).where((Made.member == member.id) & Made.howto.in_(list(theirs)))):
        drop(made, now)
    saved = {row.post_id for row in Saved.select(Saved.post).where(Saved.member == into.id)}
    both = [row.post_id for row in Saved.select(Saved.post).where((Saved.member == member.id) & Saved.post.in_(list(saved)))]
    Saved.delete().where((Saved.member == member.id) & Saved.post.in_(both)).execute()
    Howto.update(saves=Howto.saves - 1).where(Howto.post.in_(both)).execute()
    Saved.update(member=into.id).where(Saved.member == member.id).execute()
    Made.update(member=into.id, op_id=Value("merged ").concat(Made.id.cast("TEXT"))).where(Made.member == member.id).execute()


def purge_due(now, most=200):
    """Forget how-tos whose words are forgotten (posts.purge_due) in parts too, with all that was made and saved; returns how many
    (the clock calls it daily)."""
    gone = [howto.id for howto in Howto.select(Howto.id).join(Post).where(Post.state == "purged").order_by(Howto.id).limit(most)]
    with writing():
        shown = Made.select(Made.photo).where(Made.howto.in_(gone) & Made.photo.is_null(False))
        photos.drop([made.photo_id for made in shown], used=True)
        Saved.delete().where(Saved.post.in_(Howto.select(Howto.post).where(Howto.id.in_(gone)))).execute()
        return Howto.delete().where(Howto.id.in_(gone)).execute()


def forget(line, her, now):
    """Act of db/belongings.py: what she said about making it goes with her, words and photo; one fewer has made it."""
    for made in list(Made.select(Made, Howto).join(Howto).where(line.rows(her)).order_by(Made.howto)):
        drop(made, now)


def forget_saved(line, her, now):
    """Act of db/belongings.py: what she has saved."""
    saved = [each.post_id for each in Saved.select(Saved.post).where(line.rows(her))]
    Howto.update(saves=Howto.saves - 1).where(Howto.post.in_(saved)).execute()
    Saved.delete().where(line.rows(her)).execute()


def touched(her):
    """The ids of the posts that this person (db/belongings.py) has made or saved."""
    made = Made.select(Howto.post).join(Howto).where(Made.member.in_(her.members)).tuples()
    return [row[0] for row in made] + [each.post_id for each in Saved.select(Saved.post).where(Saved.member.in_(her.members))]
