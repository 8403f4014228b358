"""The way back through dense layers, padding and flattening, which have no windows.

Inputs and gradients are as those of `backward_windows`.
"""

from __future__ import annotations

from typing import Annotated

from cnn_engine.geometry import Border, PaddingMode, geometry
from cnn_engine.relations import operations
from cnn_engine.tensors import (
    GradientOfMaps,
    GradientOfVector,
    Maps,
    Matrix,
    Vector,
)
from cnn_engine.trace.backward import BackwardTrace, Operand, Way, columns_of
from cnn_engine.trace.backward_operands import by_operand, of_both, real
from cnn_engine.trace.base import Trace
from cnn_engine.trace.columns import CELL
from cnn_engine.trace.flatten import trace_flatten
from cnn_engine.trace.linear import trace_linear
from cnn_engine.trace.pad2d import trace_pad2d
from cnn_engine.windows import Filler

__all__ = ["trace_flatten_backward", "trace_linear_backward", "trace_pad2d_backward"]

LINEAR_COLUMNS = (
    *columns_of(("output, input",), (), ("input", ()), when="weight"),
    *columns_of((), (), ("weight", ("output, input",)), when="input"),
    *columns_of((), (), when="bias"),
)
MOVED_COLUMNS = columns_of(CELL, CELL)
FLATTEN_COLUMNS = columns_of(CELL, ())


def trace_linear_backward(
    input: Vector, weight: Matrix, grad_output: GradientOfVector, *, wrt: Operand = "weight"
) -> Annotated[Trace, LINEAR_COLUMNS]:
    """Return the steps of a gradient of `linear` for one sample: input (in,), weight (out, in), grad_output (out,)."""
    x, w = real(input, "input", Vector), real(weight, "weight", Matrix)
    forward = trace_linear(x, w)
    return by_operand(forward, w, grad_output, wrt, of_both(operations.linear(*reversed(w.shape))))


# ---- padding, flattening


def trace_pad2d_backward(
    input: Maps, padding: Border, grad_output: GradientOfMaps, *, mode: PaddingMode = "zeros", value: Filler = 0.0
) -> Annotated[Trace, MOVED_COLUMNS]:
    """Return the steps of the gradient of `pad2d` by its input: a term for each of its copies in the padded input.

    What was filled in with a value comes from no cell, and its gradient goes nowhere.
    """
    forward = trace_pad2d(input, padding, mode=mode, value=value)
    channels, *size = forward.tensors["input"].shape
    axes = geometry((size[0], size[1]), 1, padding=forward.params["padding"])
    relation = operations.padding(axes, channels, mode).renamed({"input": "input", "output": "padded_input"})
    return BackwardTrace(forward, grad_output, Way(relation, "input", "backward.pad2d"))


def trace_flatten_backward(input: Maps, grad_output: GradientOfVector) -> Annotated[Trace, FLATTEN_COLUMNS]:
    """Return the steps of the gradient of `flatten` for a sample: each value of grad_output (C * H * W,) moves back."""
    forward = trace_flatten(input)
    relation = operations.flattened(forward.tensors["input"].shape)
    return BackwardTrace(forward, grad_output, Way(relation, "input", "backward.flatten"))
