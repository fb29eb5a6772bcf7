"""兑换: a neighbour asks for a reward, its points are held and a piece is hers until she fetches it (R38, R29, §2.2).

Stock, points and the row move in one transaction, in this order: reward, redemption, notices, membership. What the host does with
it stands in db/counter.py.
"""

from datetime import timedelta

from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, Value

from db import activity, audit, households, limits, notices, points, rewards
from db.base import Refused, Table, new_code, writing
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.photos import Photo
from db.point_entries import PointEntry
from db.rewards import Reward

STATES = {
    "held": "等主理人备好",
    "ready": "可以去领了",
    "fulfilled": "已经领到",
    "cancelled": "已取消",
    "refused": "没能给到",
    "expired": "过期没领",
}
TRANSITIONS = {
    ("held", "ready"),
    ("ready", "fulfilled"),
    *((waits, end) for waits in ("held", "ready") for end in ("cancelled", "refused", "expired")),
}
WAITS = ("held", "ready")
COUNTED = (*WAITS, "fulfilled")  # these take one of what a person or a home may have
CODE = 6
PAGE = 30
REASONS = {"cancelled": "取消了兑换", "refused": "主理人没能给到", "expired": "过期没领"}  # in the book of points
FORGETS_HOMES = timedelta(days=30)


class Redemption(Table):
    reward = ForeignKeyField(Reward, backref="+", index=False)
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    member = ForeignKeyField(Membership, backref="+", index=False)
    code = CharField(max_length=CODE)  # shown to whoever hands it over
    state = CharField(max_length=10)  # see TRANSITIONS
    price_at = IntegerField()  # what it cost when it was asked for
    nth = IntegerField()  # her first, second … of this reward
    household = CharField(max_length=64, null=True)  # see db/households.py
    household_nth = IntegerField(default=0)
    op_id = CharField(max_length=40)
    reason = CharField(max_length=200, default="")  # why the host could not give it
    created_at = DateTimeField()
    expires_at = DateTimeField()
    reminded_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)
    handed_by = ForeignKeyField(User, null=True, backref="+", index=False)

    class Meta:
        indexes = (
            (("neighborhood", "code"), True),
            (("member", "op_id"), True),
            (("member", "id"), False),
            (("reward", "member"), False),
            (("reward", "household"), False),
            (("neighborhood", "state", "id"), False),
            (("state", "expires_at"), False),
        )

    def lapsed(self, now):
        """Whether its time at the pickup place is over, though the clock's hand has not been here yet."""
        return self.state in WAITS and now >= self.expires_at

    def shown_state(self, now):
        """Where it stands at this moment; every page asks here (G15)."""
        return "expired" if self.lapsed(now) else self.state

    def state_name(self, now):
        return STATES[self.shown_state(now)]

    def waits(self, now):
        return self.shown_state(now) in WAITS

    def is_of(self, member):
        return member is not None and member.id == self.member_id

    @property
    def letters(self):
        """The code in two halves, to be read and typed."""
        return f"{self.code[:3]} {self.code[3:]}"


Redemption.add_index(
    Redemption.reward, Redemption.member, Redemption.nth, unique=True, where=Redemption.state.in_(COUNTED), name="redemption_each"
)
Redemption.add_index(
    Redemption.reward, Redemption.household, Redemption.household_nth, unique=True,
    where=Redemption.state.in_(COUNTED) & Redemption.household.is_null(False), name="redemption_household",
)  # fmt: skip


def whole():
    """Redemptions with reward, photo, whose they are, and who handed them over."""
    hand = User.alias()
    return (
        Redemption.select(Redemption, Reward, Photo, Membership, User, hand)
        .join(Reward)
        .join(Photo, JOIN.LEFT_OUTER)
        .switch(Redemption)
        .join(Membership)
        .join(User, on=Membership.user == User.id)
        .switch(Redemption)
        .join(hand, JOIN.LEFT_OUTER, on=Redemption.handed_by == hand.id, attr="hand")
    )


def find(neighborhood, redemption_id):
    """One of this 小区, with reward and neighbour, or None (G1)."""
    return whole().where((Redemption.id == redemption_id) & (Redemption.neighborhood == neighborhood.id)).first()


def of_member(member, before=0):
    """(redemptions, id to go on before or 0): what this neighbour asked for, the latest first."""
    mine = Redemption.member == member.id
    if before:
        mine &= Redemption.id < before
    found = list(whole().where(mine).order_by(Redemption.id.desc()).limit(PAGE + 1))
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0


def had(member, reward):
    """Those of this reward that count for her limit: what waits for her, and what she has fetched; the waiting ones first."""
    hers = (Redemption.reward == reward.id) & (Redemption.member == member.id)
    rows = Redemption.select().where(hers & Redemption.state.in_(("held", "ready", "fulfilled")))
    return sorted(rows, key=lambda row: (row.state == "fulfilled", -row.id))


def count_waiting(member):
    """How many things wait to be fetched by her."""
    return Redemption.select().where((Redemption.member == member.id) & Redemption.state.in_(WAITS)).count()


def count_open(neighborhood):
    """How many things wait to be fetched in this 小区."""
    return Redemption.select().where((Redemption.neighborhood == neighborhood.id) & Redemption.state.in_(WAITS)).count()


def path(redemption, slug):
    """Where its asker finds it."""
    return f"/n/{slug}/store/mine/{redemption.id}"


def redeem(member, reward, now, *, op_id, price, building="", door="", by=None, reason=""):
    """Ask for one piece at the price one has seen; the same `op_id` again gives the first one back (G5).

    `by` is the host who does it for a neighbour without a phone: audited, and she is told. With a `reason` the host lets a home
    that had its share have another one. Refused (409): not to be had now, another price, enough had, too few points; beside
    the field: no home said where it is asked for."""
    if by is not None and reason:
        reason = audit.reason_of(reason)
    first = (Redemption.member == member.id) & (Redemption.op_id == op_id)
    try:
        with writing():
            now_is = rewards.taken(reward.id)  # whether homes are asked for may have changed since the page was read
            if done := Redemption.get_or_none(first):
                return done
            home = households.key(now_is.neighborhood_id, building, door) if now_is.per_household else None
            return _redeem(member, now_is, now, op_id, price, home, by, reason)
    except IntegrityError as error:
        raise Refused("moved-on", "刚刚有人和您同时操作，请再按一次") from error


def _redeem(member, reward, now, op_id, price, home, by, reason):
    if by is None:
        limits.spend("redeem", f"member {member.id}", now)
    rewards.take_one(reward, price, now)
    same_home = _places(reward, Redemption.household == home, Redemption.household_nth) if home else set()
    another = len(same_home) >= reward.per_household > 0
    if another and not (by and reason):
        raise Refused("household-has", _home_has(reward))
    mine = _places(reward, Redemption.member == member.id, Redemption.nth)
    if len(mine) >= reward.per_person > 0 and not (by and reason):
        raise Refused("enough", f"每人最多 {reward.per_person} 件，您已经有了")
    place = member.neighborhood
    redemption = Redemption.create(
        reward=reward, neighborhood=place.id, member=member, code=_fresh_code(place), price_at=reward.price, op_id=op_id,
        state="held" if reward.prepare else "ready", nth=_free(mine), household=home,
        household_nth=_free(same_home) if home else 0, created_at=now, expires_at=now + timedelta(days=reward.keep_days),
    )  # fmt: skip
    if reward.prepare:
        said = f"有邻居{reward.verb}了「{reward.title}」，请备好"
        desk = f"/n/{place.slug}/desk/counter/"
        notices.tell(_hosts(place), "desk", said, desk, now, neighborhood=place, key=f"prepare {reward.id}")
    if by is not None:
        said = f"主理人替您{reward.verb}了「{reward.title}」" + (f"，{reward.price} 积分" if reward.price else "")
        tell(redemption, member.user_id, said, now, place)
        action = "another for a home" if reason else "redeem for"
        record(action, redemption, by, now, reason or "替邻居兑换", member.user_id)
    if reward.price:
        points.hold(member, reward.price, "Redemption", redemption.id, now, "在积分商店兑换")
    activity.record(member, "redeem", redemption.id, now)
    return redemption


def _home_has(reward):
    many = f"每户 {reward.per_household} 份"
    return f"您家已经有人{reward.verb}过了（{many}）。如果不是一家人，或者有特别的情况，请当面和主理人说一声"


def _places(reward, whose, column):
    wanted = (Redemption.reward == reward.id) & whose & Redemption.state.in_(COUNTED)
    return {row[0] for row in Redemption.select(column).where(wanted).tuples()}


def _free(taken):
    return min(set(range(1, len(taken) + 2)) - taken)


def _fresh_code(place):
    while (
        Redemption.select().where((Redemption.neighborhood == place.id) & (Redemption.code == (code := new_code(CODE)))).exists()
    ):
        pass
    return code


def _hosts(place):
    here = (Membership.neighborhood == place.id) & (Membership.status == "active") & Membership.role.in_(HOSTS)
    return [each.user_id for each in Membership.select(Membership.user).where(here)]


def tell(redemption, user_id, sentence, now, place):
    """Tell whoever asked for it; what happens to one thing is one line. In the caller's transaction."""
    notices.tell([user_id], "store", sentence, path(redemption, place.slug), now, neighborhood=place, key=f"R {redemption.id}")


def record(action, redemption, host, now, reason, subject, **more):
    """The host's line in the audit book, about whoever asked for it. In the caller's transaction."""
    where = redemption.neighborhood_id
    audit.record(action, redemption, actor=host.user, now=now, reason=reason, neighborhood=where, subject=subject, **more)


def taken(redemption):
    """The redemption as it stands now, with its reward taken until this transaction ends."""
    rewards.taken(redemption.reward_id)
    return whole().where(Redemption.id == redemption.id).get()


def move(redemption, to, **values):
    """Carry a redemption along one arrow of TRANSITIONS, in the transaction of its effect; anything not drawn is refused."""
    if (redemption.state, to) not in TRANSITIONS:
        raise moved_on(redemption)
    as_it_was = (Redemption.id == redemption.id) & (Redemption.state == redemption.state)
    if not Redemption.update(state=to, **values).where(as_it_was).execute():
        raise moved_on(redemption)
    redemption.state = to


def moved_on(redemption):
    """The refusal for whoever acts on what is over, or not so far (409)."""
    over = {
        "fulfilled": "这份已经领走了",
        "cancelled": "这份已经取消了，积分和东西都退回去了",
        "refused": "这份已经退回了",
        "expired": "领取的时间过了，积分和东西都退回去了",
    }
    return Refused("moved-on", over.get(redemption.state, "这份刚刚变了，请刷新看看"))


def held_points(redemption):
    """The entry in the book of points that holds its price, or None for a gift."""
    mine = (PointEntry.source_type == "Redemption") & (PointEntry.source_id == redemption.id) & (PointEntry.kind == "hold")
    return PointEntry.get_or_none(mine)


def end(redemption, to, now, said, **values):
    """It will not be fetched: the piece goes back on the shelf and the points are free again, in the caller's transaction,
    with the redemption taken. `said` is what its asker is told, or nothing."""
    move(redemption, to, ended_at=now, **values)
    rewards.put_back(redemption.reward_id)
    if said:
        tell(redemption, redemption.member.user_id, said, now, redemption.member.neighborhood)
    if entry := held_points(redemption):
        points.release(entry, now, REASONS[to])


def back_again(redemption):
    """How a sentence says that the points are back."""
    return f"，{redemption.price_at} 积分退回来了" if redemption.price_at else ""


def cancel(redemption, member, now):
    """Its asker changes her mind, while it waits. Where its time has passed meanwhile, it counts as run out."""
    if not redemption.is_of(member):
        raise Refused("not-yours", "只有自己能取消", status=403)
    with writing():
        now_is = taken(redemption)
        end(now_is, "expired" if now_is.lapsed(now) else "cancelled", now, "")
    return now_is


def let_go(member_ids, now):
    """Whoever leaves for good fetches nothing any more: what waits for her goes back, points and all (db/belongings.py)."""
    waits = Redemption.member.in_(member_ids) & Redemption.state.in_(WAITS)
    for redemption in list(Redemption.select().where(waits).order_by(Redemption.reward, Redemption.id)):
        with writing():
            now_is = taken(redemption)
            if now_is.state in WAITS:
                end(now_is, "cancelled", now, "")


def forget_homes(now):
    """What was asked for once for each home tells nothing of homes a month after it is over (the clock calls it daily)."""
    done = Reward.select(Reward.id).where(rewards.over_since(now, FORGETS_HOMES))
    open_ones = Redemption.state.in_(WAITS)
    old = Redemption.household.is_null(False) & Redemption.reward.in_(done) & ~open_ones
    with writing():
        return Redemption.update(household=None).where(old).execute()


def forget(line, her, now):
    """How many of what were fetched stays, for the stock to add up; nothing tells of her home (db/belongings.py)."""
    Redemption.update(household=None, reason="").where(line.rows(her)).execute()


def fold(member, into):
    """What one membership asked for becomes the other's (db/merging.py). In the caller's transaction."""
    moved = {"op_id": Value("merged ").concat(Redemption.id.cast("TEXT")), "nth": Redemption.id + 1000}
    Redemption.update(member=into.id, **moved).where(Redemption.member == member.id).execute()
