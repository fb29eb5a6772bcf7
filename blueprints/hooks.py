"""企业微信群: the host connects the robot of her own group, tries it, takes it away."""

from flask import Blueprint, g, make_response, render_template, url_for

from db import hooks
from db.base import Refused
from web.access import host
from web.forms import Form, Line
from web.render import go

pages = Blueprint("hooks", __name__, url_prefix="/n/<slug:slug>/desk/wecom")


class HookForm(Form):
    webhook = Line("机器人的 Webhook 地址", 300)


def _page(form, status=200):
    return make_response(render_template("hooks/show.html", form=form, hook=hooks.of(g.neighborhood)), status)


@pages.get("")
@host
def show():
    return _page(HookForm(formdata=None))


@pages.post("")
@host
def connect():
    form = HookForm()
    try:
        if not form.validate():
            return _page(form, 422)
        hooks.connect(g.member, form.webhook.data, g.now)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return _page(form, refused.status)
    return go(url_for(".show"), "接上了，发一条测试看看")


@pages.post("/test")
@host
def test():
    hooks.test(g.member, g.now)
    return go(url_for(".show"), "发出去了，看看群里")


@pages.post("/remove")
@host
def remove():
    hooks.remove(g.member, g.now)
    return go(url_for(".show"), "移除了，群里不会再收到")
