"""Interest groups as the pages show them: an idea, an open room, and a private one that 王阿姨 leads."""

from datetime import timedelta

from db import comments, group_leaders, group_rooms, group_walls, groups, posts, registrations
from tests import make
from tests.browser import acts


def fill(here, cast, now, with_photo):
    """`here` gets an idea, a group of 赵敏 with photos and an event, and a private one with somebody at its door."""
    zhao, wang, chen = cast.zhao, make.again(cast.wang), cast.chen
    here.group, here.idea = make.group(zhao, cast.li, now), make.idea(zhao, now, "亲子烘焙")
    group_leaders.join(here.group, cast.li, now)
    for body, count in (("豆苗出来了，三天就有这么高", 2), ("谁有多的薄荷，我用番茄苗换", 0)):
        codes = [with_photo(zhao, now, 90) for _ in range(count)]
        told = {"photo_codes": codes, "consent": bool(codes), **group_rooms.joins(here.group, zhao, now)}
        said = make.post(zhao, now - timedelta(hours=2), body, **told)
    group_rooms.pin(here.group, zhao, said.id, True, now)
    swap = make.event(zhao, now, days=8, title="换苗的上午", group=here.group)
    registrations.register(cast.li, swap, now, op_id="clubs-register")
    here.den = make.group(wang, cast.li, now, "夜里读书")
    group_walls.close(here.den, wang, now)
    here.den = groups.find(cast.cuihu, here.den.id)
    group_leaders.sit(here.den, zhao, now)
    group_leaders.join(here.den, chen, now)
    here.within = make.post(zhao, now, "这个月读《城南旧事》，一晚一章", **group_rooms.joins(here.den, zhao, now))
    comments.say(wang, posts.find(cast.cuihu, here.within.id), now, body="我读到骆驼那里了", op_id="clubs-comment1")
    here.swap = swap


def guest(here):
    """What a guest may open: (name, address, what is done there first)."""
    n = "/n/cuihu/"
    return [
        ("groups", n + "groups/", None),
        ("groups-none", "/n/yangguangli/groups/", None),
        ("group-idea", f"{n}groups/{here.idea.id}", None),
        ("group-room", f"{n}groups/{here.group.id}", None),
        ("group-door", f"{n}groups/{here.den.id}", None),
    ]


def resident(here):
    """What 王阿姨 opens, who leads the private one."""
    n = "/n/cuihu/"
    return [
        ("group-new", n + "groups/new", None),
        ("group-new-422", n + "groups/new", acts.send("提出来")),
        ("group-neighbor", f"{n}groups/{here.group.id}", acts.open("看看都有谁")),
        ("group-leads", f"{n}groups/{here.den.id}", acts.open("请邻居来坐坐")),
        ("group-blurb", f"{n}groups/{here.den.id}", acts.open("改介绍")),
        ("group-post", f"{n}posts/{here.within.id}", None),
        ("group-post-new", f"{n}posts/new?group={here.den.id}", None),
        ("group-event-new", f"{n}events/new?group={here.den.id}", None),
        ("group-event", f"{n}events/{here.swap.id}", None),
    ]


def host(here):
    """What 李姐 opens."""
    n = "/n/cuihu/"
    return [
        ("groups-desk", n + "desk/groups/", None),
        ("group-asks", f"{n}groups/{here.idea.id}", None),
        ("group-host", f"{n}groups/{here.group.id}", acts.open("把小组交给别人")),
    ]
