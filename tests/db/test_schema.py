"""A database comes to its tables by frozen steps, once, and then has what the code thinks it has."""

import hashlib
import multiprocessing
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

import db as domain
from db import base, neighborhoods, schema
from db.base import database

FOLDER = Path(schema.__file__).parent / "migrations"
FROZEN = Path(__file__).parent / "migrations.sha256"


def test_the_test_database_has_drifted_nowhere(db):
    assert not schema.drift()
    assert schema.pending() == []


def test_an_empty_file_gets_every_table_and_no_drift(empty_file, now):
    assert schema.pending() == [path.stem for path in sorted(FOLDER.glob("0*.py"))]
    assert schema.migrate()
    assert schema.migrate() == schema.pending() == []
    assert not schema.drift()
    assert {table._meta.table_name for table in schema.tables()} <= set(database.get_tables())
    assert neighborhoods.found("lake", "湖边", now).id


def test_the_rules_stand_in_the_database_too(db):
    """Names of the CHECK constraints: a migration that forgets one is not seen by the drift test."""
    rules = [rule for table in schema.tables() for rule in table._meta.constraints or ()]
    wanted = {database.get_sql_context().sql(rule).query()[0].split('"')[1] for rule in rules}
    assert {"post_counts", "topic_dates"} <= wanted
    if base.on_sqlite():
        told = " ".join(row[0] or "" for row in database.execute_sql("SELECT sql FROM sqlite_master").fetchall())
        found = {name for name in wanted if f'CONSTRAINT "{name}"' in told}
    else:
        found = {row[0] for row in database.execute_sql("SELECT conname FROM pg_constraint WHERE contype = 'c'").fetchall()}
    assert wanted <= found


def _migrate(url, start):
    base.connect_to(url)
    start.wait()
    with database.connection_context():
        schema.migrate()
        if schema.pending() or schema.drift():
            raise SystemExit("not whole")


@pytest.fixture
def nothing_yet(database_url, tmp_path):
    """The address of an empty database of the kind that is tested."""
    if base.on_sqlite():
        yield f"sqlite:///{tmp_path}/four.db"
        return
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS four")
        admin.execute("CREATE DATABASE four TEMPLATE template0 ENCODING 'UTF8'")
        yield database_url.rpartition("/")[0] + "/four"
        admin.execute("DROP DATABASE four WITH (FORCE)")


def test_four_processes_that_migrate_at_once_do_no_harm(db, nothing_yet):
    apart = multiprocessing.get_context("spawn")
    start = apart.Barrier(4)
    crowd = [apart.Process(target=_migrate, args=(nothing_yet, start)) for _ in range(4)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join(60)
    assert [process.exitcode for process in crowd] == [0] * 4


def test_landed_migrations_are_frozen():
    """A step that ran somewhere is never changed: write the next one. While a step is still being written, renew the list:
    `(cd db/migrations && sha256sum 0*.py) > tests/db/migrations.sha256`."""
    landed = dict(reversed(line.split()) for line in FROZEN.read_text().splitlines())
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("0*.py")}
    assert files == landed


def test_every_module_of_the_domain_stands_in_order():
    folder = Path(domain.__file__).parent
    modules = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"} | {"demo"}
    assert set(domain.ORDER) == modules
    assert len(domain.ORDER) == len(set(domain.ORDER))


def test_the_domain_is_imported_without_flask():
    every = ", ".join(f"db.{name}" for name in domain.ORDER if name != "demo")
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {every}; print('flask' in sys.modules)"],
        capture_output=True,
        text=True,
        cwd=Path(domain.__file__).parent.parent,
    )
    assert told.stdout.strip() == "False", told.stderr
