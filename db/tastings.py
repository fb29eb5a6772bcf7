"""品鉴会: what is on the table, and what those who were there say of it: one of three faces and a few words (R39)."""

from collections import Counter
from datetime import timedelta

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db import registrations, screening
from db.base import Refused, Table, writing
from db.event_days import only_who_runs
from db.events import Event, taken
from db.members import Membership
from db.words import clean_line

FACES = {3: "喜欢", 2: "还行", 1: "不太合口味"}
MOST = 20
RATED_WITHIN = timedelta(days=7)


class TastingItem(Table):
    """Something one may touch and taste at an event."""

    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    name = CharField(max_length=30)
    no = IntegerField()  # its place on the list

    class Meta:
        indexes = ((("event", "name"), True),)


class TastingRating(Table):
    item = ForeignKeyField(TastingItem, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    face = IntegerField()  # see FACES
    words = CharField(max_length=60, default="")
    at = DateTimeField()

    class Meta:
        indexes = ((("item", "member"), True),)
        constraints = [Check("face BETWEEN 1 AND 3", name="tasting_faces")]


def items(event):
    """What is on the table, in the order it was written down."""
    return list(TastingItem.select().where(TastingItem.event == event.id).order_by(TastingItem.no, TastingItem.id))


def lay_table(event, by, now, text):
    """The list of products, one a line, as it is from now on; what somebody has rated already stays on it."""
    only_who_runs(event, by)
    names = [clean_line(line, 30, "items", "每一样的名字") for line in (text or "").splitlines()]
    names = list(dict.fromkeys(filter(None, names)))
    if not 1 <= len(names) <= MOST:
        raise Refused("bad-items", f"写 1–{MOST} 样，一行一样", field="items")
    for name in names:
        screening.check(name, "items")
    with writing():
        if taken(event).kind != "tasting":
            raise Refused("no-tasting", "只有品鉴会有品尝清单")
        rated = TastingRating.select(TastingRating.item)
        off = (TastingItem.event == event.id) & TastingItem.name.not_in(names) & TastingItem.id.not_in(rated)
        TastingItem.delete().where(off).execute()
        for no, name in enumerate(names):
            kept = TastingItem.insert(event=event.id, name=name, no=no)
            kept.on_conflict(conflict_target=[TastingItem.event, TastingItem.name], update={"no": no}).execute()


def find(event, item_id):
    """Something on the table of this event, or None."""
    return TastingItem.get_or_none((TastingItem.id == item_id) & (TastingItem.event == event.id))


def may_rate(event, member, now):
    """Whether this neighbour may say how it tasted: she is, or was, there; for a week."""
    row = registrations.of(event, member)
    return row is not None and row.state == "checked_in" and now <= event.ends_at + RATED_WITHIN


def rate(member, event, item, now, *, face, words=""):
    """Say how one liked it, once there; said again, it takes the place of the first one."""
    if face not in FACES:
        raise Refused("bad-face", "请选一个表情", field="face")
    words = clean_line(words, 60, "words", "一句话")
    screening.check(words, "words")
    if not may_rate(event, member, now):
        raise Refused("not-there", "到现场签到以后，才能说说味道")
    said = {"face": face, "words": words, "at": now}
    with writing():
        row = TastingRating.insert(item=item.id, member=member.id, **said)
        row.on_conflict(conflict_target=[TastingRating.item, TastingRating.member], update=said).execute()


def mine(event, member):
    """{item's id: her own rating} for this event."""
    if member is None:
        return {}
    hers = (TastingRating.member == member.id) & (TastingItem.event == event.id)
    return {row.item_id: row for row in TastingRating.select(TastingRating).join(TastingItem).where(hers)}


class Result:
    """How one product was liked: how many chose each face, and what they said, without their names."""

    def __init__(self, item, faces, words):
        self.item, self.faces, self.words = item, faces, words
        self.count = sum(faces.values())
        self.liked = round(100 * faces[3] / self.count) if self.count else 0


def results(event):
    """A Result for each product, the best liked first: liked ÷ rated."""
    here = TastingItem.event == event.id
    faces, words = {}, {}
    for row in TastingRating.select().join(TastingItem).where(here).order_by(TastingRating.id):
        faces.setdefault(row.item_id, Counter())[row.face] += 1
        if row.words:
            words.setdefault(row.item_id, []).append(row.words)
    told = [Result(item, faces.get(item.id, Counter()), sorted(words.get(item.id, []))) for item in items(event)]
    return sorted(told, key=lambda each: (-each.liked, -each.count, each.item.no))


ENOUGH = 5  # fewer have tasted it: no share is worth a word


def liked(neighborhood, *, best=False, limit=200):
    """[Result] of all that neighbours of this 小区 have tasted, each with its event; the latest first, or the best liked, those
    that too few have rated last."""
    found = TastingItem.select(TastingItem, Event).join(Event).where(Event.neighborhood == neighborhood.id)
    seen = found.where((Event.sight == "shown") & (Event.state != "cancelled")).order_by(Event.starts_at.desc(), TastingItem.no)
    items_, faces, words = list(seen.limit(limit)), {}, {}
    for row in TastingRating.select().where(TastingRating.item.in_([each.id for each in items_])).order_by(TastingRating.id):
        faces.setdefault(row.item_id, Counter())[row.face] += 1
        if row.words:
            words.setdefault(row.item_id, []).append(row.words)
    told = [Result(item, faces.get(item.id, Counter()), sorted(words.get(item.id, []))) for item in items_]
    rated = [each for each in told if each.count]
    return sorted(rated, key=lambda each: (each.count < ENOUGH, -each.liked, -each.count)) if best else rated


def fold(member, into):
    """What one membership rated is the other's; where both did, the other's stays (db/merging.py)."""
    theirs = TastingRating.select(TastingRating.item).where(TastingRating.member == into.id)
    both = [row.item_id for row in theirs]
    TastingRating.delete().where((TastingRating.member == member.id) & TastingRating.item.in_(both)).execute()
    TastingRating.update(member=into.id).where(TastingRating.member == member.id).execute()
