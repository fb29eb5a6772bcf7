"""How fast one person, device or address may do a thing (S15): one row a key, one conditional UPDATE a try."""

from datetime import UTC

from peewee import Case, CharField, DoubleField

from db.base import Refused, Table, writing

MINUTE, HOUR, DAY = 60, 3600, 86400

# name: (so many, in so many seconds)
RULES = {
    "act": (120, MINUTE),  # any POST
    "sign-in": (10, 15 * MINUTE),
    "sign-in-address": (60, HOUR),
    "join-device": (6, HOUR),
    "join-address": (120, HOUR),  # a whole 小区 may share one carrier address
    "code-phone": (5, DAY),
    "code-address": (20, DAY),
    "code-world": (100, HOUR),  # the breaker: a flood of text messages costs real money
    "post": (10, HOUR),
    "newcomer-post": (3, DAY),
    "comment": (60, HOUR),
    "newcomer-comment": (10, DAY),
    "photo": (60, DAY),
    "like": (120, MINUTE),
    "scan": (300, MINUTE),  # by address: all visitors of a market may share one
    "service": (10, DAY),
    "need": (10, DAY),
    "search": (30, MINUTE),
    "search-address": (300, MINUTE),  # a guest who throws his cookie away each time; a whole 小区 may share the address
    "mail-address": (5, DAY),  # letters to an address nobody has confirmed yet
    "mail-world": (200, HOUR),
    "wecom": (10, MINUTE),  # ten at once and ten more in a minute: never over the 20 a minute that 企业微信 takes
    "wecom-test": (1, 10),
    "export": (3, DAY),
    "sheet": (30, DAY),  # lists with names and buildings that a host takes home
    "see-phone": (10, DAY),
    "report": (20, DAY),
    "aid": (20, HOUR),
    "aid-note": (60, HOUR),
    "contest": (10, DAY),
    "entry": (20, DAY),
    "vote": (30, MINUTE),
    "vote-address": (300, MINUTE),  # a guest who throws her cookie away each time; a whole market may share the address
    "redeem": (30, HOUR),
    "redeem-code": (20, MINUTE),  # looking up a code: nobody guesses one of 244 million at this pace
    "event": (10, DAY),
    "group": (5, DAY),
    "check-in": (30, 10 * MINUTE),
    "stamp": (30, 10 * MINUTE),
    "stamp-address": (600, HOUR),  # guests of a market may share one
    "question": (10, HOUR),
    "feedback-address": (300, HOUR),  # guests of a market may share one
    "draw": (60, MINUTE),  # cards and posters that nobody has drawn yet
}

enabled = True  # config turns it off for load tests only


class Limit(Table):
    """`busy_until`: the moment (UTC seconds) up to which this key's allowance is spoken for."""

    key = CharField(max_length=120, primary_key=True)
    busy_until = DoubleField()  # a real of PostgreSQL knows such a moment only to two minutes


def spend(rule, who, now):
    """Spend one of `rule` for the key `who`, or raise Refused 「请 N 秒后再试」 (429). Atomic: no two can spend the same one."""
    if not enabled:
        return
    many, seconds = RULES[rule]
    each = seconds / many
    moment = now.replace(tzinfo=UTC).timestamp()
    key = f"{rule}:{who}"
    with writing():
        Limit.insert(key=key, busy_until=0).on_conflict_ignore().execute()
        start = Case(None, [(Limit.busy_until > moment, Limit.busy_until)], moment)
        took = (
            Limit.update(busy_until=start + each)
            .where((Limit.key == key) & (Limit.busy_until <= moment + seconds - each + 0.001))
            .execute()
        )
        if took:
            return
        wait = Limit.get_by_id(key).busy_until - (moment + seconds - each)
    raise too_fast(max(1, int(wait) + 1))


def too_fast(seconds):
    """The refusal for whoever must wait (429, with the seconds)."""
    return Refused("too-fast", f"操作太快了，请 {seconds} 秒后再试", retry_after=seconds)


def forget_idle(now):
    """Drop the rows that no longer hold anybody back (the clock calls it daily)."""
    with writing():
        return Limit.delete().where(Limit.busy_until < now.replace(tzinfo=UTC).timestamp()).execute()
