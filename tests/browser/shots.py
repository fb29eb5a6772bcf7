"""bin/shots: a demo, a server and a phone that walks through the main pages in every look."""

import dataclasses
import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

import config
from app import create_app
from db import base, demo, neighborhoods, schema
from tests.browser.conftest import ARGS, chromium_path

LOOKS = {"ordinary": {}, "elder": {"look": "elder"}, "dark": {"dark": True}}
FIRST_CARD = "the first post of the living room"
# who (a key of the demo's cast, or "" for a guest): {name: address}
WALK = {
    "": {
        "living-room": "/n/cuihu/",
        "join": "/n/cuihu/join",
        "host": "/n/cuihu/host",
        "topics": "/n/cuihu/topics/",
        "yangguangli": "/n/yangguangli/",
        "start": "/",
        "about": "/about",
        "signin": "/signin",
        "look": "/look",
        "demo": "/demo",
        "not-found": "/n/cuihu/posts/999999",
    },
    "wang": {
        "neighbor-living-room": "/n/cuihu/",
        "post": FIRST_CARD,
        "topic": "/n/cuihu/topics/1",
        "compose": "/n/cuihu/posts/new",
        "me": "/n/cuihu/me/",
        "me-edit": "/n/cuihu/me/edit",
        "welcome": "/n/cuihu/welcome",
        "phone": "/me/phone",
    },
    "li": {
        "desk": "/n/cuihu/desk/",
        "desk-members": "/n/cuihu/desk/members",
        "desk-card": "/n/cuihu/desk/card",
        "desk-topic": "/n/cuihu/desk/topics/new",
        "desk-poster": "/n/cuihu/desk/poster",
    },
    "lin": {"hq": "/hq/"},
}
README = {"living-room": "ordinary", "elder": "elder", "dark": "dark"}


@contextmanager
def demo_server():
    """The address of a server with the demo; seeded now unless LINLI_DATA_DIR has one."""
    folder = Path(os.environ.get("LINLI_DATA_DIR") or tempfile.mkdtemp(prefix="linli-shots-"))
    os.environ.update(LINLI_DATA_DIR=str(folder), LINLI_DEMO="1")
    app = create_app(dataclasses.replace(config.from_environment(), limits=False))
    with base.database.connection_context():
        schema.migrate()
        if not neighborhoods.everywhere():
            for done, of, words in demo.seed(datetime.now(UTC).replace(tzinfo=None)):
                print(f"\r  {done}/{of} {words:<30}", end="", flush=True)
            print()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def phone(browser, site, who, *, look="standard", dark=False, scale=2):
    """A page on a phone, signed in through the demo's own door."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": 390, "height": 844},
        device_scale_factor=scale,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
    )
    page = context.new_page()
    if who:
        page.goto("/demo")
        with page.expect_navigation():
            page.locator(f"button[value={who}]").tap()
    page.goto("/look")
    wanted = page.locator(f"button[name=look][value={look}]")
    if wanted.count():
        with page.expect_navigation():
            wanted.tap()
    return page


def shoot(page, address, file, *, whole):
    if address == FIRST_CARD:
        page.goto("/n/cuihu/")
        address = page.locator(".card .open").first.get_attribute("href")
    page.goto(address)
    if whole:
        page.evaluate("document.querySelectorAll('img').forEach(image => (image.loading = 'eager'))")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(file), full_page=whole)
    print(f"  {file}")


def main(arguments):
    readme = "--readme" in arguments
    folder = Path("docs/shots") if readme else Path(next(iter(arguments), "shots"))
    folder.mkdir(parents=True, exist_ok=True)
    with demo_server() as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium_path(play), args=list(ARGS))
        if readme:
            for name, look in README.items():
                shoot(phone(browser, site, "", scale=1.5, **LOOKS[look]), "/n/cuihu/", folder / f"{name}.png", whole=False)
                with Image.open(folder / f"{name}.png") as full:
                    full.convert("RGB").quantize(192, dither=Image.Dither.FLOYDSTEINBERG).save(
                        folder / f"{name}.png", optimize=True
                    )
            return
        for look, how in LOOKS.items():
            for who, pages in WALK.items():
                page = phone(browser, site, who, **how)
                for name, address in pages.items():
                    shoot(page, address, folder / f"{name}-{look}.png", whole=False)
                    shoot(page, address, folder / f"{name}-{look}-whole.png", whole=True)


if __name__ == "__main__":
    main(sys.argv[1:])
