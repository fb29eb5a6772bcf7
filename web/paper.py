"""PDF of a print page, where the operator has put weasyprint beside us (README: extras). Without it browsers print as well.

The page is laid out in a child process with bounded memory and time (web/press.py)."""

import importlib.util
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock

from flask import current_app, g

from db import limits
from db.base import Refused
from web import press
from web.access import address

_one = Lock()  # a layout takes a core and some memory: one at a time in each process


@cache
def ready():
    """Whether this machine can make a PDF."""
    return importlib.util.find_spec("weasyprint") is not None


def pdf(html, css, files, name):
    """The answer that downloads `html` as a PDF; `files` is {address in the page: file}. Refused where it cannot be made."""
    limits.spend("draw", address(), g.now)
    order = json.dumps({"html": html, "css": css, "files": {url: str(file) for url, file in files.items()}})
    with _one:
        try:
            child = subprocess.run(
                [sys.executable, "-m", "web.press"],
                input=order.encode(),
                capture_output=True,
                timeout=press.SECONDS,
                check=True,
                cwd=Path(__file__).parent.parent,
            )
        except subprocess.SubprocessError as error:
            current_app.logger.warning("pdf: %s", (getattr(error, "stderr", b"") or b"")[-500:])
            raise Refused("no-pdf", "PDF 没有做成，请用浏览器的「打印」，一样好用") from error
    answer = current_app.response_class(child.stdout, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer
