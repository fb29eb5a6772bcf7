"""Who asks: a cookie as a browser would hold it after its first page, and the queries one page costs."""

from contextlib import contextmanager

from flask import g

from db.base import database
from web import access


def cookies_of(app, user):
    """The Cookie header of a phone this user is signed in on; the first page has already put its CSRF token in it."""
    client = app.test_client()
    with app.test_request_context():
        access.read_clock()
        g.neighborhood = None
        access.enter(user)
        kept = dict(access.session)
    with client.session_transaction() as session:
        session.update(kept)
    client.get("/n/cuihu/")
    return f"linli={client.get_cookie('linli').value}"


@contextmanager
def counted():
    """The SQL statements that run inside the block, with their values."""
    real, said = database.obj.execute_sql, []

    def listen(sql, params=None, *args, **kwargs):
        said.append((sql, params))
        return real(sql, params, *args, **kwargs)

    database.obj.execute_sql = listen
    try:
        yield said
    finally:
        del database.obj.execute_sql
