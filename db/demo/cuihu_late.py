"""翠湖花园, the last week: everybody gets ready for Saturday."""

from db.demo.script import said

LINES = []
