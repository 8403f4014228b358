"""The backward trace of each operation: which relation a gradient follows, and where local derivatives come from.

Inputs and gradients have no batch axis, as in the traces forward. `grad_output` may also be a function that makes an
array of the output's shape, such as np.ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from cnn_engine.geometry import (
    Border,
    Count,
    Extra,
    Geometry,
    Padding,
    PaddingMode,
    Size,
    check_word,
    geometry,
)
from cnn_engine.pointwise import Slope, floating, sigmoid
from cnn_engine.relations import operations
from cnn_engine.relations.axes import Blocks
from cnn_engine.relations.gradients import Terms
from cnn_engine.tensors import (
    GradientOfLineOrMaps,
    GradientOfMaps,
    GradientOfVector,
    Incoming,
    Kernels,
    LineOrMaps,
    Maps,
    Matrix,
    Vector,
)
from cnn_engine.trace import pointwise
from cnn_engine.trace.backward import CHUNK, BackwardTrace, Operand, Way, columns_of
from cnn_engine.trace.base import Array, Columns, Trace
from cnn_engine.trace.columns import CELL
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.conv_transpose2d import trace_conv_transpose2d
from cnn_engine.trace.correlation import Conv2dBackwardTrace
from cnn_engine.trace.flatten import trace_flatten
from cnn_engine.trace.global_pool2d import trace_global_avg_pool2d, trace_global_max_pool2d
from cnn_engine.trace.linear import trace_linear
from cnn_engine.trace.pad2d import trace_pad2d
from cnn_engine.trace.pool2d import AvgPool2dTrace, PoolTrace, trace_avg_pool2d, trace_max_pool2d
from cnn_engine.windows import array_of

KERNEL_CELL = ("filter, channel, kernel row, kernel column",)
TURNED_CELL = ("channel, filter, kernel row, kernel column",)
OPEN = "whether the gate is open: whether the input is above 0"
WON = "whether the cell is the one that its window selected"

CONV2D_COLUMNS = (
    *columns_of(KERNEL_CELL, CELL, ("padded_input", CELL), when="weight"),
    *columns_of(CELL, CELL, ("weight", KERNEL_CELL), when="input"),
    *columns_of((), CELL, when="bias"),
)
CONV_TRANSPOSE2D_COLUMNS = (
    *columns_of(TURNED_CELL, CELL, ("input", CELL), when="weight"),
    *columns_of(CELL, CELL, ("weight", TURNED_CELL), when="input"),
    *columns_of((), CELL, when="bias"),
)
LINEAR_COLUMNS = (
    *columns_of(("output, input",), (), ("input", ()), when="weight"),
    *columns_of((), (), ("weight", ("output, input",)), when="input"),
    *columns_of((), (), when="bias"),
)
MAX_POOL_COLUMNS = columns_of(CELL, CELL, gate=WON)
AVG_POOL_COLUMNS = columns_of(CELL, CELL, ("share", ("row, column",)))
MOVED_COLUMNS = columns_of(CELL, CELL)
FLATTEN_COLUMNS = columns_of(CELL, ())
RELU_COLUMNS = tuple(
    column
    for form, axes in (("maps", CELL), ("line", ()))
    for column in columns_of(axes, axes, ("input", axes), OPEN, form)
)
ACTIVATION_COLUMNS = tuple(column for column in RELU_COLUMNS if column.name != "gate")


def trace_conv2d_backward(
    input: Maps,
    weight: Kernels,
    grad_output: GradientOfMaps,
    *,
    wrt: Operand = "weight",
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: Count = 1,
    padding_mode: PaddingMode = "zeros",
) -> Trace:
    """The steps of a gradient of `conv2d`, given that of its output: one for each weight, input or bias.

    The gradient of the weight is the input correlated with the output's gradient: `local` is what the weight met in
    `padded_input` at each position. That of the input has the weights that it met as `local`, by filter, kernel row and
    kernel column; with padding that copies, over every copy of the cell. That of a bias adds up what comes from above.
    The tensor `weight_by_input` (C, O / groups, kH, kW) has the weights in the order in which inputs meet them.
    """
    x, w = _real(input, "input", Maps), _kernels(weight)
    forward = trace_conv2d(
        x, w, stride=stride, padding=padding, dilation=dilation, groups=groups, padding_mode=padding_mode
    )
    axes, channels = forward.geometry or {}, forward.channels
    ways = {
        "weight": Way(operations.windowed(axes, channels), "weight", "weight", {"padded_input": "padded_input"}),
        "input": Way(
            operations.windowed_input(axes, channels, padding_mode),
            "input",
            "input",
            {"weight": "weight"},
            tensors={"weight_by_input": lambda: channels.by_input(w)},
        ),
    }
    return _by(forward, w, grad_output, wrt, ways, Conv2dBackwardTrace)


def trace_conv_transpose2d_backward(
    input: Maps,
    weight: Kernels,
    grad_output: GradientOfMaps,
    *,
    wrt: Operand = "weight",
    stride: Size = 1,
    padding: Border = 0,
    output_padding: Extra = 0,
    groups: Count = 1,
    dilation: Size = 1,
) -> Trace:
    """The steps of a gradient of `conv_transpose2d`, as `trace_conv2d_backward`.

    The gradient of the input is a plain convolution of the output's gradient, by output channel, kernel row and column.
    """
    x, w = _real(input, "input", Maps), _kernels(weight)
    forward = trace_conv_transpose2d(
        x,
        w,
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        groups=groups,
        dilation=dilation,
    )
    relation = operations.transposed(forward.axes, forward.channels)
    return _by(forward, w, grad_output, wrt, _of_both(relation, "transposed_weight"))


def trace_linear_backward(
    input: Vector, weight: Matrix, grad_output: GradientOfVector, *, wrt: Operand = "weight"
) -> Trace:
    """The steps of a gradient of `linear` for one sample: input (in,), weight (out, in), grad_output (out,)."""
    x, w = _real(input, "input", Vector), _real(weight, "weight", Matrix)
    forward = trace_linear(x, w)
    return _by(forward, w, grad_output, wrt, _of_both(operations.linear(*reversed(w.shape))))


def _of_both(relation: operations.Relation, weight: str = "weight") -> dict[str, Way]:
    """Return the ways of an input and a weight that meet as they are; `weight` is the id of the weight's message."""
    return {
        "weight": Way(relation, "weight", weight, {"input": "input"}),
        "input": Way(relation, "input", "input", {"weight": "weight"}),
    }


def _by(
    forward: Trace,
    weight: Array,
    grad_output: Incoming,
    wrt: Operand,
    ways: Mapping[str, Way],
    made: type[BackwardTrace] = BackwardTrace,
) -> Trace:
    """Return the trace of the gradient by this operand; that of a bias is the same in all operations."""
    check_word(wrt, "wrt", get_args(Operand))
    way = Way(operations.bias(forward.output_shape), "bias", "bias") if wrt == "bias" else ways[wrt]
    return made(forward, grad_output, replace(way, tensors={"weight": weight, **way.tensors}), wrt)


def _real(values: Maps, name: str, kind: Any) -> Array:
    """Return an array of floating numbers, which are multiplied in float64 whatever their own dtype."""
    return floating(array_of(values, name, kind))


def _kernels(weight: Kernels) -> Array:
    w = _real(weight, "weight", Kernels)
    return w if w.ndim == 4 else w[None, None]


# ---- pools


def trace_max_pool2d_backward(
    input: Maps,
    kernel_size: Size,
    grad_output: GradientOfMaps,
    *,
    stride: Size | None = None,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Trace:
    """The steps of the gradient of `max_pool2d` by its input, one for each cell of it.

    There is a term for each window that holds the cell; its `gate` is open, and `local` 1, where the cell is the one
    that the window selected: the first of the largest.
    """
    forward = trace_max_pool2d(
        input, kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode
    )
    return _max_pool(forward, grad_output)


def trace_global_max_pool2d_backward(input: Maps, grad_output: GradientOfMaps) -> Trace:
    """The steps of the gradient of `global_max_pool2d`, as `trace_max_pool2d_backward`; grad_output is (C, 1, 1)."""
    return _max_pool(trace_global_max_pool2d(input), grad_output)


def _max_pool(forward: PoolTrace, grad_output: GradientOfMaps) -> Trace:
    def windows_of(cells: Array) -> tuple[Array, Array]:
        """Return the numbers of the windows that these cells of the output have, each once, and which each cell has."""
        numbers = np.ravel_multi_index(tuple(np.moveaxis(cells, -1, 0)), forward.output_shape)
        windows, which = np.unique(numbers, return_inverse=True)
        return windows, which.reshape(numbers.shape)

    def settled(terms: Terms) -> Terms:
        windows, which = windows_of(terms.index["output"])
        return terms.gated((_of_windows(forward, windows, "selected")[which] == terms.taps).all(axis=-1))

    def tied(columns: Columns) -> Array:
        """Count the windows of each cell that another one won with an equal value."""
        values = forward.x[tuple(columns["output_cell"].T)]
        windows, which = windows_of(columns["term_cells"])
        largest = _of_windows(forward, windows, "output")[which]
        lost = columns["inside"] & ~columns["gate"]
        return np.asarray(np.sum(lost & (largest == values[:, None]), axis=1))

    way = Way(_pooled(forward), "input", "max_pool2d", settled=settled, gated=True, corner=tied)
    return BackwardTrace(forward, grad_output, way)


def _of_windows(forward: PoolTrace, windows: Array, column: str) -> Array:
    """Return what a column of the pool has for each of these windows."""
    together = max(1, CHUNK // (forward.rows.kernel_size * forward.cols.kernel_size))
    parts = [windows[first : first + together] for first in range(0, len(windows), together)]
    none = forward._columns(np.zeros(1, np.intp))[column][:0]
    return np.concatenate([none, *(forward._columns(part)[column] for part in parts)])


def trace_avg_pool2d_backward(
    input: Maps,
    kernel_size: Size,
    grad_output: GradientOfMaps,
    *,
    stride: Size | None = None,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Trace:
    """The steps of the gradient of `avg_pool2d` by its input, one for each cell of it.

    There is a term for each window that holds the cell; `local` is 1 divided by what the window's sum is divided by, of
    which the tensor `share` (H', W') has all.
    """
    forward = trace_avg_pool2d(
        input,
        kernel_size,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )
    return _avg_pool(forward, grad_output)


def trace_global_avg_pool2d_backward(input: Maps, grad_output: GradientOfMaps) -> Trace:
    """The steps of the gradient of `global_avg_pool2d`, as `trace_avg_pool2d_backward`; grad_output is (C, 1, 1)."""
    return _avg_pool(trace_global_avg_pool2d(input), grad_output)


def _avg_pool(forward: AvgPool2dTrace, grad_output: GradientOfMaps) -> Trace:
    shares: Mapping[str, Any] = {"share": lambda: 1 / np.multiply.outer(*forward.divisors)}
    way = Way(_pooled(forward), "input", "avg_pool2d", {"share": "share"}, tensors=shares)
    return BackwardTrace(forward, grad_output, way)


def _pooled(forward: PoolTrace) -> operations.Relation:
    axes: Geometry = forward.geometry or {}
    return operations.windowed_input(axes, Blocks.same(len(forward.x)))


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
