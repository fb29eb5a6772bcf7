"""集章: asked for from a poster, pressed by the keeper, her changing code, by name or from paper; once each (R48, R42, S8)."""

from contextlib import suppress
from datetime import timedelta

import pytest

from db import belongings, forgetting, markets, merging, registrations, rotating, stamps
from db.activity import Action
from db.audit import AuditLog
from db.base import Refused, writing
from db.members import Membership
from db.notices import Notice
from db.stamps import Stamp
from tests import stalls
from tests.make import at_once, refused
from tests.stalls import HOUR

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture(autouse=True)
def secret():
    ours = rotating._house["secrets"]
    rotating.use("a secret of the tests, long enough")
    yield
    rotating.use(*ours[:1], ours[1:])


@pytest.fixture
def event(cast, now):
    return stalls.market(cast.li, now)


@pytest.fixture
def booth(cast, now, event):
    return stalls.booth(event, cast.li, now, "酵素")


def states(member):
    return [row.state for row in Stamp.select().where(Stamp.member == member.id).order_by(Stamp.id)]


def test_a_poster_only_asks_and_the_keeper_presses_once(cast, now, event, booth):
    for _ in range(2):
        row = stamps.ask(booth, now, member=cast.wang, device="hers")
    assert states(cast.wang) == ["asked"] and not Action.select().where(Action.kind == "stamp").exists()
    assert [each.member.user.name for each in stamps.waiting(booth, now)] == ["王阿姨"]
    with refused("not-yours", 403):
        stamps.press(booth, row, cast.chen, now)
    told = at_once(5, lambda _: stamps.press(booth, row, cast.li, now))
    assert {each.state for each in told} == {"stamped"} and stamps.waiting(booth, now) == []
    assert Action.select().where(Action.kind == "stamp").count() == 1
    assert stamps.ask(booth, now, member=cast.wang, device="hers").state == "stamped"


def test_one_tap_sent_ten_times_is_one_stamp(cast, now, booth):
    rows = at_once(10, lambda _: stamps.ask(booth, now, member=cast.wang, device="hers"))
    assert len({row.id for row in rows}) == 1 and Stamp.select().count() == 1


def test_whoever_asked_half_an_hour_ago_has_gone_on(cast, now, booth):
    stamps.ask(booth, now, member=cast.wang, device="hers")
    assert stamps.waiting(booth, now + 30 * MINUTE) == []
    stamps.ask(booth, now + 31 * MINUTE, member=cast.wang, device="hers")
    assert len(stamps.waiting(booth, now + 32 * MINUTE)) == 1


def test_the_keepers_code_stamps_this_device_for_ten_minutes_and_no_other(cast, now, event, booth):
    code = stamps.steps(booth, now)[0][0]
    assert stamps.arrive(booth, code, "hers", now + 61 * SECOND) is None
    assert stamps.arrive(stalls.booth(event, cast.li, now, "剪纸"), code, "hers", now) is None
    word = stamps.arrive(booth, code, "hers", now)
    assert stamps.ask(booth, now, member=cast.chen, device="another", word=word).state == "asked"
    assert stamps.ask(booth, now + 10 * MINUTE + SECOND, member=cast.wang, device="hers", word=word).state == "asked"
    row = stamps.ask(booth, now + 10 * MINUTE, member=cast.wang, device="hers", word=word)
    assert (row.state, row.way, row.by) == ("stamped", "code", None)


@pytest.mark.parametrize("moment", ["early", "late"])
def test_stamps_are_collected_while_the_market_is_on(cast, now, event, booth, moment):
    at = event.starts_at - HOUR if moment == "early" else event.ends_at + HOUR
    for act in (
        lambda: stamps.ask(booth, at, member=cast.wang, device="hers"),
        lambda: stamps.by_name(booth, cast.wang, cast.li, at),
    ):
        with refused("not-now"):
            act()


def test_a_guests_stamps_are_hers_once_she_joins_on_that_device(cast, now, event, booth):
    other = stalls.booth(event, cast.li, now, "剪纸")
    pressed = stamps.press(booth, stamps.ask(booth, now, device="hers"), cast.li, now)
    assert pressed.letters == pressed.device[:4].upper() and pressed.device != "hers"
    stamps.ask(other, now, device="hers")
    stamps.carry_over("hers", cast.zhou, now)  # a neighbour of elsewhere
    assert len(stamps.card(event, device="hers").stamped) == 1
    for _ in range(2):
        stamps.carry_over("hers", cast.wang, now)
    assert states(cast.wang) == ["stamped", "asked"] and not Stamp.select().where(Stamp.device.is_null(False)).exists()
    assert Action.select().where(Action.kind == "stamp").count() == 1 and not stamps.card(event, device="hers").stamped
    stamps.press(booth, stamps.ask(booth, now, device="second"), cast.li, now)  # the same booth again, as a guest
    stamps.carry_over("second", cast.wang, now)
    assert states(cast.wang) == ["stamped", "asked"]


def test_two_last_stamps_in_one_moment_still_fill_the_card(cast, now, event, booth):
    other = stalls.booth(event, cast.li, now, "捏泥人")
    markets.plan_card(event, cast.li, now, wanted=2, prize="一盆薄荷", prizes=9)
    rows = [stamps.ask(each, now, member=cast.wang, device="hers") for each in (booth, other)]
    at_once(2, lambda number: stamps.press((booth, other)[number], rows[number], cast.li, now))
    assert Notice.select().where(Notice.user == cast.wang.user_id, Notice.sentence.contains("集齐了")).count() == 1


def test_by_name_and_from_paper_are_on_record(cast, now, event, booth):
    stamps.by_name(booth, cast.wang, cast.li, now)
    at = event.starts_at + MINUTE
    for wrong in (None, event.starts_at - HOUR, now + MINUTE):
        with refused("bad-time", 422):
            stamps.on_paper(booth, cast.chen, cast.li, now, wrong)
    with refused("too-late"):
        stamps.on_paper(booth, cast.chen, cast.li, event.ends_at + timedelta(days=8), at)
    for _ in range(2):
        stamps.on_paper(booth, cast.chen, cast.li, event.ends_at + timedelta(days=6), at)
    assert Stamp.get(Stamp.member == cast.chen.id).at == at and Action.get(Action.kind == "stamp", Action.at == at)
    told = {line.action: line.subject_id for line in AuditLog.select().where(AuditLog.action.contains("stamp"))}
    assert told == {"stamp by name": cast.wang.user_id, "paper stamp": cast.chen.user_id}
    with refused("own"):
        stamps.by_name(booth, cast.li, cast.li, now)


def test_a_keeper_presses_but_takes_nothing_pressed_back(cast, now, event):
    booth = stalls.kept(stalls.booth(event, cast.li, now, "酵素"), cast.zhao, now)
    row = stamps.press(booth, stamps.ask(booth, now, member=cast.wang, device="hers"), cast.zhao, now)
    with refused("not-yours", 403):
        stamps.turn_away(booth, row, cast.zhao, now)
    stamps.turn_away(booth, stamps.ask(booth, now, member=cast.chen, device="other"), cast.zhao, now)
    assert states(cast.chen) == []
    for _ in range(2):
        stamps.turn_away(booth, row, cast.li, now)
    assert states(cast.wang) == [] and not Action.select().where(Action.kind == "stamp").exists()
    with refused("own"):
        stamps.press(booth, stamps.ask(booth, now, member=cast.zhao, device="third"), cast.zhao, now)


def test_a_keepers_own_code_is_no_stamp_for_herself_and_she_keeps_it_while_she_comes(cast, now, booth):
    booth = stalls.kept(booth, cast.zhao, now)
    word = stamps.arrive(booth, stamps.steps(booth, now)[0][0], "hers", now)
    row = stamps.ask(booth, now, member=cast.zhao, device="hers", word=word)
    assert row.state == "asked"
    registrations.cancel(registrations.of(booth.event, cast.zhao), cast.zhao, now)
    with refused("not-yours", 403):
        stamps.by_name(booth, cast.wang, cast.zhao, now)


def test_what_was_turned_away_just_now_is_not_pressed(cast, now, booth):
    row = stamps.ask(booth, now, member=cast.wang, device="hers")
    stamps.turn_away(booth, row, cast.li, now)
    with refused("gone"):
        stamps.press(booth, row, cast.li, now)


def test_a_crowd_of_guests_hides_no_neighbour(cast, now, booth):
    for number in range(stamps.SHOWN):
        stamps.ask(booth, now, device=f"guest {number}")
    stamps.ask(booth, now + SECOND, member=cast.wang, device="hers")
    told = stamps.waiting(booth, now + MINUTE)
    assert told[0].member == cast.wang and len(told) == stamps.SHOWN + 1


def test_whoever_was_sent_away_gets_no_stamp(cast, now, booth):
    Membership.update(status="removed").where(Membership.id == cast.wang.id).execute()
    for act in (
        lambda: stamps.by_name(booth, cast.wang, cast.li, now),
        lambda: stamps.on_paper(booth, cast.wang, cast.li, now, now),
    ):
        with refused("moved-away"):
            act()
    assert Stamp.select().count() == 0


@pytest.mark.parametrize("leaves", ["merged", "erased"])
def test_a_stamp_is_not_lost_while_she_is_merged_or_forgotten(cast, now, booth, leaves):
    """Both take the market before her: whichever is first, no stamp is left on a membership nobody has."""

    def leave():
        with writing():
            if leaves == "merged":
                merging.merge(cast.chen.user, cast.wang.user, cast.li.user, now, "同一个人")
            else:
                belongings.forget(forgetting.person(cast.chen.user), now)

    def stamp():
        with suppress(Refused):  # she has gone
            stamps.by_name(booth, cast.chen, cast.li, now)

    at_once(2, lambda number: (leave, stamp)[number]())
    assert Stamp.select().where(Stamp.member == cast.chen.id).count() == 0


def test_a_scan_and_a_sign_in_on_one_device_do_not_wait_for_each_other(cast, now, event, booth):
    first = stalls.booth(stalls.market(cast.zhao, now), cast.zhao, now, "剪纸")
    for each in (booth, first):
        stamps.press(each, stamps.ask(each, now, device="hers"), each.event.creator, now)
    at_once(4, lambda number: stamps.ask((booth, first)[number % 2], now, member=cast.wang, device="hers"))
    assert states(cast.wang) == ["stamped", "stamped"]


def test_a_month_later_nobody_knows_which_device_was_where(cast, now, event, booth):
    stamps.ask(booth, now, device="guest")
    stamps.ask(booth, now, member=cast.wang, device="hers")
    assert stamps.forget_guests(event.ends_at + timedelta(days=29)) == 0
    assert stamps.forget_guests(event.ends_at + timedelta(days=31)) == 1 and Stamp.select().count() == 1


def test_two_accounts_of_one_person_have_one_stamp(cast, now, event, booth):
    other = stalls.booth(event, cast.li, now, "剪纸")
    stamps.ask(booth, now, member=cast.wang, device="hers")
    for each in (booth, other):
        stamps.by_name(each, cast.chen, cast.li, now)
    merging.merge(cast.chen.user, cast.wang.user, cast.li.user, now, "同一个人")
    assert states(cast.wang) == ["stamped", "stamped"] and Stamp.select().count() == 2
