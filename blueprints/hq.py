"""总部 and 片区: the list of 小区, the books of what was done, whether the machine is well."""

from flask import Blueprint, g, render_template

from db import audit, neighborhoods, schema, timetable
from web.access import district, hq

pages = Blueprint("hq", __name__)


@pages.get("/hq/")
@hq
def index():
    return render_template("hq/index.html", places=neighborhoods.everywhere(), lines=audit.latest(), officer=False)


@pages.get("/district/")
@district
def district_index():
    return render_template("hq/index.html", places=neighborhoods.of_officer(g.user), lines=[], officer=True)


@pages.get("/hq/health")
@hq
def health():
    return render_template("hq/health.html", pending=schema.pending(), scheduler=timetable.alive(g.now))
