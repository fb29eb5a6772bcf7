"""A private PostgreSQL for the tests, run by pytest-postgresql's executor; as another user when we are root."""

import os
import pwd
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
from port_for import get_port
from pytest_postgresql.executors import PostgreSQLExecutor


def pg_ctl():
    """Debian hides the server's programs in a folder of their version; returns the newest pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]))
    return str(found[-1]) if found else shutil.which("pg_ctl")


def _first_connection(port):
    """The server's process is there before it takes anybody: on a busy machine it says "starting up" for a while."""
    until = time.monotonic() + 60
    while True:
        try:
            return psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@contextmanager
def postgresql():
    """Start a server on a free port with an empty database; gives its address."""
    folder = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    program = pg_ctl()
    if os.geteuid() == 0:
        # PostgreSQL refuses root: the same program, as the user its package made.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        runner = folder / "pg_ctl"
        runner.write_text(
            f'#!/bin/sh\ncd {folder}\nexec setpriv --reuid postgres --regid postgres --clear-groups {program} "$@"\n'
        )
        runner.chmod(0o755)
        program = str(runner)
    server = PostgreSQLExecutor(
        executable=program,
        host="127.0.0.1",
        port=get_port(None),
        datadir=str(folder / "data"),
        unixsocketdir=str(folder),
        logfile=str(folder / "log"),
        startparams="-w",
        dbname="linli",
        postgres_options="-c max_connections=100 -c timezone=UTC -c synchronous_commit=off -c full_page_writes=off -c jit=off",
    )
    with server:
        with _first_connection(server.port) as admin:
            admin.execute("CREATE DATABASE linli ENCODING 'UTF8' TEMPLATE template0")
        yield f"postgresql://postgres@127.0.0.1:{server.port}/linli"
    shutil.rmtree(folder, ignore_errors=True)
