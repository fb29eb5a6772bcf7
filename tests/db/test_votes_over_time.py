"""Whatever happens in whatever order, the rows say what a plain list of people and their choices says, and what was fixed when
the vote began stays fixed (I2, I3). LINLI_VOTES_EXAMPLES=500 looks much longer."""

import os
import secrets
from collections import Counter
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from db import ballots, electors, entries, members, neighborhoods, paper_batches, phases, tallies, voters, withdrawals
from db.base import Refused
from db.contests import Contest
from db.electors import Elector
from db.entries import Entry
from db.tallies import Tally
from tests import make, snapshot

EXAMPLES = int(os.environ.get("LINLI_VOTES_EXAMPLES", "5"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOST, SECOND, LATE = 0, 4, (5, 6)  # of the people; the last two sit down when the vote has begun
WHO, WORK, DEVICE = some.integers(0, 6), some.integers(0, 5), some.integers(0, 2)


def open_now(self):
    return self.contest.phase(self.now) == "voting" and bool(self.works)


class Vote(RuleBasedStateMachine):
    """The model: who chose what, who is known, gone, or voted on paper. It knows nothing of turns, keys and rows."""

    @initialize()
    def a_contest(self):
        snapshot.empty()
        self.now = datetime(2026, 3, 20, 4, 0)
        self.place = neighborhoods.found("cuihu", "翠湖花园", self.now)
        self.people = [make.host(self.place, "李姐", self.now)]
        self.people += [make.neighbor(self.place, f"邻居{at}", self.now, trusted=at in (1, SECOND)) for at in range(1, 5)]
        dates = {"entries_close_at": self.now + DAY, "voting_opens_at": self.now + DAY, "voting_closes_at": self.now + 3 * DAY}
        self.contest = make.contest(self.people[HOST], self.now, entries_each=3, **dates)
        self.known, self.gone, self.on_paper, self.paper = {HOST, 1, SECOND}, set(), set(), Counter()
        self.chosen, self.proven, self.spent = {}, set(), set()
        self.works, self.frozen, self.result = {}, None, None
        for author in (1, 2):
            self.enter(author)

    # Before the vote

    @precondition(lambda self: self.contest.phase(self.now) == "collecting")
    @rule(who=some.integers(1, 3))
    def enter(self, who):
        try:
            work = make.entry(self.people[who], self.contest, self.now)
        except Refused as refused:
            assert refused.code == "no-place"
            return
        if not work.shown:
            entries.approve(work, self.people[HOST], self.now)
        self.works[work.id] = who

    @rule(hours=some.sampled_from([1, 6, 20, 30]))
    def time_goes_by(self, hours):
        self.now += hours * HOUR
        phases.advance_due(self.now)
        if len(self.people) == 5 and self.contest.phase(self.now) == "voting":
            self.people += [make.neighbor(self.place, "晚到的", self.now, trusted=True)]
            self.people += [make.neighbor(self.place, "更晚的", self.now)]
            self.known.add(5)
        self.contest = Contest.get_by_id(self.contest.id)
        before = None if self.contest.settled_at else self.counted()
        if tallies.settle_due(self.now):
            self.result = before
            self.contest = Contest.get_by_id(self.contest.id)

    # Votes

    def work(self, number):
        return Entry.get_by_id(sorted(self.works)[number % len(self.works)])

    @precondition(open_now)
    @rule(who=WHO, number=WORK, venue=some.booleans())
    def cast(self, who, number, venue):
        work, who = self.work(number), who % len(self.people)
        try:
            ballots.cast(self.contest, work, self.now, member=self.people[who], venue=venue)
        except Refused as refused:
            why = {"own-work": self.works[work.id] == who, "voted-on-paper": who in self.on_paper, "not-here": who in self.gone}
            assert why[refused.code]
            return
        assert who not in self.on_paper | self.gone and self.works[work.id] != who
        self.chosen["neighbour", who] = work.id
        if venue:
            self.proven.add(who)

    @precondition(open_now)
    @rule(device=DEVICE, number=WORK)
    def cast_as_a_visitor(self, device, number):
        work = self.work(number)
        try:
            ballots.cast(self.contest, work, self.now, device=f"phone-{device}", venue=True)
        except Refused as refused:
            assert refused.code == "claimed" and device in self.spent
            return
        assert device not in self.spent
        self.chosen["visitor", device] = work.id

    @precondition(open_now)
    @rule(device=DEVICE, who=WHO)
    def sit_down(self, device, who):
        who = who % len(self.people)
        if who in self.gone:
            return
        done = ballots.claim(f"phone-{device}", self.people[who], self.now)
        work = self.chosen.pop(("visitor", device), None)
        assert bool(done) == (work is not None)
        if work is None:
            return
        self.spent.add(device)
        if self.works[work] != who and who not in self.on_paper and ("neighbour", who) not in self.chosen:
            self.chosen["neighbour", who] = work
            self.proven.add(who)

    @precondition(open_now)
    @rule(who=WHO)
    def undo(self, who):
        who = who % len(self.people)
        if mine := ballots.of(self.contest, member=self.people[who]):
            ballots.let_go(self.contest, Entry.get_by_id(mine.chosen[0]), self.now, member=self.people[who])
            self.lose(lambda key, work: key == ("neighbour", who))

    def lose(self, which):
        """Ballots that become void; whoever stood at the market must show it again."""
        for key in [key for key, work in self.chosen.items() if which(key, work)]:
            del self.chosen[key]
            self.proven.discard(key[1] if key[0] == "neighbour" else None)

    # What happens meanwhile

    @precondition(open_now)
    @rule(who=WHO)
    def vouch(self, who):
        members.vouch(self.people[who % len(self.people)], self.people[HOST], self.now)
        self.known.add(who % len(self.people))

    @precondition(open_now)
    @rule(who=some.integers(1, 3))
    def remove(self, who):
        if who not in self.gone:
            members.remove(self.people[who], self.people[HOST], self.now, "模型里请出小区")
            self.gone.add(who)
            self.lose(lambda key, work: key == ("neighbour", who))

    @precondition(lambda self: len(self.works) > 2 and self.contest.settled_at is None)
    @rule(number=WORK, host=some.booleans())
    def take_down(self, number, host):
        work = entries.find(self.place, self.work(number).id)
        if host:
            withdrawals.disqualify(work, self.people[HOST], self.now, "模型里取消资格")
        else:
            withdrawals.withdraw(work, work.author, self.now)
        del self.works[work.id]
        self.lose(lambda key, chosen: chosen == work.id)

    @precondition(lambda self: paper_batches.taken_now(self.contest, self.now))
    @rule(number=WORK, many=some.integers(1, 3), who=WHO, fine=some.booleans())
    def paper_comes(self, number, many, who, fine):
        work, who = self.work(number), who % len(self.people)
        names = self.people[who].name if who not in self.on_paper | self.gone else ""
        number = secrets.token_hex(8)
        heap = paper_batches.enter(
            self.contest, self.people[HOST], self.now, op_id=number, counts={work.id: many}, names=names
        )  # fmt: skip
        heap = paper_batches.find(self.place, heap.id)
        if not fine:
            paper_batches.reject(heap, self.people[SECOND], self.now, "模型里对不上")
            return
        paper_batches.confirm(heap, self.people[SECOND], self.now)
        self.paper[work.id] += many
        if names:
            self.on_paper.add(who)
            self.chosen.pop(("neighbour", who), None)

    # What must be true

    def counted(self):
        """What each work that hangs was given, by the model."""
        given = {work: {"members": 0, "visitors": 0, "paper": self.paper[work]} for work in self.works}
        for (kind, who), work in self.chosen.items():
            if kind == "neighbour" and who in self.known and who not in LATE:
                given[work]["members"] += 1
            elif kind == "visitor" or who in self.proven:
                given[work]["visitors"] += 1
        return given

    @invariant()
    def rows_say_the_same(self):
        if not hasattr(self, "works") or self.contest.state not in {"voting", "counting"} or self.contest.settled_at:
            return
        voters.keep_true(self.contest, self.now)
        told = tallies.totals_from_rows(self.contest)
        nothing = {"members": 0, "visitors": 0, "paper": 0}
        assert {work: told.get(work, nothing) for work in self.works} == self.counted()
        assert not Tally.select().exists()

    @invariant()
    def what_was_fixed_stays_fixed(self):
        if not hasattr(self, "works") or self.contest.state not in {"voting", "counting"}:
            return
        contest = Contest.get_by_id(self.contest.id)
        roll = sorted(Elector.select(Elector.member, Elector.verified).where(Elector.contest == contest.id).tuples())
        how = (contest.choices, contest.voters, contest.visitors, contest.voting_opens_at, contest.voting_closes_at)
        hung = {work.id for work in Entry.select(Entry.id).where(Entry.state == "approved")}
        fixed, wall = self.frozen or ((roll, how), hung)
        assert (roll, how) == fixed and hung <= wall and len(roll) == 5
        self.frozen = fixed, hung

    @invariant()
    def what_was_counted_stays_counted(self):
        if getattr(self, "result", None) is None:
            return
        told = {row.entry_id: {name: getattr(row, name) for name in ("members", "visitors", "paper")} for row in Tally.select()}
        assert told == self.result and tallies.check(self.contest)[2]
        assert self.contest.salt == "" and electors.key_of(self.contest, member=1) is None


def test_the_count_is_what_people_chose_whatever_happens(db):
    how = {"max_examples": EXAMPLES, "stateful_step_count": 30, "deadline": None, "database": None, "derandomize": EXAMPLES < 20}
    run_state_machine_as_test(Vote, settings=settings(suppress_health_check=list(HealthCheck), **how))
