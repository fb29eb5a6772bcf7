"""Signed in means a row in the database, and signed out means it ended (S13)."""

from datetime import timedelta

import pytest

from db import sessions
from db.people import User
from db.sessions import Session

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_secret_of_a_cookie_finds_its_person(cast, now):
    token = sessions.start(cast.wang.user, now, device="iPhone · 微信")
    user, session_id, _ = sessions.visitor(token, now)
    assert user.__data__ == User.get_by_id(cast.wang.user_id).__data__
    assert Session.get_by_id(session_id).device == "iPhone · 微信"


def test_the_secret_itself_is_not_stored(cast, now):
    token = sessions.start(cast.wang.user, now)
    assert token not in str(Session.select().dicts().get())


@pytest.mark.parametrize("token", ["", "x", "秘密", "x" * 10_000, "\0"])
def test_a_forged_secret_finds_nobody(cast, now, token):
    sessions.start(cast.wang.user, now)
    assert sessions.visitor(token, now) is None


@pytest.mark.parametrize(
    ("who", "hosting", "idle"),
    [
        ("wang", False, 30 * DAY),
        ("li", True, 12 * HOUR),
        ("sun", False, 12 * HOUR),
        ("lin", False, 2 * HOUR),
        ("lin", True, 2 * HOUR),
    ],
)
def test_more_rights_idle_out_sooner(cast, now, who, hosting, idle):
    person = getattr(cast, who)
    token = sessions.start(getattr(person, "user", person), now, hosting=hosting)
    assert sessions.visitor(token, now + idle)
    another = sessions.start(getattr(person, "user", person), now, hosting=hosting)
    assert sessions.visitor(another, now + idle + timedelta(seconds=1)) is None


def test_who_comes_back_stays_signed_in(cast, now):
    token = sessions.start(cast.wang.user, now)
    for days in range(20, 200, 20):
        assert sessions.visitor(token, now + days * DAY)


def test_a_visit_is_noted_at_most_every_half_hour(cast, now, queries):
    token = sessions.start(cast.wang.user, now)
    queries.clear()
    assert sessions.visitor(token, now + timedelta(minutes=30))
    assert len(queries) == 1
    assert Session.get().seen_at == now
    assert sessions.visitor(token, now + timedelta(minutes=31))
    assert Session.get().seen_at == now + timedelta(minutes=31)


def test_an_ended_session_is_over(cast, now):
    token, other = sessions.start(cast.wang.user, now), sessions.start(cast.wang.user, now)
    sessions.end(sessions.visitor(token, now)[1], cast.wang.user, now)
    assert sessions.visitor(token, now) is None
    assert sessions.visitor(other, now)


def test_nobody_signs_out_somebody_else(cast, now):
    token = sessions.start(cast.wang.user, now)
    sessions.end(sessions.visitor(token, now)[1], cast.zhao.user, now)
    assert sessions.visitor(token, now)


def test_signing_out_everywhere_can_keep_this_device(cast, now):
    here, there, third = (sessions.start(cast.wang.user, now) for _ in range(3))
    foreign = sessions.start(cast.zhao.user, now)
    assert sessions.end_all(cast.wang.user, now, keep=sessions.visitor(here, now)[1]) == 2
    assert sessions.visitor(here, now)
    assert sessions.visitor(there, now) is None
    assert sessions.visitor(third, now) is None
    assert sessions.visitor(foreign, now)
    assert sessions.end_all(cast.wang.user, now) == 1


@pytest.mark.parametrize("status", ["suspended", "merged", "erased"])
def test_a_closed_account_is_out_at_once(cast, now, status):
    token = sessions.start(cast.wang.user, now)
    User.update(status=status).where(User.id == cast.wang.user_id).execute()
    assert sessions.visitor(token, now) is None


def test_one_sees_ones_own_devices_the_latest_first(cast, now):
    sessions.start(cast.wang.user, now, device="iPad")
    sessions.start(cast.wang.user, now + HOUR, device="iPhone")
    gone = sessions.start(cast.wang.user, now, device="旧手机")
    sessions.start(cast.zhao.user, now, device="别人的")
    sessions.end(sessions.visitor(gone, now)[1], cast.wang.user, now)
    assert [row.device for row in sessions.of(cast.wang.user)] == ["iPhone", "iPad"]


def test_a_very_long_device_name_is_cut(cast, now):
    sessions.start(cast.wang.user, now, device="x" * 500)
    assert len(Session.get().device) == 60


def test_old_rows_are_forgotten_and_living_ones_stay(cast, now):
    ended, idle, living = (sessions.start(cast.wang.user, now) for _ in range(3))
    sessions.end(sessions.visitor(ended, now)[1], cast.wang.user, now)
    assert sessions.visitor(living, now + 25 * DAY)
    assert sessions.forget_old(now + 31 * DAY) == 1
    assert sessions.forget_old(now + 61 * DAY) == 1
    assert Session.select().count() == 1
