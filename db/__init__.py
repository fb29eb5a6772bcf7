"""The domain: each module holds one noun's tables and the only functions that write them. There is no Flask in here.

ORDER lists the modules from ground to roof: a module may import those before it, never those behind it
(tests/test_shape.py keeps watch). Times are naive UTC and come in as `now`; only routes and jobs read the clock.
"""

ORDER = (
    "base",
    "compiled",
    "words",
    "limits",
    "phones",
    "people",
    "neighborhoods",
    "audit",
    "notices",
    "sessions",
    "members",
    "activity",
    "screening",
    "blocks",
    "outbox",
    "scans",
    "doors",
    "pictures",
    "photos",
    "hosts",
    "topics",
    "posts",
    "comments",
    "reviews",
    "hiding",
    "reports",
    "likes",
    "mutual_aid",
    "aid_matches",
    "aid_ends",
    "aid_board",
    "merging",
    "living_room",
    "timetable",
    "schema",
    "demo",
)
