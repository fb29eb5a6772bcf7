"""积分 over HTTP: one's own page, the host's hand, and how generous she is."""

from datetime import timedelta

import pytest

from db import point_entries, point_rules, points
from db.members import Membership
from db.point_entries import PointEntry
from db.point_rules import PointScale
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

MINE, RULES = "/n/cuihu/points", "/n/cuihu/desk/points"
BY_HAND = {"points": "20", "reason": "布置了一下午会场", "op_id": "jifenjifen01"}
SCALE = {"action": "comment", "percent": "200", "reason": "春天多聊聊天"}


def of(member):
    return f"/n/cuihu/desk/members/{member.id}/points"


def has(member):
    assert point_entries.differences() == []
    return Membership.get_by_id(member.id).points


def test_an_empty_page_invites_and_says_how(web, cast):
    page = web.as_(cast.wang).get(MINE)
    said = words(page)
    assert is_whole(page) and "0 积分" in said and "还没有积分" in said and "今天还能得 20 分" in said
    off = [rule.called for rule in point_rules.RULES.values() if not rule.live]
    assert "参加比赛" in said and not any(called in said for called in off)  # nothing pays those yet (G16)
    assert "自己发的不给自己算分" not in said and "发帖子" not in words(web.as_(cast.li).get(MINE))


def test_every_way_leads_there(web, cast, now):
    wang, li = web.as_(cast.wang), web.as_(cast.li)
    points.earn(cast.wang, "post", "Post", 1, now)
    for page in ("/n/cuihu/", "/n/cuihu/me/", "/n/cuihu/topics/"):
        assert f'href="{MINE}">积分 5</a>' in words(wang.get(page))
    assert f'href="{RULES}"' in words(li.get("/n/cuihu/desk/"))
    assert f'href="{of(cast.wang)}"' in words(li.get(f"/n/cuihu/desk/members/{cast.wang.id}"))
    assert MINE not in words(web.guest().get("/n/cuihu/"))


def test_the_chip_is_each_ones_own_and_fresh(web, cast, now):
    wang, zhao = web.as_(cast.wang), web.as_(cast.zhao)
    for amount in (10, 25):
        points.adjust(cast.wang, amount, cast.li, now, "谢谢您帮忙", op_id=f"chip{amount}")
        for _ in range(2):  # the second one comes from the door, where nobody is woken
            assert f"积分 {has(cast.wang)}</a>" in words(wang.get("/n/cuihu/"))
            assert "积分 0</a>" in words(zhao.get("/n/cuihu/"))


def test_each_line_has_its_reason_and_what_it_is_about(web, cast, now):
    post = make.post(cast.zhao, now, "<b>樱花</b>开了")
    zhao = web.as_(cast.zhao)
    said = words(zhao.get(MINE))
    assert "帖子发布了" in said and "&lt;b&gt;樱花" in said and f'href="/n/cuihu/posts/{post.id}"' in said and "+5" in said
    zhao.post(f"/n/cuihu/posts/{post.id}/delete")
    said = words(zhao.get(MINE))
    assert "樱花" not in said and "帖子删除了，积分收回" in said and "-5" in said


def test_older_lines_are_a_part_and_a_page_without_htmx(web, cast, now):
    for number in range(point_entries.PAGE + 1):
        points.adjust(cast.wang, number + 1, cast.li, now, f"第 {number} 次帮忙", op_id=f"more{number}")
    wang = web.as_(cast.wang)
    first = words(wang.get(MINE))
    more = first.split('hx-get="')[1].split('"')[0]
    assert "第 0 次" not in first and "第 30 次" in first
    assert "第 0 次" in words(wang.get(more, part=True)) and not is_whole(wang.get(more, part=True))
    assert is_whole(wang.get(more)) and "第 0 次" in words(wang.get(more))
    for odd in ("x", "-1", "9" * 30):
        assert wang.get(f"{MINE}?before={odd}").status_code == 200


def test_who_was_paid_hears_of_it_at_once(web, cast, now):
    post = {"op_id": "jifenjifen02", "kind": "chat", "body": "窗外的樱花开了", "visibility": "public"}
    zhao = web.as_(cast.zhao)
    assert flash_after(zhao, zhao.post("/n/cuihu/posts", post)) == "发布了，邻居们都能看到 · 积分 +5"
    li = web.as_(cast.li)
    assert flash_after(li, li.post("/n/cuihu/posts", post)) == "发布了，邻居们都能看到"
    comment = {"op_id": "jifenjifen03", "body": "真好看"}
    wang = web.as_(cast.wang)
    answer = wang.post("/n/cuihu/posts/1/comments", comment, part=True)
    assert toast(answer) == "说好了 · 积分 +1"


@pytest.mark.parametrize("part", [False, True])
def test_a_host_gives_by_hand_once(web, cast, part):
    li = web.as_(cast.li)
    for _ in range(2):
        answer = li.post(of(cast.wang), BY_HAND, part=part)
        assert (told_to_load if part else led_to)(answer, of(cast.wang))
    assert has(cast.wang) == 20 and PointEntry.select().count() == 1
    assert "布置了一下午会场" in words(li.get(of(cast.wang))) and "布置了一下午会场" in words(web.as_(cast.wang).get("/inbox"))


@pytest.mark.parametrize(
    ("field", "odd"),
    [("points", odd) for odd in ("", "0", "501", "-1", "1e3", "１２", "NaN", "2147483648", "两百")] + [("reason", "好")],
)
def test_what_makes_no_sense_comes_back_with_the_words_kept(web, cast, field, odd):
    answer = web.as_(cast.li).post(of(cast.wang), BY_HAND | {field: odd})
    assert answer.status_code == 422 and beside(answer, field) and typed(answer, field) == odd
    assert typed(answer, "reason" if field == "points" else "points") == BY_HAND["reason" if field == "points" else "points"]
    assert has(cast.wang) == 0


def test_a_host_is_more_generous_from_now_on(web, cast, now):
    li = web.as_(cast.li)
    assert led_to(li.post(RULES, SCALE), RULES)
    assert "×2" in words(li.get(RULES)) and points.earn(cast.wang, "comment", "Comment", 1, now + timedelta(days=999)).delta == 2
    for odd in ({"percent": "201"}, {"percent": "x"}, {"action": "nothing"}, {"reason": "好"}):
        answer = li.post(RULES, SCALE | odd)
        assert answer.status_code == 422 and 'role="alert"' in words(answer), odd
    assert PointScale.select().count() == 1


@pytest.mark.parametrize("part", [False, True])
def test_who_may_not_is_kept_out(web, cast, part):
    wang, zhou, guest = web.as_(cast.wang), web.as_(cast.zhou), web.guest()
    for path, form in ((of(cast.zhao), BY_HAND), (RULES, SCALE)):
        assert wang.get(path, part=part).status_code == wang.post(path, form, part=part).status_code == 403
        assert zhou.post(path, form, part=part).status_code == 404
        assert shown_the_door(guest.get(path, part=part), "/signin", path if not part else "/n/cuihu/", part=part)
    assert shown_the_door(guest.get(MINE, part=part), "/n/cuihu/join", MINE if not part else "/n/cuihu/", part=part)
    assert web.as_(cast.li).get(of(cast.zhou)).status_code == 404  # lives elsewhere
    assert has(cast.zhao) == 0


def test_a_host_gives_herself_nothing(web, cast, now):
    li = web.as_(cast.li)
    assert "加减积分" not in words(li.get(of(cast.li)))
    assert li.post(of(cast.li), BY_HAND).status_code == 403 and has(cast.li) == 0


def test_a_form_that_was_used_is_not_used_again_for_something_else(web, cast):
    browser, path = web.as_(cast.li), of(cast.wang)
    assert led_to(browser.post(path, BY_HAND), path)
    had = Membership.get_by_id(cast.wang.id).points
    answer = browser.post(path, BY_HAND | {"points": "30"})
    assert answer.status_code == 409 and "这张表已经用过了" in words(answer)
    assert Membership.get_by_id(cast.wang.id).points == had
