"""长辈版, light and dark: chosen with one tap, remembered on this browser and, for a person, on all of hers (G11)."""

import pytest

from db.people import User
from tests.blueprints.answers import flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, words
from web.access import safe_next

HOME, MINE = "/n/cuihu/", "/n/cuihu/me/"


def look_of(browser, path=HOME):
    """(look, scheme) in which a page is shown."""
    html = words(browser.get(path))
    return html.split('data-look="')[1].split('"')[0], html.split('data-scheme="')[1].split('"')[0]


def test_a_guest_chooses_and_this_browser_remembers(web, cast):
    guest = web.guest()
    page = guest.get(f"/look?next={HOME}")
    assert is_whole(page) and "换成长辈版" in words(page) and f'name="next" value="{HOME}"' in words(page)
    answer = guest.post("/look", {"look": "elder", "scheme": "auto", "next": HOME})
    assert led_to(answer, HOME) and flash_after(guest, answer) == "已换成长辈版，字大、按钮大"
    kept = {each.key: each for each in guest.client._cookies.values()}
    assert kept["look"].value == "elder" and kept["look"].max_age > 365 * 86400
    assert all("HttpOnly" in each and "SameSite=Lax" in each for each in answer.headers.getlist("Set-Cookie"))
    assert [look_of(guest, path) for path in (HOME, "/about", "/signin", "/no/such/page")] == [("elder", "auto")] * 4
    assert look_of(web.guest()) == ("standard", "auto")
    assert "换回标准版" in words(guest.get("/look"))


def test_a_neighbours_look_follows_her_to_all_her_devices(web, cast):
    here, there = web.as_(cast.wang), web.as_(cast.wang)
    here.post("/look", {"look": "elder", "scheme": "dark"})
    assert [look_of(browser, path) for browser in (here, there) for path in (HOME, MINE)] == [("elder", "dark")] * 4
    assert look_of(web.as_(cast.zhao)) == ("standard", "auto")
    there.post("/look", {"look": "standard", "scheme": "light"})
    assert look_of(here, MINE) == ("standard", "light")


def test_it_stays_on_the_browser_after_signing_out(web, cast):
    wang = web.as_(cast.wang)
    wang.post("/look", {"look": "elder", "scheme": "dark"})
    wang.post("/signout")
    assert look_of(wang) == ("elder", "dark")


def test_chosen_twice_is_chosen_once(web, cast):
    wang = web.as_(cast.wang)
    for _ in range(2):
        assert led_to(wang.post("/look", {"look": "elder", "next": MINE}), MINE)
    assert look_of(wang) == ("elder", "auto")


def test_with_htmx_the_page_is_loaded_whole_in_its_new_look(web, cast):
    guest = web.guest()
    assert told_to_load(guest.post("/look", {"look": "elder", "next": HOME}, part=True), HOME)
    assert look_of(guest) == ("elder", "auto")


@pytest.mark.parametrize("form", [{"look": "huge"}, {"look": "elder", "scheme": "pink"}, {"look": ""}, {"look": "<script>"}])
def test_a_look_nobody_offers_is_refused_in_words(web, cast, form):
    for browser in (web.guest(), web.as_(cast.wang)):
        answer = browser.post("/look", form)
        assert answer.status_code == 422 and is_whole(answer) and "没有这种显示方式" in words(answer)
        assert toast(browser.post("/look", form, part=True)) == "没有这种显示方式"
        assert look_of(browser) == ("standard", "auto")
    assert User.get_by_id(cast.wang.user_id).look == "standard"


def test_a_cookie_somebody_wrote_by_hand_is_the_standard(web, cast):
    guest = web.guest()
    guest.client.set_cookie("look", '"><script>')
    guest.client.set_cookie("scheme", '"><script>')
    for path in (HOME, "/about"):
        assert look_of(guest, path) == ("standard", "auto")
    assert "<script>" not in words(guest.get("/look"))
    assert guest.get("/look").status_code == 200


def test_the_choice_can_be_made_by_whoever_has_a_session_that_ended(web, cast):
    from db.sessions import Session

    wang = web.as_(cast.wang)
    Session.delete().execute()
    assert shown_the_door(wang.get(MINE), "/n/cuihu/join", MINE)
    assert led_to(wang.post("/look", {"look": "elder"}), "/")
    assert look_of(wang) == ("elder", "auto") and User.get_by_id(cast.wang.user_id).look == "standard"


def test_the_way_back_is_one_of_ours(app, web, cast):
    assert 'name="next" value="/"' in words(web.guest().get("/look?next=//evil.example"))
    with app.test_request_context():
        assert safe_next("/look?next=/about") == "/look?next=/about"
        assert safe_next(None, "") == safe_next("/signout", "") == ""
