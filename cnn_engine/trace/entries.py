"""The timeline of a network: which steps belong to which layer, and to which pass."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.tensors import layer_and_name
from cnn_engine.trace.base import Array, Columns
from cnn_engine.trace.passes import LOSSES, Forward
from cnn_engine.words import Message

PassName = Literal["forward", "loss", "backward", "update"]


@dataclass(frozen=True)
class Entry:
    """One layer in one pass: `count` steps from `start` on.

    Attributes:
        way: which pass.
        layer: its index in the architecture; None for the loss.
        op: the operation, as its trace calls it; of an update the optimizer.
        wrt: what the gradient is by, or what is updated: "weight", "bias" or "input".
        tensor: whose values, gradients or new values these are: "input", a parameter's name, or what a layer gives,
            "0.output"; None for the loss.
    """

    way: PassName
    layer: int | None
    op: str
    wrt: str | None
    tensor: str | None
    start: int
    count: int

    def as_json(self) -> dict[str, Any]:
        """Return the entry as the API shows it."""
        wrt = {} if self.wrt is None else {"wrt": self.wrt}
        own = {"pass": self.way, "layer": self.layer, "op": self.op, **wrt, "tensor": self.tensor}
        return own | {"start": self.start, "count": self.count}


def entries(forward: Forward, outputs: int, loss_steps: int, optimizer: str) -> Iterator[Entry]:
    """Yield the timeline of a network with so many answers, whose loss takes so many steps; known by shapes alone."""
    loss, parts, start = LOSSES[forward.loss], [*enumerate(forward.parts)], 0
    rows: list[tuple[PassName, int | None, str, str | None, int]] = [
        ("forward", index, part.layer.kind, None, math.prod(part.layer.output_shape)) for index, part in parts
    ]
    rows += [("loss", None, loss.forward, None, loss_steps), ("backward", None, loss.backward, "input", outputs)]
    for index, part in reversed(parts):
        op = f"{part.layer.kind}_backward"
        rows += [("backward", index, op, wrt, math.prod(shape)) for wrt, shape in part.gradients().items()]
    for name, values in forward.parameters.items():
        index, parameter = layer_and_name(name)
        rows.append(("update", index, optimizer, parameter, values.size))
    for way, at, op, wrt, count in rows:
        tensor = None if way == "loss" else _tensor_of(at, wrt, len(parts))
        yield Entry(way, at, op, wrt, tensor, start, count)
        start += count


def _tensor_of(layer: int | None, wrt: str | None, layers: int) -> str:
    """Return what an entry computes, or the gradient of what."""
    if layer is not None and wrt != "input":
        return f"{layer}.{wrt or 'output'}"
    below = (layers if layer is None else layer) - 1
    return "input" if below < 0 else f"{below}.output"


def called(entry: Entry, forward: Forward, how: Literal["mark", "part"]) -> Message:
    """Return what an entry is called: as a mark of the timeline, or as a part where its pass is said beside it."""
    if entry.layer is None:
        kind = OPERATIONS[LOSSES[forward.loss].forward].title
        return Message(f"learning.{how}_{'loss' if entry.way == 'loss' else 'back_from_loss'}", {"kind": kind})
    kind = OPERATIONS[forward.parts[entry.layer].layer.kind].title
    own = {"layer": entry.layer + 1, "kind": kind} | (
        {} if entry.wrt is None else {"wrt": Message(f"shown.tensor_{entry.wrt}", {})}
    )
    return Message(f"learning.{how}_{entry.way}", own)


def joined(parts: Sequence[Columns]) -> Columns:
    """Return columns of several entries as one; where steps lack one, or shapes differ, it is one of objects."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: _as_one([part.get(name) for part in parts], [len(part["output"]) for part in parts]) for name in names
    }


def _as_one(columns: Sequence[Array | None], counts: Sequence[int]) -> Array:
    if len(columns) == 1 and columns[0] is not None:
        return columns[0]  # no copy: what is constant stays so
    present = [column for column in columns if column is not None]
    if len(present) == len(columns) and len({column.shape[1:] for column in present}) == 1:
        return np.concatenate(present)
    rows: list[Any] = []
    for column, count in zip(columns, counts, strict=True):
        rows += [None] * count if column is None else list(column)
    together = np.empty(len(rows), object)
    for index, row in enumerate(rows):
        together[index] = row
    return together
