"""Activations, one value at a time, forward and backward."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any

import numpy as np

from cnn_engine.pointwise import ACTIVATIONS, Largest, Least, Slope
from cnn_engine.relations import operations
from cnn_engine.relations.gradients import GradientTerms
from cnn_engine.relations.links import both
from cnn_engine.tensors import GradientOfLineOrMaps, LineOrMaps
from cnn_engine.trace.backward import BackwardTrace, Way, columns_of
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace, found_at, indices, lists
from cnn_engine.trace.columns import CELL, Column
from cnn_engine.trace.indices import indices_of
from cnn_engine.trace.showing import Card, Figure, Panel, Region, Show, by_size, shown
from cnn_engine.windows import array_of
from cnn_engine.words import Alike, Message

__all__ = [
    "trace_hardtanh",
    "trace_hardtanh_backward",
    "trace_leaky_relu",
    "trace_leaky_relu_backward",
    "trace_relu",
    "trace_relu_backward",
    "trace_sigmoid",
    "trace_sigmoid_backward",
    "trace_tanh",
    "trace_tanh_backward",
]

CURVE_POINTS = 121  # an odd number: the middle one is at 0
LEAST_REACH = 4.0  # the curve goes at least from -4 to 4
OPEN = "whether the gate is open: whether the slope there is 1, and not 0"

COLUMNS = (
    Column("output_cell", "whole", CELL, "the cell of the output", when="maps"),
    Column("output_cell", "whole", (), "the index in the output", when="line"),
    Column("window", "number", (), "the value that is read"),
    Column("output", "number", (), "what becomes of it"),
)
SLOPES = {  # what a step back through each holds
    name: tuple(
        column
        for form, axes in (("maps", CELL), ("line", ()))
        for column in columns_of(axes, axes, ("input", axes), OPEN if activation.gated else "", form)
    )
    for name, activation in ACTIVATIONS.items()
}


def trace_relu(input: LineOrMaps) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `relu`: input (C, H, W), (H, W) or (n,).

    The tensor `curve` (2, 121) holds points of the function, wide enough for every value of the input.
    """
    return _PointwiseTrace("relu", input)


def trace_leaky_relu(input: LineOrMaps, negative_slope: Slope = 0.01) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `leaky_relu`, as `trace_relu`."""
    return _PointwiseTrace("leaky_relu", input, negative_slope=negative_slope)


def trace_hardtanh(input: LineOrMaps, min_val: Least = -1.0, max_val: Largest = 1.0) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `hardtanh`, as `trace_relu`."""
    return _PointwiseTrace("hardtanh", input, min_val=min_val, max_val=max_val)


def trace_sigmoid(input: LineOrMaps) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `sigmoid`, as `trace_relu`."""
    return _PointwiseTrace("sigmoid", input)


def trace_tanh(input: LineOrMaps) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `tanh`, as `trace_relu`."""
    return _PointwiseTrace("tanh", input)


# ---- the way back: `local` is the slope at the value that was read, and the tensor `slope` has all of them


def trace_relu_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Annotated[Trace, SLOPES["relu"]]:
    """Return the steps of `relu`'s gradient: `gate` is open, and `local` 1, where the input is above 0, not at 0."""
    return _backward(_PointwiseTrace("relu", input), grad_output)


def trace_leaky_relu_backward(
    input: LineOrMaps, grad_output: GradientOfLineOrMaps, *, negative_slope: Slope = 0.01
) -> Annotated[Trace, SLOPES["leaky_relu"]]:
    """Return the steps of the gradient of `leaky_relu`: `local` is 1 where the input is above 0, else the slope."""
    return _backward(_PointwiseTrace("leaky_relu", input, negative_slope=negative_slope), grad_output)


def trace_hardtanh_backward(
    input: LineOrMaps, grad_output: GradientOfLineOrMaps, *, min_val: Least = -1.0, max_val: Largest = 1.0
) -> Annotated[Trace, SLOPES["hardtanh"]]:
    """Return the steps of `hardtanh`'s gradient: `gate` is open where the input is between the bounds, not at them."""
    return _backward(_PointwiseTrace("hardtanh", input, min_val=min_val, max_val=max_val), grad_output)


def trace_sigmoid_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Annotated[Trace, SLOPES["sigmoid"]]:
    """Return the steps of the gradient of `sigmoid`: `local` is s (1 - s), s being the sigmoid of the input."""
    return _backward(_PointwiseTrace("sigmoid", input), grad_output)


def trace_tanh_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Annotated[Trace, SLOPES["tanh"]]:
    """Return the steps of the gradient of `tanh`: `local` is 1 - t², t being the tanh of the input."""
    return _backward(_PointwiseTrace("tanh", input), grad_output)


class _PointwiseTrace(Trace):
    def __init__(self, op: str, input: LineOrMaps, **numbers: float) -> None:
        self.op, self.activation = op, ACTIVATIONS[op]
        x = array_of(input, "input", LineOrMaps)
        as_given = self.activation.function(x.reshape(-1)[:1], **numbers)  # which checks the numbers
        self.params: dict[str, Any] = {name: float(number) for name, number in numbers.items()}
        self.function = partial(self.activation.function, **self.params)
        self.x = (x[None] if x.ndim == 2 else x).astype(as_given.dtype)  # integers are only kept by some
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
        index = cells if self.x.ndim == 1 else indices_of(cells, self.x.shape)
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
        called = shown("of_x", function=Message(f"operations.{self.op}.title", {}))
        lines = (("x =", "{window}"), (called, Message(f"activations.{self.op}_formula", {})))
        figure = Figure("curve", ("curve",), at=("window", "output"))
        return Show(
            (before, after), (Card(shown("becomes"), shown("place" if line else "cell"), lines=lines),), figure=figure
        )

    def _messages(self, columns: Columns) -> Alike:
        own = {"cell": indices(columns["output_cell"]), **lists(columns, value="window", output="output")}
        shared = {"several": len(self.x) > 1, **self.params}
        return self._alike(f"activations.{self.op}", shared, own, found_at(own["cell"], value="input", output="output"))


def _backward(forward: _PointwiseTrace, grad_output: GradientOfLineOrMaps) -> Trace:
    activation, given = forward.activation, forward.x
    slope = partial(activation.slope, **forward.params)
    corners = activation.corners(**forward.params)

    def at_corner(columns: Columns) -> Array:
        read = given[tuple(np.atleast_2d(columns["output_cell"].T))]
        return np.isin(read, corners).astype(int)

    def settled(terms: GradientTerms) -> GradientTerms:
        local = slope(terms.local)
        return terms.gated(local != 0) if activation.gated else terms.through(local)

    way = Way(
        operations.one_to_one(given.shape, "input", "output", "slope"),
        "input",
        f"activations.{forward.op}_backward",
        {"input": "input"},
        settled,
        activation.gated,
        at_corner if corners else None,
        {"slope": lambda: slope(given.astype(np.float64))},
    )
    return BackwardTrace(forward, grad_output, way)
