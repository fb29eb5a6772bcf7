"""提问: asked with a name or without, pushed once each, answered or hidden by whoever runs it (R47)."""

import itertools

import pytest

from db import belongings, events, forgetting, limits, live_questions, lives, merging, screening
from db.activity import Action, took_part
from db.audit import AuditLog
from db.base import Refused, writing
from db.live_questions import STATES, TRANSITIONS, LiveQuestion, LiveVote
from db.notices import Notice
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, kind="session", title="园艺达人答疑", place="")


def again(question):
    return LiveQuestion.get_by_id(question.id)


def test_the_same_form_asks_once_and_a_name_is_given_or_not(cast, now, event):
    asked = at_once(4, lambda _: live_questions.ask(cast.wang, event, now, op_id="op000001", body="怎么扦插").id)
    assert len(set(asked)) == 1 == LiveQuestion.select().count()
    live_questions.ask(cast.zhao, event, now, op_id="op000001", body="要浇多少水", anonymous=True)
    assert [each.name for each in live_questions.listed(event)] == ["王阿姨", "一位邻居"]
    for odd in ("", " ？", "问" * 201, "坏\0的"):
        with pytest.raises(Refused) as met:
            live_questions.ask(cast.wang, event, now, op_id="op000002", body=odd)
        assert met.value.field == "body"
    with refused("closed"):
        live_questions.ask(cast.wang, event, event.ends_at, op_id="op000003", body="来晚了还能问吗")


def test_one_push_each_however_often_and_at_once(cast, now, event):
    question = make.question(cast.wang, event, now)
    at_once(6, lambda _: live_questions.push(cast.zhao, event, question, True, now))
    assert live_questions.push(cast.chen, event, question, True, now) == 2
    assert live_questions.pushed_by(event, cast.zhao) == {question.id}
    assert [live_questions.push(cast.zhao, event, question, False, now) for _ in range(2)] == [1, 1]
    live_questions.answer(event, question, cast.li, now, "")
    with refused("moved-on"):
        live_questions.push(cast.zhao, event, question, True, now)
    assert LiveVote.select().count() == again(question).votes == 1


def test_the_most_wanted_stand_first_and_the_answered_last(cast, now, event):
    first, second, third = (make.question(cast.wang, event, now, body) for body in ("甲问题", "乙问题", "丙问题"))
    live_questions.push(cast.zhao, event, second, True, now)
    live_questions.answer(event, first, cast.li, now, "是这样的")
    assert [each.id for each in live_questions.listed(event)] == [second.id, third.id, first.id]
    assert live_questions.figures(event) == (3, 1)


@pytest.mark.parametrize(("source", "to"), sorted(itertools.product(STATES, STATES)))
def test_every_arrow_that_is_drawn_works_and_no_other(cast, now, event, source, to):
    acts = {"answered": lambda: live_questions.answer(event, again(question), cast.li, now, "好"),
            "hidden": lambda: live_questions.hide(event, again(question), cast.li, now),
            "open": lambda: live_questions.show(event, live_questions.find(event, question.id), cast.li, now)}  # fmt: skip
    question = make.question(cast.wang, event, now)
    LiveQuestion.update(state=source).where(LiveQuestion.id == question.id).execute()
    if to not in acts:
        return  # nothing leads back to waiting
    if (source, to) in TRANSITIONS or source == to == "answered":  # other words for an answer
        acts[to]()
        assert again(question).state == to
    else:
        with refused("moved-on"):
            acts[to]()


def test_whoever_asked_is_told_and_only_who_runs_it_answers(cast, now, event):
    question = make.question(cast.wang, event, now)
    for act in (live_questions.hide, live_questions.show):
        with refused("not-yours", 403):
            act(event, question, cast.zhao, now)
    with refused("not-yours", 403):
        live_questions.answer(event, question, cast.zhao, now, "我来说")
    for words in ("春分前后", "春分前后，避开中午"):
        live_questions.answer(event, question, cast.li, now, words)
    told = [line for line in Notice.select().where(Notice.user == cast.wang.user_id) if "有回答了" in line.sentence]
    assert len(told) == 1 and told[0].times == 1 and told[0].url.endswith("/live")


def test_what_should_be_seen_first_waits_for_the_host(cast, now, event):
    screening.add("春风得意", "hold", cast.lin, now)
    question = make.question(cast.zhao, event, now, "春风得意是什么意思")
    assert question.state == "waiting" and not live_questions.listed(event)
    (told,) = Notice.select().where(Notice.user == cast.li.user_id, Notice.sentence.contains("有一个问题"))
    assert told.url.endswith(f"/events/{event.id}/live/questions/")
    live_questions.show(event, question, cast.li, now)
    assert [each.id for each in live_questions.listed(event)] == [question.id]
    hers = events.find(cast.cuihu, make.event(cast.zhao, now).id)
    events.Event.update(kind="session").where(events.Event.id == hers.id).execute()
    live_questions.ask(cast.chen, events.find(cast.cuihu, hers.id), now, op_id="op000009", body="春风得意在哪里看")
    assert Notice.select().where(Notice.user == cast.zhao.user_id, Notice.sentence.contains("有一个问题")).exists()
    assert not took_part(cast.chen, "question", LiveQuestion.get(LiveQuestion.op_id == "op000009").id)


def test_hidden_it_is_no_deed_and_audited_and_answered_twice_it_is_told_once(cast, now, event):
    question = make.question(cast.wang, event, now)
    for _ in range(2):
        live_questions.answer(event, live_questions.find(event, question.id), cast.li, now, "春分前后")
        live_questions.hide(event, live_questions.find(event, question.id), cast.li, now)
        assert not took_part(cast.wang, "question", question.id)
        live_questions.show(event, live_questions.find(event, question.id), cast.li, now)
        assert took_part(cast.wang, "question", question.id)
    acts = [line.action for line in AuditLog.select().where(AuditLog.subject == cast.wang.user_id).order_by(AuditLog.id)]
    assert acts == ["hide question", "show question"] * 2
    assert [line.times for line in Notice.select().where(Notice.user == cast.wang.user_id)] == [1]
    LiveQuestion.update(state="waiting").where(LiveQuestion.id == question.id).execute()
    Action.delete().where(Action.kind == "question").execute()
    live_questions.answer(event, live_questions.find(event, question.id), cast.li, now, "")
    assert took_part(cast.wang, "question", question.id)


def test_what_waits_is_seen_however_much_was_answered(cast, now, event):
    told = {"event": event.id, "member": cast.zhao.id, "at": now}
    done = [told | {"body": "答过的", "state": "answered", "votes": 1, "op_id": f"o{number}"} for number in range(100)]
    LiveQuestion.insert_many(done).execute()
    for state in ("waiting", "open"):
        LiveQuestion.create(**told, body=state, state=state, op_id=state)
    assert live_questions.listed(event)[0].body == "open"
    assert [each.body for each in live_questions.desk(event)][:2] == ["waiting", "open"]


def test_whoever_joined_twice_pushed_once_and_whoever_leaves_takes_her_questions_along(cast, now, event):
    twin = make.neighbor(cast.cuihu, "王阿姨二", now)
    question = make.question(twin, event, now)
    for member in (twin, cast.wang, cast.zhao):
        live_questions.push(member, event, question, True, now)
    lives.remind(twin, event, True, now)
    before = lives.pulse("cuihu", event.id, now)
    merging.merge(twin.user, cast.wang.user, cast.lin, now, "同一个人")
    assert lives.pulse("cuihu", event.id, now) != before  # another name stands there
    assert again(question).votes == 2 == LiveVote.select().count() and again(question).member_id == cast.wang.id
    assert lives.wants_reminder(event, cast.wang)
    before = lives.pulse("cuihu", event.id, now)
    her = forgetting.person(cast.wang.user, keeps=True)
    belongings.begin(her, now)
    with writing():
        belongings.forget(her, now)
    assert not LiveQuestion.select().count() and not lives.reminders(event)
    assert lives.pulse("cuihu", event.id, now) != before


def test_nobody_asks_all_day(cast, now, event, monkeypatch):
    monkeypatch.setattr(limits, "enabled", True)
    for number in range(10):
        live_questions.ask(cast.wang, event, now, op_id=f"opmany{number:02}", body=f"第 {number} 个问题")
    with refused("too-fast", 429):
        live_questions.ask(cast.wang, event, now, op_id="opmany99", body="还有一个问题")
