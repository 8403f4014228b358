"""The gradients of a convolution seen for what they are: correlations themselves.

That by the weights is the input correlated with the gradient from above, which is a kernel as large as a map and, with
a stride, has gaps. That by the input is the gradient from above, spread by the stride and padded, correlated with the
kernel turned by half a turn. Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016, ch. 4.
The terms are those of the sums over positions: of a window on the spread gradient, from its last cell to its first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from cnn_engine.geometry import AxisGeometry, Pair, kernel_laid
from cnn_engine.relations.axes import Axis
from cnn_engine.relations.gradients import GradientTerms
from cnn_engine.relations.layout import extent
from cnn_engine.relations.links import both
from cnn_engine.relations.operations import Dims, Relation
from cnn_engine.relations.slide import Renumbered
from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.backward_showing import backward_show, gradient_panel, read_panel
from cnn_engine.trace.base import Array, Linked, Source
from cnn_engine.trace.causes import NUMBER
from cnn_engine.trace.showing import Panel, Region, Show, by_size, shown


def spread(above: Array, size: Pair, start: Pair, step: Pair) -> Array:
    """Return maps (O, *size) of zeros with those from above (O, H', W'), so far apart; what has no place is cut off."""
    spread_out = np.zeros((len(above), *size))
    lines = [first + apart * np.arange(count) for first, apart, count in zip(start, step, above.shape[1:], strict=True)]
    rows, cols = ((line >= 0) & (line < most) for line, most in zip(lines, size, strict=True))
    spread_out[:, lines[0][rows][:, None], lines[1][cols]] = above[:, rows][:, :, cols]
    return spread_out


class Conv2dBackwardTrace(BackwardTrace):
    """The steps of a gradient of `conv2d`, which is a correlation as well.

    Tensors beside those of every gradient: "spread_above", what the kernel lies on or is, with "spread_cells" (H, W),
    1 where it holds a gradient and 0 in the gaps; by the input "turned_weight", (C, O / groups, kH, kW).
    """

    @property
    def axes(self) -> tuple[AxisGeometry, AxisGeometry]:
        """How windows lie along rows and along columns."""
        axes = self.geometry or {}
        return axes["height"], axes["width"]

    @property
    def is_correlation(self) -> bool:
        """A bias has no kernel, and padding that copies makes a sum over all copies of a cell."""
        return self.wrt == "weight" or (self.wrt == "input" and self.forward.params["padding_mode"] == "zeros")

    def _more_tensors(self) -> dict[str, Source]:
        if not self.is_correlation:
            return {}
        ones = np.ones((1, *self.forward.output_shape[1:]))
        found: dict[str, Source] = {
            "spread_above": lambda: self._spread(self.above),
            "spread_cells": lambda: self._spread(ones)[0],
        }
        if self.wrt == "input":
            found["turned_weight"] = lambda: self.tensors["weight_by_input"][..., ::-1, ::-1]
        return found

    def explained(self, panel: Panel) -> Panel:
        """Return a panel that local derivatives are read from, and where in it they stand: by inputs, and turned."""
        own = super().explained(panel)
        if self.wrt == "weight":
            return own._replace(zeros=(self.factor, "padding") if self._has_zeros_around else (self.factor,))
        weight, by_input = self.tensors["weight"], self.tensors["weight_by_input"]
        rows, cols = (list(range(axis.kernel_size)) for axis in self.axes)
        if panel.tensor == "turned_weight":
            rows, cols = rows[::-1], cols[::-1]
        return own._replace(stands=([filter % by_input.shape[1] for filter in range(len(weight))], rows, cols))

    @property
    def _has_zeros_around(self) -> bool:
        return bool(self.forward.params["padding_mode"] == "zeros")

    def _factors(self, terms: GradientTerms) -> int | Array:
        """Return what is said to be 0 of each term: of a weight that met padding, it is the padding."""
        own, padded = NUMBER[self.factor], any(any(axis.padding) for axis in self.axes)
        if self.wrt != "weight" or not (padded and self._has_zeros_around):
            return own
        rows, cols = (
            (at >= axis.padding[0]) & (at < axis.padding[0] + axis.input_size)
            for at, axis in zip(np.moveaxis(terms.index["padded_input"][..., 1:], -1, 0), self.axes, strict=True)
        )
        return np.where(rows & cols, own, NUMBER["padding"])

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each of the large tensors holds, those of the correlation among them."""
        spread_above = {"spread_above": self.forward.output_shape[0] * math.prod(self._size)}
        return super().sizes() | (spread_above if self.is_correlation else {})

    @property
    def _size(self) -> Pair:
        """Return rows and columns of the spread gradient: so many that the kernel fits over each cell it is for."""
        rows, cols = (
            axis.stride * (axis.output_size - 1) + 1
            if self.wrt == "weight"
            else axis.input_size + axis.effective_kernel_size - 1
            for axis in self.axes
        )
        return rows, cols

    @property
    def _reach(self) -> Pair:
        """Where the first gradient from above stands once they are spread."""
        rows, cols = (
            0 if self.wrt == "weight" else axis.effective_kernel_size - 1 - axis.padding[0] for axis in self.axes
        )
        return rows, cols

    def _spread(self, maps: Array) -> Array:
        rows, cols = self.axes
        return spread(maps, self._size, self._reach, (rows.stride, cols.stride))

    def _linked(self) -> Iterable[Linked]:
        yield from super()._linked()
        if self.is_correlation:
            yield (
                self._slid(),
                both("spread_above", "output", "padded_input" if self.wrt == "weight" else "turned_weight"),
            )

    def _slid(self) -> Relation:
        """Return the relation of the gradient with what slides, and what it slides over, as they stand there."""
        channels, placed = self.way.relation.axes[0], list[Axis]()
        for own, first, count in zip(self.axes, self._reach, self._size, strict=True):
            slide = own.window_slide if self.wrt == "weight" else own.input_slide
            spread_out = Renumbered(slide, "place", "position", first, own.stride, count)
            last = own.kernel_size - 1
            placed.append(Renumbered(spread_out, "turned", "tap", last, -1, own.kernel_size))
        dims = self.way.relation.tensors
        tensors: dict[str, Dims] = {
            "output": dims[self.way.by],
            "spread_above": ((0, "out"), (1, "place"), (2, "place")),
        }
        if self.wrt == "weight":
            tensors["padded_input"] = dims["padded_input"]
        else:
            tensors["turned_weight"] = ((0, "in"), (0, "kept"), (1, "turned"), (2, "turned"))
        return Relation((channels, *placed), tensors)

    def correlation(self) -> Show | None:
        """Return what slides over what; None where the gradient is no correlation."""
        if not self.is_correlation:
            return None
        gradient = gradient_panel(self)._replace(sign="=")
        panels = self._by_weight() if self.wrt == "weight" else self._by_input()
        return backward_show(self)._replace(panels=(*panels, gradient))

    def _by_weight(self) -> list[Panel]:
        """Return the input, and what comes from above to the filter as a kernel that slides over it."""
        kernel = Panel("above", "spread_above", shown("above_as_kernel"), by_size(*self._size), at="output_cell.0")
        return [read_panel(self), self._spread_out(kernel._replace(sign="×", gaps="spread_cells"))]

    def _by_input(self) -> list[Panel]:
        """Return what comes from above with gaps and a border, and the turned kernels that slide over it."""
        rows, cols = self.axes
        size, apart = kernel_laid(rows, cols)
        outer = np.arange(self.output_shape[0]) * math.prod(self.output_shape[1:])
        first, count, _ = extent(self.way.relation, self.way.by, "output", outer)
        planes = list(zip(first[:, 0].tolist(), (first + count)[:, 0].tolist(), strict=True))
        window = Region("output_cell", size, apart, planes)
        title = shown("above_padded" if rows.stride == cols.stride == 1 else "above_spread")
        above = Panel("above", "spread_above", title, by_size(*self._size), gaps="spread_cells", regions=(window,))
        turned = Panel("kernel", "turned_weight", shown("kernel_turned"), by_size(*size), sign="×", at="output_cell.0")
        return [self._spread_out(above), self.explained(turned)]

    def _spread_out(self, panel: Panel) -> Panel:
        """Return a panel of the spread gradient with where in it what comes from above stands."""
        filters = len(self.tensors["spread_above"])
        planes = [0] * filters if panel.at else list(range(filters))
        rows, cols = (
            [
                index if 0 <= index < most else -1
                for index in range(first, first + axis.stride * axis.output_size, axis.stride)
            ]
            for axis, first, most in zip(self.axes, self._reach, self._size, strict=True)
        )
        return panel._replace(terms="term_cells", stands=(planes, rows, cols))
