"""话题: open or closed is what the clock says, to the second (R26, G7)."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from db import topics
from db.base import database
from db.neighborhoods import by_slug
from db.topics import Topic
from tests import make
from tests.make import refused

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def _schedule(cast, now, **values):
    told = {"prompt": "晒出你家的拿手菜", "opens_at": now, "closes_at": now + 7 * DAY}
    return topics.schedule(cast.li, now, **(told | values))


def test_it_opens_and_closes_on_the_second(cast, now):
    topic = Topic.get_by_id(_schedule(cast, now, opens_at=now + DAY, closes_at=now + 2 * DAY).id)
    seen = [
        topic.phase(now + DAY - SECOND),
        topic.phase(now + DAY),
        topic.phase(now + 2 * DAY - SECOND),
        topic.phase(now + 2 * DAY),
    ]
    assert seen == ["coming", "open", "open", "closed"]
    listed = [
        len(topics.current(cast.cuihu, at)) for at in (now + DAY - SECOND, now + DAY, now + 2 * DAY - SECOND, now + 2 * DAY)
    ]
    assert listed == [0, 1, 1, 0]


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"prompt": ""}, "bad-prompt", "prompt"),
        ({"prompt": " 菜 "}, "bad-prompt", "prompt"),
        ({"prompt": "菜" * 41}, "too-long", "prompt"),
        ({"prompt": "拿手\0菜"}, "bad-letters", "prompt"),
        ({"blurb": "菜" * 201}, "too-long", "blurb"),
    ],
)
def test_a_topic_has_2_to_40_characters(cast, now, values, code, field):
    with refused(code, 422) as met:
        _schedule(cast, now, **values)
    assert met.value.field == field
    assert topics.listed(cast.cuihu) == []


@pytest.mark.parametrize(
    ("opens", "closes"),
    [(0, 0), (1, 0), (2, 1), (-9, -1), (-9, 0), (0, 60.001), (1, 62), (-1, 59.5)],
)
def test_it_ends_after_it_begins_and_after_now_within_60_days(cast, now, opens, closes):
    with refused("bad-dates", 422) as met:
        _schedule(cast, now, opens_at=now + opens * DAY, closes_at=now + closes * DAY)
    assert met.value.field == "closes_at"


@pytest.mark.parametrize(("opens", "closes"), [(0, 60), (0, 1), (-1, 1), (300, 360)])
def test_these_dates_will_do(cast, now, opens, closes):
    assert _schedule(cast, now, opens_at=now + opens * DAY, closes_at=now + closes * DAY).id


def test_the_database_itself_knows_that_an_end_comes_after_a_beginning(cast, now):
    with pytest.raises(IntegrityError), database.atomic():
        Topic.create(neighborhood=cast.cuihu, prompt="x", opens_at=now, closes_at=now, created_by=cast.li, created_at=now)


def test_of_a_twin_that_is_still_open_one_is_warned_once(cast, now):
    _schedule(cast, now)
    with refused("twin", 422):
        _schedule(cast, now, prompt=" 晒出你家的拿手菜 ")
    _schedule(cast, now, twin_ok=True)
    assert len(topics.current(cast.cuihu, now)) == 2


def test_a_closed_twin_or_one_next_door_does_not_matter(cast, now):
    _schedule(cast, now, closes_at=now + DAY)
    topics.schedule(cast.zhou, now, prompt="聊聊你的周末计划", opens_at=now, closes_at=now + DAY)
    _schedule(cast, now + DAY, opens_at=now + DAY)
    _schedule(cast, now, prompt="聊聊你的周末计划")


def test_the_youngest_open_one_comes_first(cast, now):
    old = _schedule(cast, now, prompt="旧的话题", opens_at=now - 2 * DAY)
    twin = _schedule(cast, now, prompt="今天的话题")
    new = _schedule(cast, now, prompt="也是今天的")
    _schedule(cast, now, prompt="明天的", opens_at=now + DAY)
    assert [topic.id for topic in topics.current(cast.cuihu, now)] == [new.id, twin.id, old.id]
    assert topics.current(cast.cuihu, now)[0].closes_at == now + 7 * DAY
    assert [topic.prompt for topic in topics.listed(cast.cuihu)] == ["明天的", "也是今天的", "今天的话题", "旧的话题"]


def test_no_more_than_six_at_a_time(cast, now):
    for number in range(8):
        _schedule(cast, now, prompt=f"第{number}个话题")
    assert len(topics.current(cast.cuihu, now)) == 6


def test_a_host_ends_a_topic_now(cast, now):
    topic, later = _schedule(cast, now), now + DAY
    version = by_slug("cuihu").version
    topics.close(topic, later)
    topic = Topic.get_by_id(topic.id)
    assert (topic.phase(later - SECOND), topic.phase(later), topic.opens_at) == ("open", "closed", now)
    assert by_slug("cuihu").version == version + 1


def test_a_coming_one_is_called_off(cast, now):
    topic = _schedule(cast, now, opens_at=now + DAY)
    topics.close(topic, now)
    assert Topic.get_by_id(topic.id).phase(now + 2 * DAY) == "closed"
    assert topics.current(cast.cuihu, now + 2 * DAY) == []


def test_closing_it_again_changes_nothing(cast, now):
    topic = _schedule(cast, now)
    topics.close(topic, now + DAY)
    before = Topic.get_by_id(topic.id).__data__, by_slug("cuihu").version
    topics.close(topic, now + 2 * DAY)
    assert (Topic.get_by_id(topic.id).__data__, by_slug("cuihu").version) == before


def test_next_door_it_does_not_exist(cast, now):
    topic = make.topic(cast.li, now)
    assert topics.find(cast.cuihu, topic.id) == topic
    assert topics.find(cast.yangguangli, topic.id) is None
    assert topics.current(cast.yangguangli, now) == topics.listed(cast.yangguangli) == []
    assert topics.find(cast.cuihu, 2**53 - 1) is None


def test_the_presets_are_those_of_the_seed():
    assert topics.PRESETS == ("晒出你家的拿手菜", "分享你最近读的一本好书", "聊聊你的周末计划")
