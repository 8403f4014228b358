"""A network laid out for one batch size, and the one place that decides which plan a layer takes.

A planner looks at the layers from some place on and answers with how many of them it takes and how to build their
stage, or with nothing. PLANNERS are asked in order, so that a faster plan for a run of layers is one entry more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnn_engine.nn.errors import at_layer
from cnn_engine.nn.layers.base import Array, Layer, Signal, Site, Stage, inner_shape, outer_view
from cnn_engine.nn.store import Store


class Choice(NamedTuple):
    """How many layers a stage covers, and how it is built."""

    layers: int
    build: Callable[[Site], Stage]


def plain(layers: Sequence[Layer], at: int) -> Choice | None:
    """One layer, one stage: every layer has this plan."""
    return Choice(1, layers[at].stage)


PLANNERS: tuple[Callable[[Sequence[Layer], int], Choice | None], ...] = (plain,)


def choose(layers: Sequence[Layer], at: int) -> Choice:
    """The first plan that takes the layers from here on."""
    for planner in PLANNERS:
        choice = planner(layers, at)
        if choice is not None:
            return choice
    raise AssertionError("the plain plan takes every layer")


@dataclass
class Placed:
    """A stage and the layers that it covers, from `first` to `last`."""

    first: int
    last: int
    stage: Stage


class Plan:
    """Buffers, views and stages for one batch size; after it is made a step allocates nothing that grows with it."""

    def __init__(self, layers: Sequence[Layer], store: Store, batch: int, *, training: bool) -> None:
        self.batch, self.training = batch, training
        self.draws = training and any(layer.draws for layer in layers)
        inside = inner_shape(layers[0].input_shape, batch)
        zero = np.broadcast_to(np.zeros((), store.flat.dtype), inside)
        self._input = Signal(np.zeros(inside, store.flat.dtype), zero)
        self._input_view = outer_view(self._input.value)
        self.placed: list[Placed] = []
        self.output = self._lay_out(layers, store)
        self.outputs = self.output.value.reshape(-1, batch)
        self.output_gradients = self.output.grad.reshape(-1, batch) if training else self.output.grad
        learning = [at for at, placed in enumerate(self.placed) if self._learns(layers, placed)]
        first = learning[0] if learning else len(self.placed)
        self._forward = [placed.stage.forward for placed in self.placed]
        self._backward = [placed.stage.backward for placed in reversed(self.placed[first:])]
        self._commit = [placed.stage.commit for placed in self.placed if type(placed.stage).commit is not Stage.commit]

    @staticmethod
    def _learns(layers: Sequence[Layer], placed: Placed) -> bool:
        return any(layer.parameters() for layer in layers[placed.first : placed.last + 1])

    def _lay_out(self, layers: Sequence[Layer], store: Store) -> Signal:
        source, at, wanted = self._input, 0, False
        while at < len(layers):
            choice = choose(layers, at)
            covered = range(at, at + choice.layers)
            values, grads, buffers = (
                store.of_layer(arrays, at) for arrays in (store.values, store.gradients, store.buffers)
            )
            site = Site(source, self.batch, store.flat.dtype, self.training, wanted, values, grads, buffers)
            with at_layer(at, layers[at].kind, layers[at].input_shape):
                stage = choice.build(site)
            self.placed.append(Placed(at, covered[-1], stage))
            wanted = wanted or any(layers[index].parameters() for index in covered)
            source, at = stage.output, at + choice.layers
        return source

    def forward(self, x: Array, random: np.random.Generator | None = None) -> Array:
        """The outputs as [output, sample], for (N, ...) inputs; the array is the plan's own."""
        self._input_view[...] = x
        for forward in self._forward:
            forward(random)
        return self.outputs

    def backward(self) -> None:
        """From the gradient of the outputs to that of every parameter."""
        for backward in self._backward:
            backward()

    def commit(self) -> None:
        """Keep what the layers learned about the data in the last forward pass."""
        for commit in self._commit:
            commit()

    def activations(self) -> dict[int, Array]:
        """What each stage gave last, by the number of its last layer: views as (N, C, H, W) or (N, F)."""
        return {placed.last: outer_view(placed.stage.output.value) for placed in self.placed}
