"""比赛: which phase it is in is what the clock says; rules stand still once neighbours vote under them (R35, R45, I3)."""

from datetime import timedelta

import pytest

from db import contests, entries
from db.audit import AuditLog
from db.contests import TRANSITIONS, Contest, ContestNote
from db.notices import Notice
from tests import make
from tests.make import at_once, refused

SECOND = timedelta(seconds=1)


@pytest.fixture
def contest(cast, now):
    return make.contest(cast.li, now)


@pytest.fixture
def two_works(cast, contest, now):
    return [make.entry(member, contest, now) for member in (cast.zhao, make.neighbor(cast.cuihu, "老周", now, trusted=True))]


def again(contest):
    return Contest.get_by_id(contest.id)


def test_each_phase_begins_and_ends_to_the_second(contest, two_works, now):
    contest = again(contest)
    edges = {"collecting": contest.opens_at, "voting": contest.voting_opens_at, "counting": contest.voting_closes_at}
    before = {"collecting": "coming", "voting": "collecting", "counting": "voting"}
    for phase, edge in edges.items():
        assert [contest.phase(edge + step * SECOND) for step in (-1, 0, 1)] == [before[phase], phase, phase]


def test_between_two_dates_the_host_looks_at_the_works(cast, now):
    contest = make.contest(cast.li, now, entries_close_at=now + timedelta(days=9))
    edge = contest.entries_close_at
    assert [contest.phase(edge - SECOND), contest.phase(edge)] == ["collecting", "screening"]


def test_without_two_works_no_vote_begins(cast, contest, now):
    make.entry(cast.zhao, contest, now)
    at, contest = contest.voting_opens_at, again(contest)
    assert contest.phase(at) == "screening" and contest.short_of_works(at) and not contest.takes_votes(at)
    waiting = make.entry(cast.wang, contest, now)
    entries.approve(waiting, cast.li, at)
    assert again(contest).takes_votes(at)


@pytest.mark.parametrize("phase", contests.PHASES)
def test_the_table_says_from_where_it_may_be_called_off(cast, contest, now, phase):
    state = "collecting" if phase == "coming" else phase
    Contest.update(state=state, published_at=now).where(Contest.id == contest.id).execute()
    if (state, "cancelled") in TRANSITIONS:
        contests.cancel(contest, cast.li, now, "下雨了，改到秋天")
        assert again(contest).state == "cancelled" and ContestNote.get().sentence == "已取消：下雨了，改到秋天"
    else:
        with refused("moved-on"):
            contests.cancel(contest, cast.li, now, "下雨了，改到秋天")
        assert again(contest).state == state and not ContestNote.select().count()


def test_a_draft_is_the_hosts_and_opens_once(cast, now):
    draft = make.contest(cast.li, now, started=False)
    assert draft.seen_by(cast.li) and not draft.seen_by(cast.wang) and not draft.seen_by(None)
    answers = at_once(2, lambda number: contests.start(contests.find(cast.cuihu, draft.id), cast.li, now))
    assert [getattr(answer, "code", "opened") for answer in sorted(answers, key=str)] == ["opened", "moved-on"]
    assert again(draft).seen_by(None) and AuditLog.select().where(AuditLog.action == "open contest").count() == 1


def test_the_same_form_twice_is_one_contest(cast, now):
    dates = {name: now + timedelta(days=day) for day, name in enumerate(("opens_at", "entries_close_at"))}
    dates |= {"voting_opens_at": now + timedelta(days=2), "voting_closes_at": now + timedelta(days=3)}
    for _ in range(2):
        contests.create(cast.li, now, op_id="contest001", title="阳台花园", **dates)
    assert Contest.select().count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": " "}, "title"),
        ({"rules": "长" * 2001}, "rules"),
        ({"entries_each": 0}, "entries_each"),
        ({"entries_each": 6}, "entries_each"),
        ({"choices": -1}, "choices"),
        ({"voters": "everyone"}, "voters"),
        ({"visitors": "x"}, "visitors"),
        ({"entries_close_at": -1}, "entries_close_at"),
        ({"voting_opens_at": 9}, "voting_opens_at"),
        ({"voting_closes_at": 10}, "voting_closes_at"),
        ({"voting_closes_at": 121}, "voting_closes_at"),
        ({"preset": "x"}, "preset"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(cast, now, wrong, field):
    wrong = {name: now + timedelta(days=value) if name.endswith("_at") else value for name, value in wrong.items()}
    with pytest.raises(contests.Refused) as met:
        make.contest(cast.li, now, started=False, **wrong)
    assert met.value.field == field and not Contest.select().count()


def test_words_change_until_the_vote_begins_and_rules_only_in_a_draft(cast, contest, two_works, now):
    how = {"title": "春天", "rules": "拍一张就好", "prizes": "", "choices": 3}
    contests.rewrite(again(contest), cast.li, now, **how)
    assert (again(contest).title, again(contest).choices) == ("春天", 1)
    with refused("frozen"):
        contests.rewrite(again(contest), cast.li, contest.voting_opens_at, title="夏天")
    assert again(contest).title == "春天"


def test_more_time_is_given_before_the_deadline_only_and_everybody_reads_why(cast, contest, two_works, now):
    edge = contest.entries_close_at
    contests.postpone(contest, cast.li, edge - SECOND, until=edge + timedelta(days=2), note="下了三天雨")
    moved = again(contest)
    assert (moved.entries_close_at, moved.voting_closes_at) == (
        edge + timedelta(days=2),
        contest.voting_closes_at + timedelta(days=2),
    )
    assert ContestNote.get().sentence == "延长到 4月1日 12:00：下了三天雨"
    with refused("not-later", 422):
        contests.postpone(moved, cast.li, now, until=moved.entries_close_at, note="写错了日期")
    with refused("too-late"):
        contests.postpone(
            moved, cast.li, moved.voting_closes_at, until=moved.voting_closes_at + timedelta(days=1), note="还想再等等"
        )


def test_who_took_part_hears_that_it_is_called_off(cast, contest, two_works, now):
    contests.cancel(contest, cast.li, now, "市集取消了", tell=entries.authors_of(contest))
    assert {row.user_id for row in Notice.select().where(Notice.kind == "contest")} == {each.author.user_id for each in two_works}


def test_the_clock_moves_one_arrow_after_the_other(contest, two_works, now):
    assert contests.due(now) == []
    late = contest.voting_closes_at + timedelta(days=1)
    assert [contests.next_of(each, late) for each in contests.due(late)] == ["screening"]
