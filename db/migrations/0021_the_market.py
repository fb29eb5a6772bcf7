"""The market: its map and prize, booths, programme, stamps and the prizes handed over."""
from peewee import *

def up(migrator, db):
    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = 'neighborhood'

    class Membership(Model):
        class Meta:
            database = db
            table_name = 'membership'

    class Photo(Model):
        class Meta:
            database = db
            table_name = 'photo'

    class Event(Model):
        class Meta:
            database = db
            table_name = 'event'

    class Market(Model):
        event = ForeignKeyField(Event, unique=True, on_delete='CASCADE')
        map_photo = ForeignKeyField(Photo, unique=True, null=True, on_delete='SET NULL')
        wanted = IntegerField(default=0)
        prize = CharField(max_length=30, default='')
        prizes = IntegerField(default=0)
        given = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'market'
            constraints = [
                Check("wanted BETWEEN 0 AND 60 AND given BETWEEN 0 AND prizes AND prizes <= 10000", name="market_prizes"),
            ]
    db.create_tables([Market])

    class Booth(Model):
        neighborhood = ForeignKeyField(Neighborhood)
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        zone = CharField(max_length=12)
        name = CharField(max_length=20)
        words = CharField(max_length=100, default='')
        keeper = ForeignKeyField(Membership, null=True)
        queue = IntegerField(default=0)
        stock = IntegerField(null=True)
        told_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'booth'
            indexes = ((('event', 'name'), True),)
            constraints = [
                Check("queue BETWEEN 0 AND 999 AND (stock IS NULL OR stock BETWEEN 0 AND 9999)", name="booth_counts"),
            ]
    db.create_tables([Booth])

    class ProgrammeItem(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        starts_at = DateTimeField()
        title = CharField(max_length=40)
        class Meta:
            database = db
            table_name = 'programme_item'
            indexes = ((('event', 'starts_at', 'title'), True),)
    db.create_tables([ProgrammeItem])

    class Stamp(Model):
        booth = ForeignKeyField(Booth, index=False, on_delete='CASCADE')
        event = ForeignKeyField(Event, on_delete='CASCADE')
        member = ForeignKeyField(Membership, null=True)
        device = CharField(max_length=64, null=True, index=True)
        state = CharField(max_length=8)
        way = CharField(max_length=8, default='')
        by = ForeignKeyField(Membership, null=True)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'stamp'
            indexes = ((('booth', 'member'), True), (('booth', 'device'), True), (('booth', 'state', 'at'), False))
            constraints = [
                Check("(member_id IS NULL) <> (device IS NULL)", name="stamp_whose"),
            ]
    db.create_tables([Stamp])

    class StampPrize(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        by = ForeignKeyField(Membership)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'stamp_prize'
            indexes = ((('event', 'member'), True),)
    db.create_tables([StampPrize])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('stamp_prize'))
    migrator.migrate(migrator.drop_table('stamp'))
    migrator.migrate(migrator.drop_table('programme_item'))
    migrator.migrate(migrator.drop_table('booth'))
    migrator.migrate(migrator.drop_table('market'))
