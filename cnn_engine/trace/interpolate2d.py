"""Upsampling, one output cell at a time: the nearest value of the input, or the weighted ones around it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated

import numpy as np

from cnn_engine.costs import STEPPED, work
from cnn_engine.interpolation import Corners, Mode, Scale, Values, interpolated_axes, interpolated_in
from cnn_engine.pointwise import floating
from cnn_engine.ranges import Setting
from cnn_engine.relations import operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.links import both
from cnn_engine.sums import add_in_order
from cnn_engine.tensors import GradientOfMaps, Maps
from cnn_engine.trace.backward import BackwardTrace, Way, columns_of
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, lists
from cnn_engine.trace.columns import CELL, KERNEL, POSITION, Column
from cnn_engine.trace.showing import (
    Card,
    Panel,
    Region,
    Show,
    Terms,
    by_size,
    channels_read,
    output_cell,
    output_panel,
    shown,
)
from cnn_engine.windows import maps_of
from cnn_engine.words import Alike

__all__ = ["trace_interpolate2d", "trace_interpolate2d_backward"]

LARGEST = 40  # an output side up to which a page can show it
READ = 4  # values that bilinear upsampling makes an output from
CHUNK = 1 << 17  # steps computed at once for a whole output

SHARED = (
    Column("output_cell", "whole", CELL, "the cell of the output that is computed"),
    Column("position", "whole", POSITION, "the top left of the window in the input"),
    Column("window", "number", KERNEL, "the values in the window"),
    Column("output", "number", (), "the value of the output"),
)
WEIGHED = (
    Column("kernel", "whole", (), "which of the weights it is that the window is multiplied by"),
    Column("inside", "flag", KERNEL, "whether the value counts: whether its weight is more than 0"),
    Column("products", "number", KERNEL, "the values times their weights"),
    Column("row_sums", "number", ("channel", "kernel row"), "each row's products, added from left to right"),
    Column("channel_sums", "number", ("channel",), "the row sums, added in order"),
)
COLUMNS = (
    *(replace(column, when="nearest") for column in SHARED),
    *(replace(column, when="bilinear") for column in (*SHARED, *WEIGHED)),
)
BACKWARD_COLUMNS = columns_of(CELL, CELL)


def trace_interpolate2d(
    input: Maps, scale_factor: Scale, *, mode: Values = "nearest", align_corners: Corners = False
) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `interpolate2d`: input (C, H, W) or (H, W).

    `COLUMNS` says what a step of each mode holds. The tensor `weights` of "bilinear", (H' * W', kH, kW), has those of
    each output cell; they are the same in all channels.
    """
    return Interpolate2dTrace(maps_of(input), scale_factor, mode, align_corners)


def trace_interpolate2d_backward(
    input: Maps,
    scale_factor: Scale,
    grad_output: GradientOfMaps,
    *,
    mode: Values = "nearest",
    align_corners: Corners = False,
) -> Annotated[Trace, BACKWARD_COLUMNS]:
    """Return the steps of the gradient of `interpolate2d` by its input: a term for each output that reads the cell.

    `local` is by how much the cell counts there.
    """
    forward = Interpolate2dTrace(floating(maps_of(input)), scale_factor, mode, align_corners)
    return BackwardTrace(forward, grad_output, Way(forward.relation, "input", f"steps.{mode}_backward"))


class Interpolate2dTrace(Trace):
    """The steps of both modes."""

    op = "interpolate2d"

    def __init__(self, x: Array, scale_factor: Scale, mode: Mode, align_corners: bool) -> None:
        self.x = x
        size = self.x.shape[1], self.x.shape[2]
        self.axes = interpolated_axes(size, scale_factor, mode, align_corners)
        self.rows, self.cols = self.axes["height"], self.axes["width"]
        self.dtype, self.weighed = interpolated_in(x, mode), mode == "bilinear"
        options = {"mode": mode, "align_corners": bool(align_corners)}
        self.params = {"scale_factor": (self.rows.scale_factor, self.cols.scale_factor), **options}
        self.setting = Setting(interpolated_axes, {"input_size": size, **self.params}, LARGEST)
        weights: dict[str, Source] = {"weights": self._weights} if self.weighed else {}
        self.tensors = Tensors({"input": self.x, **weights, "output": self._output})

    def _output_shape(self) -> tuple[int, ...]:
        return len(self.x), self.rows.output_size, self.cols.output_size

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, without computing it: four weights for an output."""
        return super().sizes() | ({"weights": READ * math.prod(self.output_shape[1:])} if self.weighed else {})

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        output = math.prod(self.output_shape)
        return work(f"{STEPPED}gather", products=READ * output, values=output)

    @property
    def relation(self) -> operations.Relation:
        """Which cells of the input each output is made from, and by how much each counts."""
        return operations.copied((axis.table() for axis in self.axes.values()), len(self.x))

    def _linked(self) -> Iterable[Linked]:
        yield self.relation, both("input", "output")

    def _weights(self) -> Array:
        down, across = (axis.taps(np.arange(axis.output_size))[1] for axis in self.axes.values())
        weights = down[:, None, :, None] * across[:, None, :]
        return weights.reshape(-1, *weights.shape[2:]).astype(self.dtype)

    def _output(self) -> Array:
        return self._by_steps(CHUNK)

    def _columns(self, cells: Array) -> Columns:
        channel, row, col = np.unravel_index(cells, self.output_shape)
        (top, down), (left, across) = self.rows.taps(row), self.cols.taps(col)
        below, beside = np.arange(self.rows.kernel_size)[:, None], np.arange(self.cols.kernel_size)
        read = channel[:, None, None], top[:, None, None] + below, left[:, None, None] + beside
        window = self.x[read].astype(self.dtype, copy=False)
        columns = {
            "output_cell": np.stack([channel, row, col], axis=1),
            "position": np.stack([top, left], axis=1),
            "window": window,
        }
        if not self.weighed:
            return columns | {"output": window[:, 0, 0]}
        weights = (down[:, :, None] * across[:, None, :]).astype(self.dtype)
        products = np.where(weights > 0, window, 0) * weights
        row_sums = add_in_order(products)
        total = add_in_order(row_sums)
        return columns | {
            "kernel": row * self.cols.output_size + col,
            "inside": weights > 0,
            "products": products,
            "row_sums": row_sums[:, None, :],
            "channel_sums": total[:, None],
            "output": total,
        }

    def show(self) -> Show:
        """Return the window, its weights where it has some, and the output."""
        size, channels = (self.rows.kernel_size, self.cols.kernel_size), len(self.x)
        region = Region("position", size, planes=channels_read(Blocks.same(channels)))
        note = by_size(self.rows.input_size, self.cols.input_size)
        given = Panel("input", "input", shown("input"), note, edit="input", regions=(region,))
        output, where = output_panel(self.output_shape, "=" if self.weighed else "→"), output_cell(channels)
        if not self.weighed:
            terms = Terms("window", joiner=",", over="input", scale="input")
            return Show((given, output), (Card(shown("nearest"), where, shown("nearest"), terms),))
        terms = Terms("products", "window", "weights", "kernel", row_sums="row_sums", over="input")
        weights = Panel("kernel", "weights", shown("weights"), shown("by_how_near"), sign="×", at="kernel")
        return Show((given, weights, output), (Card(shown("sum"), where, shown("sum"), terms, compact=True),))

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", output="output")
        if self.weighed:
            _, row, col = columns["output_cell"].T
            own["inputs"] = columns["inside"].sum(axis=(1, 2)).tolist()
            own["beyond"] = (self.rows.beyond(row) | self.cols.beyond(col)).tolist()
        else:
            own["source"] = [[cell[0], *at] for cell, at in zip(own["cell"], columns["position"].tolist(), strict=True)]
        sentence = "steps.bilinear" if self.weighed else "steps.nearest"
        return self._alike(sentence, {"several": len(self.x) > 1}, own, found_at(own["cell"], output="output"))
