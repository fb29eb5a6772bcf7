"""Portraits of neighbours: head and shoulders, in the same flat warm style."""

from __future__ import annotations

from math import cos, pi, sin

from PIL import Image

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .hair import DARK_HAIR, GREY_HAIR, fringe, hair_behind
from .palette import APRICOT, BLOSSOM, CLOTHES, CORAL, CREAM, GOLD, LEAF, SKINS, SPROUT, WHITE, ink
from .plants import blossom, foliage, leaf

GROUNDS = tuple(map(ink, ("E3EFE6", "FBE8DC", "DCECF2", "F6E8C4", "F3DDE0", "E6E0EE", "D5E5D8", "F7D9C4", "CFE2E8", "EFE6D2")))


def draw_face(seed: int, *, age: str = "adult", gender: str = "f", size: int = 512) -> Image.Image:
    """A friendly portrait; everything about it follows from the arguments."""
    c = Canvas((size, size), f"face/{age}/{gender}", seed)
    rng = c.rng
    ground = GROUNDS[(seed * 7 + rng.randrange(2)) % len(GROUNDS)]
    _background(c, ground)
    skin = rng.choice(SKINS)
    hair = rng.choice(GREY_HAIR if age == "elder" else DARK_HAIR)
    coat = rng.choice([colour for colour in CLOTHES if sum(abs(a - b) for a, b in zip(colour, ground, strict=True)) > 110])
    child = age == "child"
    rx, ry = (226, 216) if child else (rng.uniform(194, 208), rng.uniform(226, 240))
    cx, cy = 500.0, 470.0 if child else 440.0
    style = rng.randrange(5 if gender == "f" else 4)
    if gender == "f":
        hair_behind(c, cx, cy, rx, ry, hair, style, child)
    _shoulders(c, cx, cy + ry, coat, skin, age, gender)
    for side in (-1, 1):
        c.oval(cx + side * rx * 0.98, cy + 28, 34, 46, darker(skin, 0.06))
        c.oval(cx + side * rx * 0.99, cy + 30, 18, 28, mix(skin, CORAL, 0.24))
    jaw = 0.6 if age == "young" and gender == "f" else 0.66 if gender == "f" or child else 0.74
    half = [
        (0, -ry),
        (rx * 0.72, -ry * 0.78),
        (rx, -ry * 0.1),
        (rx * 0.94, ry * 0.38),
        (rx * jaw, ry * 0.8),
        (0, ry * (1.0 if child else 1.04)),
    ]
    head = spline([(cx + x, cy + y) for x, y in half] + [(cx - x, cy + y) for x, y in reversed(half[1:-1])], closed=True)
    c.poly(head, skin)
    with c.clip(head):
        c.oval(cx + rx * 0.95, cy + ry * 0.3, rx * 0.5, ry * 0.9, mix(skin, CORAL, 0.16), 110)
        for side in (-1, 1):
            c.soft(oval(cx + side * rx * 0.56, cy + ry * 0.36, 50, 36), mix(skin, CORAL, 0.6), 130, 16)
    _features(c, cx, cy, rx, ry, skin, hair, age, gender)
    fringe(c, cx, cy, rx, ry, hair, style, age, gender)
    _extras(c, cx, cy, rx, ry, hair, coat, age, gender)
    return c.finish()


def _background(c: Canvas, ground: Colour) -> None:
    """A wash, a round patch of light and something from the garden."""
    rng = c.rng
    c.wash((lighter(ground, 0.35), ground))
    c.oval(500, 520, 430, 430, lighter(ground, 0.5), 130)
    kind = rng.randrange(5)
    green = mix(LEAF, ground, 0.35)
    if kind == 0:
        for side in (-1, 1):
            for i in range(6):
                leaf(c, 500 + side * 470, 960 - i * 130, 190, -90 - side * (40 + i * 6), mix(green, SPROUT, i / 9), 0.4)
    elif kind == 1:
        for i in range(7):
            x, y = (80, 930)[i % 2] + rng.uniform(-60, 60), 80 + i * 120
            blossom(c, x, y, rng.uniform(40, 66), mix(BLOSSOM, ground, 0.3))
    elif kind == 2:
        for x, r in ((60, 190), (950, 220), (230, 130), (800, 130)):
            foliage(c, x, 900, r, r * 1.1, mix(green, ground, 0.2), 18)
    elif kind == 3:
        for _ in range(9):
            r = rng.uniform(26, 70)
            c.oval(
                rng.choice((rng.uniform(20, 220), rng.uniform(780, 980))), rng.uniform(40, 800), r, r, lighter(ground, 0.65), 150
            )
    else:
        c.wash((mix(GOLD, ground, 0.55), mix(APRICOT, ground, 0.6)), oval(780, 250, 150, 150))
        c.shape(
            [(-40, 1040), (-40, 700), (240, 620), (520, 720), (800, 610), (1040, 690), (1040, 1040)], mix(green, ground, 0.35)
        )


def _shoulders(c: Canvas, x: float, chin: float, coat: Colour, skin: Colour, age: str, gender: str) -> None:
    """Neck, shoulders and what they wear."""
    rng = c.rng
    wide = 270 if age == "child" else 330 if gender == "f" else 372
    neck = 74 if gender == "f" or age == "child" else 92
    top = chin + 62
    c.box(x - neck, chin - 90, x + neck, top + 70, darker(mix(skin, CORAL, 0.08), 0.06))
    body = [
        (x - neck - 30, top),
        (x - wide * 0.72, top + 50),
        (x - wide, top + 160),
        (x - wide - 26, 1040),
        (x + wide + 26, 1040),
        (x + wide, top + 160),
        (x + wide * 0.72, top + 50),
        (x + neck + 30, top),
    ]
    left = spline(body[:4])
    outline = left + [(2 * x - px, py) for px, py in reversed(left)]
    c.wash((lighter(coat, 0.1), coat, darker(coat, 0.12)), outline)
    kind = rng.randrange(5)
    with c.clip(outline):
        if kind == 0:
            for i in range(7):
                c.box(0, top + 70 + i * 62, 1000, top + 94 + i * 62, lighter(coat, 0.5), 190)
        elif kind == 4:
            for i in range(60):
                c.oval(120 + i % 10 * 84 + (i // 10 % 2) * 42, top + 40 + i // 10 * 62, 10, 10, lighter(coat, 0.6), 210)
        c.soft(oval(x, chin + 30, 180, 70), darker(coat, 0.5), 70, 24)
        c.oval(x + wide * 0.95, top + 330, 110, 260, darker(coat, 0.16), 130)
    hole = [(x - neck - 26, top - 8), (x - neck, top + 60), (x, top + 100), (x + neck, top + 60), (x + neck + 26, top - 8)]
    tone = darker(mix(skin, CORAL, 0.08), 0.06)
    if kind == 1:
        # An open collar with a shirt beneath.
        c.poly([(x - neck - 6, top - 30), (x + neck + 6, top - 30), (x, top + 150)], tone)
        for side in (-1, 1):
            c.poly(
                [
                    (x + side * (neck + 4), top - 40),
                    (x + side * (neck + 88), top + 40),
                    (x + side * 64, top + 150),
                    (x, top + 120),
                ],
                lighter(coat, 0.55),
            )
        for i in range(3):
            c.oval(x, top + 190 + i * 74, 11, 11, lighter(coat, 0.7))
    elif kind == 2:
        # A roll neck.
        c.wash((lighter(coat, 0.2), coat), box(x - neck - 22, chin + 6, x + neck + 22, top + 50, 30))
        for i in range(7):
            c.line(
                [(x - neck + i * neck / 3, chin + 20), (x - neck + i * neck / 3, top + 36)],
                4,
                darker(coat, 0.14),
                170,
                straight=True,
            )
    elif kind == 3:
        # A coat over a light shirt.
        c.shape(hole, lighter(CREAM, 0.2))
        c.poly([(x - neck + 4, top - 40), (x + neck - 4, top - 40), (x, top + 60)], tone)
        for side in (-1, 1):
            c.poly(
                [
                    (x + side * (neck + 20), top - 18),
                    (x + side * (neck + 104), top + 110),
                    (x + side * 66, top + 180),
                    (x, 1040),
                    (x + side * 8, top + 150),
                ],
                darker(coat, 0.13),
            )
    else:
        c.shape(hole, darker(coat, 0.16))
        c.shape([(px * 0.86 + x * 0.14, py - 16) for px, py in hole], tone)
    c.soft(oval(x, chin - 12, neck * 0.95, 30), darker(mix(skin, CORAL, 0.3), 0.25), 110, 14)


def _features(c: Canvas, x: float, y: float, rx: float, ry: float, skin: Colour, hair: Colour, age: str, gender: str) -> None:
    """Brows, eyes, nose and a smile."""
    rng = c.rng
    ink_ = ink("3A302E")
    ey = y + ry * (0.16 if age == "child" else 0.06)
    gap = rx * 0.42
    brow = mix(hair, skin, 0.25) if age == "elder" else mix(hair, skin, 0.12)
    merry = rng.random() < (0.4 if age in ("elder", "child") else 0.22)
    for side in (-1, 1):
        bx = x + side * gap
        c.line([(bx - 46, ey - 66), (bx, ey - 82), (bx + 46, ey - 66)], 10 if gender == "f" else 15, brow)
        if merry:
            c.line([(bx - 32, ey + 8), (bx, ey - 14), (bx + 32, ey + 8)], 11, ink_)
        else:
            big = {"child": 1.18, "young": 1.1}.get(age, 1)
            c.oval(bx, ey, 19 * big, 23 * big, ink_)
            c.oval(bx + 6, ey - 8, 7, 8, WHITE)
            lash = 1 if gender == "f" else 0
            c.line([(bx - 31, ey - 12), (bx, ey - 28 * big), (bx + 31, ey - 12 - 4 * lash)], 7 + lash, ink_)
            if lash:
                c.line([(bx + side * 29, ey - 14), (bx + side * 43, ey - 25)], 6, ink_, end=2)
        if age == "elder":
            for k in (0, 1):
                c.line(
                    [(bx + side * 54, ey + 4 + k * 15), (bx + side * 74, ey + k * 24)],
                    4,
                    darker(mix(skin, CORAL, 0.2), 0.16),
                    190,
                )
            c.line([(bx - 30, ey + 38), (bx, ey + 46), (bx + 30, ey + 38)], 4, darker(mix(skin, CORAL, 0.2), 0.14), 170)
    nose = darker(mix(skin, CORAL, 0.35), 0.1)
    c.line([(x - 14, ey + ry * 0.34), (x + 2, ey + ry * 0.38), (x + 18, ey + ry * 0.33)], 8, nose)
    my = y + ry * (0.62 if age == "child" else 0.58)
    half = rx * rng.uniform(0.26, 0.34)
    if rng.random() < 0.5:
        c.shape(
            [
                (x - half, my - 8),
                (x, my + 2),
                (x + half, my - 8),
                (x + half * 0.6, my + 34),
                (x, my + 46),
                (x - half * 0.6, my + 34),
            ],
            ink("B4554D"),
        )
        c.shape(
            [
                (x - half * 0.84, my - 2),
                (x, my + 5),
                (x + half * 0.84, my - 2),
                (x + half * 0.6, my + 14),
                (x - half * 0.6, my + 14),
            ],
            WHITE,
        )
    else:
        c.line([(x - half, my - 4), (x - half * 0.5, my + 18), (x + half * 0.5, my + 18), (x + half, my - 4)], 10, ink("A8554C"))
    if age == "elder":
        for side in (-1, 1):
            c.line(
                [(x + side * rx * 0.3, ey + ry * 0.36), (x + side * rx * 0.47, my - 10), (x + side * rx * 0.46, my + 20)],
                5,
                darker(mix(skin, CORAL, 0.25), 0.12),
                170,
            )


def _extras(c: Canvas, x: float, y: float, rx: float, ry: float, hair: Colour, coat: Colour, age: str, gender: str) -> None:
    """Glasses, a hat, earrings, a hairpin or a moustache, each now and then."""
    rng = c.rng
    ey = y + ry * (0.16 if age == "child" else 0.06)
    if rng.random() < {"elder": 0.6, "adult": 0.4, "young": 0.35}.get(age, 0.15):
        frame = rng.choice((ink("5A4A42"), ink("8A6A4C"), ink("3F4A55"), ink("B06A55"), ink("6E7F78")))
        r = rng.uniform(62, 72)
        square = rng.random() < 0.4
        for side in (-1, 1):
            gx = x + side * rx * 0.42
            ring = [*box(gx - r, ey - r * 0.74, gx + r, ey + r * 0.8, 34)] if square else oval(gx, ey, r, r)
            c.poly(ring, WHITE, 46)
            c.loop(ring, 9, frame)
            c.line([(gx + side * r, ey - 10), (x + side * rx * 1.0, ey - 16)], 8, frame, straight=True)
        c.line([(x - rx * 0.42 + r, ey - 8), (x, ey - 20), (x + rx * 0.42 - r, ey - 8)], 9, frame)
    roll = rng.random()
    if gender == "f" and roll < 0.35:
        for side in (-1, 1):
            c.oval(x + side * rx * 1.02, y + ry * 0.46, 13, 16, rng.choice((GOLD, WHITE, CORAL)))
    elif gender == "f" and roll < 0.6:
        blossom(c, x - rx * 0.86, y - ry * 0.62, 52, lighter(rng.choice((BLOSSOM, APRICOT, CORAL)), 0.2))
    elif gender == "m" and age == "elder" and roll < 0.3:
        c.shape(
            [
                (x - 80, y + ry * 0.5),
                (x, y + ry * 0.44),
                (x + 80, y + ry * 0.5),
                (x + 40, y + ry * 0.54),
                (x, y + ry * 0.52),
                (x - 40, y + ry * 0.54),
            ],
            hair,
        )
    elif age == "young" and roll > 0.78:
        # Headphones.
        tone = rng.choice((CREAM, CORAL, LEAF, ink("5F6B76")))
        band = [(x + rx * 1.14 * cos(pi + i * pi / 12), y - ry * 0.02 + ry * 1.24 * sin(pi + i * pi / 12)) for i in range(13)]
        c.line(band, 26, tone, straight=True)
        for side in (-1, 1):
            c.oval(x + side * rx * 1.1, y + 30, 40, 66, darker(tone, 0.14))
            c.oval(x + side * rx * 1.15, y + 30, 30, 54, tone)
    elif roll > 0.84:
        tone = mix(rng.choice(CLOTHES), coat, 0.2)
        dome = [
            (x - rx * 1.12, y - ry * 0.46),
            (x - rx * 0.98, y - ry * 1.05),
            (x, y - ry * 1.4),
            (x + rx * 0.98, y - ry * 1.05),
            (x + rx * 1.12, y - ry * 0.46),
            (x, y - ry * 0.6),
        ]
        c.shape(dome, tone)
        c.line([(x - rx * 1.12, y - ry * 0.5), (x, y - ry * 0.64), (x + rx * 1.12, y - ry * 0.5)], 62, darker(tone, 0.12))
        for i in range(11):
            t = (i - 5) / 5.2
            c.line(
                [(x + t * rx * 1.1, y - ry * 0.66 + t * t * 30), (x + t * rx * 1.1 + cos(pi) * 2, y - ry * 0.52 + t * t * 30)],
                6,
                lighter(tone, 0.25 + 0.02 * sin(i)),
                160,
                straight=True,
            )
