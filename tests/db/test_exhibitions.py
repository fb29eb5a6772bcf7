"""展览: what may hang and in which order, codes that stay, the code of the day, and a screen that tells no votes."""

from datetime import timedelta

import pytest

from db import contests, entries, exhibitions, rotating, scans
from db.contests import Contest
from db.entries import Entry
from tests import make

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
def contest(cast, now):
    return make.contest(cast.li, now, entries_each=5)


def again(contest):
    return contests.find(contest.neighborhood, contest.id)


def captions(contest, order="no"):
    return [work.caption for work in exhibitions.hanging(contest, order)]


def test_only_what_is_on_the_wall_and_may_be_printed_hangs(cast, contest, now):
    hung = make.entry(cast.zhao, contest, now, "玉兰")
    kept = make.entry(cast.zhao, contest, now, "不印", print_consent=False)
    waits, returned = (make.entry(cast.wang, contest, now, name) for name in ("等着", "退回"))
    entries.give_back(returned, cast.li, now, "看不清楚")
    gone = make.entry(cast.zhao, contest, now, "撤下")
    Entry.update(photo=None).where(Entry.id == gone.id).execute()
    veiled = make.entry(cast.zhao, contest, now, "被举报")
    entries.veil(veiled, True, now)
    assert captions(contest) == ["玉兰"]
    assert {why: many for many, why in exhibitions.left_out(contest)} == dict.fromkeys(
        ("作者没有同意打印", "等您看，通过了才上墙", "退回给作者修改了", "照片已经撤下", "有人举报，看过再说"), 1
    )
    entries.approve(waits, cast.li, now)
    entries.allow_print(kept, cast.zhao, True, now)
    entries.allow_print(hung, cast.zhao, False, now)
    assert captions(contest) == ["不印", "等着"] and exhibitions.on_screen(contest, now).caption in captions(contest)


def test_they_hang_by_number_place_or_building_and_the_nameless_last(cast, contest, now):
    for building, spot in (("11栋", "北门2"), ("", "北门10"), ("3栋", ""), ("东区3栋", "东门")):
        author = make.neighbor(cast.cuihu, "邻居" + building, now, building=building, trusted=True)
        make.entry(author, contest, now, f"{building}/{spot}", spot=spot)
    assert [work.place for work in exhibitions.hanging(contest, "spot")] == [1, 2, 3, 4]
    assert [work.no for work in exhibitions.hanging(contest, "no")] == [1, 2, 3, 4]
    assert [caption.partition("/")[0] for caption in captions(contest, "building")] == ["3栋", "11栋", "东区3栋", ""]
    assert [caption.partition("/")[2] for caption in captions(contest, "spot")] == ["东门", "北门2", "北门10", ""]


def test_a_code_once_printed_stays_with_its_work_however_many_ask_at_once(cast, contest, now):
    first = make.entry(cast.zhao, contest, now, "玉兰")
    assert exhibitions.hanging(contest)[0].code == "" and exhibitions.code_of_wall(contest) == ""
    assert exhibitions.make_codes(contest, cast.li, now) == 2
    code, wall = exhibitions.hanging(contest)[0].code, exhibitions.code_of_wall(contest)
    make.entry(cast.zhao, contest, now, "又一幅")
    make.at_once(8, lambda _: exhibitions.make_codes(contest, cast.li, now + HOUR))
    both = [work.code for work in exhibitions.hanging(contest)]
    assert both[0] == code and len(set(both)) == 2 and exhibitions.code_of_wall(contest) == wall
    assert exhibitions.make_codes(contest, cast.li, now) == 0
    token = scans.find(code)
    assert (token.purpose, token.target_type, token.target_id, token.label) == ("work", "entry", first.id, "1 号《玉兰》")


def test_the_code_of_the_venue_is_that_of_one_day_and_one_contest(cast, contest, now):
    other = make.contest(cast.li, now)
    begins = now.replace(hour=20) - timedelta(days=1)  # 04:00 in Shanghai
    code = exhibitions.venue_code(contest, rotating.venue_day(now))
    ends = begins + 24 * HOUR
    for moment, right in ((begins - SECOND, False), (begins, True), (ends - SECOND, True), (ends, False)):
        assert exhibitions.is_venue_code(contest, code, moment) is right
    assert exhibitions.is_venue_code(contest, f" {code[:3].lower()} {code[3:]}", now)
    assert not exhibitions.is_venue_code(other, code, now) and not exhibitions.is_venue_code(contest, "", now)


def test_the_days_of_the_venue_are_those_of_the_vote_from_today_on(cast, contest, now):
    assert exhibitions.venue_days(contest, now) == ["2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02"]
    Contest.update(state="voting", approved=2).execute()
    assert exhibitions.venue_days(again(contest), contest.voting_closes_at - HOUR) == ["2026-04-02"]
    assert exhibitions.venue_days(again(contest), contest.voting_closes_at) == []
    Contest.update(state="cancelled").execute()
    assert exhibitions.venue_days(again(contest), now) == []


def test_the_screen_shows_the_code_to_those_it_was_opened_for_and_only_while_one_votes(cast, contest, now):
    day = rotating.venue_day(contest.voting_opens_at)
    key, other = exhibitions.screen_key(contest, day), make.contest(cast.li, now)
    Contest.update(state="voting", approved=2).execute()
    opened = contest.voting_opens_at
    assert exhibitions.opens_screen(contest, key, opened) and not exhibitions.opens_screen(contest, key, opened + 24 * HOUR)
    assert not exhibitions.opens_screen(other, key, opened) and not exhibitions.opens_screen(contest, key + "x", opened)
    voting = again(contest)
    assert exhibitions.screen(voting, opened, may_show_code=True).code == exhibitions.venue_code(contest, day)
    assert exhibitions.screen(voting, opened, may_show_code=False).code == ""
    assert exhibitions.screen(voting, opened - SECOND, may_show_code=True).code == ""
    assert exhibitions.screen(voting, contest.voting_closes_at, may_show_code=True).code == ""


def test_the_screen_counts_todays_scans_of_this_contest_only(cast, contest, now):
    make.entry(cast.zhao, contest, now)
    other = make.contest(cast.li, now)
    make.entry(cast.zhao, other, now)
    for each in (contest, other):
        exhibitions.make_codes(each, cast.li, now)
    mine, wall = exhibitions.hanging(contest)[0].code, exhibitions.code_of_wall(contest)
    for code, when in ((mine, now), (mine, now), (wall, now), (wall, now - 24 * HOUR), (exhibitions.code_of_wall(other), now)):
        scans.count(scans.find(code), when)
    assert exhibitions.screen(again(contest), now, may_show_code=False) == (1, 3, "")


def test_every_work_has_its_turn_on_the_screen(cast, contest, now):
    assert exhibitions.on_screen(contest, now) is None
    for number in range(3):
        make.entry(cast.zhao, contest, now, f"第 {number}")
    turns = [exhibitions.on_screen(contest, now + timedelta(seconds=number * exhibitions.TURN)).no for number in range(6)]
    assert sorted(turns[:3]) == [1, 2, 3] and turns[:3] == turns[3:]
    assert exhibitions.on_screen(contest, now + timedelta(seconds=exhibitions.TURN - 1)).no == turns[0]


def test_drafts_and_what_was_called_off_hang_nowhere(cast, now):
    draft = make.contest(cast.li, now, started=False)
    off = make.contest(cast.li, now)
    contests.cancel(off, cast.li, now, "下雨了改日子")
    for each in (draft, again(off)):
        with make.refused("nothing-hangs"):
            exhibitions.refuse_unshown(each, now)
    exhibitions.refuse_unshown(make.contest(cast.li, now), now)
