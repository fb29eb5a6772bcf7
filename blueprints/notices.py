"""消息: one's own inbox. Opening a line reads it; that is a POST, as a GET never changes anything."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, g, make_response, render_template, request, url_for

from db import digests, mailboxes, members, notices
from db.base import Refused
from web.access import home_of, public, safe_next, signed_in
from web.forms import Form, Line
from web.render import go, wants_part

pages = Blueprint("notices", __name__)

EPOCH = datetime(1970, 1, 1)
TOKEN = "<string(minlength=10,maxlength=300):token>"


class MailForm(Form):
    email = Line("邮箱地址", 100)


def _mark(text):
    """The cursor `microseconds.id` of the last line seen, or None."""
    at, _, number = text.partition(".")
    if at.isascii() and at.isdigit() and number.isascii() and number.isdigit() and len(at) < 18 and len(number) < 16:
        return EPOCH + timedelta(microseconds=int(at)), int(number)
    return None


def _cursor(notice):
    return f"{(notice.at - EPOCH) // timedelta(microseconds=1)}.{notice.id}"


@pages.get("/inbox")
@signed_in
def index():
    after = _mark(request.args.get("after", ""))
    listed, more = notices.inbox(g.user, after)
    values = {"listed": listed, "after": _cursor(listed[-1]) if more else ""}
    if wants_part():
        return render_template("notices/_list.html", **values)
    newest = _cursor(listed[0]) if listed else ""
    return render_template("notices/index.html", newest=newest, later=bool(after), home=home_of(g.user), **values)


@pages.post("/inbox/<id:notice_id>")
@signed_in
def open_one(notice_id):
    notice = notices.read(g.user, notice_id, g.now) or abort(404)
    return go(safe_next(notice.url, url_for(".index")))


@pages.post("/inbox/read")
@signed_in
def read_all():
    """Everything up to the newest line she was looking at; what came meanwhile stays unread."""
    seen = _mark(request.form.get("newest", ""))
    count = notices.read_all(g.user, g.now, until=seen[0] if seen else None)
    return go(url_for(".index"), f"{count} 条都标为已读了" if count else "没有未读的消息")


def settings_page(form, status=200, wanted=None):
    """The switches, and the address for the daily letter where the house sends any."""
    office = bool(g.user.staff) or members.hosts_anywhere(g.user)
    page = render_template(
        "notices/settings.html",
        always=[notices.KINDS[kind] for kind in notices.ALWAYS if kind != "desk" or office],
        kinds={kind: called for kind, called in notices.KINDS.items() if kind not in notices.ALWAYS},
        off=notices.turned_off(g.user),
        mailbox=mailboxes.of(g.user) if mailboxes.sends else None,
        sends=mailboxes.sends,
        digest=digests.latest(g.user),
        form=form,
    )
    return make_response(page, status)


@pages.get("/inbox/settings")
@signed_in
def settings():
    return settings_page(MailForm(formdata=None))


@pages.post("/inbox/settings")
@signed_in
def choose():
    notices.choose(g.user, request.form.getlist("told"))
    return go(url_for(".settings"), "记下了")


@pages.post("/inbox/mail")
@signed_in
def ask_mail():
    form = MailForm()
    try:
        if not form.validate():
            return settings_page(form, 422)
        mailboxes.ask(g.user, form.email.data, g.now)
    except Refused as refused:
        if not form.refuse(refused):
            raise
        return settings_page(form, refused.status)
    return go(url_for(".settings") + "#mail", "确认信寄出去了，请打开邮箱点一下")


@pages.post("/inbox/mail/remove")
@signed_in
def remove_mail():
    mailboxes.remove(g.user)
    return go(url_for(".settings") + "#mail", "不再往邮箱寄了")


def _dead_end():
    return make_response(render_template("notices/dead_end.html"), 404)


@pages.get(f"/inbox/mail/{TOKEN}")
@public
def mail_link(token):
    mailbox = mailboxes.asked_by(token, g.now)
    return render_template("notices/mail.html", mailbox=mailbox, token=token) if mailbox else _dead_end()


@pages.post(f"/inbox/mail/{TOKEN}")
@public
def confirm_mail(token):
    """The button behind the letter's link: mail programs open every link by themselves, so looking confirms nothing."""
    mailbox = mailboxes.asked_by(token, g.now)
    if mailbox is None:
        return _dead_end()
    mailboxes.confirm(mailbox, g.now)
    return go(url_for(".mail_link", token=token))


@pages.get(f"/unsubscribe/{TOKEN}")
@public
def subscription(token):
    found = notices.subscription(token)
    return render_template("notices/unsubscribe.html", found=found, token=token) if found else _dead_end()


@pages.post(f"/unsubscribe/{TOKEN}")
@public
def subscribe(token):
    """Off, or on again, without signing in: the signed link says who and what (G13)."""
    found = notices.subscription(token)
    if found is None:
        return _dead_end()
    state = request.form.get("state", "")
    if state not in {"on", "off"}:
        raise Refused("bad-state", "请再点一次页面上的按钮", field="state")
    notices.listen(found.user_id, found.kind, state == "on")
    return go(url_for(".subscription", token=token))
