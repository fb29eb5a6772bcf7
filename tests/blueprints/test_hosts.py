"""The host card, the QR to come in by, the poster, and the form the host writes them with."""

import io
from datetime import timedelta

import pytest
import time_machine
import zxingcpp
from PIL import Image

from db import hosts, members, people, scans
from db.hosts import HostProfile, SignedMission
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

CARD, EDIT, POSTER, QR = "/n/cuihu/host", "/n/cuihu/desk/card", "/n/cuihu/desk/poster", "/n/cuihu/join.png"
SCANNED, VCARD = "/n/cuihu/host/{}", "/n/cuihu/host.vcf"
FORM = {
    "title": "翠湖花园生活顾问", "mission": "把小区过成一个大院：有事有人帮。", "greeting": "来坐坐", "skills": "烘焙",
    "hours": "晚上七点", "story": "爱种花。\n也爱看书。", "lived": "住了十年", "why": "有人帮过我", "talks": "孩子上学",
}  # fmt: skip


def profile(cast):
    return HostProfile.get(HostProfile.membership == cast.li.id)


# The card


def test_everybody_meets_the_host(web, cast):
    for browser in (web.guest(), web.as_(cast.wang), web.as_(cast.zhou)):
        page = browser.get(CARD)
        assert is_whole(page) and "绿洲生活主理人" in words(page) and "我的使命是" in words(page) and "李姐 签于" in words(page)
        assert 'src="/n/cuihu/host.png"' in words(page) and "host.vcf" in words(page) and EDIT not in words(page)
    assert EDIT in words(web.as_(cast.li).get(CARD))
    assert is_whole(web.guest().get(CARD, part=True))


def test_the_card_is_one_picture_that_leads_back_to_its_host(web, cast, now):
    answer = web.guest().get("/n/cuihu/host.png")
    assert Image.open(io.BytesIO(answer.data)).size == (1080, 1440) and len(answer.data) <= 400_000
    assert read(answer) == f"http://localhost{SCANNED.format(cast.li.id)}"
    again = web.guest().get("/n/cuihu/host.png", **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and web.guest().get("/n/yangguangli/host.png").status_code == 404
    hosts.describe(cast.li, now, title="🌸", mission="🌸" * 40, skills="<script>" * 6)
    members.describe(cast.li, name="🌸", building="")
    assert read(web.guest().get("/n/cuihu/host.png")) == f"http://localhost{SCANNED.format(cast.li.id)}"


def test_the_qr_of_a_card_still_leads_somewhere_when_its_host_is_gone(web, cast, now):
    url, guest = SCANNED.format(cast.li.id), web.guest()
    page = words(guest.get(url))
    assert "李姐" in page and "join?source=ecard" in page and "已离任" not in page
    assert led_to(web.as_(cast.wang).get(url), CARD)
    members.appoint(cast.li, "resident", cast.lin, now, "搬去女儿家了")
    assert "该主理人已离任" in words(guest.get(url)) and "李姐" not in words(guest.get(url)) and is_whole(guest.get(url))
    members.appoint(cast.zhao, "host", cast.lin, now, "邻居们推举的")
    assert "该主理人已离任" in words(guest.get(url)) and "赵敏" in words(guest.get(url))
    for stranger in (cast.wang.id, cast.zhou.id, 99999):  # never a host, or not of here
        assert guest.get(SCANNED.format(stranger)).status_code == 404
    assert guest.get(url.replace("cuihu", "yangguangli")).status_code == 404


def test_who_comes_by_the_card_is_counted(web, cast):
    guest = web.guest()
    form = guest.get("/n/cuihu/join?source=ecard")
    guest.post("/n/cuihu/join", {"name": "新邻居", "consent": "y", "source": typed(form, "source"), "op_id": "newcomer0001"})
    li = web.as_(cast.li)
    assert "1 位" in words(li.get(EDIT))
    listed = words(li.get("/n/cuihu/desk/members?source=ecard"))
    assert "新邻居" in listed and "王阿姨" not in listed


def test_the_contact_has_a_phone_only_where_the_host_put_it(web, cast):
    guest, li = web.guest(), web.as_(cast.li)
    people.bind_phone(cast.li.user, "13800000009")
    answer = guest.get(VCARD)
    assert answer.mimetype == "text/vcard" and "13800000009" not in words(answer)
    assert "FN:李姐 · 翠湖花园" in words(answer) and "URL:http://localhost/n/cuihu/host" in words(answer)
    assert all(len(line.encode()) <= 75 for line in words(answer).split("\r\n"))
    li.post(EDIT, FORM | {"phone_on_card": "y"})
    assert "TEL;TYPE=CELL:13800000009" in words(guest.get(VCARD)) and "13800000009" not in words(guest.get(CARD))
    li.post(EDIT, FORM | {"mission": "分号;逗号,反斜\\杠，都要写得进名片里去"})
    contact = words(guest.get(VCARD))
    assert (
        "TEL" not in contact and "分号\\;逗号\\,反斜\\\\杠" in contact and guest.get("/n/yangguangli/host.vcf").status_code == 404
    )


def test_how_a_host_answers_is_told_when_there_is_enough_to_tell(web, cast, now):
    from db import comments

    assert "回话" not in words(web.guest().get(CARD))
    for number in range(5):
        question = make.post(cast.zhao, now - timedelta(hours=9), kind="question")
        comments.say(cast.li, question, now - timedelta(hours=9 - number), body="有的", op_id=f"answer {number}")
    assert "一半在 2 小时内" in words(web.guest().get(CARD)) and "近 30 天 5 次" in words(web.guest().get(CARD))


def test_without_a_mission_there_is_a_gentle_word(web, cast, now):
    hosts.describe(cast.li, now, title="", mission="")
    for page in (CARD, "/n/cuihu/"):
        assert "还在想对大家说的第一句话" in words(web.guest().get(page))
    assert "绿洲生活主理人" in words(web.guest().get(CARD))


def test_without_a_host_the_pages_are_still_fine(web, cast, now):
    for url in ("/n/yangguangli/host", "/n/yangguangli/"):
        assert web.guest().get(url).status_code == 200
    assert "主理人还没到任" in words(web.guest().get("/n/yangguangli/host"))
    members.Membership.update(role="resident").where(members.Membership.id == cast.li.id).execute()
    assert "主理人还没到任" in words(web.guest().get(CARD)) and "李姐" not in words(web.guest().get(CARD))


def test_an_unknown_place_has_no_host(web, cast):
    for url in ("/n/nowhere/host", "/n/nowhere/join.png", "/n/nowhere/desk/card"):
        assert web.guest().get(url).status_code == 404


# Writing it


@pytest.mark.parametrize("part", [False, True])
def test_a_host_writes_and_signs_her_card(web, cast, now, part):
    li = web.as_(cast.li)
    page = li.get(EDIT)
    assert is_whole(page) and typed(page, "title") == "绿洲生活主理人" and "我的使命是" in written(page, "mission")
    with time_machine.travel((now + timedelta(minutes=20)).strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        for _ in range(2):
            answer = li.post(EDIT, FORM, part=part)
            assert told_to_load(answer, CARD) if part else led_to(answer, CARD)
        assert flash_after(li, answer) == "名片更新了"
    assert SignedMission.select().where(SignedMission.profile == profile(cast)).count() == 2
    page = words(web.guest().get(CARD))
    assert [name for name in FORM if FORM[name] not in page] == ["greeting"]  # said at the welcome
    assert (
        "以前签过的使命" in page and "安心、健康、美好" in page and "来坐坐" in words(web.as_(cast.wang).get("/n/cuihu/welcome"))
    )
    assert FORM["mission"] in words(web.guest().get("/n/cuihu/"))


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "总部主理人"), ("title", "官方顾问"), ("title", "小区民警"), ("title", "政府代表"), ("title", "金牌团长"),
        ("title", "团 长"), ("title", "长" * 17), ("title", "a\x1bb"), ("mission", "太短了"), ("mission", "长" * 81),
        ("greeting", "长" * 121), ("skills", "长" * 61), ("hours", "长" * 41), ("lived", "长" * 41), ("why", "长" * 121),
        ("talks", "a\x1bb"), ("story", "长" * 601), ("story", "a\x1bb"),
    ],
)  # fmt: skip
def test_a_bad_card_is_given_back_and_the_old_one_stands(web, cast, part, field, value):
    form = FORM | {field: value}
    answer = web.as_(cast.li).post(EDIT, form, part=part)
    assert answer.status_code == 422 and beside(answer, field)
    for name in ("title", "greeting", "skills", "hours"):
        assert typed(answer, name) == form[name]
    assert (written(answer, "mission"), written(answer, "story")) == (form["mission"], form["story"])
    assert (profile(cast).title, profile(cast).greeting) == ("绿洲生活主理人", "")


def test_a_very_long_word_or_none_at_all_breaks_nothing(web, cast):
    li = web.as_(cast.li)
    for name in FORM:
        assert li.post(EDIT, FORM | {name: "长" * 10000}).status_code == 422
    assert li.post(EDIT).status_code == 303 and profile(cast).title == "绿洲生活主理人"


@pytest.mark.parametrize("probe", ["<b onclick=a()>", '"><img src=x>', "{{ 7*7 }}", "javascript:a()"])
def test_what_looks_like_a_program_is_only_words(web, cast, probe):
    li = web.as_(cast.li)
    li.post(
        EDIT, {"title": probe[:16], "mission": probe + "十个字以上的使命宣言", "story": probe, "greeting": probe, "skills": probe}
    )
    assert profile(cast).story == probe
    for page in (li.get(CARD), li.get(EDIT), li.get(POSTER), web.guest().get("/n/cuihu/"), web.guest().get("/n/cuihu/join")):
        assert "<b onclick" not in words(page) and "<img src=x" not in words(page) and ">49<" not in words(page)
        assert 'href="javascript' not in words(page)


def test_fields_nobody_offered_change_nothing(web, cast):
    before = profile(cast)
    more = {"membership": cast.wang.id, "id": "77", "mission_signed_at": "2020-01-01", "role": "hq"}
    assert web.as_(cast.li).post(EDIT, FORM | more).status_code == 303
    after = profile(cast)
    assert after.id == before.id and after.mission_signed_at.year == 2026 and make.again(cast.li).role == "host"


@pytest.mark.parametrize("url", [EDIT, POSTER])
def test_card_and_poster_are_the_hosts_of_this_place_alone(web, cast, now, url):
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert web.as_(cast.wang).get(url).status_code == 403 and web.as_(cast.li).get(url).status_code == 200
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin)):
        assert stranger.get(url).status_code == 404
    assert shown_the_door(web.guest().get(url), "/signin", url)
    assert shown_the_door(web.guest().get(url, part=True), "/signin", "/n/cuihu/", part=True)


def test_nobody_else_writes_the_card(web, cast, now):
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert web.as_(cast.wang).post(EDIT, FORM).status_code == 403
    assert "这个操作需要别的身份" in toast(web.as_(cast.wang).post(EDIT, FORM, part=True))
    for stranger in (qian, web.as_(cast.zhou), web.as_(cast.lin)):
        assert stranger.post(EDIT, FORM).status_code == 404
    assert shown_the_door(web.guest().post(EDIT, FORM), "/signin", "/n/cuihu/")
    assert shown_the_door(web.guest().post(EDIT, FORM, part=True), "/signin", "/n/cuihu/", part=True)
    assert profile(cast).title == "绿洲生活主理人" and "翠湖花园生活顾问" not in words(web.guest().get(CARD))


# The QR


def read(answer):
    assert answer.status_code == 200 and answer.mimetype == "image/png"
    return zxingcpp.read_barcode(Image.open(io.BytesIO(answer.data))).text


def test_the_qr_leads_into_this_place_whatever_name_it_was_asked_under(web, cast, now):
    guest = web.guest()
    link = read(guest.get(QR))
    assert link == f"http://localhost/q/{scans.join_code(cast.cuihu, now)}"
    assert read(guest.get(QR)) == read(web.as_(cast.li).get(QR)) == link
    assert read(guest.get(QR, Host="evil.example")) == link != read(guest.get("/n/yangguangli/join.png"))
    assert guest.get(QR).headers["Cache-Control"] == "public, max-age=86400"
    assert "cuihu" in guest.get(link.removeprefix("http://localhost")).headers["Location"]


def test_a_torn_corner_is_still_read(web, cast):
    picture = Image.open(io.BytesIO(web.guest().get(QR).data)).convert("L")
    side = picture.width // 6
    picture.paste(255, (picture.width - side * 2, picture.height - side * 2, picture.width - side, picture.height - side))
    assert zxingcpp.read_barcode(picture).text.startswith("http://localhost/q/")


def test_the_poster_has_the_qr_and_the_host_on_it(web, cast, now):
    page = web.as_(cast.li).get(POSTER)
    assert is_whole(page) and QR in words(page) and "李姐" in words(page) and "翠湖花园" in words(page)
