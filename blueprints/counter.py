"""兑换柜台: a code scanned or typed, a name ticked off; for whoever has no phone; and the lists on paper."""

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for

from db import counter, limits, members, point_entries, redemptions, rewards
from db.base import Refused
from db.rotating import typed
from web import desk, sheets
from web.access import device, host, public
from web.asking import AskForm
from web.desk import ReasonForm
from web.errors import said_no
from web.forms import Line
from web.render import go, local

pages = Blueprint("counter", __name__, url_prefix="/n/<slug:slug>")

LIST = (("东西", 24), ("邻居", 12), ("楼栋", 10), ("码", 10), ("现在", 14), ("留到", 14), ("领走", 8))
STOCK = (("东西", 24), ("积分", 8), ("一共", 8), ("等着领", 8), ("领走了", 8), ("还剩", 8), ("现在", 12))


class BehalfForm(AskForm):
    own_reason = Line("还是要给？写下为什么（4–200 个字）", 200)


@pages.get("/redeem/<string(minlength=1,maxlength=40):code>")
@public
def landing(code):
    """What a phone's camera opens. Looking changes nothing (S8); only host and owner learn whether there is such a code."""
    limits.spend("redeem-code", f"user {g.user.id}" if g.user else f"guest {device()}", g.now)
    found = counter.by_code(g.neighborhood, typed(code))
    if g.member and found and g.member.is_host:
        return redirect(url_for(".show", redemption_id=found.id), 303)
    if found and found.is_of(g.member):
        return redirect(url_for("redemptions.show", redemption_id=found.id), 303)
    return make_response(render_template("counter/landing.html"), 404)


def _load(redemption_id):
    return redemptions.find(g.neighborhood, redemption_id) or abort(404)


@pages.get("/desk/counter/")
@host
def index():
    code, name, wrong = typed(request.args.get("code", "")[:60]), request.args.get("name", "")[:12].strip(), ""
    if code:
        limits.spend("redeem-code", f"user {g.user.id}", g.now)
        if found := counter.by_code(g.neighborhood, code):
            return redirect(url_for(".show", redemption_id=found.id), 303)
        wrong = "没有找到这个码。一共 6 个字母和数字，请对着邻居的手机再看一遍"
    listed = counter.waiting(g.neighborhood, g.now, name)
    values = {"code": code, "name": name, "wrong": wrong, "listed": listed, "done": counter.handed_over(g.neighborhood)}
    return make_response(render_template("counter/index.html", **values), 422 if wrong else 200)


@pages.get("/desk/counter/<id:redemption_id>")
@host
def show(redemption_id):
    return render_template("counter/show.html", redemption=_load(redemption_id))


@pages.post("/desk/counter/<id:redemption_id>/ready")
@host
def ready(redemption_id):
    done = counter.ready(_load(redemption_id), g.member, g.now)
    return go(url_for(".index"), f"告诉{done.member.user.name}可以来领了")


@pages.post("/desk/counter/<id:redemption_id>/hand-over")
@host
def hand_over(redemption_id):
    done = counter.hand_over(_load(redemption_id), g.member, g.now)
    return go(url_for(".show", redemption_id=redemption_id), "核销好了" if done else "这份之前已经核销过了")


@pages.post("/desk/counter/<id:redemption_id>/refuse")
@host
def refuse(redemption_id):
    redemption, form = _load(redemption_id), ReasonForm()
    try:
        counter.refuse(redemption, g.member, g.now, form.checked())
    except Refused as refused:
        return desk.asked_again(form, refused, f"为什么给不了「{redemption.reward.title}」")
    return go(url_for(".index"), "退回了，邻居会看到原因")


# For whoever has no phone


@pages.get("/desk/counter/for")
@host
def behalf():
    name = request.args.get("name", "")[:12].strip()
    return render_template("counter/behalf.html", name=name, listed=members.listed(g.neighborhood, name))


def _neighbour(member_id):
    return members.get(g.neighborhood, member_id) or abort(404)


@pages.get("/desk/counter/for/<id:member_id>")
@host
def choose(member_id):
    member = _neighbour(member_id)
    shelf = [each for each in rewards.shelf(g.neighborhood) if each.standing(g.now) == "open"]
    return render_template("counter/choose.html", member=member, shelf=shelf, purse=point_entries.account(member, g.now))


def _reward(reward_id):
    reward = rewards.find(g.neighborhood, reward_id)
    return reward if reward is not None and reward.state != "draft" else abort(404)


def _ask(form, member, reward, refused=None):
    values = {"form": form, "member": member, "reward": reward, "purse": point_entries.account(member, g.now)}
    has = refused is not None and refused.code in {"household-has", "enough"}
    no = refused.sentence if refused is not None and refused.field is None else ""
    return make_response(render_template("counter/ask.html", no=no, another=has or form.own_reason.data, **values))


@pages.get("/desk/counter/for/<id:member_id>/<id:reward_id>")
@host
def ask(member_id, reward_id):
    member, reward = _neighbour(member_id), _reward(reward_id)
    return _ask(BehalfForm(formdata=None, price=str(reward.price), building=member.building), member, reward)


@pages.post("/desk/counter/for/<id:member_id>/<id:reward_id>")
@host
def redeem_for(member_id, reward_id):
    member, reward, form = _neighbour(member_id), _reward(reward_id), BehalfForm()
    member.neighborhood = g.neighborhood
    if not form.validate():
        page = _ask(form, member, reward)
        page.status_code = 422
        return page
    told = {"building": form.building.data, "door": form.door.data, "reason": (form.own_reason.data or "").strip()}
    try:
        asked = redemptions.redeem(member, reward, g.now, op_id=form.op_id.data, price=form.seen, by=g.member, **told)
    except Refused as refused:
        if refused.field == "reason":
            refused.field = "own_reason"
        form.refuse(refused)
        reward = _reward(reward_id)
        form.price.data = str(reward.price)
        return said_no(_ask(form, member, reward, refused), refused)
    return go(url_for(".show", redemption_id=asked.id), f"替{member.user.name}{reward.verb}好了，东西在手边就可以交给 TA")


# On paper


def _row(redemption):
    until = local(redemption.expires_at)
    fetched = redemption.state == "fulfilled"
    here = redemption.member
    return (
        redemption.reward.title, here.user.name, here.building, redemption.code, redemption.state_name(g.now),
        "" if fetched else f"{until.month}月{until.day}日", "✓" if fetched else "",
    )  # fmt: skip


def _stock_row(line):
    reward, waits, fetched = line
    return (reward.title, reward.price, reward.stock, waits, fetched, reward.left, reward.standing_name(g.now))


@pages.get("/desk/counter/list")
@host
def paper():
    rows = [_row(each) for each in counter.listed(g.neighborhood)]
    return render_template("counter/paper.html", title="领取名单", columns=LIST, rows=rows, file="list.xlsx", recorded=True)


@pages.post("/desk/counter/list.xlsx")
@host
def paper_file():
    return sheets.xlsx(f"{g.neighborhood.name}领取名单", LIST, [_row(each) for each in counter.take_list(g.member, g.now)])


@pages.get("/desk/counter/stock")
@host
def stock():
    rows = [_stock_row(line) for line in counter.stock(g.neighborhood)]
    return render_template("counter/paper.html", title="库存", columns=STOCK, rows=rows, file="stock.xlsx", recorded=False)


@pages.get("/desk/counter/stock.xlsx")
@host
def stock_file():
    return sheets.xlsx(f"{g.neighborhood.name}库存", STOCK, [_stock_row(line) for line in counter.stock(g.neighborhood)])
