"""搜一搜 at 10 000 and at 1 000 000 posts: `python -m bench.search`. On SQLite, and on PostgreSQL where it is installed.

Words of one to four characters, from words everybody uses to ones that stand in a single post, are looked for in both 小区 in
turns. Growth is told of all words, and of those that fill a page in both, as one hit is shown sooner than twenty; it is not
judged where none does. Exits 1 where anything is missed that a plain reader finds, or where a median grows over three times."""

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import namedtuple
from contextlib import contextmanager
from pathlib import Path

from bench import bare, fill
from db import base, limits, search
from db.base import database
from db.posts import Post
from db.search import SearchEntry
from tests import servers

MOST = 3.0
SMALL = 10_000
WORDS = 60  # of each length
DEEP = 60  # so many hits of each word are compared with the plain reader's: three pages, or all where there are fewer
RARE = [chr(code) for code in range(0x4E00, 0x4E00 + 6000)]
SHARES = [1 / rank for rank in range(1, 6001)]  # Zipf: the first of them stands in every second post, the last in one of 10 000
APART = ("今天晴", "昨晚饭后", "周末餐具", "孩子来了三", "快递柜天")  # pieces many posts hold, but seldom or never together

Row = namedtuple("Row", "id neighborhood_id author_id kind title body visibility published_at")


class _Sayings:
    """The words of post n, the same for every database: everyday sentences, and a tail as varied as what neighbours write."""

    def __init__(self):
        self.bounds, total = [], 0
        for share in SHARES:
            total += share
            self.bounds.append(total)

    def __call__(self, n):
        dice = random.Random(n)
        return fill.ordinary_words(n) + "".join(dice.choices(RARE, cum_weights=self.bounds, k=10 + n % 20))


sayings = _Sayings()


def _read(first):
    """The entries of 5 000 posts from this id on, as db/posts.py puts them in."""
    names = ("id", "neighborhood", "author", "kind", "title", "body", "visibility", "published_at")
    columns = [Post._meta.fields[name] for name in names]
    rows = Post.select(*columns).where(Post.id.between(first, first + 4999)).order_by(Post.id).tuples()
    return [
        SearchEntry(
            place=search._place(row.published_at, "post", row.id), kind="post", object_id=row.id, sort=row.kind,
            neighborhood=row.neighborhood_id, author=row.author_id, audience=row.visibility, title=row.title,
            text=row.body, path=f"posts/{row.id}", at=row.published_at,
        )
        for row in map(Row._make, rows)
    ]  # fmt: skip


def _index(count):
    """The index as `put` would have left it, in bulk."""
    names = [field.name for field in SearchEntry._meta.sorted_fields]
    if not base.on_sqlite():
        database.execute_sql("DROP INDEX search_words_words")
    for first in range(1, count + 1, 5000):
        entries = _read(first)
        fill.insert(SearchEntry, names, [[each.__data__[name] for name in names] for each in entries])
        if base.on_sqlite():
            pieces = [(each.place, " ".join(search._tokens(each))) for each in entries]
            with database.atomic():
                database.cursor().executemany("INSERT INTO search_words (rowid, words) VALUES (?, ?)", pieces)
            continue
        with database.atomic(), database.cursor().copy("COPY search_words FROM STDIN") as copy:
            for each in entries:
                copy.write_row((each.place, " ".join(f"'{token}'" for token in search._tokens(each))))
    if not base.on_sqlite():
        database.execute_sql("SET maintenance_work_mem = '512MB'")
        database.execute_sql("CREATE INDEX search_words_words ON search_words USING GIN (words) WITH (fastupdate = off)")
        database.execute_sql("ANALYZE")


class Place:
    """A filled 小区 with its index, and who asks there."""

    def __init__(self, url, count):
        began = time.monotonic()
        self.count = count
        base.connect_to(url)
        with base.database.connection_context():
            self.place, _, self.neighbor = fill.neighborhood(
                posts=count, persons=5_000, comments=0, likes=0, open_share=10, words=sayings
            )
            written = time.monotonic()
            _index(count)
            self.last = Post.select().order_by(Post.id.desc()).get()
        self.now, self.database = fill.moment(), base.database.obj
        print(
            f"  {count:>9,} posts written in {written - began:.0f} s, indexed in {time.monotonic() - written:.0f} s", flush=True
        )

    @contextmanager
    def open(self):
        base.database.initialize(self.database)
        with base.database.connection_context():
            yield

    def page(self, word, member, after="", **narrowed):
        return search.find(self.place, member, word, self.now, after=after, **narrowed)

    def milliseconds(self, word, member, **narrowed):
        with self.open():
            began = time.perf_counter()
            hits = self.page(word, member, **narrowed).hits
            return (time.perf_counter() - began) * 1000, len(hits) == search.PAGE

    def found(self, word):
        """The ids of the first DEEP hits, as 看更早的 leads to them."""
        with self.open():
            ids, after = [], ""
            while len(ids) < DEEP:
                found = self.page(word, self.neighbor, after)
                ids += [int(hit.path.removeprefix("posts/")) for hit in found.hits]
                if not (after := found.after):
                    break
            return ids[:DEEP]

    def write(self):
        """How long the index takes of a write, in milliseconds: what it knew of a post forgotten, and read anew."""
        with self.open():
            began = time.perf_counter()
            with base.writing():
                search.follow("post", self.last)
            return (time.perf_counter() - began) * 1000


def _words():
    """WORDS pieces of each length, cut out of posts that both 小区 have; every other one of the everyday sentences."""
    dice, words = random.Random(7), {}
    for length in (1, 2, 3, 4):
        found = words[length] = []
        while len(found) < WORDS:
            text = sayings(dice.randrange(SMALL))
            tail = text[max(text.rfind("。"), text.rfind("？")) + 1 :]
            source = text[: -len(tail)] if len(found) % 2 else tail
            start = dice.randrange(len(source) - length)
            piece = source[start : start + length]
            if piece not in found and not set(piece) & set("，。？"):
                found.append(piece)
    return words


def _plain(texts, count, word):
    """What somebody finds who reads every post, from the newest on."""
    ids = []
    for number in range(count - 1, -1, -1):
        if word in texts[number]:
            ids.append(number + 1)
            if len(ids) == DEEP:
                break
    return ids


def _percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _bare():
    """A bare Flask view that returns as many bytes as a page of hits, in milliseconds."""
    bare.BODY = b"x" * 16_000
    client, took = bare.app.test_client(), []
    for _ in range(300):
        began = time.perf_counter()
        client.get("/")
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def measure(kind, urls, large, rounds, texts):
    """Fill both sizes and ask them in turns; returns what is not met."""
    failed, words, yardstick = [], _words(), _bare()
    small, big = (Place(url, count) for url, count in zip(urls, (SMALL, large), strict=True))
    author = big.neighbor.id
    groups = {f"{length} 字": (chosen, {}) for length, chosen in words.items()}
    mixed = [word for chosen in words.values() for word in chosen[:20]]
    groups |= {
        "guest": (mixed, {"guest": True}), "one kind": (mixed, {"kind": "howto"}), "one author": (mixed, {"author": author}),
        "apart": (APART, {}),
    }  # fmt: skip
    for name, (chosen, narrowed) in groups.items():
        took = {where: [float("inf")] * len(chosen) for where in (small, big)}
        filled = set(range(len(chosen)))
        for turn in range(rounds):
            for number, word in enumerate(chosen):
                for where in (small, big) if turn % 2 else (big, small):
                    asked = dict(narrowed)
                    member = None if asked.pop("guest", False) else where.neighbor
                    # The quickest of a word's rounds: what else the machine does meanwhile is not the search's.
                    spent, full = where.milliseconds(word, member, **asked)
                    took[where][number] = min(took[where][number], spent)
                    filled -= set() if full else {number}
        middle = {where: statistics.median(took[where][number] for number in filled or range(len(chosen))) for where in took}
        growth = middle[big] / middle[small]
        p95, worst = _percentile(took[big], 0.95), max(took[big])
        overall = statistics.median(took[big]) / statistics.median(took[small])
        verdict = "not judged" if not filled else "met" if max(growth, overall) <= MOST else "NOT MET"
        medians = f"{middle[small]:.2f} → {middle[big]:.2f} ms, {growth:.2f} times ({len(filled)} full pages)"
        medians += f"; of all {len(chosen)} words {overall:.2f} times"
        worst = f"p95 {p95:.2f} ms or {p95 / yardstick:.1f} bare views, worst {worst:.1f} ms"
        print(f"  {name:<10} median {medians}; {worst}  {verdict}", flush=True)
        if verdict == "NOT MET":
            failed.append(f"{kind}, {name}: {max(growth, overall):.1f} times")
    wanted = missed = 0
    for where in (small, big):
        for word in (*sum(words.values(), []), *APART):
            plain, found = _plain(texts, where.count, word.translate(search._folds)), where.found(word)
            wanted += len(plain)
            missed += len(plain) - len(set(plain) & set(found))
            if found != plain:
                failed.append(f"{kind}: {word} at {where.count:,}")
    print(f"  recall {(wanted - missed) / wanted:.3f} of {wanted:,} hits a plain reader finds")
    for where in (small, big):
        took = [where.write() for _ in range(60)]
        middle, p95 = statistics.median(took), _percentile(took, 0.95)
        print(f"  {where.count:>9,} posts: an edit's share of the index {middle:.1f} ms (p95 {p95:.1f})")
        where.database.close_all()
    return failed


@contextmanager
def _databases(kind, folder):
    if kind == "SQLite":
        yield [f"sqlite:///{folder}/{size}.db" for size in ("small", "large")]
        return
    with servers.postgresql() as small, servers.postgresql() as large:
        yield [small, large]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    asked = parser.parse_args()
    limits.enabled = False
    texts = [f"{fill.title(n)}\n{sayings(n)}".translate(search._folds) for n in range(asked.posts)]
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        if asked.only in {None, kind}:
            print(kind, flush=True)
            with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _databases(kind, Path(folder)) as urls:
                failed += measure(kind, urls, asked.posts, asked.rounds, texts)
    if failed:
        sys.exit("not met: " + "; ".join(failed[:20]))


if __name__ == "__main__":
    main()
