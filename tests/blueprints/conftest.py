"""The clock stands at noon of 春分 for every page test, and nothing is kept from the test before."""

import dataclasses

import pytest
import time_machine

from app import create_app
from db import base
from db.base import database
from web import kept


@pytest.fixture(autouse=True)
def a_fresh_noon(now):
    """Rows are numbered from 1 in every test, so cards and pages kept by number must go."""
    kept.forget()
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True):
        yield


@pytest.fixture
def queries(db, monkeypatch):
    """The SQL that is run from here on, one text each."""
    run, told = database.obj.execute_sql, []

    def listening(sql, *args, **kwargs):
        told.append(sql)
        return run(sql, *args, **kwargs)

    monkeypatch.setattr(database.obj, "execute_sql", listening)
    return told


@pytest.fixture
def another_house(config, db):
    """another_house(behind_tls=True) is the same house with other settings. create_app settles things for the whole process
    (database, secret, limits); afterwards ours are settled again, and our open connection comes back."""
    ours = base.database.obj
    try:
        yield lambda **settings: create_app(dataclasses.replace(config, **settings))
        if not base.database.is_closed():
            base.database.close()
    finally:
        create_app(config)
        base.database.initialize(ours)
