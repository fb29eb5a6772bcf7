"""A work that goes while people vote: it comes off the wall and off every ballot, and its voters may choose again (R50)."""

from db import audit, contests, entries, notices, points, tallies, voters
from db.base import Refused, writing


def withdraw(entry, member, now):
    """The author takes her work back, any time before the result is known. Its votes become void, and the voters are told."""
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
        _take_off(entry, "disqualified", now, "不能参赛了", return_reason=reason)
        entries.tell_author(entry, f"您的作品《{entry.caption}》不能参赛：{reason}", now)
        entries.record("disqualify entry", entry, host, now, reason)


def _take_off(entry, to, now, why, **values):
    contest, hung = entry.contest, entry.shown
    entries.move(entry, to, **values)
    points.reverse("Entry", entry.id, now, "作品不在墙上了")
    if not hung or contest.state not in {"voting", "counting"}:
        return
    if contest.settled_at:
        tallies.rank(contest)
        told, what = voters.told_of(contest), "它不再排名次"
    else:
        told, what = voters.take_off(contest, entry), "投给它的票不算了"
        if contest.takes_votes(now):
            what += "，您可以再选一幅"
    sentence = f"《{contest.title}》里的作品《{entry.caption}》{why}，{what}"
    url, key = contests.path(contest), f"Contest {contest.id} gone {entry.id}"
    notices.tell(told, "contest", sentence, url, now, neighborhood=contest.neighborhood_id, key=key)
