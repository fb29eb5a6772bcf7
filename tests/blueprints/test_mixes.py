"""推广占比 on the desk and in the composer, and 改分类."""

import pytest

from db.posts import Post
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, typed, words, written

DESK, POSTS = "/n/cuihu/desk/", "/n/cuihu/posts"
PROMO = {"op_id": "promopromopromo1", "kind": "promo", "title": "赣南的橙子", "body": "自己吃了三年", "visibility": "public"}
RIGHT = {"kind": "promo", "reason": "里面在卖东西"}


def page_of(post, slug="cuihu"):
    return f"/n/{slug}/desk/posts/{post.id}/kind"


def test_the_desk_shows_the_ratio_of_the_week(web, cast, now):
    li = web.as_(cast.li)
    assert "推广占比" not in words(li.get(DESK))
    for number in range(3):
        make.post(cast.li, now, kind="promo", title=f"橙子 {number}")
    for _ in range(5):
        make.post(cast.zhao, now)
    page = words(li.get(DESK))
    assert "近 7 天推广占比" in page and "38%" in page and "推广 3 ÷ 全部 8" in page and "chip gold" in page


@pytest.mark.parametrize("part", [False, True])
def test_one_more_promo_is_asked_about_once(web, cast, now, part):
    make.post(cast.li, now, kind="promo", title="橙子")
    li = web.as_(cast.li)
    answer = li.post(POSTS, PROMO, part=part)
    assert answer.status_code == 422 and "100%（1 ÷ 1）" in beside(answer, "promo_ok")
    assert typed(answer, "title") == PROMO["title"] and written(answer, "body") == PROMO["body"] and Post.select().count() == 1
    for _ in range(2):
        answer = li.post(POSTS, PROMO | {"promo_ok": "y"}, part=part)
        url = f"{POSTS}/{Post.select().order_by(Post.id.desc()).get().id}"
        assert told_to_load(answer, url) if part else led_to(answer, url)
    assert Post.select().count() == 2 and "promo_ok" not in words(li.get(POSTS + "/new?kind=promo"))


@pytest.mark.parametrize("part", [False, True])
def test_a_host_puts_a_post_where_it_belongs(web, cast, now, part):
    post, li = make.post(cast.zhao, now, "五斤装的橙子"), web.as_(cast.li)
    assert page_of(post) in words(li.get(f"{POSTS}/{post.id}")) and is_whole(li.get(page_of(post), part=part))
    answer = li.post(page_of(post), RIGHT, part=part)
    assert told_to_load(answer, f"{POSTS}/{post.id}") if part else led_to(answer, f"{POSTS}/{post.id}")
    assert "作者会收到消息" in flash_after(li, answer) and Post.get().is_promo
    assert li.post(page_of(post), RIGHT, part=part).status_code == 422  # it stands there already
    assert "里面在卖东西" in words(web.as_(cast.zhao).get("/inbox")) and "改分类" in words(li.get(DESK + "log"))


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "howto"),
        ("kind", "chat"),
        ("kind", "长" * 99),
        ("reason", ""),
        ("reason", "卖"),
        ("reason", "长" * 201),
    ],
)
def test_a_bad_form_is_given_back(web, cast, now, part, field, value):
    post = make.post(cast.zhao, now)
    answer = web.as_(cast.li).post(page_of(post), RIGHT | {field: value}, part=part)
    assert answer.status_code == 422 and f'id="{field}-error"' in words(answer) and Post.get().kind == "chat"
    assert typed(answer, "reason") == (value if field == "reason" else RIGHT["reason"])


def test_kinds_are_given_by_the_hosts_of_this_place_alone(web, cast, now):
    post = make.post(cast.zhao, now)
    qian = make.host(cast.yangguangli, "钱主理", now)
    for act in ("get", "post"):
        form = [RIGHT] if act == "post" else []
        assert getattr(web.as_(cast.zhao), act)(page_of(post), *form).status_code == 403
        for stranger in (cast.zhou, cast.lin, qian):
            assert getattr(web.as_(stranger), act)(page_of(post), *form).status_code == 404
        assert getattr(web.as_(qian), act)(page_of(post, "yangguangli"), *form).status_code == 404
        assert shown_the_door(
            getattr(web.guest(), act)(page_of(post), *form), "/signin", page_of(post) if act == "get" else "/n/cuihu/"
        )
    assert Post.get().kind == "chat"
