"""Two servers beside each other, loaded in turns: the ratio of their rates is what can be compared between machines."""

import os
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
CONNECTIONS = 4


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def granian(target, **environment):
    """Serve `target` on loopback, one worker with one blocking thread; gives the port. It ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--no-access-log", "--log-level", "warning", *target]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > deadline or server.poll() is not None:
                    raise SystemExit(f"granian did not start: {' '.join(command)}") from None
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def request_bytes(path, headers):
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def whole(buffer):
    """The length of the answer at the start of `buffer` once it is all there, else 0."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    if buffer.startswith(b"HTTP/1.1 304"):  # has no body, whatever length it names
        return end + 4
    length = end + 4 + int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", buffer[: end + 2]).group(1))
    return length if len(buffer) >= length else 0


def fetch(port, path, headers):
    """(head, body) of one answer, as the wire carries them."""
    with socket.create_connection(("127.0.0.1", port), 30) as one:
        one.sendall(request_bytes(path, headers))
        buffer = b""
        while not whole(buffer):
            buffer += one.recv(1 << 18)
    head, _, body = buffer.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def rate(port, path, headers, seconds):
    """Answers per second over a few keep-alive connections, each asking again as soon as it was answered."""
    if wrk := shutil.which("wrk"):
        told = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *told, f"http://127.0.0.1:{port}{path}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        if "Non-2xx" in said or "Socket errors" in said:
            raise SystemExit(f"the server failed under load:\n{said}")
        return float(re.search(r"Requests/sec: *([\d.]+)", said).group(1))
    return _rate_by_sockets(port, request_bytes(path, headers), seconds)


def _rate_by_sockets(port, asked, seconds):
    """The same in Python, where Debian's wrk is not installed. It answers for about 20 000 requests per second."""
    ready, length, done = selectors.DefaultSelector(), 0, 0
    for _ in range(CONNECTIONS):
        one = socket.create_connection(("127.0.0.1", port), 30)
        ready.register(one, selectors.EVENT_READ, bytearray())
        one.sendall(asked)
    began = time.perf_counter()
    while (now := time.perf_counter()) - began < seconds:
        for key, _ in ready.select(1):
            key.data.extend(key.fileobj.recv(1 << 18))
            length = length or whole(key.data)
            if length and len(key.data) >= length:
                if not key.data.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")):
                    raise SystemExit(f"the server failed under load:\n{bytes(key.data[:300])}")
                key.data.clear()
                done += 1
                key.fileobj.sendall(asked)
    for key in list(ready.get_map().values()):
        key.fileobj.close()
    return done / (now - began)


def compare(ask, beside, rounds, seconds=1):
    """Load both in turns (A B, B A, A B …); `ask` and `beside` are (port, path, headers). Returns the median ratio and rates.

    Only neighbours in time are divided by each other: whatever else the machine does falls on both."""
    for one in (ask, beside):
        rate(*one, seconds)
    ratios, ours, theirs = [], [], []
    for turn in range(rounds):
        order = (ask, beside) if turn % 2 == 0 else (beside, ask)
        measured = {one[0:2]: rate(*one, seconds) for one in order}
        ours.append(measured[ask[0:2]])
        theirs.append(measured[beside[0:2]])
        ratios.append(ours[-1] / theirs[-1])
    return statistics.median(ratios), statistics.median(ours), statistics.median(theirs)
