"""举报: it has an owner and an answer; what is about a host is not on the host's desk; the district has the last word (X2)."""

from datetime import timedelta
from itertools import product

import pytest

from db import comments, hiding, hooks, needs, neighborhoods, notices, posts, reports, reviews, services, subjects
from db.audit import AuditLog
from db.outbox import OutboxMessage
from db.reports import TRANSITIONS, Report
from tests import make, probes
from tests.make import at_once, refused

DAY = timedelta(days=1)
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


@pytest.fixture
def post(cast, now):
    neighborhoods.look_after(cast.cuihu, cast.sun)
    return posts.find(cast.cuihu, make.post(cast.zhao, now, "便宜卖了，加我").id)


def fresh(thing):
    find = comments.find_here if subjects.kind_of(thing) == "comment" else posts.find
    return find(neighborhoods.Neighborhood.get_by_id(thing.neighborhood_id), thing.id)


def again(report):
    return Report.get_by_id(report.id)


def told(user):
    return [notice.sentence for notice in notices.inbox(getattr(user, "user", user))[0]]


def filed(cast, post, now, who=None, **values):
    return reports.file(who or cast.wang, post, now, **{"reason": "ad"} | values)


# The states, from the table

ACTS = {
    "handling": lambda report, cast, now: reports.take(report, cast.li.user, now),
    "upheld": lambda report, cast, now: reports.decide(report, cast.li.user, now, uphold=True, answer="已经处理了"),
    "dismissed": lambda report, cast, now: reports.decide(report, cast.li.user, now, uphold=False, answer="看过没问题"),
    "appealed": lambda report, cast, now: reports.appeal(
        report, cast.wang if report.state == "dismissed" else cast.zhao, now, "请再看看吧"
    ),
    "final": lambda report, cast, now: reports.settle(report, cast.sun, now, uphold=False, answer="这样就好了"),
}


@pytest.mark.parametrize(("source", "target"), sorted(product(STATES, ACTS)))
def test_drawn_arrows_work_and_all_others_are_conflicts(cast, now, post, source, target):
    report = filed(cast, post, now)
    Report.update(state=source, decided_at=now).where(Report.id == report.id).execute()
    report = again(report)
    if (source, target) in TRANSITIONS:
        ACTS[target](report, cast, now)
        assert again(report).state == target
        return
    with pytest.raises(reports.Refused) as met:
        ACTS[target](report, cast, now)
    assert met.value.status in {409, 403} and again(report).state == source


# Reporting


def test_a_report_lies_on_the_hosts_desk_with_its_reason(cast, now, post):
    report = filed(cast, post, now, words="每天都发")
    assert [each.id for each in reports.on_desk(cast.cuihu)] == [report.id] and reports.count_open(cast.cuihu) == 1
    assert reports.on_desk(cast.yangguangli) == [] and told(cast.li) == ["有人举报：广告或推销"]
    assert told(cast.zhao) == []  # she is not told that somebody reported her


def test_the_same_person_reports_a_thing_once(cast, now, post):
    assert {each.id for each in at_once(8, lambda _: filed(cast, post, now))} == {filed(cast, post, now).id}
    assert Report.select().count() == 1


@pytest.mark.parametrize(("why", "words", "field"), [("", "", "why"), ("nothing", "", "why"), ("other", "不", "words")])
def test_a_report_needs_a_reason(cast, now, post, why, words, field):
    with pytest.raises(reports.Refused) as met:
        filed(cast, post, now, reason=why, words=words)
    assert (met.value.status, met.value.field) == (422, field) and Report.select().count() == 0


def test_ones_own_and_what_is_gone_cannot_be_reported(cast, now, post):
    with refused("own"):
        filed(cast, post, now, who=cast.zhao)
    posts.withdraw(post, cast.zhao, now)
    with refused("not-published"):
        filed(cast, fresh(post), now)


def test_three_different_reporters_hide_it_until_somebody_has_looked(cast, now, post):
    third = make.neighbor(cast.cuihu, "第三位", now)
    for who in (cast.wang, cast.wang, cast.chen):
        filed(cast, post, now, who=who)
    assert fresh(post).published
    filed(cast, post, now, who=third)
    assert fresh(post).state == "hidden" and "先收起来" in fresh(post).return_reason
    reports.decide(reports.on_desk(cast.cuihu)[0], cast.li.user, now, uphold=False, answer="看过了没问题")
    assert fresh(post).published and reports.on_desk(cast.cuihu) == []
    assert {each.state for each in Report.select()} == {"dismissed"} and told(third) == told(cast.chen) != []


def test_three_reporters_over_many_days_hide_nothing(cast, now, post):
    third = make.neighbor(cast.cuihu, "第三位", now)
    for day, who in enumerate((cast.wang, cast.chen, third)):
        filed(cast, post, now + day * DAY, who=who)
    assert fresh(post).published


def test_a_childs_photo_is_out_of_sight_at_once(cast, now, post):
    filed(cast, post, now, reason="child")
    assert fresh(post).state == "hidden" and reports.count_open(cast.cuihu) == 1


def test_what_is_urgent_is_told_to_the_hosts_group_at_once_but_not_what_is_about_her(cast, now, post):
    hooks.connect(cast.li, probes.GOOD["webhook"], now)
    before = OutboxMessage.select().where(OutboxMessage.channel == "wecom").count()
    filed(cast, post, now)
    assert OutboxMessage.select().where(OutboxMessage.channel == "wecom").count() == before
    filed(cast, posts.find(cast.cuihu, make.post(cast.zhao, now, "有孩子的照片").id), now, reason="child")
    assert OutboxMessage.select().where(OutboxMessage.channel == "wecom").count() == before + 1
    filed(cast, posts.find(cast.cuihu, make.post(cast.li, now, "我发的照片").id), now, reason="child")
    assert OutboxMessage.select().where(OutboxMessage.channel == "wecom").count() == before + 1


def test_twenty_reports_a_day_are_enough(cast, now, post):
    from db import limits

    many = [posts.find(cast.cuihu, make.post(cast.li, now, f"第 {number}").id) for number in range(20)]
    limits.enabled = True
    try:
        for each in many:
            filed(cast, each, now)
        with pytest.raises(reports.Refused) as met:
            filed(cast, post, now)
        assert met.value.status == 429
    finally:
        limits.enabled = False


# Answers


def test_what_is_upheld_is_hidden_and_everybody_is_told(cast, now, post):
    report = filed(cast, post, now)
    reports.take(report, cast.li.user, now)
    assert again(report).handler_id == cast.li.user_id
    reports.decide(again(report), cast.li.user, now, uphold=True, answer="广告请发到别处")
    assert fresh(post).state == "hidden" and fresh(post).return_reason == "广告请发到别处"
    assert "广告请发到别处" in told(cast.wang)[0] and "暂时看不到" in told(cast.zhao)[0]
    actions = [line.action for line in AuditLog.select().where(AuditLog.reason == "广告请发到别处")]
    assert sorted(actions) == ["hide", "uphold report"]


def test_an_answer_needs_words(cast, now, post):
    report = filed(cast, post, now)
    with refused("reason-needed", 422):
        reports.decide(report, cast.li.user, now, uphold=True, answer="好")
    assert again(report).state == "open" and fresh(post).published


def test_decided_twice_at_once_it_is_decided_once(cast, now, post):
    report = filed(cast, post, now)
    met = at_once(6, lambda number: reports.decide(report, cast.li.user, now, uphold=number % 2 == 0, answer="就这样办吧"))
    assert met.count(None) == 1 and again(report).state in {"upheld", "dismissed"}
    assert (fresh(post).state == "hidden") == (again(report).state == "upheld")


def test_what_the_author_took_down_meanwhile_is_answered_all_the_same(cast, now, post):
    report = filed(cast, post, now)
    posts.withdraw(post, cast.zhao, now)
    reports.decide(report, cast.li.user, now, uphold=True, answer="作者已经删了")
    assert fresh(post).state == "withdrawn" and again(report).state == "upheld"


# About a host


def test_a_report_about_the_host_is_not_the_hosts_to_see(cast, now, post):
    hers = posts.find(cast.cuihu, make.post(cast.li, now, "大家都买这个").id)
    report = filed(cast, hers, now)
    assert report.level == "district" and reports.on_desk(cast.cuihu) == [] and reports.count_open(cast.cuihu) == 0
    assert reports.find(cast.cuihu, report.id, "host") is None and told(cast.li) == [] and told(cast.sun) != []
    assert [each.id for each in reports.for_officer([cast.cuihu])] == [report.id]
    assert reports.for_officer([cast.yangguangli]) == [] and reports.find_for_officer([cast.yangguangli], report.id) is None
    with refused("own-case", 403):
        reports.decide(report, cast.li.user, now, uphold=False, answer="我没有问题的")
    reports.decide(report, cast.sun, now, uphold=True, answer="请换个说法再发")
    assert fresh(hers).state == "hidden"


def test_where_no_officer_is_hq_is_told(cast, now):
    hers = posts.find(cast.yangguangli, make.post(make.host(cast.yangguangli, "小顾", now), now).id)
    filed(cast, hers, now, who=cast.zhou)
    assert told(cast.lin) != []


# Appeals


def test_the_reporter_and_the_author_may_each_appeal_once_within_a_week(cast, now, post):
    report = filed(cast, post, now)
    reports.decide(report, cast.li.user, now, uphold=True, answer="广告请发到别处")
    for who in (cast.wang, cast.chen):
        with refused("not-yours", 403):
            reports.appeal(again(report), who, now, "不公平呀")
    with refused("too-late"):
        reports.appeal(again(report), cast.zhao, now + 8 * DAY, "不公平呀")
    reports.appeal(again(report), cast.zhao, now, "这是我自己种的菜")
    assert [each.id for each in reports.for_officer([cast.cuihu])] == [report.id]
    with refused("not-yours", 403):
        reports.settle(again(report), cast.li.user, now, uphold=True, answer="我说了算的")
    reports.settle(again(report), cast.sun, now, uphold=False, answer="自己种的可以送")
    assert fresh(post).published and again(report).outcome == "dismissed"
    assert "自己种的可以送" in told(cast.zhao)[0] and "自己种的可以送" in told(cast.wang)[0]


def test_what_the_host_turned_down_may_come_in_by_the_district(cast, now, post):
    waiting = make.post(cast.wang, now, "第一条")
    reviews.reject(posts.find(cast.cuihu, waiting.id), cast.li, now, "不合适吧")
    report = reports.appeal_decision(cast.wang, fresh(waiting), now, "哪里不合适呢")
    with refused("appealed"):
        reports.appeal_decision(cast.wang, fresh(waiting), now, "哪里不合适呢")
    reports.settle(report, cast.sun, now, uphold=False, answer="可以发的呀")
    assert fresh(waiting).published and make.again(cast.wang).approved_posts == 1


def test_removed_for_good_by_district_or_hq_only(cast, now, post):
    hiding.hide(post, cast.li.user, now, "先收起来看看")
    with refused("not-yours", 403):
        hiding.remove(fresh(post), cast.li.user, now, "再也不要了")
    hiding.remove(fresh(post), cast.sun, now, "违法的内容")
    assert fresh(post).state == "removed"
    assert posts.purge_due(now + 31 * DAY) == 1 and fresh(post).body == ""


# Shops and needs


def test_a_shop_and_a_need_are_reported_hidden_and_shown_again_by_their_own_rules(cast, now, post):
    shop = make.service(cast.li, now)
    need = make.need(cast.zhao, now, anonymous=True)
    for find, thing in ((services.find, shop), (needs.find, need)):
        current = find(cast.cuihu, thing.id)
        report = reports.file(cast.wang, current, now, reason="false", words="电话是空号")
        assert report.level == ("district" if current.author.is_host else "host")
        actor = cast.sun if report.level == "district" else cast.li.user
        reports.decide(report, actor, now, uphold=True, answer="核实过，先收起来")
        assert find(cast.cuihu, thing.id).state == "hidden"
        with refused("not-published"):
            reports.file(cast.chen, find(cast.cuihu, thing.id), now, reason="false")


def test_three_reporters_take_a_need_off_the_wall_and_nobody_learns_whose_it_is(cast, now, post):
    need = make.need(cast.zhao, now, anonymous=True)
    for who in (cast.wang, cast.chen, make.neighbor(cast.cuihu, "第三位", now)):
        reports.file(who, needs.find(cast.cuihu, need.id), now, reason="rude")
    current = needs.find(cast.cuihu, need.id)
    assert current.state == "hidden" and subjects.author_of(current) == "匿名邻居"
    reports.decide(reports.on_desk(cast.cuihu)[0], cast.li.user, now, uphold=False, answer="看过了没问题")
    assert needs.find(cast.cuihu, need.id).shown
