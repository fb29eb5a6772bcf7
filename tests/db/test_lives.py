"""直播间: where it is watched, live and again, who is reminded, and when viewers are told that something is new (R47)."""

from datetime import timedelta

import pytest

from db import event_days, events, live_questions, lives, notices
from db.members import Membership
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ROOM = {"room_name": "视频号：绿洲生活", "room_url": "https://live.example.cn/1", "stream_url": "", "rain": "改到活动室里播"}


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, kind="live", title="阳台上种绣球", place="")


def sentences(member):
    return [line.sentence for line in Notice.select().where(Notice.user == member.user_id).order_by(Notice.id)]


def tag(event, now):
    return lives.pulse("cuihu", event.id, now)


def test_the_room_may_change_and_the_page_tells_at_once(cast, now, event):
    before, picture = tag(event, now), lives.picture(event, lives.of(event), [], now)
    lives.furnish(event, cast.li, now, **ROOM)
    lives.furnish(event, cast.li, now, **ROOM | {"room_url": "https://other.example.cn/2"})
    assert lives.of(event).room_url == "https://other.example.cn/2"
    assert tag(event, now) != before and lives.picture(event, lives.of(event), [], now) != picture
    with refused("not-yours", 403):
        lives.furnish(event, cast.wang, now, **ROOM)
    with refused("no-live"):
        lives.furnish(make.event(cast.li, now), cast.li, now, **ROOM)


@pytest.mark.parametrize(
    "odd",
    [
        "http://live.example.cn/1",
        "javascript:alert(1)",
        "https://",
        "https://a:b@live.example.cn/",
        "https://[",
        "//live.example.cn",
    ],
)
def test_an_address_nobody_should_follow_is_refused(cast, now, event, odd):
    with refused("bad-link", 422):
        lives.furnish(event, cast.li, now, **ROOM | {"room_url": odd})


def test_streams_are_played_from_where_the_operator_says(cast, now, event, monkeypatch):
    stream = ROOM | {"stream_url": "https://hls.example.cn/room/index.m3u8"}
    with refused("bad-host", 422):
        lives.furnish(event, cast.li, now, **stream)
    monkeypatch.setattr(lives, "hosts", ("hls.example.cn",))
    lives.furnish(event, cast.li, now, **stream)
    assert lives.of(event).plays
    with refused("bad-host", 422):
        lives.furnish(event, cast.li, now, **ROOM | {"stream_url": "https://hls.example.cn.evil.example/index.m3u8"})


def test_the_replay_comes_after_with_its_moments_and_is_told_once(cast, now, event):
    told = {"replay_url": "https://live.example.cn/replay", "text": "12:30 怎么扦插\n\n1:02:03　一位邻居的阳台\n0:05 开场"}
    with refused("not-over"):
        lives.show_again(event, cast.li, now, **told)
    lives.remind(cast.wang, event, True, now)
    late = event.ends_at + HOUR
    for wrong in ("开场", "12:75 开场", "-1:00 开场", "99:999:59 开场"):
        with refused("bad-moment", 422):
            lives.show_again(event, cast.li, late, **told | {"text": wrong})
    for _ in range(2):
        lives.show_again(event, cast.li, late, **told)
    assert [each.clock for each in lives.highlights(event)] == ["0:05", "12:30", "1:02:03"]
    assert [said for said in sentences(cast.wang) if "回放" in said] == ["「阳台上种绣球」的回放整理好了"]
    with refused("moved-on"):
        lives.furnish(event, cast.li, late, **ROOM)


def test_whoever_wanted_is_reminded_once_and_again_when_it_moves(cast, now, event):
    for _ in range(2):
        lives.remind(cast.wang, event, True, now)
    lives.remind(cast.zhao, event, True, now)
    lives.remind(cast.zhao, event, False, now)
    assert lives.reminders(event) == 1 and lives.wants_reminder(event, cast.wang)
    soon = event.starts_at - 15 * MINUTE
    assert [lives.remind_due(each) for each in (soon - MINUTE, soon, soon + MINUTE)] == [0, 1, 0]
    notices.read_all(cast.wang.user, soon)
    moved = event.starts_at + HOUR
    event_days.reschedule(event, cast.li, soon + MINUTE, starts_at=moved, ends_at=None, note="设备还在路上")
    assert [lives.remind_due(each) for each in (moved - 15 * MINUTE, moved - 14 * MINUTE)] == [1, 0]
    with refused("too-late"):
        lives.remind(cast.zhao, event, True, moved)


def test_votes_count_at_the_end_of_their_minute_and_what_cannot_wait_at_once(cast, now, event):
    quiet = tag(event, now)
    question = make.question(cast.wang, event, now)
    live_questions.push(cast.zhao, event, question, True, now + MINUTE / 2)
    assert tag(event, now + MINUTE / 2) == quiet
    settled = tag(event, now + MINUTE)
    assert settled != quiet
    live_questions.push(cast.zhao, event, question, False, now + MINUTE)
    assert tag(event, now + MINUTE) == settled != tag(event, now + 2 * MINUTE)
    live_questions.hide(event, question, cast.li, now + MINUTE)
    assert tag(event, now + MINUTE) != settled


def test_begun_over_and_hidden_are_told_by_the_clock(cast, now, event):
    moments = (now, event.starts_at, event.ends_at)
    assert [tag(event, each).split("-")[0] for each in moments] == ["before", "on", "after"]
    assert lives.pulse("yangguangli", event.id, now) is None
    events.Event.update(sight="hidden").where(events.Event.id == event.id).execute()
    assert tag(event, now) is None
    assert tag(make.event(cast.li, now), now) is None  # no live page


def test_who_waits_for_it_hears_that_it_is_moved_or_off_and_who_left_hears_nothing(cast, now, event):
    for member in (cast.wang, cast.zhao):
        lives.remind(member, event, True, now)
    Membership.update(status="removed").where(Membership.id == cast.zhao.id).execute()
    event_days.reschedule(event, cast.li, now, starts_at=event.starts_at + HOUR, ends_at=None, note="设备还在路上")
    notices.read_all(cast.wang.user, now)
    assert lives.remind_due(event.starts_at + HOUR) == 1
    event_days.cancel(events.find(cast.cuihu, event.id), cast.li, now, "主播病了")
    assert ["改到" in sentences(cast.wang)[0], "主播病了" in sentences(cast.wang)[-1]] == [True, True]
    assert not sentences(cast.zhao)


def test_after_a_pause_of_the_clock_it_has_begun_and_out_of_sight_nobody_is_told(cast, now, event):
    lives.remind(cast.wang, event, True, now)
    late = event.starts_at + 5 * MINUTE
    events.Event.update(sight="hidden").where(events.Event.id == event.id).execute()
    assert lives.remind_due(late) == 0
    events.Event.update(sight="shown").where(events.Event.id == event.id).execute()
    assert [lives.remind_due(late), lives.remind_due(late)] == [1, 0]
    assert sentences(cast.wang) == ["「阳台上种绣球」开始了，从这里进直播间"]
    events.Event.update(sight="hidden").where(events.Event.id == event.id).execute()
    lives.show_again(event, cast.li, event.ends_at, replay_url="https://live.example.cn/replay", text="")
    assert len(sentences(cast.wang)) == 1


def test_reminders_at_once_are_one(cast, now, event):
    at_once(6, lambda _: lives.remind(cast.wang, event, True, now))
    assert lives.reminders(event) == 1
