"""The colours of the neighbourhood, and the moods of light they are seen in."""

from __future__ import annotations

from dataclasses import dataclass

from .brush import Canvas, Colour, mix, oval, spline


def ink(code: str) -> Colour:
    """A colour from its hexadecimal code."""
    return (int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16))


PAPER, CREAM, WHITE = ink("FBF7F0"), ink("F6EBDA"), ink("FFFDF8")
PINE, LEAF, MINT = ink("2E6B4A"), ink("7FB08A"), ink("E3EFE6")
MOSS, SPROUT, OLIVE = ink("57915F"), ink("A9C77C"), ink("8A9A5B")
APRICOT, PEACH = ink("E59A6B"), ink("FBE8DC")
GOLD, BUTTER = ink("E3B85B"), ink("F6E2AE")
BLOSSOM, ROSE, CORAL = ink("F2BFC4"), ink("D9808A"), ink("E2745F")
SKY, AIR, DENIM = ink("A9CFE2"), ink("DCECF2"), ink("5F87A6")
PLUM, LILAC, BERRY = ink("7A5C86"), ink("C9B4D6"), ink("54588C")
BARK, WOOD, TAN = ink("7A5844"), ink("C79A6E"), ink("E4C9A4")
CLAY, BRICK, STONE = ink("C9764F"), ink("B7674F"), ink("CFC8BA")
NIGHT, INKY = ink("33446B"), ink("3F4A46")

SKINS = (ink("F8DCC4"), ink("F3CFB2"), ink("ECC2A0"), ink("E2B48F"))
CLOTHES = (APRICOT, LEAF, DENIM, GOLD, ROSE, ink("8CB3C4"), PINE, LILAC, CORAL, ink("F3E3C6"))


@dataclass(frozen=True)
class Mood:
    """A time of day: its sky from top to horizon, and the tint it lays over everything."""

    name: str
    sky: tuple[Colour, ...]
    tint: Colour
    share: float
    sun: Colour
    cloud: Colour
    dark: bool = False
    shadow: Colour = ink("55607A")

    def __call__(self, colour: Colour, far: float = 0.0) -> Colour:
        """A local colour as it looks in this light; far things melt into the horizon."""
        return mix(mix(colour, self.tint, self.share), self.sky[-1], far)


DAWN = Mood("dawn", (ink("BFDADF"), ink("F3E3D6"), ink("FAD3BE")), ink("F6CDB4"), 0.15, ink("FFF0D0"), ink("FFF4EA"))
DAY = Mood("day", (ink("8FC3DF"), ink("C4E2EC"), ink("F1F5E9")), ink("FFF6D8"), 0.06, ink("FFF6D0"), ink("FFFDF6"))
FRESH = Mood("fresh", (ink("A8D5D3"), ink("DBEEE3"), ink("FAF5DF")), ink("E2F3DC"), 0.12, ink("FFF8DA"), ink("FFFEF6"))
GOLDEN = Mood("golden", (ink("F0C79A"), ink("F8DDB0"), ink("FDF0D2")), ink("EFA95C"), 0.2, ink("FFF3C4"), ink("FFF3DC"))
ROSY = Mood("rosy", (ink("A9B9DA"), ink("E9C6D2"), ink("FBDCC8")), ink("E9A3A8"), 0.16, ink("FFE9CC"), ink("FFEDE6"))
DUSK = Mood("dusk", (ink("4D5F92"), ink("B58BAA"), ink("F6B48C")), ink("5C5B8E"), 0.34, ink("FFD9A0"), ink("DDA9AE"), True)
MIST = Mood("mist", (ink("C9D6D6"), ink("DFE5DF"), ink("F2EFE3")), ink("E2E8E2"), 0.26, ink("FFF9E6"), ink("F8F8F2"))
NIGHTFALL = Mood("night", (ink("26365F"), ink("56598C"), ink("B98AA0")), ink("333F70"), 0.48, ink("FBE7B4"), ink("6E6B9A"), True)
EMBER = Mood("ember", (ink("6D6A9C"), ink("E2968E"), ink("FBC98A")), ink("8A5C74"), 0.3, ink("FFE0A6"), ink("F0B7A4"), True)

DAYLIGHT = (DAY, GOLDEN, FRESH, ROSY, DAWN)


def sky(c: Canvas, mood: Mood, horizon: float, sun: bool = True) -> tuple[float, float]:
    """The sky down to the horizon with its sun and clouds; the place of the sun."""
    c.wash(mood.sky, [(0, 0), (c.w, 0), (c.w, horizon + 50), (0, horizon + 50)])
    low = mood in (DAWN, DUSK, GOLDEN, ROSY)
    at = (c.w * c.rng.choice((0.22, 0.3, 0.72, 0.8)), horizon * (c.rng.uniform(0.5, 0.68) if low else c.rng.uniform(0.2, 0.34)))
    if sun:
        c.glow(*at, 380, mood.sun, 130)
        r = c.rng.uniform(46, 62)
        c.oval(*at, r, r, mood.sun, 235)
    for _ in range(c.rng.randint(3, 5)):
        cloud(c, c.rng.uniform(-0.05, 1.05) * c.w, c.rng.uniform(0.08, 0.62) * horizon, c.rng.uniform(90, 210), mood)
    return at


def cloud(c: Canvas, x: float, y: float, r: float, mood: Mood) -> None:
    """A flat-bottomed cloud of a few round dabs."""
    rng = c.rng
    ground = [(x - r * 1.3, y + r * 0.1)]
    for i in range(5):
        t = (i + 0.5) / 5
        lift = r * (0.22 + 0.34 * (1 - abs(t - rng.uniform(0.35, 0.65)) * 2)) * rng.uniform(0.8, 1.1)
        ground.append((x - r * 1.1 + 2.2 * r * t, y - lift))
    ground += [(x + r * 1.35, y + r * 0.1), (x + r * 0.5, y + r * 0.17), (x - r * 0.6, y + r * 0.16)]
    c.shape(ground, mood.cloud, 120)
    c.oval(x - r * 0.2, y - r * 0.08, r * 0.6, r * 0.17, mood.cloud, 110)
    c.oval(x + r * 0.45, y + r * 0.02, r * 0.5, r * 0.1, mood.cloud, 90)


def hills(c: Canvas, mood: Mood, horizon: float, colour: Colour, layers: int = 3, rise: float = 110) -> None:
    """Layers of hills standing on the horizon, the far ones paler."""
    for layer in range(layers):
        far = 0.75 - 0.5 * layer / max(1, layers - 1)
        height = rise * (1 - 0.28 * layer)
        start = c.rng.uniform(0, 1)
        points = [(-60.0, horizon + 20)]
        count = max(5, round(c.w / 190))
        for i in range(count + 1):
            up = height * (0.35 + 0.65 * abs(((start + i * 0.618) % 1) * 2 - 1))
            points.append((-60 + (c.w + 120) * i / count, horizon - up))
        points.append((c.w + 60, horizon + 20))
        c.wash((mood(colour, far), mood(colour, min(0.95, far + 0.2))), spline(points))


def petals_in_air(c: Canvas, count: int, colour: Colour, area: tuple[float, float, float, float]) -> None:
    """Loose petals drifting."""
    x0, y0, x1, y1 = area
    for _ in range(count):
        r = c.rng.uniform(5, 11)
        x, y = c.rng.uniform(x0, x1), c.rng.uniform(y0, y1)
        c.poly(oval(x, y, r, r * 0.55, c.rng.uniform(0, 180), 14), colour, c.rng.randint(170, 240))
