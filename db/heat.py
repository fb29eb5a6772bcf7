"""How a market goes, counted from its stamps: each booth, each zone, neighbours and guests (R48)."""

from typing import NamedTuple

from peewee import fn

from db.stamps import WAITS, Stamp


class Heat(NamedTuple):
    """How a market goes: stamps of each booth and zone, and whose they are."""

    booths: dict  # {booth id: (stamped, asking now)}
    zones: dict  # {zone: stamped}, the warmest first
    members: int
    guests: int


def heat(event, booths, now):
    """Counted from the stamps themselves, each of which is on a list (G15)."""
    counts = dict.fromkeys((each.id for each in booths), (0, 0))
    fresh = (Stamp.state == "stamped") | (Stamp.at > now - WAITS)
    rows = Stamp.select(Stamp.booth, Stamp.state, fn.COUNT(Stamp.id)).where((Stamp.event == event.id) & fresh)
    for number, state, many in rows.group_by(Stamp.booth, Stamp.state).tuples():
        stamped, asking = counts.get(number, (0, 0))
        counts[number] = (many, asking) if state == "stamped" else (stamped, many)
    zones = {}
    for each in booths:
        zones[each.zone] = zones.get(each.zone, 0) + counts[each.id][0]
    whose = fn.COUNT(fn.DISTINCT(Stamp.member)), fn.COUNT(fn.DISTINCT(Stamp.device))
    pressed = (Stamp.event == event.id) & (Stamp.state == "stamped")
    members, guests = Stamp.select(*whose).where(pressed).tuples().get()
    return Heat(counts, dict(sorted(zones.items(), key=lambda pair: -pair[1])), members, guests)
