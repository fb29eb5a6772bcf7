"""我做了 and 收藏 on the page of a how-to."""

import io

import pytest
from PIL import Image

from db import reviews
from db.howtos import Howto
from db.makings import Made, Saved
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, typed, words

SAID = {"op_id": "madeitmadeit", "said": "全家抢着吃"}


@pytest.fixture
def recipe(cast, now):
    return make.howto(cast.zhao, now)


def page_of(post, place="cuihu"):
    return f"/n/{place}/posts/{post.id}"


@pytest.mark.parametrize("part", [False, True])
def test_saving_answers_with_the_button_as_it_is_now(web, cast, recipe, part):
    wang = web.as_(cast.wang)
    for state, pressed in (("on", "true"), ("on", "true"), ("off", "false")):
        answer = wang.post(page_of(recipe) + "/save", {"state": state}, part=part)
        if part:
            assert f'aria-pressed="{pressed}"' in words(answer) and "收藏" in toast(answer)
        else:
            assert led_to(answer, page_of(recipe))
        assert Saved.select().count() == Howto.get().saves == (state == "on")
    assert wang.post(page_of(recipe) + "/save", {"state": "x"}, part=part).status_code == 422


def test_what_is_saved_is_found_again(web, cast, recipe):
    wang = web.as_(cast.wang)
    assert "还没有收藏" in words(wang.get("/n/cuihu/saved"))
    wang.post(page_of(recipe) + "/save", {"state": "on"})
    assert "荠菜馄饨" in words(wang.get("/n/cuihu/saved")) and "已收藏" in words(wang.get(page_of(recipe)))
    assert "/n/cuihu/saved" in words(wang.get("/n/cuihu/me/")) and "荠菜馄饨" not in words(web.as_(cast.li).get("/n/cuihu/saved"))


@pytest.mark.parametrize("part", [False, True])
def test_made_is_said_and_seen(web, cast, recipe, part):
    li = web.as_(cast.li)
    answer = li.post(page_of(recipe) + "/made", SAID, part=part)
    if part:
        assert "全家抢着吃" in words(answer) and "<html" not in words(answer) and "谢谢" in toast(answer)
    else:
        assert led_to(answer, page_of(recipe) + "#made")
    li.post(page_of(recipe) + "/made", SAID, part=part)
    page = words(web.guest().get(page_of(recipe)))
    assert Made.select().count() == 1 and "全家抢着吃" in page and "1 位邻居" in page and "照着做了" not in page
    again = li.post(page_of(recipe) + "/made", SAID | {"op_id": "another00001"}, part=part)
    assert again.status_code == 409 and Made.select().count() == 1


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize("said", ["", "   ", "长" * 141, "a\x1bb", "加 www.example.com"])
def test_what_cannot_be_said_is_given_back(web, cast, recipe, said, part):
    answer = web.as_(cast.wang).post(page_of(recipe) + "/made", SAID | {"said": said}, part=part)
    assert answer.status_code == 422 and is_whole(answer) is not part and beside(answer, "said")
    assert Made.select().count() == 0 and typed(answer, "op_id") == SAID["op_id"]
    assert "\x1b" in said or typed(answer, "said") == said


def test_without_javascript_a_photo_is_chosen_kept_and_dropped(web, cast, recipe):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "pink").save(drawn, "PNG")
    wang = web.as_(cast.wang)
    url = page_of(recipe) + "/made"
    form = wang.post(url, SAID | {"add": "1", "file": (io.BytesIO(drawn.getvalue()), "a.png")})
    code = typed(form, "photo")
    assert form.status_code == 200 and len(code) == 32 and typed(form, "said") == "全家抢着吃"
    assert typed(wang.post(url, SAID | {"photo": code, "drop": code}), "photo") is None
    answer = wang.post(url, SAID | {"photo": code})
    assert answer.status_code == 422 and beside(answer, "consent") and typed(answer, "photo") == code
    assert wang.post(url, SAID | {"photo": code, "consent": "y"}).status_code == 303
    assert code not in words(web.guest().get(page_of(recipe))) and "等主理人看一眼" in words(web.guest().get(page_of(recipe)))
    li = web.as_(cast.li)
    assert code in words(li.get(page_of(recipe)))
    assert led_to(li.post(f"/n/cuihu/desk/made/{Made.get().id}/show"), page_of(recipe) + "#made")
    assert code in words(web.guest().get(page_of(recipe)))
    assert li.post(f"/n/cuihu/desk/made/{Made.get().id}/show").status_code == 409


@pytest.mark.parametrize("part", [False, True])
def test_the_host_takes_one_down_only_with_a_reason(web, cast, now, recipe, part):
    made = make.made(cast.wang, recipe, now)
    li, url = web.as_(cast.li), f"/n/cuihu/desk/made/{made.id}/remove"
    short = li.post(url, {"reason": "不"}, part=part)
    assert short.status_code == 422 and Made.select().count() == 1 and (part or beside(short, "reason"))
    assert li.post(url, {"reason": "照片里有别人家的孩子"}, part=part).status_code in {204, 303} and Made.select().count() == 0
    assert "拿下「我做了」" in words(li.get("/n/cuihu/desk/log"))


def test_who_said_it_takes_it_back(web, cast, now, recipe):
    made = make.made(cast.wang, recipe, now)
    url = f"/n/cuihu/made/{made.id}/remove"
    assert web.as_(cast.chen).post(url).status_code == 403
    assert led_to(web.as_(cast.wang).post(url), page_of(recipe) + "#made") and Made.select().count() == 0
    assert web.as_(cast.wang).post(url).status_code == 404


def test_strangers_and_guests(web, cast, now, recipe):
    made, zhou, qian = make.made(cast.wang, recipe, now), web.as_(cast.zhou), web.as_(make.host(cast.yangguangli, "钱主理", now))
    chat = make.post(cast.zhao, now)
    for end, form in (("/save", {"state": "on"}), ("/made", SAID)):
        for part in (False, True):
            assert zhou.post(page_of(recipe) + end, form, part=part).status_code == 404
            assert zhou.post(page_of(recipe, "yangguangli") + end, form, part=part).status_code == 404
            assert web.as_(cast.chen).post(page_of(chat) + end, form, part=part).status_code == 404
        assert shown_the_door(web.guest().post(page_of(recipe) + end, form), "/n/cuihu/join", "/n/cuihu/")
    for what in ("show", "remove"):
        url = f"/n/cuihu/desk/made/{made.id}/{what}"
        assert web.as_(cast.wang).post(url, {"reason": "不喜欢这一条"}).status_code == 403
        for place in ("cuihu", "yangguangli"):
            assert qian.post(url.replace("cuihu", place), {"reason": "不喜欢这一条"}).status_code == 404
    assert Made.select().count() == 1 and Saved.select().count() == 0
    assert "加入邻里，晒晒您做的" in words(web.guest().get(page_of(recipe)))


def test_no_form_where_there_is_nothing_to_say(web, cast, now):
    waiting = make.howto(cast.wang, now)
    assert "照着做了" not in words(web.as_(cast.wang).get(page_of(waiting)))
    reviews.approve(waiting, cast.li, now)
    assert "照着做了" not in words(web.as_(cast.wang).get(page_of(waiting)))
    assert "照着做了" in words(web.as_(cast.li).get(page_of(waiting)))
