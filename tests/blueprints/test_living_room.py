"""The front page, as different people meet it."""

import re
from datetime import timedelta

import pytest

from db import likes, posts, reviews, revisions
from db.events import Event
from tests import make, stalls
from tests.blueprints.answers import is_whole, led_to, words
from web import kept

ROOM = "/n/cuihu/"
INNER = "只说给邻居听"


def fill(cast, now, many, **values):
    """`many` posts, a second apart, the last one the newest."""
    return [make.post(cast.li, now + timedelta(seconds=number), f"第{number:03}条", **values) for number in range(many)]


def more(page):
    """The address of the next cards, as the button of a page or a part names it."""
    found = re.search(r'hx-get="([^"]+)" hx-target="closest .more"', words(page))
    return found.group(1).replace("&amp;", "&") if found else ""


def test_a_guest_reads_what_is_public(web, cast, now):
    make.post(cast.zhao, now, "窗外的樱花开了")
    make.post(cast.zhao, now, INNER, visibility="neighborhood")
    page = web.guest().get(ROOM).get_data(as_text=True)
    assert "窗外的樱花开了" in page
    assert INNER not in page


def test_a_neighbor_reads_everything(web, cast, now):
    make.post(cast.zhao, now, INNER, visibility="neighborhood")
    assert INNER in web.as_(cast.wang).get(ROOM).get_data(as_text=True)


def test_the_first_screen_has_a_person_and_a_conversation(web, cast, now):
    make.topic(cast.li, now)
    fill(cast, now, 8)
    make.post(cast.li, now + timedelta(hours=1), kind="promo", title="新米", body="家里种的米")
    page = words(web.as_(cast.wang).get(ROOM))
    assert is_whole(web.as_(cast.wang).get(ROOM)) and "王阿姨，回来啦" in page
    assert page.index("李姐") < page.index("晒出你家的拿手菜") < page.index("第007条") < page.index("新米")
    assert page[: page.index("新米")].count("<article") == 5


def test_an_empty_room_invites(web, cast):
    for tab, said in (("", "还没人开口"), ("howto", "还没有人写干货"), ("promo", "现在没有团购"), ("topic", "还没有人接话题")):
        assert said in words(web.guest().get(f"{ROOM}?tab={tab}"))
    assert "说第一句话" in words(web.as_(cast.wang).get(ROOM))


def test_a_closed_place_is_still_read(web, cast, now):
    make.post(cast.zhao, now)
    type(cast.cuihu).update(status="paused", closed_reason="物业交接").where(type(cast.cuihu).id == cast.cuihu.id).execute()
    kept.forget()
    for browser in (web.guest(), web.as_(cast.wang)):
        answer = browser.get(ROOM)
        assert answer.status_code == 200 and "窗外的樱花开了" in words(answer) and "物业交接" in words(answer)


def test_an_unknown_place_is_not_there(web, cast):
    for url in ("/n/nowhere/", "/n/nowhere/feed", "/n/X/", "/n/翠湖/", "/n/cui%00hu/"):
        assert web.guest().get(url).status_code in {400, 404}


# Tabs and pages


def test_each_tab_has_its_own_posts_and_others_do_not_exist(web, cast, now):
    topic = make.topic(cast.li, now)
    made = {"topic": make.post(cast.li, now, "topic的帖", topic=topic)}
    for kind in ("howto", "help", "meetup", "promo"):
        made[kind] = make.post(cast.li, now, f"{kind}的帖", kind=kind, title=f"{kind}的标题")
    for tab in made:
        for browser in (web.guest(), web.as_(cast.wang)):
            page = browser.get(f"{ROOM}?tab={tab}")
            assert is_whole(page) and [other for other in made if f"{other}的帖" in words(page)] == [tab]
            assert f'tab={tab}" aria-current="page"' in words(page)
            part = browser.get(f"{ROOM}feed?tab={tab}", part=True)
            assert not is_whole(part) and [other for other in made if f"{other}的帖" in words(part)] == [tab]
    for tab in ("x", "chat", "notice", "<script>", "长" * 10000, "%"):
        for what in ("", "feed"):
            assert web.guest().client.get(ROOM + what, query_string={"tab": tab}).status_code == 404


def test_more_comes_as_a_part_and_without_javascript_as_a_page(web, cast, now):
    fill(cast, now, 45)
    for browser in (web.guest(), web.as_(cast.wang)):
        seen, url = [], ROOM + "feed"
        while url:
            part = browser.get(url, part=True)
            assert not is_whole(part) and not words(part).lstrip().startswith("<!")
            whole = browser.get(url.replace("feed", ""))
            numbers = re.findall(r"第(\d{3})条", words(part))
            assert is_whole(whole) and re.findall(r"第(\d{3})条", words(whole)) == numbers
            seen += numbers
            url = more(part)
        assert seen == [f"{number:03}" for number in reversed(range(45))] and "到底了" in words(part)


def test_opened_by_hand_the_further_cards_are_a_page(web, cast, now):
    fill(cast, now, 25)
    url = more(web.guest().get(ROOM))
    answer = web.guest().get(url)
    assert answer.status_code == 303 and is_whole(web.guest().get(answer.headers["Location"]))
    assert led_to(web.guest().get(ROOM + "feed"), ROOM)
    for header in ("HX-Boosted", "HX-History-Restore-Request"):
        assert is_whole(web.guest().get(ROOM, part=True, **{header: "true"}))
        assert web.guest().get(url, part=True, **{header: "true"}).status_code == 303


@pytest.mark.parametrize(
    "after",
    ["x", "1", "1.", ".1", "-1.-1", "1.2.3", "²", "9" * 200, "99999999999999999.1", "1e309.1", "~", "~1.1", "1.1~x", "<b>"],
)
def test_an_odd_cursor_is_a_page_and_no_error(web, cast, now, after):
    fill(cast, now, 3)
    for browser in (web.guest(), web.as_(cast.wang)):
        answer = browser.client.get(ROOM, query_string={"after": after})
        assert answer.status_code == 200 and is_whole(answer) and "<b>" + '"' not in words(answer)
        part = browser.client.get(ROOM + "feed", query_string={"after": after}, headers={"HX-Request": "true"})
        assert part.status_code == 200 and not is_whole(part)


# Fences


def test_what_is_for_neighbours_is_nowhere_for_others(web, cast, now):
    topic = make.topic(cast.li, now)
    inner = make.post(cast.zhao, now, INNER, visibility="neighborhood", topic=topic)
    howto = make.post(cast.zhao, now, INNER, visibility="neighborhood", kind="howto", title=INNER)
    revisions.edit(posts.find(cast.cuihu, howto.id), cast.zhao, now, title=INNER, body=INNER + "了")
    reviews.pin(posts.find(cast.cuihu, inner.id), cast.li, now, "只给邻居看的置顶")
    reviews.feature(posts.find(cast.cuihu, inner.id), cast.li, now, True)
    pages = [ROOM, "/", "/about", ROOM + "topics/", f"{ROOM}topics/{topic.id}", ROOM + "host", ROOM + "join", "/n/yangguangli/"]
    pages += [f"{ROOM}?tab={tab}" for tab in ("topic", "howto", "help", "meetup", "promo")]
    pages += [f"{ROOM}feed?tab={tab}" for tab in ("", "topic", "howto")]
    for post in (inner, howto):
        pages += [f"{ROOM}posts/{post.id}{what}" for what in ("", "/history", "/comments", "/edit", "/delete")]
    web.as_(cast.wang).get(ROOM)  # who may read it was here before
    for browser in (web.guest(), web.as_(cast.zhou), web.as_(cast.lin)):
        for url in pages:
            for part in (False, True):
                assert INNER not in words(browser.get(url, part=part)), url
    assert words(web.as_(cast.wang).get(ROOM)).count(INNER) >= 2


def test_neighbours_after_one_another_get_their_own_page(web, cast, now):
    post = make.post(cast.zhao, now)
    likes.set_like(cast.wang, post, True, now)
    for _ in range(2):
        for member, name in ((cast.wang, "王阿姨"), (cast.chen, "陈奶奶"), (cast.li, "李姐")):
            page = words(web.as_(member).get(ROOM))
            assert f"{name}，回来啦" in page and ("工作台" in page) is (member is cast.li)
            assert ('aria-pressed="true"' in page) is (member is cast.wang)
        guest = web.guest().get(ROOM)
        assert "回来啦" not in words(guest) and "来翠湖花园坐坐" in words(guest) and "csrf_token" not in words(guest)


def test_a_page_of_ones_own_is_kept_by_nobody(web, cast, now):
    assert web.as_(cast.wang).get(ROOM).headers["Cache-Control"] == "no-store"
    answer = web.guest().get(ROOM)
    assert answer.headers["Cache-Control"] == "no-cache" and "HX-Request" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "probe", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "https://a.b/'onx=1"]
)
def test_what_looks_like_a_program_is_only_words(web, cast, now, probe):
    odd = make.neighbor(cast.cuihu, "<b>x</b>", now, building="<i>3</i>", trusted=True)
    make.post(odd, now, probe, kind="howto", title=probe, topic=make.topic(cast.li, now, probe))
    for browser in (web.guest(), web.as_(odd)):
        page = words(browser.get(ROOM))
        assert not re.search(r"<script>alert|<img src=x|<b>x|<i>3| onx=|>49<", page)


def test_the_old_word_for_a_host_is_on_no_page(app, web, cast, now):
    """R14: a neighbour with a name and a mission, not somebody who sells to groups."""
    topic, post = make.topic(cast.li, now), make.post(cast.li, now, kind="promo", title="新米", body="家里种的")
    waiting = make.post(cast.wang, now)
    values = {"slug": "cuihu", "topic_id": topic.id, "post_id": post.id, "member_id": cast.wang.id}
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.arguments <= set(values)]
    assert len(rules) > 25
    for browser in (web.guest(), web.as_(cast.wang), web.as_(cast.li), web.as_(cast.lin)):
        for rule in rules:
            with app.test_request_context():
                url = app.url_map.bind("localhost").build(rule.endpoint, {name: values[name] for name in rule.arguments})
            assert "团长".encode() not in browser.get(url).data, url
    for url in (f"{ROOM}posts/{waiting.id}", f"{ROOM}posts/{waiting.id}/edit"):
        assert "团长" not in words(web.as_(cast.wang).get(url))


def test_on_a_market_day_the_page_stands_under_its_sign(web, cast, now):
    market = stalls.market(cast.li, now)
    page = words(web.as_(cast.wang).get(ROOM))
    assert "回来啦" not in page and page.count("春日邻里市集") == 1
    for path in ("here", "market"):
        assert f'href="{ROOM}events/{market.id}/{path}"' in page
    for hours in (3, 2, 1):  # what began before it does not push it off
        Event.update(starts_at=now - timedelta(hours=hours)).where(
            Event.id == make.event(cast.li, now, title=f"小聚{hours}").id
        ).execute()
    kept.forget()
    page = words(web.as_(cast.wang).get(ROOM))
    assert f'href="{ROOM}events/{market.id}/here"' in page and page.index("小聚3") < page.index("小聚2")
    kept.forget()
    Event.update(starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=3)).execute()
    assert "回来啦" in words(web.as_(cast.wang).get(ROOM))


# Cost


@pytest.mark.parametrize("who", [None, "wang", "li"])
def test_the_page_costs_the_same_with_few_posts_and_with_many(web, cast, now, queries, who):
    make.topic(cast.li, now)
    make.post(cast.li, now, kind="promo", title="新米", body="家里种的")
    pinned = make.post(cast.zhao, now)
    reviews.pin(posts.find(cast.cuihu, pinned.id), cast.li, now, "停水通知请看")
    browser = web.as_(getattr(cast, who)) if who else web.guest()

    def cost():
        kept.forget()
        browser.get(ROOM)
        kept.forget()
        queries.clear()
        assert browser.get(ROOM).status_code == 200
        return len(queries)

    fill(cast, now, 10)
    few = cost()
    fill(cast, now + timedelta(hours=1), 60)
    assert 0 < few == cost() <= 12, queries
