"""The host's printed codes: made in one form, led elsewhere and ended with a reason, printed; nobody else comes near."""

import re

import pytest

from db import codes, neighborhoods, scans, targets
from db.audit import AuditLog
from db.scans import QrToken
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, told_to_load, typed, words

ALL = "/n/cuihu/codes"


@pytest.fixture
def topic(cast, now):
    return make.topic(cast.li, now)


@pytest.fixture
def code(cast, now, topic):
    """Its page."""
    return f"{ALL}/{codes.make(cast.li, f'topic-{topic.id}', now, label='扫一扫，说说拿手菜')[0].id}"


def chosen(answer):
    found = re.search(r'<option value="([^"]+)" selected>', words(answer))
    return found.group(1) if found else ""


def test_from_the_desk_to_a_code_that_opens_the_topic(web, cast, topic):
    li = web.as_(cast.li)
    assert f'href="{ALL}"' in words(li.get("/n/cuihu/desk/"))
    empty = li.get(ALL)
    assert is_whole(empty) and "还没有印过码" in words(empty) and f'href="{ALL}/new"' in words(empty)
    assert f'href="{ALL}/new?target=topic-{topic.id}"' in words(li.get(f"/n/cuihu/topics/{topic.id}"))
    form = li.get(f"{ALL}/new?target=topic-{topic.id}")
    assert is_whole(form) and chosen(form) == f"topic-{topic.id}"
    answer = li.post(f"{ALL}/new", {"target": f"topic-{topic.id}", "label": "说说拿手菜"})
    token = QrToken.get()
    page = f"{ALL}/{token.id}"
    assert led_to(answer, page) and flash_after(li, answer) == "码做好了，印一张贴出去吧"
    assert led_to(web.guest().get(f"/q/{token.code}"), f"/n/cuihu/topics/{topic.id}")
    shown = words(li.get(page))
    assert "说说拿手菜" in shown and "扫过 1 次" in shown and f"http://localhost/q/{token.code}" in shown
    assert "说说拿手菜" in words(li.get(ALL)) and "扫过 1 次，近 7 天 1 次" in words(li.get(ALL))
    again = li.post(f"{ALL}/new", {"target": f"topic-{topic.id}"}, part=True)
    assert told_to_load(again, page) and QrToken.select().count() == 1
    assert flash_after(li, again) == "它已经有码了，就用这一个"


@pytest.mark.parametrize(
    ("field", "odd"),
    [
        ("target", ""), ("target", "topic-99"), ("target", "长" * 10_000), ("label", "长" * 41), ("label", "a\x1bb"),
        ("opens_at", "明天"), ("closes_at", "1999-01-01T00:00"), ("closes_at", "0001-01-01T00:00"),
    ],
)  # fmt: skip
def test_a_bad_form_comes_back_with_its_words(web, cast, topic, field, odd):
    form = {"target": f"topic-{topic.id}", "label": "说说拿手菜"} | {field: odd}
    for part in (False, True):
        answer = web.as_(cast.li).post(f"{ALL}/new", form, part=part)
        assert answer.status_code == 422 and beside(answer, field)
        assert field == "label" or typed(answer, "label") == "说说拿手菜"
        assert field == "target" or chosen(answer) == f"topic-{topic.id}"
    assert QrToken.select().count() == 0


def test_the_paper_stays_and_leads_somewhere_else(web, cast, now, code):
    li, post = web.as_(cast.li), make.post(cast.zhao, now, "窗外的樱花开了")
    wrong = li.post(f"{code}/target", {"target": f"post-{post.id}", "reason": "换"})
    assert (
        wrong.status_code == 422
        and beside(wrong, "reason")
        and chosen(wrong) == f"post-{post.id}"
        and typed(wrong, "reason") == "换"
    )
    assert beside(li.post(f"{code}/target", {"target": "post-99", "reason": "话题结束了"}), "target")
    answer = li.post(f"{code}/target", {"target": f"post-{post.id}", "reason": "话题结束了"})
    assert led_to(answer, code) and "已经贴出去的纸不用换" in flash_after(li, answer)
    assert led_to(web.guest().get(f"/q/{QrToken.get().code}"), f"/n/cuihu/posts/{post.id}")
    assert "二维码换去处" in words(li.get("/n/cuihu/desk/log"))


def test_an_end_wants_a_reason_and_comes_once(web, cast, code):
    li = web.as_(cast.li)
    wrong = li.post(f"{code}/revoke", {"end_reason": "旧"})
    assert wrong.status_code == 422 and beside(wrong, "end_reason") and typed(wrong, "end_reason") == "旧"
    assert beside(li.post(f"{code}/revoke", {"end_reason": "长" * 201}), "end_reason")
    assert led_to(li.post(f"{code}/revoke", {"end_reason": "海报撤下了"}), code)
    for act, form in (("revoke", {"end_reason": "海报撤下了"}), ("target", {"target": "topic-1", "reason": "换一个话题"})):
        answer = li.post(f"{code}/{act}", form)
        assert answer.status_code in {409, 422} and AuditLog.select().where(AuditLog.action == "retarget code").count() == 0
    assert web.guest().get(f"/q/{QrToken.get().code}").status_code == 410
    page = words(li.get(code))
    assert "停用了" in page and f"{code}/print" not in page and f"{code}/revoke" not in page
    assert li.get(f"{code}/print").status_code == 404


def test_the_door_is_a_code_as_well_that_leads_where_it_leads(web, cast, now):
    door = scans.join_code(cast.cuihu, now)
    page = f"{ALL}/{scans.find(door).id}"
    li = web.as_(cast.li)
    assert "来邻里客厅坐坐" in words(li.get(page)) and f"{page}/target" not in words(li.get(page))
    assert li.post(f"{page}/target", {"target": "topic-1", "reason": "换一个话题"}).status_code in {409, 422}
    li.post(f"{page}/revoke", {"end_reason": "海报被涂改了"})
    assert web.guest().get(f"/q/{door}").status_code == 410 and scans.join_code(cast.cuihu, now) != door


def test_what_is_printed_has_the_letters_for_those_who_cannot_scan(web, cast, now, code):
    li, letters = web.as_(cast.li), codes.one(cast.cuihu, QrToken.get().id, now).letters
    for address in (f"{code}/print", f"{code}/print?size=a6", f"{code}/print?size=a0", f"{ALL}/print"):
        page = words(li.get(address))
        assert letters in page and "localhost/q/" in page and "<svg" in page and "扫一扫，说说拿手菜" in page
    picture = li.get(f"{code}.png")
    assert picture.mimetype == "image/png" and picture.data.startswith(b"\x89PNG")


def test_who_may_come(web, cast, now, code):
    got = [ALL, f"{ALL}/new", code, f"{code}.png", f"{code}/print", f"{ALL}/print"]
    posted = [f"{ALL}/new", f"{code}/target", f"{code}/revoke"]
    foreign = make.host(cast.yangguangli, "钱主理", now)
    for person, status in ((None, 303), (cast.wang, 403), (cast.zhou, 404), (foreign, 404)):
        for part in (False, True):
            browser = web.as_(person) if person else web.guest()
            wanted = 401 if part and status == 303 else status
            assert {browser.get(path, part=part).status_code for path in got} == {wanted}
            assert {browser.post(path, {}, part=part).status_code for path in posted} == {wanted}
    there = web.as_(foreign)
    number = code.rpartition("/")[2]
    for path in (f"/n/yangguangli/codes/{number}", f"/n/yangguangli/codes/{number}.png", f"/n/yangguangli/codes/{number}/print"):
        assert there.get(path).status_code == 404
    assert there.post(f"/n/yangguangli/codes/{number}/revoke", {"end_reason": "海报撤下了"}).status_code == 404
    assert QrToken.get().revoked_at is None


def test_a_paper_card_is_no_business_of_this_page(web, cast, now):
    scans.issue_card(cast.chen, cast.li, now)
    li = web.as_(cast.li)
    assert "还没有印过码" in words(li.get(ALL)) and li.get(f"{ALL}/{QrToken.get().id}").status_code == 404


def test_district_and_hq_read_along(web, cast, code):
    neighborhoods.look_after(cast.cuihu, cast.sun)
    sun, lin = web.as_(cast.sun), web.as_(cast.lin)
    assert "/district/codes" in words(sun.get("/district/")) and "扫一扫，说说拿手菜" in words(sun.get("/district/codes"))
    assert sun.get("/district/codes?place=yangguangli").status_code == 404
    assert "扫一扫，说说拿手菜" in words(lin.get("/district/codes?place=cuihu"))
    assert "还没有印过码" in words(lin.get("/district/codes?place=yangguangli"))
    assert web.as_(cast.li).get("/district/codes").status_code == 403
    assert "<form" not in words(sun.get("/district/codes")).split("<main")[1].split("</main>")[0]


def test_every_kind_of_thing_opens_for_a_guest(web, cast, now):
    contest = make.contest(cast.li, now)
    things = {
        "topic": (make.topic(cast.li, now), "晒出你家的拿手菜"),
        "post": (make.post(cast.zhao, now), "窗外的樱花开了"),
        "contest": (contest, "我眼中的春天"),
        "entry": (make.entry(cast.zhao, contest, now), "东门的玉兰"),
    }
    assert f'href="{ALL}/new?target=contest-{contest.id}"' in words(web.as_(cast.li).get(f"/n/cuihu/contests/{contest.id}"))
    for name, (thing, said) in things.items():
        token, _ = codes.make(cast.li, f"{name}-{thing.id}", now)
        guest = web.guest()
        page = guest.get(guest.get(f"/q/{token.code}").headers["Location"])
        assert page.status_code == 200 and said in words(page), name
        assert said in codes.one(cast.cuihu, token.id, now).title and token.purpose == targets.KINDS[name].purpose
