"""Hair, from bunches to a perm."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

from .brush import Canvas, Colour, darker, lighter, mix, spline
from .palette import CORAL, ink

DARK_HAIR = tuple(map(ink, ("2F2B2A", "3A322E", "4A3A31", "33302F", "5A4436")))
CROWN = ((-1.04, -0.3), (-0.86, -0.86), (0, -1.14), (0.86, -0.86), (1.04, -0.3), (0.6, -0.54), (0, -0.6), (-0.6, -0.54))
GREY_HAIR = tuple(map(ink, ("D8D5CF", "B5B2AD", "EDEAE4", "8F8C89")))


def hair_behind(c: Canvas, x: float, y: float, rx: float, ry: float, hair: Colour, style: int, child: bool) -> None:
    """The hair behind the head: bob, long, bun or bunches."""
    back = darker(hair, 0.12)
    c.oval(x, y - ry * 0.12, rx * 1.16, ry * 1.06, back)
    if style == 0:
        c.shape(
            [
                (x - rx * 1.16, y - ry * 0.3),
                (x - rx * 1.26, y + ry * 0.7),
                (x - rx * 0.9, y + ry * 1.12),
                (x + rx * 0.9, y + ry * 1.12),
                (x + rx * 1.26, y + ry * 0.7),
                (x + rx * 1.16, y - ry * 0.3),
            ],
            back,
        )
    elif style == 1:
        c.shape(
            [
                (x - rx * 1.14, y - ry * 0.4),
                (x - rx * 1.3, y + ry * 0.9),
                (x - rx * 1.2, y + ry * 1.9),
                (x, y + ry * 1.7),
                (x + rx * 1.2, y + ry * 1.9),
                (x + rx * 1.3, y + ry * 0.9),
                (x + rx * 1.14, y - ry * 0.4),
            ],
            back,
        )
    elif style == 2:
        c.oval(x + rx * 0.1, y - ry * 1.18, rx * 0.46, ry * 0.36, back)
        c.oval(x + rx * 0.02, y - ry * 1.24, rx * 0.2, ry * 0.12, lighter(hair, 0.2), 140)
    elif style == 4 and child:
        for side in (-1, 1):
            c.oval(x + side * rx * 0.74, y - ry * 1.02, rx * 0.36, ry * 0.34, back)
            c.oval(x + side * rx * 0.7, y - ry * 1.1, rx * 0.14, ry * 0.1, lighter(hair, 0.2), 140)
    elif style == 4:
        # A perm, as grandmothers wear it; the young have it longer.
        low = 0.5 if c.rng.random() < 0.6 else 1.0
        for i in range(17):
            a = -pi / 2 + (i - 8) / 8 * pi * (0.62 + 0.12 * low)
            c.blob(x + cos(a) * rx * 1.1, y - ry * 0.04 + sin(a) * ry * 1.06, rx * 0.3, ry * 0.27, mix(back, hair, (i % 3) / 2))
    elif child:
        for side in (-1, 1):
            c.shape(
                [
                    (x + side * rx * 0.95, y - ry * 0.2),
                    (x + side * rx * 1.5, y - ry * 0.1),
                    (x + side * rx * 1.55, y + ry * 0.7),
                    (x + side * rx * 1.2, y + ry * 1.0),
                    (x + side * rx * 1.1, y + ry * 0.3),
                ],
                back,
            )
            c.oval(x + side * rx * 1.08, y + ry * 0.02, 26, 30, CORAL)
    else:
        c.shape(
            [
                (x + rx * 0.6, y + ry * 0.2),
                (x + rx * 1.2, y + ry * 0.5),
                (x + rx * 1.05, y + ry * 1.3),
                (x + rx * 0.8, y + ry * 2),
                (x + rx * 0.5, y + ry * 1.3),
            ],
            back,
        )


def fringe(c: Canvas, x: float, y: float, rx: float, ry: float, hair: Colour, style: int, age: str, gender: str) -> None:
    """The hair over the brow."""
    part = c.rng.choice((-1, 1))
    shine = lighter(hair, 0.22)

    def at(points: Sequence) -> list:
        return [(x + part * px * rx, y + py * ry) for px, py in points]

    if gender == "m":
        if age == "elder" and style == 0:
            for side in (-1, 1):
                c.shape(
                    [
                        (x + side * px * rx, y + py * ry)
                        for px, py in ((0.84, -0.62), (1.06, -0.4), (1.08, 0.08), (0.94, -0.06), (0.88, -0.36))
                    ],
                    hair,
                )
            return
        crown = [
            (-1.06, 0.0),
            (-1.1, -0.5),
            (-0.8, -1.0),
            (-0.1, -1.22),
            (0.6, -1.14),
            (1.06, -0.7),
            (1.08, 0.0),
            (0.95, -0.1),
            (0.9, -0.46),
        ]
        if style == 3:
            # Tousled: tufts along the brow and over the crown.
            c.shape(at(CROWN), hair)
            for i in range(11):
                a = -pi + (i + 0.5) * pi / 11
                c.blob(
                    x + cos(a) * rx * 0.92,
                    y - ry * 0.42 + sin(a) * ry * 0.62,
                    rx * 0.27,
                    ry * 0.2,
                    mix(hair, shine, (i % 3) * 0.12),
                )
            for i in range(6):
                c.blob(
                    x + (i - 2.5) * rx * 0.33,
                    y - ry * (0.62 + 0.05 * (i % 2)),
                    rx * 0.24,
                    ry * 0.17,
                    mix(hair, shine, (i % 2) * 0.16),
                )
            return
        rims = (
            [(0.5, -0.66), (-0.1, -0.56), (-0.5, -0.72), (-0.86, -0.46), (-0.94, -0.1)],
            [(0.62, -0.52), (0.3, -0.42), (-0.1, -0.5), (-0.5, -0.42), (-0.84, -0.4), (-0.94, -0.1)],
            [(0.56, -0.72), (0, -0.78), (-0.56, -0.72), (-0.88, -0.44), (-0.94, -0.1)],
        )
        outline = spline(at(crown + list(rims[style])), closed=True, steps=6)
    elif style == 4 and age != "child":
        c.shape(at(CROWN), hair)
        for i in range(8):
            t = (i - 3.5) / 3.5
            c.blob(x + t * rx * 0.86, y - ry * (0.74 - 0.34 * t * t), rx * 0.26, ry * 0.2, mix(hair, shine, (i % 3) * 0.13))
        return
    elif style in (0, 3) or age == "child":
        outline = spline(
            at(
                [
                    (-1.1, 0.12),
                    (-1.14, -0.5),
                    (-0.7, -1.06),
                    (0, -1.2),
                    (0.7, -1.06),
                    (1.14, -0.5),
                    (1.1, 0.12),
                    (0.94, 0.0),
                    (0.88, -0.3),
                    (0.5, -0.36),
                    (0, -0.32),
                    (-0.5, -0.36),
                    (-0.88, -0.3),
                    (-0.94, 0),
                ]
            ),
            closed=True,
            steps=6,
        )
    else:
        outline = spline(
            at(
                [
                    (-1.12, 0.3),
                    (-1.14, -0.5),
                    (-0.7, -1.06),
                    (0, -1.2),
                    (0.7, -1.06),
                    (1.14, -0.5),
                    (1.12, 0.3),
                    (0.98, 0.06),
                    (0.86, -0.34),
                    (0.44, -0.74),
                    (0.3, -0.86),
                    (-0.1, -0.58),
                    (-0.6, -0.36),
                    (-0.92, -0.02),
                    (-0.98, 0.2),
                ]
            ),
            closed=True,
            steps=6,
        )
    c.poly(outline, hair)
    with c.clip(outline):
        c.line(at([(-0.78, -0.6), (-0.3, -0.94), (0.3, -0.98)]), 26, shine, 120, end=8)
        for k in range(4):
            c.line(
                at([(0.3 - 0.3 * k, -1.15), (0.1 - 0.3 * k, -0.7), (-0.05 - 0.28 * k, -0.3)]), 4, darker(hair, 0.25), 120, end=2
            )
