"""Flattening, one value at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from cnn_engine.tensors import Maps
from cnn_engine.trace.base import Array, Columns, Tensors, Trace
from cnn_engine.trace.columns import CELL, Column
from cnn_engine.windows import as_array
from cnn_engine.words import Message

COLUMNS = (
    Column("output_cell", "whole", (), "the index in the output"),
    Column("position", "whole", CELL, "the cell of the input that moves there"),
    Column("output", "number", (), "its value"),
)


def trace_flatten(input: Maps) -> Trace:
    """The steps of `flatten` for one sample: input (C, H, W) or (H, W), output (C * H * W,) in C order."""
    return _FlattenTrace(as_array(input, "input", (2, 3)))


class _FlattenTrace(Trace):
    op = "flatten"

    def __init__(self, x: Array) -> None:
        self.x = x if x.ndim == 3 else x[None]
        self.params: dict[str, Any] = {"start_dim": 0}
        self.tensors = Tensors({"input": self.x, "output": lambda: self.x.reshape(-1)})

    def _output_shape(self) -> tuple[int, ...]:
        return (math.prod(self.x.shape),)

    def _columns(self, cells: Array) -> Columns:
        position = np.unravel_index(cells, self.x.shape)
        return {"output_cell": cells, "position": np.stack(position, axis=1), "output": self.x[position]}

    def _messages(self, columns: Columns) -> Iterator[Message]:
        several = len(self.x) > 1
        steps = zip(*(columns[name].tolist() for name in ("output_cell", "position", "output")), strict=True)
        for cell, source, value in steps:
            own = {"value": value, "source": source, "several": several, "cell": cell}
            yield Message("steps.flatten", own, {"value": ("input", tuple(source))})
