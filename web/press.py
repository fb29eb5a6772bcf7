"""The child process behind web/paper.py: a page as HTML and CSS on its standard input, a PDF on its standard output.

It reads our photos and our font, each from the list it is given; no other file and no network (S20).
"""

import io
import json
import resource
import sys
from pathlib import Path

from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

HOUSE = "http://linli"  # what addresses in the page stand under; nothing is ever fetched from there
# The machine's own font has bold letters, where it is there (fonts-noto-cjk); ours is always there.
FONT = '@font-face{font-family:Sheet;src:url(/font)}body{font-family:"Noto Sans CJK SC","Noto Sans SC",Sheet}'
MEMORY, SECONDS = 2 << 30, 60


def jpeg(file):
    """A photo of ours as JPEG: a PDF holds it as it is, anything else is packed anew, which takes a second and megabytes."""
    out = io.BytesIO()
    with Image.open(file) as photo:
        photo.convert("RGB").save(out, "JPEG", quality=88)
    return out.getvalue()


def _child():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from weasyprint import CSS, HTML  # here: the site runs without it
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    order = json.load(sys.stdin)
    files = {"/font": str(sans_path()), **order["files"]}

    class OnlyOurs(URLFetcher):
        def fetch(self, url, headers=None):
            file = files.get(url.removeprefix(HOUSE)) if url.startswith(HOUSE) else None
            if file is None:
                raise ValueError("not ours")
            return URLFetcherResponse(url, jpeg(file) if file.endswith(".webp") else Path(file).read_bytes())

    fonts, fetcher = FontConfiguration(), OnlyOurs()
    sheets = CSS(string=FONT + order["css"], font_config=fonts, url_fetcher=fetcher, base_url=f"{HOUSE}/")
    page = HTML(string=order["html"], base_url=f"{HOUSE}/", url_fetcher=fetcher)
    sys.stdout.buffer.write(page.write_pdf(stylesheets=[sheets], font_config=fonts))


if __name__ == "__main__":
    _child()
