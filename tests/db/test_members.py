"""Belonging: who may call a 小区 theirs, whom the host has met, who looks after it, and who has left."""

from datetime import timedelta

import pytest

from db import members, sessions, standings
from db.audit import AuditLog
from db.members import Membership
from db.neighborhoods import by_slug, set_status
from db.people import User
from tests import make
from tests.make import at_once, refused


def _audited(action):
    return AuditLog.select().where(AuditLog.action == action).count()


def test_a_nickname_and_consent_are_enough_to_join(cast, now):
    before = by_slug("cuihu")
    qian = members.join(cast.cuihu, now, name=" 钱奶奶 ", consent=True, source="qr")
    assert (qian.name, qian.building, qian.role, qian.status, qian.source) == ("钱奶奶", "", "resident", "active", "qr")
    assert qian.user.phone_digest is None
    assert (by_slug("cuihu").members, by_slug("cuihu").version) == (before.members + 1, before.version + 1)
    assert not qian.trusted
    assert qian.is_newcomer(now)


def test_without_consent_nothing_is_stored(cast, now):
    people = User.select().count()
    with refused("consent-needed", 422) as met:
        members.join(cast.cuihu, now, name="钱奶奶", consent=False)
    assert met.value.field == "consent"
    assert User.select().count() == people


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": ""}, "bad-name"),
        ({"name": "官方"}, "bad-name"),
        ({"building": "x" * 13}, "bad-building"),
        ({"building": "3\0栋"}, "bad-building"),
    ],
)
def test_a_bad_name_or_building_is_refused_beside_its_field(cast, now, values, code):
    people = User.select().count()
    with refused(code, 422):
        members.join(cast.cuihu, now, **({"name": "钱奶奶", "consent": True} | values))
    assert User.select().count() == people


@pytest.mark.parametrize(("typed", "kept"), [(" 12  栋 ", "12 栋"), ("A3", "A3"), (None, ""), ("三栋二单元", "三栋二单元")])
def test_a_building_is_kept_on_one_line(typed, kept):
    assert members.clean_building(typed) == kept


def test_an_unknown_source_is_the_page(cast, now):
    assert members.join(cast.cuihu, now, name="钱奶奶", consent=True, source="<script>").source == "page"


def test_joining_twice_is_joining_once(cast, now):
    before = by_slug("cuihu").members
    again = members.join(cast.cuihu, now + timedelta(days=1), user=cast.wang.user)
    assert (again.id, again.joined_at, by_slug("cuihu").members) == (cast.wang.id, now, before)


def test_joining_eight_times_at_once_is_joining_once(cast, now):
    before = by_slug("yangguangli").members
    joined = at_once(8, lambda _: members.join(cast.yangguangli, now, user=cast.wang.user))
    assert len({member.id for member in joined}) == 1
    assert by_slug("yangguangli").members == before + 1


@pytest.mark.parametrize("status", ["readonly", "closed"])
def test_a_place_that_is_not_open_takes_nobody(cast, now, status):
    set_status(cast.cuihu, status, "小区改造中")
    with refused("not-open") as met:
        members.join(by_slug("cuihu"), now, name="钱奶奶", consent=True)
    assert "小区改造中" in met.value.sentence


@pytest.mark.parametrize("status", ["removed", "banned"])
def test_who_was_sent_away_does_not_come_back_by_joining(cast, now, status):
    Membership.update(status=status).where(Membership.id == cast.wang.id).execute()
    before = by_slug("cuihu").members
    with refused("removed"):
        members.join(cast.cuihu, now, user=cast.wang.user)
    assert by_slug("cuihu").members == before
    assert members.of(cast.wang.user, cast.cuihu) is None


def test_one_belongs_where_one_joined_and_nowhere_else(cast):
    assert members.of(cast.wang.user, cast.cuihu).id == cast.wang.id
    assert members.of(cast.wang.user, cast.yangguangli) is None
    assert members.get(cast.cuihu, cast.wang.id).name == "王阿姨"
    assert members.get(cast.yangguangli, cast.wang.id) is None
    assert members.get(cast.cuihu, 2**53 - 1) is None


def test_one_may_live_in_two_places(cast, now):
    members.join(cast.yangguangli, now + timedelta(days=1), user=cast.wang.user, building="1栋")
    assert [member.neighborhood.slug for member in members.places(cast.wang.user)] == ["cuihu", "yangguangli"]


def test_neighbours_are_listed_by_name_and_page_by_page(cast):
    assert [each.name for each in members.listed(cast.cuihu)] == ["陈奶奶", "赵敏", "王阿姨", "李姐"]
    assert [each.name for each in members.listed(cast.cuihu, "奶奶")] == ["陈奶奶"]
    assert [each.name for each in members.listed(cast.cuihu, after=cast.zhao.id)] == ["王阿姨", "李姐"]
    assert len(members.listed(cast.cuihu, limit=2)) == 2
    for nothing in ("%", "_", "\0%", "周师傅", "' OR 1=1 --"):
        assert members.listed(cast.cuihu, nothing) == []


def test_one_changes_ones_own_name_and_building(cast):
    members.describe(cast.wang, name="王大姐", building=" 5 栋 ")
    wang = make.again(cast.wang)
    assert (wang.name, wang.building) == ("王大姐", "5 栋")
    with refused("bad-building", 422):
        members.describe(cast.wang, name="王小姐", building="x" * 13)
    with refused("bad-name", 422):
        members.describe(cast.wang, name="", building="6栋")
    assert (make.again(cast.wang).name, make.again(cast.wang).building) == ("王大姐", "5 栋")


def test_who_was_met_in_person_is_trusted_and_it_is_written_down_once(cast, now):
    members.vouch(cast.wang, cast.li, now)
    members.vouch(cast.wang, cast.li, now + timedelta(days=1))
    wang = make.again(cast.wang)
    assert (wang.trusted, wang.vouched_at, wang.vouched_by_id) == (True, now, cast.li.user_id)
    assert _audited("vouch") == 1


def test_vouching_without_a_reason_is_refused_whole(cast, now):
    with refused("reason-needed", 422):
        members.vouch(cast.wang, cast.li, now, reason="")
    assert not make.again(cast.wang).trusted


def test_hosts_the_vouched_and_the_thrice_approved_are_trusted(cast):
    assert cast.li.trusted
    assert cast.zhao.trusted
    assert not cast.wang.trusted
    cast.wang.approved_posts = 2
    assert not cast.wang.trusted
    cast.wang.approved_posts = 3
    assert cast.wang.trusted


def test_one_is_a_newcomer_for_72_hours_unless_trusted(cast, now):
    assert cast.wang.is_newcomer(now + timedelta(hours=72) - timedelta(seconds=1))
    assert not cast.wang.is_newcomer(now + timedelta(hours=72))
    assert not cast.zhao.is_newcomer(now)


@pytest.mark.parametrize("role", ["host", "acting_host", "resident"])
def test_who_is_appointed_signs_in_anew_and_it_is_written_down(cast, now, role):
    token = sessions.start(cast.wang.user, now)
    members.appoint(cast.wang, role, cast.lin, now, "邻居们推举的")
    assert make.again(cast.wang).role == role
    assert make.again(cast.wang).is_host == (role != "resident")
    assert members.hosts_anywhere(cast.wang.user) == (role != "resident")
    assert sessions.visitor(token, now) is None
    line = AuditLog.select().where((AuditLog.action == "appoint") & (AuditLog.subject == cast.wang.user_id)).get()
    assert (line.actor_id, line.reason) == (cast.lin.id, "邻居们推举的")


def test_nobody_is_appointed_to_an_unknown_role_or_without_a_reason(cast, now):
    with refused("bad-role", 422):
        members.appoint(cast.wang, "boss", cast.lin, now, "邻居们推举的")
    with refused("reason-needed", 422):
        members.appoint(cast.wang, "host", cast.lin, now, " ")
    assert make.again(cast.wang).role == "resident"


def test_a_host_of_one_place_is_a_neighbour_in_the_next(cast, now):
    there = members.join(cast.yangguangli, now, user=cast.li.user)
    assert not there.is_host
    assert members.hosts_anywhere(cast.li.user)


def test_who_leaves_is_gone_once_and_may_come_back(cast, now):
    before = by_slug("cuihu").members
    at_once(4, lambda _: members.leave(cast.wang, now))
    assert by_slug("cuihu").members == before - 1
    assert members.of(cast.wang.user, cast.cuihu) is None
    at_once(4, lambda _: members.join(cast.cuihu, now, user=cast.wang.user))
    assert by_slug("cuihu").members == before
    assert make.again(cast.wang).id == cast.wang.id


def test_a_host_hands_over_before_leaving(cast, now):
    with refused("host-stays"):
        members.leave(cast.li, now)
    assert make.again(cast.li).is_host


def test_perhaps_the_same_person_twice(cast, now):
    twin = make.neighbor(cast.cuihu, "王阿姨", now, building="3栋")
    make.neighbor(cast.cuihu, "王阿姨", now, building="9栋")
    make.neighbor(cast.yangguangli, "王阿姨", now, building="3栋")
    assert members.with_same_name(cast.wang) == [twin]


def test_standing_says_who_stands_here_now(cast, now):
    token = sessions.start(cast.wang.user, now)
    standing = standings.standing(token, "cuihu", now)
    assert (standing.name, standing.id, standing.role) == ("王阿姨", cast.wang.id, "resident")
    assert standings.standing(token, "yangguangli", now) is None and standings.standing("no such token", "cuihu", now) is None
    assert standings.standing(token, "cuihu", now + timedelta(minutes=31)) is None  # somebody should note that it is in use
    members.leave(make.again(cast.wang), now)
    assert standings.standing(token, "cuihu", now) is None
