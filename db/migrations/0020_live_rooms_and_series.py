"""Live rooms, their highlights and reminders, the questions asked there; events that come again and again."""
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

    class Event(Model):
        class Meta:
            database = db
            table_name = 'event'

    class Live(Model):
        event = ForeignKeyField(Event, unique=True, on_delete='CASCADE')
        room_name = CharField(max_length=40, default='')
        room_url = CharField(max_length=300, default='')
        stream_url = CharField(max_length=300, default='')
        rain = CharField(max_length=200, default='')
        replay_url = CharField(max_length=300, default='')
        urgent = IntegerField(default=0)
        soft = IntegerField(default=0)
        soft_before = IntegerField(default=0)
        soft_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'live'
    db.create_tables([Live])

    class LiveHighlight(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        second = IntegerField()
        words = CharField(max_length=60)
        class Meta:
            database = db
            table_name = 'live_highlight'
            indexes = ((('event', 'second'), True),)
            constraints = [Check("second BETWEEN 0 AND 360000", name="live_highlight_second")]
    db.create_tables([LiveHighlight])

    class LiveReminder(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        told_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'live_reminder'
            indexes = ((('event', 'member'), True),)
    db.create_tables([LiveReminder])

    class LiveQuestion(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership, index=False)
        body = CharField(max_length=200)
        anonymous = BooleanField(default=False)
        state = CharField(max_length=8)
        votes = IntegerField(default=0)
        answer = CharField(max_length=500, default='')
        op_id = CharField(max_length=40)
        at = DateTimeField()
        told_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'live_question'
            indexes = ((('event', 'state'), False), (('member', 'op_id'), True))
            constraints = [Check("votes >= 0", name="live_question_votes")]
    db.create_tables([LiveQuestion])

    class LiveVote(Model):
        question = ForeignKeyField(LiveQuestion, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        class Meta:
            database = db
            table_name = 'live_vote'
            indexes = ((('question', 'member'), True),)
    db.create_tables([LiveVote])

    class EventSeries(Model):
        neighborhood = ForeignKeyField(Neighborhood)
        creator = ForeignKeyField(Membership)
        rhythm = CharField(max_length=10)
        anchor_at = DateTimeField()
        anchor_no = IntegerField(default=1)
        day = IntegerField()
        minutes = IntegerField()
        kind = CharField(max_length=10)
        title = CharField(max_length=30)
        place = CharField(max_length=40, default='')
        capacity = IntegerField()
        body = TextField(default='')
        bring = CharField(max_length=100, default='')
        allergy = CharField(max_length=200, default='')
        ages = CharField(max_length=20, default='')
        fee_cents = IntegerField(default=0)
        told_no = IntegerField(default=0)
        closed_at = DateTimeField(null=True, index=True)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'event_series'
            constraints = [Check("day BETWEEN 1 AND 31 AND minutes > 0", name="event_series_day")]
    db.create_tables([EventSeries])

    class EventEdition(Model):
        series = ForeignKeyField(EventSeries, index=False, on_delete='CASCADE')
        no = IntegerField()
        event = ForeignKeyField(Event, null=True, unique=True, on_delete='CASCADE')
        lesson = CharField(max_length=500, default='')
        class Meta:
            database = db
            table_name = 'event_edition'
            indexes = ((('series', 'no'), True),)
    db.create_tables([EventEdition])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('event_edition'))
    migrator.migrate(migrator.drop_table('event_series'))
    migrator.migrate(migrator.drop_table('live_vote'))
    migrator.migrate(migrator.drop_table('live_question'))
    migrator.migrate(migrator.drop_table('live_reminder'))
    migrator.migrate(migrator.drop_table('live_highlight'))
    migrator.migrate(migrator.drop_table('live'))
