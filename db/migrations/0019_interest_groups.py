"""Interest groups: ideas, who wants and who is in them, their posts, events and first month."""

from peewee import *


def up(migrator, db):
    class Membership(Model):
        class Meta:
            database = db
            table_name = "membership"

    class Neighborhood(Model):
        class Meta:
            database = db
            table_name = "neighborhood"

    class Event(Model):
        class Meta:
            database = db
            table_name = "event"

    class Post(Model):
        class Meta:
            database = db
            table_name = "post"

    class InterestGroup(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        name = CharField(max_length=12)
        blurb = CharField(max_length=200, default="")
        state = CharField(max_length=10)
        sight = CharField(max_length=8, default="shown")
        reason = CharField(max_length=200, default="")
        created_by = ForeignKeyField(Membership, index=False)
        leader = ForeignKeyField(Membership, null=True)
        asked = ForeignKeyField(Membership, null=True)
        asked_words = CharField(max_length=100, default="")
        awake_until = DateTimeField(null=True)
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

    class GroupPost(Model):
        group = ForeignKeyField(InterestGroup, index=False)
        post = ForeignKeyField(Post, unique=True)
        pinned_at = DateTimeField(null=True)

        class Meta:
            database = db
            table_name = "group_post"
            indexes = ((("group", "post"), False),)

    db.create_tables([GroupPost])

    class GroupEvent(Model):
        group = ForeignKeyField(InterestGroup)
        event = ForeignKeyField(Event, unique=True)

        class Meta:
            database = db
            table_name = "group_event"

    db.create_tables([GroupEvent])

    class GroupStep(Model):
        group = ForeignKeyField(InterestGroup, index=False)
        number = IntegerField()
        done_at = DateTimeField()

        class Meta:
            database = db
            table_name = "group_step"
            indexes = ((("group", "number"), True),)

    db.create_tables([GroupStep])


def down(migrator, db):
    for name in ("group_step", "group_event", "group_post", "group_seat", "group_interest", "interest_group"):
        migrator.migrate(migrator.drop_table(name))
