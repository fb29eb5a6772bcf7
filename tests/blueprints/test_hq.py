"""总部 sees every 小区 and the books; a district officer her own; nobody else anything."""

import pytest

from db import members, neighborhoods
from db.neighborhoods import District, Neighborhood
from tests import make
from tests.blueprints.answers import is_whole, led_to, shown_the_door, toast, words

PAGES = ("/hq/", "/district/", "/hq/health")


def test_the_head_office_sees_every_place_and_what_was_done(web, cast, now):
    members.vouch(cast.wang, cast.li, now, "在花园里见过面")
    neighborhoods.set_status(cast.yangguangli, "readonly", "正在换主理人")
    page = web.as_(cast.lin).get("/hq/")
    assert page.status_code == 200 and is_whole(page)
    for said in ("翠湖花园", "阳光里", "只读", "当面核验", "李姐", "在花园里见过面", "/hq/health", 'action="/signout"'):
        assert said in words(page), said


def test_a_district_officer_sees_her_own_places_and_no_books(web, cast, now):
    members.vouch(cast.wang, cast.li, now, "在花园里见过面")
    assert "还没有小区" in words(web.as_(cast.sun).get("/district/"))
    district = District.create(name="城西片区", officer=cast.sun)
    Neighborhood.update(district=district).where(Neighborhood.id == cast.cuihu.id).execute()
    page = words(web.as_(cast.sun).get("/district/"))
    assert "翠湖花园" in page and "阳光里" not in page and "在花园里见过面" not in page and "/hq/health" not in page
    other = make.staff("钱片区", "district", now)
    assert "翠湖花园" not in words(web.as_(other).get("/district/"))


def test_nobody_else_sees_any_of_it(web, cast):
    for path in PAGES:
        assert shown_the_door(web.guest().get(path), "/signin", path)
        assert shown_the_door(web.guest().get(path, part=True), "/signin", "/", part=True)
        for person in (cast.wang, cast.li, cast.zhou):
            answer = web.as_(person).get(path)
            assert answer.status_code == 403 and is_whole(answer) and "翠湖花园</b>" not in words(answer)
            assert "别的身份" in toast(web.as_(person).get(path, part=True))


@pytest.mark.parametrize(("path", "sun", "lin"), [("/hq/", 403, 200), ("/hq/health", 403, 200), ("/district/", 200, 200)])
def test_each_office_has_its_own_desk(web, cast, path, sun, lin):
    assert web.as_(cast.sun).get(path).status_code == sun
    assert web.as_(cast.lin).get(path).status_code == lin


def test_an_office_is_lost_within_one_request(web, cast):
    lin = web.as_(cast.lin)
    assert lin.get("/hq/").status_code == 200
    type(cast.lin).update(staff="").where(type(cast.lin).id == cast.lin.id).execute()
    assert lin.get("/hq/").status_code == 403


def test_the_start_page_leads_each_office_to_its_desk(web, cast):
    assert led_to(web.as_(cast.lin).get("/"), "/hq/")
    assert led_to(web.as_(cast.sun).get("/"), "/district/")


def test_an_office_is_no_key_to_a_place(web, cast, now):
    post = make.post(cast.zhao, now, "只说给邻居听", visibility="neighborhood")
    for person in (cast.lin, cast.sun):
        browser = web.as_(person)
        assert "只说给邻居听" not in words(browser.get("/n/cuihu/"))
        assert browser.get("/n/cuihu/desk/members").status_code == 404
        assert browser.post(f"/n/cuihu/posts/{post.id}/like", {"state": "on"}).status_code == 404


def test_the_health_page_tells_in_words(web, cast, now):
    from db import timetable

    lin = web.as_(cast.lin)
    page = words(lin.get("/hq/health"))
    assert "都做完了" in page and "3 分钟没有动静" in page
    timetable.beat(now)
    assert "在走" in words(lin.get("/hq/health"))


def test_what_was_written_is_text(web, cast, now):
    members.vouch(cast.wang, cast.li, now, "<script>alert(1)</script>")
    page = words(web.as_(cast.lin).get("/hq/"))
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
