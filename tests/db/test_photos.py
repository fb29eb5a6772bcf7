"""A photo lies in its owner's tray until it is posted, and is seen by those the post is for (G9, G1)."""

import os
from datetime import UTC, timedelta

import pytest

from db import members, photos, pictures
from db.base import Refused, writing
from db.photos import Photo, file_of
from tests import make
from tests.make import at_once, refused

DAY = timedelta(hours=24)


def test_a_kept_photo_has_three_files_and_a_name_nobody_guesses(cast, now):
    photo = make.photo(cast.wang, now)
    assert len(photo.code) == 32
    assert int(photo.code, 16) >= 0
    assert all(file_of(photo.code, width).read_bytes()[8:12] == b"WEBP" for width in pictures.WIDTHS)
    assert (photo.audience, photo.used, photo.consent) == ("owner", False, False)
    assert photos.find(cast.cuihu, photo.code) == photo


def test_in_another_place_it_does_not_exist(cast, now):
    photo = make.photo(cast.wang, now)
    assert photos.find(cast.yangguangli, photo.code) is None
    assert photos.find(cast.cuihu, "f" * 32) is None


def test_the_tray_holds_ones_own_unposted_photos_in_the_order_asked(cast, now):
    first, second, third = (make.photo(cast.wang, now) for _ in range(3))
    foreign = make.photo(cast.zhao, now)
    photos.use([second], "public")
    codes = [third.code, foreign.code, second.code, "f" * 32, first.code, third.code]
    assert photos.in_tray(cast.wang, codes) == [third, first]
    assert photos.in_tray(cast.wang, []) == []


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("public", {"guest", "neighbour", "host", "owner"}),
        ("neighborhood", {"neighbour", "host", "owner"}),
        ("owner", {"host", "owner"}),  # of a post that waits: the host is to look at it
        ("nobody", set()),
    ],
)
def test_a_posted_photo_is_seen_by_those_it_is_for(cast, now, audience, seen_by):
    photo = make.photo(cast.wang, now)
    photos.use([photo], audience)
    photo = photos.find(cast.cuihu, photo.code)
    people = {"guest": None, "neighbour": cast.zhao, "host": cast.li, "owner": cast.wang}
    assert {who for who, member in people.items() if photos.visible_to(photo, member)} == seen_by


def test_an_unposted_one_is_seen_by_its_owner_alone(cast, now):
    photo = make.photo(cast.wang, now)
    assert [photos.visible_to(photo, who) for who in (None, cast.zhao, cast.li, cast.wang)] == [False, False, False, True]


def test_a_photo_is_posted_once(cast, now):
    first, second = make.photo(cast.wang, now), make.photo(cast.wang, now)
    photos.use([first], "public")
    with refused("photo-used", 422):
        photos.use([first, second], "public")
    assert photos.in_tray(cast.wang, [second.code]) == [second]
    photos.use([], "public")


def test_posted_eight_times_at_once_it_is_posted_once(cast, now):
    photo = make.photo(cast.wang, now)
    met = at_once(8, lambda _: photos.use([photo], "public"))
    assert met.count(None) == 1
    assert {each.code for each in met if each} == {"photo-used"}


def test_a_tray_is_cleared_after_a_day_and_what_is_in_use_stays(cast, now):
    lost, face = make.photo(cast.wang, now), make.photo(cast.wang, now)
    photos.use([face], "public")
    members.show_face(cast.wang, face.code)
    assert photos.drop_unposted(now + DAY) == 0
    assert photos.drop_unposted(now + DAY + timedelta(seconds=1)) == 1
    assert photos.drop_unposted(now + 2 * DAY) == 0
    assert photos.find(cast.cuihu, lost.code) is None
    assert not any(file_of(lost.code, width).exists() for width in pictures.WIDTHS)
    assert make.again(cast.wang).face == face.code
    assert all(file_of(face.code, width).exists() for width in pictures.WIDTHS)


def test_what_is_taken_out_of_a_tray_is_gone_and_what_is_posted_is_not(cast, now):
    mine, posted = make.photo(cast.wang, now), make.photo(cast.wang, now)
    photos.use([posted], "public")
    assert photos.drop([mine.id, posted.id]) == 1
    assert [photo.id for photo in Photo.select()] == [posted.id]
    assert file_of(posted.code, 400).exists()
    assert not file_of(mine.code, 400).exists()
    assert photos.drop([mine.id]) == 0


def test_files_outlive_a_transaction_that_fails(cast, now):
    photo = make.photo(cast.wang, now)
    with pytest.raises(Refused), writing():
        photos.drop([photo.id])
        raise Refused("no", "不行")
    assert file_of(photo.code, 400).exists()
    assert photos.find(cast.cuihu, photo.code)


def test_sixty_photos_a_day(cast, now, limited):
    for _ in range(60):
        make.photo(cast.wang, now)
    with refused("too-fast", 429):
        make.photo(cast.wang, now)
    make.photo(cast.zhao, now)


def test_a_new_face_takes_the_place_of_the_old_one_for_good(cast, now):
    old, new = make.photo(cast.wang, now), make.photo(cast.wang, now)
    photos.use_as_face(cast.wang, old)
    wang = make.again(cast.wang)
    assert wang.face == old.code and photos.file_of(old.code, 400).exists()
    photos.use_as_face(wang, new)
    assert make.again(wang).face == new.code
    assert not photos.file_of(old.code, 400).exists() and photos.find(cast.cuihu, old.code) is None


def test_files_without_a_row_are_swept_after_a_day(cast, now):
    kept, lost = make.photo(cast.wang, now), make.photo(cast.wang, now)
    for photo in (kept, lost):
        for width in pictures.WIDTHS:
            os.utime(file_of(photo.code, width), (now.replace(tzinfo=UTC).timestamp(),) * 2)
    Photo.delete().where(Photo.id == lost.id).execute()
    assert photos.sweep(now + DAY) == 0 and file_of(lost.code, 400).exists()
    assert photos.sweep(now + DAY + timedelta(seconds=1)) == len(pictures.WIDTHS) and not file_of(lost.code, 400).exists()
    assert file_of(kept.code, 400).exists()
