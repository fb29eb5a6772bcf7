"""Cats and dogs, and the walk in the park."""

from __future__ import annotations

from .brush import Canvas, darker, lighter, mix, oval, spline
from .buildings import skyline, tower
from .palette import (
    BLOSSOM,
    CORAL,
    DAWN,
    DAY,
    DENIM,
    FRESH,
    GOLD,
    GOLDEN,
    LEAF,
    MOSS,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    WHITE,
    Mood,
    ink,
    petals_in_air,
    sky,
)
from .people import bench, lamp, person
from .plants import bush, grass, tree

COATS = (
    (ink("E9A861"), ink("FBEBD3"), ink("CC8443")),
    (ink("8F9499"), ink("EEF0EE"), ink("6B7178")),
    (ink("FBF4E8"), ink("FFFDF8"), ink("E2A768")),
    (ink("4A4A50"), ink("F4F0EA"), ink("36363C")),
    (ink("C9A27C"), ink("F6E9D8"), ink("8E6A4C")),
)


def sitting_cat(c: Canvas, x: float, y: float, height: float, mood: Mood, coat: int, side: int) -> None:
    """A cat sitting upright, its tail hanging or curled; `side` is where it looks."""
    rng = c.rng
    fur, bib, mark = (mood(tone) for tone in COATS[coat % len(COATS)])
    h = height
    c.shade(x, y, h * 0.36, h * 0.05, 120)
    tail = [
        (x - side * h * 0.16, y - h * 0.05),
        (x - side * h * 0.36, y - h * 0.03),
        (x - side * h * 0.46, y + h * 0.1),
        (x - side * h * 0.4, y + h * 0.25),
    ]
    c.line(tail, h * 0.085, darker(fur, 0.1), end=h * 0.07)
    c.oval(*tail[-1], h * 0.037, h * 0.037, mark)
    body = [
        (x - h * 0.1, y - h * 0.62),
        (x - h * 0.2, y - h * 0.4),
        (x - h * 0.28, y - h * 0.14),
        (x - h * 0.22, y),
        (x, y + h * 0.012),
        (x + h * 0.22, y),
        (x + h * 0.28, y - h * 0.14),
        (x + h * 0.2, y - h * 0.4),
        (x + h * 0.1, y - h * 0.62),
    ]
    outline = spline(body, closed=True)
    c.poly(outline, fur)
    with c.clip(outline):
        c.oval(x + side * h * 0.02, y - h * 0.36, h * 0.1, h * 0.2, bib)
        for i in range(4):
            ty = y - h * 0.5 + i * h * 0.11
            for s in (-1, 1):
                c.line(
                    [(x + s * h * 0.34, ty), (x + s * h * 0.2, ty + h * 0.02), (x + s * h * 0.15, ty + h * 0.045)],
                    h * 0.03,
                    mark,
                    220,
                    end=4,
                )
        c.oval(x - side * h * 0.3, y - h * 0.15, h * 0.16, h * 0.5, darker(fur, 0.3), 80)
    for s in (-1, 1):
        c.line(
            [(x + s * h * 0.065, y - h * 0.34), (x + s * h * 0.06, y - h * 0.02)], h * 0.085, lighter(fur, 0.08), straight=True
        )
        c.oval(x + s * h * 0.066, y - h * 0.012, h * 0.058, h * 0.032, bib)
        c.oval(x + s * h * 0.22, y - h * 0.015, h * 0.075, h * 0.034, lighter(fur, 0.06))
    hx, hy, r = x + side * h * 0.025, y - h * 0.74, h * 0.19
    for s in (-1, 1):
        c.shape([(hx + s * r * 0.22, hy - r * 0.7), (hx + s * r * 0.86, hy - r * 1.42), (hx + s * r * 1.02, hy - r * 0.3)], fur)
        c.shape(
            [(hx + s * r * 0.44, hy - r * 0.75), (hx + s * r * 0.8, hy - r * 1.18), (hx + s * r * 0.9, hy - r * 0.5)],
            mix(fur, mood(ROSE), 0.55),
        )
    face = spline(
        [
            (hx - r * 1.1, hy + r * 0.15),
            (hx - r * 0.88, hy - r * 0.58),
            (hx, hy - r * 0.86),
            (hx + r * 0.88, hy - r * 0.58),
            (hx + r * 1.1, hy + r * 0.15),
            (hx + r * 0.62, hy + r * 0.74),
            (hx, hy + r * 0.86),
            (hx - r * 0.62, hy + r * 0.74),
        ],
        closed=True,
    )
    c.poly(face, fur)
    with c.clip(face):
        for k in (-1, 0, 1):
            c.line([(hx + k * r * 0.26, hy - r * 0.95), (hx + k * r * 0.2, hy - r * 0.5)], r * 0.13, mark, end=3, straight=True)
        for s in (-1, 1):
            c.oval(hx + s * r * 0.24, hy + r * 0.42, r * 0.34, r * 0.3, bib)
            c.line([(hx + s * r * 1.2, hy + r * 0.1), (hx + s * r * 0.8, hy + r * 0.16)], r * 0.09, mark, end=3, straight=True)
            c.oval(hx + s * r * 0.74, hy + r * 0.3, r * 0.2, r * 0.13, mood(ROSE), 90)
    sleepy = rng.random() < 0.35
    for s in (-1, 1):
        ex = hx + s * r * 0.45 + side * r * 0.05
        if sleepy:
            c.line([(ex - r * 0.2, hy - r * 0.02), (ex, hy + r * 0.1), (ex + r * 0.2, hy - r * 0.02)], r * 0.075, ink("3A302E"))
        else:
            c.oval(ex, hy - r * 0.02, r * 0.2, r * 0.22, mood(ink("F0D58A") if coat != 1 else ink("BFD9A4")))
            c.oval(ex + side * r * 0.04, hy - r * 0.02, r * 0.11, r * 0.19, ink("33302F"))
            c.oval(ex + side * r * 0.07, hy - r * 0.1, r * 0.05, r * 0.055, WHITE)
    c.shape([(hx - r * 0.11, hy + r * 0.24), (hx + r * 0.11, hy + r * 0.24), (hx, hy + r * 0.36)], mood(ink("D98880")))
    for s in (-1, 1):
        c.line(
            [(hx, hy + r * 0.36), (hx + s * r * 0.1, hy + r * 0.47), (hx + s * r * 0.22, hy + r * 0.44)], r * 0.045, ink("5A463E")
        )
        for k in (-1, 1):
            c.line(
                [(hx + s * r * 0.5, hy + r * (0.42 + k * 0.04)), (hx + s * r * 1.28, hy + r * (0.36 + k * 0.12))],
                r * 0.022,
                WHITE,
                210,
                straight=True,
            )
    c.line(
        [(hx - r * 0.52, hy + r * 0.8), (hx, hy + r * 0.98), (hx + r * 0.52, hy + r * 0.8)],
        r * 0.13,
        mood((CORAL, PINE, DENIM, GOLD)[coat % 4]),
    )
    c.oval(hx, hy + r * 1.06, r * 0.12, r * 0.12, mood(GOLD))


def dog(c: Canvas, x: float, y: float, height: float, mood: Mood, kind: int, side: int) -> tuple[float, float]:
    """A trotting dog; the place of its collar."""
    rng = c.rng
    fur, bib, mark = (
        mood(tone)
        for tone in (
            (ink("E3B06E"), ink("FBEBD3"), ink("C28A4A")),
            (ink("FAF2E4"), WHITE, ink("C9A27C")),
            (ink("7A5A48"), ink("E9D6BE"), ink("5B4236")),
            (ink("5A5C62"), ink("F2EEE8"), ink("44464C")),
        )[kind % 4]
    )
    h, s = height, side
    c.soft(oval(x, y + 2, h * 0.66, h * 0.06), mood.shadow, 110, h * 0.04)
    c.line(
        [(x - s * h * 0.46, y - h * 0.62), (x - s * h * 0.66, y - h * 0.76), (x - s * h * 0.64, y - h * 1.0)],
        h * 0.12,
        mark,
        end=h * 0.05,
    )
    for dx, lift in ((-0.36, 0.1), (0.3, -0.12)):
        c.line(
            [(x + s * dx * h, y - h * 0.42), (x + s * (dx + lift) * h, y - h * 0.2), (x + s * (dx + lift * 0.6) * h, y)],
            h * 0.12,
            darker(fur, 0.16),
            end=h * 0.08,
        )
    body = [
        (x - s * h * 0.54, y - h * 0.56),
        (x - s * h * 0.3, y - h * 0.74),
        (x + s * h * 0.2, y - h * 0.72),
        (x + s * h * 0.48, y - h * 0.66),
        (x + s * h * 0.44, y - h * 0.36),
        (x, y - h * 0.34),
        (x - s * h * 0.44, y - h * 0.32),
    ]
    outline = spline(body, closed=True)
    c.poly(outline, fur)
    with c.clip(outline):
        c.oval(x + s * h * 0.4, y - h * 0.4, h * 0.2, h * 0.18, bib)
        c.oval(x - s * h * 0.2, y - h * 0.74, h * 0.24, h * 0.14, mark, 200)
    for dx, lift in ((-0.42, -0.14), (0.36, 0.12)):
        foot = (x + s * (dx + lift) * h, y)
        c.line([(x + s * dx * h, y - h * 0.44), (x + s * (dx + lift * 0.3) * h, y - h * 0.2), foot], h * 0.14, fur, end=h * 0.09)
        c.oval(foot[0] + s * h * 0.03, y - h * 0.01, h * 0.08, h * 0.045, bib)
    neck = (x + s * h * 0.46, y - h * 0.74)
    c.line([(x + s * h * 0.36, y - h * 0.58), (x + s * h * 0.52, y - h * 0.94)], h * 0.28, fur, end=h * 0.24, straight=True)
    hx, hy, r = x + s * h * 0.56, y - h * 1.04, h * 0.22
    c.oval(hx, hy, r, r * 0.92, fur)
    c.oval(hx + s * r * 0.8, hy + r * 0.3, r * 0.62, r * 0.42, bib)
    c.oval(hx + s * r * 1.34, hy + r * 0.16, r * 0.17, r * 0.14, ink("33302F"))
    c.line(
        [(hx + s * r * 0.7, hy + r * 0.58), (hx + s * r * 1.0, hy + r * 0.6), (hx + s * r * 1.2, hy + r * 0.46)],
        r * 0.07,
        ink("5A463E"),
    )
    c.shape(
        [(hx + s * r * 0.84, hy + r * 0.6), (hx + s * r * 1.06, hy + r * 0.58), (hx + s * r * 1.0, hy + r * 0.92)],
        mood(ink("E58A86")),
    )
    c.oval(hx + s * r * 0.42, hy - r * 0.16, r * 0.11, r * 0.13, ink("33302F"))
    c.oval(hx + s * r * 0.46, hy - r * 0.21, r * 0.04, r * 0.045, WHITE)
    if kind % 2:
        c.shape([(hx - s * r * 0.75, hy - r * 0.5), (hx - s * r * 0.5, hy - r * 1.5), (hx + s * r * 0.1, hy - r * 0.8)], mark)
    else:
        c.shape(
            [
                (hx - s * r * 0.2, hy - r * 0.84),
                (hx - s * r * 0.8, hy - r * 0.6),
                (hx - s * r * 0.95, hy + r * 0.5),
                (hx - s * r * 0.45, hy + r * 0.7),
                (hx - s * r * 0.15, hy),
            ],
            mark,
        )
    c.line(
        [
            (neck[0] - s * h * 0.1, neck[1] - h * 0.03),
            (neck[0], neck[1] + h * 0.05),
            (neck[0] + s * h * 0.14, neck[1] + h * 0.02),
        ],
        h * 0.06,
        mood((CORAL, DENIM, GOLD, ROSE)[rng.randrange(4)]),
    )
    return neck


def dog_walk(c: Canvas) -> None:
    """Someone and a dog in the park."""
    rng = c.rng
    mood = c.turn((FRESH, GOLDEN, DAY, ROSY, DAWN))
    horizon = c.h * rng.uniform(0.5, 0.56)
    sky(c, mood, horizon)
    skyline(c, mood, horizon, 0.68, 1.3)
    tower(c, c.w * rng.choice((0.1, 0.72)), horizon, 180, c.h * 0.32, mood, 0.42)
    for i in range(round(c.w / 90) + 1):
        bush(c, i * 90 + rng.uniform(-20, 20), horizon + 16, rng.uniform(54, 84), mood, rng.choice((MOSS, PINE, LEAF)), 0.34)
    lawn = mood(mix(LEAF, SPROUT, 0.45))
    c.wash(
        (mix(lawn, mood.sky[-1], 0.3), lawn, mood(mix(MOSS, LEAF, 0.4))),
        [(0, horizon + 10), (c.w, horizon + 10), (c.w, c.h), (0, c.h)],
    )
    for i in range(4):
        x = c.w * (0.06 + 0.3 * i) + rng.uniform(-60, 60)
        tree(
            c,
            x,
            horizon + rng.uniform(40, 80),
            c.h * rng.uniform(0.34, 0.46),
            mood,
            rng.choice((MOSS, LEAF, PINE)),
            0.14,
            rng.random() < 0.5,
        )
    walk = mood(ink("EFE0C6"))
    top, low = c.h * 0.8, c.h * 0.93
    far = spline([(-40, top + 16), (c.w * 0.35, top - 14), (c.w * 0.7, top + 14), (c.w + 40, top - 12)])
    near = spline([(-40, low + 20), (c.w * 0.35, low - 10), (c.w * 0.7, low + 22), (c.w + 40, low - 6)])
    c.wash((lighter(walk, 0.3), darker(walk, 0.06)), far + near[::-1])
    for edge in (far, near):
        c.line(edge, 5, darker(walk, 0.14), 150, straight=True)
    bench(c, c.w * c.turn((0.8, 0.2)), c.h * 0.77, 200, mood)
    lamp(c, c.w * c.turn((0.66, 0.34, 0.7)), c.h * 0.78, c.h * 0.33, mood, False)
    side = c.turn((1, -1, -1, 1))
    tall = min(c.h * 0.36, 380)
    px, py = c.w / 2 - side * 130, c.h * 0.89
    collar = dog(c, px + side * 290, py + 10, tall * 0.36, mood, c.seed % 4, side)
    hand = (px + side * tall * 0.2, py - tall * 0.46)
    person(c, px, py, tall, mood, side=side, arm=hand)
    c.line([hand, ((hand[0] + collar[0]) / 2, max(hand[1], collar[1]) + 12), collar], 4, mood(ink("8A5A4C")))
    if c.turn((False, True)) and c.w > 1100:
        second = dog(c, px + side * 430, py - 16, tall * 0.25, mood, c.seed % 4 + 1, side)
        c.line([hand, ((hand[0] + second[0]) / 2, hand[1] - 4), second], 4, mood(ink("5F7A86")))
    grass(c, low + 20, c.h * 1.02, mood, LEAF, 34, (WHITE, GOLD, BLOSSOM, CORAL))
    petals_in_air(c, 14, mood(BLOSSOM), (0, c.h * 0.3, c.w, c.h))
