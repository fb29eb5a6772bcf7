"""我的积分 with 100 and with 100 000 lines: `python -m bench.points`. On SQLite, and on PostgreSQL where there is one.

Two neighbours ask in turns for their first page and, with many lines, one from the middle; then something more is earned by
each, and points are promised. Exits 1 where the long book takes over 1.25 times as long."""

import sys
import tempfile
import time
from datetime import timedelta
from itertools import count as numbers
from pathlib import Path

from peewee import fn

from app import create_app
from bench import fill, visitor
from bench.inbox import _compare, _database
from bench.living_room import KEY
from config import Config
from db import base, members, neighborhoods, point_entries, points, schema
from db.members import Membership
from db.point_entries import PointEntry
from tests import servers

MOST, FEW, MANY, AT_A_TIME = 1.25, 100, 100_000, 1000
STEP = timedelta(minutes=20)
SHORT, LONG = 10, 10_000  # what bench.inbox calls the two


def _rows(member, first, last, many, now):
    """Lines `first` to `last` of so `many`, one every twenty minutes, as `earn` and `reverse` leave them: of ten, one was taken
    back. Whoever has many has earned for four years, not more today."""
    for n in range(first, last):
        back = n % 10 == 9
        yield {
            "membership": member.id, "delta": -1 if back else 1, "kind": "reverse" if back else "earn", "rule": "comment",
            "source_type": "Comment", "source_id": 1_000_000 * member.id + n - back, "reason": "给邻居的帖子写一句评论",
            "idem_key": f"bench {member.id} {n}", "digest": "0" * 32, "at": now - (many - n) * STEP,
        }  # fmt: skip


def _fill(place, now):
    """{SHORT: …, LONG: …}, and a crowd whose lines stand between theirs, as they do where neighbours live side by side."""
    people = {size: members.join(place, now, name=f"有{size}笔", consent=True) for size in (SHORT, LONG)}
    with base.writing():
        for first in range(0, MANY, AT_A_TIME):
            crowd = [members.join(place, now, name=f"邻居{first + n}", consent=True) for n in range(AT_A_TIME // FEW)]
            rows = [row for each in crowd for row in _rows(each, 0, FEW, FEW, now)]
            rows += _rows(people[LONG], first, first + AT_A_TIME, MANY, now)
            PointEntry.insert_many(sorted(rows, key=lambda row: hash(row["idem_key"]))).execute()
        PointEntry.insert_many(_rows(people[SHORT], 0, FEW, FEW, now)).execute()
        counted = PointEntry.select(fn.SUM(PointEntry.delta)).where(PointEntry.membership == Membership.id)
        Membership.update(points=fn.COALESCE(counted, 0)).execute()
    if not base.on_sqlite():
        base.database.execute_sql("ANALYZE")
    return people


def measure(kind, url, folder):
    """Fill, ask, print; returns what is not met."""
    now = fill.moment()
    app = create_app(Config(data_dir=Path(folder), database_url=url, secret_key=KEY, limits=False))
    failed, sources = [], numbers(1)
    with base.database.connection_context():
        schema.migrate()
        place = neighborhoods.found("cuihu", "翠湖花园", now)
        people = _fill(place, now)
        cookies = {size: visitor.cookies_of(app, member.user) for size, member in people.items()}
        began = time.perf_counter()
        wrong, took = point_entries.differences(), time.perf_counter() - began
        print(f"  {kind:<10} recounted {PointEntry.select().count()} entries in {took:.2f} s, {len(wrong)} wrong", flush=True)
        middle = PointEntry.select(PointEntry.id).where(PointEntry.membership == people[LONG].id).order_by(PointEntry.id)
        middle = middle.offset(MANY // 2).limit(1).scalar()
    client = app.test_client(use_cookies=False)

    def told(name, ratio):
        print(f"  {kind:<10} {name:<26} {ratio:.2f}  {'met' if ratio <= MOST else 'NOT MET'}", flush=True)
        if ratio > MOST:
            failed.append(f"{kind}, {name}")

    for page, query in (("first page", ""), ("in the middle", f"?before={middle}")):

        def ask(size, query=query):
            path = "/n/cuihu/points" + (query if size == LONG else query and "?before=999999999")
            answer = client.get(path, headers={"Cookie": cookies[size]})
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status}")

        told(page, _compare(ask))

    def earn(size):
        with base.database.connection_context():
            points.earn(people[size], "win", "Entry", next(sources), now)

    def promise(size):
        with base.database.connection_context():
            points.hold(people[size], 1, "Redemption", next(sources), now, "兑换")

    told("earning once more", _compare(earn))
    told("promising a point", _compare(promise))
    base.database.obj.close_all()
    return failed


def main():
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _database(kind, folder) as url:
            failed += measure(kind, url, folder)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
