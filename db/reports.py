"""举报: a neighbour says that something is wrong; somebody owns it, and everybody who reported gets an answer (X2).

A report about a host never goes to the host, but to the district officer; so does every appeal. Where there is no officer, HQ."""

from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField, IntegrityError, fn

from db import audit, hooks, limits, notices, reviews, subjects
from db.base import Refused, Table, writing
from db.compiled import compiled
from db.members import HOSTS, Membership
from db.neighborhoods import District, Neighborhood
from db.people import User
from db.words import clean_line

REASONS = {
    "ad": "广告或推销",
    "rude": "不友善、让人难受",
    "private": "泄露了别人的隐私",
    "child": "有孩子的照片，家长没有同意",
    "false": "说的不是事实",
    "other": "别的原因",
}
URGENT = ("child",)  # out of sight at once, until somebody has looked (G10)
ENOUGH, WITHIN = 3, timedelta(hours=24)  # so many different reporters in so long hide a thing until somebody has looked
APPEAL_LIFE = timedelta(days=7)

TRANSITIONS = {
    ("open", "handling"),  # somebody takes it
    ("open", "upheld"),
    ("open", "dismissed"),
    ("handling", "upheld"),
    ("handling", "dismissed"),
    ("upheld", "appealed"),  # the author asks the district officer
    ("dismissed", "appealed"),  # the reporter does
    ("appealed", "final"),
}
OPEN = ("open", "handling")


class Report(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    object_type = CharField(max_length=10)  # as db/subjects.py calls it
    object_id = IntegerField()
    about = ForeignKeyField(Membership, backref="+")
    reporter = ForeignKeyField(Membership, backref="+")  # of an appeal without a report: the author
    reason = CharField(max_length=10)  # a key of REASONS, or appeal
    words = CharField(max_length=200, default="")
    state = CharField(max_length=10, default="open")  # see TRANSITIONS
    level = CharField(max_length=10)  # host | district: whose desk it lies on
    handler = ForeignKeyField(User, null=True, backref="+")
    answer = CharField(max_length=200, default="")
    outcome = CharField(max_length=10, default="")  # upheld | dismissed
    appeal_words = CharField(max_length=200, default="")
    created_at = DateTimeField()
    decided_at = DateTimeField(null=True)

    class Meta:
        indexes = (
            (("reporter", "object_type", "object_id"), True),
            (("neighborhood", "level", "state", "id"), False),
            (("object_type", "object_id", "state"), False),
        )


def thing_of(report):
    """What a report is about, or None where it is gone."""
    return subjects.FIND[report.object_type](report.neighborhood, report.object_id)


def officers(neighborhood):
    """The users who look after the hosts of this 小区: its district officer, or all of HQ where there is none."""
    officer = (
        User.select()
        .join(District, on=District.officer == User.id)
        .join(Neighborhood, on=Neighborhood.district == District.id)
        .where((Neighborhood.id == neighborhood.id) & (User.status == "active"))
    )
    return list(officer) or list(User.select().where((User.staff == "hq") & (User.status == "active")))


def _hosts(neighborhood):
    here = (Membership.neighborhood == neighborhood.id) & (Membership.status == "active") & Membership.role.in_(HOSTS)
    return [member.user_id for member in Membership.select().where(here)]


def _call(report, sentence, now):
    """Tell whoever's desk it lies on."""
    place = report.neighborhood
    if report.level == "host":
        notices.tell(_hosts(place), "desk", sentence, f"/n/{place.slug}/desk/reports", now, neighborhood=place)
    else:
        notices.tell(officers(place), "desk", sentence, "/district/reports", now, neighborhood=place)


def file(member, thing, now, *, reason, words=""):
    """Report what stands for all to see in one's own 小区. The same person's second report of it is the first one again.

    Three reporters within a day hide it until somebody has looked; a child's photo is hidden at once. Refused beside the
    field: no reason, 别的原因 without words; as a conflict: one's own, or not to be seen any more."""
    if reason not in REASONS:
        raise Refused("reason-needed", "请选一个原因", field="why")
    words = clean_line(words, 200, "words", "说明")
    if reason == "other" and len(words) < 4:
        raise Refused("words-needed", "请写几个字，说说哪里不对", field="words")
    if thing.author_id == member.id:
        raise Refused("own", "这是您自己发的，可以直接修改或删除")
    mine = (Report.reporter == member.id) & (Report.object_type == subjects.kind_of(thing)) & (Report.object_id == thing.id)
    if first := Report.get_or_none(mine):
        return first
    if not subjects.stands(thing):
        raise Refused("not-published", "这条内容已经看不到了，主理人会处理的")
    limits.spend("report", f"member {member.id}", now)
    try:
        with writing():
            return _write(member, thing, now, reason, words)
    except IntegrityError:  # the same tap, at the same moment, was quicker
        return Report.get(mine)


def _write(member, thing, now, reason, words):
    subjects.held(thing)
    report = Report.create(
        neighborhood=member.neighborhood,
        object_type=subjects.kind_of(thing),
        object_id=thing.id,
        about=thing.author_id,
        reporter=member,
        reason=reason,
        words=words,
        level="district" if thing.author.is_host else "host",
        created_at=now,
    )
    lately = (Report.object_type == report.object_type) & (Report.object_id == thing.id) & (Report.created_at > now - WITHIN)
    many = Report.select(fn.COUNT(Report.id)).where(lately & Report.state.in_(OPEN)).scalar()
    _call(report, f"有人举报：{REASONS[reason]}", now)
    if reason in URGENT or many >= ENOUGH:
        current = thing_of(report)
        if subjects.stands(current):
            why = "家长说照片里有孩子，先收起来，等主理人看" if reason in URGENT else "好几位邻居举报，先收起来，等主理人看"
            subjects.hide(current, None, member.neighborhood, now, why)
        if report.level == "host":  # what is about a host is not for the group of the 小区
            hooks.urgent(member.neighborhood, why, now)
    return report


def find(neighborhood, report_id, level):
    """A report of this 小区 on this desk, or None: what is about a host does not exist for the host."""
    return (
        Report.select(Report, Neighborhood)
        .join(Neighborhood)
        .where((Report.id == report_id) & (Report.neighborhood == neighborhood.id) & (Report.level == level))
        .first()
    )


def find_for_officer(neighborhoods, report_id):
    """A report on the district's desk in one of these 小区, or None."""
    here = Report.neighborhood.in_([place.id for place in neighborhoods]) & (Report.level == "district")
    return Report.select(Report, Neighborhood).join(Neighborhood).where((Report.id == report_id) & here).first()


def of_mine(member, report_id):
    """A report that this neighbour made, or that was about her and is decided; None for any other."""
    mine = (Report.reporter == member.id) | ((Report.about == member.id) & Report.state.in_(("upheld", "appealed", "final")))
    return Report.select(Report, Neighborhood).join(Neighborhood).where((Report.id == report_id) & mine).first()


def _listed(wanted, limit):
    who = Membership.alias(), User.alias()
    return list(
        Report.select(Report, Neighborhood, *who)
        .join(Neighborhood)
        .switch(Report)
        .join(who[0], on=Report.reporter == who[0].id, attr="reporter")
        .join(who[1], on=who[0].user == who[1].id, attr="user")
        .where(wanted)
        .order_by(Report.id.desc())
        .limit(limit)
    )


def on_desk(neighborhood, *, done=False, limit=50):
    """The host's reports: those that wait for an answer, or those that were answered; never one about a host."""
    states = ("upheld", "dismissed", "appealed", "final") if done else OPEN
    wanted = (Report.neighborhood == neighborhood.id) & (Report.level == "host") & Report.state.in_(states)
    return _listed(wanted, limit)


def for_officer(neighborhoods, *, done=False, limit=100):
    """What lies on the desk of this district officer, or of HQ: reports about hosts, and appeals, of these 小区."""
    states = ("final", "upheld", "dismissed") if done else (*OPEN, "appealed")
    wanted = Report.neighborhood.in_([place.id for place in neighborhoods]) & Report.state.in_(states)
    return _listed(wanted & (Report.level == "district"), limit)


def by(member, limit=30):
    """What this neighbour has reported, with the answers, latest first."""
    return list(Report.select().where(Report.reporter == member.id).order_by(Report.id.desc()).limit(limit))


def against(member, limit=30):
    """What was decided against something of this neighbour's: she may appeal. Who reported it she is not told."""
    decided = Report.state.in_(("upheld", "appealed", "final")) & (Report.reporter != member.id)
    return list(Report.select().where((Report.about == member.id) & decided).order_by(Report.id.desc()).limit(limit))


@compiled
def _open(neighborhood):
    open_ones = Report.state.in_(list(OPEN)) & (Report.level == "host")
    return Report.select(fn.COUNT(Report.id)).where((Report.neighborhood == neighborhood) & open_ones)


def count_open(neighborhood):
    """How many reports wait on the host's desk."""
    return _open(neighborhood=neighborhood.id)[0][0]


def _move(report, to, **values):
    sources = [source for source, target in TRANSITIONS if target == to]
    here = (Report.id == report.id) & (Report.state == report.state) & Report.state.in_(sources)
    if not Report.update(state=to, **values).where(here).execute():
        raise Refused("moved-on", "这条举报刚刚有人处理过了，请刷新看看")


def take(report, actor, now):
    """This is mine to look at: from now on it has an owner (G8)."""
    with writing():
        _move(report, "handling", handler=actor)
        _note("take report", report, actor, now, "接手处理举报")


def _note(action, report, actor, now, reason):
    audit.record(action, report, actor=actor, now=now, reason=reason, neighborhood=report.neighborhood_id)


def decide(report, actor, now, *, uphold, answer):
    """Answer a report, and with it all open ones of the same thing: upheld, the thing is hidden; dismissed, it is shown again
    if only the reports had hidden it. Every reporter gets the answer. Refused for a host in her own case."""
    answer = audit.reason_of(answer)
    if report.about.user_id == actor.id:
        raise Refused("own-case", "举报的是您自己，请片区运营官来看", status=403)
    thing, to = thing_of(report), "upheld" if uphold else "dismissed"
    with writing():
        same = (Report.object_type == report.object_type) & (Report.object_id == report.object_id) & Report.state.in_(OPEN)
        together = list(Report.select().where(same & (Report.level == report.level)).order_by(Report.id))
        _move(report, to, handler=actor, answer=answer, outcome=to, decided_at=now)
        for other in together:
            if other.id != report.id:
                _move(other, to, handler=actor, answer=answer, outcome=to, decided_at=now)
        _carry_out(thing, actor, report.neighborhood, now, uphold, answer)
        _tell_reporters([report, *together], thing, now, uphold, answer)
        _note("uphold report" if uphold else "dismiss report", report, actor, now, answer)


def _carry_out(thing, actor, place, now, hidden, reason):
    """The thing as the decision wants it; where its author or somebody else was quicker, there is nothing left to do."""
    if thing is None:
        return
    if hidden and subjects.stands(thing):
        subjects.hide(thing, actor, place, now, reason)
    elif not hidden and subjects.hidden(thing):
        subjects.show(thing, actor, place, now, reason)


def _tell_reporters(reports, thing, now, uphold, answer):
    place = reports[0].neighborhood
    what = subjects.called(thing) if thing is not None else "内容"
    said = f"您举报的{what}，{'已经处理' if uphold else '看过了，保留'}：{answer}"
    users = [member.user_id for member in Membership.select().where(Membership.id.in_([each.reporter_id for each in reports]))]
    notices.tell(users, "report", said, f"/n/{place.slug}/me/reports", now, neighborhood=place, key=f"report {reports[0].id}")


def appeal(report, member, now, words):
    """Not content with the answer: the reporter of a dismissed report, or the author of what was hidden, asks the district
    officer, once, within seven days."""
    words = clean_line(words, 200, "words", "理由")
    if len(words) < 4:
        raise Refused("words-needed", "请写几个字，说说为什么（4–200 个字）", field="words")
    mine = report.reporter_id if report.state == "dismissed" else report.about_id
    if member.id != mine:
        raise Refused("not-yours", "只有当事人可以申诉", status=403)
    if report.decided_at is None or now - report.decided_at > APPEAL_LIFE:
        raise Refused("too-late", "申诉要在答复后 7 天内提出")
    with writing():
        _move(report, "appealed", appeal_words=words, level="district")
        report.level = "district"
        _call(report, "有一条申诉等您看", now)


def appeal_decision(member, thing, now, words):
    """The author of a hidden, rejected or removed post or comment asks the district officer to look, once."""
    words = clean_line(words, 200, "words", "理由")
    if len(words) < 4:
        raise Refused("words-needed", "请写几个字，说说为什么（4–200 个字）", field="words")
    if thing.author_id != member.id:
        raise Refused("not-yours", "只有作者可以申诉", status=403)
    if thing.state not in {"hidden", "rejected"}:
        raise Refused("moved-on", "这条内容现在不用申诉")
    try:
        with writing():
            report = Report.create(
                neighborhood=member.neighborhood,
                object_type=subjects.kind_of(thing),
                object_id=thing.id,
                about=member,
                reporter=member,
                reason="appeal",
                words=words,
                appeal_words=words,
                state="appealed",
                level="district",
                created_at=now,
            )
            _call(report, "有一条申诉等您看", now)
            return report
    except IntegrityError as error:
        raise Refused("appealed", "已经申诉过了，片区运营官会答复您") from error


def settle(report, actor, now, *, uphold, answer):
    """The district officer's (or HQ's) last word on an appeal: hidden stays or becomes hidden, or the thing is shown again."""
    answer = audit.reason_of(answer)
    if actor.staff not in {"district", "hq"}:
        raise Refused("not-yours", "申诉由片区运营官或总部来看", status=403)
    thing, outcome = thing_of(report), "upheld" if uphold else "dismissed"
    with writing():
        _move(report, "final", handler=actor, answer=answer, outcome=outcome, decided_at=now)
        _carry_out(thing, actor, report.neighborhood, now, uphold, answer)
        if not uphold and thing is not None and thing.state == "rejected":
            reviews.let_in_after_all(thing, actor, now, answer)
        both = [report.reporter, report.about]
        place = report.neighborhood
        said = f"申诉有了最后的答复：{answer}"
        url = f"/n/{place.slug}/me/reports"
        notices.tell([each.user_id for each in both], "report", said, url, now, neighborhood=place, key=f"report {report.id}")
        _note("settle appeal", report, actor, now, answer)


def remove(report, actor, now, reason):
    """Remove for good what a report on the district's desk is about, once it is hidden."""
    thing = thing_of(report)
    if thing is None:
        raise Refused("moved-on", "这条内容已经不在了")
    subjects.remove(thing, actor, report.neighborhood, now, reason)
