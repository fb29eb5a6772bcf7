"""纸票 over HTTP: the host enters, whoever was shown the code confirms; its numbers are for nobody else's eyes."""

import re
from datetime import timedelta

import pytest

from db.ballots import Ballot
from db.paper_batches import PaperBatch
from tests import make
from tests.blueprints.answers import beside, is_whole, shown_the_door, told_to_load, typed, words, written


@pytest.fixture
def spring(cast, now):
    cast.contest, (cast.magnolia, cast.cat) = make.vote(cast.li, [cast.wang, cast.chen], now - timedelta(hours=1))
    cast.desk = f"/n/cuihu/desk/contests/{cast.contest.id}/paper"
    return cast


def form(spring, **values):
    told = {"op_id": "zhipiaozhipiao", "work": [spring.magnolia.id, spring.cat.id], "many": ["3", ""], "spoiled": "1"}
    return told | {"slips": "", "names": ""} | values


def address(answer):
    return (answer.headers.get("Location") or answer.headers["HX-Redirect"]).removeprefix("http://localhost")


@pytest.mark.parametrize("part", [False, True])
def test_one_enters_and_another_confirms(web, spring, part):
    host, second = web.as_(spring.li), web.as_(spring.zhao)
    assert "《东门的玉兰》" in words(host.get(spring.desk))
    entered = host.post(spring.desk, form(spring), part=part)
    url = address(entered)
    assert host.post(spring.desk, form(spring), part=part).status_code in {204, 303} and PaperBatch.select().count() == 1
    shown = words(host.get(url))
    assert "<svg" in shown and "一共 4 张" in shown and "数过了，一样" not in shown
    assert "数过了，一样" in words(second.get(url))
    answer = second.post(f"{url}/confirm", part=part)
    assert told_to_load(answer, url) if part else address(answer) == url
    assert Ballot.select().where(Ballot.channel == "paper").count() == 4
    assert second.post(f"{url}/confirm", part=part).status_code == 409


def test_wrong_numbers_stand_beside_their_field_and_stay_typed(web, spring):
    host = web.as_(spring.li)
    for values, field in (({"many": ["三", ""]}, "counts"), ({"names": "没有这个人"}, "names"), ({"spoiled": "x"}, "spoiled")):
        answer = host.post(spring.desk, form(spring, **values))
        assert answer.status_code == 422 and is_whole(answer), field
        assert beside(answer, field) or field == "counts" and "请填数字" in words(answer)
    kept = host.post(spring.desk, form(spring, names="没有这个人"))
    assert written(kept, "names") == "没有这个人" and typed(kept, "spoiled") == "1"
    assert re.search(r'name="many"[^>]*value="3"', words(kept))


def test_it_is_sent_back_with_a_reason(web, spring):
    url = address(web.as_(spring.li).post(spring.desk, form(spring)))
    second = web.as_(spring.zhao)
    assert second.post(f"{url}/reject", {"reason": "少"}).status_code == 422
    second.post(f"{url}/reject", {"reason": "我数出来是四张"})
    assert "退回原因：我数出来是四张" in words(second.get(url))


def test_strangers_and_wrong_roles_see_no_numbers(web, spring):
    url = address(web.as_(spring.li).post(spring.desk, form(spring)))
    assert web.as_(spring.zhao).get(spring.desk).status_code == 403
    assert web.as_(spring.zhou).post(f"{url}/confirm").status_code == 404
    assert web.as_(spring.wang).post(f"{url}/confirm").status_code == 403  # she has a work in it
    assert shown_the_door(web.guest().get(url), "/n/cuihu/join", url)
    assert web.as_(spring.zhao).get(url[:-2]).status_code == 404
    other = make.contest(spring.li, spring.contest.opens_at, paper=False)
    assert web.as_(spring.li).get(f"/n/cuihu/desk/contests/{other.id}/paper").status_code == 404
