"""Somebody's file in, our own pixels out (G9, S9, I13): real files, made here, as phones and enemies make them."""

import io
import json
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, JpegImagePlugin
from PIL.PngImagePlugin import PngInfo

from db import pictures
from db.pictures import LIGHT, MAX_BYTES, WIDTHS, reduce, reduce_apart
from tests.make import refused

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
SECRET = "Shanghai-secret"
CORNERS = ("red", "lime", "blue", "yellow")  # top left, top right, bottom left, bottom right

# How a camera that says "orientation n" has stored what should be seen upright.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def flag(width=900, height=600):
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for number, colour in enumerate(CORNERS):
        left, top = width // 2 * (number % 2), height // 2 * (number // 2)
        draw.rectangle((left, top, left + width // 2, top + height // 2), fill=colour)
    return picture


def scenery(width=4000, height=3000):
    """Something like a photo: soft shapes, some grain."""
    shapes = Image.merge("RGB", [Image.effect_noise((40, 30), 150).filter(ImageFilter.GaussianBlur(1)) for _ in "rgb"])
    grain = Image.effect_noise((width, height), 12)
    return ImageChops.add(shapes.resize((width, height), Image.Resampling.BICUBIC), Image.merge("RGB", [grain] * 3), 1, -128)


def told(orientation=1):
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (31.0, 14.0, 3.0), 3: "E", 4: (121.0, 28.0, 1.0)})
    return exif.tobytes()


def file_of(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(blob):
    picture = Image.open(io.BytesIO(blob))
    picture.load()
    return picture


def corners(blob):
    """The names of the colours in the four corners."""
    picture = opened(blob).convert("RGB")
    right, bottom = picture.width - 8, picture.height - 8
    names = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255, 255, 0): "yellow"}
    seen = [picture.getpixel(place) for place in ((8, 8), (right, 8), (8, bottom), (right, bottom))]
    near = [min(names, key=lambda known, s=s: sum(abs(a - b) for a, b in zip(known, s, strict=True))) for s in seen]
    return tuple(names[each] for each in near)


def riff_chunks(blob):
    """The names of the parts of a WebP file."""
    found, at = set(), 12
    while at + 8 <= len(blob):
        found.add(blob[at : at + 4])
        at += 8 + struct.unpack("<I", blob[at + 4 : at + 8])[0] + struct.unpack("<I", blob[at + 4 : at + 8])[0] % 2
    return found


def assert_pixels_only(made):
    assert set(made.files) == set(WIDTHS)
    for blob in made.files.values():
        picture = opened(blob)
        assert picture.format == "WEBP"
        assert not picture.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment", "gps"} & set(picture.info)
        assert riff_chunks(blob) == {b"VP8 "}
        assert SECRET.encode() not in blob


@pytest.mark.parametrize("orientation", STORED)
def test_a_photo_held_sideways_stands_upright(orientation):
    stored = flag().transpose(STORED[orientation]) if STORED[orientation] is not None else flag()
    made = reduce(file_of(stored, exif=told(orientation)))
    assert (made.width, made.height) == (900, 600)
    for blob in made.files.values():
        assert corners(blob) == CORNERS
    assert_pixels_only(made)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF", "MPO"])
def test_nothing_but_pixels_survives(kind):
    made = reduce_apart(file_of(flag(), kind, exif=told()))
    assert corners(made.files[800]) == CORNERS
    assert_pixels_only(made)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_sideways_in_other_formats_too(kind):
    stored = flag().transpose(STORED[6])
    made = reduce(file_of(stored, kind, exif=told(6)))
    assert corners(made.files[400]) == CORNERS


def test_words_hidden_in_a_jpeg_are_gone():
    data = file_of(flag(), comment=SECRET.encode(), icc_profile=b"x" * 200)
    assert SECRET.encode() in data
    assert_pixels_only(reduce(data))


def test_words_hidden_in_a_png_are_gone():
    words = PngInfo()
    words.add_text("Comment", SECRET)
    words.add_itxt("XML:com.adobe.xmp", SECRET)
    assert_pixels_only(reduce(file_of(flag(), "PNG", pnginfo=words)))


@pytest.mark.parametrize("size", [(900, 600), (600, 900), (1600, 1600), (5000, 100), (3000, 1), (1, 1), (30, 20)])
def test_sizes_shrink_and_never_grow(size):
    made = reduce(file_of(Image.new("RGB", size, "teal"), "PNG"))
    assert (made.width, made.height) == opened(made.files[1600]).size
    assert made.width <= size[0]
    assert made.height <= size[1]
    for width, blob in made.files.items():
        assert max(opened(blob).size) == min(width, max(size))
    assert made.colour == "#008080"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_shown_on_white(mode):
    if mode == "P":
        half = Image.new("P", (200, 200), 0)
        half.putpalette([255, 0, 0, 0, 0, 0])
        half.paste(1, (0, 0, 100, 200))
        data = file_of(half, "PNG", transparency=0)
    else:
        half = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
        half.paste((0, 0, 0, 255), (0, 0, 100, 200))
        data = file_of(half.convert(mode), "PNG")
    small = opened(reduce(data).files[400]).convert("RGB")
    assert max(small.getpixel((20, 100))) < 40
    assert min(small.getpixel((180, 100))) > 230


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr"])
def test_other_kinds_of_colour_come_out_right(mode):
    picture = flag() if mode in {"P", "CMYK", "YCbCr"} else Image.new("L", (900, 600), 255)
    data = file_of(picture.convert(mode), "PNG" if mode in {"1", "L", "P"} else "JPEG")
    made = reduce(data)
    if mode in {"1", "L"}:
        assert made.colour == "#ffffff"
    else:
        assert corners(made.files[800]) == CORNERS


def test_sixteen_bit_greys_do_not_turn_white():
    ramp = Image.new("I;16", (256, 256))
    ramp.putdata([257 * x for _ in range(256) for x in range(256)])
    small = opened(reduce(file_of(ramp, "PNG")).files[400]).convert("L")
    assert small.getpixel((4, 128)) < 30
    assert 100 < small.getpixel((128, 128)) < 156
    assert small.getpixel((251, 128)) > 225


def test_a_palette_is_made_smaller_smoothly():
    """Pillow shrinks palettes by leaving pixels out: a fine chequerboard would then come out black or white."""
    chequers = Image.new("P", (1600, 1600))
    chequers.putpalette([0, 0, 0, 255, 255, 255])
    chequers.putdata([(x + y) % 2 for y in range(1600) for x in range(1600)])
    middle = opened(reduce(file_of(chequers, "PNG")).files[400]).convert("L").getpixel((200, 200))
    assert 90 < middle < 165


def test_of_a_moving_picture_the_first_frame_is_kept():
    frames = [Image.new("RGB", (400, 400), colour) for colour in ("red", "lime", "blue")]
    data = file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    made = reduce_apart(data)
    assert opened(made.files[400]).n_frames == 1
    assert corners(made.files[400]) == ("red",) * 4


def test_a_photo_of_twenty_megapixels():
    data = file_of(scenery(5472, 3648), quality=95, exif=told(8))
    made = reduce_apart(data)
    assert (made.width, made.height) == (1067, 1600)
    assert_pixels_only(made)


def test_an_ordinary_photo_is_light():
    made = reduce(file_of(scenery(), quality=92))
    for width, blob in made.files.items():
        assert len(blob) <= LIGHT[width]


def test_a_busy_picture_gives_up_quality_rather_than_weight():
    made = reduce(file_of(Image.effect_noise((1600, 1200), 45).convert("RGB"), quality=92))
    assert len(made.files[800]) <= LIGHT[800]


def test_apart_gives_what_it_gives_here():
    data = file_of(flag(), exif=told(6))
    assert reduce_apart(data) == reduce(data)


def png_of(width, height, *chunks):
    """A PNG that says it is so large, with whatever chunks before its (tiny) pixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    middle = b"".join(chunk(name, body) for name, body in chunks)
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\0" * 3 * width) * height)) if width * height < 10_000 else b""
    return b"\x89PNG\r\n\x1a\n" + head + middle + pixels + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(30_000, 30_000), (12_000, 12_000), (7_100, 7_100), (2**31 - 1, 2**31 - 1), (50_000_001, 1)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(size):
    with refused("too-many-pixels", 422) as met:
        reduce(png_of(*size))
    assert met.value.field == "photo"


def test_apart_too():
    with refused("too-many-pixels", 422) as met:
        reduce_apart(png_of(30_000, 30_000))
    assert met.value.sentence == pictures.TOO_MANY_PIXELS


def test_a_jpeg_may_lie_about_its_size():
    data = bytearray(file_of(flag()))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    with refused("too-many-pixels", 422):
        reduce_apart(bytes(data))


BOMB = zlib.compress(b"\0" * 80_000_000, 9)


@pytest.mark.parametrize(
    "chunk", [(b"zTXt", b"Comment\0\0" + BOMB), (b"iCCP", b"profile\0\0" + BOMB), (b"iTXt", b"Comment\0\1\0\0\0" + BOMB)]
)
def test_a_small_chunk_that_swells_is_stopped_or_left_out(chunk):
    try:
        made = reduce_apart(png_of(40, 40, chunk))
    except pictures.Refused as no:
        assert no.code == "not-a-picture"
    else:
        assert_pixels_only(made)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = file_of(Image.new("P", (50, 50)), "GIF", save_all=True, append_images=[Image.new("P", (50, 50), n) for n in range(600)])


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0", b"hello", SVG, b"<html>" * 100, GIF, b"GIF89a" + SVG, b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"8BPS\0\1",
        file_of(flag(), "TIFF"), file_of(flag(), "BMP"), file_of(flag(), "PDF"), file_of(flag(), "ICO"),
    ],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words_whatever_it_is_called(data):
    with refused("not-a-picture", 422) as met:
        reduce(data)
    assert "换一张" in met.value.sentence
    assert met.value.field == "photo"


@pytest.mark.parametrize("data", [b"", SVG, GIF])
def test_apart_it_is_refused_in_the_same_words(data):
    with refused("not-a-picture", 422) as met:
        reduce_apart(data)
    assert met.value.sentence == pictures.UNREADABLE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_photo_that_came_in_half_is_refused(kind):
    data = file_of(scenery(1200, 900), kind)
    with refused("not-a-picture", 422):
        reduce(data[: len(data) // 2])


def test_over_twenty_megabytes_nothing_is_even_tried():
    with refused("too-large", 413):
        reduce_apart(b"\xff\xd8\xff" + b"x" * MAX_BYTES)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_damaged_file_takes_nobody_down(kind):
    data = bytearray(file_of(scenery(400, 300), kind, exif=told()))
    for at in range(40, len(data), 97):
        data[at] ^= 0xA5
    try:
        assert_pixels_only(reduce_apart(bytes(data)))
    except pictures.Refused as no:
        assert no.code in {"not-a-picture", "too-many-pixels"}


@pytest.mark.parametrize(
    "answer", ["import os; os.abort()", "print('nonsense')", "b = bytearray(1 << 31)", "raise SystemExit(3)"]
)
def test_a_child_that_dies_or_raves_is_a_refusal(monkeypatch, tmp_path, answer):
    """A decoder's hole is the child's own misfortune."""
    (tmp_path / "db").mkdir()
    (tmp_path / "db/__init__.py").touch()
    limit = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
    (tmp_path / "db/pictures.py").write_text(limit + answer)
    monkeypatch.setattr(pictures, "__file__", str(tmp_path / "db/pictures.py"))
    with refused("not-a-picture", 422):
        reduce_apart(file_of(flag()))


def test_the_child_can_open_neither_files_nor_sockets():
    tried = "\n".join(
        [
            "import io, json, socket, sys",
            "from db import pictures",
            "pictures.reduce = lambda data: (_ for _ in ()).throw(pictures.Refused('tried', json.dumps(tries())))",
            "def tries():",
            "    said = {}",
            "    for name, act in {'file': lambda: open('/etc/passwd'), 'socket': socket.socket}.items():",
            "        try: act(); said[name] = 'open'",
            "        except OSError as error: said[name] = error.strerror",
            "    return said",
            "pictures._child()",
        ]
    )
    root = Path(pictures.__file__).parent.parent
    child = subprocess.run([sys.executable, "-c", tried], input=b"", capture_output=True, cwd=root)
    assert json.loads(child.stdout.decode().split("\n")[1]) == {"file": "Too many open files", "socket": "Too many open files"}


def test_jpeg_quality_tables_are_not_copied():
    """Ours are WebP files: nothing tells which camera or program made the original."""
    made = reduce(file_of(flag(), qtables=JpegImagePlugin.presets["web_low"]["quantization"]))
    assert_pixels_only(made)
