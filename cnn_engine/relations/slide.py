"""A kernel that slides along an axis, and the same with its indices written another way."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.axes import Given, Indices, MeetingPoints, Progressions


def _clip(start: Indices, step: int, count: int | Indices, size: int) -> tuple[Indices, Indices]:
    """Return the first n below `count` for which start + n * step is at least 0, and how many stay below `size`."""
    first = np.maximum(0, -(start // step))
    last = np.minimum(count - 1, (size - 1 - start) // step)
    return first, np.maximum(0, last - first + 1)


def _cut(start: Indices, step: int, count: Indices, size: int) -> tuple[Indices, Indices]:
    """Return the same for steps in any direction, or of none."""
    if step == 0:
        return np.zeros_like(start), np.where((start >= 0) & (start < size), count, 0)
    return _clip(start if step > 0 else size - 1 - start, abs(step), count, size)


@dataclass(frozen=True)
class Slide:
    """A kernel that takes positions: tap t at position p meets cell stride * p + dilation * t - before.

    Taps that meet no cell, in padding or beyond the end, have no point. Roles: position, tap, cell.
    """

    positions: int
    taps: int
    cells: int
    stride: int = 1
    dilation: int = 1
    before: int = 0

    def size(self, role: str) -> int:
        """Return how many positions, taps or cells there are."""
        return {"position": self.positions, "tap": self.taps, "cell": self.cells}[role]

    @property
    def reach(self) -> int:
        """How many cells the kernel covers from its first position to the end of its last one."""
        return (self.positions - 1) * self.stride + self.dilation * (self.taps - 1) + 1

    def met(self, positions: Indices) -> Indices:
        """Return (positions, taps): the cell that each tap meets, below 0 or beyond the last where there is none."""
        return (positions * self.stride - self.before)[:, None] + np.arange(self.taps) * self.dilation

    def over(self, inner: Slide) -> Slide:
        """Return the slide over the cells of another one, whose positions are this one's cells.

        A position meets what lies between the first cell and the last that it depends on, gaps included. Neither of
        the slides may begin in padding.
        """
        last = self.dilation * (self.taps - 1) * inner.stride + inner.dilation * (inner.taps - 1)
        return Slide(self.positions, last + 1, inner.cells, inner.stride * self.stride)

    def inside(self, positions: Indices) -> NDArray[np.bool_]:
        """Return (positions, taps): whether the tap meets a cell."""
        met = self.met(positions)
        return (met >= 0) & (met < self.cells)

    def counts(self, role: str) -> Indices:
        """Return how many points there are at each position, tap or cell."""
        return self.progressions({role: np.arange(self.size(role))}).count

    def most(self, role: str) -> int:
        """Return how many points a position, a tap or a cell has at most."""
        return int(self.counts(role).max(initial=0))

    def slices(self, role: str) -> list[tuple[slice, slice]]:
        """Return for each position its taps that meet cells, or for each tap its positions, and these cells."""
        solved = self.progressions({role: np.arange(self.size(role))})
        other = "tap" if role == "position" else "position"
        step = solved.step["cell"]
        starts = solved.first[other].tolist(), solved.first["cell"].tolist()
        parts = zip(*starts, solved.count.tolist(), strict=True)
        return [
            (slice(first, first + count), slice(cell, cell + count * step, step) if count else slice(0))
            for first, cell, count in parts
        ]

    def sources(self) -> Indices:
        """Return for each cell the position whose kernel, of one tap, meets it, or -1."""
        sources = np.full(self.cells, -1, np.intp)
        met = np.arange(-self.before, self.positions * self.stride - self.before, self.stride)
        inside = (met >= 0) & (met < self.cells)
        sources[met[inside]] = np.flatnonzero(inside)
        return sources

    def progressions(self, given: Given) -> Progressions:
        """Return the points that have a given position, tap or cell; by taps, or by positions."""
        ((role, index),) = given.items()
        if role == "position":
            start = index * self.stride - self.before
            tap, count = _clip(start, self.dilation, self.taps, self.cells)
            first = {"position": index, "tap": tap, "cell": start + tap * self.dilation}
            return Progressions(first, {"position": 0, "tap": 1, "cell": self.dilation}, count)
        if role == "tap":
            start = index * self.dilation - self.before
            position, count = _clip(start, self.stride, self.positions, self.cells)
            first = {"position": position, "tap": index, "cell": start + position * self.stride}
            return Progressions(first, {"position": 1, "tap": 0, "cell": self.stride}, count)
        return self._readers(index)

    def _readers(self, cell: Indices) -> Progressions:
        """Solve stride * p + dilation * t = cell + before in whole numbers.

        Both sides must be divisible by what stride and dilation share; then p is known up to multiples of `apart`.
        """
        shared = math.gcd(self.stride, self.dilation)
        apart, target = self.dilation // shared, cell + self.before
        remainder = target // shared * pow(self.stride // shared, -1, apart) % apart
        low = np.maximum(0, -((self.dilation * (self.taps - 1) - target) // self.stride))
        high = np.minimum(self.positions - 1, target // self.stride)
        position = high - (high - remainder) % apart
        count = np.where((target % shared == 0) & (position >= low), (position - low) // apart + 1, 0)
        tap = (target - position * self.stride) // self.dilation
        step = {"position": -apart, "tap": self.stride // shared, "cell": 0}
        return Progressions({"position": position, "tap": tap, "cell": cell}, step, count)

    def points(self, given: Given) -> MeetingPoints:
        """Return the points of the progressions."""
        return self.progressions(given).points()


@dataclass(frozen=True)
class Renumbered:
    """Another axis, and one role more: one of its roles as it stands elsewhere, spread out, shifted or turned round.

    Index i of the role `of` stands at first + step * i there. What stands outside is cut off: it has no point.

    Attributes:
        axis: the other one, whose points are progressions.
        role: what the new role is called.
        of: of which role its indices are.
        count: how many there are, those included that stand for none.
    """

    axis: Slide | Renumbered
    role: str
    of: str
    first: int
    step: int
    count: int

    def size(self, role: str) -> int:
        """Return how many indices this role has."""
        return self.count if role == self.role else self.axis.size(role)

    def most(self, role: str) -> int:
        """Return how many points an index of this role has at most."""
        return self.axis.most(self.of if role == self.role else role)

    def progressions(self, given: Given) -> Progressions:
        """Return the points of the other axis that have these indices, as far as they have a place."""
        own = dict(given)
        stands: NDArray[np.bool_] | bool = True
        if self.role in own:
            index, rest = np.divmod(own.pop(self.role) - self.first, self.step)
            stands = (rest == 0) & (index >= 0) & (index < self.axis.size(self.of))
            own[self.of] = np.where(stands, index, 0)
        found = self.axis.progressions(own)
        origin, apart = self.first + self.step * found.first[self.of], self.step * found.step[self.of]
        skipped, count = _cut(origin, apart, found.count, self.count)
        first = {role: start + skipped * found.step[role] for role, start in found.first.items()}
        first[self.role] = origin + skipped * apart
        return Progressions(first, found.step | {self.role: apart}, np.where(stands, count, 0))

    def points(self, given: Given) -> MeetingPoints:
        """Return the points of the progressions."""
        return self.progressions(given).points()
