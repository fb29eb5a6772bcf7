"""积分商店: rewards, and what neighbours have asked for of them."""
from peewee import *

COUNTED = ('held', 'ready', 'fulfilled')

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

    class User(Model):
        class Meta:
            database = db
            table_name = 'user'

    class Reward(Model):
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        kind = CharField(max_length=10)
        title = CharField(max_length=30)
        words = TextField(default='')
        photo = ForeignKeyField(Photo, unique=True, null=True, on_delete='SET NULL')
        price = IntegerField()
        stock = IntegerField()
        sold = IntegerField(default=0)
        per_person = IntegerField(default=0)
        per_household = IntegerField(default=0)
        prepare = BooleanField(default=False)
        opens_at = DateTimeField(null=True)
        closes_at = DateTimeField(null=True)
        place = CharField(max_length=40)
        hours = CharField(max_length=40, default='')
        keep_days = IntegerField()
        state = CharField(max_length=10, default='draft')
        position = IntegerField(default=0)
        created_by = ForeignKeyField(Membership, index=False)
        op_id = CharField(max_length=40)
        created_at = DateTimeField()
        closed_at = DateTimeField(null=True)
        class Meta:
            database = db
            table_name = 'reward'
            indexes = ((('neighborhood', 'state', 'position'), False), (('created_by', 'op_id'), True))
            constraints = [
                Check("sold >= 0 AND sold <= stock AND stock <= 100000", name="reward_stock"),
                Check("price BETWEEN 0 AND 1000000 AND (kind = 'gift') = (price = 0)", name="reward_price"),
                Check(
                    "per_person BETWEEN 0 AND 99 AND per_household BETWEEN 0 AND 99 AND keep_days BETWEEN 3 AND 60"
                    " AND (kind <> 'gift' OR per_household = 1)",
                    name="reward_limits",
                ),
                Check("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="reward_window"),
            ]
    db.create_tables([Reward])

    class Redemption(Model):
        reward = ForeignKeyField(Reward, index=False)
        neighborhood = ForeignKeyField(Neighborhood, index=False)
        member = ForeignKeyField(Membership, index=False)
        code = CharField(max_length=6)
        state = CharField(max_length=10)
        price_at = IntegerField()
        nth = IntegerField()
        household = CharField(null=True, max_length=64)
        household_nth = IntegerField(default=0)
        op_id = CharField(max_length=40)
        reason = CharField(max_length=200, default='')
        created_at = DateTimeField()
        expires_at = DateTimeField()
        reminded_at = DateTimeField(null=True)
        ended_at = DateTimeField(null=True)
        handed_by = ForeignKeyField(User, null=True, index=False)
        class Meta:
            database = db
            table_name = 'redemption'
            indexes = (
                (('neighborhood', 'code'), True), (('member', 'op_id'), True), (('member', 'id'), False),
                (('reward', 'member'), False), (('reward', 'household'), False),
                (('neighborhood', 'state', 'id'), False), (('state', 'expires_at'), False),
            )
    counted = Redemption.state.in_(COUNTED)
    Redemption.add_index(
        Redemption.reward, Redemption.member, Redemption.nth, unique=True, where=counted, name='redemption_each'
    )
    Redemption.add_index(
        Redemption.reward, Redemption.household, Redemption.household_nth, unique=True,
        where=counted & Redemption.household.is_null(False), name='redemption_household',
    )
    db.create_tables([Redemption])


def down(migrator, db):
    migrator.migrate(migrator.drop_table('redemption'))
    migrator.migrate(migrator.drop_table('reward'))
