"""How an event was: the form of each, what was said, and what those who were there would like to do with neighbours."""
from peewee import *

def up(migrator, db):
    class Membership(Model):
        class Meta:
            database = db
            table_name = 'membership'

    class Event(Model):
        class Meta:
            database = db
            table_name = 'event'

    class InterestGroup(Model):
        class Meta:
            database = db
            table_name = 'interest_group'

    class FeedbackForm(Model):
        event = ForeignKeyField(Event, unique=True, on_delete='CASCADE')
        names = CharField(max_length=120, null=True)
        asked_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'feedback_form'
    db.create_tables([FeedbackForm])

    class Feedback(Model):
        event = ForeignKeyField(Event, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership, null=True)
        device = CharField(max_length=64, null=True)
        face = IntegerField()
        words = CharField(max_length=200, default='')
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'feedback'
            indexes = ((('event', 'member'), True), (('event', 'device'), True))
            constraints = [
                Check("(member_id IS NULL) <> (device IS NULL)", name="feedback_whose"),
                Check("face BETWEEN 1 AND 3", name="feedback_faces"),
            ]
    db.create_tables([Feedback])

    class FeedbackTick(Model):
        feedback = ForeignKeyField(Feedback, index=False, on_delete='CASCADE')
        name = CharField(max_length=12)
        group = ForeignKeyField(InterestGroup, null=True)
        class Meta:
            database = db
            table_name = 'feedback_tick'
            indexes = ((('feedback', 'name'), True),)
    db.create_tables([FeedbackTick])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('feedback_tick'))
    migrator.migrate(migrator.drop_table('feedback'))
    migrator.migrate(migrator.drop_table('feedback_form'))
