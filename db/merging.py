"""One person who joined twice becomes one again (X1): everything moves to the account that stays, nothing counts double."""

from peewee import Value

from db import (
    aid_matches,
    ambassador_ends,
    audit,
    contests,
    entry_ends,
    event_days,
    event_photos,
    feedbacks,
    group_rooms,
    live_questions,
    lives,
    mailboxes,
    makings,
    needs,
    notices,
    paper_batches,
    picks,
    point_entries,
    recommends,
    redemptions,
    registrations,
    rings,
    search,
    series,
    sessions,
    shifts,
    spreads,
    stamp_prizes,
    stamps,
    stories,
    tastings,
    voters,
    wishes,
)
from db.activity import Action
from db.base import Refused, hold, writing
from db.comments import Comment
from db.contests import Contest
from db.events import Event
from db.groups import InterestGroup
from db.handovers import Handover
from db.invitations import Invitation
from db.likes import Like
from db.members import Membership, hosts_anywhere
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.photos import Photo
from db.posts import Post
from db.registrations import Registration
from db.scans import QrToken


def merge(source, target, actor, now, reason):
    """Move all of `source` into `target` and close `source`. At most one like a post survives. Audited; refused for accounts
    that are closed already, and for those of hosts and staff: they are appointed by hand, and what a host may merge must
    not open them. HQ may merge a neighbour into one."""
    if source.id == target.id:
        raise Refused("same-person", "这就是同一个身份")
    if _appointed(source) or (_appointed(target) and (actor is None or actor.staff != "hq")):
        raise Refused("host-stays", "主理人和工作人员的身份不能这样合并，请联系总部")
    with writing():
        _hold_contests(source, target)
        hold(User, User.id.in_((source.id, target.id)))
        if not User.select().where((User.id == target.id) & (User.status == "active")).exists():
            raise Refused("moved-on", "要留下的身份已经停用了")
        closed = (
            User.update(status="merged", merged_into=target.id, phone_digest=None, phone_sealed=None)
            .where((User.id == source.id) & (User.status == "active"))
            .execute()
        )
        if not closed:
            raise Refused("moved-on", "这个身份已经合并过了")
        moving = list(Membership.select().where(Membership.user == source.id).order_by(Membership.neighborhood))
        there = {each.neighborhood_id: each for each in Membership.select().where(Membership.user == target.id)}
        leaving, staying = [each.id for each in moving], [each.id for each in there.values()]
        runs = InterestGroup.leader.in_(leaving) | InterestGroup.asked.in_(leaving) | InterestGroup.created_by.in_(leaving)
        hold(InterestGroup, runs)
        liked = Like.member.in_(leaving)
        hold(Post, Post.author.in_(leaving + staying) | Post.id.in_([like.post_id for like in Like.select().where(liked)]))
        for member in moving:
            if into := there.get(member.neighborhood_id):
                _fold(member, into, now)
            Post.update(version=Post.version + 1).where(Post.author == (into or member).id).execute()
        Membership.update(user=target.id).where(
            (Membership.user == source.id) & Membership.neighborhood.not_in(list(there))
        ).execute()
        for member in moving:
            if into := there.get(member.neighborhood_id):
                _fold_standing(member, into)
            refresh(member.neighborhood_id)
        if source.phone_digest and not target.phone_digest:
            User.update(phone_digest=source.phone_digest, phone_sealed=source.phone_sealed).where(User.id == target.id).execute()
        notices.move(source, target)
        mailboxes.move(source, target)
        sessions.end_all(source, now)
        audit.record("merge", target, actor=actor, now=now, reason=reason, subject=target, before={"merged": source.id})


def _appointed(user):
    return bool(user.staff) or hosts_anywhere(user)


def _hold_contests(source, target):
    """Contests and events come before everything else (`writing`): who votes, withdraws or signs up holds hers already."""
    theirs, other = Membership.alias(), Membership.alias()
    shared = (
        theirs.select(theirs.neighborhood)
        .join(other, on=theirs.neighborhood == other.neighborhood)
        .where((theirs.user == source.id) & (other.user == target.id))
    )
    running = Contest.neighborhood.in_(shared) & Contest.settled_at.is_null() & Contest.state.not_in(("draft", "cancelled"))
    for contest in list(Contest.select().where(running).order_by(Contest.id)):
        contests.taken(contest)
    signed_up = Registration.select(Registration.event).join(Membership, on=Registration.member == Membership.id)
    mine = signed_up.where(Membership.user == source.id)  # … and markets for her stamps, db/stamps.py
    hold(
        Event,
        Event.neighborhood.in_(shared) & (Event.id.in_(mine) | (Event.kind == "market") | ambassador_ends.with_call(shared)),
    )


def _fold(member, into, now):
    """Everything one membership did, said and liked becomes the other's, in the same 小区."""
    doubled = Like.alias()
    both = [
        like.post_id
        for like in Like.select(Like.post)
        .join(doubled, on=Like.post == doubled.post)
        .where((Like.member == member.id) & (doubled.member == into.id))
    ]
    Like.delete().where((Like.member == member.id) & Like.post.in_(both)).execute()
    Like.update(member=into.id).where(Like.member == member.id).execute()
    for table in (Comment, Post):  # the forms these came from are long sent: their numbers must not meet
        table.update(author=into.id, op_id=Value("merged ").concat(table.id.cast("TEXT"))).where(
            table.author == member.id
        ).execute()
    Post.update(likes=Post.likes - 1, version=Post.version + 1).where(Post.id.in_(both)).execute()
    aid_matches.fold(member, into)
    voters.fold(member, into, now)
    paper_batches.fold(member, into)
    rings.fold(member)
    makings.fold(member, into, now)
    stories.follow(member, into)
    picks.follow(member, into)
    spreads.carry_over(member, into)
    recommends.carry_over(member, into)
    needs.carry_over(member, into)
    entry_ends.carry_over(member, into)
    redemptions.fold(member, into)
    event_days.follow(member, into)
    series.follow(member, into)
    group_rooms.fold(member, into)
    stamp_prizes.fold(member, into)
    for feature in (stamps, shifts, registrations, tastings, wishes, event_photos, lives, feedbacks):
        feature.fold(member, into)
    live_questions.fold(member, into, now)
    ambassador_ends.fold(member, into, now)
    search.hand_over(member, into)
    Photo.update(owner=into.id).where(Photo.owner == member.id).execute()
    Handover.update(incoming=into.id).where(Handover.incoming == member.id).execute()  # who was asked may still say yes
    Invitation.update(member=into.id).where(Invitation.member == member.id).execute()
    for action in list(Action.select().where(Action.membership == member.id)):
        same = (Action.membership == into.id) & (Action.kind == action.kind) & (Action.object_id == action.object_id)
        if not Action.select().where(same).exists():
            Action.update(membership=into.id).where(Action.id == action.id).execute()
    Action.delete().where(Action.membership == member.id).execute()
    QrToken.update(revoked_at=now).where((QrToken.membership == member.id) & QrToken.revoked_at.is_null()).execute()
    QrToken.update(created_by=into.id).where(QrToken.created_by == member.id).execute()
    point_entries.fold(member, into, now)  # it takes both memberships, which come last of all (`writing`)


def _fold_standing(member, into):
    """Trust adds up; who was sent away stays away, and the 小区 counts one neighbour where it counted two."""
    stays = into.status if into.status != "left" else member.status
    Membership.update(
        status=stays,
        approved_posts=into.approved_posts + member.approved_posts,
        vouched_at=into.vouched_at or member.vouched_at,
        vouched_by=into.vouched_by_id if into.vouched_at else member.vouched_by_id,
        building=into.building or member.building,
        face=into.face or member.face,
        joined_at=min(into.joined_at, member.joined_at),
    ).where(Membership.id == into.id).execute()
    Membership.update(status="left").where((Membership.id == member.id) & (Membership.status == "active")).execute()
    here = (stays == "active") - (member.status == "active") - (into.status == "active")
    Neighborhood.update(members=Neighborhood.members + here).where(Neighborhood.id == member.neighborhood_id).execute()
