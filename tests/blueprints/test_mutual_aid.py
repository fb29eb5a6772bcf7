"""互助 as browsers meet it: ask, offer, choose, meet, say thank you; and a phone on nobody else's page (R28)."""

import io
import re
from datetime import timedelta

import pytest

from db import aid_ends, aid_matches, mutual_aid, people
from db.mutual_aid import Aid, AidNote, AidOffer
from db.photos import Photo
from db.posts import Post
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
)  # fmt: skip
from tests.db.test_pictures import file_of, flag

AID, NEW = "/n/cuihu/aid/", "/n/cuihu/aid/new"
PHONE = "13800138000"
DOG = {
    "op_id": "dogdogdog001", "aid_kind": "ask", "category": "pets", "title": "周六帮忙遛狗", "body": "一个小时就好",
    "when_text": "周六上午", "building": "3栋", "days": "7", "visibility": "neighborhood",
}  # fmt: skip


@pytest.fixture
def aid(cast, now):
    """赵敏's, which guests may read too."""
    return make.aid(cast.zhao, now, visibility="public")


def act(aid, what, place="cuihu"):
    return f"/n/{place}/aid/{aid.post_id}/{what}"


def page_of(aid):
    return f"/n/cuihu/posts/{aid.post_id}"


def fresh(aid):
    return mutual_aid.find(aid.neighborhood, aid.post_id)


def offered(aid, member, now, **values):
    return aid_matches.offer(fresh(aid), member, now, **values)


def matched(aid, cast, now, **values):
    aid_matches.accept(fresh(aid), offered(aid, cast.wang, now, **values), cast.zhao, now)
    return fresh(aid)


# Asking


def test_asking_leads_to_the_post(web, cast):
    zhao = web.as_(cast.zhao)
    form = zhao.get(NEW)
    assert is_whole(form) and typed(form, "building") == "8栋" and "120" in words(form)
    answer = zhao.post(NEW, DOG)
    post = Post.get()
    assert led_to(answer, f"/n/cuihu/posts/{post.id}") and "有人响应就告诉您" in flash_after(zhao, answer)
    assert (post.kind, post.title, Aid.get().expires_at.day) == ("help", "周六帮忙遛狗", 27)
    assert told_to_load(zhao.post(NEW, DOG, part=True), f"/n/cuihu/posts/{post.id}") and Post.select().count() == 1
    page = words(zhao.get(f"/n/cuihu/posts/{post.id}"))
    assert "等人中" in page and "周六上午" in page and "还没有人响应" in page
    assert "求助 · 照看宠物" in words(web.as_(cast.wang).get("/n/cuihu/?tab=help"))


def test_a_newcomer_is_told_that_the_host_looks_first(web, cast):
    wang = web.as_(cast.wang)
    answer = wang.post(NEW, DOG)
    assert "等主理人看一眼" in flash_after(wang, answer)
    assert "帖子看得到以后" in words(wang.get(f"/n/cuihu/posts/{Post.get().id}"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "", "一句话写清楚"),
        ("title", "婴儿床，200元", "不买卖"),
        ("body", "便宜卖", "不买卖"),
        ("building", "3栋301室", "写到楼栋就好"),
        ("when_text", "早" * 41, "最多 40 个字"),
    ],
)
def test_bad_words_come_back_with_their_sentence(web, cast, field, value, said):
    zhao = web.as_(cast.zhao)
    for part in (False, True):
        answer = zhao.post(NEW, DOG | {field: value}, part=part)
        assert answer.status_code == 422 and is_whole(answer) is not part and said in beside(answer, field)
        assert (written if field == "body" else typed)(answer, field) == value
        assert 'value="pets" checked' in words(answer) and 'value="7" checked' in words(answer)
    assert Post.select().count() == 0


@pytest.mark.parametrize(
    ("field", "value"), [("aid_kind", "sell"), ("category", ""), ("days", "31"), ("days", "１４"), ("days", "")]
)
def test_a_choice_that_is_none_is_refused_in_words(web, cast, field, value):
    answer = web.as_(cast.zhao).post(NEW, DOG | {field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in words(answer) and typed(answer, "title") == "周六帮忙遛狗"


def test_photos_come_through_the_tray_without_javascript(web, cast):
    zhao = web.as_(cast.zhao)
    answer = zhao.post(NEW, DOG | {"add": "1", "file": (io.BytesIO(file_of(flag(300, 200))), "狗.jpg")})
    codes = re.findall(r'name="photo" value="([0-9a-f]{32})"', words(answer))
    assert answer.status_code == 200 and len(codes) == 1 and typed(answer, "title") == "周六帮忙遛狗"
    assert zhao.post(NEW, DOG | {"photo": codes[0]}).status_code == 422
    assert zhao.post(NEW, DOG | {"photo": codes[0], "consent": "y"}).status_code == 303
    assert Photo.get().audience == "neighborhood"


def test_the_old_way_in_leads_here(web, cast):
    zhao = web.as_(cast.zhao)
    assert led_to(zhao.get("/n/cuihu/posts/new?kind=help"), NEW)
    for page in ("/n/cuihu/", "/n/cuihu/posts/new", "/n/cuihu/?tab=help"):
        assert f'href="{NEW}"' in words(zhao.get(page)), page


# Offering and choosing


def test_offering_in_place_and_without_javascript(web, cast, now, aid):
    wang = web.as_(cast.wang)
    assert "我来帮忙" in words(wang.get(page_of(aid)))
    answer = wang.post(act(aid, "offer"), {"words": "我有空", "contact": "here"}, part=True)
    assert "<html" not in words(answer) and "您说了「我来帮忙」：我有空" in words(answer) and "告诉 TA 了" in toast(answer)
    assert led_to(wang.post(act(aid, "offer"), {}), page_of(aid) + "#aid") and AidOffer.select().count() == 1
    author = words(web.as_(cast.zhao).get(page_of(aid)))
    assert "1 位邻居响应了" in author and "我有空" in author and "请 TA 来帮忙" in author
    for browser in (web.as_(cast.chen), web.as_(cast.li), web.guest()):
        assert "我有空" not in words(browser.get(page_of(aid)))
    assert "好的，收回了" in toast(wang.post(act(aid, "back-out"), part=True)) and AidOffer.get().state == "withdrawn"


def test_an_offer_that_says_too_much_comes_back(web, cast, aid):
    wang = web.as_(cast.wang)
    for part in (False, True):
        answer = wang.post(act(aid, "offer"), {"words": "好" * 141}, part=part)
        assert answer.status_code == 422 and is_whole(answer) is not part
        assert "最多 140 个字" in beside(answer, "words") and typed(answer, "words") == "好" * 141
    answer = wang.post(act(aid, "offer"), {"words": "我来", "contact": "phone"})
    assert answer.status_code == 422 and "还没有绑定手机号" in words(answer) and typed(answer, "words") == "我来"
    assert AidOffer.select().count() == 0


def test_a_phone_stands_on_no_page_before_the_choice_and_on_two_after_it(web, cast, now, aid):
    people.bind_phone(cast.wang.user, PHONE)
    offer = offered(aid, make.again(cast.wang), now, shares_phone=True)
    mine = make.aid(cast.li, now, title="另一件")
    pages = [page_of(aid), AID, "/n/cuihu/", "/n/cuihu/?tab=help", page_of(mine), "/inbox"]
    everybody = {name: web.as_(getattr(cast, name)) for name in ("zhao", "wang", "li", "chen", "lin")} | {"guest": web.guest()}

    def seen():
        return {(name, page) for name, each in everybody.items() for page in pages if PHONE in words(each.get(page))}

    assert seen() == set()
    answer = everybody["zhao"].post(act(aid, f"offers/{offer.id}/accept"), {"contact": "here"}, part=True)
    assert PHONE in words(answer) and f'href="tel:{PHONE}"' in words(answer) and "约好了" in toast(answer)
    assert seen() == {("zhao", page_of(aid))}
    page = words(everybody["wang"].get(page_of(aid)))
    assert "您和赵敏约好了" in page and "赵敏想在这里留言联系" in page
    for name in ("chen", "li", "guest"):
        assert "已经有邻居接上了" in words(everybody[name].get(page_of(aid)))
    log = words(everybody["li"].get("/n/cuihu/desk/log"))
    assert "看完整手机号" in log and "互助匹配后双方可见" in log and PHONE not in log
    for name in ("wang", "zhao"):
        assert everybody[name].post(act(aid, "done")).status_code == 303
    assert seen() == set()


def test_a_second_choice_is_a_conflict_in_words(web, cast, now, aid):
    first, second = offered(aid, cast.wang, now), offered(aid, cast.chen, now)
    zhao = web.as_(cast.zhao)
    for _ in range(2):
        assert led_to(zhao.post(act(aid, f"offers/{first.id}/accept")), page_of(aid) + "#aid")
    answer = zhao.post(act(aid, f"offers/{second.id}/accept"))
    assert answer.status_code == 409 and "刚刚变了" in words(answer)
    answer = zhao.post(act(aid, f"offers/{second.id}/accept"), part=True)
    assert answer.status_code == 409 and answer.headers["HX-Reswap"] == "none" and "刚刚变了" in toast(answer)
    other = make.aid(cast.zhao, now)
    assert zhao.post(act(other, f"offers/{first.id}/accept")).status_code == 404
    assert "这次找到人了" in words(web.as_(cast.chen).get(page_of(aid)))


# After the choice


def test_the_two_write_to_each_other(web, cast, now, aid):
    matched(aid, cast, now)
    wang, note = web.as_(cast.wang), {"op_id": "notenote0001", "words": "我在东门等您"}
    for part in (False, True):
        answer = wang.post(act(aid, "notes"), note, part=part)
        assert answer.status_code == (200 if part else 303)
    assert AidNote.select().count() == 1 and "我在东门等您" in words(web.as_(cast.zhao).get(page_of(aid)))
    for browser in (web.as_(cast.li), web.as_(cast.chen), web.guest()):
        assert "东门" not in words(browser.get(page_of(aid)))
    answer = wang.post(act(aid, "notes"), {"op_id": "notenote0002", "words": ""})
    assert answer.status_code == 422 and is_whole(answer) and "写一句吧" in words(answer)
    answer = wang.post(act(aid, "notes"), {"op_id": "notenote0003", "words": "长" * 201}, part=True)
    assert answer.status_code == 422 and written(answer, "words") == "长" * 201
    assert web.as_(cast.li).post(act(aid, "notes"), note).status_code == 403


def test_both_say_done_and_thanks_are_given(web, cast, now, aid):
    matched(aid, cast, now)
    zhao, wang = web.as_(cast.zhao), web.as_(cast.wang)
    assert web.as_(cast.chen).post(act(aid, "done")).status_code == 403
    assert "等王阿姨也点一下" in words(zhao.post(act(aid, "done"), part=True))
    assert "赵敏说完成了" in words(wang.get(page_of(aid)))
    assert led_to(wang.post(act(aid, "done")), page_of(aid) + "#aid")
    assert "给王阿姨写句谢谢吧" in words(zhao.get(page_of(aid)))
    assert wang.post(act(aid, "thanks"), {"words": "不客气"}).status_code == 403
    answer = zhao.post(act(aid, "thanks"), {"words": " "})
    assert answer.status_code == 422 and "写一句吧" in beside(answer, "words")
    for part in (True, False):
        assert zhao.post(act(aid, "thanks"), {"words": "狗都不想回家了"}, part=part).status_code in {200, 303}
    page = words(web.as_(cast.chen).get(page_of(aid)))
    assert "狗都不想回家了" in page and "赵敏 谢谢 王阿姨" in page
    assert "王阿姨" not in words(web.guest().get(AID)) and zhao.post(act(aid, "thanks"), {"words": "再谢"}).status_code == 409


def test_it_comes_to_nothing_and_goes_on(web, cast, now, aid):
    matched(aid, cast, now)
    assert "没约成" in words(web.as_(cast.zhao).get(page_of(aid)))
    assert "重新找人了" in toast(web.as_(cast.zhao).post(act(aid, "reopen"), part=True))
    assert "另外找人了" in words(web.as_(cast.wang).get(page_of(aid)))
    assert led_to(web.as_(cast.zhao).post(act(aid, "cancel")), page_of(aid) + "#aid")
    assert web.as_(cast.zhao).post(act(aid, "cancel")).status_code == 409
    assert "不用了" in words(web.as_(cast.wang).get(page_of(aid)))


def test_what_ran_out_is_renewed_once(web, cast, now):
    aid = make.aid(cast.zhao, now - timedelta(days=4), days=3)
    zhao = web.as_(cast.zhao)
    assert "再等 14 天" in words(zhao.get(page_of(aid))) and "再等 14 天" not in words(web.as_(cast.wang).get(page_of(aid)))
    assert "又可以等 14 天" in toast(zhao.post(act(aid, "renew"), part=True))
    aid_ends.close_due(fresh(aid).expires_at)
    assert "已经续过一次" in words(zhao.get(page_of(aid))) and zhao.post(act(aid, "renew")).status_code == 409


@pytest.mark.parametrize("what", ["reopen", "cancel", "renew"])
def test_what_is_the_authors_is_nobody_elses(web, cast, now, aid, what):
    matched(aid, cast, now)
    for member in (cast.li, cast.wang):
        assert web.as_(member).post(act(aid, what)).status_code == 403


def test_who_may_come(web, cast, now, aid):
    offer = offered(aid, cast.wang, now)
    for what in ("offer", "back-out", f"offers/{offer.id}/accept", "notes", "done", "thanks", "reopen", "cancel", "renew"):
        assert shown_the_door(web.guest().post(act(aid, what)), "/n/cuihu/join", "/n/cuihu/")
        for part in (False, True):
            assert web.as_(cast.zhou).post(act(aid, what), part=part).status_code == 404
            assert web.as_(cast.zhou).post(act(aid, what, "yangguangli"), part=part).status_code == 404
    assert shown_the_door(web.guest().get(NEW), "/n/cuihu/join", NEW)
    assert web.as_(cast.zhou).post(NEW, DOG).status_code == 404
    assert fresh(aid).state == "open" and AidOffer.get().state == "offered"


# The page


def test_the_page_shows_what_waits_and_ones_own(web, cast, now, aid):
    make.aid(cast.li, now, aid_kind="give", category="things", title="婴儿床送人")
    offered(aid, cast.wang, now)
    page = web.as_(cast.wang).get(AID)
    assert is_whole(page) and all(said in words(page) for said in ("周六帮忙遛狗", "婴儿床送人", "我响应的（1）"))
    assert "婴儿床" not in words(web.as_(cast.wang).get(AID + "?kind=ask"))
    guest = words(web.guest().get(AID))
    assert "周六帮忙遛狗" in guest and "婴儿床送人" not in guest and "join?next=" in guest
    assert "我发的（1）" in words(web.as_(cast.zhao).get(AID))
    part = web.as_(cast.wang).get(AID + "?kind=give", part=True)
    assert "<html" not in words(part) and "婴儿床送人" in words(part)


def test_figures_are_for_the_host(web, cast, now, aid):
    matched(aid, cast, now)
    assert "匹配率 100%" in words(web.as_(cast.li).get(AID)) and "匹配率" not in words(web.as_(cast.wang).get(AID))


@pytest.mark.parametrize("query", ["?kind=sell", "?after=x", "?after=²", "?after=" + "9" * 30, "?kind=<script>"])
def test_odd_questions_are_answered(web, cast, aid, query):
    answer = web.as_(cast.wang).get(AID + query)
    assert answer.status_code == 200 and "<script>" not in words(answer)


def test_nobody_waits_is_a_page_too(web, cast):
    assert "现在没有人等" in words(web.as_(cast.li).get(AID)) and "还没有结果" in words(web.as_(cast.li).get(AID))
