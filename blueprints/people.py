"""How one reads: 长辈版, light or dark. Chosen once, remembered for the person and on this browser (G11)."""

from flask import Blueprint, current_app, g, render_template, request

from db import people
from db.base import Refused
from web.access import public, safe_next
from web.render import go

pages = Blueprint("people", __name__)


@pages.get("/look")
@public
def look():
    return render_template("people/look.html", back=safe_next(request.args.get("next"), "/"))


@pages.post("/look")
@public
def choose():
    chosen, scheme = request.form.get("look", "standard"), request.form.get("scheme", "auto")
    if chosen not in people.LOOKS or scheme not in people.SCHEMES:
        raise Refused("bad-look", "没有这种显示方式", field="look")
    if g.user:
        people.choose_look(g.user, chosen, scheme)
    answer = go(safe_next(request.form.get("next"), "/"), "已换成长辈版，字大、按钮大" if chosen == "elder" else "换好了")
    for name, value in (("look", chosen), ("scheme", scheme)):
        answer.set_cookie(
            name, value, max_age=400 * 86400, samesite="Lax", httponly=True, secure=current_app.config["SESSION_COOKIE_SECURE"]
        )
    return answer
