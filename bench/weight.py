"""What a first visit weighs, and when it is seen on a slow phone: `python -m bench.weight`.

Signed out, the demo's 翠湖花园, over granian. Exits 1 over 45 KB (JavaScript over 25 KB, the first photo over 60 KB), with a
largest paint after 1.5 s, or with any layout shift."""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

from bench import load
from bench.living_room import KEY, PATH

MOST = {"first visit": 45_000, "JavaScript": 25_000, "first photo": 60_000}
LATEST_PAINT = 1.5
SHELL = re.compile(r'<link rel="stylesheet" href="([^"]+)"|<script src="([^"]+)"')
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True, "has_touch": True}
# 1.6 Mbit/s down, 150 ms there and back, a processor four times slower: Lighthouse's slow 4G phone.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
WATCH = """
window.paints = []; window.shift = 0;
new PerformanceObserver((list) => paints.push(...list.getEntries().map((e) => ({
  at: e.startTime, size: e.size, url: e.url, element: e.element ? e.element.outerHTML.slice(0, 160) : "" }))))
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((e) => { shift += e.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def weigh(port):
    """Bytes over the wire, headers left out, of the page and what it needs to be drawn. Returns what is too heavy."""
    br = {"Accept-Encoding": "br"}
    _, html = load.fetch(port, PATH, br)
    _, plain = load.fetch(port, PATH, {"Accept-Encoding": "identity"})
    text = plain.decode()
    found = [style or script for style, script in SHELL.findall(text)]
    sizes = {path: len(load.fetch(port, path, br)[1]) for path in found}
    photo = re.search(r'<a class="shots.*?src="([^"]+)"(?: srcset="([^"]+)")?', text, re.S)
    largest = photo.group(2).split(", ")[-1].split()[0] if photo.group(2) else photo.group(1)
    weights = {
        "HTML": len(html),
        "CSS": sum(size for path, size in sizes.items() if path.endswith(".css")),
        "JavaScript": sum(size for path, size in sizes.items() if path.endswith(".js")),
        "first photo": len(load.fetch(port, largest, br)[1]),
    }
    weights["first visit"] = weights["HTML"] + weights["CSS"] + weights["JavaScript"]
    for name, size in weights.items():
        most = MOST.get(name)
        print(f"{name:<12} {size:>7,} bytes" + (f"  at most {most:,}: {'met' if size <= most else 'NOT MET'}" if most else ""))
    return [name for name, most in MOST.items() if weights[name] > most]


def visit(browser, port):
    """One visit with an empty cache: (seconds to the largest paint, layout shift, the largest paint, seconds of each file)."""
    context = browser.new_context(**PHONE, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(f"http://127.0.0.1:{port}{PATH}", wait_until="load")
    page.wait_for_timeout(1500)
    paints, shift = page.evaluate("[paints, shift]")
    files = page.evaluate(
        "performance.getEntriesByType('resource').map((e) => [e.name, e.startTime, e.responseEnd, e.encodedBodySize])"
    )
    first = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    return paints[-1]["at"] / 1000, shift, paints[-1], files, first / 1000


def watch(port, visits, verbose):
    """Some visits on a slow phone; prints the median and what the largest paint is. Returns what is not met."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path if os.path.exists(path) else None, args=list(FLAGS))
        seen = [visit(browser, port) for _ in range(visits)]
        browser.close()
    paint, shift = statistics.median(each[0] for each in seen), max(each[1] for each in seen)
    _, _, largest, files, first = sorted(seen, key=lambda each: each[0])[len(seen) // 2]
    if verbose:
        for name, start, end, size in sorted(files, key=lambda each: each[1]):
            print(f"    {start:6.0f} … {end:6.0f} ms {size:>7} bytes  {name.split('/', 3)[-1]}")
    print(f"first paint   {first:.2f} s")
    print(f"largest paint {paint:.2f} s  at most {LATEST_PAINT}: {'met' if paint <= LATEST_PAINT else 'NOT MET'}")
    times = sorted(each[0] for each in seen)
    print(f"  {times[0]:.2f} … {times[-1]:.2f} s in {visits} visits; it is {largest['element']}")
    print(f"layout shift  {shift:.4f}  none: {'met' if shift == 0 else 'NOT MET'}")
    return [*(["largest paint"] if paint > LATEST_PAINT else []), *(["layout shift"] if shift else [])]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=7)
    parser.add_argument("--verbose", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        environment = {
            "LINLI_DATA_DIR": folder, "LINLI_SECRET_KEY": KEY, "LINLI_DEMO": "1", "DATABASE_URL": f"sqlite:///{folder}/linli.db",
        }  # fmt: skip
        seed = [sys.executable, "-m", "flask", "--app", "app", "linli", "seed-demo"]
        subprocess.run(seed, cwd=load.ROOT, env=os.environ | environment, check=True, stdout=subprocess.DEVNULL)
        with load.granian(["--factory", "app:create_app"], **environment) as port:
            failed = weigh(port) + watch(port, asked.visits, asked.verbose)
    if failed:
        sys.exit("not met: " + "; ".join(failed))


if __name__ == "__main__":
    main()
