"""The way back through dense layers, padding, flattening and activations, which have no windows.

Inputs and gradients are as those of `backward_windows`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnn_engine.geometry import Border, PaddingMode, geometry
from cnn_engine.pointwise import Slope, sigmoid
from cnn_engine.relations import operations
from cnn_engine.relations.gradients import Terms
from cnn_engine.tensors import (
    GradientOfLineOrMaps,
    GradientOfMaps,
    GradientOfVector,
    LineOrMaps,
    Maps,
    Matrix,
    Vector,
)
from cnn_engine.trace import pointwise
from cnn_engine.trace.backward import BackwardTrace, Operand, Way, columns_of
from cnn_engine.trace.backward_operands import by_operand, of_both, real
from cnn_engine.trace.base import Array, Columns, Trace
from cnn_engine.trace.columns import CELL
from cnn_engine.trace.flatten import trace_flatten
from cnn_engine.trace.linear import trace_linear
from cnn_engine.trace.pad2d import trace_pad2d

OPEN = "whether the gate is open: whether the input is above 0"

LINEAR_COLUMNS = (
    *columns_of(("output, input",), (), ("input", ()), when="weight"),
    *columns_of((), (), ("weight", ("output, input",)), when="input"),
    *columns_of((), (), when="bias"),
)
MOVED_COLUMNS = columns_of(CELL, CELL)
FLATTEN_COLUMNS = columns_of(CELL, ())
RELU_COLUMNS = tuple(
    column
    for form, axes in (("maps", CELL), ("line", ()))
    for column in columns_of(axes, axes, ("input", axes), OPEN, form)
)
ACTIVATION_COLUMNS = tuple(column for column in RELU_COLUMNS if column.name != "gate")


def trace_linear_backward(
    input: Vector, weight: Matrix, grad_output: GradientOfVector, *, wrt: Operand = "weight"
) -> Trace:
    """The steps of a gradient of `linear` for one sample: input (in,), weight (out, in), grad_output (out,)."""
    x, w = real(input, "input", Vector), real(weight, "weight", Matrix)
    forward = trace_linear(x, w)
    return by_operand(forward, w, grad_output, wrt, of_both(operations.linear(*reversed(w.shape))))


# ---- padding, flattening


def trace_pad2d_backward(
    input: Maps, padding: Border, grad_output: GradientOfMaps, *, mode: PaddingMode = "zeros", value: float = 0.0
) -> Trace:
    """The steps of the gradient of `pad2d` by its input: a term for each cell of the padded input that is a copy of it.

    What was filled in with a value comes from no cell, and its gradient goes nowhere.
    """
    forward = trace_pad2d(input, padding, mode=mode, value=value)
    channels, *size = forward.tensors["input"].shape
    axes = geometry((size[0], size[1]), 1, padding=forward.params["padding"])
    relation = operations.padding(axes, channels, mode).renamed({"input": "input", "output": "padded_input"})
    return BackwardTrace(forward, grad_output, Way(relation, "input", "pad2d"))


def trace_flatten_backward(input: Maps, grad_output: GradientOfVector) -> Trace:
    """The steps of the gradient of `flatten` for one sample: each value of grad_output (C * H * W,) moves back."""
    forward = trace_flatten(input)
    relation = operations.flattened(forward.tensors["input"].shape)
    return BackwardTrace(forward, grad_output, Way(relation, "input", "flatten"))


# ---- activations


def trace_relu_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Trace:
    """The steps of the gradient of `relu`: `gate` is open, and `local` 1, where the input is above 0, and not at 0."""
    return _activation(pointwise.trace_relu(input), grad_output, lambda x: 1.0 - (x <= 0), "relu", gated=True)


def trace_leaky_relu_backward(
    input: LineOrMaps, grad_output: GradientOfLineOrMaps, *, negative_slope: Slope = 0.01
) -> Trace:
    """The steps of the gradient of `leaky_relu`: `local` is 1 where the input is above 0, else the slope."""
    forward = pointwise.trace_leaky_relu(input, negative_slope)
    slope = forward.params["negative_slope"]
    return _activation(forward, grad_output, lambda x: np.where(x > 0, 1.0, slope), "leaky_relu")


def trace_sigmoid_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Trace:
    """The steps of the gradient of `sigmoid`: `local` is s (1 - s), s being the sigmoid of the input."""
    return _activation(pointwise.trace_sigmoid(input), grad_output, lambda x: (s := sigmoid(x)) * (1 - s))


def trace_tanh_backward(input: LineOrMaps, grad_output: GradientOfLineOrMaps) -> Trace:
    """The steps of the gradient of `tanh`: `local` is 1 - t², t being the tanh of the input."""
    return _activation(pointwise.trace_tanh(input), grad_output, lambda x: 1 - np.square(np.tanh(x)))


def _activation(
    forward: Trace,
    grad_output: GradientOfLineOrMaps,
    slope: Callable[[Array], Array],
    cornered: str = "",
    *,
    gated: bool = False,
) -> Trace:
    """Return the trace of an activation with this slope at each value; the tensor `slope` has all of them.

    `cornered` is the id of the message of one that has a corner at 0.
    """
    given = forward.tensors["input"]

    def at_zero(columns: Columns) -> Array:
        return np.asarray(given[tuple(np.atleast_2d(columns["output_cell"].T))] == 0, int)

    def settled(terms: Terms) -> Terms:
        local = slope(terms.local)
        return terms.gated(local != 0) if gated else terms.through(local)

    way = Way(
        operations.one_to_one(forward.output_shape, "input", "output", "slope"),
        "input",
        cornered or "activation",
        {"input": "input"},
        settled,
        gated,
        at_zero if cornered else None,
        {"slope": lambda: slope(given.astype(np.float64))},
    )
    return BackwardTrace(forward, grad_output, way)
