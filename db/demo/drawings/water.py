"""The small lake with what swims and floats on it."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, darker, lighter, mix, oval, spline
from .buildings import skyline
from .palette import (
    APRICOT,
    BLOSSOM,
    DAY,
    DENIM,
    DUSK,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    MIST,
    MOSS,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    WHITE,
    hills,
    ink,
    sky,
)
from .people import lamp, person
from .plants import bush, leaf, tree, willow


def lake(c: Canvas) -> None:
    """The small lake with its willows and arched bridge."""
    rng = c.rng
    mood = c.turn((FRESH, ROSY, GOLDEN, MIST, DUSK, DAY))
    horizon = c.h * rng.uniform(0.44, 0.5)
    sun = sky(c, mood, horizon)
    hills(c, mood, horizon, mix(PINE, DENIM, 0.4), 3, 170)
    skyline(c, mood, horizon, 0.72, 0.5)
    for i in range(round(c.w / 75) + 1):
        bush(c, i * 75 + rng.uniform(-20, 20), horizon + 6, rng.uniform(36, 62), mood, rng.choice((MOSS, LEAF, PINE)), 0.45)
    for _ in range(4):
        tree(c, rng.random() * c.w, horizon + 4, rng.uniform(120, 170), mood, MOSS, 0.4, rng.random() < 0.5)
    water = tuple(mix(s, mood(ink("7FB3B8")), 0.4) for s in reversed(mood.sky))
    c.wash(water, [(0, horizon), (c.w, horizon), (c.w, c.h), (0, c.h)])
    for i in range(round(c.w / 75) + 1):
        c.soft(oval(i * 75, horizon + 22, 46, 26), mood(PINE, 0.3), 80, 10)
    for _ in range(46):
        y = horizon + 26 + (c.h - horizon) * rng.random() ** 1.4
        reach = 20 + (y - horizon) * 0.28 * rng.uniform(0.4, 1)
        x = sun[0] + rng.uniform(-150, 150) if rng.random() < 0.4 else rng.random() * c.w
        c.oval(x, y, reach, 2 + reach * 0.035, lighter(water[1], 0.5), 110)
    _bridge(c, mood, c.w * c.turn((0.6, 0.42, 0.52)), horizon + 62, min(470, c.w * 0.44), water)
    # A boat or a family of ducks, whichever comes round.
    if c.turn((True, False)):
        for i in range(rng.randint(3, 5)):
            _duck(c, mood, c.w * 0.36 + i * 74, horizon + 285 + (i % 2) * 26, 1 if i else 1.5)
    else:
        _boat(c, mood, c.w * 0.58, horizon + 300, 230)
    bank = mood(mix(MOSS, SPROUT, 0.3))
    side = c.turn((-1, 1, 1, -1))
    edge = 0 if side < 0 else c.w
    shore = [
        (edge, c.h * 0.78),
        (edge - side * c.w * 0.2, c.h * 0.83),
        (edge - side * c.w * 0.5, c.h * 0.93),
        (edge - side * c.w * 0.86, c.h + 10),
    ]
    c.wash((lighter(bank, 0.15), darker(bank, 0.1)), [*spline(shore), (edge, c.h + 10)])
    willow(c, edge - side * c.w * 0.1, c.h * 0.86, c.h * 0.86, mood, 0, -side)
    for i in range(9):
        x = edge - side * c.w * (0.1 + 0.075 * i)
        y = c.h * (0.87 + 0.014 * i) + 30
        for _ in range(5):
            lean = rng.uniform(-40, 40)
            c.line(
                [(x + lean * 0.3, y), (x + lean * 0.5, y - 60), (x + lean, y - rng.uniform(90, 150))],
                9,
                mood(mix(MOSS, SPROUT, rng.random())),
                end=1,
            )
    for _ in range(rng.randint(6, 10)):
        x = c.w / 2 - side * c.w * rng.uniform(-0.2, 0.45)
        y = c.h * rng.uniform(0.86, 0.97)
        if (x - c.w / 2) * side < 0:
            r = rng.uniform(34, 58)
            c.oval(x, y, r, r * 0.34, mood(mix(LEAF, PINE, rng.random() * 0.6)))
            c.poly([(x, y), (x + r, y - r * 0.12), (x + r * 0.94, y + r * 0.14)], water[2])
            if rng.random() < 0.4:
                for a in (-150, -120, -90, -60, -30):
                    leaf(c, x, y - 4, r * 0.6, a, lighter(mood(ROSE), 0.3), 0.5, False)
    if mood.dark:
        lamp(c, edge - side * c.w * 0.3, c.h * 0.92, 250, mood, True)


def _bridge(c: Canvas, mood, x: float, y: float, width: float, water: tuple) -> None:
    """A white stone bridge of one arch, with its reflection closing the circle."""
    stone = mood(ink("F1EBDD"), 0.08)
    rise = width * 0.28
    top = spline(
        [
            (x - width, y - 6),
            (x - width * 0.55, y - rise * 0.62),
            (x, y - rise),
            (x + width * 0.55, y - rise * 0.62),
            (x + width, y - 6),
        ],
        steps=10,
    )
    for side in (-1, 1):
        # Banks of shrubs: the bridge must come from somewhere.
        c.soft(oval(x + side * width * 1.12, y + 24, width * 0.3, 26), mood(PINE), 110, 12)
        for k in range(4):
            bush(
                c,
                x + side * width * (0.94 + 0.12 * k),
                y + 16,
                c.rng.uniform(44, 70),
                mood,
                (MOSS, LEAF, PINE)[k % 3],
                0.24,
                (None, BLOSSOM)[k % 2],
            )
    r = width * 0.21
    c.soft([(px, 2 * y - py + 12) for px, py in top] + [(x + width, y), (x - width, y)], lighter(stone, 0.1), 120, 10)
    c.oval(x, y, r * 0.94, r * 0.86, mix(water[1], mood(PINE), 0.25), 190)
    body = [*top, (x + width, y + 12), (x + r, y + 12)]
    body += [(x + r * cos(i * pi / 16), y - r * sin(i * pi / 16)) for i in range(17)]
    body += [(x - r, y + 12), (x - width, y + 12)]
    c.poly(body, stone)
    ring = [(x + (r + 9) * cos(i * pi / 20), y - (r + 9) * sin(i * pi / 20)) for i in range(21)]
    c.line(ring, 15, darker(stone, 0.13), straight=True)
    c.line([(px, py + 12) for px, py in top], 5, darker(stone, 0.16), straight=True)
    rail = [(px, py - 34) for px, py in top[3:-3]]
    for px, py in top[3:-3:3]:
        c.box(px - 5, py - 42, px + 5, py + 3, lighter(stone, 0.3), r=3)
        c.oval(px, py - 44, 7, 7, lighter(stone, 0.4))
    c.line(rail, 8, darker(stone, 0.06), straight=True)
    c.line([(px, py - 14) for px, py in top[3:-3]], 4, darker(stone, 0.12), straight=True)
    for side in (-1, 1):
        for k in range(3):
            bush(
                c,
                x + side * width * (0.86 + 0.13 * k),
                y + 26,
                c.rng.uniform(34, 48),
                mood,
                (LEAF, MOSS, PINE)[k],
                0.16,
                (None, None, GOLD)[k],
            )


def _duck(c: Canvas, mood, x: float, y: float, size: float) -> None:
    """A swimming duck with its ripple."""
    s = 24 * size
    coat = mood(WHITE if size > 1 else ink("F4D98C"))
    c.oval(x, y + s * 0.5, s * 1.7, s * 0.22, WHITE, 110)
    c.shape(
        [
            (x - s * 1.15, y - s * 0.3),
            (x - s * 0.5, y - s * 0.1),
            (x + s * 0.4, y - s * 0.35),
            (x + s, y),
            (x + s * 0.6, y + s * 0.5),
            (x - s * 0.7, y + s * 0.5),
        ],
        coat,
    )
    c.oval(x + s * 0.8, y - s * 0.65, s * 0.42, s * 0.42, coat)
    c.poly([(x + s * 1.12, y - s * 0.75), (x + s * 1.62, y - s * 0.56), (x + s * 1.12, y - s * 0.46)], mood(APRICOT))
    c.oval(x + s * 0.93, y - s * 0.75, s * 0.07, s * 0.07, ink("3F4A46"))
    c.shape(
        [(x - s * 0.8, y - s * 0.1), (x, y - s * 0.1), (x + s * 0.2, y + s * 0.2), (x - s * 0.4, y + s * 0.3)], darker(coat, 0.12)
    )


def _boat(c: Canvas, mood, x: float, y: float, length: float) -> None:
    """A little rowing boat with two people."""
    wood = mood(ink("B9794F"))
    c.soft(oval(x, y + 34, length * 0.6, 16), mood.shadow, 110, 12)
    person(c, x - length * 0.16, y + 34, 120, mood, skirt=True)
    person(c, x + length * 0.2, y + 34, 120, mood, side=-1)
    hull = [
        (x - length * 0.6, y - 22),
        (x - length * 0.4, y + 30),
        (x + length * 0.4, y + 30),
        (x + length * 0.6, y - 22),
        (x, y - 4),
    ]
    c.poly(spline([*hull], closed=True, steps=6), wood)
    c.line([(x - length * 0.58, y - 20), (x, y - 2), (x + length * 0.58, y - 20)], 8, lighter(wood, 0.4))
    c.line([(x - length * 0.05, y - 20), (x - length * 0.55, y + 44)], 5, lighter(wood, 0.3), straight=True)
