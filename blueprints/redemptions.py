"""兑换: asked for once more before points are held; then a code, big enough to show over a counter."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import point_entries, redemptions, rewards
from db.base import Refused
from web import qr
from web.access import resident
from web.asking import AskForm
from web.errors import said_no
from web.numbers import before
from web.render import go

pages = Blueprint("redemptions", __name__, url_prefix="/n/<slug:slug>/store")


def _load(reward_id):
    reward = rewards.find(g.neighborhood, reward_id)
    return reward if reward is not None and reward.seen_by(g.member) else abort(404)


def _mine(redemption_id):
    """One of her own; those of others do not exist for her."""
    redemption = redemptions.find(g.neighborhood, redemption_id)
    return redemption if redemption is not None and redemption.is_of(g.member) else abort(404)


def _ask(form, reward, no=""):
    purse = point_entries.account(g.member, g.now)
    had = redemptions.had(g.member, reward)
    return make_response(render_template("redemptions/ask.html", form=form, reward=reward, purse=purse, no=no, had=had))


@pages.get("/<id:reward_id>/redeem")
@resident
def new(reward_id):
    reward = _load(reward_id)
    return _ask(AskForm(formdata=None, price=str(reward.price), building=g.member.building), reward)


@pages.post("/<id:reward_id>/redeem")
@resident
def create(reward_id):
    reward, form = _load(reward_id), AskForm()
    if not form.validate():
        page = _ask(form, reward)
        page.status_code = 422
        return page
    told = {"building": form.building.data, "door": form.door.data}
    try:
        asked = redemptions.redeem(g.member, reward, g.now, op_id=form.op_id.data, price=form.seen, **told)
    except Refused as refused:
        if form.refuse(refused):
            return said_no(_ask(form, reward), refused)
        reward = _load(reward_id)
        form.price.data = str(reward.price)
        return said_no(_ask(form, reward, no=refused.sentence), refused)
    said = f"{reward.verb}好了，" + ("备好了就告诉您" if asked.state == "held" else f"去{reward.place}领吧")
    return go(url_for(".show", redemption_id=asked.id), said)


@pages.get("/mine/")
@resident
def mine():
    listed, more = redemptions.of_member(g.member, before(request.args.get("before", "")))
    return render_template("redemptions/mine.html", listed=listed, more=more)


@pages.get("/mine/<id:redemption_id>")
@resident
def show(redemption_id):
    redemption = _mine(redemption_id)
    link = qr.link(url_for("counter.landing", code=redemption.code))
    drawing = qr.inline_svg(link) if redemption.waits(g.now) else ""
    return render_template("redemptions/show.html", redemption=redemption, drawing=drawing)


@pages.post("/mine/<id:redemption_id>/cancel")
@resident
def cancel(redemption_id):
    now_is = redemptions.cancel(_mine(redemption_id), g.member, g.now)
    said = "取消了" if now_is.state == "cancelled" else "领取的时间已经过了"
    return go(url_for(".show", redemption_id=redemption_id), said + redemptions.back_again(now_is))
