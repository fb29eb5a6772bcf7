"""积分: the book, its rules, and the balance beside each membership."""
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

    class PointBudget(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        month = CharField(max_length=7)
        allowed = IntegerField()
        extra = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'point_budget'
            indexes = ((('neighborhood', 'month'), True),)
            constraints = [Check("extra >= 0 AND extra <= allowed", name="point_budget_kept")]
    db.create_tables([PointBudget])

    class PointEntry(Model):
        membership = ForeignKeyField(Membership, index=False)
        delta = IntegerField()
        kind = CharField(max_length=8)
        rule = CharField(max_length=12, default='')
        source_type = CharField(max_length=20)
        source_id = IntegerField()
        reason = CharField(max_length=60)
        idem_key = CharField(unique=True, max_length=90)
        digest = CharField(max_length=32)
        answers = ForeignKeyField('self', unique=True, null=True)
        created_by = ForeignKeyField(User, null=True, index=False)
        at = DateTimeField()
        vests_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'point_entry'
            indexes = ((('membership', 'id'), False), (('membership', 'rule', 'at'), False), (('source_type', 'source_id', 'rule'), False))
            constraints = [
                Check("delta <> 0 AND delta BETWEEN -1000000000 AND 1000000000", name="point_entry_size"),
                Check(
                    "kind = 'adjust' OR kind IN ('earn', 'release') AND delta > 0"
                    " OR kind IN ('reverse', 'expire', 'hold', 'capture') AND delta < 0",
                    name="point_entry_sign",
                ),
            ]
    PointEntry.add_index(PointEntry.membership, PointEntry.vests_at, where=PointEntry.vests_at.is_null(False), name='point_vesting')
    db.create_tables([PointEntry])

    class PointRule(Model):
        action = CharField(max_length=12)
        points = IntegerField()
        daily_cap = IntegerField()
        hq_max = IntegerField()
        active_from = DateTimeField()
        set_by = ForeignKeyField(User, null=True)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'point_rule'
            indexes = ((('action', 'active_from', 'id'), False),)
            constraints = [Check("points >= 0 AND daily_cap >= 0 AND hq_max >= points", name="point_rule_numbers")]
    db.create_tables([PointRule])

    class PointScale(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        action = CharField(max_length=12)
        percent = IntegerField()
        active_from = DateTimeField()
        set_by = ForeignKeyField(User, null=True)
        class Meta:
            database = db
            table_name = 'point_scale'
            indexes = ((('neighborhood', 'action', 'active_from', 'id'), False),)
            constraints = [Check("percent BETWEEN 50 AND 200", name="point_scale_percent")]
    db.create_tables([PointScale])

    # In plain words: peewee would rebuild the whole table on SQLite, and its indexes in another order.
    db.execute_sql('ALTER TABLE membership ADD COLUMN points INTEGER DEFAULT 0 NOT NULL')
    db.execute_sql('ALTER TABLE membership ADD COLUMN points_held INTEGER DEFAULT 0 NOT NULL')
    db.execute_sql(
        'ALTER TABLE membership ADD COLUMN points_owed INTEGER DEFAULT 0 NOT NULL CONSTRAINT "membership_points" '
        'CHECK (points_held >= 0 AND points_owed >= 0 AND points - points_held + points_owed >= 0)'
    )
    for sql in guards(db):
        db.execute_sql(sql)


def guards(db):
    """Whoever tries to change or delete an entry is refused, by hand too. They name no other table: SQLite reads every trigger
    again when any table is rebuilt, and a missing name stops it."""
    if isinstance(db, SqliteDatabase):
        for what in ('UPDATE', 'DELETE'):
            yield (
                f'CREATE TRIGGER point_entry_no_{what.lower()} BEFORE {what} ON point_entry '
                "BEGIN SELECT RAISE(ABORT, 'point entries are never changed'); END"
            )
        return
    yield (
        'CREATE FUNCTION point_entry_stays() RETURNS trigger LANGUAGE plpgsql AS '
        "$$ BEGIN RAISE EXCEPTION 'point entries are never changed' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        'CREATE TRIGGER point_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON point_entry '
        'FOR EACH STATEMENT EXECUTE FUNCTION point_entry_stays()'
    )


def down(migrator, db):
    migrator.migrate(migrator.drop_table('point_scale'))
    migrator.migrate(migrator.drop_table('point_rule'))
    migrator.migrate(migrator.drop_table('point_entry'))
    if not isinstance(db, SqliteDatabase):
        db.execute_sql('DROP FUNCTION point_entry_stays()')
    migrator.migrate(migrator.drop_table('point_budget'))
    for name in ('points_owed', 'points_held', 'points'):
        migrator.migrate(migrator.drop_column('membership', name))
