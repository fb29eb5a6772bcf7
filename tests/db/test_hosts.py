"""主理人: a title of one's own, a mission signed with a date, and never 「团长」 (R14–R16)."""

from datetime import timedelta

import pytest

from db import hosts, members
from db.hosts import HostProfile, SignedMission
from db.neighborhoods import by_slug
from tests import make
from tests.make import refused

MISSION = "把小区过成一个大院：有事有人帮，有喜一起乐。"


def _describe(cast, now, **values):
    hosts.describe(cast.li, now, **({"title": "绿洲生活主理人", "mission": MISSION} | values))


@pytest.mark.parametrize("title", ["绿洲生活主理人", "翠湖花园小区生活顾问", "一二三四五六七八九十一二三四五六"])
def test_a_title_of_up_to_16_characters(cast, now, title):
    _describe(cast, now, title=f"  {title} ")
    assert hosts.card(cast.cuihu).title == title


@pytest.mark.parametrize("title", ["总部主理人", "官方代表", "社区民警", "警务助理", "政府联络员", "翠湖团长", "团 长"])
def test_a_title_claims_no_office_and_is_not_tuanzhang(cast, now, title):
    with refused("bad-title", 422) as met:
        _describe(cast, now, title=title)
    assert met.value.field == "title"


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"title": "一" * 17}, "too-long", "title"),
        ({"mission": "太短了"}, "short-mission", "mission"),
        ({"mission": "九个字还差一点点啊"}, "short-mission", "mission"),
        ({"mission": "长" * 81}, "too-long", "mission"),
        ({"greeting": "长" * 121}, "too-long", "greeting"),
        ({"skills": "长" * 61}, "too-long", "skills"),
        ({"hours": "长" * 41}, "too-long", "hours"),
        ({"story": "长" * 601}, "too-long", "story"),
        ({"story": "有\0空"}, "bad-letters", "story"),
        ({"hours": "有\x07铃"}, "bad-letters", "hours"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field_and_nothing_changes(cast, now, values, code, field):
    before = hosts.card(cast.cuihu)
    with refused(code, 422) as met:
        _describe(cast, now, **values)
    assert met.value.field == field
    after = hosts.card(cast.cuihu)
    assert all(getattr(after, name) == getattr(before, name) for name in before.__slots__)


@pytest.mark.parametrize("length", [10, 80])
def test_a_mission_of_10_to_80_characters(cast, now, length):
    _describe(cast, now, mission="愿" * length)
    assert hosts.card(cast.cuihu).mission == "愿" * length


def test_an_empty_title_falls_back_to_hqs(cast, now):
    _describe(cast, now, title="  ")
    assert hosts.card(cast.cuihu).title == "绿洲生活主理人"
    assert hosts.title_choices(cast.cuihu) == ("绿洲生活主理人", "翠湖花园生活顾问")


def test_a_mission_is_signed_with_its_date_and_the_old_one_is_kept(cast, now):
    later = now + timedelta(days=30)
    _describe(cast, later)
    assert (hosts.card(cast.cuihu).mission, hosts.card(cast.cuihu).signed_at) == (MISSION, later)
    assert [(signed.text, signed.signed_at) for signed in hosts.missions_of(cast.li.id)] == [
        (MISSION, later),
        (hosts.MISSIONS[0], now),
    ]


def test_an_unchanged_mission_is_not_signed_anew(cast, now):
    _describe(cast, now + timedelta(days=1))
    _describe(cast, now + timedelta(days=2), greeting="有空来坐坐")
    assert hosts.card(cast.cuihu).signed_at == now + timedelta(days=1)
    assert SignedMission.select().count() == 2


def test_a_mission_taken_back_leaves_a_place_for_the_next(cast, now):
    _describe(cast, now, mission="")
    assert (hosts.card(cast.cuihu).mission, hosts.card(cast.cuihu).signed_at) == ("", None)
    assert len(hosts.missions_of(cast.li.id)) == 1


def test_the_card_shows_what_the_host_wrote(cast, now):
    before = by_slug("cuihu").version
    _describe(cast, now, greeting=" 有空来坐坐 ", story="住了十年\n<b>爱种花</b>", skills="种花 做饭", hours="晚上七点后")
    members.show_face(cast.li, "f" * 32)
    card = hosts.card(cast.cuihu)
    assert (card.name, card.greeting, card.skills, card.hours) == ("李姐", "有空来坐坐", "种花 做饭", "晚上七点后")
    assert (card.story, card.face, card.member_id) == ("住了十年\n<b>爱种花</b>", "f" * 32, cast.li.id)
    assert by_slug("cuihu").version > before


def test_a_place_without_a_host_has_no_card(cast):
    assert hosts.card(cast.yangguangli) is None


def test_a_host_without_a_profile_has_a_card(cast, now):
    members.appoint(cast.zhou, "host", cast.lin, now, "邻居们推举的")
    card = hosts.card(cast.yangguangli)
    assert (card.name, card.title, card.mission, card.signed_at) == ("周师傅", "绿洲生活主理人", None, None)


def test_an_acting_host_stands_in_until_there_is_a_host(cast, now):
    members.appoint(cast.zhou, "acting_host", cast.lin, now, "暂时代理一下")
    assert hosts.card(cast.yangguangli).name == "周师傅"
    qian = make.neighbor(cast.yangguangli, "钱奶奶", now)
    members.appoint(qian, "host", cast.lin, now, "邻居们推举的")
    assert hosts.card(cast.yangguangli).name == "钱奶奶"


def test_a_host_who_stepped_down_has_no_card_and_keeps_the_words(cast, now):
    members.appoint(cast.li, "resident", cast.lin, now, "搬去女儿家了")
    assert hosts.card(cast.cuihu) is None
    assert hosts.missions_of(cast.li.id)


def test_a_profile_is_made_once(cast):
    assert hosts.profile_of(cast.zhao).id == hosts.profile_of(cast.zhao).id
    assert HostProfile.select().where(HostProfile.membership == cast.zhao.id).count() == 1
