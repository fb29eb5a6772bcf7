"""Interest groups of 翠湖: one that goes on, one that has just begun, and an idea that looks for two more."""

from datetime import timedelta

from db import comments, event_plans, events, group_leaders, group_rooms, groups, posts, registrations
from db.demo import pictures
from db.photos import keep

GREENS = ("王阿姨", "陈奶奶", "丁丁妈妈", "孙阿姨", "阿宁", "刘大爷")
CAKES = ("小林妈妈", "丁丁妈妈", "橙子爸爸", "小贝姥姥")
STEPS = 3


def steps():
    """How many steps `gather` takes."""
    return STEPS


def gather(stage):
    """The groups as their people made them; yields a few words after each."""
    days = stage.days
    greens = _begin(stage, "苏苏", "阳台种菜", "每周聊一次种什么，苗多了就换。", GREENS, 20)
    _say(stage, greens, "苏苏", days.on(16, "20:15"), "我先说：番茄、薄荷、一盆救回来三次的罗勒。早上有东西可看。")
    lettuce = "生菜是泡沫箱里种的，掰着吃，一个月没买过。箱底扎六个眼，别多。"
    seeds = _say(stage, greens, "王阿姨", days.on(12, "08:40"), lettuce, "vegetables#541")
    sprout = _say(stage, greens, "陈奶奶", days.on(4, "10:10"), "你们给的豆苗，出来了。", "seedlings/s#542")
    for number, (post, name, words) in enumerate(
        ((seeds, "阿宁", "六个眼记下了，我扎了二十个，怪不得。"), (sprout, "苏苏", "陈奶奶，下周我来帮您搭架子。"))
    ):
        at = post.created_at + timedelta(hours=1 + number)
        comments.say(stage.members[name], posts.find(stage.place, post.id), at, body=words, op_id=f"demo-club-word-{number}")
    starts_at = days.opening + timedelta(days=8, hours=1)
    plan = event_plans.Plan(
        kind="gathering", title="换苗的上午", starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), place="10 栋天台",
        capacity=15, body="苗、盆、土都可以换，空手来也行，总有人多一盆。", bring="想换的苗",
    )  # fmt: skip
    at = days.on(3, "20:40")
    swap = event_plans.create(stage.members["苏苏"], at, op_id="demo-club-swap", plan=plan, group=greens)
    for number, name in enumerate(("王阿姨", "阿宁", "刘大爷")):
        seat = {"op_id": f"demo-club-seat-{number}", "named": True}
        registrations.register(stage.members[name], events.find(stage.place, swap.id), at + timedelta(hours=number), **seat)
    for number in range(4):
        group_rooms.tick(greens, stage.members["苏苏"], number, True, days.on(3, "21:00"))
    yield "苏苏的种菜小组约着换苗"
    cakes = _begin(stage, "佳佳妈", "亲子烘焙", "孩子打蛋，大人看火。", CAKES, 8)
    _say(stage, cakes, "佳佳妈", days.on(6, "20:20"), "第一次做什么好？我家烤箱小，一炉六个。想做什么，写在下面。")
    for number in range(3):
        group_rooms.tick(cakes, stage.members["佳佳妈"], number, True, days.on(5, "20:30"))
    yield "佳佳妈的烘焙小组刚起步"
    run = _idea(stage, "大鹏", "夜跑", "下班以后，环湖两圈，跑不动就走。", 3)
    for number, name in enumerate(("晓雯", "阿杰")):
        groups.set_interest(stage.members[name], run, True, days.on(2, f"2{number}:10"))
    yield "大鹏想找人夜跑"


def _idea(stage, name, called, blurb, ago):
    at = stage.days.on(ago, "20:00")
    made = groups.suggest(stage.members[name], at, op_id=f"demo-club-{called}", name=called, blurb=blurb)
    return groups.find(stage.place, made.id)


def _begin(stage, leader, called, blurb, others, ago):
    """An idea that enough neighbours wanted, and that somebody leads since three days after it was had; they sit in it."""
    idea, days = _idea(stage, leader, called, blurb, ago), stage.days
    for number, name in enumerate(others):
        groups.set_interest(stage.members[name], idea, True, days.on(ago - 1, f"1{number}:15"))
    group_leaders.ask(idea, stage.host, stage.members[leader], days.on(ago - 1, "20:30"), "大家都等着您开头呢")
    group_leaders.answer(idea, stage.members[leader], True, days.on(ago - 1, "21:10"))
    for number, name in enumerate(others):
        group_leaders.join(idea, stage.members[name], days.on(ago - 2, f"1{number}:40"))
    return groups.find(stage.place, idea.id)


def _say(stage, group, name, at, body, shot=""):
    author, codes = stage.members[name], []
    for scene, seed, shape in pictures.shots(shot, 1):
        codes.append(keep(author, stage.easel.submit(pictures.paint, scene, seed, shape, stage.width).result(), at).code)
    told = {"op_id": f"demo-club-{name}-{at:%d%H}", "kind": "chat", "body": body, "photo_codes": codes, "consent": bool(codes)}
    return posts.create(author, at, **told, **group_rooms.joins(groups.find(stage.place, group.id), author, at))
