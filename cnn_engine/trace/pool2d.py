"""Max and average pooling, one output cell at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, Unpack

import numpy as np

from cnn_engine.costs import STEPPED
from cnn_engine.geometry import Averaging, PoolOptions, Size, check_windows_hold_input, kernel_laid
from cnn_engine.ops import avg_pool2d, avg_pool_geometry, divisors, lowest, max_pool2d, pool_geometry
from cnn_engine.parameters import options_of
from cnn_engine.ranges import Setting, parameters_of
from cnn_engine.relations import operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.counts import window_work
from cnn_engine.relations.links import both
from cnn_engine.sums import add_in_order
from cnn_engine.tensors import Maps
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace, indices, lists
from cnn_engine.trace.columns import CELL, KERNEL, POSITION, Column
from cnn_engine.trace.indices import corners, indices_of
from cnn_engine.trace.showing import Card, Show, Terms, channels_read, input_panel, output_cell, output_panel, shown
from cnn_engine.windows import maps_of, pad_for, windows
from cnn_engine.words import Alike, Cells, part
from cnn_engine.words.arguments import covered

__all__ = ["trace_avg_pool2d", "trace_max_pool2d"]


SPELLED_OUT = 9  # up to this many values, the sentence lists them
COLUMNS = (
    Column("output_cell", "whole", CELL, "the cell of the output that is computed"),
    Column("position", "whole", POSITION, "the top left of the window in padded_input"),
    Column("window", "number", KERNEL, "the values in the window; outside the input none (max), or 0 (average)"),
    Column("inside", "flag", KERNEL, "whether the cell of the window is one of the input's own"),
)
MAX_COLUMNS = (
    *COLUMNS,
    Column("selected", "whole", POSITION, "the first of the largest, in the window"),
    Column("output", "number", (), "the largest value"),
)
AVG_COLUMNS = (
    *COLUMNS,
    Column("row_sums", "number", ("channel", "kernel row"), "each row's values, added from left to right"),
    Column("channel_sums", "number", ("channel",), "the row sums, added in order"),
    Column("divisor", "whole", (), "how many cells are counted"),
    Column("output", "number", (), "the sum divided by the divisor"),
)


@options_of(max_pool2d)
def trace_max_pool2d(
    input: Maps, kernel_size: Size, **options: Unpack[PoolOptions]
) -> Annotated[MaxPool2dTrace, MAX_COLUMNS]:
    """Return the steps of `max_pool2d`: input (C, H, W) or (H, W).

    `MAX_COLUMNS` says what a step holds. Where there is no value the window holds -inf: of integers it is in float64
    where it may reach beyond them; the output keeps their dtype and is exact.
    """
    return MaxPool2dTrace(maps_of(input), kernel_size, **options)


@options_of(avg_pool2d)
def trace_avg_pool2d(
    input: Maps, kernel_size: Size, **options: Unpack[Averaging]
) -> Annotated[AvgPool2dTrace, AVG_COLUMNS]:
    """Return the steps of `avg_pool2d`: input (C, H, W) or (H, W).

    `AVG_COLUMNS` says what a step holds; integers are averaged in float64.
    """
    return AvgPool2dTrace(maps_of(input), kernel_size, **options)


class PoolTrace(Trace):
    """What both pools share. `adjustable`: whether its parameters may be chosen (a global pool has none)."""

    kind: Literal["max", "avg"]
    fill: float
    adjustable = True

    def __init__(self, x: Array, kernel_size: Size, **options: Unpack[PoolOptions]) -> None:
        self.x = x
        self.dtype: np.dtype[Any] = self.x.dtype
        size = self.x.shape[1], self.x.shape[2]
        self.geometry = axes = pool_geometry(size, kernel_size, **options)
        self.rows, self.cols = axes["height"], axes["width"]
        rounded = {"ceil_mode": bool(options.get("ceil_mode", False))}
        if self.adjustable:
            self.setting = Setting.of(pool_geometry, axes, padding=options.get("padding", 0), **rounded)
        self.params = parameters_of(axes) | rounded
        self.tensors = Tensors(
            {"input": self.x, "padded_input": lambda: self._padded(overhang=False), "output": self._output}
        )

    @cached_property
    def _view(self) -> Array:
        return windows(self._padded(overhang=True), self.geometry or {})

    def _padded(self, *, overhang: bool) -> Array:
        values = self.x.astype(self.dtype, copy=False)
        return pad_for(values, self.geometry or {}, value=self.fill, overhang=overhang)

    def work(self) -> int:
        """Return what the whole output costs, in nanoseconds of one core, counted before it is computed."""
        return window_work(f"{STEPPED}pool2d", self.geometry or {}, Blocks.same(len(self.x)))

    def _linked(self) -> Iterable[Linked]:
        axes = self.geometry or {}
        yield operations.windowed(axes, Blocks.same(len(self.x))), both("output", "padded_input")
        yield operations.padding(axes, len(self.x), "zeros"), both("input", "padded_input")

    def _output_shape(self) -> tuple[int, ...]:
        return len(self.x), self.rows.output_size, self.cols.output_size

    @abstractmethod
    def _output(self) -> Array: ...

    def _shared_columns(self, cells: Array) -> tuple[Columns, tuple[Array, Array, Array]]:
        """Return the columns that both pools have, and which output cells they are."""
        output_cell = indices_of(cells, self.output_shape)
        channel, row, col = output_cell.T
        inside = self.rows.input_slide.inside(row)[:, :, None] & self.cols.input_slide.inside(col)[:, None, :]
        columns = {
            "output_cell": output_cell,
            "position": corners(cells, self.output_shape, (self.rows.stride, self.cols.stride)),
            "window": self._view[channel, row, col],
            "inside": inside,
        }
        return columns, (channel, row, col)

    def show(self) -> Show:
        """Return the window, what becomes of it, and the output."""
        channels, average = len(self.x), self.kind == "avg"
        chosen, name = ("", shown("average")) if average else ("selected", shown("largest"))
        read = channels_read(Blocks.same(channels))
        panels = input_panel(self.geometry or {}, read, tap=chosen), output_panel(self.output_shape, "→")
        sums, joiner = ("row_sums", "+") if average else ("", ",")
        terms = Terms("window", joiner=joiner, row_sums=sums, over="input", chosen=chosen, scale="input")
        lines = ((shown("sum"), "{channel_sums.0}"), (shown("divided_by"), "{divisor}")) if average else ()
        return Show(panels, (Card(name, output_cell(channels), name, terms, lines),))

    def _pool_messages(self, columns: Columns, shared: Mapping[str, Any], own: Mapping[str, Sequence[Any]]) -> Alike:
        """Return what each step does, with the arguments of its own that a pool has."""
        own = {**own, **lists(columns, cell="output_cell", output="output")}
        own["window"] = covered(self.rows, self.cols, own["cell"])
        shared = {"several": len(self.x) > 1, **shared}
        return self._alike(f"steps.{self.kind}_pool2d", shared, own, lambda: self._found(columns))

    def _found(self, columns: Columns) -> Iterator[Cells]:
        """Yield the cells of the numbers of each step's sentence."""
        yield from ({"output": ("output", cell)} for cell in indices(columns["output_cell"]))


class MaxPool2dTrace(PoolTrace):
    """The largest value of each window."""

    op = "max_pool2d"
    acts = "comparisons"
    kind = "max"
    fill = -np.inf

    def __init__(self, x: Array, kernel_size: Size, **options: Unpack[PoolOptions]) -> None:
        super().__init__(x, kernel_size, **options)
        if self.dtype.kind in "iu":
            check_windows_hold_input(self.geometry or {}, part("cannot_say_so", dtype=str(self.dtype)))
            if any(self.rows.padding + self.cols.padding) or self.rows.overhang or self.cols.overhang:
                self.dtype = np.dtype(np.float64)  # integers have no -inf to stand for padding

    @cached_property
    def _own(self) -> Array:
        """Every window in the input's own dtype: a float64 would round large integers."""
        if self.dtype == self.x.dtype:
            return self._view
        return windows(pad_for(self.x, self.geometry or {}, value=lowest(self.x.dtype)), self.geometry or {})

    def _output(self) -> Array:
        output = self._own[..., 0, 0].copy()
        for i, j in np.ndindex(*self._own.shape[-2:]):
            np.maximum(output, self._own[..., i, j], out=output)
        return output

    def _columns(self, cells: Array) -> Columns:
        columns, cell = self._shared_columns(cells)
        flat = self._own[cell].reshape(len(cells), -1)
        output = flat.max(axis=1)
        found = (flat == output[:, None]) | np.isnan(flat)  # NaN is the largest, and equals nothing
        inside = columns["inside"].reshape(len(cells), -1)
        best = (found & (inside | ~inside.any(axis=1, keepdims=True))).argmax(axis=1)
        selected = np.unravel_index(best, columns["window"].shape[1:])
        return columns | {"selected": np.stack(selected, axis=1), "output": output}

    def _messages(self, columns: Columns) -> Alike:
        values = [window[inside].tolist() for window, inside in zip(columns["window"], columns["inside"], strict=True)]
        return self._pool_messages(columns, {"listed": SPELLED_OUT}, {"values": values})

    def _found(self, columns: Columns) -> Iterator[Cells]:
        """Yield the cells of the numbers of each step's sentence: of values where it lists them."""
        read = columns["inside"], columns["position"], columns["output_cell"][:, 0].tolist()
        for made, inside, position, channel in zip(super()._found(columns), *read, strict=True):
            cells = position + np.argwhere(inside) * kernel_laid(self.rows, self.cols)[1]
            listed = cells.tolist() if 1 < len(cells) <= SPELLED_OUT else []
            yield {**made, **{f"values.{k}": ("padded_input", (channel, *cell)) for k, cell in enumerate(listed)}}


class AvgPool2dTrace(PoolTrace):
    """The mean of each window."""

    op = "avg_pool2d"
    acts = "additions"
    kind = "avg"
    fill = 0.0

    def __init__(
        self, x: Array, kernel_size: Size, *, count_include_pad: bool = True, **options: Unpack[PoolOptions]
    ) -> None:
        super().__init__(x, kernel_size, **options)
        if self.dtype.kind in "iu":
            self.dtype = np.dtype(np.float64)
        self.divisors = divisors(self.geometry or {}, count_include_pad)
        self.params["count_include_pad"] = bool(count_include_pad)
        if self.setting:
            values = self.setting.values | {"count_include_pad": bool(count_include_pad)}
            self.setting = Setting(avg_pool_geometry, values)

    def _output(self) -> Array:
        total = np.zeros(self.output_shape, self.dtype)
        for i in range(self.rows.kernel_size):
            row = self._view[..., i, 0].copy()
            for j in range(1, self.cols.kernel_size):
                row += self._view[..., i, j]
            total = row if i == 0 else total + row
        return np.asarray(total / np.multiply.outer(*self.divisors).astype(self.dtype))

    def _columns(self, cells: Array) -> Columns:
        columns, (_, row, col) = self._shared_columns(cells)
        row_sums = add_in_order(columns["window"])
        total, divisor = add_in_order(row_sums), self.divisors[0][row] * self.divisors[1][col]
        return columns | {
            "row_sums": row_sums[:, None, :],
            "channel_sums": total[:, None],
            "divisor": divisor,
            "output": total / divisor.astype(self.dtype),
        }

    def _messages(self, columns: Columns) -> Alike:
        own = {"total": columns["channel_sums"][:, 0].tolist(), "divisor": columns["divisor"].tolist()}
        return self._pool_messages(columns, {}, own)
