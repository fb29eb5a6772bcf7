"""Who leads a group, who is in it, and what the host does with it: asked, answered, handed on, laid to rest (R52)."""

from peewee import fn

from db import activity, audit, notices, screening
from db.base import Refused, writing
from db.groups import (
    ENOUGH,
    QUIET,
    GroupSeat,
    InterestGroup,
    called,
    change,
    found,
    members_of,
    move,
    moved_on,
    path,
    record,
    seat_of,
    sits_in,
    taken,
    tell,
    tell_hosts,
    tell_leader,
    wanted_by,
)
from db.members import Membership
from db.people import User
from db.words import clean_line


def ask(group, by, whom, now, words):
    """The host, or the leader who wants to hand on, asks a neighbour to lead, with a word of 4 to 100 characters."""
    words = clean_line(words, 100, "words", "想对 TA 说的")
    if len(words) < 4:
        raise Refused("no-words", "写一句为什么请 TA（4–100 个字）", field="words")
    screening.check(words, "words")
    with writing():
        group = taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能请人当组长", status=403)
        if not group.shown:
            raise moved_on()
        if whom.id == group.leader_id:
            raise Refused("same-leader", "TA 现在就是组长", field="whom")
        if whom.status != "active" or whom.neighborhood_id != group.neighborhood_id:
            raise Refused("not-here", "请选一位还在小区里的邻居", field="whom")
        change(group, InterestGroup.state != "archived", asked=whom.id, asked_words=words)
        said = f"{by.name}请您当{called(group)}的组长：{words}"[:160]
        notices.tell([whom.user_id], "group", said, path(group), now, neighborhood=group.neighborhood_id, key=f"lead {group.id}")
        audit.record(
            "ask group leader", group, actor=by.user, now=now, reason=words, neighborhood=group.neighborhood_id, subject=whom.user
        )


def answer(group, member, yes, now):
    """Whoever is asked says yes or no. With a yes, and five who want it, an idea becomes a group; those five are told.

    Refused as a conflict: nobody asks her (any more), or too few want it yet."""
    with writing():
        group = taken(group)
        if member is None or group.asked_id != member.id:
            raise Refused("not-asked", "现在没有请您当组长，请刷新看看")
        hers = InterestGroup.asked == member.id
        if yes and not group.shown:
            raise moved_on()
        if not yes:
            change(group, hers, asked=None, asked_words="")
            tell_hosts(group, f"{member.name}暂时不当{called(group)}的组长", now, f"group answer {group.id}")
            return
        sit(group, member, now, even_if="removed")
        change(group, hers, asked=None, asked_words="", leader=member.id)
        GroupSeat.update(backs=None).where(GroupSeat.group == group.id).execute()
        if group.state == "idea":
            _hatch(group, member, now)
        tell_hosts(group, f"{member.name}当{called(group)}的组长了", now, f"group answer {group.id}")
        actor = {"actor": member.user, "subject": member.user, "neighborhood": group.neighborhood_id}
        audit.record("lead group", group, now=now, reason="应邀当组长", **actor)


def _hatch(group, leader, now):
    wanted = wanted_by(group)
    if len(wanted) < ENOUGH:
        raise Refused("too-few", f"还差 {ENOUGH - len(wanted)} 位邻居想要它，等凑够 {ENOUGH} 位就能开张")
    move(group, "hatching", awake_until=now + QUIET, hatched_at=now, nudged=0)
    others = [each for each in wanted if each.id != leader.id]
    if group.private:  # they need not ask to be let in
        for each in others:
            seat = {"group": group.id, "member": each.id, "state": "invited", "at": now}
            GroupSeat.insert(**seat).on_conflict_ignore().execute()
    tell(group, [each.user_id for each in others], f"您想要的{called(group)}小组开张了，{leader.name}当组长，来坐坐", now)


def sit(group, member, now, even_if=""):
    """Give her a seat, in the caller's transaction; one who was sent away has none, unless those who lead want it so."""
    seat = {"group": group.id, "member": member.id, "state": "in", "at": now}
    if GroupSeat.insert(**seat).on_conflict_ignore().as_rowcount().execute():
        return
    mine = (GroupSeat.group == group.id) & (GroupSeat.member == member.id)
    GroupSeat.update(state="in", at=now).where(mine & GroupSeat.state.in_(("left", "asked", "invited", even_if))).execute()
    if GroupSeat.select().where(mine & (GroupSeat.state == "removed")).exists():
        raise Refused("sent-away", "组长请您先不来这个小组了，有疑问可以问问主理人")


def join(group, member, now):
    """Sit down in a group; twice is once. In a private one, whom nobody has invited asks its leader to be let in. Returns
    whether she is in. Refused: it is only an idea, or rests, or she was sent away."""
    with writing():
        group = taken(group)
        if group.state not in {"hatching", "active"} or not group.shown:
            raise moved_on()
        seat = seat_of(group, member)
        if group.private and not member.is_host and seat in {"", "left", "asked"}:
            _knock(group, member, now, seat)
            return False
        sit(group, member, now)
        activity.record(member, "interest", group.id, now)
        return True


def _knock(group, member, now, seat):
    """She asks to be let in; its leader hears of it once."""
    if seat == "asked":
        return
    mine = (GroupSeat.group == group.id) & (GroupSeat.member == member.id)
    if seat:
        GroupSeat.update(state="asked", at=now).where(mine).execute()
    else:
        GroupSeat.create(group=group, member=member, state="asked", at=now)
    tell_leader(group, f"{member.name}想坐进{called(group)}，请您看看", now, f"group knock {group.id} {member.id}")


def leave(group, member, now):
    """Get up again, or say no to an invitation, or ask no more. When the leader goes, the group stays, and the host is asked
    for the next one."""
    with writing():
        group = taken(group)
        mine = (GroupSeat.group == group.id) & (GroupSeat.member == member.id) & (GroupSeat.state != "removed")
        GroupSeat.update(state="left", at=now, backs=None).where(mine).execute()
        if group.led_by(member):
            without_leader(group, now)


def without_leader(group, now):
    """Nobody leads it from now on: the host hears of it. In the caller's transaction."""
    InterestGroup.update(leader=None).where(InterestGroup.id == group.id).execute()
    tell_hosts(group, f"{called(group)}小组现在没有组长，请一位来接吧", now, f"group led {group.id}")


def back(group, member, whom, now):
    """While nobody leads, each of its people names one of them, and may name another. Whoever more than half name is asked.

    Refused: there is a leader, the group rests, or one of the two is not in it."""
    with writing():
        group = taken(group)
        if group.leader_id is not None or group.state == "archived":
            raise moved_on()
        if not (sits_in(group, member) and sits_in(group, whom)):
            raise Refused("not-in", "坐在小组里的邻居才能推举，也才能被推举")
        seated = (GroupSeat.group == group.id) & (GroupSeat.state == "in")
        GroupSeat.update(backs=whom.id).where(seated & (GroupSeat.member == member.id)).execute()
        if named(group).get(whom.id, 0) * 2 > len(members_of(group)) and group.asked_id != whom.id:
            change(group, InterestGroup.leader.is_null(), asked=whom.id, asked_words="大家推举您当组长")
            told = {"neighborhood": group.neighborhood_id, "key": f"lead {group.id}"}
            notices.tell([whom.user_id], "group", f"大家推举您当{called(group)}的组长", path(group), now, **told)


def named(group):
    """{member id: how many of its people would have her lead}."""
    wanted = (GroupSeat.group == group.id) & (GroupSeat.state == "in") & (Membership.status == "active")
    rows = GroupSeat.select(GroupSeat.backs, fn.COUNT(GroupSeat.id)).join(Membership, on=GroupSeat.member == Membership.id)
    return dict(rows.where(wanted & GroupSeat.backs.is_null(False)).group_by(GroupSeat.backs).tuples())


def send_away(group, by, member_id, now, reason):
    """Take somebody's seat, with a reason she reads; audited. The leader's own goes by `leave`."""
    reason = audit.reason_of(reason)
    with writing():
        group = taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能请人离开小组", status=403)
        if member_id == group.leader_id:
            raise Refused("leader", "组长请先把小组交给别人")
        mine = (GroupSeat.group == group.id) & (GroupSeat.member == member_id) & (GroupSeat.state == "in")
        if not GroupSeat.update(state="removed", at=now, backs=None).where(mine).execute():
            raise moved_on()
        whom = Membership.select(Membership, User).join(User).where(Membership.id == member_id).get()
        tell(group, [whom.user_id], f"您不在{called(group)}小组里了：{reason}", now)
        told = {"actor": by.user, "subject": whom.user, "neighborhood": group.neighborhood_id}
        audit.record("send away from group", group, now=now, reason=reason, **told)


def describe(group, by, now, blurb):
    """Other words for what a group is about, by its leader or the host. Refused beside the field for what may not stand there."""
    blurb = clean_line(blurb, 200, "blurb", "一句话")
    screening.check(blurb, "blurb")
    if not by.is_host and screening.hits(blurb):
        raise Refused("bad-words", "里面有要主理人先看一看的词，请换个说法", field="blurb")
    with writing():
        group = taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能改介绍", status=403)
        change(group, InterestGroup.sight == group.sight, blurb=blurb)
        found(InterestGroup.get_by_id(group.id))
        record("describe group", group, by, now, "改了小组的介绍")


def rest(group, by, now):
    """Lay a group to rest that has been quiet for two months; its page stays to be read. Refused before that."""
    with writing():
        group = taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能让小组歇下", status=403)
        if not group.may_rest(now):
            raise Refused("awake", "小组安静满 60 天才用得着歇下")
        move(group, "archived")
        record("archive group", group, by, now, "安静满 60 天")


def wake(group, by, now):
    """A resting group goes on, with thirty days to come together again."""
    with writing():
        group = taken(group)
        if not group.run_by(by):
            raise Refused("not-yours", "只有组长和主理人能让小组再开张", status=403)
        if group.state != "archived":
            raise moved_on()
        move(group, "active", awake_until=now + QUIET, nudged=0)
        record("wake group", group, by, now, "小组再开张")


def _see(group, source, to, reason):
    change(group, InterestGroup.sight == source, sight=to, reason=reason)
    found(InterestGroup.get_by_id(group.id))


def _tell_owners(group, sentence, now):
    """Whoever had the idea, and whoever leads."""
    rows = Membership.select(Membership.user).where(Membership.id.in_((group.created_by_id, group.leader_id or 0)))
    told = {"neighborhood": group.neighborhood_id, "key": f"InterestGroup {group.id}"}
    notices.tell([row.user_id for row in rows], "review", sentence, path(group), now, **told)


def hide(group, host, now, reason):
    """Take a group out of sight, with a reason its people read; the posts in it follow their own rules."""
    reason = audit.reason_of(reason)
    with writing():
        group = taken(group)
        _tell_owners(group, f"小组{called(group)}暂时看不到了：{reason}", now)
        record("hide group", group, host, now, reason)
        _see(group, "shown", "hidden", reason)


def restore(group, host, now):
    """Show a hidden group again."""
    with writing():
        group = taken(group)
        _tell_owners(group, f"小组{called(group)}又看得到了", now)
        record("restore group", group, host, now, "恢复显示")
        _see(group, "hidden", "shown", "")


def remove(group, host, now, reason):
    """Remove a hidden group for good."""
    reason = audit.reason_of(reason)
    with writing():
        group = taken(group)
        record("remove group", group, host, now, reason)
        _see(group, "hidden", "removed", reason)
