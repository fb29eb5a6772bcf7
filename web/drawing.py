"""Cards and posters as one PNG, to press long and to send on (G14): warm paper, lines broken as Chinese is, a QR.

What is drawn depends on nothing but its arguments and is kept by them: drawn once, and anew when a word changes."""

import hashlib
import io
import re
from functools import cache, lru_cache
from threading import Lock
from unicodedata import category

import segno
from flask import current_app, g, request
from PIL import Image, ImageDraw, ImageFont, ImageOps
from pylopdf_fonts_zh_cn import sans_path, serif_path

from db import limits, photos
from web.access import address
from web.kept import Kept

WIDTH, HEIGHT, EDGE = 1080, 1440, 84
GROUND, SURFACE, INK, SOFT, LINE = "#F6EFE3", "#FFFFFF", "#2B2620", "#665C50", "#E9E0D2"
GOLD = "#7A5600"
GREEN, GREEN_SOFT = "#2E6B4A", "#E3EFE6"
FACES = ("#2E6B4A", "#A6481A", "#7A5600", "#3B5B8C", "#8A3B62", "#4F5B2A")  # as .c0 … .c5 in app.css
NEVER_FIRST = "，。！？；：、）》」』”’…—,.!?;:)]}%"  # no line begins with one of these
NEVER_LAST = "（《「『“‘([{"  # … or ends with one of these
HEAVIEST = 400_000  # bytes

_kept = Kept(60)
_one = Lock()  # a drawing takes some memory and a quarter of a second: one at a time in each process


@cache
def font(size, serif=False):
    return ImageFont.truetype(serif_path() if serif else sans_path(), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(8192)
def _width(letter, size, serif):
    return font(size, serif).getlength(letter)


@cache
def _empty_box():
    return bytes(font(40).getmask("\U0010fffd"))


@lru_cache(8192)
def _drawable(letter):
    """The letter if the font has it; 〓, as printers put it, for a rare character it lacks; nothing for an emoji."""
    if letter.isspace():
        return " "
    kind = category(letter)
    if kind[0] == "C" or "\ufe00" <= letter <= "\ufe0f":
        return ""
    if bytes(font(40).getmask(letter)) != _empty_box():
        return letter
    return "〓" if kind[0] == "L" else ""


def plain(text):
    """One line of what the font can draw."""
    return " ".join("".join(map(_drawable, text or "")).split())


def wrapped(text, size, room, most, *, serif=False):
    """The lines of a text no wider than `room`, `most` of them at most, the last one with … where more follows."""
    lines, line, width = [], "", 0
    for word in re.findall(r"[A-Za-z0-9'’_-]+|.", plain(text)):
        wide = sum(_width(letter, size, serif) for letter in word)
        for piece in [word] if wide <= room else word:  # a word wider than the paper is broken anywhere
            wide = sum(_width(letter, size, serif) for letter in piece)
            if line and width + wide > room and not (piece in NEVER_FIRST and width + wide <= room + size):
                keep = len(line.rstrip(NEVER_LAST)) if piece not in NEVER_FIRST else len(line) - 1
                keep = keep if keep > 0 else len(line)
                lines.append(line[:keep].rstrip())
                line = line[keep:].lstrip()
                width = sum(_width(letter, size, serif) for letter in line)
            line, width = line + piece, width + wide
    lines += [line.strip()] if line.strip() else []
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and sum(_width(letter, size, serif) for letter in last + "…") > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip(NEVER_FIRST) + "…"]


class Sheet:
    """One sheet of paper and the height written down to."""

    def __init__(self):
        self.image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
        self.pen = ImageDraw.Draw(self.image)
        self.pen.rounded_rectangle((40, 40, WIDTH - 40, HEIGHT - 40), 44, SURFACE, LINE, 3)
        self.y = 88

    def write(self, text, size, colour=INK, *, serif=False, most=1, left=EDGE, room=WIDTH - 2 * EDGE, centre=False, leading=1.5):
        """Lines from here on down."""
        for line in wrapped(text, size, room, most, serif=serif):
            x = left + (room - sum(_width(letter, size, serif) for letter in line)) / 2 if centre else left
            self.pen.text((x, self.y), line, colour, font(size, serif))
            self.y += round(size * leading)

    def qr(self, link, left, top, side):
        """A QR with its quiet zone, in whole pixels a module so that a camera reads it well."""
        code = segno.make(link, error="m", micro=False)
        rows = [[0 if dark else 255 for dark in row] for row in code.matrix_iter(border=4)]
        small = Image.new("L", (len(rows), len(rows)))
        small.putdata([dot for row in rows for dot in row])
        each = max(1, side // len(rows))
        big = small.resize((len(rows) * each,) * 2, Image.Resampling.NEAREST)
        spare = (side - big.width) // 2
        self.image.paste(big.convert("RGB"), (left + spare, top + spare))

    def picture(self, photo, box, *, radius):
        left, top, right, bottom = box
        fitted = ImageOps.fit(photo, (right - left, bottom - top), Image.Resampling.BICUBIC)
        mask = Image.new("L", fitted.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, fitted.width - 1, fitted.height - 1), radius, 255)
        self.image.paste(fitted, (left, top), mask)

    def png(self):
        """Few enough colours to be light: a chat sends it on as it is. They are chosen on a small copy, which is quick."""
        small = self.image.resize((WIDTH // 5, HEIGHT // 5), Image.Resampling.NEAREST)
        for colours in (160, 48, 12):
            out = io.BytesIO()
            palette = small.quantize(colours, Image.Quantize.MEDIANCUT)
            flat = self.image.quantize(palette=palette, dither=Image.Dither.NONE)
            flat.save(out, "PNG", compress_level=6)
            if out.tell() <= HEAVIEST:
                break
        return out.getvalue()


def _photo(code):
    """A photo from the shelf, small enough to be quick; None where its file is gone."""
    try:
        with Image.open(photos.file_of(code, 800)) as photo:
            return photo.convert("RGB")
    except (OSError, ValueError):
        return None


def host_card(place, name, title, mission, signed, lines, face, number, link):
    """The e-card of a host: her face or the first letter of her name, what she promised, and the door of the 小区 (R16)."""
    sheet = Sheet()
    sheet.write(f"{place} · 邻里客厅", 36, GREEN, centre=True)
    top = sheet.y + 24
    box = (WIDTH // 2 - 120, top, WIDTH // 2 + 120, top + 240)
    if photo := _photo(face) if face else None:
        sheet.picture(photo, box, radius=120)
    else:
        sheet.pen.ellipse(box, FACES[number % 6])
        first = plain(name)[:1] or "邻"
        sheet.pen.text((WIDTH / 2, top + 120), first, "#FFFFFF", font(112), anchor="mm")
    sheet.y = top + 264
    sheet.write(name, 68, serif=True, centre=True, leading=1.45)
    label = plain(title)
    wide = sum(_width(letter, 34, False) for letter in label) + 64
    sheet.pen.rounded_rectangle((WIDTH / 2 - wide / 2, sheet.y, WIDTH / 2 + wide / 2, sheet.y + 60), 30, GREEN_SOFT)
    sheet.pen.text((WIDTH / 2, sheet.y + 30), label, GREEN, font(34), anchor="mm")
    sheet.y += 92
    size = 54 if len(mission) <= 30 else 44
    sheet.write(mission, size, serif=True, centre=True, most=5, left=140, room=WIDTH - 280, leading=1.5)
    sheet.y += 8
    sheet.write(signed, 30, SOFT, centre=True, leading=1.7)
    sheet.y += 16
    for line in lines:
        sheet.write(line, 34, SOFT, centre=True, leading=1.55)
    _foot(sheet, link, "长按识别二维码", f"来{place}坐坐", "写个称呼就能坐下")
    return sheet.png()


def poster(place, title, text, author, photo_code, link):
    """The poster of a public post: its photo, its first words, who wrote them, and the way to read on."""
    sheet = Sheet()
    photo = _photo(photo_code) if photo_code else None
    if photo:
        sheet.picture(photo, (40, 40, WIDTH - 40, 660), radius=44)
        sheet.y = 690
        sheet.write(title or text, 52, serif=True, most=2 if title else 4, leading=1.4)
    else:
        lines = len(wrapped(title or text, 64, WIDTH - 2 * EDGE, 6, serif=True))
        sheet.pen.rounded_rectangle((40, 40, WIDTH - 40, 330 + 96 * lines), 44, GREEN_SOFT)
        sheet.pen.text((EDGE - 118, 80), "“", GREEN, font(220, True))  # the font sets it at the end of its square
        sheet.y = 270
        sheet.write(title or text, 64, serif=True, most=6)
        sheet.y += 96
    if title:
        sheet.y += 8
        sheet.write(text, 38 if photo else 44, SOFT, most=2 if photo else 6, leading=1.6)
    sheet.y += 16
    sheet.write(f"—— {author}", 36, INK)
    _foot(sheet, link, "长按识别二维码，接着看", f"{place} · 邻里客厅", "")
    return sheet.png()


def certificate(place, contest, award, title, author, signed, photo_code, link):
    """The certificate of a work: the photo as it is, whatever its shape; what it won, whose it is, and the way to it."""
    sheet = Sheet()
    sheet.y = 76
    sheet.write(contest, 36, GREEN, centre=True, leading=1.6)
    if photo := _photo(photo_code) if photo_code else None:
        photo.thumbnail((WIDTH - 2 * EDGE, 520), Image.Resampling.BICUBIC)
        sheet.image.paste(photo, ((WIDTH - photo.width) // 2, sheet.y + (520 - photo.height) // 2))
        sheet.y += 560
    else:
        sheet.y += 220
    sheet.write(award, 92, GOLD, serif=True, centre=True, leading=1.4)
    sheet.write(title, 46, serif=True, most=2, centre=True, leading=1.4)
    sheet.write(author, 40, INK, centre=True, leading=1.6)
    _foot(sheet, link, "长按识别二维码，看看作品", f"{place} · 邻里客厅", signed)
    return sheet.png()


def _foot(sheet, link, first, second, third):
    top = HEIGHT - 40 - 280
    sheet.pen.line((EDGE, top - 4, WIDTH - EDGE, top - 4), LINE, 3)
    sheet.qr(link, EDGE - 20, top + 10, 260)
    left, room = EDGE + 270, WIDTH - 2 * EDGE - 270
    sheet.y = top + (62 if third else 84)
    sheet.write(second, 46, GREEN, serif=True, left=left, room=room, leading=1.5)
    sheet.write(first, 34, INK, left=left, room=room, leading=1.6)
    sheet.write(third, 30, SOFT, left=left, room=room)


def answer(draw, **words):
    """The picture `draw(**words)` as an answer; browsers ask each time whether it is still the same."""
    key = draw.__name__, *words.values()
    made = _kept.get(key)
    if made is None:
        limits.spend("draw", address(), g.now)
        with _one:
            made = _kept.get(key) or _kept.put(key, draw(**words))
    response = current_app.response_class(made, mimetype="image/png")
    response.set_etag(hashlib.md5(made).hexdigest())
    response.headers["Cache-Control"] = "no-cache"
    return response.make_conditional(request)
