"""看望老人: everybody reads a code name; who it is, and where, is sealed and read by those who run the visit alone (R41, G10)."""

from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, TextField

from db import phones
from db.base import Refused, Table, writing
from db.event_days import only_who_runs
from db.events import Event, taken
from db.words import clean_line

NAMES = "松竹梅兰菊桂荷莲枫柏槐榆柳桃杏李枣梨棠樱茶桐桑楠樟"
KEPT = timedelta(days=30)  # after the visit nobody needs to know who it was


class CareVisit(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    code_name = CharField(max_length=4)  # 「松」 stands for 松奶奶 or 松爷爷
    sealed = TextField(default="")  # name and building, encrypted; empty a month after the visit
    at = DateTimeField()

    class Meta:
        indexes = ((("event", "code_name"), True),)


def listed(event):
    """The code names of a visit, in the order they were given."""
    return list(CareVisit.select().where(CareVisit.event == event.id).order_by(CareVisit.id))


def add(event, by, now, who):
    """Somebody to be visited; she gets a code name, and `who` is sealed."""
    only_who_runs(event, by)
    who = clean_line(who, 60, "who", "老人的称呼")
    if not who:
        raise Refused("no-name", "写下称呼和楼栋，只有您和主理人看得到", field="who")
    with writing():
        if taken(event).kind != "charity":
            raise Refused("no-charity", "只有公益活动可以登记看望的老人")
        used = {each.code_name for each in listed(event)}
        free = next((name for name in NAMES if name not in used), None)
        if free is None:
            raise Refused("too-many", f"一场活动最多 {len(NAMES)} 位")
        return CareVisit.create(event=event, code_name=free, sealed=phones.seal(who), at=now)


def who_is(visit, by):
    """Who stands behind a code name, for those who run the visit alone; an empty text once it is forgotten."""
    if not visit.event.run_by(by):
        return ""
    return phones.unseal(visit.sealed) if visit.sealed else ""


def drop(event, visit_id, by):
    """Take somebody off the list, name and all."""
    only_who_runs(event, by)
    with writing():
        if not CareVisit.delete().where((CareVisit.id == visit_id) & (CareVisit.event == event.id)).execute():
            raise Refused("moved-on", "这位老人已经不在名单里了")


def forget_old(now):
    """Who it was is forgotten a month after the visit (the clock calls it daily); the code names stay, as they are counted."""
    over = Event.select(Event.id).where(Event.ends_at <= now - KEPT)
    with writing():
        return CareVisit.update(sealed="").where(CareVisit.event.in_(over) & (CareVisit.sealed != "")).execute()
