"""How fast one may go: whoever is too fast is told when to come again, and nothing that was typed is lost (S15)."""

import io
import secrets
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from db import comments
from db.comments import Comment
from db.posts import Post
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, toast, words, written

POSTS, PHOTOS = "/n/cuihu/posts", "/n/cuihu/photos"


@pytest.fixture
def noon(now, monkeypatch):
    """Limits count, and the clock stands until somebody moves it."""
    monkeypatch.setattr("db.limits.enabled", True)
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=False) as clock:
        yield clock


def form(body="樱花开了"):
    return {"kind": "chat", "body": body, "op_id": secrets.token_hex(8)}


def told_when(answer, at_most):
    """429, with the seconds to wait, rounded up."""
    return answer.status_code == 429 and 1 <= int(answer.headers["Retry-After"]) <= at_most + 1


def test_a_newcomer_writes_three_posts_a_day(web, cast, noon):
    wang = web.as_(cast.wang)
    first = form()
    answers = [wang.post(POSTS, form() if number else first) for number in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    answer = wang.post(POSTS, form("第四条写了很久"))
    assert told_when(answer, 8 * 3600) and is_whole(answer)
    assert written(answer, "body").strip() == "第四条写了很久" and "秒后再试" in beside(answer, "body")
    answer = wang.post(POSTS, form("第四条写了很久"), part=True)
    assert told_when(answer, 8 * 3600) and "秒后再试" in toast(answer)
    assert led_to(wang.post(POSTS, first), answers[0].headers["Location"])  # the same form again is no new post
    assert Post.select().count() == 3
    noon.shift(timedelta(hours=8))
    assert wang.post(POSTS, form("第四条写了很久")).status_code == 303
    assert web.as_(cast.chen).post(POSTS, form()).status_code == 303


def test_who_is_known_writes_ten_posts_an_hour(web, cast, noon):
    zhao = web.as_(cast.zhao)
    assert {zhao.post(POSTS, form()).status_code for _ in range(10)} == {303}
    answer = zhao.post(POSTS, form("第十一条") | {"visibility": "neighborhood"})
    assert told_when(answer, 360) and written(answer, "body").strip() == "第十一条"
    assert 'value="neighborhood" checked' in words(answer)
    noon.shift(timedelta(minutes=6))
    assert zhao.post(POSTS, form("第十一条")).status_code == 303


@pytest.mark.parametrize(("who", "many", "wait"), [("wang", 10, 8640), ("zhao", 60, 60)])
def test_comments_have_a_pace_and_words_are_kept(web, cast, now, noon, who, many, wait):
    member = getattr(cast, who)
    post = make.post(cast.li, now)
    url = f"{POSTS}/{post.id}/comments"
    for number in range(many):
        comments.say(member, post, now, body=f"第{number}句", op_id=secrets.token_hex(8))
    browser = web.as_(member)
    answer = browser.post(url, {"body": "还有一句"})
    assert told_when(answer, wait) and is_whole(answer)
    assert written(answer, "body").strip() == "还有一句" and "秒后再试" in beside(answer, "body")
    answer = browser.post(url, {"body": "还有一句"}, part=True)
    assert told_when(answer, wait) and "秒后再试" in toast(answer)
    assert Comment.select().count() == many


def test_sixty_photos_a_day(web, cast, now, noon):
    for _ in range(60):
        make.photo(cast.zhao, now)
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "pink").save(drawn, "PNG")
    drawn.seek(0)
    answer = web.as_(cast.zhao).post(PHOTOS, {"file": (drawn, "a.png")}, part=True)
    assert told_when(answer, 1440) and "秒后再试" in toast(answer)
