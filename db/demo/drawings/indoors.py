"""Scenes by the window and on the table in the living room."""

from __future__ import annotations

from math import cos, pi, sin

from .animals import sitting_cat
from .brush import Canvas, Colour, box, darker, lighter, mix, oval, spline
from .buildings import skyline, tower
from .palette import (
    APRICOT,
    BLOSSOM,
    BUTTER,
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
    MIST,
    MOSS,
    PEACH,
    PINE,
    ROSE,
    ROSY,
    SPROUT,
    WHITE,
    Mood,
    ink,
    sky,
)
from .plants import blossom, foliage, leaf, tree
from .table import GLAZES, SETTINGS, cup, curtain, linen, shelf_plant, stage, vase, weave, window


def _view(c: Canvas, mood: Mood, base: float) -> None:
    """What is outside the window: sky, towers and treetops, or a garden."""
    rng = c.rng
    sky(c, mood, base)
    kind = c.turn((0, 1, 2))
    skyline(c, mood, base, 0.62, 2)
    if kind != 1:
        for i in range(3):
            tower(
                c,
                c.w * (0.1 + 0.3 * i) + rng.uniform(-40, 40),
                base,
                rng.uniform(120, 170),
                base * rng.uniform(0.45, 0.75),
                mood,
                0.3,
            )
    for i in range(round(c.w / 130) + 1):
        if kind == 1:
            tree(
                c,
                i * 150 + rng.uniform(-30, 30),
                base + 60,
                rng.uniform(300, 420),
                mood,
                rng.choice((MOSS, LEAF)),
                0.14,
                rng.random() < 0.6,
            )
        else:
            foliage(c, i * 130, base - 10, 110, 100, mood(mix(MOSS, PINE, rng.random()), 0.18), 14)


def book_and_tea(c: Canvas) -> None:
    """An open book, glasses and tea by a window."""
    rng = c.rng
    mood = c.turn((DAY, GOLDEN, MIST, ROSY, DUSK, FRESH))
    wall, cloth, ware = c.turn(SETTINGS, 1)
    sill = c.h * rng.uniform(0.44, 0.5)
    _view(c, mood, sill)
    _wall_with_window(c, mood, mood(wall), sill)
    flip = c.turn((1, -1))
    wood = mood(c.turn((ink("D9B488"), ink("C69A72"), ink("E6CDA8"))))
    c.wash((lighter(wood, 0.25), wood, darker(wood, 0.1)), [(0, sill + 30), (c.w, sill + 30), (c.w, c.h), (0, c.h)])
    c.soft([(0, sill + 30), (c.w, sill + 30), (c.w, sill + 44), (0, sill + 44)], lighter(wood, 0.7), 150, 8)
    weave(c, sill + 30, wood, c.turn((1, 2, 3), 2))
    for i in range(2):
        x = c.w * (0.24 + 0.36 * i)
        c.soft([(x, sill + 40), (x + 200, sill + 40), (x + 330, c.h), (x + 70, c.h)], mood.sun, 66, 14)
    kind = c.turn((0, 1, 2))
    px, py = c.w / 2 - flip * c.w * 0.37, sill + 120
    if kind == 0:
        shelf_plant(c, px, py, 300, mood(MOSS), mood(c.turn(GLAZES)))
    else:
        vase(c, px, py, 190, mood(c.turn(GLAZES)))
        for i in range(5):
            a = -90 + (i - 2) * 19
            tip = (px + cos(a * pi / 180) * 170, py - 185 + sin(a * pi / 180) * 170)
            c.line([(px, py - 185), tip], 6, mood(MOSS))
            leaf(c, (px + tip[0]) / 2, (py - 185 + tip[1]) / 2, 70, a + (40 if i % 2 else -40), mood(MOSS))
            blossom(c, *tip, rng.uniform(38, 50), mood(lighter(rng.choice((ROSE, APRICOT, GOLD, LILAC)), 0.3)))
    cup(c, c.w / 2 + flip * c.w * 0.33, c.h * 0.7, 96, mood(ware), mood(ink("B9713F")), True, c.turn((LEAF, None, ROSE)))
    by, size = c.h * 0.82, min(430, c.w * 0.4)
    _book(c, c.w / 2 - flip * c.w * 0.06, by, size, mood(c.turn((CORAL, PINE, DENIM, GOLD))))
    _spectacles(c, c.w / 2 + flip * c.w * 0.31, c.h * 0.91, 62)


def _wall_with_window(c: Canvas, mood: Mood, wall: Colour, sill: float) -> None:
    """The wall around the view, with the frame and curtains."""
    x0, x1, y0 = c.w * 0.16, c.w * 0.84, c.h * 0.06
    for part in ((0, 0, x0, sill + 40), (x1, 0, c.w, sill + 40), (0, 0, c.w, y0)):
        c.box(*part, wall)
    window(c, x0, y0, x1, sill - 10, mood(WHITE), 2 if c.w < 1200 else 3)
    c.box(x0 - 50, sill + 8, x1 + 50, sill + 30, mood(WHITE))
    cloth = mood(c.turn((PEACH, MINT, ink("F3DDE0"), ink("F6E8C4"))))
    curtain(c, -10, c.w * 0.2, sill + 6, cloth)
    curtain(c, c.w * 0.8, c.w + 10, sill + 6, cloth)


def _book(c: Canvas, x: float, y: float, size: float, cover: Colour) -> None:
    """An open book lying flat; its lines are mere strokes."""
    c.soft(box(x - size * 1.02, y - size * 0.26, x + size * 1.06, y + size * 0.42), (70, 62, 78), 110, 16)
    c.poly(
        [
            (x - size * 0.86, y - size * 0.38),
            (x + size * 0.86, y - size * 0.38),
            (x + size * 1.05, y + size * 0.38),
            (x - size * 1.05, y + size * 0.38),
        ],
        cover,
    )
    page = ink("FFFAEC")
    for side in (-1, 1):
        far = spline(
            [
                (x, y - size * 0.36),
                (x + side * size * 0.2, y - size * 0.45),
                (x + side * size * 0.55, y - size * 0.43),
                (x + side * size * 0.83, y - size * 0.38),
            ],
            steps=6,
        )
        near = spline(
            [
                (x, y + size * 0.34),
                (x + side * size * 0.26, y + size * 0.23),
                (x + side * size * 0.68, y + size * 0.26),
                (x + side * size * 1.0, y + size * 0.33),
            ],
            steps=6,
        )
        for k in (16, 8):
            c.poly([(px, py + k) for px, py in far + near[::-1]], darker(page, 0.16 - k / 200))
        outline = far + near[::-1]
        c.wash((darker(page, 0.14), page, page) if side > 0 else (page, page, darker(page, 0.14)), outline, across=True)
        for row in range(9):
            t = 0.13 + row * 0.088
            if row == 3 and side > 0:
                continue
            pts = []
            for u in (0.14, 0.34, 0.6, 0.86 if row % 4 != 3 else 0.55):
                i = u * (len(far) - 1)
                j, f = int(i), i - int(i)
                fx, fy = far[j][0] + (far[j + 1][0] - far[j][0]) * f, far[j][1] + (far[j + 1][1] - far[j][1]) * f
                nx, ny = near[j][0] + (near[j + 1][0] - near[j][0]) * f, near[j][1] + (near[j + 1][1] - near[j][1]) * f
                pts.append((fx + (nx - fx) * t, fy + (ny - fy) * t))
            c.line(pts, size * 0.013, ink("B8AA98"), 150)
    c.line([(x, y - size * 0.36), (x, y + size * 0.35)], 5, darker(page, 0.25), 190, straight=True)
    c.line(
        [(x + size * 0.03, y - size * 0.36), (x + size * 0.1, y), (x + size * 0.05, y + size * 0.47)],
        size * 0.035,
        mix(cover, CORAL, 0.5),
    )
    leaf(c, x + size * 0.42, y + size * 0.06, size * 0.26, -28, mix(MOSS, GOLD, 0.2), 0.4)
    blossom(c, x + size * 0.45, y + size * 0.07, size * 0.07, lighter(ROSE, 0.3))


def _spectacles(c: Canvas, x: float, y: float, r: float) -> None:
    """A folded pair of glasses."""
    frame = c.turn((ink("6B4E3D"), ink("4A5A66"), ink("B0785A")))
    c.shade(x, y + 14, r * 2.2, 20, 80)
    for side in (-1, 1):
        c.line(
            [(x + side * r * 1.98, y - 6), (x + side * r * 1.2, y - r * 0.75), (x - side * r * 0.7, y - r * 0.86)],
            8,
            darker(frame, 0.1),
            end=6,
        )
    for side in (-1, 1):
        ring = oval(x + side * r * 1.06, y, r * 0.9, r * 0.66)
        c.poly(ring, WHITE, 80)
        c.loop(ring, 10, frame)
        c.line([(x + side * r * 1.06 - 20, y + 12), (x + side * r * 1.06 + 14, y - 20)], 6, WHITE, 170, straight=True)
    c.line([(x - r * 0.18, y - 4), (x, y - 16), (x + r * 0.18, y - 4)], 10, frame)


def cat(c: Canvas) -> None:
    """A cat on the windowsill."""
    rng = c.rng
    mood = c.turn((GOLDEN, DAY, ROSY, MIST, FRESH, DUSK))
    sill = c.h * rng.uniform(0.77, 0.81)
    _view(c, mood, sill)
    wall = mood(c.turn(SETTINGS)[0])
    x0, x1, y0 = c.w * 0.13, c.w * 0.87, c.h * 0.07
    for part in ((0, 0, x0, c.h), (x1, 0, c.w, c.h), (0, 0, c.w, y0)):
        c.box(*part, wall)
    window(c, x0, y0, x1, sill - 8, mood(WHITE), 2)
    cloth = mood(c.turn((MINT, PEACH, ink("DCECF2"), BUTTER)))
    curtain(c, -10, c.w * 0.17, c.h * 0.9, cloth)
    curtain(c, c.w * 0.83, c.w + 10, c.h * 0.9, cloth)
    c.wash((mood(wall), darker(mood(wall), 0.1)), [(0, sill + 50), (c.w, sill + 50), (c.w, c.h), (0, c.h)])
    c.soft([(0, sill + 60), (c.w, sill + 60), (c.w, sill + 84), (0, sill + 84)], mood.shadow, 90, 14)
    plank = mood(ink("F4E6CF"))
    c.wash((lighter(plank, 0.3), plank), box(c.w * 0.03, sill - 6, c.w * 0.97, sill + 40))
    c.wash((darker(plank, 0.08), darker(plank, 0.16)), box(c.w * 0.03, sill + 40, c.w * 0.97, sill + 66))
    flip = c.turn((-1, 1))
    shelf_plant(c, c.w / 2 - flip * c.w * 0.27, sill + 24, 270, mood(MOSS), mood(c.turn(GLAZES)))
    sitting_cat(c, c.w / 2 + flip * c.w * 0.1, sill + 34, 520, mood, c.seed % 5, flip)
    if c.turn((False, True, True)):
        cup(c, c.w / 2 + flip * c.w * 0.31, sill + 26, 50, mood(c.turn(GLAZES)), mood(ink("B9713F")), True)


def gift(c: Canvas) -> None:
    """A small wrapped present with flowers."""
    rng = c.rng
    wall, cloth, _ = c.turn(SETTINGS)
    edge = c.h * rng.uniform(0.44, 0.52)
    stage(c, edge, wall, cloth, c.h > c.w * 1.1)
    weave(c, edge, cloth, c.turn((3, 2, 1, 0)))
    flip = c.turn((1, -1, 1))
    paper, band = c.turn(
        ((ink("E8D3B0"), CORAL), (ink("9CC0A4"), CREAM), (BLOSSOM, PINE), (ink("A9C6D6"), GOLD), (CORAL, BUTTER), (BUTTER, DENIM))
    )
    vx, vy = c.w / 2 - flip * c.w * 0.25, c.h * 0.72
    for i in range(9):
        a = -90 + (i - 4) * 15 + rng.uniform(-4, 4)
        reach = rng.uniform(190, 280)
        tip = (vx + cos(a * pi / 180) * reach, vy - 230 + sin(a * pi / 180) * reach)
        c.line([(vx, vy - 220), tip], 6, MOSS)
        leaf(
            c,
            (vx * 0.4 + tip[0] * 0.6),
            (vy - 230) * 0.4 + tip[1] * 0.6,
            80,
            a + (44 if i % 2 else -44),
            mix(MOSS, SPROUT, rng.random() * 0.5),
        )
        if i % 3 == 1:
            leaf(c, *tip, 90, a, LEAF, 0.4)
        else:
            blossom(
                c,
                *tip,
                rng.uniform(44, 66),
                lighter(rng.choice((ROSE, APRICOT, GOLD, WHITE, LILAC)), 0.25),
                GOLD,
                rng.choice((5, 6)),
            )
    vase(c, vx, vy, 240, c.turn(GLAZES))
    x, y, s = c.w / 2 + flip * c.w * 0.13, c.h * 0.88, min(500, c.w * 0.46)
    linen(
        c,
        [(x - s * 0.9, y - 70), (x + s * 0.5, y - 130), (x + s * 0.95, y + 50), (x - s * 0.5, y + 110)],
        mix(band, WHITE, 0.65),
        mix(band, WHITE, 0.2),
    )
    _parcel(c, x, y, s, paper, band)
    for _ in range(7):
        px, py = c.w * rng.uniform(0.08, 0.92), c.h * rng.uniform(0.87, 0.97)
        c.poly(oval(px, py, 17, 9, rng.uniform(0, 180), 16), lighter(ROSE, 0.45))


def _parcel(c: Canvas, x: float, y: float, s: float, paper: Colour, band: Colour) -> None:
    """A box with a ribbon and a bow, seen slightly from above."""
    w, h, lid = s * 0.5, s * 0.56, s * 0.26
    c.shade(x + s * 0.1, y, s * 0.64, s * 0.13, 130)
    c.wash((paper, darker(paper, 0.12)), [(x - w, y - h), (x + w, y - h), (x + w * 0.98, y), (x - w * 0.98, y)])
    with c.clip([(x - w, y - h), (x + w, y - h), (x + w * 0.98, y), (x - w * 0.98, y)]):
        kind = c.turn((0, 1, 2), 2)
        for i in range(40):
            px, py = x - w + (i % 8 + (i // 8 % 2) * 0.5) * w * 0.27, y - h + (i // 8 + 0.5) * h * 0.22
            if kind == 0:
                c.oval(px, py, 7, 7, lighter(paper, 0.5))
            elif kind == 1:
                leaf(c, px, py, 34, -50, lighter(paper, 0.4), 0.4, False)
        if kind == 2:
            for i in range(9):
                c.box(x - w + i * w * 0.25, y - h, x - w + i * w * 0.25 + 12, y, lighter(paper, 0.4), 200)
    top = [(x - w * 1.04, y - h), (x - w * 0.8, y - h - lid), (x + w * 0.8, y - h - lid), (x + w * 1.04, y - h)]
    c.poly(top, lighter(paper, 0.25))
    c.box(x - w * 1.05, y - h - 3, x + w * 1.05, y - h + s * 0.1, lighter(paper, 0.12))
    c.box(x - w * 1.03, y - h + s * 0.1, x + w * 1.03, y - h + s * 0.12, darker(paper, 0.25), 130)
    c.poly(
        [
            (x - s * 0.06, y),
            (x + s * 0.06, y),
            (x + s * 0.06, y - h),
            (x + s * 0.045, y - h - lid),
            (x - s * 0.045, y - h - lid),
            (x - s * 0.06, y - h),
        ],
        band,
    )
    c.box(x + s * 0.02, y - h, x + s * 0.06, y, darker(band, 0.14), 160)
    my = y - h - lid * 0.5
    c.poly([(x - w * 0.93, my + 14), (x + w * 0.93, my + 14), (x + w * 0.9, my - 16), (x - w * 0.9, my - 16)], darker(band, 0.06))
    for side in (-1, 1):
        c.line(
            [(x, my), (x + side * s * 0.13, my + s * 0.12), (x + side * s * 0.26, my + s * 0.12)],
            s * 0.06,
            darker(band, 0.1),
            end=s * 0.075,
        )
        loop = [
            (x, my),
            (x + side * s * 0.13, my - s * 0.21),
            (x + side * s * 0.33, my - s * 0.22),
            (x + side * s * 0.34, my - s * 0.05),
            (x + side * s * 0.15, my + s * 0.02),
        ]
        c.shape(loop, band)
        c.shape(
            [
                (x + side * s * 0.04, my - s * 0.02),
                (x + side * s * 0.15, my - s * 0.14),
                (x + side * s * 0.27, my - s * 0.15),
                (x + side * s * 0.27, my - s * 0.06),
            ],
            darker(band, 0.25),
        )
        c.line(
            [(x + side * s * 0.06, my - s * 0.11), (x + side * s * 0.16, my - s * 0.19), (x + side * s * 0.29, my - s * 0.19)],
            5,
            lighter(band, 0.5),
            170,
        )
    c.oval(x, my - s * 0.02, s * 0.055, s * 0.06, lighter(band, 0.15))
