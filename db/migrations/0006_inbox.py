"""The daily digest, addresses for it, the robots of hosts' groups; a fast way to what waits in the outbox."""
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

    class Digest(Model):
        user = ForeignKeyField(User, index=False, on_delete='CASCADE')
        day = CharField(max_length=10)
        content = TextField()
        made_at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'digest'
            indexes = ((('user', 'day'), True),)
    db.create_tables([Digest])

    class Mailbox(Model):
        user = ForeignKeyField(User, unique=True, on_delete='CASCADE')
        sealed = TextField()
        digest = CharField(max_length=64)
        asked_at = DateTimeField()
        confirmed_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'mailbox'
    db.create_tables([Mailbox])

    class WecomHook(Model):
        neighborhood = ForeignKeyField(Neighborhood, unique=True)
        sealed = TextField()
        created_by = ForeignKeyField(User)
        created_at = DateTimeField()
        told_at = DateTimeField(null=True)
        paused = BooleanField(default=False)
        class Meta:
            database = db
            table_name = 'wecom_hook'
    db.create_tables([WecomHook])

    migrator.migrate(migrator.drop_index('outbox_message', 'outboxmessage_due_at'))
    migrator.migrate(migrator.add_index('outbox_message', ('state', 'due_at'), name='outboxmessage_state_due_at'))
    migrator.migrate(migrator.drop_index('notice', 'notice_user_id'))
    migrator.migrate(migrator.add_index('notice', ('user_id', 'read_at'), name='notice_user_id_read_at'))
    db.execute_sql('CREATE INDEX "notice_to_take_back" ON "notice" ("collapsed_key") WHERE ("read_at" IS NULL)')


def down(migrator, db):
    migrator.migrate(migrator.drop_index('notice', 'notice_to_take_back'))
    migrator.migrate(migrator.drop_index('notice', 'notice_user_id_read_at'))
    migrator.migrate(migrator.add_index('notice', ('user_id',), name='notice_user_id'))
    migrator.migrate(migrator.drop_index('outbox_message', 'outboxmessage_state_due_at'))
    migrator.migrate(migrator.add_index('outbox_message', ('due_at',), name='outboxmessage_due_at'))
    migrator.migrate(migrator.drop_table('wecom_hook'))
    migrator.migrate(migrator.drop_table('mailbox'))
    migrator.migrate(migrator.drop_table('digest'))
