"""100 000 random steps through the book of 积分: `python -m bench.points_model`. On SQLite, and on PostgreSQL where there is one.

The model of tests/db/test_points.py (earn, take back, pay back, promise, settle, adjust, in any order), many times over: after
every step the entries add up to the balance, and to what the model has counted. Exits 1 with the shortest way into trouble."""

import argparse
import sys
import tempfile
import time

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from bench.inbox import _database
from db import base, schema
from tests import servers
from tests.db.test_points import Book

STEPS = 100  # of one run of the model; then it begins anew


def main():
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=100_000)
    asked.add_argument("--only", choices=("SQLite", "PostgreSQL"))
    asked = asked.parse_args()
    steps = asked.steps
    wanted = settings(max_examples=steps // STEPS, stateful_step_count=STEPS, deadline=None, database=None, print_blob=False)
    for kind in [asked.only] if asked.only else ["SQLite", *(["PostgreSQL"] if servers.pg_ctl() else [])]:
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _database(kind, folder) as url:
            base.connect_to(url)
            with base.database.connection_context():
                schema.migrate()
                hurry = "PRAGMA synchronous = off" if base.on_sqlite() else "SET synchronous_commit = off"
                base.database.execute_sql(hurry)  # nothing here has to outlive a power cut
                Book.steps, began = 0, time.monotonic()
                run_state_machine_as_test(Book, settings=wanted)
            took = time.monotonic() - began
            print(f"  {kind:<10} {Book.steps} steps in {took:.0f} s: every balance is the sum of its entries", flush=True)
            base.database.obj.close_all()
            if Book.steps < steps // 2:
                sys.exit(f"not met: only {Book.steps} steps")


if __name__ == "__main__":
    main()
