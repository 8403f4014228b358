"""Transposed convolution from both ends: what each output cell gathers, and what each input cell scatters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np

from cnn_engine.costs import STEPPED, work
from cnn_engine.geometry import Border, Count, Extra, Size, check_word, geometry, kernel_laid
from cnn_engine.limits import Setting, parameters_of
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.sums import added
from cnn_engine.tensors import Kernels, Maps, Vector
from cnn_engine.trace import conv2d
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace
from cnn_engine.trace.columns import CELL, KERNEL, POSITION, Column
from cnn_engine.trace.showing import (
    Card,
    Panel,
    Region,
    Show,
    Terms,
    by_size,
    channels_read,
    output_panel,
    shown,
    sum_card,
    window_region,
)
from cnn_engine.transposed import check_transposed, dtype_of, transposed_axes
from cnn_engine.windows import array_of, windows
from cnn_engine.words import Message

__all__ = ["trace_conv_transpose2d"]

Mode = Literal["gather", "scatter"]
LARGEST = 40  # an output side up to which a page can show it
CHUNK = 1 << 19  # values of windows held at once for a whole output

GATHER = (
    *(replace(column, when="gather") for column in conv2d.COLUMNS),
    Column("inside", "flag", KERNEL, "whether the tap reads a value, and not a gap or the border", when="gather"),
)
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
COLUMNS = GATHER + SCATTER


def trace_conv_transpose2d(
    input: Maps,
    weight: Kernels,
    bias: Vector | None = None,
    *,
    stride: Size = 1,
    padding: Border = 0,
    output_padding: Extra = 0,
    groups: Count = 1,
    dilation: Size = 1,
    mode: Mode = "gather",
) -> TransposedTrace:
    """The steps of `conv_transpose2d`: input (C, H, W) or (H, W); weight (C, O / groups, kH, kW), or (kH, kW).

    "gather" has one step for each output cell: a plain convolution of the input spread out by the stride (the tensor
    `padded_input`) with the kernels turned by half a turn (`flipped_weight`, (O, C / groups, kH, kW)). "scatter" has
    one step for each input cell; the bias is added last, in the tensor `output` alone. `GATHER` and `SCATTER` say what
    a step of each holds.
    """
    check_word(mode, "mode", get_args(Mode))
    x, w = array_of(input, "input", Maps), array_of(weight, "weight", Kernels)
    b = None if bias is None else array_of(bias, "bias", Vector)
    x, w = (x if x.ndim == 3 else x[None]), (w if w.ndim == 4 else w[None, None])
    kind = _GatherTrace if mode == "gather" else _ScatterTrace
    return kind(x, w, b, groups, stride, padding, output_padding, dilation)


class TransposedTrace(Trace):
    """The steps of a transposed convolution, in either mode."""

    op = "conv_transpose2d"
    mode = ""

    def __init__(
        self,
        x: Array,
        w: Array,
        b: Array | None,
        groups: int,
        stride: Size,
        padding: Border,
        output_padding: Size,
        dilation: Size,
    ) -> None:
        self.channels = check_transposed(x, w, b, groups)
        self.filters = self.channels.size("out")
        self.axes = transposed_axes(
            (x.shape[1], x.shape[2]),
            (w.shape[2], w.shape[3]),
            stride=stride,
            padding=padding,
            output_padding=output_padding,
            dilation=dilation,
        )
        self.rows, self.cols = self.axes["height"], self.axes["width"]
        self.setting = Setting.of(transposed_axes, self.axes, padding=padding, largest=LARGEST)
        self.slides = [axis.slide for axis in self.axes.values()]
        self.dtype = dtype_of(x, w, b, self.axes, self.channels)
        self.x, self.w = x.astype(self.dtype, copy=False), w.astype(self.dtype, copy=False)
        self.b = np.zeros(self.filters, self.dtype) if b is None else b.astype(self.dtype, copy=False)
        self.params = parameters_of(self.axes)
        self.params |= {"groups": groups, "mode": self.mode}
        tensors: dict[str, Source] = {"input": x, "weight": self.w}
        if b is not None:
            tensors["bias"] = self.b
        self.tensors = Tensors(tensors | self._more() | {"output": self._output})

    def _linked(self) -> Iterable[Linked]:
        relation = operations.transposed(self.axes, self.channels)
        yield relation, [*both("input", "output"), ("weight", "input"), ("weight", "output")]

    def _more(self) -> dict[str, Source]:
        return {}

    def _panels(self, regions: tuple[Region, ...], kernel: Panel, opens: int | None = None) -> tuple[Panel, Panel]:
        """Return the input and the kernel, whose note is its size."""
        note = by_size(self.rows.input_size, self.cols.input_size)
        size = by_size(self.rows.kernel_size, self.cols.kernel_size)
        given = Panel("input", "input", shown("input"), note, edit="input", opens=opens, regions=regions)
        return given, kernel._replace(note=size, sign="×")

    def _output_shape(self) -> tuple[int, ...]:
        return self.filters, self.rows.output_size, self.cols.output_size

    def _output(self) -> Array:
        raise NotImplementedError


class _GatherTrace(TransposedTrace):
    mode = "gather"

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        sizes = [axis.output_size + axis.dilation * (axis.kernel_size - 1) for axis in (self.rows, self.cols)]
        self.geometry = geometry(
            (sizes[0], sizes[1]),
            (self.rows.kernel_size, self.cols.kernel_size),
            dilation=(self.rows.dilation, self.cols.dilation),
        )

    def _linked(self) -> Iterable[Linked]:
        yield operations.transposed(self.axes, self.channels), both("input", "output")
        yield operations.turned(self.axes, self.channels), [("flipped_weight", "input")]
        gathered = operations.gathered(self.geometry or {}, self.channels)
        yield gathered, [*both("output", "padded_input"), ("flipped_weight", "padded_input")]
        yield operations.spread(self.axes, len(self.x)), both("input", "padded_input")

    def sizes(self) -> dict[str, int]:
        """How many numbers each of the large tensors holds, known without computing it."""
        cells = math.prod(axis.padded_size for axis in (self.geometry or {}).values())
        return super().sizes() | {"is_input": cells, "flipped_weight": self.w.size}

    def work(self) -> int:
        """What the whole output costs, in nanoseconds of one core, counted before it is computed."""
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

    def _messages(self, columns: Columns) -> Iterator[Message]:
        deep, several = self.channels.inputs > 1, self.filters > 1
        counts = columns["inside"].sum(axis=(1, 2)).tolist()
        steps = zip(*(columns[name].tolist() for name in ("output_cell", "bias", "output")), counts, strict=True)
        for cell, bias, output, inputs in steps:
            own = {"inputs": inputs, "deep": deep, "bias": bias, "output": output}
            cells = {"bias": ("bias", (cell[0],)), "output": ("output", tuple(cell))}
            yield Message("steps.gather", own | {"cell": cell, "several": several}, cells)


class _ScatterTrace(TransposedTrace):
    mode = "scatter"

    def __len__(self) -> int:
        return int(self.x.size)

    def work(self) -> int:
        """What the whole output costs, in nanoseconds of one core: it is that of the last step."""
        return self.steps_work(0, len(self))

    def steps_work(self, start: int, stop: int) -> int:
        """What a range of steps costs: those before it are made as well."""
        products = stop * self.window_size
        return work(f"{STEPPED}scatter", calls=stop, products=products, values=math.prod(self.output_shape))

    def _output(self) -> Array:
        """The last step's output, and the bias."""
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
        """The output after each of these steps, and where they land on something."""
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

    def _messages(self, columns: Columns) -> Iterator[Message]:
        several = len(self.x) > 1
        over, cut = columns["overlaps"].sum(axis=(1, 2)).tolist(), (~columns["inside"]).sum(axis=(1, 2)).tolist()
        steps = zip(columns["input_cell"].tolist(), columns["window"].tolist(), over, cut, strict=True)
        for cell, value, met, lost in steps:
            own = {"value": value, "cell": cell, "several": several, "over": met, "cut": lost}
            yield Message("steps.scatter", own, {"value": ("input", tuple(cell))})
