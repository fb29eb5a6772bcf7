"""Votes at the market: `python -m bench.votes`. Two processes of eight threads cast for 20 seconds, on SQLite and on PostgreSQL
where it is installed; in the same run, in turns, the same threads write bare single rows through writing().

Exits 1 where a vote failed, was lost or counted double, where casting is slower than 0.6 of bare rows, or where the slowest in a
hundred takes five times as long as the middle one."""

import argparse
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from db import ballots, base, electors, limits, links, neighborhoods, phones, schema, tallies, voters
from db.ballots import Ballot
from db.base import database, writing
from db.contests import Contest
from db.entries import Entry
from db.members import Membership
from db.people import User
from db.traces import Trace
from tests import servers

LEAST, MOST = 0.6, 5.0
PROCESSES, THREADS = 2, 8
TURNS = 10  # of each kind, alternating
WORKS = 40
NOW = datetime(2026, 3, 20, 4, 0)
SECRET = "a secret of the bench, long enough"


def fill(people):
    """A vote that has begun, with so many known neighbours on its roll."""
    before = NOW - timedelta(days=9)
    with writing():
        place = neighborhoods.found("market", "市集", before)
        rows = [{"name": f"邻居{n}", "created_at": before} for n in range(people)]
        for start in range(0, people, 200):
            User.insert_many(rows[start : start + 200]).execute()
        seats = [
            {"user": user.id, "neighborhood": place.id, "vouched_at": before, "joined_at": before, "last_active_at": before}
            for user in User.select(User.id)
        ]
        for start in range(0, people, 200):
            Membership.insert_many(seats[start : start + 200]).execute()
        author = Membership.select().first()
        dates = {"opens_at": before, "entries_close_at": NOW, "voting_opens_at": NOW, "voting_closes_at": NOW + timedelta(days=3)}
        contest, _ = (
            Contest.create(
                neighborhood=place, title="我眼中的春天", state="collecting", approved=WORKS, last_no=WORKS, created_by=author,
                op_id=f"bench{at}", created_at=before, **dates,
            )
            for at in range(2)
        )  # fmt: skip
        for no in range(1, WORKS + 1):
            Entry.create(
                contest=contest, neighborhood=place, author=author, no=no, place_no=no, caption="玉兰", signed="小敏",
                state="approved", op_id=f"b{no}", created_at=before,
            )  # fmt: skip
    return electors.begin(contest, NOW)


class _Crowd(threading.Thread):
    """One thread: its own neighbours, each of whom votes, and now and then changes her mind."""

    def __init__(self, contest, works, people, seed):
        super().__init__()
        self.contest, self.works, self.people, self.dice = contest, works, people, random.Random(seed)
        self.kind, self.until, self.took = "", 0.0, {"vote": [], "bare": []}
        self.chosen, self.errors = {}, []

    def run(self):
        with database.connection_context():
            while time.perf_counter() < self.until:
                begun = time.perf_counter()
                try:
                    self.vote() if self.kind == "vote" else self.bare()
                except Exception as error:  # whatever it is, it is the figure
                    self.errors.append(repr(error))
                self.took[self.kind].append(time.perf_counter() - begun)

    def vote(self):
        member, work = self.dice.choice(self.people), self.dice.choice(self.works)
        trace = Trace(f"phone {member.id}", f"10.{member.id % 200}.7.9")
        ballots.cast(self.contest, work, NOW, member=member, trace=trace)
        self.chosen[member.id] = work.id

    def bare(self):
        """The same row as a vote's, written and nothing asked; in a contest of its own."""
        row = {"receipt": base.new_code(12), "channel": "online", "kind": "cast", "turn": 1, "choices": "1"}
        row |= {"voter_key": f"{self.dice.getrandbits(128):032x}", "contest": self.contest.id + 1, "minute": 1}
        with writing():
            Ballot.insert(**row, device="0123456789abcdef", network="0123456789abcdef").execute()


def _process(url, number, seconds, gate, told):
    _open(url)
    with database.connection_context():
        contest = Contest.select().order_by(Contest.id).first()
        works = list(Entry.select())
        people = list(Membership.select().where(Membership.id > 1))[number::PROCESSES]
    crowds = [(contest, works, people[at::THREADS], number * 100 + at) for at in range(THREADS)]
    gone = [_Crowd(*crowd) for crowd in crowds]
    rates = {"vote": [], "bare": []}
    for turn in range(2 * TURNS):
        kind = ("vote", "bare")[turn % 2]
        runs = []
        for before in gone:
            thread = _Crowd(before.contest, before.works, before.people, before.dice.random())
            thread.took, thread.chosen, thread.errors = before.took, before.chosen, before.errors
            thread.kind = kind
            runs.append(thread)
        gate.wait()
        begun = time.perf_counter()
        for thread in runs:
            thread.until = begun + seconds / TURNS
            thread.start()
        for thread in runs:
            thread.join()
        many = sum(len(thread.took[kind]) for thread in runs) - sum(rates[kind][each][0] for each in range(len(rates[kind])))
        rates[kind].append((many, time.perf_counter() - begun))
        gone = runs
    chosen = {member: work for thread in gone for member, work in thread.chosen.items()}
    errors = [error for thread in gone for error in thread.errors]
    took = {kind: [second for thread in gone for second in thread.took[kind]] for kind in rates}
    told.put(json.dumps([rates, chosen, errors, took]))


def _open(url):
    base.connect_to(url)
    phones.use_secret(SECRET)
    links.use(SECRET)
    limits.enabled = False


def measure(name, url, seconds, people):
    """Print what one database does; True where all figures are met."""
    _open(url)
    with database.connection_context():
        schema.migrate()
        contest = fill(people)
    if not base.on_sqlite():
        database.close_all()
    apart = multiprocessing.get_context("spawn")
    gate, told = apart.Barrier(PROCESSES), apart.Queue()
    crowd = [apart.Process(target=_process, args=(url, number, seconds, gate, told)) for number in range(PROCESSES)]
    for process in crowd:
        process.start()
    answers = [json.loads(told.get(timeout=seconds * 6 + 120)) for _ in crowd]
    for process in crowd:
        process.join(60)
    rates = {
        kind: [
            sum(answer[0][kind][turn][0] / answer[0][kind][turn][1] for answer in answers) for turn in range(TURNS)
        ]
        for kind in ("vote", "bare")
    }  # fmt: skip
    ratio = statistics.median(vote / bare for vote, bare in zip(rates["vote"], rates["bare"], strict=True))
    took, bare = (sorted(second for answer in answers for second in answer[3][kind]) for kind in ("vote", "bare"))
    (middle, slow), (bare_middle, bare_slow) = ((each[len(each) // 2], each[int(len(each) * 0.99)]) for each in (took, bare))
    chosen = {int(member): work for answer in answers for member, work in answer[1].items()}
    errors = [error for answer in answers for error in answer[2]]
    with database.connection_context():
        lost, double = _compare(contest, chosen)
    rate, plain = statistics.median(rates["vote"]), statistics.median(rates["bare"])
    print(f"{name}: {rate:.0f} votes/s, {plain:.0f} bare rows/s, ratio {ratio:.2f} (wanted ≥ {LEAST})")
    print(f"  p50 {middle * 1000:.1f} ms, p99 {slow * 1000:.1f} ms: {slow / middle:.1f} times (wanted ≤ {MOST}); ", end="")
    print(f"bare {bare_middle * 1000:.1f} and {bare_slow * 1000:.1f} ms: {bare_slow / bare_middle:.1f} times")
    print(f"  {len(took)} votes of {len(chosen)} neighbours: {len(errors)} errors, {lost} lost, {double} double")
    for error in errors[:3]:
        print(f"  {error}")
    return ratio >= LEAST and slow / middle <= MOST and not errors and not lost and not double


def _compare(contest, chosen):
    """(votes that are not in the rows, ballots too many): what each neighbour was told, against what would be counted."""
    key = {electors.key_of(contest, member=member): work for member, work in chosen.items()}
    standing = voters.standing_ballots(contest)
    lost = sum(key[each] not in (standing[each].chosen if each in standing else ()) for each in key)
    counted = sum(sum(given.values()) for given in tallies.totals_from_rows(contest).values())
    return lost, counted - len(chosen)


@contextmanager
def _sqlite():
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        yield f"sqlite:///{Path(folder)}/bench.db"
        if database.obj is not None:
            database.obj.close_all()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--sqlite", action="store_true", help="not on PostgreSQL")
    asked = parser.parse_args()
    well = True
    with _sqlite() as url:
        well &= measure("SQLite", url, asked.seconds, asked.people)
    if servers.pg_ctl() and not asked.sqlite:
        with servers.postgresql() as url:
            well &= measure("PostgreSQL", url, asked.seconds, asked.people)
            database.obj.close_all()
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
