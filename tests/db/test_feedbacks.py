"""反馈: open from the beginning for two weeks after the end, once each, without names; what one ticks is 「我也想」 (R52)."""

from datetime import timedelta

import pytest

from db import checkins, feedbacks, groups, point_rules, targets
from db.events import Event
from db.feedbacks import Feedback, FeedbackTick
from db.notices import Notice
from db.point_entries import PointEntry
from tests import make
from tests.make import refused

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, title="环湖走一走")


def comes(event, member, now):
    checkins.by_host(event, make.registered(member, event, now), event.creator, event.starts_at)


def says(event, member, now=None, device="hers", **told):
    return feedbacks.say(event, now or event.starts_at, member=member, device=device, **{"face": 3} | told)


def test_its_time(cast, now, event):
    last = event.ends_at + timedelta(days=14)
    for moment, standing in (
        (event.starts_at - SECOND, "early"),
        (event.starts_at, "open"),
        (last, "open"),
        (last + SECOND, "closed"),
    ):
        assert feedbacks.standing(event, moment) == standing
        if standing != "open":
            with refused("not-now"):
                says(event, cast.wang, moment)
    Event.update(state="cancelled").where(Event.id == event.id).execute()
    with refused("not-now"):
        says(event, cast.wang)
    assert not Feedback.select().exists()


def test_one_each_and_the_last_word_counts_and_only_who_came_is_paid_once(cast, now, event):
    comes(event, cast.wang, now)
    for face, words in ((1, "太短"), (3, "真好")):
        says(event, cast.wang, face=face, words=words)
    says(event, cast.chen, face=2)
    told = feedbacks.told(event, guests=False)
    assert (told.count, told.share(3), told.words) == (2, 50, ["真好"])
    assert feedbacks.came(event) == (1, 1)
    paid = list(PointEntry.select().where(PointEntry.rule == "feedback"))
    points = point_rules.terms(cast.cuihu.id, "feedback", now).points
    assert [(entry.membership_id, entry.delta) for entry in paid] == [(cast.wang.id, points)]
    for wrong in ({"face": 4}, {"words": "长" * 201}, {"own": "我"}, {"own": "很" * 13}):
        with pytest.raises(feedbacks.Refused):
            says(event, cast.wang, **wrong)


def test_two_taps_at_once_are_one(cast, now, event):
    comes(event, cast.wang, now)
    make.at_once(4, lambda number: says(event, make.again(cast.wang), wants=["夜跑"]))
    assert (Feedback.select().count(), FeedbackTick.select().count()) == (1, 1)
    assert PointEntry.select().where(PointEntry.rule == "feedback").count() == 1


def test_a_tick_is_a_wish_for_a_group(cast, now, event):
    idea = make.idea(cast.zhao, now, "修自行车")
    assert list(feedbacks.options(event))[:5] == list(feedbacks.USUAL) and "修自行车" in feedbacks.options(event)
    says(event, cast.wang, wants=["修自行车", "夜跑", "没列出来的"])
    says(event, cast.chen, wants=["夜跑"])
    (first, run, count), (second, bike, one) = feedbacks.tally(event)
    assert (first, count, second, one) == ("夜跑", 2, "修自行车", 1)
    assert groups.wants(idea, cast.wang) and bike.id == idea.id
    assert run.created_by_id == cast.li.id and groups.wants(run, cast.chen)  # the host's, from the first tick on
    says(event, cast.wang, wants=[])
    assert [name for name, _, _ in feedbacks.tally(event)] == ["夜跑"]


def test_her_own_line_becomes_an_idea_where_the_host_knows_her_and_stays_a_word_otherwise(cast, now, event):
    says(event, cast.zhao, own="学吹口琴")
    assert [(name, group.created_by_id) for name, group, _ in feedbacks.tally(event)] == [("学吹口琴", cast.zhao.id)]
    newcomer = make.neighbor(cast.cuihu, "新来的", now)
    says(event, newcomer, own="放风筝")
    assert ("放风筝", None, 1) in feedbacks.tally(event)
    says(event, cast.zhao, own="放风筝")
    kite = next(group for name, group, _ in feedbacks.tally(event) if name == "放风筝")
    assert groups.wants(kite, newcomer) and groups.wants(kite, cast.zhao)


def test_a_guest_is_counted_apart_once_a_device_until_she_comes_in(cast, now, event):
    for face in (1, 2):
        says(event, None, face=face, wants=["夜跑"], device="phone")
    says(event, None, device="another")
    assert (feedbacks.told(event, guests=True).count, feedbacks.told(event, guests=False).count) == (2, 0)
    assert feedbacks.tally(event) == []
    assert feedbacks.of(event, member=cast.wang, device="phone").face == 2  # the form comes filled in
    says(event, cast.wang, device="phone", wants=["夜跑"])
    assert (feedbacks.told(event, guests=True).count, feedbacks.told(event, guests=False).count) == (1, 1)
    assert feedbacks.forget_guests(event.ends_at + timedelta(days=16)) == 1
    assert feedbacks.forget_guests(event.ends_at + timedelta(days=16)) == 0
    assert feedbacks.of(event, device="another") is None and feedbacks.told(event, guests=True).count == 1


def test_who_checked_in_is_asked_once_by_day(cast, now, event):
    comes(event, cast.wang, now)
    comes(event, cast.chen, now)
    says(event, cast.chen)
    noon = now.replace(hour=4)  # in Shanghai
    Event.update(state="completed", starts_at=noon - 5 * HOUR, ends_at=noon - 2 * HOUR + SECOND).execute()
    before = Notice.select().count()
    assert feedbacks.ask_due(noon) == 0
    assert feedbacks.ask_due(noon + 12 * HOUR) == 0  # midnight
    assert [feedbacks.ask_due(noon + SECOND), feedbacks.ask_due(noon + HOUR)] == [1, 0]
    told = list(Notice.select().order_by(Notice.id.desc()).limit(Notice.select().count() - before))
    assert [(each.user_id, each.url) for each in told] == [(cast.wang.user_id, f"/n/cuihu/events/{event.id}/feedback")]


def test_the_names_are_those_of_whoever_runs_it(cast, now, event):
    with refused("not-yours", 403):
        feedbacks.list_names(event, cast.wang, "下棋")
    for wrong in ("\n".join(f"第{number}样" for number in range(9)), "一", "长" * 13):
        with pytest.raises(feedbacks.Refused):
            feedbacks.list_names(event, cast.li, wrong)
    feedbacks.list_names(event, cast.li, " 下棋 \n\n下棋\n拉二胡")
    assert feedbacks.names_of(event) == ["下棋", "拉二胡"]
    feedbacks.list_names(event, cast.li, "")
    assert feedbacks.names_of(event) == []


def test_a_fold_keeps_one_and_a_code_leads_to_the_form(cast, now, event):
    other = make.event(cast.li, now)
    says(event, cast.wang, face=1, wants=["夜跑"])
    says(event, cast.chen, face=3)
    says(other, cast.wang, now=other.starts_at)
    feedbacks.fold(cast.wang, cast.chen)
    rows = Feedback.select().where(Feedback.member == cast.chen.id).order_by(Feedback.event)
    assert [(row.event_id, row.face) for row in rows] == [(event.id, 3), (other.id, 3)]
    assert targets.find(cast.cuihu, "feedback", event.id).path == f"/n/cuihu/events/{event.id}/feedback"
    assert targets.find(cast.yangguangli, "feedback", event.id) is None
