"""One database for the whole run (SQLite, or PostgreSQL with LINLI_TEST_DATABASE=postgresql), emptied before every test."""

import gc
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from config import Config
from db import base, limits, neighborhoods, schema
from tests import make, servers, snapshot


def pytest_collection_finish():
    """What has been imported stays to the end: looking through it for rubbish, again and again, took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    if os.environ.get("LINLI_TEST_DATABASE", "sqlite") == "sqlite":
        # Every commit waits for the disk (security.md S3): in memory there is none to wait for.
        memory = Path("/dev/shm")
        folder = tempfile.mkdtemp(prefix="linli-test-", dir=memory if os.access(memory, os.W_OK) else None)
        yield f"sqlite:///{folder}/test.db"
        shutil.rmtree(folder, ignore_errors=True)
        return
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def config(database_url, tmp_path_factory):
    return Config(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=database_url,
        secret_key="a secret of the tests, long enough",
        public_url="http://localhost",
        limits=False,
        mail_url="smtp://localhost:9",
        mail_from="邻里客厅 <no-reply@linli.example>",
        demo=True,
        testing=True,
    )


@pytest.fixture(scope="session")
def app(config):
    from app import create_app

    app = create_app(config)
    with base.database.connection_context():
        schema.migrate()
    return app


@pytest.fixture
def db(app):
    """An open connection to an empty database."""
    limits.enabled = False
    with base.database.connection_context():
        snapshot.empty()
        yield base.database
        if base.database.in_transaction():
            base.database.rollback()


@pytest.fixture
def now():
    return datetime(2026, 3, 20, 4, 0)  # noon in Shanghai, 春分


@pytest.fixture
def cast(db, now):
    """The people of design.md §2.14 in their two 小区."""
    return snapshot.once("cast", now, lambda: _cast(now))


def _cast(now):
    cuihu = neighborhoods.found("cuihu", "翠湖花园", now)
    yangguangli = neighborhoods.found("yangguangli", "阳光里", now)
    people = SimpleNamespace(cuihu=cuihu, yangguangli=yangguangli)
    people.li = make.host(cuihu, "李姐", now)
    people.wang = make.neighbor(cuihu, "王阿姨", now, building="3栋")
    people.zhao = make.neighbor(cuihu, "赵敏", now, building="8栋", trusted=True)
    people.chen = make.neighbor(cuihu, "陈奶奶", now, building="1栋")
    people.zhou = make.neighbor(yangguangli, "周师傅", now)
    people.sun = make.staff("孙片区", "district", now)
    people.lin = make.staff("林总部", "hq", now)
    return people


@pytest.fixture
def web(app, db, cast, monkeypatch):
    """web.as_(member) gives a client signed in as that person; web.guest() one that is not."""
    return make.Web(app)
