"""The way back through operations with windows: which relation a gradient follows, where local derivatives come from.

Inputs and gradients have no batch axis, as in the traces forward. `grad_output` may also be a function that makes an
array of the output's shape, such as np.ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_engine.geometry import Border, Count, Extra, Geometry, Padding, PaddingMode, Size
from cnn_engine.relations import operations
from cnn_engine.relations.axes import Blocks
from cnn_engine.relations.gradients import Terms
from cnn_engine.tensors import GradientOfMaps, Kernels, Maps
from cnn_engine.trace.backward import CHUNK, BackwardTrace, Operand, Way, columns_of
from cnn_engine.trace.backward_operands import by_operand, of_both, real
from cnn_engine.trace.base import Array, Columns, Trace
from cnn_engine.trace.columns import CELL
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.conv_transpose2d import trace_conv_transpose2d
from cnn_engine.trace.correlation import Conv2dBackwardTrace
from cnn_engine.trace.global_pool2d import trace_global_avg_pool2d, trace_global_max_pool2d
from cnn_engine.trace.pool2d import AvgPool2dTrace, PoolTrace, trace_avg_pool2d, trace_max_pool2d

__all__ = [
    "trace_avg_pool2d_backward",
    "trace_conv2d_backward",
    "trace_conv_transpose2d_backward",
    "trace_global_avg_pool2d_backward",
    "trace_global_max_pool2d_backward",
    "trace_max_pool2d_backward",
]

KERNEL_CELL = ("filter, channel, kernel row, kernel column",)
TURNED_CELL = ("channel, filter, kernel row, kernel column",)
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
MAX_POOL_COLUMNS = columns_of(CELL, CELL, gate=WON)
AVG_POOL_COLUMNS = columns_of(CELL, CELL, ("share", ("row, column",)))


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
    x, w = real(input, "input", Maps), _kernels(weight)
    forward = trace_conv2d(
        x, w, stride=stride, padding=padding, dilation=dilation, groups=groups, padding_mode=padding_mode
    )
    axes, channels = forward.geometry or {}, forward.channels
    ways = {
        "weight": Way(
            operations.windowed(axes, channels), "weight", "backward.weight", {"padded_input": "padded_input"}
        ),
        "input": Way(
            operations.windowed_input(axes, channels, padding_mode),
            "input",
            "backward.input",
            {"weight": "weight"},
            tensors={"weight_by_input": lambda: channels.by_input(w)},
        ),
    }
    return by_operand(forward, w, grad_output, wrt, ways, Conv2dBackwardTrace)


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
    x, w = real(input, "input", Maps), _kernels(weight)
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
    return by_operand(forward, w, grad_output, wrt, of_both(relation, "transposed_weight"))


def _kernels(weight: Kernels) -> Array:
    w = real(weight, "weight", Kernels)
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

    way = Way(_pooled(forward), "input", "backward.max_pool2d", settled=settled, gated=True, corner=tied)
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
    way = Way(_pooled(forward), "input", "backward.avg_pool2d", {"share": "share"}, tensors=shares)
    return BackwardTrace(forward, grad_output, way)


def _pooled(forward: PoolTrace) -> operations.Relation:
    axes: Geometry = forward.geometry or {}
    return operations.windowed_input(axes, Blocks.same(len(forward.x)))
