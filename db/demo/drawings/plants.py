"""Things that grow: leaves, flowers, bushes and trees."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, darker, lighter, mix, oval, spline, turned
from .palette import BARK, BLOSSOM, GOLD, LEAF, MOSS, OLIVE, PINE, SPROUT, WHITE, Mood


def leaf(
    c: Canvas, x: float, y: float, length: float, angle: float, colour: Colour, fat: float = 0.36, vein: bool = True
) -> None:
    """A pointed leaf growing from (x, y)."""
    w = length * fat
    half = [(0, 0), (length * 0.22, -w * 0.42), (length * 0.5, -w * 0.5), (length * 0.8, -w * 0.26), (length, 0)]
    upper = spline(half, steps=4)
    lower = [(px, -py) for px, py in reversed(upper)]
    c.poly(turned(upper + lower, angle, x, y), colour)
    if vein:
        c.poly(turned([*lower, (length * 0.5, w * 0.04)], angle, x, y), darker(colour, 0.16), 130)
        c.line(
            turned([(length * 0.06, 0), (length * 0.85, 0)], angle, x, y),
            length * 0.025,
            lighter(colour, 0.4),
            170,
            straight=True,
        )


def blossom(c: Canvas, x: float, y: float, r: float, colour: Colour, heart: Colour = GOLD, petals: int = 5) -> None:
    """An open five-petalled flower seen from the front, slightly tilted."""
    start = c.rng.uniform(0, 360)
    squash = c.rng.uniform(0.78, 1)
    tilt = c.rng.uniform(0, 180)

    def laid(points: list, angle: float) -> list:
        flat = [(px, py * squash) for px, py in turned(points, angle - tilt)]
        return turned(flat, tilt, x, y)

    outer = [(0, 0), (r * 0.35, -r * 0.36), (r * 0.8, -r * 0.42), (r * 1.02, -r * 0.16)]
    outer += [(r * 0.93, 0), (r * 1.02, r * 0.16), (r * 0.8, r * 0.42), (r * 0.35, r * 0.36)]
    inner = [(px * 0.52, py * 0.62) for px, py in outer]
    for i in range(petals):
        a = start + i * 360 / petals
        c.poly(laid(spline(outer, closed=True, steps=4), a), mix(colour, lighter(colour, 0.5), c.rng.random() * 0.7))
    for i in range(petals):
        c.poly(
            laid(spline(inner, closed=True, steps=3), start + i * 360 / petals),
            darker(mix(colour, (222, 92, 116), 0.4), 0.02),
            95,
        )
    for i in range(7):
        a = start + i * 360 / 7
        tip = laid([(r * 0.42, 0)], a)[0]
        c.line([(x, y), tip], r * 0.035, lighter(heart, 0.3), 200, straight=True)
        c.oval(*tip, r * 0.055, r * 0.055, heart)
    c.oval(x, y, r * 0.1, r * 0.1, mix(heart, colour, 0.3))


def bud(c: Canvas, x: float, y: float, r: float, angle: float, colour: Colour) -> None:
    """A closed flower at the end of its stalk."""
    c.poly(turned(oval(r * 1.1, 0, r, r * 0.72, 0, 18), angle, x, y), darker(mix(colour, (222, 92, 116), 0.35), 0.03))
    c.poly(turned(oval(r * 1.25, -r * 0.2, r * 0.65, r * 0.4, 0, 14), angle, x, y), lighter(colour, 0.2), 190)
    c.poly(turned(oval(r * 0.25, 0, r * 0.4, r * 0.35, 0, 12), angle, x, y), (150, 104, 92))


def foliage(c: Canvas, x: float, y: float, rx: float, ry: float, colour: Colour, dabs: int = 26, lean: float = -0.25) -> None:
    """A rounded mass of leaves, lit from above, with dabs of single leaves."""
    rng = c.rng
    deep, glow = darker(colour, 0.2), lighter(colour, 0.26)
    for i in range(9):
        a = i * 2 * pi / 9 + rng.uniform(-0.2, 0.2)
        c.blob(x + cos(a) * rx * 0.62, y + sin(a) * ry * 0.6, rx * 0.44, ry * 0.44, deep)
    c.blob(x, y, rx * 0.75, ry * 0.75, deep)
    for _ in range(7):
        a = rng.uniform(pi * 0.95, pi * 2.05)
        c.blob(x + cos(a) * rx * 0.5 + lean * rx * 0.2, y + sin(a) * ry * 0.45, rx * 0.4, ry * 0.36, colour)
    for _ in range(4):
        a = rng.uniform(pi * 1.05, pi * 1.75)
        c.blob(x + cos(a) * rx * 0.5 + lean * rx * 0.3, y + sin(a) * ry * 0.55, rx * 0.24, ry * 0.2, glow, 150)
    size = (rx + ry) * 0.035
    for _ in range(dabs):
        a, d = rng.uniform(0, 2 * pi), rng.random() ** 0.6 * 0.98
        px, py = x + cos(a) * rx * d, y + sin(a) * ry * d
        tone = glow if py < y + rng.uniform(-0.4, 0.3) * ry else mix(deep, colour, 0.3)
        c.poly(oval(px, py, size * rng.uniform(0.8, 1.4), size * 0.6, rng.uniform(-60, 60), 10), tone, 190)


def trunk(c: Canvas, x: float, y: float, height: float, width: float, colour: Colour) -> None:
    """A trunk with two boughs, standing at (x, y)."""
    bend = c.rng.uniform(-0.1, 0.1) * height
    top = (x + bend, y - height)
    c.line([(x, y), (x + bend * 0.3, y - height * 0.45), top], width, colour, end=width * 0.5)
    c.poly(
        [
            (x - width * 0.9, y + width * 0.1),
            (x - width * 0.3, y - width),
            (x + width * 0.3, y - width),
            (x + width * 0.9, y + width * 0.1),
        ],
        colour,
    )
    for side in (-1, 1):
        fork = (x + bend * 0.5, y - height * 0.6)
        c.line(
            [fork, (fork[0] + side * height * 0.14, y - height * 0.85), (fork[0] + side * height * 0.22, y - height * 1.1)],
            width * 0.45,
            colour,
            end=width * 0.2,
        )
    c.line(
        [(x + width * 0.22, y - width * 0.5), (x + width * 0.15 + bend * 0.3, y - height * 0.45)],
        width * 0.2,
        darker(colour, 0.2),
        150,
    )


def tree(
    c: Canvas, x: float, y: float, height: float, mood: Mood, colour: Colour = MOSS, far: float = 0.0, pink: bool = False
) -> None:
    """A round tree standing at (x, y)."""
    rng = c.rng
    wide = height * rng.uniform(0.3, 0.37)
    c.soft(oval(x + height * 0.06, y + 2, wide * 0.9, height * 0.045), mood(PINE), round(90 * (1 - far)), height * 0.03)
    trunk(c, x, y, height * 0.55, height * 0.06, mood(BARK, far))
    tone = mood(BLOSSOM if pink else colour, far)
    cy = y - height * 0.66
    dabs = 20 if height < 260 else 40
    foliage(c, x - wide * 0.45, cy + height * 0.08, wide * 0.62, height * 0.2, darker(tone, 0.08), dabs // 2)
    foliage(c, x + wide * 0.5, cy + height * 0.05, wide * 0.6, height * 0.2, darker(tone, 0.1), dabs // 2)
    foliage(c, x, cy - height * 0.06, wide * 0.8, height * 0.27, tone, dabs)
    if pink:
        for _ in range(round(height / 9)):
            a, d = rng.uniform(0, 2 * pi), rng.random() ** 0.5
            r = height * 0.012
            c.oval(x + cos(a) * wide * d, cy + sin(a) * height * 0.27 * d, r, r, lighter(mood(BLOSSOM, far), 0.6), 220)


def poplar(c: Canvas, x: float, y: float, height: float, mood: Mood, colour: Colour = PINE, far: float = 0.0) -> None:
    """A slim upright tree."""
    c.line([(x, y), (x, y - height * 0.3)], height * 0.04, mood(BARK, far), straight=True)
    foliage(c, x, y - height * 0.55, height * 0.15, height * 0.45, mood(colour, far), 14)


def bush(
    c: Canvas, x: float, y: float, r: float, mood: Mood, colour: Colour = MOSS, far: float = 0.0, dots: Colour | None = None
) -> None:
    """A low rounded bush sitting at (x, y), perhaps in flower."""
    foliage(c, x, y - r * 0.42, r, r * 0.6, mood(colour, far), 14)
    if dots:
        for _ in range(round(10 + r / 9)):
            a, d = c.rng.uniform(0, 2 * pi), c.rng.random() ** 0.5 * 0.9
            s = c.rng.uniform(0.05, 0.075) * r
            px, py = x + cos(a) * r * d, y - r * 0.45 + sin(a) * r * 0.52 * d
            c.oval(px, py, s, s, mood(dots, far))
            c.oval(px - s * 0.2, py - s * 0.3, s * 0.45, s * 0.45, lighter(mood(dots, far), 0.55))


def willow(c: Canvas, x: float, y: float, height: float, mood: Mood, far: float = 0.0, side: int = 1) -> None:
    """A willow leaning over, its strands hanging in a curtain."""
    rng = c.rng
    bark, green = mood(BARK, far), mood(mix(SPROUT, LEAF, 0.45), far)
    top = (x + side * height * 0.16, y - height * 0.86)
    c.line(
        [(x, y), (x - side * height * 0.02, y - height * 0.4), (x + side * height * 0.05, y - height * 0.68), top],
        height * 0.075,
        bark,
        end=height * 0.02,
    )
    for reach in (-0.3, 0.42):
        c.line(
            [
                (x, y - height * 0.5),
                (x + side * reach * height * 0.6, y - height * 0.8),
                (x + side * reach * height, y - height * 0.84),
            ],
            height * 0.035,
            bark,
            end=height * 0.01,
        )
    # The far strands first, then the crown, then the near ones over it.
    for i in range(84):
        t = rng.uniform(-1, 1)
        near = i >= 34
        if i == 34:
            for k in range(7):
                u = (k - 3) / 3
                c.blob(
                    top[0] + u * height * 0.36,
                    top[1] - height * 0.1 * (1 - u * u) + height * 0.015,
                    height * 0.13,
                    height * 0.075,
                    darker(green, 0.12),
                )
            for k in range(6):
                u = (k - 2.5) / 3
                c.blob(
                    top[0] + u * height * 0.34,
                    top[1] - height * 0.12 * (1 - u * u),
                    height * 0.1,
                    height * 0.05,
                    lighter(green, 0.06 + 0.03 * (k % 3)),
                )
        sx = top[0] + t * height * 0.48
        sy = top[1] - height * (0.15 if near else 0.06) * (1 - t * t) * rng.uniform(0.2, 1.05)
        drop = height * rng.uniform(0.26, 0.6) * (1 - 0.3 * abs(t)) * (1 if near else 1.1)
        sway = side * height * rng.uniform(0.0, 0.05)
        tone = mix(darker(green, 0.16), lighter(green, 0.3), rng.random()) if near else darker(green, rng.uniform(0.14, 0.26))
        path = spline([(sx, sy), (sx + t * height * 0.06, sy + drop * 0.45), (sx + t * height * 0.06 + sway, sy + drop)], steps=5)
        c.line(path, height * 0.006, tone, 220, straight=True)
        size = height * 0.027
        for j, (px, py) in enumerate(path[1:]):
            c.poly(
                oval(px + (size * 0.4 if j % 2 else -size * 0.4), py, size * 0.66, size * 0.2, 62 if j % 2 else 118, 8), tone, 230
            )


def grass(
    c: Canvas, y0: float, y1: float, mood: Mood, colour: Colour = LEAF, tufts: int = 60, flowers: tuple[Colour, ...] = ()
) -> None:
    """Tufts and small flowers strewn over a lawn, larger when nearer."""
    rng = c.rng
    spots = sorted((rng.uniform(y0, y1), rng.uniform(0, c.w)) for _ in range(tufts))
    for y, x in spots:
        near = 0.35 + 0.65 * (y - y0) / max(1, y1 - y0)
        tone = mix(darker(mood(colour), 0.18), lighter(mood(SPROUT), 0.1), rng.random())
        for lean in (-9, 0, 8):
            c.line(
                [(x + lean * 0.3 * near, y), (x + lean * near, y - rng.uniform(15, 27) * near)],
                4.5 * near,
                tone,
                220,
                end=1,
                straight=True,
            )
        if flowers and rng.random() < 0.5:
            fx, fy, r = x + rng.uniform(-16, 16), y - 20 * near, 8 * near
            tint = mood(rng.choice(flowers))
            for i in range(5):
                a = i * 2 * pi / 5
                c.oval(fx + cos(a) * r * 0.8, fy + sin(a) * r * 0.7, r * 0.6, r * 0.55, tint)
            c.oval(fx, fy, r * 0.45, r * 0.4, mood(GOLD))


def tulip(c: Canvas, x: float, y: float, height: float, mood: Mood, colour: Colour, sway: float = 0.0) -> None:
    """A tulip rooted at (x, y): stalk, two long leaves and a cup of three petals."""
    rng = c.rng
    hx, hy = x + sway * height, y - height
    green = mood(mix(MOSS, OLIVE, rng.random() * 0.4))
    for side in (-1, 1):
        tip = (x + side * height * rng.uniform(0.18, 0.32), y - height * rng.uniform(0.45, 0.72))
        base = spline([(x, y), (x + side * height * 0.14, y - height * 0.25), tip], steps=6)
        c.poly(_blade(base, height * 0.075), mix(green, darker(green), 0.5 + side * 0.3))
    c.line(
        [(x, y), (x + sway * height * 0.3, y - height * 0.5), (hx, hy)], height * 0.035, darker(green, 0.05), end=height * 0.026
    )
    r = height * 0.135
    tone = mood(colour)
    c.shape(
        turned(
            [(0, r * 0.9), (-r * 0.85, r * 0.3), (-r * 0.8, -r * 0.7), (-r * 0.35, -r * 1.35), (0, -r * 0.8)], sway * 60, hx, hy
        ),
        darker(tone, 0.1),
    )
    c.shape(
        turned([(0, r * 0.9), (r * 0.85, r * 0.3), (r * 0.8, -r * 0.7), (r * 0.35, -r * 1.35), (0, -r * 0.8)], sway * 60, hx, hy),
        darker(tone, 0.16),
    )
    c.shape(
        turned(
            [
                (0, r * 0.98),
                (-r * 0.62, r * 0.35),
                (-r * 0.5, -r * 0.6),
                (0, -r * 1.3),
                (r * 0.5, -r * 0.6),
                (r * 0.62, r * 0.35),
            ],
            sway * 60,
            hx,
            hy,
        ),
        tone,
    )
    c.shape(
        turned([(-r * 0.1, r * 0.6), (-r * 0.36, r * 0.1), (-r * 0.24, -r * 0.6), (-r * 0.02, -r * 0.9)], sway * 60, hx, hy),
        lighter(tone, 0.4),
        130,
    )


def _blade(path: list, width: float) -> list:
    """The outline of a long leaf along a path, widest in its middle."""
    last = len(path) - 1
    left, right = [], []
    for i, (x, y) in enumerate(path):
        half = width * sin(pi * min(1, 0.12 + 0.88 * i / last)) * 0.6
        left.append((x - half, y))
        right.append((x + half, y))
    return left + right[::-1]


def sprout(c: Canvas, x: float, y: float, size: float, mood: Mood, colour: Colour = SPROUT, leaves: int = 2) -> None:
    """A seedling: a stem and a few pairs of round first leaves."""
    rng = c.rng
    lean = rng.uniform(-0.12, 0.12) * size
    tone = mood(mix(colour, MOSS, rng.random() * 0.35))
    c.line([(x, y), (x + lean * 0.4, y - size * 0.5), (x + lean, y - size)], size * 0.07, mix(tone, WHITE, 0.25), end=size * 0.05)
    for level in range(leaves):
        up = size * (1 - 0.3 * level)
        px, py = x + lean * (1 - 0.3 * level), y - up
        for side in (0, 180):
            a = side + (-1 if side == 0 else 1) * rng.uniform(12, 38)
            leaf(
                c,
                px,
                py,
                size * rng.uniform(0.42, 0.56) * (1 + 0.12 * level),
                a,
                lighter(tone, 0.12 if side else 0.0),
                0.58,
                size > 70,
            )
    leaf(c, x + lean, y - size, size * 0.26, -90 + rng.uniform(-20, 20), lighter(tone, 0.25), 0.5, False)
