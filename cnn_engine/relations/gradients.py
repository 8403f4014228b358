"""Every backward step: the gradient by any operand at a cell is the sum over all points that touch it.

Each point gives one term: what the operation multiplies that operand by, times the gradient of the output there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.layout import Layout, layout
from cnn_engine.relations.operations import Relation
from cnn_engine.sums import add_in_order

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class GradientTerms:
    """What some cells of a gradient add up, in the contract's order; as many terms as any cell of it has.

    Attributes:
        local: (cells, terms), float64: what the operand is multiplied by there; 0 where there is no term.
        above: (cells, terms), float64: the gradient of the output there; 0 where there is no term.
        layout: where the terms come from, and which there are.
        gate: (cells, terms): whether the term lets through what comes from above; what it does not is 0, and no NaN.
        selected: (cells, terms, 2), which cell of its window was selected, of windows that select one; else None.
    """

    local: Array
    above: Array
    layout: Layout
    gate: NDArray[np.bool_]
    selected: NDArray[np.intp] | None = None

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(cells, terms): whether there is a term; not all cells have the same number."""
        return self.layout.inside

    @property
    def index(self) -> Mapping[str, NDArray[np.intp]]:
        """Tensor -> (cells, terms, axes), where the term comes from in it; 0 where there is no term."""
        return self.layout.index

    @property
    def taps(self) -> NDArray[np.intp]:
        """(cells, terms, 2), where in its window the cell is, of what has windows; else no axes."""
        return self.layout.taps

    @cached_property
    def products(self) -> Array:
        """(cells, terms): local times above; what is no number stays so."""
        with np.errstate(invalid="ignore", over="ignore"):
            if self.gate is self.inside:  # what is not there is 0 times 0
                return self.local * self.above
            return np.multiply(self.local, self.above, out=np.zeros(self.local.shape), where=self.gate)

    def totals(self, each: int) -> Array:
        """Return (cells, rows): what the products have come to at the end of each row, of so many terms."""
        with np.errstate(invalid="ignore", over="ignore"):
            sofar: Array = np.add.accumulate(self.products, axis=1)[:, each - 1 :: each]
        return sofar

    @property
    def sums(self) -> Array:
        """(cells,): the gradient, its products added flat from first to last."""
        with np.errstate(invalid="ignore", over="ignore"):
            return add_in_order(self.products)

    def through(self, local: Array) -> GradientTerms:
        """Return the same terms with these local derivatives, which what is read there has settled."""
        return replace(self, local=np.where(self.inside, local, 0.0))

    def gated(self, kept: NDArray[np.bool_]) -> GradientTerms:
        """Return the terms with gates, of which these (cells, terms) are open, as those of a maximum or a ReLU."""
        gate = self.inside & kept
        return replace(self, gate=gate, local=gate.astype(np.float64))


def gradient(
    relation: Relation, wrt: str, cells: Array, above: Array, local: Mapping[str, Array] | None = None
) -> GradientTerms:
    """Return the terms of some cells of the gradient by one operand.

    Args:
        relation: of the operation.
        wrt: the operand's name in the relation.
        cells: which cells of it, by their number in C order.
        above: the gradient of the output.
        local: the values that it is multiplied by, by their names in the relation; none for a factor of 1.
    """
    read = local or {}
    found = layout(relation, wrt, cells, ("output", *read))
    factors = [found.looked_up(name, values) for name, values in read.items()]
    factors += [] if found.weight is None else [found.weight]
    ones = found.inside.astype(np.float64) if not factors else None
    local_values = reduce(np.multiply, factors) if ones is None else ones
    return GradientTerms(local_values, found.looked_up("output", above), found, found.inside)
