"""Two convolutions, one after the other: how much of the input one output of the second depends on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Any

import numpy as np

from cnn_engine.costs import STEPPED
from cnn_engine.errors import ShapeError
from cnn_engine.geometry import (
    Geometry,
    Padding,
    Size,
    pair,
)
from cnn_engine.ranges import Setting
from cnn_engine.relations import operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.counts import multiplications, parameters, window_work
from cnn_engine.relations.links import both
from cnn_engine.tensors import Kernels, Maps
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace, found_at
from cnn_engine.trace.columns import CELL, POSITION, TAPS, Column
from cnn_engine.trace.conv2d import Conv2dTrace
from cnn_engine.trace.showing import Card, Panel, Region, Show, Terms, by_size, input_panel, shown
from cnn_engine.trace.stacked_axes import StackedAxis, stacked_geometry
from cnn_engine.windows import kernels_of, maps_of
from cnn_engine.words import Alike, Messages

__all__ = ["trace_stacked_conv2d"]

OF_FIRST, OF_SECOND = "of the first layer; 0 in the second", "of the second layer; 0 in the first"

COLUMNS = (
    Column("layer", "whole", (), "the layer, counted from 0"),
    Column("output_cell", "whole", CELL, "the cell that is computed, of hidden or of the output"),
    Column("position", "whole", POSITION, "the top left of the window in what the layer reads, padded_input or hidden"),
    Column("field", "whole", POSITION, "the top left of all the cells of padded_input on which the value depends"),
    Column("field_size", "whole", POSITION, "how many rows and columns those span"),
    Column("window", "number", TAPS, f"the values under the kernel {OF_FIRST}"),
    Column("products", "number", TAPS, f"the window times the weights {OF_FIRST}"),
    Column("row_sums", "number", TAPS[:2], f"each row's products, added from left to right, {OF_FIRST}"),
    Column("second_window", "number", TAPS, f"the values under the kernel {OF_SECOND}"),
    Column("second_products", "number", TAPS, f"the window times the weights {OF_SECOND}"),
    Column("second_row_sums", "number", TAPS[:2], f"each row's products, added from left to right, {OF_SECOND}"),
    Column("output", "number", (), "the row sums added in order"),
)
MOST_LINKED = 1 << 16  # cells along an axis that are named one by one: more than any page shows
SHARED = ("output_cell", "position", "output")  # columns in which both layers have the same
OWN = ("window", "products", "row_sums")


def trace_stacked_conv2d(
    input: Maps,
    weight: Kernels,
    second_weight: Kernels,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    second_stride: Size = 1,
) -> Annotated[Trace, COLUMNS]:
    """Return the steps of two convolutions of a channel each: the second reads what the first gives, `hidden`.

    input (H, W) or (1, H, W); both weights (kH, kW) or (1, 1, kH, kW). There is a step for each cell of hidden and
    then for each of the output. Tensors: input, padded_input, weight, hidden, second_weight, output.
    """
    x, one, other = maps_of(input), kernels_of(weight), kernels_of(second_weight, "second_weight")
    for name, array in (("input", x), ("weight", one), ("second_weight", other)):
        if set(array.shape[:-2]) != {1}:
            raise ShapeError("not_of_one_channel", name, name=name, shape=array.shape)
    sizes = x.shape[1:], one.shape[2:], other.shape[2:]
    axes = stacked_geometry(*sizes, stride=stride, padding=padding, second_stride=second_stride)
    first = Conv2dTrace(x, one, stride=stride, padding=padding)
    values: dict[str, Any] = dict(zip(("input_size", "kernel_size", "second_kernel_size"), sizes, strict=True))
    steps = pair(second_stride, "second_stride")
    values |= {"stride": pair(stride, "stride"), "padding": padding, "second_stride": steps}
    return _StackedConv2dTrace(first, other, axes, Setting(stacked_geometry, values))


class _StackedConv2dTrace(Trace):
    op = "stacked_conv2d"

    def __init__(self, first: Conv2dTrace, weight: Array, axes: dict[str, StackedAxis], setting: Setting) -> None:
        self.first, self.second_weight, self.axes, self.setting = first, weight, axes, setting
        self.geometry = first.geometry
        self.outer: Geometry = {name: axis.second for name, axis in axes.items()}
        self.hidden = len(first)
        own = "kernel_size", "stride", "padding"
        second = {f"second_{name}": tuple(getattr(axis.second, name) for axis in axes.values()) for name in own[:2]}
        self.params = {name: first.params[name] for name in own} | second
        self.tensors = Tensors(
            {
                **{name: first.tensors[name] for name in ("input", "weight")},
                "padded_input": lambda: first.tensors["padded_input"],
                "hidden": lambda: first.tensors["output"],
                "second_weight": weight,
                "output": lambda: self.second.tensors["output"],
            }
        )
        self.counts = {
            "multiplications": multiplications(first.output_shape, first.w.shape)
            + multiplications(self.output_shape, weight.shape),
            "parameters": parameters(first.w.shape, False) + parameters(weight.shape, False),
        }

    @cached_property
    def second(self) -> Conv2dTrace:
        """The second convolution, of what the first gives."""
        stride = self.params["second_stride"]
        return Conv2dTrace(self.tensors["hidden"], self.second_weight, stride=stride)

    def _output_shape(self) -> tuple[int, ...]:
        return 1, *(axis.output_size for axis in self.outer.values())

    def __len__(self) -> int:
        return self.hidden + super().__len__()

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, known without computing it."""
        return super().sizes() | {"hidden": self.hidden, "second_weight": self.second_weight.size}

    @property
    def first_work(self) -> int:
        """What the first layer takes, of which the second cannot do without."""
        return self.first.work()

    def work(self) -> int:
        """Return what the second layer costs beside it, in nanoseconds of one core, counted before it is computed."""
        return window_work(f"{STEPPED}conv2d", self.outer, Blocks.same(1), weighted=True)

    def _linked(self) -> Iterable[Linked]:
        inner, one = self.geometry or {}, Blocks.same(1)
        names = {"hidden": "output", "weight": "weight", "padded_input": "padded_input"}
        read = [("weight", "padded_input"), *both("hidden", "padded_input")]
        yield operations.windowed(inner, one).renamed(names), read
        names = {"output": "output", "second_weight": "weight", "hidden": "padded_input"}
        read = [("second_weight", "hidden"), *both("output", "hidden")]
        yield operations.windowed(self.outer, one).renamed(names), read
        if all(axis.linked <= MOST_LINKED for axis in self.axes.values()):
            yield operations.through(inner, self.outer), both("output", "padded_input")
        yield operations.padding(inner, 1, "zeros"), both("input", "padded_input")

    def _columns(self, cells: Array) -> Columns:
        """Both layers have columns of their own; of the other one's steps these are those of its first, times 0."""
        is_second = cells >= self.hidden
        first = self.first._columns(np.where(is_second, 0, cells))
        second = self.second._columns(np.where(is_second, cells - self.hidden, 0))

        def only(column: Array, where: Array) -> Array:
            there = where.reshape(-1, *[1] * (column.ndim - 1))
            return np.where(there, column, np.zeros((), column.dtype))

        shared = {name: only(first[name], ~is_second) + only(second[name], is_second) for name in SHARED}
        fields = [axis.field for axis in self.axes.values()]
        field = second["output_cell"][:, 1:] * [slide.stride for slide in fields]
        where, kernel = is_second[:, None], self.first.w.shape[2:]
        return {
            "layer": is_second.astype(np.intp),
            **shared,
            "field": np.where(where, field, shared["position"]),
            "field_size": np.where(where, [slide.taps for slide in fields], kernel),
            **{name: only(first[name], ~is_second) for name in OWN},
            **{f"second_{name}": only(second[name], is_second) for name in OWN},
        }

    def show(self) -> Show:
        """Return both layers in a row; on the input a step marks all that its value depends on."""
        at, n, field = "output_cell.0", self.hidden, (Region("field", "field_size"),)
        sizes = [by_size(*shape[-2:]) for shape in (self.first.w.shape, self.second_weight.shape)]
        here = [Region("output_cell", when=layer) for layer in (0, 1)]
        window = Region("position", self.second_weight.shape[2:], when=1)
        panels = (
            input_panel(self.geometry or {}, [(0, 1)])._replace(regions=field),
            Panel("kernel", "weight", shown("kernel_numbered", number=1), sizes[0], sign="×", at=at, edit="weight"),
            Panel("hidden", "hidden", shown("first_map"), by_size(*self.first.output_shape[1:]), sign="="),
            Panel("second", "second_weight", shown("kernel_numbered", number=2), sizes[1], sign="×", at=at),
            Panel("output", "output", shown("output"), by_size(*self.output_shape[1:]), sign="="),
        )
        panels = (
            *panels[:2],
            panels[2]._replace(fills=0, opens=0, regions=(here[0], window)),
            panels[3]._replace(edit="second_weight"),
            panels[4]._replace(fills=n, opens=n, regions=(here[1],)),
        )
        return Show(panels, [self._card(0), self._card(1)], "layer")

    @staticmethod
    def _card(layer: int) -> Card:
        own, over = ("second_", "hidden") if layer else ("", "input")
        names = f"{own}products", f"{own}window", f"{own}weight", "output_cell.0"
        terms = Terms(*names, row_sums=f"{own}row_sums", over=over)
        return Card(shown("sum_no_bias"), shown("output_cell" if layer else "first_map_cell"), terms=terms, when=layer)

    def page(self, start: int = 0, stop: int | None = None) -> tuple[Columns, list[Messages]]:
        """Return the columns of some steps, and what each of them does: the layers say their own steps."""
        columns, n, end = self.columns(start, stop), self.hidden, len(self) if stop is None else stop
        first = self._layer_messages(self.first, min(start, n), min(end, n))
        return columns, [first, self._layer_messages(self.second, max(start - n, 0), max(end - n, 0))]

    def _layer_messages(self, layer: Conv2dTrace, start: int, stop: int) -> Alike:
        columns, (rows, cols) = layer.columns(start, stop), self.axes.values()
        own = {name: layer._messages(columns).own[name] for name in ("window", "products", "output", "cell")}
        first, cells = layer is self.first, own["cell"]
        seen = [None if first else (rows.stretch(row), cols.stretch(col)) for _, row, col in cells]
        tensor = "hidden" if first else "output"
        return Alike("steps.stacked_conv2d", {}, own | {"seen": seen}, found_at(cells, **{"products.total": tensor}))
