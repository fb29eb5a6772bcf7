"""证书: only of what is published and hangs; equal votes are one place, and nobody has one without a vote."""

from datetime import timedelta

from db import ballots, certificates, contests, entries, phases, tallies
from tests import make


def awards(place, works):
    return [certificates.award(entries.find(place, work.id)) for work in works]


def test_what_a_work_has_to_show_for_itself(cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang, cast.chen], now)
    voters = [make.neighbor(cast.cuihu, f"邻居{number}", now - timedelta(days=9), trusted=True) for number in range(2)]
    contests.Contest.update(voters="joined").execute()
    contest = contests.find(cast.cuihu, contest.id)
    ballots.cast(contest, works[0], now, member=cast.li)
    ballots.cast(contest, works[1], now, member=cast.zhao)
    closed = contest.voting_closes_at + timedelta(hours=2)
    assert awards(cast.cuihu, works) == [None] * 3 and len(voters) == 2
    phases.advance_due(closed)
    assert tallies.settle_due(closed) == 1
    assert awards(cast.cuihu, works) == [None] * 3
    tallies.publish(contests.find(cast.cuihu, contest.id), cast.li, closed, "谢谢每一位邻居")
    assert awards(cast.cuihu, works) == ["并列第一名", "并列第一名", "入展纪念"]
    entries.veil(entries.find(cast.cuihu, works[1].id), True, closed)
    entries.Entry.update(state="disqualified").where(entries.Entry.id == works[0].id).execute()
    assert awards(cast.cuihu, works)[:2] == [None, None]
