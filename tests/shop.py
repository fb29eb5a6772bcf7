"""The store's rows in every state in which something can be done with them, for the walker."""

from db.redemptions import Redemption
from tests import make


def rows(cast, now, secret):
    """{argument of an address, or name of a route: its arguments}, fresh; a draft holds the secret that no stranger may read."""
    make.rich(cast.zhao, now, 1000)
    reward, off = make.reward(cast.li, now, stock=1000, prepare=True), make.reward(cast.li, now)
    make.rewards.take_down(off, cast.li, now)
    draft = make.reward(cast.li, now, secret[:20], on_shelf=False, words=secret)
    asked = [make.redeemed(cast.zhao, reward, now) for _ in range(5)]
    show, cancel, ready, hand, refuse = (each.id for each in asked)
    code = Redemption.get_by_id(show).code
    return {
        "reward_id": reward.id, "redemption_id": show, "counter.landing": {"code": code},
        "rewards.put_up": {"reward_id": draft.id}, "rewards.take_down": {"reward_id": make.reward(cast.li, now).id},
        "redemptions.cancel": {"redemption_id": cancel}, "counter.ready": {"redemption_id": ready},
        "counter.hand_over": {"redemption_id": hand}, "counter.refuse": {"redemption_id": refuse},
        **{f"counter.{view}": {"member_id": cast.zhao.id} for view in ("choose", "ask", "redeem_for")},
    }  # fmt: skip
