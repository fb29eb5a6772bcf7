"""互助: requests for a hand, who offers one, and what the two of a match write to each other."""
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

    class Post(Model):
        class Meta:
            database = db
            table_name = 'post'

    class Aid(Model):
        post = ForeignKeyField(Post, unique=True)
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        aid_kind = CharField(max_length=10)
        category = CharField(max_length=10)
        when_text = CharField(max_length=40, default='')
        building = CharField(max_length=12, default='')
        state = CharField(max_length=10, default='open')
        expires_at = DateTimeField()
        renewed = BooleanField(default=False)
        reminded = BooleanField(default=False)
        matched_at = DateTimeField(null=True)
        done_by_author = BooleanField(default=False)
        done_by_helper = BooleanField(default=False)
        thanks = CharField(max_length=140, default='')
        class Meta:
            database = db
            table_name = 'aid'
            indexes = ((('neighborhood', 'state', 'id'), False), (('state', 'expires_at'), False))
            constraints = [Check("state IN ('open', 'matched', 'done', 'expired', 'cancelled')", name='aid_states')]
    db.create_tables([Aid])

    class AidOffer(Model):
        aid = ForeignKeyField(Aid)
        helper = ForeignKeyField(Membership, index=False)
        words = CharField(max_length=140, default='')
        state = CharField(max_length=10, default='offered')
        helper_shares = BooleanField(default=False)
        author_shares = BooleanField(default=False)
        at = DateTimeField()
        class Meta:
            database = db
            table_name = 'aid_offer'
            indexes = ((('aid', 'helper'), True), (('helper', 'id'), False))
    AidOffer.add_index(AidOffer.aid, unique=True, where=AidOffer.state == 'accepted', name='aid_offer_accepted')
    db.create_tables([AidOffer])

    class AidNote(Model):
        offer = ForeignKeyField(AidOffer, index=False)
        author = ForeignKeyField(Membership, index=False)
        words = CharField(max_length=200)
        op_id = CharField(max_length=40)
        at = DateTimeField(index=True)
        class Meta:
            database = db
            table_name = 'aid_note'
            indexes = ((('offer', 'id'), False), (('author', 'op_id'), True))
    db.create_tables([AidNote])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('aid_note'))
    migrator.migrate(migrator.drop_table('aid_offer'))
    migrator.migrate(migrator.drop_table('aid'))
