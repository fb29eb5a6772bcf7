"""互助 by the clock: reminded once, closed once, renewed once, forgotten (R28, S7, I14)."""

from datetime import timedelta

from db import aid_ends, aid_matches, mutual_aid, notices, posts
from db.mutual_aid import Aid, AidNote, AidOffer
from db.posts import Post
from tests import make
from tests.make import at_once, refused

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def fresh(aid):
    return mutual_aid.find(aid.neighborhood, aid.post_id)


def told(member):
    return [line.sentence for line in notices.inbox(member.user)[0] if line.kind == "aid"]


def test_two_days_before_the_end_two_clocks_remind_once(cast, now):
    aid = make.aid(cast.zhao, now, days=7)
    assert aid_ends.remind_due(now + 5 * DAY - SECOND) == 0
    assert sum(at_once(2, lambda _: aid_ends.remind_due(now + 5 * DAY))) == 1
    assert aid_ends.remind_due(now + 6 * DAY) == 0
    line = notices.inbox(cast.zhao.user)[0][0]
    assert line.times == 1 and line.sentence.startswith("「周六帮忙遛狗」还有两天就到期了") and str(aid.post_id) in line.url


def test_it_is_over_on_the_second_and_two_clocks_close_it_once(cast, now):
    aid = make.aid(cast.zhao, now, days=3)
    end = aid.expires_at
    assert (aid.phase(end - SECOND), aid.phase(end), aid_ends.close_due(end - SECOND)) == ("open", "expired", 0)
    with refused("not-open"):
        aid_matches.offer(aid, cast.wang, end)
    assert sum(at_once(2, lambda _: aid_ends.close_due(end + 5 * DAY))) == 1
    assert fresh(aid).state == "expired" and fresh(aid).post.aside.endswith("到期了")
    assert told(cast.zhao) == ["「周六帮忙遛狗」到期了，还需要的话可以再续一次"]


def test_a_choice_in_the_last_moment_and_the_clock_do_not_both_win(cast, now):
    aid = make.aid(cast.zhao, now)
    offer = aid_matches.offer(aid, cast.wang, now)
    with refused("moved-on"):
        aid_matches.accept(aid, offer, cast.zhao, aid.expires_at)
    aid_matches.accept(aid, offer, cast.zhao, aid.expires_at - SECOND)
    assert aid_ends.close_due(aid.expires_at) == 0 and fresh(aid).state == "matched"


def test_it_is_renewed_in_place_once(cast, now):
    aid = make.aid(cast.zhao, now, days=3)
    late = aid.expires_at + DAY
    aid_ends.renew(aid, cast.zhao, late)  # before the timetable has been here
    aid = fresh(aid)
    assert (aid.state, aid.expires_at, aid.renewed, aid.reminded) == ("open", late + 14 * DAY, True, False)
    aid_ends.close_due(aid.expires_at)
    with refused("renewed"):
        aid_ends.renew(fresh(aid), cast.zhao, aid.expires_at)
    assert told(cast.zhao)[0] == "「周六帮忙遛狗」到期了"


def test_a_match_nobody_called_done_goes_after_two_weeks(cast, now):
    aid = make.aid(cast.zhao, now, days=3)
    aid_matches.accept(aid, aid_matches.offer(aid, cast.wang, now), cast.zhao, now)
    assert aid_ends.close_due(aid.expires_at + aid_ends.MATCH_KEPT - SECOND) == 0
    assert aid_ends.close_due(aid.expires_at + aid_ends.MATCH_KEPT) == 1
    assert fresh(aid).state == "expired" and AidOffer.get().state == "declined"
    assert "先收起来" in told(cast.wang)[0] and "先收起来" in told(cast.zhao)[0]


def test_calling_it_off_tells_all_who_came(cast, now):
    aid = make.aid(cast.zhao, now)
    aid_matches.offer(aid, cast.chen, now)
    aid_matches.accept(aid, aid_matches.offer(aid, cast.wang, now), cast.zhao, now)
    aid_ends.cancel(fresh(aid), cast.zhao, now)
    assert told(cast.wang)[0] == told(cast.chen)[0] == "「周六帮忙遛狗」不用了，谢谢您的热心"


def test_what_two_wrote_is_not_kept_for_long(cast, now):
    aid = make.aid(cast.zhao, now, when_text="周六")
    aid_matches.accept(aid, aid_matches.offer(aid, cast.wang, now, words="我来"), cast.zhao, now)
    aid = fresh(aid)
    aid_matches.note(aid, cast.wang, "3栋301，到了按铃", now, op_id="notenote0001")
    assert aid_ends.forget_old(now + 31 * DAY) == 0  # it still runs
    for each in (cast.zhao, cast.wang):
        aid_matches.confirm(aid, each, now)
    assert aid_ends.forget_old(now + 29 * DAY) == 0
    assert aid_ends.forget_old(now + 31 * DAY) == 1 and AidNote.select().count() == 0
    posts.withdraw(posts.find(cast.cuihu, aid.post_id), cast.zhao, now)
    posts.purge_due(now + 31 * DAY)
    aid_ends.forget_old(now + 31 * DAY)
    row = Aid.get_by_id(aid.id)
    assert (row.when_text, row.building, AidOffer.get().words, Post.get_by_id(aid.post_id).aside) == ("", "", "", "")
