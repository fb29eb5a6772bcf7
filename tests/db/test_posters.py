"""What leaves the living room for a group: short, public, and pressing nobody."""

import pytest

from db import posters, posts
from tests import make
from tests.make import refused

LINK = "https://linli.example/n/cuihu/posts/12"


def of(cast, post):
    return posters.announcement(posts.find(cast.cuihu, post.id), cast.cuihu, LINK)


def test_title_first_lines_author_and_the_way_in(cast, now):
    post = make.post(cast.zhao, now, "周六早上八点，东门集合。\n\n走到湖边。", kind="meetup", title="周六环湖走一走")
    assert of(cast, post) == (
        f"【翠湖花园 · 邻里客厅】\n周六环湖走一走\n周六早上八点，东门集合。\n走到湖边。\n—— 赵敏\n来客厅看看：{LINK}"
    )


@pytest.mark.parametrize("body", ["长" * 5000, "一句话。" * 900, "a" * 5000, "🌸" * 500])
def test_at_most_300_characters_with_the_link_whole(cast, now, body):
    text = of(cast, make.post(cast.zhao, now, body, kind="howto", title="题" * 60))
    assert len(text) <= 300 and text.endswith(LINK) and "……" in text


def test_nobody_is_pressed(cast, now):
    text = of(cast, make.post(cast.zhao, now, "楼下的橙子，手慢无！最后3小时，仅剩5箱"))
    assert not posts.PRESSURE.search(text) and "楼下的橙子" in text


def test_only_what_everybody_may_read_goes_out(cast, now):
    for post in (make.post(cast.zhao, now, visibility="neighborhood"), make.post(cast.wang, now)):
        with refused("not-public"):
            of(cast, post)
