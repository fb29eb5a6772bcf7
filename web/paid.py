"""「积分 +5」: said along with what was just done, to whoever did it, where it was paid (G16)."""

from flask import g

from db import points


def plus(sentence, rule, source_type, source_id):
    """The sentence of a toast, with what this neighbour has been paid for the thing, if anything."""
    paid, at_once = points.paid(g.member, rule, source_type, source_id)
    return f"{sentence} · 积分 +{paid}{'' if at_once else '，两天后能用'}" if paid else sentence
