"""词表 over HTTP: HQ sees what a word would find before it is saved; nobody else sees the list."""

from db import screening
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, words, written

WORDS = "/hq/words"


def test_seen_first_then_saved_then_taken_off(web, cast, now):
    make.post(cast.zhao, now, "樱 花 开了")
    lin = web.as_(cast.lin)
    assert "词表是空的" in words(lin.get(WORDS)) and WORDS in words(lin.get("/hq/"))
    page = lin.post(f"{WORDS}/preview", {"words": "樱花\n月亮", "level": "refuse"})
    assert "会碰到 1 条" in words(page) and "樱 花 开了" in words(page) and written(page, "words") == "樱花\n月亮"
    assert 'value="refuse" checked' in words(page) and screening.listed() == []
    assert led_to(lin.post(WORDS, {"words": "樱花\n月亮", "level": "refuse"}), WORDS) and "月亮" in words(lin.get(WORDS))
    word = screening.listed()[0]
    assert led_to(lin.post(f"{WORDS}/{word.id}/remove"), WORDS) and lin.post(f"{WORDS}/{word.id}/remove").status_code == 409
    assert len(screening.listed()) == 1 and "更新词表" in words(lin.get("/hq/"))


def test_what_is_no_list_stays_in_the_box(web, cast):
    lin = web.as_(cast.lin)
    for path in (WORDS, f"{WORDS}/preview"):
        answer = lin.post(path, {"words": "单", "level": "hold"})
        assert answer.status_code == 422 and is_whole(answer) and beside(answer, "words") and written(answer, "words") == "单"
    assert lin.post(WORDS, {"words": "樱花", "level": "burn"}).status_code == 422 and screening.listed() == []


def test_nobody_else(web, cast):
    for person in (cast.wang, cast.li, cast.sun):
        browser = web.as_(person)
        assert browser.get(WORDS).status_code == browser.post(WORDS, {"words": "樱花"}).status_code == 403
    assert web.guest().get(WORDS).status_code == 303 and screening.listed() == []
