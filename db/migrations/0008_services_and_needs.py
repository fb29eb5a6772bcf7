"""便民服务 and 需求墙: what is around here, what neighbours say of it; what they need, and who needs it too."""
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

    class Need(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        author = ForeignKeyField(Membership, index=False)
        anonymous = BooleanField(default=False)
        category = CharField(max_length=10)
        body = CharField(max_length=200)
        state = CharField(max_length=10)
        held_for = CharField(max_length=10, default='')
        return_reason = CharField(max_length=200, default='')
        supports = IntegerField(default=0)
        answered_url = CharField(max_length=200, default='')
        answered_note = CharField(max_length=200, default='')
        answered_at = DateTimeField(null=True)
        merged_into = ForeignKeyField('self', null=True)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        answer_by = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'need'
            indexes = ((('neighborhood', 'state', 'supports', 'id'), False), (('neighborhood', 'state', 'category', 'supports', 'id'), False), (('author', 'op_id'), True))
            constraints = [Check("supports >= 0", name="need_counts")]
    db.create_tables([Need])

    class NeedSupport(Model):
        need = ForeignKeyField(Need)
        member = ForeignKeyField(Membership, index=False)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'need_support'
            indexes = ((('member', 'need'), True),)
    db.create_tables([NeedSupport])

    class Service(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        category = CharField(max_length=10)
        name = CharField(max_length=30)
        phone = CharField(max_length=20)
        hours = CharField(max_length=40, default='')
        address = CharField(max_length=60, default='')
        note = CharField(max_length=200, default='')
        paid = BooleanField(default=False)
        twin_key = CharField(max_length=60)
        state = CharField(max_length=10)
        held_for = CharField(max_length=10, default='')
        return_reason = CharField(max_length=200, default='')
        suggested_by = ForeignKeyField(Membership, index=False)
        op_id = CharField(max_length=40)
        recommends = IntegerField(default=0)
        created_at = DateTimeField()
        verified_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'service'
            indexes = ((('neighborhood', 'state', 'category', 'recommends', 'id'), False), (('suggested_by', 'op_id'), True))
            constraints = [Check("recommends >= 0", name="service_counts")]
    Service.add_index(Service.neighborhood, Service.twin_key, unique=True, where=Service.state.in_(('pending', 'published')), name='service_twin')
    db.create_tables([Service])

    class ServiceRecommend(Model):
        service = ForeignKeyField(Service)
        member = ForeignKeyField(Membership, index=False)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'service_recommend'
            indexes = ((('member', 'service'), True),)
    db.create_tables([ServiceRecommend])

    class ServiceStill(Model):
        service = ForeignKeyField(Service)
        member = ForeignKeyField(Membership, index=False)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'service_still'
            indexes = ((('member', 'service'), True),)
    db.create_tables([ServiceStill])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('service_still'))
    migrator.migrate(migrator.drop_table('service_recommend'))
    migrator.migrate(migrator.drop_table('service'))
    migrator.migrate(migrator.drop_table('need_support'))
    migrator.migrate(migrator.drop_table('need'))
