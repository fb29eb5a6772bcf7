"""`flask linli …`: what the operator does from a terminal. Each command says what it does while it does it."""

import os
import shlex
import socket
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import segno
from flask import current_app
from flask.cli import AppGroup

from db import (
    audit,
    contests,
    handovers,
    indexing,
    members,
    neighborhoods,
    people,
    point_entries,
    scans,
    schema,
    tallies,
)
from db.base import Refused, database, writing

linli = AppGroup("linli", help="邻里客厅：迁移、开小区、任命、演示数据")
searching = AppGroup("search", help="搜一搜的索引")
counting = AppGroup("contests", help="比赛的计票")


def _now():
    return datetime.now(UTC).replace(tzinfo=None)


@linli.command()
def migrate():
    """Bring the database up to date."""
    with database.connection_context():
        if not _migrate():
            click.echo("  database is up to date")


def _migrate():
    """Take the steps this database lacks, and say so; what was written before there was a search is found from now on."""
    taken = schema.migrate()
    for name in taken:
        click.echo(f"  migrated {name}")
    if "0004_search" in taken:
        _reindex()
    return taken


@searching.command("reindex")
def search_reindex():
    """Put everything that may be found into the search index again. Harmless, also while people write."""
    with database.connection_context():
        _reindex()
    click.echo("  the search index is up to date")


@linli.group("points")
def ledger():
    """The book of 积分."""


@ledger.command("audit")
def points_audit():
    """Recount every balance from its entries, and print those that do not agree; exit 1 where any does not."""
    with database.connection_context():
        wrong = point_entries.differences()
    for member, kept, counted in wrong:
        click.echo(f"  membership {member}: kept (points, held) {kept}, counted {counted}")
    if wrong:
        sys.exit(1)
    click.echo("  every balance is the sum of its entries")


def _reindex():
    shown = None
    for kind, reached, last in indexing.everything():
        if (now := f"{kind}s {100 * reached // last:>3} %") != shown:
            click.echo(f"  indexing {now}")
            shown = now


@counting.command("recount")
@click.argument("contest_id", type=int)
def recount(contest_id):
    """Count the ballots of a contest again from their rows, and compare with what was published; exit 1 where they differ."""
    with database.connection_context():
        contest = contests.Contest.get_or_none(contests.Contest.id == contest_id)
        if contest is None or contest.settled_at is None:
            raise click.ClickException(f"contest {contest_id} is not counted yet")
        totals, head, agree = tallies.check(contest)
        for row in tallies.results(contest):
            given = totals.get(row.entry_id, {"members": 0, "visitors": 0, "paper": 0})
            channels = "  ".join(f"{name} {many}" for name, many in given.items())
            click.echo(f"  no. {row.entry.no:>3}  {channels}  total {row.total}  rank {row.rank}")
    click.echo(f"  head of the chain: {head}")
    if not agree:
        raise click.ClickException("rows, tally and chain do NOT agree")
    click.echo("  rows, tally and chain agree")


@linli.command("draft-migration")
@click.argument("name")
def draft_migration(name):
    """For developers: write db/migrations/NNNN_NAME.py from what the code's tables and this (up to date) database differ in."""
    with database.connection_context():
        if waiting := schema.pending():
            raise click.ClickException(f"this database still lacks {', '.join(waiting)}: flask linli migrate")
        path = schema.draft(name)
    click.echo(f"  {path}: read it, make it whole, then `bin/check`" if path else "  tables and code agree; nothing to write")


@linli.command()
def up():
    """Migrate; on an empty demo database, seed 《春日邻里节》 with progress."""
    with database.connection_context():
        _migrate()
        if current_app.config["DEMO"] and not neighborhoods.everywhere():
            _seed()


@linli.command("seed-demo")
def seed_demo():
    """Fill an empty database with the demo."""
    with database.connection_context():
        _migrate()
        if neighborhoods.everywhere():
            raise click.ClickException("the database is not empty")
        _seed()


def _seed():
    from db import demo  # here, not above: a real house never needs its drawings

    end, drawn = "\r" if sys.stdout.isatty() else "\n", None
    for done, of, words in demo.seed(_now()):
        bar = "█" * int(24 * done / of) + "·" * (24 - int(24 * done / of))
        if end == "\r" or bar != drawn:  # in a log, a line each time the bar grows
            click.echo(f"  {bar} {words:<30}{end}", nl=False)
        drawn = bar
    click.echo(f"  {drawn} {'开门了':<30}")


@linli.command("open")
@click.argument("slug")
@click.argument("name")
def open_neighborhood(slug, name):
    """Open a 小区: SLUG stands in its address, NAME on its page."""
    with database.connection_context():
        try:
            with writing():
                place = neighborhoods.found(slug, name, _now())
                handovers.settle(place, _now())  # HQ looks after it until it has a host (I15)
            code = scans.join_code(place, _now())
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
        click.echo(f"  {name}: {current_app.config['PUBLIC_URL']}/n/{slug}/   door: {current_app.config['PUBLIC_URL']}/q/{code}")


@linli.command("appoint")
@click.argument("slug")
@click.argument("name")
@click.argument("phone")
@click.option("--role", type=click.Choice(["host", "hq", "district"]), default="host")
@click.password_option("--password", envvar="LINLI_PASSWORD")
def appoint(slug, name, phone, role, password):
    """Make NAME with PHONE the host of SLUG (or HQ, or the officer of its district), with a password to sign in."""
    with database.connection_context():
        place = neighborhoods.by_slug(slug)
        if place is None:
            raise click.ClickException(f"no 小区 {slug}")
        try:
            hashed = people.hash_password(password)
            user = people.by_phone(phone)
            with writing():
                user = user or people.create(name, _now())
                people.bind_phone(user, phone)
                people.keep_password(user, hashed)
                if role == "host":
                    member = members.join(place, _now(), user=user, source="host")
                    members.appoint(member, "host", None, _now(), "命令行任命主理人")
                else:
                    people.take_office(user, role)
                    if role == "district":
                        neighborhoods.look_after(place, user)
                    audit.record("appoint", user, actor=None, now=_now(), reason=f"命令行任命 {role}", subject=user)
                handovers.fill_vacancies(_now())
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
    click.echo(f"  {name} is {role} now")


@linli.command("status")
@click.argument("slug")
@click.argument("status", type=click.Choice(["open", "readonly", "closed"]))
@click.option("--reason", default="", help="stands on every page of the 小区, in Chinese")
def set_status(slug, status, reason):
    """Open SLUG, or let neighbours only read it, with the reason."""
    with database.connection_context():
        place = neighborhoods.by_slug(slug)
        if place is None:
            raise click.ClickException(f"no 小区 {slug}")
        try:
            with writing():
                neighborhoods.set_status(place, status, reason)
                handovers.settle(neighborhoods.by_slug(slug), _now())
                why, before, after = reason or "重新开放", {"status": place.status}, {"status": status}
                audit.record(
                    "set status", place, actor=None, now=_now(), reason=why, neighborhood=place, before=before, after=after
                )
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
    click.echo(f"  {place.name} is {status} now")


def lan_address():
    """The address a phone on the same network would use; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.254.254.254", 1))
            return probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"


@linli.command()
def hello():
    """Print where the site is and a QR code to scan with a phone."""
    _hello(current_app.config["PUBLIC_URL"], current_app.config["DEMO"])


def _hello(public_url, is_demo):
    url = public_url + ("/demo" if is_demo else "/")
    click.echo(f"\n  邻里客厅 is open:  {url}\n")
    segno.make(url, error="l").terminal(compact=True, border=2)
    click.echo("  Scan it with a phone in the same network. Ctrl-C closes the door.\n")


@linli.command()
def prepare():
    """What bin/run asks first: migrate, seed an empty database with the demo, say hello; all in one process, for speed.

    Words for people go to stderr. On stdout stand the settings that follow, for the shell to take over."""
    with redirect_stdout(sys.stderr):
        settings = _settings_of_this_machine()
        _refuse_taken_port(settings["HOST"], int(settings["PORT"]))
        with database.connection_context():
            _migrate()
            settings["LINLI_DEMO"] = "1" if _is_demo() else "0"
        _hello(settings["LINLI_PUBLIC_URL"], settings["LINLI_DEMO"] == "1")
    for name, value in settings.items():
        click.echo(f"export {name}={shlex.quote(value)}")


def _settings_of_this_machine():
    """Where to listen, and under which names: what the environment says, else what suits this machine."""
    host, port = os.environ.get("HOST", "0.0.0.0"), os.environ.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise click.ClickException(f"PORT: {port!r} is not a port between 1 and 65535")
    everywhere = host in {"0.0.0.0", "::"}
    seen_as = lan_address() if everywhere else host
    settings = {"HOST": host, "PORT": port}
    if current_app.config["PRODUCTION"]:
        settings["LINLI_PUBLIC_URL"] = current_app.config["PUBLIC_URL"]
        return settings
    url = os.environ.get("LINLI_PUBLIC_URL", "").rstrip("/") or f"http://{seen_as}:{port}"
    names = dict.fromkeys(["localhost", "127.0.0.1", seen_as, socket.gethostname(), urlsplit(url).hostname or "localhost"])
    settings["LINLI_PUBLIC_URL"] = url
    settings["LINLI_TRUSTED_HOSTS"] = os.environ.get("LINLI_TRUSTED_HOSTS") or ",".join(names)
    return settings


def _refuse_taken_port(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"cannot listen on {host} port {port} ({error.strerror}). Another one: PORT={port + 1} bin/run"
            ) from error


def _is_demo():
    """Whether this database holds the demo; an empty one is given it. Never in production, nor with LINLI_DEMO=0.

    The file `demo` beside the data keeps the door code of the first 小区, so that no other database is ever taken for it."""
    if current_app.config["PRODUCTION"] or os.environ.get("LINLI_DEMO", "1") == "0":
        return False
    marker = Path(current_app.config["DATA_DIR"]) / "demo"
    fresh = not neighborhoods.everywhere()
    if fresh:
        click.echo("  the database is empty: building the demo 《春日邻里节》")
        _seed()
    code = scans.join_code(neighborhoods.everywhere()[0], _now())
    if fresh:
        marker.write_text(code)
    return marker.exists() and marker.read_text() == code
