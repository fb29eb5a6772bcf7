"""What becomes of works in the end: purged after a month, handed over when two accounts are one, forgotten with their author."""

from datetime import timedelta

from peewee import Value

from db import contests, entries, photos, search
from db.base import hold, writing
from db.contests import Contest
from db.entries import Entry

KEPT = timedelta(days=30)
EMPTIED = {"caption": "", "spot": "", "signed": "", "return_reason": "", "look": ""}


def purge_due(now):
    """Forget the photos and words of works that were taken back or taken out 30 days ago (the clock calls it daily)."""
    gone = Entry.state.in_(("withdrawn", "disqualified")) & (Entry.gone_at < now - KEPT)
    purged = 0
    for entry in list(Entry.select(Entry, Contest).join(Contest).where(gone).order_by(Entry.contest, Entry.id)):
        with writing():
            contests.taken(entry.contest)
            photo = entry.photo_id
            entries.move(entry, "purged", photo=None, **EMPTIED)
            photos.drop([photo] if photo else [], used=True)
            purged += 1
    return purged


def carry_over(member, into):
    """What one membership sent in becomes the other's (db/merging.py). In the caller's transaction."""
    moved = {"op_id": Value("merged ").concat(Entry.id.cast("TEXT")), "place_no": Entry.id + contests.MOST_EACH}
    Entry.update(author=into.id, **moved).where(Entry.author == member.id).execute()


def forget(line, her, now):
    """What remains of the works of a person who goes: a number, so that what was counted stays true (I18)."""
    mine = Entry.author.in_(her.members)
    for contest in sorted({each.contest_id for each in Entry.select(Entry.contest).where(mine)}):
        hold(Contest, Contest.id == contest)
        hung = Entry.select().where(mine & (Entry.contest == contest) & (Entry.state == "approved")).count()
        Contest.update(approved=Contest.approved - hung).where(Contest.id == contest).execute()
    for entry in Entry.select(Entry.id).where(mine):
        search.drop("entry", entry.id)
    Entry.update(photo=None, state="purged", **EMPTIED).where(mine).execute()
