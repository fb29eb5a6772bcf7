"""帖子: who may say what, who sees it when, and that the same form makes one post (R02)."""

from datetime import timedelta

import pytest

from db import hosts, members, people, photos, posts, reviews, topics
from db.activity import Action
from db.members import Membership
from db.neighborhoods import by_slug, set_status
from db.posts import Post
from tests import make
from tests.make import at_once, refused

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def _state(post):
    return Post.get_by_id(post.id).state


def test_a_post_of_a_trusted_neighbour_is_seen_at_once(cast, now):
    before = by_slug("cuihu").version
    post = make.post(cast.zhao, now, " 窗外的樱花\r\n开了 ")
    post = posts.find(cast.cuihu, post.id)
    assert (post.state, post.published_at, post.body, post.visibility) == ("published", now, "窗外的樱花\n开了", "public")
    assert (post.author.user.name, post.kind_name, post.is_promo, post.topic) == ("赵敏", "晒一晒", False, None)
    assert by_slug("cuihu").version > before
    assert Action.get().kind == "post"


@pytest.mark.parametrize("who", ["li", "zhao"])
def test_hosts_and_the_vouched_wait_for_nobody(cast, now, who):
    assert make.post(getattr(cast, who), now).state == "published"


def test_the_first_three_posts_wait_and_the_fourth_does_not(cast, now):
    for number in range(3):
        wang = make.again(cast.wang)
        assert not wang.trusted
        post = make.post(wang, now, f"第 {number} 条")
        assert (post.state, post.published_at) == ("pending", None)
        assert Action.select().count() == number
        reviews.approve(posts.find(cast.cuihu, post.id), cast.li, now)
    assert make.post(make.again(cast.wang), now).state == "published"


def test_next_door_it_does_not_exist(cast, now):
    post = make.post(cast.zhao, now)
    assert posts.find(cast.yangguangli, post.id) is None
    assert posts.find(cast.cuihu, 2**53 - 1) is None


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"body": ""}, "empty", "body"),
        ({"body": " \n\t "}, "empty", "body"),
        ({"body": "好" * 5001}, "too-long", "body"),
        ({"body": "好\0"}, "bad-letters", "body"),
        ({"body": "\x1b[31m红"}, "bad-letters", "body"),
        ({"kind": "advert"}, "bad-kind", "kind"),
        ({"kind": ""}, "bad-kind", "kind"),
        ({"kind": "notice", "title": "停水"}, "host-only", "kind"),
        ({"kind": "promo", "title": "草莓"}, "host-only", "kind"),
        ({"kind": "howto"}, "title-needed", "title"),
        ({"kind": "meetup", "title": "  "}, "title-needed", "title"),
        ({"kind": "howto", "title": "题" * 61}, "too-long", "title"),
        ({"visibility": "everyone"}, "bad-visibility", "visibility"),
        ({"photo_codes": [f"{n:032}" for n in range(10)]}, "too-many-photos", "photos"),
    ],
)
def test_what_is_refused_beside_its_field_leaves_nothing(cast, now, values, code, field):
    with refused(code, 422) as met:
        make.post(cast.zhao, now, **values)
    assert met.value.field == field
    assert Post.select().count() == 0


@pytest.mark.parametrize("body", ["好", "好" * 5000, "<script>alert(1)</script>", "=1+1", "🌸" * 100, "1e309", "NaN"])
def test_these_are_words_like_any_other(cast, now, body):
    assert posts.find(cast.cuihu, make.post(cast.zhao, now, body).id).body == body


@pytest.mark.parametrize("kind", [kind for kind in posts.KINDS if kind != "story"])  # those have a way of their own
def test_the_host_writes_every_kind(cast, now, kind):
    post = make.post(cast.li, now, kind=kind, title="标题")
    assert (post.title, post.is_promo) == ("标题" if kind in posts.TITLED_KINDS else "", kind == "promo")


@pytest.mark.parametrize(
    "words", ["最后 3 小时", "最后两个小时", "最后10分钟啦", "最后一天", "快拼单", "手慢无", "马上涨价", "仅剩 5"]
)
def test_a_product_does_not_hurry_anybody(cast, now, words):
    with refused("pressure", 422):
        make.post(cast.li, now, words, kind="promo", title="草莓")
    with refused("pressure", 422):
        make.post(cast.li, now, "很甜", kind="promo", title=words)
    make.post(cast.zhao, now, words)  # people may talk as they like


def test_the_same_form_makes_one_post(cast, now):
    first = posts.create(cast.zhao, now, op_id="form-1", kind="chat", body="樱花开了")
    again = posts.create(cast.zhao, now + SECOND, op_id="form-1", kind="chat", body="樱花又开了")
    assert (again.id, again.body) == (first.id, "樱花开了")
    assert posts.create(cast.li, now, op_id="form-1", kind="chat", body="我也写").id != first.id


def test_twenty_times_at_once_it_makes_one_post(cast, now):
    topic = make.topic(cast.li, now)
    photo = make.photo(cast.zhao, now)

    def send(_):
        values = {"photo_codes": [photo.code], "consent": True, "topic": topic}
        return posts.create(cast.zhao, now, op_id="form-1", kind="chat", body="樱花开了", **values).id

    assert len(set(at_once(20, send))) == 1
    assert Post.select().count() == 1
    assert topics.find(cast.cuihu, topic.id).posts == 1
    assert make.again(cast.zhao).approved_posts == 1
    assert len(posts.photos_of([Post.get().id])[Post.get().id]) == 1


def test_nine_photos_keep_their_order_and_are_seen_by_all(cast, now):
    tray = [make.photo(cast.zhao, now) for _ in range(9)]
    codes = [photo.code for photo in reversed(tray)]
    post = make.post(cast.zhao, now, "", photo_codes=codes, consent=True)
    kept = posts.photos_of([post.id])[post.id]
    assert [photo.code for photo in kept] == codes
    assert {(photo.audience, photo.used, photo.consent) for photo in kept} == {("public", True, True)}


def test_a_tenth_photo_is_refused_and_the_nine_stay_in_the_tray(cast, now):
    codes = [make.photo(cast.zhao, now).code for _ in range(10)]
    with refused("too-many-photos", 422):
        make.post(cast.zhao, now, photo_codes=codes, consent=True)
    assert len(photos.in_tray(cast.zhao, codes)) == 10
    assert make.post(cast.zhao, now, photo_codes=codes[:9] + codes[:3], consent=True)


def test_photos_need_consent(cast, now):
    photo = make.photo(cast.zhao, now)
    with refused("consent-needed", 422) as met:
        make.post(cast.zhao, now, photo_codes=[photo.code])
    assert met.value.field == "consent"
    assert photos.in_tray(cast.zhao, [photo.code])


def test_nobody_posts_somebody_elses_photo(cast, now):
    foreign = make.photo(cast.wang, now)
    with refused("empty", 422):
        make.post(cast.zhao, now, "", photo_codes=[foreign.code], consent=True)
    assert photos.in_tray(cast.wang, [foreign.code]) == [foreign]


def test_one_photo_sent_in_eight_posts_at_once_is_in_one(cast, now):
    photo = make.photo(cast.zhao, now)
    at_once(8, lambda number: make.post(cast.zhao, now, f"第 {number} 条", photo_codes=[photo.code], consent=True))
    with_photo = posts.photos_of([post.id for post in Post.select()])
    assert len(with_photo) == 1


def test_a_post_waits_together_with_its_photos(cast, now):
    photo = make.photo(cast.wang, now)
    make.post(cast.wang, now, photo_codes=[photo.code], consent=True)
    seen = photos.find(cast.cuihu, photo.code)
    assert [photos.visible_to(seen, who) for who in (None, cast.zhao, cast.li, cast.wang)] == [False, False, True, True]


def test_a_topic_takes_answers_until_the_second_it_closes(cast, now):
    topic = make.topic(cast.li, now, days=7)
    make.post(cast.zhao, now + 7 * DAY - SECOND, topic=topic)
    with refused("topic-closed"):
        make.post(cast.zhao, now + 7 * DAY, topic=topic)
    with refused("topic-closed"):
        make.post(cast.zhao, now - SECOND, topic=topic)
    assert topics.find(cast.cuihu, topic.id).posts == 1
    assert Action.get().kind == "topic_reply"


def test_a_place_that_is_not_open_takes_no_posts(cast, now):
    set_status(cast.cuihu, "readonly", "小区改造中")
    cast.zhao.neighborhood = by_slug("cuihu")
    with refused("not-open") as met:
        make.post(cast.zhao, now)
    assert "小区改造中" in met.value.sentence


@pytest.mark.parametrize(("requires", "code"), [("phone", "phone-needed"), ("vouch", "vouch-needed")])
def test_the_operator_may_ask_to_know_people_first(cast, now, monkeypatch, requires, code):
    monkeypatch.setattr(posts, "requires", requires)
    with refused(code):
        make.post(cast.wang, now)
    make.post(cast.zhao, now)  # the host has met her
    make.post(cast.li, now)


def test_a_bound_phone_is_enough_where_a_phone_is_asked_for(cast, now, monkeypatch):
    monkeypatch.setattr(posts, "requires", "phone")
    people.bind_phone(cast.wang.user, "13812345678")
    make.post(make.again(cast.wang), now)


def test_newcomers_write_three_posts_a_day_others_ten_an_hour(cast, now, limited):
    for _ in range(3):
        make.post(cast.wang, now)
    with refused("too-fast", 429):
        make.post(cast.wang, now)
    make.post(cast.wang, now + timedelta(hours=72))
    for _ in range(10):
        make.post(cast.zhao, now)
    with refused("too-fast", 429):
        make.post(cast.zhao, now)


def test_a_refused_post_costs_nothing(cast, now, limited):
    for _ in range(20):
        with refused("empty", 422):
            make.post(cast.zhao, now, "")
    make.post(cast.zhao, now)


READERS = ("guest", "neighbour", "host", "author")


@pytest.mark.parametrize(
    ("state", "visibility", "read_by"),
    [
        ("published", "public", READERS),
        ("published", "neighborhood", READERS[1:]),
        ("withdrawn", "public", READERS),
        ("withdrawn", "neighborhood", READERS[1:]),
        ("pending", "public", ("host", "author")),
        ("returned", "public", ("host", "author")),
        ("pending", "neighborhood", ("host", "author")),
        ("purged", "public", ()),
        ("purged", "neighborhood", ()),
    ],
)
def test_who_may_read_what(cast, now, state, visibility, read_by):
    post = make.post(cast.zhao, now, visibility=visibility)
    post.state = state
    people_here = dict(zip(READERS, (None, cast.wang, cast.li, cast.zhao), strict=True))
    assert tuple(who for who, member in people_here.items() if post.readable_by(member)) == read_by


def test_only_the_author_edits_and_only_while_it_lives(cast, now):
    post = make.post(cast.zhao, now)
    assert [post.editable_by(who) for who in (None, cast.wang, cast.li, cast.zhao)] == [False, False, False, True]
    for state, editable in (("pending", True), ("returned", True), ("withdrawn", False), ("purged", False)):
        post.state = state
        assert post.editable_by(cast.zhao) == editable


def test_comments_are_taken_while_it_is_seen_and_they_are_open(cast, now):
    post = make.post(cast.zhao, now)
    assert post.takes_comments()
    post.comments_open = False
    assert not post.takes_comments()


def test_ones_own_posts_are_listed_with_what_became_of_them(cast, now):
    waiting, gone = make.post(cast.wang, now, "等一等"), make.post(cast.wang, now, "不要了")
    posts.withdraw(gone, cast.wang, now)
    make.post(cast.zhao, now)
    assert posts.by_author(cast.wang) == [waiting]


def test_a_new_name_redraws_every_card_in_every_place(cast, now):
    there = members.join(cast.yangguangli, now, user=cast.zhao.user)
    Membership.update(vouched_at=now).where(Membership.id == there.id).execute()
    mine = [make.post(cast.zhao, now), make.post(make.again(there), now)]
    other = make.post(cast.li, now)
    before = by_slug("cuihu").version, by_slug("yangguangli").version
    posts.redraw_of(cast.zhao)
    assert [Post.get_by_id(post.id).version - post.version for post in (*mine, other)] == [1, 1, 0]
    assert (by_slug("cuihu").version, by_slug("yangguangli").version) == (before[0] + 1, before[1] + 1)


def test_a_host_profile_is_not_needed_to_post(cast, now):
    members.appoint(cast.zhou, "host", cast.lin, now, "邻居们推举的")
    assert make.post(make.again(cast.zhou), now, kind="notice", title="停水").state == "published"
    assert hosts.card(cast.yangguangli).name == "周师傅"
