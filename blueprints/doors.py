"""Signing in and out: phone and code, password, 找回码; binding a phone; the devices one is signed in on."""

import secrets

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user

from db import doors, limits, members, merging, people, phones, sessions
from db.base import Refused
from web.access import address, device, enter, go_out, home_of, public, safe_next, signed_in
from web.errors import said_no
from web.forms import Form, HiddenField, Line, PasswordField
from web.render import go

pages = Blueprint("doors", __name__)


class PhoneForm(Form):
    phone = Line("手机号", 20)
    next = HiddenField()


class CodeForm(Form):
    phone = Line("手机号", 20)
    code = Line("验证码", 10)
    next = HiddenField()


class PasswordForm(Form):
    phone = Line("手机号", 20)
    password = PasswordField("密码")
    next = HiddenField()


class RecoveryForm(Form):
    code = Line("找回码", 20)
    next = HiddenField()


class NewPasswordForm(Form):
    current = PasswordField("现在的密码")
    password = PasswordField("新密码")


def _asking():
    """What binds a code to the browser that asked for it."""
    return session.setdefault("asking", secrets.token_hex(16))


def _page(template, form, status=200, **values):
    device()
    return make_response(render_template(template, form=form, **values), status)


def _again(template, form, refused, **values):
    """The form with the sentence where it belongs; too fast stands beside the first field, so that nothing typed is lost."""
    form.refuse(refused, next(iter(form)).name)
    return said_no(_page(template, form, **values), refused)


def _asked_again(template, form, refused, purpose):
    """Tapped twice, or too soon: the first code is on its way, so the page to type it in stays."""
    if refused.retry_after and doors.awaited(form.phone.data, purpose, _asking(), g.now):
        code = CodeForm(formdata=None, phone=form.phone.data, next=form.next.data)
        return _again("doors/code.html", code, refused, binding=purpose == "bind")
    return _again(template, form, refused)


def _in(user, form, toast):
    enter(user)
    return go(safe_next(form.next.data, "") or home_of(user), toast)


@pages.get("/signin")
@public
def sign_in():
    if g.user:
        return redirect(safe_next(request.args.get("next"), home_of(g.user)), 303)
    return _page("doors/signin.html", PhoneForm(formdata=None, next=request.args.get("next", "")[:300]))


@pages.post("/signin")
@public
def ask_code():
    form = PhoneForm()
    try:
        if not form.validate():
            return _page("doors/signin.html", form, 422)
        doors.ask_code(form.phone.data, "sign-in", _asking(), address(), g.now)
    except Refused as refused:
        return _asked_again("doors/signin.html", form, refused, "sign-in")
    return _page("doors/code.html", CodeForm(formdata=None, phone=form.phone.data, next=form.next.data), binding=False)


@pages.post("/signin/code")
@public
def check_code():
    form = CodeForm()
    try:
        if not form.validate():
            return _page("doors/code.html", form, 422, binding=False)
        doors.check_code(form.phone.data, "sign-in", form.code.data, _asking(), g.now)
        user = people.by_phone(form.phone.data)
        if user is None:
            raise Refused("wrong-code", "验证码不对或已过期，请看清楚再试，或重新获取", field="code")
    except Refused as refused:
        return _again("doors/code.html", form, refused, binding=False)
    return _in(user, form, f"{user.name}，欢迎回来")


@pages.get("/signin/password")
@public
def password():
    return _page("doors/password.html", PasswordForm(formdata=None, next=request.args.get("next", "")[:300]))


def _name_of(phone):
    try:
        return phones.digest("phone", phones.normalize(phone))
    except Refused:
        return f"none {address()}"


@pages.post("/signin/password")
@public
def check_password():
    form = PasswordForm()
    wrong = Refused("wrong-password", "手机号或密码不对", field="password")
    try:
        if not form.validate() or len(form.password.data or "") > 128:
            raise wrong
        # One allowance for a number in whatever spelling, kept under its digest: numbers do not lie about in clear (S14).
        limits.spend("sign-in", f"phone {_name_of(form.phone.data)}", g.now)
        limits.spend("sign-in-address", address(), g.now)
        try:
            user = people.check_password(form.phone.data, form.password.data)
        except Refused:  # not a number at all: it takes as long all the same
            user = people.check_password("13000000000", form.password.data) and None
        if user is None:
            raise wrong
    except Refused as refused:
        return _again("doors/password.html", form, refused)
    return _in(user, form, f"{user.name}，欢迎回来")


@pages.get("/signin/recover")
@public
def recover():
    return _page("doors/recover.html", RecoveryForm(formdata=None, next=request.args.get("next", "")[:300]))


@pages.post("/signin/recover")
@public
def redeem():
    form = RecoveryForm()
    try:
        if not form.validate():
            return _page("doors/recover.html", form, 422)
        limits.spend("sign-in", f"device {device()}", g.now)
        limits.spend("sign-in-address", address(), g.now)
        user = doors.redeem_recovery(form.code.data, g.now)
        if members.hosts_anywhere(user) or user.staff:  # appointed since: an office has a key of its own
            raise Refused("office", "主理人和工作人员请用手机号登录", field="code")
    except Refused as refused:
        return _again("doors/recover.html", form, refused)
    return _in(user, form, f"{user.name}，找回来了")


@pages.post("/signout")
@public
def sign_out():
    go_out()
    return go("/", "已退出。在这台手机上，别人看不到您的内容了")


@pages.post("/signout-everywhere")
@signed_in
def sign_out_everywhere():
    sessions.end_all(g.user, g.now)
    go_out()
    return go("/", "所有设备都已退出")


@pages.post("/devices/<id:session_id>/end")
@signed_in
def end_device(session_id):
    sessions.end(session_id, g.user, g.now)
    return go(_mine(), "那台设备已退出")


def _mine():
    places = members.places(g.user)
    return url_for("members.me", slug=places[0].neighborhood.slug) if places else home_of(g.user)


@pages.get("/me/phone")
@signed_in
def phone():
    return _page("doors/phone.html", PhoneForm(formdata=None))


@pages.post("/me/phone")
@signed_in
def ask_phone_code():
    form = PhoneForm()
    try:
        if not form.validate():
            return _page("doors/phone.html", form, 422)
        doors.ask_code(form.phone.data, "bind", _asking(), address(), g.now)
    except Refused as refused:
        return _asked_again("doors/phone.html", form, refused, "bind")
    return _page("doors/code.html", CodeForm(formdata=None, phone=form.phone.data), binding=True)


@pages.post("/me/phone/code")
@signed_in
def bind_phone():
    """Prove the number; where it belongs to an account of hers already, the two become one (X1)."""
    form = CodeForm()
    try:
        if not form.validate():
            return _page("doors/code.html", form, 422, binding=True)
        doors.check_code(form.phone.data, "bind", form.code.data, _asking(), g.now)
        older = people.by_phone(form.phone.data)
        if older and older.id != g.user.id:
            merging.merge(g.user, older, g.user, g.now, "本人验证了同一个手机号")
            enter(older)
            return go(_mine(), "找到了您以前的身份，已经合在一起")
        people.bind_phone(g.user, form.phone.data)
        sessions.end_all(g.user, g.now, keep=current_user.session_id)
    except Refused as refused:
        return _again("doors/code.html", form, refused, binding=True)
    return go(_mine(), "手机号绑好了，换了手机也能回来")


@pages.get("/me/password")
@signed_in
def new_password():
    return _page("doors/new_password.html", NewPasswordForm(formdata=None))


@pages.post("/me/password")
@signed_in
def save_password():
    form = NewPasswordForm()
    try:
        limits.spend("sign-in", f"new password {g.user.id}", g.now)
        people.confirm_password(g.user, form.current.data)
        people.keep_password(g.user, people.hash_password(form.password.data))
    except Refused as refused:
        return _again("doors/new_password.html", form, refused)
    sessions.end_all(g.user, g.now, keep=current_user.session_id)
    return go(_mine(), "密码设好了，其他设备已退出")
