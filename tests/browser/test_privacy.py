"""An export under way shows by itself how far it is, and takes nobody's place on the page meanwhile."""

import json
import zipfile

from playwright.sync_api import expect

from db import people, privacy
from db.exports import Export
from tests import make


def test_she_watches_it_being_made_and_downloads_it(phone, cast, now):
    page = phone(cast.wang)
    page.goto("/me/privacy")
    page.get_by_role("link", name="打包带走一份").tap()
    page.get_by_role("button", name="开始打包").tap()
    expect(page.get_by_text("排队中")).to_be_visible()
    Export.update(state="working", done=3, of=9).execute()
    expect(page.get_by_text("3 / 9")).to_be_visible()
    assert page.evaluate("document.activeElement === document.body")
    Export.update(state="waiting").execute()
    privacy.make_exports(now)
    expect(page.get_by_text("打包好了").first).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="下载").tap()
    assert json.loads(zipfile.ZipFile(saved.value.path()).read("data.json"))["称呼"] == "王阿姨"


def test_her_number_comes_in_the_place_of_the_button(phone, cast, now):

    people.bind_phone(cast.wang.user, "13812345678")
    page = phone(make.again(cast.wang))
    page.goto("/me/privacy")
    page.get_by_role("button", name="看完整号码").tap()
    expect(page.locator("#phone")).to_have_text("138 1234 5678")
