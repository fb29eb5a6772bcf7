"""The yardstick: a Flask application with one route that returns as many bytes as the page it stands beside."""

import os

from flask import Flask, Response

app = Flask(__name__, static_folder=None)
BODY = b"x" * int(os.environ.get("LINLI_BENCH_BYTES", "1"))


@app.get("/")
def index():
    return BODY


@app.get("/same")
def same():
    return Response(status=304)
