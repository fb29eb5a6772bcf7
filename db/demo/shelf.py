"""What stands in the store of 翠湖花园, and what three neighbours have fetched or will: small things people make and do."""

from datetime import timedelta

from db import counter, redemptions, rewards
from db.demo import pictures
from db.photos import keep

# shot as in the story, then the reward as its host would fill in the form
THINGS = (
    ("dumplings/s#601", {"title": "荠菜馄饨一盒，二十只", "price": 30, "stock": 10, "words": "周六一早现包的，能冻半个月。"}),
    (
        "seedlings/p#602",
        {"title": "番茄苗两棵", "price": 20, "stock": 12, "prepare": True, "words": "吴老师育的苗，附一张种法。"},
    ),
    ("", {"kind": "service", "title": "磨刀一把", "price": 15, "stock": 6, "words": "董师傅磨，菜刀剪刀都行，包好带来。"}),
    ("tulips#603", {"kind": "gift", "title": "春日小礼物：一包花种", "stock": 40, "words": "撒在哪儿都行，夏天见。"}),
)
PLACE = {"place": "中心花园活动室", "hours": "每天 16:00–18:30"}


def steps():
    """How many steps `fill` takes."""
    return len(THINGS) + 1


def fill(stage):
    """The host fills the shelf, and neighbours come; yields a few words after each step."""
    at, host = stage.days.on(6, "09:30"), stage.host
    shots = [pictures.shots(shot, number)[0] if shot else None for number, (shot, _) in enumerate(THINGS)]
    drawn = [stage.easel.submit(pictures.paint, *shot, stage.width) if shot else None for shot in shots]
    made = []
    for number, (_, told) in enumerate(THINGS):
        code = keep(host, drawn[number].result(), at).code if drawn[number] else ""
        until = stage.days.opening + timedelta(hours=9) if told.get("kind") == "gift" else None
        values = {"kind": "goods", "per_person": 2, "closes_at": until, "photo_code": code} | PLACE | told
        reward = rewards.create(host, at, op_id=f"demo-shelf-{number}", **values)
        rewards.put_up(reward, host, at)
        made.append(reward)
        yield f"货架上多了「{reward.title}」"
    _come(stage, made)
    yield "邻居们来兑换"


def _come(stage, made):
    dumplings, seedlings, knife, _ = made

    def redeem(name, reward, at, **how):
        op_id = f"demo-redeem-{reward.id}"
        return redemptions.redeem(stage.members[name], reward, at, op_id=op_id, price=reward.price, **how)

    fetched = redeem("佳佳妈", dumplings, stage.days.on(3, "10:10"))
    counter.hand_over(fetched, stage.host, stage.days.on(3, "17:20"))
    redeem("王阿姨", seedlings, stage.days.on(2, "08:40"))
    redeem("陈奶奶", knife, stage.days.on(2, "15:30"), by=stage.host)
