"""Behind a QR code: the door of a 小区, always the same, or a paper card that is one person's."""

from datetime import timedelta

import pytest
from peewee import IntegrityError

from db import members, scans
from db.audit import AuditLog
from db.base import writing
from db.scans import QrToken, ScanTally
from tests import make
from tests.make import at_once, refused


def test_the_posters_of_a_place_always_carry_the_same_code(cast, now):
    code = scans.join_code(cast.cuihu, now)
    assert scans.join_code(cast.cuihu, now + timedelta(days=400)) == code
    assert scans.join_code(cast.yangguangli, now) != code
    token = scans.find(code)
    assert (token.purpose, token.neighborhood.slug, token.state(now + timedelta(days=4000))) == ("join", "cuihu", "active")


def test_even_when_eight_posters_are_printed_at_once(cast, now):
    assert len(set(at_once(8, lambda _: scans.join_code(cast.cuihu, now)))) == 1
    assert QrToken.select().count() == 1


def test_a_revoked_door_code_is_replaced(cast, now):
    old = scans.join_code(cast.cuihu, now)
    QrToken.update(revoked_at=now).execute()
    assert scans.join_code(cast.cuihu, now) != old
    assert scans.find(old).state(now) == "revoked"


@pytest.mark.parametrize("change", [str, str.lower, str.swapcase])
def test_small_and_capital_letters_are_the_same(cast, now, change):
    assert scans.find(change(scans.join_code(cast.cuihu, now)))


@pytest.mark.parametrize("code", ["", "ABCDEFGH", "\0", "樱花", "x" * 10_000])
def test_a_forged_code_is_nothing(cast, now, code):
    scans.join_code(cast.cuihu, now)
    assert scans.find(code) is None


def test_a_paper_card_is_one_persons_for_a_year(cast, now):
    code = scans.issue_card(cast.chen, cast.li, now)
    token = scans.find(code)
    assert (token.purpose, token.membership.user.name, token.neighborhood.slug) == ("card", "陈奶奶", "cuihu")
    assert token.state(now + timedelta(days=365) - timedelta(seconds=1)) == "active"
    assert token.state(now + timedelta(days=365)) == "expired"
    assert code not in str(QrToken.select().where(QrToken.purpose == "card").dicts().get())
    line = AuditLog.select().where(AuditLog.action == "issue card").get()
    assert (line.actor_id, line.subject_id) == (cast.li.user_id, cast.chen.user_id)


def test_a_new_card_ends_the_lost_one_and_nobody_elses(cast, now):
    wangs = scans.issue_card(cast.wang, cast.li, now)
    lost = scans.issue_card(cast.chen, cast.li, now)
    new = scans.issue_card(cast.chen, cast.li, now)
    assert [scans.find(code).state(now) for code in (wangs, lost, new)] == ["active", "revoked", "active"]


def test_of_eight_cards_issued_at_once_one_is_good(cast, now):
    codes = at_once(8, lambda _: scans.issue_card(cast.chen, cast.li, now))
    assert [scans.find(code).state(now) for code in codes].count("active") == 1


def test_a_host_gives_no_card_to_more_rights_than_her_own(cast, now):
    members.appoint(members.join(cast.yangguangli, now, user=cast.wang.user), "host", cast.lin, now, "隔壁请她帮忙")
    for stronger in (cast.wang, members.join(cast.cuihu, now, user=cast.lin)):
        with refused("host-stays", 403):
            scans.issue_card(stronger, cast.li, now)
    assert QrToken.select().count() == 0


# Codes that lead to a thing


def topic_code(cast, now, topic, **values):
    return scans.view_code(cast.cuihu, "topic", "topic", topic.id, cast.li, now, **values)


def test_the_same_thing_always_has_the_same_code(cast, now):
    one, other = make.topic(cast.li, now), make.topic(cast.li, now, "周末计划")
    code = topic_code(cast, now, one, label="东门海报")
    assert topic_code(cast, now + timedelta(days=9), one, label="西门海报") == code != topic_code(cast, now, other)
    token = scans.find(code)
    assert (token.purpose, token.target_type, token.target_id, token.label) == ("topic", "topic", one.id, "东门海报")
    assert token.created_by_id == cast.li.id and token.state(now + timedelta(days=4000)) == "active"


def test_two_hundred_codes_are_made_at_once_and_found_in_one_query(cast, now, queries):
    had = scans.view_code(cast.cuihu, "work", "entry", 7, None, now)
    made = scans.view_codes(cast.cuihu, "work", "entry", range(1, 201), cast.li, now)
    assert made[7] == had and len(set(made.values())) == 200
    queries.clear()
    assert scans.codes_for(cast.cuihu, "entry", range(1, 301)) == made
    assert len(queries) == 1
    assert scans.codes_for(cast.yangguangli, "entry", made) == scans.codes_for(cast.cuihu, "topic", made) == {}


def test_eight_who_print_at_once_print_the_same_codes(cast, now):
    made = at_once(8, lambda number: scans.view_codes(cast.cuihu, "work", "entry", range(1 + number % 2, 20), cast.li, now))
    assert all(made[0].items() >= each.items() or each.items() >= made[0].items() for each in made)
    assert QrToken.select().count() == 19


SECOND = timedelta(seconds=1)


def test_each_state_to_the_second(cast, now):
    day = timedelta(days=1)
    code = topic_code(cast, now, make.topic(cast.li, now), not_before=now + day, expires_at=now + 2 * day)
    token = scans.find(code)
    moments = (now + day - SECOND, now + day, now + 2 * day - SECOND, now + 2 * day)
    assert [token.state(at) for at in moments] == ["early", "active", "active", "expired"]
    scans.revoke(token, cast.li, now, "换了新海报")
    assert {scans.find(code).state(at) for at in moments} == {"revoked"}


def test_a_code_that_is_over_makes_room_for_a_new_one(cast, now):
    topic = make.topic(cast.li, now)
    old = topic_code(cast, now, topic, expires_at=now + SECOND)
    assert topic_code(cast, now, topic) == old
    new = topic_code(cast, now + SECOND, topic)
    assert new != old and scans.codes_for(cast.cuihu, "topic", [topic.id]) == {topic.id: new}
    scans.revoke(scans.find(new), cast.li, now, "印错了颜色")
    assert topic_code(cast, now + SECOND, topic) not in {old, new}


def test_a_printed_code_may_lead_somewhere_else(cast, now):
    one, other = make.topic(cast.li, now), make.topic(cast.li, now, "周末计划")
    first, second = topic_code(cast, now, one), topic_code(cast, now, other)
    scans.retarget(scans.find(first), "topic", other.id, cast.li, now, "话题换了一个")
    assert {scans.find(code).target_id for code in (first, second)} == {other.id}
    assert scans.codes_for(cast.cuihu, "topic", [one.id, other.id]) == {other.id: second}
    assert topic_code(cast, now, one) not in {first, second}
    line = AuditLog.get(AuditLog.action == "retarget code")
    assert (line.actor_id, line.reason) == (cast.li.user_id, "话题换了一个")
    assert f"topic {one.id}" in line.before and f"topic {other.id}" in line.after


def test_what_is_over_or_leads_nowhere_by_choice_cannot_be_changed(cast, now):
    token = scans.find(topic_code(cast, now, make.topic(cast.li, now)))
    for act in (
        lambda why: scans.retarget(token, "topic", 1, cast.li, now, why),
        lambda why: scans.revoke(token, cast.li, now, why),
    ):
        with refused("reason-needed", 422):
            act("啊")
    told = at_once(4, lambda _: scans.revoke(token, cast.li, now, "海报撤下了"))
    assert [getattr(each, "code", None) for each in told].count(None) == 1
    with refused("revoked"):
        scans.retarget(token, "topic", 1, cast.li, now, "换一个话题")
    with refused("fixed"):
        scans.retarget(scans.find(scans.join_code(cast.cuihu, now)), "topic", 1, cast.li, now, "换一个话题")
    assert [line.action for line in AuditLog.select().where(AuditLog.action.endswith("code"))] == ["revoke code"]


def test_only_codes_of_ones_own_place_and_no_cards_are_listed(cast, now):
    scans.issue_card(cast.chen, cast.li, now)
    door, card = scans.find(scans.join_code(cast.cuihu, now)), QrToken.get(QrToken.purpose == "card")
    assert [each.id for each in scans.listed(cast.cuihu)] == [door.id] and scans.listed(cast.yangguangli) == []
    assert scans.find_here(cast.cuihu, door.id) and not scans.find_here(cast.yangguangli, door.id)
    assert not scans.find_here(cast.cuihu, card.id)


def test_the_last_use_goes_to_one(cast, now):
    token = scans.find(topic_code(cast, now, make.topic(cast.li, now), expires_at=now + SECOND))
    QrToken.update(max_uses=3).where(QrToken.id == token.id).execute()
    told = at_once(8, lambda _: scans.use(token, now))
    assert [getattr(each, "code", None) for each in told].count(None) == 3
    assert QrToken.get_by_id(token.id).uses == 3 and QrToken.get_by_id(token.id).state(now) == "used"
    with refused("code-used"):
        scans.use(token, now)
    with refused("code-expired"):
        scans.use(token, now + SECOND)
    with pytest.raises(IntegrityError), writing():
        QrToken.update(uses=4).where(QrToken.id == token.id).execute()


# How often it was opened


def test_twenty_scans_at_once_count_twenty(cast, now):
    token = scans.find(topic_code(cast, now, make.topic(cast.li, now)))
    assert all(at_once(20, lambda _: scans.count(token, now)))
    midnight = now.replace(hour=16)  # in Shanghai
    scans.count(token, midnight - SECOND)
    scans.count(token, midnight)
    assert scans.tallies([token.id], "2026-03-20") == {token.id: {"2026-03-20": 21, "2026-03-21": 1}}
    assert scans.tallies([token.id], "2026-03-21") == {token.id: {"2026-03-21": 1}}
    assert {field.name for field in ScanTally._meta.sorted_fields} == {"id", "token", "day", "scans"}


def test_a_paper_card_is_not_counted(cast, now):
    assert not scans.count(scans.find(scans.issue_card(cast.chen, cast.li, now)), now)
    assert ScanTally.select().count() == 0
