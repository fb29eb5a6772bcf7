"""Tables, cloths, walls, windows and crockery: the stage of every still life."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .palette import CREAM, PINE, STONE, WHITE, ink
from .plants import leaf
from .wall import frames, garland, shelf

# Wall, cloth and crockery that go well together.
SETTINGS = (
    (ink("E3EFE6"), ink("E9CFAE"), ink("FFFBF2")),
    (ink("FBE8DC"), ink("C9D9C4"), ink("FBF3E4")),
    (ink("DCE8EE"), ink("F0DDBD"), ink("F7FAF8")),
    (ink("F6EBD3"), ink("D7A982"), ink("E8F0EA")),
    (ink("E9DFE8"), ink("F3E6D2"), ink("DDE8EE")),
    (ink("F4DFC8"), ink("A8C3B0"), ink("FFFBF2")),
)


def stage(c: Canvas, edge: float, wall: Colour, cloth: Colour, hung: bool = True) -> None:
    """A wall with window light falling over it and something hung on it, and a table whose far edge is at `edge`."""
    rng = c.rng
    c.wash((lighter(wall, 0.25), wall, darker(wall, 0.04)), [(0, 0), (c.w, 0), (c.w, edge + 2), (0, edge + 2)])
    lean = rng.choice((-1, 1)) * rng.uniform(120, 200)
    x = c.w * rng.uniform(0.12, 0.5)
    for i in range(3):
        left = x + i * 140
        c.soft([(left, -20), (left + 110, -20), (left + 110 + lean, edge), (left + lean, edge)], lighter(wall, 0.85), 120, 9)
    if hung and edge > 300:
        c.turn((frames, shelf, garland, frames, shelf))(c, edge, wall)
    c.wash((lighter(cloth, 0.12), cloth, darker(cloth, 0.07)), [(0, edge), (c.w, edge), (c.w, c.h), (0, c.h)])
    c.soft([(0, edge), (c.w, edge), (c.w, edge + 14), (0, edge + 14)], lighter(cloth, 0.7), 140, 8)


def weave(c: Canvas, edge: float, cloth: Colour, kind: int) -> None:
    """A pattern on the table: checks, boards, stripes or none."""
    if kind == 0:
        tone = mix(cloth, WHITE, 0.5)
        vanish = edge - 900
        for i in range(-3, 22):
            a = c.w / 2 + (i - 9) * c.w / 9
            pts = []
            for x in (a, a + c.w / 18):
                top = c.w / 2 + (x - c.w / 2) * (edge - vanish) / (c.h - vanish)
                pts.append((x, top))
            c.poly([(pts[0][1], edge), (pts[1][1], edge), (pts[1][0], c.h), (pts[0][0], c.h)], tone, 120)
        for i in range(6):
            t0, t1 = (i + 0.1) / 6, (i + 0.58) / 6
            c.box(0, edge + (c.h - edge) * t0**1.3, c.w, edge + (c.h - edge) * t1**1.3, tone, 120)
    elif kind == 1:
        for i in range(1, 5):
            y = edge + (c.h - edge) * (i / 4.5) ** 1.4
            c.line([(0, y), (c.w, y + c.rng.uniform(-3, 3))], 3 + i, darker(cloth, 0.14), 200, straight=True)
            for _ in range(3):
                x = c.rng.random() * c.w
                c.line([(x, y - 26), (x + 90, y - 30), (x + 230, y - 25)], 2.4, darker(cloth, 0.1), 150, end=1)
    elif kind == 2:
        for i in range(round(c.w / 70) + 1):
            x = i * 70 - 20
            c.poly(
                [(x, edge), (x + 16, edge), (x * 1.1 - c.w * 0.05 + 18, c.h), (x * 1.1 - c.w * 0.05, c.h)],
                lighter(cloth, 0.5),
                150,
            )


def plate(c: Canvas, x: float, y: float, r: float, colour: Colour, flat: float = 0.42, band: Colour | None = None) -> None:
    """A plate seen from the side of the table."""
    c.shade(x + r * 0.08, y + r * 0.17, r * 1.06, r * flat, 110)
    c.oval(x, y + r * 0.05, r, r * flat, darker(colour, 0.2))
    c.oval(x, y, r, r * flat, colour)
    if band:
        c.oval(x, y, r * 0.94, r * flat * 0.94, band)
        c.oval(x, y, r * 0.885, r * flat * 0.885, colour)
    c.oval(x, y + r * 0.008, r * 0.7, r * flat * 0.68, darker(colour, 0.09))
    c.oval(x, y + r * 0.03, r * 0.68, r * flat * 0.645, lighter(colour, 0.25))


def cup(
    c: Canvas, x: float, y: float, r: float, colour: Colour, tea: Colour, steam: bool = True, band: Colour | None = None
) -> None:
    """A handled cup on its saucer, standing at (x, y)."""
    plate(c, x, y, r * 1.55, lighter(colour, 0.15), 0.34)
    side = c.rng.choice((-1, 1))
    hx, hy = x + side * r * 1.05, y - r * 0.62
    ring = [(hx + r * 0.36 * cos(a * pi / 12), hy + r * 0.4 * sin(a * pi / 12)) for a in range(24)]
    c.loop(ring, r * 0.15, darker(colour, 0.1))
    body = [(x - r, y - r * 1.15), (x - r * 0.97, y - r * 0.6), (x - r * 0.62, y), (x - r * 0.3, y + r * 0.1)]
    body += [(2 * x - px, py) for px, py in reversed(body)]
    outline = spline(body[:4], steps=6) + spline(body[4:], steps=6)
    c.wash((colour, colour, darker(colour, 0.2)), outline, across=True)
    if band:
        with c.clip(outline):
            for i in range(-4, 5):
                leaf(c, x + i * r * 0.26, y - r * 0.35, r * 0.34, -70 + i * 4, band, 0.5, False)
    c.oval(x, y - r * 1.15, r, r * 0.3, lighter(colour, 0.35))
    c.oval(x, y - r * 1.12, r * 0.88, r * 0.235, darker(colour, 0.18))
    c.oval(x, y - r * 1.09, r * 0.84, r * 0.205, tea)
    c.oval(x - r * 0.3, y - r * 1.12, r * 0.36, r * 0.07, lighter(tea, 0.4), 160)
    if steam:
        wisps(c, x, y - r * 1.5, r * 1.6, 3)


def wisps(c: Canvas, x: float, y: float, height: float, count: int) -> None:
    """Steam curling upwards."""
    for i in range(count):
        sx = x + (i - (count - 1) / 2) * height * 0.24
        sway = c.rng.choice((-1, 1)) * height * 0.09
        points = spline(
            [(sx, y), (sx + sway, y - height * 0.3), (sx - sway, y - height * 0.62), (sx + sway * 0.7, y - height * 0.95)],
            steps=6,
        )
        for j in range(0, len(points) - 1, 3):
            fade = sin(pi * (j + 1.5) / len(points))
            c.soft(oval(*points[j], height * 0.05, height * 0.09), WHITE, round(120 * fade), height * 0.035)


def window(c: Canvas, x0: float, y0: float, x1: float, y1: float, frame: Colour = WHITE, bars: int = 2) -> None:
    """The frame of a window; what is outside must be painted first."""
    t = 22
    for box_ in ((x0 - t, y0 - t, x1 + t, y0), (x0 - t, y1, x1 + t, y1 + t), (x0 - t, y0, x0, y1), (x1, y0, x1 + t, y1)):
        c.box(*box_, frame)
    for i in range(1, bars):
        x = x0 + (x1 - x0) * i / bars
        c.box(x - 8, y0, x + 8, y1, frame)
        c.box(x + 5, y0, x + 8, y1, darker(frame, 0.1))
    y = y0 + (y1 - y0) * 0.34
    c.box(x0, y - 6, x1, y + 6, darker(frame, 0.03))
    c.box(x0 - t, y1 + t - 5, x1 + t, y1 + t, darker(frame, 0.12))


def curtain(c: Canvas, x0: float, x1: float, y1: float, colour: Colour) -> None:
    """A curtain from the top of the picture, in soft folds."""
    folds = max(3, round(abs(x1 - x0) / 46))
    hem = [(x0 + (x1 - x0) * i / (folds * 2), y1 + (10 if i % 2 else -6)) for i in range(folds * 2 + 1)]
    c.poly([(x0, -5), (x1, -5), *reversed(hem)], colour)
    for i in range(folds):
        a, b = x0 + (x1 - x0) * (i + 0.1) / folds, x0 + (x1 - x0) * (i + 0.52) / folds
        c.poly([(a, -5), (b, -5), (b - 4, y1), (a + 4, y1)], darker(colour, 0.11), 150)
        c.poly([(b + 8, -5), (b + 20, -5), (b + 16, y1), (b + 10, y1)], lighter(colour, 0.5), 130)


def vase(c: Canvas, x: float, y: float, height: float, colour: Colour) -> None:
    """A round vase standing at (x, y); its mouth is `height` above."""
    w = height * 0.42
    c.shade(x + w * 0.3, y, w * 1.2, w * 0.28, 110)
    half = [
        (x - w * 0.42, y - height),
        (x - w * 0.36, y - height * 0.86),
        (x - w, y - height * 0.46),
        (x - w * 0.78, y - height * 0.1),
        (x - w * 0.5, y),
    ]
    left = spline(half, steps=6)
    outline = left + [(2 * x - px, py) for px, py in reversed(left)]
    c.wash((lighter(colour, 0.2), colour, darker(colour, 0.22)), outline, across=True)
    with c.clip(outline):
        c.oval(x - w * 0.45, y - height * 0.5, w * 0.14, height * 0.17, lighter(colour, 0.7), 150, angle=12)
        c.box(x - w, y - height * 0.3, x + w, y - height * 0.26, lighter(colour, 0.4), 160)
    c.oval(x, y - height, w * 0.42, w * 0.11, darker(colour, 0.3))


def linen(c: Canvas, points: list, colour: Colour, stripe: Colour | None = None) -> None:
    """A folded napkin lying flat, given by its corners."""
    c.soft([(px + 8, py + 10) for px, py in points], (70, 62, 78), 80, 8)
    c.poly(points, colour)
    (ax, ay), (bx, by), (dx, dy), (ex, ey) = points
    for t in (0.1, 0.16, 0.86, 0.92):
        c.line(
            [(ax + (bx - ax) * t, ay + (by - ay) * t), (ex + (dx - ex) * t, ey + (dy - ey) * t)],
            5,
            stripe or darker(colour, 0.12),
            200,
            straight=True,
        )
    c.poly([points[0], points[3], ((ex + dx) / 2, (ey + dy) / 2), ((ax + bx) / 2, (ay + by) / 2)], WHITE, 40)


def pot(c: Canvas, x: float, y: float, wide: float, tall: float, colour: Colour) -> None:
    """A flower pot standing at (x, y) with its earth showing."""
    c.shade(x + wide * 0.08, y, wide * 0.56, wide * 0.1, 110)
    c.wash(
        (lighter(colour, 0.12), colour, darker(colour, 0.24)),
        [(x - wide * 0.46, y - tall * 0.85), (x + wide * 0.46, y - tall * 0.85), (x + wide * 0.34, y), (x - wide * 0.34, y)],
        across=True,
    )
    c.oval(x, y - tall, wide * 0.5, wide * 0.1, darker(colour, 0.3))
    c.oval(x, y - tall + 2, wide * 0.45, wide * 0.08, ink("6B5244"))
    rim = [
        (x - wide * 0.52, y - tall),
        (x - wide * 0.5, y - tall * 0.78),
        (x + wide * 0.5, y - tall * 0.78),
        (x + wide * 0.52, y - tall),
    ]
    arc = [(x + wide * 0.52 * cos(i * pi / 12), y - tall + wide * 0.1 * sin(i * pi / 12)) for i in range(13)]
    c.wash((lighter(colour, 0.25), lighter(colour, 0.08), darker(colour, 0.14)), [*rim[:3], *arc], across=True)


def shelf_plant(c: Canvas, x: float, y: float, size: float, colour: Colour, clay: Colour) -> None:
    """A leafy plant in a pot."""
    pot(c, x, y, size * 0.62, size * 0.46, clay)
    for i in range(11):
        a = -90 + (i - 5) * 15 + c.rng.uniform(-8, 8)
        leaf(
            c,
            x,
            y - size * 0.46,
            size * c.rng.uniform(0.5, 0.85) * (1 - 0.05 * abs(i - 5)),
            a,
            mix(colour, PINE, c.rng.random() * 0.5),
            0.3,
        )


def basket(c: Canvas, x: float, y: float, wide: float, tall: float, colour: Colour) -> None:
    """The front of a woven basket standing at (x, y)."""
    sides = [
        (x - wide * 0.5, y - tall),
        (x + wide * 0.5, y - tall),
        (x + wide * 0.42, y - tall * 0.06),
        (x + wide * 0.36, y),
        (x - wide * 0.36, y),
        (x - wide * 0.42, y - tall * 0.06),
    ]
    c.wash((lighter(colour, 0.12), colour, darker(colour, 0.22)), sides, across=True)
    rows, cols = 6, 13
    with c.clip(sides):
        for row in range(rows):
            top = y - tall + tall * row / rows
            for col in range(cols):
                cx = x - wide * 0.5 + wide * (col + (0.5 if row % 2 else 0)) / cols * 1.02
                tone = lighter(colour, 0.22) if (row + col) % 2 else darker(colour, 0.08)
                c.poly(box(cx, top + 3, cx + wide / cols * 0.9, top + tall / rows - 3, tall / rows * 0.4), tone, 190)
    c.line(
        [(x - wide * 0.52, y - tall), (x, y - tall + wide * 0.03), (x + wide * 0.52, y - tall)], tall * 0.14, darker(colour, 0.05)
    )
    for i in range(24):
        cx = x - wide * 0.52 + wide * 1.04 * (i + 0.5) / 24
        sag = wide * 0.03 * (1 - (2 * (i + 0.5) / 24 - 1) ** 2)
        c.line(
            [(cx - 6, y - tall - tall * 0.05 + sag), (cx + 6, y - tall + tall * 0.05 + sag)],
            5,
            lighter(colour, 0.4),
            200,
            straight=True,
        )


GLAZES = (ink("6F93A8"), ink("8DB39B"), ink("D9A28A"), ink("E8C987"), ink("A894BC"), STONE, CREAM)
