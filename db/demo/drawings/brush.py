"""The canvas and its brushes: every picture is made of these few strokes.

Lengths are in units where the short side of the picture is 1000, so a scene written once
looks right in portrait, landscape and square.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import atan2, cos, hypot, pi, sin

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

OVERSAMPLE = 2


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """The colour `share` of the way from a to b."""
    return tuple(round(p + (q - p) * share) for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


def lighter(colour: Colour, share: float = 0.2) -> Colour:
    """Towards warm white: plain white would look chalky beside the paper."""
    return mix(colour, (255, 251, 240), share)


def darker(colour: Colour, share: float = 0.2) -> Colour:
    """Towards a bluish ink: plain black would look dirty."""
    return mix(colour, (44, 52, 66), share)


def spline(points: Sequence[Point], closed: bool = False, steps: int = 8) -> list[Point]:
    """A smooth curve through the points (Catmull-Rom)."""
    count = len(points)
    if count < 3:
        return list(points)
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        ring = [points[0], *points, points[-1]]
    out: list[Point] = []
    for i in range(len(ring) - 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring[i : i + 4]
        for s in range(steps):
            t = s / steps
            t2, t3 = t * t, t * t * t
            p, q = -t3 + 2 * t2 - t, 3 * t3 - 5 * t2 + 2
            r, u = -3 * t3 + 4 * t2 + t, t3 - t2
            out.append(((p * ax + q * bx + r * cx + u * dx) / 2, (p * ay + q * by + r * cy + u * dy) / 2))
    if not closed:
        out.append(points[-1])
    return out


def turned(points: Iterable[Point], angle: float, x: float = 0, y: float = 0) -> list[Point]:
    """The points turned about the origin (degrees, clockwise on screen) and then moved."""
    c, s = cos(angle * pi / 180), sin(angle * pi / 180)
    return [(x + px * c - py * s, y + px * s + py * c) for px, py in points]


def oval(x: float, y: float, rx: float, ry: float, angle: float = 0, steps: int = 40) -> list[Point]:
    """The outline of an ellipse."""
    ring = [(rx * cos(i * 2 * pi / steps), ry * sin(i * 2 * pi / steps)) for i in range(steps)]
    return turned(ring, angle, x, y)


def box(x0: float, y0: float, x1: float, y1: float, r: float = 0) -> list[Point]:
    """The outline of a rectangle, with round corners if r is given."""
    if r <= 0:
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    r = min(r, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    out = []
    for cx, cy, start in ((x1 - r, y0 + r, -90), (x1 - r, y1 - r, 0), (x0 + r, y1 - r, 90), (x0 + r, y0 + r, 180)):
        for i in range(7):
            a = (start + i * 15) * pi / 180
            out.append((cx + r * cos(a), cy + r * sin(a)))
    return out


def ribbon(points: Sequence[Point], start: float, end: float) -> list[Point]:
    """The outline of a stroke along the points whose width runs from start to end, with round ends."""
    last = len(points) - 1
    left, right = [], []
    for i, (x, y) in enumerate(points):
        (ax, ay), (bx, by) = points[max(0, i - 1)], points[min(last, i + 1)]
        dx, dy = bx - ax, by - ay
        length = hypot(dx, dy) or 1
        half = (start + (end - start) * i / max(1, last)) / 2
        nx, ny = -dy / length * half, dx / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))

    def cap(at: Point, rim: Point) -> list[Point]:
        a, r = atan2(rim[1] - at[1], rim[0] - at[0]), hypot(rim[0] - at[0], rim[1] - at[1])
        return [(at[0] + r * cos(a - i * pi / 6), at[1] + r * sin(a - i * pi / 6)) for i in range(1, 6)]

    return [*left, *cap(points[-1], left[-1]), *reversed(right), *cap(points[0], right[0])]


@lru_cache(maxsize=1)
def _grain() -> Image.Image:
    """A tile of paper grain around middle grey, soft enough to compress well."""
    side = 384
    noise = random.Random("paper grain")
    tile = Image.frombytes("L", (side, side), noise.randbytes(side * side))
    # Blurred in a wrapped copy, so that the edges of the tile meet.
    wide = Image.new("L", (side * 3, side * 3))
    for i in range(9):
        wide.paste(tile, (i % 3 * side, i // 3 * side))
    wide = wide.filter(ImageFilter.GaussianBlur(1.6))
    return wide.crop((side, side, side * 2, side * 2)).point(lambda v: round(128 + (v - 128) * 0.55))


class Canvas:
    """A sheet of paper with brushes; the scene's own dice and seed come with it."""

    def __init__(self, size: tuple[int, int], name: str, seed: int, ground: Colour = (251, 247, 240)) -> None:
        self.size = size
        self.seed = seed
        # Each scene starts elsewhere in its options, or one seed would give every scene the same table.
        self.start = seed + sum(map(ord, name))
        self.rng = random.Random(f"{name}/{seed}")
        px = (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE)
        self.k = min(px) / 1000
        self.w, self.h = px[0] / self.k, px[1] / self.k
        self.img = Image.new("RGB", px, ground)
        self.pen = ImageDraw.Draw(self.img, "RGBA")
        self.off = (0, 0)

    def turn(self, options: Sequence, step: int = 1):
        """The option whose turn it is: neighbouring seeds never get the same one."""
        return options[(self.start // step) % len(options)]

    # -- flat shapes ---------------------------------------------------------------------

    def _px(self, points: Iterable[Point]) -> list[Point]:
        k, (ox, oy) = self.k, self.off
        return [(x * k - ox, y * k - oy) for x, y in points]

    def poly(self, points: Iterable[Point], colour: Colour, alpha: int = 255) -> None:
        """A filled outline with straight sides."""
        self.pen.polygon(self._px(points), fill=(*colour, alpha))

    def shape(self, points: Sequence[Point], colour: Colour, alpha: int = 255) -> None:
        """A filled outline with a smooth edge through the points."""
        self.poly(spline(points, closed=True), colour, alpha)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = 255, angle: float = 0) -> None:
        """A filled ellipse."""
        if angle:
            self.poly(oval(x, y, rx, ry, angle), colour, alpha)
        else:
            self.pen.ellipse(self._px([(x - rx, y - ry), (x + rx, y + ry)]), fill=(*colour, alpha))

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, alpha: int = 255, r: float = 0) -> None:
        """A filled rectangle."""
        self.poly(box(x0, y0, x1, y1, r), colour, alpha)

    def blob(self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: int = 255, wob: float = 0.1) -> None:
        """An ellipse cut by hand: its edge wobbles."""
        turn = self.rng.random() * pi
        ring = []
        for i in range(9):
            a, r = turn + i * 2 * pi / 9, 1 + self.rng.uniform(-wob, wob)
            ring.append((x + rx * r * cos(a), y + ry * r * sin(a)))
        self.poly(spline(ring, closed=True, steps=5), colour, alpha)

    def line(
        self,
        points: Sequence[Point],
        width: float,
        colour: Colour,
        alpha: int = 255,
        end: float | None = None,
        straight: bool = False,
    ) -> None:
        """A brush stroke along the points, thinning (or swelling) to `end`."""
        path = list(points) if straight else spline(points)
        self.poly(ribbon(path, width, width if end is None else end), colour, alpha)

    def loop(self, points: Sequence[Point], width: float, colour: Colour, alpha: int = 255) -> None:
        """A closed stroke of one width: rims, handles, frames."""
        count = len(points)
        left, right = [], []
        for i, (x, y) in enumerate(points):
            (ax, ay), (bx, by) = points[i - 1], points[(i + 1) % count]
            length = hypot(bx - ax, by - ay) or 1
            nx, ny = -(by - ay) / length * width / 2, (bx - ax) / length * width / 2
            left.append((x + nx, y + ny))
            right.append((x - nx, y - ny))
        # Out along one side and back along the other: overlapping ends would fill as a hole.
        self.poly([*left, left[0], right[0], *reversed(right)], colour, alpha)

    # -- washes, light and shade -----------------------------------------------------------

    def wash(self, stops: Sequence[Colour], points: Sequence[Point] | None = None, across: bool = False) -> None:
        """A gradient from top to bottom (or left to right), over everything or inside an outline."""
        if points is None:
            left, top, right, bottom = 0, 0, *self.img.size
        else:
            pts = self._px(points)
            xs, ys = [p[0] for p in pts], [p[1] for p in pts]
            left, top, right, bottom = int(min(xs)) - 1, int(min(ys)) - 1, int(max(xs)) + 2, int(max(ys)) + 2
        size = (max(1, right - left), max(1, bottom - top))
        strip = Image.new("RGB", (1, 192))
        parts = len(stops) - 1
        for i in range(192):
            t = i / 191 * parts
            j = min(int(t), parts - 1)
            strip.putpixel((0, i), mix(stops[j], stops[j + 1], t - j))
        if across:
            strip = strip.transpose(Image.Transpose.ROTATE_90)
        paint = strip.resize(size, Image.Resampling.BILINEAR)
        if points is None:
            self.img.paste(paint, (0, 0))
            return
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in pts], fill=255)
        self.img.paste(paint, (left, top), mask)

    def soft(self, points: Sequence[Point], colour: Colour, alpha: int, blur: float) -> None:
        """A shape with a soft edge: shadows, glows, mist."""
        # An eighth of the size is plenty for something without edges, and much quicker.
        pts = self._px(points)
        small = 8
        pad = blur * self.k * 2.5
        xs, ys = [p[0] for p in pts], [p[1] for p in pts]
        left, top = max(0, int(min(xs) - pad)), max(0, int(min(ys) - pad))
        right, bottom = min(self.img.width, int(max(xs) + pad)), min(self.img.height, int(max(ys) + pad))
        if right - left < small or bottom - top < small:
            return
        around = int(pad / small) + 1
        inner = ((right - left) // small + 1, (bottom - top) // small + 1)
        mask = Image.new("L", (inner[0] + 2 * around, inner[1] + 2 * around))
        spots = [((x - left) / small + around, (y - top) / small + around) for x, y in pts]
        ImageDraw.Draw(mask).polygon(spots, fill=alpha)
        mask = mask.filter(ImageFilter.GaussianBlur(blur * self.k / small))
        mask = mask.crop((around, around, around + inner[0], around + inner[1]))
        mask = mask.resize((inner[0] * small, inner[1] * small), Image.Resampling.BILINEAR)
        mask = mask.crop((0, 0, right - left, bottom - top))
        self.img.paste(colour, (left, top, right, bottom), mask)

    def glow(self, x: float, y: float, r: float, colour: Colour, alpha: int = 120) -> None:
        """A round soft light."""
        self.soft(oval(x, y, r * 0.55, r * 0.55), colour, alpha, r * 0.3)

    def shade(self, x: float, y: float, rx: float, ry: float, alpha: int = 60, colour: Colour = (70, 62, 78)) -> None:
        """The soft shadow of something standing at (x, y)."""
        self.soft(oval(x, y, rx, ry), colour, alpha, min(rx, ry) * 0.45)

    @contextmanager
    def clip(self, points: Sequence[Point]) -> Iterator[None]:
        """Paint inside an outline only."""
        pts = self._px(points)
        xs, ys = [p[0] for p in pts], [p[1] for p in pts]
        left, top = max(0, int(min(xs))), max(0, int(min(ys)))
        right, bottom = min(self.img.width, int(max(xs)) + 2), min(self.img.height, int(max(ys)) + 2)
        right, bottom = max(right, left + 1), max(bottom, top + 1)
        outer = (self.img, self.pen, self.off)
        self.img = self.img.crop((left, top, right, bottom))
        self.pen = ImageDraw.Draw(self.img, "RGBA")
        self.off = (outer[2][0] + left, outer[2][1] + top)
        try:
            yield
        finally:
            inside = self.img
            self.img, self.pen, self.off = outer
            mask = Image.new("L", inside.size)
            ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in pts], fill=255)
            self.img.paste(inside, (left, top), mask)

    # -- finishing ---------------------------------------------------------------------------

    def finish(self) -> Image.Image:
        """The picture at its real size, with uneven paint and the grain of the paper."""
        out = self.img.reduce(OVERSAMPLE)
        # Fixed cell sizes: the same unevenness whatever the format.
        cells = (max(2, out.width // 90), max(2, out.height // 90))
        cloud = Image.frombytes("L", cells, self.rng.randbytes(cells[0] * cells[1]))
        cloud = cloud.point(lambda v: round(128 + (v - 128) * 0.1)).resize(out.size, Image.Resampling.BICUBIC)
        grain = Image.new("L", out.size)
        tile = _grain()
        for x in range(0, out.width, tile.width):
            for y in range(0, out.height, tile.height):
                grain.paste(tile, (x, y))
        veil = ImageChops.add(cloud, grain, 2)
        veil = Image.merge("RGB", (veil, veil, veil))
        return ImageChops.overlay(out, veil)
