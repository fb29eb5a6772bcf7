"""The last piece, the last point, the same form: `python -m bench.redemptions`. SQLite, and PostgreSQL where there is one.

Two processes of eight threads press 兑换 at the same moment, over the whole application, round after round. Exits 1 where a piece
or a point is given twice, where the book and the balances differ, or where a loser meets anything but a readable 409."""

import argparse
import logging
import multiprocessing
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app import create_app
from bench import fill
from bench.inbox import _database
from bench.living_room import KEY
from config import Config
from db import base, members, neighborhoods, point_entries, schema
from db.redemptions import COUNTED, Redemption
from db.rewards import Reward
from tests import make, servers

PROCESSES, THREADS = 2, 8
HANDS = PROCESSES * THREADS
PRICE = 30
SAID = re.compile(r'role="alert">([^<]*[\u4e00-\u9fff][^<]*)<')


def application(url, folder):
    """The whole application; that a request was slow is not told, as here all of them come at once."""
    app = create_app(Config(data_dir=Path(folder), database_url=url, secret_key=KEY, limits=False))
    logging.disable(logging.WARNING)
    return app


def signed_in(app, member):
    """(cookie, token) of a neighbour's phone that has the store open."""
    browser = make.Web(app).as_(member)
    browser.get("/n/cuihu/store/")
    return f"linli={browser.client.get_cookie('linli').value}", browser.token


def _press(client, start, job):
    """(status, where it led or what was said) of one tap; all hands fall together."""
    cookie, path, form = job
    start.wait()
    answer = client.post(path, data=form, headers={"Cookie": cookie})
    said = SAID.findall(answer.get_data(as_text=True))
    return answer.status_code, answer.headers.get("Location") or (said[0] if said else "")


def _process(url, folder, jobs, answers, start):
    app = application(url, folder)
    client = app.test_client(use_cookies=False)
    with ThreadPoolExecutor(THREADS) as threads:
        for round_of_jobs in iter(jobs.get, None):
            answers.put(list(threads.map(lambda job: _press(client, start, job), round_of_jobs)))


class Shop:
    """A 小区 with as many neighbours as hands, and the processes that press for them."""

    def __init__(self, url, folder):
        self.now, self.app = fill.moment(), application(url, folder)
        with base.database.connection_context():
            schema.migrate()
            self.place = neighborhoods.found("cuihu", "翠湖花园", self.now)
            self.host = make.host(self.place, "李姐", self.now)
            self.neighbours = [make.neighbor(self.place, f"邻居{number}", self.now) for number in range(HANDS)]
            self.phones = [signed_in(self.app, each) for each in self.neighbours]
        context = multiprocessing.get_context("spawn")
        self.start = context.Barrier(HANDS)  # kept: what nobody holds is gone before the processes have opened it
        self.jobs, self.answers = [context.Queue() for _ in range(PROCESSES)], context.Queue()
        self.processes = [
            context.Process(target=_process, args=(url, folder, queue, self.answers, self.start), daemon=True)
            for queue in self.jobs
        ]
        for process in self.processes:
            process.start()

    def close(self):
        for queue in self.jobs:
            queue.put(None)
        for process in self.processes:
            process.join(20)
        base.database.obj.close_all()

    def press(self, reward, hands, op_ids):
        """All hands at once, each (cookie, token) with its form: [(status, where or what)]."""
        jobs = [
            (cookie, f"/n/cuihu/store/{reward.id}/redeem", {"csrf_token": token, "price": str(PRICE), "op_id": op_id})
            for (cookie, token), op_id in zip(hands, op_ids, strict=True)
        ]
        for number, queue in enumerate(self.jobs):
            queue.put(jobs[number * THREADS : (number + 1) * THREADS])
        return [answer for _ in self.processes for answer in self.answers.get(timeout=120)]

    def one_round(self, what, number):
        """(answers, how many may win, the reward) of one round."""
        with base.database.connection_context():
            if what == "last piece":
                reward = make.reward(self.host, self.now, stock=1, price=PRICE)
                for each in self.neighbours:
                    make.rich(each, self.now, PRICE)
                hands, forms = self.phones, [f"piece{number:05}"] * HANDS
            else:
                reward, poor = make.reward(self.host, self.now, stock=HANDS, price=PRICE), self._poor(number)
                hands = [signed_in(self.app, poor)] * HANDS
                forms = [f"{'point' if what == 'last point' else 'same'}{number:05}"] * HANDS
                if what == "last point":
                    forms = [f"{form}{hand:02}" for hand, form in enumerate(forms)]
        return self.press(reward, hands, forms), reward

    def _poor(self, number):
        return make.rich(make.neighbor(self.place, f"没几分{number % 1000}", self.now), self.now, PRICE)


def faults(what, answers, reward):
    """What is wrong after a round, in words."""
    won = [where for status, where in answers if status == 303]
    lost = [(status, said) for status, said in answers if status != 303]
    with base.database.connection_context():
        row = Reward.get_by_id(reward.id)
        there = Redemption.select().where((Redemption.reward == reward.id) & Redemption.state.in_(COUNTED)).count()
        differing = point_entries.differences()
        below = members.Membership.select().where(members.Membership.points < members.Membership.points_held).count()
    wrong = [f"{status}: {said!r}" for status, said in lost if status != 409 or not said]
    if row.sold != 1 or there != 1:
        wrong.append(f"{row.sold} gone, {there} redemptions")
    if len(set(won)) != 1 or (what != "same form" and len(won) != 1) or (what == "same form" and lost):
        wrong.append(f"{len(won)} won: {sorted(set(won))}")
    return wrong + ([f"the book differs: {differing[:3]}"] if differing else []) + (["below zero"] if below else [])


def measure(kind, url, folder, rounds):
    """Press, look, print; returns what is not met."""
    shop, failed = Shop(url, folder), []
    try:
        for what in ("last piece", "last point", "same form"):
            said, wrong, took = Counter(), [], []
            for number in range(rounds):
                began = time.monotonic()
                answers, reward = shop.one_round(what, number)
                took.append(time.monotonic() - began)
                wrong += faults(what, answers, reward)
                said.update(re.sub(r"\d+", "N", words) if status != 303 else "303" for status, words in answers)
            told = ", ".join(f"{words} × {count}" for words, count in said.most_common())
            print(f"  {kind:<10} {what:<10} {rounds} rounds of {HANDS}: {told}; {len(wrong)} wrong", flush=True)
            failed += [f"{kind}, {what}: {each}" for each in wrong[:3]]
    finally:
        shop.close()
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    asked = parser.parse_args()
    failed = []
    for kind in ("SQLite", *(("PostgreSQL",) if servers.pg_ctl() else ())):
        with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder, _database(kind, folder) as url:
            failed += measure(kind, url, folder, asked.rounds)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
