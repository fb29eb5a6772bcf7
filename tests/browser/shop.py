"""The store as the looks test and the shots find it: a shelf, and what 王阿姨 asked for in every state."""

from datetime import timedelta

from db import counter, redemptions
from tests import make


def fill(here, cast, now, photo):
    """A shelf of goods, a service, a gift and a draft; things that wait, were fetched, refused and cancelled."""
    li, soon = cast.li, now + timedelta(days=5)
    make.rich(cast.wang, now, 300)
    wang = make.again(cast.wang)
    here.dear = make.reward(
        li, now, "一整天的木工课，带一张自己做的小板凳回家", price=400, kind="service", photo_code=photo(li, now, 20)
    )
    here.gift = make.reward(
        li, now, "中秋月饼两只", kind="gift", stock=60, closes_at=soon, words="食堂王师傅手工做的，五仁和蛋黄各一只。"
    )
    here.reward = make.reward(
        li, now, "手工荠菜馄饨一份（二十只）", photo_code=photo(li, now, 90), per_person=5, stock=12, hours="每天 16:00–19:00",
        words="李姐早上现包的，冷冻半个月都好吃。",
    )  # fmt: skip
    make.reward(li, now, "磨刀一次", kind="service", price=15, stock=1, opens_at=soon)
    make.reward(li, now, "理发券", kind="coupon", price=20, on_shelf=False)
    here.ready, here.fetched, here.refused, cancelled = (make.redeemed(wang, here.reward, now) for _ in range(4))
    here.held = make.redeemed(wang, make.reward(li, now, "现烤的吐司", prepare=True), now)
    counter.hand_over(here.fetched, li, now)
    counter.refuse(here.refused, li, now, "今天荠菜没买到，真对不起")
    redemptions.cancel(cancelled, wang, now)
    here.fetched = redemptions.find(cast.cuihu, here.fetched.id)
