"""积分商店 over HTTP: everybody looks at the shelf, the host fills it."""

import io

import pytest
from PIL import Image

from db.rewards import Reward
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, typed, words, written

STORE, NEW = "/n/cuihu/store/", "/n/cuihu/desk/rewards/new"
TOLD = {
    "op_id": "shangpin0001", "ware": "goods", "title": "手工荠菜馄饨", "words": "李姐早上现包的", "price": "30", "stock": "3",
    "per_person": "1", "per_household": "0", "place": "东门驿站", "hours": "下午四点到七点", "keep_days": "14",
    "opens_at": "", "closes_at": "2026-04-01T21:00",
}  # fmt: skip


@pytest.fixture
def reward(cast, now):
    return make.reward(cast.li, now, words="<script>alert(1)</script>")


def act(reward, what):
    return f"/n/cuihu/desk/rewards/{reward.id}/{what}"


def test_everybody_sees_the_shelf_and_nobody_a_draft(web, cast, reward, now):
    draft = make.reward(cast.li, now, "还没想好", on_shelf=False)
    for browser in (web.guest(), web.as_(cast.wang)):
        shelf = browser.get(STORE)
        assert is_whole(shelf) and "手工荠菜馄饨" in words(shelf) and "还没想好" not in words(shelf)
        page = words(browser.get(f"{STORE}{reward.id}"))
        assert "&lt;script&gt;" in page and "东门驿站" in page and f"{STORE}{reward.id}/redeem" in page or "还差" in page
        assert browser.get(f"{STORE}{draft.id}").status_code == 404
        assert browser.get(f"/n/yangguangli/store/{reward.id}").status_code == 404
    assert "还没想好" in words(web.as_(cast.li).get(STORE))
    assert "货架还空着" in words(web.guest().get("/n/yangguangli/store/"))


def test_what_is_missing_is_said_quietly(web, cast, reward, now):
    wang = web.as_(make.rich(cast.wang, now, 18))
    assert "还差 12 积分" in words(wang.get(STORE)) and "还差 12 积分" in words(wang.get(f"{STORE}{reward.id}"))
    assert "还差" not in words(web.as_(make.rich(cast.zhao, now, 30)).get(STORE))


def test_every_way_leads_there(web, cast):
    assert f'href="{STORE}"' in words(web.as_(cast.wang).get("/n/cuihu/me/"))
    desk = words(web.as_(cast.li).get("/n/cuihu/desk/"))
    assert f'href="{STORE}"' in desk and 'href="/n/cuihu/desk/counter/"' in desk
    assert f"{NEW}?kind=gift" in words(web.as_(cast.li).get(STORE))


def test_a_host_makes_one_and_puts_it_up(web, cast):
    li = web.as_(cast.li)
    assert typed(li.get(NEW), "per_person") == "1"
    for _ in range(2):
        answer = li.post(NEW, TOLD)
    reward = Reward.get()
    assert led_to(answer, f"{STORE}{reward.id}") and Reward.select().count() == 1
    assert (reward.price, reward.per_person, reward.closes_at.hour, reward.state) == (30, 1, 13, "draft")
    assert typed(li.get(NEW), "place") == "东门驿站"
    assert "上架了" in flash_after(li, li.post(act(reward, "open"))) and "手工荠菜馄饨" in words(web.guest().get(STORE))
    assert li.post(act(reward, "open")).status_code == 409
    assert "排到最前面" in flash_after(li, li.post(act(reward, "first"), part=True))
    assert "下架了" in flash_after(li, li.post(act(reward, "close"))) and "手工荠菜馄饨" not in words(web.guest().get(STORE))


def test_a_gift_is_made_without_a_price(web, cast):
    li = web.as_(cast.li)
    page = words(li.get(f"{NEW}?kind=gift"))
    assert "每户一份" in page and 'name="price"' not in page
    li.post(NEW, {name: value for name, value in TOLD.items() if name != "price"} | {"ware": "gift", "keep_days": "7"})
    assert (Reward.get().price, Reward.get().per_household, Reward.get().keep_days) == (0, 1, 7)
    assert li.get(f"{NEW}?kind=money").status_code == 404


@pytest.mark.parametrize(("wrong", "field"), [
    ({"title": ""}, "title"), ({"title": "长" * 31}, "title"), ({"price": "0"}, "price"), ({"price": "１２"}, "price"),
    ({"price": "1e309"}, "price"), ({"stock": "-1"}, "stock"), ({"stock": str(2**31)}, "stock"),
    ({"keep_days": "0"}, "keep_days"),
    ({"per_person": "NaN"}, "per_person"), ({"per_household": "100"}, "per_household"), ({"opens_at": "昨天"}, "opens_at"),
    ({"opens_at": "2026-05-01T10:00"}, "closes_at"), ({"place": "  "}, "place"), ({"words": "a\0b"}, "words"),
])  # fmt: skip
def test_what_makes_no_sense_comes_back_as_it_was_typed(web, cast, wrong, field):
    answer = web.as_(cast.li).post(NEW, TOLD | wrong)
    assert answer.status_code == 422 and beside(answer, field) and not Reward.select().count()
    assert typed(answer, "hours") == "下午四点到七点" and (field == "words" or written(answer, "words") == "李姐早上现包的")


def test_a_photo_comes_with_the_form_or_from_its_tray(web, cast, now):
    li, file = web.as_(cast.li), io.BytesIO()
    Image.new("RGB", (40, 30), "#88aa66").save(file, "JPEG")
    answer = li.post(NEW, TOLD | {"file": (io.BytesIO(file.getvalue()), "馄饨.jpg"), "add": "1"})
    assert answer.status_code == 200 and 'name="photo"' in words(answer) and not Reward.select().count()
    li.post(NEW, TOLD | {"photo": make.photo(cast.li, now).code})
    assert Reward.get().photo.audience == "owner"
    li.post(NEW, TOLD | {"op_id": "shangpin0002", "file": (io.BytesIO(b"not a picture"), "x.jpg")})
    assert Reward.select().count() == 1


def test_a_host_changes_it_and_never_below_what_is_gone(web, cast, reward, now):
    make.redeemed(make.rich(cast.wang, now), reward, now)
    li = web.as_(cast.li)
    assert typed(li.get(act(reward, "edit")), "price") == "30"
    assert beside(li.post(act(reward, "edit"), TOLD | {"stock": "0"}), "stock")
    assert led_to(li.post(act(reward, "edit"), TOLD | {"price": "45", "ware": "gift"}), f"{STORE}{reward.id}")
    assert (Reward.get().price, Reward.get().kind) == (45, "goods")


@pytest.mark.parametrize("person", ["guest", "wang", "zhou"])
def test_the_shelf_is_filled_by_the_host_alone(web, cast, reward, person):
    browser = web.guest() if person == "guest" else web.as_(getattr(cast, person))
    for answer, url in ((browser.get(NEW), NEW), (browser.get(act(reward, "edit")), act(reward, "edit"))):
        assert {
            "guest": shown_the_door(answer, "/signin", url),
            "wang": answer.status_code == 403,
            "zhou": answer.status_code == 404,
        }[person]
    for what in ("open", "close", "first", "edit"):
        assert browser.post(act(reward, what), TOLD).status_code in {"guest": {303}, "wang": {403}, "zhou": {404}}[person]
    assert Reward.get().state == "open"


def test_a_host_of_another_place_finds_nothing(web, cast, reward, now):
    other = web.as_(make.host(cast.yangguangli, "钱主理", now))
    assert other.get(act(reward, "edit")).status_code == 404
    assert other.post(f"/n/yangguangli/desk/rewards/{reward.id}/close").status_code == 404 and Reward.get().state == "open"
