"""A contest and works in every state in which something can be done with them, for the walker."""

from db import entries
from db.contests import Contest
from tests import make


def rows(cast, now, secret):
    """{argument of an address, or state and noun: id}, fresh; what waits holds the secret that no stranger may read."""
    contest = make.contest(cast.li, now, entries_each=5)
    waiting, returned = (make.entry(cast.wang, contest, now, secret) for _ in range(2))
    entries.give_back(returned, cast.li, now, "照片看不清，换一张更好")
    mine, hung = make.entry(cast.zhao, contest, now), make.entry(cast.chen, contest, now)
    entries.approve(hung, cast.li, now)
    held = make.entry(cast.zhao, contest, now, secret)
    entries.Entry.update(state="submitted", no=None).where(entries.Entry.id == held.id).execute()
    return {
        "contest_id": contest.id, "entry_id": mine.id, "waiting entry": waiting.id, "my waiting entry": held.id,
        "draft contest": make.contest(cast.li, now, started=False, title=secret[:20]).id,
        "other contest": make.contest(cast.li, now).id,
        "certificates.": {"entry_id": _won(cast, now)}, "exhibitions.": {"name": "works", "code": hung.photo.code},
    }  # fmt: skip


def _won(cast, now):
    """A work of a contest that is published."""
    contest, (work, _) = make.vote(cast.li, (cast.zhao, cast.chen), now)
    Contest.update(state="published", published_at=now).where(Contest.id == contest.id).execute()
    return work.id


# Routes of those two that want their row in another state: {endpoint: (argument, key of the world)}
WANTS = {
    "contests.start": ("contest_id", "draft contest"),
    "contests.cancel": ("contest_id", "other contest"),
    **{f"entries.{act}": ("entry_id", "waiting entry") for act in ("approve", "give_back")},
    **{f"entries.{act}": ("entry_id", "my waiting entry") for act in ("edit", "save")},
}
