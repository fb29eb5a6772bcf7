"""What neighbours do together: two mornings that were, and what comes, up to the eve of the market."""

from datetime import timedelta

from db import (
    ambassadors,
    checkins,
    event_days,
    event_plans,
    events,
    live_questions,
    lives,
    markets,
    posts,
    registrations,
    series,
    shifts,
    tastings,
)
from db.events import Event

CLEAN = ("罗工", "晓雯", "王阿姨", "老周", "刘大爷", "大鹏", "吴老师")
DUMPLINGS = ("王阿姨", "胡阿姨", "丁丁妈妈", "小贝姥姥", "苏苏", "阿宁", "孙阿姨")
BOOTHS = (
    ("产品体验区", "荠菜馄饨，现包现煮", "胡阿姨和小贝姥姥，十点第一锅", "胡阿姨"),
    ("产品体验区", "赣南脐橙，先尝", "切好了摆着，甜不甜您说", ""),
    ("亲子游戏区", "捏泥人", "丁丁妈妈带着，衣服穿旧的来", "丁丁妈妈"),
    ("亲子游戏区", "滚铁环", "刘大爷的铁环，比谁滚得远", "刘大爷"),
    ("分享角", "阳台种菜一百天", "苏苏带了三盆来，苗可以领", "苏苏"),
    ("分享角", "换书", "阿宁守着，带一本走，留一本", "阿宁"),
)
TASTED = (("皮薄", "豆沙细", "再大一点就好"), ("甜了一点点", "蛋黄给得足", "咸香"), ("想起我外婆", "荠菜味正", "汤也好喝"))
PROGRAMME = ((1, "开市，敲锣"), (2, "剪纸，人人能做"), (6, "孩子们唱歌"), (7, "春天的照片，揭晓"))
ASKED = (
    ("苏苏", "阳台朝北，绣球能开吗", ("晓雯", "王阿姨", "阿宁", "胡阿姨"), "能，少晒些，颜色还更蓝。"),
    ("橙子爸爸", "扦插到底剪几节", ("苏苏", "大鹏", "吴老师"), ""),
    ("陈奶奶", "眼睛不好，能不能慢一点讲", ("晓雯",), ""),
)
ENVOYS = ("苏苏", "胡阿姨", "丁丁妈妈", "刘大爷", "阿宁", "大鹏", "晓雯", "吴老师", "罗工", "孙阿姨", "橙子爸爸")
STEPS = 9


def steps():
    """How many steps `meet` takes."""
    return STEPS


def meet(cuihu, yangguangli):
    """The events of both 小区, each as its organiser made it; yields a few words after each."""
    days, host = cuihu.days, cuihu.host
    clean = _start(
        cuihu,
        "罗工",
        17,
        days.on(12, "08:00"),
        2,
        kind="charity",
        title="北坡捡垃圾",
        place="北坡老槐树下",
        capacity=12,
        body="带上手套，袋子我来准备。孩子可以跟着，走在里侧。",
        bring="手套、水",
    )
    shift = shifts.add(
        clean, clean.creator, days.on(16, "20:00"), role="捡和分类", wanted=9, starts_at=clean.starts_at, ends_at=clean.ends_at
    )
    _come(cuihu, clean, CLEAN, days.on(15, "19:00"), shift=shift)
    event_days.recap(_now(clean), clean.creator, clean.ends_at + timedelta(hours=6), "一共十一袋，最沉的一袋是半截自行车。", 60)
    yield "罗工带大家捡了北坡"
    taste = _start(
        cuihu,
        host.name,
        9,
        days.on(5, "15:00"),
        2,
        kind="tasting",
        title="青团和荠菜馄饨，先尝再说",
        place="活动室",
        capacity=16,
        allergy="含麸质、芝麻；荠菜馄饨里有虾皮和猪肉",
        body="三样点心摆一桌，尝过的说句实话。",
    )
    tastings.lay_table(taste, host, days.on(8, "20:10"), "豆沙青团\n咸蛋黄青团\n荠菜馄饨")
    _come(cuihu, taste, DUMPLINGS, days.on(7, "12:00"))
    for number, name in enumerate(DUMPLINGS):
        for place, item in enumerate(tastings.items(taste)):
            said = TASTED[place][number // 3] if number % 3 == place else ""
            at = taste.starts_at + timedelta(minutes=40 + number)
            tastings.rate(cuihu.members[name], taste, item, at, face=3 if (number + place) % 4 else 2, words=said)
    event_days.recap(_now(taste), host, taste.ends_at + timedelta(hours=2), "荠菜馄饨最先见底。下回多包一百个。")
    yield "李姐请大家尝青团"
    lake = _start(
        cuihu,
        "大鹏",
        3,
        days.opening - timedelta(days=1, hours=1),
        3,
        title="环湖慢走，看玉兰",
        place="东门花坛",
        capacity=8,
        body="走得慢的在前面。一圈五公里，中途歇一次。",
        bring="水、帽子、好走的鞋",
    )
    for number, name in enumerate(("晓雯", "陈奶奶", "王阿姨", "橙子爸爸", "苏苏")):
        _sign(cuihu, lake, name, days.on(2, f"1{number}:20"), children=int(name == "橙子爸爸"), ages="6")
    yield "大鹏约大家环湖"
    paste = _start(
        cuihu,
        "胡阿姨",
        4,
        days.opening + timedelta(days=1, hours=6),
        2,
        kind="workshop",
        title="做一盏春灯",
        place="活动室",
        capacity=6,
        fee_cents=1500,
        ages="5 岁以上，家长陪着",
        body="竹圈和纸我备好，灯芯是小电池的，不怕烫。",
    )
    for number, name in enumerate(("丁丁妈妈", "小贝姥姥", "吴老师", "阿宁")):
        _sign(cuihu, paste, name, days.on(3, f"1{number}:40"), children=int(number < 2), ages=str(5 + number))
    yield "胡阿姨教做春灯"
    market = _start(
        cuihu,
        host.name,
        6,
        days.opening,
        9,
        kind="market",
        title="春日邻里市集",
        place="中心花园",
        capacity=400,
        body="展览、摊位、孩子的角落，逛到哪儿算哪儿。",
    )
    for number, name in enumerate((*DUMPLINGS, "刘大爷", "大鹏", "晓雯", "罗工", "吴老师", "橙子爸爸")):
        _sign(cuihu, market, name, days.on(5, "19:30") + timedelta(minutes=number), children=int(name == "橙子爸爸"), ages="6")
    for zone, name, words, keeper in BOOTHS:
        told = {"zone": zone, "name": name, "words": words, "keeper_id": cuihu.members[keeper].id if keeper else 0}
        markets.add_booth(market, host, days.on(5, "20:00"), **told)
    tables = {
        "role": "搬桌子、挂灯",
        "wanted": 4,
        "starts_at": market.starts_at - timedelta(hours=1),
        "ends_at": market.starts_at,
    }
    shift = shifts.add(market, host, days.on(5, "20:05"), **tables)
    for name in ("大鹏", "罗工"):
        shifts.sign(cuihu.members[name], _now(market), shift, days.on(4, "09:00"))
    for hour, title in PROGRAMME:
        markets.add_item(market, host, days.on(5, "20:10"), starts_at=days.opening + timedelta(hours=hour), title=title)
    markets.plan_card(market, host, days.on(5, "20:20"), wanted=4, prize="一盆薄荷苗", prizes=120)
    series.start(_now(market), host, days.on(5, "20:30"), "quarterly")
    yield "市集定在周六"
    _ask(cuihu, market)
    yield "李姐请大家当大使"
    _live(cuihu, days.opening + timedelta(days=1, hours=11.5))
    yield "苏苏要直播扦插"
    _start(
        cuihu,
        "阿宁",
        0,
        days.opening + timedelta(days=2, hours=11),
        2,
        title="换书：带一本走，留一本",
        place="7 栋门厅",
        capacity=12,
    )
    yield "阿宁想办一场换书"
    there = yangguangli.host
    _start(
        yangguangli,
        there.name,
        2,
        days.opening + timedelta(days=1, hours=1),
        2,
        title="门口喝茶，认认邻居",
        place="南门凉亭",
        capacity=15,
        bring="自己的杯子",
    )
    yield "阳光里约着喝茶"


def _ask(stage, event):
    """Ten ambassadors are wanted; eight have said yes, five have something prepared."""
    days, host = stage.days, stage.host
    told = {"name": "春日生活大使", "what": "带一样拿手的来，活动前发一条，当天在摊上聊半小时", "quota": 10}
    ambassadors.plan(event, host, days.on(5, "21:00"), until=days.opening - timedelta(hours=12), **told)
    people = [stage.members[name] for name in ENVOYS]
    ambassadors.invite(_now(event), host, [each.id for each in people], days.on(5, "21:10"), "您一来，大家就肯坐下来聊")
    for number, member in enumerate(people[:8]):
        at = days.on(4, f"1{number}:20")
        ambassadors.answer(_now(event), member, True, at, named=number != 3)
        row = ambassadors.mine(ambassadors.of(event), member)
        ambassadors.note(_now(event), row, host, days.on(3, "19:00"), kit=number < 6, slot=f"{9 + number // 2}:00 分享角")
        said = [post for post in posts.by_author(member, 20) if post.state == "published"]
        if said and number < 5:
            ambassadors.choose_post(_now(event), row, member, said[0], days.on(2, "20:00"))


def _live(stage, starts_at):
    """An evening on screen, and what is asked before it."""
    days, host = stage.days, stage.host
    live = _start(
        stage,
        host.name,
        4,
        starts_at,
        1,
        kind="live",
        title="绣球怎么扦插，苏苏剪给您看",
        capacity=500,
        body="手机架在阳台上，一边剪一边说。想问什么，先写在直播间里。",
    )
    told = {"room_name": "视频号：翠湖花园的阳台", "room_url": "", "stream_url": "", "rain": "下雨就挪进厨房，时间不变"}
    lives.furnish(live, host, days.on(4, "20:10"), **told)
    for number, (name, body, pushes, words) in enumerate(ASKED):
        at = days.on(2, f"1{number}:05")
        question = live_questions.ask(stage.members[name], _now(live), at, op_id=f"demo-ask-{number}", body=body)
        for other in pushes:
            live_questions.push(stage.members[other], _now(live), question, True, at + timedelta(minutes=30))
        if words:
            live_questions.answer(_now(live), question, host, at + timedelta(hours=2), words)
    for name in ("晓雯", "陈奶奶", "阿宁"):
        lives.remind(stage.members[name], _now(live), True, days.on(1, "20:00"))


def _now(event):
    return Event.get_by_id(event.id)


def _start(stage, name, ago, starts_at, hours, *, kind="gathering", **told):
    """An event as its organiser sent it, so many days ago in the evening; none ago is a while before now."""
    at = stage.days.on(ago, "20:00") if ago else stage.days.ago(90)
    plan = event_plans.Plan(kind=kind, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), **told)
    made = event_plans.create(stage.members[name], at, op_id=f"demo-event-{told['title'][:8]}", plan=plan)
    return events.find(stage.place, made.id)


def _sign(stage, event, name, at, **party):
    party = party if party.get("children") else {}
    number = f"demo-seat-{event.id}"
    return registrations.register(stage.members[name], _now(event), at, op_id=number, named=True, **party)


def _come(stage, event, names, at, *, shift=None):
    """These signed up, came, and did their shift; the organiser noted each."""
    for number, name in enumerate(names):
        _sign(stage, event, name, at + timedelta(minutes=17 * number))
        row = registrations.of(event, stage.members[name])
        if shift:
            shifts.sign(stage.members[name], event, shift, at + timedelta(hours=2))
        checkins.by_host(_now(event), row, event.creator, event.starts_at + timedelta(minutes=number))
    event_days.advance_due(event.ends_at)
    for row in shifts.listed(event):
        for place in row.places:
            shifts.confirm(event, place, event.creator, event.ends_at, minutes=120)
