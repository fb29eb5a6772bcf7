"""Behind a QR code: the door of a 小区, always the same, or a paper card that is one person's."""

from datetime import timedelta

import pytest

from db import members, scans
from db.audit import AuditLog
from db.scans import QrToken
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
