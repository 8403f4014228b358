"""The operations, whole. PyTorch's names and semantics; arrays are (N, C, H, W), or (C, H, W) without a batch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.correlation import correlate_dense
from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import (
    Cells,
    Count,
    Geometry,
    Padding,
    PaddingMode,
    Pair,
    Size,
    check_pool_padding,
    check_windows_hold_input,
    convolution_geometry,
    flag,
    geometry,
    whole,
)
from cnn_engine.relations.blocks import Blocks
from cnn_engine.sums import summed_in
from cnn_engine.tensors import Batch, Filters, Matrix, Values, Vector
from cnn_engine.windows import as_array, pad_for, windows
from cnn_engine.words.message import part

__all__ = ["avg_pool2d", "conv2d", "flatten", "global_avg_pool2d", "global_max_pool2d", "linear", "max_pool2d"]

Array = NDArray[Any]

BAND = 1 << 16  # values of unfolded input held at once: about what a second-level cache holds
LONG_ROW = 24  # output columns from which a matrix product a row pays


def _size(array: Array) -> Pair:
    return array.shape[-2], array.shape[-1]


def check_convolution(input: Array, weight: Array, bias: Array | None, groups: int) -> Blocks:
    """Return how the groups meet; refuse weights, a bias and groups that do not fit the input (C, H, W)."""
    channels, filters, depth = input.shape[-3], weight.shape[0], weight.shape[1]
    whole(groups, "groups", 1)
    if not filters:
        raise ShapeError("empty", "weight", shape=weight.shape, name="weight")
    blocks = Blocks.of(channels, filters, groups)
    if depth != blocks.inputs:
        raise ShapeError("weight_channels", "weight", depth=depth, channels=channels, groups=groups)
    if bias is not None and bias.shape != (filters,):
        raise ShapeError("bias_not_one_for_each_filter", "bias", shape=bias.shape, filters=filters)
    return blocks


def conv2d(
    input: Batch,
    weight: Filters,
    bias: Vector | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: Count = 1,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """Slide `weight` over `input`, multiply and add: cross-correlation, which every framework calls convolution.

    Args:
        input: (N, C, H, W) or (C, H, W).
        weight: (out_channels, C / groups, kH, kW).
        bias: (out_channels,) or None.
        stride: how far the window moves, an int or (height, width).
        padding: an int, (height, width), ((top, bottom), (left, right)), "valid", "same" or "same_lower".
        dilation: how far apart the taps of the kernel are, 1 for none.
        groups: channels are split into this many groups, each with its own filters.
        padding_mode: "zeros", "reflect", "replicate" or "circular".

    Returns:
        (N, out_channels, H', W'), or without N; in the dtype of a floating input. Integers are multiplied and added
        in int64, which never wraps; beside a floating weight or bias they take the dtype that NumPy gives both.

    Raises:
        ShapeError, ParameterError: naming the value and the rule that it broke; booleans are refused, and so are
            integers whose sums int64 may not hold.
    """
    x, w = as_array(input, "input", (3, 4)), as_array(weight, "weight", (4,))
    b = None if bias is None else as_array(bias, "bias", (1,))
    channels = check_convolution(x, w, b, groups)
    axes = convolution_geometry(
        _size(x), w.shape[-2:], stride=stride, padding=padding, dilation=dilation, padding_mode=padding_mode
    )
    padded = pad_for(x if x.ndim == 4 else x[None], axes, mode=padding_mode)
    dtype = summed_in(x, w, b)
    output = _correlate(padded.astype(dtype, copy=False), w.astype(dtype, copy=False), axes, channels)
    if b is not None:
        output = output + b.astype(dtype, copy=False)[:, None, None]
    return output if x.ndim == 4 else output[0]


def _correlate(padded: Array, weight: Array, axes: Geometry, channels: Blocks) -> Array:
    """Correlate (N, C, H, W) with (O, C / groups, kH, kW): the one place that decides how a convolution is computed."""
    rows, cols, dtype = axes["height"].output_size, axes["width"].output_size, padded.dtype
    output = np.empty((len(padded), weight.shape[0], rows, cols), dtype)
    dense = all(axis.stride == 1 and axis.taps_touch for axis in axes.values()) and channels.groups == 1
    if dense and dtype.kind == "f" and cols >= LONG_ROW and weight.shape[-1] > 1:
        for sample, target in zip(padded, output, strict=True):
            correlate_dense(sample, weight, target)
    else:
        for sample, target in zip(windows(padded, axes), output, strict=True):
            _correlate_unfolded(sample, weight, target, channels)
    return output


def _correlate_unfolded(view: Array, weight: Array, output: Array, channels: Blocks) -> None:
    """Take one matrix product a band of output rows: (O, K) by (K, rows * columns), K = C / groups * kH * kW."""
    rows, cols = output.shape[1:]
    groups = channels.groups
    kernels = weight.reshape(groups, channels.outputs, -1)
    depth = kernels.shape[-1]
    band = max(1, BAND // (groups * depth * cols))
    for start in range(0, rows, band):
        part = view[:, start : start + band]  # (C, band, cols, kH, kW)
        height = part.shape[1]
        taps = np.ascontiguousarray(part.transpose(0, 3, 4, 1, 2))
        product = kernels @ taps.reshape(groups, depth, height * cols)
        output[:, start : start + height] = product.reshape(-1, height, cols)


def pool_geometry(
    input_size: Cells,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Geometry:
    """Return the geometry of a pool, whose stride is its kernel size unless given."""
    step = kernel_size if stride is None else stride
    axes = geometry(input_size, kernel_size, stride=step, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    check_pool_padding(axes)
    return axes


def avg_pool_geometry(
    input_size: Cells,
    kernel_size: Size,
    stride: Size | None,
    padding: Padding,
    dilation: Size,
    ceil_mode: bool,
    count_include_pad: bool,
) -> Geometry:
    """Return the geometry of an average pool, which counts at least one cell in each window."""
    axes = pool_geometry(input_size, kernel_size, stride, padding, dilation, ceil_mode)
    if not count_include_pad:
        check_windows_hold_input(axes, part("nothing_to_average"))
    return axes


def lowest(dtype: np.dtype[Any]) -> float:
    """Return what stands for "no value" when looking for a maximum."""
    return int(np.iinfo(dtype).min) if dtype.kind in "iu" else -np.inf


def max_pool2d(
    input: Batch,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Array:
    """Return the largest value of each window: (N, C, H, W) -> (N, C, H', W'), the dtype kept.

    Padding has no value and never wins. The stride is the kernel size unless given. NaN wins, as in PyTorch.
    """
    x = as_array(input, "input", (3, 4))
    axes = pool_geometry(_size(x), kernel_size, stride, padding, dilation, ceil_mode)
    if x.dtype.kind in "iu":
        check_windows_hold_input(axes, part("cannot_say_so", dtype=str(x.dtype)))
    view = windows(pad_for(x, axes, value=lowest(x.dtype)), axes)
    output = view[..., 0, 0].copy()
    for i, j in np.ndindex(*view.shape[-2:]):
        np.maximum(output, view[..., i, j], out=output)
    return output


def avg_pool2d(
    input: Batch,
    kernel_size: Size,
    *,
    stride: Size | None = None,
    padding: Padding = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Return the mean of each window: (N, C, H, W) -> (N, C, H', W'); integers are averaged in float64.

    With `count_include_pad` padding counts as zeros; without, only cells of the input are counted. What a
    `ceil_mode` window overhangs is never counted.
    """
    x = as_array(input, "input", (3, 4))
    axes = pool_geometry(_size(x), kernel_size, stride, padding, dilation, ceil_mode)
    counts = divisors(axes, count_include_pad)
    values = x.astype(np.float64) if x.dtype.kind in "iu" else x
    view = windows(pad_for(values, axes), axes)
    total = np.zeros(view.shape[:-2], values.dtype)
    for i, j in np.ndindex(*view.shape[-2:]):
        total += view[..., i, j]
    return np.asarray(total / np.multiply.outer(*counts).astype(values.dtype))


def divisors(axes: Geometry, count_include_pad: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (H',), (W',): how many rows and how many columns each average counts; it divides by their product."""
    if not flag(count_include_pad, "count_include_pad"):
        check_windows_hold_input(axes, part("nothing_to_average"))
    down, across = (
        (axis.window_slide if count_include_pad else axis.input_slide).counts("position")
        for axis in (axes["height"], axes["width"])
    )
    return down, across


def global_max_pool2d(input: Batch) -> Array:
    """Return the largest value of each channel: (N, C, H, W) -> (N, C, 1, 1), the dtype kept."""
    return np.asarray(as_array(input, "input", (3, 4)).max(axis=(-2, -1), keepdims=True))


def global_avg_pool2d(input: Batch) -> Array:
    """Return the mean of each channel: (N, C, H, W) -> (N, C, 1, 1); integers are averaged in float64."""
    x = as_array(input, "input", (3, 4))
    return np.asarray(x.mean(axis=(-2, -1), keepdims=True, dtype=np.float64 if x.dtype.kind in "iu" else None))


def flatten(input: Values, start_dim: int = 1) -> Array:
    """Return all axes from `start_dim` on as one, in C order: (N, C, H, W) -> (N, C * H * W), the dtype kept."""
    x = as_array(input, "input", tuple(range(1, 33)))
    first = start_dim + x.ndim if start_dim < 0 else start_dim
    if whole(first, "start_dim", 0) >= x.ndim:
        raise ParameterError("start_dim_not_an_axis", "start_dim", start_dim=start_dim, ndim=x.ndim)
    return x.reshape(*x.shape[:first], -1)


def linear(input: Values, weight: Matrix, bias: Vector | None = None) -> Array:
    """Return input @ weight.T + bias: (..., in) with weight (out, in) and bias (out,) -> (..., out).

    The result has the dtype of a floating input. Integers are multiplied and added in int64, as in `conv2d`.
    """
    x, w = as_array(input, "input", tuple(range(1, 33))), as_array(weight, "weight", (2,))
    b = None if bias is None else as_array(bias, "bias", (1,))
    check_linear(x, w, b)
    dtype = summed_in(x, w, b)
    output: Array = x.astype(dtype, copy=False) @ w.T.astype(dtype, copy=False)
    return output if b is None else output + b.astype(dtype, copy=False)


def check_linear(input: Array, weight: Array, bias: Array | None) -> None:
    """Refuse weights and a bias that do not fit the input (..., in)."""
    outputs, inputs = weight.shape
    if inputs != input.shape[-1]:
        raise ShapeError("weight_columns", "weight", inputs=inputs, values=input.shape[-1])
    if bias is not None and bias.shape != (outputs,):
        raise ShapeError("bias_not_one_for_each_output", "bias", shape=bias.shape, outputs=outputs)
