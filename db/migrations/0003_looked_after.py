"""A place that is looked after: reports, word lists, blocks, and why a post or comment waits."""
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

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class Block(Model):
        member = ForeignKeyField(Membership)
        blocked = ForeignKeyField(Membership)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'block'
            indexes = ((('member', 'blocked'), True),)
    db.create_tables([Block])

    class Report(Model):
        neighborhood = ForeignKeyField(Neighborhood)
        object_type = CharField(max_length=10)
        object_id = IntegerField()
        about = ForeignKeyField(Membership)
        reporter = ForeignKeyField(Membership)
        reason = CharField(max_length=10)
        words = CharField(max_length=200, default='')
        state = CharField(max_length=10, default='open')
        level = CharField(max_length=10)
        handler = ForeignKeyField(User, null=True)
        answer = CharField(max_length=200, default='')
        outcome = CharField(max_length=10, default='')
        appeal_words = CharField(max_length=200, default='')
        created_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'report'
            indexes = ((('reporter', 'object_type', 'object_id'), True), (('neighborhood', 'level', 'state', 'id'), False), (('object_type', 'object_id', 'state'), False))
    db.create_tables([Report])

    class Said(Model):
        neighborhood = ForeignKeyField(Neighborhood)
        member = ForeignKeyField(Membership)
        digest = CharField(max_length=32)
        at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'said'
            indexes = ((('neighborhood', 'digest', 'at'), False),)
    db.create_tables([Said])

    class WatchWord(Model):
        word = CharField(max_length=40)
        folded = CharField(unique=True, max_length=40)
        level = CharField(max_length=10, default='hold')
        added_by = ForeignKeyField(User, null=True)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'watch_word'
    db.create_tables([WatchWord])

    migrator.migrate(migrator.add_column('membership', 'watched_at', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('membership', 'blocks', IntegerField(default=0)))
    migrator.migrate(migrator.add_column('post', 'held_for', CharField(max_length=10, default='')))
    migrator.migrate(migrator.add_column('post', 'aside', CharField(max_length=120, default='')))
    # SQLite has rebuilt the table, and of two indexes that fit alike it takes the one made last: let that be the small one.
    db.execute_sql('DROP INDEX "post_featured"')
    db.execute_sql('CREATE INDEX "post_featured" ON "post" ("topic_id", "state", "published_at", "id") WHERE ("featured_at" IS NOT NULL)')
    migrator.migrate(migrator.add_column('comment', 'held_for', CharField(max_length=10, default='')))
    migrator.migrate(migrator.add_column('comment', 'return_reason', CharField(max_length=200, default='')))
    migrator.migrate(migrator.add_index('comment', ('state', 'id')))


def down(migrator, db):
    migrator.migrate(migrator.drop_index('comment', 'comment_state_id'))
    migrator.migrate(migrator.drop_column('comment', 'return_reason'))
    migrator.migrate(migrator.drop_column('comment', 'held_for'))
    migrator.migrate(migrator.drop_column('post', 'aside'))
    migrator.migrate(migrator.drop_column('post', 'held_for'))
    migrator.migrate(migrator.drop_column('membership', 'blocks'))
    migrator.migrate(migrator.drop_column('membership', 'watched_at'))
    migrator.migrate(migrator.drop_table('watch_word'))
    migrator.migrate(migrator.drop_table('said'))
    migrator.migrate(migrator.drop_table('report'))
    migrator.migrate(migrator.drop_table('block'))
