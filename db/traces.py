"""What of a tap is kept while a vote is open, so that a burst can be told from a busy market (db/bursts.py): which device, which
network and which minute, each as a word that tells nothing without the contest's salt, and goes with it."""

from ipaddress import ip_address, ip_network
from typing import NamedTuple

from db import electors

NOTHING = (None, None, None)


class Trace(NamedTuple):
    """Where a tap came from."""

    device: str
    address: str


def of(contest, trace, now):
    """(device, network, minute) as a ballot keeps them."""
    if trace is None:
        return NOTHING
    return device_word(contest, trace.device), _network_word(contest, trace.address), minute_of(now)


def minute_of(now):
    """The number of the minute in which `now` lies."""
    return now.toordinal() * 1440 + now.hour * 60 + now.minute


def device_word(contest, device):
    """What stands for a device on the ballots of a contest."""
    return electors.word(contest.salt, f"trace {device}", 16)


def _network_word(contest, address):
    """The same for the neighbourhood of a network address: phones of one flat, one shop, one market."""
    try:
        address = ip_address(address)
    except ValueError:
        return None
    address = getattr(address, "ipv4_mapped", None) or address
    network = ip_network((address, 24 if address.version == 4 else 48), strict=False)
    return electors.word(contest.salt, f"network {network}", 16)
