"""搜一搜: the box, what it finds, and who finds what."""

import re

import pytest

from db import blocks, limits, search
from tests import make
from tests.blueprints.answers import beside, is_whole, toast, typed, words

HERE = "/n/cuihu/search"


def hits(answer):
    return re.findall(r'class="hit-words" href="([^"]*)"', words(answer))


def test_the_box_stands_on_every_page_of_a_place_and_invites(web, cast):
    page = web.guest().get("/n/cuihu/")
    assert f'href="{HERE}"' in words(page) and HERE not in words(web.guest().get("/"))
    box = web.guest().get(HERE)
    assert is_whole(box) and 'name="q"' in words(box) and 'role="search"' in words(box) and hits(box) == []
    assert "没有找到" not in words(box)


def test_a_word_is_found_and_marked_for_whoever_may_read_it(web, cast, now):
    public = make.post(cast.zhao, now, "後山的麵館開了 <i>")
    private = make.post(cast.li, now, "面馆老板是我邻居", visibility="neighborhood")
    for browser, wanted in ((web.guest(), [public]), (web.as_(cast.zhou), [public]), (web.as_(cast.wang), [private, public])):
        page = browser.get(HERE + "?q=面馆")
        assert is_whole(page) and hits(page) == [f"/n/cuihu/posts/{post.id}" for post in wanted]
        assert "<mark>麵館</mark>" in words(page) and "&lt;i&gt;" in words(page) and f"找到 {len(wanted)} 条" in words(page)
        assert typed(page, "q") == "面馆"
    assert hits(web.as_(cast.zhou).get("/n/yangguangli/search?q=面馆")) == []
    assert web.guest().get("/n/nowhere/search?q=面馆").status_code == 404


def test_kinds_and_authors_narrow_and_are_left_again(web, cast, now):
    mine = make.post(cast.zhao, now, "种月季的法子", kind="howto", title="种月季")
    other = make.post(cast.li, now, "月季开了")
    guest = web.guest()
    page = guest.get(HERE + "?q=月季")
    assert f"/n/cuihu/search?q=%E6%9C%88%E5%AD%A3&amp;author={cast.zhao.id}" in words(page) and len(hits(page)) == 2
    assert hits(guest.get(HERE + "?q=月季&kind=howto")) == hits(guest.get(f"{HERE}?q=月季&author={cast.zhao.id}"))
    assert hits(guest.get(HERE + "?kind=howto")) == [f"/n/cuihu/posts/{mine.id}"]
    narrowed = guest.get(f"{HERE}?author={cast.li.id}")
    assert hits(narrowed) == [f"/n/cuihu/posts/{other.id}"] and "只看李姐写的" in words(narrowed)
    nothing = guest.get(f"{HERE}?q=月季&kind=help")
    assert "没有找到「月季」" in words(nothing) and "在全部里找" in words(nothing) and "posts/new?kind=question" in words(nothing)
    # An author of another 小区 is as unknown here as one who wrote nothing.
    assert "周师傅" not in words(guest.get(f"{HERE}?author={cast.zhou.id}"))


def test_more_is_a_part_and_a_whole_page_without_htmx(web, cast, now):
    made = [make.post(cast.zhao, now, f"樱花{number}") for number in range(search.PAGE + 3)]
    guest = web.guest()
    first = guest.get(HERE + "?q=樱花")
    more = re.search(r'hx-get="([^"]*after=[^"]*)"', words(first)).group(1).replace("&amp;", "&")
    part, whole = guest.get(more, part=True), guest.get(more)
    assert not is_whole(part) and is_whole(whole) and "搜一搜" in words(whole)
    assert hits(part) == hits(whole) and "看更早的" not in words(part)
    assert hits(first) + hits(part) == [f"/n/cuihu/posts/{post.id}" for post in reversed(made)]
    assert f"最新的 {search.PAGE} 条" in words(first)


def test_who_is_blocked_is_not_found(web, cast, now):
    make.post(cast.zhao, now, "我说的樱花")
    blocks.set_block(cast.wang, cast.zhao, True, now)
    assert hits(web.as_(cast.wang).get(HERE + "?q=樱花")) == [] and len(hits(web.as_(cast.chen).get(HERE + "?q=樱花"))) == 1


@pytest.mark.parametrize("said", ["长" * 41, "？！", "a\x07b"])
@pytest.mark.parametrize("part", [False, True])
def test_what_cannot_be_looked_for_is_said_beside_the_box(web, cast, said, part):
    page = web.guest().client.get(HERE, query_string={"q": said}, headers={"HX-Request": "true"} if part else {})
    assert page.status_code == 422 and beside(page, "q") and typed(page, "q") == said


@pytest.mark.parametrize("filters", ["kind=nothing", "author=x", "author=1e9", "author=99999999999999999", "author=²"])
def test_a_filter_that_does_not_exist_is_an_unknown_address(web, cast, filters):
    assert web.guest().get(f"{HERE}?q=樱花&{filters}").status_code == 404


def test_thirty_a_minute(web, cast, now):
    limits.enabled = True
    try:
        for browser in (web.as_(cast.wang), web.guest()):
            assert [browser.get(HERE + "?q=花").status_code for _ in range(31)] == [200] * 30 + [429]
            slow, part = browser.get(HERE + "?q=花"), browser.get(HERE + "?q=花", part=True)
            assert int(slow.headers["Retry-After"]) > 0 and is_whole(slow) and "秒后再试" in toast(part)
            assert browser.get(HERE).status_code == 200  # the box alone costs nothing
    finally:
        limits.enabled = False


def test_photos_without_words_are_there_by_their_author(web, cast, now):
    photo = make.photo(cast.zhao, now)
    make.post(cast.zhao, now, "", photo_codes=[photo.code], consent=True)
    assert "赵敏的照片" in words(web.guest().get(f"{HERE}?author={cast.zhao.id}"))
