"""What the host has printed: one code a thing, led by her to what stands in her own 小区, counted and never by whom."""

from datetime import timedelta

import pytest

from db import codes, hiding, posts, scans, targets
from db.scans import QrToken
from tests import make
from tests.make import refused

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def topic(cast, now):
    return make.topic(cast.li, now)


def made(cast, thing, now, **values):
    token, fresh = codes.make(cast.li, thing, now, **values)
    return token


def test_a_thing_has_one_code_whatever_is_asked_for(cast, now, topic):
    word = f"topic-{topic.id}"
    token, fresh = codes.make(cast.li, word, now, label="扫一扫，看大家的拿手菜")
    assert fresh and token.purpose == "topic" and token.label == "扫一扫，看大家的拿手菜"
    again, fresh = codes.make(cast.li, word, now + DAY, label="别的", closes_at=now + 2 * DAY)
    assert not fresh and (again.id, again.label, again.expires_at) == (token.id, token.label, None)


def test_only_what_stands_in_ones_own_place(cast, now, topic):
    gone = make.post(cast.zhao, now)
    hiding.hide(posts.find(cast.cuihu, gone.id), cast.li.user, now, "先收起来")
    foreign = make.topic(make.host(cast.yangguangli, "钱主理", now), now)
    words = (
        f"post-{gone.id}",
        f"topic-{foreign.id}",
        f"post-{2**52}",
        "topic-",
        "topic-²",
        "spaceship-1",
        "",
        "topic-" + "9" * 99,
    )
    token = made(cast, f"topic-{topic.id}", now)
    for word in words:
        with refused("no-target", 422) as met:
            codes.make(cast.li, word, now)
        assert met.value.field == "target"
        with refused("no-target", 422):
            codes.point(token, cast.li, word, now, "换一个去处")
    assert QrToken.select().count() == 1


def test_days_that_are_over_are_refused_beside_their_field(cast, now, topic):
    for days in ({"closes_at": now}, {"opens_at": now + DAY, "closes_at": now + DAY}):
        with refused("bad-dates", 422):
            codes.make(cast.li, f"topic-{topic.id}", now, **days)
    token = made(cast, f"topic-{topic.id}", now, closes_at=now + SECOND)
    assert [token.state(at) for at in (now, now + SECOND)] == ["active", "expired"]


def test_it_may_lead_to_another_kind_of_thing(cast, now, topic):
    post = make.post(cast.zhao, now, "窗外的樱花开了")
    token = made(cast, f"topic-{topic.id}", now)
    codes.point(token, cast.li, f"post-{post.id}", now, "话题结束了，看这一条")
    sheet = codes.one(cast.cuihu, token.id, now)
    assert (sheet.token.purpose, sheet.target.path, sheet.title) == ("post", f"/n/cuihu/posts/{post.id}", "窗外的樱花开了")
    with refused("same-target", 422):
        codes.point(sheet.token, cast.li, f"post-{post.id}", now, "还是去那里")
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    assert codes.one(cast.cuihu, token.id, now).state == "gone"
    assert codes.one(cast.yangguangli, token.id, now) is None


def test_a_page_of_the_list_takes_the_same_few_queries_however_long(cast, now, queries):
    tokens = [made(cast, f"topic-{make.topic(cast.li, now, f'第{number}个话题').id}", now) for number in range(32)]
    post = made(cast, f"post-{make.post(cast.zhao, now).id}", now)
    scans.join_code(cast.cuihu, now)
    for moment in (now - 7 * DAY, now - 6 * DAY, now, now):
        scans.count(post, moment)
    queries.clear()
    first = codes.listed(cast.cuihu, now)
    assert len(queries) == 4 and len(first) == codes.PAGE
    assert first[0].door and first[0].title == "来邻里客厅坐坐" and first[0].target is None
    assert (first[1].token.id, first[1].scans, first[1].lately) == (post.id, 4, 3)
    assert codes.days_of(first[1], now) == [
        ("2026-03-14", 1),
        *((f"2026-03-{day}", 0) for day in range(15, 20)),
        ("2026-03-20", 2),
    ]
    rest = codes.listed(cast.cuihu, now, first[-1].token.id)
    assert [sheet.token.id for sheet in rest] == [token.id for token in tokens[3::-1]]


def test_every_kind_names_finds_and_leads_to_its_things(cast, now, topic):
    """KINDS of later features too: each table has its 小区, each path is one of ours."""
    for name, kind in targets.KINDS.items():
        assert kind.table.neighborhood.rel_model.__name__ == "Neighborhood" and len(kind.purpose) <= 10 and len(name) <= 12
        assert "{}" in kind.path and not kind.path.startswith("/")
    post = make.post(cast.zhao, now, "", photo_codes=[make.photo(cast.zhao, now).code], consent=True)
    found = targets.of(cast.cuihu, [("topic", topic.id), ("post", post.id), ("post", None), ("", None), ("topic", 99)])
    assert {each.word: each.name for each in found.values()} == {f"topic-{topic.id}": topic.prompt, f"post-{post.id}": "照片"}
    assert targets.latest(cast.yangguangli) == {} and list(targets.latest(cast.cuihu)) == ["话题", "帖子"]
