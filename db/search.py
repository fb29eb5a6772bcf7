"""搜一搜: what neighbours may read is found by any piece of its words, newest first (X4). Whoever writes something that may be
found calls `put` or `drop` in the transaction of that write. How and why: docs/decisions/0010-search.md."""

import re
import unicodedata
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from peewee import BigIntegerField, CharField, DateTimeField, ForeignKeyField, IntegerField, TextField

from db.base import Refused, Table, database, on_sqlite, writing
from db.compiled import NOBODIES, as_row, compiled
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_line, fold

PAGE = 20
LONGEST = 40
EXCERPT = 96
BEFORE_WORD = 24
BATCH, ROUNDS = len(NOBODIES), 12  # so many candidates are looked at for one page, then she is asked whether to look further back
KINDS = ("post", "service", "need", "entry", "event", "group")
SIGNED = ("post", "event")  # a need may be anonymous, and a shop is not by whoever suggested it: no name, nothing found by it
EPOCH = datetime(1970, 1, 1)
WINDOWS = (26, 29, 32, 35)  # powers of two of milliseconds: 19 hours, 6 days, 7 weeks, 13 months


class SearchEntry(Table):
    """One thing that may be found, and all that its line in a list of hits shows. Its pieces stand in `search_words`."""

    place = BigIntegerField(primary_key=True)  # where it stands in time: the order of every list, and its cursor
    kind = CharField(max_length=12)  # one of KINDS
    object_id = IntegerField()
    sort = CharField(max_length=12)  # what one filters by: the kind, for posts their own kind
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    author = ForeignKeyField(Membership, backref="+")
    audience = CharField(max_length=12)  # public | neighborhood
    title = CharField(max_length=60)
    text = TextField()
    path = CharField(max_length=60)  # its page, below that of the 小区
    at = DateTimeField()

    class Meta:
        indexes = ((("kind", "object_id"), True),)


class Hit(NamedTuple):
    """A line of the list; title and excerpt are pieces: (words, whether they were asked for)."""

    place: int
    sort: str
    path: str
    title: list
    excerpt: list
    author_id: int | None  # of what is signed
    author: str
    at: datetime


class Found(NamedTuple):
    hits: list
    after: str  # the cursor of the next page, empty where there is none
    asked: bool  # False: neither words nor a filter were given


class _Folds(dict):
    """What each letter is folded to, to nothing where nothing is seen of it. One by one, because a word inside a text must
    fold as the word alone does."""

    def __missing__(self, code):
        letter = chr(code)
        unseen = unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"
        self[code] = folded = "" if unseen else fold(letter)
        return folded


class _Gaps(dict):
    """Signs that hold no meaning part the runs of letters, digits and symbols."""

    def __missing__(self, code):
        kind = unicodedata.category(chr(code))
        self[code] = sign = " " if kind[0] in "ZP" or kind in {"Cc", "Cs"} else chr(code)
        return sign


_folds, _gaps = _Folds(), _Gaps()


def _runs(folded):
    return folded.translate(_gaps).split()


def _pairs(run):
    return map("".join, zip(run, run[1:], strict=False))


def _place(at, kind="", object_id=0):
    """Milliseconds, then the last digits of the id and the kind: things of one moment stand in the order of their ids."""
    return (at - EPOCH) // timedelta(milliseconds=1) << 20 | (object_id << 3 | KINDS.index(kind) if kind else 0) & 0xFFFFF


def _tokens(entry):
    """The pieces an entry is found by: every letter and every two neighbouring ones, and what it is filtered by. Each begins
    with its 小区, so that the lists of one are never read for another."""
    tokens = [f"as.{entry.sort}", *(["open"] if entry.audience == "public" else [])]
    tokens += [f"by.{entry.author_id}"] if entry.kind in SIGNED else []
    if not on_sqlite():
        tokens += [_window(entry.place, size) for size in WINDOWS]
    for run in _runs(f"{entry.title}\n{entry.text}".translate(_folds)):
        tokens += [*run, *_pairs(run)]
    return [f"{entry.neighborhood_id}.{token}" for token in dict.fromkeys(tokens)]


def _window(place, size, back=0):
    return f"w{size}.{(place >> 20 + size) - back}"


def _list(entry):
    tokens = _tokens(entry)
    if on_sqlite():
        database.execute_sql("INSERT INTO search_words (rowid, words) VALUES (?, ?)", (entry.place, " ".join(tokens)))
    else:
        database.execute_sql(
            "INSERT INTO search_words (place, words) VALUES (%s, array_to_tsvector(%s::text[]))", (entry.place, tokens)
        )


def _unlist(entry):
    if on_sqlite():  # FTS5 keeps no texts: it is told again what to forget
        forget = "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', ?, ?)"
        database.execute_sql(forget, (entry.place, " ".join(_tokens(entry))))
    else:
        database.execute_sql("DELETE FROM search_words WHERE place = %s", (entry.place,))


def put(kind, object_id, *, neighborhood, author, text, at, audience, path, title="", sort=""):
    """Let this be found as it reads now; what was known of it before is forgotten. In the transaction that changes it.

    `neighborhood` and `author` are ids; `sort` is what one filters by, where it says more than `kind`; `audience` is public
    (guests find it too) or neighborhood."""
    drop(kind, object_id)
    entry = SearchEntry(
        kind=kind, object_id=object_id, sort=sort or kind, neighborhood=neighborhood, author=author, audience=audience,
        title=title, text=text, path=path, at=at,
    )  # fmt: skip
    place = _place(at, kind, object_id)
    while not _insert(entry, place):  # a quarter of a million things later, in the same millisecond
        place += 1
    _list(entry)


def _insert(entry, place):
    entry.place = place
    insert = SearchEntry.insert(entry.__data__).on_conflict(action="nothing", conflict_target=[SearchEntry.place])
    return insert.as_rowcount().execute()


def drop(kind, object_id):
    """Let nobody find this any more; what was not to be found anyway stays so. In the transaction that changes it."""
    with writing():
        for entry in list(SearchEntry.select().where((SearchEntry.kind == kind) & (SearchEntry.object_id == object_id))):
            _unlist(entry)
            entry.delete_instance()


def hand_over(member, into):
    """What one membership is the author of becomes the other's (db/merging.py). In the transaction of the merge."""
    for entry in list(SearchEntry.select().where(SearchEntry.author == member.id).order_by(SearchEntry.place)):
        _unlist(entry)
        entry.author = into.id
        SearchEntry.update(author=into.id).where(SearchEntry.place == entry.place).execute()
        _list(entry)


def follow(kind, thing):
    """Let this be found while it is published, and not otherwise. For rows of a table like that of the posts, wherever their
    state or words have changed, in that transaction; the row is read afresh, as the caller's may be older than the change."""
    thing = type(thing).get_by_id(thing.id)
    if thing.state != "published":
        return drop(kind, thing.id)
    return put(
        kind, thing.id, sort=thing.kind, neighborhood=thing.neighborhood_id, author=thing.author_id, title=thing.title,
        text=thing.body, at=thing.published_at, audience=thing.visibility, path=f"{kind}s/{thing.id}",
    )  # fmt: skip


def find(neighborhood, member, words, now, *, kind="", author=None, after="", without=()):
    """One page of what this neighbour (None: a guest) may read here and that holds all the words, newest first.

    `kind` and `author` (a membership's id) narrow it, `after` is the cursor of the page before, `without` are ids of
    authors she does not want to see. Refused beside `q`: too long, control characters, nothing but signs."""
    said = clean_line(words, LONGEST, "q", "要找的词")
    asked = said.translate(_folds).split()
    runs = [run for word in asked for run in _runs(word)]
    if said and not runs:
        raise Refused("no-words", "写一个字或一个词试试", field="q")
    if not (runs or kind or author):
        return Found([], "", False)
    wanted = [f"as.{kind}"] if kind else []
    wanted += [f"by.{author}"] if author else []
    for run in runs:
        wanted += _pairs(run) if len(run) > 1 else [run]
    wanted += ["open"] if member is None else []
    wanted = list(dict.fromkeys(wanted))
    hits, before = [], _mark(after) or _place(now + timedelta(minutes=1))
    for most in (PAGE + 1, *[BATCH] * ROUNDS):
        places = _newest(neighborhood.id, wanted, before, most)
        for entry, name in _readable(places, neighborhood, member):
            if (entry.author_id in without and entry.kind in SIGNED) or not _holds(entry, asked):
                continue
            if len(hits) == PAGE:
                return Found(hits, str(hits[-1].place), True)
            hits.append(_hit(entry, name, asked))
        if len(places) < most:
            return Found(hits, "", True)
        before = places[-1]
    return Found(hits, str(before), True)


def _mark(text):
    """The cursor in a URL; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) < 2**63 else None


def _newest(neighborhood_id, tokens, before, most):
    """The places of the newest entries before `before` that hold all tokens.

    FTS5 walks from the newest to the oldest and stops. GIN cannot: it gathers all there are and sorts them. So PostgreSQL is
    asked for the last hours first, and only where they do not fill the page for eight times as much, and at last for all."""
    if on_sqlite():
        query = " ".join(f'"{neighborhood_id}.{token}"' for token in tokens)
        sql = "SELECT rowid FROM search_words WHERE search_words MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
        return [row[0] for row in database.execute_sql(sql, (query, before, most)).fetchall()]
    # `+ 0`: the index on place must not tempt the planner to walk through everything that was ever said.
    sql = "SELECT place FROM search_words WHERE words @@ %s::tsquery AND place + 0 < %s ORDER BY place + 0 DESC LIMIT %s"
    query = " & ".join(f"'{neighborhood_id}.{token}'" for token in tokens)
    for size in (*WINDOWS, None):
        last = [f"'{neighborhood_id}.{_window(before, size, back)}'" for back in (0, 1)] if size else []
        here = f" & ({' | '.join(last)})" if last else ""
        rows = database.execute_sql(sql, (query + here, before, most)).fetchall()
        if len(rows) == most:
            break
    return [row[0] for row in rows]


@compiled
def _entries(neighborhood, place_ids):
    here = (SearchEntry.neighborhood == neighborhood) & SearchEntry.place.in_(place_ids)
    told = SearchEntry.select(*SearchEntry._meta.sorted_fields, User.name).join(Membership).join(User)
    return told.where(here).order_by(SearchEntry.place.desc())


def _readable(places, neighborhood, member):
    """(entry, author's name) at these places. Whose they are and who may read them is asked of the entry once more: a stale
    piece in the index must cost a moment, never a secret."""
    rows = _entries(neighborhood=neighborhood.id, place_ids=places) if places else []
    told = [(as_row(SearchEntry, row[:-1]), row[-1]) for row in rows]
    return [(entry, name) for entry, name in told if member is not None or entry.audience == "public"]


def _holds(entry, asked):
    """Whether all words are there as they were typed; the index knows only that their pieces are."""
    folded = f"{entry.title}\n{entry.text}".translate(_folds)
    return all(word in folded for word in asked)


def _hit(entry, name, asked):
    text = " ".join(entry.text.split())
    at = _marks(text, asked)
    start = max(0, at.index(True) - BEFORE_WORD) if True in at else 0
    end = start + EXCERPT
    excerpt = _pieces(text[start:end], at[start:end])
    excerpt = [*([("…", False)] if start else []), *excerpt, *([("…", False)] if end < len(text) else [])]
    title = _pieces(entry.title, _marks(entry.title, asked))
    author = (entry.author_id, name) if entry.kind in SIGNED else (None, "")
    return Hit(entry.place, entry.sort, entry.path, title, excerpt, *author, entry.at)


def _marks(text, asked):
    """For each letter of the text, whether it belongs to a word that was asked for. Folding may make two letters of one."""
    folded, marks = text.translate(_folds), [False] * len(text)
    source = [number for number, letter in enumerate(text) for _ in _folds[ord(letter)]]  # of each folded letter
    for word in asked:
        for found in re.finditer(re.escape(word), folded):
            first, last = source[found.start()], source[found.end() - 1]
            marks[first : last + 1] = [True] * (last + 1 - first)
    return marks


def _pieces(text, marks):
    parts = groupby(zip(text, marks, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _ in part), mark) for mark, part in parts]
