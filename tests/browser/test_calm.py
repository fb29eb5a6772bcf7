"""Nothing jumps: not while photos come, not after a tap. What is far below is not fetched."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import scene

BOXES = """() => Object.fromEntries([...document.querySelectorAll("main *, header *")].filter(
  each => each.checkVisibility() && !each.closest(".like, .talk, [id^=talk-]")).map((each, number) => {
    const box = each.getBoundingClientRect();
    const at = [box.left, box.top + scrollY, box.width, box.height].map(Math.round);
    return [number, [each.outerHTML.slice(0, 60), ...at]];
  }))"""

PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def _moved(page, before):
    """What stands elsewhere than before; Chromium's own layout-shift entries miss a page that opens up from nothing."""
    after = page.evaluate(BOXES)
    return [(before[each], after.get(each)) for each in before if before[each] != after.get(each)]


def _hold_photos(page):
    held = []
    page.route("**/*.webp", lambda route: held.append(route))
    return held


@pytest.mark.parametrize("look", ["standard", "elder"])
def test_nothing_moves_while_photos_come(phone, lively, cast, look):
    for address in ("/n/cuihu/", f"/n/cuihu/posts/{lively.many.id}", f"/n/cuihu/topics/{lively.topic.id}", "/n/cuihu/desk/"):
        page = phone(cast.li, look=look)
        held = _hold_photos(page)
        page.goto(address, wait_until="domcontentloaded")
        page.evaluate(PAINTED)
        before = page.evaluate(BOXES)
        page.unroute("**/*.webp")  # lets the held ones go
        page.wait_for_load_state("networkidle")
        assert held and page.evaluate("[...document.querySelectorAll('main img')].some(each => each.complete)"), address
        assert _moved(page, before) == [], address
        page.context.close()


@pytest.fixture
def room(phone, lively, cast):
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    page.wait_for_load_state("networkidle")
    return page


def test_a_like_moves_nothing_else(room, lively):
    heart = room.locator(f"#post-{lively.edited.id} .like")
    before = room.evaluate(BOXES)
    heart.tap()
    expect(heart).to_contain_text("1")
    assert _moved(room, before) == []


def test_comments_open_below_and_leave_what_is_above_in_place(room, lively):
    card = room.locator(f"#post-{lively.edited.id}")
    card.scroll_into_view_if_needed()
    stands = card.locator("footer").bounding_box()
    card.locator(".tap", has_text="评论").tap()
    card.get_by_role("textbox", name="评论").fill("看到了")
    assert card.locator("footer").bounding_box() == stands
    card.get_by_role("button", name="发送").tap()
    expect(card.locator(".comments")).to_contain_text("看到了")
    assert card.locator("footer").bounding_box() == stands


def test_photos_have_their_size_and_wait_until_they_are_needed(phone, lively, cast, now):
    far = scene.with_photos(cast.zhao, now - timedelta(hours=4), "很久以前的照片", 1)
    page = phone(cast.wang)
    fetched = []
    page.on("request", lambda request: fetched.append(request.url) if ".webp" in request.url else None)
    page.goto("/n/cuihu/")
    page.wait_for_load_state("networkidle")
    images = "all => all.map(each => [each.getAttribute('width') > 0, each.getAttribute('height') > 0, each.loading])"
    photos = page.locator("article.card img").evaluate_all(images)
    assert photos and all(photo[:2] == [True, True] for photo in photos)
    assert all(photo[2] == "lazy" for photo in photos[1:])
    last = page.locator(f"#post-{far.id} img")
    code = last.get_attribute("src").split("/")[-2]
    assert not any(code in url for url in fetched)
    with page.expect_response(lambda response: code in response.url):
        last.scroll_into_view_if_needed()
