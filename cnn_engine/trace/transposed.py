"""What a transposed convolution has in common, seen from either end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

import numpy as np

from cnn_engine.ranges import Setting, parameters_of
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.trace.base import Array, Linked, Source, Tensors, Trace
from cnn_engine.trace.showing import Panel, Region, by_size, shown
from cnn_engine.transposed import Transposing, check_transposed, dtype_of, transposed_axes

LARGEST = 40  # an output side up to which a page can show it


class TransposedTrace(Trace):
    """The steps of a transposed convolution, in either mode."""

    op = "conv_transpose2d"
    mode = ""

    def __init__(self, x: Array, w: Array, b: Array | None, *, groups: int = 1, **laid: Unpack[Transposing]) -> None:
        self.channels = check_transposed(x, w, b, groups)
        self.filters = self.channels.size("out")
        self.axes = transposed_axes((x.shape[1], x.shape[2]), (w.shape[2], w.shape[3]), **laid)
        self.rows, self.cols = self.axes["height"], self.axes["width"]
        self.setting = Setting.of(transposed_axes, self.axes, padding=laid.get("padding", 0), largest=LARGEST)
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
