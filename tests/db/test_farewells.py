"""注销: asked for in her own name, with seven days to think again (X6)."""

from datetime import timedelta

import pytest

from db import farewells, members, people
from db.farewells import TRANSITIONS, Farewell
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
STATES = ("waiting", "called_off", "leaving", "done")


def ask(member, now, **values):
    return farewells.ask(member.user, now, **({"traces": "keep", "confirm": member.user.name, "op_id": "farewell1"} | values))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_only_what_is_drawn_happens(cast, now, state, to):
    farewell = ask(cast.wang, now)
    Farewell.update(state=state).execute()
    farewell = Farewell.get_by_id(farewell.id)
    if (state, to) in TRANSITIONS:
        farewells.move(farewell, to, now)
        assert Farewell.get().state == to
    else:
        with refused("moved-on"):
            farewells.move(farewell, to, now)
        assert Farewell.get().state == state


def test_it_is_due_in_seven_days_to_the_second_and_she_is_told(cast, now):
    asked = ask(cast.wang, now)
    assert [farewells.due(now + 7 * DAY - SECOND), [each.id for each in farewells.due(now + 7 * DAY)]] == [[], [asked.id]]
    assert [asked.days_left(now + each) for each in (0 * DAY, DAY, 6.5 * DAY, 7 * DAY, 9 * DAY)] == [7, 6, 1, 1, 1]
    assert Notice.get().user_id == cast.wang.user_id


def test_asked_again_while_she_waits_it_is_the_same_request(cast, now):
    first = ask(cast.wang, now)
    assert ask(cast.wang, now + DAY, traces="delete", op_id="another01").id == first.id
    assert {each.id for each in at_once(8, lambda n: ask(cast.zhao, now, op_id=f"many{n}many"))} == {first.id + 1}
    farewells.stay(cast.wang.user, now + DAY)
    assert ask(cast.wang, now + 2 * DAY).state == "called_off"  # an old form, sent again
    assert ask(cast.wang, now + 2 * DAY, op_id="another02").due_at == now + 9 * DAY


def test_she_may_stay_once(cast, now):
    ask(cast.wang, now)
    farewells.stay(cast.wang.user, now + DAY)
    assert farewells.waiting(cast.wang.user) is None and farewells.due(now + 8 * DAY) == []
    with refused("moved-on"):
        farewells.stay(cast.wang.user, now + DAY)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"traces": ""}, "choice-needed", "traces"),
        ({"traces": "burn"}, "choice-needed", "traces"),
        ({"confirm": ""}, "not-your-name", "confirm"),
        ({"confirm": None}, "not-your-name", "confirm"),
        ({"confirm": "赵敏"}, "not-your-name", "confirm"),
    ],
)
def test_she_says_what_becomes_of_her_words_and_who_she_is(cast, now, values, code, field):
    with refused(code, 422) as met:
        ask(cast.wang, now, **values)
    assert met.value.field == field and Farewell.select().count() == 0


def test_her_name_may_be_typed_with_a_blank_around_it(cast, now):
    assert ask(cast.wang, now, confirm=" 王阿姨 ").id


def test_who_holds_an_office_hands_it_over_first(cast, now):
    sun = cast.lin
    for person in (cast.li.user, sun):
        with refused("host-stays"):
            farewells.ask(person, now, traces="keep", confirm=person.name, op_id="farewell1")
    members.appoint(cast.li, "resident", sun, now, "交接给了赵敏")
    people.take_office(sun, "")
    assert ask(make.again(cast.li), now).id
