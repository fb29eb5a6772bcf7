"""隐私: what people agreed to, the exports they ask for, and how they leave for good."""
from peewee import *

def up(migrator, db):
    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = 'neighborhood'

    class User(Model):
        status = CharField(max_length=10)
        consented_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'user'

    class ConsentLog(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        neighborhood = ForeignKeyField(Neighborhood, null=True)
        what = CharField(max_length=10)
        version = CharField(max_length=10)
        about = CharField(max_length=20, default='')
        at = DateTimeField()
        withdrawn_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'consent_log'
    db.create_tables([ConsentLog])
    # Who has joined before this log was kept has ticked the same words.
    agreed = User.select(User.id, Value('join'), Value('2026-03'), Value(''), User.consented_at).where(
        User.consented_at.is_null(False) & (User.status != 'erased'))
    log = ConsentLog
    log.insert_from(agreed, [log.user, log.what, log.version, log.about, log.at]).execute()

    class Export(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        state = CharField(max_length=10, default='waiting')
        done = IntegerField(default=0)
        of = IntegerField(default=0)
        file = CharField(max_length=40, default='')
        size = IntegerField(default=0)
        tries = IntegerField(default=0)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        claimed_at = DateTimeField(null=True)
        expires_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'export'
            indexes = ((('user', 'op_id'), True), (('state', 'id'), False))
            constraints = [Check("done >= 0 AND done <= of", name="export_counts")]
    Export.add_index(Export.user, unique=True, where=Export.state.in_(('waiting', 'working')), name='export_under_way')
    db.create_tables([Export])

    class Farewell(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        traces = CharField(max_length=10)
        state = CharField(max_length=10, default='waiting')
        op_id = CharField(max_length=40)
        asked_at = DateTimeField()
        due_at = DateTimeField(index=True)
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'farewell'
            indexes = ((('user', 'op_id'), True),)
    Farewell.add_index(Farewell.user, unique=True, where=Farewell.state == 'waiting', name='farewell_waiting')
    db.create_tables([Farewell])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('farewell'))
    migrator.migrate(migrator.drop_table('export'))
    migrator.migrate(migrator.drop_table('consent_log'))
