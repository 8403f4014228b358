"""Activations, one value at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.pointwise import Slope, check_slope, floating, leaky_relu, relu, sigmoid, tanh
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.tensors import LineOrMaps
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace
from cnn_engine.trace.columns import CELL, Column
from cnn_engine.trace.showing import Card, Figure, Panel, Region, Show, Text, by_size, shown
from cnn_engine.windows import array_of
from cnn_engine.words import Message

CURVE_POINTS = 121  # an odd number: the middle one is at 0
FORMULAS: dict[str, Text] = {
    "relu": shown("relu_formula"),
    "leaky_relu": shown("leaky_relu_formula"),
    "sigmoid": "1 ÷ (1 + e⁻ˣ)",
    "tanh": "(eˣ − e⁻ˣ) ÷ (eˣ + e⁻ˣ)",
}
LEAST_REACH = 4.0  # the curve goes at least from -4 to 4

COLUMNS = (
    Column("output_cell", "whole", CELL, "the cell of the output", when="maps"),
    Column("output_cell", "whole", (), "the index in the output", when="line"),
    Column("window", "number", (), "the value that is read"),
    Column("output", "number", (), "what becomes of it"),
)


def trace_relu(input: LineOrMaps) -> Trace:
    """The steps of `relu`: input (C, H, W), (H, W) or (n,).

    The tensor `curve` (2, 121) holds points of the function, wide enough for every value of the input.
    """
    return _PointwiseTrace("relu", relu, _read(input))


def trace_leaky_relu(input: LineOrMaps, negative_slope: Slope = 0.01) -> Trace:
    """The steps of `leaky_relu`, as `trace_relu`."""
    slope = check_slope(negative_slope)
    x = floating(_read(input))
    trace = _PointwiseTrace("leaky_relu", lambda x: leaky_relu(x, slope), x, slope=slope)
    trace.params["negative_slope"] = slope
    return trace


def trace_sigmoid(input: LineOrMaps) -> Trace:
    """The steps of `sigmoid`, as `trace_relu`."""
    return _PointwiseTrace("sigmoid", sigmoid, floating(_read(input)), "squashed", low=0.0, high=1.0)


def trace_tanh(input: LineOrMaps) -> Trace:
    """The steps of `tanh`, as `trace_relu`."""
    return _PointwiseTrace("tanh", tanh, floating(_read(input)), "squashed", low=-1.0, high=1.0)


def _read(input: ArrayLike) -> Array:
    return array_of(input, "input", LineOrMaps)


class _PointwiseTrace(Trace):
    def __init__(
        self, op: str, function: Callable[[Array], Array], x: Array, sentence: str = "", **bounds: float
    ) -> None:
        self.op, self.function, self.bounds = op, function, bounds
        self.message = f"steps.{sentence or op}"
        self.x = x[None] if x.ndim == 2 else x
        self.params: dict[str, Any] = {}
        self.tensors = Tensors({"input": self.x, "output": lambda: self.function(self.x), "curve": self._curve})

    def _curve(self) -> Array:
        finite = self.x[np.isfinite(self.x)]
        reach = max(LEAST_REACH, float(np.abs(finite).max(initial=0.0)))
        points = np.linspace(-reach, reach, CURVE_POINTS)
        return np.stack([points, self.function(points)])

    def _linked(self) -> Iterable[Linked]:
        return [(operations.one_to_one(self.x.shape, "input", "output"), both("input", "output"))]

    def _output_shape(self) -> tuple[int, ...]:
        return self.x.shape

    def _columns(self, cells: Array) -> Columns:
        values = self.x.reshape(-1)[cells]
        index = cells if self.x.ndim == 1 else np.stack(np.unravel_index(cells, self.x.shape), axis=1)
        return {"output_cell": index, "window": values, "output": self.function(values)}

    def show(self) -> Show:
        """Return the values before and after, and the curve."""
        line, here = self.x.ndim == 1, (Region("output_cell"),)
        size = f"{self.x.size}" if line else by_size(*self.x.shape[1:])
        before = Panel("input", "input", shown("before"), size, edit="input", opens=0, regions=here)
        note = shown("as_large", size=size)
        after = Panel(
            "output", "output", shown("after"), note, shown("output"), sign="→", fills=0, opens=0, regions=here
        )
        lines = ("x", "{window}"), (shown(self.op), FORMULAS[self.op])
        figure = Figure("curve", ("curve",), at=("window", "output"))
        return Show(
            (before, after), (Card(shown("becomes"), shown("place" if line else "cell"), lines=lines),), figure=figure
        )

    def _messages(self, columns: Columns) -> Iterator[Message]:
        several = len(self.x) > 1
        for cell, value, output in zip(
            *(columns[name].tolist() for name in ("output_cell", "window", "output")), strict=True
        ):
            index = (cell,) if self.x.ndim == 1 else tuple(cell)
            own = {"cell": index, "several": several, "value": value, "output": output}
            yield Message(self.message, own | self.bounds, {"value": ("input", index), "output": ("output", index)})
