"""交接, invitations, and what a host's card says in three answers."""
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

    class Handover(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        outgoing = ForeignKeyField(Membership, index=False)
        incoming = ForeignKeyField(Membership)
        state = CharField(max_length=10, default='proposed')
        note = CharField(max_length=200, default='')
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'handover'
            indexes = ((('neighborhood', 'id'), False), (('outgoing', 'op_id'), True))
    Handover.add_index(Handover.neighborhood, unique=True, where=Handover.decided_at.is_null(), name='handover_open')
    db.create_tables([Handover])

    class Invitation(Model):
        user = ForeignKeyField(User, unique=True, on_delete='CASCADE')
        member = ForeignKeyField(Membership)
        sent_by = ForeignKeyField(Membership)
        url = CharField(max_length=160)
        sent_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'invitation'
    db.create_tables([Invitation])

    migrator.migrate(migrator.add_column('host_profile', 'lived', CharField(max_length=40, default='')))
    migrator.migrate(migrator.add_column('host_profile', 'why', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('host_profile', 'talks', CharField(max_length=120, default='')))
    migrator.migrate(migrator.add_column('host_profile', 'phone_on_card', BooleanField(default=False)))


def down(migrator, db):
    migrator.migrate(migrator.drop_column('host_profile', 'phone_on_card'))
    migrator.migrate(migrator.drop_column('host_profile', 'talks'))
    migrator.migrate(migrator.drop_column('host_profile', 'why'))
    migrator.migrate(migrator.drop_column('host_profile', 'lived'))
    migrator.migrate(migrator.drop_table('invitation'))
    migrator.migrate(migrator.drop_table('handover'))
