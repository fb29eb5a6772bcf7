"""互相点: pairs who praise hardly anybody else are found at night, earn nothing from each other, and are looked at by HQ."""

from datetime import timedelta

import pytest

from db import likes, points, ring_watch, rings
from db.audit import AuditLog
from db.notices import Notice
from tests import make
from tests.make import refused


def praise(who, whom, times, now):
    for _ in range(times):
        likes.set_like(who, make.post(whom, now), True, now)


@pytest.fixture
def friends(cast, now):
    """赵敏 and 钱姐 like each other's posts, four times each; 赵敏 likes 王阿姨's once as well."""
    qian = make.neighbor(cast.cuihu, "钱姐", now, trusted=True)
    praise(cast.zhao, qian, 4, now)
    praise(qian, cast.zhao, 4, now)
    return cast.zhao, qian


def test_a_pair_is_found_once_and_hq_told(cast, now, friends):
    praise(cast.zhao, cast.li, 2, now)
    likes.set_like(cast.zhao, make.post(cast.zhao, now), True, now)  # one's own count for nothing
    assert ring_watch.watch(now) == 1
    assert ring_watch.watch(now + timedelta(days=1)) == 0
    ring = rings.listed()[0]
    assert ({ring.one_id, ring.other_id}, ring.mutual, ring.total) == ({each.id for each in friends}, 8, 10)
    assert "互相点赞" in Notice.get(Notice.user == cast.lin.id).sentence


def test_who_praises_others_too_is_no_ring(cast, now, friends):
    praise(cast.zhao, cast.li, 4, now)
    assert ring_watch.watch(now) == 0
    assert ring_watch.watch(now + timedelta(days=20)) == 0


def test_once_or_twice_is_no_ring(cast, now):
    praise(cast.zhao, cast.li, 2, now)
    praise(cast.li, cast.zhao, 2, now)
    assert ring_watch.watch(now) == 0


def test_a_ring_earns_nothing_until_hq_has_looked(cast, now, friends):
    zhao, qian = friends
    ring_watch.watch(now)
    assert points.earn(zhao, "useful", "Post", 1, now, by=qian) is None
    assert points.earn(zhao, "useful", "Post", 1, now, by=cast.wang)
    with refused("reason-needed", 422):
        rings.clear(rings.listed()[0].id, cast.lin, now, "好")
    ring = rings.listed()[0]
    rings.clear(ring.id, cast.lin, now, "对门的老姐妹")
    with refused("moved-on"):
        rings.clear(ring.id, cast.lin, now, "对门的老姐妹")
    assert AuditLog.get(AuditLog.action == "clear ring").reason == "对门的老姐妹"
    assert points.earn(zhao, "useful", "Post", 2, now, by=qian)
    assert ring_watch.watch(now) == 0  # looked at just now


def test_taps_that_earn_count_too(cast, now):
    zhao, wang = cast.zhao, cast.wang
    for number in range(4):
        day = now + timedelta(days=number)
        points.earn(zhao, "useful", "Post", number, day, by=wang)
        points.earn(wang, "useful", "Post", 100 + number, day, by=zhao)
    assert ring_watch.watch(now + timedelta(days=4)) == 1
