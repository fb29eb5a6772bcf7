"""What the pages of the host's desk share: a reason is asked for, and the desk says how much still waits."""

from flask import g, make_response, render_template, request, url_for

from db import reviews
from db.base import Refused
from web.errors import said_no
from web.forms import Form, Line
from web.render import part_or_redirect, wants_part


class ReasonForm(Form):
    """A reason picked from a list, or written by oneself, which counts more."""

    reason = Line("原因（4–200 个字）", 200)
    own_reason = Line("或者自己写一句", 200)

    def checked(self):
        if not self.validate():
            raise Refused("bad-reason", next(iter(self.errors.values()))[0], field="reason")
        return (self.own_reason.data or "").strip() or self.reason.data


def asked_again(form, refused, title):
    """Ask for the reason once more, with what was typed; htmx still has the form and only needs the sentence."""
    if refused.field != "reason" or wants_part():
        raise refused
    form.reason.data = (form.own_reason.data or "").strip() or form.reason.data
    form.reason.errors = [refused.sentence]
    page = render_template("reviews/reason.html", form=form, title=title, action=request.path)
    return said_no(make_response(page), refused)


def left():
    """How much waits on this host's desk, of everything."""
    return reviews.count_waiting(g.neighborhood)


def done(endpoint, toast):
    """After a decision: the card says so and the count goes down, or the whole page again."""
    return part_or_redirect("reviews/_done.html", url_for(endpoint), toast=toast, left=left())
