"""The children's craft table."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline, turned
from .palette import (
    APRICOT,
    BERRY,
    BUTTER,
    CORAL,
    GOLD,
    LEAF,
    LILAC,
    MOSS,
    PINE,
    ROSE,
    SKY,
    SPROUT,
    WHITE,
    WOOD,
    ink,
)
from .plants import blossom, foliage, leaf

PAPERS = (CORAL, GOLD, LEAF, ink("8CB3C4"), ROSE, APRICOT, LILAC, SPROUT, BUTTER, PINE)


def kids_craft(c: Canvas) -> None:
    """Paper, scissors and colours: the children's craft table from above."""
    rng = c.rng
    wood = c.turn((ink("EBD3AE"), ink("DCE6DA"), ink("F0DCC6"), ink("D8BD98")))
    c.wash((lighter(wood, 0.2), wood, darker(wood, 0.05)))
    for i in range(1, 6):
        y = c.h * i / 6 + rng.uniform(-10, 10)
        c.line([(-10, y), (c.w + 10, y + rng.uniform(-4, 4))], 4, darker(wood, 0.09), 190, straight=True)
    mx, my = c.w / 2, c.h / 2
    papers = list(PAPERS)
    rng.shuffle(papers)
    for i, (dx, dy) in enumerate(((-0.36, -0.3), (0.34, -0.3), (-0.34, 0.34), (0.36, 0.32), (0, -0.4), (0.02, 0.44))):
        _sheet(c, mx + dx * c.w, my + dy * c.h, rng.uniform(220, 290), rng.uniform(-30, 30), lighter(papers[i], 0.2))
    _sheet(c, mx, my, 430, rng.uniform(-8, 8), ink("FFFBF0"))
    _collage(c, mx, my, c.seed % 3, papers)
    flip = c.turn((1, -1))
    _scissors(c, mx + flip * c.w * 0.35, my + 20, 200, flip * 24 + 180, papers[1])
    for i in range(rng.randint(5, 7)):
        y = my - 190 + i * 62
        _pencil(
            c,
            mx - flip * (c.w * 0.385) + rng.uniform(-14, 14),
            y,
            rng.uniform(150, 200),
            rng.uniform(-10, 10) + (0 if flip > 0 else 180),
            PAPERS[(i + c.seed) % len(PAPERS)],
        )
    _paints(c, mx + flip * c.w * 0.2, c.h * 0.9, papers)
    _jar(c, mx - flip * c.w * 0.3, c.h * 0.13, papers)
    for i in range(26):
        x, y = rng.random() * c.w, rng.random() * c.h
        if abs(x - mx) < 240 and abs(y - my) < 290:
            continue
        s = rng.uniform(9, 17)
        shape = ([(-s, -s), (s, -s), (s, s), (-s, s)], [(-s, s), (0, -s), (s, s)], oval(0, 0, s, s, 0, 16))[i % 3]
        c.poly(turned([(px + 3, py + 4) for px, py in shape], i * 37, x, y), (80, 66, 60), 60)
        c.poly(turned(shape, i * 37, x, y), papers[i % 6])


def _sheet(c: Canvas, x: float, y: float, size: float, angle: float, colour: Colour) -> None:
    """A sheet of coloured paper, one corner folded."""
    w, h = size * 0.5, size * 0.66
    c.soft(turned([(-w, -h), (w, -h), (w, h), (-w, h)], angle, x + 6, y + 10), (80, 66, 60), 90, 9)
    c.poly(turned([(-w, -h), (w, -h), (w, h * 0.8), (w * 0.74, h), (-w, h)], angle, x, y), colour)
    c.poly(turned([(w, h * 0.8), (w * 0.74, h), (w * 0.72, h * 0.78)], angle, x, y), lighter(colour, 0.5))


def _collage(c: Canvas, x: float, y: float, kind: int, papers: list) -> None:
    """What is being made: a house, a garland of flowers, or a fish."""
    if kind == 0:
        c.shape(
            [
                (x - 190, y + 190),
                (x - 90, y + 150),
                (x + 60, y + 180),
                (x + 190, y + 150),
                (x + 190, y + 240),
                (x - 190, y + 240),
            ],
            LEAF,
        )
        c.box(x - 100, y - 20, x + 90, y + 180, APRICOT)
        c.poly([(x - 130, y - 14), (x - 5, y - 130), (x + 120, y - 14)], CORAL)
        c.box(x - 24, y + 80, x + 36, y + 180, PINE, r=6)
        for wx in (-74, 46):
            c.box(x + wx, y + 16, x + wx + 42, y + 58, BUTTER)
            c.line([(x + wx + 21, y + 16), (x + wx + 21, y + 58)], 4, WHITE, straight=True)
        c.oval(x + 136, y - 190, 44, 44, GOLD)
        for i in range(10):
            a = i * pi / 5
            c.line(
                [(x + 136 + cos(a) * 54, y - 190 + sin(a) * 54), (x + 136 + cos(a) * 72, y - 190 + sin(a) * 72)],
                8,
                GOLD,
                straight=True,
            )
        foliage(c, x + 146, y + 90, 52, 66, MOSS, 12)
    elif kind == 1:
        for i in range(5):
            fx, fy = x - 130 + i * 65, y - 60 + (i % 2) * 70
            c.line([(fx, fy), (x + (i - 2) * 12, y + 240)], 9, MOSS)
            leaf(c, (fx + x) / 2, (fy + y + 240) / 2, 70, -60 if i > 2 else -130, SPROUT, 0.5)
            blossom(c, fx, fy, 62, lighter(papers[i], 0.2), GOLD, 6)
        c.poly([(x - 90, y + 170), (x + 90, y + 170), (x + 60, y + 250), (x - 60, y + 250)], ink("8CB3C4"))
    else:
        body = spline(
            [(x - 150, y), (x - 40, y - 100), (x + 90, y - 50), (x + 130, y), (x + 90, y + 50), (x - 40, y + 100)], closed=True
        )
        c.poly([(x + 100, y), (x + 190, y - 80), (x + 170, y), (x + 190, y + 80)], CORAL)
        c.poly(body, ink("8CB3C4"))
        with c.clip(body):
            for row in range(5):
                for col in range(4):
                    c.oval(x - 40 + col * 46 + (row % 2) * 23, y - 84 + row * 42, 25, 25, lighter(PAPERS[(row + col) % 6], 0.15))
        c.oval(x - 96, y - 20, 19, 19, WHITE)
        c.oval(x - 98, y - 18, 9, 9, ink("3F4A46"))
        for i in range(3):
            c.oval(x - 160 - i * 6, y - 90 - i * 50, 12 + i * 4, 12 + i * 4, SKY)
        for i in range(5):
            leaf(c, x - 150 + i * 75, y + 250, 110, -90 + (i % 2) * 24 - 12, MOSS, 0.3)


def _scissors(c: Canvas, x: float, y: float, size: float, angle: float, colour: Colour) -> None:
    """Open scissors with coloured handles."""
    c.soft(turned(oval(0, 0, size * 0.3, size * 0.8), angle, x + 8, y + 12), (80, 66, 60), 70, 14)
    for side in (-1, 1):
        a = angle + side * 13
        c.poly(
            turned([(0, 0), (size * 0.075, -size * 0.12), (size * 0.03, -size * 0.98), (-size * 0.05, -size * 0.1)], a, x, y),
            ink("C3CCD0") if side < 0 else ink("DDE4E6"),
        )
        ring = turned(oval(-size * 0.07, size * 0.48, size * 0.15, size * 0.22, 0, 26), a * 1.0, x, y)
        c.line(turned([(0, 0), (-size * 0.04, size * 0.28)], a, x, y), size * 0.08, colour, straight=True)
        c.loop(ring, size * 0.075, colour)
    c.oval(x, y, size * 0.035, size * 0.035, ink("8A9598"))


def _pencil(c: Canvas, x: float, y: float, length: float, angle: float, colour: Colour) -> None:
    """A sharpened coloured pencil."""
    h, w = length / 2, 13
    c.soft(turned(box(-h, -w, h, w), angle, x + 4, y + 9), (80, 66, 60), 80, 5)
    c.poly(turned(box(-h, -w, h - 34, w), angle, x, y), colour)
    c.poly(turned(box(-h, -w, h - 34, -w * 0.3), angle, x, y), lighter(colour, 0.3))
    c.poly(turned([(h - 34, -w), (h, 0), (h - 34, w)], angle, x, y), ink("EFD6B0"))
    c.poly(turned([(h - 12, -w * 0.36), (h, 0), (h - 12, w * 0.36)], angle, x, y), colour)


def _paints(c: Canvas, x: float, y: float, papers: list) -> None:
    """A box of watercolours."""
    c.soft(box(x - 150, y - 46, x + 160, y + 60), (80, 66, 60), 90, 10)
    c.box(x - 156, y - 54, x + 156, y + 54, WHITE, r=16)
    for i in range(8):
        px, py = x - 117 + i % 4 * 78, y - 24 + i // 4 * 48
        c.oval(px, py, 30, 19, darker(papers[i], 0.2))
        c.oval(px, py + 3, 28, 16, papers[i])
        c.oval(px - 8, py - 2, 9, 4, lighter(papers[i], 0.6), 180)


def _jar(c: Canvas, x: float, y: float, papers: list) -> None:
    """A jar of water with brushes, from above."""
    c.shade(x + 12, y + 16, 84, 84, 90)
    c.oval(x, y, 78, 78, WHITE)
    c.oval(x, y, 66, 66, mix(SKY, papers[2], 0.25))
    c.oval(x - 18, y - 22, 22, 12, WHITE, 160, angle=-34)
    for i, a in enumerate((24, 74, 150)):
        tip = (x + cos(a * pi / 180) * 190, y + sin(a * pi / 180) * 130)
        c.line([(x + cos(a) * 10, y), tip], 13, (WOOD, CORAL, BERRY)[i], end=7, straight=True)
