"""The door before Flask gives a neighbour her page again only as long as it is right, and asks the database each time."""

import re
from datetime import timedelta

import pytest
import time_machine

from db import likes, members, people, sessions
from db.people import User
from tests import make

HOME = "/n/cuihu/"


class Visitor:
    """A browser that has seen the page, so that the door has it ready; an answer of Flask carries a request id."""

    def __init__(self, browser):
        self.browser = browser
        self.look()  # the first answer gives her cookie the token of its forms
        self.made = self.look()

    def look(self, **headers):
        answer = self.browser.get(HOME, **headers)
        self.woke = "X-Request-Id" in answer.headers
        return answer.get_data(as_text=True)


@pytest.fixture
def wang(web, cast, now):
    make.post(cast.zhao, now, "只给本小区看", visibility="neighborhood")
    return Visitor(web.as_(cast.wang))


def test_the_page_she_comes_back_to_wakes_nobody_and_is_the_same(wang):
    assert wang.woke
    ready = wang.look()
    assert not wang.woke
    assert ready == wang.made and "王阿姨" in ready and "X-CSRFToken" in ready


def test_it_wears_every_header(web, cast):
    browser = web.as_(cast.wang)
    browser.get(HOME), browser.get(HOME)
    made, ready = browser.get("/n/cuihu/topics/"), browser.get(HOME)
    assert "X-Request-Id" not in ready.headers
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Content-Type", "Cache-Control", "Vary"):
        assert made.headers[name] == ready.headers[name], name
    assert ready.headers["Cache-Control"] == "no-store"


def test_her_likes_are_hers_and_read_anew(wang, web, cast, now):
    post = make.post(cast.zhao, now, "樱花")
    zhao = Visitor(web.as_(cast.zhao))
    assert 'aria-pressed="true"' not in wang.look()
    wang.look()
    likes.set_like(cast.wang, post, True, now)
    assert 'aria-pressed="true"' in wang.look() and 'aria-pressed="true"' in wang.look() and not wang.woke
    assert 'aria-pressed="true"' not in zhao.look()


def test_what_others_do_is_seen_at_once(wang, cast, now):
    make.post(cast.zhao, now, "刚刚出锅的馄饨")
    assert "刚刚出锅的馄饨" in wang.look() and wang.woke
    assert "刚刚出锅的馄饨" in wang.look() and not wang.woke


@pytest.mark.parametrize(
    "gone",
    [
        lambda cast, now: sessions.end_all(cast.wang.user, now),
        lambda cast, now: members.leave(make.again(cast.wang), now),
        lambda cast, now: User.update(status="suspended").where(User.id == cast.wang.user_id).execute(),
        lambda cast, now: members.Membership.update(status="banned").where(members.Membership.id == cast.wang.id).execute(),
    ],
    ids=["signed out elsewhere", "moved away", "suspended", "banned"],
)
def test_who_is_no_neighbor_any_more_reads_as_a_guest(wang, cast, now, gone):
    assert "只给本小区看" in wang.look()
    gone(cast, now)
    assert "只给本小区看" not in wang.look() and wang.woke


def test_a_copied_cookie_is_worth_nothing_after_signing_out(wang, web):
    copy = web.guest()
    copy.client.set_cookie("linli", wang.browser.client.get_cookie("linli").value)
    assert "王阿姨" in Visitor(copy).look()
    wang.browser.post("/signout")
    page = copy.get(HOME).get_data(as_text=True)
    assert "王阿姨，" not in page and "只给本小区看" not in page


def test_a_new_name_or_look_is_shown_at_once(wang, cast):
    people.rename(cast.wang.user, "王奶奶")
    assert "王奶奶" in wang.look()
    people.choose_look(cast.wang.user, "elder", "dark")
    page = wang.look()
    assert 'data-look="elder"' in page and 'data-scheme="dark"' in page


def test_a_name_stays_words(web, cast, now):
    sly = Visitor(web.as_(make.neighbor(cast.cuihu, "<b>&{{1}}", now)))
    assert "&lt;b&gt;&amp;{{1}}，" in sly.look() and not sly.woke


def test_who_becomes_host_has_her_desk_and_hosts_are_never_given_a_ready_page(wang, web, cast, now):
    assert "主理人工作台" not in wang.look()
    members.appoint(make.again(cast.wang), "host", None, now, "测试任命主理人")
    host = Visitor(web.as_(cast.wang))
    assert "主理人工作台" in host.look() and host.woke


def test_a_page_holds_for_its_minute_only(wang, now):
    with time_machine.travel((now + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:01+00:00"), tick=False):
        wang.look()
        assert wang.woke


def test_a_session_in_use_is_noted_though_the_door_answers(wang, cast, now):
    later = now + timedelta(minutes=31)
    with time_machine.travel(later.strftime("%Y-%m-%dT%H:%M:01+00:00"), tick=False):
        wang.look(), wang.look()
    assert sessions.of(cast.wang.user)[0].seen_at >= later


def test_a_session_left_idle_is_over_at_the_door_too(wang, now):
    with time_machine.travel((now + timedelta(days=31)).strftime("%Y-%m-%dT%H:%M:01+00:00"), tick=False):
        assert "只给本小区看" not in wang.look()


def test_a_piece_is_never_a_whole_page_from_the_door(wang):
    wang.look(**{"HX-Request": "true"})
    assert wang.woke


def test_it_travels_compressed_where_that_is_read(wang):
    import brotli

    answer = wang.browser.get(HOME, **{"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br" and "X-Request-Id" not in answer.headers
    assert brotli.decompress(answer.data).decode() == wang.look()
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_neighbors_share_the_page_and_nothing_of_each_other(wang, web, cast, now):
    post = make.post(cast.li, now, "樱花")
    likes.set_like(cast.wang, post, True, now)
    zhao = Visitor(web.as_(cast.zhao))
    wang.look()
    hers, his = wang.look(), zhao.look()
    assert not wang.woke and not zhao.woke
    assert "王阿姨，" in hers and "赵敏，" in his and "赵敏，" not in hers and "王阿姨，" not in his
    assert 'aria-pressed="true"' in hers and 'aria-pressed="true"' not in his
    tokens = [re.search(r'X-CSRFToken":"([^"]+)"', page).group(1) for page in (hers, his)]
    assert tokens[0] != tokens[1]
    url = f"{HOME}posts/{post.id}/like"
    assert zhao.browser.client.post(url, data={"state": "on", "csrf_token": tokens[0]}).status_code == 403
    assert zhao.browser.client.post(url, data={"state": "on", "csrf_token": tokens[1]}).status_code == 303


def test_a_message_for_one_is_not_told_to_the_others(wang, web, cast, now):
    zhao = Visitor(web.as_(cast.zhao))
    make.post(cast.li, now, "新的一页")
    with wang.browser.client.session_transaction() as session:
        session["_flashes"] = [("message", "只对您说的一句")]
    assert "只对您说的一句" in wang.look()
    assert "只对您说的一句" not in zhao.look() + zhao.look() + wang.look() + wang.look()


def test_an_elder_reads_large_letters_though_others_do_not(wang, web, cast):
    people.choose_look(cast.chen.user, "elder", "auto")
    chen = Visitor(web.as_(cast.chen))
    assert 'data-look="elder"' in chen.look() and not chen.woke
    assert 'data-look="standard"' in wang.look() and not wang.woke


def test_a_cookie_nobody_has_looked_at_is_for_flask(wang, web):
    for forged in ("x", wang.browser.client.get_cookie("linli").value[:-2] + "xx"):
        stranger = web.guest()
        stranger.client.set_cookie("linli", forged)
        answer = stranger.get(HOME)
        assert "X-Request-Id" in answer.headers and "只给本小区看" not in answer.get_data(as_text=True)
