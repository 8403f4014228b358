"""Convolution, one output cell at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Annotated, Any, Unpack

import numpy as np

from cnn_engine.costs import STEPPED
from cnn_engine.geometry import Convolving, Sliding, convolution_geometry, spread_of
from cnn_engine.ops import check_convolution, conv2d
from cnn_engine.parameters import options_of
from cnn_engine.ranges import Setting, parameters_of
from cnn_engine.relations import operations
from cnn_engine.relations.counts import multiplications, parameters, visit_counts, window_work
from cnn_engine.relations.links import both
from cnn_engine.sums import add_in_order, added, summed_in
from cnn_engine.tensors import Kernels, Maps, Vector
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, lists
from cnn_engine.trace.columns import CELL, POSITION, TAPS, Column
from cnn_engine.trace.indices import corners, indices_of
from cnn_engine.trace.showing import (
    Panel,
    Region,
    Show,
    Terms,
    Text,
    by_size,
    channels_read,
    input_panel,
    output_panel,
    shown,
    sum_card,
)
from cnn_engine.windows import array_of, kernels_of, maps_of, pad_for, padding_sources, windows
from cnn_engine.words import Alike, Cells
from cnn_engine.words.arguments import Sums, covered

__all__ = ["trace_conv2d"]

SPELLED_OUT = 4  # up to this many products, the sentence lists them

COLUMNS = (
    Column("output_cell", "whole", CELL, "the cell of the output that is computed"),
    Column("position", "whole", POSITION, "the top left of the window in padded_input"),
    Column("window", "number", TAPS, "the values under the kernel"),
    Column("products", "number", TAPS, "the window times the weights"),
    Column("row_sums", "number", ("channel", "kernel row"), "each row's products, added from left to right"),
    Column("channel_sums", "number", ("channel",), "each channel's row sums, added in order"),
    Column("bias", "number", (), "what is added last; 0 without a bias"),
    Column("output", "number", (), "the channel sums added in order, then the bias"),
)


@options_of(conv2d)
def trace_conv2d(
    input: Maps, weight: Kernels, bias: Vector | None = None, **options: Unpack[Convolving]
) -> Annotated[Conv2dTrace, COLUMNS]:
    """Return the steps of `conv2d`: input (C, H, W), (H, W); weight (O, C / groups, kH, kW), (kH, kW) for one channel.

    `COLUMNS` says what a step holds, and in which order it is added: it reproduces the output bit for bit.
    """
    x, w = maps_of(input), kernels_of(weight)
    b = None if bias is None else array_of(bias, "bias", Vector)
    return Conv2dTrace(x, w, b, **options)


class Conv2dTrace(Trace):
    """The steps of a convolution, one for each cell of the output."""

    op = "conv2d"
    on_request = ("visit_counts", "source_rows", "source_cols", "partial")

    def __init__(
        self, x: Array, w: Array, b: Array | None = None, *, groups: int = 1, **sliding: Unpack[Sliding]
    ) -> None:
        self.channels = check_convolution(x, w, b, groups)
        size = x.shape[1], x.shape[2]
        self.geometry = axes = convolution_geometry(size, w.shape[-2:], **sliding)
        self.padding_mode = padding_mode = sliding.get("padding_mode", "zeros")
        self.rows, self.cols = axes["height"], axes["width"]
        padding = sliding.get("padding", 0)
        self.setting = Setting.of(convolution_geometry, axes, padding=padding, padding_mode=padding_mode)
        self.params = parameters_of(axes) | {"groups": groups, "padding_mode": padding_mode}
        self.dtype = summed_in(x, w, b)
        self.x, self.w = x, w.astype(self.dtype, copy=False)
        self.b = np.zeros(len(w), self.dtype) if b is None else b.astype(self.dtype, copy=False)
        tensors: dict[str, Source] = {
            "input": self.x,
            "padded_input": lambda: self._padded,
            "weight": self.w,
            "bias": self.b,
            "output": self._output,
            "partial": self._partial,
            "visit_counts": lambda: visit_counts(axes),
            "source_rows": lambda: padding_sources(size[0], self.rows.padding, padding_mode),
            "source_cols": lambda: padding_sources(size[1], self.cols.padding, padding_mode),
        }
        if b is None:
            del tensors["bias"]
        self.tensors = Tensors(tensors)
        self.counts = {
            "multiplications": multiplications(self.output_shape, w.shape),
            "parameters": parameters(w.shape, b is not None),
        }

    @cached_property
    def _padded(self) -> Array:
        return pad_for(self.x, self.geometry or {}, mode=self.padding_mode)

    @cached_property
    def _view(self) -> Array:
        return windows(self._padded, self.geometry or {})

    def _linked(self) -> Iterable[Linked]:
        axes = self.geometry or {}
        read = [("weight", "padded_input"), ("partial", "padded_input"), ("partial", "output")]
        yield operations.windowed(axes, self.channels), [*both("output", "padded_input"), *read]
        # A copy in the padding is not counted, so a count belongs to the cell itself.
        yield operations.padding(axes, len(self.x), "zeros"), both("visit_counts", "padded_input")
        yield operations.windowed_input(axes, self.channels), [("visit_counts", "output")]
        yield operations.padding(axes, len(self.x), self.padding_mode), both("input", "padded_input")

    def _output_shape(self) -> tuple[int, ...]:
        return len(self.w), self.rows.output_size, self.cols.output_size

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        return super().sizes() | {"partial": math.prod(self.output_shape) * self.w.shape[1]}

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        return window_work(f"{STEPPED}conv2d", self.geometry or {}, self.channels, weighted=True)

    def _partial(self) -> Array:
        """Return (O, C / groups, H', W'): what each channel brings to each output, in the trace's order of addition."""
        filters, depth, height, width = self.w.shape
        partial = np.empty((filters, depth, *self.output_shape[1:]), self.dtype)
        reads = self.channels.read(np.arange(filters))
        for f, c in np.ndindex(filters, depth):
            for i in range(height):
                taps = self._view[reads[f, c], :, :, i].astype(self.dtype, copy=False)
                row = taps[..., 0] * self.w[f, c, i, 0]
                for j in range(1, width):
                    row += taps[..., j] * self.w[f, c, i, j]
                partial[f, c] = row if i == 0 else partial[f, c] + row
        return partial

    def _output(self) -> Array:
        """Return every output: the channels in order, then the bias."""
        partial = self.tensors["partial"]
        total = partial[:, 0].copy()
        for c in range(1, partial.shape[1]):
            total += partial[:, c]
        return np.asarray(total + self.b[:, None, None])

    def _columns(self, cells: Array) -> Columns:
        output_cell = indices_of(cells, self.output_shape)
        f, row, col = output_cell.T
        window = self._view[self.channels.read(f), row[:, None], col[:, None]].astype(self.dtype, copy=False)
        return {
            "output_cell": output_cell,
            "position": corners(cells, self.output_shape, (self.rows.stride, self.cols.stride)),
            "window": window,
            **added(window * self.w[f], self.b[f]),
        }

    def show(self) -> Show:
        """Return the window, the kernels of one filter and the output; partial maps and visits where requested."""
        axes, at = self.geometry or {}, "output_cell.0"
        kernel = by_size(self.rows.kernel_size, self.cols.kernel_size)
        apart = spread_of(self.rows, self.cols)
        note: Text = shown("dilated", size=kernel, apart=by_size(*apart)) if apart else kernel
        partial = Panel("partial", "partial", shown("partial_maps"), shown("of_filter"), sign="=", at=at)
        partial = partial._replace(fills=0, together=True)
        panels = (
            input_panel(axes, channels_read(self.channels), sources=("source_rows", "source_cols")),
            Panel("kernel", "weight", shown("kernel"), note, sign="×", at=at, edit="weight"),
            partial._replace(regions=(Region("output_cell", framed=False),)),
            output_panel(self.output_shape, "="),
            Panel("visits", "visit_counts", shown("times_read"), label=shown("how_often_read")),
        )
        terms = Terms(
            "products", "window", "weight", at, row_sums="row_sums", channel_sums="channel_sums", over="input"
        )
        return Show(panels, (sum_card(terms, len(self.w), biased="bias" in self.tensors),))

    def _messages(self, columns: Columns) -> Alike:
        products = columns["products"].reshape(len(columns["products"]), self.w[0].size)
        own: dict[str, Any] = lists(columns, cell="output_cell", bias="bias", output="output")
        own["window"] = covered(self.rows, self.cols, own["cell"])
        own["products"] = Sums(products, add_in_order(columns["channel_sums"]), SPELLED_OUT)
        shared = {"several": len(self.w) > 1, "depth": self.w.shape[1]}
        return self._alike("steps.conv2d", shared, own, lambda: map(_cells, own["cell"], own["bias"]))


def _cells(cell: Sequence[int], bias: float) -> Cells:
    total = "output" if bias else "products.total"  # without a bias the sum is the output
    return {"bias": ("bias", (cell[0],)), total: ("output", tuple(cell))}
