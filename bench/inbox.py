"""The inbox of a person with 10 and with 10 000 lines: `python -m bench.inbox`. On SQLite, and on PostgreSQL where there is one.

Both people ask in turns, with every line read, none, or every other one; the long inbox also for a page from its middle, and
then something new is told to each. Exits 1 where the long inbox takes over 1.25 times as long as the short one's page."""

import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from app import create_app
from bench import fill, visitor
from bench.living_room import KEY
from config import Config
from db import base, members, neighborhoods, notices, schema
from db.notices import Notice
from tests import servers

MOST, FEW, MANY, CROWD, ROUNDS = 1.25, 10, 10_000, 300, 200
EPOCH = datetime(1970, 1, 1)
MIXES = {"all unread": 1, "every other unread": 2, "all read": 0}


def _lines(place, person, count, every, now):
    """Lines as `tell` leaves them, the newest last, over the last hundred days."""
    step = timedelta(days=100) / MANY
    kinds = [kind for kind in notices.KINDS if kind != "digest"]
    same = {"user": person.id, "neighborhood": place.id}
    rows = [
        same
        | {
            "kind": kinds[n % len(kinds)],
            "sentence": f"赵敏评论了您的「第 {n} 条帖子」",
            "url": f"/n/cuihu/posts/{n}#comments",
            "collapsed_key": f"talk post {n}",
            "times": 1 + n % 3,
            "at": now - (count - n) * step,
            "read_at": None if every and n % every == 0 else now,
        }
        for n in range(count)
    ]
    with base.writing():
        for some in range(0, count, 1000):
            Notice.insert_many(rows[some : some + 1000]).execute()


def _fill(now):
    """{(mix, count): user}"""
    schema.migrate()
    place = neighborhoods.found("cuihu", "翠湖花园", now)
    people = {}
    for mix, every in MIXES.items():
        for count in (FEW, MANY):
            person = members.join(place, now, name=f"{mix[:3]}{count}", consent=True).user
            _lines(place, person, count, every, now)
            people[mix, count] = person
    for number in range(CROWD):  # a planner that knew of six people only would read the whole table for each
        _lines(place, members.join(place, now, name=f"邻居{number}", consent=True).user, 40, 3, now)
    if not base.on_sqlite():
        base.database.execute_sql("ANALYZE")
    return place, people


def _compare(act):
    """act(MANY) as a multiple of act(FEW), in turns; of each the quicker quarter counts, as a busy machine only ever adds."""
    took = {FEW: [], MANY: []}
    for turn in range(ROUNDS + 10):
        for count in (FEW, MANY) if turn % 2 else (MANY, FEW):
            began = time.perf_counter()
            act(count)
            took[count].append(time.perf_counter() - began)
    few, many = (statistics.quantiles(took[count][10:], n=4)[0] for count in (FEW, MANY))
    return many / few


def measure(kind, url, folder):
    """Fill, ask, print; returns what is not met."""
    now = fill.moment()
    app = create_app(Config(data_dir=Path(folder), database_url=url, secret_key=KEY, limits=False))
    failed = []
    with base.database.connection_context():
        place, people = _fill(now)
        cookies = {who: visitor.cookies_of(app, person) for who, person in people.items()}
    client = app.test_client(use_cookies=False)

    def told(name, ratio):
        print(f"  {kind:<10} {name:<26} {ratio:.2f}  {'met' if ratio <= MOST else 'NOT MET'}", flush=True)
        if ratio > MOST:
            failed.append(f"{kind}, {name}")

    for mix in MIXES:
        deep = (now - timedelta(days=50) - EPOCH) // timedelta(microseconds=1)
        for page, path in (("first page", "/inbox"), ("in the middle", f"/inbox?after={deep}.1")):

            def ask(count, mix=mix, path=path):
                answer = client.get(path if count == MANY else "/inbox", headers={"Cookie": cookies[mix, count]})
                if answer.status_code != 200:
                    raise SystemExit(f"{path}: {answer.status}")

            told(f"{mix}, {page}", _compare(ask))

    def tell(count):
        with base.database.connection_context():
            notices.tell([people["all unread", count]], "talk", "有人找您", "/inbox", now, neighborhood=place, key="again")

    told("telling one thing more", _compare(tell))
    base.database.obj.close_all()
    return failed


@contextmanager
def _database(kind, folder):
    if kind == "SQLite":
        yield f"sqlite:///{folder}/linli.db"
        return
    with servers.postgresql() as url:
        yield url


def main():
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _database(kind, folder) as url:
            failed += measure(kind, url, folder)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
