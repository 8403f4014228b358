"""Where the terms of a gradient come from, whatever the numbers are: found once, and kept for the next ones.

A network that learns asks for the same cells of the same operations again and again, with other numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.axes import Axis, Given, MeetingPoints
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.kept import Kept, constant, stretch_of
from cnn_engine.relations.operations import Relation
from cnn_engine.relations.slide import Slide
from cnn_engine.relations.table import PaddedSlide

Array = NDArray[Any]

ROOM = 3_000_000  # numbers in all the layouts that are kept for the next request, 24 MB
MOST = 1_000_000  # of one of them
_KEPT: Kept[Layout] = Kept(ROOM)


@dataclass(frozen=True, eq=False)
class Layout:
    """Where some cells of a gradient have their terms, in the contract's order; as many as any cell of it has.

    Attributes:
        cell: (cells, axes), the cells themselves.
        inside: (cells, terms): whether there is a term.
        weight: (cells, terms), what the axes themselves multiply by; None for nothing.
        index: tensor -> (cells, terms, axes), where the term comes from in it; 0 where there is no term.
        offsets: tensor -> (cells, terms), the same as one number, in C order.
        taps: (cells, terms, 2), where in its window the cell is, of what has windows; else no axes.
    """

    relation: Relation
    wrt: str
    cell: Array
    inside: NDArray[np.bool_]
    weight: Array | None
    index: dict[str, NDArray[np.intp]]
    offsets: dict[str, NDArray[np.intp]]
    taps: NDArray[np.intp]
    full: bool
    _extents: dict[str, tuple[Array, Array]] = field(default_factory=dict)

    def looked_up(self, name: str, values: Array) -> Array:
        """Return the values of a tensor at the terms as float64, 0 where there is none."""
        if values.flags.c_contiguous and values.shape == self.relation.shape(name):
            found = values.reshape(-1).take(self.offsets[name])
        else:  # as one line it would be a copy
            found = values[tuple(np.moveaxis(self.index[name], -1, 0))]
        found = found.astype(np.float64, copy=False)
        return found if self.full else np.where(self.inside, found, 0.0)

    def extent(self, name: str) -> tuple[Array, Array]:
        """Return the first index of the block of terms in a tensor, and how many there are along each axis."""
        if name not in self._extents:
            cells = np.ravel_multi_index(tuple(self.cell.T), self.relation.shape(self.wrt))
            first, size, _ = extent(self.relation, self.wrt, name, cells)
            self._extents[name] = constant(first), constant(size)
        return self._extents[name]


def layout(relation: Relation, wrt: str, cells: Array, names: Sequence[str]) -> Layout:
    """Return where the terms of some cells of the gradient by one operand come from, in these tensors.

    `cells` are their numbers in C order.
    """
    numbers = _numbers(relation, wrt, len(cells), names)
    stretch = stretch_of(cells) if relation.follows_rules and numbers <= MOST else None
    if stretch is None:
        return _laid_out(relation, wrt, cells, names)
    return _KEPT.get((relation, wrt, *stretch, *names), numbers, lambda: _shared(relation, wrt, cells, names))


def _numbers(relation: Relation, wrt: str, count: int, names: Sequence[str]) -> int:
    """Return how many numbers the layout of so many cells has at most, with its blocks and two taps of each term."""
    axes = sum(len(relation.tensors[name]) for name in names)
    of_term = axes + len(names) + 3
    return count * (math.prod(relation.most(wrt)) * of_term + len(relation.tensors[wrt]) + 2 * axes)


def _shared(relation: Relation, wrt: str, cells: Array, names: Sequence[str]) -> Layout:
    """Return a layout that nobody can write to: everybody has the same."""
    made = _laid_out(relation, wrt, cells, names)
    for array in (made.cell, made.inside, made.taps, *made.index.values(), *made.offsets.values()):
        constant(array)
    return made


def _laid_out(relation: Relation, wrt: str, cells: Array, names: Sequence[str]) -> Layout:
    along = _points(relation, wrt, cells)
    real = reduce(np.logical_and, (part.real for part in along))
    lists = _Lists(real, _by_taps(relation, real, along))
    index = {name: [along[axis].index[role] for axis, role in relation.tensors[name]] for name in names}
    weights = [part.weight for part in along if part.weight is not None]
    return Layout(
        relation,
        wrt,
        np.stack(np.unravel_index(cells, relation.shape(wrt)), axis=-1),
        lists.inside,
        lists.of(reduce(np.multiply, weights)) if weights else None,
        {name: lists.together(parts) for name, parts in index.items()},
        {name: lists.of(_offset(parts, relation.shape(name))) for name, parts in index.items()},
        lists.together([part.index["tap"] for part in along if "tap" in part.index]),
        lists.full,
    )


def _offset(index: Sequence[Array], shape: tuple[int, ...]) -> Array:
    """Return indices along the axes of a tensor of this shape as one, in C order."""
    offset: Any = 0
    for along, size in zip(index, shape, strict=True):
        offset = offset * size + along
    return np.asarray(offset)


class _Lists:
    """What there is at points as a list for each cell: (cells, terms), 0 where there is no term."""

    def __init__(self, real: NDArray[np.bool_], order: Array | None) -> None:
        self.real, self.order = real, order
        self.flat = len(real), math.prod(real.shape[1:])
        self.full = bool(real.all())
        self.inside = self._ordered(real.reshape(self.flat))

    def _ordered(self, values: Array) -> Array:
        return values if self.order is None else np.take_along_axis(values, self.order, axis=1)

    def of(self, values: Array) -> Array:
        """Return values at points."""
        spread = np.broadcast_to(values, self.real.shape) if self.full else np.where(self.real, values, 0)
        return self._ordered(spread.reshape(self.flat))

    def together(self, parts: list[Array]) -> NDArray[np.intp]:
        """Return the indices along several axes as (cells, terms, axes)."""
        lists = np.empty((*self.real.shape, len(parts)), np.intp)
        for axis, part in enumerate(parts):
            np.multiply(part, self.real, out=lists[..., axis])
        flat = lists.reshape(*self.flat, len(parts))
        return flat if self.order is None else np.take_along_axis(flat, self.order[..., None], axis=1)


def extent(relation: Relation, wrt: str, name: str, cells: Array) -> tuple[Array, Array, list[int]]:
    """Return where the terms of some cells lie in a tensor, as blocks of evenly spaced indices.

    (cells, axes) for the first of them and for how many there are along each axis, and how far apart they are; none
    where they are not evenly spaced, as copies of a cell may be.
    """
    index, found = np.unravel_index(np.asarray(cells), relation.shape(wrt)), []
    for number, role in relation.tensors[name]:
        given = {other: index[k] for k, (axis, other) in enumerate(relation.tensors[wrt]) if axis == number}
        found.append(_along(relation.axes[number], given or {"position": np.zeros_like(index[0])}, role))
    first, count, apart = zip(*found, strict=True)
    return np.stack(first, axis=-1), np.stack(count, axis=-1), list(apart)


def _along(axis: Axis, given: Given, role: str) -> tuple[Array, Array, int]:
    if isinstance(axis, Slide | Blocks):
        return axis.progressions(given).ascending(role)
    points = axis.points(given)
    points = points.widened(max(1, points.real.shape[1]))
    count = points.real.sum(axis=1)
    found = np.sort(np.where(points.real, points.index[role], axis.size(role)), axis=1)
    unlike = (np.diff(found, axis=1) != 1) & (np.arange(1, found.shape[1]) < count[:, None])
    close = (count > 0) & ~unlike.any(axis=1)  # one beside the other, and each once
    return found[:, 0] * close, count * close, 1


def _points(relation: Relation, wrt: str, cells: Array) -> list[MeetingPoints]:
    """Return each axis's points, on an axis of their own, so that they can be combined: (cells, 1, points, 1)."""
    index = np.unravel_index(np.asarray(cells), relation.shape(wrt))
    count, along, most = len(relation.axes), [], relation.most(wrt)
    for number, axis in enumerate(relation.axes):
        given = {role: index[k] for k, (other, role) in enumerate(relation.tensors[wrt]) if other == number}
        found = axis.points(given or {"position": np.zeros(len(index[0]), np.intp)}).widened(most[number])
        shape = (len(index[0]), *(1 for _ in range(number)), most[number], *(1 for _ in range(count - number - 1)))
        weight = None if found.weight is None else found.weight.reshape(shape)
        roles = {role: values.reshape(shape) for role, values in found.index.items()}
        along.append(MeetingPoints(roles, found.real.reshape(shape), weight))
    return along


def _by_taps(relation: Relation, real: Array, along: list[MeetingPoints]) -> Array | None:
    """Return an order in which all copies of a cell come tap by tap, where one cell has several; else None."""
    if not any(isinstance(axis, PaddedSlide) for axis in relation.axes):
        return None
    taps = [part.index["tap"] for part in along if "tap" in part.index]
    filters = np.arange(real.shape[1]).reshape(1, -1, 1, 1)
    flat = len(real), math.prod(real.shape[1:])
    keys = [np.broadcast_to(key, real.shape).reshape(flat) for key in (taps[1], taps[0], filters)]
    missing = real.reshape(flat) == 0
    return np.lexsort((*keys, missing), axis=1)
