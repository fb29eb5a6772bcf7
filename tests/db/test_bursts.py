"""What looks like many ballots of one hand is held, told, and decided with a reason; nothing is dropped silently."""

from datetime import timedelta

import pytest

from db import ballots, bursts, neighborhoods, phases, tallies
from db.audit import AuditLog
from db.bursts import BallotHold
from db.notices import Notice
from db.tallies import Tally
from db.traces import Trace
from tests import make

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def spring(cast, now):
    before = now - timedelta(days=9)
    cast.many = [make.neighbor(cast.cuihu, f"邻居{at}", before - at * HOUR, trusted=True) for at in range(6)]
    cast.contest, (cast.magnolia, cast.cat) = make.vote(cast.li, [cast.zhao, cast.wang], now)
    return cast


def cast_from(spring, member, now, device, address="203.0.113.5", **values):
    return ballots.cast(spring.contest, spring.magnolia, now, member=member, trace=Trace(device, address), **values)


def test_the_fourth_ballot_of_one_phone_is_held_and_told(spring, now):
    neighborhoods.look_after(spring.cuihu, spring.sun)
    cast = [cast_from(spring, member, now + at * MINUTE, "family", f"203.0.{at}.5") for at, member in enumerate(spring.many[:4])]
    assert bursts.look(spring.contest, now) == 1 and bursts.look(spring.contest, now) == 0
    (held,) = bursts.listed(spring.contest)
    assert (held.ballot_id, held.rule, held.state) == (cast[3].receipt, "device", "held")
    told = {notice.user.name for notice in Notice.select().where(Notice.sentence.contains("不太寻常"))}
    assert told == {"李姐", "孙片区"}


def test_who_moves_a_held_vote_stays_held(spring, now):
    for member in spring.many[:4]:
        cast_from(spring, member, now, "family")
    bursts.look(spring.contest, now)
    held = bursts.listed(spring.contest)[0].ballot
    mover = next(member for member in spring.many if ballots.of(spring.contest, member=member).receipt == held.receipt)
    ballots.cast(spring.contest, spring.cat, now, member=mover)
    assert bursts.look(spring.contest, now) == 0
    assert tallies.totals_from_rows(spring.contest)[spring.cat.id]["members"] == 1
    phases.advance_due(spring.contest.voting_closes_at)
    hold = bursts.find(spring.cuihu, BallotHold.get().id)
    bursts.decide(hold, spring.li, spring.contest.voting_closes_at, count=False, reason="一部手机投了四张")
    assert spring.cat.id not in tallies.totals_from_rows(spring.contest)


def test_accounts_that_joined_together_and_vote_from_one_place(spring, now):
    crowd = [make.neighbor(spring.cuihu, f"新{at}", now + at * MINUTE, trusted=True) for at in range(5)]
    contest, works = make.vote(spring.li, [spring.zhao, spring.wang], now + HOUR)
    for at, member in enumerate(crowd[:4]):
        ballots.cast(contest, works[0], now + HOUR, member=member, trace=Trace(f"d{at}", "203.0.113.5"))
    assert bursts.look(contest, now) == 0
    ballots.cast(contest, works[0], now + HOUR, member=crowd[4], trace=Trace("d4", "203.0.113.77"))
    assert bursts.look(contest, now) == 5
    assert {held.rule for held in bursts.listed(contest)} == {"newcomers"}


def test_a_market_that_shares_one_network_is_nothing_to_wonder_at(spring, now):
    for at in range(24):
        trace = Trace(f"phone-{at}", "203.0.113.5")
        ballots.cast(spring.contest, spring.magnolia, now + at * MINUTE / 4, device=f"phone-{at}", venue=True, trace=trace)
    assert bursts.look(spring.contest, now) == 0
    for at in range(24, 48):
        trace = Trace(f"phone-{at}", "203.0.113.5")
        ballots.cast(spring.contest, spring.magnolia, now + HOUR, device=f"phone-{at}", venue=True, trace=trace)
    assert bursts.look(spring.contest, now) == 4


def test_the_count_waits_for_the_hosts_word_and_her_reason(spring, now):
    for member in spring.many[:4]:
        cast_from(spring, member, now, "family")
    bursts.look(spring.contest, now)
    hold = bursts.find(spring.cuihu, BallotHold.get().id)
    with make.refused("not-counting"):
        bursts.decide(hold, spring.li, now, count=True, reason="是一家人")
    closed = spring.contest.voting_closes_at
    phases.advance_due(closed)
    assert tallies.settle_due(closed + HOUR) == 0
    with make.refused("reason-needed", 422):
        bursts.decide(hold, spring.li, closed, count=True, reason="")
    bursts.decide(hold, spring.li, closed, count=True, reason="是一家人，我认识")
    with make.refused("moved-on"):
        bursts.decide(hold, spring.li, closed, count=False, reason="是一家人，我认识")
    assert tallies.settle_due(closed + HOUR) == 1
    assert Tally.get(Tally.entry == spring.magnolia.id).members == 4
    assert AuditLog.select().where(AuditLog.action == "decide ballot").count() == 1
