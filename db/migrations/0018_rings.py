"""互相点: pairs of neighbours whom HQ looks at."""
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

    class Ring(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        one = ForeignKeyField(Membership, index=False)
        other = ForeignKeyField(Membership)
        mutual = IntegerField()
        total = IntegerField()
        found_at = DateTimeField()
        cleared_at = DateTimeField(null=True)
        cleared_by = ForeignKeyField(User, null=True, index=False)
        class Meta:
            database = db
            table_name = 'ring'
            indexes = ((('one', 'other'), True), (('cleared_at', 'id'), False))
            constraints = [Check("mutual >= 0 AND mutual <= total", name="ring_counts")]
    db.create_tables([Ring])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('ring'))
