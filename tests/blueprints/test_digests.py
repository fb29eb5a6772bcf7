"""小报 as a page: for whom it was written, and for nobody else."""

from datetime import timedelta

import pytest

from db import digests, likes, notices, posts
from tests import make
from tests.blueprints.answers import is_whole, led_to, words

PAGE = "/inbox/digest/2026-03-20"


@pytest.fixture
def written(cast, now):
    post = make.post(cast.zhao, now, "包了一锅<荠菜>馄饨", visibility="neighborhood")
    likes.set_like(cast.wang, post, True, now)
    make.post(cast.zhao, now, "谁家有梯子", kind="help")
    make.topic(cast.li, now)
    notices.tell([cast.wang.user], "talk", "有人找您", "/about", now)
    digests.write_due(now + timedelta(hours=7))
    return post


def test_a_digest_shows_the_day_and_leads_everywhere(web, cast, written):
    wang = web.as_(cast.wang)
    page = words(wang.get(PAGE))
    assert is_whole(wang.get(PAGE)) and "3月20日的小报" in page and "包了一锅&lt;荠菜&gt;馄饨" in page and "1 个赞" in page
    assert f"/n/cuihu/posts/{written.id}" in page and "还没有人回答" in page and "晒出你家的拿手菜" in page
    assert "评论和回复" in page and 'href="/inbox"' in page and 'href="/inbox/settings"' in page


def test_its_line_in_the_inbox_leads_to_it(web, cast, written):
    wang = web.as_(cast.wang)
    line = notices.Notice.get((notices.Notice.user == cast.wang.user_id) & (notices.Notice.kind == "digest"))
    assert "今天的小报来了" in words(wang.get("/inbox"))
    assert led_to(wang.post(f"/inbox/{line.id}"), PAGE) and PAGE in words(wang.get("/inbox/settings"))


def test_nobody_elses_and_no_other_day(web, cast, written):
    for person in (cast.zhou, cast.lin):
        answer = web.as_(person).get(PAGE)
        assert answer.status_code == 404 and "馄饨" not in words(answer)
    for day in ("2026-03-19", "2026-3-20", "9999999999", "..........", "二〇二六年三月二十"):
        assert web.as_(cast.wang).get(f"/inbox/digest/{day}").status_code == 404


def test_when_all_is_gone_there_is_still_a_page(web, cast, now, written):
    for post in posts.Post.select():
        posts.withdraw(posts.find(cast.cuihu, post.id), make.again(cast.zhao), now)
    digests.Digest.update(content=f'{{"posts": [{written.id}], "topics": []}}').execute()
    notices.read_all(cast.wang.user, now + timedelta(days=1))
    page = words(web.as_(cast.wang).get(PAGE))
    assert "都收起来了" in page and "馄饨" not in page
