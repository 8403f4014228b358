"""Digits as if handwritten, 28 × 28, drawn by a seed: no download, and as many as one likes.

Each digit starts from a skeleton of strokes. Its points are moved a little, the whole is slanted, stretched, turned and
shifted, and then drawn with a pen of some thickness: a pixel is as bright as its middle is near to a stroke.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.generated import Drawing, Labels, Values, between, coverage, side
from cnn_engine.data.skeletons import SKELETONS, Skeleton
from cnn_engine.nn.options import at_most

CLASSES = tuple("0123456789")
SIZE = 28
INPUT_SHAPE = (1, SIZE, SIZE)
SIZES = {"train": 2000, "validation": 500, "test": 500}
PLACING = 9  # chances that place a digit and choose its pen; the points' own come after them
CHANCES = PLACING + 2 * max(len(skeleton.points) for skeleton in SKELETONS)
WAYS = [[skeleton for skeleton in SKELETONS if skeleton.digit == digit] for digit in range(len(CLASSES))]
AT_ONCE = 8  # digits that are drawn together: their distances stay in a core's cache
MOST_PIECES = max(len(skeleton.segments()[0]) for skeleton in SKELETONS)
MOST_WOBBLE = 5
SHORTEST = 1e-9  # the squared length of a piece: no point is divided by nothing


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
    """Digits drawn by strokes, as many pictures of each.

    Args:
        train: how many pictures to learn from.
        validation: how many to look at after each epoch.
        test: how many to hold out until the end.
        size: rows and columns.
        wobble: how unsteady the hand is, up to 5; 0 for skeletons that are only placed.
        noise: the standard deviation of what is added to every value.
        seed: of everything that is drawn.

    Raises:
        ParameterError: naming the option and the rule that it broke.
    """
    rows = side(size)
    painter = _painter(rows, at_most(wobble, "wobble", MOST_WOBBLE))
    drawing = Drawing(len(CLASSES), CHANCES, (1, rows, rows), painter, noise, seed)
    return drawing.dataset("strokes", CLASSES, (train, validation, test))


def _painter(size: int, wobble: float) -> Callable[[Labels, Values], Values]:
    grid = _Grid(size)

    def paint(labels: Labels, chances: Values) -> Values:
        picture = np.empty((len(labels), size * size))
        for digit, ways in enumerate(WAYS):
            way = (chances[:, 0] * len(ways)).astype(np.intp)
            for number, skeleton in enumerate(ways):
                drawn = np.flatnonzero((labels == digit) & (way == number))
                for start in range(0, len(drawn), AT_ONCE):
                    some = drawn[start : start + AT_ONCE]
                    picture[some] = _draw(skeleton, chances[some], grid, wobble)
        return picture.reshape(len(labels), 1, size, size)

    return paint


def _draw(skeleton: Skeleton, chances: Values, grid: _Grid, wobble: float) -> Values:
    """(n, size · size): a skeleton drawn n times."""
    begins, ends = skeleton.segments()
    points = _placed(skeleton, chances, grid.size, wobble)
    half = between(chances[:, 7:8], 0.035, 0.075) * grid.size
    ink = between(chances[:, 8:9], 0.8, 1.0)
    return ink * coverage(grid.distance(begins @ points, ends @ points) - half)


def _placed(skeleton: Skeleton, chances: Values, size: int, wobble: float) -> Values:
    """The skeleton's points in pixels from the middle, (n, points, 2)."""
    own = chances[:, PLACING : PLACING + 2 * len(skeleton.points)].reshape(len(chances), -1, 2)
    x, y = np.moveaxis(np.array(skeleton.points) + wobble * between(own, -0.12, 0.12), -1, 0)
    height = between(chances[:, 1:2], 0.29, 0.37) * size
    width = height * between(chances[:, 2:3], 0.8, 1.2)
    turn = np.deg2rad(between(chances[:, 3:4], -12, 12))
    x = width * x - between(chances[:, 4:5], -0.08, 0.3) * height * y  # to the right at the top
    y = height * y
    room = 0.07 * size
    right, down = room * between(chances[:, 5:6], -1, 1), room * between(chances[:, 6:7], -1, 1)
    cosine, sine = np.cos(turn), np.sin(turn)
    return np.stack([cosine * x - sine * y + right, sine * x + cosine * y + down], axis=-1)


class _Grid:
    """The pixels of a picture, and how far they are from straight pieces. Its buffers are used again and again."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._places = np.arange(size) - (size - 1) / 2  # of rows and of columns, from the middle
        self._buffers = np.empty((3, AT_ONCE * MOST_PIECES, size, size))

    def distance(self, begins: Values, ends: Values) -> Values:
        """From every pixel to the nearest of k pieces, n times: (n, k, 2) each -> (n, size · size).

        With d from where a piece begins to the pixel and u from where it begins to where it ends, the nearest point
        of the piece is the share t = d·u / u·u of the way, cut to 0 to 1, and the squared distance is
        d·d − t (2 d·u − t u·u). Both products are a sum of what the row and what the column contributes.
        """
        count, pieces, _ = begins.shape
        along, square, share = self._buffers[:, : count * pieces]
        x, y = _columns(begins)
        u, v = _columns(ends - begins)
        over, down = self._places - x, self._places - y
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
    """Coordinates (x, y) of points (n, k, 2), (k · n, 1) each, the pieces outermost."""
    x, y = points.transpose(2, 1, 0).reshape(2, -1, 1)
    return x, y
