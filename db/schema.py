"""All tables, and how a database comes to have them: frozen steps in db/migrations, one process at a time."""

from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from playhouse.migrations import Runner, template
from playhouse.schema_diff import diff_models

import db
from db.base import Table, _turn, database, on_sqlite

LOCK = 0x11_111  # any number, the same for every process


def tables():
    """Every table of the domain, in the order of ORDER."""
    for name in db.ORDER:
        if name not in {"schema", "demo"}:
            import_module(f"db.{name}")
    return list(Table.__subclasses__())


@contextmanager
def _alone():
    """Four processes upgrading at once crash: they queue."""
    if on_sqlite():
        with _turn.taken():
            yield
        return
    database.execute_sql("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        yield
    finally:
        database.execute_sql("SELECT pg_advisory_unlock(%s)", (LOCK,))


def _runner():
    return Runner(database.obj, str(Path(__file__).parent / "migrations"))


def migrate():
    """Bring the database up to date; returns the names of the steps taken."""
    with _alone():
        return _runner().up()


def pending():
    """Names of the steps this database still lacks."""
    return [step.name for step in _runner().status() if not step.applied]


def drift():
    """What the tables in the database and in the code differ in; empty when all is well."""
    return diff_models(database.obj, tables())


def draft(name):
    """Write the next step from what tables and code differ in; returns its path, or None where they agree. For a developer."""
    found = drift()
    return _runner().create(name, body=template(found)) if found else None
