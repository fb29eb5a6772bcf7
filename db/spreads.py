"""传播记录: where a picked work went outside the 小区, under which name, and whether it has to come down again (R36).

A record stays only while its author agrees to that way and everybody may read the work here. A work can go in many ways (hidden,
taken down, forgotten …), so no record waits to be told: each is read with its `stage`, and the clock writes that down.
"""

from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from peewee import JOIN, Case, CharField, Check, DateTimeField, ForeignKeyField, IntegrityError, Value, fn

from db import audit, notices, photos, picks, works
from db.base import Refused, Table, hold, writing
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.photos import Photo
from db.picks import WAYS, Pick
from db.words import clean_line

CHANNELS = {way: name for way, name in WAYS.items() if way != "showcase"}  # the showcase is ours: nothing to write down
LONGEST_URL = 300
LATELY = timedelta(days=30)
SHANGHAI = timedelta(hours=8)
TRANSITIONS = {
    ("out", "asked"),  # its author takes her consent back, or the work is gone here
    ("asked", "out"),  # she agrees again, or the work is back, before anybody took it down
    ("asked", "down"),  # the host has taken it down
    ("out", "down"),  # … of her own accord
}
NAMELESS = "一位邻居"  # the credit of a record whose author is forgotten
STATES = {"out": "在外面", "asked": "已请求撤下", "down": "已撤下"}


class Spread(Table):
    pick = ForeignKeyField(Pick, backref="+", index=False)
    channel = CharField(max_length=10)
    url = CharField(max_length=LONGEST_URL, default="")
    went_on = CharField(max_length=10)  # a day of Shanghai, 2026-03-20
    credit = CharField(max_length=40)
    screenshot = ForeignKeyField(Photo, null=True, unique=True, backref="+", on_delete="SET NULL")
    state = CharField(max_length=10, default="out")  # see TRANSITIONS
    noted_by = ForeignKeyField(Membership, backref="+", index=False)
    noted_at = DateTimeField()
    asked_at = DateTimeField(null=True)
    down_at = DateTimeField(null=True)
    op_id = CharField(max_length=40)

    class Meta:
        indexes = ((("pick", "id"), False), (("noted_by", "op_id"), True), (("state", "id"), False))
        constraints = [Check("credit <> ''", name="spread_has_credit")]

    @property
    def channel_name(self):
        return CHANNELS[self.channel]


def _checked(pick, now, channel, url, went_on, credit):
    if channel not in CHANNELS:
        raise Refused("bad-channel", "请选一个渠道", field="channel")
    credit = clean_line(credit, 40, "credit", "署名")
    if pick.credit not in credit or not credit:
        raise Refused("no-credit", f"署名里要有「{pick.credit}」，这是 TA 选的名字", field="credit")
    return {"channel": channel, "url": _address(url, channel), "went_on": _day(pick, went_on, now), "credit": credit}


def _address(url, channel):
    url = clean_line(url, LONGEST_URL, "url", "链接")
    if not url and channel == "poster":
        return url
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and " " not in url
    except ValueError:
        good = False
    if not good:
        raise Refused("bad-url", "请贴上完整的链接，以 http:// 或 https:// 开头", field="url")
    return url


def _day(pick, text, now):
    try:
        day = date.fromisoformat(text or "")
    except ValueError as error:
        raise Refused("bad-day", "请选择发出的日期", field="went_on") from error
    if day > (now + SHANGHAI).date():
        raise Refused("not-yet", "这一天还没到，发出去以后再来记", field="went_on")
    if day < (pick.agreed_at + SHANGHAI).date():
        raise Refused("too-early", "那天 TA 还没有同意，请看看日期对不对", field="went_on")
    return day.isoformat()


def note(pick, host, now, *, op_id, channel, url="", went_on="", credit="", photo_code=""):
    """Write down that a work has gone out: where, when, under which name; its author is told. The same `op_id` again gives the
    first record back (G5).

    Refused: its author has not agreed to this way, or the work is gone (409); an address that is none, no day or a wrong one,
    a credit line without the name she chose (beside the field)."""
    first = (Spread.noted_by == host.id) & (Spread.op_id == op_id)
    if done := Spread.get_or_none(first):
        return done
    if not pick.allowed:
        raise no_release()
    values = _checked(pick, now, channel, url, went_on, credit)
    if channel not in pick.allowed:
        raise no_release()
    try:
        with writing():
            return Spread.get_or_none(first) or _write(pick, host, now, op_id, photo_code, values)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Spread.get(first)


def no_release():
    """The refusal for whatever her consent does not cover (409)."""
    return Refused("no-release", "TA 没有同意这样用，不能记")


def _write(pick, host, now, op_id, photo_code, values):
    hold(Pick, Pick.id == pick.id)
    fresh = Pick.get_or_none((Pick.id == pick.id) & picks.stands())
    if fresh is None or values["channel"] not in fresh.allowed:
        raise no_release()
    tray = photos.in_tray(host, [photo_code] if photo_code else [])
    photos.use(tray, "owner")
    spread = Spread.create(
        pick=pick.id, noted_by=host.id, noted_at=now, op_id=op_id, screenshot=tray[0] if tray else None, **values
    )
    _tell_author(pick, f"您的作品在{spread.channel_name}发出来了，署名：{spread.credit}", host, now)
    _record("note spread", spread, pick, host, now, f"{spread.channel_name}，署名 {spread.credit}")
    return spread


def _record(action, spread, pick, host, now, reason, **values):
    place, subject = pick.neighborhood_id, pick.author.user_id
    audit.record(action, spread, actor=host.user, now=now, reason=reason, neighborhood=place, subject=subject, **values)


def _tell_author(pick, sentence, host, now):
    if pick.author_id != host.id:
        url, place = f"/n/{pick.neighborhood.slug}/me/works", pick.neighborhood_id
        notices.tell([pick.author.user_id], "review", sentence, url, now, neighborhood=place, key=f"spread of {pick.id}")


def settle_due(now):
    """Records of works that are gone here are asked down, whichever way they went; those of works that are back stay. Returns how
    many changed (the clock calls it)."""
    wrong = ((Spread.state == "out") & ~picks.stands()) | ((Spread.state == "asked") & picks.stands())
    with writing():
        return _settle(wrong, now)


def follow(pick, now):
    """Bring the records of this work to where its author's answer puts them. In the transaction of the answer."""
    return _settle(Spread.pick == pick.id, now)


def _settle(which, now):
    live = which & (Spread.state != "down")
    touched = [each.pick_id for each in Spread.select(Spread.pick).join(Pick).where(live).distinct()]
    hold(Pick, Pick.id.in_(touched))
    moved = []
    for spread in _with_stage(list(_joined(live).order_by(Spread.id))):
        values = {"state": spread.stage, "asked_at": now if spread.stage == "asked" else None}
        as_it_was = (Spread.id == spread.id) & (Spread.state == spread.state)
        if spread.stage != spread.state and Spread.update(**values).where(as_it_was).execute():
            moved.append(spread)
    _tell_hosts({each.pick.neighborhood_id for each in moved if each.stage == "asked"}, now)
    return len(moved)


def _tell_hosts(places, now):
    for place in Neighborhood.select().where(Neighborhood.id.in_(places)).order_by(Neighborhood.id):
        here = (Membership.neighborhood == place.id) & Membership.role.in_(HOSTS) & (Membership.status == "active")
        hosts = [each.user_id for each in Membership.select(Membership.user).where(here)]
        sentence = "有邻居的作品要从外面撤下来，请看看是哪几处"
        notices.tell(hosts, "desk", sentence, f"/n/{place.slug}/desk/spreads/", now, neighborhood=place, key="take down")


def _joined(which):
    return (
        Spread.select(Spread, Pick, Membership, Photo)
        .join(Pick)
        .join(Membership)
        .switch(Spread)
        .join(Photo, JOIN.LEFT_OUTER)
        .where(which)
    )


def _with_stage(rows):
    """Each record with its `stage`: the state it belongs in just now, a moment before the clock writes it down."""
    ids = {row.pick_id for row in rows}
    standing = {pick.id for pick in Pick.select(Pick.id).where(Pick.id.in_(ids) & picks.stands())} if ids else set()
    for row in rows:
        stays = row.pick_id in standing and row.channel in row.pick.allowed
        row.stage = "down" if row.state == "down" else "out" if stays else "asked"
        row.stage_name = STATES[row.stage]
    return rows


def of(chosen):
    """{pick id: [its records, latest first]}, each with its `stage`."""
    found = {}
    for row in _with_stage(list(_joined(Spread.pick.in_([pick.id for pick in chosen])).order_by(Spread.id.desc()))):
        found.setdefault(row.pick_id, []).append(row)
    return found


def find(neighborhood, spread_id):
    """A record of this 小区, or None (G1)."""
    row = _joined((Spread.id == spread_id) & (Pick.neighborhood == neighborhood.id)).first()
    return _with_stage([row])[0] if row else None


def _to_take_down(neighborhood):
    gone = (Spread.state == "asked") | ((Spread.state == "out") & ~picks.stands())
    return (Pick.neighborhood == neighborhood.id) & gone


def to_take_down(neighborhood, limit=100):
    """What has to come down again, the longest waiting first: the host's task."""
    return _with_stage(list(_joined(_to_take_down(neighborhood)).order_by(Spread.id).limit(limit)))


def count_to_take_down(neighborhood):
    """How many records wait for that."""
    return Spread.select().join(Pick).where(_to_take_down(neighborhood)).count()


def take_down(spread, host, now):
    """The host has taken it down outside; the day stays on record, the picture of it does not. Its author is told. Refused when
    it is down already (409)."""
    with writing():
        up = (Spread.id == spread.id) & Spread.state.in_(("out", "asked"))
        if not Spread.update(state="down", down_at=now).where(up).execute():
            raise Refused("moved-on", "这一处已经记为撤下了")
        if spread.screenshot_id:
            photos.drop([spread.screenshot_id], used=True)
        pick = picks.find(spread.pick.neighborhood, spread.pick_id)
        _tell_author(pick, f"您的作品已经从{spread.channel_name}撤下来了", host, now)
        _record("take down spread", spread, pick, host, now, f"已从{spread.channel_name}撤下", before={"state": spread.state})


class Figures(NamedTuple):
    """The last thirty days of a 小区, counted from the rows (R36)."""

    picked: int
    agreed: int
    spread: int
    credited: int


def figures(neighborhood, now):
    """How many works were picked and still are, how many of their authors agree to something outside, how many records were
    written down, and how many of those have a credit line."""
    fresh = (Pick.neighborhood == neighborhood.id) & (Pick.picked_at > now - LATELY) & works.are_picked(Pick)
    agreed = fn.SUM(Case(None, [(Pick.release == "given", 1)], 0))
    credited = fn.SUM(Case(None, [(Spread.credit != "", 1)], 0))
    noted = (Pick.neighborhood == neighborhood.id) & (Spread.noted_at > now - LATELY)
    (one,) = Pick.select(fn.COUNT(Pick.id), agreed).where(fresh).tuples()
    (two,) = Spread.select(fn.COUNT(Spread.id), credited).join(Pick).where(noted).tuples()
    return Figures(one[0], one[1] or 0, two[0], two[1] or 0)


def forget(line, her, now):
    """Act of db/belongings.py: where her works are outside has to be known until they are down; her name and the pictures go."""
    rows = list(Spread.select(Spread.screenshot).where(line.rows(her)))
    photos.drop([row.screenshot_id for row in rows if row.screenshot_id], used=True)
    Spread.update(credit=NAMELESS).where(line.rows(her)).execute()


def carry_over(member, into):
    """Two memberships of one person become one (db/merging.py): the forms these came from are long sent."""
    number = Value("merged ").concat(Spread.id.cast("TEXT"))
    Spread.update(noted_by=into.id, op_id=number).where(Spread.noted_by == member.id).execute()
