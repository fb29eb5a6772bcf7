"""积分商店: the shelf for everybody; what stands on it, made and looked after by the host."""

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import photos, point_entries, redemptions, rewards
from db.base import Refused
from web import uploads
from web.access import host, public
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.numbers import whole
from web.render import go, local, parse_local

pages = Blueprint("rewards", __name__, url_prefix="/n/<slug:slug>")

FIELD = "%Y-%m-%dT%H:%M"
WORDS = ("title", "words", "place", "hours", "prepare")
NUMBERS = ("price", "stock", "per_person", "per_household", "keep_days")
DATES = ("opens_at", "closes_at")


class RewardForm(Form):
    op_id = OpId()
    ware = HiddenField()  # a key of rewards.KINDS
    title = Line("名称", 30)
    words = Text("说明（可以不写）", 1000)
    price = Line("多少积分", 9)
    stock = Line("一共几件", 9)
    per_person = Line("每人最多几件（0 是不限）", 3)
    per_household = Line("每户最多几件（0 是不限）", 3)
    prepare = BooleanField("要先准备：备好了我再通知邻居来领")
    opens_at = Line("从什么时候开始（可以不填）", 20)
    closes_at = Line("到什么时候为止（可以不填）", 20)
    place = Line("到哪里领", 40)
    hours = Line("什么时候领", 40)
    keep_days = Line("给邻居留几天", 3)


def _load(reward_id):
    reward = rewards.find(g.neighborhood, reward_id)
    return reward if reward is not None and reward.seen_by(g.member) else abort(404)


def _purse():
    """What she has to spend, or None for a guest."""
    return point_entries.account(g.member, g.now) if g.member else None


@pages.get("/store/")
@public
def index():
    hosting = g.member is not None and g.member.is_host
    off = rewards.shelf(g.neighborhood, "draft", "closed") if hosting else []
    waits = redemptions.count_waiting(g.member) if g.member else 0
    shelf = rewards.shelf(g.neighborhood)
    values = {"shelf": shelf, "off": off, "purse": _purse(), "waits": waits, "hosting": hosting}
    return render_template("rewards/index.html", kinds=rewards.KINDS, **values)


@pages.get("/store/<id:reward_id>")
@public
def show(reward_id):
    reward = _load(reward_id)
    had = redemptions.had(g.member, reward) if g.member else []
    return render_template("rewards/show.html", reward=reward, purse=_purse(), had=had)


def _page(form, tray, reward=None, status=200):
    ware = reward.kind if reward else form.ware.data
    values = {"form": form, "reward": reward, "tray": tray, "kinds": rewards.KINDS, "gift": ware == "gift"}
    return make_response(render_template("rewards/form.html", **values), status)


@pages.get("/desk/rewards/new")
@host
def new():
    ware = request.args.get("kind", "goods")
    if ware not in rewards.KINDS:
        abort(404)
    place, hours = rewards.last_place(g.neighborhood)
    told = {"ware": ware, "place": place, "hours": hours, "per_person": "1", "per_household": "0"}
    kept = rewards.KEPT_DAYS.get(ware, rewards.KEPT_OTHERWISE)
    return _page(RewardForm(formdata=None, keep_days=str(kept), **told), [])


def _tray():
    """The one photo of the form as it was sent: what lies in its tray, or the file that came along."""
    codes = [code for code in uploads.codes() if code != request.form.get("drop")][-1:]
    if request.files.get("file") and request.files["file"].filename:
        codes = [uploads.take("file").code]
    return photos.in_tray(g.member, codes)


def _told(form, tray, gift):
    """What the form says, in the domain's words; Refused beside a number or date that is none."""
    told = {name: form[name].data for name in WORDS} | {"photo_code": tray[0].code if tray else ""}
    for name in NUMBERS:
        free = gift and name in {"price", "per_person", "per_household"}
        told[name] = 0 if free else whole(form[name].data, name)
    for name in DATES:
        told[name] = parse_local(form[name].data) if form[name].data else None
        if form[name].data and told[name] is None:
            raise Refused("bad-dates", "请选择日期和时间，或者空着", field=name)
    return told


def _saved(form, reward, act, gift):
    """Carry out what the form asks for: (the reward, None), or (None, the form again)."""
    tray = []
    try:
        tray = _tray()
        if "add" in request.form or "drop" in request.form:
            return None, _page(form, tray, reward)
        if not form.validate():
            return None, _page(form, tray, reward, 422)
        return act(_told(form, tray, gift)), None
    except Refused as refused:
        form.refuse(refused, "title")
        return None, said_no(_page(form, tray, reward), refused)


@pages.post("/desk/rewards/new")
@host
def create():
    form = RewardForm()
    ware = form.ware.data or ""

    def act(told):
        return rewards.create(g.member, g.now, op_id=form.op_id.data, kind=ware, **told)

    reward, again = _saved(form, None, act, ware == "gift")
    return again or go(url_for(".show", reward_id=reward.id), "存成草稿了，看一遍，没问题就上架")


@pages.get("/desk/rewards/<id:reward_id>/edit")
@host
def edit(reward_id):
    reward = _load(reward_id)
    told = {name: getattr(reward, name) for name in WORDS} | {name: str(getattr(reward, name)) for name in NUMBERS}
    told |= {name: local(getattr(reward, name)).strftime(FIELD) for name in DATES if getattr(reward, name)}
    return _page(RewardForm(formdata=None, ware=reward.kind, **told), [], reward)


@pages.post("/desk/rewards/<id:reward_id>/edit")
@host
def save(reward_id):
    reward, form = _load(reward_id), RewardForm()

    def act(told):
        rewards.rewrite(reward, g.member, g.now, **told)
        return reward

    saved, again = _saved(form, reward, act, reward.gift)
    return again or go(url_for(".show", reward_id=saved.id), "改好了")


@pages.post("/desk/rewards/<id:reward_id>/open")
@host
def put_up(reward_id):
    rewards.put_up(_load(reward_id), g.member, g.now)
    return go(url_for(".show", reward_id=reward_id), "上架了，邻居们看得到了")


@pages.post("/desk/rewards/<id:reward_id>/close")
@host
def take_down(reward_id):
    rewards.take_down(_load(reward_id), g.member, g.now)
    return go(url_for(".show", reward_id=reward_id), "下架了。已经兑换的邻居照样能来领")


@pages.post("/desk/rewards/<id:reward_id>/first")
@host
def put_first(reward_id):
    rewards.put_first(_load(reward_id), g.member, g.now)
    return go(url_for(".index"), "排到最前面了")
