"""`flask linli …`: what the operator does from a terminal. Each command says what it does while it does it."""

import os
import socket
import sys
from datetime import UTC, datetime

import click
import segno
from flask import current_app
from flask.cli import AppGroup

from db import audit, demo, members, neighborhoods, people, scans, schema
from db.base import Refused, database, writing

linli = AppGroup("linli", help="邻里客厅：迁移、开小区、任命、演示数据")


def _now():
    return datetime.now(UTC).replace(tzinfo=None)


@linli.command()
def migrate():
    """Bring the database up to date."""
    with database.connection_context():
        taken = schema.migrate()
    click.echo("\n".join(f"  migrated {name}" for name in taken) or "  database is up to date")


@linli.command()
def up():
    """Migrate; on an empty demo database, seed 《春日邻里节》 with progress."""
    with database.connection_context():
        for name in schema.migrate():
            click.echo(f"  migrated {name}")
        if current_app.config["DEMO"] and not neighborhoods.everywhere():
            _seed()


@linli.command("seed-demo")
def seed_demo():
    """Fill an empty database with the demo."""
    with database.connection_context():
        schema.migrate()
        if neighborhoods.everywhere():
            raise click.ClickException("the database is not empty")
        _seed()


def _seed():
    for done, of, words in demo.seed(_now()):
        bar = "█" * int(24 * done / of) + "·" * (24 - int(24 * done / of))
        end = "\n" if done == of or not sys.stdout.isatty() else "\r"
        click.echo(f"  {bar} {words:<30}{end}", nl=False)


@linli.command("open")
@click.argument("slug")
@click.argument("name")
def open_neighborhood(slug, name):
    """Open a 小区: SLUG stands in its address, NAME on its page."""
    with database.connection_context():
        try:
            place = neighborhoods.found(slug, name, _now())
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
                user = user or people.create(name, _now(), staff="" if role == "host" else role)
                people.bind_phone(user, phone)
                people.keep_password(user, hashed)
                if role == "host":
                    member = members.join(place, _now(), user=user, source="host")
                    members.appoint(member, "host", None, _now(), "命令行任命主理人")
                else:
                    audit.record("appoint", user, actor=None, now=_now(), reason=f"命令行任命 {role}", subject=user)
        except Refused as refused:
            raise click.ClickException(refused.sentence) from refused
    click.echo(f"  {name} is {role} now")


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
    url = os.environ.get("LINLI_PUBLIC_URL", current_app.config["PUBLIC_URL"]) + ("/demo" if current_app.config["DEMO"] else "/")
    click.echo(f"\n  邻里客厅 is open:  {url}\n")
    segno.make(url, error="l").terminal(compact=True, border=2)
    click.echo("  Scan it with a phone in the same network. Ctrl-C closes the door.\n")
