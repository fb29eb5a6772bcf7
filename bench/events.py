"""Seats and check-ins under a crowd: `python -m bench.events`. On SQLite, and on PostgreSQL where there is one.

Last seat: 2 processes × 8 threads sign up, cancel and accept, parties of 1–4, at events of 20 seats. Afterwards the counter is
the truth, no seat is idle that somebody in line could take, and of equal parties none was served before one ahead of it.
Check-in: 300 neighbours within 60 s, each scans the code of that moment and presses the button twice, through the whole
app, in processes that have served one before. Exits 1 where one is lost or counted twice, seats do not add up, or p99 takes
over 8 times as long as the median."""

import multiprocessing
import random
import re
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from peewee import fn

from app import create_app
from bench import fill
from config import Config
from db import base, checkins, event_plans, events, members, neighborhoods, people, registrations, schema
from db.activity import Action
from db.base import Refused
from db.events import Event
from db.registrations import SEATED, Registration
from tests import servers
from tests.make import Web

PROCESSES, THREADS = 2, 8
EVENTS, SEATS, PARTIES = 5, 20, 96
CROWD, WITHIN, MOST = 300, 60, 8
KEY = "a secret of the bench, long enough for a key"


def _house(folder, url):
    return create_app(
        Config(
            data_dir=Path(folder), database_url=url, secret_key=KEY, public_url="http://localhost", limits=False, demo=False,
            testing=True,
        )
    )  # fmt: skip


def _plan(now, capacity):
    return event_plans.Plan(
        kind="gathering", title="一起走走", place="东门", starts_at=now + timedelta(seconds=1), ends_at=None, capacity=capacity
    )


def _each(numbers, act):
    """act(number) for each, by eight threads, each with its own connection."""

    def one(number):
        with base.database.connection_context():
            return act(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(one, numbers))


def _scramble(folder, url, number, ids, start, told):
    """One process of the rush for the last seats."""
    _house(folder, url)
    start.wait()

    def rush(party):
        dice, clock, troubles = random.Random(party), fill.moment(), 0
        member = members.get(SimpleNamespace(id=1), ids[party])
        member.neighborhood = neighborhoods.by_slug("rush")
        for event in list(Event.select().where(Event.capacity == SEATS)):  # read to its end: she writes in between
            for step in range(4):
                row = registrations.of(event, member)
                try:
                    if row is None or row.state in {"cancelled", "lapsed", "cancelled_late"}:
                        registrations.register(member, event, clock, op_id=f"rush{party}at{step}", adults=1 + party % 4)
                    elif row.state == "offered" and dice.random() < 0.8:
                        registrations.accept(row, member, clock)
                    elif dice.random() < 0.5:
                        registrations.cancel(row, member, clock)
                except Refused:
                    pass
                except Exception as trouble:  # a deadlock, a locked database
                    troubles += 1
                    print(f"  {trouble!r}")
        return troubles

    told.put(sum(_each(range(number, PARTIES, PROCESSES), rush)))


def _seats_add_up():
    faults = []
    for event in Event.select().where(Event.capacity == SEATS):
        rows = list(Registration.select().where(Registration.event == event.id))
        seated = sum(row.people for row in rows if row.state in SEATED)
        waiting = [row for row in rows if row.state == "waitlisted"]
        faults += [f"{event.id}: {seated} sit, {event.taken} counted"] if seated != event.taken or seated > SEATS else []
        faults += [f"{event.id}: an idle seat" for row in waiting if row.people <= SEATS - seated]
        for row in waiting:
            served = [each for each in rows if each.state in {"offered", "going"} and each.people == row.people]
            faults += [f"{event.id}: {row.queue_no} was passed" for each in served if (each.queue_no or 0) > row.queue_no]
    return faults


def _come(folder, url, number, ids, event_id, start, told):
    """One process of those who come: a scan and two taps, each at her own moment of the minute."""
    app = _house(folder, url)
    web, words = Web(app), re.compile(r'name="word" value="([^"]+)"')
    with base.database.connection_context():
        mine = [members.get(SimpleNamespace(id=1), each) for each in ids[number:CROWD:PROCESSES]]
        early = web.as_(members.get(SimpleNamespace(id=1), ids[CROWD + number]))
        browsers = [web.as_(member) for member in mine]
        event = Event.get_by_id(event_id)
    url = f"/n/rush/events/{event_id}/here"

    def comes(browser):
        code = checkins.steps(event, fill.moment())[0][0]
        word = words.search(browser.get(f"{url}/{code}").get_data(as_text=True)).group(1)
        since = time.perf_counter()
        first = browser.post(url, {"word": word}).status_code
        took = time.perf_counter() - since
        return took, first, browser.post(url, {"word": word}).status_code

    with base.database.connection_context():
        comes(early)  # a process that has just begun compiles its templates and queries: one neighbour more, who is not measured
    start.wait()
    begun = time.monotonic()

    def visit(place):
        time.sleep(max(0, begun + place * WITHIN / len(mine) - time.monotonic()))
        return comes(browsers[place])

    told.put(_each(range(len(mine)), visit))


def _together(target, folder, url, *values):
    apart = multiprocessing.get_context("spawn")
    start, told = apart.Barrier(PROCESSES), apart.Queue()
    crew = [apart.Process(target=target, args=(folder, url, number, *values, start, told)) for number in range(PROCESSES)]
    for process in crew:
        process.start()
    answers = [told.get(timeout=300) for _ in crew]
    for process in crew:
        process.join()
    return answers


def _measure(folder, url):
    _house(folder, url)
    now = fill.moment()
    with base.database.connection_context():
        schema.migrate()
        place = neighborhoods.found("rush", "翠湖花园", now)
        host = members.join(place, now, name="李姐", consent=True)
        members.appoint(host, "host", None, now, "开张第一天")
        host = members.of(people.User.get_by_id(host.user_id), place)
        ids = [members.join(place, now, name=f"邻居{number}", consent=True).id for number in range(CROWD + PROCESSES)]
        for number in range(EVENTS):
            plan = _plan(now, SEATS)._replace(starts_at=now + timedelta(days=2 + number))
            event_plans.create(host, now, op_id=f"rushevent{number}", plan=plan)
        big = event_plans.create(host, now, op_id="bigevent01", plan=_plan(now, len(ids)))
        for each in ids:
            member = members.get(place, each)
            registrations.register(member, events.find(place, big.id), now, op_id=f"come{each}")
    since = time.monotonic()
    troubles = sum(_together(_scramble, folder, url, ids))
    print(f"  last seats: {EVENTS * PARTIES * 4} acts in {time.monotonic() - since:.1f} s, {troubles} errors", end="")
    with base.database.connection_context():
        faults = _seats_add_up()
    print("".join(f"\n  {fault}" for fault in faults) or ", seats add up, nobody was passed")
    visits = [visit for some in _together(_come, folder, url, ids, big.id) for visit in some]
    with base.database.connection_context():
        here = (Registration.event == big.id) & (Registration.state == "checked_in")
        there = Registration.select(fn.COUNT(Registration.id)).where(here).scalar() - PROCESSES
        noted = Action.select(fn.COUNT(Action.id)).where(Action.kind == "check_in").scalar() - PROCESSES
    taken = sorted(took for took, *_ in visits)
    median, p99 = statistics.median(taken), taken[int(len(taken) * 0.99) - 1]
    odd = [status for _, *both in visits for status in both if status != 303]
    print(
        f"  check-in: {there} of {CROWD} there, {noted} noted, {len(odd)} odd answers; median {median * 1000:.0f} ms, "
        f"p99 {p99 * 1000:.0f} ms = {p99 / median:.1f} times as long"
    )
    return bool(troubles or faults or odd or there != CROWD or noted != CROWD or p99 > MOST * median)


def main():
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite")
        failed = _measure(folder, f"sqlite:///{folder}/bench.db")
    if servers.pg_ctl():
        with servers.postgresql() as url, tempfile.TemporaryDirectory() as folder:
            print("PostgreSQL")
            failed |= _measure(folder, url)
    sys.exit(failed)


if __name__ == "__main__":
    main()
