"""Counted once, from the rows, and then for ever; nobody reads anything before that (I2, I3, I14)."""

import multiprocessing
import os
import signal
from datetime import timedelta

import pytest
from peewee import DatabaseError

from db import ballots, base, bursts, contests, electors, members, paper_batches, phases, tallies, voters, withdrawals
from db.activity import Action
from db.ballots import Ballot
from db.base import database, writing
from db.contests import Contest
from db.entries import Entry
from db.notices import Notice
from db.tallies import BallotSeal, Tally
from db.traces import Trace
from tests import make

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def spring(cast, now):
    """Three works of three authors; 何叔 and 蒋姐 are known neighbours without one."""
    cast.he = make.neighbor(cast.cuihu, "何叔", now - timedelta(days=9), trusted=True)
    cast.jiang = make.neighbor(cast.cuihu, "蒋姐", now - timedelta(days=9), trusted=True)
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang, cast.chen], now)
    cast.contest, (cast.magnolia, cast.cat, cast.lamp) = contest, works
    cast.closed = contest.voting_closes_at
    return cast


def again(contest):
    return Contest.get_by_id(contest.id)


def counted(contest):
    return {row.entry_id: (row.members, row.visitors, row.paper, row.total, row.rank) for row in Tally.select()}


def slips(cast, now, counts, by=None, **values):
    entered = paper_batches.enter(cast.contest, by or cast.li, now, op_id=os.urandom(8).hex(), counts=counts, **values)
    return paper_batches.find(cast.cuihu, entered.id)


def cast_all(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.he, venue=True)
    ballots.cast(spring.contest, spring.cat, now, member=spring.jiang)
    ballots.cast(spring.contest, spring.cat, now, device="phone-1", venue=True)
    ballots.cast(
        spring.contest, spring.cat, now, member=spring.wang.__class__.get_by_id(spring.chen.id)
    )  # waits: nobody knows her


def close(spring, now=None):
    phases.advance_due(spring.closed)
    return tallies.settle_due(now or spring.closed + HOUR)


def test_the_count_has_all_channels_and_shared_places(spring, now):
    cast_all(spring, now)
    batch = slips(spring, now, {spring.cat.id: 1, spring.lamp.id: 1}, spoiled=1, names="陈奶奶")
    paper_batches.confirm(batch, spring.he, now)
    assert close(spring) == 1
    assert counted(spring.contest) == {
        spring.magnolia.id: (2, 0, 0, 2, 1), spring.cat.id: (1, 1, 1, 2, 1), spring.lamp.id: (0, 0, 1, 1, 3)
    }  # fmt: skip
    totals, head, agree = tallies.check(again(spring.contest))
    assert agree and head == BallotSeal.select().order_by(BallotSeal.seq.desc()).get().hash
    assert tallies.sums(spring.contest) == {"counted": 6, "waiting": 0, "left_out": 0, "void": 2}
    assert [row.rank for row in tallies.results(spring.contest)] == [1, 1, 3]


def test_visitors_count_where_the_rule_says_so(cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang], now, visitors="added")
    ballots.cast(contest, works[1], now, device="phone-1", venue=True)
    phases.advance_due(contest.voting_closes_at)
    tallies.settle_due(contest.voting_closes_at + HOUR)
    assert counted(contest)[works[1].id] == (0, 1, 0, 1, 1)


def test_not_before_the_hour_is_over_and_nothing_is_waited_for(spring, now):
    cast_all(spring, now)
    batch = slips(spring, now, {spring.cat.id: 2})
    phases.advance_due(spring.closed - SECOND)
    assert again(spring.contest).state == "voting" and tallies.settle_due(spring.closed + HOUR) == 0
    assert close(spring, spring.closed + HOUR - SECOND) == 0
    assert close(spring) == 0 and "1 批纸票" in tallies.waits_for(spring.contest, spring.closed + HOUR)[0]
    paper_batches.reject(batch, spring.he, spring.closed, "数出来是三张")
    assert close(spring) == 1 and close(spring) == 0
    assert not Tally.select().where(Tally.paper > 0).exists()


def test_after_the_count_no_way_leads_from_a_ballot_to_its_voter(spring, now):
    mine = ballots.cast(spring.contest, spring.cat, now, member=spring.li, trace=Trace("a", "203.0.113.5"))
    close(spring)
    contest, row = again(spring.contest), Ballot.get_by_id(mine.receipt)
    assert contest.salt == "" and (row.device, row.network, row.minute) == (None, None, None)
    assert electors.key_of(contest, member=spring.li) is None
    assert tallies.seals(contest, receipt=mine.shown_receipt.lower())[0].parts == ("线上", str(spring.cat.no), "counted")


def test_the_result_is_told_with_words_once_it_is_counted(spring, now):
    cast_all(spring, now)
    phases.advance_due(spring.closed)
    assert not tallies.readable_by(again(spring.contest), spring.li)
    with make.refused("not-counted"):
        tallies.publish(spring.contest, spring.li, spring.closed, "谢谢大家，玉兰得奖")
    tallies.settle_due(spring.closed + HOUR)
    assert tallies.readable_by(again(spring.contest), spring.li) and not tallies.readable_by(again(spring.contest), spring.zhao)
    with make.refused("outcome-needed", 422):
        tallies.publish(spring.contest, spring.li, spring.closed + HOUR, "好")
    tallies.publish(spring.contest, spring.li, spring.closed + HOUR, "谢谢大家，两幅并列第一")
    with make.refused("moved-on"):
        tallies.publish(spring.contest, spring.li, spring.closed + HOUR, "谢谢大家，两幅并列第一")
    told = {notice.user.name: notice.sentence for notice in Notice.select().where(Notice.kind == "contest")}
    assert "恭喜" in told["赵敏"] and "第 2" in told["王阿姨"] and "投过票" in told["何叔"]
    assert again(spring.contest).phase(spring.closed + HOUR) == "published"
    phases.advance_due(spring.closed + HOUR + contests.ARCHIVED_AFTER)
    assert again(spring.contest).state == "archived"


def test_two_schedulers_count_once(spring, now):
    cast_all(spring, now)
    phases.advance_due(spring.closed)
    assert sum(make.at_once(6, lambda _: tallies.settle_due(spring.closed + HOUR))) == 1
    assert Tally.select().count() == 3 and BallotSeal.select().count() == 5


def _die_counting(url, secret, closed):
    electors.links.use(secret)
    base.connect_to(url)
    with database.connection_context():
        phases.advance_due(closed)
        tallies.forget_voters = lambda contest: os.kill(os.getpid(), signal.SIGKILL)
        tallies.settle_due(closed + HOUR)


def test_killed_while_it_counts_it_counts_after_the_restart(spring, now, config):
    cast_all(spring, now)
    child = multiprocessing.get_context("spawn").Process(
        target=_die_counting, args=(config.database_url, config.secret_key, spring.closed)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert again(spring.contest).state == "counting" and not Tally.select().exists()
    assert tallies.settle_due(spring.closed + HOUR) == 1 and tallies.check(again(spring.contest))[2]


def test_a_recount_sees_a_row_that_does_not_belong(spring, now):
    cast_all(spring, now)
    close(spring)
    Tally.update(members=Tally.members + 1).where(Tally.entry == spring.cat.id).execute()
    assert not tallies.check(again(spring.contest))[2]


def test_a_work_that_goes_takes_its_votes_along_and_tells_all_who_voted_the_same(spring, now):
    """A letter to those alone who had chosen it would say what they chose (I10)."""
    cast_all(spring, now)
    withdrawals.withdraw(spring.magnolia, spring.zhao, now)
    assert ballots.of(spring.contest, member=spring.li) is None
    told = {notice.user.name: notice.sentence for notice in Notice.select().where(Notice.kind == "contest")}
    assert sorted(told) == ["何叔", "李姐", "蒋姐", "陈奶奶"] and len(set(told.values())) == 1
    ballots.cast(spring.contest, spring.cat, now, member=spring.li)
    withdrawals.disqualify(spring.lamp, spring.li, now, "照片不是自己拍的")
    close(spring)
    assert counted(spring.contest) == {spring.cat.id: (2, 1, 0, 2, 1)}
    with make.refused("not-withdrawable"):
        withdrawals.withdraw(spring.magnolia, spring.zhao, now)
    with make.refused("not-yours", 403):
        withdrawals.withdraw(spring.cat, spring.zhao, now)


def test_a_work_that_goes_after_the_count_leaves_the_ranking_only(spring, now):
    cast_all(spring, now)
    close(spring)
    withdrawals.withdraw(spring.magnolia, spring.zhao, spring.closed + HOUR)
    assert [(row.entry_id, row.rank) for row in tallies.results(spring.contest)] == [(spring.cat.id, 1), (spring.lamp.id, 2)]
    assert tallies.check(again(spring.contest))[2]


def test_a_work_goes_while_people_vote(spring, now):
    def act(at):
        if at == 3:
            return withdrawals.withdraw(spring.magnolia, spring.zhao, now)
        return ballots.cast(spring.contest, spring.magnolia, now, device=f"phone-{at}", venue=True)

    make.at_once(8, act)
    assert all(not ballot.chosen for ballot in voters.standing_ballots(spring.contest).values())


def test_the_clock_carries_a_contest_once_through_all_its_phases(cast, now):
    contest = make.contest(cast.li, now)
    for _ in range(2):
        make.entry(cast.zhao, contest, now)
    states = {contest.entries_close_at - SECOND: "collecting", contest.voting_closes_at - SECOND: "voting"}
    states |= {contest.voting_closes_at: "counting"}
    for moment, state in states.items():
        phases.advance_due(moment)
        assert again(contest).state == state
    late = make.contest(cast.li, now)
    for _ in range(2):
        make.entry(cast.zhao, late, now)
    make.at_once(4, lambda _: phases.advance_due(late.voting_closes_at + HOUR))  # the machine slept all the time
    assert again(late).state == "counting" and electors.size(late)[0] == 4


def test_hosts_hear_once_of_what_only_they_can_mend(spring, now):
    few = make.contest(spring.li, now)
    for _ in range(2):
        phases.advance_due(few.voting_opens_at - timedelta(hours=20))
    slips(spring, now, {spring.cat.id: 1})
    for minute in range(3):
        phases.advance_due(spring.closed + HOUR + minute * timedelta(minutes=1))
    told = [notice.sentence for notice in Notice.select().where((Notice.kind == "desk") & (Notice.user == spring.li.user_id))]
    assert len([each for each in told if "不到 2 幅" in each]) == 1
    assert len([each for each in told if "在等您计票" in each]) == 1


def test_ballots_follow_what_becomes_of_their_voters(spring, now):
    cast_all(spring, now)
    members.remove(spring.he, spring.li, now, "测试请出小区")
    members.vouch(spring.chen, spring.li, now)
    assert voters.keep_true(spring.contest, now) == 2 and voters.keep_true(spring.contest, now) == 0
    assert ballots.of(spring.contest, member=spring.he) is None
    assert ballots.of(spring.contest, member=spring.chen).counts
    assert Action.select().where(Action.kind == "vote").count() == 4


def test_two_accounts_of_one_person_keep_one_ballot(spring, now):
    from db import merging

    cast_all(spring, now)
    merging.merge(spring.he.user, spring.jiang.user, spring.lin, now, "同一个人加入了两次")
    assert ballots.of(spring.contest, member=spring.jiang).chosen == [spring.cat.id]
    assert ballots.of(spring.contest, member=spring.he) is None
    merging.merge(spring.jiang.user, spring.zhao.user, spring.lin, now, "同一个人加入了两次")
    assert ballots.of(spring.contest, member=spring.zhao).chosen == [spring.cat.id]
    close(spring)
    assert sum(row[0] for row in counted(spring.contest).values()) == 2


def test_a_cancelled_vote_is_forgotten_too(spring, now):
    mine = ballots.cast(spring.contest, spring.cat, now, member=spring.li, trace=Trace("a", "203.0.113.5"))
    contests.cancel(spring.contest, spring.li, now, "下雨，市集改期了", tell=voters.told_of(spring.contest))
    phases.advance_due(now)
    assert again(spring.contest).salt == "" and Ballot.get_by_id(mine.receipt).minute is None
    with make.refused("not-voting"):
        ballots.cast(spring.contest, spring.cat, now, member=spring.li)
    assert bursts.look(again(spring.contest), now) == 0


def test_a_receipt_noted_early_still_finds_its_ballot(spring, now):
    """The host met her, and she changed her mind: both gave her ballot another receipt."""
    noted = ballots.cast(spring.contest, spring.cat, now, member=spring.chen).receipt
    members.vouch(spring.chen, spring.li, now)
    phases.advance_due(now)
    assert ballots.of(spring.contest, member=spring.chen).receipt != noted
    close(spring)
    (line,) = tallies.seals(spring.contest, receipt=noted)
    assert line.parts[1:] == (str(spring.cat.no), "counted")
    assert tallies.seals(spring.contest, receipt="AAAAAAAAAAAA") == []


def test_merging_after_the_close_leaves_one_ballot_too(spring, now):
    cast_all(spring, now)
    phases.advance_due(spring.closed)
    with writing():
        voters.fold(spring.jiang, spring.he, spring.closed)
    tallies.settle_due(spring.closed + HOUR)
    assert counted(spring.contest)[spring.cat.id][0] == 0


def test_a_recount_agrees_where_an_author_was_forgotten_before_the_count(spring, now):
    cast_all(spring, now)
    phases.advance_due(spring.closed)
    Entry.update(state="purged").where(Entry.id == spring.cat.id).execute()
    tallies.settle_due(spring.closed + HOUR)
    assert tallies.check(again(spring.contest))[2]
    assert [row.entry_id for row in tallies.results(spring.contest)] == [spring.magnolia.id, spring.lamp.id]
    assert [row.rank for row in tallies.results(spring.contest, gone=True)] == [1, 2, 0]


def test_after_the_count_no_row_says_why_a_ballot_became_void(spring, now):
    cast_all(spring, now)
    members.leave(spring.he, now)
    phases.advance_due(now)
    assert Ballot.select().where(Ballot.reason == "left").exists()
    close(spring)
    assert {ballot.reason for ballot in Ballot.select()} <= {"", "void"} and tallies.check(again(spring.contest))[2]


def test_nobody_changes_a_ballot_or_its_seal(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.li)
    changes = [Ballot.delete(), BallotSeal.update(line=""), BallotSeal.delete()]
    BallotSeal.create(contest=spring.contest, seq=1, receipt="A" * 12, line="x", prev_hash="0" * 64, hash="1" * 64)
    for change in changes:
        with pytest.raises(DatabaseError, match="never"), database.atomic():
            change.execute()
    for table in () if base.on_sqlite() else ("ballot", "ballot_seal"):
        with pytest.raises(DatabaseError, match="never"), database.atomic():
            database.execute_sql(f"TRUNCATE {table} CASCADE")
    assert (Ballot.select().count(), BallotSeal.select().count()) == (1, 1)
