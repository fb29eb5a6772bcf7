"""The page of who needs a hand: only what waits, for whom it is, and figures that can be counted (R28, G1, G15)."""

from datetime import timedelta

from db import aid_board, aid_ends, aid_matches, blocks, hiding
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def ids(board):
    return [post.id for post in board.listed]


def test_what_waits_is_listed_latest_first_for_whom_it_is(cast, now):
    one, two = make.aid(cast.zhao, now), make.aid(cast.li, now, aid_kind="give", visibility="public")
    hidden, gone = make.aid(cast.zhao, now), make.aid(cast.zhao, now, days=3)
    hiding.hide(hidden.post, cast.li.user, now, "要先看一看")
    make.aid(cast.zhou, now)
    later = gone.expires_at
    assert ids(aid_board.open_now(cast.cuihu, cast.wang, later)) == [two.post_id, one.post_id]
    assert ids(aid_board.open_now(cast.cuihu, None, later)) == [two.post_id]
    assert ids(aid_board.open_now(cast.cuihu, cast.wang, later, aid_kind="ask")) == [one.post_id]
    blocks.set_block(cast.wang, cast.zhao, True, now)
    assert ids(aid_board.open_now(cast.cuihu, make.again(cast.wang), later)) == [two.post_id]


def test_pages_follow_each_other(cast, now):
    made = [make.aid(cast.li, now).post_id for _ in range(aid_board.PAGE + 3)]
    first = aid_board.open_now(cast.cuihu, cast.wang, now)
    rest = aid_board.open_now(cast.cuihu, cast.wang, now, after=first.after)
    assert ids(first) + ids(rest) == made[::-1] and rest.after == 0


def test_ones_own_are_found_again(cast, now):
    aid = make.aid(cast.zhao, now)
    aid_matches.offer(aid, cast.wang, now)
    assert [each.id for each in aid_board.asked_by(cast.zhao)] == [aid.id]
    assert [each.aid_id for each in aid_board.taken_by(cast.wang)] == [aid.id]
    aid_matches.back_out(aid, cast.wang, now)
    assert aid_board.taken_by(cast.wang) == []


def test_the_figures_count_what_was_decided(cast, now):
    assert aid_board.figures(cast.cuihu, now) == (0, 0, None, None)
    for hours in (1, 3, 8):
        aid = make.aid(cast.li, now)
        offer = aid_matches.offer(aid, cast.wang, now)
        aid_matches.accept(aid, offer, cast.li, now + hours * HOUR)
    make.aid(cast.li, now, days=3)
    aid_ends.cancel(make.aid(cast.li, now), cast.li, now)
    make.aid(cast.li, now, days=30)
    aid_ends.close_due(now + 4 * DAY)
    assert aid_board.figures(cast.cuihu, now + 4 * DAY) == (3, 1, 75, 180)
    assert aid_board.figures(cast.yangguangli, now) == (0, 0, None, None)
    assert aid_board.figures(cast.cuihu, now + 91 * DAY).rate is None
