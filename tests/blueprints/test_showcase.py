"""What the world outside sees of picked works: a page, a page each, a poster, a feed; and nothing without consent."""

import io
from xml.etree import ElementTree

import pytest
import zxingcpp
from bs4 import BeautifulSoup
from PIL import Image

from db import hiding, picks, posts, releases
from tests import make
from tests.blueprints.answers import is_whole, words
from tests.blueprints.test_posters import seen
from web import feeds

SHOWCASE, FEED = "/n/cuihu/showcase", "/n/cuihu/showcase.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
ODD = "<b>&\"' ]]> 月季\ufffe开了"


def showcased(cast, now, body="阳台上的月季", ways=("poster", "showcase"), **values):
    post = make.post(cast.zhao, now, body, **values)
    return make.picked(cast.li, post, now, *ways, credit="敏敏<&")


def entries(answer):
    return ElementTree.fromstring(answer.data).findall(f"{ATOM}entry")


def poster_of(pick):
    return f"{SHOWCASE}/{pick.id}/poster.png"


def test_a_guest_reads_what_may_go_out_under_the_name_she_chose(web, cast, now):
    code = make.photo(cast.zhao, now).code
    pick, guest = showcased(cast, now, ODD, photo_codes=[code], consent=True), web.guest()
    listed, page = guest.get(SHOWCASE), guest.get(f"{SHOWCASE}/{pick.id}")
    for answer in (listed, page, web.as_(cast.wang).get(SHOWCASE), guest.get(SHOWCASE, part=True)):
        assert answer.status_code == 200 and is_whole(answer) and "敏敏&lt;&amp;" in words(answer) and "赵敏" not in words(answer)
    assert f"{SHOWCASE}/{pick.id}" in words(listed) and SHOWCASE in words(guest.get("/n/cuihu/topics/"))
    soup = BeautifulSoup(page.data, "html.parser")
    told = {tag["property"]: tag["content"] for tag in soup.find_all("meta", property=True)}
    assert told["og:url"] == f"http://localhost{SHOWCASE}/{pick.id}" and "敏敏<&" in told["og:title"] and told["og:site_name"]
    assert told["og:image"] == f"http://localhost/n/cuihu/photos/{code}/800.webp" and told["og:description"].startswith("<b>&")
    assert guest.get(told["og:image"].removeprefix("http://localhost")).status_code == 200
    assert soup.find("link", type="application/atom+xml")["href"] == f"http://localhost{FEED}"


def test_the_feed_is_xml_whatever_was_written_and_known_again(web, cast, now):
    empty = web.guest().get(FEED)
    assert entries(empty) == [] and ElementTree.fromstring(empty.data).find(f"{ATOM}updated").text
    pick, guest = showcased(cast, now, ODD), web.guest()
    showcased(cast, now, "只有海报", ways=["poster"])
    answer = guest.get(FEED)
    (entry,) = entries(answer)
    assert answer.mimetype == "application/atom+xml" and entry.find(f"{ATOM}id").text == f"http://localhost{SHOWCASE}/{pick.id}"
    assert entry.find(f"{ATOM}summary").text == ODD.replace("\ufffe", "")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "敏敏<&" and entry.find(f"{ATOM}updated").text == "2026-03-20T04:00:00Z"
    feed = ElementTree.fromstring(answer.data)
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}["self"] == f"http://localhost{FEED}"
    again = guest.get(FEED, **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.data and again.headers["Cache-Control"] == "no-cache"
    releases.answer(picks.find(cast.cuihu, pick.id), "withdrawn", now)
    assert entries(guest.get(FEED, **{"If-None-Match": answer.headers["ETag"]})) == []


def test_a_poster_leads_to_the_page_or_where_there_is_none_to_the_post(web, cast, now):
    code = make.photo(cast.zhao, now).code
    seen(code)
    both = showcased(cast, now, photo_codes=[code], consent=True)
    alone = showcased(cast, now, "x" * 300, ways=["poster"], kind="howto", title="月季怎么养")
    for pick, path in ((both, f"{SHOWCASE}/{both.id}"), (alone, f"/n/cuihu/posts/{alone.object_id}")):
        answer = web.guest().get(poster_of(pick))
        image = Image.open(io.BytesIO(answer.data))
        assert image.size == (1080, 1440) and len(answer.data) <= 400_000
        assert zxingcpp.read_barcode(image.convert("L")).text == f"http://localhost{path}"
        assert web.guest().get(poster_of(pick), **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert web.guest().get(f"{SHOWCASE}/{alone.id}").status_code == 404


@pytest.mark.parametrize(
    "gone", ["asked", "refused", "withdrawn", "unpicked", "hidden", "taken down", "neighbours only", "elsewhere"]
)
def test_whatever_is_not_for_the_world_is_nowhere(web, cast, now, gone):
    pick = showcased(cast, now, "不给外面看的", ways=() if gone in {"asked", "refused"} else ("poster", "showcase"))
    place, post = ("yangguangli" if gone == "elsewhere" else "cuihu"), posts.find(cast.cuihu, pick.object_id)
    if gone in {"refused", "withdrawn"}:
        releases.answer(pick, gone, now)
    elif gone == "unpicked":
        picks.unpick("post", post, cast.li, now)
    elif gone == "hidden":
        hiding.hide(post, cast.li.user, now, "先收起来看看")
    elif gone == "taken down":
        posts.withdraw(post, cast.zhao, now)
    elif gone == "neighbours only":
        posts.Post.update(visibility="neighborhood").where(posts.Post.id == post.id).execute()
    for browser in (web.guest(), web.as_(cast.li)):
        for url in (f"{SHOWCASE}/{pick.id}", poster_of(pick)):
            assert browser.get(url.replace("cuihu", place)).status_code == 404
        assert "不给外面看的" not in words(browser.get(SHOWCASE.replace("cuihu", place)))
        assert entries(browser.get(FEED.replace("cuihu", place))) == []


def test_it_goes_on_a_page_further_down(web, cast, now):
    many = [showcased(cast, now, f"第 {number} 件").id for number in range(3)]
    first, more = picks.released(cast.cuihu, limit=2)
    rest, end = picks.released(cast.cuihu, more, limit=2)
    assert ([pick.id for pick in first], [pick.id for pick in rest], end) == (many[:0:-1], many[:1], 0)
    assert "第 0 件" in words(web.guest().get(f"{SHOWCASE}?after={more}")) and "第 2 件" not in words(
        web.guest().get(f"{SHOWCASE}?after={more}")
    )
    for odd in ("-1", "x", "9" * 30, "²"):
        assert web.guest().get(f"{SHOWCASE}?after={odd}").status_code == 200


def test_a_stamp_is_what_the_standard_asks_for(now):
    told = feeds.atom(title="翠湖", author="翠湖", link="http://a/", itself="http://a/x", since=now, items=[])
    assert told.startswith(b"<?xml") and b"<updated>2026-03-20T04:00:00Z</updated>" in told
