"""The front page, as different people meet it."""

from tests import make


def test_a_guest_reads_what_is_public(web, cast, now):
    make.post(cast.zhao, now, "窗外的樱花开了")
    make.post(cast.zhao, now, "只说给邻居听", visibility="neighborhood")
    page = web.guest().get("/n/cuihu/").get_data(as_text=True)
    assert "窗外的樱花开了" in page
    assert "只说给邻居听" not in page


def test_a_neighbor_reads_everything(web, cast, now):
    make.post(cast.zhao, now, "只说给邻居听", visibility="neighborhood")
    assert "只说给邻居听" in web.as_(cast.wang).get("/n/cuihu/").get_data(as_text=True)
