"""交接: from hand to hand in one transaction, and an open 小区 is never without somebody (R08, I15)."""

from datetime import timedelta

import pytest

from db import handovers, members, neighborhoods, notices, people, posts, sessions
from db.audit import AuditLog
from db.handovers import TRANSITIONS, Handover
from db.members import Membership
from db.neighborhoods import by_slug
from db.notices import Notice
from db.people import User
from tests import make
from tests.make import refused

WHY = "要搬去女儿家了"


@pytest.fixture
def asked(cast, now):
    """李姐 has asked 赵敏, who has a phone."""
    people.bind_phone(cast.zhao.user, "13800000001")
    cast.zhao = make.again(cast.zhao)
    return _fresh(cast, make.handover(cast.li, cast.zhao, now, "交给你我放心"))


def _fresh(cast, handover):
    return handovers.find(cast.cuihu, handover.id)


def roles(place):
    named = Membership.select(Membership, User).join(User).where(Membership.neighborhood == place.id)
    return {each.user.name: each.role for each in named if each.role != "resident" and each.status == "active"}


def told(user, kind="place"):
    return [each.sentence for each in Notice.select().where((Notice.user == user.id) & (Notice.kind == kind))]


def end(user, status="suspended"):
    User.update(status=status).where(User.id == user.id).execute()


# From hand to hand


def test_host_and_neighbour_change_places_in_one_go(cast, now, asked):
    post = make.post(cast.wang, now, "等着看的")
    token = sessions.start(cast.li.user, now)
    before = by_slug("cuihu").version
    handovers.accept(asked, cast.zhao, now)
    assert roles(cast.cuihu) == {"赵敏": "host"} and make.again(cast.li).role == "resident"
    assert sessions.visitor(token, now) is None and by_slug("cuihu").version > before
    assert [told(each.user) for each in (cast.wang, cast.chen)] == [["李姐把翠湖花园交给了赵敏，有事找新主理人"]] * 2
    assert "接任了" in told(cast.li.user, "account")[0] and not told(cast.zhao.user)
    assert posts.find(cast.cuihu, post.id).state == "pending"  # it waits for whoever is host
    lines = {(line.action, line.subject_id) for line in AuditLog.select().where(AuditLog.at == now)}
    assert {("hand over", cast.zhao.user_id), ("appoint", cast.zhao.user_id), ("appoint", cast.li.user_id)} <= lines
    members.leave(make.again(cast.li), now)  # and she may go


STATES = ("proposed", "done", "declined", "cancelled")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES[1:])
def test_only_drawn_arrows_are_walked(cast, now, asked, state, to):
    Handover.update(state=state, decided_at=None if state == "proposed" else now).where(Handover.id == asked.id).execute()
    act = {"done": handovers.accept, "declined": handovers.decline, "cancelled": handovers.cancel}[to]
    by = cast.li if to == "cancelled" else cast.zhao
    if (state, to) in TRANSITIONS:
        act(_fresh(cast, asked), by, now)
        assert (_fresh(cast, asked).state, _fresh(cast, asked).decided_at) == (to, now)
    else:
        with refused("moved-on"):
            act(_fresh(cast, asked), by, now)
        assert _fresh(cast, asked).state == state and roles(cast.cuihu) == {"李姐": "host"}


def test_many_answers_at_once_are_one(cast, now, asked):
    answers = make.at_once(8, lambda n: (handovers.accept if n % 2 else handovers.decline)(asked, cast.zhao, now))
    assert answers.count(None) == 1 and len(roles(cast.cuihu)) == 1


def test_one_neighbour_is_asked_at_a_time_and_a_form_sent_twice_asks_once(cast, now):
    many = make.at_once(8, lambda n: handovers.propose(cast.li, cast.zhao, now, op_id="the same form"))
    assert len({each.id for each in many}) == 1 and Handover.select().count() == 1
    with refused("asked-already"):
        handovers.propose(cast.li, cast.wang, now, op_id="another form")
    handovers.cancel(handovers.waiting(cast.cuihu), cast.li, now)
    assert not told(cast.zhao.user, "account")  # she had not read it, and never needs to
    assert handovers.propose(cast.li, cast.wang, now, op_id="another form").incoming_id == cast.wang.id


def test_a_neighbour_who_would_rather_not_says_so(cast, now, asked):
    handovers.decline(asked, cast.zhao, now)
    assert roles(cast.cuihu) == {"李姐": "host"} and "不方便接任" in told(cast.li.user, "desk")[0]


def test_who_may_be_asked_and_who_may_answer(cast, now, asked):
    with refused("host-already"):
        handovers.propose(cast.li, cast.li, now, op_id="to herself")
    with refused("gone"):
        handovers.propose(cast.li, cast.zhou, now, op_id="somebody of another place")
    with refused("not-host", 403):
        handovers.propose(cast.wang, cast.chen, now, op_id="by a neighbour")
    for act in (handovers.accept, handovers.decline):
        with refused("not-yours", 403):
            act(asked, cast.wang, now)


def test_a_host_needs_a_phone_to_sign_in_with(cast, now):
    handover = _fresh(cast, make.handover(cast.li, cast.wang, now))
    with refused("phone-needed"):
        handovers.accept(handover, cast.wang, now)
    assert _fresh(cast, handover).state == "proposed" and roles(cast.cuihu) == {"李姐": "host"}


def test_what_is_handed_over_can_be_counted(cast, now):
    make.post(cast.wang, now, "等着看的")
    topic = make.topic(cast.li, now)
    from db import scans

    scans.issue_card(cast.chen, cast.li, now)
    make.redeemed(make.rich(cast.zhao, now), make.reward(cast.li, now), now)
    goods = handovers.checklist(by_slug("cuihu"), now)
    assert (goods.waiting, goods.members, goods.card_holders, goods.to_fetch) == (1, 4, ["陈奶奶"], 1)
    assert [each.id for each in goods.topics] == [topic.id]


# Never without somebody


def test_who_steps_down_is_followed_by_the_officer_at_once(cast, now):
    neighborhoods.look_after(cast.cuihu, cast.sun)
    li = make.again(cast.li)
    li.neighborhood = by_slug("cuihu")
    handovers.step_down(li, now, WHY)
    assert roles(cast.cuihu) == {"孙片区": "acting_host"} and told(cast.wang.user) == ["李姐卸任了，孙片区先照看着翠湖花园"]
    assert "请您代管" in told(cast.sun, "desk")[0]
    officer = members.of(cast.sun, cast.cuihu)
    with refused("nobody-there"):  # HQ might; but an officer who stands in finds a host first
        handovers.step_down(officer, now, WHY)
    people.bind_phone(cast.zhao.user, "13800000001")
    zhao = make.again(cast.zhao)
    handovers.accept(_fresh(cast, make.handover(officer, zhao, now)), zhao, now)
    assert roles(cast.cuihu) == {"赵敏": "host"} and members.of(cast.sun, cast.cuihu) is None
    living = Membership.select().where((Membership.neighborhood == cast.cuihu.id) & (Membership.status == "active")).count()
    assert by_slug("cuihu").members == living == 4


def test_nobody_steps_down_into_nothing(cast, now):
    end(cast.lin)
    with refused("nobody-there"):
        handovers.step_down(cast.li, now, WHY)
    with refused("reason-needed", 422):
        handovers.step_down(cast.li, now, "累")
    assert roles(cast.cuihu) == {"李姐": "host"}


@pytest.mark.parametrize("gone", ["suspended", "erased", "left", "removed"])
def test_a_host_who_is_gone_is_followed_whichever_way_she_went(cast, now, gone):
    make.handover(cast.li, cast.zhao, now)
    if gone in {"suspended", "erased"}:
        end(cast.li.user, gone)
        handovers.let_go(cast.li.user, now)
    else:
        Membership.update(status=gone).where(Membership.id == cast.li.id).execute()
        assert handovers.fill_vacancies(now) >= 1
    assert roles(cast.cuihu) == {"林总部": "acting_host"} and Membership.get_by_id(cast.li.id).role == "resident"
    assert handovers.waiting(cast.cuihu) is None


def test_every_open_place_has_somebody_after_the_clock_was_there(cast, now):
    """I15, over one of every kind of trouble; and a second run, or two schedulers at once, change nothing more."""
    neighborhoods.look_after(cast.yangguangli, cast.sun)
    shut = neighborhoods.found("shut", "关着的", now)
    neighborhoods.set_status(shut, "closed", "还没有交房")
    end(cast.li.user)
    assert {place.slug for place in handovers.vacant()} == {"cuihu", "yangguangli"}
    make.at_once(4, lambda n: handovers.fill_vacancies(now))
    assert not handovers.vacant() and handovers.fill_vacancies(now + timedelta(days=1)) == 0
    assert roles(cast.cuihu) == {"林总部": "acting_host"} and roles(cast.yangguangli) == {"孙片区": "acting_host"}
    assert not roles(shut) and len(told(cast.zhou.user)) == 1
    for place in (cast.cuihu, cast.yangguangli):
        living = Membership.select().where((Membership.neighborhood == place.id) & (Membership.status == "active")).count()
        assert by_slug(place.slug).members == living


def test_an_officer_goes_home_when_a_host_is_there(cast, now):
    handovers.fill_vacancies(now)
    assert roles(cast.yangguangli) == {"林总部": "acting_host"}
    members.appoint(cast.zhou, "host", cast.lin, now, "邻居们推举的")
    assert handovers.fill_vacancies(now) == 1 and roles(cast.yangguangli) == {"周师傅": "host"}
    assert members.of(cast.lin, cast.yangguangli) is None


def test_an_officer_who_lives_here_stays_a_neighbour(cast, now):
    members.join(cast.cuihu, now, user=cast.lin)
    end(cast.li.user)
    handovers.let_go(cast.li.user, now)
    User.update(status="active").where(User.id == cast.li.user_id).execute()
    members.appoint(make.again(cast.li), "host", cast.lin, now, "申诉成功，复职")
    handovers.fill_vacancies(now)
    assert members.of(cast.lin, cast.cuihu) is not None


def test_whoever_was_sent_away_does_not_stand_in(cast, now):
    hq = make.staff("吴总部", "hq", now)
    sent_away = members.join(cast.yangguangli, now, user=cast.lin)
    Membership.update(status="removed").where(Membership.id == sent_away.id).execute()
    handovers.fill_vacancies(now)
    assert members.of(hq, cast.yangguangli).role == "acting_host"


def test_neighbours_who_want_quiet_are_not_told(cast, now, asked):
    notices.choose(cast.wang.user, set())
    handovers.accept(asked, cast.zhao, now)
    assert not told(cast.wang.user) and told(cast.chen.user)
