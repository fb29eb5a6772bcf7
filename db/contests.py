"""比赛: a call for photos, a wall, a vote, a result (R35, R45). Which phase it is in is what the clock says of its dates.

`Contest.phase(now)` is the one place that knows; the column `state` only follows it (`advance`), where a change has effects.
"""

from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, TextField

from db import audit, limits, notices, screening
from db.base import Refused, Table, database, hold, on_sqlite, writing
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.words import clean_line, clean_text

PHASES = {
    "draft": "草稿",
    "coming": "即将开始",
    "collecting": "征集中",
    "screening": "初筛",
    "voting": "投票中",
    "counting": "计票公示",
    "published": "已揭晓",
    "archived": "往期",
    "cancelled": "已取消",
}
TRANSITIONS = {
    ("draft", "collecting"),  # the host opens it
    ("collecting", "screening"),  # by the clock, as the next two are
    ("screening", "voting"),  # with two works at least
    ("voting", "counting"),
    ("counting", "published"),  # the host, with some words on the outcome (db/tallies.py)
    ("published", "archived"),
    *((phase, "cancelled") for phase in ("draft", "collecting", "screening", "voting", "counting")),
}
VOTERS = {"known": "认识的邻居：当面核验过、绑过手机或发过三条帖子", "joined": "投票开始前已经坐下的每一位邻居"}
VISITORS = {"none": "只有邻居投票", "apart": "来逛市集的访客也能投，单独一列，不计入名次", "added": "访客票一起计入名次"}
LEAST_WORKS = 2
MOST_EACH, MOST_CHOICES = 5, 5
LONGEST = timedelta(days=120)
IN_SIGHT = timedelta(days=14)  # a result stays on the living room's wall this long
ARCHIVED_AFTER = timedelta(days=90)

PRESETS = {
    "photo": (
        "我眼中的春天",
        "拍一张小区里的春天：一朵花、一缕光、一张笑脸都可以。手机拍的就好，请用自己拍的照片。",
        "最美春日：作品装裱留念",
    ),
    "orders": ("晒单有礼", "晒一晒您买到的好东西：实物照片，加一句真心话。", "点赞最暖的三位邻居，各得一份小礼物"),
    "food": ("美食DIY大赛", "做一道拿手的，拍下来。写上名字和一句做法，邻居们好跟着学。", "最想吃一口：厨房好物一份"),
    "balcony": ("我家的阳台花园", "阳台、窗台、门口的一小盆都算。拍拍它们现在的样子。", "最绿的一角：种子和工具包"),
    "blank": ("", "", ""),
}


class Contest(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    preset = CharField(max_length=10, default="blank")
    title = CharField(max_length=30)
    rules = TextField(default="")
    prizes = CharField(max_length=200, default="")
    opens_at = DateTimeField()
    entries_close_at = DateTimeField()
    voting_opens_at = DateTimeField()
    voting_closes_at = DateTimeField()
    entries_each = IntegerField(default=1)
    choices = IntegerField(default=1)  # so many works a voter may choose
    voters = CharField(max_length=10, default="known")  # see VOTERS
    visitors = CharField(max_length=10, default="apart")  # see VISITORS
    paper = BooleanField(default=True)  # whether paper ballots are given out
    state = CharField(max_length=10, default="draft")  # as far as it was carried; ask phase(now)
    approved = IntegerField(default=0)  # works on the wall
    last_no = IntegerField(default=0)  # the number the latest work was given
    salt = CharField(max_length=64, default="")  # of the voters' keys; gone once the ballots are counted (db/ballots.py)
    outcome = TextField(default="")  # the host's words on the result
    reason = CharField(max_length=200, default="")  # why it was cancelled
    created_by = ForeignKeyField(Membership, backref="+")
    op_id = CharField(max_length=40)
    created_at = DateTimeField()
    settled_at = DateTimeField(null=True)  # when the ballots were counted
    published_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("neighborhood", "state", "voting_closes_at"), False), (("created_by", "op_id"), True))
        constraints = [
            Check(
                "opens_at < entries_close_at AND entries_close_at <= voting_opens_at AND voting_opens_at < voting_closes_at",
                name="contest_dates",
            ),
            Check("approved >= 0 AND entries_each BETWEEN 1 AND 5 AND choices BETWEEN 1 AND 5", name="contest_counts"),
        ]

    def phase(self, now):
        """Where it stands at this moment; every banner, rule and job asks here (G15)."""
        if self.state in {"draft", "published", "archived", "cancelled"}:
            return self.state
        if now < self.opens_at:
            return "coming"
        if now < self.entries_close_at:
            return "collecting"
        if now < self.voting_opens_at or (self.state not in {"voting", "counting"} and self.approved < LEAST_WORKS):
            return "screening"
        return "voting" if now < self.voting_closes_at else "counting"

    def phase_name(self, now):
        return PHASES[self.phase(now)]

    def takes_entries(self, now):
        return self.phase(now) == "collecting"

    def takes_votes(self, now):
        return self.phase(now) == "voting"

    def deadline(self, now):
        """The next moment something changes by the clock, or None."""
        dates = {"coming": self.opens_at, "collecting": self.entries_close_at, "screening": self.voting_opens_at}
        return dates.get(self.phase(now)) or (self.voting_closes_at if self.phase(now) == "voting" else None)

    def short_of_works(self, now):
        """Whether the vote should have begun, and there are not two works to choose from."""
        return self.phase(now) == "screening" and now >= self.voting_opens_at

    def seen_by(self, member):
        """Drafts are the host's; everything else is for all, guests too."""
        return self.state != "draft" or (member is not None and member.is_host)

    @property
    def open_to_visitors(self):
        return self.visitors != "none"


class ContestNote(Table):
    """What everybody may read about a contest that went differently: dates moved, and why it was cancelled."""

    contest = ForeignKeyField(Contest, backref="notes", on_delete="CASCADE")
    sentence = CharField(max_length=240)
    at = DateTimeField()


def find(neighborhood, contest_id):
    """The contest with this id in this 小区, with whoever made it, or None (G1)."""
    return (
        Contest.select(Contest, Membership, User)
        .join(Membership)
        .join(User)
        .where((Contest.id == contest_id) & (Contest.neighborhood == neighborhood.id))
        .first()
    )


def listed(neighborhood, *, drafts=False, limit=60):
    """The contests of a 小区, the latest first; drafts only for its host."""
    wanted = Contest.neighborhood == neighborhood.id
    if not drafts:
        wanted &= Contest.state != "draft"
    return list(Contest.select().where(wanted).order_by(Contest.opens_at.desc(), Contest.id.desc()).limit(limit))


def notes_of(contest):
    """What everybody may read about changed dates, the latest first."""
    return list(contest.notes.order_by(ContestNote.id.desc()))


def _checked_words(title, rules, prizes):
    title = clean_line(title, 30, "title", "名称")
    if len(title) < 2:
        raise Refused("bad-title", "给比赛起个名字吧（2–30 个字）", field="title")
    rules, prizes = clean_text(rules, 2000, "rules", "说明"), clean_line(prizes, 200, "prizes", "奖励")
    for words, field in ((title, "title"), (rules, "rules"), (prizes, "prizes")):
        screening.check(words, field)
    return {"title": title, "rules": rules, "prizes": prizes}


def _check_dates(now, opens_at, entries_close_at, voting_opens_at, voting_closes_at):
    if entries_close_at <= max(opens_at, now):
        raise Refused("bad-dates", "征集截止要晚于开始，也要晚于现在", field="entries_close_at")
    if voting_opens_at < entries_close_at:
        raise Refused("bad-dates", "投票要在征集截止之后开始", field="voting_opens_at")
    if voting_closes_at <= voting_opens_at:
        raise Refused("bad-dates", "投票截止要晚于投票开始", field="voting_closes_at")
    if voting_closes_at - opens_at > LONGEST:
        raise Refused("bad-dates", "一场比赛最长 120 天，久了大家就忘了", field="voting_closes_at")


def _checked_how(entries_each, choices, voters, visitors):
    if not isinstance(entries_each, int) or not 1 <= entries_each <= MOST_EACH:
        raise Refused("bad-number", f"每人 1–{MOST_EACH} 幅", field="entries_each")
    if not isinstance(choices, int) or not 1 <= choices <= MOST_CHOICES:
        raise Refused("bad-number", f"每人选 1–{MOST_CHOICES} 幅", field="choices")
    if voters not in VOTERS:
        raise Refused("bad-voters", "请选择谁可以投票", field="voters")
    if visitors not in VISITORS:
        raise Refused("bad-visitors", "请选择访客能不能投票", field="visitors")
    return {"entries_each": entries_each, "choices": choices, "voters": voters, "visitors": visitors}


def create(
    host, now, *, op_id, preset="blank", title, rules="", prizes="", opens_at, entries_close_at, voting_opens_at,
    voting_closes_at, entries_each=1, choices=1, voters="known", visitors="apart", paper=True,
):  # fmt: skip
    """A contest as its host plans it, still a draft; the same `op_id` again gives the first one back. Times UTC (R35, R45)."""
    if preset not in PRESETS:
        raise Refused("bad-preset", "没有这种比赛", field="preset")
    values = _checked_words(title, rules, prizes) | _checked_how(entries_each, choices, voters, visitors)
    _check_dates(now, opens_at, entries_close_at, voting_opens_at, voting_closes_at)
    first = (Contest.created_by == host.id) & (Contest.op_id == op_id)
    try:
        with writing():
            if done := Contest.get_or_none(first):
                return done
            limits.spend("contest", f"member {host.id}", now)
            return Contest.create(
                neighborhood=host.neighborhood_id, preset=preset, opens_at=opens_at, entries_close_at=entries_close_at,
                voting_opens_at=voting_opens_at, voting_closes_at=voting_closes_at, paper=bool(paper), 
                created_by=host, op_id=op_id, created_at=now, **values,
            )  # fmt: skip
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return Contest.get(first)


def rewrite(contest, host, now, *, title, rules="", prizes="", **how):
    """The host's new words. Dates and how one votes (`how`: as in `create`) change in a draft only: neighbours enter under
    rules they have read; words, until the vote begins (I3)."""
    values = _checked_words(title, rules, prizes)
    with writing():
        contest = taken(contest)
        if contest.phase(now) not in {"draft", "coming", "collecting", "screening"}:
            raise Refused("frozen", "投票开始以后，规则就不能改了")
        if contest.state == "draft" and how:
            dates = {name: how[name] for name in ("opens_at", "entries_close_at", "voting_opens_at", "voting_closes_at")}
            _check_dates(now, **dates)
            values |= _checked_how(how["entries_each"], how["choices"], how["voters"], how["visitors"])
            values |= dates | {"paper": bool(how["paper"])}
        Contest.update(**values).where(Contest.id == contest.id).execute()
        if contest.state != "draft":
            before = {"title": contest.title, "rules": contest.rules[:200], "prizes": contest.prizes}
            _record(
                "edit contest", contest, host, now, "比赛说明改了几个字", before, {name: values[name][:200] for name in before}
            )
        refresh(contest.neighborhood_id)


CASTING = 0xBA110  # any number, the same for every process


def share(contest_id):
    """Who votes shares the contest until her transaction ends: voters do not wait for one another, and who has it `taken` waits
    for them, as they for her. No row is touched: sixteen who lock one row keep PostgreSQL busier with it than with votes."""
    if not on_sqlite():
        database.execute_sql("SELECT pg_advisory_xact_lock_shared(%s, %s)", (CASTING, contest_id))


def taken(contest):
    """The contest as it stands now, its row taken until this transaction ends: what changes it goes one after the other."""
    if not on_sqlite():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", (CASTING, contest.id))
    hold(Contest, Contest.id == contest.id)
    return Contest.get_by_id(contest.id)


def moved_on():
    """The refusal for whoever acts on a contest that changed meanwhile (409)."""
    return Refused("moved-on", "这场比赛刚刚变了，请刷新看看")


def move(contest, source, to, **values):
    """Carry a contest along one arrow of TRANSITIONS, in the caller's transaction; refused where it is not there any more."""
    if (source, to) not in TRANSITIONS:
        raise moved_on()
    if not Contest.update(state=to, **values).where((Contest.id == contest.id) & (Contest.state == source)).execute():
        raise moved_on()
    contest.state = to
    refresh(contest.neighborhood_id)


def _record(action, contest, host, now, reason, before=None, after=None):
    user, place = getattr(host, "user", host), contest.neighborhood_id
    audit.record(action, contest, actor=user, now=now, reason=reason, neighborhood=place, before=before, after=after)


def start(contest, host, now):
    """Open a draft: neighbours see it, and send their works from `opens_at` on. A beginning that has passed becomes now."""
    with writing():
        contest = taken(contest)
        _check_dates(now, contest.opens_at, contest.entries_close_at, contest.voting_opens_at, contest.voting_closes_at)
        _record("open contest", contest, host, now, "比赛开始征集")
        move(contest, contest.state, "collecting", opens_at=max(contest.opens_at, now))


def postpone(contest, host, now, *, until, note):
    """Give more time: `until` (UTC) takes the place of the next deadline, before it has passed, and what comes after it moves
    as far. Everybody reads the note (4–200 characters); later only, never earlier."""
    note = audit.reason_of(note)
    with writing():
        contest = taken(contest)
        phase, deadline = contest.phase(now), contest.deadline(now)
        if phase not in {"collecting", "screening", "voting"} or deadline <= now:
            raise Refused("too-late", "截止时间已经过了，不能再延长")
        if until <= deadline:
            raise Refused("not-later", "新的时间要比原来的晚", field="until")
        too_long = Refused("bad-dates", "一场比赛最长 120 天，久了大家就忘了", field="until")
        if until - contest.opens_at > LONGEST:  # asked first: what follows could not count that far
            raise too_long
        order = ("entries_close_at", "voting_opens_at", "voting_closes_at")
        first = {"collecting": 0, "screening": 1, "voting": 2}[phase]
        moved = {name: getattr(contest, name) + (until - deadline) for name in order[first:]}
        if moved["voting_closes_at"] - contest.opens_at > LONGEST:
            raise too_long
        Contest.update(**moved).where(Contest.id == contest.id).execute()
        ContestNote.create(contest=contest, sentence=f"延长到 {said(until)}：{note}", at=now)
        before = {name: getattr(contest, name) for name in moved}
        _record("extend contest", contest, host, now, note, before, moved)
        refresh(contest.neighborhood_id)


def said(moment):
    """A moment in Shanghai as a notice says it: 3月20日 12:00."""
    there = moment + notices.SHANGHAI
    return f"{there.month}月{there.day}日 {there:%H:%M}"


def cancel(contest, host, now, reason, *, tell=()):
    """Call it off before it is published, with a reason everybody reads; its authors and voters (`tell`) hear of it."""
    reason = audit.reason_of(reason)
    with writing():
        contest = taken(contest)
        ContestNote.create(contest=contest, sentence=f"已取消：{reason}", at=now)
        _record("cancel contest", contest, host, now, reason)
        sentence, place = f"《{contest.title}》取消了：{reason}", contest.neighborhood_id
        notices.tell(tell, "contest", sentence, path(contest), now, neighborhood=place)
        move(contest, contest.state, "cancelled", reason=reason)


def path(contest):
    """Where its page is."""
    slug = Neighborhood.select(Neighborhood.slug).where(Neighborhood.id == contest.neighborhood_id).scalar()
    return f"/n/{slug}/contests/{contest.id}"


def due(now):
    """The contests that the clock has moved on and whose rows have not followed yet."""
    running = Contest.select().where(Contest.state.in_(("collecting", "screening", "voting", "published")))
    return [contest for contest in running if next_of(contest, now)]


def next_of(contest, now):
    """The state the clock carries it to next, or None where it is as far as it should be."""
    if contest.state == "published":
        return "archived" if now >= contest.published_at + ARCHIVED_AFTER else None
    line = ("collecting", "screening", "voting", "counting")
    phase = contest.phase(now)
    behind = contest.state in line and phase in line and line.index(contest.state) < line.index(phase)
    return line[line.index(contest.state) + 1] if behind else None
