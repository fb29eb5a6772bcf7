"""直播间, page by page: who may do what, with htmx and without, with words kept, and what is new (R47)."""

from datetime import timedelta

import pytest
import time_machine

import config
from db import belongings, event_days, event_reviews, forgetting, live_questions, lives, people
from db.base import writing
from db.events import Event
from db.live_questions import LiveQuestion
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, typed, words, written
from web import kept, live_door
from web.render import HEADERS, worn

HOUR = timedelta(hours=1)
BASE = "/n/cuihu/events/"
ROOM = {"room_name": "视频号：绿洲生活", "room_url": "https://live.example.cn/1", "rain": "改到活动室里播"}


@pytest.fixture
def event(cast, now):
    return make.event(cast.li, now, kind="live", title="阳台上种绣球", place="")


@pytest.fixture
def url(event):
    return f"{BASE}{event.id}/live"


def during(event):
    return time_machine.travel(f"{event.starts_at + HOUR / 2:%Y-%m-%dT%H:%M:%S}+00:00", tick=True)


def after(event):
    return time_machine.travel(f"{event.ends_at + HOUR:%Y-%m-%dT%H:%M:%S}+00:00", tick=True)


def test_from_the_first_word_to_the_replay(web, cast, event, url):
    host, guest = web.as_(cast.li), web.guest()
    assert url in words(guest.get(f"{BASE}{event.id}")) and "入口开播前会放在这里" in words(guest.get(url))
    assert led_to(host.post(url + "/desk", ROOM), url)
    page = words(guest.get(url))
    assert "还有 2 天" in page and ROOM["room_url"] in page and "要是下雨" in page and "加入邻里，一起提问" in page
    assert guest.get(url + "/code.png").mimetype == "image/png"
    with during(event):
        assert "进直播间" in words(guest.get(url)) and "直播中" in words(guest.get(url))
    with after(event):
        host = web.as_(cast.li)
        assert "回放整理中" in words(guest.get(url)) and ROOM["room_url"] not in words(guest.get(url))
        odd = host.post(url + "/replay", {"replay_url": "https://live.example.cn/2", "highlights": "开场"})
        assert odd.status_code == 422 and beside(odd, "highlights") and written(odd, "highlights") == "开场"
        told = {"replay_url": "https://live.example.cn/2", "highlights": "12:30 怎么扦插"}
        assert led_to(host.post(url + "/replay", told), url)
        page = words(guest.get(url))
        assert "看回放" in page and "12:30" in page and "怎么扦插" in page


def test_an_odd_address_is_said_beside_its_field(web, cast, url):
    odd = web.as_(cast.li).post(url + "/desk", ROOM | {"room_url": "javascript:alert(1)"})
    assert odd.status_code == 422 and is_whole(odd) and beside(odd, "room_url") and typed(odd, "room_name") == ROOM["room_name"]


def test_asked_and_pushed_with_htmx_and_without(web, cast, event, url):
    browser = web.as_(cast.wang)
    odd = browser.post(url + "/questions/", {"op_id": "askform001", "body": "？"})
    assert odd.status_code == 422 and beside(odd, "body") and typed(odd, "body") == "？"
    for _ in range(2):
        answer = browser.post(url + "/questions/", {"op_id": "askform001", "body": "怎么扦插", "anonymous": "y"})
        assert led_to(answer, url)
    assert flash_after(browser, answer) == "问好了，邻居们可以一起顶" and LiveQuestion.select().count() == 1
    page = words(web.guest().get(url))
    assert "怎么扦插" in page and "一位邻居" in page and "王阿姨" not in page
    push = f"{url}/questions/{LiveQuestion.get().id}/push"
    part = web.as_(cast.zhao).post(push, {"state": "on"}, part=True)
    assert (
        part.status_code == 200 and not is_whole(part) and 'aria-pressed="true"' in words(part) and "我也想知道 1" in words(part)
    )
    assert led_to(web.as_(cast.chen).post(push, {"state": "on"}), url) and LiveQuestion.get().votes == 2
    assert 'aria-pressed="true"' in words(web.as_(cast.zhao).get(url)) and 'aria-pressed="true"' not in words(browser.get(url))


def test_answered_hidden_and_shown_again(web, cast, now, event, url):
    question, host = make.question(cast.wang, event, now), web.as_(cast.li)
    one = f"{url}/questions/{question.id}"
    odd = host.post(one + "/answer", {"answer": "长" * 501})
    assert odd.status_code == 422 and beside(odd, "answer") and written(odd, "answer") == "长" * 501
    assert led_to(host.post(one + "/answer", {"answer": "春分前后"}), url + "/questions/")
    assert "春分前后" in words(web.guest().get(url)) and "有回答了" in words(web.as_(cast.wang).get("/inbox"))
    assert led_to(host.post(one + "/hide"), url + "/questions/") and host.post(one + "/hide").status_code == 409
    assert question.body not in words(web.guest().get(url)) and question.body in words(host.get(url + "/questions/"))
    assert web.as_(cast.zhao).post(one + "/push", {"state": "on"}).status_code == 404
    assert led_to(host.post(one + "/show"), url + "/questions/") and question.body in words(web.guest().get(url))


def test_only_who_runs_it_and_only_here(web, cast, now, event, url):
    question = make.question(cast.wang, event, now)
    tools = (
        "desk",
        "replay",
        f"questions/{question.id}/answer",
        f"questions/{question.id}/hide",
        f"questions/{question.id}/show",
    )
    for act in tools:
        assert web.as_(cast.wang).post(f"{url}/{act}").status_code == 403, act
    for act in (*tools, "remind", "questions/", f"questions/{question.id}/push"):
        assert web.as_(cast.zhou).post(f"{url}/{act}").status_code == 404, act
        assert web.as_(cast.zhou).post(f"/n/yangguangli/events/{event.id}/live/{act}").status_code == 404, act
        assert shown_the_door(web.guest().post(f"{url}/{act}", part=True), "/n/cuihu/join", "/n/cuihu/", part=True), act
    for page in ("desk", "questions/"):
        assert web.as_(cast.wang).get(f"{url}/{page}").status_code == 403
    other = make.event(cast.li, now)
    assert web.guest().get(f"{BASE}{other.id}/live").status_code == 404  # no live page
    another = make.event(cast.li, now, kind="live", place="")
    assert web.as_(cast.li).post(f"{BASE}{another.id}/live/questions/{question.id}/hide").status_code == 404


def test_reminded_or_not(web, cast, event, url):
    browser = web.as_(cast.wang)
    assert flash_after(browser, browser.post(url + "/remind", {"state": "on"})) == "好，开播前 15 分钟叫您"
    assert lives.wants_reminder(event, cast.wang) and "已设提醒" in words(browser.get(url))
    assert led_to(browser.post(url + "/remind", {"state": "off"}), url) and not lives.wants_reminder(event, cast.wang)
    with during(event):
        assert web.as_(cast.wang).post(url + "/remind", {"state": "on"}).status_code == 409


def test_what_is_new_is_asked_for_cheaply(web, cast, now, event, url, queries):
    """One answer for all; nothing while nothing is new, without a query while it was looked after a moment ago."""
    viewer, guest = web.as_(cast.zhao), web.guest()
    first = guest.get(url + "/now")
    etag = first.headers["ETag"]
    assert first.status_code == 200 and 'id="stage"' in words(first) and first.headers["Cache-Control"] == "no-cache"
    del queries[:]
    same = guest.get(url + "/now", **{"If-None-Match": etag})
    assert same.status_code == 304 and not same.data and len(queries) <= 1
    lives.furnish(event, cast.li, now, **ROOM, stream_url="")
    kept.forget()  # a second has passed
    fresh = guest.get(url + "/now", **{"If-None-Match": etag})
    assert fresh.status_code == 200 and fresh.headers["ETag"] != etag and ROOM["room_url"] in words(fresh)
    make.question(cast.wang, event, now - 2 * HOUR)
    assert "formaction" in words(viewer.get(url + "/now?view=neighbor"))
    Event.update(sight="hidden").where(Event.id == event.id).execute()
    kept.forget()
    assert guest.get(url + "/now").status_code == 404


def test_the_door_looks_again_after_a_second(web, cast, now, event, url):
    guest = web.guest()
    with time_machine.travel(f"{now:%Y-%m-%dT%H:%M:%S}+00:00", tick=False) as clock:
        etag = guest.get(url + "/now").headers["ETag"]
        lives.furnish(event, cast.li, now, **ROOM, stream_url="")
        assert guest.get(url + "/now", **{"If-None-Match": etag}).status_code == 304
        clock.shift(1)
        assert guest.get(url + "/now", **{"If-None-Match": etag}).status_code == 200


def test_a_warm_door_gives_nothing_out_that_is_gone(web, cast, now):
    """Hidden, called off, or by somebody who is forgotten: a second later nobody reads it."""
    hidden, off, hers = (
        make.event(by, now, kind=kind, place="东门")
        for by, kind in ((cast.li, "live"), (cast.li, "live"), (cast.zhao, "charity"))
    )
    Event.update(kind="live").where(Event.id == hers.id).execute()
    guest, urls = web.guest(), [f"{BASE}{each.id}/live/now" for each in (hidden, off, hers)]
    with time_machine.travel(f"{now:%Y-%m-%dT%H:%M:%S}+00:00", tick=False) as clock:
        assert [guest.get(each).status_code for each in urls] == [200, 200, 200] and "赵敏" in words(guest.get(urls[2]))
        event_reviews.hide(hidden, cast.li, now, "先收起来看看")
        event_days.cancel(off, cast.li, now, "主播病了")
        her = forgetting.person(cast.zhao.user, keeps=True)
        with writing():
            belongings.forget(her, now)
        clock.shift(1)
        assert [guest.get(each).status_code for each in urls] == [404, 404, 200] and "赵敏" not in words(guest.get(urls[2]))


def test_what_the_door_keeps_lasts_a_minute_and_is_not_crowded_out(web, cast, now, event, url):
    make.question(cast.chen, event, now - timedelta(days=1))
    guest = web.guest()
    with time_machine.travel(f"{now:%Y-%m-%dT%H:%M:%S}+00:00", tick=False) as clock:
        assert "陈奶奶" in words(guest.get(url + "/now")) and guest.get(url + "/now?view=neighbor&1").status_code == 200
        assert len(live_door._ready.items) == 1
        people.User.update(name="陈阿婆").where(people.User.id == cast.chen.user_id).execute()
        clock.shift(60)
        assert "陈阿婆" in words(guest.get(url + "/now"))


def test_what_changes_while_a_page_is_made_is_not_kept_under_the_new_tag(web, cast, now, event, url, monkeypatch):
    question, real = make.question(cast.wang, event, now, "不该看到的话"), lives.pulse

    def slow(*about):
        tag = real(*about)
        if live_questions.find(event, question.id).state == "open":
            live_questions.hide(event, question, cast.li, now)
        return tag

    monkeypatch.setattr(lives, "pulse", slow)
    with time_machine.travel(f"{now:%Y-%m-%dT%H:%M:%S}+00:00", tick=False):
        assert question.body not in words(web.guest().get(url))


def test_a_question_that_waits_is_the_hosts(web, cast, now, event, url):
    question = make.question(cast.zhao, event, now, "等着看的问题")
    LiveQuestion.update(state="waiting").where(LiveQuestion.id == question.id).execute()
    assert question.body not in words(web.as_(cast.zhao).get(url)) and live_questions.figures(event) == (1, 0)
    assert "等主理人看" in words(web.as_(cast.li).get(url + "/questions/"))


def test_pages_reach_other_hosts_only_where_the_operator_says():
    assert worn(True)["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    policy = worn(True, ["hls.example.cn"])["Content-Security-Policy"]
    assert "connect-src 'self' https://hls.example.cn;" in policy
    assert "media-src 'self' blob: https://hls.example.cn;" in policy and "script-src 'self';" in policy


@pytest.mark.parametrize("name", ["https://hls.example.cn", "*.example.cn", "hls.example.cn; script-src *", "localhost"])
def test_a_host_that_is_no_name_stops_the_start(monkeypatch, tmp_path, name):
    monkeypatch.setenv("LINLI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LINLI_LIVE_HOSTS", "hls.example.cn:8443")
    assert config.from_environment().live_hosts == ["hls.example.cn:8443"]
    monkeypatch.setenv("LINLI_LIVE_HOSTS", name)
    with pytest.raises(config.BadConfig, match="LINLI_LIVE_HOSTS"):
        config.from_environment()
