"""Photos in and out over HTTP: what the browser gets is our own pixels, and only if it may."""

import io
import re

import pytest

from db import photos, posts, reviews
from db.photos import Photo
from tests import make
from tests.blueprints.answers import beside, is_whole, shown_the_door, toast, words
from tests.db.test_pictures import (
    CORNERS,
    GIF,
    SECRET,
    STORED,
    SVG,
    assert_pixels_only,
    corners,
    file_of,
    flag,
    opened,
    told,
)  # fmt: skip

PHOTOS, POSTS = "/n/cuihu/photos", "/n/cuihu/posts"
FORM = {"op_id": "photosphotos", "kind": "chat", "body": "照片", "consent": "y"}


def sent(data, name="照片.jpg"):
    return {"file": (io.BytesIO(data), name)}


def src(photo, width=400, place="cuihu"):
    return f"/n/{place}/photos/{getattr(photo, 'code', photo)}/{width}.webp"


def posted(author, now, **values):
    """A post with one photo, as it stands in the database."""
    code = make.photo(author, now).code
    post = make.post(author, now, photo_codes=[code], consent=True, **values)
    return posts.find(author.neighborhood, post.id), Photo.get(Photo.code == code)


# In


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_lies_in_the_tray_upright_and_bare(web, cast, kind):
    stored = flag().transpose(STORED[6])
    zhao = web.as_(cast.zhao)
    answer = zhao.post(PHOTOS, sent(file_of(stored, kind, exif=told(6)), "照片.bin"), part=True)
    assert answer.status_code == 200 and words(answer).lstrip().startswith("<li")
    photo = Photo.get()
    assert f'value="{photo.code}"' in words(answer) and (photo.width, photo.height, photo.used) == (900, 600, False)
    for width in (400, 800, 1600):
        served = zhao.get(src(photo, width))
        assert served.mimetype == "image/webp" and corners(served.data) == CORNERS
        assert not opened(served.data).getexif() and SECRET.encode() not in served.data and b"EXIF" not in served.data
        assert served.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_served_has_nothing_but_pixels(web, cast):
    zhao = web.as_(cast.zhao)
    zhao.post(PHOTOS, sent(file_of(flag(), "HEIF", exif=told())), part=True)
    code = Photo.get().code
    assert_pixels_only(type("Made", (), {"files": {width: zhao.get(src(code, width)).data for width in (400, 800, 1600)}}))


def half(kind):
    data = file_of(flag(), kind)
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "空.jpg"), (b"hello", "a.jpg"), (SVG, "a.jpg"), (SVG, "a.svg"), (GIF, "a.gif"), (half("JPEG"), "半.jpg"),
        (half("HEIF"), "半.heic"), (file_of(flag(), "TIFF"), "a.jpg"), (b"\xff\xd8\xff", "../../a.jpg"),
    ],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(web, cast, data, name):
    zhao = web.as_(cast.zhao)
    answer = zhao.post(PHOTOS, sent(data, name), part=True)
    assert answer.status_code == 422 and re.search("[\u4e00-\u9fff]", toast(answer)) and "<li" not in words(answer)
    answer = zhao.post(PHOTOS, sent(data, name))
    assert answer.status_code == 422 and is_whole(answer) and "换一张" in words(answer)
    answer = zhao.post(POSTS, FORM | sent(data, name) | {"add": "1"})
    assert answer.status_code == 422 and beside(answer, "body")
    assert Photo.select().count() == 0


def test_no_file_at_all_is_told(web, cast):
    assert "没有收到照片" in toast(web.as_(cast.zhao).post(PHOTOS, part=True))
    assert web.as_(cast.zhao).post(PHOTOS, {"file": "text"}).status_code == 422


@pytest.mark.parametrize("path", [PHOTOS, POSTS])
@pytest.mark.parametrize("size", [20 * 1024 * 1024 + 1, 24 * 1024 * 1024])
def test_over_twenty_megabytes_is_told_in_words(web, cast, path, size):
    zhao, big = web.as_(cast.zhao), b"\xff\xd8\xff" + b"x" * size
    answer = zhao.post(path, FORM | sent(big) | {"add": "1"})
    assert answer.status_code == 413 and is_whole(answer) and "20 MB" in words(answer)
    answer = zhao.post(path, FORM | sent(big) | {"add": "1"}, part=True)
    assert answer.status_code == 413 and "20 MB" in toast(answer)
    assert Photo.select().count() == 0


def test_the_tenth_is_refused_before_it_is_looked_at(web, cast, now):
    codes = [make.photo(cast.zhao, now).code for _ in range(9)]
    answer = web.as_(cast.zhao).post(PHOTOS, sent(file_of(flag(60, 40))) | {"photo": codes}, part=True)
    assert answer.status_code == 422 and "最多 9 张" in toast(answer)
    assert Photo.select().count() == 9


def test_only_neighbours_hand_in_photos(web, cast):
    jpeg = file_of(flag(60, 40))
    assert shown_the_door(web.guest().post(PHOTOS, sent(jpeg)), "/n/cuihu/join", "/n/cuihu/")
    assert shown_the_door(web.guest().post(PHOTOS, sent(jpeg), part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    assert web.as_(cast.zhou).post(PHOTOS, sent(jpeg)).status_code == 404
    assert web.as_(cast.lin).post(PHOTOS, sent(jpeg), part=True).status_code == 404
    assert Photo.select().count() == 0


# Out of the tray


def test_a_photo_taken_from_the_tray_is_gone_with_its_files(web, cast, now):
    zhao, photo = web.as_(cast.zhao), make.photo(cast.zhao, now)
    answer = zhao.post(f"{PHOTOS}/{photo.code}/remove", part=True)
    assert answer.status_code == 200 and words(answer) == ""
    assert Photo.select().count() == 0 and not photos.file_of(photo.code, 400).exists()
    assert zhao.get(src(photo)).status_code == zhao.post(f"{PHOTOS}/{photo.code}/remove", part=True).status_code == 404


def test_a_posted_photo_stays_where_it_is(web, cast, now):
    _, photo = posted(cast.zhao, now)
    assert web.as_(cast.zhao).post(f"{PHOTOS}/{photo.code}/remove", part=True).status_code == 200
    assert web.guest().get(src(photo)).status_code == 200


def test_nobody_empties_anothers_tray(web, cast, now):
    photo = make.photo(cast.zhao, now)
    remove = f"{PHOTOS}/{photo.code}/remove"
    for who in (cast.wang, cast.li, cast.zhou, cast.lin):
        assert web.as_(who).post(remove, part=True).status_code == 404
    assert web.as_(cast.zhou).post(remove.replace("cuihu", "yangguangli")).status_code == 404
    assert shown_the_door(web.guest().post(remove), "/n/cuihu/join", "/n/cuihu/")
    assert shown_the_door(web.guest().post(remove, part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    assert Photo.select().count() == 1


# Who sees what


def matrix(cast, now):
    """A photo in each state a photo can be in, all of 王阿姨's or 赵敏's."""
    _, public = posted(cast.zhao, now)
    _, inner = posted(cast.zhao, now, visibility="neighborhood")
    unposted = make.photo(cast.zhao, now)
    gone, withdrawn = posted(cast.zhao, now)
    posts.withdraw(gone, cast.zhao, now)
    _, waiting = posted(cast.wang, now)
    given, returned = posted(cast.wang, now)
    reviews.give_back(given, cast.li, now, "照片看不清，换一张更好")
    return {
        "public": public, "inner": inner, "unposted": unposted, "withdrawn": withdrawn, "waiting": waiting, "returned": returned,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (None, "public"),
        ("zhou", "public"),
        ("lin", "public"),
        ("chen", "public inner"),
        ("zhao", "public inner unposted"),
        ("wang", "public inner waiting returned"),
        ("li", "public inner waiting returned"),
    ],
)
def test_each_sees_what_she_may_and_the_rest_does_not_exist(web, cast, now, who, seen):
    browser = web.as_(getattr(cast, who)) if who else web.guest()
    for state, photo in matrix(cast, now).items():
        for width in (400, 800, 1600):
            assert browser.get(src(photo, width)).status_code == (200 if state in seen.split() else 404), state
        assert browser.get(src(photo, place="yangguangli")).status_code == 404


def test_public_pictures_are_kept_by_all_others_by_ones_own_browser(web, cast, now):
    made, zhao, wang = matrix(cast, now), web.as_(cast.zhao), web.as_(cast.wang)
    assert zhao.get(src(made["public"])).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    for browser, state in ((zhao, "inner"), (zhao, "unposted"), (wang, "waiting"), (wang, "returned")):
        assert browser.get(src(made[state])).headers["Cache-Control"] == "private, max-age=3600"
    for state in ("inner", "withdrawn"):
        assert web.guest().get(src(made[state])).headers["Cache-Control"] == "no-store"


def test_a_picture_the_browser_has_is_not_sent_again(web, cast, now):
    _, photo = posted(cast.zhao, now)
    first = web.guest().get(src(photo))
    again = web.guest().get(src(photo), **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_a_public_picture_puts_no_cookie_on_the_shelf(web, cast, now):
    """It is kept by everybody in between: a cookie in it would be given to strangers."""
    _, photo = posted(cast.zhao, now)
    for browser in (web.guest(), web.as_(cast.zhao)):
        assert "Set-Cookie" not in browser.get(src(photo)).headers


@pytest.mark.parametrize("width", ["1", "401", "0", "-400", "99999999999999999999", "a", "../400", "%00"])
def test_other_sizes_do_not_exist(web, cast, now, width):
    _, photo = posted(cast.zhao, now)
    assert web.guest().get(src(photo, width)).status_code in {400, 404}


@pytest.mark.parametrize("code", ["0" * 32, "x" * 32, "0" * 31, "..%2f..%2fetc", "A" * 32])
def test_unknown_names_do_not_exist(web, cast, code):
    assert web.as_(cast.zhao).get(src(code)).status_code == 404


def test_a_file_that_is_lost_is_a_page_that_is_not_there(web, cast, now):
    _, photo = posted(cast.zhao, now)
    photos.file_of(photo.code, 400).unlink()
    assert web.guest().get(src(photo)).status_code == 404
