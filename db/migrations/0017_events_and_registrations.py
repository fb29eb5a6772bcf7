"""Events, registrations, and what belongs to each kind of event."""
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

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class CalendarFeed(Model):
        user = ForeignKeyField(User, unique=True, on_delete='CASCADE')
        serial = IntegerField(default=1)
        open = BooleanField(default=True)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'calendar_feed'
    db.create_tables([CalendarFeed])

    class Event(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        creator = ForeignKeyField(Membership, index=False)
        kind = CharField(max_length=10)
        by_resident = BooleanField(default=True)
        title = CharField(max_length=30)
        body = TextField(default='')
        starts_at = DateTimeField()
        ends_at = DateTimeField()
        place = CharField(max_length=40, default='')
        bring = CharField(max_length=100, default='')
        allergy = CharField(max_length=200, default='')
        ages = CharField(max_length=20, default='')
        fee_cents = IntegerField(default=0)
        capacity = IntegerField()
        taken = IntegerField(default=0)
        last_no = IntegerField(default=0)
        state = CharField(max_length=10)
        sight = CharField(max_length=8, default='shown')
        held_for = CharField(max_length=10, default='')
        reason = CharField(max_length=200, default='')
        recap = TextField(default='')
        helped = IntegerField(default=0)
        version = IntegerField(default=0)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        published_at = DateTimeField(null=True)
        moved_at = DateTimeField(null=True)
        reminded_at = DateTimeField(null=True)
        chased_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'event'
            indexes = ((('neighborhood', 'ends_at', 'id'), False), (('neighborhood', 'state', 'starts_at'), False), (('state', 'ends_at'), False), (('creator', 'op_id'), True))
            constraints = [
                Check("starts_at < ends_at", name="event_dates"),
                Check("capacity BETWEEN 1 AND 10000 AND taken BETWEEN 0 AND capacity", name="event_seats"),
                Check("fee_cents BETWEEN 0 AND 100000", name="event_fee"),
                Check("helped BETWEEN 0 AND 10000", name="event_helped"),
            ]
    db.create_tables([Event])

    class CareVisit(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        code_name = CharField(max_length=4)
        sealed = TextField(default='')
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'care_visit'
            indexes = ((('event', 'code_name'), True),)
    db.create_tables([CareVisit])

    class EventNote(Model):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        sentence = CharField(max_length=260)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'event_note'
    db.create_tables([EventNote])

    class EventPhoto(Model):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        photo = ForeignKeyField(Photo, unique=True, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'event_photo'
    db.create_tables([EventPhoto])

    class LearnWish(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        words = CharField(max_length=60)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'learn_wish'
            indexes = ((('event', 'member'), True),)
    db.create_tables([LearnWish])

    class Registration(Model):
        event = ForeignKeyField(Event, index=False)
        member = ForeignKeyField(Membership, index=False)
        adults = IntegerField(default=1)
        children = IntegerField(default=0)
        ages = CharField(max_length=40, default='')
        people = IntegerField()
        note = CharField(max_length=60, default='')
        named = BooleanField(default=False)
        state = CharField(max_length=14)
        queue_no = IntegerField(null=True)
        offer_until = DateTimeField(null=True)
        code = CharField(max_length=6)
        walk_in = BooleanField(default=False)
        fee_paid_at = DateTimeField(null=True)
        checked_in_at = DateTimeField(null=True)
        checked_in_by = ForeignKeyField(Membership, null=True)
        op_id = CharField(max_length=40)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'registration'
            indexes = ((('event', 'member'), True), (('event', 'code'), True), (('event', 'state', 'queue_no'), False), (('member', 'op_id'), True), (('state', 'offer_until'), False))
            constraints = [
                Check("people = adults + children AND adults >= 1 AND children >= 0", name="registration_people"),
            ]
    db.create_tables([Registration])

    class Shift(Model):
        event = ForeignKeyField(Event, on_delete='CASCADE')
        role = CharField(max_length=20)
        starts_at = DateTimeField()
        ends_at = DateTimeField()
        wanted = IntegerField()
        class Meta:
            database = db
            table_name = 'shift'
            constraints = [
                Check("starts_at < ends_at AND wanted BETWEEN 1 AND 1000", name="shift_counts"),
            ]
    db.create_tables([Shift])

    class ShiftPlace(Model):
        shift = ForeignKeyField(Shift, index=False, on_delete='CASCADE')
        registration = ForeignKeyField(Registration, on_delete='CASCADE')
        minutes = IntegerField(null=True)
        confirmed_by = ForeignKeyField(Membership, null=True)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'shift_place'
            indexes = ((('shift', 'registration'), True),)
            constraints = [
                Check("minutes IS NULL OR minutes BETWEEN 0 AND 720", name="shift_minutes"),
            ]
    db.create_tables([ShiftPlace])

    class TastingItem(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        name = CharField(max_length=30)
        no = IntegerField()
        class Meta:
            database = db
            table_name = 'tasting_item'
            indexes = ((('event', 'name'), True),)
    db.create_tables([TastingItem])

    class TastingRating(Model):
        item = ForeignKeyField(TastingItem, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        face = IntegerField()
        words = CharField(max_length=60, default='')
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'tasting_rating'
            indexes = ((('item', 'member'), True),)
            constraints = [
                Check("face BETWEEN 1 AND 3", name="tasting_faces"),
            ]
    db.create_tables([TastingRating])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('tasting_rating'))
    migrator.migrate(migrator.drop_table('tasting_item'))
    migrator.migrate(migrator.drop_table('shift_place'))
    migrator.migrate(migrator.drop_table('shift'))
    migrator.migrate(migrator.drop_table('registration'))
    migrator.migrate(migrator.drop_table('learn_wish'))
    migrator.migrate(migrator.drop_table('event_photo'))
    migrator.migrate(migrator.drop_table('event_note'))
    migrator.migrate(migrator.drop_table('care_visit'))
    migrator.migrate(migrator.drop_table('event'))
    migrator.migrate(migrator.drop_table('calendar_feed'))
