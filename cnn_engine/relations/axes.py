"""One axis of an operation: which indices of its tensors meet there, solved without going through all of them.

An operation that multiplies and adds goes through points, and along each axis every tensor has an index at each
point. The index is an affine function, so those that meet a given one are evenly spaced: an arithmetic progression.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Given = Mapping[str, Indices]  # a role that a tensor's index may have along an axis -> the indices that are known


@dataclass(frozen=True)
class Points:
    """The points that have each of some given indices, in the contract's order of addition.

    Attributes:
        index: role -> (given, most), the index that this role has at each point; 0 where there is no point.
        real: (given, most), whether there is a point; not all of the given have the same number.
        weight: (given, most), what the axis itself multiplies by, or None for nothing.
    """

    index: dict[str, Indices]
    real: NDArray[np.bool_]
    weight: NDArray[Any] | None = None

    def widened(self, most: int) -> Points:
        """Return the same points with room for `most` of each of the given indices."""
        if most == self.real.shape[1]:
            return self

        def wide(values: NDArray[Any]) -> NDArray[Any]:
            return np.pad(values, ((0, 0), (0, most - values.shape[1])))

        index = {role: wide(values) for role, values in self.index.items()}
        return Points(index, wide(self.real), None if self.weight is None else wide(self.weight))


@dataclass(frozen=True)
class Progressions:
    """The points that have each of some given indices, as arithmetic progressions.

    Attributes:
        first: role -> (given,), its index at the first point.
        step: role -> how far it is from one point to the next.
        count: (given,), how many points there are.
    """

    first: dict[str, Indices]
    step: dict[str, int]
    count: Indices

    def ascending(self, role: str) -> tuple[Indices, Indices, int]:
        """Return the smallest index of a role in each, how many it has there, and how far apart they are."""
        first, step = self.first[role], self.step[role]
        if step < 0:
            return first + (self.count - 1) * step, self.count, -step
        return first, (np.minimum(self.count, 1) if step == 0 else self.count), max(step, 1)

    def points(self) -> Points:
        """Every point of every progression."""
        offset = np.arange(int(self.count.max(initial=0)))
        real = offset < self.count[:, None]
        index = {role: (first[:, None] + offset * self.step[role]) * real for role, first in self.first.items()}
        return Points(index, real)


class Axis(Protocol):
    """What every axis can say."""

    def size(self, role: str) -> int:
        """Return how many indices this role has."""
        ...

    def most(self, role: str) -> int:
        """Return how many points an index of this role has at most; counted, not gone through."""
        ...

    def points(self, given: Given) -> Points:
        """Return the points at which these roles have these indices."""
        ...


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

    def points(self, given: Given) -> Points:
        """Return the points of the progressions."""
        return self.progressions(given).points()


@dataclass(frozen=True)
class Blocks:
    """Channels in groups: each output of a group meets each of the group's inputs, and none of another's.

    Roles: out and in, channels of the whole; kept and depth, the same counted within their group.
    """

    groups: int
    inputs: int
    outputs: int

    @classmethod
    def of(cls, channels: int, filters: int, groups: int = 1) -> Blocks:
        """Return the blocks of so many channels and filters in all."""
        return cls(groups, channels // groups, filters // groups)

    @classmethod
    def same(cls, channels: int) -> Blocks:
        """Return channels that meet themselves alone."""
        return cls(channels, 1, 1)

    def size(self, role: str) -> int:
        """Return how many channels there are, in all or in a group."""
        whole = self.groups if role in ("out", "in") else 1
        return whole * (self.outputs if role in ("out", "kept") else self.inputs)

    def most(self, role: str) -> int:
        """Return how many channels each one meets."""
        return self.inputs if role == "out" else self.outputs

    def read(self, out: Indices) -> Indices:
        """Return (out, depth): the input channels that each output channel reads."""
        return self.span(out)[:, :1] + np.arange(self.inputs)

    def span(self, out: Indices) -> Indices:
        """Return (out, 2): the first and the last of the input channels that each output channel reads."""
        first = out // self.outputs * self.inputs
        return np.stack([first, first + self.inputs - 1], axis=1)

    def first_fed(self, channel: Indices) -> Indices:
        """Return the first of the output channels that each input channel goes to; the group's others follow."""
        return channel // self.inputs * self.outputs

    def by_output(self, weight: NDArray[Any]) -> NDArray[Any]:
        """Return weights (in, kept, ...) of a transposed convolution as (out, depth, ...)."""
        blocks = weight.reshape(self.groups, self.inputs, self.outputs, *weight.shape[2:])
        return blocks.swapaxes(1, 2).reshape(self.size("out"), self.inputs, *weight.shape[2:])

    def by_input(self, weight: NDArray[Any]) -> NDArray[Any]:
        """Return weights (out, depth, ...) of a convolution as (in, kept, ...)."""
        blocks = weight.reshape(self.groups, self.outputs, self.inputs, *weight.shape[2:])
        return blocks.swapaxes(1, 2).reshape(self.size("in"), self.outputs, *weight.shape[2:])

    def progressions(self, given: Given) -> Progressions:
        """Return the points that have a given out or in, or one of a group beside it."""
        out, channel = given.get("out"), given.get("in")
        group = out // self.outputs if out is not None else given["in"] // self.inputs
        kept = out - group * self.outputs if out is not None else given.get("kept")
        depth = channel - group * self.inputs if channel is not None else given.get("depth")
        free = {"kept": kept is None, "depth": depth is None}
        count = (self.outputs if free["kept"] else 1) * (self.inputs if free["depth"] else 1)
        kept = np.zeros_like(group) if kept is None else kept
        depth = np.zeros_like(group) if depth is None else depth
        first = {"kept": kept, "depth": depth, "out": group * self.outputs + kept, "in": group * self.inputs + depth}
        step = {"kept": int(free["kept"]), "depth": int(free["depth"])}
        return Progressions(first, step | {"out": step["kept"], "in": step["depth"]}, np.full_like(group, count))

    def points(self, given: Given) -> Points:
        """Return the points of the progressions."""
        return self.progressions(given).points()


@dataclass(frozen=True, eq=False)
class Table:
    """An axis that follows no rule: for each position the cell that each of its taps reads, and by how much it counts.

    Padding that copies is such a table of one tap, enlarging by a factor one of two. Roles: position, tap, cell.

    Attributes:
        sources: (positions, taps), the cell, or -1 for none.
        cells: how many there are.
        weights: (positions, taps), or None where each counts once.
    """

    sources: Indices
    cells: int
    weights: NDArray[Any] | None = None

    def size(self, role: str) -> int:
        """Return how many positions, taps or cells there are."""
        sizes: dict[str, int] = {"position": self.sources.shape[0], "tap": self.sources.shape[1], "cell": self.cells}
        return sizes[role]

    def most(self, role: str) -> int:
        """Return how many cells a position reads at most, or by how many taps a cell is read."""
        if role == "position":
            return int((self.sources >= 0).sum(axis=1).max(initial=0))
        return int(np.bincount(self.sources[self.sources >= 0]).max(initial=0))

    @cached_property
    def _by_cell(self) -> tuple[Indices, Indices]:
        """All the taps in the order of their cells, and those cells."""
        order = np.argsort(self.sources, axis=None, kind="stable")
        return order, self.sources.ravel()[order]

    def points(self, given: Given) -> Points:
        """Return the points that have a given position or cell, by position and then tap."""
        ((role, index),) = given.items()
        taps = self.sources.shape[1]
        if role == "position":
            flat, real = index[:, None] * taps + np.arange(taps), self.sources[index] >= 0
        else:
            order, cells = self._by_cell
            begin, end = np.searchsorted(cells, (index, index + 1))
            offset = np.arange(int((end - begin).max(initial=0)))
            real = offset < (end - begin)[:, None]
            flat = order[np.where(real, begin[:, None] + offset, 0)]
        cell = np.where(real, self.sources.ravel()[flat], 0)
        weight = None if self.weights is None else self.weights.ravel()[flat]
        return Points({"position": flat // taps, "tap": flat % taps, "cell": cell}, real, weight)


@dataclass(frozen=True, eq=False)
class Padded:
    """A slide over cells that are copies: role cell is where a copy comes from. By taps, then by copies."""

    slide: Slide
    copies: Table

    def size(self, role: str) -> int:
        """Return how many positions, taps or cells of the input there are."""
        return self.copies.cells if role == "cell" else self.slide.size(role)

    def most(self, role: str) -> int:
        """Return how many points a position, a tap, or a cell with all its copies has at most."""
        if role != "cell":
            return self.slide.most(role)
        read = np.bincount(self.copies.sources[:, 0], self.slide.counts("cell"))
        return int(read.max(initial=0))

    def points(self, given: Given) -> Points:
        """Return the points that read any copy of a given cell, or those of a position or a tap."""
        if "cell" not in given:
            points = self.slide.points(given)
            cell = self.copies.sources[points.index["cell"], 0] * points.real
            return Points({**points.index, "cell": cell}, points.real)
        cell = given["cell"]
        copies = self.copies.points({"cell": cell})
        read = self.slide.points({"cell": copies.index["position"].ravel()})
        shape = len(cell), copies.real.shape[1] * read.real.shape[1]
        real = (read.real & copies.real.reshape(-1, 1)).reshape(shape)
        index = {role: read.index[role].reshape(shape) for role in ("position", "tap")}
        order = np.argsort(np.where(real, index["tap"], self.slide.taps), axis=1, kind="stable")
        index = {role: np.take_along_axis(values, order, axis=1) for role, values in index.items()}
        index["cell"] = np.broadcast_to(cell[:, None], order.shape)
        real = np.take_along_axis(real, order, axis=1)
        most = int(real.sum(axis=1).max(initial=0))
        return Points({role: values[:, :most] for role, values in index.items()}, real[:, :most])


@dataclass(frozen=True)
class Ravel:
    """Several axes that become one, in C order. Roles: flat, and the number of each axis."""

    shape: tuple[int, ...]

    def size(self, role: str) -> int:
        """Return how long the line or one of the axes is."""
        return math.prod(self.shape) if role == "flat" else self.shape[int(role)]

    def most(self, role: str) -> int:
        """Return 1: each place in the line is one cell."""
        return 1

    def points(self, given: Given) -> Points:
        """Return the one point of each place in the line, or of each cell."""
        if "flat" in given:
            flat = given["flat"]
        else:
            flat = np.ravel_multi_index([given[str(axis)] for axis in range(len(self.shape))], self.shape)
        index = {str(axis): part[:, None] for axis, part in enumerate(np.unravel_index(flat, self.shape))}
        return Points({"flat": flat[:, None], **index}, np.ones((len(flat), 1), bool))


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

    def points(self, given: Given) -> Points:
        """Return the points of the progressions."""
        return self.progressions(given).points()
