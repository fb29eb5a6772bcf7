"""消息: what a person is told about her own things. Like things become one line, each kind can be turned off (G13)."""

import hashlib
from datetime import timedelta

from peewee import SQL, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Select, Tuple, Value, fn

from db import links
from db.base import Refused, Table, hold, writing
from db.neighborhoods import Neighborhood
from db.people import User

# What she may be told of. Those of ALWAYS answer something she did or must know: they cannot be turned off.
KINDS = {
    "review": "主理人处理了我发的内容",
    "report": "我的举报、投诉有了答复",
    "account": "我的账号和隐私",
    "desk": "工作台有事等我",
    "talk": "评论和回复",
    "like": "赞和感谢",
    "aid": "互助",
    "need": "需求墙",
    "contest": "比赛和投票",
    "points": "积分",
    "store": "我兑换、领取的东西",
    "place": "小区里的大事",
    "event": "我报名的活动",
    "group": "兴趣小组",
    "digest": "每天傍晚一份小报",
}
ALWAYS = ("review", "report", "account", "desk", "store", "event")
A_DAY = 30  # so many separate lines of one kind a day; what comes after that is one line more
SHANGHAI = timedelta(hours=8)
SHOWN_UNREAD = 100
PAGE = 20
AT_ONCE = 200  # people told by one statement
KEPT_READ, KEPT = timedelta(days=90), timedelta(days=365)


class Notice(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE", index=False)
    neighborhood = ForeignKeyField(Neighborhood, null=True, backref="+")
    kind = CharField(max_length=10)
    sentence = CharField(max_length=160)
    url = CharField(max_length=160)
    collapsed_key = CharField(max_length=60)  # unread lines with the same key are one line
    times = IntegerField(default=1)
    at = DateTimeField()
    read_at = DateTimeField(null=True)

    class Meta:
        # The second is for the number on every page: without it all that was ever read is looked through.
        indexes = ((("user", "at", "id"), False), (("user", "read_at"), False), (("user", "kind", "at"), False))
        constraints = [Check("times >= 1", name="notice_counts")]


Notice.add_index(Notice.user, Notice.collapsed_key, unique=True, where=Notice.read_at.is_null(), name="notice_unread")


Notice.add_index(Notice.collapsed_key, where=Notice.read_at.is_null(), name="notice_to_take_back")


class NoticePref(Table):
    """A kind of notices this person has turned off."""

    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    kind = CharField(max_length=10)

    class Meta:
        indexes = ((("user", "kind"), True),)


def tell(users, kind, sentence, url, now, *, neighborhood=None, key="", anew=False):
    """Tell these people (rows or ids of User) one thing, in the caller's transaction, before it takes memberships or 小区.

    While a line with the same `key` is unread it takes the new words and counts one more; without a key the address is the
    key. With `anew` it only takes the new words, as they say by themselves how many it stands for. Whoever has turned this
    kind off is left alone, unless it is one of ALWAYS. However many people: the same few statements for every AT_ONCE."""
    assert kind in KINDS and len(url) <= 160
    place = getattr(neighborhood, "id", neighborhood)
    fresh = {"kind": kind, "sentence": sentence[:160], "url": url, "neighborhood": place, "at": now}
    wanted = sorted({getattr(user, "id", user) for user in users})
    for start in range(0, len(wanted), AT_ONCE):
        keys = _keys(_listening(wanted[start : start + AT_ONCE], kind), kind, _key(kind, key or url), now)
        if keys:
            Notice.insert_many([fresh | {"user": user, "collapsed_key": each} for user, each in keys.items()]).on_conflict(
                conflict_target=[Notice.user, Notice.collapsed_key],
                conflict_where=Notice.read_at.is_null(),
                update=fresh if anew else fresh | {"times": Notice.times + 1},
            ).execute()


def tell_all(users, kind, sentence, url, now, *, neighborhood, key):
    """Tell a whole 小区 one thing in one statement, whose write lock thousands then share for a moment only. `users` is a query
    of ids, and `key` one that no earlier thing had; otherwise as `tell`."""
    assert kind in KINDS and len(url) <= 160
    line = {"neighborhood": neighborhood.id, "kind": kind, "sentence": sentence[:160], "url": url, "at": now, "times": 1}
    line["collapsed_key"] = _key(kind, key)
    values = [Value(value) for value in line.values()]
    told = User.select(User.id, *values).where(_heard(users, kind))
    fields = [Notice.user, *(getattr(Notice, name) for name in line)]
    Notice.insert_from(told, fields).on_conflict_ignore().execute()


def quoted(text, otherwise):
    """The first words of a post or comment in 「」, to name it by in a sentence; `otherwise` where there are none."""
    text = " ".join(text.split())
    return f"「{text[:16]}{'…' if len(text) > 16 else ''}」" if text else otherwise


def _key(kind, key):
    """What stands in the column: a key that does not fit is told apart by its digest, not by how it begins."""
    key = f"{kind} {key}"
    return key if len(key) <= 60 else f"{kind} {hashlib.sha256(key.encode()).hexdigest()[:48]}"


def _heard(users, kind):
    """The condition for those of these people who still have their account and want to hear of this kind."""
    off = NoticePref.select(NoticePref.id).where((NoticePref.user == User.id) & (NoticePref.kind == kind))
    there = User.id.in_(users) & (User.status == "active")
    return there if kind in ALWAYS else there & ~fn.EXISTS(off)


def _listening(users, kind):
    return [user.id for user in User.select(User.id).where(_heard(users, kind)).order_by(User.id)]


def _keys(users, kind, key, now):
    """{person: the key of her line}; on a loud day all further new ones of a kind share one."""
    if kind in ALWAYS or not users:
        return dict.fromkeys(users, key)
    midnight = (now + SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) - SHANGHAI
    today = Notice.user.in_(users) & (Notice.kind == kind) & (Notice.at >= midnight)
    many = Notice.select(Notice.user).where(today).group_by(Notice.user).having(fn.COUNT(Notice.id) >= A_DAY)
    loud = {row.user_id for row in many}
    if loud:
        open_lines = Notice.user.in_(loud) & (Notice.collapsed_key == key) & Notice.read_at.is_null()
        loud -= {row.user_id for row in Notice.select(Notice.user).where(open_lines)}
    return {user: f"{kind} more" if user in loud else key for user in users}


def reword(user, kind, key, sentence):
    """What this person was told under this key, and has not read yet, is not quite so any more: other words, no new line."""
    mine = (Notice.user == getattr(user, "id", user)) & (Notice.collapsed_key == _key(kind, key)) & Notice.read_at.is_null()
    Notice.update(sentence=sentence[:160]).where(mine).execute()


def unread(user_column):
    """How many unread lines the person of this column has, a hundred at most: a part of the queries that find a visitor."""
    mine = Notice.select(Notice.id).where((Notice.user == user_column) & Notice.read_at.is_null()).limit(SHOWN_UNREAD)
    return Select(from_list=[mine.alias("unread")], columns=[fn.COUNT(SQL("*"))])


def inbox(user, after=None, limit=PAGE):
    """One page of this person's lines, latest first, and whether there are more; `after` is (at, id) of the last one seen."""
    wanted = Notice.user == user.id
    if after:
        wanted &= Tuple(Notice.at, Notice.id) < Tuple(*after)
    rows = list(Notice.select().where(wanted).order_by(Notice.at.desc(), Notice.id.desc()).limit(limit + 1))
    return rows[:limit], len(rows) > limit


def read(user, notice_id, now):
    """Mark one line of this person's own as read; returns it, or None where it is not hers."""
    with writing():
        Notice.update(read_at=now).where((Notice.id == notice_id) & (Notice.user == user.id) & Notice.read_at.is_null()).execute()
    return Notice.get_or_none((Notice.id == notice_id) & (Notice.user == user.id))


def read_all(user, now, until=None):
    """Mark everything as read, in one statement; returns how many lines that were. With `until`, what came after that
    moment, and she has not seen yet, stays unread."""
    unread_ones = (Notice.user == user.id) & Notice.read_at.is_null()
    with writing():
        return Notice.update(read_at=now).where(unread_ones & (Notice.at <= (until or now))).execute()


def unread_by_kind(users):
    """{person's id: {kind: how many unread lines}} for those of these people who have any."""
    counted = fn.COUNT(Notice.id)
    rows = Notice.select(Notice.user, Notice.kind, counted).where(Notice.user.in_(users) & Notice.read_at.is_null())
    found = {}
    for user, kind, count in rows.group_by(Notice.user, Notice.kind).tuples():
        found.setdefault(user, {})[kind] = count
    return {user: {kind: told[kind] for kind in KINDS if kind in told} for user, told in found.items()}


def who_turned_off(kind, users):
    """Which of these people (ids) do not want to be told of this kind."""
    off = NoticePref.select(NoticePref.user).where(NoticePref.user.in_(list(users)) & (NoticePref.kind == kind))
    return {pref.user_id for pref in off}


def turned_off(user):
    """The kinds this person does not want to be told of."""
    return {pref.kind for pref in NoticePref.select().where(NoticePref.user == user.id)}


def choose(user, wanted):
    """From now on tell this person only of the kinds in `wanted`, and of ALWAYS."""
    off = [kind for kind in KINDS if kind not in ALWAYS and kind not in wanted]
    with writing():
        NoticePref.delete().where((NoticePref.user == user.id) & NoticePref.kind.not_in(off or [""])).execute()
        for kind in off:
            NoticePref.insert(user=user.id, kind=kind).on_conflict_ignore().execute()


def listen(user_id, kind, on):
    """Turn one kind on or off for this person; asked twice, nothing changes. Those of ALWAYS stay on."""
    if kind not in KINDS or kind in ALWAYS:
        raise Refused("always", "这类消息和您自己的事有关，会一直通知", field="told")
    with writing():
        if on:
            NoticePref.delete().where((NoticePref.user == user_id) & (NoticePref.kind == kind)).execute()
        else:
            NoticePref.insert(user=user_id, kind=kind).on_conflict_ignore().execute()


def unsubscribe_path(user_id, kind):
    """The address that turns one kind off for one person, without signing in (G13). It is worth nothing for anything else."""
    return f"/unsubscribe/{links.sign('unsubscribe', user_id, kind)}"


class Subscription:
    """What an unsubscribe link is about: one person, one kind, and whether she is told of it now."""

    def __init__(self, user_id, kind):
        self.user_id, self.kind, self.called = user_id, kind, KINDS[kind]
        self.on = not NoticePref.select().where((NoticePref.user == user_id) & (NoticePref.kind == kind)).exists()


def subscription(token):
    """What a link made by `unsubscribe_path` is about, or None: forged, cut short, or of somebody who is gone."""
    user_id, kind = links.read("unsubscribe", token, 2) or (None, None)
    if kind not in KINDS or kind in ALWAYS:
        return None
    there = User.select().where((User.id == user_id) & (User.status == "active")).exists()
    return Subscription(user_id, kind) if there else None


def take_back(kind, key):
    """What was told under this key and is not read yet was a mistake: gone (a host's undo)."""
    mistaken = (Notice.collapsed_key == _key(kind, key)) & Notice.read_at.is_null()
    hold(Notice, mistaken)
    Notice.delete().where(mistaken).execute()


def move(source, target):
    """Two accounts of one person become one: her lines and what she has turned off go along (db/merging.py)."""
    other = Notice.alias()
    has = other.select(other.collapsed_key).where((other.user == target.id) & other.read_at.is_null())
    doubled = (Notice.user == source.id) & Notice.read_at.is_null() & Notice.collapsed_key.in_(has)
    Notice.delete().where(doubled).execute()  # one unread line a key
    Notice.update(user=target.id).where(Notice.user == source.id).execute()
    for kind in turned_off(source):
        NoticePref.insert(user=target.id, kind=kind).on_conflict_ignore().execute()
    NoticePref.delete().where(NoticePref.user == source.id).execute()


def forget_old(now):
    """Lines read three months ago, and all of last year, are not kept (the clock calls it daily)."""
    with writing():
        return Notice.delete().where((Notice.read_at < now - KEPT_READ) | (Notice.at < now - KEPT)).execute()
