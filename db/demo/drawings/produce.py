"""Vegetables, seedlings and the balcony they grow on."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, box, darker, lighter, mix, oval, spline, turned
from .buildings import skyline, tower
from .food import set_table
from .palette import (
    APRICOT,
    BARK,
    BLOSSOM,
    CLAY,
    CORAL,
    CREAM,
    DAWN,
    DAY,
    DUSK,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    MOSS,
    PINE,
    PLUM,
    ROSE,
    ROSY,
    SPROUT,
    TAN,
    WHITE,
    WOOD,
    Mood,
    ink,
    sky,
)
from .plants import bush, foliage, leaf, sprout
from .table import basket, pot


def vegetables(c: Canvas) -> None:
    """A basket of vegetables from the garden."""
    rng = c.rng
    set_table(c, rng.uniform(0.48, 0.56), c.h > c.w * 1.1)
    x, y = c.w / 2 + c.w * c.turn((-0.04, 0.05, 0)), c.h * 0.84
    wide, tall = min(760, c.w * 0.74), 270
    c.shade(x + 20, y, wide * 0.56, 50, 130)
    top = y - tall
    if c.turn((True, False)):
        rim = [(x + wide * 0.5 * cos(i * pi / 20), top - wide * 0.62 * sin(i * pi / 20)) for i in range(21)]
        c.line(rim, 24, darker(TAN, 0.18), straight=True)
        c.line([(px - 3, py - 4) for px, py in rim], 8, lighter(TAN, 0.3), straight=True)
    c.oval(x, top, wide * 0.5, 40, darker(TAN, 0.4))
    tall_ones = [_greens, _carrots, _corn, _leek, _greens]
    round_ones = [_tomato, _pepper, _aubergine, _radish, _tomato]
    rng.shuffle(tall_ones)
    rng.shuffle(round_ones)
    for i, kind in enumerate(tall_ones[:4]):
        kind(c, x + wide * (i - 1.5) * 0.23 + rng.uniform(-12, 12), top + 30, wide * 0.27)
    for i, kind in enumerate(round_ones[:5]):
        kind(c, x + wide * (i - 2) * 0.195 + rng.uniform(-8, 8), top + 34, wide * 0.185)
    basket(c, x, y, wide, tall, c.turn((TAN, ink("D3AE7E"), ink("C99A6B"))))
    for side, kind in zip((-1, 1), rng.sample((_tomato, _pepper, _radish, _aubergine), 2), strict=True):
        fx, fy = x + side * wide * rng.uniform(0.4, 0.52), c.h * 0.93
        c.shade(fx + 8, fy, 84, 22, 120)
        kind(c, fx, fy, wide * 0.19)
    for _ in range(3):
        leaf(c, x + rng.uniform(-0.25, 0.25) * wide, c.h * 0.945, 66, rng.uniform(-30, 200), MOSS)


def _greens(c: Canvas, x: float, y: float, s: float) -> None:
    """A head of pak choi: white stalks, dark leaves."""
    for i, a in enumerate((-124, -56, -106, -74, -90)):
        length = s * c.rng.uniform(1.0, 1.2)
        green = mix(MOSS, PINE, 0.2 + 0.12 * (4 - i))
        tip = (x + cos(a * pi / 180) * length * 0.62, y + sin(a * pi / 180) * length * 0.62)
        c.line([(x + (a + 90) * 0.3, y), tip], s * 0.17, mix(MOSS, WHITE, 0.66), end=s * 0.07)
        base = (x + cos(a * pi / 180) * length * 0.4, y + sin(a * pi / 180) * length * 0.4)
        leaf(c, *base, length * 0.85, a, green, 0.72)


def _carrots(c: Canvas, x: float, y: float, s: float) -> None:
    """Carrots, tops up and fronds flying."""
    for dx in (-0.28, 0.3, 0):
        px, lean = x + dx * s, dx * 30
        for k in range(5):
            a = -90 + lean + (k - 2) * 17
            tip = (px + cos(a * pi / 180) * s * 0.95, y - s * 0.5 + sin(a * pi / 180) * s * 0.75)
            c.line([(px + lean * 0.4, y - s * 0.5), tip], 5, MOSS, end=2)
            for t in (0.35, 0.5, 0.65, 0.8, 0.95):
                fx, fy = px + (tip[0] - px) * t, y - s * 0.5 + (tip[1] - y + s * 0.5) * t
                for turn in (-48, 48):
                    leaf(c, fx, fy, s * 0.17, a + turn, mix(MOSS, SPROUT, c.rng.random() * 0.7), 0.4, False)
        body = turned(
            [(-s * 0.14, -s * 0.52), (0, -s * 0.58), (s * 0.14, -s * 0.52), (s * 0.1, 0), (0, s * 0.3), (-s * 0.1, 0)],
            lean * 0.8,
            px,
            y,
        )
        c.shape(body, ink("E58A48"))
        for t in (0.44, 0.32, 0.2):
            c.line(turned([(-s * 0.1, -s * t), (-s * 0.02, -s * t + 2)], lean * 0.8, px, y), 3, ink("C66F34"), 180, straight=True)
        c.line(turned([(-s * 0.05, -s * 0.46), (-s * 0.04, -s * 0.1)], lean * 0.8, px, y), s * 0.03, ink("F5B27A"), 190)


def _corn(c: Canvas, x: float, y: float, s: float) -> None:
    """An ear of maize in its husk."""
    lean = c.rng.uniform(-16, 16)
    body = spline(
        turned([(-s * 0.2, 0), (-s * 0.22, -s * 0.6), (0, -s * 1.12), (s * 0.22, -s * 0.6), (s * 0.2, 0)], lean, x, y),
        closed=True,
    )
    c.poly(body, ink("EBC254"))
    with c.clip(body):
        for row in range(11):
            for col in range(-3, 4):
                spot = turned([(col * s * 0.07 + (row % 2) * s * 0.035, -s * 0.1 * row)], lean, x, y)[0]
                c.oval(*spot, s * 0.032, s * 0.042, ink("F6DA80") if (row + col) % 3 else ink("DDAA3C"))
    for side in (-1, 1):
        leaf(c, x + side * s * 0.1, y + s * 0.1, s * 1.1, -90 + lean + side * 24, mix(SPROUT, MOSS, 0.3 + 0.2 * side), 0.34)


def _leek(c: Canvas, x: float, y: float, s: float) -> None:
    """Spring onions in a bunch."""
    for i in range(5):
        px, lean = x + (i - 2) * s * 0.12, (i - 2) * s * 0.12
        c.line([(px, y), (px + lean * 0.5, y - s * 0.6)], s * 0.09, lighter(mix(SPROUT, WHITE, 0.6), 0.2), straight=True)
        for k in (-1, 1):
            bend = (px + lean * 2 + k * s * 0.22, y - s * c.rng.uniform(1.2, 1.5))
            c.line(
                [(px + lean * 0.5, y - s * 0.55), (px + lean + k * s * 0.04, y - s), bend],
                s * 0.08,
                mix(MOSS, PINE, c.rng.random() * 0.7),
                end=3,
            )
    c.line([(x - s * 0.34, y - s * 0.4), (x + s * 0.34, y - s * 0.4)], s * 0.05, CORAL, straight=True)


def _tomato(c: Canvas, x: float, y: float, s: float) -> None:
    """A ripe tomato sitting at (x, y)."""
    tone = ink("DF5B47")
    cy = y - s * 0.46
    c.oval(x, cy, s * 0.55, s * 0.47, tone)
    with c.clip(oval(x, cy, s * 0.55, s * 0.47)):
        c.oval(x + s * 0.3, cy + s * 0.3, s * 0.5, s * 0.4, darker(tone, 0.18), 120)
        c.oval(x - s * 0.22, cy - s * 0.14, s * 0.15, s * 0.11, lighter(tone, 0.6), 190, angle=-28)
    for i in range(5):
        leaf(c, x, cy - s * 0.38, s * 0.3, -90 + (i - 2) * 62, MOSS, 0.3, False)
    c.line([(x, cy - s * 0.36), (x + s * 0.04, cy - s * 0.56)], s * 0.06, PINE)


def _pepper(c: Canvas, x: float, y: float, s: float) -> None:
    """A bell pepper."""
    tone = c.rng.choice((ink("E7B23F"), ink("6FA052"), ink("DB5F45"), ink("E8903F")))
    cy = y - s * 0.55
    c.shape(
        [
            (x - s * 0.5, cy - s * 0.2),
            (x - s * 0.2, cy - s * 0.46),
            (x, cy - s * 0.36),
            (x + s * 0.2, cy - s * 0.46),
            (x + s * 0.5, cy - s * 0.2),
            (x + s * 0.36, cy + s * 0.44),
            (x + s * 0.12, cy + s * 0.56),
            (x, cy + s * 0.48),
            (x - s * 0.12, cy + s * 0.56),
            (x - s * 0.36, cy + s * 0.44),
        ],
        darker(tone, 0.1),
    )
    c.oval(x, cy + s * 0.02, s * 0.24, s * 0.46, tone)
    c.oval(x - s * 0.3, cy - s * 0.02, s * 0.15, s * 0.36, lighter(tone, 0.14))
    c.oval(x - s * 0.32, cy - s * 0.12, s * 0.05, s * 0.15, lighter(tone, 0.7), 200)
    c.line([(x, cy - s * 0.36), (x + s * 0.02, cy - s * 0.52), (x + s * 0.12, cy - s * 0.62)], s * 0.11, MOSS, end=s * 0.08)


def _aubergine(c: Canvas, x: float, y: float, s: float) -> None:
    """An aubergine leaning on its neighbours."""
    lean = c.rng.choice((-1, 1)) * c.rng.uniform(8, 24)
    body = spline(
        turned(
            [(-s * 0.44, -s * 0.3), (-s * 0.26, -s * 0.92), (0, -s * 1.15), (s * 0.26, -s * 0.92), (s * 0.44, -s * 0.3), (0, 0)],
            lean,
            x,
            y,
        ),
        closed=True,
    )
    c.poly(body, ink("6C4C7C"))
    c.poly(turned(oval(-s * 0.2, -s * 0.5, s * 0.06, s * 0.26, 8), lean, x, y), ink("B79AC6"), 190)
    for k in (-1, 0, 1):
        leaf(c, *turned([(0, -s * 1.16)], lean, x, y)[0], s * 0.42, 90 + lean + k * 48, MOSS, 0.4, False)
    c.line(turned([(0, -s * 1.1), (s * 0.02, -s * 1.36)], lean, x, y), s * 0.09, MOSS)


def _radish(c: Canvas, x: float, y: float, s: float) -> None:
    """A pink radish with its leaves."""
    cy = y - s * 0.36
    for a in (-125, -90, -58):
        leaf(c, x, cy - s * 0.3, s * 0.8, a, mix(MOSS, SPROUT, c.rng.random() * 0.6), 0.46)
    c.shape(
        [
            (x - s * 0.38, cy - s * 0.12),
            (x, cy - s * 0.36),
            (x + s * 0.38, cy - s * 0.12),
            (x + s * 0.2, cy + s * 0.26),
            (x, cy + s * 0.42),
            (x - s * 0.2, cy + s * 0.26),
        ],
        ink("D4567A"),
    )
    c.shape([(x - s * 0.2, cy + s * 0.24), (x + s * 0.2, cy + s * 0.24), (x + s * 0.02, cy + s * 0.44)], ink("FBE9EC"))
    c.oval(x - s * 0.16, cy - s * 0.1, s * 0.07, s * 0.12, ink("F3B4C4"), 210, angle=24)


def seedlings(c: Canvas) -> None:
    """Rows of seedlings in trays, close by."""
    rng = c.rng
    wood = c.turn((ink("E7CDA6"), ink("D9C3A0"), ink("CBD3BE"), ink("E9D3BF")))
    mood = c.turn((FRESH, DAWN, DAY, GOLDEN))
    edge = c.h * rng.uniform(0.2, 0.27)
    c.wash((lighter(mood.sky[0], 0.3), mood.sky[1], mood.sky[-1]), [(0, 0), (c.w, 0), (c.w, edge), (0, edge)])
    for _ in range(12):
        r = rng.uniform(50, 120)
        c.soft(
            oval(rng.random() * c.w, edge * rng.uniform(0.1, 0.9), r, r), rng.choice((SPROUT, LEAF, mood.sun, GOLD)), 80, r * 0.28
        )
    c.wash((lighter(wood, 0.35), wood, darker(wood, 0.05)), [(0, edge), (c.w, edge), (c.w, c.h), (0, c.h)])
    kinds = c.turn(
        ((SPROUT, MOSS, LEAF), (LEAF, ink("B58AA6"), SPROUT), (MOSS, SPROUT, ink("A7B85F")), (SPROUT, LEAF, ink("8FBF8A")))
    )
    ware = c.turn((ink("6E6259"), CLAY, ink("7F9C93"), ink("5E6E68")))
    rows = 4 if c.h > c.w * 1.1 else 3
    for row in range(rows):
        t = row / (rows - 1)
        y = edge + 90 + (c.h * 0.96 - edge - 90) * t**1.12
        cell = 112 + 96 * t
        deep = cell * 0.62
        c.soft(box(-20, y - deep * 0.2, c.w + 20, y + deep * 0.55), (80, 66, 60), 90, 14)
        shift = -cell * rng.random()
        count = round(c.w / cell) + 3
        c.box(-10, y - deep * 0.62, c.w + 10, y - deep * 0.1, darker(ware, 0.32))
        for i in range(count):
            x = shift + i * cell
            c.oval(x + cell * 0.5, y - deep * 0.36, cell * 0.44, deep * 0.24, ink("5A4638"))
            for _ in range(5):
                c.oval(x + cell * rng.uniform(0.2, 0.8), y - deep * rng.uniform(0.24, 0.48), 5, 3.4, ink("8A6E58"))
        for i in range(count):
            x = shift + i * cell + cell * 0.5
            sprout(
                c,
                x + rng.uniform(-6, 6),
                y - deep * 0.32,
                cell * rng.uniform(0.8, 1.14),
                mood,
                kinds[row % 3],
                1 + (rng.random() < 0.6) + (t > 0.9),
            )
        c.wash((lighter(ware, 0.15), ware, darker(ware, 0.12)), box(-10, y - deep * 0.12, c.w + 10, y + deep * 0.4))
        c.box(-10, y - deep * 0.14, c.w + 10, y - deep * 0.06, lighter(ware, 0.35))
        for i in range(count):
            x = shift + i * cell
            c.box(x - 3, y - deep * 0.04, x + 3, y + deep * 0.38, darker(ware, 0.2), 170)
        tag = shift + cell * rng.choice((2, 3, 4))
        if tag < c.w - 60:
            c.poly(
                [
                    (tag - 18, y - deep * 0.9),
                    (tag + 20, y - deep * 0.94),
                    (tag + 22, y - deep * 0.14),
                    (tag - 16, y - deep * 0.12),
                ],
                lighter(CREAM, 0.4),
            )
            c.oval(tag + 1, y - deep * 0.68, 9, 9, mood(rng.choice((CORAL, GOLD, LEAF, PLUM))))
    c.soft([(-50, -50), (c.w * 0.4, -50), (c.w * 0.75, c.h), (c.w * 0.3, c.h)], mood.sun, 44, 40)


def balcony(c: Canvas) -> None:
    """Vegetable pots and seedlings on a balcony above the city."""
    rng = c.rng
    mood = c.turn((DAY, GOLDEN, ROSY, DUSK, FRESH))
    rail, floor = c.h * rng.uniform(0.44, 0.5), c.h * 0.82
    sky(c, mood, floor)
    skyline(c, mood, floor, 0.7, 2.6)
    for i in range(round(c.w / 280) + 1):
        tower(c, i * 280 + rng.uniform(-70, 40), floor, rng.uniform(120, 180), floor * rng.uniform(0.4, 0.66), mood, 0.42, 0.4)
    for i in range(round(c.w / 110) + 1):
        foliage(c, i * 110, floor - 30, 90, 80, mood(mix(MOSS, PINE, rng.random()), 0.3), 10)
    metal = mood(c.turn((ink("5B6E66"), WHITE, ink("7C6656"))))
    for i in range(round(c.w / 62) + 1):
        c.line([(i * 62 + 16, rail), (i * 62 + 16, floor)], 9, metal, straight=True)
    c.box(0, rail - 20, c.w, rail + 8, lighter(metal, 0.12))
    c.box(0, rail + 4, c.w, rail + 10, darker(metal, 0.2))
    c.box(0, floor - 40, c.w, floor - 26, metal)
    tile = mood(c.turn((ink("E9D2B4"), ink("D8C4B2"), ink("CFD6C6"))))
    c.wash((lighter(tile, 0.15), darker(tile, 0.08)), [(0, floor - 6), (c.w, floor - 6), (c.w, c.h), (0, c.h)])
    for i in range(-4, round(c.w / 130) + 5):
        c.line([(i * 130, floor), (c.w / 2 + (i * 130 - c.w / 2) * 1.5, c.h)], 3, darker(tile, 0.12), 160, straight=True)
    c.line([(0, floor + (c.h - floor) * 0.45), (c.w, floor + (c.h - floor) * 0.45)], 3, darker(tile, 0.12), 160, straight=True)
    _rail_boxes(c, mood, rail)
    clays = (CLAY, ink("D99B74"), ink("7F9FA6"), ink("EADBC3"), ink("8AA07C"))
    count = max(4, round(c.w / 215))
    for i in range(count):
        x = (i + 0.5) * c.w / count + rng.uniform(-24, 24)
        wide = rng.uniform(140, 188)
        y = c.h * (0.9 if i % 2 else 0.95)
        tall = wide * rng.uniform(0.7, 0.95)
        pot(c, x, y, wide, tall, mood(clays[(i + c.seed) % 5]))
        (_vine, _lettuce, _chilli)[(i + c.seed) % 3](c, x, y - tall, wide, mood)
    if mood.dark:
        _string_lights(c)


def _rail_boxes(c: Canvas, mood: Mood, rail: float) -> None:
    """Flower boxes hung on the railing."""
    wood = mood(WOOD)
    for i in range(max(2, round(c.w / 480))):
        x = c.w * (i + 0.5) / max(2, round(c.w / 480)) + c.rng.uniform(-30, 30)
        bush(c, x - 70, rail - 6, 88, mood, MOSS, 0, c.rng.choice((ROSE, BLOSSOM, GOLD, CORAL)))
        bush(c, x + 76, rail - 6, 84, mood, LEAF, 0, c.rng.choice((WHITE, APRICOT, ROSE)))
        c.wash((lighter(wood, 0.2), darker(wood, 0.1)), box(x - 170, rail - 30, x + 170, rail + 50, 8))
        c.line([(x - 160, rail + 10), (x + 160, rail + 10)], 4, darker(wood, 0.2), 180, straight=True)


def _vine(c: Canvas, x: float, y: float, wide: float, mood: Mood) -> None:
    """A tomato plant on its stake."""
    tall = wide * c.rng.uniform(1.5, 1.8)
    c.line([(x, y), (x + 4, y - tall)], 8, mood(BARK), straight=True)
    for i in range(13):
        t = (i + 1) / 13
        side = 1 if i % 2 else -1
        leaf(
            c,
            x,
            y - tall * t,
            wide * 0.5 * (1.15 - 0.5 * t),
            -90 + side * c.rng.uniform(40, 95),
            mood(mix(MOSS, PINE, c.rng.random() * 0.6)),
            0.46,
        )
    for i in range(6):
        px, py, r = x + c.rng.uniform(-0.3, 0.3) * wide, y - tall * c.rng.uniform(0.15, 0.8), wide * 0.085
        c.oval(px, py, r, r, mood(ink("E0604A") if i % 3 else ink("E9B04A")))
        c.oval(px - r * 0.3, py - r * 0.35, r * 0.3, r * 0.25, WHITE, 170)


def _lettuce(c: Canvas, x: float, y: float, wide: float, mood: Mood) -> None:
    """A crown of lettuce leaves."""
    for i in range(15):
        a = -90 + (i % 8 - 3.5) * 23 + c.rng.uniform(-6, 6)
        size = wide * (0.62 if i < 8 else 0.44)
        leaf(c, x + (a + 90) * 0.3, y, size, a, mood(mix(MOSS if i < 8 else SPROUT, SPROUT, c.rng.random() * 0.6)), 0.66)


def _chilli(c: Canvas, x: float, y: float, wide: float, mood: Mood) -> None:
    """A bushy pepper plant hung with chillies."""
    foliage(c, x, y - wide * 0.52, wide * 0.5, wide * 0.5, mood(mix(MOSS, LEAF, 0.4)), 20)
    for _ in range(8):
        px, py = x + c.rng.uniform(-0.4, 0.4) * wide, y - wide * c.rng.uniform(0.3, 0.85)
        c.line(
            [(px, py), (px + 4, py + wide * 0.09), (px - 3, py + wide * 0.17)],
            wide * 0.06,
            mood(c.rng.choice((CORAL, ink("D94F3F"), GOLD))),
            end=2,
        )


def _string_lights(c: Canvas) -> None:
    """Little lamps over the balcony."""
    wire = [(c.w * i / 6, c.h * 0.05 + (60 if i % 2 else 0)) for i in range(7)]
    c.line(wire, 3, ink("4B4A5C"))
    for x, y in spline(wire, steps=3):
        c.glow(x, y + 16, 70, ink("FFDF9A"), 150)
        c.oval(x, y + 16, 11, 14, ink("FFEBB8"))
