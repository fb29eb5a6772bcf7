"""已回应: what the host does about needs. She answers with something to open, and puts together what says the same (R09)."""

from datetime import timedelta

from peewee import Case, fn

from db import audit, needs, screening
from db.base import Refused, hold, writing
from db.needs import STATES, Need, NeedSupport
from db.words import clean_text

MEASURED = timedelta(days=180)


def answer(need, host, now, *, url, note):
    """已回应: what came of it, in words and with a page of one's own 小区 to open; all who need it are told (R09)."""
    note = clean_text(note, 200, "note", "回应")
    if len(note) < 4:
        raise Refused("note-needed", "写几个字，告诉大家怎么回应的（4–200 个字）", field="note")
    if not url.startswith(f"/n/{host.neighborhood.slug}/") or len(url) > 200:
        raise Refused("bad-url", "请放一个本小区里大家打得开的页面", field="link")
    screening.check(note, "note")
    with writing():
        needs.move(need, "open", "answered", answered_url=url, answered_note=note, answered_at=now)
        needs.tell(needs.supporters(need), "need", f"您也需要的{needs.called(need)}有回应了：{note}", need, host, now)
        needs.record("answer need", need, host, now, note, after={"url": url})


def reopen(need, host, now, reason):
    """The answer did not solve it: back onto the wall, with a reason. The 14 days go on from when it first stood there."""
    reason = audit.reason_of(reason)
    with writing():
        needs.move(need, "answered", "open", answered_url="", answered_note="", answered_at=None)
        needs.tell(needs.supporters(need), "need", f"您也需要的{needs.called(need)}还在继续想办法：{reason}", need, host, now)
        needs.record("reopen need", need, host, now, reason, before={"url": need.answered_url, "note": need.answered_note})


def merge(need, into, host, now):
    """One of two that say the same goes into the other, with everybody who needs it, each once; they are told (R09)."""
    if need.id == into.id:
        raise Refused("same", "这就是同一条需求")
    with writing():
        hold(Need, Need.id.in_((need.id, into.id)))
        users = needs.supporters(need)
        needs.move(need, need.state, "merged", merged_into=into.id, supports=0)
        there = [row.member_id for row in NeedSupport.select(NeedSupport.member).where(NeedSupport.need == into.id)]
        NeedSupport.delete().where((NeedSupport.need == need.id) & NeedSupport.member.in_(there)).execute()
        moved = NeedSupport.update(need=into.id).where(NeedSupport.need == need.id).execute()
        standing = (Need.id == into.id) & Need.state.in_(list(STATES))
        if not Need.update(supports=Need.supports + moved).where(standing).execute():
            raise needs.moved_on()
        said = f"您的需求和{needs.called(into)}合在一起了，一共 {len(there) + moved} 位邻居需要"
        needs.tell(users, "need", said, into, host, now)
        needs.record("merge need", need, host, now, "和另一条需求说的是一件事", after={"into": into.id})


def answered_in_time(neighborhood, now):
    """(answered within 14 days, of how many): needs of the last half year whose 14 days are over, open or answered (R09)."""
    due = (Need.answer_by <= now) & (Need.answer_by > now - MEASURED)
    wanted = (Need.neighborhood == neighborhood.id) & Need.state.in_(list(STATES)) & due
    in_time = fn.SUM(Case(None, [(Need.answered_at <= Need.answer_by, 1)], 0))
    done, of = Need.select(in_time, fn.COUNT(Need.id)).where(wanted).tuples().get()
    return done or 0, of
