"""计票: the ballots counted once from their rows, sealed in a chain that everybody can follow, and the way to every voter
destroyed; all in one transaction (R50, S21, I2, I10)."""

import hashlib
from datetime import timedelta

from peewee import JOIN, Case, CharField, FixedCharField, ForeignKeyField, IntegerField, chunked

from db import audit, ballots, bursts, contests, electors, notices, paper_batches, points, screening, voters
from db.ballots import Ballot
from db.base import Refused, Table, writing
from db.compiled import compiled
from db.contests import Contest
from db.entries import Entry
from db.members import Membership
from db.people import User
from db.photos import Photo
from db.words import clean_text

WAITS = timedelta(hours=1)  # after the close, for slips that are still being counted by hand
BEGINNING = "0" * 64
PAGE = 200
COUNTED = {"counted": "计入", "waiting": "待确认，没有计入", "left_out": "留着看过，没有计入", "void": "作废"}


class Tally(Table):
    """What a work was given, by channel; it does not change any more."""

    contest = ForeignKeyField(Contest, backref="+", index=False)
    entry = ForeignKeyField(Entry, backref="+")
    members = IntegerField(default=0)
    visitors = IntegerField(default=0)
    paper = IntegerField(default=0)
    total = IntegerField(default=0)  # by the contest's rule: visitors apart or added
    rank = IntegerField(default=0)  # the same for equal totals; 0 for a work that was taken off after the count

    class Meta:
        indexes = ((("contest", "entry"), True),)


class BallotSeal(Table):
    """A link of the chain: one ballot's public line, in the order of receipts; `hash` covers it and the hash before."""

    contest = ForeignKeyField(Contest, backref="+", index=False)
    seq = IntegerField()
    receipt = CharField(max_length=12, unique=True)
    line = CharField(max_length=160)
    prev_hash = FixedCharField(max_length=64)
    hash = FixedCharField(max_length=64)

    class Meta:
        indexes = ((("contest", "seq"), True),)

    @property
    def parts(self):
        """(channel, numbers of the works, what was done with it) as its line says."""
        _, _, channel, works, state = self.line.split("|")
        return ballots.CHANNELS[channel], works.replace(",", "、"), state


def _state_of(ballot, holds):
    if ballot.kind != "cast":
        return ballot.kind
    return "left_out" if holds.get(ballot.voter_key) == "left_out" else "counted"


def _rows(contest):
    """[(ballot that stands, what is done with it)] in the order of receipts."""
    holds = bursts.states_by_key(contest)
    return [(ballot, _state_of(ballot, holds)) for ballot in voters.standing_ballots(contest).values()]


def totals_from_rows(contest):
    """{work's id: {members, visitors, paper}}, counted again from the ballots themselves."""
    totals = {}
    for ballot, state in _rows(contest):
        for work in ballot.chosen if state == "counted" else ():
            column = {"visitor": "visitors", "paper": "paper"}.get(ballot.channel, "members")
            given = totals.setdefault(work, {"members": 0, "visitors": 0, "paper": 0})
            given[column] += 1
    return totals


def chain_from_rows(contest):
    """[(receipt, line, hash before, hash)], made again from the ballots themselves."""
    numbers = {entry.id: entry.no for entry in Entry.select(Entry.id, Entry.no).where(Entry.contest == contest.id)}
    links, before = [], BEGINNING
    for ballot, state in _rows(contest):
        works = ",".join(map(str, sorted(numbers[work] for work in ballot.chosen)))
        line = f"{contest.id}|{ballot.receipt}|{ballot.channel}|{works}|{state}"
        after = hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()
        links.append((ballot.receipt, line, before, after))
        before = after
    return links


def waits_for(contest, now):
    """What keeps the ballots from being counted, in words; empty when nothing does."""
    found = []
    if batches := paper_batches.unconfirmed(contest):
        found.append(f"{batches} 批纸票还没有第二位邻居核对")
    if held := bursts.undecided(contest):
        found.append(f"{held} 张留着的票等主理人看")
    if now < contest.voting_closes_at + WAITS:
        found.append("截止后留一小时，给纸票")
    return found


def settle(contest, now):
    """Count the ballots of a closed vote, once, if nothing is waited for; True where this call did it.

    In one transaction: what each work was given, the chain of public lines, and the end of every way from a ballot to its
    voter: the salt, the traces, the names on paper, and the order in which the rows lay."""
    with writing():
        contest = contests.taken(contest)
        if contest.state != "counting" or contest.settled_at or waits_for(contest, now):
            return False
        totals = totals_from_rows(contest)
        hung = [entry.id for entry in Entry.select().where((Entry.contest == contest.id) & (Entry.state == "approved"))]
        fresh = []
        for work in sorted({*hung, *totals}):  # also works whose author was forgotten meanwhile: their ballots stand in the list
            given = totals.get(work, {"members": 0, "visitors": 0, "paper": 0})
            total = given["members"] + given["paper"] + (given["visitors"] if contest.visitors == "added" else 0)
            fresh.append(given | {"contest": contest.id, "entry": work, "total": total, "rank": 0})
        Tally.insert_many(fresh).execute()
        rank(contest)
        _seal(contest)
        forget_voters(contest)
        Contest.update(settled_at=now).where(Contest.id == contest.id).execute()
        sentence = f"《{contest.title}》的票点好了。写几句结果，就可以揭晓"
        url = f"{bursts.desk_path(contest)}/outcome"
        notices.tell(bursts.hosts_of(contest), "desk", sentence, url, now, neighborhood=contest.neighborhood_id)
    return True


def settle_due(now):
    """Count what can be counted (the clock calls it every minute); gives how many contests that were."""
    closed = (Contest.state == "counting") & Contest.settled_at.is_null()
    return sum(settle(contest, now) for contest in list(Contest.select().where(closed)))


def rank(contest):
    """Give the works that hang their places: equal totals share one, and the places after it stay empty. In a transaction."""
    hung = (Entry.state == "approved") & (Tally.contest == contest.id)
    Tally.update(rank=0).where(Tally.contest == contest.id).execute()
    rows = list(Tally.select(Tally.id, Tally.total).join(Entry).where(hung).order_by(Tally.total.desc()))
    for at, row in enumerate(rows, 1):
        same = at > 1 and rows[at - 2].total == row.total
        row.rank = rows[at - 2].rank if same else at
        Tally.update(rank=row.rank).where(Tally.id == row.id).execute()


def _seal(contest):
    links = [
        {"contest": contest.id, "seq": seq, "receipt": receipt, "line": line, "prev_hash": before, "hash": after}
        for seq, (receipt, line, before, after) in enumerate(chain_from_rows(contest), 1)
    ]
    for some in chunked(links, 100):
        BallotSeal.insert_many(some).execute()


@compiled
def _untrace(receipt):
    """Why a ballot became void goes as well: it would say which key was that of somebody who moved away."""
    plain = Case(None, [(Ballot.kind == "void", "void")], "")
    return Ballot.update(device=None, network=None, minute=None, reason=plain).where(Ballot.receipt == receipt)


def forget_voters(contest):
    """The end of every way from a ballot to its voter (I10). Each row is written anew in the order of receipts, so that where it
    lies in the file of PostgreSQL tells nothing either. In a transaction."""
    for ballot in list(Ballot.select(Ballot.receipt).where(Ballot.contest == contest.id).order_by(Ballot.receipt)):
        _untrace(receipt=ballot.receipt)
    paper_batches.forget_names(contest)
    Contest.update(salt="").where(Contest.id == contest.id).execute()


def forget_cancelled():
    """The same for contests that were called off: nobody counts their ballots."""
    done = 0
    for contest in list(Contest.select().where((Contest.state == "cancelled") & (Contest.salt != ""))):
        with writing():
            contests.taken(contest)
            forget_voters(contest)
            done += 1
    return done


def results(contest, *, gone=False):
    """Its works by rank, each with what it was given, photo and author; for the host once counted, for all once published.
    With `gone` those too that were taken off after the count, at the end: their ballots are in the list of all."""
    query = Tally.select(Tally, Entry, Photo, Membership, User).join(Entry).join(Photo, JOIN.LEFT_OUTER).switch(Entry)
    query = query.join(Membership).join(User).where((Tally.contest == contest.id) & (Tally.rank >= (0 if gone else 1)))
    return list(query.order_by(Tally.rank == 0, Tally.rank, Entry.no))


def readable_by(contest, member):
    """Whether this viewer may see the result."""
    if contest.state in {"published", "archived"}:
        return True
    return contest.settled_at is not None and member is not None and member.is_host


def publish(contest, host, now, outcome):
    """Make the result known, with the host's words on it (4–1000 characters); authors and voters are told."""
    outcome = clean_text(outcome, 1000, "outcome", "结果")
    if len(outcome) < 4:
        raise Refused("outcome-needed", "写几句结果吧：谁得了奖、什么时候领、谢谢谁（4–1000 个字）", field="outcome")
    screening.check(outcome, "outcome")
    with writing():
        contest = contests.taken(contest)
        if contest.settled_at is None:
            raise Refused("not-counted", "票还没点完，先等一等")
        told = _tell_authors(contest, now)
        others = [user for user in voters.told_of(contest) if user not in told]
        sentence, url = f"《{contest.title}》揭晓了，您投过票，来看看结果", contests.path(contest)
        notices.tell(others, "contest", sentence, url, now, neighborhood=contest.neighborhood_id, key=f"Contest {contest.id} out")
        reason = f"公布《{contest.title}》的结果"
        audit.record("publish contest", contest, actor=host.user, now=now, reason=reason, neighborhood=contest.neighborhood_id)
        won = [row.entry for row in results(contest) if row.rank == 1 and row.total]
        for entry in sorted(won, key=lambda each: each.author_id):  # accounts are taken in the order of their ids
            points.earn(entry.author, "win", "Entry", entry.id, now)
        contests.move(contest, "counting", "published", outcome=outcome, published_at=now)


def _tell_authors(contest, now):
    best = {}
    for row in results(contest):
        best.setdefault(row.entry.author.user_id, row)
    url, place = contests.path(contest), contest.neighborhood_id
    for user, row in best.items():
        won = row.rank == 1 and row.total > 0
        place_told = "得票最多，恭喜！" if won else f"排在第 {row.rank}，得了 {row.total} 票，谢谢您的作品"
        sentence = f"《{contest.title}》揭晓了：您的《{row.entry.caption}》{place_told}"
        notices.tell([user], "contest", sentence, url, now, neighborhood=place, key=f"Contest {contest.id} out")
    return set(best)


def check(contest):
    """(totals from the rows, head of the chain, whether rows, tally and chain agree): what anybody may ask again."""
    totals, chain = totals_from_rows(contest), chain_from_rows(contest)
    kept = [(seal.receipt, seal.line, seal.prev_hash, seal.hash) for seal in seals(contest)]
    counted = {row.entry_id: {name: getattr(row, name) for name in ("members", "visitors", "paper")} for row in _tallies(contest)}
    nothing = {"members": 0, "visitors": 0, "paper": 0}
    agree = kept == chain and all(counted.get(work) == totals.get(work, nothing) for work in {*totals, *counted})
    return totals, head(contest), agree


def _tallies(contest):
    return Tally.select().where(Tally.contest == contest.id)


def seals(contest, after=0, limit=None, receipt=""):
    """The public lines of its ballots in the order of the chain, from after a place on; or the one that stands for a receipt,
    which is that of the same voter's last turn: she may have changed her mind, or been met by the host, after she noted it."""
    query = BallotSeal.select().where((BallotSeal.contest == contest.id) & (BallotSeal.seq > after)).order_by(BallotSeal.seq)
    if receipt:
        query = query.where(BallotSeal.receipt == ballots.last_of(contest, receipt))
    return list(query.limit(limit))


def head(contest):
    """The last hash of the chain; it covers every ballot."""
    last = BallotSeal.select().where(BallotSeal.contest == contest.id).order_by(BallotSeal.seq.desc()).first()
    return last.hash if last else BEGINNING


def sums(contest):
    """{what was done: how many ballots}, for the page of receipts."""
    counted = dict.fromkeys(COUNTED, 0)
    for seal in BallotSeal.select(BallotSeal.line).where(BallotSeal.contest == contest.id):
        counted[seal.line.rpartition("|")[2]] += 1
    return counted


def holds_by_receipt(contest):
    """{receipt of the ballot that stands: its hold}, whatever its voter chose when it was held."""
    held = {hold.ballot.voter_key: hold for hold in bursts.listed(contest)}
    if not held:
        return {}
    return {each.receipt: held[key] for key, each in voters.standing_ballots(contest).items() if key in held}


def electorate(contest):
    """(on the roll, verified when the vote began), for the page of receipts."""
    return electors.size(contest)
