"""Writing, reading, mending and taking down posts, as browsers meet it."""

import io
import re

import pytest

from db import comments, posts, reviews
from db.photos import Photo
from db.posts import Post, PostPhoto
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
)
from tests.db.test_pictures import file_of, flag

POSTS, NEW = "/n/cuihu/posts", "/n/cuihu/posts/new"
ROSES = {"op_id": "rosesroses01", "kind": "chat", "body": "楼下的月季开了", "visibility": "public"}
RECIPE = {"op_id": "recipe000001", "kind": "howto", "title": "外婆的馄饨", "body": "皮要薄"}


@pytest.fixture(scope="module")
def jpeg():
    return file_of(flag(300, 200))


def sent(data, name="照片.jpg"):
    return io.BytesIO(data), name


def url(post, what=""):
    return f"{POSTS}/{post.id}{what}"


def again(post):
    return Post.get_by_id(post.id)


def tray(answer):
    return re.findall(r'name="photo" value="([0-9a-f]{32})"', words(answer))


def returned(cast, now, reason="请不要写门牌号"):
    post = make.post(cast.wang, now, "我家在302")
    reviews.give_back(post, cast.li, now, reason)
    return again(post)


# Writing


def test_a_neighbour_writes_and_everybody_reads(web, cast):
    zhao = web.as_(cast.zhao)
    page = zhao.get(NEW)
    assert is_whole(page) and typed(page, "op_id") and written(page, "body") == ""
    answer = zhao.post(POSTS, ROSES)
    post = Post.get()
    assert led_to(answer, url(post)) and flash_after(zhao, answer) == "发布了，邻居们都能看到 · 积分 +5"
    assert "楼下的月季开了" in words(web.guest().get(url(post))) and is_whole(web.guest().get(url(post)))


def test_with_htmx_the_new_post_is_loaded_whole(web, cast):
    answer = web.as_(cast.zhao).post(POSTS, ROSES, part=True)
    assert told_to_load(answer, url(Post.get()))


def test_a_part_of_the_composer_has_no_frame_around_it(web, cast):
    answer = web.as_(cast.zhao).get(NEW + "?kind=meetup", part=True)
    assert words(answer).lstrip().startswith("<form") and 'name="title"' in words(answer)


@pytest.mark.parametrize("part", [False, True])
def test_sent_twice_it_is_one_post_and_one_answer(web, cast, part):
    zhao = web.as_(cast.zhao)
    first, second = zhao.post(POSTS, ROSES, part=part), zhao.post(POSTS, ROSES, part=part)
    assert Post.select().count() == 1
    assert first.status_code == second.status_code and first.headers.get("Location") == second.headers.get("Location")
    assert first.headers.get("HX-Redirect") == second.headers.get("HX-Redirect")


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("form", "field"),
    [
        (ROSES | {"body": ""}, "body"), (ROSES | {"body": " \n "}, "body"), (ROSES | {"body": "\u3164"}, "body"),
        (ROSES | {"body": "长" * 5001}, "body"),
        (ROSES | {"body": "a\0b"}, "body"), (RECIPE | {"title": ""}, "title"), (RECIPE | {"title": "长" * 61}, "title"),
        (ROSES | {"kind": "promo", "title": "团"}, "kind"), (ROSES | {"kind": "notice", "title": "停水"}, "kind"),
        (ROSES | {"kind": "vote"}, "kind"), (ROSES | {"visibility": "world"}, "visibility"),
    ],
)  # fmt: skip
def test_a_bad_field_is_given_back_with_all_that_was_typed(web, cast, part, form, field):
    answer = web.as_(cast.zhao).post(POSTS, form, part=part)
    assert answer.status_code == 422 and is_whole(answer) is not part
    assert re.search(rf'id="{field}-error" role="alert">[^<]*[\u4e00-\u9fff]', words(answer))
    assert written(answer, "body").strip() == form["body"].strip().replace("\0", "\ufffd") or "\0" in form["body"]
    assert typed(answer, "op_id") == form["op_id"] and Post.select().count() == 0
    if form["kind"] == "howto":
        assert typed(answer, "title") == form["title"]


def test_a_host_who_hurries_people_is_asked_for_other_words(web, cast):
    answer = web.as_(cast.li).post(POSTS, RECIPE | {"kind": "promo", "body": "手慢无"})
    assert answer.status_code == 422 and "不催单" in beside(answer, "body") and written(answer, "body") == "手慢无"


def test_fields_nobody_offered_change_nothing(web, cast):
    more = {"state": "published", "author": cast.zhao.id, "likes": "99", "is_promo": "1", "neighborhood": cast.yangguangli.id}
    web.as_(cast.wang).post(POSTS, ROSES | more | {"pinned_until": "2030-01-01", "approved_posts": "9", "id": "77"})
    post = Post.get()
    assert (post.state, post.author_id, post.likes, post.is_promo) == ("pending", cast.wang.id, 0, False)
    assert (post.neighborhood_id, post.pinned_until) == (cast.cuihu.id, None) and post.id != 77


@pytest.mark.parametrize(
    "probe", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)"]
)
def test_what_looks_like_a_program_is_only_words(web, cast, probe):
    zhao = web.as_(cast.zhao)
    zhao.post(POSTS, RECIPE | {"title": probe[:60], "body": probe})
    post = Post.get()
    for page in (zhao.get(url(post)), web.guest().get("/n/cuihu/"), zhao.get(url(post, "/edit")), zhao.get(url(post, "/delete"))):
        assert "<script>alert" not in words(page) and "<img src=x" not in words(page) and 'href="javascript' not in words(page)
    assert "49" not in re.findall(r'class="said">([^<]*)<', words(zhao.get(url(post))))


# Photos in the form, without JavaScript


def test_photos_go_in_and_out_one_by_one_and_then_with_the_post(web, cast, jpeg):
    zhao, codes = web.as_(cast.zhao), []
    for _ in range(2):
        answer = zhao.post(POSTS, ROSES | {"photo": codes, "file": sent(jpeg), "add": "1"})
        codes = tray(answer)
        assert answer.status_code == 200 and is_whole(answer) and written(answer, "body") == ROSES["body"]
    assert len(codes) == 2
    answer = zhao.post(POSTS, ROSES | {"photo": codes, "drop": codes[0], "consent": "y"})
    assert tray(answer) == codes[1:] and written(answer, "body") == ROSES["body"] and Post.select().count() == 0
    assert zhao.post(POSTS, ROSES | {"photo": codes[1:], "consent": "y"}).status_code == 303
    post = Post.get()
    assert [photo.code for photo in posts.photos_of([post.id])[post.id]] == codes[1:]
    page = words(web.guest().get(url(post)))
    assert codes[1] in page and codes[0] not in page


def test_a_file_chosen_last_goes_with_the_post(web, cast, jpeg):
    answer = web.as_(cast.zhao).post(POSTS, ROSES | {"file": sent(jpeg), "consent": "y"})
    assert answer.status_code == 303 and PostPhoto.select().count() == 1


@pytest.mark.parametrize("part", [False, True])
def test_without_consent_the_words_and_the_tray_stay(web, cast, now, part):
    codes = [make.photo(cast.zhao, now).code for _ in range(2)]
    answer = web.as_(cast.zhao).post(POSTS, ROSES | {"photo": codes}, part=part)
    assert answer.status_code == 422 and beside(answer, "consent") and tray(answer) == codes
    assert written(answer, "body") == ROSES["body"] and Post.select().count() == 0


def test_the_tenth_photo_is_refused_and_nine_stay(web, cast, now, jpeg):
    zhao, codes = web.as_(cast.zhao), [make.photo(cast.zhao, now).code for _ in range(10)]
    form = ROSES | {"consent": "y"}
    answer = zhao.post(POSTS, form | {"photo": codes[:9], "file": sent(jpeg), "add": "1"})
    assert answer.status_code == 422 and tray(answer) == codes[:9] and "最多 9 张" in beside(answer, "body")
    assert zhao.post(POSTS, form | {"photo": codes}).status_code == 422 and Post.select().count() == 0
    assert zhao.post(POSTS, form | {"photo": codes[:9]}).status_code == 303 and PostPhoto.select().count() == 9


def test_a_file_that_is_no_photo_leaves_words_and_tray(web, cast, now):
    code = make.photo(cast.zhao, now).code
    form = ROSES | {"photo": [code], "file": sent(b"<svg onload=alert(1)>"), "add": "1"}
    answer = web.as_(cast.zhao).post(POSTS, form)
    assert answer.status_code == 422 and beside(answer, "body") and tray(answer) == [code]
    assert written(answer, "body") == ROSES["body"]


def test_photos_of_others_do_not_come_along(web, cast, now):
    codes = [make.photo(cast.wang, now).code, make.photo(cast.zhou, now).code, "0" * 32, "../x", "'"]
    assert web.as_(cast.zhao).post(POSTS, ROSES | {"photo": codes}).status_code == 303
    assert PostPhoto.select().count() == 0 and Photo.select().where(Photo.used == True).count() == 0  # noqa: E712


def test_a_photo_is_posted_once(web, cast, now):
    zhao, code = web.as_(cast.zhao), make.photo(cast.zhao, now).code
    form = ROSES | {"photo": [code], "consent": "y"}
    assert zhao.post(POSTS, form).status_code == zhao.post(POSTS, form).status_code == 303
    zhao.post(POSTS, form | {"op_id": "another0001"})
    assert PostPhoto.select().count() == 1


# Who may


def test_guests_are_shown_the_way_in_and_back(web, cast, now):
    mine = make.post(cast.zhao, now)
    for path in (NEW, url(mine, "/edit"), url(mine, "/delete")):
        assert shown_the_door(web.guest().get(path), "/n/cuihu/join", path)
        assert shown_the_door(web.guest().get(path, part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    for path in (POSTS, url(mine, "/edit"), url(mine, "/delete")):
        assert shown_the_door(web.guest().post(path, ROSES), "/n/cuihu/join", "/n/cuihu/")
        assert shown_the_door(web.guest().post(path, ROSES, part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    assert Post.select().count() == 1 and again(mine).state == "published"


def test_another_place_does_not_exist(web, cast, now):
    mine, inner = make.post(cast.zhao, now), make.post(cast.zhao, now, "只说给邻居听", visibility="neighborhood")
    zhou, zhao = web.as_(cast.zhou), web.as_(cast.zhao)
    for path in (POSTS, url(mine, "/edit"), url(mine, "/delete")):
        assert zhou.post(path, ROSES).status_code == 404
    assert zhou.get(url(inner)).status_code == 404 and zhou.get(url(inner, "/history")).status_code == 404
    for what in ("", "/edit", "/history", "/delete"):
        assert zhou.get(f"/n/yangguangli/posts/{mine.id}{what}").status_code == 404
        assert zhao.get(f"{POSTS}/99999{what}").status_code == 404
    for what in ("/edit", "/delete"):
        assert zhou.post(f"/n/yangguangli/posts/{mine.id}{what}", ROSES).status_code == 404
    assert Post.select().count() == 2 and again(mine).body == "窗外的樱花开了"


@pytest.mark.parametrize("who", ["wang", "li"])
def test_only_the_author_changes_a_post(web, cast, now, who):
    mine, browser = make.post(cast.zhao, now), web.as_(getattr(cast, who))
    for what in ("/edit", "/delete"):
        assert browser.get(url(mine, what)).status_code == 403
        answer = browser.post(url(mine, what), ROSES)
        assert answer.status_code == 403 and is_whole(answer)
        assert toast(browser.post(url(mine, what), ROSES, part=True))
    assert again(mine).state == "published" and again(mine).body == "窗外的樱花开了"


def test_a_closed_place_says_so(web, cast, now):
    type(cast.cuihu).update(status="paused", closed_reason="物业交接").where(type(cast.cuihu).id == cast.cuihu.id).execute()
    answer = web.as_(cast.zhao).post(POSTS, ROSES)
    assert answer.status_code == 409 and "物业交接" in words(answer) and is_whole(answer)
    assert "物业交接" in toast(web.as_(cast.zhao).post(POSTS, ROSES, part=True)) and Post.select().count() == 0


# Newcomers


def test_a_newcomers_post_waits_and_is_her_own_till_then(web, cast):
    wang = web.as_(cast.wang)
    answer = wang.post(POSTS, ROSES)
    post = Post.get()
    assert flash_after(wang, answer) == "发出来了，等主理人看一眼，大家就能看到"
    assert "待审核" in words(wang.get(url(post))) and "待审核" in words(web.as_(cast.li).get(url(post)))
    for browser in (web.guest(), web.as_(cast.zhao), web.as_(cast.zhou)):
        for what in ("", "/history", "/comments"):
            assert browser.get(url(post, what)).status_code == 404
        assert ROSES["body"] not in words(browser.get("/n/cuihu/"))
    assert ROSES["body"] in words(wang.get("/n/cuihu/me/"))


def test_returned_with_a_reason_it_is_mended_and_sent_again(web, cast, now):
    post, wang = returned(cast, now), web.as_(cast.wang)
    assert "请不要写门牌号" in words(wang.get(url(post))) and "改一改，再发一次" in words(wang.get(url(post)))
    page = wang.get(url(post, "/edit"))
    assert "请不要写门牌号" in words(page) and written(page, "body") == "我家在302"
    answer = wang.post(url(post, "/edit"), {"body": "我家的花"})
    assert led_to(answer, url(post)) and flash_after(wang, answer) == "改好了，等主理人看一眼"
    assert (again(post).state, again(post).body, again(post).return_reason) == ("pending", "我家的花", "")
    assert web.as_(cast.zhao).get(url(post)).status_code == 404


def test_a_newcomers_change_waits_while_the_old_words_stay(web, cast, now):
    post = make.post(cast.wang, now, "原来的")
    reviews.approve(post, cast.li, now)
    wang = web.as_(cast.wang)
    wang.post(url(post, "/edit"), {"body": "后来的"})
    assert "您的修改待审核" in words(wang.get(url(post)))
    page = words(web.guest().get(url(post)))
    assert "原来的" in page and "后来的" not in page and "待审核" not in page


# Mending


@pytest.mark.parametrize("part", [False, True])
def test_mended_words_stand_at_once_and_the_old_ones_are_kept(web, cast, now, part):
    post, zhao = make.post(cast.zhao, now, "第一稿"), web.as_(cast.zhao)
    for _ in range(2):
        answer = zhao.post(url(post, "/edit"), {"body": "第二稿"}, part=part)
        assert told_to_load(answer, url(post)) if part else led_to(answer, url(post))
    page, history = words(web.guest().get(url(post))), words(web.guest().get(url(post, "/history")))
    assert "第二稿" in page and "第一稿" not in page and "已编辑" in page
    assert history.count("第二稿") == 1 and history.count("第一稿") == 1


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("field", "value"), [("body", "长" * 5001), ("title", ""), ("title", "长" * 61), ("body", "a\x1bb")])
def test_a_bad_change_is_given_back_and_nothing_changes(web, cast, now, part, field, value):
    post = make.post(cast.zhao, now, "皮要薄", kind="howto", title="馄饨")
    form = {"title": "新标题", "body": "新内容"} | {field: value}
    answer = web.as_(cast.zhao).post(url(post, "/edit"), form, part=part)
    assert answer.status_code == 422 and beside(answer, field) and is_whole(answer) is not part
    assert typed(answer, "title") == form["title"] and written(answer, "body") == form["body"]
    assert (again(post).title, again(post).body) == ("馄饨", "皮要薄")


def test_visibility_kind_and_author_do_not_change_by_an_edit(web, cast, now):
    post = make.post(cast.zhao, now, visibility="neighborhood")
    form = {"body": "新的", "visibility": "public", "kind": "promo", "author": cast.li.id, "state": "withdrawn", "topic": "1"}
    web.as_(cast.zhao).post(url(post, "/edit"), form)
    after = again(post)
    assert (after.body, after.visibility, after.kind, after.author_id) == ("新的", "neighborhood", "chat", cast.zhao.id)
    assert after.state == "published"


# Taking down


def test_deleting_asks_first_and_leaves_a_stone_with_its_replies(web, cast, now):
    post, zhao = make.post(cast.zhao, now, "说漏嘴了"), web.as_(cast.zhao)
    comments.say(cast.li, post, now, body="李姐的回复", op_id="lireply00001")
    page = zhao.get(url(post, "/delete"))
    assert is_whole(page) and "真的要删除吗" in words(page) and again(post).state == "published"
    answer = zhao.post(url(post, "/delete"))
    assert led_to(answer, "/n/cuihu/") and flash_after(zhao, answer) == "已删除"
    for browser in (web.guest(), zhao, web.as_(cast.li)):
        stone = words(browser.get(url(post)))
        assert "该内容已删除" in stone and "李姐的回复" in stone and "说漏嘴了" not in stone and "赵敏的帖子" not in stone
        assert "说漏嘴了" not in words(browser.get("/n/cuihu/")) and browser.get(url(post, "/history")).status_code == 404
    assert zhao.get(url(post, "/edit")).status_code == 403


def test_deleting_twice_is_told_in_words(web, cast, now):
    post, zhao = make.post(cast.zhao, now), web.as_(cast.zhao)
    assert told_to_load(zhao.post(url(post, "/delete"), part=True), "/n/cuihu/")
    answer = zhao.post(url(post, "/delete"))
    assert answer.status_code == 409 and "刷新看看" in words(answer) and is_whole(answer)
    assert "刷新看看" in toast(zhao.post(url(post, "/delete"), part=True))


def test_words_taken_down_are_not_asked_about_again(web, cast, now):
    post = make.post(cast.zhao, now, "说漏嘴了")
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    answer = web.as_(cast.zhao).get(url(post, "/delete"))
    assert answer.status_code == 409 and "说漏嘴了" not in words(answer)


def test_a_deleted_post_older_than_thirty_days_is_gone(web, cast, now):
    post = make.post(cast.zhao, now)
    Post.update(state="purged", body="").where(Post.id == post.id).execute()
    assert web.as_(cast.zhao).get(url(post)).status_code == web.guest().get(url(post)).status_code == 404


@pytest.mark.parametrize("after", ["", "x", "-1", "²", "9" * 30, "1e309"])
def test_an_odd_place_to_read_on_shows_the_page(web, cast, now, after):
    assert web.guest().client.get(url(make.post(cast.zhao, now)), query_string={"after": after}).status_code == 200
