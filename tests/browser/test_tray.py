"""The photo tray: each file travels alone, shows how far it is, and a failure costs nothing that was typed."""

from playwright.sync_api import expect

from db import posts


def _composer(phone, cast):
    page = phone(cast.zhao)
    page.goto("/n/cuihu/posts/new")
    page.get_by_role("textbox").fill("阳台上的花")
    return page


def test_a_photo_shows_that_it_travels_and_the_post_waits_for_it(phone, cast, pictures):
    page = _composer(phone, cast)
    held = []
    page.route("**/photos", lambda route: held.append(route))
    page.locator("input[type=file]").set_input_files(pictures.dish)
    expect(page.get_by_role("progressbar", name="上传进度")).to_be_visible()
    expect(page.locator(".tray")).to_contain_text("正在")
    page.get_by_role("button", name="发出去").tap()
    expect(page.get_by_role("status")).to_contain_text("照片还在上传")
    held[0].continue_()
    expect(page.locator(".tray img")).to_be_visible()
    page.get_by_text("我已征得同意").tap()
    page.get_by_role("button", name="发出去").tap()
    expect(page.locator(".shot img")).to_have_count(1)


def test_a_photo_that_failed_on_the_way_is_sent_again(phone, watch, cast, pictures):
    watch.allow(502)
    page = _composer(phone, cast)
    page.route("**/photos", lambda route: route.fulfill(status=502), times=1)
    page.locator("input[type=file]").set_input_files(pictures.dish)
    page.get_by_role("button", name="再传一次").tap()
    expect(page.locator(".tray img")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("阳台上的花")


def test_what_is_no_photo_says_so_in_the_tray_and_can_be_taken_out(phone, watch, cast, tmp_path):
    watch.allow(409, 413, 422)
    page = _composer(phone, cast)
    (tmp_path / "drawing.jpg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    page.locator("input[type=file]").set_input_files(str(tmp_path / "drawing.jpg"))
    expect(page.locator(".tray-photo")).to_contain_text("打不开")
    page.locator(".tray-photo").get_by_role("button", name="去掉").tap()
    expect(page.locator(".tray-photo")).to_have_count(0)
    (tmp_path / "huge.jpg").write_bytes(b"\xff\xd8" + bytes(20 * 1024 * 1024 + 8))
    page.locator("input[type=file]").set_input_files(str(tmp_path / "huge.jpg"))
    expect(page.locator(".tray-photo")).to_contain_text("20 MB")


def test_forgetting_the_consent_keeps_words_and_photos(phone, watch, cast, pictures):
    watch.allow(422)
    page = _composer(phone, cast)
    page.locator("input[type=file]").set_input_files(pictures.flower)
    expect(page.locator(".tray img")).to_be_visible()
    page.get_by_role("button", name="发出去").tap()
    expect(page.get_by_role("alert").filter(has_text="征得同意")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("阳台上的花")
    page.get_by_text("我已征得同意").tap()
    page.get_by_role("button", name="发出去").tap()
    expect(page.locator(".shot img")).to_have_count(1)
    assert posts.Post.select().count() == 1


def test_wechat_gets_a_plain_picker(phone, cast):
    page = phone(cast.zhao)
    for address in ("/n/cuihu/posts/new", "/n/cuihu/me/edit"):
        page.goto(address)
        picker = page.locator("input[type=file]")
        assert picker.get_attribute("accept") == "image/*"
        assert picker.get_attribute("multiple") is None and picker.get_attribute("capture") is None
