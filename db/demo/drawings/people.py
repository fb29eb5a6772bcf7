"""Small neighbours seen from a little way off."""

from __future__ import annotations

from .brush import Canvas, Colour, darker, lighter, mix, oval, spline
from .palette import BARK, CLOTHES, INKY, SKINS, STONE, Mood, ink

HAIRS = (ink("3B342F"), ink("4E4038"), ink("5F4A3C"), ink("C9C4BC"))


def person(
    c: Canvas,
    x: float,
    y: float,
    height: float,
    mood: Mood,
    coat: Colour | None = None,
    side: int = 1,
    arm: tuple[float, float] | None = None,
    skirt: bool | None = None,
    child: bool = False,
    back: bool = False,
) -> tuple[float, float]:
    """Someone standing or strolling at (x, y), facing `side`; the place of the hand that `arm` reaches to."""
    rng = c.rng
    coat = mood(coat or rng.choice(CLOTHES))
    skin, hair = mood(rng.choice(SKINS)), mood(rng.choice(HAIRS))
    trousers = mood(rng.choice((ink("5B6B7C"), ink("7C6A5A"), ink("8A8F7A"), ink("46566B"))))
    skirt = rng.random() < 0.4 if skirt is None else skirt
    head = height * (0.15 if child else 0.115)
    hip, shoulder = y - height * 0.42, y - height * (0.66 if child else 0.74)
    wide = height * 0.13
    c.soft(oval(x + height * 0.05, y + 2, height * 0.2, height * 0.03), mood.shadow, 90, height * 0.02)
    step = height * rng.uniform(0.05, 0.09)
    for s in (-1, 1):
        foot = (x + s * step, y - (height * 0.015 if s < 0 else 0))
        c.line(
            [(x + s * wide * 0.3, hip - 5), (x + s * step * 0.8, y - height * 0.2), foot],
            height * 0.075,
            darker(trousers, 0.1 if s < 0 else 0),
            end=height * 0.05,
        )
        c.oval(foot[0] + side * height * 0.022, y, height * 0.045, height * 0.02, mood(INKY))
    hem = y - height * (0.22 if skirt else 0.36)
    flare = wide * (1.25 if skirt else 1.02)
    body = [(x - wide * 0.72, shoulder + 4), (x, shoulder - height * 0.035), (x + wide * 0.72, shoulder + 4)]
    body += [
        (x + wide * 0.92, (shoulder + hem) / 2),
        (x + flare, hem),
        (x, hem + height * 0.018),
        (x - flare, hem),
        (x - wide * 0.92, (shoulder + hem) / 2),
    ]
    outline = spline(body, closed=True)
    c.poly(outline, coat)
    with c.clip(outline):
        c.oval(x - side * wide * 1.15, hip, wide * 0.85, height * 0.4, darker(coat, 0.2), 120)
    hand = arm or (x + side * wide * 0.9, hip + height * 0.05)
    elbow = ((x + hand[0]) / 2 + side * wide * 0.35, (shoulder + hand[1]) / 2 + height * 0.05)
    c.oval(*hand, height * 0.028, height * 0.028, skin)
    c.line(
        [(x + side * wide * 0.3, shoulder + height * 0.035), elbow, hand], height * 0.075, darker(coat, 0.1), end=height * 0.058
    )
    hy = shoulder - head * 1.05
    c.line([(x, shoulder), (x, hy)], head * 0.6, darker(skin, 0.08), straight=True)
    c.oval(x, hy, head * 0.86, head, skin)
    if back:
        c.oval(x, hy - head * 0.06, head * 0.94, head * 1.02, hair)
    else:
        c.oval(x + side * head * 0.34, hy + head * 0.3, head * 0.2, head * 0.14, mood(ink("EDA08E")), 150)
        c.oval(x + side * head * 0.5, hy + head * 0.02, head * 0.08, head * 0.1, mood(INKY))
        cap = [
            (x + side * head * 0.72, hy - head * 0.38),
            (x + side * head * 0.2, hy - head * 0.28),
            (x - side * head * 0.25, hy + head * 0.05),
        ]
        cap += [
            (x - side * head * 0.4, hy + head * (0.95 if skirt else 0.5)),
            (x - side * head * 0.98, hy + head * 0.45),
            (x - side * head * 0.95, hy - head * 0.5),
            (x, hy - head * 1.14),
            (x + side * head * 0.65, hy - head * 0.8),
        ]
        c.shape(cap, hair)
        if skirt:
            c.oval(x - side * head * 0.75, hy - head * 0.75, head * 0.34, head * 0.34, hair)
    return hand


def pair(c: Canvas, x: float, y: float, height: float, mood: Mood, side: int = 1) -> None:
    """A grown-up and a child hand in hand."""
    meet = (x + side * height * 0.25, y - height * 0.36)
    person(c, x + side * height * 0.42, y, height * 0.62, mood, side=-side, arm=meet, child=True, skirt=True)
    person(c, x, y, height, mood, side=side, arm=meet)


def umbrella(c: Canvas, x: float, y: float, r: float, colour: Colour, hand: tuple[float, float]) -> None:
    """An open umbrella whose crown is at (x, y), held at the hand."""
    c.line([(x, y), hand], r * 0.045, darker(colour, 0.5), straight=True)
    dome = [(x - r, y + r * 0.42), (x - r * 0.86, y - r * 0.1), (x - r * 0.45, y - r * 0.45), (x, y - r * 0.56)]
    dome += [(2 * x - px, py) for px, py in reversed(dome[:-1])]
    arch = spline(dome, steps=6)
    rim = []
    for i in range(5, 0, -1):
        a, b = x - r + 2 * r * i / 5, x - r + 2 * r * (i - 1) / 5
        rim += [(a, y + r * 0.42), ((a + b) / 2, y + r * 0.3)]
    rim.append((x - r, y + r * 0.42))
    outline = arch + rim[1:]
    c.poly(outline, colour)
    with c.clip(outline):
        for i, tone in ((0, darker(colour, 0.18)), (2, lighter(colour, 0.22)), (4, darker(colour, 0.12))):
            a, b = x - r + 2 * r * i / 5, x - r + 2 * r * (i + 1) / 5
            c.shape(
                [
                    (a, y + r * 0.5),
                    ((a + x) / 2 - (x - a) * 0.1, y - r * 0.2),
                    (x, y - r * 0.6),
                    ((b + x) / 2 + (b - x) * 0.1, y - r * 0.2),
                    (b, y + r * 0.5),
                ],
                tone,
                170,
            )
    c.line([(x, y - r * 0.55), (x, y - r * 0.68)], r * 0.05, mix(colour, BARK, 0.5), straight=True)


def lamp(c: Canvas, x: float, y: float, height: float, mood: Mood, lit: bool) -> None:
    """A garden lamp standing at (x, y)."""
    post = mood(ink("4B5B54"))
    c.box(x - height * 0.05, y - height * 0.03, x + height * 0.05, y + 2, post, r=4)
    c.line([(x, y), (x, y - height * 0.8)], height * 0.024, post, straight=True)
    if lit:
        c.glow(x, y - height * 0.87, height * 0.6, ink("FFE3A0"), 170)
    glass = ink("FFF0BF") if lit else mood(ink("FBF3DC"))
    c.poly(
        [
            (x - height * 0.045, y - height * 0.8),
            (x + height * 0.045, y - height * 0.8),
            (x + height * 0.07, y - height * 0.93),
            (x - height * 0.07, y - height * 0.93),
        ],
        glass,
    )
    c.shape([(x - height * 0.1, y - height * 0.92), (x, y - height), (x + height * 0.1, y - height * 0.92)], post)
    c.box(x - height * 0.055, y - height * 0.805, x + height * 0.055, y - height * 0.785, post, r=3)


def bench(c: Canvas, x: float, y: float, width: float, mood: Mood) -> None:
    """A wooden park bench."""
    wood, leg = mood(ink("C08B5C")), mood(ink("5A625C"))
    c.soft(oval(x, y + 4, width * 0.6, width * 0.06), mood.shadow, 100, 10)
    for s in (-1, 1):
        c.line([(x + s * width * 0.4, y), (x + s * width * 0.38, y - width * 0.22)], width * 0.03, leg, straight=True)
        c.line(
            [(x + s * width * 0.42, y - width * 0.18), (x + s * width * 0.44, y - width * 0.5)], width * 0.03, leg, straight=True
        )
    for i in range(3):
        top = y - width * (0.5 - 0.1 * i)
        c.box(x - width * 0.5, top, x + width * 0.5, top + width * 0.06, lighter(wood, 0.1 * (2 - i)), r=5)
    c.box(x - width * 0.53, y - width * 0.22, x + width * 0.53, y - width * 0.15, lighter(wood, 0.25), r=5)
    c.box(x - width * 0.53, y - width * 0.16, x + width * 0.53, y - width * 0.13, darker(wood, 0.2), r=4)


def path(c: Canvas, points: list, mood: Mood, slabs: int = 0, colour: Colour = STONE) -> None:
    """A path of pale stone between two edges, each given from far to near as (y, left, right)."""
    left = spline([(lx, y) for y, lx, _ in points], steps=8)
    right = spline([(rx, y) for y, _, rx in points], steps=8)
    outline = left + right[::-1]
    pale = lighter(mood(colour), 0.35)
    c.wash((mix(pale, mood.sky[-1], 0.4), pale, mood(mix(colour, ink("E9D5B8"), 0.5))), outline)
    with c.clip(outline):
        top, bottom = points[0][0], points[-1][0]
        for i in range(1, slabs):
            y = top + (bottom - top) * (i / slabs) ** 1.9
            c.line([(0, y), (c.w, y + c.rng.uniform(-4, 4))], 1.5 + 4 * i / slabs, darker(pale, 0.16), 120, straight=True)
    for edge in (left, right):
        c.line(edge, 3, darker(pale, 0.14), 180, end=14, straight=True)
