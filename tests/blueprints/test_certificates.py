"""The certificate as a picture, and on a page to press it long."""

import io

import pytest
import zxingcpp
from PIL import Image

from db.contests import Contest
from db.tallies import Tally
from tests import make
from tests.blueprints.answers import is_whole, words


@pytest.fixture
def works(cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.chen], now, title="<script>春天</script>")
    for work, total, rank in ((works[0], 3, 1), (works[1], 0, 2)):
        Tally.create(contest=contest, entry=work, members=total, total=total, rank=rank)
    return works


def at(work, what="certificate", slug="cuihu"):
    return f"/n/{slug}/contests/entries/{work.id}/{what}"


def test_nobody_has_one_before_the_result_is_out(web, cast, works):
    for what in ("certificate", "certificate.png"):
        assert web.as_(cast.li).get(at(works[0], what)).status_code == 404


def test_everybody_sees_it_and_its_code_leads_to_the_work(web, cast, works, now):
    Contest.update(state="published", published_at=now).execute()
    for work, award in zip(works, ("第一名", "入展纪念"), strict=True):
        page, picture = web.guest().get(at(work)), web.guest().get(at(work, "certificate.png"))
        assert is_whole(page) and f"<h1>{award}</h1>" in words(page) and "<script>春天" not in words(page)
        image = Image.open(io.BytesIO(picture.data))
        assert picture.mimetype == "image/png" and image.size == (1080, 1440) and len(picture.data) <= 400_000
        assert zxingcpp.read_barcode(image.convert("L")).text == f"http://localhost/n/cuihu/contests/entries/{work.id}"
        assert web.guest().get(at(work, slug="yangguangli")).status_code == 404
    mine = words(web.as_(cast.zhao).get(f"/n/cuihu/contests/entries/{works[0].id}"))
    assert f'href="{at(works[0])}"' in mine and "我的证书" not in words(web.as_(cast.wang).get(at(works[0], "")[:-1]))
