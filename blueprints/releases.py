"""What an author says to her picked work going outside, and where it went: her own pages."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import picks, releases, spreads, works
from db.base import Refused
from web.access import resident
from web.errors import said_no
from web.forms import Form, HiddenField, Line
from web.render import go, wants_part

pages = Blueprint("releases", __name__, url_prefix="/n/<slug:slug>")

SAID = {"given": "谢谢您！只去您勾的地方", "refused": "好的，就留在客厅里", "withdrawn": "收回了，外面的会请主理人撤下来"}


class ReleaseForm(Form):
    release = HiddenField()
    credit = Line("怎么署名", picks.LONGEST_CREDIT)


def _load(pick_id):
    return picks.find_mine(g.member, pick_id) or abort(404)


def _page(pick, form, ways, *, wrong="", said=""):
    values = {"pick": pick, "form": form, "ways": ways, "wrong": wrong, "said": said, "names": picks.WAYS}
    values |= {"work": works.told([pick]).get(pick.id), "picked": picks.is_picked(pick), "spreads": spreads.of([pick])}
    return make_response(render_template("releases/show.html", **values))


@pages.get("/picks/<id:pick_id>")
@resident
def show(pick_id):
    pick = _load(pick_id)
    return _page(pick, ReleaseForm(formdata=None, credit=pick.credit or pick.author.name), pick.allowed)


@pages.post("/picks/<id:pick_id>")
@resident
def answer(pick_id):
    pick, form, ways = _load(pick_id), ReleaseForm(), request.form.getlist("way")[:10]
    try:
        if not form.validate():
            raise Refused("bad-credit", form.credit.errors[0] if form.credit.errors else "请再按一次", field="credit")
        releases.answer(pick, form.release.data, g.now, ways=ways, credit=form.credit.data)
    except Refused as refused:
        if wants_part():
            raise
        form.credit.errors = [refused.sentence] if refused.field == "credit" else []
        otherwise = "" if refused.field in {"credit", "ways"} else refused.sentence
        wrong = refused.sentence if refused.field == "ways" else ""
        return said_no(_page(_load(pick_id), form, ways, wrong=wrong, said=otherwise), refused)
    return go(url_for(".show", pick_id=pick.id), SAID[form.release.data])


@pages.get("/me/works")
@resident
def mine():
    """Which of her works were picked, and where they went."""
    listed = picks.by_author(g.member)
    return render_template("releases/mine.html", listed=listed, works=works.told(listed), spreads=spreads.of(listed))
