"""The directory and the wall as the looks test and the shots find them."""

from datetime import timedelta

from db import answers, codes, needs, posts, recommends, scans, services
from tests import make


def fill(here, cast, now):
    """The directory with a fresh, an old and a waiting entry; the wall with an open, an answered and a waiting need."""
    place, li, zhao, wang = cast.cuihu, cast.li, cast.zhao, cast.wang
    here.shop = make.service(
        li, now, "老王修鞋配钥匙，兼修拉链和雨伞", "0571-87654321", hours="每天 8:00–18:00，周三休息",
        address="东门出去左手第三间", note="鞋跟磨歪了，他钉得又快又稳，只收十块。",
    )  # fmt: skip
    old = now - timedelta(days=200)
    here.old_shop = make.service(li, old, "康健牙科", "400-123-4567", category="medical", paid=True)
    for number in range(6):
        make.service(li, now, f"巷口第 {number + 1} 家馄饨", f"1380013800{number}", category="food")
    here.my_shop = make.service(wang, now, "张师傅", "62345678 转 801", note="修洗衣机的，随叫随到。")
    services.give_back(services.find(place, here.my_shop.id), li, now, services.RETURN_REASONS[0])
    make.service(zhao, now, "晨光托管", "13900139000", category="school", note="四点半接孩子。")
    for member in (wang, zhao):
        recommends.set_recommend(member, here.shop, True, now)
    body = "想要一位能上门给老人理发的师傅，最好会推平头，价钱公道一点，周末上午来"
    here.need = make.need(zhao, now, body, anonymous=True)
    needs.set_support(wang, here.need, True, now)
    make.need(li, now, "上门给老人理发的师傅有吗", alike_ok=True)
    solved = make.need(zhao, now, "附近哪里能修拉链", category="living")
    answers.answer(needs.find(place, solved.id), li, now, url="/n/cuihu/services/", note="名录里老王就能修，东门出去左手。")
    here.my_need = make.need(wang, now, "孩子放学后有一个小时没人接", category="kids")
    needs.give_back(needs.find(place, here.my_need.id), li, now, needs.RETURN_REASONS[0])
    make.need(wang, now, "晚上睡不好，想问问中医", category="health", anonymous=True)


def printed(here, cast, now):
    """Codes of the host's: one that is used, one whose post is gone, one for tomorrow."""
    li = cast.li
    words = "扫一扫，晒出你家的拿手菜，也看看别人家的"
    here.code = codes.make(li, f"topic-{here.topic.id}", now, label=words)[0]
    gone = make.post(li, now, "办完了的事")
    here.code_gone = codes.make(li, f"post-{gone.id}", now)[0]
    posts.withdraw(posts.find(cast.cuihu, gone.id), li, now)
    here.code_early = codes.make(li, f"post-{here.long.id}", now, opens_at=now + timedelta(days=1))[0]
    scans.join_code(cast.cuihu, now)
    for days in (0, 0, 1, 3):
        scans.count(here.code, now - timedelta(days=days))
