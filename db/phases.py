"""The clock's part in a contest: its rows follow the dates, each arrow once, also after the machine slept (I14)."""

from datetime import timedelta

from db import bursts, contests, electors, notices, tallies, timetable, voters
from db.base import writing
from db.contests import LEAST_WORKS, Contest

A_DAY = timedelta(days=1)


def advance(contest, now):
    """Carry this contest along every arrow that the clock has drawn by now; gives the phase it is in."""
    while (to := contests.next_of(contest, now)) is not None:
        before = contest.state
        contest = _carry(contest, to, now)
        if contest.state == before:
            break  # somebody else was quicker, or gave it more time
    return contest.phase(now)


def _carry(contest, to, now):
    if to == "voting":
        return electors.begin(contest, now)
    if to == "counting":
        voters.keep_true(contest, now)
        bursts.look(contest, now)
    with writing():
        contest = contests.taken(contest)
        if contests.next_of(contest, now) == to:
            contests.move(contest, contest.state, to)
    return contest


def advance_due(now):
    """Carry all contests, and keep the ballots of open votes true; the clock calls it every minute. Gives how many moved."""
    moved = contests.due(now)
    for contest in moved:
        advance(contest, now)
    tallies.forget_cancelled()
    for contest in list(Contest.select().where(Contest.state == "voting")):
        voters.keep_true(contest, now)
    _remind(now)
    return len(moved)


def _remind(now):
    """Tell the hosts once what only they can mend: too few works the day before the vote, a count that waits for them."""
    soon = Contest.state.in_(("collecting", "screening")) & (Contest.approved < LEAST_WORKS)
    for contest in list(Contest.select().where(soon & (Contest.voting_opens_at <= now + A_DAY))):
        sentence = f"《{contest.title}》就要投票了，墙上还不到 {LEAST_WORKS} 幅作品。可以延长征集，或请邻居送一幅"
        _once(contest, "few works", f"{contest.voting_opens_at:%Y-%m-%dT%H:%M}", sentence, "manage", now)
    waits = (Contest.state == "counting") & Contest.settled_at.is_null() & (Contest.voting_closes_at <= now - tallies.WAITS)
    for contest in list(Contest.select().where(waits)):
        if found := tallies.waits_for(contest, now):
            _once(contest, "count waits", "", f"《{contest.title}》在等您计票：{'；'.join(found)}", "outcome", now)


def _once(contest, job, slot, sentence, page, now):
    with writing():
        if timetable.claim(f"contest {job}", f"{contest.id} {slot}".strip(), now):
            url = f"{bursts.desk_path(contest)}/{page}"
            notices.tell(bursts.hosts_of(contest), "desk", sentence, url, now, neighborhood=contest.neighborhood_id)
