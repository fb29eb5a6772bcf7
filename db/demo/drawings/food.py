"""Scenes from the kitchen."""

from __future__ import annotations

from math import cos, pi, sin

from .brush import Canvas, Colour, darker, lighter, mix, oval, spline, turned
from .palette import APRICOT, BERRY, BUTTER, CORAL, CREAM, GOLD, LEAF, MINT, MOSS, PINE, ROSE, SPROUT, WHITE, WOOD, ink
from .plants import blossom, leaf
from .table import GLAZES, SETTINGS, cup, linen, plate, shelf_plant, stage, vase, weave, wisps


def set_table(c: Canvas, edge: float, hung: bool = True) -> tuple:
    """A table laid for this seed: wall, cloth and crockery colours."""
    wall, cloth, ware = c.turn(SETTINGS)
    stage(c, c.h * edge, wall, cloth, hung)
    weave(c, c.h * edge, cloth, c.turn((3, 0, 1, 2, 1)))
    return wall, cloth, ware


def _berry(c: Canvas, x: float, y: float, r: float) -> None:
    """A blueberry with its crown and bloom."""
    tone = mix(BERRY, ink("6E76B4"), c.rng.random() * 0.6)
    c.oval(x + r * 0.1, y + r * 0.2, r, r * 0.95, darker(tone, 0.4), 90)
    c.oval(x, y, r, r, tone)
    c.oval(x - r * 0.28, y - r * 0.3, r * 0.45, r * 0.35, lighter(tone, 0.4), 130)
    for i in range(5):
        a = i * 2 * pi / 5
        c.oval(x + r * 0.2 + cos(a) * r * 0.2, y + r * 0.1 + sin(a) * r * 0.17, r * 0.14, r * 0.12, darker(tone, 0.35))


def muffins(c: Canvas) -> None:
    """Blueberry muffins on a plate, with tea."""
    rng = c.rng
    _, cloth, ware = set_table(c, rng.uniform(0.34, 0.4))
    flip = c.turn((1, -1))
    mid = c.w / 2
    green = c.turn((LEAF, ROSE, GOLD, MINT))
    cx = mid + flip * c.w * 0.26
    vase(c, mid - flip * c.w * 0.33, c.h * 0.5, 210, c.turn(GLAZES))
    vx, vy = mid - flip * c.w * 0.33, c.h * 0.5 - 205
    for i in range(5):
        a = -90 + (i - 2) * 22 + rng.uniform(-6, 6)
        length = rng.uniform(120, 190)
        tip = (vx + cos(a * pi / 180) * length, vy + sin(a * pi / 180) * length)
        c.line([(vx, vy), tip], 6, MOSS)
        leaf(c, (vx + tip[0]) / 2, (vy + tip[1]) / 2, 60, a + 40, MOSS)
        blossom(c, *tip, rng.uniform(34, 46), lighter(c.turn((ROSE, APRICOT, GOLD, WHITE)), 0.3))
    cup(c, cx, c.h * 0.53, 96, ware, c.turn((ink("B9713F"), ink("9DB36A"), ink("C99A5B"))), True, c.turn((None, LEAF, ROSE)))
    px, py, r = mid - flip * c.w * 0.05, c.h * 0.74, min(400, c.w * 0.4)
    linen(
        c,
        [(px - r * 1.1, py - 40), (px + r * 0.3, py - r * 0.42), (px + r * 1.15, py + 70), (px - r * 0.25, py + r * 0.62)],
        mix(green, WHITE, 0.55),
        green,
    )
    plate(c, px, py, r, ware, 0.42, c.turn((LEAF, None, ink("8FB1C6"), APRICOT)))
    count = c.turn((3, 4, 5))
    spots = {
        3: ((-0.38, -0.1), (0.3, -0.16), (-0.02, 0.14)),
        4: ((-0.4, -0.14), (0.06, -0.22), (0.44, -0.06), (-0.04, 0.15)),
        5: ((-0.3, -0.24), (0.26, -0.24), (-0.48, 0.02), (0.46, 0.04), (0, 0.16)),
    }
    for dx, dy in spots[count]:
        _muffin(
            c,
            px + dx * r,
            py + dy * r,
            r * (0.62 if count == 3 else 0.52 if count == 4 else 0.5),
            c.turn((GOLD, CORAL, LEAF, ROSE, ink("8FB1C6")), 1),
        )
    for _ in range(rng.randint(6, 10)):
        x, y = px + flip * rng.uniform(-1.0, 1.1) * r, py + r * rng.uniform(0.42, 0.55)
        c.shade(x + 4, y + 14, 22, 9, 90)
        _berry(c, x, y, rng.uniform(15, 21))


def _muffin(c: Canvas, x: float, y: float, size: float, paper: Colour) -> None:
    """A muffin in its paper, berries baked into the crown; (x, y) is its foot."""
    rng = c.rng
    top, foot, tall = size * 0.42, size * 0.31, size * 0.42
    c.shade(x + 6, y + 2, foot * 1.25, foot * 0.32, 120)
    case = [(x - top, y - tall), (x + top, y - tall), (x + foot, y), (x, y + size * 0.05), (x - foot, y)]
    c.wash((lighter(paper, 0.3), paper, darker(paper, 0.2)), case, across=True)
    for i in range(9):
        t = (i + 0.5) / 9 * 2 - 1
        c.line(
            [(x + t * top, y - tall), (x + t * foot, y + size * 0.03)],
            size * 0.022,
            darker(paper, 0.22) if i % 2 else lighter(paper, 0.55),
            150,
            straight=True,
        )
    crust = ink("E0A860")
    dome = [
        (x - top * 1.1, y - tall * 0.98),
        (x - top * 1.08, y - tall * 1.35),
        (x - top * 0.62, y - tall * 1.85),
        (x, y - tall * 2.05),
        (x + top * 0.62, y - tall * 1.85),
        (x + top * 1.08, y - tall * 1.35),
        (x + top * 1.1, y - tall * 0.98),
        (x + top * 0.5, y - tall * 0.84),
        (x, y - tall * 0.92),
        (x - top * 0.5, y - tall * 0.84),
    ]
    outline = spline(dome, closed=True)
    c.poly(outline, crust)
    with c.clip(outline):
        c.oval(x + top * 0.5, y - tall * 0.8, top * 1.1, tall * 0.6, darker(crust, 0.2), 120)
        c.oval(x - top * 0.3, y - tall * 1.7, top * 0.8, tall * 0.45, lighter(crust, 0.35), 170)
        for _ in range(14):
            c.oval(
                x + rng.uniform(-1, 1) * top,
                y - tall * rng.uniform(1, 1.95),
                size * 0.014,
                size * 0.012,
                lighter(crust, 0.6),
                200,
            )
    for i in range(rng.randint(5, 7)):
        a = i * 2.4
        bx, by = x + cos(a) * top * 0.66 * (0.4 + 0.1 * i), y - tall * 1.42 + sin(a) * tall * 0.38
        _berry(c, bx, by, size * rng.uniform(0.058, 0.078))


def dumplings(c: Canvas) -> None:
    """A bamboo steamer of dumplings."""
    rng = c.rng
    _, cloth, ware = set_table(c, rng.uniform(0.26, 0.32))
    flip = c.turn((1, 1, -1))
    x, y, r = c.w / 2 - flip * c.w * 0.05, c.h * (0.5 if c.w > c.h else 0.54), min(390, c.w * 0.4)
    bamboo = c.turn((ink("D9B27C"), ink("CFA871"), ink("E0BC8A")))
    c.shade(x + 20, y + r * 0.52, r * 1.08, r * 0.5, 120)
    for tier in range(c.turn((2, 1, 2))):
        _steamer_wall(c, x, y + r * 0.28 * (1 - tier) * (1 if c.turn((2, 1, 2)) == 2 else 0), r, bamboo)
    flat = 0.55
    c.oval(x, y, r, r * flat, lighter(bamboo, 0.18))
    c.oval(x, y, r * 0.93, r * flat * 0.92, darker(bamboo, 0.3))
    c.oval(x, y + r * 0.03, r * 0.91, r * flat * 0.86, mix(LEAF, CREAM, 0.55))
    floor = oval(x, y + r * 0.03, r * 0.91, r * flat * 0.86)
    with c.clip(floor):
        for i in range(12):
            leaf(c, x, y + r * 0.05, r * 0.95, i * 30 + rng.uniform(-6, 6), mix(SPROUT, LEAF, rng.random()), 0.34)
        c.soft([(px, py - r * 0.44) for px, py in floor], (60, 62, 50), 70, 24)
    kind = c.turn((0, 1, 0))
    ring = 7 if c.seed % 2 else 6
    spots = [(cos(i * 2 * pi / ring + 0.3) * 0.61, sin(i * 2 * pi / ring + 0.3) * 0.3) for i in range(ring)] + [(0, 0.02)]
    for dx, dy in sorted(spots, key=lambda s: s[1]):
        _dumpling(c, x + dx * r, y + r * 0.03 + dy * r, r * 0.235, kind)
    wisps(c, x, y - r * 0.3, 330, 5)
    sx = c.w / 2 + flip * c.w * (0.37 if c.w > c.h else 0.34)
    _dip(c, sx, c.h * 0.87, 110, ware)
    sticks = x - flip * r * 0.5
    for i in (0, 1):
        c.line(
            [(sticks - flip * 260, c.h * 0.9 + i * 26), (sticks + flip * 260, c.h * 0.94 + i * 22)],
            13,
            darker(WOOD, 0.2 + 0.1 * i),
            end=8,
            straight=True,
        )
    if c.w > c.h:
        shelf_plant(c, c.w / 2 + flip * c.w * 0.4, c.h * 0.37, 240, MOSS, c.turn(GLAZES))


def _steamer_wall(c: Canvas, x: float, y: float, r: float, bamboo: Colour) -> None:
    """One tier of the steamer."""
    drop = r * 0.27
    front = [(x + r * cos(i * pi / 24), y + r * 0.55 * sin(i * pi / 24)) for i in range(25)]
    side = front + [(px, py + drop) for px, py in reversed(front)]
    c.wash((darker(bamboo, 0.08), lighter(bamboo, 0.2), bamboo, darker(bamboo, 0.24)), side, across=True)
    for t in (0.16, 0.84):
        c.line([(px, py + drop * t) for px, py in front], 9, darker(bamboo, 0.2), 200, straight=True)
    for i in range(3, 24, 5):
        px, py = front[i]
        c.box(px - 9, py + drop * 0.2, px + 9, py + drop * 0.82, lighter(bamboo, 0.28), r=4)


def _dumpling(c: Canvas, x: float, y: float, r: float, kind: int) -> None:
    """A pleated bun, or a crescent jiaozi."""
    dough = mix(ink("FBF1DF"), ink("F3E2C8"), c.rng.random() * 0.5)
    c.soft(oval(x + 5, y + r * 0.5, r, r * 0.42), (74, 80, 56), 120, 9)
    if kind == 0:
        c.shape(
            [
                (x - r * 1.02, y + r * 0.2),
                (x - r * 0.78, y - r * 0.38),
                (x - r * 0.25, y - r * 0.66),
                (x, y - r * 0.82),
                (x + r * 0.25, y - r * 0.66),
                (x + r * 0.78, y - r * 0.38),
                (x + r * 1.02, y + r * 0.2),
                (x + r * 0.5, y + r * 0.62),
                (x - r * 0.5, y + r * 0.62),
            ],
            darker(dough, 0.09),
        )
        c.shape(
            [
                (x - r * 0.94, y + r * 0.12),
                (x - r * 0.72, y - r * 0.36),
                (x, y - r * 0.74),
                (x + r * 0.5, y - r * 0.42),
                (x + r * 0.64, y + r * 0.12),
                (x, y + r * 0.46),
            ],
            dough,
        )
        for i in range(9):
            a = pi + (i + 0.5) * pi / 9
            tip = (x + cos(a) * r * 0.72, y - r * 0.08 + sin(a) * r * 0.3 + abs(cos(a)) * r * 0.2)
            c.line(
                [(x, y - r * 0.62), ((x + tip[0]) / 2 + cos(a) * 4, y - r * 0.42), tip], r * 0.05, darker(dough, 0.2), 190, end=1
            )
        c.oval(x, y - r * 0.66, r * 0.14, r * 0.08, darker(dough, 0.2))
    else:
        lean = c.rng.uniform(-18, 18)
        body = [
            (-r * 1.05, r * 0.1),
            (-r * 0.7, -r * 0.42),
            (0, -r * 0.62),
            (r * 0.7, -r * 0.42),
            (r * 1.05, r * 0.1),
            (r * 0.5, r * 0.48),
            (-r * 0.5, r * 0.48),
        ]
        c.shape(turned(body, lean, x, y), darker(dough, 0.07))
        c.shape(turned([(px * 0.8, py * 0.55 + r * 0.13) for px, py in body], lean, x, y), lighter(dough, 0.3))
        for i in range(7):
            t = (i - 3) / 3.4
            ex, ey = t * r * 0.86, -r * 0.6 + t * t * r * 0.42
            c.line(
                turned([(ex, ey), (ex * 0.84, ey + r * 0.27)], lean, x, y),
                r * 0.07,
                darker(dough, 0.16),
                200,
                end=2,
                straight=True,
            )


def _dip(c: Canvas, x: float, y: float, r: float, ware: Colour) -> None:
    """A small dish of vinegar with ginger and spring onion."""
    plate(c, x, y, r, ware, 0.46)
    c.oval(x, y + 3, r * 0.68, r * 0.29, ink("7A4632"))
    c.oval(x - r * 0.2, y - r * 0.06, r * 0.3, r * 0.09, ink("A86E4C"), 180)
    for _ in range(9):
        px, py = x + c.rng.uniform(-0.45, 0.45) * r, y + c.rng.uniform(-0.14, 0.18) * r
        c.poly(oval(px, py, 10, 6, c.rng.uniform(0, 180), 12), c.rng.choice((SPROUT, BUTTER, CORAL, LEAF)))


def soup(c: Canvas) -> None:
    """A claypot of soup with its garnish."""
    rng = c.rng
    _, cloth, ware = set_table(c, rng.uniform(0.3, 0.36))
    flip = c.turn((1, -1))
    x, y, r = c.w / 2 - flip * c.w * 0.04, c.h * 0.54, min(390, c.w * 0.39)
    clay = c.turn((ink("8C5A45"), ink("5D6B72"), ink("B0704F"), ink("6F7A64")))
    if c.turn((True, False, True)):
        shelf_plant(c, c.w / 2 - flip * c.w * 0.38, c.h * 0.4, 250, MOSS, c.turn(GLAZES, 2))
    cup(c, c.w / 2 + flip * c.w * 0.37, c.h * 0.46, 66, c.turn(GLAZES), ink("A9BE74"), True)
    c.shade(x + 10, y + r * 0.66, r * 1.3, r * 0.34, 110)
    c.oval(x, y + r * 0.66, r * 1.02, r * 0.27, darker(WOOD, 0.15))
    c.oval(x, y + r * 0.63, r * 1.02, r * 0.27, WOOD)
    for s in (-1, 1):
        ring = [(x + s * r * 1.05 + r * 0.17 * cos(i * pi / 10), y + r * 0.12 + r * 0.12 * sin(i * pi / 10)) for i in range(20)]
        c.loop(ring, r * 0.085, darker(clay, 0.12))
    left = spline(
        [(x - r, y), (x - r * 1.02, y + r * 0.22), (x - r * 0.84, y + r * 0.5), (x - r * 0.52, y + r * 0.68), (x, y + r * 0.74)],
        steps=8,
    )
    body = left + [(2 * x - px, py) for px, py in reversed(left[:-1])]
    c.wash((lighter(clay, 0.12), lighter(clay, 0.06), clay, darker(clay, 0.3)), body, across=True)
    with c.clip(body):
        for t in (0.2, 0.27):
            c.line([(x - r * 1.1, y + r * t), (x, y + r * (t + 0.36)), (x + r * 1.1, y + r * t)], 6, lighter(clay, 0.35), 170)
        c.oval(x - r * 0.66, y + r * 0.38, r * 0.08, r * 0.2, lighter(clay, 0.6), 110, angle=-14)
    c.oval(x, y, r * 1.03, r * 0.46, lighter(clay, 0.2))
    c.oval(x, y + 4, r * 0.94, r * 0.4, darker(clay, 0.35))
    broth = c.turn((ink("EBC57E"), ink("F5E6C4"), ink("DE8B5A"), ink("E6D39A")))
    pool = oval(x, y + r * 0.05, r * 0.9, r * 0.35)
    c.poly(pool, broth)
    with c.clip(pool):
        c.oval(x - r * 0.3, y - r * 0.08, r * 0.7, r * 0.2, lighter(broth, 0.35), 140)
        _garnish(c, x, y + r * 0.05, r, c.seed % 3)
    wisps(c, x, y - r * 0.28, 330, 5)
    _bowl(c, c.w / 2 + flip * c.w * 0.35, c.h * 0.86, 120, ware, broth)
    sx = c.w / 2 - flip * c.w * 0.33
    c.shade(sx, c.h * 0.9, 130, 30, 80)
    c.line([(sx - 120, c.h * 0.93), (sx + 50, c.h * 0.885), (sx + 84, c.h * 0.875)], 18, lighter(ware, 0.2), end=22)
    c.oval(sx + 100, c.h * 0.87, 52, 30, lighter(ware, 0.2), angle=-14)
    c.oval(sx + 104, c.h * 0.868, 40, 20, darker(ware, 0.15), angle=-14)


def _garnish(c: Canvas, x: float, y: float, r: float, kind: int) -> None:
    """What floats in the pot: roots and corn, tofu and greens, or mushrooms and prawns."""
    rng = c.rng
    spots = [(cos(i * 2.4) * 0.2 * i**0.5 * 1.25, sin(i * 2.4) * 0.085 * i**0.5 * 1.2) for i in range(1, 12)]
    for i, (dx, dy) in enumerate(sorted(spots, key=lambda s: s[1])):
        px, py, s = x + dx * r, y + dy * r, r * 0.125
        c.oval(px + 4, py + s * 0.4, s * 1.1, s * 0.6, (120, 80, 40), 60)
        if (i + kind) % 3 == 0:
            tone = (ink("E58B4A"), ink("F3D36B"), ink("E9836B"))[kind]
            c.oval(px, py + s * 0.18, s, s * 0.62, darker(tone, 0.18))
            c.oval(px, py, s, s * 0.62, tone)
            c.oval(px, py, s * 0.5, s * 0.3, lighter(tone, 0.35))
        elif (i + kind) % 3 == 1:
            tone = ink("FFF8E8") if kind == 1 else ink("B98560") if kind == 2 else ink("F6EBD0")
            c.poly(turned([(-s, -s * 0.2), (0, -s * 0.65), (s, -s * 0.2), (0, s * 0.25)], 0, px, py), tone)
            c.poly(turned([(-s, -s * 0.2), (0, s * 0.25), (0, s * 0.7), (-s, s * 0.25)], 0, px, py), darker(tone, 0.1))
            c.poly(turned([(s, -s * 0.2), (0, s * 0.25), (0, s * 0.7), (s, s * 0.25)], 0, px, py), darker(tone, 0.2))
        else:
            for a in (-35, 35, 160):
                leaf(c, px, py, s * 1.5, a + rng.uniform(-20, 20), rng.choice((MOSS, LEAF, PINE)), 0.5)
    for _ in range(26):
        px, py, s = x + rng.uniform(-0.72, 0.72) * r, y + rng.uniform(-0.26, 0.28) * r, rng.uniform(7, 11)
        tone = rng.choice((SPROUT, LEAF, LEAF, CORAL))
        c.oval(px, py, s, s * 0.66, tone)
        if tone != CORAL:
            c.oval(px, py, s * 0.45, s * 0.3, lighter(tone, 0.5))


def _bowl(c: Canvas, x: float, y: float, r: float, ware: Colour, broth: Colour) -> None:
    """A small bowl of the same soup."""
    c.shade(x + 8, y + r * 0.12, r * 0.95, r * 0.24, 120)
    left = spline([(x - r, y - r * 0.62), (x - r * 0.86, y - r * 0.2), (x - r * 0.42, y + r * 0.12)], steps=6)
    c.wash((lighter(ware, 0.2), ware, darker(ware, 0.2)), left + [(2 * x - px, py) for px, py in reversed(left)], across=True)
    c.oval(x, y - r * 0.62, r, r * 0.36, lighter(ware, 0.4))
    c.oval(x, y - r * 0.59, r * 0.88, r * 0.29, broth)
    for i in range(7):
        leaf(
            c,
            x + c.rng.uniform(-0.5, 0.5) * r,
            y - r * c.rng.uniform(0.48, 0.68),
            r * 0.26,
            c.rng.uniform(0, 360),
            MOSS if i % 2 else SPROUT,
            0.5,
            False,
        )
