"""举报 over HTTP: said in a few taps, answered on one's own page; the desks of host and district, each with its own."""

import pytest

from db import comments, hiding, neighborhoods, posts, reports
from db.posts import Post
from db.reports import Report
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, words, written

HOME = "/n/cuihu/"
MINE = f"{HOME}me/reports"
DESK = f"{HOME}desk/reports"


@pytest.fixture
def post(cast, now):
    neighborhoods.look_after(cast.cuihu, cast.sun)
    return make.post(cast.zhao, now, "便宜卖了，加我")


@pytest.fixture
def report(cast, now, post):
    return reports.file(cast.wang, posts.find(cast.cuihu, post.id), now, reason="rude", words="说话难听")


def at(thing, kind="post"):
    return f"{HOME}report/{kind}/{thing.id}"


def state(post):
    return Post.get_by_id(post.id).state


def test_a_report_takes_two_taps_and_is_found_again(web, cast, now, post):
    wang = web.as_(cast.wang)
    assert at(post) in words(wang.get(f"{HOME}posts/{post.id}"))
    assert is_whole(wang.get(at(post))) and "对方不会知道" in words(wang.get(at(post)))
    for part in (False, True):
        answer = wang.post(at(post), {"why": "rude", "words": "说话难听"}, part=part)
        assert told_to_load(answer, MINE) if part else led_to(answer, MINE)
    assert "会有人看" in flash_after(wang, answer) and "说话难听" in words(wang.get(MINE)) and Report.select().count() == 1


def test_a_comment_is_reported_too(web, cast, now, post):
    comment = comments.say(cast.chen, post, now, body="难听的话", op_id="c1")
    wang = web.as_(cast.wang)
    assert at(comment, "comment") in words(wang.get(f"{HOME}posts/{post.id}"))
    assert led_to(wang.post(at(comment, "comment"), {"why": "rude"}), MINE) and Report.get().object_type == "comment"


def test_without_a_reason_she_is_asked_and_her_words_stay(web, cast, post):
    answer = web.as_(cast.wang).post(at(post), {"why": "", "words": "她每天都这样"})
    assert answer.status_code == 422 and beside(answer, "why") == "请选一个原因"
    assert written(answer, "words") == "她每天都这样" and Report.select().count() == 0
    answer = web.as_(cast.wang).post(at(post), {"why": "other", "words": "长" * 201})
    assert answer.status_code == 422 and beside(answer, "words") and Report.select().count() == 0


def test_one_may_not_report_what_one_may_not_read(web, cast, now, post):
    waiting = make.post(cast.wang, now)
    assert web.as_(cast.chen).get(at(waiting)).status_code == 404
    assert web.as_(cast.zhou).post(at(post), {"why": "rude"}).status_code == 404
    assert web.as_(cast.zhou).get(f"/n/yangguangli/report/post/{post.id}").status_code == 404
    assert shown_the_door(web.guest().get(at(post)), f"{HOME}join", at(post))
    assert web.as_(cast.zhao).post(at(post), {"why": "rude"}).status_code == 409 and Report.select().count() == 0


def test_the_host_takes_it_answers_it_and_the_reporter_reads_it(web, cast, now, post, report):
    li = web.as_(cast.li)
    assert "说话难听" in words(li.get(DESK)) and 'class="count">1<' in words(li.get(f"{HOME}desk/"))
    assert led_to(li.post(f"{DESK}/{report.id}/take"), DESK)
    assert led_to(li.post(f"{DESK}/{report.id}/uphold", {"answer": "请作者改过了"}), DESK) and state(post) == "hidden"
    assert li.post(f"{DESK}/{report.id}/dismiss", {"answer": "看过没问题"}).status_code == 409
    assert "请作者改过了" in words(web.as_(cast.wang).get(MINE)) and "请作者改过了" in words(web.as_(cast.wang).get("/inbox"))
    page = words(web.as_(cast.zhao).get(f"{HOME}posts/{post.id}"))
    assert "现在别人看不到" in page and "请作者改过了" in page and "王阿姨" not in page
    assert web.as_(cast.chen).get(f"{HOME}posts/{post.id}").status_code == 404


def test_an_answer_without_words_is_asked_for_again(web, cast, report, post):
    answer = web.as_(cast.li).post(f"{DESK}/{report.id}/uphold", {"answer": "好"})
    assert answer.status_code == 422 and is_whole(answer) and beside(answer, "answer") and state(post) == "published"


def test_a_report_about_the_host_does_not_exist_for_the_host(web, cast, now, post):
    hers = make.post(cast.li, now, "大家都买这个")
    report = reports.file(cast.wang, posts.find(cast.cuihu, hers.id), now, reason="rude", words="只有片区能看的话")
    li = web.as_(cast.li)
    for path in (DESK, f"{HOME}desk/", f"{HOME}desk/log", "/inbox", MINE):
        assert "只有片区能看的话" not in words(li.get(path)) and "举报：" not in words(li.get(path))
    for verdict in ("take", "uphold", "dismiss"):
        assert li.post(f"{DESK}/{report.id}/{verdict}", {"answer": "我没有问题"}).status_code == 404
    sun = web.as_(cast.sun)
    assert "只有片区能看的话" in words(sun.get("/district/reports"))
    assert led_to(sun.post(f"/district/reports/{report.id}/uphold", {"answer": "请换个说法"}), "/district/reports")
    assert state(hers) == "hidden"


def test_an_officer_of_another_district_finds_nothing(web, cast, now, post):
    other = make.staff("钱片区", "district", now)
    hers = make.post(cast.li, now, "大家都买这个")
    report = reports.file(cast.wang, posts.find(cast.cuihu, hers.id), now, reason="rude", words="暗号")
    browser = web.as_(other)
    assert "暗号" not in words(browser.get("/district/reports"))
    for what in ("take", "uphold", "remove"):
        assert browser.post(f"/district/reports/{report.id}/{what}", {"answer": "看过没问题"}).status_code == 404
    assert "暗号" in words(web.as_(cast.lin).get("/district/reports"))


def test_the_author_appeals_and_the_district_has_the_last_word(web, cast, now, post):
    hiding.hide(posts.find(cast.cuihu, post.id), cast.li.user, now, "先收起来看看")
    zhao, url = web.as_(cast.zhao), f"{HOME}appeal/post/{post.id}"
    assert url in words(zhao.get(f"{HOME}posts/{post.id}"))
    answer = zhao.post(url, {"words": "不"})
    assert answer.status_code == 422 and beside(answer, "words")
    assert (
        led_to(zhao.post(url, {"words": "这是我自己种的"}), MINE) and zhao.post(url, {"words": "再说一遍吧"}).status_code == 409
    )
    assert web.as_(cast.wang).post(url, {"words": "我来说两句"}).status_code == 404  # hidden: not there for her
    report = Report.get()
    sun = web.as_(cast.sun)
    assert "这是我自己种的" in words(sun.get("/district/reports"))
    sun.post(f"/district/reports/{report.id}/dismiss", {"answer": "自己种的可以送"})
    assert state(post) == "published" and "自己种的可以送" in words(zhao.get(MINE))


def test_the_district_removes_for_good(web, cast, now, post):
    hers = make.post(cast.li, now, "大家都买这个")
    report = reports.file(cast.wang, posts.find(cast.cuihu, hers.id), now, reason="child")
    sun = web.as_(cast.sun)
    assert "彻底删除" in words(sun.get("/district/reports"))
    assert led_to(sun.post(f"/district/reports/{report.id}/remove", {"answer": "家长没有同意"}), "/district/reports")
    assert state(hers) == "removed" and "这条内容被删除了" in words(web.as_(cast.li).get(f"{HOME}posts/{hers.id}"))


def test_a_shop_and_a_need_are_reported_from_their_pages_and_no_name_comes_out(web, cast, now, post):
    shop, need = make.service(cast.li, now), make.need(cast.zhao, now, anonymous=True)
    wang, li, sun = web.as_(cast.wang), web.as_(cast.li), web.as_(cast.sun)
    for kind, thing in (("service", shop), ("need", need)):
        page = words(wang.get(f"{HOME}{kind}s/{thing.id}"))
        assert at(thing, kind) in page and at(thing, kind) not in words(web.guest().get(f"{HOME}{kind}s/{thing.id}"))
        assert is_whole(wang.get(at(thing, kind))) and "赵敏" not in words(wang.get(at(thing, kind)))
        assert led_to(wang.post(at(thing, kind), {"why": "false", "words": "电话是空号"}), MINE)
    assert "赵敏" not in words(li.get(DESK)) and "匿名邻居" in words(li.get(DESK)) and shop.name not in words(li.get(DESK))
    assert shop.name in words(sun.get("/district/reports"))
    of_need, of_shop = Report.get(Report.object_type == "need"), Report.get(Report.object_type == "service")
    assert led_to(li.post(f"{DESK}/{of_need.id}/uphold", {"answer": "先收起来看看"}), DESK)
    assert led_to(sun.post(f"/district/reports/{of_shop.id}/uphold", {"answer": "电话是空号"}), "/district/reports")
    assert web.as_(cast.chen).get(f"{HOME}needs/{need.id}").status_code == 404
    assert web.as_(cast.zhou).get(f"/n/yangguangli/report/service/{shop.id}").status_code == 404
