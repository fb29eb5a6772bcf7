"""已回应: told to everybody who needs it; two needs that say the same become one, and everybody in them counts once."""

from datetime import timedelta

import pytest

from db import answers, needs
from db.needs import Need, NeedSupport, set_support
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

DAY = timedelta(days=1)


def again(need):
    return needs.find(need.neighborhood, need.id)


def answered(need, cast, now):
    answers.answer(again(need), cast.li, now, url="/n/cuihu/services/", note="名录里有三家")
    return again(need)


def test_everybody_who_needs_it_is_told_once(cast, now):
    need = make.need(cast.zhao, now)
    set_support(cast.wang, need, True, now)
    need = answered(need, cast, now)
    assert (need.answered_url, need.answered_note, need.answered_at) == ("/n/cuihu/services/", "名录里有三家", now)
    told = {notice.user_id: notice for notice in Notice.select()}
    assert set(told) == {cast.zhao.user_id, cast.wang.user_id}
    assert all(each.kind == "need" and "名录里有三家" in each.sentence for each in told.values())
    answers.reopen(need, cast.li, now, "三家都不上门")
    assert (again(need).state, again(need).answered_url, again(need).answer_by) == ("open", "", need.answer_by)


@pytest.mark.parametrize(
    ("url", "note", "field"),
    [("/n/yangguangli/", "好好的话", "link"), ("https://evil.example/", "好好的话", "link"), ("", "好好的话", "link"),
     ("/n/cuihu/" + "a" * 200, "好好的话", "link"), ("/n/cuihu/", "短", "note"), ("/n/cuihu/", "长" * 201, "note")],
)  # fmt: skip
def test_an_answer_is_words_and_a_page_of_ones_own_place(cast, now, url, note, field):
    need = make.need(cast.zhao, now)
    with pytest.raises(needs.Refused) as met:
        answers.answer(again(need), cast.li, now, url=url, note=note)
    assert (met.value.status, met.value.field) == (422, field) and again(need).state == "open"


def test_merged_they_keep_everybody_once(cast, now):
    need, into = make.need(cast.zhao, now), make.need(cast.li, now, "周末有人一起爬山吗")
    for member, one in ((cast.wang, need), (cast.wang, into), (cast.chen, need)):
        set_support(member, one, True, now)
    answers.merge(again(need), again(into), cast.li, now)
    members = [row.member_id for row in NeedSupport.select().where(NeedSupport.need == into.id)]
    assert sorted(members) == sorted(each.id for each in (cast.li, cast.zhao, cast.wang, cast.chen))
    assert again(into).supports == 4 and (again(need).merged_into_id, again(need).supports) == (into.id, 0)
    assert {notice.user_id for notice in Notice.select()} == {cast.zhao.user_id, cast.wang.user_id, cast.chen.user_id}
    with refused("moved-on"):
        answers.merge(again(into), again(need), cast.li, now)
    with refused("same"):
        answers.merge(again(into), again(into), cast.li, now)
    assert again(into).state == "open"


def test_merged_while_neighbours_tap_nobody_is_lost(cast, now):
    need, into = make.need(cast.zhao, now), make.need(cast.li, now, "周末有人一起爬山吗")
    crowd = [cast.wang, cast.chen]

    def act(number):
        if number == 3:
            return answers.merge(again(need), again(into), cast.li, now)
        return set_support(crowd[number % 2], (need, into)[number % 3 == 0], True, now)

    at_once(10, act)
    for each in Need.select():
        assert each.supports == NeedSupport.select().where(NeedSupport.need == each.id).count()


def test_answered_within_fourteen_days_is_counted_once_they_are_over(cast, now):
    quick = make.need(cast.zhao, now, "附近哪里能修拉链")
    slow = make.need(cast.zhao, now, "周末有人一起爬山吗")
    make.need(cast.zhao, now, "想学包粽子")
    closed = make.need(cast.zhao, now, "孩子放学没人接")
    needs.close(again(closed), cast.zhao, now)
    assert answers.answered_in_time(cast.cuihu, now + 13 * DAY) == (0, 0)
    answered(quick, cast, now + 14 * DAY), answered(slow, cast, now + 15 * DAY)
    assert answers.answered_in_time(cast.cuihu, now + 15 * DAY) == (1, 3)
    assert answers.answered_in_time(cast.cuihu, now + 400 * DAY) == answers.answered_in_time(cast.yangguangli, now) == (0, 0)
