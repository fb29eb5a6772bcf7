"""What hangs on the wall behind a still life."""

from __future__ import annotations

from math import pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .palette import APRICOT, BLOSSOM, CORAL, CREAM, GOLD, LEAF, LILAC, MOSS, PINE, ROSE, SPROUT, WHITE, WOOD, ink
from .plants import blossom, leaf


def frames(c: Canvas, edge: float, wall: Colour) -> None:
    """Two or three framed pictures of leaves and flowers."""
    rng = c.rng
    count = 3 if c.w > 1150 else 2
    tall = min(edge * 0.5, 230)
    mid = c.w * rng.uniform(0.44, 0.56)
    wood = rng.choice((WOOD, WHITE, ink("9B7458")))
    for i in range(count):
        x, y = mid + (i - (count - 1) / 2) * tall * 1.02, edge * 0.36 + (i % 2) * tall * 0.12
        w, h = tall * 0.38, tall * 0.5
        c.soft(box(x - w, y - h, x + w + 8, y + h + 12), darker(wall, 0.5), 70, 7)
        c.box(x - w, y - h, x + w, y + h, wood)
        c.box(x - w + 11, y - h + 11, x + w - 11, y + h - 11, lighter(CREAM, 0.4))
        if (i + c.seed) % 2:
            tone = mix(rng.choice((MOSS, LEAF, PINE)), wall, 0.25)
            c.line([(x, y + h * 0.66), (x + 4, y - h * 0.4)], 4, tone)
            for k in range(3):
                for side in (-1, 1):
                    leaf(c, x, y + h * (0.5 - k * 0.32), h * (0.5 - 0.06 * k), -90 + side * 50, tone, 0.4, False)
            leaf(c, x + 3, y - h * 0.36, h * 0.32, -90, tone, 0.4, False)
        else:
            c.line([(x, y + h * 0.66), (x, y)], 4, mix(MOSS, wall, 0.25))
            leaf(c, x, y + h * 0.5, h * 0.4, -40, mix(LEAF, wall, 0.25), 0.4, False)
            leaf(c, x, y + h * 0.56, h * 0.4, -140, mix(LEAF, wall, 0.25), 0.4, False)
            blossom(c, x, y - h * 0.14, h * 0.38, mix(rng.choice((ROSE, APRICOT, GOLD, LILAC)), WHITE, 0.35))


def shelf(c: Canvas, edge: float, wall: Colour) -> None:
    """A shelf with jars, bowls and a trailing plant."""
    rng = c.rng
    x0 = c.w * rng.uniform(0.26, 0.32)
    x1, y = c.w - x0 + c.w * rng.uniform(-0.06, 0.06), edge * 0.52
    c.soft(box(x0, y + 14, x1, y + 44), darker(wall, 0.5), 80, 10)
    c.box(x0, y, x1, y + 18, lighter(WOOD, 0.2), r=4)
    c.box(x0, y + 12, x1, y + 18, darker(WOOD, 0.05), r=3)
    x = x0 + 50
    kind = rng.randrange(4)
    size = min(1.0, y / 170)
    while x < x1 - 46:
        tone = mix(rng.choice((LEAF, APRICOT, GOLD, BLOSSOM, ink("8CB3C4"), CREAM, CORAL)), wall, 0.3)
        if kind == 0:
            tall = rng.uniform(84, 116) * size
            c.box(x - 30, y - tall, x + 30, y, lighter(tone, 0.35), r=9)
            c.box(x - 30, y - tall * rng.uniform(0.5, 0.75), x + 30, y, tone, r=9)
            c.box(x - 26, y - tall - 13, x + 26, y - tall + 6, mix(WOOD, wall, 0.2), r=5)
            c.box(x - 22, y - tall + 14, x - 15, y - 12, WHITE, 110, r=3)
        elif kind == 1:
            for k in range(3):
                top = y - 24 * k * size - 34 * size
                bowl = [(x - 46 + k * 3, top), (x + 46 - k * 3, top), (x + 24, top + 34 * size), (x - 24, top + 34 * size)]
                c.poly(bowl, mix(tone, WHITE, 0.24 * k))
                c.line([bowl[0], bowl[1]], 4, lighter(tone, 0.6), straight=True)
        elif kind == 2:
            c.poly([(x - 34, y - 58 * size), (x + 34, y - 58 * size), (x + 25, y), (x - 25, y)], tone)
            for k in range(9):
                a = -90 + (k - 4) * 20
                leaf(
                    c,
                    x,
                    y - 54 * size,
                    rng.uniform(62, 84) * size,
                    a,
                    mix(mix(MOSS, SPROUT, rng.random() * 0.5), wall, 0.15),
                    0.42,
                    False,
                )
        else:
            for k in range(3):
                c.box(
                    x - 36 + k * 24,
                    y - (78 + 14 * ((k * 2 + c.seed) % 3)) * size,
                    x - 15 + k * 24,
                    y,
                    mix((CORAL, PINE, GOLD)[k], wall, 0.3),
                    r=3,
                )
        x += rng.uniform(112, 140)
        kind = (kind + rng.randint(1, 3)) % 4


def garland(c: Canvas, edge: float, wall: Colour) -> None:
    """A string with leaves, paper stars and dried flowers."""
    rng = c.rng
    low = min(edge * 0.42, 240)
    rope = spline(
        [(-20, edge * 0.08), (c.w * 0.25, low * 0.75), (c.w * 0.5, low * 0.5), (c.w * 0.75, low * 0.8), (c.w + 20, edge * 0.08)],
        steps=7,
    )
    c.line(rope, 3, mix(WOOD, wall, 0.3), straight=True)
    for i, (x, y) in enumerate(rope[1:-1]):
        drop = 26 + 16 * sin(i * pi / 2)
        c.line([(x, y), (x, y + drop)], 2.4, mix(WOOD, wall, 0.3), straight=True)
        if i % 3 == 0:
            for a in (55, 90, 125):
                leaf(c, x, y + drop, 54, a, mix(rng.choice((MOSS, LEAF, SPROUT)), wall, 0.2), 0.4, False)
        elif i % 3 == 1:
            blossom(c, x, y + drop + 16, 25, mix(rng.choice((ROSE, APRICOT, GOLD, BLOSSOM)), WHITE, 0.3))
        else:
            c.poly(oval(x, y + drop + 16, 16, 20), mix(rng.choice((GOLD, CORAL, LILAC)), wall, 0.25))
            c.poly(oval(x - 4, y + drop + 10, 5, 7), WHITE, 130)
