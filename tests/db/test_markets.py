"""市集: booths, programme, map and card, planned by whoever runs it, on a market only (R48)."""

import pytest

from db import belongings, forgetting, markets, scans, stamp_prizes, stamps, targets
from db.audit import AuditLog
from db.base import writing
from db.markets import Booth, ProgrammeItem
from tests import make, stalls
from tests.make import at_once, refused
from tests.stalls import HOUR


@pytest.fixture
def event(cast, now):
    return stalls.market(cast.li, now)


def test_a_booth_sent_twice_is_one_and_its_code_leads_to_it(cast, now, event):
    made = at_once(3, lambda _: markets.add_booth(event, cast.li, now, zone="分享角", name="赵敏的酵素"))
    assert len({each.id for each in made}) == 1 and Booth.select().count() == 1
    code = scans.codes_for(cast.cuihu, "booth", [made[0].id])[made[0].id]
    token = scans.find(code)
    assert (token.purpose, token.target_type) == ("booth", "booth")
    target = targets.find(cast.cuihu, "booth", made[0].id)
    assert target.path == f"/n/cuihu/booths/{made[0].id}" and target.stands
    assert targets.find(cast.yangguangli, "booth", made[0].id) is None
    with refused("same-name", 422):
        markets.add_booth(event, cast.li, now, zone="亲子游戏区", name="赵敏的酵素")


def test_booths_stand_zone_by_zone_as_they_were_first_named(cast, now, event):
    for zone, name in (("乙区", "一"), ("甲区", "二"), ("乙区", "三")):
        stalls.booth(event, cast.li, now, name, zone)
    assert [each.name for each in markets.booths(event)] == ["一", "三", "二"]
    assert list(markets.zones(markets.booths(event))) == ["乙区", "甲区"]


@pytest.mark.parametrize("wrong", [{"zone": ""}, {"name": "  "}, {"keeper_id": 10**9}])
def test_what_a_booth_needs(cast, now, event, wrong):
    with refused({"zone": "no-words", "name": "no-words", "keeper_id": "no-keeper"}[next(iter(wrong))], 422):
        markets.add_booth(event, cast.li, now, **{"zone": "分享角", "name": "酵素"} | wrong)


def test_only_who_runs_it_plans_and_only_a_market_is_planned(cast, now, event):
    booth = stalls.booth(event, cast.li, now, "酵素")
    for act in (
        lambda: markets.add_booth(event, cast.wang, now, zone="区", name="别的"),
        lambda: markets.rewrite_booth(booth, cast.wang, now, zone="区", name="别的"),
        lambda: stamps.drop_booth(booth, cast.wang, now),
        lambda: markets.add_item(event, cast.wang, now, starts_at=now, title="开市"),
        lambda: markets.plan_card(event, cast.wang, now, wanted=1, prize="薄荷", prizes=1),
        lambda: markets.draw_map(event, cast.wang, now, make.photo(cast.wang, now).code),
        lambda: markets.tell_state(booth, cast.wang, now, queue=1, stock=None),
    ):
        with refused("not-yours", 403):
            act()
    with refused("no-market"):
        markets.add_booth(make.event(cast.li, now), cast.li, now, zone="区", name="别的")


def test_a_booth_keeps_its_code_when_it_is_called_otherwise(cast, now, event):
    booth = stalls.booth(event, cast.li, now, "酵素")
    code = scans.codes_for(cast.cuihu, "booth", [booth.id])
    markets.rewrite_booth(booth, cast.li, now, zone="分享角", name="酵素和茶")
    assert scans.codes_for(cast.cuihu, "booth", [booth.id]) == code
    assert AuditLog.select().where(AuditLog.action == "edit booth").count() == 1
    stalls.stamped(booth, cast.wang, now)
    with refused("in-use"):
        stamps.drop_booth(booth, cast.li, now)


def test_the_programme_is_of_that_day_and_in_order(cast, now, event):
    for hours, title in ((1, "剪纸"), (0, "开市"), (1, "剪纸")):
        markets.add_item(event, cast.li, now, starts_at=event.starts_at + hours * HOUR, title=title)
    assert [item.title for item in markets.programme(event)] == ["开市", "剪纸"]
    with refused("bad-time", 422):
        markets.add_item(event, cast.li, now, starts_at=event.ends_at, title="散场")
    markets.drop_item(event, markets.programme(event)[0], cast.li, now)
    assert ProgrammeItem.select().count() == 1


def test_a_card_asks_for_no_more_stamps_than_there_are_booths(cast, now, event):
    stalls.booth(event, cast.li, now, "酵素")
    with refused("too-many", 422):
        markets.plan_card(event, cast.li, now, wanted=2, prize="薄荷", prizes=9)
    with refused("no-words", 422):
        markets.plan_card(event, cast.li, now, wanted=1, prize="", prizes=9)
    markets.plan_card(event, cast.li, now, wanted=1, prize="薄荷", prizes=1)
    booth = markets.find_booth(cast.cuihu, Booth.get().id)
    stalls.stamped(booth, cast.wang, now)
    stamp_prizes.give_prize(event, cast.wang, cast.li, now)
    with refused("too-few", 422):
        markets.plan_card(event, cast.li, now, wanted=1, prize="薄荷", prizes=0)


def test_a_booth_that_a_card_needs_stays(cast, now, event):
    booth = stalls.booth(event, cast.li, now, "酵素")
    spare = stalls.booth(event, cast.li, now, "剪纸")
    markets.plan_card(event, cast.li, now, wanted=1, prize="薄荷", prizes=9)
    stamps.drop_booth(spare, cast.li, now)
    with refused("card-too-big"):
        stamps.drop_booth(booth, cast.li, now)


def test_whoever_leaves_takes_her_name_from_her_booth(cast, now, event):
    """Two who have left leave no two booths of one name."""
    booths = [stalls.booth(event, cast.li, now, f"{name}的酵素", words=f"找{name}") for name in ("赵敏", "王阿姨")]
    for booth, member in zip(booths, (cast.zhao, cast.wang), strict=True):
        assert member.user.name in booth.name
        stalls.going(member, event, now, f"KEEP{member.id}")
        markets.rewrite_booth(booth, cast.li, now, zone="甲", name=booth.name, words=booth.words, keeper_id=member.id)
        with writing():
            belongings.forget(forgetting.person(member.user), now)
    left = list(Booth.select().order_by(Booth.id))
    assert [each.name for each in left] == ["搬走的邻居的酵素", f"摊位 {left[1].id}"]
    assert {each.words for each in left} == {"找搬走的邻居"} and not any(each.keeper_id for each in left)
    told = [token.label for token in scans.QrToken.select()] + [line.before + line.after for line in AuditLog.select()]
    assert not any(name in each for each in told for name in ("赵敏", "王阿姨"))


def test_a_new_map_takes_the_place_of_the_old_one(cast, now, event):
    first, second = (make.photo(cast.li, now) for _ in range(2))
    for photo in (first, second):
        markets.draw_map(event, cast.li, now, photo.code)
    assert markets.of(event).map_photo.code == second.code and markets.of(event).map_photo.audience == "public"
    with refused("no-photo", 422):
        markets.draw_map(event, cast.li, now, first.code)
