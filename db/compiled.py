"""Hot queries: written once as Peewee, turned into SQL text once, then only run.

Peewee spends more time writing the SQL text of a query than the database spends answering it (design.md §7).
"""

import inspect
from datetime import datetime
from functools import cache, wraps

from peewee import BooleanField, DateTimeField, Value

from db.base import database

PAGE = 26  # how many values an `…_ids` slot takes; shorter lists are padded with an id that no row has
NOBODIES = [-1] * PAGE


class _Slot(str):
    """The name of a value that comes later; stands in a query while its SQL is written."""


def _placeholder(name):
    if name.endswith("_ids"):
        return [Value(_Slot(name), converter=False) for _ in range(PAGE)]
    return Value(_Slot(name), converter=False)


def _plan(query):
    """The SQL text of a query, and where its values come from: (name of a value or None, fixed value or how many)."""
    sql, params = query.sql()
    sources = []
    for param in params:
        name = str(param) if type(param) is _Slot else None
        if name and name.endswith("_ids") and sources and sources[-1][0] == name:
            sources[-1][1] += 1
        else:
            sources.append([name, 1 if name else param])
    return sql, sources


def compiled(build):
    """`build(**placeholders)` returns a Peewee query; calling it with values runs it and returns plain tuples.

    A parameter whose name ends in `_ids` is a list of at most PAGE values."""
    names = tuple(inspect.signature(build).parameters)
    plans = {}

    @wraps(build)
    def run(**values):
        engine = type(database.obj)
        if engine not in plans:
            plans[engine] = _plan(build(**{name: _placeholder(name) for name in names}))
        sql, sources = plans[engine]
        given = []
        for name, what in sources:
            if name is None:
                given.append(what)
            elif what > 1:
                listed = values[name]
                given += listed
                given += NOBODIES[len(listed) :]
            else:
                given.append(values[name])
        cursor = database.obj.execute_sql(sql, given)
        return cursor.fetchall() if cursor.description else []  # what only writes gives nothing back

    return run


def moment(value):
    """A date and time as a database gives it back."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@cache
def _reading(table):
    """The names of a table's columns, and those that are read as more than they are stored as: SQLite gives back dates as
    text and yes or no as a number."""
    converters = {DateTimeField: moment, BooleanField: bool}
    fields = table._meta.sorted_fields
    read = [(field.name, converters[type(field)]) for field in fields if type(field) in converters]
    return [field.name for field in fields], read


def as_row(table, values):
    """One tuple of all columns of `table`, in their order, as a row object with Python values."""
    names, converted = _reading(table)
    data = dict(zip(names, values, strict=True))
    for name, convert in converted:
        if data[name] is not None:
            data[name] = convert(data[name])
    row = table(__no_default__=True)
    row.__data__ = data
    return row
