"""屏蔽TA: one sees nothing of her any more; nobody is told, and nobody else sees less."""

import pytest

from db import blocks, comments, living_room
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def theirs(cast, now):
    return make.post(cast.zhao, now, "赵敏的"), make.post(cast.li, now, "李姐的")


def seen(member):
    return {each.id for each in living_room.feed(member.neighborhood, make.again(member)).listed}


def test_her_posts_and_comments_are_gone_for_one_and_there_for_others(cast, now, theirs):
    hers, host = theirs
    comments.say(cast.zhao, host, now, body="我也来", op_id="c1")
    blocks.set_block(cast.wang, cast.zhao, True, now)
    assert seen(cast.wang) == {host.id} and seen(cast.chen) == {hers.id, host.id}
    assert (
        comments.page(host, member=make.again(cast.wang)).comments == []
        and len(comments.page(host, member=cast.chen).comments) == 1
    )
    blocks.set_block(make.again(cast.wang), cast.zhao, False, now)
    assert seen(cast.wang) == {hers.id, host.id}


def test_on_a_topic_too(cast, now):
    topic = make.topic(cast.li, now)
    make.post(cast.zhao, now, topic=topic)
    blocks.set_block(cast.wang, cast.zhao, True, now)
    assert living_room.topic_feed(topic, make.again(cast.wang)).listed == []


def test_asked_ten_times_it_is_one_block(cast, now):
    at_once(10, lambda _: blocks.set_block(cast.wang, cast.zhao, True, now))
    assert [each.blocked_id for each in blocks.listed(cast.wang)] == [cast.zhao.id] and make.again(cast.wang).blocks == 1


def test_neither_oneself_nor_the_host_nor_somebody_next_door(cast, now):
    for other, code in ((cast.wang, "not-oneself"), (cast.zhou, "not-oneself"), (cast.li, "host-stays")):
        with refused(code):
            blocks.set_block(cast.wang, other, True, now)
    assert make.again(cast.wang).blocks == 0
