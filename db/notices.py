"""消息: what a person is told about her own things. Like things become one line, each kind can be turned off (G13)."""

from datetime import timedelta

from peewee import SQL, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, Select, Tuple, Value, fn

from db.base import Table, writing
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
    "place": "小区里的大事",
}
ALWAYS = ("review", "report", "account", "desk")
A_DAY = 30  # so many separate lines of one kind a day; what comes after that is one line more
SHANGHAI = timedelta(hours=8)
SHOWN_UNREAD = 100
PAGE = 30
KEPT_READ, KEPT = timedelta(days=90), timedelta(days=365)


class Notice(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    neighborhood = ForeignKeyField(Neighborhood, null=True, backref="+")
    kind = CharField(max_length=10)
    sentence = CharField(max_length=160)
    url = CharField(max_length=160)
    collapsed_key = CharField(max_length=60)  # unread lines with the same key are one line
    times = IntegerField(default=1)
    at = DateTimeField()
    read_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("user", "at", "id"), False), (("user", "kind", "at"), False))
        constraints = [Check("times >= 1", name="notice_counts")]


Notice.add_index(Notice.user, Notice.collapsed_key, unique=True, where=Notice.read_at.is_null(), name="notice_unread")


class NoticePref(Table):
    """A kind of notices this person has turned off."""

    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    kind = CharField(max_length=10)

    class Meta:
        indexes = ((("user", "kind"), True),)


def tell(users, kind, sentence, url, now, *, neighborhood=None, key=""):
    """Tell these people (rows or ids of User) one thing, in the caller's transaction, before it takes memberships or 小区.

    While a line with the same `key` is unread it takes the new words and counts one more; without a key the address is the
    key. Whoever has turned this kind off is left alone, unless it is one of ALWAYS."""
    assert kind in KINDS
    wanted = sorted({getattr(user, "id", user) for user in users})
    if kind not in ALWAYS:
        quiet = who_turned_off(kind, wanted)
        wanted = [user for user in wanted if user not in quiet]
    place = getattr(neighborhood, "id", neighborhood)
    for user in wanted:
        _write(user, kind, sentence[:160], url, place, _key(user, kind, key or url, now), now)


def tell_all(users, kind, sentence, url, now, *, neighborhood, key):
    """Tell a whole 小区 one thing in one statement, whose write lock thousands then share for a moment only. `users` is a query
    of ids, and `key` one that no earlier thing had; otherwise as `tell`."""
    assert kind in KINDS
    line = {"neighborhood": neighborhood.id, "kind": kind, "sentence": sentence[:160], "url": url, "at": now, "times": 1}
    line["collapsed_key"] = f"{kind} {key}"[:60]
    values = [Value(value) for value in line.values()]
    quiet = NoticePref.select(NoticePref.user).where(NoticePref.kind == kind)
    told = User.select(User.id, *values).where(User.id.in_(users))
    told = told if kind in ALWAYS else told.where(User.id.not_in(quiet))
    fields = [Notice.user, *(getattr(Notice, name) for name in line)]
    Notice.insert_from(told, fields).on_conflict_ignore().execute()


def _key(user, kind, key, now):
    """The key of a new line; on a loud day all further ones of a kind share one."""
    key = f"{kind} {key}"[:60]
    if kind in ALWAYS:
        return key
    midnight = (now + SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0) - SHANGHAI
    today = (Notice.user == user) & (Notice.kind == kind) & (Notice.at >= midnight)
    loud = Notice.select(Notice.id).where(today).limit(A_DAY).count() >= A_DAY
    known = loud and Notice.select().where(today & (Notice.collapsed_key == key) & Notice.read_at.is_null()).exists()
    return f"{kind} more" if loud and not known else key


def _write(user, kind, sentence, url, place, key, now):
    fresh = {"kind": kind, "sentence": sentence, "url": url, "neighborhood": place, "at": now}
    Notice.insert(user=user, collapsed_key=key, **fresh).on_conflict(
        conflict_target=[Notice.user, Notice.collapsed_key],
        conflict_where=Notice.read_at.is_null(),
        update=fresh | {"times": Notice.times + 1},
    ).execute()


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


def read_all(user, now):
    """Mark everything as read, in one statement; returns how many lines that were."""
    with writing():
        return Notice.update(read_at=now).where((Notice.user == user.id) & Notice.read_at.is_null()).execute()


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


def take_back(kind, key):
    """What was told under this key and is not read yet was a mistake: gone (a host's undo)."""
    Notice.delete().where((Notice.collapsed_key == f"{kind} {key}"[:60]) & Notice.read_at.is_null()).execute()


def forget_old(now):
    """Lines read three months ago, and all of last year, are not kept (the clock calls it daily)."""
    with writing():
        return Notice.delete().where((Notice.read_at < now - KEPT_READ) | (Notice.at < now - KEPT)).execute()
