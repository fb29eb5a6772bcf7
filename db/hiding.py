"""What neighbours have seen and should see no more: hidden by the host with a reason, restored, or removed for good (X2)."""

from db import audit, comments, makings, posts, reviews
from db.base import Refused, writing
from db.neighborhoods import refresh

HIDE_REASONS = ("广告或推销", "不友善、让人难受", "泄露了别人的隐私", "说的不是事实", "照片里有孩子或别人，没有同意")


def _move(thing, to, action, actor, now, reason, **values):
    rules = reviews.rules_of(thing)
    rules.move(thing, to, **values)
    audit.record(
        action,
        thing,
        actor=actor,
        now=now,
        reason=reason,
        neighborhood=thing.neighborhood_id,
        subject=thing.author.user_id,
        before={"state": thing.state, "body": thing.body[:200]},
        after={"state": to},
    )


def hide(thing, actor, now, reason, *, tell=True):
    """Take a published post or comment out of sight, with a reason its author reads. `actor` is a User, or None where three
    reporters did it and nobody has looked yet. Refused as a conflict where it is not published."""
    reason = audit.reason_of(reason)
    rules = reviews.rules_of(thing)
    with writing():
        _move(thing, "hidden", "hide", actor, now, reason, return_reason=reason)
        if rules is posts:
            posts.Post.update(pinned_until=None, featured_at=None).where(posts.Post.id == thing.id).execute()
        rules.went_away(thing, now)
        if tell:
            reviews.tell_author(thing, f"您的{reviews.called(thing)}暂时看不到了：{reason}", now)
        refresh(thing.neighborhood_id)


def restore(thing, actor, now, reason="看过了，没有问题"):
    """Show a hidden post or comment again, as it was."""
    with writing():
        _move(thing, "published", "restore", actor, now, reason, return_reason="")
        rules = reviews.rules_of(thing)
        rules.came_back(thing, now)
        if rules is posts:
            makings.came_back(thing, now)
        reviews.tell_author(thing, f"您的{reviews.called(thing)}又看得到了", now)
        refresh(thing.neighborhood_id)


def remove(thing, actor, now, reason):
    """Remove a hidden post or comment for good: district or HQ only, never the host alone."""
    if actor.staff not in {"district", "hq"}:
        raise Refused("not-yours", "彻底删除要由片区运营官或总部来做", status=403)
    reason = audit.reason_of(reason)
    gone = {} if isinstance(thing, comments.Comment) else {"withdrawn_at": now}
    with writing():
        _move(thing, "removed", "remove", actor, now, reason, return_reason=reason, **gone)
        reviews.tell_author(thing, f"您的{reviews.called(thing)}被删除了：{reason}", now)
        refresh(thing.neighborhood_id)
