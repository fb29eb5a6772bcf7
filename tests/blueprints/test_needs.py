"""需求墙 over HTTP: everybody reads, neighbours say and support, the host answers; an anonymous one is nobody's."""

import pytest

from db import needs
from db.audit import AuditLog
from db.needs import Need, set_support
from db.notices import Notice
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

WALL, DESK = "/n/cuihu/needs/", "/n/cuihu/desk/needs/"
SAID = {"op_id": "xuyaoxuyao01", "category": "kids", "body": "孩子放学后没人接，有没有邻居顺路"}
ANSWER = {"note": "名录里有三家，都上门", "link": "/n/cuihu/services/"}
REASON = "请写得具体一点"
ACTS = ("approve", "return", "answer", "reopen", "hide", "restore")


def page_of(need):
    return f"{WALL}{need.id}"


def act(need, what):
    return f"{DESK}{need.id}/{what}"


def again(need):
    return needs.find(need.neighborhood, need.id)


# Reading


def test_the_wall_is_read_by_everybody(web, cast, now):
    need, waiting = make.need(cast.zhao, now, "<script>alert(1)</script>"), make.need(cast.wang, now)
    page = web.guest().get(WALL)
    assert is_whole(page) and "赵敏" in words(page) and waiting.body not in words(page) and "<script>alert" not in words(page)
    assert f"join?intent=need:{need.id}" in words(page)
    for path in (WALL + "?category=health", WALL + "?state=answered"):
        assert "赵敏" not in words(web.guest().get(path))
    assert "赵敏" in words(web.guest().get(page_of(need))) and web.guest().get(page_of(waiting)).status_code == 404
    for odd in ("?state=pending", "?category=x"):
        assert web.guest().get(WALL + odd).status_code == 404


def test_an_empty_wall_invites_and_every_way_leads_there(web, cast):
    assert "还没有人说" in words(web.guest().get(WALL))
    wang = web.as_(cast.wang)
    assert f'href="{WALL}"' in words(wang.get("/n/cuihu/me/")) and f'href="{WALL}new"' in words(wang.get(WALL))  # the sheet
    assert f'href="{WALL}"' in words(wang.get("/n/cuihu/")) and f'href="{DESK}"' in words(web.as_(cast.li).get("/n/cuihu/desk/"))


def test_more_is_a_part_and_the_whole_page_without_htmx(web, cast, now):
    for number in range(needs.PAGE + 1):
        make.need(cast.zhao, now, f"第{number:02}件愁人的事", alike_ok=True)
    guest = web.guest()
    first = words(guest.get(WALL))
    more = first.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")
    assert "第00件" not in first and "第00件" in words(guest.get(more, part=True)) and is_whole(guest.get(more))


# Saying


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("who", "state", "said"),
    [("zhao", "open", "上墙了，看看还有谁也需要"), ("wang", "pending", "谢谢您说出来，主理人看过就上墙")],
)
def test_a_need_is_said_once(web, cast, part, who, state, said):
    browser = web.as_(getattr(cast, who))
    for _ in range(2):
        answer = browser.post(WALL + "new", SAID, part=part)
        need = Need.get()
        assert told_to_load(answer, page_of(need)) if part else led_to(answer, page_of(need))
    assert flash_after(browser, answer) == said and (Need.select().count(), need.state, need.supports) == (1, state, 1)
    assert SAID["body"] in words(browser.get("/n/cuihu/me/"))


@pytest.mark.parametrize(("field", "odd"), [("body", ""), ("body", "短"), ("body", "长" * 201), ("category", "")])
def test_bad_input_comes_back_with_the_words_kept(web, cast, field, odd):
    answer = web.as_(cast.zhao).post(WALL + "new", SAID | {field: odd, "anonymous": "y"})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, field) and not Need.select().count()
    assert written(answer, "body") == (odd if field == "body" else SAID["body"]) and 'value="y" checked' in words(answer)


def test_of_nearly_the_same_one_is_shown_it_and_may_go_on(web, cast, now):
    first, wang = make.need(cast.zhao, now, SAID["body"]), web.as_(cast.wang)
    answer = wang.post(WALL + "new", SAID)
    assert answer.status_code == 422 and beside(answer, "body") and f"{page_of(first)}/support" in words(answer)
    assert wang.post(WALL + "new", SAID | {"alike_ok": typed(answer, "alike_ok")}).status_code == 303
    assert Need.select().count() == 2


def test_given_back_it_is_mended_by_its_author(web, cast, now):
    need, wang = make.need(cast.wang, now), web.as_(cast.wang)
    web.as_(cast.li).post(act(need, "return"), {"reason": REASON})
    assert REASON in words(wang.get(page_of(need))) and written(wang.get(page_of(need) + "/edit"), "body") == need.body
    assert wang.post(page_of(need) + "/edit", SAID | {"body": ""}).status_code == 422
    assert led_to(wang.post(page_of(need) + "/edit", SAID), page_of(need)) and again(need).state == "pending"
    assert web.as_(cast.li).post(page_of(need) + "/edit", SAID).status_code == 403  # nobody speaks for her
    assert web.as_(cast.zhao).post(page_of(need) + "/edit", SAID).status_code == 404


@pytest.mark.parametrize("part", [False, True])
def test_the_author_closes_it(web, cast, now, part):
    need = make.need(cast.zhao, now)
    assert web.as_(cast.wang).post(page_of(need) + "/close", part=part).status_code == 403
    answer = web.as_(cast.zhao).post(page_of(need) + "/close", part=part)
    assert told_to_load(answer, WALL) if part else led_to(answer, WALL)
    assert need.body not in words(web.guest().get(WALL)) and "这条关掉了" in words(web.guest().get(page_of(need)))
    assert web.as_(cast.zhao).post(page_of(need) + "/close", part=part).status_code == 409


# 我也需要


def test_a_tap_says_me_too_and_another_not_any_more(web, cast, now):
    need, wang = make.need(cast.zhao, now), web.as_(cast.wang)
    for _ in range(2):
        answer = wang.post(page_of(need) + "/support", {"state": "on"}, part=True)
        assert "我也需要 · 2" in words(answer) and 'aria-pressed="true"' in words(answer) and not is_whole(answer)
    assert led_to(wang.post(page_of(need) + "/support", {"state": "off"}), page_of(need)) and again(need).supports == 1
    assert wang.post(page_of(need) + "/support", {"state": "x"}).status_code == 422
    assert web.as_(cast.zhao).post(page_of(need) + "/support", {"state": "off"}).status_code == 409
    web.as_(cast.li).post(act(need, "answer"), ANSWER)
    assert "不在墙上了" in toast(wang.post(page_of(need) + "/support", {"state": "on"}, part=True))


def test_who_joins_to_say_me_too_has_said_it(web, cast, now):
    need, guest = make.need(cast.zhao, now), web.guest()
    guest.post("/n/cuihu/join", {"name": "新来的", "consent": "y", "intent": f"need:{need.id}", "next": page_of(need)})
    assert again(need).supports == 2


# Without a name


def test_an_anonymous_need_names_nobody_on_any_page(web, cast, now):
    """Read by everybody who could be curious, and after everything that is told and written down about it."""
    secret = make.neighbor(cast.cuihu, "钱秘密", now, building="9栋")
    waiting, need = make.need(secret, now, anonymous=True), make.need(secret, now, "附近哪里能修拉链", anonymous=True)
    li = web.as_(cast.li)
    assert "匿名邻居" in words(li.get(DESK)) and "钱秘密" not in words(li.get(DESK))
    li.post(act(need, "approve"))
    set_support(cast.wang, again(need), True, now)
    paths = [WALL, page_of(need), page_of(waiting), "/n/cuihu/", "/n/cuihu/desk/", "/n/cuihu/desk/log", DESK, "/inbox"]
    for answered in (False, True):
        if answered:
            li.post(act(need, "answer"), ANSWER)
        for browser in (web.guest(), web.as_(cast.wang), web.as_(cast.zhao), li):
            for path in [*paths, WALL + "?state=answered"]:
                assert "钱秘密" not in words(browser.get(path)) and "9栋" not in words(browser.get(path)), path
    assert "匿名" in words(web.as_(secret).get(page_of(need)))
    assert "钱秘密" not in "".join(notice.sentence for notice in Notice.select())
    assert AuditLog.get(AuditLog.action == "answer need").subject_id == secret.user_id


# The host's desk


def test_the_desk_shows_what_is_answered_in_time_and_what_is_not(web, cast, now):
    make.need(cast.zhao, now), make.need(cast.wang, now, "附近哪里能修拉链")
    page = words(web.as_(cast.li).get(DESK))
    assert "—" in page and "0 ÷ 0" in page and "上门给老人理发" in page and "修拉链" in page and 'id="left">1<' in page


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(("what", "state"), [("approve", "open"), ("return", "returned")])
def test_a_waiting_need_is_decided_once(web, cast, now, part, what, state):
    need, li = make.need(cast.wang, now), web.as_(cast.li)
    answer = li.post(act(need, what), {"own_reason": "请再说清楚一点"}, part=part)
    assert ("处理好了" in words(answer) and 'hx-swap-oob="true">0<' in words(answer)) if part else led_to(answer, DESK)
    assert again(need).state == state and li.post(act(need, what), {"reason": REASON}).status_code == 409


@pytest.mark.parametrize("link", ["/n/cuihu/services/", "http://localhost/n/cuihu/topics/", " /n/cuihu/?tab=help "])
def test_an_answer_leads_somewhere_and_everybody_hears_of_it(web, cast, now, link):
    need, li = make.need(cast.zhao, now), web.as_(cast.li)
    assert led_to(li.post(act(need, "answer"), {"note": "名录里有三家", "own_link": link}), page_of(need))
    page = words(web.guest().get(page_of(need)))
    assert "名录里有三家" in page and f'href="/n/cuihu/{link.strip().partition("cuihu/")[2]}"' in page
    assert "有回应了" in words(web.as_(cast.zhao).get("/inbox"))
    assert led_to(li.post(act(need, "reopen"), {"reason": "三家都不上门"}), page_of(need)) and again(need).state == "open"


@pytest.mark.parametrize(
    "odd",
    [{"note": ""}, {"note": "长" * 201}, {"link": ""}, {"link": "//evil.example/"}, {"link": "https://evil.example/n/cuihu/"},
     {"link": "/n/yangguangli/"}, {"link": "/n/cuihu/desk/"}, {"link": "/n/cuihu/nowhere"}, {"link": "/look"}],
)  # fmt: skip
def test_an_answer_that_leads_nowhere_comes_back(web, cast, now, odd):
    need, li, form = make.need(cast.zhao, now), web.as_(cast.li), ANSWER | {"own_link": ""} | odd
    answer = li.post(act(need, "answer"), form)
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, next(iter(odd)))
    assert "note" in odd or written(answer, "note") == ANSWER["note"]
    assert li.post(act(need, "answer"), form, part=True).status_code == 422 and again(need).state == "open"


def test_two_of_a_kind_are_put_together(web, cast, now):
    need, li = make.need(cast.zhao, now), web.as_(cast.li)
    into = make.need(cast.li, now, "上门给老人理发的师傅有吗", alike_ok=True)
    assert f"{act(need, 'merge')}/{into.id}" in words(li.get(page_of(need)))
    assert led_to(li.post(f"{act(need, 'merge')}/{into.id}"), page_of(into)) and again(into).supports == 2
    assert led_to(web.guest().get(page_of(need)), page_of(into))
    assert li.post(f"{act(need, 'merge')}/{into.id}").status_code == 409
    other = make.need(cast.zhou, now)
    Need.update(state="open").execute()
    assert li.post(f"{act(into, 'merge')}/{other.id}").status_code == 404


@pytest.mark.parametrize(("what", "state"), [("return", "pending"), ("hide", "open"), ("reopen", "answered")])
@pytest.mark.parametrize("reason", ["", "不好", "长" * 201])
def test_without_a_good_reason_she_is_asked_again(web, cast, now, what, state, reason):
    need = make.need(cast.zhao, now)
    Need.update(state=state).execute()
    answer = web.as_(cast.li).post(act(need, what), {"reason": reason})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, "reason") and again(need).state == state


def test_hidden_it_is_gone_for_neighbours_and_comes_back(web, cast, now):
    need, li = make.need(cast.zhao, now), web.as_(cast.li)
    assert led_to(li.post(act(need, "hide"), {"reason": REASON}), page_of(need))
    assert web.as_(cast.wang).get(page_of(need)).status_code == 404 and REASON in words(web.as_(cast.zhao).get(page_of(need)))
    assert led_to(li.post(act(need, "restore")), page_of(need)) and web.guest().get(page_of(need)).status_code == 200


@pytest.mark.parametrize("what", ["", *ACTS, "merge/1"])
def test_nobody_else_has_the_hosts_hand(web, cast, now, what):
    need = make.need(cast.zhao, now)
    url, method = (act(need, what), "post") if what else (DESK, "get")
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert getattr(web.as_(cast.zhao), method)(url).status_code == 403
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin)):
        assert getattr(stranger, method)(url).status_code == 404
    if what:
        assert qian.post(url.replace("cuihu", "yangguangli")).status_code == 404
    assert shown_the_door(getattr(web.guest(), method)(url), "/signin", "/n/cuihu/" if what else DESK)
    assert again(need).state == "open" and not AuditLog.select().where(AuditLog.object_type == "Need").count()


@pytest.mark.parametrize("what", ["support", "close", "edit"])
def test_who_does_not_live_here_leaves_it_alone(web, cast, now, what):
    need = make.need(cast.zhao, now)
    assert web.as_(cast.zhou).post(f"{page_of(need)}/{what}", {"state": "on"}).status_code == 404
    assert web.as_(cast.zhou).post(f"/n/yangguangli/needs/{need.id}/{what}", {"state": "on"}).status_code == 404
    assert shown_the_door(web.guest().post(f"{page_of(need)}/{what}", {"state": "on"}), "/n/cuihu/join", "/n/cuihu/")
    assert again(need).supports == 1 and web.guest().get(f"/n/yangguangli/needs/{need.id}").status_code == 404
