"""兑换柜台: what the host does with what neighbours have asked for: makes it ready, hands it over, says no (R38).

A mistake is mended in the open: what was handed over stays so, and points are given back by an adjustment with a reason.
"""

from datetime import timedelta

from peewee import fn

from db import audit, limits, notices, points, redemptions, rewards
from db.base import CODE_LETTERS, Refused, writing
from db.members import Membership
from db.people import User
from db.redemptions import CODE, WAITS, Redemption, back_again, end, move, record, taken, tell, whole
from db.rewards import Reward

REMINDED = timedelta(days=2)  # so long before it goes back
MANY = 200
LISTED = 2000


def by_code(neighborhood, code):
    """What this code stands for in this 小区, whatever has become of it, or None."""
    if len(code) != CODE or set(code) - set(CODE_LETTERS):
        return None
    return whole().where((Redemption.neighborhood == neighborhood.id) & (Redemption.code == code)).first()


def waiting(neighborhood, now, name="", reward=None):
    """What waits to be fetched, what is to be made ready first, then in the order it was asked for."""
    wanted = (Redemption.neighborhood == neighborhood.id) & Redemption.state.in_(WAITS) & (Redemption.expires_at > now)
    if name:
        wanted &= User.name.contains("".join(filter(str.isprintable, name)))
    if reward is not None:
        wanted &= Redemption.reward == reward.id
    return list(whole().where(wanted).order_by(Redemption.state, Redemption.id).limit(MANY))


def handed_over(neighborhood, limit=10):
    """What was fetched last, with who handed it over."""
    done = (Redemption.neighborhood == neighborhood.id) & (Redemption.state == "fulfilled")
    return list(whole().where(done).order_by(Redemption.ended_at.desc(), Redemption.id.desc()).limit(limit))


def listed(neighborhood, reward=None):
    """Everything that waits or was fetched, for a list on paper: by reward, then by neighbour."""
    wanted = (Redemption.neighborhood == neighborhood.id) & Redemption.state.in_(redemptions.COUNTED)
    if reward is not None:
        wanted &= Redemption.reward == reward.id
    order = (Reward.position, Reward.id.desc(), Membership.building, User.name, Redemption.id)
    return list(whole().where(wanted).order_by(*order).limit(LISTED))


def take_list(host, now):
    """`listed`, to be carried away: so many a day, on record (G8), for it names neighbours and where they live."""
    with writing():
        limits.spend("sheet", f"user {host.user_id}", now)
        place = host.neighborhood
        audit.record("take list", place, actor=host.user, now=now, reason="下载领取名单", neighborhood=place.id)
    return listed(place)


def stock(neighborhood):
    """[(reward, how many wait, how many were fetched)] of everything that is or was on the shelf, in the host's order."""
    mine = Redemption.neighborhood == neighborhood.id
    rows = Redemption.select(Redemption.reward, Redemption.state, fn.COUNT(Redemption.id)).where(mine)
    counted = {(reward, state): count for reward, state, count in rows.group_by(Redemption.reward, Redemption.state).tuples()}
    return [
        (each, sum(counted.get((each.id, state), 0) for state in WAITS), counted.get((each.id, "fulfilled"), 0))
        for each in rewards.shelf(neighborhood, "open", "closed")
    ]


def ready(redemption, host, now):
    """It lies at the pickup place; its asker is told, and has its days from now on."""
    with writing():
        now_is = taken(redemption)
        _in_time(now_is, now)
        was, until = now_is.expires_at, now + timedelta(days=now_is.reward.keep_days)
        move(now_is, "ready", expires_at=until, reminded_at=None)
        place = host.neighborhood
        said = f"「{now_is.reward.title}」备好了，可以去{now_is.reward.place}领了"
        tell(now_is, now_is.member.user_id, said, now, place)
        changed = {"before": {"expires_at": f"{was:%Y-%m-%d %H:%M}"}, "after": {"expires_at": f"{until:%Y-%m-%d %H:%M}"}}
        record("ready redemption", now_is, host, now, "备好了，等本人来领", now_is.member.user_id, **changed)
    return now_is


def _in_time(redemption, now):
    if redemption.lapsed(now):
        raise Refused("expired", "领取的时间过了，积分和东西会自动退回去。需要的话，请再兑换一次")


def hand_over(redemption, host, now):
    """Whether it was this host's hand that gave it, for its points are spent exactly once; False where it was fetched before.

    What nobody had called ready is so now: it lies in her hand."""
    with writing():
        now_is = taken(redemption)
        if now_is.state == "fulfilled":
            return False
        _in_time(now_is, now)
        if now_is.state == "held":
            move(now_is, "ready")
        move(now_is, "fulfilled", ended_at=now, handed_by=host.user_id)
        spent = f"，用了 {now_is.price_at} 积分" if now_is.price_at else ""
        tell(now_is, now_is.member.user_id, f"「{now_is.reward.title}」领到了{spent}", now, host.neighborhood)
        record("fulfil redemption", now_is, host, now, "当面交给本人", now_is.member.user_id)
        if entry := redemptions.held_points(now_is):
            points.capture(entry, now, "在积分商店换到了")
    return True


def refuse(redemption, host, now, reason):
    """It cannot be given, for a reason its asker reads; piece and points go back."""
    reason = audit.reason_of(reason)
    with writing():
        now_is = taken(redemption)
        said = f"「{now_is.reward.title}」没能给到您{back_again(now_is)}：{reason}"
        end(now_is, "refused", now, said, reason=reason)
        record("refuse redemption", now_is, host, now, reason, now_is.member.user_id)
    return now_is


def _due(until, which):
    wanted = (Redemption.expires_at <= until) & which
    return list(Redemption.select().where(wanted).order_by(Redemption.expires_at, Redemption.id).limit(MANY))


def expire_due(now):
    """What nobody has fetched in time goes back, points and all; its asker is told once (the clock calls it)."""
    gone = 0
    for redemption in _due(now, Redemption.state.in_(WAITS)):
        with writing():
            now_is = taken(redemption)
            if now_is.lapsed(now):
                end(now_is, "expired", now, f"「{now_is.reward.title}」过了领取时间{back_again(now_is)}")
                gone += 1
    return gone


def remind_due(now):
    """Say once, two days before, that something still waits (the clock calls it hourly)."""
    told = 0
    unsaid = (Redemption.state == "ready") & Redemption.reminded_at.is_null()
    for redemption in _due(now + REMINDED, unsaid):
        with writing():
            fresh = (Redemption.id == redemption.id) & unsaid
            if redemption.lapsed(now) or not Redemption.update(reminded_at=now).where(fresh).execute():
                continue
            now_is = whole().where(Redemption.id == redemption.id).get()
            day = redemption.expires_at + notices.SHANGHAI
            said = f"「{now_is.reward.title}」还在{now_is.reward.place}等您，领到 {day.month}月{day.day}日 {day:%H:%M} 为止"
            tell(now_is, now_is.member.user_id, said, now, now_is.member.neighborhood)
            told += 1
    return told
