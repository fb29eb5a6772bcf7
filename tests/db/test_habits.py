"""How a host answers, counted from what she said (R08)."""

from datetime import timedelta

from db import comments, habits, likes
from db.neighborhoods import by_slug
from tests import make

HOUR = timedelta(hours=1)


def say(member, post, at, **values):
    return comments.say(member, post, at, body="好的", op_id=make.secrets.token_hex(8), **values)


def of(cast, at):
    return habits.of(cast.li.id, by_slug("cuihu"), at)


def test_the_median_of_first_answers_once_there_are_five(cast, now):
    for hours in (1, 2, 30, 4):
        question = make.post(cast.zhao, now, kind="question")
        say(cast.li, question, now + hours * HOUR)
        say(cast.li, question, now + 40 * HOUR)  # only the first one counts
    assert of(cast, now + 50 * HOUR).usually is None
    mine = make.post(cast.li, now)
    asked = say(cast.wang, mine, now)
    say(cast.li, mine, now + 3 * HOUR, answers=asked)
    say(cast.li, make.post(cast.zhao, now), now + HOUR)  # small talk is no answer
    found = of(cast, now + 50 * HOUR)
    assert (found.answers, found.usually) == (5, 3 * HOUR)
    assert of(cast, now + timedelta(days=40)).answers == 0


def test_who_met_the_host_is_counted_once(cast, now):
    mine, theirs = make.post(cast.li, now), make.post(cast.zhao, now)
    for _ in range(2):
        say(cast.wang, mine, now)
    likes.set_like(cast.wang, mine, True, now)
    likes.set_like(cast.li, mine, True, now)
    likes.set_like(cast.chen, theirs, True, now)
    say(cast.zhao, theirs, now, answers=say(cast.li, theirs, now))
    found = of(cast, now + HOUR)
    assert (found.met, found.neighbors, found.met_percent) == (2, 3, None)  # 王阿姨 and 赵敏
    for number in range(7):
        make.neighbor(cast.cuihu, f"邻居{number}", now)
    assert of(cast, now + HOUR).met_percent == 20


def test_the_queries_are_as_many_at_any_size(cast, now, queries):
    place = by_slug("cuihu")
    del queries[:]
    habits.of(cast.li.id, place, now)
    before = len(queries)
    for _ in range(6):
        say(cast.li, make.post(cast.zhao, now, kind="question"), now)
    del queries[:]
    habits.of(cast.li.id, place, now + HOUR)
    assert len(queries) == before == 3
