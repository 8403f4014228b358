"""Digits as if handwritten, 28 × 28, drawn by a seed: no download, and as many as one likes.

Each digit starts from a skeleton of strokes. Its points are moved, the whole is bent, slanted, stretched and turned,
scaled so that its longer side has 20 of 28 pixels, and put with its centre of mass in the middle, as in MNIST. Then it
is drawn with a pen of some thickness: a pixel is as bright as its middle is near to a stroke.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.generated import Drawing, Labels, Values, between, normal, side
from cnn_engine.data.preparation import SHARE
from cnn_engine.data.skeletons import SKELETONS, Skeleton
from cnn_engine.nn.options import at_most

CLASSES = tuple("0123456789")
SIZE = 28
INPUT_SHAPE = (1, SIZE, SIZE)
SIZES = {"train": 2000, "validation": 500, "test": 500}
WAYS = [[skeleton for skeleton in SKELETONS if skeleton.digit == digit] for digit in range(len(CLASSES))]
AT_ONCE = 8  # digits that are drawn together: their distances stay in a core's cache
MOST_PIECES = max(len(skeleton.segments[0]) for skeleton in SKELETONS)
MOST_POINTS = max(len(skeleton.points) for skeleton in SKELETONS)
MOST_ENDS = max(len(skeleton.ends) for skeleton in SKELETONS)
MOST_WOBBLE = 5
SHORTEST = 1e-9  # the squared length of a piece: no point is divided by nothing
WAVES = 3
LONGEST = 0.6  # of what an end grows or shrinks by a share of, in the skeletons' measure
WIDE_PENS = 0.15  # the share of pens that may be wider than others
DRAWN = {  # what chances decide on, and how many each takes; points and waves have x and y
    "way": 1,
    "strength": 1,
    "aspect": 1,
    "slant": 1,
    "turn": 2,
    "bend": 2,
    "widths": 2,
    "points": 2 * MOST_POINTS,
    "heights": 2 * WAVES,
    "directions": WAVES,
    "lengths": WAVES,
    "phases": WAVES,
    "ends": MOST_ENDS,
    "pen": 2,
    "ramp": 1,
    "ink": 1,
    "middle": 2,
}
CHANCES = sum(DRAWN.values())
COLUMNS = dict(zip(DRAWN, np.split(np.arange(CHANCES), np.cumsum(list(DRAWN.values()))[:-1]), strict=True))


@dataclass(frozen=True, eq=False)
class Hand:
    """How n digits are written: `chances` (n, CHANCES) from 0 to 1, and how unsteady the hand is."""

    chances: Values
    wobble: float

    def chance(self, name: str) -> Values:
        """Return the chances of this name in DRAWN, (n, how many)."""
        return self.chances[:, COLUMNS[name]]

    def spread(self, name: str, low: float, high: float) -> Values:
        """Return evenly spread numbers."""
        return between(self.chance(name), low, high)

    def about_zero(self, name: str, deviation: float) -> Values:
        """Return normally distributed numbers."""
        return deviation * normal(self.chance(name))


def strokes(
    *,
    train: int = SIZES["train"],
    validation: int = SIZES["validation"],
    test: int = SIZES["test"],
    size: int = SIZE,
    wobble: float = 1.0,
    noise: float = 0.03,
    seed: int = 0,
) -> Dataset:
    """Return digits drawn by strokes, as many pictures of each.

    `wobble` is how unsteady the hand is, up to 5; 0 for skeletons that are only placed. Other options: see `generated`.
    """
    rows = side(size)
    drawing = Drawing(len(CLASSES), CHANCES, (1, rows, rows), painter(rows, wobble), noise, seed)
    return drawing.dataset("strokes", CLASSES, (train, validation, test))


def painter(size: int = SIZE, wobble: float = 1.0) -> Callable[[Labels, Values], Values]:
    """Return what draws digits: class indices (n,) and chances (n, CHANCES) -> pictures (n, 1, size, size)."""
    grid, unsteady = _Grid(size), at_most(wobble, "wobble", MOST_WOBBLE)
    shares = [np.cumsum([way.weight for way in ways]) / sum(way.weight for way in ways) for ways in WAYS]

    def paint(labels: Labels, chances: Values) -> Values:
        picture = np.empty((len(labels), size * size))
        for digit, ways in enumerate(WAYS):
            way = np.searchsorted(shares[digit][:-1], chances[:, COLUMNS["way"][0]], side="right")
            for number, skeleton in enumerate(ways):
                drawn = np.flatnonzero((labels == digit) & (way == number))
                for start in range(0, len(drawn), AT_ONCE):
                    some = drawn[start : start + AT_ONCE]
                    picture[some] = _draw(skeleton, Hand(chances[some], unsteady), grid)
        return picture.reshape(len(labels), 1, size, size)

    return paint


def _draw(skeleton: Skeleton, hand: Hand, grid: _Grid) -> Values:
    """Return a skeleton drawn n times, (n, size · size)."""
    points = _bent(skeleton, hand)
    begins, ends = (matrix @ points for matrix in skeleton.segments)
    half, begins, ends = _placed(skeleton, hand, begins, ends, grid.size)
    ramp = hand.spread("ramp", 0.8, 1.4) * grid.size / SIZE
    inside = (half - grid.distance(begins, ends)) / ramp + 0.5
    return hand.spread("ink", 0.85, 1.0) * np.clip(inside, 0, 1)


def _bent(skeleton: Skeleton, hand: Hand) -> Values:
    """Return the skeleton's points as an unsteady hand has them, (n, points, 2), in the skeleton's own measure."""
    strength = hand.wobble * hand.spread("strength", 0.1, 1.1)
    own = hand.about_zero("points", 0.09).reshape(len(strength), MOST_POINTS, 2)[:, : len(skeleton.points)]
    points = np.array(skeleton.points) + strength[..., None] * (own + _waves(skeleton, hand))
    x, y = points[..., 0], points[..., 1]
    top, bottom = np.split(1 + strength * hand.about_zero("widths", 0.25), 2, axis=1)
    x = x * (top * (1 - y) + bottom * (1 + y)) / 2
    y = y + strength * hand.about_zero("bend", 0.2)[:, :1] * (1 - y * y)
    for number, (end, near) in enumerate(skeleton.ends):
        longer = min(hand.wobble, 1.0) * hand.spread("ends", -0.375, 0.375)[:, number]
        apart = np.hypot(x[:, end] - x[:, near], y[:, end] - y[:, near])
        share = longer * LONGEST / np.maximum(apart, LONGEST)
        x[:, end] += share * (x[:, end] - x[:, near])
        y[:, end] += share * (y[:, end] - y[:, near])
    return _slanted(x, y, hand)


def _waves(skeleton: Skeleton, hand: Hand) -> Values:
    """Return how far a smooth warp moves the points, (n, points, 2): waves in all directions, added up."""
    turn, length, phase = (
        hand.spread(name, low, high)[:, None]
        for name, low, high in (("directions", 0, 2 * np.pi), ("lengths", 1, 3), ("phases", 0, 2 * np.pi))
    )
    x, y = np.array(skeleton.points).T[:, None, :, None]
    waves = np.sin(length * (np.cos(turn) * x + np.sin(turn) * y) + phase)
    moved: Values = waves @ hand.about_zero("heights", 0.2 * np.sqrt(2 / WAVES)).reshape(-1, WAVES, 2)
    return moved


def _slanted(x: Values, y: Values, hand: Hand) -> Values:
    x = np.exp(hand.spread("aspect", np.log(0.75), np.log(2.1))) * x - hand.spread("slant", -0.2, 0.7) * y
    turn = np.deg2rad(hand.about_zero("turn", 9))[:, :1]
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=-1)


def _placed(skeleton: Skeleton, hand: Hand, begins: Values, ends: Values, size: int) -> tuple[Values, Values, Values]:
    """Return half the pen's width (n, 1) and the pieces in pixels from the middle, (n, pieces, 2) each."""
    both = np.concatenate([begins, ends], axis=1)
    extent = np.ptp(both, axis=1)
    longest = extent.max(axis=1, keepdims=True)
    room = SHARE * size
    chance, wide = np.split(hand.chance("pen"), 2, axis=1)
    half = between(chance, 0.8, np.where(wide < WIDE_PENS, 2.8, 1.8)) * size / SIZE
    if skeleton.digit != 1:
        half = np.minimum(half, 0.15 * room * extent.min(axis=1, keepdims=True) / longest)
    scale = ((room - 2 * half) / longest)[..., None]
    weight = np.hypot(*np.moveaxis(ends - begins, -1, 0))[..., None]
    mass = (weight * (begins + ends)).sum(axis=1, keepdims=True) / (2 * weight.sum(axis=1, keepdims=True))
    off = (hand.spread("middle", -0.5, 0.5) * size / SIZE)[:, None]
    return half, scale * (begins - mass) + off, scale * (ends - mass) + off


class _Grid:
    """The pixels of a picture, and how far they are from straight pieces. Its buffers are used again and again."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._middles = np.arange(size) - (size - 1) / 2  # of rows and of columns, from the middle
        self._buffers = np.empty((3, AT_ONCE * MOST_PIECES, size, size))

    def distance(self, begins: Values, ends: Values) -> Values:
        """Return how far each pixel is from the nearest of k pieces, n times: (n, k, 2) each -> (n, size · size).

        With d from where a piece begins to the pixel and u from where it begins to where it ends, the nearest point
        of the piece is the share t = d·u / u·u of the way, cut to 0 to 1, and the squared distance is
        d·d − t (2 d·u − t u·u). Both products are a sum of what the row and what the column contributes.
        """
        count, pieces, _ = begins.shape
        along, square, share = self._buffers[:, : count * pieces]
        x, y = _columns(begins)
        u, v = _columns(ends - begins)
        over, down = self._middles - x, self._middles - y
        length = np.maximum(u * u + v * v, SHORTEST)[..., None]
        np.add((v * down)[:, :, None], (u * over)[:, None, :], out=along)
        np.add((down * down)[:, :, None], (over * over)[:, None, :], out=square)
        np.multiply(along, 1 / length, out=share)
        np.clip(share, 0, 1, out=share)
        np.multiply(along, 2, out=along)
        np.multiply(along, share, out=along)
        np.subtract(square, along, out=square)
        np.multiply(share, share, out=share)
        np.multiply(share, length, out=share)
        np.add(square, share, out=square)
        nearest: Values = square.reshape(pieces, count, -1).min(axis=0)
        return np.sqrt(np.clip(nearest, 0, None))


def _columns(points: Values) -> tuple[Values, Values]:
    """Return coordinates (x, y) of points (n, k, 2), (k · n, 1) each, the pieces outermost."""
    x, y = points.transpose(2, 1, 0).reshape(2, -1, 1)
    return x, y
