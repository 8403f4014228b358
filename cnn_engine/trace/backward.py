"""Backward steps, one for each cell of a gradient: local derivatives times what comes from above, added up.

What an operation's terms are follows from its relation (`cnn_engine.relations.gradients`). A `Way` says for the
gradient by one operand which relation that is and where its local derivatives come from; `BackwardTrace` does the rest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import repeat
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.costs import STEPPED, work
from cnn_engine.errors import ShapeError
from cnn_engine.geometry import Pair
from cnn_engine.relations.gradients import GradientTerms, gradient
from cnn_engine.relations.links import both
from cnn_engine.relations.operations import Relation
from cnn_engine.tensors import Incoming, LineOrMaps
from cnn_engine.trace.backward_showing import backward_show
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, indices
from cnn_engine.trace.causes import NUMBER, WORDS, causes_of, columns_of_causes, why_of
from cnn_engine.trace.columns import Column
from cnn_engine.trace.showing import Panel, Show
from cnn_engine.windows import array_of
from cnn_engine.words import Alike
from cnn_engine.words.arguments import Gradient

Operand = Literal["weight", "input", "bias"]
NUMBERS = 12  # that the columns hold for each term
CHUNK = 1 << 16  # terms computed at once for a whole gradient
TERM = ("term",)


@dataclass(frozen=True, eq=False)
class Way:
    """How the gradient by one operand comes about.

    Attributes:
        relation: of the operation.
        by: the operand's name in the relation.
        sentence: the id of the message that says what a step does.
        read: what the local derivatives are made of: a tensor's name in the relation -> its name in the trace; nothing
            where they are all 1.
        settled: what the terms are once the local derivatives are made of what was read; by default they are that.
        gated: whether terms are let through or not, as by a maximum and by ReLU.
        corner: of the columns of steps, how many terms of each are at a corner, where the derivative is a convention;
            None where there are no corners.
        tensors: further tensors of the trace, those that it has in common with the relation under the same names.
    """

    relation: Relation
    by: str
    sentence: str
    read: Mapping[str, str] = field(default_factory=dict)
    settled: Callable[[GradientTerms], GradientTerms] | None = None
    gated: bool = False
    corner: Callable[[Columns], Array] | None = None
    tensors: Mapping[str, Source] = field(default_factory=dict)


def columns_of(
    cell: tuple[str, ...],
    above: tuple[str, ...],
    read: tuple[str, tuple[str, ...]] | None = None,
    gate: str = "",
    when: str | None = None,
) -> tuple[Column, ...]:
    """Return what a step holds: the axes of `output_cell`, of a cell of grad_output and of what else is read."""
    declared = [
        Column("output_cell", "whole", cell, "the cell of the gradient that is computed", when),
        Column("term_cells", "whole", TERM + above, "where in grad_output each term comes from; 0 for none", when),
        Column("inside", "flag", TERM, "whether there is a term: not all cells have as many", when),
        Column(
            "local", "number", TERM, "the local derivative: what the output there gains for each 1 of the cell", when
        ),
        Column("above", "number", TERM, "the gradient of the output there", when),
        Column("products", "number", TERM, "the local derivatives times what comes from above", when),
        Column("row_totals", "number", ("row",), "what they have come to at the end of each row of terms", when),
        Column("output", "number", (), "the products added from first to last", when),
    ]
    declared += columns_of_causes(when)
    if gate:
        declared.append(Column("gate", "flag", TERM, gate, when))
    declared += _extents("above", "grad_output", above, when)
    if read:
        what = f"where in {read[0]} each local derivative comes from; 0 for none"
        declared.append(Column("local_cells", "whole", TERM + read[1], what, when))
        declared += _extents("local", *read, when)
    return tuple(declared)


def _extents(name: str, tensor: str, axes: tuple[str, ...], when: str | None) -> list[Column]:
    size = ("rows, columns",) if axes else ()
    return [
        Column(f"{name}_from", "whole", axes, f"the first cell of {tensor} that a term comes from", when),
        Column(f"{name}_size", "whole", size, "along how many of its rows and columns they lie; 0 for no block", when),
    ]


class BackwardTrace(Trace):
    """The steps of one gradient of an operation, in float64.

    `products[k]` is `local[k] * above[k]`, and `output` the products added flat, from first to last. All steps have
    room for as many terms as any of them has; those that a step does not have are 0, and False in `inside`. A term
    whose `gate` is closed adds 0, whatever comes from above.
    """

    KEPT = ("input", "padded_input")
    has_windows = False  # whether its steps say which windows of the input a cell is in

    def __init__(self, forward: Trace, grad_output: Incoming, way: Way, wrt: Operand | None = None) -> None:
        self.op = f"{forward.op}_backward"
        self.forward, self.way, self.wrt = forward, way, wrt
        self.geometry = forward.geometry
        if callable(grad_output):  # an array fits one output size, and nothing that changes it
            self.setting = forward.setting
        self.params = {name: value for name, value in forward.params.items() if name != "mode" or wrt is None}
        if wrt is not None:
            self.params["wrt"] = wrt
        self._given = grad_output if callable(grad_output) else _checked(grad_output, forward.output_shape)
        kept = [name for name in self.KEPT if name in forward.tensors]
        self.tensors = Tensors(
            {name: lambda name=name: forward.tensors[name] for name in kept}
            | {**way.tensors, "grad_output": lambda: self.above, "output": self._output}
            | self._more_tensors()
        )

    def _more_tensors(self) -> dict[str, Source]:
        """Return tensors that only some operations have."""
        return {}

    def _output_shape(self) -> tuple[int, ...]:
        return self.way.relation.shape(self.way.by)

    @property
    def window_size(self) -> int:
        """How many terms one step adds up."""
        return self.terms_each

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        return super().sizes() | {"grad_output": math.prod(self.forward.output_shape)}

    def work(self) -> int:
        """Return what the whole gradient costs, in nanoseconds of one core, counted before it is computed."""
        steps = len(self)
        return work(f"{STEPPED}backward", products=steps * self.terms_each, met=self._searched(steps), values=steps)

    def steps_work(self, start: int, stop: int) -> int:
        """Return what a range of steps costs: a long sum, and the winners of the windows that they have to do with."""
        written = work("written", values=NUMBERS * self.terms_each)
        return work(f"{STEPPED}backward", products=self.terms_each, met=self._searched(stop - start)) + written

    def _searched(self, steps: int) -> int:
        """Return how many values are compared to find the winners of the windows that so many steps have to do with."""
        if self.forward.geometry is None or not self.way.gated:
            return 0
        return min(math.prod(self.forward.output_shape), steps * self.terms_each) * self.forward.window_size

    @cached_property
    def above(self) -> Array:
        """The gradient of the output."""
        shape = self.forward.output_shape
        return _checked(self._given(shape), shape) if callable(self._given) else self._given

    @property
    def laid(self) -> Pair:
        """How many rows and columns of terms lie together."""
        *_, rows, cols = 1, 1, *self.way.relation.most(self.way.by)
        return rows, cols

    @cached_property
    def terms_each(self) -> int:
        """How many terms a step has room for."""
        return math.prod(self.way.relation.most(self.way.by))

    def terms(self, cells: Array) -> GradientTerms:
        """Return what the steps with these numbers add up."""
        read = {name: self.tensors[tensor] for name, tensor in self.way.read.items()}
        found = gradient(self.way.relation, self.way.by, cells, self.above, read)
        return self.way.settled(found) if self.way.settled else found

    def _output(self) -> Array:
        together = max(1, CHUNK // self.terms_each)
        if len(self) <= together:
            return self._all["output"].reshape(self.output_shape)
        parts = (np.arange(first, min(first + together, len(self))) for first in range(0, len(self), together))
        return np.concatenate([self.terms(cells).sums for cells in parts]).reshape(self.output_shape)

    @cached_property
    def _all(self) -> Columns:
        """Every step, of a gradient that is small enough: whoever needs the whole of it has the steps as well."""
        return self._columns_of(np.arange(len(self)))

    def _columns(self, cells: Array) -> Columns:
        if "_all" not in vars(self) or not len(cells):
            return self._columns_of(cells)
        part = slice(int(cells[0]), int(cells[-1]) + 1)  # one after the other, as steps are asked for
        return {name: column[part] for name, column in self._all.items()}

    def _columns_of(self, cells: Array) -> Columns:
        terms = self.terms(cells)
        columns = {"output_cell": _line(terms.layout.cell)}
        columns |= {"inside": terms.inside, "local": terms.local, "above": terms.above}
        if self.way.gated:
            columns["gate"] = terms.gate
        columns |= self._cells("term", "above", "output", terms)
        for name in self.way.read:
            columns |= self._cells("local", "local", name, terms)
        totals = terms.totals(self.laid[1])
        columns |= {"products": terms.products, "row_totals": totals, "output": terms.sums}
        causes = causes_of(terms, self._factors(terms), gated=self.way.gated)
        columns |= {"zero": WORDS[causes], "why": WORDS[why_of(causes, terms.inside, columns["output"])]}
        return columns | self._more_columns(terms)

    def _more_columns(self, terms: GradientTerms) -> Columns:
        """Return columns that only some operations have."""
        return {}

    @property
    def factor(self) -> str:
        """What a local derivative of 0 means: a gate, a window's winner, or the number that is 0."""
        if self.has_windows and self.way.gated:
            return "winner"
        if self.forward.op == "relu":
            return "gate"
        if "weight" in self.way.read.values():
            return "weight"
        return "slope" if self.wrt is None else "value"

    def explained(self, panel: Panel) -> Panel:
        """Return a panel that local derivatives are read from, in which those that are 0 say so."""
        return panel._replace(terms="local_cells", zeros=(self.factor,))

    def _factors(self, terms: GradientTerms) -> int | Array:
        """Return the number of what the other factor means at each of these terms."""
        return NUMBER[self.factor]

    def _cells(self, each: str, block: str, name: str, terms: GradientTerms) -> Columns:
        """Return where in a tensor of the relation the terms come from: one by one, and as a block."""
        first, size = terms.layout.extent(name)
        return {
            f"{each}_cells": _line(terms.index[name]),
            f"{block}_from": _line(first),
            f"{block}_size": _line(size[:, -2:]),
        }

    def _linked(self) -> Iterable[Linked]:
        names = {tensor: name for name, tensor in self.way.read.items()}
        names |= {name: name for name in self.way.tensors if name in self.way.relation.tensors}
        if self.wrt is None:
            names["input"] = self.way.by
        names |= {"output": self.way.by, "grad_output": "output"}
        yield self.way.relation.renamed(names), both(*names)

    def show(self) -> Show:
        """Return what the local derivatives come from, the gradient from above and the one that is made of them."""
        return backward_show(self)

    def _messages(self, columns: Columns) -> Alike:
        cells, terms = indices(columns["output_cell"]), columns["inside"].sum(axis=1)
        passed = columns["gate"].sum(axis=1) if self.way.gated else terms
        corner = self.way.corner(columns) if self.way.corner else np.zeros_like(terms)
        numbers = terms, passed, columns["local"][:, 0], columns["above"][:, 0], columns["output"], corner
        zeros = (Counter(word for word in zero if word) for zero in columns["zero"].tolist())
        why = repeat({}) if self.wrt is None else zeros
        steps = zip(cells, repeat(self.output_shape), *(each.tolist() for each in numbers), why, strict=False)
        found = found_at(cells, **{"step.output": "output"})
        return self._alike(self.way.sentence, {}, {"step": [*map(Gradient._make, steps)]}, found)


def _line(index: Array) -> Array:
    """Return indices (..., axes), or without their axis where there is but one."""
    return index[..., 0] if index.shape[-1] == 1 else index


def _size(shape: tuple[int, ...]) -> str:
    """Return '2 × 2'; the only channel goes without saying."""
    return " × ".join(map(str, shape[1:] if len(shape) == 3 and shape[0] == 1 else shape))


def _checked(grad_output: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Return the gradient of an output; it may be one plane for an output of one channel."""
    above = array_of(grad_output, "grad_output", LineOrMaps)
    if above.ndim == 2 and len(shape) == 3:
        above = above[None]
    if above.shape != shape:
        raise ShapeError("gradient_of_another_shape", "grad_output", size=_size(above.shape), expected=_size(shape))
    return above
