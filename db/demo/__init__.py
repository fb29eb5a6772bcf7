"""《春日邻里节》 as data: two 小区, the people in them and three weeks of what they said, played in the order it happened.

Everything is built through the functions a person would call, so each like and each comment is a neighbour's own row (G16).
"""

from itertools import chain
from typing import NamedTuple

from db import limits, members, neighborhoods, people, scans
from db.base import writing
from db.demo import around, clubs, outings, pictures, shelf, shows
from db.demo.calendar import Calendar
from db.demo.neighbors import CUIHU, YANGGUANGLI
from db.demo.story import Stage, play
from db.members import Membership
from db.neighborhoods import District, Neighborhood
from db.people import User

OFFICER, BOSS = "孙片区", "林总部"
# key, name, slug of the 小区, what the door says of them
NEIGHBORS = (
    ("wang", "王阿姨", "cuihu", "翠湖花园 · 居民"),
    ("li", "李姐", "cuihu", "翠湖花园 · 主理人"),
    ("zhao", "赵敏", "cuihu", "翠湖花园 · 热心邻居"),
    ("chen", "陈奶奶", "cuihu", "翠湖花园 · 长辈版，用纸质卡进门"),
    ("zhou", "周师傅", "yangguangli", "阳光里 · 居民"),
    ("gu", "小顾", "yangguangli", "阳光里 · 主理人"),
)
STAFF = (("sun", OFFICER, "district", "两个小区的片区运营官", "/district/"), ("lin", BOSS, "hq", "绿洲生活 · 总部", "/hq/"))


class Person(NamedTuple):
    key: str
    user: User
    role: str
    home: str


def cast():
    """Whom one may be in the demo, found in two queries; empty where there is no demo."""
    homes = {(name, slug): (key, role) for key, name, slug, role in NEIGHBORS}
    places = {slug for _, slug in homes}
    at_home = (
        Membership.select(Membership, User, Neighborhood)
        .join(User)
        .switch(Membership)
        .join(Neighborhood)
        .where(User.name.in_([name for name, _ in homes]) & Neighborhood.slug.in_(places) & (Membership.status == "active"))
        .order_by(Membership.id.desc())  # a visitor may call herself 王阿姨 too: the first one is ours
    )
    neighbors = {(each.user.name, each.neighborhood.slug): each.user for each in at_home}
    neighbors = {home: neighbors[home] for home in homes if home in neighbors}  # another 小区 may have a 李姐 too
    offices = User.select().where(User.staff.in_(["district", "hq"]) & User.name.in_([OFFICER, BOSS])).order_by(User.id.desc())
    staff = {(each.name, each.staff): each for each in offices}
    if len(neighbors) < len(NEIGHBORS) or len(staff) < len(STAFF):
        return []
    return [Person(key, neighbors[name, slug], role, f"/n/{slug}/") for key, name, slug, role in NEIGHBORS] + [
        Person(key, staff[name, office], role, home) for key, name, office, role, home in STAFF
    ]


def seed(now, *, picture_width=pictures.FULL):
    """Build the demo on an empty database, yielding (done, of, words) as it goes.

    One transaction: a seeding that is interrupted leaves the database as empty as it found it."""
    were, limits.enabled = limits.enabled, False  # three weeks of forty people in half a minute are too fast for any limit
    try:
        with writing(), pictures.easel(picture_width) as easel:
            yield from _build(Calendar(now), easel, picture_width)
    finally:
        limits.enabled = were


def _build(days, easel, width):
    founded = days.on(100, "10:00")
    officer, boss = (User.create(name=name, staff=office, created_at=founded) for _, name, office, _, _ in STAFF)
    district = District.create(name="湖滨片区", officer=officer)
    stages = []
    for slug, name, who, ago in (("cuihu", "翠湖花园", CUIHU, 98), ("yangguangli", "阳光里", YANGGUANGLI, 76)):
        place = neighborhoods.found(slug, name, days.on(ago, "10:00"), district)
        scans.join_code(place, days.on(ago, "10:05"))
        stages.append(Stage(place, who, boss, days, easel, width))
    of = sum(stage.steps for stage in stages) + around.steps(stages)
    of += sum(each.steps() for each in (shows, shelf, outings, clubs))
    yield 0, of, "铺开画纸"
    acts = (play(stages), around.settle(stages), shows.hang(*stages), shelf.fill(stages[0]), outings.meet(*stages))
    acts += (clubs.gather(stages[0]),)
    for done, words in enumerate(chain(*acts), start=1):
        yield done, of, words
    elder = stages[0].members["陈奶奶"]
    people.choose_look(elder.user, "elder", "auto")
    scans.issue_card(members.of(elder.user, stages[0].place), stages[0].host, days.on(12, "15:00"))
