"""The digits 0 to 9 as a pen draws them: points, and the lines through them.

Points are (x, y) with y downwards, in a box from −0.6 to 0.6 across and −1 to 1 down. A line that names several
points is a smooth curve through them; where a pen turns a corner, one line ends and the next begins at the same point.
A closed curve comes back to its first point. Some digits are written in more than one way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
Lines = tuple[tuple[int, ...], ...]

PIECES = 4  # straight pieces between two points of a curve


@dataclass(frozen=True)
class Skeleton:
    """One way to write a digit."""

    digit: int
    points: Points
    lines: Lines

    def segments(self) -> tuple[Values, Values]:
        """Two matrices, (pieces, points): times the points they give where each straight piece begins and ends."""
        begins, ends = zip(*(_pieces(line, len(self.points)) for line in self.lines), strict=True)
        return np.concatenate(begins), np.concatenate(ends)


def _pieces(line: tuple[int, ...], count: int) -> tuple[Values, Values]:
    through = np.eye(count)[list(line)]
    if len(line) > 2:
        through = _curve(through, closed=line[0] == line[-1])
    return through[:-1], through[1:]


def _curve(through: Values, *, closed: bool) -> Values:
    """Points on a smooth curve through the given ones.

    Catmull and Rom (1974): between two points a cubic whose slope at each is half the way between its neighbours. At
    an open end, where there is no neighbour, the slope is that of the nearest piece.
    """
    if closed:
        before, after = through[-2], through[1]
    else:
        before, after = 2 * through[0] - through[1], 2 * through[-1] - through[-2]
    p = np.concatenate([[before], through, [after]])
    t = (np.arange(PIECES) / PIECES)[None, :, None]
    a, b, c, d = (p[shift : len(p) - 3 + shift, None] for shift in range(4))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.concatenate([curve.reshape(-1, through.shape[1]), through[-1:]])


SKELETONS = (
    Skeleton(
        0,
        ((0, -1), (0.43, -0.72), (0.56, 0), (0.43, 0.72), (0, 1), (-0.43, 0.72), (-0.56, 0), (-0.43, -0.72)),
        ((0, 1, 2, 3, 4, 5, 6, 7, 0),),
    ),
    Skeleton(1, ((0, -1), (0, 0), (0, 1)), ((0, 1, 2),)),
    Skeleton(1, ((-0.34, -0.6), (0.06, -1), (0.06, 1)), ((0, 1), (1, 2))),
    Skeleton(
        2,
        ((-0.5, -0.6), (-0.28, -0.92), (0.08, -1), (0.44, -0.78), (0.42, -0.34), (0.02, 0.3), (-0.54, 1), (0.58, 0.96)),
        ((0, 1, 2, 3, 4, 5, 6), (6, 7)),
    ),
    Skeleton(
        2,
        (
            (-0.48, -0.66),
            (-0.05, -1),
            (0.42, -0.72),
            (0.3, -0.1),
            (-0.28, 0.78),
            (-0.52, 0.72),
            (-0.3, 0.58),
            (0.1, 0.86),
            (0.56, 0.88),
        ),
        ((0, 1, 2, 3, 4, 5, 6, 7, 8),),
    ),
    Skeleton(
        3,
        (
            (-0.46, -0.78),
            (-0.02, -1),
            (0.4, -0.78),
            (0.36, -0.3),
            (-0.1, -0.08),
            (0.4, 0.14),
            (0.5, 0.6),
            (0.08, 1),
            (-0.5, 0.78),
        ),
        ((0, 1, 2, 3, 4), (4, 5, 6, 7, 8)),
    ),
    Skeleton(
        4,
        ((-0.3, -1), (-0.52, 0.08), (0.56, 0.06), (0.3, -0.5), (0.2, 1)),
        ((0, 1), (1, 2), (3, 4)),
    ),
    Skeleton(
        4,
        ((0.24, -1), (-0.58, 0.34), (0.56, 0.34), (0.24, 1)),
        ((0, 1), (1, 2), (0, 3)),
    ),
    Skeleton(
        5,
        (
            (0.48, -0.98),
            (-0.34, -0.98),
            (-0.42, -0.14),
            (0.04, -0.3),
            (0.46, -0.02),
            (0.48, 0.56),
            (0.06, 1),
            (-0.5, 0.8),
        ),
        ((0, 1), (1, 2), (2, 3, 4, 5, 6, 7)),
    ),
    Skeleton(
        6,
        (
            (0.3, -1),
            (-0.22, -0.56),
            (-0.48, 0.14),
            (-0.4, 0.76),
            (0.02, 1),
            (0.44, 0.74),
            (0.42, 0.26),
            (0, 0.04),
            (-0.42, 0.36),
        ),
        ((0, 1, 2, 3, 4, 5, 6, 7, 8),),
    ),
    Skeleton(7, ((-0.54, -0.96), (0.52, -0.98), (0.12, -0.1), (-0.14, 1)), ((0, 1), (1, 2, 3))),
    Skeleton(
        7,
        ((-0.52, -0.96), (0.5, -0.98), (0.12, -0.1), (-0.1, 1), (-0.26, 0), (0.42, -0.04)),
        ((0, 1), (1, 2, 3), (4, 5)),
    ),
    Skeleton(
        8,
        (
            (0, -0.06),
            (-0.4, -0.42),
            (-0.32, -0.86),
            (0.02, -1),
            (0.36, -0.84),
            (0.38, -0.42),
            (-0.02, -0.06),
            (-0.44, 0.34),
            (-0.4, 0.82),
            (0.02, 1),
            (0.44, 0.8),
            (0.44, 0.34),
        ),
        ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0),),
    ),
    Skeleton(
        9,
        (
            (0.42, -0.62),
            (0.08, -1),
            (-0.36, -0.82),
            (-0.44, -0.38),
            (-0.14, -0.06),
            (0.28, -0.26),
            (0.42, 0.2),
            (0.3, 1),
        ),
        ((0, 1, 2, 3, 4, 5, 0), (0, 6, 7)),
    ),
    Skeleton(
        9,
        (
            (0.44, -0.7),
            (0.04, -1),
            (-0.42, -0.76),
            (-0.4, -0.24),
            (0, -0.08),
            (0.4, -0.4),
            (0.36, 0.4),
            (-0.02, 0.98),
            (-0.4, 0.86),
        ),
        ((0, 1, 2, 3, 4, 5, 0), (0, 6, 7, 8)),
    ),
)
