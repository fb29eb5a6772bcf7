"""参赛作品: so many each, in time, read by the host, and nothing is let in once the vote has begun (R35, R45, I3)."""

from datetime import timedelta

import pytest

from db import contests, entries, entry_ends, photos, withdrawals
from db.activity import Action
from db.audit import AuditLog
from db.contests import Contest
from db.entries import TRANSITIONS, Entry
from db.notices import Notice
from db.photos import Photo
from tests import make
from tests.make import at_once, refused

SECOND = timedelta(seconds=1)
STATES = sorted({state for arrow in TRANSITIONS for state in arrow})
REASON = "照片看不清，换一张更好"


@pytest.fixture
def contest(cast, now):
    return make.contest(cast.li, now)


def again(entry):
    return entries.find(entry.neighborhood, entry.id)


def send(member, contest, now, photo, **values):
    told = {"op_id": "zuopin00001", "photo_code": photo.code, "caption": "玉兰", "show_consent": True} | values
    return entries.enter(member, contest, now, **told)


def test_works_of_the_trusted_hang_at_once_with_a_number(cast, contest, now):
    first, waiting = make.entry(cast.zhao, contest, now), make.entry(cast.wang, contest, now)
    assert (first.state, first.no, waiting.state, waiting.no) == ("approved", 1, "submitted", None)
    assert first.photo.audience == "public" and waiting.photo.audience == "owner"
    assert [each.id for each in entries.on_the_wall(contest)] == [first.id]
    assert Action.select().where(Action.kind == "entry").count() == 1
    entries.approve(waiting, cast.li, now)
    assert (again(waiting).no, Contest.get_by_id(contest.id).approved) == (2, 2)
    assert Action.select().where(Action.kind == "entry").count() == 2
    assert "编号 2" in Notice.get(Notice.user == cast.wang.user).sentence


def test_a_second_late_is_late(cast, contest, now):
    edge = contest.entries_close_at
    assert make.entry(cast.zhao, contest, edge - SECOND).shown
    with refused("not-collecting"):
        make.entry(cast.zhao, contest, edge)


def test_sent_again_it_is_one_work(cast, contest, now):
    photo = make.photo(cast.zhao, now)
    sent = at_once(4, lambda number: send(make.again(cast.zhao), contest, now, photo))
    assert {each.id for each in sent} == {Entry.get().id} and Contest.get_by_id(contest.id).approved == 1


def test_so_many_each_and_no_more_at_once_either(cast, contest, now):
    taken = [make.photo(cast.zhao, now) for _ in range(6)]
    answers = at_once(6, lambda n: send(make.again(cast.zhao), contest, now, taken[n], op_id=f"zuopin{n:05}"))
    assert sorted(getattr(each, "code", "sent") for each in answers).count("sent") == 2
    assert Entry.select().count() == 2 and {each.place_no for each in Entry.select()} == {1, 2}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"caption": "  "}, "no-caption"),
        ({"caption": "长" * 61}, "too-long"),
        ({"photo_code": ""}, "no-photo"),
        ({"photo_code": "0" * 32}, "no-photo"),
        ({"show_consent": False}, "consent-needed"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(cast, contest, now, wrong, code):
    with refused(code, 422):
        send(cast.zhao, contest, now, make.photo(cast.zhao, now), **wrong)
    assert not Entry.select().count()


def test_the_photo_of_somebody_else_is_no_photo(cast, contest, now):
    with refused("no-photo", 422):
        send(cast.zhao, contest, now, make.photo(cast.wang, now))


def test_the_same_picture_twice_is_flagged_for_the_host(cast, contest, now):
    """The same file, and the same picture in another quality."""
    first = make.entry(cast.zhao, contest, now)
    copy = make.photo(cast.chen, now)
    source, target = (photos.file_of(code, 400) for code in (first.photo.code, copy.code))
    target.write_bytes(source.read_bytes())
    twin = make.entry(make.again(cast.chen), contest, now, photo_code=copy.code)
    assert (twin.twin_id, twin.state, twin.held_for) == (first.id, "submitted", "twin")
    assert not make.entry(cast.wang, contest, now).twin_id


ACTS = {
    "approve": ({"submitted"}, "approved", lambda entry, cast, now: entries.approve(entry, cast.li, now)),
    "return": ({"submitted"}, "returned", lambda entry, cast, now: entries.give_back(entry, cast.li, now, REASON)),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_every_drawn_arrow_works_and_no_other(cast, contest, now, act, state):
    sources, to, carry = ACTS[act]
    entry = make.entry(cast.wang, contest, now)
    Entry.update(state=state).where(Entry.id == entry.id).execute()
    if state not in sources:
        with refused("moved-on"):
            carry(again(entry), cast, now)
        assert again(entry).state == state and not AuditLog.select().where(AuditLog.object_type == "Entry").count()
        return
    carry(again(entry), cast, now)
    line = AuditLog.get(AuditLog.object_type == "Entry")
    assert again(entry).state == to and (line.actor_id, line.subject_id) == (cast.li.user_id, cast.wang.user_id)


def test_nothing_is_let_in_once_the_vote_has_begun(cast, contest, now):
    waiting = make.entry(cast.wang, contest, now)
    for member in (cast.zhao, make.neighbor(cast.cuihu, "老周", now, trusted=True)):
        make.entry(member, contest, now)
    with refused("frozen"):
        entries.approve(again(waiting), cast.li, contest.voting_opens_at)
    entries.send_back_the_rest(contest, contest.voting_opens_at)
    assert again(waiting).state == "returned" and "没赶上" in Notice.get(Notice.user == cast.wang.user).sentence


def test_a_returned_work_is_mended_with_another_photo_and_waits_again(cast, contest, now):
    entry = make.entry(cast.wang, contest, now)
    entries.give_back(entry, cast.li, now, REASON)
    before, photo = entry.photo_id, make.photo(cast.wang, now)
    entries.mend(again(entry), cast.wang, now, caption="雨后的玉兰", photo_code=photo.code)
    mended = again(entry)
    assert (mended.state, mended.caption, mended.photo_id) == ("submitted", "雨后的玉兰", photo.id)
    assert not Photo.get_or_none(Photo.id == before)
    with refused("not-yours", 403):
        entries.mend(mended, cast.zhao, now, caption="我的")
    for _ in range(2):
        make.entry(cast.zhao, contest, now)
    with refused("not-editable"):
        entries.mend(again(entry), cast.wang, contest.voting_opens_at, caption="晚了")


def test_its_author_decides_about_printing(cast, contest, now):
    entry = make.entry(cast.zhao, contest, now)
    entries.allow_print(entry, cast.zhao, False, now)
    assert not again(entry).print_consent
    with refused("not-yours", 403):
        entries.allow_print(entry, cast.li, True, now)


def test_each_viewer_meets_the_works_in_another_order(cast, now):
    contest = make.contest(cast.li, now, entries_each=5)
    for _ in range(5):
        make.entry(cast.zhao, contest, now)
    viewers = ("member 1", "member 2", "device x")
    orders = {viewer: [each.no for each in entries.hung_for(viewer, contest, now)] for viewer in viewers}
    assert len({tuple(order) for order in orders.values()}) > 1
    assert all(sorted(order) == [1, 2, 3, 4, 5] for order in orders.values())
    assert [each.no for each in entries.hung_for("member 1", contest, now)] == orders["member 1"]
    contests.cancel(contest, cast.li, now, "下雨了不办了")
    assert [each.no for each in entries.hung_for("member 1", Contest.get_by_id(contest.id), now)] == [1, 2, 3, 4, 5]


def test_a_work_taken_back_is_forgotten_after_a_month(cast, contest, now):
    entry = make.entry(cast.zhao, contest, now)
    withdrawals.withdraw(entry, cast.zhao, now)
    month = timedelta(days=30)
    assert entry_ends.purge_due(now + month) == 0 and again(entry).caption
    assert entry_ends.purge_due(now + month + SECOND) == 1 == 1 + entry_ends.purge_due(now + 2 * month)
    gone = again(entry)
    assert (gone.state, gone.caption, gone.signed, gone.photo) == ("purged", "", "", None)
    assert not Photo.get_or_none(Photo.id == entry.photo_id)


def test_the_host_lets_in_only_the_photo_she_has_seen(cast, contest, now):
    entry = make.entry(cast.wang, contest, now)
    entries.mend(again(entry), cast.wang, now, caption="换了一张", photo_code=make.photo(cast.wang, now).code)
    with refused("moved-on"):
        entries.approve(entry, cast.li, now)
    assert again(entry).state == "submitted"
