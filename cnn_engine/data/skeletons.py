"""The digits 0 to 9 as a pen draws them: points, and the lines through them. `skeletons.txt` has them all.

People write each digit in many ways: a 2 with or without a loop, a 4 open or closed, a 7 with or without a bar.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]
Lines = tuple[tuple[int, ...], ...]

FILE = Path(__file__).resolve().parent / "skeletons.txt"
PIECES = 3  # straight pieces between two points of a curve


@dataclass(frozen=True)
class Skeleton:
    """One way to write a digit, and how frequent it is among all that write it."""

    digit: int
    weight: float
    lines: Lines
    points: Points

    @cached_property
    def segments(self) -> tuple[Values, Values]:
        """Two matrices, (pieces, points): times the points they give where each straight piece begins and ends."""
        begins, ends = zip(*(_pieces(line, len(self.points)) for line in self.lines), strict=True)
        return np.concatenate(begins), np.concatenate(ends)

    @cached_property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """Where the pen is set down or lifted: each such point, and the next one on its line."""
        visits = [point for line in self.lines for point in line]
        loose = [pair for line in self.lines for pair in ((line[0], line[1]), (line[-1], line[-2]))]
        return tuple((point, near) for point, near in loose if visits.count(point) == 1)


def _pieces(line: tuple[int, ...], count: int) -> tuple[Values, Values]:
    through = np.eye(count)[list(line)]
    if len(line) > 2:
        through = _curve(through, closed=line[0] == line[-1])
    return through[:-1], through[1:]


def _curve(through: Values, *, closed: bool) -> Values:
    """Return points on a smooth curve through the given ones.

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


def _read(row: str) -> Skeleton:
    head, lines, points = row.split("|")
    digit, weight = head.split()
    through = tuple(tuple(point for part in line.split(",") for point in _run(part)) for line in lines.split())
    pairs = (point.split(",") for point in points.split())
    return Skeleton(int(digit), float(weight), through, tuple((float(x), float(y)) for x, y in pairs))


def _run(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


SKELETONS = tuple(_read(row) for row in FILE.read_text("utf-8").splitlines() if not row.startswith("#"))
