"""可疑的票: what looks like many ballots of one hand is held and listed, never silently dropped (R50, abuse case 7).

The rules are data, and everybody reads them on the page of receipts. What was held the host decides while she counts, with a
reason; she sees rule and channel, never a choice.
"""

from collections import defaultdict
from datetime import timedelta
from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField

from db import audit, ballots, contests, notices, voters
from db.ballots import Ballot
from db.base import Refused, Table, writing
from db.contests import Contest
from db.electors import key_of
from db.members import HOSTS, Membership
from db.neighborhoods import District, Neighborhood


class Rule(NamedTuple):
    most: int  # so many are nothing to wonder at
    says: str


RULES = {
    "device": Rule(3, "同一部手机投出的邻居票，第 4 张起先留着（一家人共用一部手机很平常）"),
    "newcomers": Rule(4, "同一部手机，或不在现场的同一处网络，有 5 位以上在一小时内先后加入的邻居投票，先留着"),
    "flood": Rule(20, "同一处网络一分钟内给同一幅作品投了 20 张以上访客票，多出来的先留着（整个市集可能共用一个无线网）"),
}
HOUR = timedelta(hours=1)
TRANSITIONS = {("held", "counted"), ("held", "left_out")}
STATES = {"held": "留着，等主理人看", "counted": "看过了，计入", "left_out": "看过了，不计入"}


class BallotHold(Table):
    contest = ForeignKeyField(Contest, backref="+")
    ballot = ForeignKeyField(Ballot, unique=True, backref="+")  # whoever cast it has one hold, whatever she chooses later
    rule = CharField(max_length=10)  # see RULES
    state = CharField(max_length=10, default="held")
    reason = CharField(max_length=200, default="")
    by = ForeignKeyField(Membership, null=True, backref="+")
    at = DateTimeField(null=True)  # when it was decided; when it was cast nobody shall know

    @property
    def rule_says(self):
        return RULES[self.rule].says

    @property
    def state_name(self):
        return STATES[self.state]


def find(neighborhood, hold_id):
    """A held ballot of this 小区 with its contest, or None (G1)."""
    here = (BallotHold.id == hold_id) & (Contest.neighborhood == neighborhood.id)
    return BallotHold.select(BallotHold, Contest).join(Contest).where(here).first()


def listed(contest):
    """Its held ballots with channel and rule, in the order of their receipts, which tells nothing."""
    query = BallotHold.select(BallotHold, Ballot).join(Ballot).where(BallotHold.contest == contest.id)
    return list(query.order_by(BallotHold.ballot))


def undecided(contest):
    """How many are held and wait for the host's word; the count waits for her."""
    held = [hold.ballot for hold in listed(contest) if hold.state == "held"]
    return sum(ballots.live(contest, ballot.voter_key).kind != "void" for ballot in held)


def states_by_key(contest):
    """{voter's key: held, counted or left_out}"""
    query = BallotHold.select(BallotHold.state, Ballot.voter_key).join(Ballot).where(BallotHold.contest == contest.id)
    return {key: state for state, key in query.tuples()}


def look(contest, now):
    """Hold what the rules say, and tell host and district of it; what is held already stays as it is. Gives how many are new."""
    if contest.state not in {"voting", "counting"} or contest.settled_at or not contest.salt:
        return 0
    if not _suspicious(contest):
        return 0
    with writing():
        contest = contests.taken(contest)
        found = _suspicious(contest) if contest.settled_at is None and contest.salt else {}
        for receipt, rule in sorted(found.items()):
            BallotHold.create(contest=contest, ballot=receipt, rule=rule)
        if found:
            sentence = f"《{contest.title}》有 {len(found)} 张票看着不太寻常，先留着，计票时请您看一看"
            url = f"{desk_path(contest)}/held"
            notices.tell(_alerted(contest), "desk", sentence, url, now, neighborhood=contest.neighborhood_id, anew=True)
    return len(found)


def look_due(now):
    """Look at every vote that is open (the clock calls it every minute)."""
    return sum(look(contest, now) for contest in list(Contest.select().where(Contest.state == "voting")))


def hosts_of(contest):
    """The people who hold the office of its 小区."""
    here = (Membership.neighborhood == contest.neighborhood_id) & (Membership.status == "active") & Membership.role.in_(HOSTS)
    return [member.user_id for member in Membership.select(Membership.user).where(here)]


def desk_path(contest):
    """Where its pages at the desk begin."""
    place, _, number = contests.path(contest).rpartition("/contests/")
    return f"{place}/desk/contests/{number}"


def _alerted(contest):
    officer = (
        Neighborhood.select(District.officer).join(District).where(Neighborhood.id == contest.neighborhood_id).tuples().first()
    )
    return hosts_of(contest) + [user for user in officer or () if user]


def _suspicious(contest):
    """{receipt: rule} of ballots that the rules hold and that are not held yet."""
    known = states_by_key(contest)
    standing = [each for each in voters.standing_ballots(contest).values() if each.kind == "cast" and each.channel != "paper"]
    # What is held already stands last: whoever moves a held vote makes nobody else the one too many.
    standing.sort(key=lambda ballot: (ballot.voter_key in known, ballot.minute or 0, ballot.receipt))
    members = {key_of(contest, member=member): member for member in voters.who_voted(contest)}
    found = {}
    for rule, groups in (("device", _by_device), ("newcomers", _by_place), ("flood", _by_minute)):
        for together in groups(standing, members):
            for ballot in together:
                if ballot.voter_key not in known:
                    found.setdefault(ballot.receipt, rule)
    return found


def _by_device(standing, members):
    shared = defaultdict(list)
    for ballot in standing:
        if ballot.device and ballot.voter_key in members:
            shared[ballot.device].append(ballot)
    return [ballots[RULES["device"].most :] for ballots in shared.values()]


def _by_place(standing, members):
    shared = defaultdict(list)
    for ballot in standing:
        if member := members.get(ballot.voter_key):
            if ballot.device:
                shared["device", ballot.device].append((member.joined_at, ballot))
            if ballot.network and ballot.channel == "online":
                shared["network", ballot.network].append((member.joined_at, ballot))
    for joined in shared.values():
        joined.sort(key=lambda pair: (pair[0], pair[1].receipt))
        held = {}
        for first in range(len(joined) - RULES["newcomers"].most):
            hour = [ballot for at, ballot in joined[first:] if at - joined[first][0] <= HOUR]
            if len(hour) > RULES["newcomers"].most:
                held |= {ballot.receipt: ballot for ballot in hour}
        yield list(held.values())


def _by_minute(standing, members):
    shared = defaultdict(list)
    for ballot in standing:
        if ballot.channel == "visitor" and ballot.network:
            for work in ballot.chosen:
                shared[ballot.network, work, ballot.minute].append(ballot)
    return [ballots[RULES["flood"].most :] for ballots in shared.values()]


def decide(hold, host, now, *, count, reason):
    """The host's word on a held ballot, once the vote is over and before it is counted; with a reason, which everybody reads."""
    reason = audit.reason_of(reason)
    state = "counted" if count else "left_out"
    with writing():
        contest = contests.taken(hold.contest)
        if contest.phase(now) != "counting" or contest.settled_at:
            raise Refused("not-counting", "投票截止以后、票点完之前，才能决定留着的票")
        as_it_was = (BallotHold.id == hold.id) & (BallotHold.state == hold.state)
        if (hold.state, state) not in TRANSITIONS:
            raise moved_on()
        if not BallotHold.update(state=state, reason=reason, by=host, at=now).where(as_it_was).execute():
            raise moved_on()
        audit.record(
            "decide ballot", hold, actor=host.user, now=now, reason=reason, neighborhood=contest.neighborhood_id,
            before={"state": "held"}, after={"state": state, "rule": hold.rule},
        )  # fmt: skip
        hold.state = state


def moved_on():
    """The refusal for whoever decides what was decided meanwhile (409)."""
    return Refused("moved-on", "这张票刚刚看过了，请刷新看看")
