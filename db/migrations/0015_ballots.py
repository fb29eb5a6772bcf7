"""The roll, the ballots, slips of paper, what is held, and the count. What a ballot says is never changed: the database refuses it, whoever asks."""
from peewee import *

CHANGED = (
    "NEW.receipt IS DISTINCT FROM OLD.receipt OR NEW.contest_id IS DISTINCT FROM OLD.contest_id"
    " OR NEW.channel IS DISTINCT FROM OLD.channel OR NEW.kind IS DISTINCT FROM OLD.kind"
    " OR NEW.voter_key IS DISTINCT FROM OLD.voter_key OR NEW.turn IS DISTINCT FROM OLD.turn"
    " OR NEW.choices IS DISTINCT FROM OLD.choices OR (NEW.reason IS DISTINCT FROM OLD.reason AND NEW.reason <> 'void')"
    " OR NEW.device IS NOT NULL OR NEW.network IS NOT NULL OR NEW.minute IS NOT NULL"
)


def up(migrator, db):
    class Contest(Model):
        class Meta:
            database = db
            table_name = 'contest'

    class Entry(Model):
        class Meta:
            database = db
            table_name = 'entry'

    class Membership(Model):
        class Meta:
            database = db
            table_name = 'membership'

    class Elector(Model):
        contest = ForeignKeyField(Contest, index=False)
        member = ForeignKeyField(Membership)
        verified = BooleanField()
        class Meta:
            database = db
            table_name = 'elector'
            indexes = ((('contest', 'member'), True),)
    db.create_tables([Elector])

    class Ballot(Model):
        receipt = CharField(max_length=12, primary_key=True)
        contest = ForeignKeyField(Contest, index=False)
        channel = CharField(max_length=8)
        kind = CharField(max_length=8)
        voter_key = CharField(max_length=32)
        turn = IntegerField()
        choices = CharField(max_length=100, default='')
        reason = CharField(max_length=10, default='')
        device = CharField(max_length=16, null=True)
        network = CharField(max_length=16, null=True)
        minute = IntegerField(null=True)
        class Meta:
            database = db
            table_name = 'ballot'
            without_rowid = isinstance(db, SqliteDatabase)  # the number of a row would tell which came after which
            indexes = ((('contest', 'voter_key', 'turn'), True),)
            constraints = [
                Check("(kind = 'void') = (choices = '') AND (kind = 'void') = (reason <> '')", name="ballot_says_one_thing"),
                Check("turn >= 1", name="ballot_turns"),
            ]
    db.create_tables([Ballot])

    class PaperBatch(Model):
        contest = ForeignKeyField(Contest)
        state = CharField(max_length=10, default='entered')
        slips = IntegerField()
        spoiled = IntegerField(default=0)
        entered_by = ForeignKeyField(Membership)
        second = ForeignKeyField(Membership, null=True)
        reason = CharField(max_length=200, default='')
        op_id = CharField(max_length=40)
        entered_at = DateTimeField()
        decided_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'paper_batch'
            indexes = ((('entered_by', 'op_id'), True),)
            constraints = [Check("slips >= 0 AND spoiled >= 0 AND slips + spoiled BETWEEN 1 AND 2000", name="paper_batch_slips")]
    db.create_tables([PaperBatch])

    class PaperCount(Model):
        batch = ForeignKeyField(PaperBatch, index=False)
        entry = ForeignKeyField(Entry)
        slips = IntegerField()
        class Meta:
            database = db
            table_name = 'paper_count'
            indexes = ((('batch', 'entry'), True),)
            constraints = [Check("slips > 0", name="paper_count_positive")]
    db.create_tables([PaperCount])

    class PaperName(Model):
        contest = ForeignKeyField(Contest, index=False)
        batch = ForeignKeyField(PaperBatch)
        member = ForeignKeyField(Membership)
        class Meta:
            database = db
            table_name = 'paper_name'
            indexes = ((('contest', 'member'), True),)
    db.create_tables([PaperName])

    class BallotHold(Model):
        contest = ForeignKeyField(Contest)
        ballot = ForeignKeyField(Ballot, unique=True)
        rule = CharField(max_length=10)
        state = CharField(max_length=10, default='held')
        reason = CharField(max_length=200, default='')
        by = ForeignKeyField(Membership, null=True)
        at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'ballot_hold'
    db.create_tables([BallotHold])

    class Tally(Model):
        contest = ForeignKeyField(Contest, index=False)
        entry = ForeignKeyField(Entry)
        members = IntegerField(default=0)
        visitors = IntegerField(default=0)
        paper = IntegerField(default=0)
        total = IntegerField(default=0)
        rank = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'tally'
            indexes = ((('contest', 'entry'), True),)
    db.create_tables([Tally])

    class BallotSeal(Model):
        contest = ForeignKeyField(Contest, index=False)
        seq = IntegerField()
        receipt = CharField(max_length=12, unique=True)
        line = CharField(max_length=160)
        prev_hash = FixedCharField(max_length=64)
        hash = FixedCharField(max_length=64)
        class Meta:
            database = db
            table_name = 'ballot_seal'
            indexes = ((('contest', 'seq'), True),)
    db.create_tables([BallotSeal])

    if isinstance(db, SqliteDatabase):
        changed = CHANGED.replace("IS DISTINCT FROM", "IS NOT")
        db.execute_sql(
            f"CREATE TRIGGER ballot_stays BEFORE UPDATE ON ballot WHEN {changed} "
            "BEGIN SELECT RAISE(ABORT, 'a ballot is never changed'); END"
        )
        db.execute_sql(
            "CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot BEGIN SELECT RAISE(ABORT, 'a ballot is never deleted'); END"
        )
        for what in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER ballot_seal_no_{what.lower()} BEFORE {what} ON ballot_seal "
                "BEGIN SELECT RAISE(ABORT, 'a ballot that is counted is never changed'); END"
            )
    else:
        db.execute_sql(
            "CREATE FUNCTION ballot_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'a ballot is never changed or deleted' USING ERRCODE = 'restrict_violation'; END $$"
        )
        db.execute_sql(
            f"CREATE TRIGGER ballot_stays BEFORE UPDATE ON ballot FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION ballot_refuses()"
        )
        db.execute_sql("CREATE TRIGGER ballot_is_kept BEFORE DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION ballot_refuses()")
        for table, what in (("ballot", "TRUNCATE"), ("ballot_seal", "UPDATE OR DELETE OR TRUNCATE")):
            db.execute_sql(
                f"CREATE TRIGGER {table}_stays_whole BEFORE {what} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION ballot_refuses()"
            )


def down(migrator, db):
    for table in ('ballot_seal', 'tally', 'ballot_hold', 'paper_name', 'paper_count', 'paper_batch'):
        migrator.migrate(migrator.drop_table(table))
    migrator.migrate(migrator.drop_table('ballot'))
    if not isinstance(db, SqliteDatabase):
        db.execute_sql('DROP FUNCTION ballot_refuses()')
    migrator.migrate(migrator.drop_table('elector'))
