"""需求墙: said once, supported once by each, closed by who said it; an anonymous one has no name anywhere (R09)."""

import pytest

from db import answers, needs, reviews
from db.activity import Action
from db.audit import AuditLog
from db.needs import TRANSITIONS, Need, NeedSupport, set_support
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

REASON = "请写得具体一点"
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


def again(need):
    return needs.find(need.neighborhood, need.id)


def in_state(cast, now, state):
    need = make.need(cast.wang, now)
    Need.update(state=state, answer_by=now, answered_at=now if state == "answered" else None).where(Need.id == need.id).execute()
    return again(need)


def _merge(need, cast, now):
    answers.merge(need, make.need(cast.zhao, now, "周末有没有人一起爬山"), cast.li, now)


def _answer(need, cast, now):
    answers.answer(need, cast.li, now, url="/n/cuihu/services/", note="名录里有三家")


ACTS = {
    "approve": ({"pending"}, "open", lambda need, cast, now: needs.approve(need, cast.li, now)),
    "return": ({"pending"}, "returned", lambda need, cast, now: needs.give_back(need, cast.li, now, REASON)),
    "merge": ({"pending", "open"}, "merged", _merge),
    "answer": ({"open"}, "answered", _answer),
    "reopen": ({"answered"}, "open", lambda need, cast, now: answers.reopen(need, cast.li, now, REASON)),
    "hide": ({"open", "answered"}, "hidden", lambda need, cast, now: needs.hide(need, cast.li, now, REASON)),
    "restore": ({"hidden"}, "open", lambda need, cast, now: needs.restore(need, cast.li, now)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_drawn_arrow_works_and_no_other(cast, now, act, state):
    sources, to, carry = ACTS[act]
    assert {(source, to) for source in sources} <= TRANSITIONS
    need = in_state(cast, now, state)
    if state not in sources:
        with refused("moved-on"):
            carry(need, cast, now)
        assert again(need).state == state and not AuditLog.select().where(AuditLog.object_type == "Need").count()
        return
    carry(need, cast, now)
    line = AuditLog.get(AuditLog.object_type == "Need")
    assert again(need).state == to and (line.actor_id, line.subject_id) == (cast.li.user_id, cast.wang.user_id)
    assert Notice.select().where(Notice.user == cast.wang.user).count() == 1


@pytest.mark.parametrize("state", STATES)
def test_the_author_alone_closes_and_mends(cast, now, state):
    need = in_state(cast, now, state)
    with refused("not-yours", 403):
        needs.close(need, cast.zhao, now)
    if state in {"pending", "returned"}:
        needs.rewrite(need, cast.wang, now, category="living", body="换个说法说一遍")
        assert (again(need).state, again(need).body) == ("pending", "换个说法说一遍")
    else:
        with refused("not-editable"):
            needs.rewrite(need, cast.wang, now, category="living", body="换个说法说一遍")
    need = again(need)
    if (need.state, "closed") in TRANSITIONS:
        needs.close(need, cast.wang, now)
        assert again(need).state == "closed"
    else:
        with refused("moved-on"):
            needs.close(need, cast.wang, now)


def test_the_trusted_stand_on_the_wall_at_once_and_newcomers_wait(cast, now):
    hers, newcomers = make.need(cast.zhao, now), make.need(cast.wang, now, "附近哪里能修拉链")
    assert (hers.state, newcomers.state, newcomers.held_for) == ("open", "pending", "first")
    assert [each.id for each in needs.page(cast.cuihu)[0]] == [hers.id]
    assert reviews.count_waiting(cast.cuihu) == 1 and needs.waiting(cast.cuihu)[0].id == newcomers.id
    assert needs.page(cast.yangguangli)[0] == [] and needs.find(cast.yangguangli, hers.id) is None


def test_the_same_form_is_one_need(cast, now):
    def say(_):
        return needs.create(cast.zhao, now, op_id="zhaozhao0001", category="kids", body="想找个会画画的老师", alike_ok=True).id

    assert len(set(at_once(10, say))) == 1 == Need.select().count() == NeedSupport.select().count()


@pytest.mark.parametrize(
    ("category", "body", "field"),
    [("x", "好好的话", "category"), ("kids", "短", "body"), ("kids", "长" * 201, "body"), ("kids", "a\0bcdef", "body")],
)
def test_what_cannot_stand_is_refused_beside_its_field(cast, now, category, body, field):
    with pytest.raises(needs.Refused) as met:
        make.need(cast.zhao, now, body, category=category)
    assert (met.value.status, met.value.field) == (422, field) and not Need.select().count()


def test_of_nearly_the_same_one_is_warned_once(cast, now):
    first = make.need(cast.zhao, now)
    with refused("alike", 422):
        make.need(cast.wang, now, "想要能上门给老人理发的师傅！")
    assert [each.id for each in needs.alike(cast.cuihu, "想要上门理发的师傅", least=needs.ALIKE)] == [first.id]
    make.need(cast.wang, now, "想要能上门给老人理发的师傅！", alike_ok=True)
    make.need(cast.wang, now, "附近哪里能修拉链"), make.need(cast.zhou, now)  # something else, and somewhere else


def test_a_support_is_a_state_to_reach_and_races_end_true(cast, now):
    need = make.need(cast.zhao, now)
    assert [set_support(cast.wang, need, on, now) for on in (True, True, False, False, True)] == [2, 2, 1, 1, 2]
    assert set_support(cast.zhao, need, True, now) == 2  # her own
    with refused("own"):
        set_support(cast.zhao, need, False, now)
    crowd = [cast.li, cast.wang, cast.chen]
    at_once(18, lambda number: set_support(crowd[number % 3], need, number % 4 > 0, now))
    assert again(need).supports == NeedSupport.select().where(NeedSupport.need == need.id).count()


def test_the_wall_shows_what_most_need_first_then_the_newest(cast, now):
    texts = ("周末有人一起爬山吗", "附近哪里能修拉链", "想学包粽子", "孩子放学没人接")
    first, second, third, fourth = (make.need(cast.zhao, now, text) for text in texts)
    set_support(cast.wang, second, True, now)
    listed, mark = needs.page(cast.cuihu, limit=2)
    rest, end = needs.page(cast.cuihu, after=mark, limit=2)
    assert [each.id for each in listed + rest] == [second.id, fourth.id, third.id, first.id] and end is None
    assert needs.page(cast.cuihu, category="kids")[0] == []


def test_an_anonymous_need_names_nobody(cast, now):
    need = make.need(cast.zhao, now, anonymous=True)
    seen_by = {member and member.name: again(need).signed(member) for member in (None, cast.wang, cast.li, cast.zhao)}
    assert seen_by == {None: "匿名邻居", "王阿姨": "匿名邻居", "李姐": "匿名邻居", "赵敏": "我（匿名）"}
    set_support(cast.wang, need, True, now)
    assert {action.kind for action in Action.select().where(Action.object_id == need.id)} == {"support"}  # as whoever needs it
    answers.answer(again(need), cast.li, now, url="/n/cuihu/services/", note="名录里有三家")
    assert "赵敏" not in "".join(notice.sentence for notice in Notice.select()) and Notice.select().count() == 2
    assert AuditLog.get(AuditLog.action == "answer need").subject_id == cast.zhao.user_id


def test_who_needs_it_too_is_told_when_its_author_closes_it(cast, now):
    need = make.need(cast.zhao, now)
    set_support(cast.wang, need, True, now)
    needs.close(again(need), cast.zhao, now)
    assert [notice.user_id for notice in Notice.select()] == [cast.wang.user_id]
    with refused("not-open"):
        set_support(cast.chen, need, True, now)


def test_one_person_who_was_two_needs_it_once(cast, now):
    need, hers = make.need(cast.li, now), make.need(cast.zhao, now, "附近哪里能修拉链")
    for member in (cast.wang, cast.zhao):
        set_support(member, need, True, now)
    needs.carry_over(cast.zhao, cast.wang)
    assert again(need).supports == 2 and again(hers).author_id == cast.wang.id and again(hers).supports == 1
    assert needs.supported_by(cast.wang, [need.id, hers.id]) == {need.id, hers.id}
