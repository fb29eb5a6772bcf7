"""Log lines for machines: JSON, a request id on each, control characters escaped, phones masked (S23)."""

import json
import logging
import re
import secrets
import sys
import time

from flask import g, has_request_context, request

DOOR = re.compile(r"^(/q/)[^/]{12,}")  # a paper card's code is a key
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


class Line(logging.Formatter):
    def format(self, record):
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        told = {"at": self.formatTime(record), "level": record.levelname, "message": PHONE.sub(r"\1****\2", message)}
        told |= getattr(record, "told", {})  # `extra={"told": {…}}`: words to be counted by
        if has_request_context():
            path = DOOR.sub(r"\1…", PHONE.sub(r"\1****\2", request.path))
            told |= {"request": g.get("request_id", "-"), "method": request.method, "path": path}
        return json.dumps(told, ensure_ascii=False)


def set_up(app):
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    app.logger.handlers = [handler]
    app.logger.propagate = False
    app.logger.setLevel(logging.INFO)

    @app.before_request
    def name_it():
        g.request_id, g.began = secrets.token_hex(6), time.monotonic()

    @app.after_request
    def tell_slow_ones(response):
        response.headers["X-Request-Id"] = g.get("request_id", "-")
        took = time.monotonic() - g.get("began", time.monotonic())
        if took > 1:
            app.logger.warning("slow: %.1f s, status %s", took, response.status_code)
        return response
