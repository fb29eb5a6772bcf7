"""导出: a person's own data in one ZIP file, made by a job while she may watch, hers alone, gone after seven days."""

import os
import secrets
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError

from db import limits, notices
from db.base import Table, database, writing
from db.people import User

LIFE = timedelta(days=7)
LEASE = timedelta(minutes=10)  # after so long a worker that said nothing is thought dead, and another begins again
TRIES = 3
KEPT = timedelta(days=30)  # what is known of files that are gone
PAGE = "/me/privacy/exports"

TRANSITIONS = {
    ("waiting", "working"),
    ("working", "working"),  # taken over from a worker that died
    ("working", "ready"),
    ("working", "failed"),
    ("ready", "expired"),
}

_shelf = {"path": None}


class Export(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    state = CharField(max_length=10, default="waiting")
    done = IntegerField(default=0)
    of = IntegerField(default=0)
    file = CharField(max_length=40, default="")
    size = IntegerField(default=0)
    tries = IntegerField(default=0)
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    claimed_at = DateTimeField(null=True)
    expires_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("user", "op_id"), True), (("state", "id"), False))
        constraints = [Check("done >= 0 AND done <= of", name="export_counts")]

    @property
    def under_way(self):
        return self.state in {"waiting", "working"}


Export.add_index(Export.user, unique=True, where=Export.state.in_(("waiting", "working")), name="export_under_way")


def shelve_under(path):
    """Where the files of this process stand, readable by its owner alone."""
    path = Path(path)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _shelf["path"] = path


def ask(user, now, *, op_id):
    """Put her data together, three times a day at most (S15). One at a time: while one is under way, it is the answer."""
    before = (Export.user == user.id) & ((Export.op_id == op_id) | Export.state.in_(("waiting", "working")))
    try:
        with writing():
            if first := Export.get_or_none(before):
                return first
            limits.spend("export", f"user {user.id}", now)
            return Export.create(user=user, op_id=op_id, created_at=now)
    except IntegrityError:  # another tap of hers was quicker
        return Export.get(before)


def of(user, limit=5):
    """Her latest exports."""
    return list(Export.select().where(Export.user == user.id).order_by(Export.id.desc()).limit(limit))


def find(user, export_id):
    """One of her own exports, or None."""
    return Export.get_or_none((Export.id == export_id) & (Export.user == user.id))


def file_of(export, now):
    """Where the finished file lies, or None when there is none (any more)."""
    if export.state != "ready" or export.expires_at <= now:
        return None
    path = _shelf["path"] / export.file
    return path if path.exists() else None


def _move(export, to, **values):
    """One arrow of TRANSITIONS, for the worker that holds the claim; False where it holds it no more."""
    assert (export.state, to) in TRANSITIONS
    mine = (Export.id == export.id) & (Export.state == export.state)
    if export.claimed_at is None:
        mine &= Export.claimed_at.is_null()
    else:
        mine &= Export.claimed_at == export.claimed_at
    with writing():
        return bool(Export.update(state=to, **values).where(mine).execute())


def _claim(now):
    """Take one that waits, or that was left behind; None where there is none. The third that dies of it fails it."""
    left = (Export.state == "working") & (Export.claimed_at < now - LEASE)
    due = (Export.state == "waiting") | left
    for export in list(Export.select(Export, User).join(User).where(due).order_by(Export.id).limit(20)):
        if export.tries >= TRIES:
            _move(export, "failed")
        elif _move(export, "working", claimed_at=now, tries=export.tries + 1, done=0, of=0):
            export.state, export.claimed_at = "working", now
            return export
    return None


def make_due(now, contents):
    """Make what is asked for; returns how many files. `contents(user)` gives the things of the file as (name, bytes or path)."""
    made = 0
    while export := _claim(now):
        name = f"{secrets.token_hex(16)}.zip"
        try:
            made += _make(export, _shelf["path"] / name, contents(export.user), now)
        except BaseException:
            (_shelf["path"] / name).unlink(missing_ok=True)
            raise  # its claim runs out, and it is tried again
    return made


def _make(export, path, things, now):
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, (name, thing) in enumerate(things, 1):
            if isinstance(thing, bytes):
                archive.writestr(name, thing)
            elif thing.exists():  # a picture may have been deleted meanwhile
                archive.write(thing, name, zipfile.ZIP_STORED)
            if done % 10 == 0 or done == len(things):
                with writing():
                    Export.update(done=done, of=len(things)).where(Export.id == export.id).execute()
    ready = {"file": path.name, "size": path.stat().st_size, "expires_at": now + LIFE}
    with writing():
        if _move(export, "ready", **ready):
            notices.tell([export.user], "account", "您要的数据打包好了，7 天内可以下载", PAGE, now)
            return 1
    path.unlink()  # she was forgotten meanwhile, or another worker took over
    return 0


def _clear_shelf(names):
    for name in names:
        (_shelf["path"] / name).unlink(missing_ok=True)


def drop(which):
    """Forget these exports, rows first, files after the commit, in the caller's transaction."""
    names = [export.file for export in Export.select(Export.file).where(which) if export.file]
    Export.delete().where(which).execute()
    database.after_commit(lambda: _clear_shelf(names))


def drop_old(now):
    """Files older than seven days go, whatever a worker left half made goes, and in a month the rows (the clock calls it)."""
    old = list(Export.select().where((Export.state == "ready") & (Export.expires_at <= now)))
    for export in old:
        if _move(export, "expired", file=""):
            _clear_shelf([export.file])
    with writing():
        drop(Export.state.in_(("expired", "failed")) & (Export.created_at < now - KEPT))
    known = {each.file for each in Export.select(Export.file).where(Export.file != "")}
    for path in _shelf["path"].glob("*.zip"):
        idle = now - datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        if path.name not in known and idle > timedelta(days=1):
            path.unlink(missing_ok=True)
    return len(old)
