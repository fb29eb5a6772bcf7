"""阳光里, three weeks: a smaller place, where the shoe mender lives."""

from db.demo.script import said

LINES = []
