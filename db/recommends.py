"""推荐 and 还在: what neighbours say of a service, each of them once. On and off are states to reach, not switches to flip."""

from peewee import DateTimeField, ForeignKeyField, Value

from db import activity, services
from db.base import Refused, Table, hold, writing
from db.members import Membership
from db.services import Service

ENOUGH = 3  # so many different neighbours who say 「还在」 do what the host's own look does


class ServiceRecommend(Table):
    service = ForeignKeyField(Service, backref="+")
    member = ForeignKeyField(Membership, backref="+", index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "service"), True),)


class ServiceStill(Table):
    """A neighbour's 「还在」 about a stale entry; gone once it counts as verified."""

    service = ForeignKeyField(Service, backref="+")
    member = ForeignKeyField(Membership, backref="+", index=False)
    at = DateTimeField()

    class Meta:
        indexes = ((("member", "service"), True),)


def recommended_by(member, service_ids):
    """Which of the listed entries this neighbour recommends."""
    if member is None or not service_ids:
        return set()
    mine = (ServiceRecommend.member == member.id) & ServiceRecommend.service.in_(service_ids)
    return {row.service_id for row in ServiceRecommend.select(ServiceRecommend.service).where(mine)}


def _not_shown():
    return Refused("not-published", "这家服务现在看不到了")


def _verified(service_id, now):
    ServiceStill.delete().where(ServiceStill.service == service_id).execute()
    return Service.update(verified_at=now).where((Service.id == service_id) & (Service.state == "published")).execute()


def still_said_by(member, service_ids):
    """Which of the listed stale entries this neighbour has said 「还在」 of."""
    if member is None or not service_ids:
        return set()
    mine = (ServiceStill.member == member.id) & ServiceStill.service.in_(service_ids)
    return {row.service_id for row in ServiceStill.select(ServiceStill.service).where(mine)}


def verify(service, host, now):
    """The host has asked: it is still there, as it stands here."""
    with writing():
        if not _verified(service.id, now):
            raise _not_shown()
        services.record("verify service", service, host, now, "核实过，还在营业", before={"verified_at": service.verified_at})


def say_still(member, service, now):
    """「还在」: a neighbour knows that a stale entry is still there; the third one makes it verified. Said twice, or about
    an entry that is fresh, it changes nothing. Returns the entry as it now is."""
    with writing():
        hold(Service, Service.id == service.id)
        current = Service.get_by_id(service.id)
        if current.state != "published":
            raise _not_shown()
        if current.stale(now):
            said = ServiceStill.insert(service=service.id, member=member.id, at=now).on_conflict_ignore().as_rowcount().execute()
            if said and ServiceStill.select().where(ServiceStill.service == service.id).count() >= ENOUGH:
                _verified(service.id, now)
            if said:
                activity.record(member, "still", service.id, now)
        return Service.get_by_id(service.id)


def set_recommend(member, service, on, now):
    """Recommend an entry or not; asked twice, nothing changes. Returns how many recommend it now."""
    with writing():
        hold(Service, Service.id == service.id)
        if on:
            changed = (
                ServiceRecommend.insert(service=service.id, member=member.id, at=now).on_conflict_ignore().as_rowcount().execute()
            )
        else:
            mine = (ServiceRecommend.member == member.id) & (ServiceRecommend.service == service.id)
            changed = -ServiceRecommend.delete().where(mine).execute()
        shown = (Service.id == service.id) & (Service.state == "published")
        if changed and not Service.update(recommends=Service.recommends + changed).where(shown).execute():
            raise _not_shown()
        if changed > 0:
            activity.record(member, "recommend", service.id, now)
        return Service.select(Service.recommends).where(Service.id == service.id).scalar()


def carry_over(member, into):
    """What one membership suggested and recommended becomes the other's, once (db/merging.py). In the caller's transaction."""
    renumbered = Value("merged ").concat(Service.id.cast("TEXT"))
    Service.update(suggested_by=into.id, op_id=renumbered).where(Service.suggested_by == member.id).execute()
    for table in (ServiceRecommend, ServiceStill):
        theirs = [row.service_id for row in table.select(table.service).where(table.member == into.id)]
        both = (table.member == member.id) & table.service.in_(theirs)
        doubled = [row.service_id for row in table.select(table.service).where(both)]
        table.delete().where(both).execute()
        table.update(member=into.id).where(table.member == member.id).execute()
        if table is ServiceRecommend:
            Service.update(recommends=Service.recommends - 1).where(Service.id.in_(doubled)).execute()
