"""Slips become ballots when a second person has counted the same, and nobody votes on paper and on the phone (R50)."""

import secrets

import pytest

from db import ballots, electors, paper_batches, tallies
from db.ballots import Ballot
from db.paper_batches import PaperBatch, PaperName
from tests import make


@pytest.fixture
def spring(cast, now):
    cast.contest, (cast.magnolia, cast.cat) = make.vote(cast.li, [cast.zhao, cast.wang], now)
    cast.he = make.neighbor(cast.cuihu, "何叔", now, trusted=True)
    return cast


def enter(spring, now, counts=None, **values):
    counts = {spring.cat.id: 3, spring.magnolia.id: 0} if counts is None else counts
    told = {"op_id": secrets.token_hex(8), "spoiled": 1} | values
    batch = paper_batches.enter(values.pop("contest", spring.contest), spring.li, now, counts=counts, **told)
    return paper_batches.find(spring.cuihu, batch.id)


def test_slips_count_only_after_the_second_person(spring, now):
    batch = enter(spring, now, names="陈奶奶\n")
    assert not Ballot.select().exists() and paper_batches.unconfirmed(spring.contest) == 1
    paper_batches.confirm(batch, spring.he, now)
    paper = list(Ballot.select().where(Ballot.channel == "paper"))
    assert sorted(ballot.reason for ballot in paper) == ["", "", "", "paper", "spoiled"]
    assert tallies.totals_from_rows(spring.contest)[spring.cat.id]["paper"] == 3
    with make.refused("moved-on"):
        paper_batches.confirm(batch, spring.he, now)


def test_who_voted_on_paper_votes_nowhere_else(spring, now):
    ballots.cast(spring.contest, spring.magnolia, now, member=spring.chen)
    paper_batches.confirm(enter(spring, now, names="陈奶奶 1栋\n李姐"), spring.he, now)
    for member in (spring.chen, spring.li):
        assert ballots.of(spring.contest, member=member) is None
        with make.refused("voted-on-paper") as met:
            ballots.cast(spring.contest, spring.cat, now, member=member)
        assert "您已投过纸票" in met.value.sentence
    ballots.cast(spring.contest, spring.cat, now, device="phone-1", venue=True)
    assert ballots.claim("phone-1", spring.chen, now) == {spring.contest.id: "duplicate"}
    with make.refused("named-twice", 422):
        enter(spring, now, names="李姐")


def test_the_second_person_is_known_another_one_and_has_no_work(spring, now):
    batch = enter(spring, now)
    for member in (spring.li, spring.zhao, spring.chen):  # entered it, has a work, unknown
        with make.refused("not-second", 403):
            paper_batches.confirm(batch, member, now)
    paper_batches.reject(batch, spring.li, now, "再数一遍")  # she may take her own back
    assert not PaperName.select().exists() and PaperBatch.get().state == "rejected"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"counts": {}, "spoiled": 0}, "bad-number"),
        ({"spoiled": -1}, "bad-number"),
        ({"names": "没有这个人"}, "who"),
        ({"names": "陈奶奶\n何叔\n李姐\n赵敏\n王阿姨"}, "too-many-names"),
        ({"names": "陈奶奶\n陈奶奶"}, "named-twice"),
        ({"counts": {10**6: 1}}, "not-hung"),
    ],
)
def test_numbers_and_names_must_add_up(spring, now, values, code):
    with make.refused(code, 422):
        enter(spring, now, **values)


def test_two_of_one_name_are_told_apart_by_their_building(spring, now):
    make.neighbor(spring.cuihu, "何叔", now, building="9栋")
    with make.refused("who", 422):
        enter(spring, now, names="何叔")
    assert paper_batches.names_of(enter(spring, now, names="何叔 9栋")) == ["何叔"]


def test_with_more_choices_the_marks_are_dealt_to_slips(cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang, cast.chen], now, choices=2)
    he = make.neighbor(cast.cuihu, "何叔", now, trusted=True)
    counts = {works[0].id: 3, works[1].id: 2, works[2].id: 1}
    for wrong in (None, 2, 7):
        with make.refused("bad-number", 422):
            paper_batches.enter(contest, cast.li, now, op_id=secrets.token_hex(8), counts=counts, slips=wrong)
    batch = paper_batches.enter(contest, cast.li, now, op_id="b", counts=counts, slips=4)
    assert paper_batches.enter(contest, cast.li, now, op_id="b", counts=counts, slips=4).id == batch.id
    paper_batches.confirm(paper_batches.find(cast.cuihu, batch.id), he, now)
    rows = list(Ballot.select())
    assert len(rows) == 4 and all(1 <= len(set(row.chosen)) == len(row.chosen) <= 2 for row in rows)
    assert {work: row["paper"] for work, row in tallies.totals_from_rows(contest).items()} == counts


def test_paper_is_taken_from_the_opening_to_the_count(cast, now):
    contest = make.contest(cast.li, now)
    works = [make.entry(cast.zhao, contest, now) for _ in range(2)]
    with make.refused("no-paper"):
        paper_batches.enter(contest, cast.li, now, op_id="a", counts={works[0].id: 1})
    batch = paper_batches.enter(contest, cast.li, contest.voting_closes_at, op_id="b", counts={works[0].id: 1})
    assert batch.state == "entered" and electors.size(contest)[0] == 4


def test_two_second_persons_at_once_make_the_slips_ballots_once(spring, now):
    batch = enter(spring, now)
    seconds = [spring.he, make.neighbor(spring.cuihu, "蒋姐", now, trusted=True)] * 2
    made = [paper_batches.find(spring.cuihu, batch.id) for _ in seconds]
    gave = make.at_once(4, lambda at: paper_batches.confirm(made[at], seconds[at], now))
    assert gave.count(None) == 1 and Ballot.select().count() == 4
