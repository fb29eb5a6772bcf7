"""What the host prints: a poster and a paper card, one A4 page each, and codes that lead in."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from db import scans


def _codes(picture):
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def _pages(page):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("look", [{}, {"look": "elder"}, {"dark": True}], ids=["ordinary", "elder", "dark"])
def test_the_poster_is_one_page_and_its_code_leads_to_the_join_page(phone, cast, lively, look):
    page = phone(cast.li, **look)
    page.goto("/n/cuihu/desk/poster")
    page.wait_for_load_state("networkidle")
    assert _pages(page) == 1
    page.emulate_media(media="print")
    expect(page.locator(".no-print").first).to_be_hidden()
    expect(page.locator("nav.bar")).to_be_hidden()
    (address,) = _codes(page.screenshot(full_page=True))
    _leads_to_the_join_page(phone(), address)


def _leads_to_the_join_page(guest, address):
    guest.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(guest).to_have_url(re.compile("/n/cuihu/join"))
    expect(guest.get_by_role("button", name="坐下")).to_be_visible()


@pytest.mark.parametrize("look", [{}, {"look": "elder"}, {"dark": True}], ids=["ordinary", "elder", "dark"])
def test_the_paper_card_is_one_page_and_its_code_signs_in(phone, cast, look):
    page = phone(cast.li, **look)
    page.goto(f"/n/cuihu/desk/members/{cast.chen.id}")
    with page.expect_navigation():
        page.get_by_role("button", name="做一张卡").tap()
    assert _pages(page) == 1
    page.emulate_media(media="print")
    (address,) = _codes(page.screenshot(full_page=True))
    elder = phone()
    elder.goto(re.sub(r"^https?://[^/]+", "", address))
    elder.get_by_role("button", name="我是陈奶奶").tap()
    expect(elder.locator(".hero h1")).to_contain_text("陈奶奶")


def test_the_card_to_save_with_a_long_press_is_a_picture_whose_code_leads_in(phone, cast, lively):
    page = phone()
    page.goto("/n/cuihu/host")
    page.wait_for_load_state("networkidle")
    picture = page.locator("img.drawn")
    answer = page.request.get(picture.get_attribute("src"))
    assert answer.headers["content-type"] == "image/png"
    (address,) = _codes(answer.body())
    assert _codes(picture.screenshot()) == [address]
    page.goto(re.sub(r"^https?://[^/]+", "", address))
    expect(page.get_by_role("heading", name="李姐")).to_be_visible()
    page.get_by_role("link", name="坐坐").tap()
    expect(page.get_by_role("button", name="坐下")).to_be_visible()


AT_150_DPI = {"viewport": {"width": 794, "height": 1123}, "device_scale_factor": 150 / 96, "is_mobile": False, "has_touch": False}
# A module is 6 units wide (web/qr.py), and 4 of quiet zone stand on each side.
SIDES = """() => [...document.querySelectorAll(".qr svg")].map(svg => {
  const modules = svg.viewBox.baseVal.width / 6;
  return svg.getBoundingClientRect().width / 96 * 25.4 * (modules - 8) / modules;
})"""


@pytest.mark.parametrize("look", [{}, {"look": "elder", "dark": True}], ids=["ordinary", "elder-dark"])
def test_printed_codes_are_big_enough_and_are_read_straight_and_askew(phone, cast, lively, look):
    page = phone(cast.li, **look, **AT_150_DPI)
    page.emulate_media(media="print")
    long_words = "扫一扫，晒出你家的拿手菜，也看看别人家的，顺手说一句好话，认识一位新邻居吧"
    scans.QrToken.update(label=long_words).where(scans.QrToken.id == lively.code.id).execute()
    printed = scans.QrToken.target_type.in_(["entry", "contest", "booth"])  # those have sheets of their own
    scans.QrToken.update(revoked_at=scans.QrToken.created_at).where(printed).execute()
    one = f"codes/{lively.code.id}/print"
    for path, many in ((one, 1), (f"{one}?size=a6", 1), ("codes/print", 3)):
        page.goto(f"/n/cuihu/{path}")
        assert _pages(page) == 1, path
        sides = page.evaluate(SIDES)
        assert len(sides) == many and min(sides) >= 25, (path, sides)
        paper = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
        for degrees in (0, 12):
            turned = paper.rotate(degrees, expand=True, fillcolor=255)
            read = [found.text for found in zxingcpp.read_barcodes(turned)]
            assert len(read) == many and f"http://localhost/q/{lively.code.code}" in read, (path, degrees)
    guest = phone()
    guest.goto(f"/q/{lively.code.code}")
    expect(guest).to_have_url(re.compile(f"/n/cuihu/topics/{lively.topic.id}$"))
