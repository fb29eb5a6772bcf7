"""A file from a form becomes a kept photo: size first, then decoded apart from us, then only our own pixels (S9)."""

import re

from flask import g, request

from db import photos, pictures
from db.base import Refused

CODE = re.compile(r"[0-9a-f]{32}")
CONTENT_LIMIT = pictures.MAX_BYTES + 512 * 1024


def codes():
    """The codes of the photos that lie in the tray of the form already sent, whatever else stands there left out."""
    return [code for code in request.form.getlist("photo")[:30] if CODE.fullmatch(code)]


def take(field="photo"):
    """The photo sent in `field`, decoded and on the shelf; Refused with a sentence for anything that is not one."""
    file = request.files.get(field)
    if file is None or not file.filename:
        raise Refused("no-file", "没有收到照片，请再选一次", field="photo")
    data = file.stream.read(pictures.MAX_BYTES + 1)
    return photos.keep(g.member, pictures.reduce_apart(data), g.now, original=data)
