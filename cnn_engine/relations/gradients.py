"""Every backward step: the gradient by any operand at a cell is the sum over all points that touch it.

Each point gives one term: what the operation multiplies that operand by, times the gradient of the output there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.axes import Axis, Blocks, Given, Padded, Points, Slide
from cnn_engine.relations.operations import Relation
from cnn_engine.sums import add_in_order

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Terms:
    """What some cells of a gradient add up, in the contract's order; as many terms as any cell of it has.

    Attributes:
        local: (cells, terms), float64: what the operand is multiplied by there; 0 where there is no term.
        above: (cells, terms), float64: the gradient of the output there; 0 where there is no term.
        inside: (cells, terms): whether there is a term; not all cells have the same number.
        gate: (cells, terms): whether the term lets through what comes from above; what it does not is 0, and no NaN.
        index: tensor -> (cells, terms, axes), where the term comes from in it; 0 where there is no term.
        taps: (cells, terms, 2), where in its window the cell is, of what has windows; else no axes.
    """

    local: Array
    above: Array
    inside: NDArray[np.bool_]
    gate: NDArray[np.bool_]
    index: dict[str, NDArray[np.intp]]
    taps: NDArray[np.intp]

    @property
    def products(self) -> Array:
        """(cells, terms): local times above; what is no number stays so."""
        with np.errstate(invalid="ignore", over="ignore"):
            return np.multiply(self.local, self.above, out=np.zeros(self.local.shape), where=self.gate)

    def totals(self, each: int) -> Array:
        """(cells, rows): what the products have come to at the end of each row, of so many terms."""
        with np.errstate(invalid="ignore", over="ignore"):
            sofar: Array = np.add.accumulate(self.products, axis=1)[:, each - 1 :: each]
        return sofar

    @property
    def sums(self) -> Array:
        """(cells,): the gradient, its products added flat from first to last."""
        with np.errstate(invalid="ignore", over="ignore"):
            return add_in_order(self.products)

    def through(self, local: Array) -> Terms:
        """Return the same terms with these local derivatives, which what is read there has settled."""
        return replace(self, local=np.where(self.inside, local, 0.0))

    def gated(self, kept: NDArray[np.bool_]) -> Terms:
        """Return the terms with gates, of which these (cells, terms) are open, as those of a maximum or a ReLU."""
        gate = self.inside & kept
        return replace(self, gate=gate, local=gate.astype(np.float64))


def gradient(
    relation: Relation, wrt: str, cells: Array, above: Array, local: Mapping[str, Array] | None = None
) -> Terms:
    """Return the terms of some cells of the gradient by one operand.

    Args:
        relation: of the operation.
        wrt: the operand's name in the relation.
        cells: which cells of it, by their number in C order.
        above: the gradient of the output.
        local: the values that it is multiplied by, by their names in the relation; none for a factor of 1.
    """
    along = _points(relation, wrt, cells)
    real = reduce(np.logical_and, (part.real for part in along))
    lists = _Lists(real, _by_taps(relation, real, along))
    read = local or {}
    index = {name: [along[axis].index[role] for axis, role in relation.tensors[name]] for name in ("output", *read)}
    factors = [_looked_up(values, index[name]) for name, values in read.items()]
    factors += [part.weight for part in along if part.weight is not None]
    taps = [part.index["tap"] for part in along if "tap" in part.index]
    return Terms(
        lists.of(reduce(np.multiply, factors) if factors else np.ones(real.shape)),
        lists.of(_looked_up(above, index["output"])),
        lists.inside,
        lists.inside,
        {name: lists.together(parts) for name, parts in index.items()},
        lists.together(taps),
    )


def _looked_up(values: Array, index: list[Array]) -> Array:
    """The values of a tensor at points, by their indices along its axes, as float64."""
    if not values.flags.c_contiguous:  # as one line it would be a copy
        return np.asarray(values[tuple(index)], np.float64)
    offset: Any = 0
    for along, size in zip(index, values.shape, strict=True):
        offset = offset * size + along
    return np.asarray(values.reshape(-1).take(offset), np.float64)


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
        return axis.runs(given).ascending(role)
    points = axis.points(given)
    points = points.widened(max(1, points.real.shape[1]))
    single = (points.real.sum(axis=1) == 1).astype(np.intp)
    return points.index[role][:, 0] * single, single, 1


def _points(relation: Relation, wrt: str, cells: Array) -> list[Points]:
    """The points of each axis, each on an axis of its own, so that they can be combined: (cells, 1, points, 1)."""
    index = np.unravel_index(np.asarray(cells), relation.shape(wrt))
    count, along, most = len(relation.axes), [], relation.most(wrt)
    for number, axis in enumerate(relation.axes):
        given = {role: index[k] for k, (other, role) in enumerate(relation.tensors[wrt]) if other == number}
        found = axis.points(given or {"position": np.zeros(len(index[0]), np.intp)}).widened(most[number])
        shape = (len(index[0]), *(1 for _ in range(number)), most[number], *(1 for _ in range(count - number - 1)))
        weight = None if found.weight is None else found.weight.reshape(shape)
        roles = {role: values.reshape(shape) for role, values in found.index.items()}
        along.append(Points(roles, found.real.reshape(shape), weight))
    return along


def _by_taps(relation: Relation, real: Array, along: list[Points]) -> Array | None:
    """How to order terms so that all copies of a cell come tap by tap, where one cell has several; else None."""
    if not any(isinstance(axis, Padded) for axis in relation.axes):
        return None
    taps = [part.index["tap"] for part in along if "tap" in part.index]
    filters = np.arange(real.shape[1]).reshape(1, -1, 1, 1)
    flat = len(real), math.prod(real.shape[1:])
    keys = [np.broadcast_to(key, real.shape).reshape(flat) for key in (taps[1], taps[0], filters)]
    missing = real.reshape(flat) == 0
    return np.lexsort((*keys, missing), axis=1)
