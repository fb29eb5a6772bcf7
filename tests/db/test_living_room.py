"""The front page: people before products, everything once, the same cost at any size (R01, R12, G12)."""

import random
from datetime import timedelta

import pytest

from db import likes, living_room, members, posts, reviews
from db.living_room import PAGE, TABS, feed, front_page
from db.neighborhoods import by_slug
from db.posts import Post
from tests import make

MINUTE = timedelta(minutes=1)


def fill(author, now, many, **values):
    """So many published posts, a minute apart unless told otherwise; returns their ids, the latest first."""
    every = values.pop("every", MINUTE)
    row = {"neighborhood": author.neighborhood_id, "author": author.id, "kind": "chat", "body": "樱花开了", "state": "published"}
    mine = f"{author.id} {random.getrandbits(40):x}"
    rows = [row | {"op_id": f"{mine} {n}", "created_at": now, "published_at": now - n * every} | values for n in range(many)]
    Post.insert_many(rows).execute()
    found = Post.select(Post.id).where(Post.op_id.startswith(f"{mine} ")).order_by(Post.published_at.desc(), Post.id.desc())
    return [post.id for post in found]


def promos(host, now, many, **values):
    return fill(host, now, many, kind="promo", title="草莓", is_promo=True, **values)


def walk(place, member, tab=""):
    """All cards of a feed, page after page."""
    seen, after, pages = [], "", 0
    while True:
        page = feed(place, member, tab, after)
        seen += [each.id for each in page.listed]
        pages += 1
        if not page.after:
            return seen
        assert pages < 100
        after = page.after


@pytest.mark.parametrize("every", [MINUTE, timedelta(0), timedelta(microseconds=1)])
def test_walking_all_pages_shows_each_post_once_in_order(cast, now, every):
    mine = fill(cast.zhao, now, 137, every=every)
    assert walk(cast.cuihu, cast.wang) == mine
    assert walk(cast.cuihu, None) == mine


@pytest.mark.parametrize("many", [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE])
def test_the_last_page_offers_no_next_one(cast, now, many):
    mine = fill(cast.zhao, now, many)
    first = feed(cast.cuihu, None)
    assert len(first.listed) == min(many, PAGE)
    assert bool(first.after) == (many > PAGE)
    assert walk(cast.cuihu, None) == mine


def test_what_is_said_while_one_reads_on_is_neither_lost_nor_doubled(cast, now):
    mine = fill(cast.zhao, now, 30)
    first = feed(cast.cuihu, None)
    fill(cast.li, now + MINUTE, 5)
    second = feed(cast.cuihu, None, "", first.after)
    assert [each.id for each in first.listed + second.listed] == mine


@pytest.mark.parametrize(("people", "products"), [(137, 40), (137, 3), (100, 100), (25, 25), (20, 9), (4, 9), (1, 9)])
@pytest.mark.parametrize("mixed", ["by the hour", "all at once", "products last", "products first"])
def test_people_come_before_products(cast, now, people, products, mixed):
    apart = {"by the hour": 3 * MINUTE, "all at once": timedelta(0)}.get(mixed, MINUTE)
    start = {"products last": now - timedelta(days=9), "products first": now + MINUTE}.get(mixed, now)
    said = fill(cast.zhao, now, people)
    sold = promos(cast.li, start, products, every=apart)
    seen = walk(cast.cuihu, cast.wang)
    is_sold = [post in sold for post in seen]
    assert not any(is_sold[:4])
    assert all(sum(is_sold[at : at + 5]) <= 1 for at in range(len(seen)))
    assert [post for post in seen if post not in sold] == said
    shown = [post for post in seen if post in sold]
    assert shown == sold[: len(shown)]
    if mixed != "products last":
        assert len(shown) == min(products, people // 4)  # as many as the rule has room for
    assert walk(cast.cuihu, cast.wang, "promo") == sold


def test_a_product_stands_by_what_was_said_around_its_time(cast, now):
    fill(cast.zhao, now, 60)
    (old,) = promos(cast.li, now - 30 * MINUTE, 1)
    first = feed(cast.cuihu, cast.wang)
    second = feed(cast.cuihu, cast.wang, "", first.after)
    assert old not in [each.id for each in first.listed]
    assert old in [each.id for each in second.listed]


def test_products_alone_are_no_living_room(cast, now):
    promos(cast.li, now, 9)
    assert walk(cast.cuihu, cast.wang) == []
    assert len(walk(cast.cuihu, cast.wang, "promo")) == 9


def test_guests_read_what_is_public(cast, now):
    public, private = make.post(cast.zhao, now), make.post(cast.zhao, now, visibility="neighborhood")
    promo = promos(cast.li, now, 1, visibility="neighborhood")
    fill(cast.zhao, now - MINUTE, 10)
    assert {private.id, public.id, *promo} <= set(walk(cast.cuihu, cast.wang))
    assert not {private.id, *promo} & set(walk(cast.cuihu, None))
    assert public.id in walk(cast.cuihu, None)
    assert walk(cast.cuihu, None, "promo") == []


def test_only_what_is_published_and_of_here_is_listed(cast, now):
    gone, shown = make.post(cast.zhao, now), make.post(cast.zhao, now)
    make.post(cast.wang, now)  # waits
    posts.withdraw(gone, cast.zhao, now)
    fill(cast.zhou, now, 3)
    assert walk(cast.cuihu, cast.li) == [shown.id]


def test_each_tab_shows_its_own(cast, now):
    topic = make.topic(cast.li, now)
    of_kind = {kind: make.post(cast.li, now, kind=kind, title="标题").id for kind in posts.KINDS if kind != "story"}
    answer = make.post(cast.zhao, now, topic=topic).id
    assert walk(cast.cuihu, None, "topic") == [answer]
    for tab in set(TABS) - {"", "topic", "story"}:
        assert walk(cast.cuihu, None, tab) == [of_kind[tab]]


@pytest.mark.parametrize(
    "after",
    ["x", "1", "1.", ".1", "1.1.1", "-1.5", "1e9.1", "9" * 17 + ".1", "9" * 18 + ".1",
     "1." + "9" * 17, "１.１", "~", "1.1~x", "1.1~9" * 9,
     "\0", "'; DROP TABLE post; --"],
)  # fmt: skip
@pytest.mark.parametrize("tab", ["", "howto"])
def test_a_forged_cursor_is_a_page_like_any_other(cast, now, after, tab):
    fill(cast.zhao, now, 3)
    promos(cast.li, now, 1)
    assert isinstance(feed(cast.cuihu, cast.wang, tab, after).listed, list)
    assert isinstance(front_page(cast.cuihu, now, tab, after, guest=True).listed, list)


def test_ones_own_likes_come_along(cast, now):
    mine = fill(cast.zhao, now, 25)
    likes.set_like(cast.wang, posts.find(cast.cuihu, mine[3]), True, now)
    assert feed(cast.cuihu, cast.wang).liked == {mine[3]}
    assert feed(cast.cuihu, cast.chen).liked == feed(cast.cuihu, None).liked == set()


def test_the_front_page_has_host_topic_pin_and_feed(cast, now):
    topic = make.topic(cast.li, now)
    post = make.post(cast.zhao, now)
    reviews.pin(post, cast.li, now, "大家都来看")
    page = front_page(cast.cuihu, now, guest=True)
    assert (page.host.name, [each.id for each in page.topics], [each.id for each in page.pinned]) == (
        "李姐",
        [topic.id],
        [post.id],
    )
    assert [each.id for each in page.listed] == [post.id]
    assert front_page(cast.cuihu, now, "howto", guest=True).pinned == []


def test_an_empty_place_has_a_front_page(cast, now):
    page = front_page(cast.yangguangli, now, guest=True)
    assert (page.host, page.topics, page.pinned, page.listed, page.after) == (None, [], [], [], "")


def test_it_costs_the_same_at_5_and_at_300_posts(cast, now, queries):
    def costs():
        queries.clear()
        page = front_page(cast.cuihu, now, guest=False)
        liked = likes.liked_by(cast.li, [each.id for each in page.listed])
        drawn = living_room.cards([each.id for each in page.listed], "cuihu")
        assert by_slug("cuihu")
        assert members.of(cast.li.user, cast.cuihu)
        assert reviews.count_waiting(cast.cuihu) == 0
        assert len(drawn) == len(page.listed)
        assert liked == set()
        return len(queries)

    make.topic(cast.li, now)
    fill(cast.zhao, now, 5)
    few = costs()
    fill(cast.zhao, now, 295)
    promos(cast.li, now, 20)
    assert costs() == few
    assert few <= 12


def test_a_card_tells_what_its_template_shows(cast, now):
    topic = make.topic(cast.li, now)
    photo = make.photo(cast.zhao, now)
    post = make.post(cast.zhao, now, "樱" * 300, topic=topic, photo_codes=[photo.code], consent=True)
    likes.set_like(cast.wang, post, True, now)
    card = living_room.cards([post.id], "cuihu")[post.id]
    assert (card.author, card.building, card.host, card.url) == ("赵敏", "8栋", False, f"/n/cuihu/posts/{post.id}")
    assert (card.excerpt, card.longer, card.kind_name) == ("樱" * living_room.EXCERPT, True, "晒一晒")
    assert (card.topic, card.topic_id, card.likes, card.comments) == (topic.prompt, topic.id, 1, 0)
    assert [each.code for each in card.photos] == [photo.code]
    assert (card.published_at, card.edited, card.featured) == (now, False, False)
    assert living_room.cards([], "cuihu") == {}


def test_a_topic_collects_its_answers_page_by_page(cast, now):
    topic = make.topic(cast.li, now)
    mine = fill(cast.zhao, now, 45, topic=topic.id)
    private = fill(cast.wang, now - timedelta(days=1), 1, topic=topic.id, visibility="neighborhood")
    seen, after = [], ""
    while True:
        page = living_room.topic_feed(topic, cast.chen, after=after)
        seen += [each.id for each in page.listed]
        if not (after := page.after):
            break
    assert seen == mine + private
    assert living_room.topic_feed(topic, None, after="x").listed
    best = posts.find(cast.cuihu, mine[7])
    reviews.feature(best, cast.li, now, True)
    assert [each.id for each in living_room.topic_feed(topic, None, best=True).listed] == [best.id]
    assert [member.name for member in living_room.participants(topic)] == ["赵敏"]
