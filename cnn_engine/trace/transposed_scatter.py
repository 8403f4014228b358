"""Transposed convolution from the input's end: what each input cell scatters."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from cnn_engine.costs import STEPPED, work
from cnn_engine.geometry import kernel_laid
from cnn_engine.trace.base import Array, Columns, found_at, lists
from cnn_engine.trace.columns import CELL, KERNEL, POSITION, Column
from cnn_engine.trace.showing import Card, Panel, Region, Show, Terms, by_size, shown
from cnn_engine.trace.transposed import TransposedTrace
from cnn_engine.words import Alike

SCATTER = (
    Column("input_cell", "whole", CELL, "the cell of the input that is scattered", when="scatter"),
    Column("window", "number", (), "its value", when="scatter"),
    Column("position", "whole", POSITION, "the first tap in the output; negative where padding cuts", when="scatter"),
    Column("products", "number", ("filter", *KERNEL), "the value times the weights", when="scatter"),
    Column("channel", "whole", (), "the first channel of the output that they go to", when="scatter"),
    Column("inside", "flag", KERNEL, "whether the tap lands in the output", when="scatter"),
    Column("overlaps", "flag", KERNEL, "whether something had landed there before", when="scatter"),
    Column("output", "number", ("channel", "row", "column"), "the output so far, without bias", when="scatter"),
)


class ScatterTrace(TransposedTrace):
    """One step for each input cell: what it adds to the output, and where."""

    mode = "scatter"

    def __len__(self) -> int:
        return int(self.x.size)

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core: it is that of the last step."""
        return self.steps_work(0, len(self))

    def steps_work(self, start: int, stop: int) -> int:
        """Return what a range of steps costs: those before it are made as well."""
        products = stop * self.window_size
        return work(f"{STEPPED}scatter", calls=stop, products=products, values=math.prod(self.output_shape))

    def _output(self) -> Array:
        """Return the last step's output, and the bias."""
        return np.asarray(self._columns(np.array([len(self) - 1]))["output"][0] + self.b[:, None, None])

    def _columns(self, cells: Array) -> Columns:
        channel, row, col = np.unravel_index(cells, self.x.shape)
        value = self.x[channel, row, col]
        down, across = self.slides[0].met(row), self.slides[1].met(col)
        inside = self.slides[0].inside(row)[:, :, None] & self.slides[1].inside(col)[:, None, :]
        so_far, overlaps = self._accumulate(cells)
        return {
            "input_cell": np.stack([channel, row, col], axis=1),
            "window": value,
            "position": np.stack([down[:, 0], across[:, 0]], axis=1),
            "products": value[:, None, None, None] * self.w[channel],
            "channel": self.channels.first_fed(channel),
            "inside": inside,
            "overlaps": overlaps,
            "output": so_far,
        }

    @cached_property
    def _landings(self) -> list[list[tuple[slice, slice]]]:
        """For each row and column of the input, which taps of its kernel land, and where in the output."""
        return [slide.slices("position") for slide in self.slides]

    def _accumulate(self, cells: Array) -> tuple[Array, Array]:
        """Return the output after each of these steps, and where they land on something."""
        canvas, touched = np.zeros(self.output_shape, self.dtype), np.zeros(self.output_shape, bool)
        so_far = np.empty((len(cells), *self.output_shape), self.dtype)
        overlaps = np.zeros((len(cells), self.rows.kernel_size, self.cols.kernel_size), bool)
        wanted = {int(cell): index for index, cell in enumerate(cells)}
        for cell in range(int(cells[-1]) + 1 if len(cells) else 0):
            over = self._lay(cell, canvas, touched)
            if cell in wanted:
                so_far[wanted[cell]], overlaps[wanted[cell]] = canvas, over
        return so_far, overlaps

    def _lay(self, cell: int, canvas: Array, touched: Array) -> Array:
        """Add what one input cell scatters; gives where (kH, kW) something had landed before."""
        channel, row, col = (int(part) for part in np.unravel_index(cell, self.x.shape))
        first, per_group = int(self.channels.first_fed(np.array(channel))), self.w.shape[1]
        (down, rows), (across, cols) = self._landings[0][row], self._landings[1][col]
        over = np.zeros((self.rows.kernel_size, self.cols.kernel_size), bool)
        over[down, across] = touched[first, rows, cols]
        to = slice(first, first + per_group), rows, cols
        canvas[to] += self.x[channel, row, col] * self.w[channel, :, down, across]
        touched[to] = True
        return over

    def show(self) -> Show:
        """Return the input, the kernel and the output so far, with the window that each step lays into it."""
        at, rows, cols = "input_cell.0", self.rows, self.cols
        kernel = Panel("kernel", "weight", shown("kernel"), at=at, edit="weight")
        region = Region("position", *kernel_laid(rows, cols))
        size, biased = by_size(rows.output_size, cols.output_size), "bias" in self.tensors
        so_far = Panel("output", "output", shown("output_so_far"), sign="→", column="output", regions=(region,))
        so_far = so_far._replace(note=size)
        if biased:
            so_far = so_far._replace(
                note=shown("bias_comes_last", size=size), last_note=shown("with_the_bias", size=size)
            )
        panels = *self._panels((Region("input_cell"),), kernel, 0), so_far
        terms = Terms("products", "window", "weight", at, joiner=",", over="output")
        card = Card(shown("times_every_weight"), shown("input_cell"), terms=terms, result="window")
        return Show(panels, (card,))

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="input_cell", value="window")
        own["over"] = columns["overlaps"].sum(axis=(1, 2)).tolist()
        own["cut"] = (~columns["inside"]).sum(axis=(1, 2)).tolist()
        return self._alike("steps.scatter", {"several": len(self.x) > 1}, own, found_at(own["cell"], value="input"))
