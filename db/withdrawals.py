"""A work that goes while people vote: it comes off the wall and off every ballot, and its voters may choose again (R50)."""

from db import audit, contests, entries, notices, points, tallies, voters
from db.base import Refused, writing


def withdraw(entry, member, now):
    """The author takes her work back, any time before the result is known. Its votes become void, and whoever voted is told."""
    if not entry.is_of(member):
        raise Refused("not-yours", "只有作者能撤回", status=403)
    with writing():
        entry.contest = contests.taken(entry.contest)
        if not entry.withdrawable_by(member, now):
            raise Refused("not-withdrawable", "这幅作品现在不能撤回了")
        _take_off(entry, "withdrawn", now, "作者撤回了")


def disqualify(entry, host, now, reason):
    """The host takes a work out, with a reason its author reads; before the result is known. Its votes become void."""
    reason = audit.reason_of(reason)
    with writing():
        entry.contest = contests.taken(entry.contest)
        if entry.contest.phase(now) in {"published", "archived", "cancelled"}:
            raise Refused("over", "比赛已经结束，作品不能再取消资格")
        entries.tell_author(entry, f"您的作品《{entry.caption}》不能参赛：{reason}", now)
        entries.record("disqualify entry", entry, host, now, reason)
        _take_off(entry, "disqualified", now, "不能参赛了", return_reason=reason)


def _take_off(entry, to, now, why, **values):
    """Everybody who voted hears the same words: a letter to those alone who had chosen it would say what they chose (I10)."""
    contest = entry.contest
    voted = entry.shown and contest.state in {"voting", "counting"}
    if voted:
        what = "它不再排名次" if contest.settled_at else "投给它的票不算了"
        if contest.takes_votes(now):
            what += "；您要是投了它，可以再选一幅"
        sentence = f"《{contest.title}》里的作品《{entry.caption}》{why}，{what}"
        url, key = contests.path(contest), f"Contest {contest.id} gone {entry.id}"
        told, place = voters.told_of(contest), contest.neighborhood_id
        if not contest.settled_at:
            voters.take_off(contest, entry)
        notices.tell(told, "contest", sentence, url, now, neighborhood=place, key=key)
    points.reverse("Entry", entry.id, now, "作品不在墙上了")
    entries.move(entry, to, gone_at=now, **values)
    if voted and contest.settled_at:
        tallies.rank(contest)
