"""固定的活动: every edition on its day, made once ahead of time, changed one by one or together (R53)."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from db import (
    belongings,
    editions,
    event_days,
    event_reviews,
    events,
    forgetting,
    limits,
    lives,
    markets,
    members,
    merging,
    registrations,
    scans,
    screening,
    series,
    shifts,
)
from db.activity import Action
from db.audit import AuditLog
from db.base import writing
from db.event_plans import Plan
from db.events import Event
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI, Notice
from db.series import EventEdition, EventSeries
from tests import make
from tests.make import at_once, refused

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def fixed(event, by, now, rhythm="weekly"):
    return series.start(event, by, now, rhythm)


def made(found):
    """The events of a series in their order."""
    rows = EventEdition.select().where(EventEdition.series == found.id).order_by(EventEdition.no)
    return [row.event for row in rows]


def said(member):
    return [line.sentence for line in Notice.select().where(Notice.user == member.user_id)]


def there(moment):
    return f"{moment + SHANGHAI:%m-%d %H:%M}"


def plan_of(event, **told):
    words = {name: getattr(event, name) for name in series.WORDS}
    return Plan(starts_at=event.starts_at, ends_at=None, **words | told)


@pytest.mark.parametrize(
    ("rhythm", "anchor", "days"),
    [
        ("weekly", "2026-02-21 09:00", ["02-21 09:00", "02-28 09:00", "03-07 09:00"]),
        ("monthly", "2026-01-31 09:00", ["01-31 09:00", "02-28 09:00", "03-31 09:00", "04-30 09:00"]),
        ("monthly", "2027-12-30 02:00", ["12-30 02:00", "01-30 02:00", "02-29 02:00", "03-30 02:00"]),  # a leap year
        ("quarterly", "2026-05-31 20:00", ["05-31 20:00", "08-31 20:00", "11-30 20:00", "02-28 20:00", "05-31 20:00"]),
    ],
)
def test_every_edition_has_its_day_and_hour_in_shanghai(rhythm, anchor, days):
    moment = datetime.fromisoformat(anchor)
    one = EventSeries(rhythm=rhythm, anchor_at=moment - SHANGHAI, anchor_no=1, day=moment.day)
    assert [there(one.begins(no)) for no in range(1, len(days) + 1)] == days


def test_the_clock_makes_the_next_one_ahead_and_once(cast, now):
    event = make.event(cast.li, now, days=2, kind="market", title="春日邻里市集", capacity=300)
    found = fixed(event, cast.li, now, "monthly")
    assert fixed(event, cast.li, now, "monthly").id == found.id
    assert [each.starts_at for each in made(found)] == [event.starts_at, found.begins(2)]
    due = found.begins(3) - 35 * DAY
    at_once(4, lambda _: series.make_due(due))
    assert series.make_due(due) == 0 and len(made(found)) == 3 == Event.select().count()
    latest = made(found)[-1]
    assert (latest.title, latest.capacity, latest.kind, latest.state) == (event.title, 300, "market", "published")
    assert latest.ends_at - latest.starts_at == 2 * HOUR
    series.make_due(found.begins(6) + HOUR)  # nobody was here for months: what has passed was left out
    assert [each is None for each in made(found)] == [False, False, False, True, True, True, False]


def test_the_next_market_has_the_booths_programme_card_and_shifts_of_the_last(cast, now):
    event = make.event(cast.li, now, days=2, kind="market", title="春日邻里市集", capacity=300)
    zhao = make.registered(cast.zhao, event, now)
    markets.add_booth(event, cast.li, now, zone="分享角", name="酵素", words="慢慢看", keeper_id=zhao.member_id)
    markets.add_item(event, cast.li, now, starts_at=event.starts_at + HOUR, title="剪纸")
    markets.plan_card(event, cast.li, now, wanted=1, prize="一盆薄荷", prizes=9)
    shifts.add(event, cast.li, now, role="搬桌子", wanted=2, starts_at=event.starts_at - HOUR, ends_at=event.starts_at)
    found = fixed(event, cast.li, now, "monthly")
    second = made(found)[1]
    (booth,), (item,), (shift,) = markets.booths(second), markets.programme(second), shifts.listed(second)
    assert (booth.zone, booth.name, booth.words, booth.keeper_id) == ("分享角", "酵素", "慢慢看", None)
    assert item.starts_at - second.starts_at == HOUR == second.starts_at - shift.shift.starts_at
    card = markets.of(second)
    assert (card.wanted, card.prize, card.prizes, card.given) == (1, "一盆薄荷", 9, 0)
    assert scans.codes_for(cast.cuihu, "booth", [booth.id])


def test_the_next_live_has_the_room_of_the_last(cast, now):
    event = make.event(cast.li, now, days=2, kind="live", title="阳台上种绣球", place="", capacity=300)
    lives.furnish(event, cast.li, now, room_name="视频号：绿洲生活", room_url="", stream_url="", rain="改到活动室")
    second = made(fixed(event, cast.li, now, "monthly"))[1]
    assert (lives.of(second).room_name, lives.of(second).rain) == ("视频号：绿洲生活", "改到活动室")


def test_a_series_is_begun_by_its_organiser_whom_neighbours_know(cast, now):
    event = make.event(cast.wang, now)
    with refused("not-yet"):
        fixed(event, cast.wang, now)
    with refused("not-yours", 403):
        fixed(event, cast.li, now)
    with refused("bad-rhythm", 422):
        fixed(make.event(cast.li, now), cast.li, now, "daily")
    late = event.ends_at + HOUR  # she has carried one through
    found = fixed(event, cast.wang, late + 14 * DAY)
    assert [each.starts_at for each in made(found)] == [event.starts_at, event.starts_at + 21 * DAY]
    off = make.event(cast.li, now)
    event_days.cancel(off, cast.li, now, "不办了不办了")
    with refused("moved-on"):
        fixed(events.find(cast.cuihu, off.id), cast.li, now)


def test_a_skipped_edition_moves_no_other_and_a_stopped_series_makes_none(cast, now):
    event = make.event(cast.zhao, now, days=1)
    found = fixed(event, cast.zhao, now)
    left_out = series.skip(event, cast.zhao, now, 3)
    assert left_out == event.starts_at + 14 * DAY
    series.make_due(now + 15 * DAY)
    assert [each and there(each.starts_at) for each in made(found)] == ["03-21 12:00", "03-28 12:00", None, "04-11 12:00"]
    for _ in range(2):
        series.stop(event, cast.li, now)
    assert series.make_due(now + 90 * DAY) == 0 and not series.coming_dates(EventSeries.get())
    with refused("closed"):
        series.skip(event, cast.zhao, now, 5)


def test_a_change_goes_as_far_as_she_says(cast, now):
    event = make.event(cast.zhao, now, days=1, place="东门")
    found = fixed(event, cast.zhao, now)
    series.make_due(now + 10 * DAY)
    soon = now + HOUR
    first, second, third = made(found)
    editions.rewrite(second, cast.zhao, soon, plan_of(second, place="西门"))
    assert [each.place for each in made(found)] == ["东门", "西门", "东门"]
    editions.rewrite(second, cast.zhao, soon, plan_of(second, place="南门"), "following")
    assert [each.place for each in made(found)] == ["东门", "南门", "南门"] and EventSeries.get().place == "南门"
    editions.rewrite(third, cast.zhao, soon, plan_of(third, place="北门"), "all")
    assert [each.place for each in made(found)] == ["北门", "北门", "北门"]
    assert [each.starts_at for each in made(found)] == [first.starts_at, second.starts_at, third.starts_at]
    with refused("not-yours", 403):
        editions.rewrite(third, cast.li, soon, plan_of(third, place="中门"), "all")
    make.registered(cast.wang, made(found)[2], soon, adults=4)
    with refused("too-few", 422):  # all or none
        editions.rewrite(made(found)[1], cast.zhao, soon, plan_of(second, capacity=3), "following")
    assert {each.capacity for each in made(found)} == {10}


def test_another_time_from_here_on_keeps_the_rhythm(cast, now):
    event = make.event(cast.zhao, now, starts_at=datetime(2026, 3, 31, 1))
    found = fixed(event, cast.zhao, now, "monthly")
    series.make_due(datetime(2026, 4, 27))
    first, second, third = made(found)
    assert [there(each.starts_at) for each in (first, second, third)] == ["03-31 09:00", "04-30 09:00", "05-31 09:00"]
    make.registered(cast.wang, third, now)
    told = {"ends_at": None, "note": "天热了早点出门", "scope": "following"}
    editions.reschedule(second, cast.zhao, now, starts_at=second.starts_at - HOUR, **told)
    assert [there(each.starts_at) for each in made(found)] == ["03-31 09:00", "04-30 08:00", "05-31 08:00"]
    assert [line.sentence[:24] for line in Notice.select().where(Notice.user == cast.wang.user_id)] == [
        "「周六环湖走一走」改到 5月31日 08:00："
    ]
    assert there(EventSeries.get().begins(5)) == "07-31 08:00"
    alone = made(found)[2]
    editions.reschedule(alone, cast.zhao, now, starts_at=alone.starts_at + DAY, ends_at=None, note="这次晚一天走")
    assert there(EventSeries.get().begins(4)) == "06-30 08:00"


def test_called_off_it_keeps_who_had_signed_up_and_they_hear_of_the_next(cast, now):
    event = make.event(cast.zhao, now, days=3)
    found = fixed(event, cast.zhao, now)
    second = made(found)[1]
    make.registered(cast.wang, second, now)
    event_days.cancel(second, cast.zhao, now, "雨太大了")
    assert series.make_due(second.starts_at - DAY) == 1
    assert registrations.of(second, cast.wang).state == "going" and len(made(found)) == 3
    assert any(line.startswith("上一期「周六环湖走一走」取消了，下一期在 4月6日 12:00") for line in said(cast.wang))


def test_called_off_late_it_says_when_the_next_one_is(cast, now):
    event = make.event(cast.zhao, now, days=3)
    first, _second = made(fixed(event, cast.zhao, now))
    make.registered(cast.wang, first, now)
    event_days.cancel(first, cast.zhao, now, "雨太大了")
    assert said(cast.wang)[-1] == "「周六环湖走一走」取消了：雨太大了。下一期在 3月30日 12:00，想来请报名"


def test_what_was_hidden_makes_no_more_until_it_is_shown_and_what_was_removed_never(cast, now):
    found = fixed(make.event(cast.zhao, now, days=1), cast.zhao, now)
    second, due = made(found)[1], now + 8 * DAY
    event_reviews.hide(second, cast.li, now, "这样不太安全")
    assert series.make_due(due) + series.make_due(due) == 0
    for member in (cast.zhao, cast.li):
        (told,) = [line for line in Notice.select().where(Notice.user == member.user_id) if "没有排出来" in line.sentence]
        assert "上一期收起来了" in told.sentence
        Notice.delete().where(Notice.id == told.id).execute()
    assert series.make_due(due) == 0 and not any("没有排出来" in line for line in said(cast.zhao))  # once is enough
    event_reviews.restore(second, cast.li, now)
    assert series.make_due(due) == 1
    third = made(found)[2]
    event_reviews.hide(third, cast.li, due, "这样不太安全")
    event_reviews.remove(third, cast.li, due, "这样不太安全")
    assert series.make_due(now + 15 * DAY) == 0 and EventSeries.get().closed_at
    assert any("以后不排了" in line for line in said(cast.zhao))


def test_what_the_host_mended_does_not_come_back(cast, now):
    event = make.event(cast.zhao, now, days=1, body="电话 13800000000", bring="水壶")
    found = fixed(event, cast.zhao, now)
    for each in made(found):
        editions.rewrite(each, cast.li, now, plan_of(each, body="来前院里找我"))
    series.make_due(now + 8 * DAY)
    latest = made(found)[-1]
    assert (latest.body, latest.bring) == ("来前院里找我", "水壶")
    assert AuditLog.select().where(AuditLog.action == "edit series", AuditLog.subject == cast.zhao.user_id).count() == 1


def test_others_take_over_only_what_was_changed(cast, now):
    found = fixed(make.event(cast.zhao, now, days=1, place="东门"), cast.zhao, now)
    series.make_due(now + 10 * DAY)
    first, second, third = made(found)
    editions.rewrite(second, cast.zhao, now, plan_of(second, place="活动室"))
    event_reviews.hide(third, cast.li, now, "这样不太安全")
    editions.rewrite(first, cast.zhao, now, plan_of(first, capacity=20), "all")
    assert [(each.place, each.capacity) for each in made(found)] == [("东门", 20), ("活动室", 20), ("东门", 10)]


def test_one_edition_and_all_changed_at_once_wait_for_each_other(cast, now):
    found = fixed(make.event(cast.zhao, now, days=1, place="东门"), cast.zhao, now)
    series.make_due(now + 10 * DAY)
    soon, each = now + HOUR, made(found)

    def act(turn, number):
        by, scope = (cast.li, "one") if number else (cast.zhao, "all")
        editions.rewrite(each[-number], by, soon, plan_of(each[-number], place=f"{turn}{number}号门"), scope)

    for turn in range(5):
        at_once(3, partial(act, turn))


def test_programme_and_shifts_move_along(cast, now):
    event = make.event(cast.li, now, days=2, kind="market", title="春日邻里市集")
    for hours in (0, 1):
        markets.add_item(event, cast.li, now, starts_at=event.starts_at + hours * HOUR, title="开市")
    shifts.add(event, cast.li, now, role="搬桌子", wanted=2, starts_at=event.starts_at - HOUR, ends_at=event.starts_at)
    editions.reschedule(event, cast.li, now, starts_at=event.starts_at + HOUR, ends_at=None, note="天亮得晚一点")
    moved, (shift,) = event.starts_at + HOUR, shifts.listed(event)
    assert [item.starts_at for item in markets.programme(event)] == [moved, moved + HOUR]
    assert (shift.shift.starts_at, shift.shift.ends_at) == (moved - HOUR, moved)


def test_what_the_clock_makes_is_no_deed_of_hers_and_costs_her_nothing(cast, now, monkeypatch):
    monkeypatch.setattr(limits, "RULES", limits.RULES | {"event": (1, 86400)})
    fixed(make.event(cast.zhao, now, days=1), cast.zhao, now)
    before = Membership.get_by_id(cast.zhao.id).last_active_at
    monkeypatch.setattr(limits, "enabled", True)
    due = now + 8 * DAY
    assert series.make_due(due) == 1
    assert Membership.get_by_id(cast.zhao.id).last_active_at == before and not Action.select().where(Action.at == due).exists()
    make.event(cast.zhao, due)  # her one of the day


def test_what_is_the_hosts_alone_goes_with_the_office(cast, now):
    event = make.event(cast.li, now, days=1, kind="market", title="春日邻里市集")
    found = fixed(event, cast.li, now)
    members.appoint(cast.zhao, "host", None, now, "接任接任")
    members.appoint(cast.li, "resident", None, now, "接任接任")
    li, zhao = make.again(cast.li), make.again(cast.zhao)
    with refused("not-yours", 403):
        series.skip(event, li, now, 3)
    assert series.make_due(now + 8 * DAY) == 1 and EventSeries.get().creator_id == zhao.id == made(found)[-1].creator_id
    assert series.skip(event, zhao, now, 4) and editions.scopes(event, zhao) and not editions.scopes(event, li)


def test_one_skips_six_at_most_and_each_once(cast, now):
    event = make.event(cast.zhao, now, days=1)
    fixed(event, cast.zhao, now)
    for no in range(3, 9):
        series.skip(event, cast.zhao, now, no)
        with refused("moved-on"):
            series.skip(event, cast.zhao, now, no)
    with refused("too-many"):
        series.skip(event, cast.zhao, now, 9)


def test_stopped_it_may_begin_again_and_in_a_closed_place_it_waits(cast, now):
    event = make.event(cast.zhao, now, days=1)
    found = fixed(event, cast.zhao, now)
    series.stop(event, cast.zhao, now)
    again = fixed(event, cast.zhao, now, "monthly")
    assert (again.id, again.rhythm, again.closed_at) == (found.id, "monthly", None)
    assert series.coming_dates(again, 1) == [(3, datetime(2026, 5, 21, 4))]
    due, here = datetime(2026, 5, 1), Neighborhood.id == cast.cuihu.id
    for status, many in (("closed", 0), ("open", 1)):
        Neighborhood.update(status=status).where(here).execute()
        assert series.make_due(due) == many


def test_what_was_noted_is_there_for_the_next_one(cast, now):
    event = make.event(cast.zhao, now, days=1)
    found = fixed(event, cast.zhao, now)
    series.note_lesson(event, cast.li, now, "下次多备两把伞")
    second = series.place_of(made(found)[1])
    assert (second.no, series.lessons(second)) == (2, [(1, "下次多备两把伞")])
    series.make_due(now + 8 * DAY)
    assert any("第 3 期排好了" in line and "多备两把伞" in line for line in said(cast.zhao))
    with refused("no-series"):
        series.note_lesson(make.event(cast.li, now), cast.li, now, "下次早点")
    with refused("not-yours", 403):
        series.note_lesson(event, cast.wang, now, "我也想写")


def test_words_that_may_not_stand_any_more_stop_one_series_and_are_told(cast, now):
    bad, good = (make.event(cast.zhao, now, days=1, title=title) for title in ("春风得意走一走", "环湖慢走"))
    for each in (bad, good):
        fixed(each, cast.zhao, now)
    screening.add("春风得意", "refuse", cast.lin, now)
    assert series.make_due(now + 8 * DAY) == 1
    assert any("下一期没有排出来" in line for line in said(cast.zhao))


def test_merged_it_is_the_others_and_forgotten_it_makes_no_more(cast, now):
    event = make.event(cast.zhao, now, days=1, body="敲赵敏的门")
    found = fixed(event, cast.zhao, now)
    merging.merge(cast.zhao.user, cast.chen.user, cast.lin, now, "同一个人")
    assert EventSeries.get().creator_id == cast.chen.id and series.make_due(now + 8 * DAY) == 1
    series.note_lesson(events.find(cast.cuihu, event.id), cast.li, now, "陈奶奶腿脚不便")
    her = forgetting.person(cast.chen.user, keeps=True)
    belongings.begin(her, now)
    with writing():
        belongings.forget(her, now)
    left = EventSeries.get_by_id(found.id)
    assert left.closed_at and not left.body + left.title and not EventEdition.select().where(EventEdition.lesson != "").exists()
