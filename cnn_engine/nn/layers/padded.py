"""The input of a windowed layer with its padding around it, and a view of it for every tap of the kernel."""

from __future__ import annotations

from typing import Annotated

from cnn_engine.geometry import PADDING_WORDS, AxisGeometry, Geometry, Padding, PaddingMode, Size
from cnn_engine.nn.layers.base import Array, Site, fill
from cnn_engine.parameters import Accepts
from cnn_engine.windows import padding_sources

MOST_CELLS = 1024  # of a kernel's side, and of all else along an axis
KernelSize = Annotated[Size, Accepts("size", minimum=1, maximum=MOST_CELLS, title="size")]
Stride = Annotated[Size, Accepts("size", minimum=1, maximum=MOST_CELLS, title="stride")]
Dilation = Annotated[Size, Accepts("size", minimum=1, maximum=MOST_CELLS)]
Around = Annotated[Padding, Accepts("padding", minimum=0, maximum=MOST_CELLS, words=PADDING_WORDS, title="padding")]
Fill = tuple[int, int]  # (padded line, the padded line of the input that it repeats)


class PaddedSource:
    """[row, channel, column, sample] with padding; without any it is the source itself and nothing is copied."""

    def __init__(self, site: Site, axes: Geometry, mode: PaddingMode = "zeros", value: float = 0.0) -> None:
        self.axes = axes
        self._source = site.source
        rows, cols = axes["height"], axes["width"]
        self.copied = any((*rows.padding, *cols.padding, rows.overhang, cols.overhang))
        self.value, self.grad = site.source.value, site.source.grad
        self._row_fills: list[Fill] = []
        self._col_fills: list[Fill] = []
        if self.copied:
            _, channels, _, batch = self.value.shape
            shape = (rows.padded_size + rows.overhang, channels, cols.padded_size + cols.overhang, batch)
            self.value, self.grad = site.empty(shape), site.scratch(shape)
            fill(self.value, value)
            self._inside = self._interior(self.value)
            self._inside_grad = self._interior(self.grad)
            if mode != "zeros":
                self._row_fills, self._col_fills = _fills(rows, mode), _fills(cols, mode)

    def _interior(self, array: Array) -> Array:
        rows, cols = self.axes["height"], self.axes["width"]
        top, left = rows.padding[0], cols.padding[0]
        return array[top : top + rows.input_size, :, left : left + cols.input_size]

    def tap(self, array: Array, i: int, j: int) -> Array:
        """Return what tap (i, j) of the kernel reads for each output: [output row, channel, output column, sample]."""
        return array[self.axes["height"].met_by(i), :, self.axes["width"].met_by(j)]

    def load(self) -> None:
        """Bring the source's values in."""
        if not self.copied:
            return
        self._inside[...] = self._source.value
        for line, origin in self._row_fills:
            self.value[line] = self.value[origin]
        for line, origin in self._col_fills:
            self.value[:, :, line] = self.value[:, :, origin]

    def unload(self) -> None:
        """Hand the gradient over to the source; what padding repeated goes to where it came from."""
        if not self.copied:
            return
        for line, origin in self._col_fills:
            self.grad[:, :, origin] += self.grad[:, :, line]
        for line, origin in self._row_fills:
            self.grad[origin] += self.grad[line]
        self._source.grad[...] = self._inside_grad


def _fills(axis: AxisGeometry, mode: PaddingMode) -> list[Fill]:
    before = axis.padding[0]
    sources = padding_sources(axis.input_size, axis.padding, mode)
    return [
        (line, int(origin) + before)
        for line, origin in enumerate(sources)
        if not before <= line < before + axis.input_size
    ]
