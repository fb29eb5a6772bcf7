"""How an answer is given: a whole page or a part of it, a toast, Chinese times. The only module that may make Markup (S10)."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import brotli
from flask import flash, g, make_response, redirect, render_template, request
from markupsafe import Markup, escape

SHANGHAI = timedelta(hours=8)  # no summer time since 1991
ZONE = ZoneInfo("Asia/Shanghai")


def wants_part():
    """True when htmx asks for a piece. Boosted links and history restores want the whole page (G3)."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def with_toast(response, sentence, kind="ok"):
    """Show a sentence for a moment. A dict as JSON keeps the header ASCII: Chinese letters in it kill the connection."""
    if sentence:
        response.headers["HX-Trigger"] = json.dumps({"toast": {"text": sentence, "kind": kind}})
    return response


def part(template, status=200, toast=None, **values):
    response = make_response(render_template(template, **values), status)
    return with_toast(response, toast)


def part_or_redirect(template, url, /, *, toast=None, **values):
    """After a form: the fresh piece for htmx, 303 to `url` for a plain browser; the toast goes along either way."""
    if wants_part():
        return part(template, toast=toast, **values)
    if toast:
        flash(toast)
    return redirect(url, 303)


def go(url, toast=None):
    """After a form: on to another page. htmx is told to load it whole."""
    if toast:
        flash(toast)
    if wants_part():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = url
        return response
    return redirect(url, 303)


def local(moment):
    return moment + SHANGHAI


def to_utc(moment):
    """What a person typed as Shanghai wall time, as naive UTC."""
    return moment - SHANGHAI


def when(moment, now=None):
    """「刚刚」 is for people who sit still; cards are kept, so they say 「今天 10:47」, 「昨天」, 「11月20日」."""
    if moment is None:
        return ""
    here, today = local(moment), local(now or g.now).date()
    days = (today - here.date()).days
    if days == 0:
        return f"今天 {here:%H:%M}"
    if days == 1:
        return f"昨天 {here:%H:%M}"
    if days == -1:
        return f"明天 {here:%H:%M}"
    if here.year == today.year:
        return f"{here.month}月{here.day}日"
    return f"{here.year}年{here.month}月{here.day}日"


def day(moment):
    """「11月23日 周一」"""
    here = local(moment)
    return f"{here.month}月{here.day}日 周{'一二三四五六日'[here.weekday()]}"


def stamp(moment):
    """「3月20日 12:00」: a deadline, to the minute."""
    here = local(moment)
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def until(start, end):
    """「3月22日 周日 12:00–14:00」, with the other day where it ends on another."""
    there = f"{local(end):%H:%M}" if local(start).date() == local(end).date() else f"{day(end)} {local(end):%H:%M}"
    return f"{day(start)} {local(start):%H:%M}–{there}"


def clock(moment):
    """「12:00」, where the day is known."""
    return f"{local(moment):%H:%M}"


def span(length):
    """「40 分钟」「3 小时」「2 天」: never shorter than it was."""
    minutes = max(1, -int(-length.total_seconds() // 60))
    if minutes < 60:
        return f" {minutes} 分钟"
    hours = -(-minutes // 60)
    return f" {hours} 小时" if hours < 48 else f" {-(-hours // 24)} 天"


def ahead(moment, now):
    """「4 天」 where it is more than two days away, as people count them; else as `span`."""
    left = moment - now
    return f" {(local(moment).date() - local(now).date()).days} 天" if left >= timedelta(days=2) else span(left)


def iso(moment):
    return local(moment).isoformat(timespec="minutes") + "+08:00"


_LINK = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)


def linked(text):
    """Links become links, everything else stays text; newlines are kept by CSS."""
    out, last = [], 0
    for found in _LINK.finditer(text):
        url = found.group().rstrip(".,;:!?)'")
        out.append(escape(text[last : found.start()]))
        out.append(Markup('<a href="{0}" rel="nofollow ugc noopener" target="_blank">{0}</a>').format(url))
        last = found.start() + len(url)
    out.append(escape(text[last:]))
    return Markup("").join(out)


def unread_mark(count):
    """The little number beside 消息; nothing where there is nothing new."""
    if not count:
        return ""
    shown = count if count < 100 else "99+"
    return Markup('<span class="count">{}<span class="unseen"> 条未读</span></span>').format(shown)


def safe(html):
    """Mark HTML that our own templates made (kept cards) as such."""
    return Markup(html)


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; "
        "manifest-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def worn(secure, live_hosts=()):
    """The headers of every answer; behind TLS also the promise to come by TLS only. Pages reach other hosts only where the
    operator has named some, for streams (docs/decisions/0020-a-live-page-is-polled.md)."""
    headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
    if live_hosts:
        there = " ".join(f"https://{name}" for name in live_hosts)
        policy = headers["Content-Security-Policy"].replace("connect-src 'self'", f"connect-src 'self' {there}")
        headers["Content-Security-Policy"] = policy.replace("media-src 'self'", f"media-src 'self' blob: {there}")
    return headers


class Dressed:
    """Around Flask: the headers every answer wears (S11). Put on here, they are set and copied once, not four times."""

    def __init__(self, inside, secure, live_hosts):
        self.inside = inside
        self.always = [*worn(secure, live_hosts).items(), ("Vary", "Cookie, HX-Request, Accept-Encoding")]

    def __call__(self, environ, start_response):
        def start(status, headers, exc_info=None):
            headers = [pair for pair in headers if pair[0] != "Vary"] + self.always
            if not any(name == "Cache-Control" for name, _ in headers):
                headers.append(("Cache-Control", "no-store"))
            return start_response(status, headers, exc_info)

        return self.inside(environ, start)


def squeeze(response):
    """Compression at the quality that costs least (§7)."""
    if (
        "br" in request.headers.get("Accept-Encoding", "")
        and response.mimetype in {"text/html", "text/plain", "application/json"}
        and "Content-Encoding" not in response.headers
        and not response.direct_passthrough
    ):
        data = response.get_data()
        if len(data) > 600:
            response.set_data(brotli.compress(data, quality=1))
            response.headers["Content-Encoding"] = "br"
    return response


def parse_local(text):
    """A `datetime-local` value as naive UTC, or None."""
    try:
        return to_utc(datetime.strptime((text or "")[:16], "%Y-%m-%dT%H:%M"))
    except (ValueError, OverflowError):
        return None


def init_app(app):
    app.after_request(squeeze)
    app.wsgi_app = Dressed(app.wsgi_app, app.config["SESSION_COOKIE_SECURE"], app.config["LIVE_HOSTS"])
    app.jinja_env.filters.update(
        when=when, day=day, stamp=stamp, ahead=ahead, clock=clock, iso=iso, span=span, linked=linked, until=until
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
