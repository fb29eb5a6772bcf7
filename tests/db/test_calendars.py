"""日历: lines a phone takes, in Shanghai's time; one's own address opens until it is replaced (issue 6.1)."""

from datetime import timedelta

from db import calendars, event_days, links, people
from tests import make


def unfolded(text):
    assert text.endswith("\r\n") and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def test_an_event_reads_as_it_is_in_shanghai(cast, now):
    words = "第一行，很长很长；" * 12 + "\n第二行\\ BEGIN:VEVENT"
    event = make.event(cast.zhao, now, title="环湖, 慢走", body=words, bring="水")
    lines = unfolded(calendars.of_event(event))
    assert "DTSTART;TZID=Asia/Shanghai:20260322T120000" in lines and "DTEND;TZID=Asia/Shanghai:20260322T140000" in lines
    assert "SUMMARY:环湖\\, 慢走" in lines and "STATUS:CONFIRMED" in lines and "SEQUENCE:0" in lines
    assert f"UID:event-{event.id}@localhost" in lines and lines.count("BEGIN:VEVENT") == 1
    assert any(line.startswith("DESCRIPTION:") and "\\n第二行\\\\ BEGIN" in line for line in lines)


def test_a_calendar_of_the_place_takes_over_what_changed(cast, now):
    event, other = make.event(cast.zhao, now), make.event(cast.li, now)
    make.event(cast.zhou, now)
    starts_at = event.starts_at + timedelta(hours=3)
    event_days.reschedule(event, cast.zhao, now, starts_at=starts_at, ends_at=None, note="下雨，晚点出门")
    event_days.cancel(other, cast.li, now, "场地不开门")
    lines = unfolded(calendars.of_place(cast.cuihu, now))
    assert [line for line in lines if line.startswith("STATUS")] == ["STATUS:CANCELLED", "STATUS:CONFIRMED"]
    assert lines.count("SEQUENCE:1") == 2 and "DTSTART;TZID=Asia/Shanghai:20260322T150000" in lines


def test_ones_own_address_opens_until_it_is_replaced(cast, now):
    event = make.event(cast.zhao, now, capacity=1)
    make.registered(cast.wang, event, now)
    make.registered(cast.chen, event, now)
    assert calendars.feed_path(cast.wang.user) == ""
    calendars.new_feed(cast.wang.user, now)
    first = calendars.feed_path(cast.wang.user)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert calendars.owner(token).id == cast.wang.user_id
    assert "SUMMARY:周六环湖走一走" in unfolded(calendars.of_person(cast.wang.user, now))
    assert "SUMMARY:（候补）周六环湖走一走" in unfolded(calendars.of_person(cast.chen.user, now))
    calendars.new_feed(cast.wang.user, now)
    assert calendars.owner(token) is None and calendars.feed_path(cast.wang.user) != first
    for wrong in ("", "x", token[:-1], links.sign("unsubscribe", cast.wang.user_id, 2), links.sign("calendar", "1", 2)):
        assert calendars.owner(wrong) is None
    token = calendars.feed_path(cast.wang.user).removeprefix("/calendar/").removesuffix(".ics")
    people.User.update(status="erased").where(people.User.id == cast.wang.user_id).execute()
    assert calendars.owner(token) is None
    people.User.update(status="active").where(people.User.id == cast.wang.user_id).execute()
    calendars.close_feed(cast.wang.user, now)
    assert calendars.owner(token) is None and calendars.feed_path(cast.wang.user) == ""
    calendars.new_feed(cast.wang.user, now)
    assert calendars.owner(token) is None and calendars.feed_path(cast.wang.user)
