"""Interest groups for the walker: one in each state, led by 赵敏, who gets furthest."""

from datetime import timedelta

from db import group_leaders, group_rooms, groups
from db.groups import InterestGroup
from tests import make


def rows(cast, now, secret):
    """The arguments of the routes of groups. Names are new each time, as a name stands once in a 小区."""
    tail = make.secrets.token_hex(2)

    def led(word, **values):
        begun = make.group(cast.zhao, cast.li, now, f"{word}{tail}")
        InterestGroup.update(**values or {"nudged": 0}).where(InterestGroup.id == begun.id).execute()
        return groups.find(cast.cuihu, begun.id)

    room, long_ago = led("种菜"), now - timedelta(days=90)
    group_leaders.join(room, cast.wang, now)
    said = make.post(cast.zhao, now, secret, visibility="neighborhood", **group_rooms.joins(room, cast.zhao, now))
    asked = led("烘焙", leader=cast.li.id, asked=cast.zhao.id, asked_words=secret[:100])
    idea = make.idea(cast.li, now, f"夜跑{tail}")
    event = make.event(cast.zhao, now, title=f"换苗{tail}")
    quiet, resting = led("茶", state="active", awake_until=long_ago), led("棋", state="archived")
    alone = led("歌", leader=None)
    group_leaders.join(alone, cast.wang, now)
    den = led("密", private=True)
    group_leaders.join(den, cast.chen, now)
    hidden = led("书", sight="hidden", reason="先收起来看看")

    def at(group, **more):
        return {"group_id": group.id, **more}

    return {
        "groups.": at(room, post_id=said.id, event_id=event.id, member_id=cast.wang.id),
        "groups.interest": at(idea), "groups.answer": at(asked), "groups.rest": at(quiet), "groups.wake": at(resting),
        "groups.let_in": at(den, member_id=cast.chen.id),
        "groups.private": at(quiet), "groups.restore": at(hidden), "groups.back": at(alone, member_id=cast.wang.id),
    }  # fmt: skip
