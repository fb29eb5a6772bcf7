"""Towers, skylines and rooftops."""

from __future__ import annotations

from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .palette import (
    APRICOT,
    CREAM,
    DAWN,
    DAY,
    DENIM,
    DUSK,
    EMBER,
    FRESH,
    GOLDEN,
    LEAF,
    MIST,
    MOSS,
    NIGHTFALL,
    PINE,
    ROSY,
    STONE,
    Mood,
    hills,
    ink,
    sky,
)
from .people import lamp, pair, person
from .plants import bush, tree

WALLS = (ink("EFE3CF"), ink("E8CDB4"), ink("DCE3DE"), ink("F3DCC9"), ink("D5DCE3"), ink("EAD9BE"))
LIT = (ink("FFE2A0"), ink("FFD38A"), ink("FFEFC4"), ink("FBC98E"))


def skyline(c: Canvas, mood: Mood, base: float, far: float, scale: float = 1.0) -> None:
    """A row of distant buildings, flat and pale."""
    x = -20.0
    while x < c.w:
        wide, tall = c.rng.uniform(46, 100), c.rng.uniform(60, 190) * scale
        tone = mood(mix(c.rng.choice(WALLS), DENIM, 0.3), far)
        c.box(x, base - tall, x + wide, base + 2, tone)
        c.box(x + wide * 0.72, base - tall, x + wide, base + 2, darker(tone, 0.06))
        if c.rng.random() < 0.4:
            c.box(x + wide * 0.3, base - tall - 12, x + wide * 0.6, base - tall, tone)
        x += wide + c.rng.choice((-6, 8, 26, 60))


def tower(
    c: Canvas,
    x: float,
    base: float,
    wide: float,
    tall: float,
    mood: Mood,
    far: float = 0.0,
    lit: float = 0.45,
    wall: Colour | None = None,
) -> None:
    """A residential tower with balconies; some windows are lit after sunset."""
    rng = c.rng
    dark = mood.dark
    tone = mood(wall or rng.choice(WALLS), far)
    top = base - tall
    side = wide * 0.24
    c.wash((tone, mix(tone, mood.sky[-1], 0.28)), box(x, top, x + wide - side, base))
    c.wash((darker(tone, 0.17), mix(darker(tone, 0.14), mood.sky[-1], 0.25)), box(x + wide - side, top + 5, x + wide, base))
    c.box(x - 4, top - 9, x + wide - side + 4, top + 5, lighter(tone, 0.25))
    c.box(x + wide * 0.2, top - 36, x + wide * 0.5, top - 8, darker(tone, 0.06))
    c.box(x + wide * 0.18, top - 42, x + wide * 0.52, top - 34, lighter(tone, 0.2))
    columns = max(2, round((wide - side) / 52))
    cell = (wide - side) / columns
    floors = max(3, round(tall / 54))
    step = tall / floors
    glass = darker(mix(mood(ink("9DBBCB"), far), mood.sky[0], 0.3), 0.3 if dark else 0.06)
    balcony = rng.randrange(columns)
    for floor in range(floors):
        y = top + floor * step + step * 0.24
        for col in range(columns):
            wx = x + col * cell + cell * 0.2
            shine = rng.random() < lit if dark else False
            pane = mix(rng.choice(LIT), mood.sky[-1], far * 0.5) if shine else mix(glass, lighter(glass, 0.4), rng.random() * 0.5)
            c.box(wx - 2, y - 2, wx + cell * 0.6 + 2, y + step * 0.48 + 3, lighter(tone, 0.3))
            c.box(wx, y, wx + cell * 0.6, y + step * 0.48, pane)
            c.box(wx + cell * 0.28, y, wx + cell * 0.32, y + step * 0.48, lighter(tone, 0.2))
            if shine and rng.random() < 0.5:
                c.box(wx, y, wx + cell * 0.16, y + step * 0.48, darker(pane, 0.12), 160)
            if col == balcony:
                c.box(wx - cell * 0.12, y + step * 0.3, wx + cell * 0.72, y + step * 0.58, lighter(tone, 0.12))
                c.box(wx - cell * 0.12, y + step * 0.56, wx + cell * 0.72, y + step * 0.6, darker(tone, 0.15))
                if rng.random() < 0.5:
                    for i in range(4):
                        c.oval(
                            wx + cell * 0.16 * i,
                            y + step * 0.29,
                            cell * 0.1,
                            cell * 0.09,
                            mood(rng.choice((MOSS, LEAF, APRICOT)), far),
                        )
        if side > 26 and rng.random() < 0.7:
            shine = dark and rng.random() < lit
            c.box(
                x + wide - side * 0.66,
                y,
                x + wide - side * 0.34,
                y + step * 0.46,
                rng.choice(LIT) if shine else darker(glass, 0.1),
            )


def _estate(c: Canvas, mood: Mood, horizon: float) -> None:
    """Towers in two ranks above a garden."""
    rng = c.rng
    skyline(c, mood, horizon, 0.66, 1.5)
    count = max(3, round(c.w / 260))
    tall = [c.h * (0.34 + 0.2 * abs(((c.seed * 0.37 + i * 0.618) % 1) * 2 - 1)) for i in range(count + 1)]
    for i in range(count + 1):
        tower(c, (i - 0.4) * c.w / count + rng.uniform(-20, 20), horizon, rng.uniform(130, 160), tall[i] * 0.82, mood, 0.45, 0.4)
    for i in range(count):
        if i == c.seed % count and c.w > 900:
            continue
        wide = rng.uniform(176, 236)
        tower(
            c,
            (i + 0.5) * c.w / count - wide / 2 + rng.uniform(-14, 14),
            horizon + 40,
            wide,
            tall[-1 - i] * 1.12 + 40,
            mood,
            0.1,
            0.5,
        )


def sunset_towers(c: Canvas) -> None:
    """Home at dusk, the windows lighting up one by one."""
    rng = c.rng
    mood = c.turn((DUSK, NIGHTFALL, EMBER))
    horizon = c.h * rng.uniform(0.72, 0.77)
    sky(c, mood, horizon, sun=mood is not NIGHTFALL)
    if mood is NIGHTFALL:
        mx, my = c.w * rng.choice((0.25, 0.75)), c.h * 0.16
        c.glow(mx, my, 240, mood.sun, 110)
        c.oval(mx, my, 46, 46, mood.sun)
        for _ in range(40):
            r = rng.uniform(1.2, 3)
            c.oval(rng.random() * c.w, rng.random() * c.h * 0.4, r, r, mood.sun, rng.randint(120, 230))
    _estate(c, mood, horizon)
    _garden(c, mood, horizon)
    for i in range(3):
        x = c.w * (0.16 + 0.34 * i) + rng.uniform(-30, 30)
        lamp(c, x, c.h * 0.94, 200, mood, True)
    (pair if c.seed % 2 else person)(c, c.w * rng.uniform(0.35, 0.65), c.h * 0.96, 128, mood)


def _garden(c: Canvas, mood: Mood, horizon: float) -> None:
    """Trees and a lawn at the foot of the towers."""
    rng = c.rng
    lawn = mood(mix(MOSS, LEAF, 0.4))
    c.wash((lawn, darker(lawn, 0.16)), [(0, horizon + 20), (c.w, horizon + 20), (c.w, c.h), (0, c.h)])
    for i in range(round(c.w / 110) + 1):
        bush(c, i * 110 + rng.uniform(-30, 30), horizon + 52, rng.uniform(56, 84), mood, rng.choice((MOSS, PINE)), 0.15)
    for i in range(round(c.w / 200) + 1):
        tree(
            c,
            i * 200 + rng.uniform(-60, 60),
            horizon + rng.uniform(60, 96),
            rng.uniform(150, 240),
            mood,
            rng.choice((MOSS, PINE, LEAF)),
            0.08,
            rng.random() < 0.3,
        )
    walk = mood(mix(STONE, CREAM, 0.5))
    c.wash(
        (walk, darker(walk, 0.08)),
        spline([(-40, c.h * 0.93), (c.w * 0.4, c.h * 0.915), (c.w + 40, c.h * 0.935)])
        + [(c.w + 40, c.h * 0.99), (c.w * 0.5, c.h * 0.975), (-40, c.h * 0.995)],
    )


def morning_towers(c: Canvas) -> None:
    """The compound on a clear morning."""
    rng = c.rng
    mood = c.turn((DAY, DAWN, FRESH, ROSY, GOLDEN, MIST))
    horizon = c.h * rng.uniform(0.7, 0.76)
    sky(c, mood, horizon)
    if c.turn((True, False)):
        hills(c, mood, horizon, mix(PINE, DENIM, 0.5), 2, 260)
    _estate(c, mood, horizon)
    c.soft(oval(c.w / 2, horizon - 10, c.w * 0.7, 50), mood.sky[-1], 120, 50)
    _garden(c, mood, horizon)
    for i in range(rng.randint(1, 3)):
        person(c, c.w * (0.2 + 0.28 * i) + rng.uniform(-30, 60), c.h * 0.965, rng.uniform(120, 140), mood, side=c.turn((1, -1)))
    x, y = c.w * rng.uniform(0.2, 0.7), c.h * rng.uniform(0.1, 0.2)
    for i in range(rng.randint(4, 7)):
        bx, by = x + i * 38, y + abs(i - 3) * 20 + rng.uniform(-8, 8)
        for s in (-1, 1):
            c.line([(bx, by), (bx + s * 9, by - 8), (bx + s * 19, by - 3)], 3.4, mood(DENIM), 220, end=1)
