"""Somebody's file in, our own pixels out: JPEG, PNG, WebP or HEIC becomes three WebP sizes without EXIF or GPS (G9, S9).

A hostile file can crash or exhaust a decoder, so `reduce_apart` runs `reduce` in a child process with little memory and time.
"""

import io
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageOps
from pillow_heif import register_heif_opener

from db.base import Refused

WIDTHS = (400, 800, 1600)
LIGHT = {400: 24_000, 800: 60_000, 1600: 400_000}  # bytes: a busy picture gives up some quality before it gets heavier (G12)
QUALITIES = (76, 66, 56, 44, 32, 20, 8)
ALIKE = 6  # of 64 bits: pictures whose looks differ in fewer are the same
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MEMORY, SECONDS = 1 << 30, 10
UNREADABLE = "这张照片打不开，可能没有传完整。请换一张 JPG、PNG 或苹果手机的原图"
TOO_MANY_PIXELS = "这张照片尺寸太大了（超过 5000 万像素），请换一张小一点的"

register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Reduced(NamedTuple):
    width: int  # of the largest size
    height: int
    colour: str  # "#rrggbb", shown while the picture loads
    files: dict  # width on the shelf (400, 800, 1600) -> WebP bytes


def reduce(data):
    """Decode and make the sizes, in this process. Raises Refused with a sentence for anything that is not such a picture."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused("too-many-pixels", TOO_MANY_PIXELS, field="photo")
            opened.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))
            picture = _plain(opened)
            picture.thumbnail((WIDTHS[-1], WIDTHS[-1]), Image.Resampling.LANCZOS)
            upright = ImageOps.exif_transpose(picture)
            clean = Image.new("RGB", upright.size, "white")
            if upright.has_transparency_data:
                upright = upright.convert("RGBA")
                clean.paste(upright, mask=upright.getchannel("A"))
            else:
                clean.paste(upright.convert("RGB"))
    except Image.DecompressionBombError as error:
        raise Refused("too-many-pixels", TOO_MANY_PIXELS, field="photo") from error
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombWarning) as error:
        raise Refused("not-a-picture", UNREADABLE, field="photo") from error
    files, size = {}, clean
    for width in reversed(WIDTHS):
        size = size.copy()
        size.thumbnail((width, width), Image.Resampling.LANCZOS)
        files[width] = _webp(size, LIGHT[width])
    red, green, blue = clean.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    return Reduced(clean.width, clean.height, f"#{red:02x}{green:02x}{blue:02x}", files)


def _plain(picture):
    """Palettes and 16-bit greys as plain colours: neither can be made smaller without ugly steps."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda grey: grey / 256).convert("L")
    if picture.mode in {"1", "P"}:
        return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture


def _webp(picture, limit):
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= limit:
            break
    return out.getvalue()


def look(blob):
    """64 bits of what one of our own files looks like: which of nine neighbouring greys in eight rows grow lighter. The same
    picture in another size or quality has nearly the same ones."""
    with Image.open(io.BytesIO(blob)) as picture:
        grey = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = (grey[row * 9 + place] < grey[row * 9 + place + 1] for row in range(8) for place in range(8))
    return f"{sum(bit << place for place, bit in enumerate(bits)):016x}"


def alike(one, other):
    """Whether two looks are of the same picture: few of their bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count() <= ALIKE


def reduce_apart(data):
    """`reduce` in a child process that may take 1 GB and 10 s, opens no file and no socket, and dies alone: the visitor
    gets a sentence."""
    if len(data) > MAX_BYTES:
        raise Refused("too-large", "照片超过 20 MB 了，请换一张小一点的", field="photo", status=413)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "db.pictures"],
            input=data,
            capture_output=True,
            timeout=SECONDS * 3,
            cwd=Path(__file__).parent.parent,
            env={"PATH": "", "LINLI_PICTURE_CHILD": "1", "OMP_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired as error:
        raise Refused("not-a-picture", UNREADABLE, field="photo") from error
    head, _, blobs = child.stdout.partition(b"\n")
    if child.returncode != 0:
        code, _, sentence = child.stdout.decode(errors="replace").partition("\n")
        if code in {"too-many-pixels", "not-a-picture"}:
            raise Refused(code, sentence, field="photo")
        raise Refused("not-a-picture", UNREADABLE, field="photo")
    try:
        told, at, files = json.loads(head), 0, {}
        for width, length in told["files"]:
            files[width], at = blobs[at : at + length], at + length
        return Reduced(int(told["width"]), int(told["height"]), told["colour"], files)
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("not-a-picture", UNREADABLE, field="photo") from error


def _child():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.init()  # every decoder is loaded now: from here on nothing more can be opened
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    try:
        made = reduce(sys.stdin.buffer.read(MAX_BYTES + 1))
    except Refused as refused:
        sys.stdout.write(f"{refused.code}\n{refused.sentence}")
        sys.exit(3)
    head = {
        "width": made.width,
        "height": made.height,
        "colour": made.colour,
        "files": [[width, len(blob)] for width, blob in made.files.items()],
    }
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(made.files.values()))


if __name__ == "__main__":
    _child()
