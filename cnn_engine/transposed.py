"""Transposed convolution: the way back from an output's size to its input's, and where each value lands.

Along one axis the whole reach of the scattered kernels is (input - 1) * stride + dilation * (kernel - 1) + 1 cells;
padding cuts cells off it and output_padding puts cells on at its end (torch.nn.ConvTranspose2d).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import (
    AXES,
    Border,
    Cells,
    Count,
    Extra,
    Geometry,
    Laid,
    Pair,
    Size,
    geometry,
    kernel_laid,
    pair,
    resolve_padding,
    whole,
)
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.slide import Slide
from cnn_engine.sums import summed_in
from cnn_engine.tensors import Batch, Filters, Vector
from cnn_engine.windows import as_array
from cnn_engine.words.message import part

__all__ = ["conv_transpose2d"]

Array = NDArray[Any]


class Transposing(TypedDict, total=False):
    """How the kernels of a transposed convolution are laid down, as a caller says it."""

    stride: Size
    padding: Border
    output_padding: Extra
    dilation: Size


class Scattering(Transposing, total=False):
    """The options of a transposed convolution."""

    groups: Count


@dataclass(frozen=True)
class TransposedAxis(Laid):
    """How a transposed convolution lies along one axis. Sizes in cells."""

    output_padding: int
    reach: int
    output_size: int

    @classmethod
    def of(
        cls, axis: str, size: int, kernel: int, stride: int, padding: Pair, output_padding: int, dilation: int
    ) -> TransposedAxis:
        """Work the axis out; an error where nothing is left, or where the parameters do not fit."""
        if output_padding >= max(stride, dilation):
            raise ParameterError(
                "output_padding_too_large",
                "output_padding",
                output_padding=output_padding,
                stride=stride,
                dilation=dilation,
            )
        reach = (size - 1) * stride + dilation * (kernel - 1) + 1
        output = reach - sum(padding) + output_padding
        if output < 1:
            raise ShapeError("padding_leaves_nothing", "padding", padding=padding, axis=part(axis), reach=reach)
        return cls(size, kernel, stride, padding, dilation, output_padding, reach, output)

    @property
    def before(self) -> int:
        """Cells of the spread-out input's border in front, so that a window gathers what lands in the first cell."""
        return self.dilation * (self.kernel_size - 1) - self.padding[0]

    @property
    def slide(self) -> Slide:
        """Where the kernels lie in the output: one at each cell of the input."""
        return Slide(self.input_size, self.kernel_size, self.output_size, self.stride, self.dilation, self.padding[0])

    @property
    def turned_slide(self) -> Slide:
        """The same for kernels that are turned by half a turn."""
        return replace(self.slide, dilation=-self.dilation, before=-self.before)

    @property
    def spread_slide(self) -> Slide:
        """Where the input's cells stand once they are spread out by the stride, in a border that gathers all."""
        cells = self.output_size + self.dilation * (self.kernel_size - 1)
        return Slide(self.input_size, 1, cells, self.stride, before=-self.before)


Axes = dict[str, TransposedAxis]


def transposed_axes(
    input_size: Cells,
    kernel_size: Cells,
    *,
    stride: Size = 1,
    padding: Border = 0,
    output_padding: Extra = 0,
    dilation: Size = 1,
) -> Axes:
    """Return {"height": TransposedAxis, "width": TransposedAxis}."""
    if isinstance(padding, str):
        raise ParameterError("padding_word_for_convolution", "padding", padding=padding)
    sides = resolve_padding(padding, input_size, (1, 1), (1, 1))
    steps, spread = pair(stride, "stride"), pair(dilation, "dilation")
    extra = pair(output_padding, "output_padding", 0)
    return {
        axis: TransposedAxis.of(axis, input_size[i], kernel_size[i], steps[i], sides[i], extra[i], spread[i])
        for i, axis in enumerate(AXES)
    }


def gathered(axes: Axes) -> Geometry:
    """Return how windows lie along the input once it is spread out, so that each gathers what lands in one cell."""
    rows, cols = axes["height"], axes["width"]
    taps, apart = kernel_laid(rows, cols)
    return geometry((rows.spread_slide.cells, cols.spread_slide.cells), taps, dilation=apart)


def check_transposed(input: Array, weight: Array, bias: Array | None, groups: int) -> Blocks:
    """Return how the groups meet; refuse weights, a bias and groups that do not fit the input (C, H, W)."""
    channels, depth = input.shape[-3], weight.shape[0]
    whole(groups, "groups", 1)
    filters = weight.shape[1] * groups
    blocks = Blocks.of(channels, filters, groups)
    if depth != channels:
        raise ShapeError("weight_input_channels", "weight", depth=depth, channels=channels)
    if bias is not None and bias.shape != (filters,):
        raise ShapeError("bias_not_one_for_each_filter", "bias", shape=bias.shape, filters=filters)
    return blocks


def conv_transpose2d(
    input: Batch,
    weight: Filters,
    bias: Vector | None = None,
    *,
    stride: Size = 1,
    padding: Border = 0,
    output_padding: Extra = 0,
    groups: Count = 1,
    dilation: Size = 1,
) -> Array:
    """Each input value lays a kernel, scaled by itself, into the output; where they overlap they add up.

    Args:
        input: (N, C, H, W) or (C, H, W).
        weight: (C, out_channels / groups, kH, kW).
        bias: (out_channels,) or None.
        stride: how far apart neighbours' kernels lie, an int or (height, width).
        padding: cells cut off each side: an int, (height, width) or ((top, bottom), (left, right)).
        output_padding: cells put on at the end, smaller than the stride or the dilation.
        groups: channels are split into this many groups, each with its own filters.
        dilation: how far apart the taps of the kernel are, 1 for none.

    Returns:
        (N, out_channels, H', W'), or without N; in the dtype of a floating input. Integers are multiplied and added
        in int64, as in `conv2d`.
    """
    x, w = as_array(input, "input", (3, 4)), as_array(weight, "weight", (4,))
    b = None if bias is None else as_array(bias, "bias", (1,))
    channels = check_transposed(x, w, b, groups)
    axes = transposed_axes(
        (x.shape[-2], x.shape[-1]),
        (w.shape[2], w.shape[3]),
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
    )
    dtype = dtype_of(x, w, b, axes, channels)
    batch = (x if x.ndim == 4 else x[None]).astype(dtype, copy=False)
    output = _scatter(batch, w.astype(dtype, copy=False), axes, channels)
    if b is not None:
        output = output + b.astype(dtype, copy=False)[:, None, None]
    return output if x.ndim == 4 else output[0]


def dtype_of(input: Array, weight: Array, bias: Array | None, axes: Axes, channels: Blocks) -> np.dtype[Any]:
    """Return the dtype in which a transposed convolution multiplies and adds; see `summed_in`."""
    return summed_in(input, weight.swapaxes(0, 1), bias, lambda: _heaviest(weight, axes, channels))


def _heaviest(weight: Array, axes: Axes, channels: Blocks) -> int:
    """Return the largest sum of weights, signs aside, of those that land on one output: not all taps do."""
    sizes = channels.by_output(np.abs(weight.astype(object))).sum(axis=1)  # (O, kH, kW)
    for number, axis in enumerate(axes.values(), 1):
        sizes = np.moveaxis(_landing(np.moveaxis(sizes, number, 0), axis.slide), 0, number)
    return int(sizes.max(initial=0))


def _landing(values: Array, slide: Slide) -> Array:
    """Return (sets, ...) from (taps, ...): the values added up over each set of taps that land on one cell."""
    solved = slide.progressions({"cell": np.arange(slide.cells)})
    step = solved.step["tap"]
    first, count = np.unique(np.stack([solved.first["tap"], solved.count])[:, solved.count > 0], axis=1)
    sums = values.copy()
    for tap in range(step, slide.taps):  # each value and those before it, `step` apart
        sums[tap] = sums[tap] + sums[tap - step]
    total: Array = sums[first + (count - 1) * step]
    later = first >= step
    total[later] = total[later] - sums[first[later] - step]
    return total


def _scatter(batch: Array, weight: Array, axes: Axes, channels: Blocks) -> Array:
    """One matrix product gives every product; a tap at a time they are added where they land."""
    samples, _, *size = batch.shape
    kernels = weight.reshape(channels.groups, channels.inputs, -1).transpose(0, 2, 1)
    products = kernels @ batch.reshape(samples, channels.groups, channels.inputs, -1)
    taps = products.reshape(samples, channels.size("out"), *weight.shape[2:], *size)
    output = np.zeros((*taps.shape[:2], *(axis.output_size for axis in axes.values())), batch.dtype)
    down, across = (axis.slide.slices("tap") for axis in axes.values())
    for i, j in np.ndindex(len(down), len(across)):
        (rows, to_rows), (cols, to_cols) = down[i], across[j]
        output[:, :, to_rows, to_cols] += taps[:, :, i, j, rows, cols]
    return output
