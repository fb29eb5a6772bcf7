"""积分: a thing pays once, is taken back once, is spent once; and the entries always add up to the balance (I4, I8)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from peewee import DatabaseError, IntegrityError

from db import base, merging, neighborhoods, people, point_entries, point_rules, points
from db.audit import AuditLog
from db.base import database
from db.members import Membership
from db.notices import Notice
from db.point_entries import OtherParameters, PointEntry, account
from tests import make, snapshot
from tests.make import at_once, refused


def has(member):
    """(points, held), after the book has been recounted."""
    assert point_entries.differences() == []
    row = Membership.get_by_id(member.id)
    return row.points, row.points_held


def give(member, now, amount=100):
    """Some points to spend, by hand."""
    return points.adjust(
        member, amount, people.User.get(people.User.staff == "hq"), now, "春日邻里节的谢意", op_id=f"give {member.id} {amount}"
    )


def test_a_source_pays_once_ever(cast, now):
    first = points.earn(cast.wang, "post", "Post", 7, now)
    assert (first.delta, first.kind, first.reason) == (5, "earn", "帖子发布了，邻居们看得到")
    assert points.earn(cast.wang, "post", "Post", 7, now + timedelta(days=40)) is None
    assert points.earn(cast.wang, "post", "Post", 8, now).delta == 5
    assert has(cast.wang) == (10, 0)
    with pytest.raises(OtherParameters):
        points.earn(cast.zhao, "post", "Post", 7, now)


def test_the_same_source_from_sixteen_threads_pays_once(cast, now):
    found = at_once(16, lambda _: points.earn(cast.wang, "comment", "Comment", 3, now))
    assert len([entry for entry in found if entry]) == 1
    assert has(cast.wang) == (1, 0)


def test_a_full_day_stays_full_however_many_hurry(cast, now):
    found = at_once(16, lambda number: points.earn(cast.wang, "comment", "Comment", number, now))
    assert len([entry for entry in found if entry]) == 10
    assert has(cast.wang) == (10, 0)


def test_a_day_ends_at_midnight_in_shanghai(cast):
    late = datetime(2026, 3, 20, 15, 59, 59)  # 23:59:59
    for number in range(10):
        assert points.earn(cast.wang, "comment", "Comment", number, late)
    assert points.earn(cast.wang, "comment", "Comment", 10, late) is None
    assert points.earn(cast.wang, "comment", "Comment", 11, late + timedelta(seconds=1)).delta == 1
    assert points.earned_today(cast.wang, "comment", late + timedelta(seconds=1)) == 1


def test_what_is_hidden_is_taken_back_once_and_paid_back_once(cast, now):
    points.earn(cast.wang, "post", "Post", 7, now)
    for _ in range(2):
        assert len(at_once(8, lambda _: points.reverse("Post", 7, now, "帖子看不到了"))[0]) <= 1
        assert has(cast.wang) == (0, 0)
        at_once(8, lambda _: points.pay_back("Post", 7, now))
        assert has(cast.wang) == (5, 0)
    assert PointEntry.select().count() == 5
    assert points.earned_today(cast.wang, "post", now) == 5  # paid back is not paid anew


def test_what_was_never_paid_is_not_paid_back(cast, now):
    assert points.reverse("Post", 7, now, "帖子看不到了") == points.pay_back("Post", 7, now) == []
    assert points.earn(cast.li, "post", "Post", 8, now) is None  # a host decides over her own posts
    assert points.pay_back("Post", 8, now) == []


def test_a_clawback_goes_below_zero_and_spending_never(cast, now):
    points.earn(cast.wang, "post", "Post", 7, now)
    promised = points.hold(cast.wang, 5, "Redemption", 1, now, "兑换")
    points.reverse("Post", 7, now, "帖子看不到了")
    assert has(cast.wang) == (0, 5)
    points.capture(promised, now, "领取了")
    assert has(cast.wang) == (-5, 0)
    with refused("short") as met:
        points.hold(cast.wang, 1, "Redemption", 2, now, "兑换")
    assert "-5" in met.value.sentence
    points.earn(cast.wang, "post", "Post", 8, now)
    assert has(cast.wang) == (0, 0)
    with pytest.raises(IntegrityError), database.atomic():
        Membership.update(points_held=1).where(Membership.id == cast.wang.id).execute()


def test_a_promise_is_settled_one_way(cast, now):
    give(cast.wang, now)
    spent = points.hold(cast.wang, 30, "Redemption", 1, now, "兑换")
    freed = points.hold(cast.wang, 20, "Redemption", 2, now, "兑换")
    assert points.hold(cast.wang, 30, "Redemption", 1, now, "兑换") == spent
    with pytest.raises(OtherParameters):
        points.hold(cast.wang, 31, "Redemption", 1, now, "兑换")
    assert has(cast.wang) == (100, 50)
    assert points.capture(spent, now, "领取了") == points.capture(spent, now, "领取了")
    assert points.release(freed, now, "取消了") == points.release(freed, now, "取消了")
    for settle, entry in ((points.release, spent), (points.capture, freed)):
        with refused("settled"):
            settle(entry, now, "再来一次")
    assert has(cast.wang) == (70, 0)


def test_the_last_points_are_promised_once(cast, now):
    give(cast.wang, now, 30)
    answers = at_once(16, lambda number: points.hold(cast.wang, 10, "Redemption", number, now, "兑换"))
    assert len([answer for answer in answers if isinstance(answer, PointEntry)]) == 3
    assert {answer.code for answer in answers if not isinstance(answer, PointEntry)} == {"short"}
    assert has(cast.wang) == (30, 30)


def test_capture_and_release_at_once_settle_it_one_way(cast, now):
    give(cast.wang, now, 30)
    promised = points.hold(cast.wang, 10, "Redemption", 1, now, "兑换")
    at_once(8, lambda number: (points.capture if number % 2 else points.release)(promised, now, "定了"))
    assert PointEntry.select().where(PointEntry.answers == promised.id).count() == 1
    assert has(cast.wang) in {(20, 0), (30, 0)}


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1, 1.5, "12", float("inf"), True])
def test_only_whole_numbers_are_points(cast, now, amount):
    with refused("bad-number", 422):
        points.hold(cast.wang, amount, "Redemption", 1, now, "兑换")
    with refused("bad-number", 422):
        points.adjust(cast.wang, amount if amount != -1 else -501, cast.li, now, "写错了数字", op_id="a")
    assert PointEntry.select().count() == 0


def test_a_tap_counts_once_a_pair_and_day_and_waits_two_days(cast, now):
    tap = points.earn(cast.zhao, "useful", "Howto", 1, now, by=cast.wang)
    assert tap.delta == 10 and account(cast.zhao, now).available == 0
    assert points.earn(cast.zhao, "useful", "Howto", 2, now, by=cast.wang) is None  # the same two, the same day
    assert points.earn(cast.zhao, "useful", "Howto", 1, now, by=cast.chen).delta == 10
    assert points.earn(cast.wang, "useful", "Howto", 3, now, by=cast.wang) is None  # herself
    with refused("short") as met:
        points.hold(cast.zhao, 10, "Redemption", 1, now, "兑换")
    assert "过两天" in met.value.sentence
    assert account(cast.zhao, now + points.WAITS).available == 20
    points.reverse("Howto", 1, now, "收回了", rule="useful", givers=[cast.wang.user_id])
    assert account(cast.zhao, now) == (10, 0, 10)
    assert points.earn(cast.zhao, "useful", "Howto", 1, now + timedelta(days=2), by=cast.wang).answers_id  # as it was, not anew
    assert has(cast.zhao) == (20, 0)


def test_twenty_taps_a_day_are_enough(cast, now):
    point_rules.change("useful", cast.lin, now, points=10, daily_cap=0, hq_max=20, reason="试试不封顶")
    crowd = [make.neighbor(cast.cuihu, f"邻居{number}", now) for number in range(22)]
    paid = [points.earn(cast.zhao, "useful", "Howto", 1, now, by=each) for each in crowd]
    assert [bool(entry) for entry in paid] == [True] * 20 + [False] * 2


def test_who_is_gone_earns_nothing(cast, now):
    Membership.update(status="left").where(Membership.id == cast.wang.id).execute()
    assert points.earn(cast.wang, "post", "Post", 7, now) is None


def test_by_hand_with_a_reason_and_never_to_oneself(cast, now):
    entry = points.adjust(cast.wang, 50, cast.li, now, "帮忙搬了一下午桌椅", op_id="one")
    assert points.adjust(cast.wang, 50, cast.li, now, "帮忙搬了一下午桌椅", op_id="one") == entry
    assert has(cast.wang) == (50, 0)
    line = AuditLog.get_by_id(entry.source_id)
    assert (line.action, line.reason, line.subject_id) == ("adjust points", "帮忙搬了一下午桌椅", cast.wang.user_id)
    assert "帮忙" not in entry.reason  # it would outlive her (I18)
    assert Notice.get(Notice.user == cast.wang.user_id).sentence == "加了 50 积分：帮忙搬了一下午桌椅"
    with refused("self", 403):
        points.adjust(cast.li, 5, cast.li, now, "给自己加一点", op_id="two")
    with refused("reason-needed", 422):
        points.adjust(cast.wang, 5, cast.li, now, "好", op_id="three")
    with refused("short", 422):
        points.adjust(cast.wang, -51, cast.li, now, "多给了一些", op_id="four")
    second = make.host(cast.cuihu, "另一位", now)
    with refused("host-stays", 403):
        points.adjust(second, 5, cast.li, now, "互相加一点", op_id="five")
    assert points.adjust(cast.li, 600, cast.lin, now, "办节辛苦了", op_id="six").delta == 600


def test_nobody_changes_the_book(cast, now):
    give(cast.wang, now)
    for change in (PointEntry.update(delta=1000), PointEntry.delete()):
        with pytest.raises(DatabaseError, match="never changed"), database.atomic():
            change.execute()
    assert has(cast.wang) == (100, 0)


def test_a_recount_finds_what_does_not_add_up(cast, now):
    give(cast.wang, now)
    Membership.update(points=107).where(Membership.id == cast.wang.id).execute()
    assert point_entries.differences() == [(cast.wang.id, (107, 0), (100, 0))]
    assert points.recount(now) == 1
    assert "对不上" in Notice.get(Notice.user == cast.lin.id).sentence


def test_two_identities_become_one_and_nothing_is_lost(cast, now):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    points.earn(twin, "post", "Post", 7, now)
    points.earn(cast.wang, "post", "Post", 8, now)
    give(twin, now)
    spent, freed = (points.hold(twin, 10, "Redemption", number, now, "兑换") for number in (1, 2))
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，两次加入")
    assert (has(cast.wang), has(twin)) == ((90, 0), (20, 20))
    points.capture(spent, now, "领取了")
    points.release(freed, now, "取消了")
    assert (has(cast.wang), has(twin)) == ((100, 0), (0, 0))
    points.reverse("Post", 7, now, "帖子看不到了")
    assert (has(cast.wang), has(twin)) == ((95, 0), (0, 0))
    assert points.earn(make.again(cast.wang), "post", "Post", 7, now)  # to be seen again: paid back to who she is now
    assert (has(cast.wang), has(twin)) == ((100, 0), (0, 0))


class Book(RuleBasedStateMachine):
    """Whatever happens in whatever order, the entries add up to the balance, and to a model that knows nothing of entries."""

    steps = 0

    @initialize()
    def two_neighbours(self):
        snapshot.empty()
        self.now = datetime(2026, 3, 20, 4, 0)
        place = neighborhoods.found("cuihu", "翠湖花园", self.now)
        self.hq = make.staff("林总部", "hq", self.now)
        self.crowd = [make.neighbor(place, name, self.now) for name in ("王阿姨", "赵敏")]
        self.points, self.held, self.paid, self.open = [0, 0], [0, 0], {}, []
        self.number = 0

    def fresh(self):
        self.number += 1
        return self.number

    @rule(who=some.integers(0, 1), source=some.integers(1, 6))
    def earn(self, who, source):
        entry = points.earn(self.crowd[who], "win", "Entry", source * 2 + who, self.now)
        stood = self.paid.get((who, source))
        assert bool(entry) == (not stood)
        if entry:
            self.paid[who, source] = True
            self.points[who] += 100

    @rule(who=some.integers(0, 1), source=some.integers(1, 6))
    def reverse(self, who, source):
        done = points.reverse("Entry", source * 2 + who, self.now, "作品撤下了")
        assert len(done) == bool(self.paid.get((who, source)))
        if done:
            self.paid[who, source] = False
            self.points[who] -= 100

    @rule(who=some.integers(0, 1), source=some.integers(1, 6))
    def pay_back(self, who, source):
        done = points.pay_back("Entry", source * 2 + who, self.now)
        assert len(done) == (self.paid.get((who, source)) is False)
        if done:
            self.paid[who, source] = True
            self.points[who] += 100

    @rule(who=some.integers(0, 1), amount=some.integers(1, 250))
    def hold(self, who, amount):
        try:
            entry = points.hold(self.crowd[who], amount, "Redemption", self.fresh(), self.now, "兑换")
        except base.Refused:
            assert self.points[who] - self.held[who] < amount
        else:
            assert self.points[who] - self.held[who] >= amount
            self.held[who] += amount
            self.open.append((who, entry))

    @precondition(lambda self: self.open)
    @rule(which=some.integers(0, 99), spent=some.booleans())
    def settle(self, which, spent):
        who, entry = self.open.pop(which % len(self.open))
        (points.capture if spent else points.release)(entry, self.now, "定了")
        self.held[who] += entry.delta
        self.points[who] += entry.delta if spent else 0

    @rule(who=some.integers(0, 1), delta=some.integers(-300, 300).filter(bool))
    def adjust(self, who, delta):
        try:
            points.adjust(self.crowd[who], delta, self.hq, self.now, "按章程调整", op_id=str(self.fresh()))
        except base.Refused:
            assert delta < 0 and self.points[who] - self.held[who] + delta < 0
        else:
            self.points[who] += delta

    @invariant()
    def adds_up(self):
        if hasattr(self, "crowd"):
            Book.steps += 1
            assert point_entries.differences() == []
            rows = [Membership.get_by_id(each.id) for each in self.crowd]
            assert [(row.points, row.points_held) for row in rows] == list(zip(self.points, self.held, strict=True))


def test_the_book_adds_up_whatever_happens(db):
    run_state_machine_as_test(Book, settings=settings(max_examples=6, stateful_step_count=40, deadline=None, derandomize=True))
