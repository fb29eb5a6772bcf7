"""干货 in parts, who made and saved them; 邻居故事 and the consent to them."""
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

    class Post(Model):
        class Meta:
            database = db
            table_name = 'post'

    class Howto(Model):
        post = ForeignKeyField(Post, unique=True, on_delete='CASCADE')
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        minutes = IntegerField(null=True)
        season = CharField(max_length=1, default='')
        steps = IntegerField(default=0)
        saves = IntegerField(default=0)
        made = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'howto'
            indexes = ((('neighborhood', 'made', 'post'), False),)
            constraints = [
                Check("saves >= 0 AND made >= 0", name="howto_counts"),
                Check("minutes BETWEEN 1 AND 2880", name="howto_minutes"),
            ]
    db.create_tables([Howto])

    class HowtoText(Model):
        howto = ForeignKeyField(Howto, on_delete='CASCADE', index=False)
        digest = CharField(max_length=32)
        minutes = IntegerField(null=True)
        season = CharField(max_length=1, default='')
        materials = CharField(max_length=500, default='')
        tips = CharField(max_length=500, default='')
        class Meta:
            database = db
            table_name = 'howto_text'
            indexes = ((('howto', 'digest'), True),)
    db.create_tables([HowtoText])

    class HowtoStep(Model):
        text = ForeignKeyField(HowtoText, on_delete='CASCADE', index=False)
        position = IntegerField()
        body = CharField(max_length=300)
        photo = ForeignKeyField(Photo, null=True, on_delete='SET NULL')
        class Meta:
            database = db
            table_name = 'howto_step'
            indexes = ((('text', 'position'), True),)
            constraints = [Check("position BETWEEN 1 AND 30", name="howto_step_position")]
    db.create_tables([HowtoStep])

    class Made(Model):
        howto = ForeignKeyField(Howto, on_delete='CASCADE', index=False)
        member = ForeignKeyField(Membership, index=False)
        words = CharField(max_length=140, default='')
        photo = ForeignKeyField(Photo, unique=True, null=True, on_delete='SET NULL')
        photo_waits = BooleanField(default=False)
        op_id = CharField(max_length=40)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'made'
            indexes = ((('howto', 'member'), True), (('howto', 'id'), False), (('member', 'op_id'), True))
    db.create_tables([Made])

    class Saved(Model):
        post = ForeignKeyField(Post)
        member = ForeignKeyField(Membership, index=False)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'saved'
            indexes = ((('member', 'post'), True), (('member', 'id'), False))
    db.create_tables([Saved])

    class Story(Model):
        post = ForeignKeyField(Post, unique=True)
        subject_member = ForeignKeyField(Membership, null=True)
        subject_name = CharField(max_length=12)
        consent = CharField(max_length=10, default='draft')
        wish = CharField(max_length=500, default='')
        asked_at = DateTimeField(null=True)
        decided_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'story'
    db.create_tables([Story])

    class StoryLink(Model):
        story = ForeignKeyField(Story, on_delete='CASCADE')
        token_hash = CharField(unique=True, max_length=64)
        made_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'story_link'
    db.create_tables([StoryLink])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('story_link'))
    migrator.migrate(migrator.drop_table('story'))
    migrator.migrate(migrator.drop_table('saved'))
    migrator.migrate(migrator.drop_table('made'))
    migrator.migrate(migrator.drop_table('howto_step'))
    migrator.migrate(migrator.drop_table('howto_text'))
    migrator.migrate(migrator.drop_table('howto'))
