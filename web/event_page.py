"""What the pages of an event share: finding it for who looks, showing all of it, and the tools of whoever runs it."""

from flask import abort, g, make_response, render_template

from db import (
    ambassadors,
    attendance,
    care_visits,
    checkins,
    editions,
    event_photos,
    events,
    feedbacks,
    groups,
    registrations,
    series,
    shifts,
    tastings,
    wishes,
)
from web.errors import said_no
from web.forms import Form, Line, Text


class MoveForm(Form):
    starts_at = Line("改到什么时候", 20)
    ends_at = Line("什么时候结束（不填就和原来一样长）", 20)
    reason = Line("为什么（4–200 个字，大家都看得到）", 200)
    scope = Line("改哪几期", 10)


class CancelForm(Form):
    reason = Line("为什么取消（4–200 个字，报名的邻居会收到）", 200)


class RecapForm(Form):
    recap = Text("回顾", 2000)
    helped = Line("帮到了几位（可不填）", 6)


class ItemsForm(Form):
    items = Text("一行一样，最多 20 样", 700)


class ShiftForm(Form):
    role = Line("做什么", 20)
    starts_at = Line("从", 20)
    ends_at = Line("到", 20)
    wanted = Line("要几个人", 4)


class HoursForm(Form):
    hours_done = Line("几个小时", 5)
    reason = Line("改第二次要写原因", 200)


class VisitForm(Form):
    who = Line("称呼和楼栋", 60)


class WishForm(Form):
    words = Line("还想学什么", 60)


class RateForm(Form):
    face = Line("味道", 2)
    words = Line("一句话（可不填）", 60)


def load(event_id):
    """The event of this address as this viewer may read it, or 404."""
    event = events.find(g.neighborhood, event_id)
    return event if event is not None and event.readable_by(g.member) else abort(404)


def run(event_id):
    """The event of this address for those who run it; 403 for everybody else who may read it."""
    event = load(event_id)
    return event if event.run_by(g.member) else abort(403)


def scopes(event):
    """Which editions a change may go to, for whoever keeps them; empty where the event comes but once."""
    return editions.scopes(event, g.member) if event is not None else {}


def seat(event):
    """How this viewer stands to the seats of an event."""
    mine = registrations.of(event, g.member)
    standing = mine.standing(g.now) if mine else ""
    ahead = registrations.ahead_of(mine) if standing == "waitlisted" else 0
    values = {"event": event, "phase": event.phase(g.now), "mine": mine, "standing": standing, "ahead": ahead, "form": None}
    return values | {"coming": attendance.coming(event)}


def show(event, status=200, **refused):
    """An event with all that this viewer may see and do. A form that was refused comes as `wish`, or as `rate` with `item`."""
    values = seat(event) | {
        "notes": events.notes_of(event),
        "group": groups.find(g.neighborhood, event.group_id) if event.group_id else None,
        "edition": series.place_of(event),
        "ambassadors": ambassadors.names_of(event),
        "runs": event.run_by(g.member),
        "checking": checkins.is_open(event, g.now),
        "asks": feedbacks.asks(event, g.member, g.now),
        "photos": event_photos.listed(event) if g.member else [],
        "hangs": event_photos.may_hang(event, g.member, g.now),
        "items": [],
        "rates": False,
        "wishes": wishes.may_wish(event, g.member, g.now),
        "shifts": shifts.listed(event) if event.kind in shifts.WITH_SHIFTS else [],
        "visits": care_visits.listed(event) if event.kind == "charity" else [],
        "wish": None,
        "rate": None,
        "item": None,
    }
    if event.kind == "tasting":
        values |= {"items": tastings.results(event), "rates": tastings.may_rate(event, g.member, g.now)}
        values |= {"rated": tastings.mine(event, g.member), "faces": tastings.FACES}
    if values["wishes"]:
        values["wish"] = WishForm(formdata=None, words=wishes.of(event, g.member))
    return make_response(render_template("events/show.html", **values | refused), status)


def manage(event, status=200, **refused):
    """The tools of whoever runs an event; a form that was refused comes by its name, that of hours with whose they are."""
    forms = {
        "move": MoveForm(formdata=None),
        "cancel": CancelForm(formdata=None),
        "recap": RecapForm(formdata=None, recap=event.recap, helped=str(event.helped or "")),
        "table": ItemsForm(formdata=None, items="\n".join(item.name for item in tastings.items(event))),
        "shift": ShiftForm(formdata=None, wanted="2"),
        "visit": VisitForm(formdata=None),
        "hours": None,
        "hours_of": None,
    }
    edition = series.place_of(event)
    values = {
        "event": event,
        "phase": event.phase(g.now),
        "coming": attendance.coming(event),
        "items": tastings.results(event) if event.kind == "tasting" else [],
        "learn": wishes.listed(event) if event.kind == "workshop" else [],
        "shifts": shifts.listed(event) if event.kind in shifts.WITH_SHIFTS else [],
        "visits": [(visit, care_visits.who_is(visit, g.member)) for visit in care_visits.listed(event)],
        "opened": next(iter(refused), ""),
        "scopes": scopes(event),
        "edition": edition,
        "lessons": series.lessons(edition) if edition else [],
    }
    for name, form in (forms | refused).items():
        for field in form if isinstance(form, Form) and name != "hours" else ():
            field.id = f"{name}-{field.name}"  # more than one form of the page asks for a time or a reason
    return make_response(render_template("events/manage.html", **forms | values | refused), status)


def again(form, refused, page):
    """`page()` once more with the sentence beside its field; a refusal that belongs to none of them goes on."""
    if not form.refuse(refused):
        raise refused
    return said_no(page(), refused)
