"""纸票: the host enters a heap of slips, a second neighbour counts them again and confirms; only then are they ballots (R50).

Slips carry no names. Who handed one in and has an account may be named, so that nobody votes on paper and on the phone.
"""

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError

from db import activity, audit, ballots, contests, electors, entries
from db.base import Refused, Table, writing
from db.contests import Contest
from db.entries import HANGS, Entry
from db.members import Membership
from db.people import User

TRANSITIONS = {("entered", "confirmed"), ("entered", "rejected")}
STATES = {"entered": "等第二位邻居核对", "confirmed": "已核对", "rejected": "已退回"}
MOST = 2000  # slips of a heap


class PaperBatch(Table):
    contest = ForeignKeyField(Contest, backref="+")
    state = CharField(max_length=10, default="entered")
    slips = IntegerField()  # that say something
    spoiled = IntegerField(default=0)
    entered_by = ForeignKeyField(Membership, backref="+")
    second = ForeignKeyField(Membership, null=True, backref="+")  # who confirmed or rejected it
    reason = CharField(max_length=200, default="")
    op_id = CharField(max_length=40)
    entered_at = DateTimeField()
    decided_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("entered_by", "op_id"), True),)
        constraints = [Check("slips >= 0 AND spoiled >= 0 AND slips + spoiled BETWEEN 1 AND 2000", name="paper_batch_slips")]

    @property
    def state_name(self):
        return STATES[self.state]


class PaperCount(Table):
    """How many slips of a heap name a work."""

    batch = ForeignKeyField(PaperBatch, backref="counts", index=False)
    entry = ForeignKeyField(Entry, backref="+")
    slips = IntegerField()

    class Meta:
        indexes = ((("batch", "entry"), True),)
        constraints = [Check("slips > 0", name="paper_count_positive")]


class PaperName(Table):
    """A neighbour who handed in a slip; not which one. Gone once the ballots are counted, or the heap is rejected."""

    contest = ForeignKeyField(Contest, backref="+", index=False)
    batch = ForeignKeyField(PaperBatch, backref="names")
    member = ForeignKeyField(Membership, backref="+")

    class Meta:
        indexes = ((("contest", "member"), True),)


def find(neighborhood, batch_id):
    """A heap of this 小区 with its contest and who entered it, or None (G1)."""
    here = (PaperBatch.id == batch_id) & (Contest.neighborhood == neighborhood.id)
    query = PaperBatch.select(PaperBatch, Contest, Membership, User).join(Contest).switch(PaperBatch)
    return query.join(Membership, on=PaperBatch.entered_by).join(User).where(here).first()


def of_contest(contest):
    """Its heaps, the latest first."""
    query = PaperBatch.select(PaperBatch, Membership, User).join(Membership, on=PaperBatch.entered_by).join(User)
    return list(query.where(PaperBatch.contest == contest.id).order_by(PaperBatch.id.desc()))


def unconfirmed(contest):
    """How many heaps still wait for their second person; the count waits for them."""
    return PaperBatch.select().where((PaperBatch.contest == contest.id) & (PaperBatch.state == "entered")).count()


def counts_of(batch):
    """[(work, slips)] in the order of the works' numbers."""
    query = PaperCount.select(PaperCount, Entry).join(Entry).where(PaperCount.batch == batch.id).order_by(Entry.no)
    return [(count.entry, count.slips) for count in query]


def names_of(batch):
    """The names of those who handed in one of its slips, as far as they were noted."""
    query = PaperName.select(PaperName, Membership, User).join(Membership).join(User).where(PaperName.batch == batch.id)
    return [name.member.name for name in query.order_by(PaperName.id)]


def taken_now(contest, now):
    """Whether slips may be entered and confirmed: once the vote has begun, until the ballots are counted."""
    return contest.paper and contest.phase(now) in {"voting", "counting"} and contest.settled_at is None


def _for_paper(contest, now):
    contest = contests.taken(contest)
    if not taken_now(contest, now):
        raise Refused("no-paper", "现在不收纸票：投票开始后、票点完之前才能录入")
    return contest


def enter(contest, host, now, *, op_id, counts, spoiled=0, slips=None, names=""):
    """Enter a heap: {work's id: slips that name it}, how many say nothing clear, and, one a line, the neighbours with an account
    who handed one in. With one choice a slip the heap is the sum; otherwise `slips` tells it. The same `op_id` again gives the
    first one back. Refused beside counts, spoiled, slips or names."""
    first = (PaperBatch.entered_by == host.id) & (PaperBatch.op_id == op_id)
    if done := PaperBatch.get_or_none(first):
        return done
    electors.begin(contest, now)
    counts = {work: many for work, many in counts.items() if many}
    slips = _checked_numbers(contest, counts, spoiled, slips)
    try:
        with writing():
            if done := PaperBatch.get_or_none(first):
                return done
            contest = _for_paper(contest, now)
            hung = {entry.id for entry in entries.on_the_wall(contest)}
            if not set(counts) <= hung:
                raise Refused("not-hung", "有作品刚刚撤下了，请刷新再录", field="counts")
            members = _named(contest, names, slips + spoiled)
            batch = PaperBatch.create(
                contest=contest, slips=slips, spoiled=spoiled, entered_by=host, op_id=op_id, entered_at=now
            )  # fmt: skip
            for work, many in sorted(counts.items()):
                PaperCount.create(batch=batch, entry=work, slips=many)
            for member in members:
                PaperName.create(contest=contest, batch=batch, member=member)
            _record("enter paper", batch, contest, host, now, f"录入纸票 {slips + spoiled} 张")
            return batch
    except IntegrityError as error:  # the same form, or a name in another heap, was quicker
        if done := PaperBatch.get_or_none(first):
            return done
        raise Refused("named-twice", "名单里有邻居刚刚登记过纸票了", field="names") from error


def _checked_numbers(contest, counts, spoiled, slips):
    marks, most = sum(counts.values()), max(counts.values(), default=0)
    if any(many < 0 or many > MOST for many in (*counts.values(), spoiled)):
        raise Refused("bad-number", f"请填 0–{MOST} 的数", field="counts")
    if contest.choices == 1:
        slips = marks
    elif slips is None or not most <= slips <= marks <= slips * contest.choices:
        raise Refused("bad-number", f"对不上：每张纸票选 1–{contest.choices} 幅，同一幅只算一次，请再数一遍", field="slips")
    if not 1 <= slips + spoiled <= MOST:
        raise Refused("bad-number", f"先填上张数：一批 1–{MOST} 张纸票", field="counts")
    return slips


def _named(contest, names, most):
    """The neighbours of a list of names, each with her building where two have one name."""
    found = []
    for line in filter(None, (line.strip() for line in (names or "").splitlines())):
        alike = _called(contest, line)
        if len(alike) != 1:
            which = "没有找到" if not alike else "不止一位，请加上楼栋，比如「王阿姨 3栋」："
            raise Refused("who", f"{which}「{line[:20]}」", field="names")
        if PaperName.select().where((PaperName.contest == contest.id) & (PaperName.member == alike[0].id)).exists():
            raise Refused("named-twice", f"「{line[:20]}」已经登记过纸票了", field="names")
        found += alike
    if len({member.id for member in found}) != len(found):
        raise Refused("named-twice", "名单里有一位写了两遍", field="names")
    if len(found) > most:
        raise Refused("too-many-names", "名单比纸票还多，请再核对", field="names")
    return found


def _called(contest, line):
    name, _, building = line.rpartition(" ")
    here = (Membership.neighborhood == contest.neighborhood_id) & (Membership.status == "active")
    called = (User.name == line) | ((User.name == name.strip()) & (Membership.building == building))
    return list(Membership.select(Membership, User).join(User).where(here & called))


def may_confirm(batch, member):
    """Whether this neighbour may be the second person: known here, not who entered it, and with no work in the contest."""
    if member is None or member.id == batch.entered_by_id or not member.trusted:
        return False
    mine = (Entry.contest == batch.contest_id) & (Entry.author == member.id) & Entry.state.in_(HANGS)
    return not Entry.select().where(mine).exists()


def _decide(batch, state, member, now, reason=""):
    as_it_was = (PaperBatch.id == batch.id) & (PaperBatch.state == "entered")
    values = {"state": state, "second": member, "reason": reason, "decided_at": now}
    if (batch.state, state) not in TRANSITIONS or not PaperBatch.update(**values).where(as_it_was).execute():
        raise Refused("moved-on", "这批纸票刚刚处理过了，请刷新看看")
    batch.state = state


def confirm(batch, member, now):
    """The second person has counted the same: every slip becomes a ballot, and replaces what its voter, where she is named,
    chose on her phone."""
    if not may_confirm(batch, member):
        raise Refused("not-second", "要请另一位主理人认识、自己没有参赛的邻居来核对", status=403)
    with writing():
        contest = _for_paper(batch.contest, now)
        _decide(batch, "confirmed", member, now)
        hung = {entry.id for entry in entries.on_the_wall(contest)}
        for number, works in enumerate(_slips(batch), 1):
            left = [work for work in works if work in hung]
            kind, reason = ("cast", "") if left else ("void", "withdrawn" if works else "spoiled")
            key = electors.word(contest.salt, f"paper:{batch.id}:{number}")
            ballots.append(contest, key, None, kind=kind, channel="paper", choices=left, reason=reason)
        for name in list(batch.names.select(PaperName, Membership).join(Membership)):
            key = electors.key_of(contest, member=name.member)
            ballots.void(contest, key, ballots.live(contest, key), "paper", channel="paper")
            activity.record(name.member, "vote", contest.id, now)
        _record("confirm paper", batch, contest, member, now, f"核对了 {batch.slips + batch.spoiled} 张纸票")


def _slips(batch):
    """The works on each slip of a heap; which of them stood together nobody noted, so the marks are dealt out evenly: on no
    slip a work twice, on none more than it may hold. The sums are those of the heap."""
    slips = [[] for _ in range(batch.slips)]
    marks = [entry.id for entry, many in counts_of(batch) for _ in range(many)]
    for at, work in enumerate(marks):
        slips[at % batch.slips].append(work)
    return slips + [[] for _ in range(batch.spoiled)]


def reject(batch, member, now, reason):
    """The numbers are not these, says the second person; or whoever entered the heap takes it back. With a reason."""
    if member.id != batch.entered_by_id and not may_confirm(batch, member):
        raise Refused("not-second", "要请另一位主理人认识、自己没有参赛的邻居来核对", status=403)
    reason = audit.reason_of(reason)
    with writing():
        contest = contests.taken(batch.contest)
        _decide(batch, "rejected", member, now, reason)
        PaperName.delete().where(PaperName.batch == batch.id).execute()
        _record("reject paper", batch, contest, member, now, reason)


def fold(member, into):
    """What one membership entered, and where it is named, becomes the other's (db/merging.py)."""
    PaperBatch.update(entered_by=into.id).where(PaperBatch.entered_by == member.id).execute()
    there = PaperName.select(PaperName.contest).where(PaperName.member == into.id)
    PaperName.delete().where((PaperName.member == member.id) & PaperName.contest.in_(there)).execute()
    PaperName.update(member=into.id).where(PaperName.member == member.id).execute()


def forget_names(contest):
    """Who handed in paper is of no use once the ballots are counted."""
    PaperName.delete().where(PaperName.contest == contest.id).execute()


def _record(action, batch, contest, member, now, reason):
    audit.record(action, batch, actor=member.user, now=now, reason=reason, neighborhood=contest.neighborhood_id)
