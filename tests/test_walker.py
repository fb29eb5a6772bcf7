"""The walker: every route of the URL map, with everything strangers type. Nothing answers 5xx, nothing crosses a fence."""

import hashlib
import io
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from PIL import Image

from db import (
    doors,
    photos,
    posts,
    schema,
)
from db.base import database
from tests import make, probes, snapshot
from tests.world import FOREIGN, SECRET, values_for, world
from web import access, kept

GUARDED = {"resident", "host"}
NEEDS_A_CODE = {"doors.check_code", "doors.check_password", "doors.redeem", "doors.bind_phone", "checkins.check_in"}
NOWHERE = {"code": "0" * 32, "width": 400, "kind": "post"}


@pytest.fixture(autouse=True)
def noon(now, monkeypatch):
    """The clock of the cast; and passwords that take no quarter of a second each."""
    monkeypatch.setattr("hashlib.scrypt", lambda password, **how: hashlib.sha512(password + how["salt"]).digest())
    with time_machine.travel(now.strftime("%Y-%m-%dT%H:%M:%S+00:00"), tick=True):
        yield


@pytest.fixture
def routes(app):
    """All of them but /readyz, whose 503 is an honest word to a machine."""
    return [route for route in probes.routes(app) if route.endpoint != "health.ready"]


@pytest.fixture
def worlds(cast, now):
    """A fresh world for the routes of each feature, all the same: one is made, and put back as it was each time. What can be
    found is left out, as pieces of words cannot be read back; forms find nothing by searching."""
    there = []

    def of(route, *, fresh=False):
        feature = route.endpoint.partition(".")[0]
        if fresh or there[:1] != [feature]:
            if snapshot.has("world", now):
                snapshot.empty()
                kept.forget()
            there[:] = [feature, snapshot.once("world", now, lambda: world(cast, now), without=("search_entry",))]
        return there[1]

    return of


def by_feature(routes):
    """Those that take a form, the ones of a feature one after the other."""
    return sorted(
        (route for route in routes if route.method == "POST"), key=lambda route: (route.endpoint.partition(".")[0], repr(route))
    )


def best_actor(route, cast):
    """Whoever gets furthest on this route."""
    if route.policy in {"hq", "district"}:
        return cast.lin
    return cast.li if route.policy == "host" else cast.zhao


def send(browser, route, path, **values):
    return browser.get(path, **values) if route.method == "GET" else browser.post(path, **values)


def fine(answer, *told):
    """2xx, 3xx or 4xx, never a stack trace (I20), and no header that would kill the connection on a real server."""
    assert 200 <= answer.status_code < 500, (*told, answer.status_code)
    assert b"Traceback" not in answer.data, told
    assert all(value.isascii() for value in answer.headers.values()), (*told, answer.headers)
    return answer


def body(answer):
    """What the answer says, without its own address and the token."""
    return re.sub(r"next=[^\"]*|X-CSRFToken[^}]*", "", answer.get_data(as_text=True))


def counts():
    """How many rows stand in every table that holds what people did."""
    tables = [table._meta.table_name for table in schema.tables() if table.__name__ not in {"Limit", "Heartbeat"}]
    row = database.execute_sql("SELECT " + ", ".join(f'(SELECT count(*) FROM "{name}")' for name in tables)).fetchone()
    return dict(zip(tables, row, strict=True))


def test_every_route_wears_a_policy(routes):
    assert len(routes) > 60
    assert [route for route in routes if route.policy is None] == []


def test_odd_arguments_in_the_address_are_unknown_addresses(app, web, cast, now, routes):
    here = world(cast, now)
    for route in routes:
        browser = web.as_(best_actor(route, cast))
        for path in route.odd_paths(app, values_for(route, here)):
            fine(send(browser, route, path), route, path)


def test_odd_words_in_the_query_break_nothing(app, web, cast, now, routes):
    here, guest = world(cast, now), web.guest()
    for route in routes:
        if route.method == "GET":
            browser = web.as_(best_actor(route, cast))
            path = route.path(app, values_for(route, here))
            for odd in probes.TEXTS if len(route.queries()) > 1 else probes.FEW:
                words = dict.fromkeys(route.queries(), odd)
                answer = fine(browser.client.get(path, query_string=words), route, odd[:20])
                assert b"<script>alert" not in answer.data, route
                if odd in probes.FEW:
                    fine(guest.client.get(path, query_string=words, headers={"HX-Request": "true"}), route, odd[:20])


def test_a_well_filled_form_is_taken(app, web, cast, routes, worlds):
    """The probes send one odd field among good ones; that is worth something only where the good ones go through."""
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "pink").save(drawn, "PNG")
    picture = drawn.getvalue()
    for route in by_feature(routes):
        if route.endpoint not in NEEDS_A_CODE:
            for fresh in (False, True):  # an earlier form may have used up what this one needs
                here = worlds(route, fresh=fresh)
                form = probes.good_form(route, op_id="walkerwalker") | {
                    name: (io.BytesIO(picture), "a.png") for name in route.files()
                }
                answer = web.as_(best_actor(route, cast)).post(route.path(app, values_for(route, here)), form)
                if answer.status_code < 400:
                    break
            assert answer.status_code < 400, (route, answer.status_code, answer.get_data(as_text=True)[-1500:])


def test_odd_words_in_each_field_of_each_form_break_nothing(app, web, cast, now, routes, worlds):
    """Rows of another 小区 are among the words: a form that names them finds nothing there."""
    for route in by_feature(routes):
        here = worlds(route)
        topic, photo = here.strange
        texts = (*probes.TEXTS, str(topic.id), photo.code, str(cast.zhou.id))
        browser = web.as_(best_actor(route, cast))
        path = route.path(app, values_for(route, here))
        fine(browser.post(path), route, "no fields at all")
        for name in route.fields():
            for number, odd in enumerate(texts):
                form = probes.good_form(route, op_id=f"{name}{number}walker0") | {name: odd}
                if name in route.files():
                    form[name] = (io.BytesIO(odd.encode()[:50]), odd[:90].replace("\0", "") or "x")
                    if number % 13:  # each file starts a process of its own
                        continue
                answer = fine(browser.post(path, form, part=number % 2 == 1), route, name, odd[:20])
                assert b"<script>alert" not in answer.data, (route, name)
                assert FOREIGN.encode() not in answer.data, (route, name)
        assert posts.Post.select().where(posts.Post.topic == topic).count() == 0, route
        assert not photos.Photo.get(photos.Photo.code == photo.code).used, route


def test_everybody_may_try_everything(app, web, cast, now, routes):
    here = world(cast, now)
    for actor in (None, cast.wang, cast.li, cast.zhou, cast.lin):
        for route in routes:
            browser = web.as_(actor) if actor else web.guest()
            path = route.path(app, values_for(route, here))
            for part in (False, True):
                if route.method == "GET":
                    fine(browser.get(path, part=part), actor, route)
                    continue
                words = set(route.fields()) - set(route.files())
                for odd in probes.FEW[2:3] if part else probes.FEW[:2]:
                    fine(browser.post(path, dict.fromkeys(words, odd), part=part), actor, route, odd[:9])


def test_other_methods_and_bodies_are_turned_away(app, web, cast, now, routes):
    here = world(cast, now)
    bodies = (
        (b'{"state": "on", "body": {"a": [1]}}', "application/json", {415}),
        (b"hello", "text/plain", {415}),
        (b"<a/>", "application/xml", {415}),
        (b"\xff\xfe=%zz&&=&%00=%ff", "application/x-www-form-urlencoded", None),
        (b"--x\r\nContent-Dis", "multipart/form-data; boundary=x", None),
        (b"broken", "multipart/form-data", None),
        (b"&".join(b"photo=%d" % n for n in range(1500)), "application/x-www-form-urlencoded", None),
        (b"body=" + b"a" * 600_000, "application/x-www-form-urlencoded", {413}),
        (b"", None, None),
    )
    for route in routes:
        browser = web.as_(best_actor(route, cast))
        path = route.path(app, values_for(route, here))
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
            fine(browser.client.open(path, method=method), method, route)
        if route.method == "GET":
            continue
        browser.get("/look")
        for data, kind, wanted in bodies:
            answer = browser.client.post(path, data=data, content_type=kind, headers={"X-CSRFToken": browser.token})
            fine(answer, route, kind)
            if wanted and (kind not in access.FORMS or route.fields()):
                assert answer.status_code in wanted | {404}, (route, kind, answer.status_code)


def test_odd_headers_break_nothing(app, web, cast, now, routes):
    here = world(cast, now)
    odd = ("http://[", "\xff\xfe", "://", "a" * 5000, "W/\"x\", *", "bytes=9-1")  # fmt: skip
    names = (
        "Origin",
        "Referer",
        "HX-Current-URL",
        "If-None-Match",
        "If-Modified-Since",
        "Range",
        "Accept-Encoding",
        "User-Agent",
    )
    cookies = ("garbage", "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbb", "\xff", "a" * 3000)
    for route in routes:
        path = route.path(app, values_for(route, here))
        client = app.test_client()
        for value in odd:
            headers = dict.fromkeys(names, value) | {"HX-Request": "true"}
            fine(client.open(path, method=route.method, headers=headers), route, value[:9])
        for value in cookies:
            cookie = f"linli={value}; did={value}; look={value}; scheme={value}; remember_token={value}"
            fine(client.open(path, method=route.method, headers={"Cookie": cookie}), route, value[:9])


def test_without_a_token_nothing_is_done(app, web, cast, now, routes):
    here = world(cast, now)
    for actor in (None, cast.zhao, cast.li, cast.zhou, cast.lin):
        browser = web.as_(actor) if actor else web.guest()
        before = counts()
        for route in routes:
            if route.method == "POST":
                form = probes.good_form(route)
                answer = browser.post(route.path(app, values_for(route, here)), form, token=False)
                assert answer.status_code in {303, 401, 403, 404}, (actor, route)
                assert answer.status_code != 303 or actor in {None, cast.lin}, (actor, route)
                assert counts() == before, (actor, route)


def test_a_neighbor_of_another_place_finds_nothing_here(app, web, cast, now, routes):
    """Abuse cases 1–3: whatever takes a membership is 404 (a page may lead to the door), and no answer has a word of 翠湖."""
    here = world(cast, now)
    browser = web.as_(cast.zhou)
    for route in sorted(routes, key=lambda route: route.policy == "public"):  # last, as at the door one becomes a neighbor
        if not route.scoped:
            continue
        values = values_for(route, here)
        before = counts()
        for part in (False, True):
            answer = send(browser, route, route.path(app, values), part=part)
            assert SECRET.encode() not in answer.data, route
            if route.policy in GUARDED:
                door = not part and route.method == "GET" and route.policy == "resident"
                assert answer.status_code == (303 if door else 404), (route, answer.status_code)
        if route.rows:
            # The same rows under the address of one's own 小区: they are not there.
            own = route.path(app, values | {"slug": "yangguangli"})
            answer = send(browser, route, own)
            assert answer.status_code == (403 if route.policy == "host" else 404), (route, answer.status_code)
            if answer.status_code == 404 and route.method == "GET":
                nowhere = route.path(app, {name: NOWHERE.get(name, 2**40) for name in values} | {"slug": "yangguangli"})
                assert body(answer) == body(browser.get(nowhere)), route
        if route.policy in GUARDED:
            assert counts() == before, route


def test_a_host_of_another_place_has_no_right_here(app, web, cast, now, routes):
    here = world(cast, now)
    browser = web.as_(make.host(cast.yangguangli, "钱主理", now))
    for route in routes:
        if route.scoped and route.policy == "host":
            before = counts()
            values = values_for(route, here)
            assert send(browser, route, route.path(app, values)).status_code == 404, route
            if route.rows:
                answer = send(browser, route, route.path(app, values | {"slug": "yangguangli"}))
                assert answer.status_code == 404, route
            assert counts() == before, route


def test_the_wrong_role_is_refused(app, web, cast, now, routes):
    here = world(cast, now)
    for route in routes:
        if route.policy in {"host", "district", "hq"}:
            before = counts()
            actor = cast.wang if route.policy == "host" else cast.li
            browser = web.as_(actor)
            browser.get("/look")
            before = counts()
            answer = send(browser, route, route.path(app, values_for(route, here)))
            assert answer.status_code == 403, (route, answer.status_code)
            assert SECRET not in answer.get_data(as_text=True)
            assert counts() == before, route


def test_ten_at_once_make_one(app, web, cast, now, routes, worlds):
    """Ten taps with one form: no 5xx, at most one row with its number, and its table's counts stay true."""
    for route in by_feature(routes):
        here = worlds(route)
        browser = web.as_(best_actor(route, cast))
        browser.get("/look")
        path = route.path(app, values_for(route, here))
        number = f"ten{route.endpoint.replace('.', '').replace('_', '')}"[:40]
        form = probes.good_form(route, op_id=number) | {"csrf_token": browser.token}
        if route.endpoint == "doors.redeem":
            form["code"] = doors.issue_recovery(cast.wang, cast.li, now)
        cookie = "; ".join(f"{each.key}={each.value}" for each in browser.client._cookies.values())

        def tap(_, path=path, form=form, cookie=cookie):
            client = app.test_client(use_cookies=False)
            return client.post(path, data=form, headers={"Cookie": cookie}).status_code

        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(tap, range(10)))
        assert all(status < 500 for status in answers), (route, answers)
        made = [table.select().where(table.op_id == number).count() for table in schema.tables() if "op_id" in table._meta.fields]
        assert sum(made) <= 1, route
        assert not sum(made) or set(answers) == {303}, (route, answers)
