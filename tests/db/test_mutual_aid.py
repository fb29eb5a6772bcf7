"""互助: what may be asked, and the arrows of its states and no others (R28)."""

from datetime import timedelta
from itertools import product

import pytest
from peewee import IntegrityError

from db import aid_board, aid_ends, aid_matches, living_room, mutual_aid, revisions
from db.base import database, writing
from db.mutual_aid import TRANSITIONS, Aid, AidOffer
from db.neighborhoods import by_slug
from db.posts import Post
from tests import make
from tests.make import at_once, refused

DAY = timedelta(days=1)
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})


def fresh(aid):
    return mutual_aid.find(aid.neighborhood, aid.post_id)


def in_state(cast, now, state):
    """李姐's request, put into a state, with 赵敏 the one who was chosen where somebody was."""
    aid = make.aid(cast.li, now)
    if state in {"matched", "done"}:
        AidOffer.create(aid=aid, helper=cast.zhao, state="accepted", at=now)
    Aid.update(state=state).where(Aid.id == aid.id).execute()
    return fresh(aid)


# Asking


def test_a_request_is_a_post_with_a_line_of_its_own(cast, now):
    aid = make.aid(cast.zhao, now, when_text="周六上午", days=14)
    post = Post.get_by_id(aid.post_id)
    assert (post.kind, post.title, post.state, post.visibility) == ("help", "周六帮忙遛狗", "published", "neighborhood")
    assert post.aside == "求助 · 照看宠物 · 周六上午 · 3栋 · 到 4月3日"
    assert living_room.cards([post.id], "cuihu")[post.id].aside == post.aside
    assert (aid.state, aid.expires_at, aid.days_left(now), aid.days_left(now + 13.5 * DAY)) == ("open", now + 14 * DAY, 14, 1)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"aid_kind": "sell"}, "bad-kind", "aid_kind"),
        ({"category": ""}, "bad-category", "category"),
        ({"days": 31}, "bad-days", "days"),
        ({"days": None}, "bad-days", "days"),
        ({"title": "  "}, "title-needed", "title"),
        ({"title": "遛" * 61}, "too-long", "title"),
        ({"body": ""}, "empty", "body"),
        ({"when_text": "早" * 41}, "too-long", "when_text"),
        ({"when_text": "a\0b"}, "bad-letters", "when_text"),
        ({"building": "3栋301室"}, "door-number", "building"),
        ({"building": "301"}, "door-number", "building"),
        ({"building": "３栋１２０３"}, "door-number", "building"),
        ({"building": "3-2-301"}, "door-number", "building"),
        ({"building": "301号房"}, "door-number", "building"),
        ({"building": "三" * 13}, "bad-building", "building"),
        ({"title": "婴儿床 200元"}, "price", "title"),
        ({"body": "八成新，￥50 自提"}, "price", "body"),
        ({"body": "给五十块钱就行"}, "price", "body"),
        ({"body": "便宜卖了"}, "price", "body"),
        ({"body": "50块，自提"}, "price", "body"),
        ({"when_text": "周六，30元"}, "price", "when_text"),
    ],
)
def test_what_is_refused_beside_its_field_leaves_nothing(cast, now, values, code, field):
    with refused(code, 422) as met:
        make.aid(cast.zhao, now, **values)
    assert met.value.field == field
    assert Post.select().count() == Aid.select().count() == 0


@pytest.mark.parametrize("building", ["", "3栋", "A3", "12号楼", "101栋", "3栋2单元", "东门", "88弄12号"])
def test_these_are_places_not_doors(cast, now, building):
    assert make.aid(cast.zhao, now, building=building).building == building


@pytest.mark.parametrize("body", ["元宵节帮忙带两块糕", "3单元门口拿外卖", "小卖部旁边", "送 3 块毛巾", "元旦前要"])
def test_these_are_no_prices(cast, now, body):
    assert make.aid(cast.zhao, now, body=body).post.body == body


def test_editing_does_not_bring_a_price_in(cast, now):
    aid = make.aid(cast.zhao, now)
    with refused("price", 422):
        revisions.edit(aid.post, cast.zhao, now, title="周六帮忙遛狗", body="给 20 元")
    revisions.edit(aid.post, cast.zhao, now, title="周日帮忙遛狗", body="一个小时")
    assert Post.get_by_id(aid.post_id).title == "周日帮忙遛狗"


def test_one_form_asks_once(cast, now):
    told = {"aid_kind": "ask", "category": "errand", "title": "取个快递", "body": "两件"}
    asked = at_once(6, lambda _: mutual_aid.ask(cast.zhao, now, op_id="onceonceonce", **told))
    assert {post.id for post in asked} == {asked[0].id} and Aid.select().count() == Post.select().count() == 1


def test_a_newcomers_request_waits_for_the_host(cast, now):
    told = {"aid_kind": "ask", "category": "errand", "title": "取个快递", "body": "两件"}
    post = mutual_aid.ask(cast.wang, now, op_id="newcomer0001", **told)
    aid = mutual_aid.find(cast.cuihu, post.id)
    assert post.state == "pending" and aid_board.open_now(cast.cuihu, cast.zhao, now).listed == []
    with refused("not-published"):
        aid_matches.offer(aid, cast.zhao, now)


def test_next_door_it_does_not_exist(cast, now):
    assert mutual_aid.find(cast.yangguangli, make.aid(cast.zhao, now).post_id) is None


# States


def matched_again(aid, cast, now):
    aid_matches.accept(aid, aid_matches.offer(aid, cast.zhao, now), cast.li, now)


def done_by_both(aid, cast, now):
    aid_matches.confirm(aid, cast.li, now)
    aid_matches.confirm(fresh(aid), cast.zhao, now)


ACTS = {
    ("open", "matched"): matched_again,
    ("open", "expired"): lambda aid, cast, now: aid_ends.close_due(aid.expires_at),
    ("open", "cancelled"): lambda aid, cast, now: aid_ends.cancel(aid, cast.li, now),
    ("matched", "done"): done_by_both,
    ("matched", "open"): lambda aid, cast, now: aid_matches.reopen(aid, cast.li, now),
    ("matched", "cancelled"): lambda aid, cast, now: aid_ends.cancel(aid, cast.li, now),
    ("matched", "expired"): lambda aid, cast, now: aid_ends.close_due(aid.expires_at + aid_ends.MATCH_KEPT),
    ("expired", "open"): lambda aid, cast, now: aid_ends.renew(aid, cast.li, now),
}


@pytest.mark.parametrize("arrow", sorted(TRANSITIONS))
def test_every_drawn_arrow_has_an_act_that_carries_it(cast, now, arrow):
    aid, version = in_state(cast, now, arrow[0]), by_slug("cuihu").version
    ACTS[arrow](aid, cast, now)
    after = fresh(aid)
    assert after.state == arrow[1] and after.post.aside == mutual_aid.aside(after)
    assert after.post.version > aid.post.version and by_slug("cuihu").version > version


@pytest.mark.parametrize(("source", "target"), sorted(set(product(STATES, [*STATES, "nowhere"])) - TRANSITIONS))
def test_every_other_arrow_is_refused(cast, now, source, target):
    aid = in_state(cast, now, source)
    with refused("moved-on"), writing():
        mutual_aid.move(aid, target)
    assert fresh(aid).state == source


REFUSED_IN = {
    "offer": {"matched", "done", "expired", "cancelled"},
    "accept": {"matched", "done", "expired", "cancelled"},
    "reopen": {"open", "done", "expired", "cancelled"},
    "confirm": {"open", "expired", "cancelled"},
    "thank": {"open", "matched", "expired", "cancelled"},
    "note": {"open", "done", "expired", "cancelled"},
    "cancel": {"done", "expired", "cancelled"},
    "renew": {"open", "matched", "done", "cancelled"},
}


@pytest.mark.parametrize(("act", "state"), sorted((act, state) for act, states in REFUSED_IN.items() for state in states))
def test_an_act_in_the_wrong_state_is_a_conflict(cast, now, act, state):
    aid = in_state(cast, now, state)
    other = AidOffer.create(aid=aid, helper=cast.chen, at=now)
    acts = {
        "offer": lambda: aid_matches.offer(aid, cast.wang, now),
        "accept": lambda: aid_matches.accept(aid, other, cast.li, now),
        "reopen": lambda: aid_matches.reopen(aid, cast.li, now),
        "confirm": lambda: aid_matches.confirm(aid, cast.li, now),
        "thank": lambda: aid_matches.thank(aid, cast.li, "谢谢", now),
        "note": lambda: aid_matches.note(aid, cast.li, "您好", now, op_id="notenote0001"),
        "cancel": lambda: aid_ends.cancel(aid, cast.li, now),
        "renew": lambda: aid_ends.renew(aid, cast.li, now),
    }
    with pytest.raises(mutual_aid.Refused) as met:
        acts[act]()
    assert met.value.status == 409 and fresh(aid).state == state
    assert AidOffer.get_by_id(other.id).state == "offered"


def test_the_database_itself_knows_its_states_and_that_one_is_chosen(cast, now):
    aid = in_state(cast, now, "matched")
    with pytest.raises(IntegrityError), database.atomic():
        Aid.update(state="lost").where(Aid.id == aid.id).execute()
    with pytest.raises(IntegrityError), database.atomic():
        AidOffer.create(aid=aid, helper=cast.chen, state="accepted", at=now)
    with pytest.raises(IntegrityError), database.atomic():
        AidOffer.create(aid=aid, helper=cast.zhao, at=now)
