"""What an organiser writes of an event, and how it comes to be: at once, or after the host has seen it (R04)."""

from datetime import timedelta
from typing import NamedTuple

from peewee import IntegrityError

from db import groups, limits, screening
from db.base import Refused, writing
from db.events import BY_RESIDENTS, KINDS, ONLINE, SEEN, STANDING, Event, called, move, moved_on, taken, tell_hosts, went_public
from db.notices import SHANGHAI
from db.words import clean_line, clean_text

# What neighbours often do together: one tap fills the form, and every word of it may be changed (R53).
EXAMPLES = {
    "tea": ("楼下喝茶", {"title": "楼下喝杯茶，认认邻居", "place": "中心花园凉亭", "bring": "自己的杯子"}),
    "walk": ("一起走走", {"title": "早上走一圈", "place": "东门", "bring": "水、好走的鞋", "body": "走得慢的在前面。"}),
    "read": ("亲子读书", {"title": "带孩子一起读绘本", "place": "活动室", "bring": "一本想分享的书", "ages": "3–8 岁"}),
    "swap": ("换书换物", {"title": "换书：带一本走，留一本", "place": "门厅", "bring": "一两本不看的书"}),
    "cook": ("一起做吃的", {"title": "一起包饺子", "place": "活动室", "allergy": "含麸质、猪肉、虾皮", "event_kind": "workshop"}),
    "clean": ("收拾角落", {"title": "收拾楼下的小花坛", "place": "楼下花坛", "bring": "手套", "event_kind": "charity"}),
}
USUAL = timedelta(hours=2)
LONGEST, FARTHEST = timedelta(days=3), timedelta(days=400)
MOST_PEOPLE, MOST_FEE = 10_000, 100_000


class Plan(NamedTuple):
    """What an organiser writes; times UTC."""

    kind: str
    title: str
    starts_at: object
    ends_at: object
    place: str = ""
    capacity: object = 10
    body: str = ""
    bring: str = ""
    allergy: str = ""
    ages: str = ""
    fee_cents: object = 0


def next_saturday(now):
    """Ten in the morning of the Saturday to come (UTC): when most have time."""
    here = now + SHANGHAI
    days = (5 - here.weekday() - 1) % 7 + 1
    return here.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days) - SHANGHAI


def trusts(member, now):
    """Whether what this neighbour starts is seen at once: she is known, or has carried one through already (R04)."""
    if member.trusted or member.watched_at is not None:
        return member.trusted
    carried = (Event.creator == member.id) & Event.state.in_(STANDING) & Event.sight.in_(SEEN) & (Event.ends_at <= now)
    return Event.select().where(carried).exists()


def checked(member, plan, now):
    """The columns of a plan, cleaned; Refused beside the field that is wrong (R04, G4)."""
    if plan.kind not in KINDS or (plan.kind not in BY_RESIDENTS and not member.is_host):
        raise Refused("bad-kind", "请选一种活动", field="event_kind")
    title = clean_line(plan.title, 30, "title", "名称")
    if len(title) < 2:
        raise Refused("bad-title", "给活动起个名字吧（2–30 个字）", field="title")
    starts_at, ends_at = checked_times(plan.starts_at, plan.ends_at, now)
    place = clean_line(plan.place, 40, "place", "地点")
    if not place and plan.kind not in ONLINE:
        raise Refused("no-place", "写一下在哪里碰面，比如「东门花坛」", field="place")
    if not isinstance(plan.capacity, int) or not 1 <= plan.capacity <= MOST_PEOPLE:
        raise Refused("bad-capacity", f"人数请填 1–{MOST_PEOPLE} 之间的数", field="capacity")
    if not isinstance(plan.fee_cents, int) or not 0 <= plan.fee_cents <= MOST_FEE:
        raise Refused("bad-fee", "材料费请填 0–1000 元，现场付给发起人", field="fee")
    allergy = clean_line(plan.allergy, 200, "allergy", "过敏提醒")
    if plan.kind == "tasting" and not allergy:
        raise Refused("no-allergy", "品鉴会要写清含有什么：花生、牛奶、鸡蛋、麸质……没有也写一句", field="allergy")
    values = {
        "kind": plan.kind, "title": title, "starts_at": starts_at, "ends_at": ends_at, "place": place, "allergy": allergy,
        "capacity": plan.capacity, "fee_cents": plan.fee_cents, "body": clean_text(plan.body, 2000, "body", "说明"),
        "bring": clean_line(plan.bring, 100, "bring", "要带什么"), "ages": clean_line(plan.ages, 20, "ages", "适合年龄"),
    }  # fmt: skip
    for field in ("title", "place", "body", "bring", "allergy", "ages"):
        screening.check(values[field], field)
    return values


def checked_times(starts_at, ends_at, now):
    """(begin, end) of an event; without an end it takes two hours. Refused for what has passed, ends before it begins, lasts
    longer than three days or is more than a year away."""
    if starts_at is None:
        raise Refused("no-time", "请选一个开始时间", field="starts_at")
    if starts_at <= now:
        raise Refused("past", "开始时间已经过了，请选以后的时间", field="starts_at")
    if starts_at > now + FARTHEST:
        raise Refused("too-far", "太远了，一年以内的活动大家才记得住", field="starts_at")
    ends_at = ends_at or starts_at + USUAL
    if ends_at <= starts_at:
        raise Refused("bad-times", "结束要晚于开始", field="ends_at")
    if ends_at - starts_at > LONGEST:
        raise Refused("bad-times", "一场活动最长 3 天", field="ends_at")
    return starts_at, ends_at


def words_of(values):
    """All that a plan says, in one text."""
    return " ".join(values[name] for name in ("title", "place", "body", "bring", "allergy", "ages"))


def create(member, now, *, op_id, plan, group=None):
    """Start an event (R04); the same `op_id` again gives the first one back (G5). That of somebody who is trusted is seen at
    once, others wait for the host. In a `group` it is that of its people, who are told. Refused beside the field for whatever a
    plan may not say."""
    first = (Event.creator == member.id) & (Event.op_id == op_id)
    if done := Event.get_or_none(first):
        return done
    values = checked(member, plan, now)
    try:
        with writing():
            return Event.get_or_none(first) or _write(member, now, op_id, values, group)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Event.get(first)


def _write(member, now, op_id, values, group):
    if group is not None:
        group = groups.to_write_in(group, member)
        check_kind(group, values["kind"])
    limits.spend("event", f"member {member.id}", now)
    held_for = screening.why_wait(member, words_of(values), now) or ("" if trusts(member, now) else "first")
    event = Event.create(
        neighborhood=member.neighborhood_id, creator=member, by_resident=not member.is_host, state="draft", held_for=held_for,
        op_id=op_id, created_at=now, group=group, sight="within" if group and group.private else "shown", **values,
    )  # fmt: skip
    _send(event, member, now)
    return event


def check_kind(group, kind):
    """Refused in a private group for what has pages that are open to everybody: a market, a live room."""
    if group is not None and group.private and kind not in BY_RESIDENTS:
        raise Refused("bad-kind", "私密小组里办聚会、工作坊和公益，别的请办给整个小区", field="event_kind")


def _send(event, member, now):
    """A draft on its way: seen at once, or waiting for the host, who is told."""
    if event.held_for:
        move(event, "draft", "review", chased_at=None)
        tell_hosts(event, f"{member.name}发起了活动{called(event)}，等您看一眼", now)
    else:
        move(event, "draft", "published", published_at=now)
        went_public(event, now)


def send(event, member, now, plan):
    """The organiser's other words for an event that was given back; it goes on its way once more."""
    if not event.is_of(member):
        raise Refused("not-yours", "只有发起人能改", status=403)
    values = checked(member, plan, now)
    with writing():
        event = taken(event)
        check_kind(event.group, values["kind"])
        values["held_for"] = screening.why_wait(member, words_of(values), now) or ("" if trusts(member, now) else "first")
        if not Event.update(reason="", **values).where((Event.id == event.id) & (Event.state == "draft")).execute():
            raise moved_on()
        _send(taken(event), member, now)
