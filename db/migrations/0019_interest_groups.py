"""Interest groups: ideas, who wants and who is in them, their posts, events and first month."""

from peewee import *

RULES = {
    "post": """"post_within" CHECK (
        CASE visibility WHEN 'group' THEN group_id IS NOT NULL AND state <> 'published' ELSE state <> 'within' END)""",
    "event": """"event_within" CHECK (sight <> 'within' OR group_id IS NOT NULL)""",
    "photo": """"photo_group" CHECK (audience <> 'group' OR group_id IS NOT NULL)""",
}


def up(migrator, db):
    class Membership(Model):
        class Meta:
            database = db
            table_name = "membership"

    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = "neighborhood"

    class Post(Model):
        class Meta:
            database = db
            table_name = "post"

    class InterestGroup(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        name = CharField(max_length=12)
        blurb = CharField(max_length=200, default="")
        private = BooleanField(default=False)
        state = CharField(max_length=10)
        sight = CharField(max_length=8, default="shown")
        reason = CharField(max_length=200, default="")
        created_by = ForeignKeyField(Membership, index=False)
        leader = ForeignKeyField(Membership, null=True)
        asked = ForeignKeyField(Membership, null=True)
        asked_words = CharField(max_length=100, default="")
        awake_until = DateTimeField(null=True)
        origin_event = IntegerField(null=True)
        nudged = IntegerField(default=0)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        hatched_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "interest_group"
            indexes = (
                (("neighborhood", "state", "id"), False),
                (("state", "awake_until"), False),
                (("created_by", "op_id"), True),
            )
            constraints = [
                Check("nudged BETWEEN 0 AND 2", name="interest_group_nudged"),
            ]

    db.create_tables([InterestGroup])

    class GroupInterest(Model):
        group = ForeignKeyField(InterestGroup, index=False)
        member = ForeignKeyField(Membership)
        origin_event = IntegerField(null=True)
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "group_interest"
            indexes = ((("group", "member"), True),)

    db.create_tables([GroupInterest])

    class GroupSeat(Model):
        group = ForeignKeyField(InterestGroup, index=False)
        member = ForeignKeyField(Membership)
        state = CharField(max_length=8)
        backs = ForeignKeyField(Membership, null=True)
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "group_seat"
            indexes = ((("group", "member"), True), (("group", "state", "at"), False))

    db.create_tables([GroupSeat])

    class GroupPin(Model):
        post = ForeignKeyField(Post, unique=True)
        at = DateTimeField()

        class Meta:
            database = db
            table_name = "group_pin"

    db.create_tables([GroupPin])

    class GroupStep(Model):
        group = ForeignKeyField(InterestGroup, index=False)
        number = IntegerField()
        done_at = DateTimeField()

        class Meta:
            database = db
            table_name = "group_step"
            indexes = ((("group", "number"), True),)

    db.create_tables([GroupStep])

    # In plain words: peewee would rebuild these tables on SQLite. Each rule comes with the column it is about.
    for table, rule in RULES.items():
        column = 'ADD COLUMN "group_id" INTEGER REFERENCES "interest_group" ("id")'
        db.execute_sql(f'ALTER TABLE "{table}" {column} CONSTRAINT {rule}')
    db.execute_sql('CREATE INDEX "post_in_a_group" ON "post" ("group_id", "state", "id") WHERE "group_id" IS NOT NULL')
    migrator.migrate(migrator.add_index("event", ("group_id",)))


def down(migrator, db):
    migrator.migrate(migrator.drop_table("group_pin"))
    migrator.migrate(migrator.drop_index("event", "event_group_id"))
    db.execute_sql('DROP INDEX "post_in_a_group"')
    for table in RULES:
        db.execute_sql(f'ALTER TABLE "{table}" DROP COLUMN "group_id"')
    for name in ("group_step", "group_seat", "group_interest", "interest_group"):
        migrator.migrate(migrator.drop_table(name))
