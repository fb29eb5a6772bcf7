"""QR pictures as PNG with a quiet zone: WeChat reads them from an <img> when one presses long (G14)."""

import io
from functools import lru_cache

import segno
from flask import Response, current_app

from web.render import safe


def link(path):
    """The printed address of a path: of the configured name, whatever Host header asked for it (S18)."""
    return current_app.config["PUBLIC_URL"] + path


def png(text, *, scale=8):
    """A PNG answer of `text`, error level Q: a corner may be torn off the poster."""
    out = io.BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="png", scale=scale, border=4)
    return Response(out.getvalue(), mimetype="image/png")


@lru_cache(1000)
def inline_svg(text):
    """The same as an inline drawing, for a card that is shown once and has no address to load a picture from. Kept, as drawing
    one takes some milliseconds and a screen at the door shows twenty."""
    return safe(segno.make(text, error="q", micro=False).svg_inline(scale=6, border=4, omitsize=True))
