"""Scenes of the street: the market and the rain."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .buildings import WALLS, skyline, tower
from .palette import (
    APRICOT,
    BLOSSOM,
    BUTTER,
    CLOTHES,
    CORAL,
    CREAM,
    DAY,
    DENIM,
    DUSK,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    LILAC,
    MINT,
    MOSS,
    NIGHTFALL,
    PEACH,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    STONE,
    WHITE,
    WOOD,
    Mood,
    ink,
    sky,
)
from .people import lamp, pair, person, umbrella
from .plants import blossom, bush, tree

WET = Mood("wet", (ink("9FB2BC"), ink("BFCCCF"), ink("DDE3DF")), ink("AFC0C6"), 0.24, ink("F5EBD0"), ink("CFD8D9"))


def market(c: Canvas) -> None:
    """Stalls with awnings and bunting in the garden."""
    rng = c.rng
    mood = c.turn((DAY, GOLDEN, ROSY, FRESH, DUSK))
    horizon = c.h * rng.uniform(0.54, 0.58)
    sky(c, mood, horizon)
    skyline(c, mood, horizon, 0.66, 1.4)
    for i in range(2):
        tower(
            c,
            c.w * (0.08 + 0.56 * i) + rng.uniform(0, 90),
            horizon,
            rng.uniform(160, 200),
            c.h * rng.uniform(0.34, 0.42),
            mood,
            0.36,
        )
    for i in range(round(c.w / 230) + 1):
        tree(
            c,
            i * 230 + rng.uniform(-50, 50),
            horizon + 40,
            c.h * rng.uniform(0.34, 0.44),
            mood,
            rng.choice((MOSS, LEAF, PINE)),
            0.16,
            rng.random() < 0.4,
        )
    lawn = mood(mix(LEAF, SPROUT, 0.4))
    c.wash((lighter(lawn, 0.1), lawn, darker(lawn, 0.1)), [(0, horizon + 20), (c.w, horizon + 20), (c.w, c.h), (0, c.h)])
    walk = mood(mix(STONE, CREAM, 0.6))
    c.wash(
        (walk, darker(walk, 0.07)),
        spline([(-40, c.h * 0.83), (c.w * 0.5, c.h * 0.815), (c.w + 40, c.h * 0.835)])
        + [(c.w + 40, c.h * 0.965), (c.w * 0.5, c.h * 0.95), (-40, c.h * 0.97)],
    )
    stripes = [(CORAL, CREAM), (PINE, CREAM), (GOLD, WHITE), (DENIM, CREAM), (ROSE, WHITE), (APRICOT, CREAM)]
    rng.shuffle(stripes)
    count = 2 if c.w < 1200 else 3
    wide = min(370, c.w / count * 0.84)
    for i in range(count):
        _stall(c, mood, c.w * (i + 0.5) / count, c.h * 0.83, wide, stripes[i], (i + c.seed) % 3)
    _bunting(c, mood, c.h * 0.1, stripes)
    _bunting(c, mood, c.h * 0.2, stripes[::-1])
    for i in range(rng.randint(3, 4)):
        x = c.w * (0.13 + 0.25 * i) + rng.uniform(-30, 30)
        if (i + c.seed) % 3 == 0:
            pair(c, x, c.h * 0.93, c.h * 0.24, mood, rng.choice((-1, 1)))
        else:
            person(c, x, c.h * rng.uniform(0.9, 0.94), c.h * 0.24, mood, side=rng.choice((-1, 1)))
    for i in range(5):
        bush(c, c.w * (i + 0.1) / 4.3, c.h + 30, rng.uniform(60, 90), mood, MOSS, 0, rng.choice((BLOSSOM, GOLD, WHITE)))


def _stall(c: Canvas, mood: Mood, x: float, y: float, wide: float, stripe: tuple[Colour, Colour], goods: int) -> None:
    """A stall with a scalloped awning; bread, flowers or vegetables are laid out."""
    rng = c.rng
    a, b = mood(stripe[0]), mood(stripe[1])
    w, tall = wide / 2, wide * 0.98
    wood = mood(WOOD)
    c.soft(oval(x + 14, y + 4, w * 1.1, 24), mood.shadow, 110, 14)
    for side in (-1, 1):
        c.line([(x + side * w * 0.88, y), (x + side * w * 0.88, y - tall * 0.8)], wide * 0.032, darker(wood, 0.12), straight=True)
    c.box(x - w * 0.86, y - tall * 0.74, x + w * 0.86, y - tall * 0.36, mood(ink("6E6A5E")), 60)
    person(c, x + rng.uniform(-0.3, 0.3) * w, y - 4, tall * 0.7, mood, skirt=False)
    top = y - tall * 0.36
    for i in range(8):
        gx = x - w * 0.78 + i * w * 0.222
        if goods == 0:
            c.oval(gx, top - 10, w * 0.13, w * 0.09, mood(ink("D99A58")))
            c.oval(gx - 4, top - 16, w * 0.07, w * 0.03, mood(ink("F0C58C")))
        elif goods == 1:
            for k in (-1, 0, 1):
                c.line([(gx, top), (gx + k * 14, top - 40)], 4, mood(MOSS), straight=True)
            for k in (-1, 0, 1):
                blossom(
                    c,
                    gx + k * 15,
                    top - 44 - (k == 0) * 12,
                    17,
                    mood(lighter((ROSE, GOLD, LILAC, WHITE, CORAL)[(i + k) % 5], 0.15)),
                )
        else:
            tone = (CORAL, SPROUT, GOLD, ink("6C4C7C"), MOSS)[i % 5]
            for k in (-1, 1, 0):
                c.oval(gx + k * 12, top - 8 - (k == 0) * 15, 15, 14, mood(tone))
                c.oval(gx + k * 12 - 4, top - 13 - (k == 0) * 15, 4, 3, WHITE, 140)
    c.wash((lighter(wood, 0.25), wood, darker(wood, 0.12)), box(x - w * 0.96, top, x + w * 0.96, y - 4, 6))
    c.box(x - w, top - 6, x + w, top + 12, lighter(wood, 0.4), r=5)
    for i in range(1, 6):
        c.line(
            [(x - w * 0.96 + i * w * 0.32, top + 14), (x - w * 0.96 + i * w * 0.32, y - 6)],
            3,
            darker(wood, 0.16),
            150,
            straight=True,
        )
    n = 9
    y0, y1 = y - tall * 1.02, y - tall * 0.76
    for i in range(n):
        tone = a if i % 2 == 0 else b
        x0, x1 = x - w * 0.86 + i * w * 1.72 / n, x - w * 0.86 + (i + 1) * w * 1.72 / n
        l0, l1 = x - w * 1.08 + i * w * 2.16 / n, x - w * 1.08 + (i + 1) * w * 2.16 / n
        c.wash((lighter(tone, 0.12), tone), [(x0, y0), (x1, y0), (l1, y1), (l0, y1)])
        flap = [(l0, y1), (l1, y1)] + [
            ((l0 + l1) / 2 + (l1 - l0) / 2 * cos(k * pi / 8), y1 + wide * 0.07 * sin(k * pi / 8)) for k in range(9)
        ]
        c.poly(flap, darker(tone, 0.1))
    c.box(x - w * 0.88, y0 - 8, x + w * 0.88, y0 + 4, darker(a, 0.12), r=4)
    if mood.dark:
        c.glow(x, y - tall * 0.62, wide * 0.5, ink("FFDFA0"), 130)


def _bunting(c: Canvas, mood: Mood, y: float, stripes: list) -> None:
    """A string of paper flags across the picture."""
    sag = c.rng.uniform(60, 100)
    rope = spline(
        [
            (-20, y - 20),
            (c.w * 0.25, y + sag * 0.7),
            (c.w * 0.5, y + sag * 0.2),
            (c.w * 0.75, y + sag * 0.75),
            (c.w + 20, y - 10),
        ],
        steps=9,
    )
    c.line(rope, 4, mood(ink("F3E7D2")), straight=True)
    for i, (x, py) in enumerate(rope[1:-1]):
        tone = mood(stripes[i % len(stripes)][0])
        c.poly([(x - 17, py), (x + 17, py), (x + c.rng.uniform(-5, 5), py + 42)], tone)
        c.poly([(x + 4, py), (x + 17, py), (x + 1, py + 42)], darker(tone, 0.14))


def rain(c: Canvas) -> None:
    """Umbrellas on a rainy street."""
    rng = c.rng
    mood = c.turn(
        (
            WET,
            Mood("blue rain", (ink("7C93AC"), ink("A3B4C2"), ink("D5D9D6")), ink("8FA3B8"), 0.26, WHITE, ink("B9C5CE")),
            NIGHTFALL,
            Mood("spring rain", (ink("B4C9BE"), ink("D0DDCF"), ink("EEEBDA")), ink("BCD0C4"), 0.2, WHITE, ink("DDE6DD")),
        )
    )
    horizon = c.h * rng.uniform(0.6, 0.65)
    c.wash(mood.sky, [(0, 0), (c.w, 0), (c.w, horizon + 40), (0, horizon + 40)])
    skyline(c, mood, horizon, 0.7, 2.4)
    x = -30.0
    while x < c.w:
        wide = rng.uniform(200, 290)
        if not c.w * 0.42 < x + wide / 2 < c.w * 0.6:
            _shop(c, mood, x, horizon + 30, wide, c.h * rng.uniform(0.36, 0.52))
        x += wide + rng.uniform(0, 14)
    road = mood(ink("9FABAE"))
    c.wash((lighter(road, 0.35), road, darker(road, 0.1)), [(0, horizon + 8), (c.w, horizon + 8), (c.w, c.h), (0, c.h)])
    glowing = [CORAL, GOLD, LEAF, DENIM, ROSE, APRICOT, BUTTER]
    for _ in range(13):
        gx, gy = rng.random() * c.w, horizon + 60 + rng.random() * (c.h - horizon - 120)
        c.soft(oval(gx, gy, rng.uniform(20, 50), rng.uniform(50, 110)), mood(rng.choice(glowing)), 80, 15)
    tree(c, c.w * rng.choice((0.06, 0.93)), horizon + 60, c.h * 0.48, mood, MOSS, 0.1)
    for lx in (0.3, 0.72):
        lamp(c, c.w * lx, horizon + 70, c.h * 0.34, mood, True)
    crowd = 5 if c.w > 1150 else 3
    spots = sorted(
        (c.h * rng.uniform(0.78, 0.96), c.w * (0.12 + 0.76 * (i + rng.uniform(0.25, 0.75)) / crowd)) for i in range(crowd)
    )
    rng.shuffle(glowing)
    for i, (y, px) in enumerate(spots):
        tall = c.h * 0.13 + (y - horizon) * 0.55
        tone = mood(glowing[i])
        c.soft(oval(px, y + tall * 0.3, tall * 0.2, tall * 0.3), tone, 110, 12)
        side = 1 if i % 2 else -1
        hand = person(c, px, y, tall, mood, rng.choice(CLOTHES), side, (px + side * tall * 0.13, y - tall * 0.55))
        umbrella(c, px + side * tall * 0.07, y - tall * 1.02, tall * 0.4, mix(tone, glowing[i], 0.4), hand)
    for _ in range(18):
        px, py, r = rng.random() * c.w, c.h * rng.uniform(0.76, 0.99), rng.uniform(20, 60)
        c.loop(oval(px, py, r, r * 0.24, 0, 20), 2.4, lighter(road, 0.7), 150)
    for _ in range(120):
        px, py, length = rng.random() * c.w, rng.random() * c.h, rng.uniform(24, 60)
        c.line([(px, py), (px - length * 0.16, py + length)], 2.4, WHITE, 110, end=1, straight=True)


def _shop(c: Canvas, mood: Mood, x: float, base: float, wide: float, tall: float) -> None:
    """A small building with a lit shop on the ground floor."""
    rng = c.rng
    tone = mood(rng.choice((*WALLS, PEACH, MINT)), 0.12)
    top = base - tall
    c.wash((tone, darker(tone, 0.05)), box(x, top, x + wide, base))
    c.box(x - 6, top - 12, x + wide + 6, top + 8, darker(tone, 0.14))
    for row in range(max(1, round((tall - 190) / 110))):
        for col in range(2):
            wx, wy = x + wide * (0.16 + col * 0.42), top + 34 + row * 110
            shine = rng.random() < 0.5
            c.box(wx - 5, wy - 5, wx + wide * 0.26 + 5, wy + 67, lighter(tone, 0.4))
            c.box(wx, wy, wx + wide * 0.26, wy + 62, ink("FFE2A6") if shine else mood(ink("8FA5B0")))
            c.box(wx + wide * 0.12, wy, wx + wide * 0.14, wy + 62, lighter(tone, 0.4))
    c.box(x + wide * 0.08, base - 132, x + wide * 0.92, base - 8, ink("FFE3AE"), r=4)
    c.box(x + wide * 0.62, base - 132, x + wide * 0.65, base - 8, darker(tone, 0.2))
    for i in range(5):
        c.box(
            x + wide * (0.12 + i * 0.1),
            base - 60 - (i % 2) * 26,
            x + wide * (0.18 + i * 0.1),
            base - 14,
            mix(rng.choice((CORAL, LEAF, DENIM, GOLD)), ink("FFE3AE"), 0.4),
            r=3,
        )
    paint = mood(rng.choice((CORAL, PINE, DENIM, GOLD, ROSE)))
    for i in range(7):
        a, b = x + wide * i / 7, x + wide * (i + 1) / 7
        c.poly(
            [
                (a * 0.96 + (x + wide / 2) * 0.04, base - 166),
                (b * 0.96 + (x + wide / 2) * 0.04, base - 166),
                (b, base - 118),
                (a, base - 118),
            ],
            paint if i % 2 else lighter(paint, 0.6),
        )
    c.glow(x + wide * 0.5, base - 60, wide * 0.6, ink("FFE0A0"), 50)
