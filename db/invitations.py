"""Neighbours who have not been here for a while, and one kind word to bring them back: at most one a person in 30 days (R10)."""

from datetime import timedelta
from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField, Tuple, fn

from db import notices, topics
from db.activity import Action
from db.base import Refused, Table, writing
from db.compiled import moment
from db.members import Membership
from db.people import User
from db.posts import KINDS, Post

QUIET = timedelta(days=30)
FRESH = timedelta(days=14)  # posts one may be invited to
LOOKED_BACK = timedelta(days=90)
PAGE = 30
INVITING = ("meetup", "help", "question")
DEEDS = {"post": "发了帖子", "topic_reply": "接了话题", "comment": "评论了", "like": "点了赞"}
ON_POSTS = ("post", "topic_reply", "like")  # actions whose object is a post: they tell what she cares for


class Invitation(Table):
    """The last invitation of a person, whichever host wrote it: one row a person holds the promise of one in 30 days."""

    user = ForeignKeyField(User, backref="+", unique=True, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    sent_by = ForeignKeyField(Membership, backref="+")
    url = CharField(max_length=160)
    sent_at = DateTimeField()


class Quiet(NamedTuple):
    """A neighbour who has been away, as the host sees her."""

    member: object
    deed: str  # what she did last, empty where she only joined
    interest: str  # the kind of posts she took part in most
    interest_name: str
    may_be_asked: bool


class Invite(NamedTuple):
    """Something to invite to, with the words that are sent."""

    what: str  # topics | posts
    id: int
    sentence: str
    url: str


def _away(neighborhood, now):
    here = (Membership.neighborhood == neighborhood.id) & (Membership.status == "active")
    return here & (Membership.role == "resident") & (Membership.last_active_at < now - QUIET)


def count(neighborhood, now):
    """How many neighbours did nothing here for thirty days; they stay in the denominator of M1."""
    return Membership.select().where(_away(neighborhood, now)).count()


def listed(neighborhood, now, after=0):
    """One page of them, whoever was here last first; `after` is the membership the page before ended with."""
    query = Membership.select(Membership, User).join(User).where(_away(neighborhood, now))
    if after and (mark := Membership.get_or_none((Membership.id == after) & (Membership.neighborhood == neighborhood.id))):
        query = query.where(Tuple(Membership.last_active_at, Membership.id) < Tuple(mark.last_active_at, mark.id))
    return _seen(list(query.order_by(Membership.last_active_at.desc(), Membership.id.desc()).limit(PAGE)), now)


def one(member, now):
    """One neighbour of the list, or None when she has been here lately: returning clears it at once."""
    away = member.role == "resident" and member.last_active_at < now - QUIET
    return _seen([member], now)[0] if away else None


def _seen(found, now):
    """What the host sees of these neighbours, in four queries however many they are."""
    ids, users = [each.id for each in found], [each.user_id for each in found]
    last = {}
    deeds = Action.select(Action.membership, Action.kind, fn.MAX(Action.at)).where(Action.membership.in_(ids))
    for member, kind, at in deeds.group_by(Action.membership, Action.kind).tuples():
        last[member] = max(last.get(member, (moment(at), kind)), (moment(at), kind))
    liked = {}
    on_posts = Action.select(Action.membership, Post.kind, fn.COUNT(Action.id)).join(Post, on=(Action.object_id == Post.id))
    on_posts = on_posts.where(Action.membership.in_(ids) & Action.kind.in_(ON_POSTS) & (Post.neighborhood == Action.neighborhood))
    for member, kind, times in on_posts.group_by(Action.membership, Post.kind).tuples():
        liked[member] = max(liked.get(member, (times, kind)), (times, kind))
    asked = Invitation.select(Invitation.user).where(Invitation.user.in_(users) & (Invitation.sent_at > now - QUIET))
    left_alone = {row.user_id for row in asked} | notices.who_turned_off("place", users)
    return [
        Quiet(
            each,
            DEEDS.get(last[each.id][1], "来参与过") if each.id in last else "",
            kind := liked.get(each.id, (0, ""))[1],
            KINDS.get(kind, ""),
            each.user_id not in left_alone,
        )
        for each in found
    ]


def fitting(host, quiet, now, most=6):
    """What this neighbour could be invited to: what she cares for first, then the open topics, then what others ask for."""
    place = host.neighborhood
    fresh = (Post.neighborhood == place.id) & (Post.state == "published") & (Post.published_at > now - FRESH)
    wanted = fresh & Post.kind.in_(INVITING) & (Post.author != quiet.member.id)
    found = list(Post.select().where(wanted).order_by(Post.published_at.desc()).limit(20))
    found.sort(key=lambda post: post.kind != quiet.interest)
    hers = [_to_post(host, post) for post in found if post.kind == quiet.interest]
    others = [_to_post(host, post) for post in found if post.kind != quiet.interest]
    talks = [_to_topic(host, topic) for topic in topics.current(place, now)]
    return [*hers[:2], *talks[:3], *others][:most]


def _to_topic(host, topic):
    words = f"好久不见。{host.name}想听听您怎么说：{topic.prompt}"
    return Invite("topics", topic.id, words, f"/n/{host.neighborhood.slug}/topics/{topic.id}")


def _to_post(host, post):
    what = " ".join((post.title or post.body or post.kind_name).split())
    what = f"{what[:30]}……" if len(what) > 32 else what
    asks = {"meetup": "想请您一起", "help": "有邻居想请您搭把手", "question": "有邻居想问问您"}[post.kind]
    words = f"好久不见。{host.name}{asks}：{what}" if post.kind == "meetup" else f"好久不见。{asks}：{what}"
    return Invite("posts", post.id, words, f"/n/{host.neighborhood.slug}/posts/{post.id}")


def to(host, what, number, now):
    """The invitation to this topic or post of the host's 小区, or None where one cannot be invited to it."""
    if what == "topics":
        topic = topics.find(host.neighborhood, number)
        return _to_topic(host, topic) if topic and topic.phase(now) == "open" else None
    here = (Post.id == number) & (Post.neighborhood == host.neighborhood_id)
    post = Post.get_or_none(here & (Post.state == "published") & Post.kind.in_(INVITING))
    return _to_post(host, post) if post else None


def invite(host, member, invitation, now):
    """Send the one word. Refused as a conflict: she has been here, was asked less than 30 days ago, or wants to be left alone."""
    if member.role != "resident" or member.last_active_at >= now - QUIET:
        raise Refused("not-quiet", "TA 最近来过了，不用请")
    fresh = {"member": member.id, "sent_by": host.id, "url": invitation.url, "sent_at": now}
    with writing():
        if notices.who_turned_off("place", [member.user_id]):
            raise Refused("left-alone", "这位邻居现在不想被打扰")
        sent = (
            Invitation.insert(user=member.user_id, **fresh)
            .on_conflict(conflict_target=[Invitation.user], update=fresh, where=Invitation.sent_at <= now - QUIET)
            .as_rowcount()
            .execute()
        )
        if not sent:
            raise Refused("asked-lately", "30 天里已经请过一次了，让 TA 自己慢慢回来")
        notices.tell(
            [member.user_id], "place", invitation.sentence, invitation.url, now, neighborhood=host.neighborhood, key="invitation"
        )


def sent(neighborhood, now, limit=50):
    """Invitations of the last 90 days, latest first; `came_back` where the neighbour did something since."""
    here = (Membership.neighborhood == neighborhood.id) & (Invitation.sent_at > now - LOOKED_BACK)
    query = Invitation.select(Invitation, Membership, User).join(Membership, on=Invitation.member).join(User)
    found = list(query.where(here).order_by(Invitation.sent_at.desc()).limit(limit))
    for each in found:
        each.came_back = each.member.last_active_at > each.sent_at
    return found
