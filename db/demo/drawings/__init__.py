"""Pictures for the demonstration neighbourhood, painted by code: scenes and portraits.

Nothing is downloaded and nobody is portrayed. Each picture follows from its scene, seed and
size alone, so the demonstration looks the same every time it is built.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from .animals import dog_walk
from .board import notice_board
from .brush import Canvas
from .buildings import morning_towers, sunset_towers
from .craft import kids_craft
from .faces import draw_face
from .food import dumplings, muffins, soup
from .indoors import book_and_tea, cat, gift
from .outdoors import blossoms, garden_path, kite, tulips
from .produce import balcony, seedlings, vegetables
from .street import market, rain
from .water import lake
from .wheels import bicycle

_PAINTERS: dict[str, Callable[[Canvas], None]] = {
    painter.__name__: painter
    for painter in (
        blossoms,
        garden_path,
        balcony,
        seedlings,
        tulips,
        lake,
        sunset_towers,
        morning_towers,
        muffins,
        dumplings,
        soup,
        vegetables,
        book_and_tea,
        cat,
        dog_walk,
        kite,
        market,
        kids_craft,
        bicycle,
        rain,
        notice_board,
        gift,
    )
}

SCENES: tuple[str, ...] = tuple(_PAINTERS)


def draw(scene: str, seed: int, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """The picture of a scene; two seeds differ in light, colours and arrangement."""
    canvas = Canvas(size, scene, seed)
    _PAINTERS[scene](canvas)
    return canvas.finish()


__all__ = ["SCENES", "draw", "draw_face"]
