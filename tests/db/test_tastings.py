"""品鉴会: rated by those who were there, once each; what somebody has rated stays on the list (R39)."""

from datetime import timedelta

import pytest

from db import checkins, event_days, tastings, wishes
from db.tastings import TastingRating
from tests import make
from tests.make import refused

SECOND = timedelta(seconds=1)


@pytest.fixture
def tasting(cast, now):
    event = make.event(cast.li, now, kind="tasting", allergy="含花生、牛奶")
    tastings.lay_table(event, cast.li, now, " 赣南脐橙 \n\n老李家的米酒\n赣南脐橙")
    return event


def comes(event, member, now):
    checkins.by_host(event, make.registered(member, event, now), event.creator, event.starts_at)


def test_only_who_is_there_says_how_it_tastes_and_the_last_word_counts(cast, now, tasting):
    orange, wine = tastings.items(tasting)
    assert [orange.name, wine.name] == ["赣南脐橙", "老李家的米酒"]
    with refused("not-there"):
        tastings.rate(cast.wang, tasting, orange, now, face=3)
    comes(tasting, cast.wang, now)
    comes(tasting, cast.chen, now)
    with refused("bad-face", 422):
        tastings.rate(cast.wang, tasting, orange, now, face=4)
    for face in (1, 3):
        tastings.rate(cast.wang, tasting, orange, tasting.starts_at, face=face, words="甜")
    tastings.rate(cast.chen, tasting, orange, tasting.starts_at, face=2)
    best, other = tastings.results(tasting)
    assert (best.item.name, best.count, best.liked, best.words) == ("赣南脐橙", 2, 50, ["甜"]) and other.count == 0
    assert tastings.mine(tasting, cast.wang)[orange.id].face == 3
    week = tasting.ends_at + timedelta(days=7)
    assert tastings.may_rate(tasting, cast.wang, week) and not tastings.may_rate(tasting, cast.wang, week + SECOND)


def test_what_is_rated_stays_on_the_table(cast, now, tasting):
    comes(tasting, cast.wang, now)
    tastings.rate(cast.wang, tasting, tastings.items(tasting)[0], tasting.starts_at, face=3)
    tastings.lay_table(tasting, cast.li, now, "豆腐")
    assert {each.name for each in tastings.items(tasting)} == {"赣南脐橙", "豆腐"} and TastingRating.select().count() == 1
    for wrong in ("", "\n \n", "\n".join(f"第{number}样" for number in range(21)), "样" * 31):
        with pytest.raises(Exception, match="样|字"):
            tastings.lay_table(tasting, cast.li, now, wrong)
    with refused("not-yours", 403):
        tastings.lay_table(tasting, cast.zhao, now, "豆腐")
    with refused("no-tasting"):
        tastings.lay_table(make.event(cast.li, now), cast.li, now, "豆腐")


def test_who_was_at_a_workshop_is_asked_what_to_learn_next(cast, now):
    event = make.event(cast.zhao, now, kind="workshop")
    with refused("not-there"):
        wishes.wish(cast.wang, event, now, "插花")
    comes(event, cast.wang, now)
    for words in ("插花", "做馒头"):
        wishes.wish(cast.wang, event, event.ends_at + timedelta(days=30), words)
    assert wishes.listed(event) == [wishes.of(event, cast.wang)] == ["做馒头"]
    with refused("not-there"):
        wishes.wish(cast.wang, event, event.ends_at + timedelta(days=30, seconds=1), "晚了")
    with refused("no-words", 422):
        wishes.wish(cast.wang, event, event.starts_at, " ")


def test_who_runs_it_says_whom_it_was_good_for(cast, now):
    event = make.event(cast.zhao, now, kind="charity")
    with refused("bad-number", 422):
        event_days.recap(event, cast.zhao, event.ends_at, "捡了十二袋", helped=-1)
    event_days.recap(event, cast.zhao, event.ends_at, "捡了十二袋", helped=30)
    assert type(event).get_by_id(event.id).helped == 30
