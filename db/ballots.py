"""选票: what somebody chose, under a key that tells nobody who she is (I2, I10, R50, S21).

Nothing is ever edited: a change of mind is a row of the next turn, and the live ballot of a key is its highest turn. No row
holds a person, a time or a place in a sequence; the traces that burst rules need (db/bursts.py) go when the ballots are counted.
"""

from peewee import JOIN, CharField, Check, ForeignKeyField, IntegerField, IntegrityError, fn

from db import activity, contests, electors, limits, traces
from db.base import CODE_LETTERS, Refused, Table, database, new_code, on_sqlite, writing
from db.compiled import as_row, compiled, moment
from db.contests import Contest
from db.electors import Elector, key_of
from db.entries import Entry
from db.members import Membership
from db.people import User

CHANNELS = {"online": "线上", "onsite": "现场（邻居）", "visitor": "现场（访客）", "paper": "纸票"}
KINDS = {"cast": "有效", "waiting": "待确认", "void": "作废"}
VOID = {
    "undone": "自己取消了",
    "withdrawn": "选的作品撤回了",
    "claimed": "归到这位邻居名下了",
    "duplicate": "这位邻居已经投过",
    "own": "不能投给自己",
    "left": "搬离了小区",
    "merged": "两个身份合并了",
    "paper": "改投了纸票",
    "spoiled": "没写清楚",
    "void": "作废",  # what is left of these after the count
}
SPENT = ("claimed", "duplicate", "own", "merged")  # a device or account that voted for somebody who has a ballot of her own
LETTERS = 12  # of a receipt: 25^12, and it is typed from a slip of paper
TRIES = 6


class Ballot(Table):
    receipt = CharField(max_length=LETTERS, primary_key=True)
    contest = ForeignKeyField(Contest, backref="+", index=False)
    channel = CharField(max_length=8)  # see CHANNELS
    kind = CharField(max_length=8)  # see KINDS
    voter_key = CharField(max_length=32)
    turn = IntegerField()
    choices = CharField(max_length=100, default="")  # ids of works in order, "3,7"
    reason = CharField(max_length=10, default="")  # see VOID
    device = CharField(max_length=16, null=True)  # these three are gone once the ballots are counted
    network = CharField(max_length=16, null=True)
    minute = IntegerField(null=True)

    class Meta:
        # On SQLite its rows have no numbers (db/migrations/0015): those would tell which came after which.
        indexes = ((("contest", "voter_key", "turn"), True),)
        constraints = [
            Check("(kind = 'void') = (choices = '') AND (kind = 'void') = (reason <> '')", name="ballot_says_one_thing"),
            Check("turn >= 1", name="ballot_turns"),
        ]

    @property
    def chosen(self):
        """The ids of the works on it."""
        return [int(each) for each in self.choices.split(",") if each]

    @property
    def shown_receipt(self):
        return grouped(self.receipt)

    @property
    def counts(self):
        return self.kind == "cast"


def grouped(receipt):
    """「K7FM QX4T 9HCD」: a receipt as people read it."""
    return " ".join(receipt[at : at + 4] for at in range(0, len(receipt), 4))


def typed(text):
    """The letters of a receipt in what somebody typed."""
    return "".join(letter for letter in (text or "").upper() if letter in CODE_LETTERS)[:LETTERS]


@compiled
def _contest(contest):
    return Contest.select().where(Contest.id == contest)


def _newest(contest, key):
    turns = Ballot.alias()
    last = turns.select(fn.MAX(turns.turn)).where((turns.contest == contest) & (turns.voter_key == key))
    return (Ballot.contest == contest) & (Ballot.voter_key == key) & (Ballot.turn == last)


@compiled
def _live(contest, key):
    return Ballot.select().where(_newest(contest, key))


def _look_at(query, contest, key, entry_ids):
    """What casting must know, in one query: the contest, whichever of these works hang, and the ballot that stands."""
    hung = (Entry.contest == contest) & (Entry.state == "approved") & Entry.id.in_(entry_ids)
    query = query.switch(Contest).join(Entry, JOIN.LEFT_OUTER, on=hung).switch(Contest)
    query = query.join(Ballot, JOIN.LEFT_OUTER, on=_newest(contest, key))
    return query.where(Contest.id == contest).order_by(Entry.id)


_DATES = (Contest.opens_at, Contest.entries_close_at, Contest.voting_opens_at, Contest.voting_closes_at)
_ASKED = (Contest.state, Contest.salt, Contest.approved, *_DATES)
_COLUMNS = (Entry.id, Entry.author, *Ballot._meta.sorted_fields, *_ASKED)
_WIDTH = len(Ballot._meta.sorted_fields)


@compiled
def _of_member(contest, member, key, entry_ids):
    here = (Membership.id == member) & (Membership.status == "active")
    listed = (Elector.contest == contest) & (Elector.member == Membership.id)
    query = Contest.select(Elector.verified, electors.yes_or_no(electors.known()), *_COLUMNS)
    query = query.join(Membership, on=here).join(User).switch(Membership).join(Elector, JOIN.LEFT_OUTER, on=listed)
    return _look_at(query, contest, key, entry_ids)


@compiled
def _of_device(contest, key, entry_ids):
    return _look_at(Contest.select(Contest.id, Contest.id, *_COLUMNS), contest, key, entry_ids)


@compiled
def _insert(receipt, contest, channel, kind, voter_key, turn, choices, reason, device, network, minute):
    return Ballot.insert(
        receipt=receipt, contest=contest, channel=channel, kind=kind, voter_key=voter_key, turn=turn, choices=choices,
        reason=reason, device=device, network=network, minute=minute,
    )  # fmt: skip


def live(contest, key):
    """The ballot of this key (electors.key_of) that stands, void ones too; None where there is none, or no key any more."""
    rows = _live(contest=contest.id, key=key) if key else ()
    return as_row(Ballot, rows[0]) if rows else None


def of(contest, *, member=None, device=None):
    """The ballot of this neighbour, or of this visitor's device, that stands; None where there is none or it is void."""
    found = live(contest, key_of(contest, member=member, device=device)) if member is not None or device else None
    return found if found and found.kind != "void" else None


def chosen_by(contest, *, member=None, device=None):
    """The ids of the works the viewer chooses at the moment."""
    mine = of(contest, member=member, device=device)
    return set(mine.chosen) if mine else set()


def last_of(contest, receipt):
    """The receipt of the ballot that stands for whoever once was given this one; itself where nobody was."""
    receipt = typed(receipt)
    row = Ballot.get_or_none((Ballot.contest == contest.id) & (Ballot.receipt == receipt))
    return live(contest, row.voter_key).receipt if row else receipt


def append(contest, key, before, *, kind, channel, choices=(), reason="", trace=traces.NOTHING):
    """The next turn of a key after `before` (a ballot or None), whose traces it keeps where it brings none. In the transaction
    that has taken the contest's row, shared at least."""
    if before and trace == traces.NOTHING:
        trace = (before.device, before.network, before.minute)
    values = {
        "receipt": new_code(LETTERS), "contest": contest.id, "channel": channel, "kind": kind, "voter_key": key,
        "turn": before.turn + 1 if before else 1, "choices": ",".join(map(str, sorted(choices))), "reason": reason,
        "device": trace[0], "network": trace[1], "minute": trace[2],
    }  # fmt: skip
    _insert(**values)
    return as_row(Ballot, [values[field.name] for field in Ballot._meta.sorted_fields])


def void(contest, key, before, reason, channel="online"):
    """End what this key has chosen; what is void stays as it is, unless the reason bars its voter from another ballot."""
    if before and before.kind == "void" and reason != "paper" and reason not in SPENT:
        return before
    return append(contest, key, before, kind="void", channel=before.channel if before else channel, reason=reason)


def _check_open(contest, now):
    """Refused in plain words unless it takes votes; False where the vote should have begun and has not."""
    phase = contest.phase(now)
    if phase == "voting" and contest.state in {"collecting", "screening"}:
        return False
    if phase != "voting" or contest.state != "voting":
        raise Refused("not-voting", _not_voting(contest, phase))
    return True


def _not_voting(contest, phase):
    if phase in {"draft", "coming", "collecting", "screening"}:
        return "投票还没开始"
    return "这场比赛取消了" if phase == "cancelled" else "投票已经截止了，谢谢您来"


def _in_turn(contest, now, act, who):
    """act(the contest) in one transaction while it takes votes. Two turns at once of one voter: the database lets one in, the
    other reads again what is true now; `who` queues from the second try on. `act` checks that
    the contest is still open: it may have been read long ago."""
    for again in range(TRIES):
        try:
            with writing():
                contests.share(contest.id)
                if again and not on_sqlite():
                    database.execute_sql("SELECT pg_advisory_xact_lock(hashtext(%s))", (f"ballot {contest.id} {who}",))
                if again or contest.state != "voting":
                    contest = as_row(Contest, _contest(contest=contest.id)[0])
                if contest.state == "voting" or _check_open(contest, now):
                    return act(contest)
        except (IntegrityError, _Stale):
            continue
        contest = electors.begin(contest, now)
    raise contests.moved_on()


class _Stale(Exception):
    """The contest is not what it was when it was read."""


def _open(contest, now):
    """This contest, if it is still what it was when it was read, and open."""
    fresh = as_row(Contest, _contest(contest=contest.id)[0])
    if not _check_open(fresh, now) or fresh.salt != contest.salt:
        raise _Stale
    return contest


def cast(contest, chosen, now, *, member=None, device=None, venue=False, trace=None):
    """Choose a work (or exactly the works of a list) as this neighbour, or as a visitor by the `device` in her hand; gives the
    ballot that stands. The same choice again changes nothing; with one choice a vote another tap moves it, with more it adds.

    `venue`: she scanned today's code at the market. What counts and where: the unknown on the roll, and who joined after the
    vote began, count as visitors where they stand at the market, and wait (`kind`) elsewhere. Refused: not open (to the second),
    own work, too many, voted on paper, no code of the day."""
    works = [chosen] if isinstance(chosen, Entry) else list(chosen)
    ids = sorted({work.id for work in works})
    if not ids or len(ids) > contest.choices:
        raise Refused("too-many", f"请选 1–{contest.choices} 幅" if contest.choices > 1 else "请选一幅作品")
    who = f"member {member.id}" if member is not None else f"device {device}"

    def act(here):
        limits.spend("vote", who, now)
        verified, listed, found, before = _look(here, ids, member, device, now)
        if set(found) != set(ids):
            raise Refused("not-hung", "这幅作品不在墙上了，请看看别的")
        if member is not None and member.id in found.values():
            raise Refused("own-work", "自己的作品不能投，把这一票送给别的邻居吧")
        channel, kind = _standing(here, before, member, device, venue, listed, verified)
        choices = ids if not isinstance(chosen, Entry) else _with(here, before, chosen.id)
        if before and (before.kind, before.chosen) == (kind, choices):
            return before
        key = key_of(here, member=member, device=device)
        cast_now = append(here, key, before, kind=kind, channel=channel, choices=choices, trace=traces.of(here, trace, now))
        if before is None and member is not None:
            activity.record(member, "vote", here.id, now)
        return cast_now

    return _in_turn(contest, now, act, who)


def _look(contest, ids, member, device, now):
    """(verified, on the roll, {work's id: its author's}, the ballot before) of a voter, in one query, which also tells whether
    the contest still is what it was."""
    key = key_of(contest, member=member, device=device)
    if member is None:
        rows = _of_device(contest=contest.id, key=key, entry_ids=ids)
    else:
        rows = _of_member(contest=contest.id, member=member.id, key=key, entry_ids=ids)
    if not rows:
        raise Refused("not-here", "您现在不在这个小区的名单里", status=403)
    fresh = Contest(__no_default__=True)
    fresh.__data__ = {field.name: value for field, value in zip(_ASKED, rows[0][4 + _WIDTH :], strict=True)}
    fresh.__data__ |= {date.name: moment(fresh.__data__[date.name]) for date in _DATES}
    if not _check_open(fresh, now) or fresh.salt != contest.salt:
        raise _Stale
    verified, known = rows[0][:2]
    before = as_row(Ballot, rows[0][4 : 4 + _WIDTH]) if rows[0][4] is not None else None
    return bool(verified or known), verified is not None, {row[2]: row[3] for row in rows if row[2] is not None}, before


def _standing(contest, before, member, device, venue, listed, verified):
    """(channel, kind) of what this voter casts now."""
    if before and before.reason == "paper":
        raise Refused("voted-on-paper", "您已投过纸票，这一票已经算上了")
    if before and before.reason in SPENT:
        raise Refused("claimed", "这部手机上的票已经归到邻居名下了，登录后就能改")
    if member is not None and listed and verified:
        return "onsite" if venue else "online", "cast"
    was_there = venue or (before is not None and (before.channel, before.kind) == ("visitor", "cast"))
    if contest.open_to_visitors and was_there:
        if member is None and (before is None or before.kind == "void") and _voted_with(contest, device):
            raise Refused("claimed", "这部手机已经以邻居身份投过票了，登录后就能改")
        return "visitor", "cast"
    if member is not None:
        return "onsite" if venue else "online", "waiting"
    if not contest.open_to_visitors:
        raise Refused("neighbours-only", "这场比赛由邻居来投，坐下来就能参加下一次")
    raise Refused("no-venue-code", "请先扫现场的投票码，或输入今天的 6 位码")


def _voted_with(contest, device):
    """Whether a neighbour's ballot was cast with this device."""
    hers = (Ballot.contest == contest.id) & (Ballot.device == traces.device_word(contest, device))
    other = Ballot.voter_key != key_of(contest, device=device)
    return Ballot.select(Ballot.receipt).where(hers & other).exists()


def _with(contest, before, entry_id):
    """The choices with one more; with a single choice, instead of the one there was."""
    chosen = before.chosen if before else []
    if entry_id in chosen:
        return chosen
    if contest.choices == 1:
        return [entry_id]
    if len(chosen) >= contest.choices:
        raise Refused("full", f"已选满 {contest.choices} 幅，先取消一幅，再选这幅")
    return sorted([*chosen, entry_id])


def let_go(contest, entry, now, *, member=None, device=None):
    """Not this work any more; gives the ballot that stands, void where nothing is left on it, None where there was none."""

    def act(here):
        before = live(_open(here, now), key_of(here, member=member, device=device))
        if before is None or entry.id not in before.chosen:
            return before
        return without(here, before, entry.id, "undone")

    return _in_turn(contest, now, act, f"member {member.id}" if member is not None else f"device {device}")


def without(contest, before, entry_id, reason):
    """The turn after `before` without one of its works. In a transaction, as `append`."""
    if left := [each for each in before.chosen if each != entry_id]:
        return append(contest, before.voter_key, before, kind=before.kind, channel=before.channel, choices=left)
    return void(contest, before.voter_key, before, reason)


def take_back(contest, receipt, now, *, member=None, device=None):
    """Undo the tap that gave this receipt: what was before it stands again, as far as those works still hang. Asked twice, or
    after another tap, nothing changes. Gives the ballot that stands."""

    def act(here):
        key = key_of(_open(here, now), member=member, device=device)
        last = live(here, key)
        if last is None or last.receipt != typed(receipt) or last.kind == "void":
            return last
        earlier = Ballot.get_or_none((Ballot.contest == here.id) & (Ballot.voter_key == key) & (Ballot.turn == last.turn - 1))
        kept = _still_hanging(here, earlier.chosen if earlier else [])
        if not kept:
            return void(here, key, last, "undone")
        return append(here, key, last, kind=earlier.kind, channel=earlier.channel, choices=kept)

    return _in_turn(contest, now, act, f"member {member.id}" if member is not None else f"device {device}")


def _still_hanging(contest, ids):
    hung = (Entry.contest == contest.id) & (Entry.state == "approved") & Entry.id.in_(ids)
    return [entry.id for entry in Entry.select(Entry.id).where(hung)] if ids else []


def free(ballot):
    """Whether whoever has this ballot (or none) may still be given one: hers is void for no fault of hers."""
    return ballot is None or (ballot.kind == "void" and ballot.reason not in {"paper", *SPENT})


def claim(device, member, now):
    """Who voted as a visitor on this device and now sits down keeps one ballot: it becomes hers where she has none, else it is
    void; her own works come off it. Asked twice, nothing changes. Gives {contest's id: claimed, duplicate or own}."""
    open_ones = (Contest.neighborhood == member.neighborhood_id) & (Contest.state == "voting")
    done = {}
    for contest in list(Contest.select().where(open_ones & (Contest.voting_closes_at > now))):
        try:
            visitor = live(contest, key_of(contest, device=device))
            if visitor is not None and visitor.kind == "cast":
                done[contest.id] = _in_turn(contest, now, lambda here: _claim(here, device, member, now), f"member {member.id}")
        except (RuntimeError, Refused):  # its secret is lost, or it is busy: neither the others nor signing in wait for that
            continue
    return {contest: what for contest, what in done.items() if what}


def _claim(contest, device, member, now):
    theirs, hers = key_of(_open(contest, now), device=device), key_of(contest, member=member)
    visitor = live(contest, theirs)
    if visitor is None or visitor.kind != "cast":
        return None
    verified, listed, _, before = _look(contest, [], member, None, now)
    authors = Entry.select(Entry.id).where(Entry.id.in_(visitor.chosen) & (Entry.author == member.id))
    kept = sorted(set(visitor.chosen) - {entry.id for entry in authors})
    what = "own" if not kept else "claimed" if free(before) else "duplicate"
    void(contest, theirs, visitor, what)
    if what == "claimed":
        channel = "onsite" if listed and verified else "visitor"
        trace = (visitor.device, visitor.network, visitor.minute)
        append(contest, hers, before, kind="cast", channel=channel, choices=kept, trace=trace)
        activity.record(member, "vote", contest.id, now)
    return what
