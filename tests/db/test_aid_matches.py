"""Between two neighbours: one is chosen, and only the two see how to reach each other (R28, G10)."""

from datetime import timedelta

import pytest

from db import aid_ends, aid_matches, blocks, hiding, members, merging, mutual_aid, notices, people, posts
from db.activity import Action
from db.audit import AuditLog
from db.base import Refused
from db.mutual_aid import Aid, AidNote, AidOffer
from tests import make
from tests.make import at_once, refused

PHONE, OTHER = "13800138000", "13900139000"


@pytest.fixture
def aid(cast, now):
    return make.aid(cast.zhao, now)


def fresh(aid):
    return mutual_aid.find(aid.neighborhood, aid.post_id)


def with_phone(member, phone):
    people.bind_phone(member.user, phone)
    return make.again(member)


def told(member):
    return [line.sentence for line in notices.inbox(member.user)[0] if line.kind == "aid"]


def matched(aid, cast, now, helper=None, *, shares=False):
    offer = aid_matches.offer(aid, helper or cast.wang, now, shares_phone=shares)
    aid_matches.accept(aid, offer, make.again(cast.zhao), now)
    return fresh(aid)


def phone_for(aid, member, now):
    partner = aid_matches.seen_by(fresh(aid), member, now).partner
    return partner and partner.phone


def test_an_offer_is_made_once_and_the_author_told(cast, now, aid):
    first = aid_matches.offer(aid, cast.wang, now, words="我上午有空")
    assert aid_matches.offer(aid, cast.wang, now, words="又点了一下").id == first.id
    assert told(cast.zhao) == ["王阿姨说「我来帮忙」：「周六帮忙遛狗」"]
    side = aid_matches.seen_by(aid, make.again(cast.zhao), now)
    assert (side.role, [offer.words for offer in side.offers]) == ("author", ["我上午有空"])
    assert aid_matches.seen_by(aid, cast.wang, now).role == "willing"
    for member in (cast.li, cast.chen, None):
        side = aid_matches.seen_by(aid, member, now)
        assert (side.offers, side.partner, side.willing) == ([], None, 1)


def test_twenty_taps_are_one_offer(cast, now, aid):
    made = at_once(20, lambda _: aid_matches.offer(aid, cast.wang, now))
    assert {offer.id for offer in made} == {made[0].id} and AidOffer.select().count() == 1
    assert notices.inbox(cast.zhao.user)[0][0].times == 1


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"words": "好" * 141}, "too-long", "words"),
        ({"words": "20元我来"}, "price", "words"),
        ({"shares_phone": True}, "phone-needed", "contact"),
    ],
)
def test_what_an_offer_cannot_say(cast, now, aid, values, code, field):
    with refused(code, 422) as met:
        aid_matches.offer(aid, cast.wang, now, **values)
    assert met.value.field == field and AidOffer.select().count() == 0


def test_nobody_helps_herself_and_whom_one_has_blocked_one_does_not_hear(cast, now, aid):
    with refused("own"):
        aid_matches.offer(aid, cast.zhao, now)
    blocks.set_block(cast.zhao, cast.wang, True, now)
    aid_matches.offer(fresh(aid), cast.wang, now)
    assert told(cast.zhao) == [] and aid_matches.seen_by(fresh(aid), make.again(cast.zhao), now).offers == []


def test_a_post_out_of_sight_takes_no_offer_and_shows_no_phone(cast, now, aid):
    helper = with_phone(cast.wang, PHONE)
    aid = matched(aid, cast, now, helper, shares=True)
    assert phone_for(aid, make.again(cast.zhao), now) == PHONE
    hiding.hide(aid.post, cast.li.user, now, "要先看一看")
    assert phone_for(aid, make.again(cast.zhao), now) is None
    for act in (
        lambda: aid_matches.offer(fresh(aid), cast.chen, now),
        lambda: aid_matches.note(fresh(aid), helper, "在吗", now, op_id="notenote0001"),
        lambda: aid_matches.reopen(fresh(aid), make.again(cast.zhao), now),
    ):
        with refused("not-published"):
            act()


def test_after_the_choice_the_two_see_each_other_and_nobody_else_does(cast, now, aid):
    helper, author = with_phone(cast.wang, PHONE), with_phone(cast.zhao, OTHER)
    aid_matches.offer(aid, cast.chen, now)
    offer = aid_matches.offer(aid, helper, now, shares_phone=True)
    assert [phone_for(aid, each, now) for each in (author, helper, cast.chen, cast.li, None)] == [None] * 5
    for _ in range(2):
        aid_matches.accept(fresh(aid), offer, author, now, shares_phone=True)
    assert [phone_for(aid, each, now) for each in (author, helper)] == [PHONE, OTHER]
    assert [phone_for(aid, each, now) for each in (cast.chen, cast.li, None)] == [None] * 3
    assert told(helper) == ["赵敏选了您：「周六帮忙遛狗」，点开看怎么联系"]
    assert told(cast.chen) == ["「周六帮忙遛狗」这次找到人了，谢谢您的热心"]
    lines = list(AuditLog.select().where(AuditLog.action == "see phone").order_by(AuditLog.id))
    assert [(line.subject_id, line.reason) for line in lines] == [
        (helper.user_id, "互助匹配后双方可见"),
        (author.user_id, "互助匹配后双方可见"),
    ]


def test_who_would_rather_write_gives_no_phone_away(cast, now, aid):
    helper = with_phone(cast.wang, PHONE)
    aid = matched(aid, cast, now, helper)
    assert (
        phone_for(aid, make.again(cast.zhao), now) == "" and AuditLog.select().where(AuditLog.action == "see phone").count() == 0
    )


def test_two_choices_at_once_choose_one(cast, now, aid):
    offers = [aid_matches.offer(aid, each, now) for each in (cast.wang, cast.chen)] * 3
    author = make.again(cast.zhao)
    met = at_once(6, lambda number: aid_matches.accept(aid, offers[number], author, now))
    won = [offer.id for offer, each in zip(offers, met, strict=True) if not isinstance(each, Refused)]
    assert len(set(won)) == 1 and {each.status for each in met if isinstance(each, Refused)} == {409}
    assert [offer.id for offer in AidOffer.select().where(AidOffer.state == "accepted")] == [won[0]]
    assert fresh(aid).state == "matched"


def test_only_the_author_chooses_and_only_who_still_wants(cast, now, aid):
    offer = aid_matches.offer(aid, cast.wang, now)
    for act in (aid_matches.reopen, aid_ends.cancel, aid_ends.renew):
        with refused("not-yours", 403):
            act(aid, cast.li, now)
    with refused("not-yours", 403):
        aid_matches.accept(aid, offer, cast.wang, now)
    aid_matches.back_out(aid, cast.wang, now)
    with refused("moved-on"):
        aid_matches.accept(aid, offer, cast.zhao, now)
    assert fresh(aid).state == "open"
    offer = aid_matches.offer(aid, cast.wang, now)
    members.leave(cast.wang, now)
    with refused("moved-on"):
        aid_matches.accept(aid, offer, cast.zhao, now)


def test_done_takes_both_and_counts_as_taking_part(cast, now, aid):
    aid = matched(aid, cast, now)
    for _ in range(2):
        aid_matches.confirm(aid, cast.zhao, now)
    assert fresh(aid).state == "matched" and told(cast.wang)[0].startswith("赵敏说")
    with refused("not-yours", 403):
        aid_matches.confirm(aid, cast.chen, now)
    for _ in range(2):
        aid_matches.confirm(aid, cast.wang, now)
    assert fresh(aid).state == "done" and phone_for(aid, cast.wang, now) is None
    acted = Action.select().where(Action.kind == "aid")
    assert sorted(each.membership_id for each in acted) == sorted([cast.zhao.id, cast.wang.id])


@pytest.mark.parametrize(("kind", "helped"), [("ask", "zhao"), ("give", "wang")])
def test_whoever_was_helped_says_thank_you_once(cast, now, kind, helped):
    aid = matched(make.aid(cast.zhao, now, aid_kind=kind), cast, now)
    for each in (cast.zhao, cast.wang):
        aid_matches.confirm(aid, each, now)
    aid = fresh(aid)
    thankful, other = (cast.zhao, cast.wang) if helped == "zhao" else (cast.wang, cast.zhao)
    with refused("not-yours", 403):
        aid_matches.thank(aid, other, "不客气", now)
    with refused("empty", 422):
        aid_matches.thank(aid, thankful, " ", now)
    assert aid_matches.seen_by(aid, thankful, now).may_thank
    for _ in range(2):
        aid_matches.thank(aid, thankful, "狗都不想回家了", now)
    with refused("moved-on"):
        aid_matches.thank(aid, thankful, "再谢一次", now)
    assert fresh(aid).thanks == "狗都不想回家了" and told(other)[0] == f"{thankful.name}谢谢您：狗都不想回家了"


def test_when_it_comes_to_nothing_somebody_else_may_come(cast, now, aid):
    other = aid_matches.offer(aid, cast.chen, now)
    aid = matched(aid, cast, now)
    aid_matches.confirm(aid, cast.wang, now)
    late = aid.expires_at - timedelta(hours=1)
    aid_matches.reopen(fresh(aid), cast.zhao, late)
    aid = fresh(aid)
    assert (aid.state, aid.done_by_helper, aid.expires_at) == ("open", False, late + mutual_aid.AGAIN)
    assert told(cast.wang)[0] == "「周六帮忙遛狗」这次没约成，赵敏重新找人了"
    with refused("declined"):
        aid_matches.offer(aid, cast.wang, late)
    aid_matches.accept(aid, other, cast.zhao, late)
    aid_matches.back_out(fresh(aid), cast.chen, late)
    assert fresh(aid).state == "open" and told(cast.zhao)[0].startswith("陈奶奶临时来不了")
    assert aid_matches.offer(fresh(aid), cast.chen, late).state == "offered"


def test_a_note_is_for_the_two_and_said_once(cast, now, aid):
    aid = matched(aid, cast, now)
    said = at_once(4, lambda _: aid_matches.note(aid, cast.wang, "我在东门等您", now, op_id="notenote0001"))
    assert {note.id for note in said} == {said[0].id} and AidNote.select().count() == 1
    assert told(cast.zhao)[0] == "王阿姨给您留了言：「周六帮忙遛狗」"
    assert [note.words for note in aid_matches.seen_by(aid, cast.zhao, now).notes] == ["我在东门等您"]
    assert aid_matches.seen_by(aid, cast.li, now).notes == []
    with refused("not-yours", 403):
        aid_matches.note(aid, cast.li, "我也看看", now, op_id="notenote0002")


def test_two_names_of_one_person_help_once(cast, now, aid):
    twin = make.neighbor(cast.cuihu, "王阿姨", now)
    aid_matches.offer(aid, cast.wang, now)
    aid = matched(aid, cast, now, twin)
    aid_matches.note(aid, twin, "我在东门等您", now, op_id="notenote0001")
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert [(offer.helper_id, offer.state) for offer in AidOffer.select()] == [(cast.wang.id, "accepted")]
    assert aid_matches.seen_by(fresh(aid), cast.wang, now).role == "helper"
    mine = make.aid(cast.wang, now, title="我自己的事")
    again = make.neighbor(cast.cuihu, "王阿姨", now)
    aid_matches.offer(mine, again, now)
    merging.merge(again.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert aid_matches.seen_by(fresh(mine), cast.wang, now).offers == []


def test_a_post_taken_down_lets_the_helper_go(cast, now, aid):
    aid = matched(aid, cast, now)
    posts.withdraw(posts.find(cast.cuihu, aid.post_id), cast.zhao, now)
    assert phone_for(aid, cast.wang, now) is None
    assert (aid_ends.close_due(now), aid_ends.close_due(now)) == (1, 0)
    assert fresh(aid).state == "cancelled" and "收回了" in told(cast.wang)[0]
    assert Aid.get_by_id(aid.id).matched_at == now
