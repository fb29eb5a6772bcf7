"""比赛 and the works sent in to them."""
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

    class Contest(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        preset = CharField(max_length=10, default='blank')
        title = CharField(max_length=30)
        rules = TextField(default='')
        prizes = CharField(max_length=200, default='')
        opens_at = DateTimeField()
        entries_close_at = DateTimeField()
        voting_opens_at = DateTimeField()
        voting_closes_at = DateTimeField()
        entries_each = IntegerField(default=1)
        choices = IntegerField(default=1)
        voters = CharField(max_length=10, default='known')
        visitors = CharField(max_length=10, default='apart')
        paper = BooleanField(default=True)
        state = CharField(max_length=10, default='draft')
        approved = IntegerField(default=0)
        last_no = IntegerField(default=0)
        salt = CharField(max_length=64, default='')
        outcome = TextField(default='')
        reason = CharField(max_length=200, default='')
        created_by = ForeignKeyField(Membership)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        settled_at = DateTimeField(null=True)
        published_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'contest'
            indexes = ((('neighborhood', 'state', 'voting_closes_at'), False), (('created_by', 'op_id'), True))
            constraints = [
                Check(
                    "opens_at < entries_close_at AND entries_close_at <= voting_opens_at AND voting_opens_at < voting_closes_at",
                    name="contest_dates",
                ),
                Check("approved >= 0 AND entries_each BETWEEN 1 AND 5 AND choices BETWEEN 1 AND 5", name="contest_counts"),
            ]
    db.create_tables([Contest])

    class ContestNote(Model):
        contest = ForeignKeyField(Contest, on_delete='CASCADE')
        sentence = CharField(max_length=240)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'contest_note'
    db.create_tables([ContestNote])

    class Entry(Model):
        contest = ForeignKeyField(Contest, index=False)
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        author = ForeignKeyField(Membership, index=False)
        photo = ForeignKeyField(Photo, unique=True, null=True, on_delete='SET NULL')
        no = IntegerField(null=True)
        place_no = IntegerField()
        caption = CharField(max_length=60)
        spot = CharField(max_length=30, default='')
        signed = CharField(max_length=20)
        print_consent = BooleanField(default=False)
        state = CharField(max_length=12)
        held_for = CharField(max_length=10, default='')
        return_reason = CharField(max_length=200, default='')
        look = CharField(max_length=16, default='')
        veiled_at = DateTimeField(null=True)
        twin = ForeignKeyField('self', null=True, on_delete='SET NULL')
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        approved_at = DateTimeField(null=True)
        gone_at = DateTimeField(null=True, index=True)
        featured_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'entry'
            indexes = ((('contest', 'state', 'no'), False), (('contest', 'no'), True), (('author', 'op_id'), True), (('neighborhood', 'state', 'id'), False))
    hangs = Entry.state.in_(('submitted', 'approved', 'returned', 'disqualified'))
    Entry.add_index(Entry.contest, Entry.author, Entry.place_no, unique=True, where=hangs, name='entry_each_has_places')
    db.create_tables([Entry])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('entry'))
    migrator.migrate(migrator.drop_table('contest_note'))
    migrator.migrate(migrator.drop_table('contest'))
