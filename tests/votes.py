"""Votes in every state in which something can be done with them, for the walker: paper to confirm, a ballot held, a count to
publish, a result."""

from datetime import timedelta

from db import ballots, bursts, links, paper_batches, phases, tallies
from db.contests import Contest
from db.electors import Elector
from db.traces import Trace
from tests import make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def rows(cast, now, secret):
    """{endpoint, or its blueprint: the arguments of its address}, fresh."""
    voting, works = make.vote(cast.li, [cast.wang, cast.chen], now - HOUR)
    heap = paper_batches.enter(voting, cast.li, now, op_id=make.secrets.token_hex(8), counts={works[0].id: 2})
    open_one = works[1].id
    counting, works = make.vote(cast.li, [cast.wang, cast.chen], now - 3 * DAY - 2 * HOUR)
    for at in range(5):
        neighbor = make.neighbor(cast.cuihu, f"一家人{at}", now - 30 * DAY - at * DAY, trusted=True)
        Elector.create(contest=counting, member=neighbor, verified=True)
        ballots.cast(counting, works[0], now - DAY, member=neighbor, trace=Trace("family", "192.0.2.1"))
    bursts.look(counting, now)
    phases.advance(counting, now)
    counted, _ = make.vote(cast.li, [cast.wang, cast.chen], now - 3 * DAY - 2 * HOUR)
    shown, works = make.vote(cast.li, [cast.wang, cast.chen], now - 3 * DAY - 2 * HOUR)
    ballots.cast(shown, works[0], now - DAY, member=cast.li)
    ballots.cast(shown, works[1], now - DAY, device="phone", venue=True)
    for contest in (counted, shown):
        phases.advance(contest, now)
        tallies.settle(contest, now)
    tallies.publish(Contest.get_by_id(shown.id), cast.li, now, "谢谢大家来投票")
    decided = tallies.results(shown)[0].entry_id
    holds = [hold.id for hold in bursts.listed(counting)]
    return {
        "ballots.": {"entry_id": open_one},
        "entries.feature": {"entry_id": decided},
        "paper_batches.": {"token": links.sign("paper", heap.id), "contest_id": voting.id},
        "bursts.": {"contest_id": counting.id, "hold_id": holds[0]},
        "bursts.leave_out": {"hold_id": holds[1]},
        "tallies.": {"contest_id": counted.id},
        "tallies.receipts": {"contest_id": shown.id},
        "tallies.chain": {"contest_id": shown.id},
    }
