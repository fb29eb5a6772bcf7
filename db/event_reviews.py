"""What the host does with events of neighbours: lets them in, gives them back, hides one, shows it again, removes it (X2)."""

from peewee import JOIN

from db import audit, notices
from db.base import Refused, writing
from db.event_days import call_off
from db.events import Event, called, found, move, moved_on, path, record, taken, went_public
from db.members import Membership
from db.neighborhoods import refresh
from db.people import User

RETURN_REASONS = (
    "时间、地点请写得再具体一点",
    "像是广告或推销，请写写大家一起做什么",
    "这样不太安全，我们先商量一下",
    "请换个友善些的说法",
)


def waiting(neighborhood, limit=50):
    """Events that wait for the host, the longest waiting first."""
    wanted = (Event.neighborhood == neighborhood.id) & (Event.state == "review")
    found_here = Event.select(Event, Membership, User).join(Membership).join(User)
    return list(found_here.where(wanted).order_by(Event.id).limit(limit))


def hidden(neighborhood, limit=50):
    """What the host took out of sight, latest first."""
    wanted = (Event.neighborhood == neighborhood.id) & (Event.sight == "hidden")
    found_here = Event.select(Event, Membership, User).join(Membership, JOIN.LEFT_OUTER).join(User, JOIN.LEFT_OUTER)
    return list(found_here.where(wanted).order_by(Event.id.desc()).limit(limit))


def approve(event, host, now):
    """Let a waiting event be seen. Refused where its beginning has passed meanwhile: its organiser sets another time."""
    with writing():
        event = taken(event)
        if event.starts_at <= now:
            raise Refused("past", "开始时间已经过了，请发起人改个时间")
        move(event, "review", "published", published_at=now, reason="")
        _tell_organiser(event, f"您发起的活动{called(event)}发布了，邻居们看得到了", now)
        record("approve event", event, host, now, "活动审核通过")
        went_public(event, now)


def give_back(event, host, now, reason):
    """Return a waiting event with a reason; its organiser may mend it and send it again."""
    reason = audit.reason_of(reason)
    with writing():
        event = taken(event)
        move(event, "review", "draft", reason=reason)
        _tell_organiser(event, f"请改一改您的活动{called(event)}：{reason}", now)
        record("return event", event, host, now, reason)


def _see(event, source, to, reason=""):
    changed = Event.update(sight=to, reason=reason).where((Event.id == event.id) & (Event.sight == source)).execute()
    if not changed:
        raise moved_on()
    found(event)
    refresh(event.neighborhood_id)


def hide(event, host, now, reason):
    """Take an event out of sight, with a reason its organiser reads; who has signed up keeps the seat meanwhile."""
    reason = audit.reason_of(reason)
    with writing():
        event = taken(event)
        _tell_organiser(event, f"您的活动{called(event)}暂时看不到了：{reason}", now)
        record("hide event", event, host, now, reason)
        _see(event, event.seen_as, "hidden", reason)


def restore(event, host, now):
    """Show a hidden event again."""
    with writing():
        event = taken(event)
        _tell_organiser(event, f"您的活动{called(event)}又看得到了", now)
        record("restore event", event, host, now, "看过了，恢复显示")
        _see(event, "hidden", event.seen_as)


def remove(event, host, now, reason):
    """Remove a hidden event for good; where it was still to come it is called off, and those who come are told."""
    reason = audit.reason_of(reason)
    with writing():
        event = taken(event)
        if event.sight == "hidden" and event.phase(now) in {"published", "closed_reg", "ongoing"}:
            call_off(event, host, now, reason)
        record("remove event", event, host, now, reason)
        _see(event, "hidden", "removed", reason)


def _tell_organiser(event, sentence, now):
    organiser = Membership.select(Membership.user).where(Membership.id == event.creator_id).scalar()
    place = event.neighborhood_id
    notices.tell([organiser], "review", sentence, path(event), now, neighborhood=place, key=f"Event {event.id}")
