"""A live page before a crowd: `python -m bench.live`. One worker with one thread, on SQLite.

1 000 viewers, each on a connection of its own, ask every 5 s for 130 s, with the ETag of what they have, while every second a
neighbour asks or pushes a question and every 40 s the host answers one. Then viewers who have all there is ask as fast as they
can, in turns with a bare Flask view that says 304 at once. Exits 1 below 90 % of 304, below half the bare rate, or where one
gets an error."""

import argparse
import itertools
import random
import selectors
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from app import create_app
from bench import fill, load
from config import Config
from db import base, event_plans, events, live_questions, members, neighborhoods, people, schema
from db.events import Event

VIEWERS, EVERY = 1_000, 5
NEIGHBORS = 200
WANTED_SAME, WANTED_RATE = 0.90, 0.5
KEY = "a key for measurements, nothing else"


def _opened(folder):
    """A live room on a throw-away SQLite: (neighbours, event)."""
    create_app(Config(data_dir=folder, database_url=f"sqlite:///{folder}/linli.db", secret_key=KEY, limits=False))
    now = fill.moment()
    with base.database.connection_context():
        schema.migrate()
        place = neighborhoods.found("cuihu", "翠湖花园", now)
        host = members.join(place, now, name="李姐", consent=True)
        members.appoint(host, "host", None, now, "开张第一天")
        host = members.of(people.User.get_by_id(host.user_id), place)
        joined = [members.join(place, now, name=f"邻居{number}", consent=True) for number in range(NEIGHBORS)]
        start = now + timedelta(minutes=1)
        plan = event_plans.Plan(kind="live", title="阳台上种绣球", starts_at=start, ends_at=None, capacity=1000)
        made = event_plans.create(host, now, op_id="benchlive01", plan=plan)
        Event.update(starts_at=now - timedelta(minutes=1)).where(Event.id == made.id).execute()
        return host, joined, events.find(place, made.id)


def _lively(host, joined, event, over):
    """What happens in the room meanwhile: a question or a push a second, an answer now and then. A new text each time."""
    chance = random.Random(1)
    with base.database.connection_context():
        for second in itertools.count():
            if over.wait(1):
                return
            now, member = fill.moment(), chance.choice(joined)
            waiting = live_questions.listed(event, "open")
            if not waiting or second % 5 == 0:
                body = f"{chance.choice(fill.OPENINGS)}{chance.choice(fill.THINGS)}，第 {second} 问怎么办"
                live_questions.ask(member, event, now, op_id=f"bench{second:06}", body=body)
            elif second % 40 == 39:
                live_questions.answer(event, waiting[0], host, now, "春分前后，避开中午")
            else:
                live_questions.push(member, event, chance.choice(waiting), True, now)


class _Viewer:
    """A phone that asks every five seconds, and keeps what it got."""

    def __init__(self, port, path, due):
        self.one = socket.create_connection(("127.0.0.1", port), 30)
        self.path, self.due, self.etag, self.buffer, self.asked = path, due, "", bytearray(), 0.0

    def ask(self, now):
        headers = {"Accept-Encoding": "br"} | ({"If-None-Match": self.etag} if self.etag else {})
        self.asked = now
        self.one.sendall(load.request_bytes(self.path, headers))
        self.due += EVERY

    def hear(self):
        """The status of the answer once it is all there, else 0."""
        self.buffer.extend(self.one.recv(1 << 16))
        length = load.whole(self.buffer)
        if not length or len(self.buffer) < length:
            return 0
        head = bytes(self.buffer).partition(b"\r\n\r\n")[0].decode("latin-1")
        for line in head.split("\r\n"):
            name, _, value = line.partition(": ")
            if name.lower() == "etag":
                self.etag = value
        self.buffer.clear()
        return int(head.split()[1])


def _watch(port, path, seconds):
    """(statuses, how long each answer took): the crowd for so many seconds; the first answer of each is not counted."""
    begun, ready = time.monotonic(), selectors.DefaultSelector()
    viewers = [_Viewer(port, path, begun + EVERY * number / VIEWERS) for number in range(VIEWERS)]
    for viewer in viewers:
        ready.register(viewer.one, selectors.EVENT_READ, viewer)
    statuses, took = Counter(), []
    while (now := time.monotonic()) - begun < seconds:
        for viewer in viewers:
            if viewer.due <= now and (not viewer.asked or viewer.etag):
                viewer.ask(now)
        for key, _ in ready.select(0.005):
            first = not key.data.etag
            if (status := key.data.hear()) and not first:
                statuses[status] += 1
                took.append(time.monotonic() - key.data.asked)
    for viewer in viewers:
        viewer.one.close()
    return statuses, sorted(took)


def _crowd(port, path, room, seconds):
    over = threading.Event()
    life = threading.Thread(target=_lively, args=(*room, over))
    life.start()
    statuses, took = _watch(port, path, seconds)
    over.set()
    life.join()
    same, odd = statuses[304] / statuses.total(), statuses.total() - statuses[304] - statuses[200]
    p99 = took[int(len(took) * 0.99) - 1]
    print(
        f"{statuses.total()} answers to {VIEWERS} viewers: {same:.3f} were 304 (wanted {WANTED_SAME}), {odd} errors; "
        f"median {statistics.median(took) * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms",
        flush=True,
    )
    return same >= WANTED_SAME and not odd


def _rate(port, path, rounds):
    head, _ = load.fetch(port, path, {})
    etag = next(line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("etag"))
    with load.granian(["bench.bare:app"]) as bare:
        asked = {"If-None-Match": etag}
        ratio, ours, theirs = load.compare((port, path, asked), (bare, "/same", asked), rounds)
    print(f"304: {ours:7.0f}/s of {theirs:7.0f}/s of a bare view = {ratio:.2f} (wanted {WANTED_RATE})")
    return ratio >= WANTED_RATE


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=130)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        room = _opened(Path(folder))
        environment = {
            "LINLI_DATA_DIR": folder, "LINLI_SECRET_KEY": KEY, "LINLI_LIMITS": "0", "DATABASE_URL": f"sqlite:///{folder}/linli.db",
        }  # fmt: skip
        path = f"/n/cuihu/events/{room[2].id}/live/now?view=neighbor"
        with load.granian(["--factory", "app:create_app"], **environment) as port:
            met = [_crowd(port, path, room, asked.seconds), _rate(port, path, asked.rounds)]
    sys.exit(0 if all(met) else "not met")


if __name__ == "__main__":
    main()
