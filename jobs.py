"""The timetable: name · when · one db function. `flask jobs` keeps it, `flask jobs "purge posts"` runs one line now.

Two schedulers do no harm: a line claims its slot in the database, and each effect claims its row (S7).
"""

import logging
import signal
import sys
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import click
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from db import (
    aid_ends,
    ambassador_ends,
    bursts,
    care_visits,
    counter,
    digests,
    doors,
    entry_ends,
    event_days,
    exports,
    feedbacks,
    group_rooms,
    handovers,
    hooks,
    limits,
    lives,
    makings,
    notices,
    outbox,
    phases,
    photos,
    points,
    posts,
    privacy,
    redemptions,
    registrations,
    ring_watch,
    screening,
    series,
    sessions,
    spreads,
    stamps,
    stories,
    tallies,
    timetable,
)
from db.base import database
from providers import mail, sms, wecom

ZONE = ZoneInfo("Asia/Shanghai")
log = logging.getLogger("linli.jobs")


class Line(NamedTuple):
    name: str
    when: str  # "every N seconds" or a cron line, Shanghai time
    act: object  # a function of `now`
    once: bool = True  # claims its slot; lines that claim their rows themselves need not


text_messages = sms.ConsoleSms()  # config names another (LINLI_SMS)
letters = mail.NoMail()  # … and this one (LINLI_MAIL_URL)
groups = wecom.Wecom()


def _deliver(now):
    return outbox.deliver(now, lambda channel, to, text: text_messages.send(to, text), channel="sms")


def _one_by_one(channel, send, most=100):
    """What takes long goes one at a time, each at its own moment; the first that does not go ends this round."""
    gone = 0
    while gone < most and outbox.deliver(utc_now(), send, channel=channel, most=1):
        gone += 1
    return gone


def _send_letters(now):
    return _one_by_one("mail", lambda channel, to, text: letters.send(to, text))


def _tell_groups(now):
    return _one_by_one("wecom", lambda channel, to, text: hooks.carry(to, text, utc_now(), groups.send))


LINES = (
    Line("beat", "every 30 seconds", timetable.beat, once=False),
    Line("send messages", "every 2 seconds", _deliver, once=False),
    Line("fill vacancies", "*/10 * * * *", handovers.fill_vacancies, once=False),
    Line("carry contests", "* * * * *", phases.advance_due, once=False),
    Line("look for bursts", "* * * * *", bursts.look_due, once=False),
    Line("settle contests", "* * * * *", tallies.settle_due, once=False),
    Line("send letters", "every 10 seconds", _send_letters, once=False),
    Line("tell groups", "every 5 seconds", _tell_groups, once=False),
    Line("what waits for hosts", "*/10 * * * *", hooks.tell_waiting),
    Line("look after groups", "40 9 * * *", group_rooms.tend_due),
    Line("write digests", "0,30 7-12,18-22 * * *", digests.write_due),  # at 18:30; the others make up for a missed one
    Line("make exports", "every 3 seconds", privacy.make_exports, once=False),
    Line("erase people due", "*/10 * * * *", privacy.erase_due),
    Line("drop unposted photos", "17 * * * *", photos.drop_unposted),
    Line("close mutual aid", "*/10 * * * *", aid_ends.close_due),
    Line("remind of mutual aid", "25 * * * *", aid_ends.remind_due),
    Line("settle spreads", "*/5 * * * *", spreads.settle_due, once=False),
    Line("offer free seats", "* * * * *", registrations.settle_due, once=False),
    Line("begin and end events", "* * * * *", event_days.advance_due, once=False),
    Line("remind of events", "*/5 * * * *", event_days.remind_due, once=False),
    Line("make next editions", "*/10 * * * *", series.make_due, once=False),
    Line("remind of live rooms", "* * * * *", lives.remind_due, once=False),
    Line("events that wait for hosts", "*/10 * * * *", event_days.chase_due, once=False),
    Line("settle ambassadors", "*/10 9-20 * * *", ambassador_ends.settle_due, once=False),
    Line("note who did not come", "*/10 * * * *", event_days.note_no_shows, once=False),
    Line("forget who was visited", "16 3 * * *", care_visits.forget_old),
    Line("forget devices of a market", "17 3 * * *", stamps.forget_guests),
    Line("ask how it was", "*/10 9-20 * * *", feedbacks.ask_due, once=False),
    Line("forget devices of feedback", "18 3 * * *", feedbacks.forget_guests),
    Line("forget mutual aid", "15 3 * * *", aid_ends.forget_old),
    Line("give back what was not fetched", "*/10 * * * *", counter.expire_due, once=False),
    Line("remind of what waits", "35 9-20 * * *", counter.remind_due, once=False),
    Line("forget homes", "16 3 * * *", redemptions.forget_homes),
    Line("watch rings", "5 3 * * *", ring_watch.watch),
    Line("recount points", "35 3 * * *", points.recount),
    Line("sweep the shelf", "55 3 * * *", photos.sweep),
    Line("purge posts", "10 3 * * *", posts.purge_due),
    Line("drop old exports", "7 * * * *", exports.drop_old),
    Line("purge how-tos", "12 3 * * *", makings.purge_due),
    Line("purge works", "13 3 * * *", entry_ends.purge_due),
    Line("purge stories", "14 3 * * *", stories.purge_due),
    Line("forget codes", "20 3 * * *", doors.forget_old),
    Line("forget sessions", "30 3 * * *", sessions.forget_old),
    Line("forget limits", "40 3 * * *", limits.forget_idle),
    Line("forget sent messages", "45 3 * * *", outbox.forget_old),
    Line("forget what was said", "46 3 * * *", screening.forget_old),
    Line("forget notices", "47 3 * * *", notices.forget_old),
    Line("forget digests", "48 3 * * *", digests.forget_old),
    Line("forget job runs", "50 3 * * *", timetable.forget_old),
)


def utc_now():
    return datetime.now(UTC).replace(tzinfo=None)


def trigger(line):
    if line.when.startswith("every"):
        return IntervalTrigger(seconds=int(line.when.split()[1]), timezone=ZONE)
    return CronTrigger.from_crontab(line.when, timezone=ZONE)


def run(line, now, slot=None):
    """Do one line; None when another scheduler has this slot already."""
    with database.connection_context():
        if line.once and slot and not timetable.claim(line.name, slot, now):
            return None
        return line.act(now)


def _tick(line):
    now = utc_now()
    try:
        run(line, now, slot=now.strftime("%Y-%m-%dT%H:%M"))
    except Exception:
        log.exception("job %s failed", line.name)


def scheduler():
    keeper = BlockingScheduler(timezone=ZONE, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600})
    for line in LINES:
        # next_run_time: whatever was due while nobody was here is caught up once, at once.
        keeper.add_job(_tick, trigger(line), args=[line], id=line.name, next_run_time=datetime.now(ZONE))
    return keeper


@click.command("jobs")
@click.argument("name", required=False)
def jobs(name):
    """Keep the timetable, or run the one line NAME now."""
    if name is None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what runs is finished, nothing new begins
        scheduler().start()
        return
    line = next((line for line in LINES if line.name == name), None)
    if line is None:
        raise click.ClickException("no such line; there are: " + ", ".join(line.name for line in LINES))
    click.echo(f"  {name}: {run(line, utc_now())}")
