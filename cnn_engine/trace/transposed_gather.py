"""Transposed convolution from the output's end: what each output cell gathers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Unpack

import numpy as np

from cnn_engine.costs import STEPPED, work
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.sums import added
from cnn_engine.trace import conv2d
from cnn_engine.trace.base import Array, Columns, Linked, Source, lists
from cnn_engine.trace.columns import KERNEL, Column
from cnn_engine.trace.showing import Panel, Show, Terms, channels_read, output_panel, shown, sum_card, window_region
from cnn_engine.trace.transposed import TransposedTrace
from cnn_engine.transposed import Scattering, gathered
from cnn_engine.windows import windows
from cnn_engine.words import Alike, Cells

CHUNK = 1 << 19  # values of windows held at once for a whole output
GATHER = (
    *(replace(column, when="gather") for column in conv2d.COLUMNS),
    Column("inside", "flag", KERNEL, "whether the tap reads a value, and not a gap or the border", when="gather"),
)


class GatherTrace(TransposedTrace):
    """One step for each output cell: what it gathers from the input, spread out by the stride."""

    mode = "gather"

    def __init__(self, x: Array, w: Array, b: Array | None, **options: Unpack[Scattering]) -> None:
        super().__init__(x, w, b, **options)
        self.geometry = gathered(self.axes)

    def _linked(self) -> Iterable[Linked]:
        yield operations.transposed(self.axes, self.channels), both("input", "output")
        yield operations.turned(self.axes, self.channels), [("flipped_weight", "input")]
        yield (
            operations.gathered(self.geometry or {}, self.channels),
            [*both("output", "padded_input"), ("flipped_weight", "padded_input")],
        )
        yield operations.spread(self.axes, len(self.x)), both("input", "padded_input")

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        cells = math.prod(axis.padded_size for axis in (self.geometry or {}).values())
        return super().sizes() | {"is_input": cells, "flipped_weight": self.w.size}

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        output = math.prod(self.output_shape)
        products = output * self.channels.inputs * math.prod(self.w.shape[2:])
        return work(f"{STEPPED}gather", products=products, values=output)

    def _more(self) -> dict[str, Source]:
        return {
            "padded_input": lambda: self._spread,
            "is_input": lambda: self._is_input.astype(np.uint8),
            "flipped_weight": lambda: self._flipped,
        }

    @cached_property
    def _sources_by_axis(self) -> tuple[Array, Array]:
        """For each row and column of the spread-out input, which row or column of the input it is, or -1."""
        return self.rows.spread_slide.sources(), self.cols.spread_slide.sources()

    @cached_property
    def _is_input(self) -> Array:
        down, across = self._sources_by_axis
        return np.asarray((down >= 0)[:, None] & (across >= 0))

    @cached_property
    def _spread(self) -> Array:
        down, across = self._sources_by_axis
        return np.asarray(np.where(self._is_input, self.x[:, down[:, None], across], self.dtype.type(0)))

    @cached_property
    def _flipped(self) -> Array:
        return np.ascontiguousarray(self.channels.by_output(self.w)[:, :, ::-1, ::-1])

    def _output(self) -> Array:
        return self._by_steps(max(1, CHUNK // self._flipped[0].size))

    def _columns(self, cells: Array) -> Columns:
        f, row, col = np.unravel_index(cells, self.output_shape)
        axes = self.geometry or {}
        window = windows(self._spread, axes)[self.channels.read(f), row[:, None], col[:, None]]
        inside = windows(self._is_input, axes)[row, col]
        products = np.where(inside[:, None], window * self._flipped[f], self.dtype.type(0))
        return {
            "output_cell": np.stack([f, row, col], axis=1),
            "position": np.stack([row, col], axis=1),
            "window": window,
            "inside": inside,
            **added(products, self.b[f]),
        }

    def show(self) -> Show:
        """Return the input spread out with the window over it, the kernel turned, and the output."""
        at, read = "output_cell.0", channels_read(self.channels)
        given, kernel = self._panels((), Panel("kernel", "flipped_weight", shown("kernel_turned"), at=at))
        texts = shown("spread_out"), shown("by_the_stride"), shown("input_spread_out")
        region = window_region(self.geometry or {}, read)
        spread = Panel("spread", "padded_input", *texts, sign="→", gaps="is_input")
        panels = given, spread._replace(regions=(region,)), kernel, output_panel(self.output_shape, "=")
        terms = Terms("products", "window", "flipped_weight", at, channel_sums="channel_sums", over="spread")
        return Show(panels, (sum_card(terms, self.filters, biased="bias" in self.tensors),))

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", bias="bias", output="output")
        own["inputs"] = columns["inside"].sum(axis=(1, 2)).tolist()
        shared = {"deep": self.channels.inputs > 1, "several": self.filters > 1}
        return self._alike("steps.gather", shared, own, lambda: map(_cells, own["cell"]))


def _cells(cell: Sequence[int]) -> Cells:
    return {"bias": ("bias", (cell[0],)), "output": ("output", tuple(cell))}
