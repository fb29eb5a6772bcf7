"""What an answer says, asked in one word each by the page tests."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit


def words(answer):
    return answer.get_data(as_text=True)


def is_whole(answer):
    """A page that stands by itself, as a browser without JavaScript needs it."""
    return words(answer).lstrip().lower().startswith("<!doctype html>") and "</html>" in words(answer)


def led_to(answer, url):
    """A plain browser is sent on to `url`, which it loads with GET."""
    return answer.status_code == 303 and answer.headers["Location"] == url


def told_to_load(answer, url, status=204):
    """htmx is told to load `url` whole, and has nothing to put into the page."""
    return answer.status_code == status and answer.headers["HX-Redirect"] == url and not answer.data


def shown_the_door(answer, door, back, *, part=False):
    """The way in, and from there the way back."""
    url = urlsplit(answer.headers.get("HX-Redirect" if part else "Location", ""))
    right = url.path == door and parse_qs(url.query) == {"next": [back]}
    return right and answer.status_code == (401 if part else 303) and not (part and answer.data)


def beside(answer, field):
    """The Chinese sentence that stands beside this field of a form given back, tied to it for a screen reader."""
    page = words(answer)
    found = re.search(rf'id="{field}-error" role="alert">([^<]*[\u4e00-\u9fff][^<]*)<', page)
    return found.group(1) if found and f'aria-describedby="{field}-error"' in page else ""


def typed(answer, field):
    """What stands in this field of the form."""
    found = re.search(rf'<input[^>]*name="{field}"[^>]*value="([^"]*)"', words(answer))
    return found.group(1) if found else None


def written(answer, field):
    """What stands in this box of the form."""
    found = re.search(rf'<textarea[^>]*name="{field}"[^>]*>([^<]*)</textarea>', words(answer))
    return unescape(found.group(1)) if found else None


def toast(answer):
    """The sentence htmx shows for a moment."""
    return json.loads(answer.headers["HX-Trigger"])["toast"]["text"]


def flash_after(browser, answer):
    """The message on the page a form led to."""
    page = words(browser.get(answer.headers.get("Location") or answer.headers["HX-Redirect"]))
    found = re.search(r'class="flash" role="status">([^<]*)<', page)
    return found.group(1) if found else ""
