"""One database for the whole run (SQLite, or PostgreSQL with LINLI_TEST_DATABASE=postgresql), emptied before every test."""

import os
from datetime import datetime
from types import SimpleNamespace

import pytest

from config import Config
from db import base, limits, neighborhoods, schema
from tests import make, servers


@pytest.fixture(scope="session")
def database_url(tmp_path_factory):
    if os.environ.get("LINLI_TEST_DATABASE", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/test.db"
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
        make.empty()
        yield base.database
        if base.database.in_transaction():
            base.database.rollback()


@pytest.fixture
def now():
    return datetime(2026, 3, 20, 4, 0)  # noon in Shanghai, 春分


@pytest.fixture
def cast(db, now):
    """The people of design.md §2.14 in their two 小区."""
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
