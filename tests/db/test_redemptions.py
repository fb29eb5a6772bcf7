"""兑换: a piece and its points go together, once, and come back together, once (R38, R29, I4, I5)."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from peewee import IntegrityError, fn

from db import counter, merging, neighborhoods, point_entries, points, redemptions, rewards
from db.activity import Action
from db.audit import AuditLog
from db.base import Refused, database
from db.members import Membership
from db.notices import Notice
from db.redemptions import COUNTED, STATES, TRANSITIONS, WAITS, Redemption
from db.rewards import Reward
from tests import make, snapshot
from tests.make import at_once, refused

SECOND = timedelta(seconds=1)


def again(redemption):
    return redemptions.find(redemption.neighborhood, redemption.id)


def purse(member):
    """(points, held), after the book has been recounted."""
    assert point_entries.differences() == []
    row = Membership.get_by_id(member.id)
    return row.points, row.points_held


def sold(reward):
    """How many are gone, counted twice."""
    row = Reward.get_by_id(reward.id)
    assert row.sold == Redemption.select().where((Redemption.reward == reward.id) & Redemption.state.in_(COUNTED)).count()
    return row.sold


def told(member):
    return [line.sentence for line in Notice.select().where((Notice.user == member.user_id) & (Notice.kind == "store"))]


@pytest.fixture
def reward(cast, now):
    return make.reward(cast.li, now)


@pytest.fixture
def wang(cast, now):
    return make.rich(cast.wang, now)


def test_points_are_held_and_a_piece_is_hers(wang, reward, now):
    asked = make.redeemed(wang, reward, now, op_id="yicijiugou01")
    assert (asked.state, asked.price_at, purse(wang), sold(reward)) == ("ready", 30, (100, 30), 1)
    assert make.redeemed(wang, reward, now, op_id="yicijiugou01").id == asked.id
    assert purse(wang) == (100, 30) and Action.select().where(Action.kind == "redeem").count() == 1
    assert len(asked.code) == 6 and asked.expires_at == now + timedelta(days=14)


def test_the_same_form_from_sixteen_threads_is_one(wang, reward, now):
    found = at_once(16, lambda _: redemptions.redeem(wang, reward, now, op_id="yicijiugou01", price=30).id)
    assert len(set(found)) == 1 and purse(wang) == (100, 30) and sold(reward) == 1


def test_the_last_point_is_spent_once(wang, reward, now):
    found = at_once(8, lambda number: redemptions.redeem(wang, reward, now, op_id=f"forma{number:08}", price=30))
    assert sum(isinstance(each, Redemption) for each in found) == 3 and purse(wang) == (100, 90) and sold(reward) == 3
    assert {each.code for each in found if isinstance(each, Refused)} <= {"short", "sold-out"}


def test_the_last_piece_goes_to_one(cast, now):
    last = make.reward(cast.li, now, stock=1)
    people = [make.rich(make.neighbor(cast.cuihu, f"邻居{number}", now), now, 30) for number in range(8)]
    found = at_once(8, lambda number: redemptions.redeem(people[number], last, now, op_id="yicijiugou01", price=30))
    assert [each.code for each in found if isinstance(each, Refused)] == ["sold-out"] * 7 and sold(last) == 1
    assert sum(purse(each)[1] for each in people) == 30


def test_what_is_missing_is_said(cast, now, reward):
    poor = make.rich(cast.wang, now, 18)
    with refused("short") as met:
        make.redeemed(poor, reward, now)
    assert met.value.sentence == "还差 12 积分" and sold(reward) == 0 and purse(poor) == (18, 0)


def test_a_balance_below_zero_buys_nothing(cast, now, reward):
    points.earn(cast.wang, "post", "Post", 7, now)
    cheap = make.reward(cast.li, now, price=5)
    counter.hand_over(make.redeemed(cast.wang, cheap, now), cast.li, now)
    points.reverse("Post", 7, now, "帖子看不到了")
    assert purse(cast.wang) == (-5, 0)
    with refused("short"):
        make.redeemed(cast.wang, cheap, now)


def test_a_price_that_changed_is_asked_for_again(wang, reward, now):
    Reward.update(price=50).where(Reward.id == reward.id).execute()
    with refused("price-changed") as met:
        make.redeemed(wang, reward, now, price=30)
    assert "50" in met.value.sentence and purse(wang) == (100, 0) and sold(reward) == 0
    assert make.redeemed(wang, reward, now, price=50).price_at == 50


@pytest.mark.parametrize(("values", "code"), [
    ({"opens_at": SECOND}, "coming"), ({"opens_at": 0 * SECOND}, None), ({"closes_at": SECOND}, None),
    ({"closes_at": 0 * SECOND}, "over"), ({"state": "closed"}, "closed"), ({"state": "draft"}, "draft"),
    ({"sold": 3}, "sold-out"),
])  # fmt: skip
def test_the_clock_and_the_shelf_decide(wang, reward, now, values, code):
    changed = {name: now + value if isinstance(value, timedelta) else value for name, value in values.items()}
    Reward.update(**changed).where(Reward.id == reward.id).execute()
    if code is None:
        assert make.redeemed(wang, reward, now)
        return
    with refused(code):
        make.redeemed(wang, reward, now)
    assert purse(wang) == (100, 0)


def test_each_has_as_many_as_the_host_said(cast, wang, now):
    reward = make.reward(cast.li, now, per_person=2, stock=9, price=10)
    first, _ = make.redeemed(wang, reward, now), make.redeemed(wang, reward, now)
    with refused("enough"):
        make.redeemed(wang, reward, now)
    redemptions.cancel(first, wang, now)
    found = at_once(8, lambda number: redemptions.redeem(wang, reward, now, op_id=f"forma{number:08}", price=10))
    assert sum(isinstance(each, Redemption) for each in found) == 1 and sold(reward) == 2


def test_a_gift_goes_to_each_home_once(cast, now):
    gift = make.reward(cast.li, now, "中秋月饼", kind="gift")
    with refused("bad-home", 422):
        make.redeemed(cast.wang, gift, now)
    had = make.redeemed(cast.wang, gift, now, building="3栋", door="2单元501")
    assert had.price_at == 0 and redemptions.held_points(had) is None and had.expires_at == now + timedelta(days=7)
    assert "501" not in had.household and "3" not in Membership.get_by_id(cast.zhao.id).building
    with refused("household-has") as met:
        make.redeemed(cast.zhao, gift, now, building="三栋", door="2-0501")
    assert "主理人" in met.value.sentence and sold(gift) == 1
    assert make.redeemed(cast.zhao, gift, now, building="8栋", door="2-501")


def test_a_home_of_many_hands_has_one(cast, now):
    gift = make.reward(cast.li, now, kind="gift", stock=9)
    family = [make.neighbor(cast.cuihu, f"家人{number}", now) for number in range(8)]
    door = {"building": "3栋", "door": "501", "price": 0}
    found = at_once(8, lambda number: redemptions.redeem(family[number], gift, now, op_id="yicijiugou01", **door))
    assert [each.code for each in found if isinstance(each, Refused)] == ["household-has"] * 7 and sold(gift) == 1


def test_the_host_may_give_a_home_another_one_and_says_why(cast, now):
    gift = make.reward(cast.li, now, kind="gift")
    door = {"building": "3栋", "door": "501"}
    make.redeemed(cast.wang, gift, now, **door)
    with refused("household-has"):
        make.redeemed(cast.chen, gift, now, by=cast.li, **door)
    with refused("reason-needed", 422):
        make.redeemed(cast.chen, gift, now, by=cast.li, reason="嗯", **door)
    make.redeemed(cast.chen, gift, now, by=cast.li, reason="合租的两家人", **door)
    line = AuditLog.get(AuditLog.action == "another for a home")
    assert (line.reason, line.subject_id, line.actor_id) == ("合租的两家人", cast.chen.user_id, cast.li.user_id)
    assert told(cast.chen) == ["主理人替您登记了「手工荠菜馄饨」"] and sold(gift) == 2


def test_the_host_asks_for_a_neighbour_without_a_phone(cast, wang, reward, now):
    asked = make.redeemed(wang, reward, now, by=cast.li)
    assert AuditLog.get(AuditLog.action == "redeem for").subject_id == wang.user_id
    assert asked.member_id == wang.id and told(wang) == ["主理人替您兑换了「手工荠菜馄饨」，30 积分"]


def test_a_change_of_mind_gives_everything_back(cast, wang, reward, now):
    asked = make.redeemed(wang, reward, now)
    with refused("not-yours", 403):
        redemptions.cancel(asked, cast.zhao, now)
    redemptions.cancel(asked, wang, now)
    assert (again(asked).state, purse(wang), sold(reward)) == ("cancelled", (100, 0), 0)
    with refused("moved-on"):
        redemptions.cancel(asked, wang, now)


def test_what_ran_out_meanwhile_cannot_be_cancelled_but_comes_back(wang, reward, now):
    asked = make.redeemed(wang, reward, now)
    redemptions.cancel(asked, wang, asked.expires_at)
    assert (again(asked).state, purse(wang), sold(reward)) == ("expired", (100, 0), 0)


def test_only_drawn_arrows_lead_on(wang, reward, now):
    asked = make.redeemed(wang, reward, now)
    for state, to in product(STATES, STATES):
        Redemption.update(state=state).where(Redemption.id == asked.id).execute()
        row = again(asked)
        if (state, to) in TRANSITIONS:
            redemptions.move(row, to)
            assert again(asked).state == to
        else:
            with refused("moved-on"):
                redemptions.move(row, to)


def test_the_table_is_the_one_of_the_mission():
    assert {pair for pair in TRANSITIONS if pair[1] not in {"cancelled", "refused", "expired"}} == {
        ("held", "ready"),
        ("ready", "fulfilled"),
    }
    assert {source for source, _ in TRANSITIONS} == set(WAITS)


def test_the_indexes_hold_what_each_may_have(wang, reward, now):
    asked = make.redeemed(wang, reward, now)
    other = make.redeemed(wang, reward, now)
    Redemption.update(household="h", household_nth=1).where(Redemption.id == asked.id).execute()
    for wrong in ({"nth": asked.nth}, {"household": "h", "household_nth": 1}, {"code": asked.code}, {"op_id": asked.op_id}):
        with pytest.raises(IntegrityError), database.atomic():
            Redemption.update(**wrong).where(Redemption.id == other.id).execute()


def test_two_who_were_one_have_one_list(cast, wang, reward, now):
    asked, other = make.redeemed(wang, reward, now), make.redeemed(make.rich(cast.chen, now), reward, now)
    merging.merge(cast.chen.user, wang.user, None, now, "同一位邻居")
    assert {each.id for each in redemptions.of_member(wang)[0]} == {asked.id, other.id}
    redemptions.cancel(again(other), wang, now)
    counter.hand_over(again(asked), cast.li, now)
    assert purse(wang) == (170, 0) and sold(reward) == 1


def test_whoever_leaves_for_good_leaves_nothing_on_hold(cast, wang, reward, now):
    make.redeemed(wang, reward, now)
    redemptions.let_go([wang.id], now)
    assert purse(wang) == (100, 0) and sold(reward) == 0


def test_homes_are_forgotten_a_month_after(cast, now):
    gift = make.reward(cast.li, now, kind="gift", closes_at=now + timedelta(days=3))
    had = make.redeemed(cast.wang, gift, now, building="3栋", door="501")
    counter.hand_over(had, cast.li, now)
    assert redemptions.forget_homes(gift.closes_at + timedelta(days=30) - SECOND) == 0
    assert redemptions.forget_homes(gift.closes_at + timedelta(days=30)) == 1 and again(had).household is None


class Shop(RuleBasedStateMachine):
    """Whatever neighbours and host do, in whatever order: pieces and points add up after every step."""

    @initialize()
    def open(self):
        snapshot.empty()
        self.now = datetime(2026, 3, 20, 4)
        place = neighborhoods.found("cuihu", "翠湖花园", self.now)
        self.host = make.host(place, "李姐", self.now)
        self.members = [make.rich(make.neighbor(place, name, self.now), self.now, 60) for name in ("王阿姨", "赵敏")]
        self.rewards = [
            make.reward(self.host, self.now, stock=2, price=25, per_person=2),
            make.reward(self.host, self.now, stock=2, price=10, prepare=True),
            make.reward(self.host, self.now, kind="gift", stock=1),
        ]

    @rule(who=some.integers(0, 1), what=some.integers(0, 2), form=some.integers(0, 6))
    def ask(self, who, what, form):
        home = {"building": "3栋", "door": "501"}
        self._try(
            redemptions.redeem, self.members[who], self.rewards[what], self.now, op_id=f"form{form:08}",
            price=self.rewards[what].price, **home,
        )  # fmt: skip

    @rule(which=some.integers(0, 5), act=some.sampled_from(["cancel", "ready", "hand_over", "refuse"]))
    def settle(self, which, act):
        rows = list(redemptions.whole().order_by(Redemption.id.desc()).limit(6))
        if which < len(rows):
            row = rows[which]
            if act == "cancel":
                self._try(redemptions.cancel, row, row.member, self.now)
            else:
                more = ("今天没有货了",) if act == "refuse" else ()
                self._try(getattr(counter, act), row, self.host, self.now, *more)

    @rule(days=some.sampled_from([1, 8, 15]))
    def wait(self, days):
        self.now += timedelta(days=days)
        counter.remind_due(self.now)
        counter.expire_due(self.now)

    @rule(who=some.integers(0, 1), number=some.integers(0, 3))
    def earn_or_lose(self, who, number):
        post = 10 * who + number
        if points.earn(self.members[who], "post", "Post", post, self.now) is None:
            points.reverse("Post", post, self.now, "帖子看不到了")

    def _try(self, act, *told, **more):
        try:
            act(*told, **more)
        except Refused as refused:
            assert refused.status in {409, 422} and refused.sentence
        except point_entries.OtherParameters:
            pass

    @invariant()
    def everything_adds_up(self):
        assert point_entries.differences() == []
        for reward in self.rewards:
            assert 0 <= sold(reward) <= reward.stock
        for member in self.members:
            mine = (Redemption.member == member.id) & Redemption.state.in_(WAITS)
            promised = Redemption.select(fn.COALESCE(fn.SUM(Redemption.price_at), 0)).where(mine).scalar()
            assert purse(member)[1] == promised
        assert Redemption.select().where((Redemption.reward == self.rewards[2].id) & Redemption.state.in_(COUNTED)).count() <= 1


def test_any_order_of_things_adds_up(db):
    run_state_machine_as_test(Shop, settings=settings(max_examples=8, stateful_step_count=25, deadline=None))


def test_the_shelf_of_another_place_is_another(cast, wang, reward, now):
    asked = make.redeemed(wang, reward, now)
    assert redemptions.find(cast.yangguangli, asked.id) is None and rewards.find(cast.yangguangli, reward.id) is None


def test_whether_a_home_is_asked_for_is_decided_by_the_reward_as_it_is_now(cast, now):
    reward = make.reward(cast.li, now)
    wang = make.rich(cast.wang, now)
    Reward.update(per_household=1).where(Reward.id == reward.id).execute()  # while the page of it was open
    with refused("bad-home", 422):
        redemptions.redeem(wang, reward, now, op_id="stale0000001", price=30)
    assert sold(reward) == 0
    asked = redemptions.redeem(wang, reward, now, op_id="stale0000001", price=30, building="3栋", door="501")
    assert asked.household and sold(reward) == 1
