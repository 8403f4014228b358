"""A deep stack of layers while it learns, one update a step: how large values and gradients are, layer by layer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any

import numpy as np

from cnn_engine.costs import work
from cnn_engine.geometry import check_word, whole, whole_in
from cnn_engine.nn.choices import rows
from cnn_engine.nn.depth import ACTIVATIONS, SAMPLES, SIZES, Record, Stack, train
from cnn_engine.nn.initialisation import INITIALISATIONS
from cnn_engine.nn.options import named, positive
from cnn_engine.nn.work import step_work
from cnn_engine.parameters import Accepts
from cnn_engine.trace.base import Array, Columns, Tensors, Trace
from cnn_engine.trace.columns import Column
from cnn_engine.words import Message

__all__ = ["trace_depth"]

MOST_LAYERS, MOST_WIDTH, MOST_UPDATES = 12, 64, 200
FAR = 100.0  # how many times as large one size is as another that is said to be of another order
HALF = 0.5  # of the units or values of a layer, from which on they are said to be idle
LAYER = ("layer",)
STATES = ("", "infinite", "nan")
COLUMNS = (
    Column("output_cell", "whole", (), "the number of the update, from 0"),
    Column("loss", "number", (), "before the update"),
    Column("values", "number", LAYER, "the root mean square of what the layer gives"),
    Column("value_states", "word", LAYER, "infinite or nan where that is no number"),
    Column("above", "number", LAYER, "the root mean square of the loss's gradient by what the layer gives"),
    Column("gradients", "number", LAYER, "that of its gradient by the layer's weights"),
    Column("gradient_states", "word", LAYER, "infinite or nan where that is no number"),
    Column("slopes", "number", LAYER, "that of the activation's slope where the values fell; 1 for the last layer"),
    Column("stretches", "number", LAYER, "that of its weights times √outputs: how far they stretch a gradient"),
    Column("passed", "number", LAYER, "above × slopes × stretches: about what `above` is in the layer before"),
    Column(
        "idle", "number", LAYER, "the share of its ReLUs that are 0 for all, or of its values where the curve is flat"
    ),
    Column("output", "number", (), "the loss after the update"),
)


def trace_depth(
    activation: Annotated[str, Accepts("word", words=tuple(ACTIVATIONS))] = "sigmoid",
    initialisation: Annotated[str | Mapping[str, Any], Accepts("named", words=tuple(INITIALISATIONS))] = "xavier",
    layers: Annotated[int, Accepts("whole", minimum=2, maximum=MOST_LAYERS)] = 10,
    width: Annotated[int, Accepts("whole", minimum=1, maximum=MOST_WIDTH)] = 16,
    learning_rate: Annotated[float, Accepts("number", above=0)] = 0.05,
    updates: Annotated[int, Accepts("whole", minimum=1, maximum=MOST_UPDATES)] = 100,
    seed: Annotated[int, Accepts("whole", minimum=0)] = 0,
) -> Annotated[Trace, COLUMNS]:
    """Return the steps of a deep stack that learns 32 handwritten digits: one update of plain gradient descent in each.

    `layers` dense layers, all but the last with `width` outputs and the activation. It is trained in float32, as every
    network is; sizes are root mean squares. What is beyond float32 is infinite, or NaN, and stays in the steps.

    Tensors: loss (updates + 1,), before each update and after the last; output (updates,); value_range and
    gradient_range (2,), powers of ten between which all values and all gradients are at all steps, what is 0 or beyond
    float32 aside.

    Raises:
        ParameterError: an argument out of its range, by its name.
    """
    check_word(activation, "activation", tuple(ACTIVATIONS))
    stack = Stack(
        activation,
        initialisation,
        whole_in(layers, "layers", 2, MOST_LAYERS),
        whole_in(width, "width", 1, MOST_WIDTH),
        positive(learning_rate, "learning_rate"),
        whole(seed, "seed", 0),
    )
    return DepthTrace(stack, whole_in(updates, "updates", 1, MOST_UPDATES))


class DepthTrace(Trace):
    """The steps of a deep stack while it learns."""

    op = "depth"

    def __init__(self, stack: Stack, updates: int) -> None:
        self.stack, self.updates = stack, updates
        self._begun = stack.trainer()  # refuses what it cannot begin with
        name, _ = named(stack.initialisation, "initialisation")
        title = next(row["title"] for row in rows(INITIALISATIONS) if name in row["names"])
        self.params = {**vars(stack), "title": title, "updates": updates, "samples": SAMPLES}
        self.tensors = Tensors(
            {
                "loss": lambda: self.record.loss,
                "value_range": lambda: _range(self.record.sizes["values"]),
                "gradient_range": lambda: _range(self.record.sizes["gradients"]),
                "output": lambda: self.record.loss[1:],
            }
        )

    @cached_property
    def record(self) -> Record:
        """What was measured. The trainer that the trace began with learns once: who asks meanwhile takes another."""
        trainer = vars(self).pop("_begun", None) or self.stack.trainer()
        return train(self.stack, trainer, self.updates)

    @property
    def first_work(self) -> int:
        """What all steps together cost, of which none comes about without those before it."""
        measured = work("measured layer", calls=self.stack.layers)
        return (self.updates + 1) * (step_work(self.stack.laid_out(), SAMPLES) + measured)

    def _output_shape(self) -> tuple[int, ...]:
        return (self.updates,)

    def _columns(self, cells: Array) -> Columns:
        sizes = {name: self.record.sizes[name][cells] for name in SIZES}
        return {
            "output_cell": cells,
            "loss": self.record.loss[cells],
            **sizes,
            "value_states": _states(sizes["values"]),
            "gradient_states": _states(sizes["gradients"]),
            "output": self.record.loss[cells + 1],
        }

    def _messages(self, columns: Columns) -> list[Message]:
        steps = range(len(columns["output"]))
        return [_message(self.stack, {name: column[step] for name, column in columns.items()}) for step in steps]


def _states(sizes: Array) -> Array:
    """Return for each size whether it is a number, infinite or none."""
    return np.array(STATES)[np.where(np.isnan(sizes), 2, np.where(np.isinf(sizes), 1, 0))]


def _range(sizes: Array) -> Array:
    """Return powers of ten below and above all sizes that have a logarithm; at least one power apart."""
    logs = np.log10(sizes[np.isfinite(sizes) & (sizes > 0)])
    low, high = (math.floor(logs.min()), math.ceil(logs.max())) if logs.size else (-1, 0)
    return np.array([10.0**low, 10.0 ** max(high, low + 1)])


def _message(stack: Stack, step: Columns) -> Message:
    """Return what a step says: what stands out most among its layers, and what becomes of the loss."""
    change = Message("depth.change", {"loss": float(step["loss"]), "new_loss": float(step["output"])})
    return Message("depth.step", {"finding": next(_findings(stack, step)), "change": change})


def _findings(stack: Stack, step: Columns) -> Iterator[Message]:
    """Yield what stands out, first what hinders most."""
    values, gradients, hidden = step["values"], step["gradients"], stack.layers - 1
    for state in ("infinite", "nan"):
        for what in ("value", "gradient"):
            if len(beyond := np.flatnonzero(step[f"{what}_states"] == state)):
                at = int(beyond[0] if what == "value" else beyond[-1])
                yield _finding(f"{state}_{what}s", layer=at, layers=stack.layers)
    if len(zero := np.flatnonzero(step["stretches"][1:] == 0)):
        yield _finding("zero_weights", layer=int(zero[-1]) + 1)
    if len(silent := np.flatnonzero(values[:hidden] == 0)):
        yield _finding("silent" if stack.activation == "relu" else "zero", layer=int(silent[0]), layers=stack.layers)
    yield from _ratios(stack, step)
    least, most = (float(size(gradients)) for size in (np.min, np.max))
    yield _finding("steady", layers=stack.layers, ratio=most / least if least else math.inf)


def _ratios(stack: Stack, step: Columns) -> Iterator[Message]:
    values, gradients, idle = step["values"], step["gradients"], step["idle"]
    first, last, before = float(gradients[0]), float(gradients[-1]), stack.layers - 2
    most = int(np.argmax(idle))
    if stack.activation != "relu" and idle[most] >= HALF:
        yield _finding("flat", layer=most, share=float(idle[most]), activation=stack.activation)
    if first == 0:
        yield _finding("underflow")
    elif last >= FAR * first:
        yield _finding("vanishes", layers=stack.layers, ratio=last / first)
    elif first >= FAR * last:
        yield _finding("explodes", layers=stack.layers, ratio=first / last if last else math.inf)
    if values[0] >= FAR * values[before]:
        yield _finding("fades", layer=before, ratio=float(values[0] / values[before]))
    if values[before] >= FAR * values[0]:
        yield _finding("grows", layer=before, ratio=float(values[before] / values[0]))
    if idle[most] >= HALF:
        yield _finding("dead", layer=most, share=float(idle[most]))


def _finding(name: str, **values: Any) -> Message:
    return Message(f"depth.{name}", values)
