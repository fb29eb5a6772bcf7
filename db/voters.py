"""What becomes of a voter's ballot when she herself changes: met by the host, gone, or one person instead of two (I2, X1).

A ballot names nobody, so it is found the other way round: from those who took part (db/activity.py) by their keys.
"""

from datetime import datetime
from typing import NamedTuple

from peewee import JOIN, fn

from db import ballots, contests, electors
from db.activity import Action
from db.ballots import Ballot
from db.base import writing
from db.contests import Contest
from db.electors import Elector, key_of
from db.entries import Entry
from db.members import Membership
from db.people import User


class Voter(NamedTuple):
    """One who took part, as she stands now; not what she chose."""

    id: int  # of her membership
    user_id: int
    status: str
    joined_at: datetime
    verified: bool | None  # as the roll says; None: not on it
    known: bool


def who_voted(contest):
    """All who took part, in the order in which they became neighbours."""
    voted = (Action.membership == Membership.id) & (Action.kind == "vote") & (Action.object_id == contest.id)
    listed = (Elector.contest == contest.id) & (Elector.member == Membership.id)
    columns = (Membership.id, Membership.user, Membership.status, Membership.joined_at, Elector.verified)
    query = Membership.select(*columns, electors.yes_or_no(electors.known())).join(User)
    query = query.switch(Membership).join(Action, on=voted).switch(Membership).join(Elector, JOIN.LEFT_OUTER, on=listed)
    return [Voter(*row) for row in query.order_by(Membership.id).tuples()]


def told_of(contest):
    """The people to be told what becomes of the contest they voted in: those who are still here."""
    return [member.user_id for member in who_voted(contest) if member.status == "active"]


def standing_ballots(contest):
    """{key: the ballot that stands}, void ones too."""
    later = Ballot.alias()
    over = later.select(later.receipt).where(
        (later.contest == Ballot.contest) & (later.voter_key == Ballot.voter_key) & (later.turn > Ballot.turn)
    )
    query = Ballot.select().where((Ballot.contest == contest.id) & ~fn.EXISTS(over)).order_by(Ballot.receipt)
    return {ballot.voter_key: ballot for ballot in query}


def keep_true(contest, now):
    """While the vote is open: the ballots of those whom somebody has met since count, of those who are gone are void, and works
    that hang no more come off. Does nothing where nothing changed; gives how many turns it wrote."""
    if contest.state != "voting" or not _to_do(contest):
        return 0
    with writing():
        contest = contests.taken(contest)
        turns = _to_do(contest) if contest.state == "voting" else []
        for before, change, what in turns:
            _turn(contest, before, change, what)
        return len(turns)


def _to_do(contest):
    """[(ballot, left | counts | withdrawn, work's id or channel)]"""
    standing = standing_ballots(contest)
    hung = {entry.id for entry in Entry.select(Entry.id).where((Entry.contest == contest.id) & (Entry.state == "approved"))}
    found, gone = [], set()
    for member in who_voted(contest):
        before = standing.get(key_of(contest, member=member))
        if before is None or before.kind == "void":
            continue
        if member.status != "active":
            found.append((before, "left", None))
            gone.add(before.voter_key)
        elif member.verified is not None and (member.verified or member.known) and _not_yet(before):
            found.append((before, "counts", "online" if before.channel == "online" else "onsite"))
    for before in standing.values():
        if before.voter_key not in gone:
            found += [(before, "withdrawn", work) for work in before.chosen if work not in hung]
    return found


def _not_yet(ballot):
    return ballot.kind == "waiting" or ballot.channel == "visitor"


def _turn(contest, before, change, what):
    before = ballots.live(contest, before.voter_key)  # an earlier one of these turns may have changed it
    if change == "left":
        ballots.void(contest, before.voter_key, before, "left")
    elif change == "counts":
        ballots.append(contest, before.voter_key, before, kind="cast", channel=what, choices=before.chosen)
    else:
        ballots.without(contest, before, what, "withdrawn")


def take_off(contest, entry):
    """A work that hangs no more comes off every ballot. In the transaction that has taken the contest."""
    for ballot in [each for each in standing_ballots(contest).values() if entry.id in each.chosen]:
        ballots.without(contest, ballot, entry.id, "withdrawn")


def fold(member, into, now):
    """Two memberships of one person become one (db/merging.py): on every roll once, and one ballot at most survives. In the
    caller's transaction."""
    open_ones = Contest.state.in_(("voting", "counting")) & Contest.settled_at.is_null() & (Contest.salt != "")
    here = (Contest.neighborhood == into.neighborhood_id) & open_ones
    for contest in list(Contest.select().where(here).order_by(Contest.id)):
        _fold(contests.taken(contest), member, into)
    for each in list(Elector.select().where(Elector.member == member.id)):
        there = Elector.get_or_none((Elector.contest == each.contest_id) & (Elector.member == into.id))
        if there is None:
            Elector.update(member=into.id).where(Elector.id == each.id).execute()
            continue
        Elector.update(verified=there.verified or each.verified).where(Elector.id == there.id).execute()
        Elector.delete().where(Elector.id == each.id).execute()


def _fold(contest, member, into):
    theirs, hers = key_of(contest, member=member), key_of(contest, member=into)
    other, mine = ballots.live(contest, theirs), ballots.live(contest, hers)
    own = {e.id for e in Entry.select(Entry.id).where((Entry.contest == contest.id) & Entry.author.in_((member.id, into.id)))}
    if other is not None and other.reason == "paper":
        mine = ballots.void(contest, hers, mine, "paper", channel="paper")
    elif other is not None and other.kind != "void":
        ballots.void(contest, theirs, other, "merged")
        kept = [work for work in other.chosen if work not in own]
        if kept and ballots.free(mine):
            trace = (other.device, other.network, other.minute)
            ballots.append(contest, hers, mine, kind=other.kind, channel=other.channel, choices=kept, trace=trace)
            return
    if mine is not None:
        for work in sorted(own & set(mine.chosen)):
            mine = ballots.without(contest, mine, work, "own")
