"""create_app(): settings, database, people, pages, error pages, commands. It lays the table; the dishes are in the modules."""

from datetime import timedelta
from importlib import import_module

from flask import Flask, g
from htmx_flask import Htmx
from werkzeug.middleware.proxy_fix import ProxyFix

import cli
import config as settings
import jobs
from db import base, doors, exports, limits, links, lives, mailboxes, phones, photos, posts, rotating
from providers import mail, sms
from web import access, assets, door, errors, forms, live_door, logs, render, uploads, voting

BLUEPRINTS = (
    "living_room", "posts", "comments", "likes", "mutual_aid", "photos", "topics", "hosts", "reviews", "members", "doors",
    "scan", "codes", "people", "handovers", "posters", "mixes", "invitations", "notices", "search", "digests", "hooks", "privacy",
    "reports", "blocks", "screening", "services", "needs", "howtos", "makings", "stories", "contests", "entries",
    "ballots", "paper_batches", "bursts", "tallies", "exhibitions", "certificates", "points", "point_rules", "rings", "rewards",
    "redemptions", "counter", "releases", "spreads", "showcase", "events", "registrations", "checkins", "tastings", "wishes",
    "shifts", "markets", "stamps", "care_visits", "event_photos", "event_reviews", "lives", "live_questions", "series",
    "calendars", "ambassadors", "groups", "feedbacks", "hq", "health",
)  # fmt: skip


def create_app(config=None):
    config = config or settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.ensure_sync = lambda view: view  # none is async, and asking eleven of them on every request costs 5 % of a page
    secure = config.behind_tls
    app.config.update(
        SECRET_KEY=config.secret_key,
        SECRET_KEY_FALLBACKS=config.old_secret_keys,
        TESTING=config.testing,
        TRUSTED_HOSTS=config.trusted_hosts or None,
        PRODUCTION=config.production,
        DATA_DIR=str(config.data_dir),
        DEMO=config.demo,
        PUBLIC_URL=config.public_url,
        LIVE_HOSTS=config.live_hosts,
        MAX_CONTENT_LENGTH=uploads.CONTENT_LIMIT,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        SESSION_COOKIE_NAME="linli",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),  # the session row decides, not the cookie
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Sec-Fetch-Site and Origin are checked in web/access.py; some phones send no referrer
    )
    if secure:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    logs.set_up(app)
    phones.use_secret(config.secret_key, config.old_secret_keys)
    links.use(config.secret_key, config.old_secret_keys, config.public_url)
    rotating.use(config.secret_key, config.old_secret_keys)
    limits.enabled = config.limits
    posts.requires = config.posting_requires
    lives.hosts = tuple(config.live_hosts)
    jobs.text_messages = sms.provider(config.sms_provider)
    doors.sends = config.sms_provider != "none"
    jobs.letters = mail.provider(config.mail_url, config.mail_from)
    mailboxes.sends = bool(config.mail_url)
    photos.shelve_under(config.photo_dir)
    exports.shelve_under(config.data_dir / "exports")
    _keep_database(app, config.database_url)  # before access: the guard reads the database
    Htmx(app)
    access.init_app(app)
    voting.init_app(app)
    door.init_app(app)
    live_door.init_app(app)
    render.init_app(app)
    errors.init_app(app)
    app.jinja_env.globals.update(csrf=forms.csrf, op_id=forms.new_op_id, demo=config.demo, tls=secure)
    for name in (*BLUEPRINTS, *(("demo",) if config.demo else ())):
        app.register_blueprint(import_module(f"blueprints.{name}").pages)
    app.cli.add_command(cli.linli)
    app.cli.add_command(cli.searching)
    app.cli.add_command(cli.counting)
    app.cli.add_command(jobs.jobs)
    assets.init_app(app, config.data_dir)
    return app


def _keep_database(app, url):
    """A connection of the pool for each request that has none, given back at its end."""
    base.connect_to(url)

    def open_one():
        g.opened = base.database.connect(reuse_if_open=True)

    def give_back(error):
        if g.pop("opened", False) and not base.database.is_closed():
            base.database.close()

    app.before_request(open_one)
    app.teardown_request(give_back)
