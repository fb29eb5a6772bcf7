"""积分商店 from hand to hand: the host puts something up, a neighbour redeems it, and the host's camera reads her screen."""

import io
import re

import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from tests import make


def _press(page, button):
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def test_a_thing_goes_over_the_counter_once(phone, cast, now):
    host, wang = phone(cast.li), phone(make.rich(cast.wang, now))
    host.goto("/n/cuihu/store/")
    host.get_by_role("link", name="好物").click()
    for field, words in {"名称": "荠菜馄饨", "多少积分": "30", "一共几件": "2", "到哪里领": "东门驿站"}.items():
        host.get_by_label(field).fill(words)
    _press(host, "存成草稿")
    _press(host, "上架，让邻居看到")
    wang.goto("/n/cuihu/store/")
    wang.get_by_role("link", name="荠菜馄饨").click()
    wang.get_by_role("link", name="兑换", exact=True).click()
    _press(wang, "用 30 积分兑换")
    (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(wang.screenshot())))
    scanned = re.sub(r"^https?://[^/]+", "", read.text)
    host.goto(scanned)  # what the camera of the phone opens
    expect(host.get_by_role("heading", name="王阿姨")).to_be_visible()
    _press(host, "交给 TA 了")
    wang.reload()
    expect(wang.get_by_text("李姐交给您的")).to_be_visible()
    host.goto(scanned)
    expect(host.get_by_text("由 李姐 核销")).to_be_visible()
    expect(host.get_by_role("button", name="交给 TA 了")).to_have_count(0)
