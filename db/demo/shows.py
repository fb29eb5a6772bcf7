"""What hangs on the walls: the call for photos of this spring, and last winter's window sills with their result."""

from datetime import timedelta
from random import Random
from typing import NamedTuple

from db import ballots, contests, electors, entries, phases, tallies
from db.demo import pictures
from db.photos import keep


class Work(NamedTuple):
    by: str
    shot: str  # as in the story: scene/shape#seed
    caption: str
    spot: str
    signed: str = ""


RULES = (
    "拍一张小区里的春天：一朵花、一缕光、一张笑脸都可以。手机拍的就好，请用自己拍的照片。\n"
    "上墙的作品会洗出来，挂在中心花园，{market}市集上一起看、一起投。"
)
SPRING = (
    Work("罗工", "tulips/p#501", "蹲着拍的郁金香", "中心花园东边", "腰不好的人"),
    Work("晓雯", "blossoms/p#502", "玉兰开到第三层楼", "9 栋楼下"),
    Work("橙子爸爸", "kite/p#503", "天空在钓鱼", "南门草坪", "橙子和爸爸"),
    Work("陈奶奶", "balcony/s#504", "老头子留下的那盆茉莉", "1 栋 阳台"),
    Work("阿宁", "seedlings/s#505", "它们是今天早上站起来的", "11 栋 窗台"),
    Work("老周", "lake#506", "一条也没有的下午", "湖边", "空军老周"),
    Work("吴老师", "garden_path#507", "木牌第四十一块", "中心花园"),
    Work("丁丁妈妈", "cat/s#508", "晒太阳的也是邻居", "7 栋 花坛"),
    Work("刘大爷", "vegetables#509", "不用浇水的三分地", "北坡"),
    Work("苏苏", "bicycle/p#510", "篮子里先春天了", "10 栋 车棚"),
    Work("小贝姥姥", "dumplings#511", "荠菜是北坡的，饺子是我家的", "12 栋"),
    Work("大鹏", "sunset_towers#512", "加完班抬头看了一眼", "9 栋 天台"),
)
SILLS = (
    Work("胡阿姨", "balcony/p#521", "冬天里的一排葱", "2 栋"),
    Work("王阿姨", "seedlings/p#522", "蒜苗不算花，可它绿", "3 栋"),
    Work("孙阿姨", "blossoms/s#523", "水仙赶在除夕开了", "6 栋"),
    Work("董师傅", "cat#524", "花盆是猫的，花是我的", "4 栋"),
)
OUTCOME = "谢谢大家冒着冷风来看窗台。得票最多的，李姐送一袋新土，周末自己来 5 栋楼下拿；没得的，也有一把小葱。"
CORNERS = (
    Work("钱阿姨", "seedlings#531", "三块钱的豆苗", "3 栋"),
    Work("毛毛爸", "cat/p#532", "毛毛说这是猫的花园", "4 栋"),
    Work("阿May", "balcony#533", "租来的阳台也是阳台", "5 栋"),  # new here: the host has yet to look
)


def steps():
    """How many steps `hang` takes."""
    return len(SPRING) + len(SILLS) + len(CORNERS)


def hang(cuihu, yangguangli):
    """The contests of both 小区, from the call to today; yields a few words after each step."""
    yield from _cuihu(cuihu)
    corners = _call(yangguangli, "balcony", "我家的阳台花园", 5, -6, -9, "阳台、窗台、门口的一小盆都算。", choices=1)
    for number, work in enumerate(CORNERS):
        shot = pictures.shots(work.shot, number)[0]
        at = yangguangli.days.on(4 - number, "18:10")
        yield _send(yangguangli, corners, work, yangguangli.easel.submit(pictures.paint, *shot, yangguangli.width), at, number)


def _cuihu(stage):
    works = (*SILLS, *SPRING)
    shots = [pictures.shots(work.shot, seed)[0] for seed, work in enumerate(works)]
    drawn = iter([stage.easel.submit(pictures.paint, *shot, stage.width) for shot in shots])
    sills = _call(stage, "balcony", "冬天的窗台", 46, 32, 28, "一盆葱也算", choices=1)
    for number, work in enumerate(SILLS):
        yield _send(stage, sills, work, next(drawn), stage.days.on(45 - number * 2, "16:20"), number)
    _vote(stage, sills, stage.days.on(30, "19:00"))
    closed = stage.days.on(28, "22:30")
    phases.advance(contests.find(stage.place, sills.id), closed)
    tallies.settle(contests.find(stage.place, sills.id), closed)
    tallies.publish(contests.find(stage.place, sills.id), stage.host, closed, OUTCOME)
    spring = _call(stage, "photo", "我眼中的春天", 10, 1, None, RULES.format_map(stage.words), choices=3)
    for number, work in enumerate(SPRING):
        yield _send(stage, spring, work, next(drawn), stage.days.on(9 - number * 2 // 3, "17:40"), 10 + number)
    if stage.days.on(1, "20:00") < stage.days.now:
        _vote(stage, spring, stage.days.ago(45))


def _vote(stage, contest, at):
    """Those who were here before it began choose, each in her own way; nobody her own."""
    contest = electors.begin(contest, at)
    works = entries.on_the_wall(contest)
    for name, member in stage.members.items():
        chance = Random(f"{contest.title} {name}")
        liked = [work for work in works if work.author_id != member.id]
        if stage.days.on(stage.came[name], "09:30") < contest.voting_opens_at and chance.random() < 0.7:
            for work in chance.sample(liked, chance.randint(1, contest.choices)):
                ballots.cast(contest, work, at, member=member)


def _call(stage, preset, title, opens, closes, over, rules, *, choices):
    """A contest from so many days ago; its vote begins when the call ends, and ends days ago or at the end of the market."""
    opens_at, closes_at = stage.days.on(opens, "08:00"), stage.days.on(closes, "20:00")
    ends = stage.days.opening + timedelta(hours=9) if over is None else stage.days.on(over, "21:00")
    made = contests.create(
        stage.host, opens_at, op_id=f"demo-show-{preset}", preset=preset, title=title, rules=rules, opens_at=opens_at,
        entries_close_at=closes_at, voting_opens_at=closes_at, voting_closes_at=ends, choices=choices, entries_each=2,
        prizes=contests.PRESETS[preset][2],
    )  # fmt: skip
    contests.start(made, stage.host, opens_at)
    return contests.find(stage.place, made.id)


def _send(stage, contest, work, promise, at, number):
    author = stage.members[work.by]
    photo = keep(author, promise.result(), at)
    told = {"caption": work.caption, "spot": work.spot, "signed": work.signed, "show_consent": True, "print_consent": True}
    sent = entries.enter(author, contest, at, op_id=f"demo-work-{number}", photo_code=photo.code, **told)
    if not sent.shown and author.vouched_at:
        entries.approve(entries.find(stage.place, sent.id), stage.host, at + timedelta(hours=1))
    return f"{work.by} 送来《{work.caption}》"
