"""揭晓 over HTTP: nobody sees a number too early, and afterwards everybody sees every ballot."""

import hashlib

import time_machine

from db import ballots, phases, tallies
from db.contests import Contest
from tests import make, votes
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, told_to_load, words, written


def pages(contest_id):
    return f"/n/cuihu/desk/contests/{contest_id}/outcome", f"/n/cuihu/contests/{contest_id}/receipts"


def test_the_host_publishes_with_words(web, cast, now):
    for part in (False, True):
        contest_id = votes.rows(cast, now, "x")["tallies."]["contest_id"]
        outcome, receipts = pages(contest_id)
        host = web.as_(cast.li)
        assert host.get(receipts).status_code == 404 and "合计" in words(host.get(outcome))
        answer = host.post(outcome, {"outcome": "好"}, part=part)
        assert answer.status_code == 422 and is_whole(answer) and beside(answer, "outcome") and written(answer, "outcome") == "好"
        answer = host.post(outcome, {"outcome": "谢谢大家，两幅并列"}, part=part)
        here = f"/n/cuihu/contests/{contest_id}"
        assert told_to_load(answer, here) if part else led_to(answer, here)
        assert host.post(outcome, {"outcome": "谢谢大家，两幅并列"}, part=part).status_code == 409
        assert "谢谢大家，两幅并列" in words(host.get(outcome)) and web.guest().get(receipts).status_code == 200


def test_before_the_count_nobody_sees_a_number(web, cast, now):
    contest, works = make.vote(cast.li, [cast.wang, cast.chen], now)
    ballots.cast(contest, works[0], now, member=cast.zhao)
    outcome, receipts = pages(contest.id)
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        page = words(web.as_(cast.li).get(outcome))
        assert "谁也看不到票数" in page and "合计" not in page
    phases.advance_due(contest.voting_closes_at)
    with time_machine.travel((contest.voting_closes_at + tallies.WAITS).strftime("%Y-%m-%dT%H:%M:%S+00:00")):
        page = words(web.as_(cast.li).get(outcome))
        assert "合计" not in page and "都齐了" in page
    assert web.as_(cast.li).post(outcome, {"outcome": "谢谢大家，两幅并列"}).status_code == 409
    assert web.as_(cast.zhao).get(outcome).status_code == 403 and web.as_(cast.zhou).get(outcome).status_code == 404
    assert shown_the_door(web.guest().get(outcome), "/signin", outcome)
    assert {web.as_(who).get(receipts + end).status_code for who in (cast.li, cast.zhao) for end in ("", ".txt")} == {404}


def test_everybody_finds_a_receipt_and_reads_the_others(web, cast, now, monkeypatch):
    contest, works = make.vote(cast.li, [cast.wang, cast.chen], now)
    mine = ballots.cast(contest, works[0], now, member=cast.zhao)
    for at in range(4):
        ballots.cast(contest, works[1], now, device=f"phone-{at}", venue=True)
    later = contest.voting_closes_at + tallies.WAITS
    phases.advance_due(later)
    tallies.settle_due(later)
    tallies.publish(Contest.get_by_id(contest.id), cast.li, later, "谢谢大家来投票")
    receipts = pages(contest.id)[1]
    guest = web.guest()
    found = words(guest.get(f"{receipts}?receipt={mine.shown_receipt.lower()}"))
    assert f"{mine.shown_receipt}</th><td>线上</td><td>{works[0].no}</td><td>计入" in found
    assert "没有这个回执号" in words(guest.get(f"{receipts}?receipt=AAAAAAAAAAAA"))
    monkeypatch.setattr(tallies, "PAGE", 2)
    listed, after = [], 0
    while after is not None:
        page = words(guest.get(f"{receipts}?after={after}"))
        listed += [seal.receipt for seal in tallies.seals(contest) if ballots.grouped(seal.receipt) in page]
        after = (after or 0) + 2 if "后面的" in page else None
    assert listed == sorted(listed) and len(listed) == 5
    assert tallies.head(contest) in page and f"recount {contest.id}" in page
    before = tallies.BEGINNING
    for told in words(web.as_(cast.zhou).get(f"{receipts}.txt")).splitlines():
        line, _, mark = told.rpartition(" ")
        before = hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()
        assert before == mark
    assert before == tallies.head(contest)
