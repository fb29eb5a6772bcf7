"""One live ballot a person, whatever she taps and however often; nothing is ever edited (I2, I3, I10)."""

from datetime import timedelta

import peewee
import pytest

from db import ballots, contests, electors, entries, members, people
from db.activity import Action
from db.ballots import Ballot
from db.base import database
from tests import make

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def spring(cast, now):
    """A vote on works of 赵敏 and 王阿姨; 陈奶奶 is on the roll and nobody knows her."""
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang], now)
    cast.contest, (cast.magnolia, cast.cat) = contest, works
    cast.xu = make.neighbor(cast.cuihu, "许师傅", now + SECOND)  # sat down when the vote had begun
    return cast


def live(contest, **who):
    found = ballots.live(contest, electors.key_of(contest, **who))
    return (found.kind, found.channel, found.chosen) if found else None


def test_one_tap_votes_and_the_same_again_changes_nothing(spring, now):
    first = ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    again = ballots.cast(spring.contest, spring.magnolia, now + DAY, member=spring.li)
    assert first.receipt == again.receipt and len(first.receipt) == 12 and Ballot.select().count() == 1
    assert (first.kind, first.channel, first.chosen) == ("cast", "online", [spring.magnolia.id])
    assert ballots.of(spring.contest, member=spring.li).shown_receipt == first.shown_receipt
    assert ballots.chosen_by(spring.contest, member=spring.li) == {spring.magnolia.id}
    assert [action.membership_id for action in Action.select().where(Action.kind == "vote")] == [spring.li.id]


def test_another_tap_moves_the_vote_and_an_undo_brings_it_back(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    moved = ballots.cast(spring.contest, spring.cat, now, member=spring.li)
    assert live(spring.contest, member=spring.li) == ("cast", "online", [spring.cat.id])
    for _ in range(2):
        back = ballots.take_back(spring.contest, moved.receipt, now, member=spring.li)
        assert back.chosen == [spring.magnolia.id] and back.turn == 3
    ballots.let_go(spring.contest, spring.magnolia, now, member=spring.li)
    assert live(spring.contest, member=spring.li) == ("void", "online", [])
    assert ballots.of(spring.contest, member=spring.li) is None
    assert ballots.cast(spring.contest, spring.cat, now, member=spring.li).turn == 5
    assert Action.select().where(Action.kind == "vote").count() == 1


def test_with_more_choices_a_tap_adds_until_there_are_enough(cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang, cast.chen], now, choices=2)
    ballots.cast(contest, works[0], now, member=cast.li)
    both = ballots.cast(contest, works[1], now, member=cast.li)
    assert both.chosen == sorted(work.id for work in works[:2])
    with make.refused("full") as met:
        ballots.cast(contest, works[2], now, member=cast.li)
    assert "已选满 2 幅" in met.value.sentence
    ballots.let_go(contest, works[0], now, member=cast.li)
    assert ballots.cast(contest, works[2], now, member=cast.li).chosen == [works[1].id, works[2].id]
    with make.refused("too-many"):
        ballots.cast(contest, works, now, member=cast.li)
    assert ballots.cast(contest, works[:2], now, member=cast.li).chosen == both.chosen


def test_the_clock_decides_to_the_second(spring, now):
    for moment, code in ((spring.contest.voting_closes_at, "not-voting"), (now - SECOND, "not-voting")):
        with make.refused(code):
            ballots.cast(spring.contest, spring.magnolia, moment, member=spring.li)
    assert ballots.cast(spring.contest, spring.magnolia, spring.contest.voting_closes_at - SECOND, member=spring.li).counts


def test_the_first_vote_begins_the_vote_where_no_job_has(cast, now):
    contest = make.contest(cast.li, now)
    works = [make.entry(cast.zhao, contest, now) for _ in range(2)]
    waits = make.entry(cast.chen, contest, now)
    later = contest.voting_opens_at
    assert ballots.cast(contest, works[0], later, member=cast.li).counts
    contest = contests.find(cast.cuihu, contest.id)
    assert contest.state == "voting" and entries.find(cast.cuihu, waits.id).state == "returned"
    assert electors.size(contest) == (4, 2)  # 李姐 and 赵敏 are known, 王阿姨 and 陈奶奶 not yet
    with make.refused("not-hung"):
        ballots.cast(contest, waits, later, member=cast.li)


def test_own_works_and_works_of_elsewhere_are_refused(spring, now):
    with make.refused("own-work"):
        ballots.cast(spring.contest, spring.magnolia, now, member=spring.zhao)
    other, works = make.vote(spring.li, [spring.zhao, spring.wang], now)
    with make.refused("not-hung"):
        ballots.cast(spring.contest, works[0], now, member=spring.li)
    assert not Ballot.select().exists()


def test_an_unknown_neighbour_waits_and_counts_once_the_host_has_met_her(spring, now):
    waits = ballots.cast(spring.contest, spring.magnolia, now, member=spring.chen)
    assert (waits.kind, waits.channel) == ("waiting", "online")
    members.vouch(spring.chen, spring.li, now)
    assert ballots.cast(spring.contest, spring.magnolia, now, member=spring.chen).counts
    assert live(spring.contest, member=spring.chen)[:2] == ("cast", "online")


def test_a_bound_phone_makes_a_neighbour_known(spring, now):
    people.bind_phone(spring.chen.user, "13800138000")
    assert ballots.cast(spring.contest, spring.magnolia, now, member=spring.chen).counts


def test_who_came_after_the_opening_counts_as_a_visitor_where_she_stands_at_the_market(spring, now):
    members.vouch(spring.xu, spring.li, now + SECOND)
    assert ballots.cast(spring.contest, spring.magnolia, now + DAY, member=spring.xu).kind == "waiting"
    scanned = ballots.cast(spring.contest, spring.magnolia, now + DAY, member=spring.xu, venue=True)
    assert (scanned.kind, scanned.channel) == ("cast", "visitor")
    moved = ballots.cast(spring.contest, spring.cat, now + DAY, member=spring.xu)  # at home, still hers
    assert (moved.kind, moved.channel) == ("cast", "visitor")
    assert ballots.cast(spring.contest, spring.cat, now, member=spring.li, venue=True).channel == "onsite"


def test_a_visitor_needs_todays_code_and_has_one_vote_a_device(spring, now):
    with make.refused("no-venue-code"):
        ballots.cast(spring.contest, spring.magnolia, now, device="phone-1")
    ballots.cast(spring.contest, spring.magnolia, now, device="phone-1", venue=True)
    ballots.cast(spring.contest, spring.cat, now, device="phone-1")
    assert live(spring.contest, device="phone-1") == ("cast", "visitor", [spring.cat.id])
    closed, works = make.vote(spring.li, [spring.zhao, spring.wang], now, visitors="none")
    with make.refused("neighbours-only"):
        ballots.cast(closed, works[0], now, device="phone-1", venue=True)
    assert ballots.cast(closed, works[0], now, member=spring.xu, venue=True).kind == "waiting"


def test_a_visitor_who_joins_keeps_one_ballot(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, device="phone-1", venue=True)
    for _ in range(2):
        ballots.claim("phone-1", spring.xu, now + DAY)
    assert live(spring.contest, member=spring.xu) == ("cast", "visitor", [spring.magnolia.id])
    assert live(spring.contest, device="phone-1") == ("void", "visitor", [])
    with make.refused("claimed"):  # signed out again
        ballots.cast(spring.contest, spring.cat, now + DAY, device="phone-1", venue=True)
    assert Action.select().where(Action.kind == "vote").count() == 1


@pytest.mark.parametrize("who", ["li", "zhao"])
def test_a_visitor_who_signs_in_has_voted_already_or_made_that_work(spring, now, who):
    member = getattr(spring, who)
    if who == "li":
        ballots.cast(spring.contest, spring.cat, now, member=member)
    ballots.cast(spring.contest, spring.magnolia, now, device="phone-1", venue=True)
    assert ballots.claim("phone-1", member, now) == {spring.contest.id: "duplicate" if who == "li" else "own"}
    assert live(spring.contest, device="phone-1")[0] == "void"
    assert live(spring.contest, member=member) == (("cast", "online", [spring.cat.id]) if who == "li" else None)


def test_a_neighbour_who_signs_out_is_no_visitor_on_the_same_phone(spring, now):
    trace = ballots.traces.Trace("phone-1", "192.0.2.7")
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li, trace=trace)
    with make.refused("claimed"):
        ballots.cast(spring.contest, spring.cat, now, device="phone-1", venue=True)


def test_nor_where_she_had_voted_on_it_as_a_visitor_before_and_taken_that_back(spring, now):
    trace = ballots.traces.Trace("phone-1", "192.0.2.7")
    first = ballots.cast(spring.contest, spring.cat, now, device="phone-1", venue=True, trace=trace)
    ballots.take_back(spring.contest, first.receipt, now, device="phone-1")
    assert ballots.claim("phone-1", spring.li, now) == {}
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li, trace=trace)
    with make.refused("claimed"):
        ballots.cast(spring.contest, spring.cat, now, device="phone-1", venue=True)


def test_who_was_sent_out_votes_no_more(spring, now):
    members.remove(spring.wang, spring.li, now, "测试请出小区")
    with make.refused("not-here", 403):
        ballots.cast(spring.contest, spring.magnolia, now, member=spring.wang)


def test_forty_taps_at_once_make_one_live_ballot(spring, now, monkeypatch):
    monkeypatch.setattr(database.obj, "_max_connections", 50)
    works = [spring.magnolia, spring.cat]
    gave = make.at_once(40, lambda at: ballots.cast(spring.contest, works[at % 2], now, member=spring.li))
    turns = [ballot.turn for ballot in Ballot.select().order_by(Ballot.turn)]
    assert turns == list(range(1, len(turns) + 1)) and Ballot.select(Ballot.voter_key).distinct().count() == 1
    assert sum(isinstance(each, Ballot) for each in gave) > 20
    assert Action.select().where(Action.kind == "vote").count() == 1


def test_joining_and_voting_at_once_leave_one_ballot(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, device="phone-1", venue=True)

    def act(at):
        if at % 2:
            return ballots.claim("phone-1", spring.li, now)
        return ballots.cast(spring.contest, spring.cat, now, member=spring.li)

    make.at_once(6, act)
    assert live(spring.contest, device="phone-1")[0] == "void" and live(spring.contest, member=spring.li)[0] == "cast"


def test_the_database_changes_and_deletes_no_ballot(spring, now):
    cast = ballots.cast(spring.contest, spring.magnolia, now, member=spring.li, trace=ballots.traces.Trace("a", "2001:db8::1"))
    mine = Ballot.receipt == cast.receipt
    for act in (
        Ballot.update(choices="1"), Ballot.update(kind="void"), Ballot.update(receipt="A"), Ballot.update(minute=1),
        Ballot.delete(),
    ):  # fmt: skip
        with pytest.raises(peewee.DatabaseError), database.atomic():
            act.where(mine).execute()
    assert Ballot.update(device=None, network=None, minute=None).where(mine).execute() == 1


def test_a_secret_that_is_replaced_during_the_vote_makes_nobody_two_voters(spring, now, config):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    try:
        electors.links.use("another secret of the tests, as long", [config.secret_key], config.public_url)
        assert ballots.cast(spring.contest, spring.cat, now, member=spring.li).turn == 2
        electors.links.use("another secret of the tests, as long", [], config.public_url)
        with pytest.raises(RuntimeError):
            ballots.of(spring.contest, member=spring.li)
    finally:
        electors.links.use(config.secret_key, [], config.public_url)


def test_nothing_leads_from_a_ballot_to_a_person_once_the_salt_is_gone(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    contests.Contest.update(salt="").execute()
    contest = contests.find(spring.cuihu, spring.contest.id)
    assert electors.key_of(contest, member=spring.li) is None and ballots.of(contest, member=spring.li) is None
    words = {type(field).__name__: field.name for field in Ballot._meta.sorted_fields}
    assert "DateTimeField" not in words and "AutoField" not in words
