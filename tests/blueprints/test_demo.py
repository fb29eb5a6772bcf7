"""The demo's own door stands only in a demo. Each of the cast walks through it in tests/db/test_demo.py."""

import pytest

from db.sessions import Session
from tests.blueprints.answers import flash_after, is_whole, led_to, told_to_load, words

HOME = "/n/cuihu/"


def test_without_a_demo_there_is_no_such_door(another_house, cast):
    client = another_house(demo=False).test_client()
    assert client.get("/demo").status_code == client.post("/demo", data={"key": "wang"}).status_code == 404
    page = client.get("/signin").get_data(as_text=True)
    assert "演示" not in page and "/demo" not in page
    assert Session.select().count() == 0


def test_in_a_demo_the_sign_in_page_shows_it(web, cast):
    assert 'href="/demo"' in words(web.guest().get("/signin"))


def test_before_anything_is_seeded_there_is_only_the_guest(web, db, cast):
    page = web.guest().get("/demo")
    assert page.status_code == 200 and is_whole(page) and 'value="guest"' in words(page)


@pytest.mark.parametrize("key", ["", "nobody", "1", "GUEST", "<script>", "长" * 1000])
def test_a_key_nobody_has_is_unknown(web, cast, key):
    for part in (False, True):
        answer = web.guest().post("/demo", {"key": key}, part=part)
        assert answer.status_code == 404
    assert Session.select().count() == 0


def test_as_a_guest_one_is_signed_out_and_led_to_the_garden(web, cast):
    wang = web.as_(cast.wang)
    answer = wang.post("/demo", {"key": "guest"})
    assert led_to(answer, HOME) and flash_after(wang, answer) == "您现在是访客"
    assert wang.get("/n/cuihu/me/").status_code == 303
    assert Session.select().where(Session.ended_at.is_null()).count() == 0
    assert told_to_load(web.guest().post("/demo", {"key": "guest"}, part=True), HOME)
