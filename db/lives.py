"""直播间: where an online event is watched, live and again, and who wants to be reminded (R47).

Printed codes lead to our page, never outside: the room may change to the last minute. A page that a thousand people keep asking
for is told apart by its `pulse`: what cannot wait changes it at once, questions, votes and answers at the end of their minute.
"""

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlsplit

from peewee import JOIN, Case, CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db import notices, screening
from db.base import Refused, Table, writing
from db.compiled import compiled, moment
from db.event_days import also_told, only_who_runs
from db.events import ONLINE, Event, called, moved_on, path, record, said, taken
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.registrations import users_of
from db.words import clean_line

REMINDED_BEFORE = timedelta(minutes=15)
MOST_HIGHLIGHTS = 40
LONGEST = 360_000  # seconds of a recording
STAGES = {"published": "before", "closed_reg": "before", "ongoing": "on", "completed": "after", "recapped": "after"}
_HIGHLIGHT = re.compile(r"(?:([0-9]{1,2})[:：])?([0-9]{1,3})[:：]([0-5][0-9])\s+(.+)")

hosts = ()  # whose streams are played in the page; the operator names them (LINLI_LIVE_HOSTS)


class Live(Table):
    event = ForeignKeyField(Event, unique=True, backref="+", on_delete="CASCADE")
    room_name = CharField(max_length=40, default="")  # 「视频号：绿洲生活」, for a room that has no address
    room_url = CharField(max_length=300, default="")
    stream_url = CharField(max_length=300, default="")  # HLS, played in the page
    rain = CharField(max_length=200, default="")  # what happens when it rains
    replay_url = CharField(max_length=300, default="")
    urgent = IntegerField(default=0)  # grows with what viewers should see at once
    soft = IntegerField(default=0)  # grows with what may wait for the end of the minute
    soft_before = IntegerField(default=0)  # what `soft` was when the minute of `soft_at` began
    soft_at = DateTimeField(null=True)

    @property
    def plays(self):
        """Whether the stream is played in our page."""
        return _is_played(self.stream_url)

    @property
    def replays(self):
        """Whether what was recorded is played in our page."""
        return _is_played(self.replay_url)


class LiveHighlight(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    second = IntegerField()
    words = CharField(max_length=60)

    class Meta:
        indexes = ((("event", "second"), True),)
        constraints = [Check(f"second BETWEEN 0 AND {LONGEST}", name="live_highlight_second")]

    @property
    def clock(self):
        """「1:02:03」 or 「12:30」."""
        hours, rest = divmod(self.second, 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


class LiveReminder(Table):
    event = ForeignKeyField(Event, backref="+", index=False, on_delete="CASCADE")
    member = ForeignKeyField(Membership, backref="+")
    told_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("event", "member"), True),)


def has_room(event):
    """Whether an event has a live page: 直播 and 专家问答."""
    return event.kind in ONLINE


def of(event):
    """The room of an event; one that nobody has furnished yet is empty."""
    return Live.get_or_none(Live.event == event.id) or Live(event=event)


def highlights(event):
    """The moments one may want to see again, in their order."""
    return list(LiveHighlight.select().where(LiveHighlight.event == event.id).order_by(LiveHighlight.second))


def _is_played(url):
    where = urlsplit(url)
    return bool(where.netloc) and where.netloc in hosts and where.path.endswith(".m3u8")


def _link(text, field, *, played=False):
    """An address to follow: https, of a whole host name, nobody's password in it; Refused beside its field."""
    url = clean_line(text, 300, field, "网址")
    try:
        where = urlsplit(url)
        good = where.scheme == "https" and "." in (where.hostname or "") and "@" not in where.netloc and " " not in url
    except ValueError:
        good = False
    if url and not good:
        raise Refused("bad-link", "请填 https:// 开头的完整网址", field=field)
    if url and played and not _is_played(url):
        raise Refused("bad-host", "这里只能播放平台设置过的直播源（.m3u8）；别处的直播请填「直播间网址」", field=field)
    return url


def furnish(event, by, now, *, room_name, room_url, stream_url, rain):
    """Where it will be watched; may change until it is over, and no printed code notices."""
    only_who_runs(event, by)
    values = {
        "room_name": clean_line(room_name, 40, "room_name", "直播间名字"), "room_url": _link(room_url, "room_url"),
        "stream_url": _link(stream_url, "stream_url", played=True), "rain": clean_line(rain, 200, "rain", "下雨怎么办"),
    }  # fmt: skip
    for field in ("room_name", "rain"):
        screening.check(values[field], field)
    with writing():
        event = _with_room(event)
        if STAGES.get(event.phase(now)) == "after" or event.state == "cancelled":
            raise moved_on()
        _change(event, by, now, values, "改了直播间")


def copy(source, event):
    """The room of one edition for the next one (db/series.py)."""
    room = of(source)
    told = {"room_name": room.room_name, "room_url": room.room_url, "stream_url": room.stream_url, "rain": room.rain}
    Live.create(event=event, **told)


def show_again(event, by, now, *, replay_url, text):
    """The recording and its moments, one a line (「12:30 怎么扦插」), once it is over; whoever wanted to be there is told when
    it is there for the first time."""
    only_who_runs(event, by)
    url, moments = _link(replay_url, "replay_url"), _moments(text)
    with writing():
        event = _with_room(event)
        if STAGES.get(event.phase(now)) != "after":
            raise Refused("not-over", "直播结束以后再放回放")
        if not url and moments:
            raise Refused("no-replay", "先填回放网址，再写精彩时刻", field="replay_url")
        first = bool(url) and not of(event).replay_url
        LiveHighlight.delete().where(LiveHighlight.event == event.id).execute()
        if moments:
            LiveHighlight.insert_many([{"event": event.id, "second": at, "words": moments[at]} for at in moments]).execute()
        _change(event, by, now, {"replay_url": url}, "改了直播回放")
        if first and event.sight == "shown":
            wanted = {*reminded(event), *users_of(event, "going", "checked_in")}
            _tell(event, sorted(wanted), f"{called(event)}的回放整理好了", now, "replay")


def _moments(text):
    found = {}
    for line in filter(str.strip, (text or "").splitlines()):
        told = _HIGHLIGHT.fullmatch(line.strip())
        if told is None:
            raise Refused("bad-moment", f"「{line.strip()[:20]}」请写成「12:30 怎么扦插」，一行一个", field="highlights")
        hours, minutes, seconds, words = told.groups()
        words = clean_line(words, 60, "highlights", "每一句")
        screening.check(words, "highlights")
        second = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
        if second > LONGEST:
            raise Refused("bad-moment", f"「{line.strip()[:20]}」的时间太长了，写「1:02:03 怎么扦插」这样", field="highlights")
        found[second] = words
    if len(found) > MOST_HIGHLIGHTS:
        raise Refused("too-many", f"最多 {MOST_HIGHLIGHTS} 个", field="highlights")
    return found


def _with_room(event):
    """The event, held, of a kind that has a room, which is there from now on."""
    event = taken(event)
    if not has_room(event):
        raise Refused("no-live", "这个活动没有直播间")
    Live.insert(event=event.id).on_conflict_ignore().execute()
    return event


def _change(event, by, now, values, why):
    room = of(event)
    before = {name: getattr(room, name) for name in values if getattr(room, name) != values[name]}
    Live.update(**values).where(Live.event == event.id).execute()
    stir(event.id, now, urgent=True)
    if before and not event.is_of(by):
        record("edit event", event, by, now, why, before=before, after={name: values[name] for name in before})


def stir(event_id, now, *, urgent=False):
    """Viewers should see something else: at once, or when this minute is over. In the caller's transaction."""
    Live.insert(event=event_id).on_conflict_ignore().execute()
    mine = Live.event == event_id
    if urgent:
        Live.update(urgent=Live.urgent + 1).where(mine).execute()
        return
    another = Live.soft_at.is_null() | (Live.soft_at < _minute(now))
    before = Case(None, [(another, Live.soft)], Live.soft_before)
    Live.update(soft_before=before, soft=Live.soft + 1, soft_at=now).where(mine).execute()


def _minute(now):
    return now.replace(second=0, microsecond=0)


@compiled
def _room(slug, event):
    told = (Event.state, Event.version, Event.starts_at, Event.ends_at, Live.urgent, Live.soft, Live.soft_before, Live.soft_at)
    joined = Event.select(*told).join(Neighborhood).switch(Event).join(Live, JOIN.LEFT_OUTER, on=Live.event == Event.id)
    here = (Neighborhood.slug == slug) & (Event.id == event) & (Event.sight == "shown") & Event.kind.in_(ONLINE)
    return joined.where(here)


def pulse(slug, event_id, now):
    """A short word that changes when the page of this room does; None where not everybody may see it. One compiled query."""
    for state, version, starts_at, ends_at, urgent, soft, before, soft_at in _room(slug=slug, event=event_id):
        stage = STAGES.get(Event(state=state, starts_at=moment(starts_at), ends_at=moment(ends_at)).phase(now))
        if stage:
            settled = soft if soft_at is None or moment(soft_at) < _minute(now) else before
            return f"{stage}-{version}-{urgent or 0}-{settled or 0}"
    return None


def stage_of(event, now):
    """before | on | after, or cancelled, or nothing for what nobody sees yet."""
    return STAGES.get(event.phase(now), event.state if event.state == "cancelled" else "")


def picture(event, room, moments, now):
    """A short word that changes when the stage looks different, so that a player that runs is left alone."""
    told = (stage_of(event, now), event.starts_at, room.room_name, room.room_url, room.stream_url, room.rain, room.replay_url)
    return hashlib.md5(repr((told, [(each.second, each.words) for each in moments])).encode()).hexdigest()[:10]


def wants_reminder(event, member):
    """Whether this neighbour is reminded before it begins."""
    mine = (LiveReminder.event == event.id) & (LiveReminder.member == (member.id if member else 0))
    return LiveReminder.select().where(mine).exists()


def reminders(event):
    """How many are reminded."""
    return LiveReminder.select().where(LiveReminder.event == event.id).count()


def reminded(event):
    """The ids of the people who wanted to be reminded, and still live here."""
    wanted = LiveReminder.select(LiveReminder.id, Membership.user).join(Membership)
    wanted = wanted.where((LiveReminder.event == event.id) & (Membership.status == "active"))
    return [row.member.user_id for row in wanted]


also_told.append(reminded)


def remind(member, event, on, now):
    """Be reminded a quarter of an hour before, or not; asked twice, nothing changes. Refused once it has begun."""
    with writing():
        event = taken(event)
        if not has_room(event) or stage_of(event, now) != "before" or event.sight != "shown":
            raise Refused("too-late", "已经开始或者结束了，不用提醒了")
        if on:
            LiveReminder.insert(event=event.id, member=member.id).on_conflict_ignore().execute()
        else:
            LiveReminder.delete().where((LiveReminder.event == event.id) & (LiveReminder.member == member.id)).execute()


def remind_due(now):
    """Who wanted it is told that it begins soon, or has begun where the clock stood still; once, and again where it was put off
    (the clock calls it). Returns how many."""
    soon = Event.state.in_(("published", "closed_reg", "ongoing")) & (Event.ends_at > now)
    soon &= Event.starts_at <= now + REMINDED_BEFORE
    owed = LiveReminder.told_at.is_null() | (LiveReminder.told_at < Event.moved_at)
    waits = LiveReminder.select(LiveReminder.event).join(Event).switch(LiveReminder).join(Membership)
    waits = waits.where(soon & owed & (Event.sight == "shown") & (Membership.status == "active"))
    told = 0
    for event_id in sorted({row.event_id for row in waits}):
        with writing():
            event = taken(Event(id=event_id))
            stage = stage_of(event, now)
            if stage not in {"before", "on"} or event.sight != "shown" or event.starts_at > now + REMINDED_BEFORE:
                continue  # it was moved or hidden a moment ago
            mine = LiveReminder.told_at.is_null()
            if event.moved_at:
                mine |= LiveReminder.told_at < event.moved_at
            rows = LiveReminder.select(LiveReminder, Membership.user).join(Membership)
            rows = list(rows.where((LiveReminder.event == event.id) & (Membership.status == "active") & mine))
            LiveReminder.update(told_at=now).where(LiveReminder.id.in_([row.id for row in rows])).execute()
            people = [row.member.user_id for row in rows]
            when = "开始了" if stage == "on" else f" {said(event.starts_at)} 开播"
            _tell(event, people, f"{called(event)}{when}，从这里进直播间", now, "live soon")
            told += len(people)
    return told


def _tell(event, users, sentence, now, key):
    place, url, key = event.neighborhood_id, f"{path(event)}/live", f"{key} {event.id}"
    notices.tell(users, "event", sentence, url, now, neighborhood=place, key=key, anew=True)


def fold(member, into):
    """Who was to be reminded is it still, once (db/merging.py)."""
    both = [row.event_id for row in LiveReminder.select(LiveReminder.event).where(LiveReminder.member == into.id)]
    LiveReminder.delete().where((LiveReminder.member == member.id) & LiveReminder.event.in_(both)).execute()
    LiveReminder.update(member=into.id).where(LiveReminder.member == member.id).execute()
