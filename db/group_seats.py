"""Who may come into a group: invited by its leader, or let in by her where it is private (R52)."""

from db import activity, notices
from db.base import Refused, writing
from db.group_leaders import sit
from db.groups import GroupSeat, called, moved_on, path, record, taken
from db.members import Membership
from db.people import User

MOST_INVITED = 200  # of those who have not answered


def _only_who_runs(group, by):
    if not group.run_by(by):
        raise Refused("not-yours", "只有组长和主理人能邀请和放人进来", status=403)


def _with_seat(group, *states):
    rows = Membership.select(Membership, User).join(User).switch(Membership).join(GroupSeat, on=GroupSeat.member == Membership.id)
    wanted = (GroupSeat.group == group.id) & GroupSeat.state.in_(states) & (Membership.status == "active")
    return list(rows.where(wanted).order_by(GroupSeat.at, GroupSeat.id).limit(MOST_INVITED))


def knocking(group):
    """Who asks to be let in, the longest waiting first."""
    return _with_seat(group, "asked")


def to_invite(group, limit=300):
    """Neighbours who may be invited, those who were sent away among them, by name."""
    here = (Membership.neighborhood == group.neighborhood_id) & (Membership.status == "active")
    there = (GroupSeat.group == group.id) & GroupSeat.state.in_(("in", "invited", "asked"))
    there = GroupSeat.select(GroupSeat.member).where(there)
    rows = Membership.select(Membership, User).join(User).where(here & Membership.id.not_in(there))
    return list(rows.order_by(User.name, Membership.id).limit(limit))


def invite(group, by, whom, now):
    """Ask a neighbour in; she sits down herself, also where the group is private or she was sent away once. She is told once.

    Refused: she is not here any more, or sits there already; the group is only an idea, or rests."""
    with writing():
        group = taken(group)
        _only_who_runs(group, by)
        if group.state not in {"hatching", "active"} or not group.shown:
            raise moved_on()
        if whom.status != "active" or whom.neighborhood_id != group.neighborhood_id:
            raise Refused("not-here", "请选一位还在小区里的邻居", field="guest")
        mine = (GroupSeat.group == group.id) & (GroupSeat.member == whom.id)
        seat = GroupSeat.get_or_none(mine)
        if seat and seat.state == "in":
            raise Refused("in-already", f"{whom.name}已经在小组里了", field="guest")
        if seat and seat.state == "invited":
            return
        if seat:
            GroupSeat.update(state="invited", at=now).where(mine).execute()
        else:
            GroupSeat.create(group=group, member=whom, state="invited", at=now)
        _tell(group, whom, f"{by.name}请您来{called(group)}坐坐", now)
        if seat and seat.state == "removed":
            record("invite back to group", group, by, now, f"又请{whom.name}回来"[:200])


def _tell(group, whom, sentence, now):
    told = {"neighborhood": group.neighborhood_id, "key": f"group seat {group.id}"}
    notices.tell([whom.user_id], "group", sentence, path(group), now, **told)


def let_in(group, by, member_id, yes, now):
    """Let somebody in who asks, or not now; she is told. Refused where she does not ask any more."""
    with writing():
        group = taken(group)
        _only_who_runs(group, by)
        mine = (GroupSeat.group == group.id) & (GroupSeat.member == member_id) & (GroupSeat.state == "asked")
        if not GroupSeat.select().where(mine).exists():
            raise moved_on()
        whom = Membership.select(Membership, User).join(User).where(Membership.id == member_id).get()
        if yes and whom.status != "active":
            raise moved_on()
        if yes:
            sit(group, whom, now)
            activity.record(whom, "interest", group.id, now)
        else:
            GroupSeat.update(state="left", at=now).where(mine).execute()
        _tell(group, whom, f"{called(group)}欢迎您，来坐坐" if yes else f"{called(group)}这会儿不加人，改天再来问问", now)
