"""Hot queries: written once as Peewee, turned into SQL text once, then only run.

Peewee spends more time writing the SQL text of a query than the database spends answering it (design.md §7).
"""

import inspect
from functools import cache, wraps

from peewee import BooleanField, DateTimeField, Value

from db.base import database

PAGE = 26  # how many values an `…_ids` slot takes; shorter lists are padded with an id that no row has
NOBODY = -1


class _Slot:
    """Where a value goes: the place of a parameter in SQL text, filled at every run."""

    def __init__(self, name, position=None):
        self.name, self.position = name, position

    def take(self, values):
        if self.position is None:
            return values[self.name]
        listed = values[self.name]
        return listed[self.position] if self.position < len(listed) else NOBODY


def _placeholder(name):
    if name.endswith("_ids"):
        return [Value(_Slot(name, n), converter=False) for n in range(PAGE)]
    return Value(_Slot(name), converter=False)


def compiled(build):
    """`build(**placeholders)` returns a Peewee query; calling it with values runs it and returns plain tuples.

    A parameter whose name ends in `_ids` is a list of at most PAGE values."""
    names = tuple(inspect.signature(build).parameters)
    plans = {}

    @wraps(build)
    def run(**values):
        engine = type(database.obj)
        if engine not in plans:
            plans[engine] = build(**{name: _placeholder(name) for name in names}).sql()
        sql, params = plans[engine]
        given = [param.take(values) if isinstance(param, _Slot) else param for param in params]
        return database.obj.execute_sql(sql, given).fetchall()

    return run


@cache
def _reading(table):
    """(name, converter) of each column of `table`. Only dates and yes/no come from SQLite as something else than Python means."""
    return [
        (field.name, field.python_value if isinstance(field, BooleanField | DateTimeField) else None)
        for field in table._meta.sorted_fields
    ]


def as_row(table, values):
    """One tuple of all columns of `table`, in their order, as a row object with Python values."""
    row = table(__no_default__=True)
    row.__data__ = {
        name: convert(value) if convert else value for (name, convert), value in zip(_reading(table), values, strict=True)
    }
    return row
