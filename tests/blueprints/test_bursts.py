"""留着的票 over HTTP: the host sees rule and channel, decides with a reason, and nobody else comes near."""

import pytest

from db.bursts import BallotHold
from tests import make, votes
from tests.blueprints.answers import is_whole, led_to, shown_the_door, told_to_load, words


@pytest.fixture
def held(cast, now):
    rows = votes.rows(cast, now, "x")
    cast.page = f"/n/cuihu/desk/contests/{rows['bursts.']['contest_id']}/held"
    cast.act = f"/n/cuihu/desk/contests/held/{rows['bursts.']['hold_id']}"
    return cast


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("button", "state"), [("count", "counted"), ("leave-out", "left_out")])
def test_the_host_decides_with_a_reason(web, held, part, button, state):
    host = web.as_(held.li)
    page = words(host.get(held.page))
    assert "同一部手机" in page and "东门的玉兰" not in page
    answer = host.post(f"{held.act}/{button}", {"reason": ""}, part=part)
    assert answer.status_code == 422 and (part or is_whole(answer))
    answer = host.post(f"{held.act}/{button}", {"reason": "是一家人，我认识"}, part=part)
    assert told_to_load(answer, held.page) if part else led_to(answer, held.page)
    assert BallotHold.select().where(BallotHold.state == state).count() == 1
    assert "是一家人，我认识" in words(host.get(held.page))
    assert host.post(f"{held.act}/{button}", {"reason": "是一家人，我认识"}, part=part).status_code == 409


def test_only_the_host_of_this_place(web, held, now):
    assert web.as_(held.zhao).get(held.page).status_code == 403
    assert web.as_(held.zhou).get(held.page).status_code == 404
    assert (
        web.as_(make.host(held.yangguangli, "钱主理", now)).post(f"{held.act}/count", {"reason": "说明一下"}).status_code == 404
    )
    elsewhere = held.act.replace("cuihu", "yangguangli")
    assert (
        web.as_(make.host(held.yangguangli, "孙主理", now)).post(f"{elsewhere}/count", {"reason": "说明一下"}).status_code == 404
    )
    assert shown_the_door(web.guest().get(held.page), "/signin", held.page)


def test_nothing_held_is_a_good_thing(web, cast, now):
    contest, _ = make.vote(cast.li, [cast.wang, cast.chen], now)
    assert "一切寻常" in words(web.as_(cast.li).get(f"/n/cuihu/desk/contests/{contest.id}/held"))
