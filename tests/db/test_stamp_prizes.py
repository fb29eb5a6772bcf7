"""集章礼: one for a full card, while there are some; nobody gives one to herself, and each is on record (R48)."""

import pytest

from db import markets, stamp_prizes, stamps
from db.audit import AuditLog
from db.notices import Notice
from db.stamp_prizes import StampPrize
from db.stamps import Stamp
from tests import stalls
from tests.make import at_once, refused


@pytest.fixture
def event(cast, now):
    return stalls.market(cast.li, now)


@pytest.fixture
def booth(cast, now, event):
    return stalls.booth(event, cast.li, now, "酵素")


def full_told(member):
    return Notice.select().where(Notice.user == member.user_id, Notice.sentence.contains("集齐了")).count()


def test_a_full_card_is_worth_one_prize_while_there_are_some(cast, now, event, booth):
    other = stalls.booth(event, cast.li, now, "剪纸")
    markets.plan_card(event, cast.li, now, wanted=2, prize="一盆薄荷", prizes=1)
    for each in (booth, other):
        with refused("too-few"):
            stamp_prizes.give_prize(event, cast.wang, cast.li, now)
        stamps.by_name(each, cast.wang, cast.li, now)
        stamps.by_name(each, cast.chen, cast.li, now)
    assert full_told(cast.wang) == 1
    assert [row[0].id for row in stamp_prizes.full_cards(event)] == [cast.wang.id, cast.chen.id]
    with refused("not-yours", 403):
        stamp_prizes.give_prize(event, cast.wang, cast.wang, now)
    crowd = [cast.wang, cast.chen] * 3
    told = at_once(6, lambda number: stamp_prizes.give_prize(event, crowd[number], cast.li, now))
    assert sum(isinstance(each, StampPrize) for each in told) == 3 and StampPrize.select().count() == 1
    assert markets.of(event).left == 0 and stamp_prizes.of(event, StampPrize.get().member)
    stamp = Stamp.get((Stamp.booth == booth.id) & (Stamp.member == StampPrize.get().member_id))
    with refused("prized"):
        stamp_prizes.turn_away(booth, stamp, cast.li, now)


def test_nobody_gives_a_prize_to_herself_and_each_is_on_record(cast, now, event, booth):
    for member in (cast.li, cast.wang):
        stalls.stamped(booth, member, now)
    markets.plan_card(event, cast.li, now, wanted=1, prize="一盆薄荷", prizes=9)
    with refused("own"):
        stamp_prizes.give_prize(event, cast.li, cast.li, now)
    for _ in range(2):
        stamp_prizes.give_prize(event, cast.wang, cast.li, now)
    line = AuditLog.get(AuditLog.action == "give stamp prize")
    assert (line.actor_id, line.subject_id) == (cast.li.user_id, cast.wang.user_id)


def test_whose_card_is_full_as_fewer_stamps_fill_it_hears_of_it_once(cast, now, event, booth):
    other = stalls.booth(event, cast.li, now, "剪纸")
    plan = {"prize": "一盆薄荷", "prizes": 9}
    stamp_prizes.plan_card(event, cast.li, now, wanted=2, **plan)
    stamps.by_name(booth, cast.wang, cast.li, now)
    for _ in range(2):
        stamp_prizes.plan_card(event, cast.li, now, wanted=1, **plan)
    stamps.by_name(other, cast.wang, cast.li, now)
    assert full_told(cast.wang) == 1 and full_told(cast.chen) == 0
