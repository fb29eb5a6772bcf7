"""生活大使: the call of an event, and who is on its list."""
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

    class Post(Model):
        class Meta:
            database = db
            table_name = 'post'

    class AmbassadorCall(Model):
        event = ForeignKeyField(Event, unique=True, on_delete='CASCADE')
        name = CharField(max_length=12, default='生活大使')
        what = CharField(max_length=200, default='')
        quota = IntegerField(default=10)
        accepted = IntegerField(default=0)
        last_no = IntegerField(default=0)
        until = DateTimeField()
        nudged_at = DateTimeField(null=True)
        reminded_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ambassador_call'
            constraints = [Check("quota BETWEEN 1 AND 100 AND accepted BETWEEN 0 AND quota", name="ambassador_call_quota")]
    db.create_tables([AmbassadorCall])

    class Ambassador(Model):
        call = ForeignKeyField(AmbassadorCall, index=False, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        state = CharField(max_length=10)
        words = CharField(max_length=100)
        named = BooleanField(default=False)
        no = IntegerField(null=True)
        kit_at = DateTimeField(null=True)
        post = ForeignKeyField(Post, null=True, on_delete='SET NULL')
        slot = CharField(max_length=40, default='')
        invited_at = DateTimeField()
        answered_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ambassador'
            indexes = ((('call', 'member'), True), (('call', 'state'), False))
    db.create_tables([Ambassador])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('ambassador'))
    migrator.migrate(migrator.drop_table('ambassador_call'))
