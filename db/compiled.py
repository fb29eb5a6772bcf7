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


def _slots(name):
    return [_Slot(f"{name}.{n}") for n in range(PAGE)]


def _placeholder(name):
    if name.endswith("_ids"):
        return [Value(slot, converter=False) for slot in _slots(name)]
    return Value(_Slot(name), converter=False)


def compiled(build):
    """`build(**placeholders)` returns a Peewee query; calling it with values runs it and returns plain tuples.

    A parameter whose name ends in `_ids` is a list of at most PAGE values."""
    names = tuple(inspect.signature(build).parameters)
    lists = [(name, _slots(name)) for name in names if name.endswith("_ids")]
    plans = {}

    @wraps(build)
    def run(**values):
        engine = type(database.obj)
        if engine not in plans:
            plans[engine] = build(**{name: _placeholder(name) for name in names}).sql()
        sql, params = plans[engine]
        for name, slots in lists:
            values.update(zip(slots, values[name] + NOBODIES, strict=False))
        given = [values[param] if type(param) is _Slot else param for param in params]
        return database.obj.execute_sql(sql, given).fetchall()

    return run


def moment(value):
    """A date and time as a database gives it back."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


@cache
def _reading(table):
    """(name, converter) of each column of `table`: SQLite gives back dates as text and yes or no as a number."""
    converters = {DateTimeField: moment, BooleanField: bool}
    return [(field.name, converters.get(type(field))) for field in table._meta.sorted_fields]


def as_row(table, values):
    """One tuple of all columns of `table`, in their order, as a row object with Python values."""
    row = table(__no_default__=True)
    row.__data__ = {
        name: convert(value) if convert and value is not None else value
        for (name, convert), value in zip(_reading(table), values, strict=True)
    }
    return row
