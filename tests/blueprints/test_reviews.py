"""The host's desk over HTTP: what waits, and what a host may do with a post."""

from datetime import timedelta

import pytest
import time_machine

from db import comments, posts, reviews, revisions
from db.audit import AuditLog
from db.posts import Post, PostRevision
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

DESK = "/n/cuihu/desk/"
REASON = "请不要写门牌号和电话"
ACTS = ("approve", "return", "pin", "unpin", "feature", "comments")


def act(post, what):
    return f"{DESK}post/{post.id}/{what}"


def page_of(post):
    return f"/n/cuihu/posts/{post.id}"


def again(post):
    return Post.get_by_id(post.id)


def logged(action):
    return AuditLog.select().where(AuditLog.action == action).count()


def edited(cast, now, body="后来的"):
    """A newcomer's change that waits, and its post."""
    post = make.post(cast.wang, now, "原来的")
    reviews.approve(post, cast.li, now)
    revisions.edit(posts.find(cast.cuihu, post.id), cast.wang, now, body=body)
    return post, PostRevision.get(PostRevision.post == post.id)


def decide(edit, how):
    return f"{DESK}edits/{edit.id}/{how}"


# The desk


def test_what_waits_stands_on_the_desk_the_longest_waiting_first(web, cast, now):
    make.post(cast.wang, now, "先来的"), make.post(cast.chen, now, "后来的"), make.post(cast.zhao, now, "不用等的")
    edited(cast, now, "改过的")
    page = web.as_(cast.li).get(DESK)
    assert is_whole(page) and 'id="left">3<' in words(page) and "不用等的" not in words(page) and "改过的" in words(page)
    assert words(page).index("先来的") < words(page).index("后来的")
    assert "3 条等您看" in words(web.as_(cast.li).get("/n/cuihu/"))


def test_an_empty_desk_offers_tea(web, cast):
    assert "都看完了，喝口茶吧" in words(web.as_(cast.li).get(DESK))


def test_what_looks_like_a_program_is_only_words(web, cast, now):
    probe = "<script>alert(1)</script>"
    make.post(cast.wang, now, probe), edited(cast, now, probe)
    li = web.as_(cast.li)
    li.post(act(make.post(cast.chen, now), "return"), {"own_reason": probe})
    answer = li.post(act(make.post(cast.chen, now), "return"), {"own_reason": probe * 20})
    for page in (li.get(DESK), li.get(DESK + "log"), answer, web.as_(cast.chen).get("/n/cuihu/me/")):
        assert "<script>alert" not in words(page)


# Letting in


def test_an_approved_post_is_seen_by_all(web, cast, now):
    post, li = make.post(cast.wang, now, "第一条"), web.as_(cast.li)
    answer = li.post(act(post, "approve"))
    assert led_to(answer, DESK) and flash_after(li, answer) == "通过了，邻居们看得到了"
    assert "第一条" in words(web.guest().get("/n/cuihu/")) and logged("approve") == 1


def test_with_htmx_the_card_says_done_and_the_count_goes_down(web, cast, now):
    post = make.post(cast.wang, now)
    make.post(cast.chen, now)
    answer = web.as_(cast.li).post(act(post, "approve"), part=True)
    assert "处理好了" in words(answer) and 'hx-swap-oob="true">1<' in words(answer) and not is_whole(answer)
    assert toast(answer) == "通过了，邻居们看得到了"


@pytest.mark.parametrize("what", ["approve", "return"])
def test_deciding_twice_is_told_in_words(web, cast, now, what):
    post, li = make.post(cast.wang, now), web.as_(cast.li)
    li.post(act(post, "approve"))
    answer = li.post(act(post, what), {"reason": REASON})
    assert answer.status_code == 409 and is_whole(answer) and "刚刚变了" in words(answer)
    answer = li.post(act(post, what), {"reason": REASON}, part=True)
    assert answer.status_code == 409 and "刚刚变了" in toast(answer) and answer.headers["HX-Reswap"] == "none"
    assert again(post).state == "published" and (logged("approve"), logged("return")) == (1, 0)


@pytest.mark.parametrize("part", [False, True])
def test_a_post_given_back_carries_the_reason_to_its_author(web, cast, now, part):
    post = make.post(cast.wang, now)
    form = {"reason": REASON, "own_reason": "302室请去掉"}
    answer = web.as_(cast.li).post(act(post, "return"), form, part=part)
    assert answer.status_code == 200 if part else led_to(answer, DESK)
    assert "302室请去掉" in words(web.as_(cast.wang).get(page_of(post))) and again(post).return_reason == "302室请去掉"
    assert "302室请去掉" in words(web.as_(cast.li).get(DESK + "log"))
    assert web.as_(cast.zhao).get(page_of(post)).status_code == 404


def test_mended_it_is_back_on_the_desk(web, cast, now):
    post, li = make.post(cast.wang, now), web.as_(cast.li)
    li.post(act(post, "return"), {"reason": REASON})
    assert "都看完了" in words(li.get(DESK))
    web.as_(cast.wang).post(page_of(post) + "/edit", {"body": "改好的"})
    assert "改好的" in words(li.get(DESK))
    assert li.post(act(post, "approve")).status_code == 303 and again(post).state == "published"


@pytest.mark.parametrize("what", ["return", "pin"])
@pytest.mark.parametrize("reason", ["", "   ", "不好", "长" * 201, "a\x1bbcd"])
def test_without_a_good_reason_nothing_happens_and_she_is_asked_again(web, cast, now, what, reason):
    post = make.post(cast.wang if what == "return" else cast.zhao, now)
    before, li = again(post), web.as_(cast.li)
    answer = li.post(act(post, what), {"reason": reason})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, "reason")
    assert typed(answer, "reason") == reason.strip() or typed(answer, "reason") == reason
    assert f'action="{act(post, what)}"' in words(answer)
    answer = li.post(act(post, what), {"reason": reason}, part=True)
    assert answer.status_code == 422 and toast(answer) and answer.headers["HX-Reswap"] == "none"
    assert (again(post).state, again(post).pinned_until) == (before.state, before.pinned_until)


# Waiting changes


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("how", "stands"), [("approve", "后来的"), ("drop", "原来的")])
def test_a_waiting_change_is_taken_or_left(web, cast, now, part, how, stands):
    post, edit = edited(cast, now)
    li = web.as_(cast.li)
    answer = li.post(decide(edit, how), part=part)
    assert (answer.status_code == 200 and toast(answer)) if part else led_to(answer, DESK)
    assert again(post).body == stands and stands in words(web.guest().get(page_of(post)))
    assert li.post(decide(edit, how)).status_code == 409 and li.post(decide(edit, how), part=True).status_code == 409
    assert again(post).body == stands


def test_there_is_no_third_way(web, cast, now):
    _, edit = edited(cast, now)
    assert web.as_(cast.li).post(decide(edit, "burn")).status_code == 404
    assert web.as_(cast.li).post(f"{DESK}edits/99999/approve").status_code == 404


# On top


def test_one_post_is_pinned_for_three_days_and_comes_down(web, cast, now):
    first, second, li = make.post(cast.zhao, now, "第一"), make.post(cast.zhao, now, "第二"), web.as_(cast.li)
    answer = li.post(act(first, "pin"), {"reason": "停水通知请看"})
    assert led_to(answer, "/n/cuihu/") and flash_after(li, answer) == "置顶了，最多 72 小时"
    assert told_to_load(li.post(act(second, "pin"), {"reason": "换成这一条"}, part=True), "/n/cuihu/")
    assert again(first).pinned_until is None and "停水通知请看" in words(li.get(DESK + "log"))
    page = words(web.guest().get("/n/cuihu/"))
    assert "主理人置顶" in page and page.index("第二") < page.index("第一")
    with time_machine.travel((now + timedelta(hours=73)).strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        assert "主理人置顶" not in words(web.guest().get("/n/cuihu/"))


def test_unpinning_twice_is_one_line_in_the_log(web, cast, now):
    post, li = make.post(cast.zhao, now), web.as_(cast.li)
    li.post(act(post, "pin"), {"reason": "停水通知请看"})
    for _ in range(2):
        assert led_to(li.post(act(post, "unpin")), page_of(post))
    assert logged("unpin") == 1 and again(post).pinned_until is None and "主理人置顶" not in words(li.get("/n/cuihu/"))
    assert told_to_load(li.post(act(post, "unpin"), part=True), page_of(post))


@pytest.mark.parametrize("what", ["pin", "feature"])
def test_what_nobody_sees_is_not_shown_off(web, cast, now, what):
    post, li = make.post(cast.wang, now), web.as_(cast.li)
    answer = li.post(act(post, what), {"reason": "停水通知请看"})
    assert answer.status_code == 409 and is_whole(answer) and "大家看得到的帖子" in words(answer)
    assert "大家看得到的帖子" in toast(li.post(act(post, what), {"reason": "停水通知请看"}, part=True))


# Picks and comments


def test_a_pick_is_on_and_off_and_asked_twice_it_is_once(web, cast, now):
    post, li = make.post(cast.zhao, now, topic=make.topic(cast.li, now)), web.as_(cast.li)
    for state, action in (("on", "feature"), ("off", "unfeature")):
        for _ in range(2):
            assert led_to(li.post(act(post, "feature"), {"state": state, "reason": "拍得真好看"}), page_of(post))
        assert logged(action) == 1 and ("话题佳作</span>" in words(web.guest().get(page_of(post)))) is (state == "on")


def test_comments_are_closed_and_opened_and_those_there_stay(web, cast, now):
    post, li = make.post(cast.zhao, now), web.as_(cast.li)
    comments.say(cast.wang, post, now, body="说过的话", op_id="wangwang0001")
    for state, action, offered in (("off", "close comments", "打开评论"), ("on", "open comments", "关上评论")):
        for _ in range(2):
            assert led_to(li.post(act(post, "comments"), {"state": state}), page_of(post))
        page = words(li.get(page_of(post)))
        assert logged(action) == 1 and offered in page and "说过的话" in page
        assert ('<form class="say"' in words(web.as_(cast.wang).get(page_of(post)))) is (state == "on")
    assert told_to_load(li.post(act(post, "comments"), {"state": "off"}, part=True), page_of(post))


# Whose desk it is


@pytest.mark.parametrize("what", ["", "log"])
def test_the_desk_is_read_by_the_hosts_of_this_place_alone(web, cast, now, what):
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    make.post(cast.wang, now, "等着的")
    for who in (cast.wang, cast.zhao):
        assert web.as_(who).get(DESK + what).status_code == 403
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin), web.as_(cast.sun)):
        assert stranger.get(DESK + what).status_code == 404
    assert "等着的" not in words(qian.get(f"/n/yangguangli/desk/{what}"))
    assert shown_the_door(web.guest().get(DESK + what), "/signin", DESK + what)
    assert shown_the_door(web.guest().get(DESK + what, part=True), "/signin", "/n/cuihu/", part=True)


@pytest.mark.parametrize("what", [*ACTS, "approve edit", "drop edit"])
def test_nobody_else_has_the_hosts_hand(web, cast, now, what):
    post, edit = edited(cast, now)
    if what in {"approve", "return"}:
        post = make.post(cast.wang, now)
    url = decide(edit, what.split()[0]) if " " in what else act(post, what)
    before = again(post)
    form = {"reason": "停水通知请看", "state": "off" if what == "comments" else "on"}
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    for who in (cast.wang, cast.zhao):
        answer = web.as_(who).post(url, form)
        assert answer.status_code == 403 and is_whole(answer)
        assert "这个操作需要别的身份" in toast(web.as_(who).post(url, form, part=True))
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin)):
        assert stranger.post(url, form).status_code == stranger.post(url, form, part=True).status_code == 404
    assert qian.post(url.replace("cuihu", "yangguangli"), form).status_code == 404
    assert shown_the_door(web.guest().post(url, form), "/signin", "/n/cuihu/")
    assert shown_the_door(web.guest().post(url, form, part=True), "/signin", "/n/cuihu/", part=True)
    assert again(post) == before and again(post).version == before.version and again(post).state == before.state
    assert PostRevision.get_by_id(edit.id).state == "pending"


def test_the_hosts_tools_are_on_no_neighbours_page(web, cast, now):
    post = make.post(cast.zhao, now)
    assert "主理人操作" in words(web.as_(cast.li).get(page_of(post)))
    for browser in (web.as_(cast.zhao), web.guest(), web.as_(make.host(cast.yangguangli, "钱主理", now))):
        assert "主理人操作" not in words(browser.get(page_of(post))) and "/desk/" not in words(browser.get(page_of(post)))


@pytest.mark.parametrize("what", ACTS)
def test_a_post_that_is_not_there_is_told(web, cast, what):
    for number in ("99999", "0", "9" * 16, "x"):
        assert web.as_(cast.li).post(f"{DESK}post/{number}/{what}", {"reason": "停水通知请看"}).status_code == 404


# Several, mended, turned down, undone


def test_what_is_ticked_goes_out_together(web, cast, now):
    waiting = [make.post(cast.wang, now, f"第 {number} 条") for number in range(3)]
    li = web.as_(cast.li)
    ticked = {"thing": [f"post-{waiting[0].id}", f"post-{waiting[2].id}", "post-99999", "x-1", "post-²", ""]}
    answer = li.client.post(f"{DESK}approve", data=ticked | {"csrf_token": _token(li)})
    assert led_to(answer, DESK) and flash_after(li, answer) == "2 条通过了"
    assert [again(post).state for post in waiting] == ["published", "pending", "published"]
    assert "没有勾选" in flash_after(li, li.post(f"{DESK}approve"))


def _token(browser):
    browser.get("/look")
    return browser.token


def test_the_host_mends_a_word_and_the_author_sees_which(web, cast, now):
    post, li = make.post(cast.wang, now, "我家在3栋502，来玩"), web.as_(cast.li)
    assert "我家在3栋502" in words(li.get(act(post, "mend")))
    assert li.post(act(post, "mend"), {"body": ""}).status_code == 422
    assert led_to(li.post(act(post, "mend"), {"body": "我家在3栋，来玩"}), DESK)
    assert again(post).body == "我家在3栋，来玩" and again(post).state == "published"
    wang = web.as_(cast.wang)
    assert "改了几个字" in words(wang.get("/inbox")) and "我家在3栋502" in words(wang.get(page_of(post) + "/history"))
    assert li.get(act(post, "mend")).status_code == li.post(act(post, "mend"), {"body": "又改"}).status_code == 409


def test_what_is_turned_down_says_why_and_where_to_go(web, cast, now):
    post = make.post(cast.wang, now, "便宜卖")
    assert led_to(web.as_(cast.li).post(act(post, "reject"), {"reason": REASON}), DESK)
    page = words(web.as_(cast.wang).get(page_of(post)))
    assert "没有通过" in page and REASON in page and "片区运营官" in page
    assert web.as_(cast.zhao).get(page_of(post)).status_code == 404


def test_ten_seconds_to_undo_with_and_without_htmx(web, cast, now):
    li, wang = web.as_(cast.li), web.as_(cast.wang)
    for what, part in (("approve", True), ("return", False), ("reject", False)):
        post = make.post(cast.wang, now, f"等着{what}")
        answer = li.post(act(post, what), {"reason": REASON}, part=part)
        undo = AuditLog.select().where(AuditLog.action == what).get()
        assert f"{DESK}undo/{undo.id}" in words(answer if part else li.get(DESK))
        assert led_to(li.post(f"{DESK}undo/{undo.id}"), DESK) and again(post).state == "pending"
        assert li.post(f"{DESK}undo/{undo.id}").status_code == 409
    assert make.again(cast.wang).approved_posts == 0 and "没有新消息" in words(wang.get("/inbox"))


def test_after_ten_seconds_or_by_another_hand_it_stays(web, cast, now):
    post, li = make.post(cast.wang, now), web.as_(cast.li)
    line = reviews.approve(post, cast.li, now - timedelta(seconds=20))
    other = web.as_(make.host(cast.cuihu, "第二位主理", now))
    assert li.post(f"{DESK}undo/{line.id}").status_code == other.post(f"{DESK}undo/{line.id}").status_code == 409
    assert again(post).state == "published" and f"undo/{line.id}" not in words(li.get(DESK))
    assert li.post(f"{DESK}undo/99999").status_code == 404


def test_hidden_with_a_reason_and_shown_again(web, cast, now):
    post, li = make.post(cast.zhao, now, "难听的话"), web.as_(cast.li)
    assert is_whole(li.get(act(post, "hide"))) and li.post(act(post, "hide"), {"reason": "不"}).status_code == 422
    assert led_to(li.post(act(post, "hide"), {"reason": "请好好说话"}), page_of(post))
    assert "难听的话" not in words(web.guest().get("/n/cuihu/")) and "请好好说话" in words(web.as_(cast.zhao).get(page_of(post)))
    assert li.post(act(post, "hide"), {"reason": "请好好说话"}).status_code == 409 == li.get(act(post, "hide")).status_code
    assert led_to(li.post(act(post, "restore")), page_of(post)) and "难听的话" in words(web.guest().get("/n/cuihu/"))


def test_a_waiting_comment_stands_on_the_desk_and_is_let_in(web, cast, now):
    post = make.post(cast.zhao, now)
    comment = comments.say(cast.wang, post, now, body="看 https://a.example", op_id="c1")
    li = web.as_(cast.li)
    assert "新邻居发的链接" in words(li.get(DESK)) and 'id="left">1<' in words(li.get(DESK))
    assert "待审核" in words(web.as_(cast.wang).get(page_of(post))) and "a.example" not in words(
        web.as_(cast.chen).get(page_of(post))
    )
    assert led_to(li.post(f"{DESK}comment/{comment.id}/approve"), DESK) and again(post).comments == 1
    assert "a.example" in words(web.as_(cast.chen).get(page_of(post)))
