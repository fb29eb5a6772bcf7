"""Scenes in the garden and on the meadow."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, darker, lighter, mix, oval, spline, turned
from .buildings import skyline, tower
from .palette import (
    APRICOT,
    BARK,
    BLOSSOM,
    CORAL,
    DAWN,
    DAY,
    DAYLIGHT,
    DENIM,
    DUSK,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    LILAC,
    MIST,
    MOSS,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    WHITE,
    hills,
    ink,
    petals_in_air,
    sky,
)
from .people import bench, lamp, pair, path, person
from .plants import blossom, bud, bush, grass, leaf, poplar, tree, tulip


def blossoms(c: Canvas) -> None:
    """A branch in flower against the sky."""
    rng = c.rng
    mood = c.turn((DAY, ROSY, FRESH, GOLDEN, MIST))
    colour = c.turn((BLOSSOM, ink("F6D3D0"), ink("F0A6B0"), ink("FBE9E4"), ink("F4B9AE")))
    c.wash((mood.sky[0], mood.sky[1], lighter(mood.sky[-1], 0.3)))
    c.glow(c.w * rng.uniform(0.2, 0.8), c.h * rng.uniform(0.5, 0.8), 520, mood.sun, 140)
    for _ in range(16):
        r = rng.uniform(40, 110)
        c.soft(oval(rng.random() * c.w, rng.random() * c.h, r, r), mix(colour, WHITE, 0.3), 60, r * 0.3)
    flip = c.turn((False, True, True), 2)
    rise = rng.uniform(0.28, 0.5)
    spots: list = []

    def at(x: float, y: float) -> tuple:
        return (c.w - x if flip else x, y)

    def grow(start: tuple, angle: float, length: float, width: float, depth: int) -> None:
        pts = [start]
        a = angle
        for _ in range(4):
            a += rng.uniform(-13, 13)
            px, py = pts[-1]
            pts.append((px + cos(a * pi / 180) * length / 4, py + sin(a * pi / 180) * length / 4))
        bark = darker(mood(BARK), 0.12 if depth == 0 else 0)
        c.line([at(*p) for p in pts], width, bark, end=width * 0.42)
        c.line([at(x - 1, y - width * 0.2) for x, y in pts], width * 0.2, lighter(bark, 0.3), 120, end=2)
        for i, p in enumerate(pts[1:]):
            if depth:
                spots.append((p, a, depth))
            if depth < 2:
                for s in (-1, 1):
                    if rng.random() < 0.8:
                        grow(
                            p,
                            a + s * rng.uniform(28, 56),
                            length * rng.uniform(0.32, 0.5),
                            width * 0.42 * (1 - 0.14 * i),
                            depth + 1,
                        )
            elif rng.random() < 0.4:
                spots.append(((p[0] + rng.uniform(-24, 24), p[1] + rng.uniform(-24, 24)), a, depth))

    span = (c.w**2 + c.h**2) ** 0.5
    grow((-30, c.h * rise + 200), -19 if c.w >= c.h else -40, span * 0.72, 46, 0)
    second = c.turn((0, 1, 2, 1))
    if second == 0:
        grow((c.w + 30, c.h * 1.02), 205, span * 0.42, 26, 0)
    elif second == 1:
        grow((-30, c.h * 0.93), -14, span * 0.4, 24, 0)
    else:
        grow((c.w * 0.62, -30), 100, span * 0.3, 22, 1)
    rng.shuffle(spots)
    for (x, y), _, _ in spots[:44]:
        px, py = at(x + rng.uniform(-20, 20), y + rng.uniform(-14, 20))
        leaf(c, px, py, rng.uniform(38, 66), rng.uniform(-70, 250), mood(mix(SPROUT, APRICOT, rng.random() * 0.45)), 0.4)
    for i, ((x, y), _, _) in enumerate(spots[:175]):
        px, py = at(x + rng.uniform(-26, 26), y + rng.uniform(-26, 26))
        if i % 5 == 4:
            bud(c, px, py, rng.uniform(11, 16), rng.uniform(0, 360), colour)
        else:
            tone = mix(colour, lighter(colour, 0.6), rng.random() * 0.6)
            blossom(c, px, py, rng.uniform(26, 50), mix(tone, mood.tint, 0.06))
    petals_in_air(c, 26, lighter(colour, 0.15), (0, c.h * 0.35, c.w, c.h))


def garden_path(c: Canvas) -> None:
    """A path through the garden of the compound, with trees and a lamp."""
    rng = c.rng
    mood = c.turn((DAY, GOLDEN, ROSY, DUSK, FRESH))
    horizon = c.h * rng.uniform(0.46, 0.54)
    sky(c, mood, horizon)
    skyline(c, mood, horizon, 0.62)
    tower(c, c.w * rng.uniform(0.04, 0.2), horizon, rng.uniform(170, 220), c.h * 0.36, mood, far=0.3)
    tower(c, c.w * rng.uniform(0.7, 0.84), horizon, rng.uniform(170, 220), c.h * 0.31, mood, far=0.36)
    lawn = mood(mix(LEAF, SPROUT, 0.35))
    c.wash((mix(lawn, mood.sky[-1], 0.35), lawn, mood(MOSS)), [(0, horizon), (c.w, horizon), (c.w, c.h), (0, c.h)])
    for i in range(round(c.w / 90) + 1):
        bush(c, i * 90 + rng.uniform(-20, 20), horizon + 14, rng.uniform(50, 74), mood, rng.choice((MOSS, PINE)), 0.32)
    bend = c.turn((-1, 1)) * rng.uniform(0.06, 0.16) * c.w
    mid = c.w * 0.5
    d = c.h - horizon
    edges = [(horizon + 4, mid + bend - 18, mid + bend + 18), (horizon + d * 0.22, mid + bend * 0.2 - 55, mid + bend * 0.2 + 55)]
    edges += [
        (horizon + d * 0.55, mid - bend * 0.5 - 130, mid - bend * 0.5 + 130),
        (c.h + 30, mid - bend * 0.2 - 300, mid - bend * 0.2 + 300),
    ]
    path(c, edges, mood, 11)
    pink = c.turn((True, False, True))
    for depth, size in ((0.08, 0.32), (0.24, 0.46), (0.5, 0.66)):
        y = horizon + d * depth
        reach = 0.15 + depth * 0.62
        for s in (-1, 1):
            x = mid + s * c.w * (reach + rng.uniform(0, 0.06)) + bend * (0.6 - depth)
            tone = rng.choice((MOSS, LEAF, PINE, mix(SPROUT, MOSS, 0.5)))
            tree(c, x, y, c.h * size, mood, tone, 0.26 - depth * 0.5 if depth < 0.5 else 0, pink and rng.random() < 0.6)
        if depth == 0.24:
            side = c.turn((1, -1, -1))
            lamp(c, mid + side * 190 + bend * 0.1, y + d * 0.16, c.h * 0.36, mood, mood.dark)
            bench(c, mid - side * (260 if c.w > 1100 else 225), y + d * 0.14, 150, mood)
            (pair if c.seed % 2 else person)(c, mid + bend * 0.1, y + d * 0.05, c.h * 0.15, mood)
    for s in (-1, 1):
        for i in range(4):
            x = mid + s * (c.w * 0.5 - i * 76 + rng.uniform(-10, 20)) - bend * 0.1
            bush(
                c,
                x,
                c.h + 24 - i * 14,
                rng.uniform(80, 110),
                mood,
                rng.choice((MOSS, PINE)),
                0,
                rng.choice((BLOSSOM, GOLD, WHITE, ROSE, None)),
            )
    grass(c, horizon + d * 0.3, c.h * 0.9, mood, LEAF, 20)
    if pink:
        petals_in_air(c, 30, mood(BLOSSOM), (0, horizon * 0.7, c.w, c.h))
    if mood.dark:
        c.glow(mid + c.turn((1, -1, -1)) * 190, horizon + d * 0.1, 300, ink("FFDFA0"), 60)


def tulips(c: Canvas) -> None:
    """A bed of tulips."""
    rng = c.rng
    mood = c.turn(DAYLIGHT)
    sets = (
        (CORAL, APRICOT, GOLD),
        (ROSE, BLOSSOM, WHITE),
        (GOLD, ink("F6E2AE"), WHITE),
        (LILAC, ROSE, ink("8E6A9E")),
        (CORAL, ROSE, BLOSSOM),
    )
    colours = c.turn(sets)
    horizon = c.h * rng.uniform(0.3, 0.38)
    sky(c, mood, horizon)
    skyline(c, mood, horizon + 10, 0.7)
    c.wash((mood(LEAF, 0.4), mood(MOSS, 0.05), mood(PINE)), [(0, horizon), (c.w, horizon), (c.w, c.h), (0, c.h)])
    for i in range(round(c.w / 120) + 2):
        kind = rng.random()
        x = i * 120 + rng.uniform(-40, 40)
        if kind < 0.4:
            poplar(c, x, horizon + 20, rng.uniform(150, 230), mood, PINE, 0.4)
        else:
            tree(c, x, horizon + 16, rng.uniform(150, 220), mood, MOSS, 0.4, kind > 0.75)
    rows = 9
    for row in range(rows):
        t = row / (rows - 1)
        y = horizon + 60 + (c.h * 1.27 - horizon) * t**1.35
        size = 66 + 370 * t**1.35
        gap = size * 0.36
        tone = colours[row % 3]
        c.soft(
            [(-90, y - size * 0.35), (c.w + 90, y - size * 0.35), (c.w + 90, y + size), (-90, y + size)],
            darker(mood(PINE, 0.3 * (1 - t)), 0.1 * t),
            150,
            size * 0.1,
        )
        x = -gap * rng.random()
        while x < c.w + gap:
            shade = tone if rng.random() < 0.84 else rng.choice(colours)
            tulip(
                c,
                x + rng.uniform(-0.2, 0.2) * gap,
                y + rng.uniform(-0.12, 0.12) * size,
                size * rng.uniform(0.82, 1.06),
                mood,
                mix(shade, mood.sky[-1], 0.25 * (1 - t)),
                rng.uniform(-0.09, 0.12),
            )
            x += gap
    for _ in range(rng.randint(2, 3)):
        x, y, r = c.w * rng.uniform(0.15, 0.85), c.h * rng.uniform(0.3, 0.55), rng.uniform(20, 30)
        wing = rng.choice((WHITE, GOLD, APRICOT))
        for a in (-125, -55):
            c.poly(turned(oval(r, 0, r, r * 0.62, 0, 18), a, x, y), mood(wing))
        c.line([(x, y + r * 0.5), (x, y - r * 0.4)], r * 0.18, ink("5B4A40"), straight=True)


def kite(c: Canvas) -> None:
    """Kites over the meadow."""
    rng = c.rng
    mood = c.turn((DAY, FRESH, GOLDEN, DAWN, ROSY))
    horizon = c.h * rng.uniform(0.68, 0.74)
    sky(c, mood, horizon, sun=True)
    hills(c, mood, horizon, mix(PINE, DENIM, 0.3), 3, 120)
    skyline(c, mood, horizon, 0.7, 0.6)
    ground = mood(mix(LEAF, SPROUT, 0.5))
    ridge = [(-20, horizon + 30), (c.w * 0.3, horizon - 8), (c.w * 0.65, horizon + 26), (c.w + 20, horizon - 4)]
    c.wash((lighter(ground, 0.25), mood(mix(MOSS, LEAF, 0.4))), [*spline(ridge), (c.w + 20, c.h + 9), (-20, c.h + 9)])
    for _ in range(5):
        tree(
            c,
            rng.choice((rng.uniform(0, 0.2), rng.uniform(0.8, 1))) * c.w,
            horizon + rng.uniform(10, 40),
            rng.uniform(130, 210),
            mood,
            rng.choice((MOSS, LEAF)),
            0.25,
            rng.random() < 0.3,
        )
    near = [(-20, c.h * 0.86), (c.w * 0.35, c.h * 0.82), (c.w * 0.7, c.h * 0.87), (c.w + 20, c.h * 0.84)]
    c.wash((mood(mix(LEAF, SPROUT, 0.3)), mood(MOSS)), [*spline(near), (c.w + 20, c.h + 9), (-20, c.h + 9)])
    grass(c, c.h * 0.84, c.h * 1.02, mood, LEAF, 70, (WHITE, GOLD, BLOSSOM))
    kinds = [0, 1, 2, 0, 1]
    rng.shuffle(kinds)
    count = rng.randint(3, 4)
    for i in range(count):
        x = c.w * (0.14 + 0.72 * (i + rng.uniform(0.2, 0.8)) / count)
        y = c.h * (0.14 + 0.13 * ((i * 2 + c.seed) % 3)) + rng.uniform(-16, 16)
        px = c.w * (0.2 + 0.5 * (i + 0.5) / count) + rng.uniform(-24, 24)
        py = c.h * rng.uniform(0.85, 0.92)
        tall = rng.uniform(165, 200) * (0.75 if i % 2 else 1)
        side = 1 if x > px else -1
        hand = person(c, px, py, tall, mood, side=side, arm=(px + side * tall * 0.22, py - tall * 0.7), child=i % 2 == 1)
        c.line([hand, ((hand[0] + x) / 2 + side * 30, (hand[1] + y) / 2 + 70), (x, y)], 3, mood(ink("7E7468")), 190)
        _one_kite(c, mood, x, y, rng.uniform(62, 92) * (1.15 if i == 0 else 0.9), kinds[i], side * rng.uniform(8, 26))


def _one_kite(c: Canvas, mood, x: float, y: float, r: float, kind: int, tilt: float) -> None:
    """A diamond, a swallow or a fish, with its tails."""
    rng = c.rng
    a, b = rng.sample((CORAL, GOLD, ink("6FA8C4"), ROSE, LEAF, APRICOT), 2)
    a, b = mood(a), mood(b)
    for k in (-1, 1):
        start = turned([(k * r * 0.18, r * 0.9)], tilt, x, y)[0]
        tail = [(start[0] + sin(j * 1.7 + k) * r * 0.16 - j * 2 * k, start[1] + j * r * 0.36) for j in range(6)]
        c.line(tail, r * 0.08, b if k < 0 else a, end=r * 0.02)
    if kind == 0:
        c.poly(turned([(0, -r), (r * 0.72, -r * 0.1), (0, r), (-r * 0.72, -r * 0.1)], tilt, x, y), a)
        c.poly(turned([(0, -r), (r * 0.72, -r * 0.1), (0, -r * 0.1)], tilt, x, y), b)
        c.poly(turned([(0, r), (-r * 0.72, -r * 0.1), (0, -r * 0.1)], tilt, x, y), lighter(b, 0.35))
        c.line(turned([(0, -r), (0, r)], tilt, x, y), 3, darker(a, 0.3), straight=True)
        c.line(turned([(-r * 0.72, -r * 0.1), (r * 0.72, -r * 0.1)], tilt, x, y), 3, darker(a, 0.3), straight=True)
    elif kind == 1:
        wing = [(0, -r * 0.5), (r * 0.6, -r * 0.62), (r * 1.3, -r * 0.3), (r * 0.8, 0), (r * 0.2, r * 0.2)]
        for k in (-1, 1):
            c.shape(turned([(k * px, py) for px, py in wing], tilt, x, y), a)
            c.poly(
                turned([(0, r * 0.1), (k * r * 0.16, r * 0.1), (k * r * 0.5, r * 1.05), (k * r * 0.1, r * 0.6)], tilt, x, y),
                darker(a, 0.1),
            )
            c.poly(turned(oval(k * r * 0.62, -r * 0.28, r * 0.26, r * 0.15, 0, 18), tilt, x, y), b)
            c.poly(turned(oval(k * r * 0.62, -r * 0.28, r * 0.11, r * 0.07, 0, 14), tilt, x, y), WHITE)
        c.shape(
            turned(
                [
                    (0, -r * 0.85),
                    (r * 0.22, -r * 0.4),
                    (r * 0.14, r * 0.5),
                    (0, r * 0.66),
                    (-r * 0.14, r * 0.5),
                    (-r * 0.22, -r * 0.4),
                ],
                tilt,
                x,
                y,
            ),
            darker(b, 0.06),
        )
    else:
        body = [(0, -r), (r * 0.5, -r * 0.45), (r * 0.36, r * 0.4), (0, r * 0.8), (-r * 0.36, r * 0.4), (-r * 0.5, -r * 0.45)]
        c.poly(turned([(0, r * 0.6), (r * 0.5, r * 1.15), (0, r * 0.95), (-r * 0.5, r * 1.15)], tilt, x, y), b)
        outline = spline(turned(body, tilt, x, y), closed=True)
        c.poly(outline, a)
        with c.clip(outline):
            for row in range(4):
                for col in range(-2, 3):
                    c.poly(
                        turned(
                            oval((col + row % 2 / 2) * r * 0.24, (row * 0.24 - 0.3) * r, r * 0.12, r * 0.13, 0, 14), tilt, x, y
                        ),
                        lighter(b if row % 2 else a, 0.3),
                        200,
                    )
        for k in (-1, 1):
            c.poly(turned(oval(k * r * 0.17, -r * 0.62, r * 0.1, r * 0.1, 0, 14), tilt, x, y), WHITE)
            c.poly(turned(oval(k * r * 0.17, -r * 0.62, r * 0.05, r * 0.05, 0, 10), tilt, x, y), ink("3F4A46"))
