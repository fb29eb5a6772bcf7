"""Printed codes lead to a thing of their 小区, from one day to another, and are counted by the day."""
from peewee import *

def up(migrator, db):
    class Membership(Model):
        class Meta:
            database = db
            table_name = 'membership'

    class QrToken(Model):
        class Meta:
            database = db
            table_name = 'qr_token'

    class ScanTally(Model):
        token = ForeignKeyField(QrToken, index=False, on_delete='CASCADE')
        day = CharField(max_length=10)
        scans = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'scan_tally'
            indexes = ((('token', 'day'), True),)
    db.create_tables([ScanTally])

    migrator.migrate(migrator.add_column('qr_token', 'target_type', CharField(max_length=12, default='')))
    migrator.migrate(migrator.add_column('qr_token', 'target_id', IntegerField(null=True)))
    migrator.migrate(migrator.add_column('qr_token', 'made_for', CharField(unique=True, null=True, max_length=40)))
    migrator.migrate(migrator.add_column('qr_token', 'label', CharField(max_length=40, default='')))
    migrator.migrate(migrator.add_column('qr_token', 'created_by_id', ForeignKeyField(Membership, field=Membership.id, null=True, index=False)))
    migrator.migrate(migrator.add_column('qr_token', 'not_before', DateTimeField(null=True)))
    migrator.migrate(migrator.add_column('qr_token', 'max_uses', IntegerField(null=True)))
    # By hand: a rule in the database that stands over two columns comes with the second of them.
    db.execute_sql(
        'ALTER TABLE "qr_token" ADD COLUMN "uses" INTEGER NOT NULL DEFAULT 0 '
        'CONSTRAINT "qr_token_uses" CHECK (uses >= 0 AND (max_uses IS NULL OR uses <= max_uses))'
    )
    migrator.migrate(migrator.add_index('qr_token', ('neighborhood_id', 'target_type', 'target_id')))


def down(migrator, db):
    migrator.migrate(migrator.drop_index('qr_token', 'qr_token_neighborhood_id_target_type_target_id'))
    db.execute_sql('ALTER TABLE "qr_token" DROP COLUMN "uses"')
    migrator.migrate(migrator.drop_column('qr_token', 'max_uses'))
    migrator.migrate(migrator.drop_column('qr_token', 'not_before'))
    migrator.migrate(migrator.drop_column('qr_token', 'created_by_id'))
    migrator.migrate(migrator.drop_column('qr_token', 'label'))
    migrator.migrate(migrator.drop_index('qr_token', 'qr_token_made_for'))
    migrator.migrate(migrator.drop_column('qr_token', 'made_for'))
    migrator.migrate(migrator.drop_column('qr_token', 'target_id'))
    migrator.migrate(migrator.drop_column('qr_token', 'target_type'))
    migrator.migrate(migrator.drop_table('scan_tally'))
