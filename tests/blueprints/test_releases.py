"""The author's page: she is asked, answers, and sees where her work went."""

import pytest

from db import hiding, picks, posts
from db.picks import Pick
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, typed, words

YES = {"release": "given", "way": ["poster", "showcase"], "credit": "敏敏"}


@pytest.fixture
def pick(cast, now):
    return make.picked(cast.li, make.post(cast.zhao, now, "阳台上的月季"), now)


def page_of(pick, place="cuihu"):
    return f"/n/{place}/picks/{pick.id}"


def test_from_the_notice_to_a_yes_and_back(web, cast, pick, now):
    zhao, guest, url, showcase = web.as_(cast.zhao), web.guest(), page_of(pick), f"/n/cuihu/showcase/{pick.id}"
    post = f"/n/cuihu/posts/{pick.object_id}"
    assert "大家都说好看" in words(zhao.get("/inbox")) and url in words(zhao.get(post))
    assert url in words(zhao.get("/n/cuihu/me/works")) and "/n/cuihu/me/works" in words(zhao.get("/n/cuihu/me/"))
    page = zhao.get(url)
    assert is_whole(page) and " checked" not in words(page) and typed(page, "credit") == "赵敏" and "阳台上的月季" in words(page)
    assert guest.get(showcase).status_code == 404
    answer = zhao.post(url, YES)
    assert led_to(answer, url) and "只去您勾的地方" in flash_after(zhao, answer)
    assert words(zhao.get(url)).count(" checked") == 2 and "海报、展示页" in words(zhao.get("/n/cuihu/me/works"))
    assert guest.get(showcase).status_code == 200 and showcase in words(guest.get(post))
    assert "TA 同意了（海报、展示页）" in words(web.as_(cast.li).get(post))
    assert led_to(zhao.post(url, {"release": "withdrawn"}), url) and guest.get(showcase).status_code == 404
    assert told_to_load(zhao.post(url, YES, part=True), url)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"way": []}, "ways"), ({"way": ["stage"]}, "ways"), ({"credit": ""}, "credit"), ({"credit": "长" * 21}, "credit")],
)
def test_a_bad_answer_is_given_back_with_what_she_chose(web, cast, pick, change, field):
    form, zhao = YES | change, web.as_(cast.zhao)
    answer = zhao.post(page_of(pick), form)
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, field) and typed(answer, "credit") == form["credit"]
    assert words(answer).count(" checked") == len(set(form["way"]) & set(picks.WAYS)) and Pick.get().release == "asked"
    assert zhao.post(page_of(pick), form, part=True).status_code == 422


@pytest.mark.parametrize("odd", ["", "asked", "<script>"])
def test_an_odd_answer_is_none(web, cast, pick, odd):
    answer = web.as_(cast.zhao).post(page_of(pick), YES | {"release": odd})
    assert answer.status_code == 422 and "<script>" not in words(answer) and Pick.get().release == "asked"


def test_what_moved_on_meanwhile_is_a_conflict_in_words(web, cast, pick, now):
    zhao = web.as_(cast.zhao)
    assert zhao.post(page_of(pick), {"release": "withdrawn"}).status_code == 409
    hiding.hide(posts.find(cast.cuihu, pick.object_id), cast.li.user, now, "先收起来看看")
    answer = zhao.post(page_of(pick), YES)
    assert answer.status_code == 409 and is_whole(answer) and "不在精选里" in words(answer) and "收起来了" in words(answer)
    assert "已经收起的作品" in words(zhao.get("/n/cuihu/me/works"))


def test_it_is_hers_alone(web, cast, pick):
    url = page_of(pick)
    for other in (cast.wang, cast.li):
        assert web.as_(other).get(url).status_code == web.as_(other).post(url, YES).status_code == 404
    assert web.as_(cast.zhou).post(url, YES).status_code == 404
    assert web.as_(cast.zhou).get(page_of(pick, "yangguangli")).status_code == 404
    assert shown_the_door(web.guest().get(url), "/n/cuihu/join", url)
    assert shown_the_door(web.guest().get("/n/cuihu/me/works"), "/n/cuihu/join", "/n/cuihu/me/works")
    assert "还没有作品被选为精选" in words(web.as_(cast.wang).get("/n/cuihu/me/works")) and Pick.get().release == "asked"


def test_the_host_says_why_she_picks(web, cast, now):
    post, li = make.post(cast.zhao, now), web.as_(cast.li)
    url, page = f"/n/cuihu/desk/post/{post.id}/feature", f"/n/cuihu/posts/{post.id}"
    for reason in ("", "好", "长" * 201):
        answer = li.post(url, {"reason": reason, "state": "on"})
        assert answer.status_code == 422 and is_whole(answer) and beside(answer, "reason")
    assert Pick.select().count() == 0
    answer = li.post(url, {"reason": "拍得真好看", "state": "on"})
    assert led_to(answer, page) and '<span class="chip gold">精选</span>' in words(web.guest().get("/n/cuihu/"))
    assert "等 TA 回话" in words(li.get(page)) and f"/desk/spreads/{Pick.get().id}" in words(li.get(page))
