"""证书: what a work of a published contest has to show for itself, a place among the first three or that it hung there."""

from db.tallies import Tally

PLACES = {1: "第一名", 2: "第二名", 3: "第三名"}
HUNG = "入展纪念"


def award(entry):
    """What stands on the certificate of this work, or None before its contest is published and for a work that does not hang.
    Equal votes are one place, and nobody has a place without a vote."""
    if not entry.shown or entry.veiled or entry.contest.state not in {"published", "archived"}:
        return None
    mine = Tally.get_or_none(Tally.entry == entry.id)
    if mine is None or not mine.total or mine.rank not in PLACES:
        return HUNG
    shared = Tally.select().where((Tally.contest == entry.contest_id) & (Tally.rank == mine.rank)).count() > 1
    return ("并列" if shared else "") + PLACES[mine.rank]
