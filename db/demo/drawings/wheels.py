"""A bicycle by a sunny wall."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, oval
from .palette import (
    APRICOT,
    BLOSSOM,
    CORAL,
    DAY,
    DENIM,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    LILAC,
    MOSS,
    PINE,
    ROSE,
    ROSY,
    SKY,
    SPROUT,
    STONE,
    TAN,
    WHITE,
    WOOD,
    Mood,
    ink,
    petals_in_air,
)
from .plants import blossom, bush, foliage, leaf
from .table import basket, pot


def bicycle(c: Canvas) -> None:
    """A bicycle with a basket of flowers by a wall."""
    rng = c.rng
    mood = c.turn((DAY, GOLDEN, ROSY, FRESH))
    wall = mood(c.turn((ink("F3DCC4"), ink("DDE7DC"), ink("F2D6CC"), ink("DCE6EC"), ink("F0E2C0"))))
    ground = c.h * rng.uniform(0.8, 0.84)
    c.wash((lighter(wall, 0.15), wall, darker(wall, 0.05)), [(0, 0), (c.w, 0), (c.w, ground), (0, ground)])
    for _ in range(16):
        bx, by = rng.random() * c.w, rng.random() * ground * 0.9
        for k in range(rng.randint(1, 3)):
            c.box(bx + k * 66, by, bx + k * 66 + 58, by + 22, darker(wall, 0.07), 170, r=5)
            c.box(bx + k * 66 + 30, by + 28, bx + k * 66 + 88, by + 50, darker(wall, 0.05), 150, r=5)
    flip = c.turn((1, -1, 1, 1, -1))
    wx = c.w / 2 - flip * c.w * 0.22
    _shuttered(c, mood, wx, c.h * 0.26, min(230, c.w * 0.22), c.turn((PINE, DENIM, CORAL, LEAF)))
    # Dappled light through a tree that stands outside the picture.
    for _ in range(22):
        x, y, r = rng.random() * c.w, rng.random() * ground, rng.uniform(20, 56)
        c.soft(oval(x, y, r, r * 0.7, rng.uniform(0, 90)), darker(wall, 0.3), 42, r * 0.22)
    vine_side = c.w if flip > 0 else 0
    for i in range(9):
        foliage(
            c,
            vine_side - flip * rng.uniform(-20, 150),
            i * 60 - 10,
            rng.uniform(70, 120),
            rng.uniform(50, 80),
            mood(mix(MOSS, PINE, rng.random() * 0.7)),
            14,
        )
    for _ in range(16):
        blossom(
            c,
            vine_side - flip * rng.uniform(0, 220),
            rng.uniform(0, 520),
            rng.uniform(17, 28),
            mood(c.turn((BLOSSOM, APRICOT, LILAC, ink("F6D3D0")))),
        )
    pave = mood(mix(STONE, TAN, 0.4))
    c.wash((lighter(pave, 0.2), darker(pave, 0.05)), [(0, ground), (c.w, ground), (c.w, c.h), (0, c.h)])
    c.box(0, ground - 14, c.w, ground + 4, darker(wall, 0.16))
    for i in range(1, 4):
        c.line(
            [(0, ground + (c.h - ground) * i / 3.4), (c.w, ground + (c.h - ground) * i / 3.4)],
            3,
            darker(pave, 0.12),
            170,
            straight=True,
        )
    px = c.w / 2 + flip * c.w * 0.38
    for i in range(2):
        pot(c, px - flip * i * 130, ground + 46 + i * 20, 110, 90, mood(c.turn((ink("C9764F"), ink("7F9FA6"), ink("EADBC3")))))
        bush(
            c, px - flip * i * 130, ground - 34 + i * 20, 86, mood, LEAF if i else MOSS, 0, rng.choice((ROSE, GOLD, WHITE, CORAL))
        )
    size = min(1.0, c.w / 1180)
    _bike(
        c,
        mood,
        c.w / 2 - flip * c.w * 0.05,
        c.h * 0.93,
        205 * size,
        c.turn((CORAL, ink("6FA39A"), GOLD, DENIM, PINE, ROSE)),
        flip,
    )
    petals_in_air(c, 14, mood(BLOSSOM), (0, ground, c.w, c.h))


def _shuttered(c: Canvas, mood: Mood, x: float, y: float, w: float, paint: Colour) -> None:
    """A window with shutters and a flower box."""
    tone, tall = mood(paint), w * 1.3
    y0, y1 = y - tall * 0.5, y + tall * 0.5
    c.box(x - w * 0.54, y0 - 14, x + w * 0.54, y1 + 14, mood(WHITE))
    c.wash((mood(SKY), mood(mix(SKY, WHITE, 0.5))), box(x - w * 0.46, y0, x + w * 0.46, y1))
    c.poly([(x - w * 0.46, y0 + tall * 0.6), (x + w * 0.2, y0), (x + w * 0.4, y0), (x - w * 0.46, y0 + tall * 0.8)], WHITE, 90)
    c.box(x - 7, y0, x + 7, y1, mood(WHITE))
    c.box(x - w * 0.46, y - 6, x + w * 0.46, y + 6, mood(WHITE))
    for side in (-1, 1):
        a, b = x + side * w * 0.56, x + side * w * 0.98
        c.box(min(a, b), y0 - 10, max(a, b), y1 + 10, tone, r=5)
        for i in range(11):
            py = y0 + 8 + i * (tall - 16) / 11
            c.box(min(a, b) + 12, py, max(a, b) - 12, py + tall * 0.045, darker(tone, 0.14))
    bush(c, x - w * 0.25, y1 + 24, w * 0.34, mood, MOSS, 0, CORAL)
    bush(c, x + w * 0.25, y1 + 24, w * 0.34, mood, LEAF, 0, BLOSSOM)
    c.wash((lighter(mood(WOOD), 0.2), mood(WOOD)), box(x - w * 0.58, y1 + 12, x + w * 0.58, y1 + 60, 6))


def _bike(c: Canvas, mood: Mood, x: float, y: float, r: float, paint: Colour, s: int) -> None:
    """A town bicycle facing `s`, a basket of flowers on its handlebar."""
    tone, dark = mood(paint), mood(ink("4A4F50"))
    back, front = (x - s * r * 1.5, y - r), (x + s * r * 1.5, y - r)
    c.soft(oval(x, y + 6, r * 2.5, 22), mood.shadow, 110, 12)
    for hub in (back, front):
        rim = oval(*hub, r * 0.95, r * 0.95, 0, 48)
        for i in range(14):
            a = i * pi / 7
            c.line([hub, (hub[0] + cos(a) * r * 0.93, hub[1] + sin(a) * r * 0.93)], 2.2, mood(ink("C9CBC4")), 200, straight=True)
        c.loop(rim, 14, dark)
        inner = oval(*hub, r * 0.88, r * 0.88, 0, 48)
        c.loop(inner, 6, mood(ink("E3DCCB")))
        c.oval(*hub, 12, 12, dark)
        guard = [(hub[0] + cos(a * pi / 180) * r * 1.06, hub[1] + sin(a * pi / 180) * r * 1.06) for a in range(190, 331, 10)]
        c.line(guard, 13, tone, straight=True)
    crank, saddle = (x - s * r * 0.22, y - r * 0.9), (x - s * r * 0.62, y - r * 2.12)
    stem, bar = (x + s * r * 1.02, y - r * 2.08), (x + s * r * 0.92, y - r * 2.5)
    c.line([back, crank], 15, tone, straight=True)
    c.line([back, (x - s * r * 0.52, y - r * 1.8)], 13, tone, straight=True)
    c.line([crank, saddle], 17, tone, straight=True)
    c.line([crank, (x + s * r * 0.4, y - r * 1.25), (stem[0], stem[1] + r * 0.2)], 19, tone)
    c.line([(x - s * r * 0.45, y - r * 1.55), (x + s * r * 0.35, y - r * 1.62), stem], 12, lighter(tone, 0.12))
    c.line([bar, stem, front], 16, tone, straight=True)
    c.line([(bar[0] - s * r * 0.36, bar[1] + r * 0.1), bar, (bar[0] + s * r * 0.2, bar[1] + 4)], 11, mood(ink("D9D6CC")))
    c.line(
        [(bar[0] - s * r * 0.48, bar[1] + r * 0.15), (bar[0] - s * r * 0.24, bar[1] + r * 0.06)],
        19,
        mood(ink("8A5A44")),
        straight=True,
    )
    c.shape(
        [
            (saddle[0] - s * r * 0.32, saddle[1] - 12),
            (saddle[0] + s * r * 0.34, saddle[1] - 2),
            (saddle[0] + s * r * 0.32, saddle[1] + 12),
            (saddle[0] - s * r * 0.26, saddle[1] + 26),
        ],
        mood(ink("8A5A44")),
    )
    ring = oval(*crank, r * 0.2, r * 0.2, 0, 24)
    c.loop(ring, 7, dark)
    c.line([(crank[0] - r * 0.1, crank[1] - r * 0.3), (crank[0] + r * 0.1, crank[1] + r * 0.3)], 9, dark, straight=True)
    for k in (-1, 1):
        c.box(
            crank[0] + k * r * 0.1 - 24,
            crank[1] + k * r * 0.3 - 7,
            crank[0] + k * r * 0.1 + 24,
            crank[1] + k * r * 0.3 + 7,
            dark,
            r=5,
        )
    c.line([(back[0] - s * r * 0.3, back[1] - r * 1.2), (back[0] + s * r * 0.7, back[1] - r * 1.16)], 11, dark, straight=True)
    c.line([(back[0] + s * r * 0.1, back[1] - r * 1.16), back], 7, dark, straight=True)
    bx, by = x + s * r * 1.46, y - r * 1.98
    for i in range(17):
        a = -90 + (i % 9 - 4) * 19 + c.rng.uniform(-8, 8)
        reach = r * (0.75 if i < 9 else 0.5) * c.rng.uniform(0.85, 1.1)
        tip = (bx + cos(a * pi / 180) * reach, by - r * 0.42 + sin(a * pi / 180) * reach * 0.85)
        c.line([(bx, by - r * 0.3), tip], 5, mood(MOSS), straight=True)
        leaf(
            c,
            (bx + tip[0]) / 2,
            (by - r * 0.4 + tip[1]) / 2,
            r * 0.3,
            a + (40 if i % 2 else -40),
            mood(mix(MOSS, SPROUT, c.rng.random() * 0.6)),
        )
        blossom(c, *tip, r * c.rng.uniform(0.13, 0.2), mood(lighter((ROSE, GOLD, WHITE, APRICOT, LILAC)[(i + c.seed) % 5], 0.2)))
    basket(c, bx, by + r * 0.2, r * 0.92, r * 0.62, mood(TAN))
