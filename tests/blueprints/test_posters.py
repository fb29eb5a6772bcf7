"""The picture and the words that go into a group."""

import io

import pytest
import zxingcpp
from PIL import Image

from db import photos, posts, revisions
from tests import make
from tests.blueprints.answers import is_whole, shown_the_door, words, written
from tests.browser.scene import picture
from web import drawing


def poster(post):
    return f"/n/cuihu/posts/{post.id}/poster.png"


def announce(post, slug="cuihu"):
    return f"/n/{slug}/desk/posts/{post.id}/announce"


def drawn(answer):
    assert answer.status_code == 200 and answer.mimetype == "image/png" and len(answer.data) <= 400_000
    image = Image.open(io.BytesIO(answer.data))
    assert image.size == (1080, 1440)
    return image


def seen(code):
    """A photo of light and shade for this code, as a phone would take it."""
    noise = Image.effect_noise((800, 600), 60).convert("RGB")
    with Image.open(io.BytesIO(picture(800, 600, 30))) as scene:
        Image.blend(scene, noise, 0.3).save(photos.file_of(code, 800), "WEBP")


def test_a_poster_leads_to_its_post_whatever_stands_on_it(web, cast, now):
    photo = make.photo(cast.zhao, now).code
    long = "<script>长</script>，。！" * 60
    for number, values in enumerate(
        [
            {"body": "窗外的樱花开了"},
            {"body": long, "kind": "howto", "title": "W" * 60},
            {"body": "👨‍👩‍👧🌸", "kind": "meetup", "title": "🏮🏮"},
            {"body": "", "photo_codes": [photo], "consent": True},
        ]
    ):
        post = make.post(cast.zhao, now, **values)
        image = drawn(web.guest().get(poster(post)))
        if number == 3:
            seen(photo)
            image = drawn(web.as_(cast.wang).get(poster(post) + "?again"))
        assert zxingcpp.read_barcode(image.convert("L")).text == f"http://localhost/n/cuihu/posts/{post.id}"
        assert is_whole(web.guest().get(poster(post).removesuffix(".png")))


def test_a_poster_is_drawn_once_and_again_when_a_word_changes(web, cast, now, monkeypatch):
    post, guest, times = make.post(cast.zhao, now), web.guest(), []
    draw = drawing.poster
    monkeypatch.setattr(drawing, "poster", lambda **words: times.append(1) or draw(**words))
    first = guest.get(poster(post))
    assert guest.get(poster(post)).data == first.data and len(times) == 1
    assert guest.get(poster(post), **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    revisions.edit(posts.find(cast.cuihu, post.id), cast.zhao, now, body="樱花谢了")
    assert guest.get(poster(post)).data != first.data and len(times) == 2


@pytest.mark.parametrize("what", ["neighborhood", "pending", "withdrawn", "elsewhere"])
def test_what_is_not_for_everybody_has_no_poster(web, cast, now, what):
    post = make.post(
        cast.wang if what == "pending" else cast.zhao, now, visibility="neighborhood" if what == "neighborhood" else "public"
    )
    if what == "withdrawn":
        posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    url = poster(post).replace("cuihu", "yangguangli") if what == "elsewhere" else poster(post)
    for browser in (web.guest(), web.as_(cast.zhao), web.as_(cast.li)):
        assert browser.get(url).status_code == browser.get(url.removesuffix(".png")).status_code == 404
    li = web.as_(cast.li)
    if what != "elsewhere":
        assert announce(post) not in words(li.get(f"/n/cuihu/posts/{post.id}"))
        assert "海报</a>" not in words(li.get(f"/n/cuihu/posts/{post.id}"))
        assert li.get(announce(post)).status_code == 409


def test_a_host_takes_the_words_and_the_picture(web, cast, now):
    post, li = make.post(cast.zhao, now, "走到湖边", kind="meetup", title="周六环湖走一走"), web.as_(cast.li)
    assert announce(post) in words(li.get(f"/n/cuihu/posts/{post.id}"))
    page = li.get(announce(post))
    text = written(page, "announcement") or words(page).split("readonly>")[1].split("</textarea>")[0]
    assert is_whole(page) and "周六环湖走一走" in text and f"http://localhost/n/cuihu/posts/{post.id}" in text
    assert poster(post) in words(page) and 'data-copies="announcement"' in words(page)
    assert is_whole(li.get(announce(post), part=True))


def test_the_words_are_the_hosts_of_this_place_alone(web, cast, now):
    post = make.post(cast.zhao, now)
    qian = make.host(cast.yangguangli, "钱主理", now)
    assert web.as_(cast.wang).get(announce(post)).status_code == 403
    for stranger in (cast.zhou, cast.lin, qian):
        assert web.as_(stranger).get(announce(post)).status_code == 404
    assert web.as_(qian).get(announce(post, "yangguangli")).status_code == 404
    assert shown_the_door(web.guest().get(announce(post)), "/signin", announce(post))
