"""Flattening, one value at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any

import numpy as np

from cnn_engine.relations import operations
from cnn_engine.relations.links import both
from cnn_engine.tensors import Maps
from cnn_engine.trace.base import Array, Columns, Linked, Source, Tensors, Trace, found_at, lists
from cnn_engine.trace.columns import CELL, Column
from cnn_engine.trace.indices import indices_of
from cnn_engine.trace.showing import Card, Panel, Region, Show, by_size, shown
from cnn_engine.windows import maps_of
from cnn_engine.wording import unbroken
from cnn_engine.words import Alike

__all__ = ["trace_flatten"]

COLUMNS = (
    Column("output_cell", "whole", (), "the index in the output"),
    Column("position", "whole", CELL, "the cell of the input that moves there"),
    Column("output", "number", (), "its value"),
)


def trace_flatten(input: Maps) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `flatten` for one sample: input (C, H, W) or (H, W), output (C * H * W,) in C order.

    Of several channels the tensor `channels`, as the input, says from which each value is.
    """
    return _FlattenTrace(maps_of(input))


class _FlattenTrace(Trace):
    op = "flatten"

    def __init__(self, x: Array) -> None:
        self.x = x
        self.params: dict[str, Any] = {"start_dim": 0}
        several: dict[str, Source] = {"channels": lambda: np.indices(self.x.shape)[0]} if len(self.x) > 1 else {}
        self.tensors = Tensors({"input": self.x, **several, "output": lambda: self.x.reshape(-1)})

    def _linked(self) -> Iterable[Linked]:
        return [(operations.flattened(self.x.shape), both("input", "output"))]

    def _output_shape(self) -> tuple[int, ...]:
        return (math.prod(self.x.shape),)

    def sizes(self) -> dict[str, int]:
        """Return how many numbers each tensor holds."""
        return super().sizes() | {"channels": self.x.size}

    def _columns(self, cells: Array) -> Columns:
        position = indices_of(cells, self.x.shape)
        return {"output_cell": cells, "position": position, "output": self.x.reshape(-1)[cells]}

    def show(self) -> Show:
        """Return the maps and the vector, and how a place in the one becomes a place in the other."""
        channels, rows, cols = self.x.shape
        note = shown("channels_of", channels=channels, size=by_size(rows, cols))
        several = "channels" if channels > 1 else ""
        maps = Panel(
            "input",
            "input",
            shown("input"),
            note,
            edit="input",
            opens=0,
            channels=several,
            regions=(Region("position"),),
        )
        note = shown("in_one_line", count=self.x.size)
        line = Panel(
            "output",
            "output",
            shown("vector"),
            note,
            sign="→",
            wrap=True,
            fills=0,
            opens=0,
            channels=several,
            regions=(Region("output_cell", framed=False),),
        )
        cell = "({position.0:nth},\u00a0{position.1:nth},\u00a0{position.2:nth})"
        before = f"(({{position.0:nth}} − 1) × {rows} + {{position.1:nth}} − 1) × {cols}"
        index = unbroken(f"{before} + {{position.2:nth}} = {{output_cell:nth}}")
        lines = (shown("channel_row_column"), cell), (shown("place_is"), index)
        return Show((maps, line), (Card(shown("carried_over"), shown("place_in_vector"), lines=lines),))

    def _messages(self, columns: Columns) -> Alike:
        own = lists(columns, cell="output_cell", source="position", value="output")
        return self._alike("steps.flatten", {"several": len(self.x) > 1}, own, found_at(own["source"], value="input"))
