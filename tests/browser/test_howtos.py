"""A how-to as a neighbour writes it on her phone, makes it, and prints it."""

import re

from playwright.sync_api import expect

from db.howtos import HowtoStep
from db.makings import Made
from tests import make


def test_steps_are_written_pictured_and_moved_in_place(phone, cast, pictures):
    page = phone(cast.zhao)
    page.goto("/n/cuihu/howtos/new")
    page.get_by_label("做什么").fill("荠菜馄饨")
    for number, words in enumerate(("包好", "摘菜", "下锅"), start=1):
        page.get_by_label(f"第 {number} 步", exact=True).fill(words)
    page.get_by_role("button", name="加一步").tap()
    expect(page.get_by_label("第 4 步", exact=True)).to_be_focused()
    page.get_by_label("第 4 步", exact=True).fill("开吃")
    page.locator("#file2").set_input_files(pictures.dish)
    expect(page.get_by_alt_text("第 2 步的照片")).to_be_visible()
    page.get_by_role("button", name=re.compile("上移.*第 2 步")).tap()
    expect(page.get_by_alt_text("第 1 步的照片")).to_be_visible()
    expect(page.get_by_label("第 1 步", exact=True)).to_have_value("摘菜")
    with page.expect_response("**/howtos/new"):
        page.get_by_label("做什么").press("Enter")  # publishes nothing
    page.wait_for_function("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
    page.get_by_label("我已征得同意").check()
    with page.expect_navigation():
        page.get_by_role("button", name="发出去").tap()
    expect(page.locator(".recipe li")).to_have_text([re.compile(words) for words in ("摘菜", "包好", "下锅", "开吃")])
    assert [bool(step.photo_id) for step in HowtoStep.select().order_by(HowtoStep.position)] == [True, False, False, False]


def test_a_neighbour_saves_it_makes_it_and_prints_it(phone, cast, now, pictures):
    recipe = make.howto(cast.zhao, now, "摘菜", "下锅", materials="荠菜\n肉糜", minutes=40)
    page = phone(cast.li)
    page.goto(f"/n/cuihu/posts/{recipe.id}")
    page.get_by_role("button", name="收藏").tap()
    expect(page.get_by_role("button", name="已收藏")).to_have_attribute("aria-pressed", "true")
    page.get_by_text("照着做了？晒一晒").tap()
    page.get_by_label("做得怎么样？").fill("全家抢着吃")
    page.locator("#file").set_input_files(pictures.flower)
    expect(page.locator(".tray-photo input[name=photo]")).to_have_count(1)
    page.get_by_label("我已征得同意").check()
    page.get_by_role("button", name="我做了").tap()
    expect(page.locator("#made")).to_contain_text("全家抢着吃")
    expect(page.get_by_alt_text("李姐做的")).to_be_visible()
    assert Made.get().photo_id
    with page.expect_navigation():
        page.get_by_role("link", name="打印").tap()
    page.wait_for_load_state("networkidle")
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
