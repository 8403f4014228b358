"""The timeline of a network: which steps belong to which layer, and to which pass."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from cnn_engine.trace.passes import LOSSES, Forward

Way = Literal["forward", "loss", "backward", "update"]


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

    way: Way
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
    rows: list[tuple[Way, int | None, str, str | None, int]] = [
        ("forward", index, part.layer.kind, None, math.prod(part.layer.output_shape)) for index, part in parts
    ]
    rows += [("loss", None, loss.forward, None, loss_steps), ("backward", None, loss.backward, "input", outputs)]
    for index, part in reversed(parts):
        op = f"{part.layer.kind}_backward"
        rows += [("backward", index, op, wrt, math.prod(shape)) for wrt, shape in part.gradients().items()]
    for name, values in forward.parameters.items():
        number, _, parameter = name.partition(".")
        rows.append(("update", int(number), optimizer, parameter, values.size))
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
