"""The printed exhibition: as many pages as there are works, nothing cut, every code read at 150 dpi, also held askew."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from db import entries, exhibitions, scans
from db.contests import Contest
from tests import make
from tests.browser import scene

DPI = 150
MM = DPI / 25.4
SHAPES = ((900, 675), (675, 900), (900, 300))

CUT = """() => [...document.querySelectorAll(".a4, .a4 *")].filter(each => !each.closest("svg")
  && getComputedStyle(each).overflow === "hidden"
  && (each.scrollHeight > each.clientHeight + 2 || each.scrollWidth > each.clientWidth + 2)).map(each => each.className)"""


@pytest.fixture
def contest(cast, now):
    """Seven works, across and upright, one with the longest words there may be."""
    made = make.contest(cast.li, now, entries_each=5, title="我眼中的春天")
    for number in range(7):
        author = (cast.zhao, make.neighbor(cast.cuihu, "小陆", now, trusted=True))[number // 5]
        caption = "雨后东门那一树开得正好的白玉兰" * 4 if number == 1 else f"玉兰 {number + 1}"
        code = scene.photo(author, now, 30 + 40 * number, SHAPES[number % 3])
        sent = make.entry(author, made, now, caption, photo_code=code, spot="东门那一排长椅的后面")
        if not sent.shown:  # it looks like another one
            entries.approve(sent, cast.li, now)
    return Contest.get_by_id(made.id)


def _pages(page):
    """The (width, height) in mm of each page of what would be printed."""
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [tuple(round(float(side) / 72 * 25.4) for side in box) for box in boxes]


def _sheets(page):
    """Each sheet as it is printed, as a picture at 150 dpi."""
    page.emulate_media(media="print")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    return [Image.open(io.BytesIO(sheet.screenshot())).convert("L") for sheet in page.locator(".a4").all()]


def _read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def _askew(picture):
    return picture.rotate(12, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def _printing(phone, cast):
    """A page in the host's browser where a CSS pixel is one of a printer of 150 dpi."""
    return phone(
        cast.li, device_scale_factor=DPI / 96, viewport={"width": 1200, "height": 1200}, is_mobile=False, has_touch=False
    )


def test_every_sheet_is_one_page_whole_and_its_code_leads_to_its_work(phone, cast, contest, now):
    page = _printing(phone, cast)
    page.goto(f"/n/cuihu/contests/{contest.id}/exhibition")
    with page.expect_navigation():
        page.get_by_role("button", name="打开作品页").click()
    works = exhibitions.hanging(contest)
    assert _pages(page) == [(297, 210) if work.wide else (210, 297) for work in works]
    sheets = _sheets(page)
    for work, sheet in zip(works, sheets, strict=True):
        assert _read(sheet) == _read(_askew(sheet)) == [f"http://localhost/q/{work.code}"]
    assert page.evaluate(CUT) == []
    codes = page.locator(".qr").all()
    assert min(code.bounding_box()["width"] * 29 / 37 for code in codes) >= 25 / 25.4 * 96  # without its white border
    for sheet, work in zip(page.locator(".a4").all(), works, strict=True):
        box = sheet.locator("img").evaluate(
            "image => [image.naturalWidth / image.naturalHeight, getComputedStyle(image).objectFit]"
        )
        assert box[1] == "contain" and abs(box[0] - work.width / work.height) < 0.02
    guest = phone()
    guest.goto(f"/q/{works[0].code}")
    expect(guest.get_by_role("heading", name=works[0].caption)).to_be_visible()


@pytest.mark.parametrize("name", ["poster", "venue", "contact", "labels", "list", "slips", "tally"])
def test_the_other_sheets_fill_whole_pages(phone, cast, contest, now, name):
    exhibitions.make_codes(contest, cast.li, now)
    page = _printing(phone, cast)
    page.goto(f"/n/cuihu/contests/{contest.id}/exhibition/{name}")
    many = page.locator(".a4").count()
    assert _pages(page) == [(210, 297)] * many and many == (4 if name == "venue" else 1)
    sheets = _sheets(page)
    assert page.evaluate(CUT) == []
    if name == "poster":
        assert _read(sheets[0]) == _read(_askew(sheets[0])) == [f"http://localhost/q/{exhibitions.code_of_wall(contest)}"]
    if name == "venue":
        days = exhibitions.venue_days(contest, now)
        address = "http://localhost" + exhibitions.venue_path(contest, exhibitions.venue_code(contest, days[0]))
        assert len(days) == 4 and _read(sheets[0]) == _read(_askew(sheets[0])) == [address]


def test_the_screen_at_the_market_goes_on_by_itself_and_holds_still_for_whom_that_is_better(phone, cast, contest, now):
    screen = phone(viewport={"width": 1920, "height": 1080}, is_mobile=False, has_touch=False, reduced_motion="reduce")
    screen.goto(f"/n/cuihu/contests/{contest.id}/board")
    inside = "() => document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    assert screen.evaluate(inside)
    assert screen.locator(".work img").evaluate("image => getComputedStyle(image).animationName") == "none"
    exhibitions.make_codes(contest, cast.li, now)
    scans.count(scans.find(exhibitions.code_of_wall(contest)), now)
    with screen.expect_response(lambda answer: answer.url.endswith("/board/figures")):
        screen.evaluate("htmx.trigger('.side', 'htmx:load'); htmx.ajax('GET', location.pathname + '/figures', '.side')")
    expect(screen.locator(".figures b").nth(1)).to_have_text("1")
