"""Every table says what becomes of a person's rows: a new one that says nothing fails here (X6, I18)."""

import pytest
from peewee import CharField, FixedCharField, ForeignKeyField, TextField

from db import schema
from db.belongings import BOOK, DELETES
from db.members import Membership
from db.people import User
from db.photos import Photo

PEOPLE = {User, Membership, Photo}
LINES = {line.table: line for line in BOOK}


def test_every_table_has_one_line(app):
    assert len(LINES) == len(BOOK)
    assert {table.__name__ for table in schema.tables()} == {table.__name__ for table in LINES}


@pytest.mark.parametrize("line", BOOK, ids=lambda line: line.table.__name__)
def test_every_column_of_words_or_people_is_thought_of(line):
    """Deleted with its row, emptied, or known to tell nothing about anybody; and none is named that is not there."""
    fields = line.table._meta.sorted_fields
    words = {field.name for field in fields if isinstance(field, CharField | FixedCharField | TextField)}
    people = {
        field.name for field in fields if isinstance(field, ForeignKeyField) and field.rel_model in {User, Membership, Photo}
    }
    emptied, plain, others = set(line.emptied.split()), set(line.plain.split()), set(line.people.split())
    assert emptied | plain <= words and not emptied & plain and others <= people
    assert line.forget in DELETES or words <= emptied | plain, words - emptied - plain
    mine = {line.whose.name} if line.whose is not None else set()
    assert people <= mine | others, people - mine - others
