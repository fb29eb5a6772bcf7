"""A call for 生活大使 for the walker: 赵敏 has said yes, 陈奶奶 is asked."""

from db import ambassadors
from tests import make


def called(host, members, now, *, days=20, quota=3):
    """An event of the host with a call, and these neighbours asked."""
    event = make.event(host, now, days=days, title="春日邻里市集", kind="market", capacity=200)
    ambassadors.plan(event, host, now, name="春日生活大使", what="试用种子包，发一条种植日记", quota=quota, until=None)
    ambassadors.invite(event, host, [each.id for each in members], now, "您种得好，来教教大家")
    return event


def rows(cast, now):
    """{endpoint: its arguments}."""
    event, asked = called(cast.li, [cast.zhao, cast.chen], now), called(cast.li, [cast.zhao], now, days=21)
    ambassadors.answer(event, cast.zhao, True, now)
    place = ambassadors.mine(ambassadors.of(event), cast.zhao)
    post = make.post(cast.zhao, now, "豆苗出来了")
    at = {"event_id": event.id, "row_id": place.id, "post": post.id}
    return {"ambassadors.": at, "ambassadors.answer": {"event_id": asked.id}}
