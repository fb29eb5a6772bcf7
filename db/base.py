"""The database, the base class of all tables, the one way to write (`writing`) and the one way to say no (`Refused`)."""

import fcntl
import secrets
import sqlite3
import threading
from collections import deque
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from peewee import DatabaseProxy, Model
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

database = DatabaseProxy()

# synchronous=FULL: NORMAL can lose the last commits when the power goes (security.md S3).
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "busy_timeout": 5000,
    "trusted_schema": 0,
    "cache_size": -32_000,
}
CONNECTIONS = 32


class Table(Model):
    """Every table: bound to the one database, named by its class in snake case."""

    class Meta:
        database = database
        legacy_table_names = False


class Refused(Exception):
    """A rule said no. `code` is for programs, `sentence` (Chinese) is shown to the person as it stands.

    `field` names the form field the sentence belongs to (the answer is then 422 with the form), otherwise it is a conflict
    with the state of things (409). `retry_after` in seconds makes it 429 (G4).
    """

    def __init__(self, code, sentence, *, field=None, retry_after=None, status=None):
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.retry_after = retry_after
        self.status = status or (429 if retry_after else 422 if field else 409)


class _Turn:
    """SQLite's own busy handler is unfair under load, and so is a lock: whoever just had it takes it again, and some wait for a
    hundred others. Writers of this process come in the order in which they asked; those of other processes wait at a file."""

    def __init__(self):
        self.path = None
        self._guard, self._busy, self._waiting = threading.Lock(), False, deque()

    def _queue(self):
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()  # whoever is done hands over to the first in the queue
        except BaseException:  # Ctrl-C while waiting
            with self._guard:
                waits = mine in self._waiting
                if waits:
                    self._waiting.remove(mine)
            if not waits:
                self._hand_over()
            raise

    def _hand_over(self):
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False

    @contextmanager
    def taken(self):
        if self.path is None:
            yield
            return
        self._queue()
        try:
            with open(self.path, "a") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        finally:
            self._hand_over()


_turn = _Turn()


def connect_to(url):
    """Point the project at `sqlite:///path` or `postgresql://…`. Nothing stays open; a missing SQLite file is made."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path[1:]))  # sqlite:///here.db, sqlite:////var/there.db
        _turn.path = path.with_suffix(".write-lock")
        _make_file(path)
        # lock_type: a deferred transaction that turns to writing later dies with "database is locked" by the hundred.
        real = PooledSqliteDatabase(
            str(path), max_connections=CONNECTIONS, pragmas=PRAGMAS, lock_type="IMMEDIATE", timeout=30, check_same_thread=False
        )
    elif parts.scheme in {"postgres", "postgresql"}:
        _turn.path = None
        real = PooledPostgresqlDatabase(
            unquote(parts.path.lstrip("/")),
            user=parts.username and unquote(parts.username),
            password=parts.password and unquote(parts.password),
            host=parts.hostname,
            port=parts.port or 5432,
            max_connections=CONNECTIONS,
            timeout=30,
            prefer_psycopg3=True,
        )
    else:
        raise SystemExit(f"DATABASE_URL: {parts.scheme!r} is neither sqlite nor postgresql")
    database.initialize(real)
    return real


def _make_file(path):
    """A new file learns WAL from one process alone: where several teach it at once, some meet "database is locked"."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn.taken():
        if not path.exists():
            with closing(sqlite3.connect(path)) as file:
                file.execute("PRAGMA journal_mode=wal")


def on_sqlite():
    """Whether the database is SQLite: one writer at a time, and no row locks."""
    return _turn.path is not None


@contextmanager
def connected():
    """A connection of the pool for what runs inside, given back at its end; one that is open already is used and left open."""
    opened = database.connect(reuse_if_open=True)
    try:
        yield
    finally:
        if opened and not database.is_closed():
            database.close()


@contextmanager
def writing():
    """One short transaction: everything inside happens, or nothing. Inside another `writing()` it joins that one.

    No network, no picture and no password work belongs in here (S3). Rows are taken in one order, so that no two writers wait
    for each other: contests and events, each by id, then event series, groups; people; posts and works; what hangs on them,
    topics, ballots, registrations; rewards, then redemptions; notices; actions; memberships with their points; the 小区 last.
    Read a query to its end (list) before writing: SQLite lets nobody write whose reading began before another's write."""
    if database.in_transaction():
        yield
        return
    with _turn.taken(), database.atomic():
        yield


def hold(table, which):
    """Take these rows in the order of their ids: whoever wants one of them next waits until this transaction ends.

    Before changing several rows at once, or what no unique index can guard. SQLite has one writer at a time anyway."""
    if not on_sqlite():
        list(table.select(table.id).where(which).order_by(table.id).for_update("FOR NO KEY UPDATE"))


# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: codes are read aloud, typed by elders and printed on paper.
CODE_LETTERS = "34679ACDEFGHJKMNPQRTUVWXY"


def new_code(length=8):
    """A random code people can read aloud: 25 letters, 4.6 bits each."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))
