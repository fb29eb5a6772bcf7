"""Static files: given a name with their digest in it, compressed once, served by whitenoise with `immutable` (§7)."""

import hashlib
import re
from pathlib import Path

import brotli
from whitenoise import WhiteNoise

from web.render import worn

STATIC = Path(__file__).parent.parent / "static"
TEXT = {".css", ".js", ".svg", ".webmanifest"}
# The browser files of npm packages that pages load; bin/setup puts them into static/vendor/.
NEEDED = ("vendor/htmx.min.js", "vendor/hls.light.min.js")


def build(out):
    """Copy static/ to `out` under fingerprinted names; returns {name: url}."""
    missing = [name for name in NEEDED if not (STATIC / name).exists()]
    if missing:
        raise SystemExit(f"static/{missing[0]} is missing: run bin/setup once (it fetches the browser files from npm)")
    urls, wanted = {}, set()
    for source in sorted(STATIC.rglob("*")):
        if source.is_dir() or source.name.startswith("."):
            continue
        name = source.relative_to(STATIC).as_posix()
        data = source.read_bytes()
        digest = hashlib.sha256(data).hexdigest()[:10]
        target = out / f"{name.removesuffix(source.suffix)}.{digest}{source.suffix}"
        urls[name] = f"/static/{target.relative_to(out).as_posix()}"
        wanted.add(target)
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if source.suffix in TEXT:
            Path(f"{target}.br").write_bytes(brotli.compress(data, quality=11))
    for stale in out.rglob("*"):
        if stale.is_file() and Path(re.sub(r"\.br$", "", str(stale))) not in wanted:
            stale.unlink(missing_ok=True)
    return urls


def init_app(app, data_dir):
    out = Path(data_dir) / "static"
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    urls = build(out)
    app.jinja_env.globals["asset"] = urls.__getitem__
    always = worn(app.config["SESSION_COOKIE_SECURE"])

    def dress(headers, path, url):
        for name, value in always.items():
            headers[name] = value

    app.wsgi_app = WhiteNoise(
        app.wsgi_app,
        root=str(out),
        prefix="static/",
        max_age=31536000,
        immutable_file_test=lambda path, url: True,
        add_headers_function=dress,
    )
    return urls
