"""One person who joined twice becomes one again (X1): everything moves to the account that stays, nothing counts double."""

from db import audit, sessions
from db.activity import Action
from db.base import Refused, writing
from db.comments import Comment
from db.likes import Like
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.photos import Photo
from db.posts import Post


def merge(source, target, actor, now, reason):
    """Move all of `source` into `target` and close `source`. At most one like a post survives. Audited; refused for hosts
    and staff, who are appointed by hand, and for accounts that are closed already."""
    if source.id == target.id:
        raise Refused("same-person", "这就是同一个身份")
    if source.staff or Membership.select().where((Membership.user == source.id) & (Membership.role != "resident")).exists():
        raise Refused("host-stays", "主理人和工作人员的身份不能这样合并，请联系总部")
    with writing():
        closed = (
            User.update(status="merged", merged_into=target.id, phone_digest=None, phone_sealed=None)
            .where((User.id == source.id) & (User.status == "active"))
            .execute()
        )
        if not closed:
            raise Refused("moved-on", "这个身份已经合并过了")
        for member in Membership.select().where(Membership.user == source.id):
            there = Membership.get_or_none((Membership.user == target.id) & (Membership.neighborhood == member.neighborhood_id))
            if there is None:
                Membership.update(user=target.id).where(Membership.id == member.id).execute()
            else:
                _fold(member, there)
            Post.update(version=Post.version + 1).where(Post.author == (there or member).id).execute()
            refresh(member.neighborhood_id)
        if source.phone_digest and not target.phone_digest:
            User.update(phone_digest=source.phone_digest, phone_sealed=source.phone_sealed).where(User.id == target.id).execute()
        sessions.end_all(source, now)
        audit.record("merge", target, actor=actor, now=now, reason=reason, subject=target, before={"merged": source.id})


def _fold(member, into):
    """Everything one membership did, said and liked becomes the other's, in the same 小区."""
    Post.update(author=into.id).where(Post.author == member.id).execute()
    Comment.update(author=into.id).where(Comment.author == member.id).execute()
    Photo.update(owner=into.id).where(Photo.owner == member.id).execute()
    both = Like.select(Like.post).where(Like.member == into.id)
    doubled = [like.post_id for like in Like.select().where((Like.member == member.id) & Like.post.in_(both))]
    Like.delete().where((Like.member == member.id) & Like.post.in_(doubled)).execute()
    Post.update(likes=Post.likes - 1, version=Post.version + 1).where(Post.id.in_(doubled)).execute()
    Like.update(member=into.id).where(Like.member == member.id).execute()
    for action in Action.select().where(Action.membership == member.id):
        same = (Action.membership == into.id) & (Action.kind == action.kind) & (Action.object_id == action.object_id)
        if not Action.select().where(same).exists():
            Action.update(membership=into.id).where(Action.id == action.id).execute()
    Action.delete().where(Action.membership == member.id).execute()
    Membership.update(
        approved_posts=into.approved_posts + member.approved_posts, building=into.building or member.building, status="active"
    ).where(Membership.id == into.id).execute()
    if member.status == "active":
        Membership.update(status="left").where(Membership.id == member.id).execute()
        if into.status == "active":
            Neighborhood.update(members=Neighborhood.members - 1).where(Neighborhood.id == member.neighborhood_id).execute()
