"""Every backward step: the gradient by any operand at a cell is the sum over all points that touch it.

Each point gives one term: what the operation multiplies that operand by, times the gradient of the output there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    names = ["output", *(local or {})]
    real: Array = np.asarray(math.prod(part.real for part in along))
    index = {name: [along[axis].index[role] for axis, role in relation.tensors[name]] for name in names}
    taps = [part.index["tap"] for part in along if "tap" in part.index]
    factors = [np.asarray(values[tuple(index[name])], np.float64) for name, values in (local or {}).items()]
    factors += [part.weight for part in along if part.weight is not None]
    flat = len(cells), math.prod(real.shape[1:])
    order = _by_taps(relation, real, taps)

    def spread(values: Array) -> Array:
        masked = np.where(real, values, 0).reshape(flat)
        return masked if order is None else np.take_along_axis(masked, order, axis=1)

    ones, inside = np.ones(real.shape), spread(real).astype(bool)
    return Terms(
        spread(math.prod(factors, start=ones)),
        spread(np.asarray(above[tuple(index["output"])], np.float64)),
        inside,
        inside,
        {name: np.stack([spread(part) for part in parts], axis=-1) for name, parts in index.items()},
        np.stack([spread(part) for part in taps], axis=-1) if taps else np.zeros((*flat, 0), np.intp),
    )


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


def _by_taps(relation: Relation, real: Array, taps: list[Array]) -> Array | None:
    """How to order terms so that all copies of a cell come tap by tap, where one cell has several; else None."""
    if not any(isinstance(axis, Padded) for axis in relation.axes):
        return None
    filters = np.arange(real.shape[1]).reshape(1, -1, 1, 1)
    flat = len(real), math.prod(real.shape[1:])
    keys = [np.broadcast_to(key, real.shape).reshape(flat) for key in (taps[1], taps[0], filters)]
    missing = real.reshape(flat) == 0
    return np.lexsort((*keys, missing), axis=1)
