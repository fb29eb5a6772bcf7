"""Contests in each phase, with works of every shape, for the pages to show."""

from datetime import timedelta

from db import contests, entries, exhibitions
from tests import make, votes
from tests.browser import scene

DAY = timedelta(days=1)
NAMES = ("东门的玉兰", "雨后的第一朵樱花，开在 6 栋楼下那棵谁也没注意过的老树上", "窗台", "一碗荠菜馄饨", "孩子们的风筝", "湖边")


def hung(contest, authors, now, many=6):
    """So many works on its wall, upright and lying."""
    for number in range(many):
        size = (675, 900) if number % 3 == 1 else (900, 675)
        code = scene.photo(authors[number % len(authors)], now, 30 + 50 * number, size)
        entry = make.entry(authors[number % len(authors)], contest, now, NAMES[number % len(NAMES)], photo_code=code)
        if not entry.shown:
            entries.approve(entry, make.again(contest.created_by), now)
    return contests.find(contest.neighborhood, contest.id)


def moved(contest, **dates):
    """The same contest at other dates, as if time had passed."""
    contests.Contest.update(**dates).where(contests.Contest.id == contest.id).execute()
    return contests.find(contest.neighborhood, contest.id)


def fill(here, cast, now):
    """`here` gets a contest that takes works, one each that waits, votes, counts and was called off, and a draft."""
    li, zhao, wang = cast.li, cast.zhao, cast.wang
    here.contest = hung(make.contest(li, now - DAY, entries_each=5), (zhao, li), now - DAY)
    here.my_entry = make.entry(wang, here.contest, now, "我家阳台", photo_code=scene.photo(wang, now, 10))
    here.returned_entry = make.entry(wang, here.contest, now, "太暗了", photo_code=scene.photo(wang, now, 60))
    entries.give_back(here.returned_entry, li, now, entries.RETURN_REASONS[0])
    contests.postpone(here.contest, li, now, until=here.contest.entries_close_at + DAY, note="下了三天雨，多给大家几天")
    here.entry = entries.on_the_wall(here.contest)[0]
    here.draft = make.contest(li, now, started=False, title="我家的阳台花园")
    voting = hung(make.contest(li, now - 12 * DAY, title="最暖的窗", entries_each=5), (zhao, li), now - 11 * DAY)
    here.voting = moved(voting, entries_close_at=now - 2 * DAY, voting_opens_at=now - DAY, voting_closes_at=now + 2 * DAY)
    exhibitions.make_codes(here.voting, li, now)
    here.choice = entries.on_the_wall(here.voting)[0]
    over, (here.won, _) = make.vote(li, (zhao, wang), now - 5 * DAY, title="去年冬天的窗花")
    moved(over, state="published", published_at=now - DAY, outcome="谢谢每一位")
    off = make.contest(li, now - 3 * DAY, title="晒晒年夜饭")
    contests.cancel(off, li, now - 2 * DAY, "送来的作品太少，改到明年一起办")
    here.cancelled = contests.find(cast.cuihu, off.id)
    told = votes.rows(cast, now, "投票")
    here.paper = told["paper_batches."]
    here.counting, here.counted = told["bursts."]["contest_id"], told["tallies."]["contest_id"]
    here.published = told["tallies.receipts"]["contest_id"]
