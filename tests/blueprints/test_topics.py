"""话题: pages of what is talked about, and the host's way to schedule and end them."""

from datetime import timedelta

import pytest

from db import posts, reviews, topics
from db.posts import Post
from db.topics import Topic
from tests import make
from tests.blueprints.answers import (
    beside,
    flash_after,
    is_whole,
    led_to,
    shown_the_door,
    toast,
    told_to_load,
    typed,
    words,
    written,
)  # fmt: skip

NEW, ALL = "/n/cuihu/desk/topics/new", "/n/cuihu/topics/"
BOOKS = {"prompt": "一本好书", "blurb": "说说为什么", "opens_at": "2026-03-20T12:00", "closes_at": "2026-03-27T21:00"}
ROSES = {"op_id": "rosesroses01", "kind": "chat", "body": "楼下的月季开了"}


def page_of(topic):
    return f"{ALL}{topic.id}"


def closing(topic):
    return f"/n/cuihu/desk/topics/{topic.id}/close"


def coming(cast, now):
    opens = now + timedelta(days=1)
    return topics.schedule(cast.li, now, prompt="周末计划", opens_at=opens, closes_at=opens + timedelta(days=2))


def closed(cast, now):
    topic = make.topic(cast.li, now, "聊完了的")
    topics.close(topic, now)
    return Topic.get_by_id(topic.id)


# Reading


def test_a_topic_stands_with_what_was_said_and_who_said_it(web, cast, now):
    topic = make.topic(cast.li, now)
    make.post(cast.zhao, now, "红烧肉", topic=topic)
    page = web.guest().get(page_of(topic))
    assert is_whole(page) and "晒出你家的拿手菜" in words(page) and "红烧肉" in words(page)
    assert "进行中" in words(page) and "1 位邻居参与" in words(page) and "看看都有谁" in words(page)
    assert "join?next=" in words(page) and "desk/topics" not in words(page)
    assert f"posts/new?topic={topic.id}" in words(web.as_(cast.wang).get(page_of(topic)))


def test_each_phase_says_what_it_is(web, cast, now):
    running, later, over = make.topic(cast.li, now), coming(cast, now), closed(cast, now)
    wang = web.as_(cast.wang)
    for topic, phase in ((running, "进行中"), (later, "即将开始"), (over, "已结束")):
        page = words(wang.get(page_of(topic)))
        assert phase in page and ("说一句" in page) is (topic is running)
    listed = words(web.guest().get(ALL))
    assert all(phase in listed for phase in ("进行中", "即将开始", "已结束"))


def test_no_topic_yet_is_a_page_too(web, cast):
    assert "还没有话题" in words(web.guest().get(ALL)) and "发起一个话题" not in words(web.as_(cast.wang).get(ALL))
    assert "发起一个话题" in words(web.as_(cast.li).get(ALL))


def test_more_is_a_part_and_the_whole_page_without_htmx(web, cast, now):
    topic = make.topic(cast.li, now)
    for number in range(23):
        make.post(cast.li, now + timedelta(seconds=number), f"第{number:02}道菜", topic=topic)
    guest = web.guest()
    first = words(guest.get(page_of(topic)))
    assert "第22道菜" in first and "第03道菜" in first and "第02道菜" not in first
    more = first.split(f'href="{page_of(topic)}?after=')[1].split('"')[0]
    part = words(guest.get(f"{page_of(topic)}?after={more}", part=True))
    assert "<html" not in part and "第02道菜" in part and "第03道菜" not in part and "看更多" not in part
    assert is_whole(guest.get(f"{page_of(topic)}?after={more}"))


@pytest.mark.parametrize("after", ["x", "1.2.3", "-1.-1", "²", "9" * 50, "9999999999999999999.1", "1e309", "<script>"])
def test_an_odd_cursor_starts_anew(web, cast, now, after):
    topic = make.topic(cast.li, now)
    make.post(cast.zhao, now, "红烧肉", topic=topic)
    answer = web.guest().client.get(page_of(topic), query_string={"after": after})
    assert answer.status_code == 200 and "红烧肉" in words(answer) and "<script>" not in words(answer)


def test_what_is_for_neighbours_is_not_on_a_guests_topic_page(web, cast, now):
    topic = make.topic(cast.li, now)
    make.post(cast.zhao, now, "只说给邻居听", visibility="neighborhood", topic=topic)
    for browser in (web.guest(), web.as_(cast.zhou)):
        for part in (False, True):
            assert "只说给邻居听" not in words(browser.get(page_of(topic), part=part))
        assert "赵敏" not in words(browser.get(page_of(topic)))
    assert "只说给邻居听" in words(web.as_(cast.wang).get(page_of(topic)))


def test_another_places_topics_do_not_exist(web, cast, now):
    topic = make.topic(cast.li, now)
    for url in (f"/n/yangguangli/topics/{topic.id}", f"{ALL}99999", f"{ALL}0", f"{ALL}{2**60}"):
        assert web.guest().get(url).status_code == 404
    assert "拿手菜" not in words(web.guest().get("/n/yangguangli/topics/"))


# Answering


def test_an_answer_goes_to_its_topic(web, cast, now):
    topic, zhao = make.topic(cast.li, now), web.as_(cast.zhao)
    form = zhao.get(f"/n/cuihu/posts/new?topic={topic.id}")
    assert "#晒出你家的拿手菜" in words(form) and typed(form, "topic") == str(topic.id)
    zhao.post("/n/cuihu/posts", ROSES | {"topic": topic.id})
    assert Post.get().topic_id == topic.id and Topic.get_by_id(topic.id).posts == 1


@pytest.mark.parametrize("phase", [closed, coming])
def test_where_nobody_may_answer_the_words_stay_and_go_as_a_plain_post(web, cast, now, phase):
    topic, zhao = phase(cast, now), web.as_(cast.zhao)
    form = ROSES | {"topic": topic.id}
    assert "普通的帖子" in toast(zhao.post("/n/cuihu/posts", form, part=True))
    answer = zhao.post("/n/cuihu/posts", form)
    assert answer.status_code == 409 and is_whole(answer) and written(answer, "body") == ROSES["body"]
    assert ("已经结束了" if phase is closed else "还没开始") in beside(answer, "body") and Post.select().count() == 0
    again = ROSES | {"topic": typed(answer, "topic"), "op_id": typed(answer, "op_id")}
    assert zhao.post("/n/cuihu/posts", again).status_code == 303 and Post.get().topic_id is None


def test_an_odd_topic_is_none(web, cast, now):
    strange = make.topic(cast.zhou, now, "别处的话题")
    zhao = web.as_(cast.zhao)
    for number, odd in enumerate((strange.id, "x", "-1", "²", "9" * 30, "1e309", "99999")):
        assert "别处的话题" not in words(zhao.client.get("/n/cuihu/posts/new", query_string={"topic": odd}))
        zhao.post("/n/cuihu/posts", ROSES | {"topic": odd, "op_id": f"oddoddodd{number}"})
    assert Post.select().where(Post.topic.is_null(False)).count() == 0


# Scheduling


def test_a_host_schedules_a_topic_in_shanghai_time(web, cast, now):
    li = web.as_(cast.li)
    form = li.get(NEW + "?prompt=一本好书")
    assert is_whole(form) and typed(form, "prompt") == "一本好书" and typed(form, "opens_at") == "2026-03-20T12:00"
    answer = li.post(NEW, BOOKS | {"posts": "99", "created_by": cast.wang.id})
    topic = Topic.get()
    assert led_to(answer, page_of(topic)) and flash_after(li, answer) == "话题安排好了"
    assert (topic.opens_at, topic.closes_at) == (now, now + timedelta(days=7, hours=9))
    assert (topic.posts, topic.created_by_id) == (0, cast.li.id) and "一本好书" in words(web.guest().get("/n/cuihu/"))
    assert told_to_load(li.post(NEW, BOOKS | {"prompt": "周末计划"}, part=True), page_of(Topic.get(Topic.prompt == "周末计划")))


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", ""), ("prompt", "好"), ("prompt", "长" * 41), ("prompt", "a\x1bb"), ("blurb", "长" * 201),
        ("opens_at", ""), ("opens_at", "明天"), ("opens_at", "NaN"), ("opens_at", "0000-00-00T00:00"),
        ("closes_at", ""), ("closes_at", "2026-03-20T11:00"), ("closes_at", "2020-01-01T00:00"),
        ("closes_at", "9999-12-31T23:59"), ("opens_at", "0001-01-01T00:00"),
    ],
)  # fmt: skip
def test_a_bad_topic_is_given_back_with_the_sentence_beside_it(web, cast, part, field, value):
    form = BOOKS | {field: value}
    answer = web.as_(cast.li).post(NEW, form, part=part)
    assert answer.status_code == 422 and (beside(answer, field) or beside(answer, "closes_at"))
    assert {name: typed(answer, name) for name in form} == form and Topic.select().count() == 0


def test_a_twin_is_warned_of_once_and_then_taken(web, cast, now):
    make.topic(cast.li, now, "一本好书")
    li = web.as_(cast.li)
    answer = li.post(NEW, BOOKS)
    assert answer.status_code in {409, 422} and "再按一次" in beside(answer, "prompt") and Topic.select().count() == 1
    assert typed(answer, "twin_ok") == "一本好书" and typed(answer, "blurb") == BOOKS["blurb"]
    assert li.post(NEW, BOOKS | {"twin_ok": "别的话"}).status_code == answer.status_code
    assert li.post(NEW, BOOKS | {"twin_ok": typed(answer, "twin_ok")}).status_code == 303 and Topic.select().count() == 2


@pytest.mark.parametrize("probe", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"])
def test_what_looks_like_a_program_is_only_words(web, cast, now, probe):
    li = web.as_(cast.li)
    answers = [li.get(NEW + "?prompt=" + probe), li.post(NEW, BOOKS | {"prompt": probe, "opens_at": ""})]
    li.post(NEW, BOOKS | {"prompt": probe, "blurb": probe})
    topic = Topic.get()
    make.post(cast.zhao, now, topic=topic)
    answers += [web.guest().get(url) for url in (ALL, page_of(topic), "/n/cuihu/")]
    for answer in answers:
        assert "<script>alert" not in words(answer) and "<img src=x" not in words(answer) and ">49<" not in words(answer)


# Ending


@pytest.mark.parametrize("part", [False, True])
def test_a_host_ends_a_topic_once_and_what_was_said_stays(web, cast, now, part):
    topic = make.topic(cast.li, now - timedelta(hours=1))
    make.post(cast.zhao, now, "红烧肉", topic=topic)
    li = web.as_(cast.li)
    for _ in range(2):
        answer = li.post(closing(topic), part=part)
        assert told_to_load(answer, page_of(topic)) if part else led_to(answer, page_of(topic))
    page = words(web.guest().get(page_of(topic)))
    assert "已结束" in page and "红烧肉" in page and "说一句" not in page
    assert "拿手菜" not in words(web.guest().get("/n/cuihu/")).split('class="tabs"')[0]


def test_a_coming_topic_is_called_off(web, cast, now):
    topic = coming(cast, now)
    assert web.as_(cast.li).post(closing(topic)).status_code == 303
    assert "已结束" in words(web.guest().get(page_of(topic)))


@pytest.mark.parametrize("what", ["new", "create", "close"])
def test_the_desk_is_the_hosts_of_this_place_alone(web, cast, now, what):
    topic = make.topic(cast.li, now)
    url = closing(topic) if what == "close" else NEW

    def ask(browser, url=url, part=False):
        return browser.get(url, part=part) if what == "new" else browser.post(url, BOOKS, part=part)

    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert ask(web.as_(cast.wang)).status_code == 403 and is_whole(ask(web.as_(cast.wang)))
    assert "这个操作需要别的身份" in toast(ask(web.as_(cast.wang), part=True))
    for stranger in (web.as_(cast.zhou), web.as_(cast.lin), qian):
        assert ask(stranger).status_code == 404
    if what == "close":
        assert ask(qian, url.replace("cuihu", "yangguangli")).status_code == 404
    assert shown_the_door(ask(web.guest()), "/signin", url if what == "new" else "/n/cuihu/")
    assert shown_the_door(ask(web.guest(), part=True), "/signin", "/n/cuihu/", part=True)
    assert Topic.select().count() == 1 and Topic.get().closes_at == topic.closes_at


def test_the_best_answers_stand_first_and_for_all(web, cast, now):
    topic = make.topic(cast.li, now)
    best = make.post(cast.zhao, now, "得了夸奖的", topic=topic)
    make.post(cast.li, now, "别的", topic=topic)
    reviews.feature(posts.find(cast.cuihu, best.id), cast.li, now, True)
    page = words(web.guest().get(page_of(topic)))
    assert "主理人挑的佳作" in page and page.index("得了夸奖的") < page.index("别的") and "话题佳作" in page
