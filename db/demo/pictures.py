"""The photos of the story: drawn by code and reduced like any other, by as many processes as there are cores."""

import io
import os
import re
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from db import pictures
from db.demo.drawings import draw, draw_face

FULL, FACE = 1200, 400
SHAPES = {"": (4, 3), "p": (3, 4), "s": (1, 1), "w": (16, 10)}  # as a phone is held: across, upright, square, wide


def shots(words, seed):
    """「cat/p#4 tulips」: a scene each, perhaps with a shape and a seed of its own; as (scene, seed, shape) to be painted."""
    found = [re.fullmatch(r"(\w+?)(?:/(\w))?(?:#(\d+))?", word).groups() for word in words.split()]
    return [(scene, int(own or seed * 7 + place), shape or "") for place, (scene, shape, own) in enumerate(found)]


def paint(scene, seed, shape, width):
    across, down = SHAPES[shape]
    longest = max(across, down)
    return _reduced(draw(scene, seed, (width * across // longest, width * down // longest)))


def paint_face(seed, age, gender, width):
    return _reduced(draw_face(seed, age=age, gender=gender, size=width))


def _reduced(image):
    """Our own drawing needs no child process to be safe from."""
    file = io.BytesIO()
    image.save(file, "JPEG", quality=95, subsampling=0)
    return pictures.reduce(file.getvalue())


class _AtOnce:
    """Stands in for a pool where starting one costs more than the painting: small pictures, or a single core."""

    def submit(self, paint, *what):
        return _Promise(paint, what)


class _Promise:
    def __init__(self, paint, what):
        self.paint, self.what = paint, what

    def result(self):
        return self.paint(*self.what)


@contextmanager
def easel(width):
    """Something with `submit(paint, …).result()`. Fresh processes (spawn): a fork would take the database connection along."""
    cores = os.cpu_count() or 1
    if cores == 1 or width < 400:
        yield _AtOnce()
        return
    pool = ProcessPoolExecutor(cores, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
