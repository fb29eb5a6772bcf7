"""积分规则: what earns how much. HQ says how much and how much at most, a host how generous her 小区 is; both by dated lines.

A change is a new line with the moment it begins: what was paid before stays as it was. An action without a line follows RULES.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db import audit
from db.base import Refused, Table, writing
from db.neighborhoods import Neighborhood
from db.people import User

SHANGHAI = timedelta(hours=8)
MOST = 10_000  # points one action can pay, and a day's cap
USUAL_BUDGET = 500  # points a 小区 may give on top of HQ's in a month, until HQ says otherwise
MOST_BUDGET = 100_000
PERCENTS = (50, 75, 100, 125, 150, 200)


class Rule(NamedTuple):
    """An action that pays. `given`: a neighbour's tap decides, so it waits and counts once a pair and day (db/points.py)."""

    called: str
    how: str  # for 「怎么得积分」
    points: int
    daily_cap: int  # points a day from this action, 0: no cap
    hq_max: int  # what it pays at most, however generous the host is
    given: bool = False
    each: bool = False  # once for each person who does it, not once for the thing
    hosts: bool = True  # False where nobody but the host herself would have said yes to it
    live: bool = True  # False as long as nothing pays it: then no page shows it (G16)


RULES = {
    "post": Rule("发帖子", "帖子发布了，邻居们看得到", 5, 20, 10, hosts=False),
    "feature": Rule("被选为精选", "主理人把您的帖子选为精选", 20, 0, 40, hosts=False),
    "comment": Rule("评论", "给邻居的帖子写一句评论", 1, 10, 2, hosts=False),
    "made": Rule("照着做", "照着干货做了，说一声「我做了」", 2, 10, 5, each=True, hosts=False),
    "useful": Rule("干货有用", "有邻居照着您的干货做了", 10, 100, 20, given=True),
    "help": Rule("帮上了忙", "响应互助，帮完后双方都点了「完成」", 20, 60, 40, given=True),
    "entry": Rule("参加比赛", "参加比赛，作品上墙了", 10, 30, 20, hosts=False),
    "win": Rule("比赛获奖", "比赛里得票最多", 100, 0, 200),
    "checkin": Rule("活动签到", "到活动现场签到", 10, 30, 20),
    "feedback": Rule("写反馈", "活动后写一份反馈", 15, 30, 30),
}


class PointRule(Table):
    """What HQ has said about one action, from a moment on."""

    action = CharField(max_length=12)
    points = IntegerField()
    daily_cap = IntegerField()
    hq_max = IntegerField()
    active_from = DateTimeField()
    set_by = ForeignKeyField(User, null=True, backref="+")
    created_at = DateTimeField()

    class Meta:
        indexes = ((("action", "active_from", "id"), False),)
        constraints = [Check("points >= 0 AND daily_cap >= 0 AND hq_max >= points", name="point_rule_numbers")]


class PointScale(Table):
    """How generous a host is about one action in her 小区, from a moment on: half to twice what HQ says."""

    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    action = CharField(max_length=12)
    percent = IntegerField()
    active_from = DateTimeField()
    set_by = ForeignKeyField(User, null=True, backref="+")

    class Meta:
        indexes = ((("neighborhood", "action", "active_from", "id"), False),)
        constraints = [Check("percent BETWEEN 50 AND 200", name="point_scale_percent")]


class PointBudget(Table):
    """What a 小区 may give on top of HQ's points in a month of Shanghai, and has given. Spent, everything pays what HQ says."""

    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    month = CharField(max_length=7)
    allowed = IntegerField()
    extra = IntegerField(default=0)

    class Meta:
        indexes = ((("neighborhood", "month"), True),)
        constraints = [Check("extra >= 0 AND extra <= allowed", name="point_budget_kept")]


class Terms(NamedTuple):
    """What an action pays in a 小区 at a moment."""

    base: int  # as HQ says
    daily_cap: int
    hq_max: int
    percent: int

    @property
    def points(self):
        """With the host's share, halves rounded up, never over HQ's ceiling and never below 1 where it pays at all."""
        return min(self.hq_max, max(1, (self.base * self.percent + 50) // 100)) if self.base else 0


def midnight(now):
    """The beginning of the day in Shanghai, in UTC: daily caps count from there."""
    return (now + SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) - SHANGHAI


def _latest(table, where, now):
    begun = where & (table.active_from <= now)
    return table.select().where(begun).order_by(table.active_from.desc(), table.id.desc()).first()


def base_of(action, now):
    """What HQ's line in force says about an action; what stands in RULES where there is none."""
    return _latest(PointRule, PointRule.action == action, now) or RULES[action]


def terms(neighborhood_id, action, now):
    """What an action pays here and now."""
    rule = base_of(action, now)
    here = (PointScale.neighborhood == neighborhood_id) & (PointScale.action == action)
    scale = _latest(PointScale, here, now)
    return Terms(rule.points, rule.daily_cap, rule.hq_max, scale.percent if scale else 100)


def shown(neighborhood_id, now):
    """{action: Terms} of everything that can pay here now, for people to read (G16)."""
    found = {action: terms(neighborhood_id, action, now) for action, rule in RULES.items() if rule.live}
    return {action: each for action, each in found.items() if each.base}


def coming(action, now):
    """What HQ has decided about an action for later, the next first."""
    later = (PointRule.action == action) & (PointRule.active_from > now)
    return list(PointRule.select().where(later).order_by(PointRule.active_from, PointRule.id))


def _within(number, most, field, called, least=0):
    if type(number) is not int or not least <= number <= most:
        raise Refused("bad-number", f"{called}请写 {least}–{most} 之间的整数", field=field)
    return number


def _known(action):
    if action not in RULES:
        raise Refused("bad-rule", "没有这条规则", field="action")


def change(action, by, now, *, points, daily_cap, hq_max, reason, active_from=None):
    """HQ says what an action pays from a moment on, at once where none is given; never for what has been (R37). Audited."""
    _known(action)
    _within(points, MOST, "points", "积分")
    _within(daily_cap, MOST, "daily_cap", "每日上限")
    _within(hq_max, MOST, "hq_max", "封顶")
    if hq_max < points:
        raise Refused("bad-number", "封顶不能比积分少", field="hq_max")
    begins = active_from or now
    if begins < midnight(now):
        raise Refused("in-the-past", "规则只能从今天或以后开始，已经发出的积分不改", field="active_from")
    if begins > now + timedelta(days=366):
        raise Refused("too-late", "最多提前一年定下来", field="active_from")
    reason = audit.reason_of(reason)
    was = base_of(action, now)
    with writing():
        line = PointRule.create(
            action=action, points=points, daily_cap=daily_cap, hq_max=hq_max, active_from=max(begins, now), set_by=by,
            created_at=now,
        )  # fmt: skip
        before = {"points": was.points, "daily_cap": was.daily_cap, "hq_max": was.hq_max}
        after = {"points": points, "daily_cap": daily_cap, "hq_max": hq_max, "from": line.active_from}
        audit.record("change point rule", line, actor=by, now=now, reason=reason, before=before, after=after)
    return line


def scale(host, action, percent, now, reason):
    """A host gives half to twice what HQ says for an action, in her 小区, from now on. Audited."""
    _known(action)
    if percent not in PERCENTS:
        raise Refused("bad-percent", "请在 ×0.5 到 ×2 之间选一个", field="percent")
    reason = audit.reason_of(reason)
    place = host.neighborhood_id
    was = terms(place, action, now).percent
    with writing():
        line = PointScale.create(neighborhood=place, action=action, percent=percent, active_from=now, set_by=host.user_id)
        audit.record(
            "scale points", line, actor=host.user_id, now=now, reason=reason, neighborhood=place,
            before={"action": action, "percent": was}, after={"action": action, "percent": percent},
        )  # fmt: skip
    return line


def month_of(now):
    """「2026-03」, of Shanghai."""
    return f"{now + SHANGHAI:%Y-%m}"


def _of_month(neighborhood_id, now):
    return (PointBudget.neighborhood == neighborhood_id) & (PointBudget.month == month_of(now))


def _allowed(neighborhood_id, now):
    """What this month may spend where nobody has begun it: as much as the last month that is known."""
    before = (PointBudget.neighborhood == neighborhood_id) & (PointBudget.month < month_of(now))
    last = PointBudget.select(PointBudget.allowed).where(before).order_by(PointBudget.month.desc()).first()
    return last.allowed if last else USUAL_BUDGET


def budget(neighborhood_id, now):
    """(allowed, given so far) on top of HQ's points in this month."""
    row = PointBudget.get_or_none(_of_month(neighborhood_id, now))
    return (row.allowed, row.extra) if row else (_allowed(neighborhood_id, now), 0)


def _begin_month(neighborhood_id, now):
    fresh = {"neighborhood": neighborhood_id, "month": month_of(now), "allowed": _allowed(neighborhood_id, now)}
    PointBudget.insert(**fresh).on_conflict_ignore().execute()


def spend(neighborhood_id, extra, now):
    """Take this much from the month's budget, in the caller's transaction; False where so much is not left."""
    _begin_month(neighborhood_id, now)
    enough = _of_month(neighborhood_id, now) & (PointBudget.extra + extra <= PointBudget.allowed)
    return bool(PointBudget.update(extra=PointBudget.extra + extra).where(enough).execute())


def allow(neighborhood, by, now, *, allowed, reason):
    """HQ says how much a 小区 may give on top of its points, this month and after. What is given is given. Audited."""
    _within(allowed, MOST_BUDGET, "allowed", "每月额度")
    reason = audit.reason_of(reason)
    with writing():
        _begin_month(neighborhood.id, now)
        was, given = budget(neighborhood.id, now)
        fits = _of_month(neighborhood.id, now) & (PointBudget.extra <= allowed)
        if not PointBudget.update(allowed=allowed).where(fits).execute():
            raise Refused("spent-more", f"这个月已经用了 {given}，不能再少", field="allowed")
        audit.record(
            "point budget", neighborhood, actor=by, now=now, reason=reason, neighborhood=neighborhood.id,
            before={"allowed": was}, after={"allowed": allowed},
        )  # fmt: skip


def day_begins(text):
    """The beginning of a day of Shanghai written like 2026-03-20, in UTC; Refused beside `active_from` otherwise."""
    try:
        return datetime.strptime(text, "%Y-%m-%d") - SHANGHAI
    except ValueError:
        raise Refused("bad-date", "请写日期，比如 2026-03-20", field="active_from") from None
