"""A phone in a neighbour's hand: Chromium, a live server over the test database, and a watch for anything that goes wrong."""

import os
import re
import shutil
import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from db import people
from tests.browser import scene
from web import kept

ROOT = Path(__file__).parent.parent.parent
ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; V2309A Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/122.0.6261.120 Mobile Safari/537.36 XWEB/1220133 MMWEBSDK/20240404 MicroMessenger/8.0.50.2701(0x28003252) "
    "NetType/WIFI Language/zh_CN ABI/arm64"
)
NO_BROWSER = "no Chromium: the browser tests are SKIPPED. apt-get install chromium fonts-noto-cjk, or set CHROMIUM=/path"
SQLITE = os.environ.get("LINLI_TEST_DATABASE", "sqlite") == "sqlite"
# What is drawn does not depend on the database: bin/test shares the looks out between its two runs; alone, SQLite draws all.
DRAWN = os.environ.get("LINLI_LOOKS", "ordinary elder" if SQLITE else "").split()


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: drives Chromium")
    config.addinivalue_line("markers", "looks: what a browser draws, whatever the database; each look in one run only")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    looks = [item for item in items if item.get_closest_marker("looks")]
    elsewhere = [item for item in looks if item.callspec.params["look"] not in DRAWN]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def chromium_path(playwright):
    """Ours to choose, then Debian's, then Playwright's own; None when there is none."""
    own = playwright.chromium.executable_path
    for path in (os.environ.get("CHROMIUM"), "/usr/bin/chromium", shutil.which("chromium"), own):
        if path and Path(path).exists():
            return path
    return None


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        path = chromium_path(playwright)
        if path is None:
            if "browser" in os.environ.get("LINLI_REQUIRE", ""):
                pytest.fail(NO_BROWSER)
            pytest.skip(NO_BROWSER)
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGS))
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    if any(NO_BROWSER in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.section("browser", sep="!", red=True)
        terminalreporter.line(NO_BROWSER)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type, message, *args):
        pass


@pytest.fixture(scope="session")
def server(app):
    """The whole app on a port of its own, a thread for every request."""
    serving = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    serving.daemon_threads = True
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()


@pytest.fixture
def now():
    """The real clock: a browser does not travel in time."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


@pytest.fixture
def site(server, cast):
    """The address of the live server; the two 小区 of the cast stand, nothing is kept from the test before."""
    kept.forget()
    return server


class Watch:
    """Notes every console error, CSP refusal, page error, dialog and failed answer of our own; `allow(422)` expects one."""

    def __init__(self, site):
        self.site, self.troubles, self.allowed = site, [], set()

    def allow(self, *statuses):
        self.allowed.update(statuses)

    def over(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"page error: {error}"))
        page.on("dialog", self._dialog)
        page.on("response", self._response)
        page.on("requestfailed", self._failed)

    def _console(self, message):
        known = re.search(r"status of (\d{3})|Status Error Code (\d{3})", message.text)
        if message.type == "error" and not (known and int(known[1] or known[2]) in self.allowed):
            # htmx tells the console of each event around a request that found no network.
            if "offline" in self.allowed and ("ERR_INTERNET_DISCONNECTED" in message.text or message.text.startswith("htmx:")):
                return
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _dialog(self, dialog):
        self.troubles.append(f"{dialog.type} dialog: {dialog.message}")
        dialog.dismiss()

    def _response(self, response):
        if response.status >= 400 and response.status not in self.allowed and response.url.startswith(self.site):
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    def _failed(self, request):
        """What a page gives up when one leaves it (ERR_ABORTED) is no failure."""
        if request.url.startswith(self.site) and request.failure != "net::ERR_ABORTED" and "offline" not in self.allowed:
            self.troubles.append(f"{request.failure} {request.url}")


class Phones:
    """`phone(cast.wang)` is a page on a phone signed in as her; `phone()` one of a guest. Each has its own cookies."""

    def __init__(self, browser, site, web, watch):
        self.browser, self.site, self.web, self.watch, self.contexts = browser, site, web, watch, []

    def __call__(self, person=None, *, look="standard", scheme="auto", dark=False, js=True, **options):
        context = self.browser.new_context(
            **{
                "base_url": self.site,
                "viewport": {"width": 390, "height": 844},
                "device_scale_factor": 2,
                "has_touch": True,
                "is_mobile": True,
                "user_agent": WECHAT,
                "locale": "zh-CN",
                "timezone_id": "Asia/Shanghai",
                "color_scheme": "dark" if dark else "light",
                "java_script_enabled": js,
                **options,
            }
        )
        self.contexts.append(context)
        context.set_default_timeout(10_000)
        kept = {"look": look, "scheme": scheme}
        if person:
            user = getattr(person, "user", person)
            people.choose_look(user, look, scheme)
            kept["linli"] = self.web.as_(person).client.get_cookie("linli").value
        context.add_cookies([{"name": name, "value": value, "url": self.site} for name, value in kept.items()])
        page = context.new_page()
        self.watch.over(page)
        return page


@pytest.fixture
def watch(site):
    watch = Watch(site)
    yield watch
    assert not watch.troubles, "the browser complained:\n" + "\n".join(watch.troubles)


@pytest.fixture
def phone(chromium, site, web, watch):
    phones = Phones(chromium, site, web, watch)
    yield phones
    for context in phones.contexts:
        context.close()


@pytest.fixture
def lively(cast, now):
    """A living room on a good evening: photos, topics, comments, everything in every state."""
    return scene.lively(cast, now)


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Real files to choose from: two JPEGs and one HEIC, as an iPhone makes them."""
    folder = tmp_path_factory.mktemp("pictures")
    found = SimpleNamespace()
    for name, suffix, hue in (("dish", "jpg", 20), ("balcony", "jpg", 110), ("flower", "heic", 330)):
        path = folder / f"{name}.{suffix}"
        path.write_bytes(scene.picture(1600, 1200, hue, "HEIF" if suffix == "heic" else "JPEG"))
        setattr(found, name, str(path))
    return found
