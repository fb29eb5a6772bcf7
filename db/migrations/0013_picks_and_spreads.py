"""精选 with its author's consent, and the records of where it went."""
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

    class Photo(Model):
        class Meta:
            database = db
            table_name = 'photo'

    class Pick(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        object_type = CharField(max_length=10)
        object_id = IntegerField()
        author = ForeignKeyField(Membership)
        reason = CharField(max_length=200)
        release = CharField(max_length=10, default='asked')
        ways = CharField(max_length=40, default='')
        credit = CharField(max_length=20, default='')
        picked_at = DateTimeField()
        agreed_at = DateTimeField(null=True)
        decided_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'pick'
            indexes = ((('object_type', 'object_id'), True), (('neighborhood', 'release', 'id'), False))
    db.create_tables([Pick])

    class Spread(Model):
        pick = ForeignKeyField(Pick, index=False)
        channel = CharField(max_length=10)
        url = CharField(max_length=300, default='')
        went_on = CharField(max_length=10)
        credit = CharField(max_length=40)
        screenshot = ForeignKeyField(Photo, null=True, unique=True, on_delete='SET NULL')
        state = CharField(max_length=10, default='out')
        noted_by = ForeignKeyField(Membership, index=False)
        noted_at = DateTimeField()
        asked_at = DateTimeField(null=True)
        down_at = DateTimeField(null=True)
        op_id = CharField(max_length=40)
        class Meta:
            database = db
            table_name = 'spread'
            indexes = ((('pick', 'id'), False), (('noted_by', 'op_id'), True), (('state', 'id'), False))
            constraints = [Check("credit <> ''", name="spread_has_credit")]
    db.create_tables([Spread])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('spread'))
    migrator.migrate(migrator.drop_table('pick'))
