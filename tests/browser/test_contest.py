"""The market, as a passer-by walks it: scan a printed work, vote, sit down, change one's mind: one ballot, whoever she is now."""

import io
import re
from datetime import timedelta

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from db import contests, entries
from db.ballots import Ballot
from db.contests import Contest
from tests import make
from tests.browser import walls

CONTEST = "/n/cuihu/contests/"


@pytest.fixture
def voting(cast, now):
    """A contest with three printed works in the middle of its vote."""
    begun = now - timedelta(days=12)
    contest = walls.hung(make.contest(cast.li, begun, entries_each=5), (cast.zhao,), begun, many=3)
    dates = {"entries_close_at": now - timedelta(days=2), "voting_opens_at": now - timedelta(days=1)}
    Contest.update(voting_closes_at=now + timedelta(days=1), **dates).where(Contest.id == contest.id).execute()
    return contests.find(cast.cuihu, contest.id)


def codes(page):
    """The addresses of all QR codes on this page, as a phone's camera reads them."""
    page.wait_for_load_state("networkidle")
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot(full_page=True))))
    return [re.sub(r"^https?://[^/]+", "", each.text) for each in found]


def printed(host, contest, sheet):
    """Make a sheet as the host does, and read its codes."""
    host.goto(f"{CONTEST}{contest.id}/exhibition")
    host.locator(f"button[value={sheet}]").tap()
    expect(host).to_have_url(re.compile(f"/exhibition/{sheet}"))
    return codes(host)


def live_ballots(contest):
    """The ballots that stand: of each key the last turn, unless it is void."""
    last = {}
    for ballot in Ballot.select().where(Ballot.contest == contest.id).order_by(Ballot.turn):
        last[ballot.voter_key] = ballot
    return [ballot for ballot in last.values() if ballot.kind != "void"]


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_scan_vote_sit_down_and_vote_again_is_one_ballot(phone, watch, cast, voting, js):
    watch.allow(422)
    host = phone(cast.li)
    work, venue = printed(host, voting, "works")[0], printed(host, voting, "venue")[0]
    code = re.search(r"venue=(\w+)", venue).group(1)
    visitor = phone(js=js)
    visitor.goto(work)
    expect(visitor).to_have_url(re.compile(CONTEST + r"entries/\d+"))
    visitor.get_by_role("button", name="投TA一票").tap()
    visitor.get_by_label("今天的 6 位投票码").fill("AAAAAA")
    visitor.get_by_role("button", name="投给").tap()
    expect(visitor.locator("#code-error")).to_contain_text("今天的投票码")
    visitor.get_by_label("今天的 6 位投票码").fill(code.lower())
    visitor.get_by_role("button", name="投给").tap()
    expect(visitor.locator("#ballot")).to_contain_text("回执")
    assert [ballot.channel for ballot in live_ballots(voting)] == ["visitor"]
    visitor.goto(f"/n/cuihu/join?next={CONTEST}{voting.id}")
    visitor.get_by_label("怎么称呼您").fill("小顾")
    visitor.get_by_label("同意").check()
    visitor.get_by_role("button", name="坐下").tap()
    expect(visitor).to_have_url(re.compile(f"{CONTEST}{voting.id}"))
    expect(visitor.locator(".topic-card")).to_contain_text("您选了 1/1 幅")
    other = visitor.locator(".work a", has_not=visitor.locator(".chip")).first
    other.tap()
    visitor.get_by_role("button", name="改投这一幅").tap()
    expect(visitor.locator("#ballot")).to_contain_text("您投给了")
    (ballot,) = live_ballots(voting)
    assert (ballot.channel, ballot.kind, len(ballot.chosen)) == ("visitor", "cast", 1)


def test_a_neighbour_votes_in_one_tap_takes_it_back_and_cannot_vote_for_herself(phone, cast, voting):
    wang, (first, second, _) = phone(cast.wang), entries.on_the_wall(voting)
    wang.goto(f"{CONTEST}entries/{first.id}")
    wang.get_by_role("button", name="投TA一票").tap()
    expect(wang.get_by_role("button", name="点错了，撤回")).to_be_visible()
    wang.get_by_role("button", name="点错了，撤回").tap()
    expect(wang.get_by_role("button", name="投TA一票")).to_be_visible()
    assert live_ballots(voting) == []
    wang.goto(f"{CONTEST}entries/{second.id}")
    wang.get_by_role("button", name="投TA一票").tap()
    expect(wang.get_by_role("button", name="取消这一票")).to_be_visible()
    assert [ballot.chosen for ballot in live_ballots(voting)] == [[second.id]]
    author = phone(cast.zhao)
    author.goto(f"{CONTEST}entries/{first.id}")
    expect(author.locator("#ballot")).to_contain_text("您自己的作品")
    expect(author.get_by_role("button", name="投TA一票")).to_have_count(0)
