"""For machines that ask whether we are well."""

import shutil

from flask import Blueprint, current_app, g, jsonify

from db import schema, timetable
from web.access import public

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@public
def alive():
    """The process answers and the database takes a write."""
    timetable.probe(g.now)
    return jsonify(status="ok")


@pages.get("/readyz")
@public
def ready():
    """Migrations done, over 10 % of the disk free, the scheduler alive."""
    disk = shutil.disk_usage(current_app.config["DATA_DIR"])
    checks = {
        "migrations": not schema.pending(),
        "disk": disk.free > disk.total * 0.1,
        "scheduler": timetable.alive(g.now),
    }
    return jsonify(checks), 200 if all(checks.values()) else 503
