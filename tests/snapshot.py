"""The test database as a test finds it: empty, or with the cast in it. People are made by the rules once a run; after that
the rows that came of it are put back as they were, which takes a tenth of the time."""

import pickle
from functools import cache
from itertools import groupby

from db import base, schema
from db.base import database

_kept = {}  # {name: (what it was made for, the SQL that brings its rows back, what was given, pickled)}


def _run(script):
    """Several statements in one go, which peewee has no word for."""
    if base.on_sqlite():
        database.connection().executescript(script)
    else:
        database.connection().execute(script)


@cache
def _wiping(on_sqlite):
    guarded = {name for name, _ in _guards()} if on_sqlite else ()
    names = [table._meta.table_name for table in schema.tables()]
    wipe = "; ".join(f'DELETE FROM "{name}"' for name in names if name not in guarded)
    if on_sqlite:
        wipe += "; INSERT INTO search_words (search_words) VALUES ('delete-all')"
        return f"PRAGMA foreign_keys = 0; BEGIN; {wipe}; COMMIT; PRAGMA foreign_keys = 1"
    # TRUNCATE makes new files for every table and index: a tenth of a second, before every test.
    restart = "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    wipe += '; DELETE FROM "search_words"'
    return f"SET session_replication_role = replica; {wipe}; {restart}; RESET session_replication_role"


def _guards():
    """(table, [(trigger, its SQL)]) of the tables whose rows SQLite lets nobody take away."""
    found = database.execute_sql(
        "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY tbl_name"
    ).fetchall()
    return [(table, [(name, sql) for _, name, sql in these]) for table, these in groupby(found, lambda row: row[0])]


def clear(name):
    """One table empty; its guards stand aside for this alone."""
    if not base.on_sqlite():
        return _run(f'SET session_replication_role = replica; DELETE FROM "{name}"; RESET session_replication_role')
    triggers = dict(_guards()).get(name, ())
    aside = "; ".join(f"DROP TRIGGER {trigger}" for trigger, _ in triggers)
    again = "; ".join(sql for _, sql in triggers)
    return _run(f'PRAGMA foreign_keys = 0; BEGIN; {aside}; DELETE FROM "{name}"; {again}; COMMIT; PRAGMA foreign_keys = 1')


def empty():
    """Every table empty, every number at 1, fast on both databases."""
    if base.on_sqlite():
        for table, _ in _guards():
            if database.execute_sql(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():
                clear(table)
    _run(_wiping(base.on_sqlite()))


def once(name, made_for, make, without=()):
    """make() in an empty database, or what it gave and wrote when it was made for the same before, but for these tables."""
    was_for, rows, made = _kept.get(name, (None, None, None))
    if was_for == made_for:
        _run(rows)
        return pickle.loads(made)
    fresh = make()
    _kept[name] = made_for, script(without), pickle.dumps(fresh)
    return fresh


def has(name, made_for):
    """Whether `once` would put rows back, into an empty database."""
    return _kept.get(name, (None,))[0] == made_for


def script(without=()):
    """SQL that puts all rows there are now into an empty database, and lets the numbers of new rows go on after them."""
    quoted = 'quote("{}")' if base.on_sqlite() else 'quote_nullable("{}"::text)'
    parts = []
    for table in schema.tables():
        name = table._meta.table_name
        if name in without:
            continue
        columns = [column.name for column in database.get_columns(name)]
        names = ", ".join(f'"{column}"' for column in columns)
        values = " || ', ' || ".join(quoted.format(column) for column in columns)
        rows = database.execute_sql(f'SELECT {values} FROM "{name}"').fetchall()
        assert not rows or name != "search_entry", "the pieces of what can be found stand in search_words, which cannot be read"
        parts += [f'INSERT INTO "{name}" ({names}) VALUES ({row[0]})' for row in rows]
    if base.on_sqlite():
        return "; ".join(("PRAGMA foreign_keys = 0", "BEGIN", *parts, "COMMIT", "PRAGMA foreign_keys = 1"))
    numbers = database.execute_sql("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
    parts += [f"SELECT setval('{sequence}', {last})" for sequence, last in numbers]
    return "; ".join(("SET session_replication_role = replica", *parts, "RESET session_replication_role"))
