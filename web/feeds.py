"""An Atom feed (RFC 4287) as bytes: short XML, so the standard library writes it, and what XML cannot hold is left out."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

ATOM = "http://www.w3.org/2005/Atom"
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Item(NamedTuple):
    link: str  # its address for good, and so its id
    title: str
    author: str
    published: object  # naive UTC
    updated: object
    text: str
    picture: str  # an address, or nothing


def _stamp(moment):
    return moment.isoformat(timespec="seconds") + "Z"


def _add(parent, name, text="", **attributes):
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = NOT_IN_XML.sub("", text) or None
    return element


def atom(*, title, author, link, itself, since, items):
    """The feed of `items`, the latest first; `since` is how old it is where there is none."""
    feed = ElementTree.Element("feed", xmlns=ATOM)
    _add(feed, "id", itself)
    _add(feed, "title", title)
    _add(feed, "updated", _stamp(max([item.updated for item in items], default=since)))
    _add(feed, "link", rel="self", type="application/atom+xml", href=itself)
    _add(feed, "link", rel="alternate", type="text/html", href=link)
    _add(_add(feed, "author"), "name", author)
    for item in items:
        entry = _add(feed, "entry")
        _add(entry, "id", item.link)
        _add(entry, "title", item.title)
        _add(entry, "published", _stamp(item.published))
        _add(entry, "updated", _stamp(item.updated))
        _add(entry, "link", rel="alternate", type="text/html", href=item.link)
        if item.picture:
            _add(entry, "link", rel="enclosure", type="image/webp", href=item.picture)
        _add(_add(entry, "author"), "name", item.author)
        _add(entry, "summary", item.text)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
