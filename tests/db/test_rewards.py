"""积分商店: what stands on the shelf, for how much, until when."""

from datetime import timedelta
from itertools import product

import pytest
from peewee import IntegrityError

from db import rewards
from db.audit import AuditLog
from db.base import database
from db.photos import Photo
from db.rewards import KINDS, STANDINGS, TRANSITIONS, Reward
from tests import make
from tests.make import at_once, refused

SECOND = timedelta(seconds=1)
TOLD = {"title": "荠菜馄饨", "price": 30, "stock": 3, "per_person": 1, "per_household": 0, "place": "东门驿站", "keep_days": 14}


def again(reward):
    return rewards.find(reward.neighborhood, reward.id)


def rewrite(reward, host, now, **values):
    told = {name: getattr(reward, name) for name in (*TOLD, "words", "hours", "opens_at", "closes_at", "prepare")}
    rewards.rewrite(reward, host, now, **(told | values))
    return again(reward)


def test_the_same_form_makes_one(cast, now):
    made = at_once(8, lambda _: rewards.create(cast.li, now, op_id="zuoyigezuoyige", kind="goods", **TOLD).id)
    assert len(set(made)) == 1 and Reward.select().count() == 1


def test_its_window_opens_and_closes_to_the_second(cast, now):
    reward = make.reward(cast.li, now, opens_at=now, closes_at=now + timedelta(days=3))
    assert [reward.standing(now + off) for off in (-SECOND, 0 * SECOND)] == ["coming", "open"]
    end = reward.closes_at
    assert [reward.standing(end + off) for off in (-SECOND, 0 * SECOND, SECOND)] == ["open", "over", "over"]
    assert all(reward.standing_name(now + timedelta(days=day)) in STANDINGS.values() for day in range(-1, 5))


def test_only_drawn_arrows_lead_on(cast, now):
    reward = make.reward(cast.li, now, on_shelf=False)
    for state, to in product(("draft", "open", "closed"), repeat=2):
        Reward.update(state=state).where(Reward.id == reward.id).execute()
        row = again(reward)
        if (state, to) in TRANSITIONS:
            rewards.move(row, to, now)
            assert again(reward).state == to
        else:
            with refused("moved-on"):
                rewards.move(row, to, now)


def test_what_is_over_is_not_put_up(cast, now):
    reward = make.reward(cast.li, now, on_shelf=False, closes_at=now)
    with refused("over"):
        rewards.put_up(reward, cast.li, now)
    assert rewards.shelf(cast.cuihu) == [] and rewards.shelf(cast.cuihu, "draft") == [reward]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"title": ""}, "title"), ({"title": "长" * 31}, "title"), ({"place": " "}, "place"), ({"kind": "money"}, "kind"),
    ({"price": 0}, "price"), ({"price": -1}, "price"), ({"price": 10**9}, "price"), ({"price": True}, "price"),
    ({"price": 1.5}, "price"), ({"stock": -1}, "stock"), ({"stock": 2**31}, "stock"), ({"per_person": 100}, "per_person"),
    ({"per_household": -1}, "per_household"), ({"keep_days": 0}, "keep_days"), ({"words": "长" * 1001}, "words"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_beside_its_field(cast, now, wrong, field):
    with pytest.raises(rewards.Refused) as met:
        rewards.create(cast.li, now, op_id="zuoyigezuoyige", **({"kind": "goods"} | TOLD | wrong))
    assert (met.value.field, met.value.status) == (field, 422) and Reward.select().count() == 0


def test_a_gift_costs_nothing_and_is_one_for_each_home(cast, now):
    gift = make.reward(cast.li, now, "中秋月饼", kind="gift", price=500, per_person=9, per_household=9)
    assert (gift.price, gift.per_person, gift.per_household, gift.keep_days) == (0, 1, 1, 7)
    assert set(KINDS) >= {"gift"} and gift.verb == "领取"


def test_the_database_holds_the_counts(cast, now):
    reward = make.reward(cast.li, now)
    for wrong in ({"sold": 4}, {"sold": -1}, {"price": 0}, {"kind": "gift"}, {"keep_days": 0}, {"per_person": -1}):
        with pytest.raises(IntegrityError), database.atomic():
            Reward.update(**wrong).where(Reward.id == reward.id).execute()


def test_a_changed_price_is_on_record_and_a_draft_is_nobodys_business(cast, now):
    draft = make.reward(cast.li, now, on_shelf=False)
    assert rewrite(draft, cast.li, now, price=40).price == 40 and not AuditLog.select().where(AuditLog.action == "edit reward")
    rewards.put_up(again(draft), cast.li, now)
    rewrite(again(draft), cast.li, now, price=50, stock=9)
    line = AuditLog.get(AuditLog.action == "edit reward")
    assert '"price": 40' in line.before and '"price": 50' in line.after and '"stock": 9' in line.after


def test_the_stock_is_never_less_than_what_is_gone(cast, now):
    reward = make.reward(cast.li, now)
    make.redeemed(make.rich(cast.wang, now), reward, now)
    make.redeemed(make.rich(cast.zhao, now), reward, now)
    with refused("too-few", 422):
        rewrite(again(reward), cast.li, now, stock=1)
    assert rewrite(again(reward), cast.li, now, stock=2).standing(now) == "sold-out"


def test_its_photo_is_seen_when_it_is_on_the_shelf(cast, now):
    photo, other = make.photo(cast.li, now), make.photo(cast.li, now)
    reward = make.reward(cast.li, now, on_shelf=False, photo_code=photo.code)
    assert Photo.get_by_id(photo.id).audience == "owner"
    rewards.put_up(reward, cast.li, now)
    assert Photo.get_by_id(photo.id).audience == "public"
    reward = rewrite(again(reward), cast.li, now, photo_code=other.code)
    assert reward.photo_id == other.id and reward.photo.audience == "public" and not Photo.get_or_none(Photo.id == photo.id)


def test_the_shelf_keeps_the_hosts_order(cast, now):
    first, second, third = (make.reward(cast.li, now, f"第 {number} 件") for number in range(3))
    assert rewards.shelf(cast.cuihu) == [third, second, first]
    rewards.put_first(first, cast.li, now)
    assert AuditLog.get(AuditLog.action == "put reward first").object_id == first.id
    assert rewards.shelf(cast.cuihu) == [first, third, second] and rewards.shelf(cast.yangguangli) == []
