"""The notice board, with nothing written on it."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, box, darker, lighter, mix, spline, turned
from .palette import (
    APRICOT,
    BLOSSOM,
    BUTTER,
    CORAL,
    CREAM,
    DAWN,
    DAY,
    DENIM,
    GOLD,
    GOLDEN,
    LEAF,
    LILAC,
    MINT,
    MOSS,
    PEACH,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    WHITE,
    ink,
)
from .plants import blossom, leaf, tree, tulip

OLIVE_LEAF = ink("8A9A5B")


def notice_board(c: Canvas) -> None:
    """A cork board with leaves, cards and pressed flowers; nothing is written on them."""
    rng = c.rng
    cork = c.turn((ink("D9B083"), ink("CFA274"), ink("E0BE95")))
    frame = c.turn((ink("F4E8D4"), ink("9B6F4E"), PINE, ink("DDE7E0")))
    c.wash((lighter(cork, 0.16), cork, darker(cork, 0.07)))
    for _ in range(420):
        x, y, r = rng.random() * c.w, rng.random() * c.h, rng.uniform(2, 6)
        c.oval(x, y, r * 1.5, r, rng.choice((darker(cork, 0.16), lighter(cork, 0.3), mix(cork, CREAM, 0.5))), 120)
    cols, rows = (4, 3) if c.w > c.h * 1.1 else (3, 4) if c.h > c.w * 1.1 else (3, 3)
    cw, ch = (c.w - 120) / cols, (c.h - 120) / rows
    order = list(range(cols * rows))
    rng.shuffle(order)
    for n, cell in enumerate(order):
        x = 60 + (cell % cols + 0.5) * cw + rng.uniform(-16, 16)
        y = 60 + (cell // cols + 0.5) * ch + rng.uniform(-14, 14)
        angle = rng.uniform(-9, 9)
        kind = (n + c.seed) % 6
        card = (
            c.turn((WHITE, BUTTER, MINT, PEACH))
            if n % 3 == 0
            else rng.choice((WHITE, PEACH, MINT, BUTTER, ink("DCECF2"), ink("F3DDE0")))
        )
        w, h = cw * 0.44, ch * 0.455
        if kind in (3, 5):
            w, h = min(w, h) * 0.9, min(w, h) * 0.9
        c.soft(turned(box(-w, -h, w, h), angle, x + 7, y + 12), (86, 62, 44), 130, 9)
        c.poly(turned(box(-w, -h, w, h, 6), angle, x, y), card)
        _pinned(c, x, y, w, h, angle, kind, card)
        pin = turned([(0, -h * 0.86)], angle, x, y)[0]
        tone = rng.choice((CORAL, GOLD, PINE, DENIM, ROSE))
        c.oval(pin[0] + 5, pin[1] + 9, 12, 8, (70, 50, 40), 90)
        c.oval(*pin, 14, 14, tone)
        c.oval(pin[0] - 4, pin[1] - 5, 5, 4, WHITE, 190)
    t = 36
    for part in ((0, 0, c.w, t), (0, c.h - t, c.w, c.h), (0, 0, t, c.h), (c.w - t, 0, c.w, c.h)):
        c.box(*part, frame)
    c.box(t, t, c.w - t, t + 8, (70, 50, 40), 70)
    c.box(t, t, t + 7, c.h - t, (70, 50, 40), 50)


def _pinned(c: Canvas, x: float, y: float, w: float, h: float, angle: float, kind: int, card: Colour) -> None:
    """What a card shows: a leaf spray, a landscape, lines, a flower, a photograph of trees, or a heart of petals."""
    rng = c.rng

    def at(px: float, py: float) -> tuple:
        return turned([(px * w, py * h)], angle, x, y)[0]

    if kind == 0:
        green = rng.choice((MOSS, LEAF, PINE, OLIVE_LEAF))
        c.line([at(-0.1, 0.8), at(0.04, 0), at(-0.04, -0.6)], 5, darker(green, 0.1))
        for i in range(4):
            for side in (-1, 1):
                leaf(
                    c, *at(0, 0.6 - i * 0.32), h * (0.52 - i * 0.06), -90 + angle + side * 52, mix(green, SPROUT, i * 0.12), 0.42
                )
        leaf(c, *at(-0.03, -0.5), h * 0.3, -90 + angle, mix(green, SPROUT, 0.4), 0.42)
    elif kind in (1, 4):
        frame = spline([at(-0.86, -0.66), at(0.86, -0.66), at(0.86, 0.7), at(-0.86, 0.7)], steps=1)
        corners = [at(-0.86, -0.66), at(0.86, -0.66), at(0.86, 0.72), at(-0.86, 0.72)]
        mood = rng.choice((DAY, ROSY, GOLDEN, DAWN))
        with c.clip(corners):
            c.wash(mood.sky, frame)
            c.oval(*at(0.4, -0.3), w * 0.15, w * 0.15, mood.sun)
            c.shape([at(-1.2, 0.3), at(-0.4, -0.1), at(0.2, 0.24), at(1.2, -0.06), at(1.2, 1), at(-1.2, 1)], mood(LEAF, 0.3))
            c.shape([at(-1.2, 0.5), at(0, 0.36), at(1.2, 0.56), at(1.2, 1), at(-1.2, 1)], mood(MOSS))
            for k in range(3):
                if kind == 1:
                    tree(c, *at(-0.6 + k * 0.5, 0.6), h * rng.uniform(0.7, 0.95), mood, MOSS, 0, rng.random() < 0.4)
                else:
                    tulip(c, *at(-0.5 + k * 0.5, 0.8), h * 0.9, mood, rng.choice((CORAL, GOLD, ROSE)))
    elif kind == 2:
        tone = rng.choice((CORAL, PINE, DENIM, GOLD, LILAC))
        c.line([at(-0.7, -0.5), at(0.3, -0.5)], 15, lighter(tone, 0.2), straight=True)
        for i in range(5):
            c.line(
                [at(-0.7, -0.16 + i * 0.2), at((0.7, 0.6, 0.74, 0.5, 0.2)[i], -0.16 + i * 0.2)],
                7,
                darker(card, 0.16),
                200,
                straight=True,
            )
        for i in range(3):
            leaf(c, *at(0.62, 0.78), h * 0.34, -90 + (i - 1) * 42, MOSS, 0.44)
    elif kind == 3:
        for i in range(3):
            leaf(c, *at(0, 0.1), w * 0.95, angle + 40 + i * 50, LEAF, 0.4)
        blossom(c, *at(0, 0.02), w * 0.56, lighter(rng.choice((ROSE, APRICOT, GOLD, LILAC)), 0.2))
    else:
        for i in range(20):
            t = i / 20 * 2 * pi
            px, py = 16 * sin(t) ** 3 / 24, -(13 * cos(t) - 5 * cos(2 * t) - 2 * cos(3 * t) - cos(4 * t)) / 24
            blossom(c, *at(px, py + 0.04), w * 0.17, rng.choice((BLOSSOM, lighter(CORAL, 0.3), lighter(ROSE, 0.2))))
