"""kill -9 in the middle of a burst of redemptions: `python -m bench.kill_redemptions`. SQLite, and PostgreSQL where there is one.

Eight phones redeem and cancel over real connections; some milliseconds into each burst the server is killed, and begun again.
Then the database must be sound, the book of points and the balances must agree, the stock must be what is not given away, and
whatever a phone was ever told must be so. What it was not told is sent once more with the same form, and must stand exactly
once. Exits 1 where any of that is not so."""

import argparse
import http.client
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from urllib.parse import urlencode

from werkzeug.serving import make_server

from bench import fill, load
from bench.inbox import _database
from bench.redemptions import application, signed_in
from db import base, neighborhoods, point_entries, schema
from db.redemptions import COUNTED, Redemption
from db.rewards import Reward
from tests import make, servers

PHONES, LONGEST = 8, 0.35  # seconds a burst lasts at most


class Server:
    """The application in a process of its own, which is forked, so that beginning it again takes no second."""

    def __init__(self, url, folder):
        self.url, self.folder, self.port = url, folder, load.free_port()

    def begin(self):
        base.database.obj.close_all()
        self.process = os.fork()
        if self.process == 0:
            os.setsid()
            app = application(self.url, self.folder)
            make_server("127.0.0.1", self.port, app, threaded=True).serve_forever()
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if time.monotonic() > until:
                    raise SystemExit("the server did not begin") from None
                time.sleep(0.02)

    def kill(self):
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


class Phone:
    """A neighbour who redeems and changes her mind as fast as she is answered, and remembers what she was told."""

    def __init__(self, port, cookie, token, member):
        self.port, self.cookie, self.token, self.member = port, cookie, token, member
        self.told, self.open, self.number = {}, [], 0  # told: {op_id: (id, state)}; open: what nobody answered

    def post(self, path, **form):
        """Where it led, or None where no answer came."""
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
            line.request("POST", path, urlencode(form | {"csrf_token": self.token}), headers)
            answer = line.getresponse()
            answer.read()
            line.close()
        except (OSError, http.client.HTTPException):
            return None
        if answer.status not in {303, 409}:
            raise SystemExit(f"{path}: {answer.status}")
        return answer.getheader("Location") or ""

    def redeem(self, reward_id, op_id):
        where = self.post(f"/n/cuihu/store/{reward_id}/redeem", price="1", op_id=op_id)
        if where:
            self.told[op_id] = (int(where.rpartition("/")[2]), "ready")
        return where

    def burst(self, reward_id, over):
        while not over.is_set():
            self.number += 1
            op_id = f"phone{self.member.id:04}x{self.number:06}"
            if self.redeem(reward_id, op_id) is None:
                self.open.append(op_id)
                return
            if op_id in self.told and self.number % 2:
                number = self.told[op_id][0]
                if self.post(f"/n/cuihu/store/mine/{number}/cancel") is None:
                    self.told[op_id] = (number, "cancelled or ready")
                    return
                self.told[op_id] = (number, "cancelled")


def look(reward, phones):
    """What is wrong in the database, in words."""
    wrong = []
    with base.database.connection_context():
        if base.on_sqlite():
            sound = base.database.execute_sql("PRAGMA integrity_check").fetchall()
            wrong += [] if sound == [("ok",)] else [f"integrity: {sound[:2]}"]
            wrong += [f"foreign key: {row}" for row in base.database.execute_sql("PRAGMA foreign_key_check").fetchall()[:2]]
        wrong += [f"the book differs: {each}" for each in point_entries.differences()[:2]]
        row = Reward.get_by_id(reward.id)
        there = Redemption.select().where((Redemption.reward == reward.id) & Redemption.state.in_(COUNTED)).count()
        wrong += [] if row.sold == there else [f"{row.sold} gone from the shelf, {there} redemptions"]
        for phone in phones:
            rows = {each.op_id: each for each in Redemption.select().where(Redemption.op_id.in_(list(phone.told)))}
            for op_id, (number, state) in phone.told.items():
                found = rows.get(op_id)
                if found is None or found.id != number or found.state not in state:
                    wrong.append(f"{op_id}: told {number} {state}, found {found and (found.id, found.state)}")
            for op_id in phone.open:
                if Redemption.select().where((Redemption.member == phone.member.id) & (Redemption.op_id == op_id)).count() > 1:
                    wrong.append(f"{op_id} stands twice")
    return wrong


def _again(reward, phones, counted):
    """The server is back: look, then send again whatever nobody answered, with the same form."""
    wrong = look(reward, phones)
    for phone in phones:
        for op_id in phone.open:
            counted["sent again"] += 1
            if not phone.redeem(reward.id, op_id):
                wrong.append(f"{op_id} sent again was not taken")
        phone.open.clear()
    return wrong


def measure(kind, url, folder, bursts):
    """Kill, look, print; returns what is not met."""
    now, app, failed, counted = fill.moment(), application(url, folder), [], Counter()
    chance = random.Random(20260320)
    with base.database.connection_context():
        schema.migrate()
        place = neighborhoods.found("cuihu", "翠湖花园", now)
        host = make.host(place, "李姐", now)
        reward = make.reward(host, now, stock=100_000, price=1)
        people = [make.rich(make.neighbor(place, f"邻居{number}", now), now, 100_000) for number in range(PHONES)]
        server = Server(url, folder)
        phones = [Phone(server.port, *signed_in(app, member), member) for member in people]
    began = time.monotonic()
    for _ in range(bursts):
        server.begin()
        failed += _again(reward, phones, counted)
        over = threading.Event()
        hands = [threading.Thread(target=phone.burst, args=(reward.id, over)) for phone in phones]
        for hand in hands:
            hand.start()
        time.sleep(chance.uniform(0.02, LONGEST))
        server.kill()
        over.set()
        for hand in hands:
            hand.join()
        counted["cut off"] += sum(len(phone.open) for phone in phones)
    server.begin()
    failed += _again(reward, phones, counted) + look(reward, phones)
    server.kill()
    counted["told"] = sum(len(phone.told) for phone in phones)
    print(
        f"  {kind:<10} {bursts} kills in {time.monotonic() - began:.0f} s: {counted['told']:,} redemptions acknowledged, "
        f"{counted['cut off']} cut off, {counted['sent again']} sent again; {len(failed)} wrong", flush=True,
    )  # fmt: skip
    base.database.obj.close_all()
    return [f"{kind}: {each}" for each in failed[:5]]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bursts", type=int, default=200)
    asked = parser.parse_args()
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _database(kind, folder) as url:
            failed += measure(kind, url, folder, asked.bursts)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
