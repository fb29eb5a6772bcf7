"""The living room beside a bare Flask view that returns the same number of bytes: `python -m bench.living_room`.

Exits 1 where a figure is not met: signed in >= 0.27, guest >= 0.70, at most 12 queries, as many at 10 posts as at 50 000."""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from app import create_app
from bench import fill, load, visitor
from config import Config
from db import base
from web import door, kept

PATH = "/n/cuihu/"
WANTED = {"signed in": 0.27, "guest": 0.70}
MOST_QUERIES = 12
KEY = "a key for measurements, nothing else"


def opened(folder, **sizes):
    """An application on a filled throw-away SQLite: (app, host's cookie, neighbour's cookie)."""
    app = create_app(Config(data_dir=folder, database_url=f"sqlite:///{folder}/linli.db", secret_key=KEY, limits=False))
    with base.database.connection_context():
        _, host, neighbor = fill.neighborhood(**sizes)
    return app, visitor.cookies_of(app, host.user), visitor.cookies_of(app, neighbor.user)


def queries(app, cookie):
    """How many statements the page runs: with nothing kept, and when everything was drawn before."""
    kept.forget()
    client, counts = app.test_client(use_cookies=False), []
    for _ in range(2):
        with visitor.counted() as said:
            client.get(PATH, headers={"Cookie": cookie})
        counts.append(len(said))
    return counts


def after_a_change(app, cookie, rounds=60):
    """How many times longer a neighbour's page takes when something in the 小区 has changed since the last one."""
    client, ratios = app.test_client(use_cookies=False), []
    for _ in range(rounds):
        took = []
        for changed in (True, False):
            if changed:
                kept._frames.items.clear()
                door._ready.items.clear()
            began = time.perf_counter()
            client.get(PATH, headers={"Cookie": cookie})
            took.append(time.perf_counter() - began)
        ratios.append(took[0] / took[1])
    return statistics.median(ratios)


def _count(few, many):
    """Print the number of queries; returns what is wrong with it."""
    wrong = []
    for who, at_few, at_many in zip(("guest", "host", "neighbour"), few, many, strict=True):
        print(f"queries, {who:<10} {at_many[0]:>3} (nothing kept)  {at_many[1]:>3} (all kept)   at 10 posts {at_few}")
        if max(at_many) > MOST_QUERIES or at_few != at_many:
            wrong.append(f"queries, {who}")
    return wrong


def _compare(port, who, cookie, coding, rounds):
    """Load the page and a bare view with as many bytes in turns; returns whether the figure is met."""
    headers = {"Accept-Encoding": coding} | ({"Cookie": cookie} if cookie else {})
    head, body = load.fetch(port, PATH, headers)
    squeezed = "content-encoding: br" in head.lower()
    if not head.startswith("HTTP/1.1 200") or squeezed != (coding == "br"):
        raise SystemExit(f"not the page that was asked for:\n{head}")
    with load.granian(["bench.bare:app"], LINLI_BENCH_BYTES=str(len(body))) as bare:
        ratio, ours, theirs = load.compare((port, PATH, headers), (bare, "/", headers), rounds)
    # The figure compares the making of a page: the same bytes, neither side compressing. With br the page also compresses.
    met = squeezed or ratio >= WANTED[who]
    figure = "" if squeezed else f"  wanted {WANTED[who]}: {'met' if met else 'NOT MET'}"
    print(f"{who:<10} {coding:<9} {len(body):>6} bytes {ours:7.0f}/s of {theirs:7.0f}/s = {ratio:.3f}{figure}", flush=True)
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--posts", type=int, default=50_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        small, large = Path(folder) / "small", Path(folder) / "large"
        small.mkdir()
        large.mkdir()
        app, *cookies = opened(small, posts=10, persons=20, comments=20, likes=40)
        few = [queries(app, cookie) for cookie in ("", *cookies)]
        began = time.monotonic()
        app, *cookies = opened(large, posts=asked.posts, likes=asked.posts * 10, comments=asked.posts * 4)
        print(f"{asked.posts:,} posts written in {time.monotonic() - began:.0f} s")
        failed = _count(few, [queries(app, cookie) for cookie in ("", *cookies)])
        print(f"after a change in the 小区 the next page takes {after_a_change(app, cookies[1]):.1f} times as long as others")
        base.database.close_all()
        environment = {
            "LINLI_DATA_DIR": str(large), "LINLI_SECRET_KEY": KEY, "LINLI_LIMITS": "0", "DATABASE_URL": f"sqlite:///{large}/linli.db",
        }  # fmt: skip
        with load.granian(["--factory", "app:create_app"], **environment) as port:
            for who, cookie in (("signed in", cookies[1]), ("guest", "")):
                for coding in ("identity", "br"):
                    if not _compare(port, who, cookie, coding, asked.rounds):
                        failed.append(f"{who}, {coding}")
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
