"""The living room at 1 000 and at 1 000 000 posts: `python -m bench.growth`. On SQLite, and on PostgreSQL where it is installed.

Nothing is kept between two pages here, so every query runs each time. Exits 1 where a page takes over 1.25 times as long in
the large 小区, or where one of its queries reads or sorts more than it shows."""

import argparse
import re
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from app import create_app
from bench import fill, visitor
from bench.living_room import KEY, PATH
from config import Config
from db import base, living_room, members, neighborhoods, posts, reviews, topics
from tests import servers
from web import kept

MOST = 1.25
DEEP = 50  # the page a patient reader reaches
OPEN_SHARE = {"small": 2, "large": 100}  # of the large 小区 99 % is for neighbours alone; both fill a guest's page
MOST_ROWS = 500  # a plan may sort or read from end to end what is small and stays so
MOST_PAGES = 400  # of 8 KB that PostgreSQL may touch for one query
MOST_STEPS = 40_000  # of SQLite's machine


class Place:
    """A filled 小区 with its application, a neighbour's cookie and the address of its 50th page."""

    def __init__(self, url, folder, size, posts):
        began = time.monotonic()
        self.config = Config(data_dir=Path(folder), database_url=url, secret_key=KEY, limits=False)
        self.app = create_app(self.config)
        with base.database.connection_context():
            self.place, self.host, self.neighbor = fill.neighborhood(
                posts=posts, persons=min(posts, 5_000), comments=posts // 5, likes=posts // 2, open_share=OPEN_SHARE[size]
            )
            self.marks = {"signed in": self._mark(self.neighbor), "guest": self._mark(None)}
        self.cookies = {"signed in": visitor.cookies_of(self.app, self.neighbor.user), "guest": ""}
        self.client = self.app.test_client(use_cookies=False)
        self.database = base.database.obj
        print(f"  {posts:>9,} posts written in {time.monotonic() - began:.0f} s", flush=True)

    def _mark(self, member):
        """The cursor of the 50th page as 看更多 would have led there; where there are fewer, of the one in the middle."""
        marks = [""]
        while len(marks) < DEEP and (after := living_room.feed(self.place, member, "", marks[-1]).after):
            marks.append(after)
        return marks[-1] if len(marks) == DEEP else marks[len(marks) // 2]

    def seconds(self, who, deep):
        base.database.initialize(self.database)
        kept.forget()
        path = f"{PATH}?after={self.marks[who]}" if deep else PATH
        began = time.perf_counter()
        answer = self.client.get(path, headers={"Cookie": self.cookies[who]})
        took = time.perf_counter() - began
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status}")
        return took

    def questions(self):
        """{what asks: its statements}: every query of the page, of the lists beside it and of the host's desk."""
        base.database.initialize(self.database)
        asked = {}
        with base.database.connection_context():
            topic = topics.current(self.place, fill.moment())[0]
            for who, member in (("guest", None), ("neighbour", self.neighbor), ("host", self.host)):
                cookie = visitor.cookies_of(self.app, member.user) if member else ""
                for tab in living_room.TABS:
                    kept.forget()
                    with visitor.counted() as asked[f"{who}, {tab or 'all'}"]:
                        self.client.get(f"{PATH}?tab={tab}" if tab else PATH, headers={"Cookie": cookie})
                with visitor.counted() as asked[f"{who}, topic"]:
                    living_room.topic_feed(topic, member)
                    living_room.topic_feed(topic, member, best=True)
            for name, ask in {
                "waiting": lambda: reviews.count_waiting(self.place),
                "desk": lambda: (reviews.waiting(self.place), reviews.waiting_edits(self.place)),
                "my posts": lambda: posts.by_author(self.neighbor),
                "neighbours": lambda: members.listed(self.place),
                "version": lambda: neighborhoods.version_of(self.place.id),
            }.items():
                with visitor.counted() as asked[name]:
                    ask()
            judge = _by_steps if base.on_sqlite() else _by_pages
            return {
                name: [(sql, judge(self.database, sql, params)) for sql, params in said if sql.startswith(("SELECT", "("))]
                for name, said in asked.items()
            }


def _by_steps(database, sql, params):
    """What is wrong with a query on SQLite: it reads a table from end to end, or works (sorts, skips) for long."""
    plan = [row[3] for row in database.execute_sql("EXPLAIN QUERY PLAN " + sql, params).fetchall()]
    wrong = [line for line in plan if line.startswith("SCAN") and line != "SCAN unread"]  # a hundred lines at most
    steps = 0

    def count():
        nonlocal steps
        steps += 1000

    database.connection().set_progress_handler(count, 1000)
    database.execute_sql(sql, params).fetchall()
    database.connection().set_progress_handler(None, 0)
    return wrong + ([f"{steps:,} steps: " + " / ".join(plan)] if steps > MOST_STEPS else [])


def _by_pages(database, sql, params):
    """The same on PostgreSQL, which tells how many rows and pages of 8 KB each part of the plan really touched."""
    plan = [row[0] for row in database.execute_sql("EXPLAIN (ANALYZE, BUFFERS) " + sql, params).fetchall()]
    wrong = [
        line.strip()
        for line in plan
        if re.search(r"Seq Scan|Sort  ", line) and int(re.search(r"rows=(\d+)", line.split("actual")[-1]).group(1)) > MOST_ROWS
    ]
    buffers = re.search(r"Buffers: shared (?:hit=(\d+))?(?: read=(\d+))?", "\n".join(plan))
    pages = sum(int(count or 0) for count in buffers.groups()) if buffers else 0
    return wrong + ([f"{pages:,} pages", *plan] if pages > MOST_PAGES else [])


@contextmanager
def _databases(kind, folder):
    if kind == "SQLite":
        yield [f"sqlite:///{folder}/{size}/linli.db" for size in ("small", "large")]
        return
    with servers.postgresql() as small, servers.postgresql() as large:
        yield [small, large]


def measure(kind, folder, large, rounds):
    """Fill both sizes and load them in turns; returns what is not met."""
    failed = []
    with _databases(kind, folder) as urls:
        places = []
        for url, size, count in zip(urls, ("small", "large"), (1_000, large), strict=True):
            (Path(folder) / size).mkdir(exist_ok=True)
            places.append(Place(url, Path(folder) / size, size, count))
        for who in ("signed in", "guest"):
            for deep in (False, True):
                ratios = []
                for turn in range(rounds + 3):
                    order = (0, 1) if turn % 2 else (1, 0)
                    took = {which: places[which].seconds(who, deep) for which in order}
                    ratios.append(took[1] / took[0])
                ratio = statistics.median(ratios[3:])
                page = f"page {DEEP}" if deep else "first page"
                print(f"  {who:<10} {page:<11} {ratio:.2f} times as long at {large:,}  {'met' if ratio <= MOST else 'NOT MET'}")
                if ratio > MOST:
                    failed.append(f"{kind}, {who}, {page}")
        asked = places[1].questions()
        bad = {(sql, tuple(wrong)): name for name, said in asked.items() for sql, wrong in said if wrong}
        for (sql, lines), name in bad.items():
            print(f"  {name}: {sql}\n    " + "\n    ".join(lines))
            failed.append(f"{kind}, plan of {name}")
        print(f"  {sum(map(len, asked.values()))} queries looked at, {len(bad)} complaints")
        for place in places:
            place.database.close_all()
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        print(kind, flush=True)
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
            failed += measure(kind, folder, asked.posts, asked.rounds)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
