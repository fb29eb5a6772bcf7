"""What the author of a picked work says to its going outside: only hers, and hers to change."""

import pytest

from db import consents, hiding, picks, posts, releases, works
from db.notices import Notice
from db.picks import RELEASES, Pick
from tests import make


@pytest.fixture
def pick(cast, now):
    return make.picked(cast.li, make.post(cast.zhao, now), now)


def again(pick):
    return picks.find(pick.neighborhood, pick.id)


def agree(pick, now, ways=("article", "poster", "showcase"), credit="敏敏"):
    releases.answer(again(pick), "given", now, ways=ways, credit=credit)
    return again(pick)


def shown(pick):
    return {way for way in picks.WAYS if picks.shown(pick.neighborhood, pick.id, way)}


def test_every_arrow_is_walked_and_no_other(cast, pick, now):
    for source in RELEASES:
        for target in RELEASES:
            Pick.update(release=source, ways="article", credit="敏敏", agreed_at=now).where(Pick.id == pick.id).execute()
            if (source, target) in releases.TRANSITIONS:
                releases.answer(again(pick), target, now, ways=["poster"], credit="敏敏")
                assert again(pick).release == target
            else:
                with make.refused(*(("bad-answer", 422) if target == "asked" else ("moved-on", 409))):
                    releases.answer(again(pick), target, now, ways=["poster"], credit="敏敏")
                assert again(pick).release == source


def test_only_what_she_ticked_is_open_and_only_while_she_agrees(cast, pick, now):
    assert shown(pick) == set() == set(again(pick).allowed)
    assert shown(agree(pick, now, ["poster", "showcase", "../x"])) == {"poster", "showcase"}
    assert shown(agree(pick, now, ["showcase"])) == {"showcase"}
    releases.answer(again(pick), "withdrawn", now)
    assert shown(pick) == set() and again(pick).allowed == [] == picks.released(cast.cuihu)[0]


@pytest.mark.parametrize(
    ("ways", "credit", "field"),
    [
        ((), "敏敏", "ways"), (("stage",), "敏敏", "ways"), (("poster",), " ", "credit"), (("poster",), "长" * 21, "credit"),
        (("poster",), "a\x1bb", "credit"),
    ],
)  # fmt: skip
def test_a_yes_says_where_and_under_which_name(pick, now, ways, credit, field):
    with pytest.raises(releases.Refused) as met:
        releases.answer(pick, "given", now, ways=ways, credit=credit)
    assert (met.value.status, met.value.field, again(pick).release) == (422, field, "asked")


@pytest.mark.parametrize("gone", ["unpicked", "withdrawn", "hidden"])
def test_a_work_that_is_gone_is_shown_nowhere_and_cannot_be_agreed_to(cast, pick, now, gone):
    agree(pick, now)
    post = posts.find(cast.cuihu, pick.object_id)
    if gone == "unpicked":
        picks.unpick("post", post, cast.li, now)
    elif gone == "withdrawn":
        posts.withdraw(post, cast.zhao, now)
    else:
        hiding.hide(post, cast.li.user, now, "先收起来看看")
    assert shown(pick) == set() and (works.told([pick]) == {}) is (gone != "unpicked")
    with make.refused("not-picked"):
        agree(pick, now)
    releases.answer(again(pick), "withdrawn", now)


def test_each_yes_stands_in_her_book_with_its_days(cast, pick, now):
    later = now.replace(day=25)
    agree(pick, now), agree(pick, now, ["poster"]), releases.answer(again(pick), "withdrawn", later), agree(pick, later)
    lines = [line for line in consents.of([cast.zhao.user_id]) if line.what == "outside"]
    assert [(line.at, line.withdrawn_at) for line in reversed(lines)] == [(now, now), (now, later), (later, None)]
    assert again(pick).agreed_at == later and {line.about for line in lines} == {f"帖子 {pick.object_id}"}
    told = Notice.select().where((Notice.user == cast.li.user_id) & (Notice.kind == "desk"))
    assert [(line.sentence, line.times) for line in told] == [("赵敏同意到小区外面去", 4)]


def test_two_answers_at_once_leave_one_truth(cast, pick, now):
    agree(pick, now)
    fresh = again(pick)

    def tap(number):
        return releases.answer(fresh, ("withdrawn", "given")[number % 2], now, ways=["poster"], credit="敏敏")

    make.at_once(6, tap)
    lines = [line for line in consents.of([cast.zhao.user_id]) if line.what == "outside" and line.withdrawn_at is None]
    assert len(lines) == (again(pick).release == "given")
