"""The rules need no web: a database, the keys and the shelf are all that is laid out here."""

import pytest

from db import base, exports, limits, links, mailboxes, phones, photos, posts, rotating, schema
from db.base import database


@pytest.fixture(scope="session")
def app(config):
    if database.obj is None:  # an app made by other tests keeps the pool it has made
        base.connect_to(config.database_url)
    phones.use_secret(config.secret_key)
    links.use(config.secret_key, public_url=config.public_url)
    rotating.use(config.secret_key)
    mailboxes.sends = True
    photos.shelve_under(config.photo_dir)
    exports.shelve_under(config.data_dir / "exports")
    posts.requires = "none"
    with database.connection_context():
        schema.migrate()


@pytest.fixture
def limited(db):
    """Limits count, as they do for everybody outside the tests."""
    limits.enabled = True
    yield
    limits.enabled = False


@pytest.fixture
def empty_file(db, tmp_path):
    """Another SQLite file, with nothing in it, in place of the test database; gives its address."""
    here, turn = database.obj, base._turn.path
    url = f"sqlite:///{tmp_path}/other.db"
    base.connect_to(url)
    with database.connection_context():
        yield url
    database.obj.close_all()
    database.initialize(here)
    base._turn.path = turn


@pytest.fixture
def queries(db, monkeypatch):
    """The SQL that is run from here on, one text each."""
    run, told = database.obj.execute_sql, []

    def listening(sql, *args, **kwargs):
        told.append(sql)
        return run(sql, *args, **kwargs)

    monkeypatch.setattr(database.obj, "execute_sql", listening)
    return told
