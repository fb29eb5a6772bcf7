"""Who may come in: the policy every view wears, the 小区 of the URL, the person behind the cookie (S1, S2, G2).

A view without a policy is closed. Strangers get 404, neighbours without the right 403, guests are shown the way in.
"""

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from flask import abort, current_app, g, make_response, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadSignature, Signer
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from db import ballots, limits, members, neighborhoods, sessions
from db.base import Refused
from web.kept import Kept
from web.render import unread_mark, wants_part

POLICIES = ("public", "signed_in", "resident", "host", "district", "hq")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")  # the only bodies we read (S16)


def _policy(name):
    def mark(view):
        view.policy = name
        return view

    return mark


public, signed_in, resident, host, district, hq = (_policy(name) for name in POLICIES)


class Slug(BaseConverter):
    regex = r"[a-z][a-z0-9-]{1,38}"


class RowId(BaseConverter):
    """1 … 2^53-1: a longer number is an unknown address, not an error of the database (S16)."""

    regex = r"[1-9][0-9]{0,15}"

    def to_python(self, value):
        number = int(value)
        if number >= 2**53:
            raise ValidationError
        return number


class PhotoCode(BaseConverter):
    regex = r"[0-9a-f]{32}"


class Viewer(UserMixin):
    """The signed-in person and the device she came with, as Flask-Login wants to see them."""

    def __init__(self, user, session_id, unread, token):
        self.user, self.session_id, self.unread, self.token = user, session_id, unread, token

    def get_id(self):
        return self.token


class Cookies(SecureCookieSessionInterface):
    """Flask's session cookie. What a cookie says is remembered, as checking a signature takes longer than any query; whether
    its session still lives is a row in the database (db/sessions.py), read on every request."""

    def __init__(self):
        self.known = Kept(5000)

    def open_session(self, app, request):
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"])
        if known := self.known.get(cookie):
            return self.session_class(known)
        session = super().open_session(app, request)
        if session and all(isinstance(value, str | bool) for value in session.values()):  # lists could be changed by a view
            self.known.put(cookie, dict(session))
        return session

    def save_session(self, app, session, response):
        if session.modified:
            super().save_session(app, session, response)


class Visitors(LoginManager):
    """Flask-Login with one way to know a visitor: our session row. No remember-me cookie, and no guess by network address,
    which phones change all day."""

    def _load_user(self):
        token = session.get("_user_id")
        self._update_request_context_with_user(_load(token) if token else None)


login_manager = Visitors()
tokens = CSRFProtect()  # asked by `guard`, last of all


def _load(token):
    found = sessions.visitor(token, g.now)
    return Viewer(*found, token) if found else None


def read_clock():
    """The one moment of this request, naive UTC; tests travel with time-machine."""
    g.now = datetime.now(UTC).replace(tzinfo=None)


def find_place(endpoint, values):
    """`/n/<slug>/…`: the 小区 goes into g, so that no view takes a slug."""
    g.neighborhood = None
    if values and "slug" in values:
        g.slug = values.pop("slug")


def keep_place(endpoint, values):
    """url_for fills the slug of the page one is on."""
    if "slug" not in values and g.get("neighborhood") and current_app.url_map.is_endpoint_expecting(endpoint, "slug"):
        values["slug"] = g.neighborhood.slug


def guard():
    """Before every request: place, person, right, pace. Returns an answer to stop here, or None to go on."""
    g.user = g.member = None
    g.mark = ""
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)  # nobody types a NUL, and PostgreSQL refuses it
    if request.endpoint is None:
        return None
    policy = getattr(current_app.view_functions[request.endpoint], "policy", None)
    if policy is None:
        abort(403)
    user = place = None
    if session and (viewer := current_user._get_current_object()).is_authenticated:
        g.user = user = viewer.user
        g.mark = unread_mark(viewer.unread)
    if "slug" in g:
        place, g.member = members.at(g.slug, user) if user else (neighborhoods.by_slug(g.slug), None)
        g.neighborhood = place
        if place is None:
            abort(404)
    changing = request.method not in {"GET", "HEAD", "OPTIONS"}
    if changing:
        _refuse_foreign_pages()
        if request.mimetype not in FORMS and (request.mimetype or request.content_length):
            abort(415)
        if request.mimetype == FORMS[0]:  # werkzeug bounds the fields of multipart forms only
            request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
        limits.spend("act", f"user {g.user.id}" if g.user else f"guest {device()} {address()}", g.now)
    if policy != "public" and (stop := _stop(policy)):
        return stop
    if changing and place and not place.open:
        raise Refused("not-open", "这个小区现在只能看，不能改：" + (place.closed_reason or "暂停使用"))
    if changing:
        tokens.protect()
    return None


def _stop(policy):
    if g.user is None:
        return show_the_door(joining=policy in {"resident"} and g.neighborhood is not None)
    if policy == "resident" and g.member is None:
        # A page of another 小区 read as a guest leads to its door; anything that acts there does not exist (G1).
        if request.method == "GET" and not wants_part() and g.neighborhood.open:
            return redirect(url_for("members.join", next=request.full_path.rstrip("?")), 303)
        abort(404)
    if policy == "host" and g.member is None:
        abort(404)
    if policy == "host" and not g.member.is_host:
        abort(403)
    if policy == "district" and g.user.staff not in {"district", "hq"}:
        abort(403)
    if policy == "hq" and g.user.staff != "hq":
        abort(403)
    return None


def show_the_door(*, joining):
    """To the join page of this 小区 or the sign-in page, with the way back; a part is told to load that page whole (G3)."""
    back = request.full_path.rstrip("?") if request.method == "GET" and not wants_part() else _page_of_part()
    target = url_for("members.join", next=back) if joining else url_for("doors.sign_in", next=back)
    if wants_part():
        answer = make_response("", 401)
        answer.headers["HX-Redirect"] = target
        return answer
    return redirect(target, 303)


def _page_of_part():
    here = _parts(request.headers.get("HX-Current-URL", ""))
    if here and here.path and here.netloc == request.host:
        return safe_next(f"{here.path}?{here.query}" if here.query else here.path)
    return url_for("living_room.index", slug=g.neighborhood.slug) if g.neighborhood else "/"


def _parts(url):
    """A URL taken apart, or None for what is none: `http://[` is an error to urlsplit."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _refuse_foreign_pages():
    """S12, beside the CSRF token: a form on somebody else's page is not ours."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    origin = request.headers.get("Origin")
    if origin and origin != "null":
        page = _parts(origin)
        if page is None or page.netloc != request.host:
            abort(403)


def safe_next(target, otherwise="/"):
    """An own relative path that a GET route answers, or `otherwise` (S17)."""
    if not target or not target.startswith("/") or target.startswith("//") or any(c in target for c in "\\\r\n\t\0"):
        return otherwise
    parts = _parts(target)
    if parts is None or parts.scheme or parts.netloc or len(target) > 500:
        return otherwise
    try:
        current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except HTTPException:
        return otherwise
    # Quoted throughout: a Chinese letter in a header (HX-Redirect) kills the connection on a real server.
    url = quote(parts.path, safe="/%~-._")
    for mark, rest in (("?", parts.query), ("#", parts.fragment)):
        url += mark + quote(rest, safe="/%~-._=&+:,?@!") if rest else ""
    return url


def address():
    return request.remote_addr or "-"


def device():
    """A random name for this browser, in a signed cookie: limits are kept by person, device and address, in that order."""
    if "device" not in g:
        signer = Signer(current_app.secret_key, salt="device")
        try:
            g.device = signer.unsign(request.cookies.get("did", "")).decode()
        except BadSignature:
            g.device, g.new_device = secrets.token_hex(8), True
    return g.device


def remember_device(response):
    if g.get("new_device"):
        value = Signer(current_app.secret_key, salt="device").sign(g.device).decode()
        response.set_cookie(
            "did", value, max_age=400 * 86400, httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
        )
    return response


def _device_name():
    agent = request.user_agent.string
    systems = ("iPhone", "iPad", "HarmonyOS", "Android", "Windows", "Mac OS", "Linux")
    system = next((name for name in systems if name in agent), "设备")
    return f"{system} · 微信" if "MicroMessenger" in agent else f"{system} · 浏览器"


def enter(user):
    """Sign this person in on this device, with a new session (no fixation); whoever was signed in here before is out."""
    if current_user.is_authenticated:
        sessions.end(current_user.session_id, current_user.user, g.now)
    session.clear()
    session.permanent = True
    token = sessions.start(user, g.now, device=_device_name(), hosting=members.hosts_anywhere(user))
    login_user(Viewer(user, 0, 0, token))
    g.user = user
    if g.neighborhood:
        g.member = members.of(user, g.neighborhood)
    for member in members.places(user):  # who voted as a visitor on this device has one ballot, and it is hers
        claim_ballot(member)


def claim_ballot(member):
    """What was voted on this device as a visitor is hers now. A contest that is busy or over keeps nobody from coming in."""
    with suppress(Refused):
        ballots.claim(device(), member, g.now)


def go_out():
    """Sign this device out: the row ends, so that a copied cookie is worth nothing."""
    if current_user.is_authenticated:
        sessions.end(current_user.session_id, current_user.user, g.now)
    logout_user()
    session.clear()


def home_of(user):
    """Where this person belongs after signing in: the first 小区, or the desk of her office."""
    if places := members.places(user):
        return url_for("living_room.index", slug=places[0].neighborhood.slug)
    if user.staff:
        return url_for("hq.index" if user.staff == "hq" else "hq.district_index")
    return url_for("living_room.start")


def init_app(app):
    app.session_interface = Cookies()
    app.url_map.converters.update(slug=Slug, id=RowId, photo=PhotoCode)
    app.url_value_preprocessor(find_place)
    app.url_defaults(keep_place)
    app.before_request(read_clock)
    app.before_request(guard)
    app.after_request(remember_device)
    login_manager.init_app(app)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    tokens.init_app(app)
