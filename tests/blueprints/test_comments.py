"""Comments, said and taken back in place or on a page of their own."""

import pytest

from db import comments, posts, reviews
from db.comments import Comment
from db.posts import Post
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, typed, words, written

HELLO = {"op_id": "hellohello01", "body": "真好看"}


@pytest.fixture
def post(cast, now):
    return make.post(cast.zhao, now)


def at(post, what=""):
    return f"/n/cuihu/posts/{post.id}/comments{what}"


def page_of(post):
    return f"/n/cuihu/posts/{post.id}"


def say(author, post, now, body="你好", **values):
    return comments.say(author, post, now, body=body, op_id=make.secrets.token_hex(8), **values)


def count(post):
    return Post.get_by_id(post.id).comments, Comment.select().where(Comment.state == "published").count()


def is_section(answer):
    return words(answer).lstrip().startswith("<section") and not is_whole(answer)


# Saying


def test_a_comment_stands_under_the_post(web, cast, post):
    wang = web.as_(cast.wang)
    assert led_to(wang.post(at(post), HELLO), page_of(post) + "#comments")
    assert "真好看" in words(wang.get(page_of(post))) and "真好看" in words(web.guest().get(page_of(post)))
    assert count(post) == (1, 1)


def test_with_htmx_the_comments_come_back_with_an_empty_box(web, cast, post):
    answer = web.as_(cast.wang).post(at(post), HELLO, part=True)
    assert answer.status_code == 200 and is_section(answer) and toast(answer) == "说好了 · 积分 +1"
    assert "真好看" in words(answer) and written(answer, "body") == "" and HELLO["op_id"] not in words(answer)


@pytest.mark.parametrize("part", [False, True])
def test_said_twice_it_stands_once(web, cast, post, part):
    wang = web.as_(cast.wang)
    first, second = wang.post(at(post), HELLO, part=part), wang.post(at(post), HELLO, part=part)
    assert first.status_code == second.status_code == (200 if part else 303) and count(post) == (1, 1)
    assert words(wang.get(page_of(post))).count("真好看") == 1


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize("body", ["", "  \n ", "长" * 1001, "a\x1bb", "\u3164", "\u200b \u2800"])
def test_a_bad_comment_is_given_back_beside_its_sentence(web, cast, post, part, body):
    answer = web.as_(cast.wang).post(at(post), {"op_id": "hellohello01", "body": body}, part=part)
    assert answer.status_code == 422 and beside(answer, "body")
    assert written(answer, "body").strip() == body.strip() and typed(answer, "csrf_token")
    assert (is_section if part else is_whole)(answer) and count(post) == (0, 0)


@pytest.mark.parametrize("probe", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "{{ 7*7 }}"])
def test_what_looks_like_a_program_is_only_words(web, cast, post, probe):
    wang = web.as_(cast.wang)
    wang.post(at(post), HELLO | {"body": probe})
    long = wang.post(at(post), HELLO | {"op_id": "hellohello02", "body": probe + "长" * 1000})
    asked = wang.get(at(post, f"/say?answers={Comment.get().id}"))
    for page in (wang.get(page_of(post)), web.guest().get(at(post), part=True), long, asked):
        assert "<script>alert" not in words(page) and "<img src=x" not in words(page) and ">49<" not in words(page)


def test_fields_nobody_offered_change_nothing(web, cast, post):
    more = {"author": cast.li.id, "state": "withdrawn", "post": "99", "id": "77", "created_at": "2020-01-01"}
    web.as_(cast.wang).post(at(post), HELLO | more)
    comment = Comment.get()
    assert (comment.author_id, comment.state, comment.post_id) == (cast.wang.id, "published", post.id) and comment.id != 77


# Answering


def test_an_answer_names_whom_it_answers(web, cast, now, post):
    first = say(cast.zhao, post, now, "谁家的猫？")
    wang = web.as_(cast.wang)
    form = wang.get(at(post, f"/say?answers={first.id}"))
    assert is_whole(form) and "回复 赵敏" in words(form) and "谁家的猫？" in words(form)
    assert typed(form, "answers") == str(first.id)
    piece = wang.get(at(post, f"/say?answers={first.id}"), part=True)
    assert is_section(piece) and typed(piece, "answers") == str(first.id) and "回复 赵敏" in words(piece)
    wang.post(at(post), HELLO | {"answers": first.id})
    assert Comment.select().where(Comment.answers == first).count() == 1
    assert "回复 赵敏：" in words(web.guest().get(page_of(post)))


def test_a_failed_answer_is_still_an_answer(web, cast, now, post):
    first = say(cast.zhao, post, now)
    for part in (False, True):
        answer = web.as_(cast.wang).post(at(post), {"op_id": "hellohello01", "body": "", "answers": first.id}, part=part)
        assert answer.status_code == 422 and typed(answer, "answers") == str(first.id)


@pytest.mark.parametrize("odd", ["x", "0", "-1", "²", "9" * 30, "1e309", "99999"])
def test_an_odd_answer_is_a_plain_comment(web, cast, post, odd):
    wang = web.as_(cast.wang)
    assert wang.client.get(at(post, "/say"), query_string={"answers": odd}).status_code == 200
    assert wang.post(at(post), HELLO | {"answers": odd}).status_code == 303 and Comment.get().answers_id is None


def test_a_comment_under_another_post_is_not_answered_here(web, cast, now, post):
    elsewhere = say(cast.zhao, make.post(cast.zhao, now), now, "别处")
    wang = web.as_(cast.wang)
    assert "别处" not in words(wang.get(at(post, f"/say?answers={elsewhere.id}")))
    wang.post(at(post), HELLO | {"answers": elsewhere.id})
    assert Comment.get(Comment.post == post).answers_id is None


# Reading


def test_many_comments_are_read_page_by_page(web, cast, now, post):
    for number in range(comments.PAGE + 3):
        say(cast.li, post, now, f"第{number:02}句")
    guest = web.guest()
    first = guest.get(at(post), part=True)
    last = Comment.get(Comment.body == f"第{comments.PAGE - 1}句").id
    assert is_section(first) and "第00句" in words(first) and f"第{comments.PAGE}句" not in words(first)
    assert f"comments?after={last}" in words(first)
    more = guest.get(at(post, f"?after={last}"), part=True)
    assert words(more).lstrip().startswith("<li") and f"第{comments.PAGE + 2}句" in words(more) and "看更多" not in words(more)
    assert led_to(guest.get(at(post, f"?after={last}")), f"{page_of(post)}?after={last}#comments")
    assert f"第{comments.PAGE + 2}句" in words(guest.get(f"{page_of(post)}?after={last}"))
    said = web.as_(cast.wang).post(at(post), HELLO, part=True)
    assert "真好看" in words(said) and f"第{comments.PAGE + 2}句" in words(said)


def test_opened_by_hand_the_comments_are_the_page_of_the_post(web, cast, post):
    assert led_to(web.guest().get(at(post)), page_of(post) + "#comments")


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "²"])
def test_an_odd_place_to_read_on_starts_anew(web, cast, now, post, after):
    say(cast.li, post, now, "第一句")
    answer = web.guest().client.get(at(post), query_string={"after": after}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "第一句" in words(answer)


def test_guests_are_asked_in_and_see_no_box(web, cast, post):
    page = words(web.guest().get(page_of(post)))
    assert "加入邻里，说一句" in page and '<form class="say"' not in page


# Taking back


def test_a_comment_taken_back_leaves_its_place_and_its_answers(web, cast, now, post):
    mine = say(cast.wang, post, now, "说错了")
    say(cast.li, post, now, "没关系", answers=mine)
    wang = web.as_(cast.wang)
    assert led_to(wang.post(at(post, f"/{mine.id}/delete")), page_of(post) + "#comments")
    page = words(web.guest().get(page_of(post)))
    assert "该评论已删除" in page and "没关系" in page and "说错了" not in page and count(post) == (1, 1)
    asked = words(wang.get(at(post, f"/say?answers={mine.id}")))
    assert "说错了" not in asked


def test_with_htmx_the_comments_come_back_without_it(web, cast, now, post):
    mine, wang = say(cast.wang, post, now, "说错了"), web.as_(cast.wang)
    answer = wang.post(at(post, f"/{mine.id}/delete"), part=True)
    assert is_section(answer) and toast(answer) == "已删除" and "说错了" not in words(answer)
    assert "已经删除了" in toast(wang.post(at(post, f"/{mine.id}/delete"), part=True))
    answer = wang.post(at(post, f"/{mine.id}/delete"))
    assert answer.status_code == 409 and is_whole(answer) and "已经删除了" in words(answer) and count(post) == (0, 0)


@pytest.mark.parametrize("who", ["zhao", "li"])
def test_only_who_said_it_takes_it_back(web, cast, now, post, who):
    mine = say(cast.wang, post, now)
    browser = web.as_(getattr(cast, who))
    assert browser.post(at(post, f"/{mine.id}/delete")).status_code == 403
    assert browser.post(at(post, f"/{mine.id}/delete"), part=True).status_code == 403
    assert "确定删除" not in words(browser.get(page_of(post))) and count(post) == (1, 1)


# Who may


def test_guests_are_shown_the_way_in_and_back(web, cast, now, post):
    mine = say(cast.wang, post, now)
    for what in ("", f"/{mine.id}/delete"):
        assert shown_the_door(web.guest().post(at(post, what), HELLO), "/n/cuihu/join", "/n/cuihu/")
        here = {"HX-Current-URL": "http://localhost" + page_of(post)}
        answer = web.guest().post(at(post, what), HELLO, part=True, **here)
        assert shown_the_door(answer, "/n/cuihu/join", page_of(post), part=True)
    assert shown_the_door(web.guest().get(at(post, "/say")), "/n/cuihu/join", at(post, "/say"))
    assert count(post) == (1, 1)


def test_another_place_does_not_exist(web, cast, now, post):
    mine, zhou = say(cast.wang, post, now), web.as_(cast.zhou)
    abroad = at(post).replace("cuihu", "yangguangli")
    for url in (at(post), at(post, f"/{mine.id}/delete"), abroad, f"{abroad}/{mine.id}/delete"):
        assert zhou.post(url, HELLO).status_code == zhou.post(url, HELLO, part=True).status_code == 404
    for url in (abroad, abroad + "/say"):
        assert zhou.get(url).status_code == 404
    other = make.post(cast.zhao, now)
    assert web.as_(cast.wang).post(at(other, f"/{mine.id}/delete")).status_code == 404
    assert web.as_(cast.wang).post(at(post, "/99999/delete")).status_code == 404 and count(post) == (1, 1)


def test_what_is_said_among_neighbours_is_not_read_outside(web, cast, now):
    inner = make.post(cast.zhao, now, visibility="neighborhood")
    say(cast.li, inner, now, "只有邻居听得到")
    for browser in (web.guest(), web.as_(cast.zhou)):
        answer = browser.get(at(inner), part=True)
        assert answer.status_code == 404 and not answer.data and browser.get(at(inner)).status_code == 404
    assert "只有邻居听得到" in words(web.as_(cast.wang).get(at(inner), part=True))


@pytest.mark.parametrize("closed", ["held", "withdrawn", "pending"])
def test_where_nobody_may_comment_the_words_are_not_lost(web, cast, now, post, closed):
    writer = cast.li
    if closed == "held":
        reviews.hold_comments(post, cast.li, now, comments_open=False)
    elif closed == "withdrawn":
        posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    else:
        post, writer = make.post(cast.wang, now), cast.wang
    browser = web.as_(writer)
    answer = browser.post(at(post), HELLO)
    assert (
        answer.status_code == 409 and is_whole(answer) and "不能评论了" in words(answer) and written(answer, "body") == "真好看"
    )
    assert "不能评论了" in toast(browser.post(at(post), HELLO, part=True)) and count(post) == (0, 0)


def test_comments_that_are_closed_are_still_read(web, cast, now, post):
    say(cast.wang, post, now, "关之前说的")
    reviews.hold_comments(post, cast.li, now, comments_open=False)
    page = words(web.as_(cast.wang).get(page_of(post)))
    assert "关之前说的" in page and "主理人关上了这里的评论" in page and '<form class="say"' not in page
