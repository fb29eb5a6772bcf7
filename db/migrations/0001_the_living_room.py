"""The living room stands: people, places, doors, photos, topics, posts, comments, likes, hosts, the timetable."""
from peewee import *

def up(migrator, db):
    class User(Model):
        name = CharField(max_length=20)
        phone_sealed = CharField(null=True)
        phone_digest = CharField(unique=True, null=True, max_length=64)
        password_hash = CharField(null=True)
        staff = CharField(max_length=10, default='')
        look = CharField(max_length=10, default='standard')
        scheme = CharField(max_length=10, default='auto')
        status = CharField(max_length=10, default='active')
        merged_into = ForeignKeyField('self', null=True)
        consented_at = DateTimeField(null=True)
        form_key = CharField(null=True, max_length=64, unique=True)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'user'
    db.create_tables([User])

    class District(Model):
        name = CharField(max_length=30)
        officer = ForeignKeyField(User, null=True)
        class Meta:
            database = db
            table_name = 'district'
    db.create_tables([District])

    class Neighborhood(Model):
        slug = CharField(unique=True, max_length=40)
        name = CharField(max_length=20)
        district = ForeignKeyField(District, null=True)
        status = CharField(max_length=10, default='open')
        closed_reason = CharField(max_length=200, default='')
        members = IntegerField(default=0)
        version = IntegerField(default=1)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'neighborhood'
            constraints = [Check("members >= 0", name="neighborhood_counts")]
    db.create_tables([Neighborhood])

    class Membership(Model):
        user = ForeignKeyField(User)
        neighborhood = ForeignKeyField(Neighborhood)
        role = CharField(max_length=12, default='resident')
        building = CharField(max_length=12, default='')
        face = CharField(max_length=32, default='')
        status = CharField(max_length=10, default='active')
        source = CharField(max_length=10, default='page')
        approved_posts = IntegerField(default=0)
        vouched_at = DateTimeField(null=True)
        vouched_by = ForeignKeyField(User, null=True)
        joined_at = DateTimeField()
        last_active_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'membership'
            indexes = ((('user', 'neighborhood'), True), (('neighborhood', 'status', 'id'), False), (('neighborhood', 'role'), False))
    db.create_tables([Membership])

    class Action(Model):
        membership = ForeignKeyField(Membership)
        neighborhood = ForeignKeyField(Neighborhood)
        kind = CharField(max_length=20)
        object_id = IntegerField()
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'action'
            indexes = ((('membership', 'kind', 'object_id'), True), (('neighborhood', 'at'), False))
    db.create_tables([Action])

    class AuditLog(Model):
        at = DateTimeField(index=True)
        actor = ForeignKeyField(User, null=True)
        neighborhood = ForeignKeyField(Neighborhood, null=True)
        action = CharField(max_length=40)
        object_type = CharField(max_length=20)
        object_id = IntegerField()
        subject = ForeignKeyField(User, null=True)
        before = TextField(default='')
        after = TextField(default='')
        reason = CharField(max_length=200)
        class Meta:
            database = db
            table_name = 'audit_log'
    db.create_tables([AuditLog])

    class Topic(Model):
        neighborhood = ForeignKeyField(Neighborhood)
        prompt = CharField(max_length=40)
        blurb = CharField(max_length=200, default='')
        opens_at = DateTimeField()
        closes_at = DateTimeField()
        created_by = ForeignKeyField(Membership)
        created_at = DateTimeField()
        posts = IntegerField(default=0)
        class Meta:
            database = db
            table_name = 'topic'
            constraints = [Check("closes_at > opens_at", name="topic_dates"), Check("posts >= 0", name="topic_counts")]
            indexes = ((('neighborhood', 'opens_at'), False),)
    db.create_tables([Topic])

    class Post(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        author = ForeignKeyField(Membership, index=False)
        kind = CharField(max_length=12)
        title = CharField(max_length=60, default='')
        body = TextField(default='')
        state = CharField(max_length=10)
        visibility = CharField(max_length=12, default='public')
        topic = ForeignKeyField(Topic, index=False, null=True)
        is_promo = BooleanField(default=False)
        likes = IntegerField(default=0)
        comments = IntegerField(default=0)
        comments_open = BooleanField(default=True)
        version = IntegerField(default=1)
        op_id = CharField(max_length=40)
        return_reason = CharField(max_length=200, default='')
        created_at = DateTimeField()
        published_at = DateTimeField(null=True)
        edited_at = DateTimeField(null=True)
        withdrawn_at = DateTimeField(index=True, null=True)
        pinned_until = DateTimeField(null=True)
        featured_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'post'
            constraints = [Check("likes >= 0 AND comments >= 0", name="post_counts")]
            indexes = ((('neighborhood', 'state', 'is_promo', 'published_at', 'id'), False), (('neighborhood', 'state', 'visibility', 'is_promo', 'published_at', 'id'), False), (('neighborhood', 'state', 'kind', 'published_at', 'id'), False), (('neighborhood', 'state', 'visibility', 'kind', 'published_at', 'id'), False), (('topic', 'state', 'published_at', 'id'), False), (('topic', 'state', 'visibility', 'published_at', 'id'), False), (('neighborhood', 'pinned_until'), False), (('author', 'id'), False), (('author', 'op_id'), True))
    newest = (Post.state, Post.published_at, Post.id)
    Post.add_index(Post.neighborhood, *newest, where=Post.topic.is_null(False), name='post_on_a_topic')
    Post.add_index(Post.neighborhood, Post.visibility, *newest, where=Post.topic.is_null(False), name='post_on_a_topic_for_all')
    Post.add_index(Post.topic, *newest, where=Post.featured_at.is_null(False), name='post_featured')
    db.create_tables([Post])

    class Comment(Model):
        post = ForeignKeyField(Post)
        author = ForeignKeyField(Membership)
        answers = ForeignKeyField('self', null=True)
        body = TextField()
        state = CharField(max_length=10, default='published')
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'comment'
            indexes = ((('post', 'id'), False), (('author', 'op_id'), True))
    db.create_tables([Comment])

    class Heartbeat(Model):
        name = CharField(primary_key=True, max_length=20)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'heartbeat'
    db.create_tables([Heartbeat])

    class HostProfile(Model):
        membership = ForeignKeyField(Membership, unique=True)
        title = CharField(max_length=16, default='绿洲生活主理人')
        mission = CharField(max_length=80, default='')
        mission_signed_at = DateTimeField(null=True)
        greeting = CharField(max_length=120, default='')
        story = TextField(default='')
        skills = CharField(max_length=60, default='')
        hours = CharField(max_length=40, default='')
        class Meta:
            database = db
            table_name = 'host_profile'
    db.create_tables([HostProfile])

    class JobRun(Model):
        job = CharField(max_length=60)
        slot = CharField(max_length=30)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'job_run'
            indexes = ((('job', 'slot'), True),)
    db.create_tables([JobRun])

    class Like(Model):
        post = ForeignKeyField(Post)
        member = ForeignKeyField(Membership)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'like'
            indexes = ((('member', 'post'), True),)
    db.create_tables([Like])

    class Limit(Model):
        key = CharField(primary_key=True, max_length=120)
        busy_until = DoubleField()
        class Meta:
            database = db
            table_name = 'limit'
    db.create_tables([Limit])

    class OutboxMessage(Model):
        channel = CharField(max_length=10)
        sealed = TextField()
        state = CharField(max_length=10, default='waiting')
        tries = IntegerField(default=0)
        created_at = DateTimeField()
        due_at = DateTimeField(index=True)
        expires_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'outbox_message'
    db.create_tables([OutboxMessage])

    class Photo(Model):
        code = CharField(unique=True, max_length=32)
        neighborhood = ForeignKeyField(Neighborhood)
        owner = ForeignKeyField(Membership)
        width = IntegerField()
        height = IntegerField()
        colour = CharField(max_length=7)
        sha256 = CharField(index=True, max_length=64)
        audience = CharField(max_length=12, default='owner')
        consent = BooleanField(default=False)
        used = BooleanField(default=False)
        created_at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'photo'
    db.create_tables([Photo])

    class PostPhoto(Model):
        post = ForeignKeyField(Post)
        photo = ForeignKeyField(Photo, unique=True)
        position = IntegerField()
        class Meta:
            database = db
            table_name = 'post_photo'
            indexes = ((('post', 'position'), False),)
    db.create_tables([PostPhoto])

    class PostRevision(Model):
        post = ForeignKeyField(Post)
        title = CharField(max_length=60, default='')
        body = TextField(default='')
        state = CharField(max_length=10, default='kept')
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'post_revision'
            indexes = ((('state', 'id'), False),)
    db.create_tables([PostRevision])

    class QrToken(Model):
        code_hash = CharField(unique=True, max_length=64)
        code = CharField(max_length=20, default='')
        purpose = CharField(max_length=10)
        neighborhood = ForeignKeyField(Neighborhood)
        membership = ForeignKeyField(Membership, null=True)
        created_at = DateTimeField()
        expires_at = DateTimeField(null=True)
        revoked_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'qr_token'
            indexes = ((('neighborhood', 'purpose'), False),)
    db.create_tables([QrToken])

    class RecoveryCode(Model):
        user = ForeignKeyField(User, unique=True, on_delete='CASCADE')
        code_digest = CharField(max_length=64)
        issued_by = ForeignKeyField(User)
        expires_at = DateTimeField()
        used_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'recovery_code'
    db.create_tables([RecoveryCode])

    class Session(Model):
        user = ForeignKeyField(User, on_delete='CASCADE')
        token_hash = CharField(unique=True, max_length=64)
        device = CharField(max_length=60, default='')
        idle_hours = IntegerField()
        created_at = DateTimeField()
        seen_at = DateTimeField()
        ended_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'session'
    db.create_tables([Session])

    class SignedMission(Model):
        profile = ForeignKeyField(HostProfile)
        text = CharField(max_length=80)
        signed_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'signed_mission'
    db.create_tables([SignedMission])

    class SignInCode(Model):
        phone_digest = CharField(max_length=64)
        purpose = CharField(max_length=10)
        code_digest = CharField(max_length=64)
        asked_by = CharField(max_length=64)
        tries = IntegerField(default=0)
        created_at = DateTimeField()
        expires_at = DateTimeField()
        class Meta:
            database = db
            table_name = 'sign_in_code'
            indexes = ((('phone_digest', 'purpose'), True),)
    db.create_tables([SignInCode])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('sign_in_code'))
    migrator.migrate(migrator.drop_table('signed_mission'))
    migrator.migrate(migrator.drop_table('session'))
    migrator.migrate(migrator.drop_table('recovery_code'))
    migrator.migrate(migrator.drop_table('qr_token'))
    migrator.migrate(migrator.drop_table('post_revision'))
    migrator.migrate(migrator.drop_table('post_photo'))
    migrator.migrate(migrator.drop_table('photo'))
    migrator.migrate(migrator.drop_table('outbox_message'))
    migrator.migrate(migrator.drop_table('limit'))
    migrator.migrate(migrator.drop_table('like'))
    migrator.migrate(migrator.drop_table('job_run'))
    migrator.migrate(migrator.drop_table('host_profile'))
    migrator.migrate(migrator.drop_table('heartbeat'))
    migrator.migrate(migrator.drop_table('comment'))
    migrator.migrate(migrator.drop_table('post'))
    migrator.migrate(migrator.drop_table('topic'))
    migrator.migrate(migrator.drop_table('audit_log'))
    migrator.migrate(migrator.drop_table('action'))
    migrator.migrate(migrator.drop_table('membership'))
    migrator.migrate(migrator.drop_table('neighborhood'))
    migrator.migrate(migrator.drop_table('district'))
    migrator.migrate(migrator.drop_table('user'))
