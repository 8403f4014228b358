"""Padding, one cell of the padded input at a time: what it holds and where that came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np

from cnn_engine.geometry import Border, PaddingMode, resolve_padding
from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.relations.table import Table
from cnn_engine.tensors import Maps
from cnn_engine.trace.base import Array, Columns, Linked, Tensors, Trace, found_at, lists
from cnn_engine.trace.columns import CELL, Column
from cnn_engine.trace.showing import Card, Panel, Region, Show, by_size, output_cell, output_panel, shown
from cnn_engine.windows import NOWHERE, Filler, check_padding, maps_of, pad2d, padding_sources
from cnn_engine.words import Alike

__all__ = ["trace_pad2d"]

COLUMNS = (
    Column("output_cell", "whole", CELL, "the cell of the padded input"),
    Column("source", "whole", CELL, "the cell of the input that its value came from; -1 throughout where filled"),
    Column("inside", "flag", (), "whether the cell is one of the input's own"),
    Column("output", "number", (), "its value"),
)


def trace_pad2d(
    input: Maps, padding: Border, *, mode: PaddingMode = "zeros", value: Filler = 0.0
) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `pad2d`: input (C, H, W) or (H, W); one for each cell of the padded input."""
    return _Pad2dTrace(maps_of(input), padding, mode, value)


class _Pad2dTrace(Trace):
    op = "pad2d"

    def __init__(self, x: Array, padding: Border, mode: PaddingMode, value: float) -> None:
        self.x = x
        _, height, width = self.x.shape
        check_padding(self.x, padding, mode, value)
        self.sides = resolve_padding(padding, (height, width), (1, 1), (1, 1))
        self.rows, self.cols = (
            padding_sources(size, around, mode) for size, around in zip((height, width), self.sides, strict=True)
        )
        self.mode, self.value = mode, value
        self.params: dict[str, Any] = {"padding": self.sides, "mode": mode, "value": value}
        self.tensors = Tensors({"input": self.x, "output": lambda: pad2d(self.x, padding, mode=mode, value=value)})

    def _linked(self) -> Iterable[Linked]:
        sources = zip((self.rows, self.cols), self.x.shape[1:], strict=True)
        copies = [Table(source[:, None], size) for source, size in sources]
        return [(operations.copied(copies, len(self.x)), both("input", "output"))]

    def _output_shape(self) -> tuple[int, ...]:
        return len(self.x), len(self.rows), len(self.cols)

    def _columns(self, cells: Array) -> Columns:
        channel, row, col = np.unravel_index(cells, self.output_shape)
        _, height, width = self.x.shape
        (top, _), (left, _) = self.sides
        source = np.stack([channel, self.rows[row], self.cols[col]], axis=1)
        filled = (source == NOWHERE).any(axis=1)
        values = self.x[tuple(source.T)]  # what a filled cell picks up here is replaced
        source[filled] = NOWHERE
        return {
            "output_cell": np.stack([channel, row, col], axis=1),
            "source": source,
            "inside": (row >= top) & (row < top + height) & (col >= left) & (col < left + width),
            "output": np.where(filled, self.x.dtype.type(self.value), values),
        }

    def show(self) -> Show:
        """Return the input and what it is padded to; of each cell whether it was copied, and from where."""
        several, size = len(self.x) > 1, by_size(*self.x.shape[1:])
        given = Panel("input", "input", shown("input"), size, edit="input", regions=(Region("source"),))
        where, source = output_cell(len(self.x)), shown("source_of_channel" if several else "source")
        copied = Card(shown("copied"), where, lines=((shown("copied_from"), source),))
        panels = given, output_panel(self.output_shape, "→")
        if self.mode != "zeros":
            return Show(panels, [copied])
        return Show(panels, [copied._replace(when=True), Card(shown("filled_in"), where, when=False)], "inside")

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", source="source", inside="inside", value="output")
        cells = own.pop("cell")
        own["source"] = [None if source[0] == NOWHERE else source for source in own["source"]]
        return self._alike("steps.pad2d", {"mode": self.mode}, own, found_at(cells, value="output"))
