"""消息: what people are told, and the kinds they have turned off."""
from peewee import *

def up(migrator, db):
    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = 'neighborhood'

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class Notice(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        neighborhood = ForeignKeyField(Neighborhood, null=True)
        kind = CharField(max_length=10)
        sentence = CharField(max_length=160)
        url = CharField(max_length=160)
        collapsed_key = CharField(max_length=60)
        times = IntegerField(default=1)
        at = DateTimeField()
        read_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'notice'
            indexes = ((('user', 'at', 'id'), False), (('user', 'kind', 'at'), False))
            constraints = [Check("times >= 1", name="notice_counts")]
    Notice.add_index(Notice.user, Notice.collapsed_key, unique=True, where=Notice.read_at.is_null(), name='notice_unread')
    db.create_tables([Notice])

    class NoticePref(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        kind = CharField(max_length=10)
        class Meta:
            database = db
            table_name = 'notice_pref'
            indexes = ((('user', 'kind'), True),)
    db.create_tables([NoticePref])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('notice_pref'))
    migrator.migrate(migrator.drop_table('notice'))
