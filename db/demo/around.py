"""What stands around the talk: shops neighbours recommend, what they need, a recipe step by step, the story of one of them."""

from typing import NamedTuple

from db import answers, howtos, makings, needs, posts, recommends, screening, services, stories
from db.demo import pictures
from db.photos import keep
from db.posts import Post


class Shop(NamedTuple):
    category: str
    name: str
    phone: str
    hours: str
    address: str
    note: str
    by: str
    fans: str


class Wish(NamedTuple):
    category: str
    body: str
    by: str
    others: str
    anonymous: bool = False


SHOPS = {
    "cuihu": (
        Shop(
            "repair", "老周修鞋铺", "13800001234", "9:00–17:00，中午歇一小时", "阳光里东门口", "换底、开胶、配钥匙，人实在",
            "王阿姨", "老周 胡阿姨 阿宁 孙阿姨 李姐",
        ),
        Shop(
            "medical", "湖滨社区卫生服务中心", "021-55550120", "8:00–20:00", "湖滨路 18 号", "量血压不用挂号，周三有全科专家",
            "何医生", "陈奶奶 吴老师 刘大爷 孙阿姨 小贝姥姥 胡阿姨",
        ),
        Shop(
            "food", "马叔面摊", "13800005678", "6:00–10:00", "南门右手边", "葱油拌面，汤自己舀",
            "阿杰", "老金 罗工 大鹏 晓雯",
        ),
        Shop(
            "home", "巧手家政", "021-55550166", "全天", "电话预约", "擦玻璃、洗油烟机，说几点就几点来",
            "橙子爸爸", "佳佳妈 丁丁妈妈",
        ),
        Shop(
            "parcel", "南门快递驿站", "021-55550177", "8:00–21:00", "南门岗亭旁", "老人的大件，喊一声给送上楼",
            "苏苏", "陈奶奶 小韩",
        ),
        Shop(
            "utility", "翠湖物业值班室", "021-55550110", "全天", "2 栋一楼", "停水停电、电梯困人，先打这个",
            "李姐", "老郑 董师傅 马叔",
        ),
    ),
    "yangguangli": (
        Shop(
            "repair", "周师傅修车修鞋", "13800001234", "9:00–17:00", "东门口", "童车链条、轮椅刹车也修",
            "小顾", "钱阿姨 程奶奶",
        ),
        Shop(
            "food", "谢姐早点", "13800009012", "5:30–9:30", "西门", "豆浆现磨，咸浆要早来",
            "潘潘", "高大哥 彭叔 毛毛爸",
        ),
    ),
}  # fmt: skip
WISHES = {
    "cuihu": (
        Wish(
            "elders", "想有人教教怎么用手机挂号，慢一点教，别嫌我们问得多", "刘大爷", "陈奶奶 孙阿姨 胡阿姨 吴老师 老周 小贝姥姥"
        ),
        Wish("kids", "放学到下班这两个钟头，孩子有个地方写作业就好了", "丁丁妈妈", "小林妈妈 佳佳妈 橙子爸爸"),
        Wish("health", "阳台朝北，想知道种点什么不招虫，对咳嗽的老人也好", "小林妈妈", "阿宁 胡阿姨"),
        Wish("living", "最近睡不好，想找个能说说话的人", "晓雯", "苏苏", anonymous=True),
    ),
    "yangguangli": (Wish("living", "东门的路灯坏了一盏，晚上看不清台阶", "钱阿姨", "程奶奶 彭叔 冬冬妈"),),
}
ANSWERED = ("cuihu", 2, "适合春天播种的阳台蔬菜清单", "第一、第四条朝北也能种：小葱和薄荷，都不招虫。")
RECIPE = howtos.Sheet(
    "葱油拌面，十五分钟从下锅到上桌",
    15,
    "小葱一大把\n面条二两\n生抽两勺、老抽半勺、糖一小勺\n油，比您以为的多一点",
    (
        ("小葱洗净一定要擦干，切成手指长。不擦干会溅，我手上这个疤就是。", ""),
        ("冷油下葱，小火慢慢熬，葱变成焦黄色就捞出来，别等黑。", ""),
        ("油里倒生抽、老抽、糖，小火推到冒小泡，关火。", ""),
        ("面煮到还有一点硬就捞，趁热拌两勺葱油，葱段铺在上面。", ""),
    ),
    "葱油多熬一瓶，冰箱里放两个礼拜没问题。",
    "春",
)
STORY = (
    "吴老师",
    "教了四十年书，退休后教整个院子认花",
    "吴老师退休那年，在中心花园给每棵树挂了一块小木牌：名字、科属、几月开花，毛笔写的。\n\n"
    "「我教语文的，认花是现学的。」他说，「开头写错过三块，是刘大爷指出来的，他种了一辈子地。"
    "后来孩子们放学都来问，我就多学一点，怕被问住。」\n\n"
    "最难的是腿不好的那个冬天，木牌被风吹落了一半。开春他拄着拐去捡，发现有人已经重新钉好了，"
    "背面多了一行铅笔字：「吴老师，我是三年级的，钉子是我爸钉的。」\n\n"
    "问他想对邻居说什么，他想了想：「花年年开，人年年见，这就很好。」",
    "blossoms/w garden_path/s",
)  # fmt: skip


def steps(stages):
    """How many steps `settle` takes."""
    return sum(len(SHOPS[stage.place.slug]) + len(WISHES[stage.place.slug]) for stage in stages) + 3


def settle(stages):
    """Everything of this file, in both 小区; yields a few words after each step."""
    boss = stages[0].boss
    screening.add("加微信\n代开发票\n刷单", "hold", boss, stages[0].days.on(60, "10:00"))
    yield "总部定下词表"
    for stage in stages:
        for number, shop in enumerate(SHOPS[stage.place.slug]):
            yield _open(stage, number, shop)
        for number, wish in enumerate(WISHES[stage.place.slug]):
            yield _wish(stage, number, wish)
    yield _cook(stages[0])
    yield _tell(stages[0])


def _open(stage, number, shop):
    at = stage.days.on(30 - number, "19:30")
    words = {"hours": shop.hours, "address": shop.address, "note": shop.note}
    told = {"category": shop.category, "name": shop.name, "phone": shop.phone}
    entry = services.suggest(stage.members[shop.by], at, op_id=f"demo-shop-{number}", **told, **words)
    if entry.state == "pending":
        services.approve(services.find(stage.place, entry.id), stage.host, at)
    for fan in shop.fans.split():
        recommends.set_recommend(stage.members[fan], services.find(stage.place, entry.id), True, at)
    return f"{shop.by} 推荐{shop.name}"


def _wish(stage, number, wish):
    at = stage.days.on(9 - number, "20:10")
    told = {"category": wish.category, "body": wish.body, "anonymous": wish.anonymous}
    need = needs.create(stage.members[wish.by], at, op_id=f"demo-need-{number}", alike_ok=True, **told)
    for other in wish.others.split():
        needs.set_support(stage.members[other], needs.find(stage.place, need.id), True, at)
    slug, answered, title, note = ANSWERED
    if (stage.place.slug, number) == (slug, answered):
        found = Post.get((Post.neighborhood == stage.place) & (Post.title == title))
        url = f"/n/{slug}/posts/{found.id}"
        answers.answer(needs.find(stage.place, need.id), stage.host, stage.days.on(5, "12:00"), url=url, note=note)
    return f"{wish.by} 说了个需求"


def _photo(stage, member, words, seed, at):
    return [keep(member, pictures.paint(*shot, stage.width), at).code for shot in pictures.shots(words, seed)]


def _cook(stage):
    cook, at = stage.members["马叔"], stage.days.on(2, "10:40")
    codes = _photo(stage, cook, "soup/s", 71, at)
    told = [(words, codes[-1] if number == 3 else "") for number, (words, _) in enumerate(RECIPE.steps)]
    post = howtos.write(cook, at, op_id="demo-recipe", sheet=RECIPE._replace(steps=tuple(told)), consent=True)
    for number, (name, words) in enumerate(
        (("阿宁", "葱擦干了，一点没溅。拌了两碗，一碗送隔壁。"), ("大鹏", "焦黄和焦黑之间只有八秒。"))
    ):
        makings.say(
            stage.members[name],
            posts.find(stage.place, post.id),
            stage.days.ago(200 - number),
            op_id=f"demo-made-{number}",
            words=words,
        )
    return "马叔写下葱油拌面"


def _tell(stage):
    name, title, body, shots = STORY
    at, subject = stage.days.on(6, "15:00"), stage.members[STORY[0]]
    codes = _photo(stage, stage.host, shots, 72, at)
    story = stories.write(
        stage.host, at, op_id="demo-story", title=title, body=body, photo_codes=codes, consent=True, subject=subject
    )
    stories.ask(stories.find(stage.place, story.id), stage.host, at)
    asked, said_yes = stories.find(stage.place, story.id), stage.days.on(5, "18:20")
    stories.decide(asked, "given", said_yes, seen=stories.print_of(asked.post), by=subject.user)
    return f"{name} 点头，故事发布"
