"""投票 over HTTP: a neighbour in one tap, a visitor at the market in two, one ballot each, and nobody sees a tally."""

from datetime import timedelta

import pytest

from db import ballots, contests, entries, limits, rotating
from db.ballots import Ballot
from db.base import Refused
from db.contests import Contest
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, words

ALL = "/n/cuihu/contests/"


@pytest.fixture
def contest(cast, now):
    """In the middle of its vote, with three works of 赵敏."""
    made = make.contest(cast.li, now - timedelta(days=12), entries_each=5)
    for name in ("玉兰", "樱花", "湖边"):
        make.entry(cast.zhao, made, now - timedelta(days=11), name)
    return voting(made, now)


def voting(contest, now, **values):
    dates = {"entries_close_at": now - timedelta(days=2), "voting_opens_at": now - timedelta(days=1)}
    values = dates | {"voting_closes_at": now + timedelta(days=1), "voters": "joined"} | values
    Contest.update(**values).where(Contest.id == contest.id).execute()
    return contests.find(contest.neighborhood, contest.id)


@pytest.fixture
def work(contest):
    return entries.on_the_wall(contest)[0]


@pytest.fixture
def other(contest):
    return entries.on_the_wall(contest)[1]


def page_of(entry):
    return f"{ALL}entries/{entry.id}"


def code_of(contest, now):
    return rotating.todays("venue", [contest.id], now)


def standing(contest):
    """[(channel, kind, choices)] of the ballots that stand."""
    last = {ballot.voter_key: ballot for ballot in Ballot.select().where(Ballot.contest == contest.id).order_by(Ballot.turn)}
    return sorted((each.channel, each.kind, each.chosen) for each in last.values() if each.kind != "void")


def receipt_in(answer):
    page = words(answer)
    return page.partition("回执 <b>")[2][:14]


@pytest.fixture
def wang(cast, now):
    """王阿姨, who sat down long before the vote."""
    make.members.Membership.update(joined_at=now - timedelta(days=60)).where(make.members.Membership.id == cast.wang.id).execute()
    return cast.wang


def test_a_neighbour_votes_in_one_tap_and_moves_it(web, contest, work, other, wang):
    browser = web.as_(wang)
    assert "投TA一票" in words(browser.get(page_of(work)))
    answer = browser.post(page_of(work) + "/vote", {"state": "on"}, part=True)
    assert toast(answer) == "投好了" and "取消这一票" in words(answer) and "点错了，撤回" in words(answer)
    assert browser.post(page_of(work) + "/vote", {"state": "on"}, part=True).status_code == 200  # a double tap
    assert standing(contest) == [("online", "cast", [work.id])] and Ballot.select().count() == 1
    page = browser.get(page_of(other))
    assert "改投这一幅" in words(page) and receipt_in(page)
    answer = browser.post(page_of(other) + "/vote", {"state": "on"})
    assert answer.status_code == 303 and answer.headers["Location"].startswith(page_of(other) + "?undo=")
    assert is_whole(browser.get(answer.headers["Location"])) and standing(contest) == [("online", "cast", [other.id])]
    assert "我选的" in words(browser.get(f"{ALL}{contest.id}"))


def test_a_tap_is_undone_and_a_vote_is_let_go(web, contest, work, other, wang):
    browser = web.as_(wang)
    browser.post(page_of(work) + "/vote", {"state": "on"})
    ballot = ballots.of(contest, member=wang)
    browser.post(page_of(other) + "/vote", {"state": "on"})
    last = ballots.of(contests.find(contest.neighborhood, contest.id), member=wang)
    for _ in range(2):
        answer = browser.post(page_of(other) + "/vote/undo", {"receipt": last.receipt}, part=True)
    assert answer.status_code == 200 and standing(contest) == [("online", "cast", [work.id])]
    assert ballot is None or ballot.receipt != last.receipt
    assert browser.post(page_of(work) + "/vote", {"state": "off"}, part=True).status_code == 200 and standing(contest) == []


def test_ones_own_work_is_refused_in_words(web, cast, contest, work):
    zhao = web.as_(cast.zhao)
    assert "您自己的作品" in words(zhao.get(page_of(work)))
    answer = zhao.post(page_of(work) + "/vote", {"state": "on"})
    assert answer.status_code == 409 and "自己的作品" in words(answer) and standing(contest) == []


def test_a_visitor_needs_the_code_that_hangs_there_today(web, contest, work, now):
    guest = web.guest()
    assert "扫墙上当天的投票码" in words(guest.get(page_of(work)))
    asked = guest.post(page_of(work) + "/vote", {"state": "on"})
    assert asked.status_code == 200 and is_whole(asked) and "您在现场吗" in words(asked)
    yesterday = code_of(contest, now - timedelta(days=1))
    for wrong in ("", "AAAAAA", yesterday):
        answer = guest.post(page_of(work) + "/vote", {"state": "on", "asked": "1", "code": wrong})
        assert answer.status_code == 422 and beside(answer, "code") and standing(contest) == []
    answer = guest.post(page_of(work) + "/vote", {"state": "on", "code": code_of(contest, now).lower()}, part=True)
    assert toast(answer) == "投好了，谢谢您来" and standing(contest) == [("visitor", "cast", [work.id])]


def test_who_scanned_the_wall_votes_in_one_tap_and_a_neighbour_counts_as_on_site(web, contest, work, wang, now):
    guest, neighbor = web.guest(), web.as_(wang)
    for browser in (guest, neighbor):
        browser.get(f"{ALL}{contest.id}?venue={code_of(contest, now)}")
        assert browser.post(page_of(work) + "/vote", {"state": "on"}, part=True).status_code == 200
    assert standing(contest) == [("onsite", "cast", [work.id]), ("visitor", "cast", [work.id])]
    other_contest = voting(make.contest(contest.created_by, now - timedelta(days=12)), now)
    assert "您在现场" not in words(guest.get(f"{ALL}{other_contest.id}"))


def test_where_only_neighbours_vote_a_guest_is_shown_the_door(web, contest, work, now):
    voting(contest, now, visitors="none")
    answer = web.guest().post(page_of(work) + "/vote", {"state": "on"})
    assert shown_the_door(answer, "/n/cuihu/join", "/n/cuihu/") and standing(contest) == []
    assert "扫墙上" not in words(web.guest().get(page_of(work)))


def test_a_guest_who_sits_down_votes_in_the_same_step_and_her_visitor_ballot_is_hers(web, contest, work, other, now):
    guest = web.guest()
    guest.get(f"{ALL}{contest.id}?venue={code_of(contest, now)}")
    guest.post(page_of(work) + "/vote", {"state": "on"})
    guest.get(f"/n/cuihu/join?intent=vote:{other.id}")
    joined = {"name": "小顾", "consent": "y", "intent": f"vote:{other.id}", "next": page_of(other)}
    answer = guest.post("/n/cuihu/join", joined)
    assert led_to(answer, page_of(other)) and standing(contest) == [("visitor", "cast", [other.id])]


def test_who_comes_late_and_is_not_there_is_told_that_it_only_waits(web, contest, work, now):
    late = make.neighbor(contest.neighborhood, "晚来的", now)
    answer = web.as_(late).post(page_of(work) + "/vote", {"state": "on"}, part=True)
    assert "先记下了" in words(answer) and standing(contest) == [("online", "waiting", [work.id])]


@pytest.mark.parametrize(("edge", "second", "open_"), [("voting_opens_at", -1, False), ("voting_closes_at", 0, False)])
def test_a_second_too_early_or_too_late_is_refused(web, contest, work, wang, now, edge, second, open_):
    late = {"voting_opens_at": now + timedelta(minutes=1), "voting_closes_at": now}[edge]
    voting(contest, now, **{edge: late})
    answer = web.as_(wang).post(page_of(work) + "/vote", {"state": "on"})
    assert answer.status_code == 409 and standing(contest) == []


def test_strange_ballots_go_nowhere(web, cast, contest, work, now):
    assert web.as_(cast.zhou).post(f"/n/yangguangli/contests/entries/{work.id}/vote", {"state": "on"}).status_code == 404
    assert web.as_(cast.wang).post(page_of(work) + "/vote", {"state": "maybe"}).status_code == 422
    waiting = make.entry(cast.chen, make.contest(cast.li, now), now)
    assert web.as_(cast.wang).post(page_of(waiting) + "/vote", {"state": "on"}).status_code == 404
    assert web.guest().get(page_of(work) + "/vote").status_code == 200  # looking changes nothing
    assert standing(contest) == []


def test_nobody_sees_a_number_of_votes_before_the_end(web, cast, contest, work, wang):
    web.as_(wang).post(page_of(work) + "/vote", {"state": "on"})
    for person in (None, wang, cast.zhao, cast.li):
        browser = web.as_(person) if person else web.guest()
        for path in (page_of(work), f"{ALL}{contest.id}"):
            assert "1 票" not in words(browser.get(path))


def test_guests_of_one_address_try_so_many_codes_a_minute(web, contest, work, now, monkeypatch):
    monkeypatch.setattr(limits, "enabled", True)
    monkeypatch.setitem(limits.RULES, "vote-address", (3, 60))
    tried = {"state": "on", "asked": "1", "code": "AAAAAA"}
    answers = [web.guest().post(page_of(work) + "/vote", tried).status_code for _ in range(4)]  # each with a new cookie
    assert answers == [422, 422, 422, 429] and standing(contest) == []


def test_a_ballot_that_cannot_be_claimed_keeps_nobody_from_joining(web, contest, now, monkeypatch):
    def busy(*_):
        raise Refused("moved-on", "这场比赛刚刚变了，请刷新看看")

    monkeypatch.setattr(ballots, "claim", busy)
    guest = web.guest()
    guest.get("/n/cuihu/join")
    answer = guest.post("/n/cuihu/join", {"name": "小顾", "consent": "y", "next": f"{ALL}{contest.id}"})
    assert led_to(answer, f"{ALL}{contest.id}") and "小顾" in words(guest.get("/n/cuihu/me/"))
