"""The host's prints and the screen at the market over HTTP."""

import io
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from blueprints.exhibitions import PART, SHEETS
from db import exhibitions, rotating
from db.contests import Contest
from db.entries import Entry
from tests import make
from tests.blueprints.answers import is_whole, led_to, shown_the_door, told_to_load, words
from web import paper


@pytest.fixture
def contest(cast, now):
    made = make.contest(cast.li, now, entries_each=5)
    for number in range(3):
        make.entry(cast.zhao, made, now, f"<script>alert({number})</script>", spot="<b>东门</b>", signed="小敏")
    return Contest.get_by_id(made.id)


def at(contest, what="exhibition"):
    return f"/n/cuihu/contests/{contest.id}/{what}"


def voting(contest):
    """The moment the vote has begun."""
    Contest.update(state="voting").where(Contest.id == contest.id).execute()
    return time_machine.travel(contest.voting_opens_at + timedelta(hours=1), tick=False)


def test_the_host_opens_each_sheet_with_one_tap(web, cast, contest):
    li = web.as_(cast.li)
    page = li.get(at(contest))
    assert is_whole(page) and "3 幅可以印" in words(page)
    assert "&lt;script&gt;" in words(page) and "<script>alert" not in words(page)
    assert f'href="{at(contest)}"' in words(li.get(f"/n/cuihu/contests/{contest.id}"))
    for name, kind in SHEETS.items():
        assert f'value="{name}"' in words(page)
        asked = li.post(at(contest), {"sheet": name, "order": "spot", "signed": "0"})
        assert led_to(asked, f"{at(contest)}/{name}?order=spot&signed=0")
        assert told_to_load(li.post(at(contest), {"sheet": name}, part=True), f"{at(contest)}/{name}")
        sheet = words(li.get(asked.headers["Location"]))
        assert kind.title in sheet and 'class="a4' in sheet and "<script>alert" not in sheet and "<b>东门" not in sheet
        assert "小敏" not in sheet
    assert "小敏" in words(li.get(at(contest, "exhibition/works")))


def test_nobody_else_prints_and_nothing_leaves_its_place(web, cast, contest):
    photo, other = exhibitions.hanging(contest)[0].photo, web.as_(make.host(cast.yangguangli, "周姐", contest.opens_at))
    for path in (at(contest), at(contest, "exhibition/works"), at(contest, f"exhibition/{photo}/400.jpg")):
        assert shown_the_door(web.guest().get(path), "/signin", path)
        assert web.as_(cast.wang).get(path).status_code == 403
        assert web.as_(cast.zhou).get(path).status_code == 404
        assert other.get(path.replace("cuihu", "yangguangli")).status_code == 404
    assert web.as_(cast.wang).post(at(contest), {"sheet": "works"}).status_code == 403
    assert web.as_(cast.zhou).post(at(contest), {"sheet": "works"}).status_code == 404
    assert exhibitions.hanging(contest)[0].code == ""
    li = web.as_(cast.li)
    assert li.post(at(contest), {"sheet": "money"}).status_code == 404 == li.get(at(contest, "exhibition/money")).status_code
    for width in (800, 1, 10**20):
        assert li.get(at(contest, f"exhibition/{photo}/{width}.jpg")).status_code == 404
    jpeg = li.get(at(contest, f"exhibition/{photo}/1600.jpg"))
    assert jpeg.mimetype == "image/jpeg" and Image.open(io.BytesIO(jpeg.data)).format == "JPEG"


def test_looking_makes_no_code_and_the_page_says_what_is_missing(web, cast, contest):
    li = web.as_(cast.li)
    page = words(li.get(at(contest, "exhibition/works?order=building")))
    assert "3 张还没有二维码" in page and "<svg" not in page.partition('class="a4')[2] and 'name="order" value="building"' in page
    assert exhibitions.hanging(contest)[0].code == ""
    li.post(at(contest), {"sheet": "works"})
    page = words(li.get(at(contest, "exhibition/works")))
    assert "还没有二维码" not in page and page.count('class="a4') == 3 == page.count('class="qr"')


def test_many_works_come_in_parts_and_every_choice_has_a_usual_one(web, cast, contest, now):
    author = make.neighbor(cast.cuihu, "小陆", now, trusted=True)
    for number in range(PART - 2):
        Entry.create(
            contest=contest, neighborhood=cast.cuihu, author=author, photo=make.photo(author, now), no=4 + number,
            place_no=number, caption=f"{number}", signed="陆", print_consent=True, state="approved", op_id=f"{number}",
            created_at=now,
        )  # fmt: skip
    li = web.as_(cast.li)
    li.post(at(contest), {"sheet": "works"})
    first, second = (words(li.get(at(contest, f"exhibition/works?part={part}"))) for part in (1, 2))
    assert first.count('class="a4') == PART and second.count('class="a4') == 1 and "第 2 份" in first
    assert li.get(at(contest, "exhibition/works?part=3")).status_code == 404
    for odd in ("order=x&signed=&slip=x&many=-1&part=0", "many=1e309&part=NaN&order=%F0%9F%8F%AE", "many=99999999&part=²"):
        assert li.get(at(contest, f"exhibition/slips?{odd}")).status_code == 200
    many = words(li.get(at(contest, "exhibition/slips?many=3&slip=blank")))
    assert many.count('class="a4 slips') == 3 and many.count('class="slip "') == 12 and "第 ＿＿＿＿ 号" in many


def test_with_nothing_to_hang_the_page_says_what_is_missing(web, cast, now):
    empty, draft = make.contest(cast.li, now, paper=False), make.contest(cast.li, now, started=False)
    make.entry(cast.zhao, empty, now, print_consent=False)
    li = web.as_(cast.li)
    page = words(li.get(at(empty)))
    assert "0 幅可以印" in page and "作者没有同意打印" in page and 'value="poster"' in page
    assert 'value="works"' not in page and 'value="slips"' not in page
    sheet = li.get(at(empty, "exhibition/works"))
    assert sheet.status_code == 200 and "还没有可以印的" in words(sheet) and 'class="a4' not in words(sheet)
    assert "开始征集以后" in words(li.get(at(draft)))
    assert li.post(at(draft), {"sheet": "poster"}).status_code == 409 == li.get(at(draft, "exhibition/poster")).status_code


def test_a_pdf_where_this_machine_can_make_one(web, cast, contest):
    """weasyprint is an extra: with it the file comes, without it nothing speaks of it."""
    li = web.as_(cast.li)
    li.post(at(contest), {"sheet": "works"})
    answer, page = li.get(at(contest, "exhibition/works.pdf")), words(li.get(at(contest, "exhibition/works")))
    assert ("下载 PDF" in page) == paper.ready()
    if paper.ready():
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
        assert "attachment" in answer.headers["Content-Disposition"]
    else:
        assert answer.status_code == 404
    assert web.as_(cast.wang).get(at(contest, "exhibition/works.pdf")).status_code == 403


def test_everybody_sees_the_screen_and_todays_code_only_where_the_host_opened_it(web, cast, contest):
    day = rotating.venue_day(contest.voting_opens_at + timedelta(hours=1))
    code, key = exhibitions.venue_code(contest, day), exhibitions.screen_key(contest, day)
    shown, guest, li = f"{code[:3]} {code[3:]}", web.guest(), web.as_(cast.li)
    assert shown not in words(li.get(at(contest, "board")))
    with voting(contest):
        li = web.as_(cast.li)
        for what in ("board", "board/figures"):
            assert shown in words(li.get(at(contest, what))) and shown in words(guest.get(at(contest, f"{what}?key={key}")))
            for browser in (guest, web.as_(cast.wang), web.as_(cast.zhou)):
                assert shown not in words(browser.get(at(contest, what))) + words(browser.get(at(contest, f"{what}?key={key}x")))
        board = words(guest.get(at(contest, f"board?key={key}")))
        assert is_whole(guest.get(at(contest, "board"))) and f"board/figures?key={key}" in board and "<script>alert" not in board
        assert "票数" not in board and "3</b>幅作品" in board and "后投票截止" in board
    assert guest.get(f"/n/yangguangli/contests/{contest.id}/board").status_code == 404
    assert guest.get(at(contest, "board?key=%00")).status_code == 400


def test_the_screen_is_sent_again_only_when_something_changed(web, cast, contest, now):
    guest, moment = web.guest(), contest.opens_at + timedelta(days=1)
    with time_machine.travel(moment, tick=False):
        for what in ("board/figures", "board/work"):
            answer = guest.get(at(contest, what), part=True)
            tag = {"If-None-Match": answer.headers["ETag"]}
            assert not is_whole(answer) and "no-cache" in answer.headers["Cache-Control"]
            again = guest.get(at(contest, what), part=True, **tag)
            assert again.status_code == 304 and not again.data
    with time_machine.travel(moment + timedelta(seconds=exhibitions.TURN), tick=False):
        assert guest.get(at(contest, "board/work"), **tag).status_code == 200
