"""How a market goes is counted from its stamps, each of which is on a list (G15)."""

from db import heat, markets, stamps
from tests import stalls


def test_how_it_goes_is_counted_from_the_stamps(cast, now):
    event = stalls.market(cast.li, now)
    booth = stalls.booth(event, cast.li, now, "酵素")
    other = stalls.booth(event, cast.li, now, "捏泥人", "亲子游戏区")
    for each in (booth, other):
        stamps.by_name(each, cast.wang, cast.li, now)
    stamps.press(other, stamps.ask(other, now, device="guest"), cast.li, now)
    stamps.ask(booth, now, member=cast.chen, device="hers")
    told = heat.heat(event, markets.booths(event), now)
    assert told.booths == {booth.id: (1, 1), other.id: (2, 0)} and (told.members, told.guests) == (1, 1)
    assert list(told.zones.items()) == [("亲子游戏区", 2), ("产品体验区", 1)]
