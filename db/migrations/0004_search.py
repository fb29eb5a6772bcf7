"""搜一搜: what may be found, and the two-character pieces of its words: FTS5 on SQLite, a tsvector under GIN on PostgreSQL."""
from peewee import *

def up(migrator, db):
    class Membership(Model):
        class Meta:
            database = db
            table_name = 'membership'

    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = 'neighborhood'

    class SearchEntry(Model):
        place = BigIntegerField(primary_key=True)
        kind = CharField(max_length=12)
        object_id = IntegerField()
        sort = CharField(max_length=12)
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        author = ForeignKeyField(Membership)
        audience = CharField(max_length=12)
        title = CharField(max_length=60)
        text = TextField()
        path = CharField(max_length=60)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'search_entry'
            indexes = ((('kind', 'object_id'), True),)
    db.create_tables([SearchEntry])

    if isinstance(db, SqliteDatabase):
        # No text is kept in it (content), no positions (detail), no lengths (columnsize): it only says which entries hold a
        # piece. Every sign that is no space belongs to a piece.
        db.execute_sql(
            "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', columnsize=0, detail=none, "
            "tokenize=\"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
        )
    else:
        # fastupdate would put new pieces on a pile that every search reads from end to end.
        db.execute_sql('CREATE TABLE search_words (place BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL)')
        db.execute_sql('CREATE INDEX search_words_words ON search_words USING GIN (words) WITH (fastupdate = off)')


def down(migrator, db):
    db.execute_sql('DROP TABLE search_words')
    migrator.migrate(migrator.drop_table('search_entry'))
