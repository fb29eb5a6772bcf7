"""What is kept never says more, or longer, than it may: not to somebody else, not after a change, not past its minute."""

import re
from datetime import timedelta

import pytest
import time_machine

from db import likes, members, neighborhoods, sessions, topics
from tests import make

HOME = "/n/cuihu/"


def read(browser, path=HOME, **headers):
    return browser.get(path, **headers).get_data(as_text=True)


def token(page):
    return re.search(r'X-CSRFToken":"([^"]+)"', page).group(1)


def test_everybody_is_greeted_by_name_and_has_a_token_of_their_own(web, cast):
    seen = {name: read(web.as_(person)) for name, person in (("王阿姨", cast.wang), ("赵敏", cast.zhao), ("李姐", cast.li))}
    for name, page in seen.items():
        greeting = re.search(r"<h1>(.*?)</h1>", page).group(1)
        assert [other for other in seen if other in greeting] == [name]
    assert len({token(page) for page in seen.values()}) == 3


def test_a_name_is_words_not_html(web, cast, now):
    sly = make.neighbor(cast.cuihu, "<b>&{{1}}", now)
    assert "&lt;b&gt;&amp;{{1}}，" in read(web.as_(sly))


def test_only_the_host_sees_the_desk(web, cast, now):
    make.post(cast.wang, now)
    host, neighbor = read(web.as_(cast.li)), read(web.as_(cast.wang))
    assert "1 条等您看" in host and "主理人工作台" not in neighbor
    assert "发公告" in host and "发公告" not in neighbor


def test_likes_are_each_ones_own(web, cast, now):
    post = make.post(cast.zhao, now)
    likes.set_like(cast.wang, post, True, now)
    assert 'aria-pressed="true"' in read(web.as_(cast.wang))
    assert 'aria-pressed="true"' not in read(web.as_(cast.zhao))


def test_a_pinned_post_is_shown_as_liked_too(web, cast, now):
    from db import reviews

    post = make.post(cast.zhao, now - timedelta(days=30))
    for n in range(21):
        make.post(cast.zhao, now, f"后来的第 {n} 条")
    reviews.pin(post, cast.li, now, "春日邻里节")
    likes.set_like(cast.wang, post, True, now)
    assert read(web.as_(cast.wang)).count('aria-pressed="true"') == 1


def test_two_places_never_mix(web, cast, now):
    make.post(cast.zhao, now, "翠湖的樱花")
    for browser in (web.guest(), web.as_(cast.wang), web.as_(cast.zhou)):
        assert "翠湖的樱花" in read(browser)
        assert "翠湖的樱花" not in read(browser, "/n/yangguangli/")


def test_who_belongs_elsewhere_reads_as_a_guest(web, cast, now):
    make.post(cast.zhao, now, "只给本小区看", visibility="neighborhood")
    assert "只给本小区看" in read(web.as_(cast.wang))
    assert "只给本小区看" not in read(web.as_(cast.zhou))


@pytest.mark.parametrize("who", ["guest", "neighbor"])
def test_a_change_is_seen_at_once(web, cast, now, who):
    browser = web.guest() if who == "guest" else web.as_(cast.wang)
    read(browser), read(browser)
    post = make.post(cast.zhao, now, "刚刚出锅的馄饨")
    assert "刚刚出锅的馄饨" in read(browser)
    from db import posts

    posts.withdraw(post, cast.zhao, now)
    assert "刚刚出锅的馄饨" not in read(browser)


@pytest.mark.parametrize("who", ["guest", "neighbor"])
def test_a_topic_opens_by_the_clock(web, cast, now, who):
    browser = web.guest() if who == "guest" else web.as_(cast.wang)
    topics.schedule(cast.li, now, prompt="明早的雨", opens_at=now + timedelta(minutes=1), closes_at=now + timedelta(minutes=2))
    assert "明早的雨" not in read(browser)
    for minutes, open_now in ((1, True), (2, False)):
        with time_machine.travel((now + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:01+00:00"), tick=False):
            assert ("明早的雨" in read(browser)) == open_now


def test_rights_are_read_every_time(web, cast, now):
    make.post(cast.zhao, now, "只给本小区看", visibility="neighborhood")
    browser = web.as_(cast.wang)
    assert "只给本小区看" in read(browser)
    members.leave(make.again(cast.wang), now)
    assert "只给本小区看" not in read(browser)


def test_a_session_that_ended_is_over_though_its_cookie_was_seen_before(web, cast, now):
    browser = web.as_(cast.wang)
    assert "王阿姨" in read(browser)
    sessions.end_all(cast.wang.user, now)
    page = read(browser)
    assert "王阿姨，" not in page and "X-CSRFToken" not in page


def test_a_message_is_shown_once_and_to_one(web, cast):
    browser, other = web.as_(cast.wang), web.as_(cast.zhao)
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("message", "只对您说的一句")]
    assert "只对您说的一句" in read(browser)
    assert "只对您说的一句" not in read(browser)
    assert "只对您说的一句" not in read(other) + read(web.guest())


def test_a_guest_with_a_message_does_not_pass_it_on(web, cast):
    browser = web.guest()
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("message", "只对您说的一句")]
    assert "只对您说的一句" in read(browser)
    assert "只对您说的一句" not in read(web.guest())


def test_one_guests_address_stays_out_of_anothers_page(web, cast):
    assert "from%3Dposter" in read(web.guest(), HOME + "?from=poster")
    assert "from%3Dposter" not in read(web.guest())


def test_the_look_is_part_of_what_is_kept(web, cast):
    elder = web.guest()
    elder.client.set_cookie("look", "elder")
    assert 'data-look="elder"' in read(elder)
    assert 'data-look="standard"' in read(web.guest())
    assert 'data-look="elder"' in read(elder)


def test_a_guest_who_has_the_page_gets_304(web, cast, now):
    first = web.guest().get(HOME)
    assert web.guest().get(HOME, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    make.post(cast.zhao, now)
    assert web.guest().get(HOME, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_kept_answers_wear_every_header(web, cast):
    made, ready = web.guest().get(HOME), web.guest().get(HOME)
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Content-Type", "Cache-Control", "ETag"):
        assert made.headers[name] == ready.headers[name]
    assert made.headers.getlist("Vary") == ready.headers.getlist("Vary") == ["Cookie, HX-Request, Accept-Encoding"]
    assert made.data == ready.data


def test_a_place_that_closes_says_so_at_once(web, cast):
    browser = web.guest()
    read(browser)
    neighborhoods.set_status(cast.cuihu, "readonly", "小区正在换主理人")
    assert "小区正在换主理人" in read(browser)
