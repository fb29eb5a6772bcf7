"""《春日邻里节》 as seeded: small pictures, the same story. It is built once for the module, at an awkward hour."""

import re
from datetime import datetime, timedelta

import pytest

from db import aid_board, base, demo, group_rooms, groups, limits, living_room, neighborhoods, scans
from db.activity import Action
from db.comments import Comment
from db.demo.calendar import Calendar
from db.hosts import HostProfile
from db.likes import Like
from db.members import Membership
from db.mutual_aid import Aid
from db.people import User
from db.photos import Photo
from db.posts import KINDS, PRESSURE, Post, PostRevision
from db.topics import Topic
from tests import make, snapshot

NOW = datetime(2026, 3, 19, 23, 40)  # 07:40 on a Friday in Shanghai: hardly anybody is up, and tomorrow is the market


@pytest.fixture(scope="module")
def story(app):
    limits.enabled = True  # seeding has to get along with the limits
    with base.database.connection_context():
        snapshot.empty()
        steps = list(demo.seed(NOW, picture_width=48))
        assert limits.enabled
    limits.enabled = False
    return steps


@pytest.fixture
def cuihu(story):
    with base.database.connection_context():
        yield neighborhoods.by_slug("cuihu")


def test_progress_runs_from_nothing_to_all(story):
    done, of, words = zip(*story, strict=True)
    assert list(done) == list(range(of[0] + 1)) and len(set(of)) == 1
    assert all(words)


def test_two_neighbourhoods_with_people_photos_and_every_kind_of_post(cuihu):
    yangguangli = neighborhoods.by_slug("yangguangli")
    assert cuihu.district == yangguangli.district and cuihu.district.officer.name == "孙片区"
    assert cuihu.members + yangguangli.members == Membership.select().count() >= 40
    assert Post.select().where(Post.neighborhood == cuihu).count() >= 50
    assert Post.select().where(Post.neighborhood == yangguangli).count() >= 22
    assert {post.kind for post in Post.select()} == set(KINDS)
    assert Photo.select().where(Photo.used).count() >= 120  # about forty of them faces
    assert Comment.select().where(Comment.answers.is_null(False)).count() >= 40
    assert HostProfile.select().where(HostProfile.mission_signed_at.is_null(False)).count() == 2
    assert scans.join_code(cuihu, NOW) != scans.join_code(yangguangli, NOW)
    for place in (cuihu, yangguangli):
        assert {topic.phase(NOW) for topic in Topic.select().where(Topic.neighborhood == place)} >= {"open", "coming"}


def test_every_post_has_a_fate_and_every_fate_a_post(cuihu):
    states = [post.state for post in Post.select().where(Post.neighborhood == cuihu)]
    assert states.count("pending") in {2, 3} and states.count("returned") == 1 and states.count("withdrawn") == 1
    assert Post.get(Post.state == "withdrawn").comments > 0
    assert Post.get(Post.state == "returned").return_reason
    assert Post.select().where(Post.pinned_until > NOW).count() == 1
    assert Post.select().where(Post.visibility == "neighborhood").count() == 1
    assert Post.select().where(Post.featured_at.is_null(False)).count() >= 4
    assert sorted({edit.state for edit in PostRevision.select()}) == ["kept", "pending"]
    helped = [aid.state for aid in Aid.select().where((Aid.neighborhood == cuihu) & (Aid.thanks != ""))]
    assert helped == ["done"] * 4 and aid_board.open_now(cuihu, None, NOW).listed


def test_groups_of_each_age_stand_there(cuihu):
    told = [(each.group.name, each.group.state, each.group.quiet(NOW), each.wanted) for each in groups.listed(cuihu)]
    assert told == [("阳台种菜", "active", False, 7), ("亲子烘焙", "hatching", False, 5), ("夜跑", "idea", False, 3)]
    greens = groups.listed(cuihu)[0].group
    assert group_rooms.album(greens, None) and group_rooms.events_of(greens, None, NOW)[0]


def test_each_like_and_comment_is_a_neighbours_own(cuihu):
    for table, author in ((Like, "member"), (Comment, "author")):
        given = list(table.select(table, Post, Membership).join(Post).switch(table).join(Membership))
        assert given
        for each in given:
            member, at = getattr(each, author), getattr(each, "at", None) or each.created_at
            assert member.status == "active" and member.neighborhood_id == each.post.neighborhood_id
            assert member.joined_at <= at and each.post.created_at <= at


def test_counters_are_the_rows_behind_them(cuihu):
    for post in Post.select():
        assert post.likes == Like.select().where(Like.post == post).count()
        assert post.comments == Comment.select().where((Comment.post == post) & (Comment.state == "published")).count()
    for topic in Topic.select():
        assert topic.posts == Post.select().where((Post.topic == topic) & (Post.state == "published")).count()
    for place in neighborhoods.everywhere():
        assert place.members == Membership.select().where(Membership.neighborhood == place).count()
    assert Action.select().where(Action.kind == "like").count() == Like.select().count()


def test_people_come_before_products(cuihu):
    for place in neighborhoods.everywhere():
        feed, after = [], ""
        while True:
            page = living_room.feed(place, None, after=after)
            feed += page.listed
            after = page.after
            if not after:
                break
        promo = {post.id for post in Post.select().where(Post.is_promo)}
        shown = [each.id in promo for each in feed]
        assert not any(shown[:4]) and any(shown) and sum(shown) <= len(shown) / 8
        assert all(sum(shown[at : at + 5]) <= 1 for at in range(len(shown)))


def test_nobody_is_hurried_and_nobody_is_called_团长(cuihu):
    said = [f"{post.title} {post.body}" for post in Post.select()] + [each.body for each in Comment.select()]
    said += [f"{topic.prompt} {topic.blurb}" for topic in Topic.select()]
    said += [" ".join((each.title, each.mission, each.greeting, each.story)) for each in HostProfile.select()]
    for words in said:
        assert not PRESSURE.search(words) and not re.search("团长|倒计时|秒杀|抢购|抢完|最后一天|[{}]", words), words
        assert not re.search(r"1[3-9]\d{9}", words), words


def test_nothing_is_dated_in_the_future_and_nobody_is_up_at_night(cuihu):
    for table in (Post, Comment, Like, Membership, Photo, PostRevision):
        for field in ("created_at", "published_at", "edited_at", "withdrawn_at", "featured_at", "joined_at", "vouched_at", "at"):
            if field in table._meta.fields:
                for each in table.select():
                    assert getattr(each, field) is None or getattr(each, field) <= NOW
    for each in [*Post.select(), *Comment.select()]:
        assert 7 <= (each.created_at + timedelta(hours=8)).hour <= 23
    assert {post.created_at.date() for post in Post.select()} >= {NOW.date() - timedelta(days=days) for days in range(14)}


def test_the_cast_resolves_even_when_a_visitor_takes_a_name(cuihu):
    first = {person.key: person for person in demo.cast()}
    assert list(first) == ["wang", "li", "zhao", "chen", "zhou", "gu", "sun", "lin"]
    assert first["chen"].user.look == "elder" and scans.QrToken.select().where(scans.QrToken.purpose == "card").count() == 1
    assert first["sun"].home == "/district/" and first["lin"].home == "/hq/" and first["zhou"].home == "/n/yangguangli/"
    with base.database.atomic() as trial:
        make.neighbor(cuihu, "王阿姨", NOW)
        assert {person.key: person.user.id for person in demo.cast()} == {key: each.user.id for key, each in first.items()}
        User.update(name="孙某").where(User.staff == "district").execute()
        assert demo.cast() == []
        trial.rollback()


@pytest.mark.parametrize("day", range(14, 21))
def test_the_market_is_always_a_saturday_to_come(day):
    days = Calendar(datetime(2026, 3, day, 4, 0))
    assert days.market.weekday() == 5 and 1 <= (days.market - days.today).days <= 7


@pytest.mark.parametrize("hour", [0, 7, 16, 18, 22])
def test_a_talk_keeps_its_order_and_ends_by_now(hour):
    days = Calendar(datetime(2026, 3, 16, hour, 5))
    moments = days.spread(days.ago(40), [5, 20, 90, 400])
    assert moments == sorted(moments) and days.ago(40) <= moments[0] and moments[-1] <= days.now


def test_a_namesake_in_the_other_place_stands_in_for_nobody(cast, now):
    """Found by the walker: six people with the right names in the wrong 小区 were taken for the cast, and the door fell."""
    make.neighbor(cast.cuihu, "周师傅", now)
    assert len(demo.cast()) == 0
