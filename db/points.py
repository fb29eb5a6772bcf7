"""积分: what earns, what is taken back, and what is spent (R37, R38). The book itself is db/point_entries.py, how much an action
pays db/point_rules.py.

`earn` pays when a source becomes valid, `reverse` takes it back when it is not any more, `pay_back` undoes that: each exactly
once, by the unique column `answers`. `hold` promises points, then either `capture` or `release` settles it. All of them belong
into the transaction of what causes them, after `activity.record` and before `refresh`.
"""

from datetime import timedelta

from peewee import SQL, fn

from db import audit, notices, point_rules, rings
from db.base import Refused, writing
from db.members import Membership
from db.people import User
from db.point_entries import Account, OtherParameters, PointEntry, differences, digest_of, known, live, lock, waiting, write
from db.point_rules import RULES, midnight

MOST = 10**9
WAITS = timedelta(hours=48)  # what a neighbour's tap gave can be spent after this long
GIVEN = [name for name, rule in RULES.items() if rule.given]
GIVEN_A_DAY = 20  # earnings by taps of neighbours, a receiver and day
MOST_BY_HOST = 500  # what a host adjusts at once; HQ up to MOST_BY_HQ
MOST_BY_HQ = 100_000


def _chain(rule, source_type, source_id, giver):
    """The entries about one thing that pays once, the last first."""
    same = (PointEntry.source_type == source_type) & (PointEntry.source_id == source_id) & (PointEntry.rule == rule)
    if giver is not None:
        same &= _tapped_by([giver])
    return PointEntry.select().where(same).order_by(PointEntry.id.desc())


def _tapped_by(users):
    """By one of these people, under a name that was merged into hers too."""
    names = User.select(User.id).where(User.id.in_(users) | User.merged_into.in_(users))
    return PointEntry.created_by.in_(names)


def _today(account, now):
    """First payments of this neighbour since midnight in Shanghai; what is paid back was counted when it was paid."""
    first = fn.COALESCE(PointEntry.answers, 0) == 0  # said like this, SQLite does not read all that answer nothing for it
    mine = (PointEntry.membership == account.id) & (PointEntry.kind == "earn") & first
    return mine & (PointEntry.at >= midnight(now)) & (PointEntry.at <= now)


def earned_today(member, rule, now):
    """How many points this action has paid this neighbour since midnight in Shanghai."""
    mine = _today(member, now) & (PointEntry.rule == rule)
    return PointEntry.select(fn.COALESCE(fn.SUM(PointEntry.delta), 0)).where(mine).scalar()


def all_earned_today(member, now):
    """{action: points since midnight in Shanghai} of this neighbour."""
    mine = _today(member, now) & PointEntry.rule.in_(list(RULES))
    return dict(PointEntry.select(PointEntry.rule, fn.SUM(PointEntry.delta)).where(mine).group_by(PointEntry.rule).tuples())


def earn(member, rule, source_type, source_id, now, *, by=None, reason=""):
    """Pay a neighbour for one thing, in the transaction in which it becomes valid. Returns the entry, or None where nothing
    is paid: paid before, the day's cap is full, she has left, or she would be paying herself. `by` is the neighbour or host
    who decided it.

    A thing that was reversed is paid back as it was, whatever the rule says now. What a neighbour's tap gives (RULES: given)
    counts once a giver and thing, once a pair and day, 20 times a day, never within a ring (db/rings.py), and can be spent
    after two days (abuse case 14). The row of a source must stay: SQLite would give its number to another thing."""
    told = RULES[rule]
    with writing():
        account = lock(member.id)[member.id]
        giver = by.user_id if told.given else account.user_id if told.each else None
        key = f"{rule} {source_type} {source_id}" + (f" by {giver}" if giver else "")
        if by is not None and by.user_id == account.user_id:
            return None
        if last := _chain(rule, source_type, source_id, giver).first():
            if live(last.membership).id != account.id:
                raise OtherParameters(key)
            return _pay_back(last, now) if last.kind == "reverse" else None
        if account.status != "active" or (account.is_host and not told.hosts):
            return None
        if told.given and (_given_enough(account, giver, now) or rings.between(account, by)):
            return None
        delta = _due(account, rule, now)
        if delta <= 0:
            return None
        return write(
            account, "earn", delta, now, key, digest=digest_of(account.id, rule, source_type, source_id), rule=rule,
            source_type=source_type, source_id=source_id, reason=reason or told.how, created_by=giver,
            vests_at=now + WAITS if told.given else None,
        )  # fmt: skip


def _given_enough(account, giver, now):
    given = _today(account, now) & PointEntry.rule.in_(GIVEN)
    pair = PointEntry.select().where(given & _tapped_by([giver])).exists()
    return pair or PointEntry.select().where(given).count() >= GIVEN_A_DAY


def _due(account, rule, now):
    """What the action pays now, as far as today's cap and the month's budget of the 小区 go."""
    here = point_rules.terms(account.neighborhood_id, rule, now)
    left = here.daily_cap - earned_today(account, rule, now) if here.daily_cap else MOST
    due, plain = min(here.points, left), min(here.base, left)
    if due > plain and not point_rules.spend(account.neighborhood_id, due - plain, now):
        return plain
    return due


def _unanswered(source_type, source_id, kind, rule, givers):
    answer = PointEntry.alias()
    wanted = (PointEntry.source_type == source_type) & (PointEntry.source_id == source_id) & (PointEntry.kind == kind)
    if rule:
        wanted &= PointEntry.rule == rule
    if givers is not None:
        wanted &= _tapped_by(givers)
    open_ones = wanted & ~fn.EXISTS(answer.select(SQL("1")).where(answer.answers == PointEntry.id))
    return PointEntry.select().where(open_ones).order_by(PointEntry.membership, PointEntry.id)


def reverse(source_type, source_id, now, reason, *, rule="", givers=None):
    """Take back what was paid for this thing and stands, exactly once, in the transaction in which the thing is hidden, removed
    or withdrawn; of one rule, or of what some users did, only, if named. A balance may fall below zero. Returns the new
    entries."""
    with writing():
        return _answer_all(source_type, source_id, "earn", rule, givers, lambda entry: _undo(entry, "reverse", now, reason))


def pay_back(source_type, source_id, now, *, rule="", givers=None):
    """The thing is to be seen again: what was reversed is paid back as it was, once for each time it was reversed. What was
    never paid is not paid now. Returns the new entries."""
    with writing():
        return _answer_all(source_type, source_id, "reverse", rule, givers, lambda entry: _pay_back(entry, now))


def _answer_all(source_type, source_id, kind, rule, givers, act):
    wanted = _unanswered(source_type, source_id, kind, rule, givers)
    if accounts := sorted({entry.membership_id for entry in wanted}):
        lock(*accounts)
        return [act(entry) for entry in list(wanted.clone())]  # asked again: another may have answered while we waited
    return []


def _pay_back(entry, now):
    return _undo(entry, "earn", now, "恢复了，积分还给您")


def _undo(entry, kind, now, reason):
    return write(
        entry.membership, kind, -entry.delta, now, f"{kind} {entry.id}", rule=entry.rule, source_type=entry.source_type,
        source_id=entry.source_id, reason=reason, answers=entry.id, created_by=entry.created_by_id, vests_at=entry.vests_at,
    )  # fmt: skip


def _size(amount, field="points"):
    if type(amount) is not int or not 1 <= abs(amount) <= MOST:
        raise Refused("bad-number", "积分请写一个整数", field=field)
    return amount


def paid(member, rule, source_type, source_id):
    """What this neighbour has from one thing by one rule as it stands, and whether she can spend it at once; (0, True) where
    it is nothing."""
    mine = PointEntry.membership == member.id
    last = _chain(rule, source_type, source_id, None).where(mine).first()
    return (last.delta, last.vests_at is None) if last and last.delta > 0 else (0, True)


def hold(member, amount, source_type, source_id, now, reason):
    """Promise points for one thing (a redemption), in its transaction; the same thing again gives the first entry back.

    Refused `short` with what is missing where she has not so much to spend: two hands never promise the same point."""
    if _size(amount) < 0:
        raise Refused("bad-number", "积分请写一个整数", field="points")
    key, digest = f"hold {source_type} {source_id}", digest_of(member.id, amount)
    with writing():
        account = lock(member.id)[member.id]
        if first := known(key, digest):
            return first
        early = waiting(account.id, now)
        enough = (Membership.points - Membership.points_held - early >= amount) & (Membership.status == "active")
        entry = write(
            account, "hold", -amount, now, key, digest=digest, guard=enough, source_type=source_type, source_id=source_id,
            reason=reason,
        )  # fmt: skip
        if entry is None:
            raise _short(Account(account.points, account.points_held, early), amount)
        return entry


def _short(has, amount):
    missing = f"还差 {amount - has.available} 积分"
    if has.points < 0:
        return Refused("short", f"积分现在是 {has.points}，先攒回来再兑换吧")
    return Refused("short", f"{missing}（有 {has.waiting} 积分过两天才能用）" if has.waiting else missing)


def capture(entry, now, reason):
    """The promised points are spent: the thing was handed over. Once; again gives the same entry back, after `release` it is
    Refused."""
    return _settle(entry, "capture", entry.delta, now, reason)


def release(entry, now, reason):
    """The promised points are free again: cancelled, or run out. Once; again gives the same entry back, after `capture` it is
    Refused."""
    return _settle(entry, "release", -entry.delta, now, reason)


def _settle(entry, kind, delta, now, reason):
    assert entry.kind == "hold"
    with writing():
        account = lock(entry.membership_id)[entry.membership_id]
        if done := PointEntry.get_or_none(PointEntry.answers == entry.id):
            if done.kind == kind:
                return done
            raise Refused("settled", "这笔积分已经用掉了" if done.kind == "capture" else "这笔积分已经退回了")
        return write(
            account, kind, delta, now, f"settle {entry.id}", source_type=entry.source_type, source_id=entry.source_id,
            reason=reason, answers=entry.id,
        )  # fmt: skip


def adjust(member, delta, by, now, reason, *, op_id):
    """A host (a membership) or HQ (a user) gives or takes points by hand, with a reason (G8): audited, and she is told. The same
    `op_id` again gives the first entry back. Never to oneself, by a host not to another host, never below what she has free."""
    user = getattr(by, "user", by)
    if user.id == member.user_id:
        raise Refused("self", "不能给自己加减积分", status=403)
    if getattr(by, "is_host", False) and member.is_host:
        raise Refused("host-stays", "主理人的积分由总部调整", status=403)
    most = MOST_BY_HQ if user.staff == "hq" else MOST_BY_HOST
    if type(delta) is not int or not 1 <= abs(delta) <= most:
        raise Refused("bad-number", f"请写 1–{most} 之间的整数，减分前面加减号", field="points")
    reason = audit.reason_of(reason)
    key, digest = f"adjust {user.id} {op_id}", digest_of(member.id, delta, reason)
    with writing():
        account = lock(member.id)[member.id]
        try:
            first = known(key, digest)
        except OtherParameters as error:
            raise Refused("moved-on", "这张表已经用过了，请刷新再填") from error
        if first:
            return first
        if delta < 0 and account.free_points + delta < 0:
            raise Refused("short", f"TA 现在能动用的是 {account.free_points} 积分，减不了这么多", field="points")
        place = account.neighborhood
        said = f"{'加了' if delta > 0 else '减了'} {abs(delta)} 积分：{reason}"
        notices.tell([account.user_id], "points", said, f"/n/{place.slug}/points", now, neighborhood=place, key=key)
        line = audit.record(
            "adjust points", account, actor=user, now=now, reason=reason, neighborhood=place.id, subject=account.user_id,
            before={"points": account.points}, after={"points": account.points + delta},
        )  # fmt: skip
        return write(
            account, "adjust", delta, now, key, digest=digest, rule="adjust", source_type="AuditLog", source_id=line.id,
            reason="主理人调整" if hasattr(by, "is_host") else "总部调整", created_by=user.id,
        )  # fmt: skip


def recount(now):
    """Recount every account (the clock calls it nightly): HQ is told where the book and a balance do not agree. Returns how many
    differ; `flask linli points audit` names them."""
    wrong = differences()
    if wrong:
        hq = [user.id for user in User.select(User.id).where(User.staff == "hq")]
        with writing():
            said = f"积分账有 {len(wrong)} 处对不上，请运维运行 flask linli points audit"
            notices.tell(hq, "desk", said, "/hq/points", now, key="points differ")
    return len(wrong)
